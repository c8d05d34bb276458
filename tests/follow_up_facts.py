"""The worked follow-up cases as rows of a facts table: what a field of a case is called here. No rule is decided here.

What a case does not mention is taken for absent: no immunosuppression, no pregnancy, a killed vaccine that took. A case
that is about them says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from cartway.vocabulary import read_choice, vocabulary

Case = Mapping[str, Any]
Row = dict[str, Any]
INFUSED = ("infusion_dates", "infusion_date", "infusions")
ASKED = ("query_date", "as_of", "as_of_date", "today", "date", "on", "assessment_date")
VISITS = ("visit_dates", "contact_dates", "visits", "contacts", "visit_date", "contact_date", "last_contact")
B_CELL_DRUGS = ("rituximab", "anti_cd20", "anti_cd19", "anti_bcma", "bispecific", "blinatumomab", "teclistamab")
DAYS_OF_VISITS = ("visit_days", "contact_days", "visit_day", "contact_day")
IMMUNOGLOBULIN = re.compile(
    r"^(last|recent)_?(igg|ivig|immunoglobulin)|^(ivig|immunoglobulin)|^igg_(replacement|infusion|given)"
)
NUMBERS = {
    "igg": ("igg", "mg/dL"), "igg_mg_dl": ("igg", "mg/dL"), "igg_g_l": ("igg", "g/L"), "iga_mg_dl": ("iga", "mg/dL"),
    "iga": ("iga", "mg/dL"), "cd4_per_ul": ("cd4", "/uL"), "cd4": ("cd4", "/uL"), "cd19_per_ul": ("cd19", "/uL"),
    "cd19": ("cd19", "/uL"), "cd20_per_ul": ("cd19", "/uL"), "b_cells_per_ul": ("cd19", "/uL"),
    "anc_per_ul": ("neutrophils", "/uL"), "anc": ("neutrophils", "10*9/L"), "anc_1e9_per_l": ("neutrophils", "10*9/L"),
    "platelets_1e9_per_l": ("platelets", "10*9/L"), "platelets": ("platelets", "10*9/L"),
    "hbv_dna_iu_ml": ("hbv_dna", "[IU]/mL"), "distress": ("distress_score", "{score}"),
    "distress_score": ("distress_score", "{score}"), "distress_thermometer": ("distress_score", "{score}"),
}  # fmt: skip
HEPATITIS = {
    "hbsag": "hbsag",
    "anti-hbc": "anti_hbc",
    "anti_hbc": "anti_hbc",
    "antihbc": "anti_hbc",
    "core": "anti_hbc",
}
NONE: tuple[Any, ...] = (None, "", False, "none", "no", 0, [], {})


def asked_on(case: Case) -> date:
    """The day that a case asks about: as it says, else its day after the infusion, else the last day it names."""
    given = case["input"]
    named = next((given[name] for name in ASKED if given.get(name)), None)
    if named:
        return _day(named)
    zero = infusions(given)[0]
    if isinstance(given.get("day"), int):
        return zero + timedelta(days=given["day"])
    dates = [*infusions(given), *_dates(given)]
    return max(dates)


def infusions(given: Mapping[str, Any]) -> list[date]:
    """The days of the infusions of a case, in order."""
    for name in INFUSED:
        if given.get(name):
            return sorted(_day(each) for each in _listed(given[name]))
    raise ValueError("a case without an infusion")


def country(case: Case) -> str:
    """Whose labels count, as the command line names the place; the US where a case does not say."""
    given = case["input"]
    said = str(given.get("region") or given.get("country") or given.get("jurisdiction") or "US").upper()
    return {"USA": "US", "FDA": "US", "EMA": "EU", "EUROPE": "EU", "EEA": "EU", "GB": "UK"}.get(said, said)


def facts(case: Case) -> Iterator[Row]:
    """The case as rows of a facts table."""
    for row in _rows(case["input"], asked_on(case)):
        yield {"course": case["id"], **row}


def _rows(given: Mapping[str, Any], on: date) -> Iterator[Row]:
    product = read_choice(vocabulary().variables["infusion"], str(given.get("product") or "autologous CAR T"))
    for part, day in enumerate(infusions(given), start=1):
        yield _row(day, "infusion", choice=product or "autologous_car_t", detail={"part": part})
    yield _row(on, "caregiver", choice="yes")  # any fact: it says up to when the course is known
    for key, value in given.items():
        if value is not None:
            yield from _field(key, value, given, on)
    yield from _assumed(given, on)


def _field(key: str, value: Any, given: Mapping[str, Any], on: date) -> Iterator[Row]:
    """What one field says."""
    if key in VISITS:
        yield from (_row(_day(each), "follow_up_visit", choice="seen") for each in _listed(value))
    elif key in DAYS_OF_VISITS:
        zero = infusions(given)[0]
        yield from (_row(zero + timedelta(days=each), "follow_up_visit", choice="seen") for each in _listed(value))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping) and _kind(value[0]):
        for each in value:
            yield from _event(_kind(each), each, given, on)
    elif key in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        what, unit = NUMBERS[key]
        yield _row(_day(given.get(f"{what}_date") or on), what, value=value, unit=unit, about=_about(what, given))
    elif IMMUNOGLOBULIN.search(key):
        yield from (_row(_day(each), "drug", choice="immunoglobulin") for each in _listed(value) if _is_day(each))
    elif key in ("diagnosis", "disease", "indication"):
        choice = read_choice(vocabulary().variables["diagnosis"], str(value))
        yield from [_row(infusions(given)[0], "diagnosis", choice=choice)] if choice else []
    elif key == "sex":
        yield _row(infusions(given)[0], "sex", choice=str(value).casefold())
    else:
        yield from _event(key, value, given, on)


def _event(key: str, value: Any, given: Mapping[str, Any], on: date) -> Iterator[Row]:
    zero, said = infusions(given)[0], str(value).casefold()
    if ("relapse" in key or "progression" in key) and value not in NONE:
        yield _row(_when(value, on, on), "progression", choice="yes")
    elif "seizure" in key and value not in NONE:
        yield _row(_when(value, zero, on), "seizure", choice="generalized")
    elif ("neuro" in key or "icans" in key) and value not in NONE and "cut" not in key:
        yield _row(_when(value, on, on), "new_neurological_change", choice="yes")
    elif key.startswith("hb") or key.startswith("anti_hb"):
        yield from _hepatitis(key, said, zero)
    elif "infection" in key and isinstance(value, int | list):
        yield from _infections(value, given, on)
    elif ("hct" in key or "transplant" in key or "sct" in key) and (_is_day(value) or _dated(value)):
        yield _row(_day(value), "transplant", choice=_transplant(f"{key} {value}", given))
    elif ("conditioning" in key or "systemic_therapy" in key) and _is_day(value):
        yield _row(_day(value), "next_therapy", choice="yes", detail={"regimen": "conditioning"})
    elif "next_infusion" in key or "second_infusion" in key or "subsequent" in key:
        yield from [_row(_day(value), "infusion", choice="autologous_car_t")] if _is_day(value) else []
    elif "death" in key and _is_day(value):
        yield _row(_day(value), "death")
    elif any(word in key for word in B_CELL_DRUGS) and _is_day(value):
        yield _row(_day(value), "drug", choice="rituximab")
    elif "malignan" in key or "cancer" in key or "lymphoma" in key:
        kind = "t_cell_malignancy" if "t_cell" in key or "t-cell" in said or "t cell" in said else "second_cancer"
        yield from [_row(_when(value, on, on), "late_effect", choice=kind)] if value not in NONE else []
    elif ("diarr" in key or "coliti" in key or "symptom" in key) and (
        "diarr" in said or "coliti" in said or value is True
    ):
        yield _row(on, "late_effect", choice="enterocolitis")


def _kind(event: Mapping[str, Any]) -> str:
    """What an entry of a list of events is."""
    return str(event.get("type") or event.get("event") or event.get("kind") or event.get("what") or "").casefold()


def _assumed(given: Mapping[str, Any], on: date) -> Iterator[Row]:
    """Immunosuppression, pregnancy and the answer to a killed vaccine, as the case says, else as it is silent."""
    pregnant = any("pregnan" in key and given[key] not in NONE and given[key] != "negative" for key in given)
    yield _row(on, "pregnancy_test", choice="positive" if pregnant else "negative")
    suppressed = next((given[key] for key in given if "immunosuppress" in key or "steroid" in key), None)
    if _is_day(suppressed):
        yield _row(infusions(given)[-1], "immunosuppression", choice="systemic")
        yield _row(_day(suppressed), "immunosuppression", choice="none")
    else:
        choice = "none" if suppressed in NONE or str(suppressed).casefold() in ("off", "stopped") else "systemic"
        yield _row(on, "immunosuppression", choice=choice)
    key = next((key for key in given if "response" in key or "titer" in key or "titre" in key or "killed" in key), "")
    took = not key or given[key] not in (False, "no", "none", "negative", "absent", "no_response")
    yield _row(on, "vaccine_titer", choice="response" if took else "no_response", about="pneumococcal")


def _hepatitis(key: str, said: str, on: date) -> Iterator[Row]:
    for name, what in HEPATITIS.items():
        if name in f"{key} {said}" and (name in key or name in said):
            choice = "positive" if "pos" in said or said == "true" or "+" in said else "negative"
            yield _row(on - timedelta(days=30), what, choice=choice)


def _infections(value: int | list[Any], given: Mapping[str, Any], on: date) -> Iterator[Row]:
    """So many infections before the day asked about, of the kind that the case names."""
    count = value if isinstance(value, int) else len(value)
    kind = str(given.get("infection_type") or value).casefold()
    site = (
        "sinus" if any(word in kind for word in ("sinus", "sino", "pulmon", "pneumonia", "lung", "resp")) else "other"
    )
    severity = {"severity": "severe"} if "serious" in kind or "severe" in kind else {}
    for number in range(count):
        detail = {"site": site, **severity}
        yield _row(
            on - timedelta(days=7 * (number + 1)), "infection", choice="bacterial", about=f"{number}", detail=detail
        )


def _transplant(key: str, given: Mapping[str, Any]) -> str:
    told = f"{key} {given.get('hct_type') or given.get('transplant_type') or given.get('hct') or ''}".casefold()
    return "autologous" if "auto" in told else "allogeneic"


def _about(what: str, given: Mapping[str, Any]) -> str:
    if what != "distress_score":
        return ""
    return "caregiver" if "caregiver" in str(given.get("who") or given.get("by") or "") else "patient"


def _when(value: Any, zero: date, on: date) -> date:
    """The day of an event: a date, or a number of days after the infusion, by itself or inside; else the day after."""
    if isinstance(value, Mapping):
        inside = next((value[key] for key in ("date", "day", "on") if key in value), None)
        return _when(inside, zero, on)
    if _is_day(value):
        return _day(value)
    number = isinstance(value, int) and not isinstance(value, bool)
    return zero + timedelta(days=value) if number else zero + timedelta(days=1)


def _dates(value: Any) -> Iterator[date]:
    """Every date that a case names anywhere, but for that of a label."""
    if isinstance(value, Mapping):
        yield from (day for key, each in value.items() if "label" not in key for day in _dates(each))
    elif isinstance(value, list):
        yield from (day for each in value for day in _dates(each))
    elif _is_day(value):
        yield _day(value)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _dated(value: Any) -> bool:
    return isinstance(value, Mapping) and "date" in value


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}(T.*)?", value) is not None


def _day(value: Any) -> date:
    if isinstance(value, Mapping):
        value = next(value[key] for key in ("date", "on", "day") if key in value)
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _row(day: date, what: str, **more: Any) -> Row:
    return {"at": f"{day.isoformat()}T12:00:00+00:00", "what": what, **more}
