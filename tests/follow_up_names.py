"""What a worked follow-up case calls the things that it expects, and where the answer of `cartway aftercare` has them.

Each room is asked in turn whether it knows a name: by the words in it, never by the case's id or its expected value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from follow_up_facts import Case

Answer = Mapping[str, Any]
NOT_KNOWN = object()
WORD_NUMBERS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
RESTRICTIONS = {
    "daily": "daily_monitoring", "monitor": "monitoring", "proximity": "proximity", "near": "proximity",
    "driv": "driving", "blood": "blood_products", "irradiat": "blood_products", "contracept": "contraception",
    "pregnan": "contraception", "donat": "donation",
}  # fmt: skip
VACCINES = {
    "influenza": "influenza", "flu": "influenza", "covid": "covid_19", "rsv": "rsv", "zoster": "zoster",
    "rzv": "zoster", "shingles": "zoster", "inactivated": "pneumococcal", "killed": "pneumococcal",
    "pneumo": "pneumococcal",
    "pcv": "pneumococcal", "tdap": "tetanus_diphtheria_pertussis", "dtap": "tetanus_diphtheria_pertussis",
    "hepatitis_b": "hepatitis_b", "live": "mmr", "mmr": "mmr", "varicella": "varicella", "measles": "mmr",
}  # fmt: skip
MEDICINES = {
    "entecavir": "hepatitis_b", "hbv": "hepatitis_b", "acyclovir": "antiviral", "aciclovir": "antiviral",
    "valac": "antiviral", "antiviral": "antiviral", "hsv": "antiviral", "vzv": "antiviral", "pjp": "pneumocystis",
    "pcp": "pneumocystis", "pneumocystis": "pneumocystis", "trimoxazole": "pneumocystis",
    "levofloxacin": "antibacterial", "antibacterial": "antibacterial", "antifungal": "antifungal",
    "fluconazole": "antifungal", "g_csf": "g_csf",
    "gcsf": "g_csf",
}  # fmt: skip
TIMES = (("100", "day_100"), ("6_mo", "month_6"), ("six_mo", "month_6"), ("180", "month_6"), ("annual", "year_1"))
LATE = ("malignan", "cancer", "lymphoma", "coliti", "lifelong", "life_long")


def looked_up(case: Case, name: str, told: Answer) -> Any:
    """What the answer holds under a name of the case's own: several rooms are asked, the first that knows answers."""
    rooms = (
        of_landmarks,
        of_registry,
        of_distress,
        of_repeated,
        of_restrictions,
        of_vaccines,
        of_medicines,
        of_immune,
        of_late,
    )
    for room in (of_late,) if any(word in name for word in LATE) else rooms:
        found = room(case, name.casefold(), told)
        if found is not NOT_KNOWN:
            return found
    return NOT_KNOWN


def of_repeated(case: Case, name: str, told: Answer) -> Any:
    """When blood counts are next asked for."""
    if "cbc" not in name and "blood_count" not in name:
        return NOT_KNOWN
    item = told["repeated"][0]
    return {**_said([item["what"], item["why"]]), "day": item["due_from"], "days": [item["due_from"]]}


def of_distress(case: Case, name: str, told: Answer) -> Any:
    """What a distress number asks for; cut-offs differ, so it is open while the center's is not set."""
    if "distress" not in f"{name} {case.get('tags', '')} {case['title']}".casefold():
        return NOT_KNOWN
    owed = [each for each in told["check_ins"] if each["time_point"] == "answer"]
    texts = [f"{each['what']} {each['why']}" for each in owed or told["check_ins"]]
    return {
        **_said(texts),
        "status": "due" if owed else "done",
        "open": any("Cut-offs differ" in text for text in texts),
    }


def of_landmarks(case: Case, name: str, told: Answer) -> Any:
    """Dates that people count to: ``six_calendar_months``, ``day_30``, ``one_year``, ``month_18``."""
    counted = re.fullmatch(r"(?:day|d)_?(\d+)", name) or re.fullmatch(r"(\d+)_days?", name)
    if counted:
        return _known(told["landmarks"], f"day_{counted[1]}")
    months = re.fullmatch(r"(\w+?)_(?:calendar_)?(month|year)s?(?:_later|_date|_anniversary)?", name)
    if months and (number := _number(months[1])) is not None:
        return _known(told["landmarks"], f"{months[2]}_{number}")
    turned = re.fullmatch(r"(month|year)_(\d+)", name)
    return _known(told["landmarks"], f"{turned[1]}_{turned[2]}") if turned else NOT_KNOWN


def _number(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return {**{name: number for number, name in enumerate(WORD_NUMBERS)}, "fifteen": 15}.get(word)


def _known(table: Mapping[str, Any], key: str) -> Any:
    return table.get(key, NOT_KNOWN)


def of_registry(case: Case, name: str, told: Answer) -> Any:
    """Forms, day zero, the contact that a report takes."""
    if "4006" in name:
        return told["registry_forms"]["4006"]
    if name.startswith(("day0", "day_zero", "day_0")):
        asked = any(each["key"] == "day_zero" and each["open"] for each in told["questions"])
        days = told["infused"] if asked else told["infused"][:1]
        return {"days": days, "day": told["infused"][0], "status": None, "texts": [], "open": asked}
    if "registry" in name and "window" not in name:
        actions = (action for each in told["late_effects"] for action in each["actions"])
        return _said([*told["notes"].values(), *(each["why"] for each in told["registry"]), *actions])
    contact = _contact(case, name, told)
    if contact is None:
        return NOT_KNOWN
    if "window" in name and "in_window" not in name:
        days = [contact["due_from"], contact["due_until"]]
        return {**_said([contact["why"]]), "days": days, "day": days["end" in name or "last" in name]}
    fields = {"report_date": "contact", "contact_date": "contact", "in_window": "in_window", "report_day": "day"}
    field = next((field for word, field in fields.items() if word in name), None)
    if field is not None:
        return contact[field]
    return _said([contact["why"]]) if name in ("action", "flag", "note") and _about_registry(case) else NOT_KNOWN


def _about_registry(case: Case) -> bool:
    return "registry" in case.get("tags", []) or any("registry" in each for each in case.get("refs", []))


def _contact(case: Case, name: str, told: Answer) -> Mapping[str, Any] | None:
    """The report that a case is about: before a later therapy, of the time point named, else the first."""
    if not _about_registry(case):
        return None
    asked = "registration" in name
    every: list[Mapping[str, Any]] = [
        each for each in told["registry"] if (each["time_point"] == "registration") is asked
    ]
    before = next((each for each in every if each["time_point"] == "before_later_therapy"), None)
    if before is not None:
        return before
    named = f"{name} {case['input'].get('time_point', '')} {case['title']}".casefold()
    key = _time_point(re.sub(r"\W+", "_", named))
    reports = [each for each in every if key is None or each["time_point"] == key]
    return next((each for each in reports if each["contact"]), reports[0] if reports else None)


def _time_point(named: str) -> str | None:
    years = re.search(r"([a-z]+|\d+)_years?(?![a-z])|year_(\d+)", named)
    number = _number(years[1] or years[2]) if years else None
    if number:
        return f"year_{number}"
    return next((key for word, key in TIMES if word in named), None)


def of_restrictions(case: Case, name: str, told: Answer) -> Any:
    """A restriction by a word in the name: its first free day, its candidates, its reasons."""
    if "counts_from" in name:
        return _restriction(told, "driving")["counts_from"]
    key = next((key for word, key in RESTRICTIONS.items() if word in name), None)
    if key is None:
        tagged = {"label", "driving", "restriction", "neuro", "split_dose"} & set(case.get("tags", []))
        key = "driving" if tagged and name in ("flag", "decision", "action", "note") else None
    return _of_item(_restriction(told, key), told) if key else NOT_KNOWN


def _restriction(told: Answer, key: str) -> Mapping[str, Any]:
    return next(each for each in told["restrictions"] if each["key"] == f"restriction.{key}")


def of_vaccines(case: Case, name: str, told: Answer) -> Any:
    """A vaccine by a word in the name; reasons without one are those of the live vaccines."""
    key = next((key for word, key in VACCINES.items() if word in name), "mmr" if name == "reasons" else None)
    found = [each for each in told["vaccines"] if each["key"] == f"vaccine.{key}"]
    return _of_item(found[0], told) if found else NOT_KNOWN


def of_medicines(case: Case, name: str, told: Answer) -> Any:
    """A prophylaxis by a word in the name: when it begins, until when it is taken."""
    key = next((key for word, key in MEDICINES.items() if word in name), None)
    if key is None and any(word in name for word in ("continue", "until", "stop", "start", "prophylaxis")):
        key = next((key for word, key in MEDICINES.items() if word in json.dumps(case["input"]).casefold()), None)
    found = [each for each in told["prophylaxis"] if each["key"] == f"prophylaxis.{key}"]
    if not found:
        return NOT_KNOWN
    item = found[0]
    if "start" in name:
        return {**_of_item(item, told), "day": item["due_from"], "texts": [item["start"], item["why"]]}
    return _of_item(item, told)


def of_immune(case: Case, name: str, told: Answer) -> Any:
    """What is said of immunoglobulins, or of a marker that the name holds."""
    markers = {each["key"].removeprefix("immune."): each for each in told["immune"]}
    key = next((key for key in ("cd4", "cd19", "iga", "neutrophils", "platelets") if key in name), None)
    about_igg = "igg" in name or "ivig" in name or "native" in name or "igg" in json.dumps(case.get("tags", []))
    if key is None and not about_igg:
        return NOT_KNOWN
    item = markers[key or "igg"]
    if "native" in name:
        return item["native"]
    asked = [each for each in told["questions"] if each["key"].startswith("igg") and each["open"]]
    texts = [*item["decisions"], item["why"], *(text for each in asked for text in _question_texts(each))]
    return {**_said(texts, item), "open": bool(asked) or not item["native"]}


def of_late(case: Case, name: str, told: Answer) -> Any:
    """Late effects, check-ins and notes: whatever they say."""
    texts = [*told["notes"].values()]
    for item in (*told["late_effects"], *told["check_ins"], *told["prophylaxis"], *told["restrictions"]):
        texts += [item["what"], item["why"], item["source"]["text"], *item.get("actions", ())]
    return _said(texts)


def _of_item(item: Mapping[str, Any], told: Answer) -> dict[str, Any]:
    """An item's days, status and sentences; the days of its candidates both as they count and by arithmetic alone."""
    candidates = item.get("candidates", [])
    days = [day for each in candidates for day in (each["day"], each["counted"]) if day]
    open_ones = [each for each in told["questions"] if each["key"] == item["question"] and each["open"]]
    asked = [text for each in open_ones for text in _question_texts(each)]
    texts = [item["what"], item["why"], *item["missing"], *item.get("reasons", ()), *asked]
    first = item["earliest"] or item.get("label_earliest")
    several = len({each["day"] for each in candidates}) > 1
    open_ = (
        bool(asked) or several or not item["confirmed"] or item["status"] == "unknown" or item.get("extended", False)
    )
    return {"day": first, "days": days or [first], "status": item["status"], "texts": texts, "open": open_}


def _question_texts(question: Mapping[str, Any]) -> list[str]:
    return [question["words"], question["why"], *(each["words"] for each in question["options"])]


def _said(texts: Sequence[str], item: Mapping[str, Any] | None = None) -> dict[str, Any]:
    day = item["due_from"] if item else None
    return {"day": day, "days": [day], "status": None, "texts": list(texts), "open": False}
