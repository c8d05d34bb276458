"""Score the worked eligibility cases: see `score_cases.py`.

A case is turned into facts by its field names and the vocabulary's own spellings; what a field means is not decided
here. Each is asked of `cartway eligible` as any user would, and the answer is compared.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cartway.problem import Problem
from cartway.vocabulary import read_choice, vocabulary

Case = Mapping[str, Any]
Row = dict[str, Any]
COLUMNS = ("course", "at", "until", "what", "value", "unit", "choice", "detail", "about")
SEVERITY = ("INFO", "REL", "DEF", "ABS")
# What a flag may name in place of a criterion's id, and the ids that answer there.
PAGES = {
    "products.md section 4": "DOSE",
    "products.md section 5": "FIT-26",
    "products.md section 6": "BOX",
    "section 3": "COL-07",
    "washout": "COL-07",
}

# Field of a case: variable, unit.
NUMBERS = {
    "age_years": ("age", "a"),
    "weight_kg": ("body_weight", "kg"),
    "height_cm": ("body_height", "cm"),
    "ecog": ("ecog_score", ""),
    "karnofsky": ("karnofsky_score", "%"),
    "kps": ("karnofsky_score", "%"),
    "lansky": ("lansky_score", "%"),
    "alc_1e9_per_l": ("lymphocytes", "10*9/L"),
    "anc_1e9_per_l": ("neutrophils", "10*9/L"),
    "wbc_1e9_per_l": ("leukocytes", "10*9/L"),
    "platelets_1e9_per_l": ("platelets", "10*9/L"),
    "cd3_per_ul": ("cd3", "/uL"),
    "hb_g_dl": ("hemoglobin", "g/dL"),
    "creatinine_clearance_ml_min": ("creatinine_clearance", "mL/min"),
    "crcl_ml_min": ("creatinine_clearance", "mL/min"),
    "creatinine_mg_dl": ("creatinine", "mg/dL"),
    "bilirubin_mg_dl": ("bilirubin", "mg/dL"),
    "bilirubin_umol_l": ("bilirubin", "umol/L"),
    "alt_x_uln": ("alt_ratio", "1"),
    "ast_x_uln": ("ast_ratio", "1"),
    "lvef_percent": ("lvef", "%"),
    "spo2_percent_room_air": ("oxygen_saturation", "%"),
    "ferritin_ng_ml": ("ferritin", "ng/mL"),
    "crp_mg_l": ("crp", "mg/L"),
    "ldh_u_l": ("ldh", "U/L"),
    "marrow_blasts_percent": ("marrow_blasts", "%"),
    "bone_marrow_blasts_percent": ("marrow_blasts", "%"),
    "blasts_percent": ("blood_blasts", "%"),
    "peripheral_blasts_percent": ("blood_blasts", "%"),
    "blood_blasts_percent": ("blood_blasts", "%"),
    "hbv_dna_iu_ml": ("hbv_dna", "[IU]/mL"),
    "hcv_rna_iu_ml": ("hcv_rna", "[IU]/mL"),
    "life_expectancy_weeks": ("life_expectancy", "wk"),
    "minutes_to_centre": ("travel_time", "min"),
    "minutes_to_center": ("travel_time", "min"),
}
# Field of a case: variable, and the choices for true and false where the field is a yes or no.
CHOICES: dict[str, tuple[str, str, str]] = {
    "sex": ("sex", "", ""),
    "caregiver_24h": ("caregiver", "yes", "no"),
    "caregiver": ("caregiver", "yes", "no"),
    "hbsag": ("hbsag", "positive", "negative"),
    "anti_hbc": ("anti_hbc", "positive", "negative"),
    "hcv_ab": ("hcv_antibody", "positive", "negative"),
    "hiv": ("hiv_test", "positive", "negative"),
    "hbv_antiviral": ("antiviral_prophylaxis", "on", "off"),
    "hbv_prophylaxis": ("antiviral_prophylaxis", "on", "off"),
    "antiviral_prophylaxis": ("antiviral_prophylaxis", "on", "off"),
    "antiviral": ("antiviral_prophylaxis", "on", "off"),
    "sars_cov_2": ("sars_cov_2_test", "positive", "negative"),
    "sars_cov_2_pcr": ("sars_cov_2_test", "positive", "negative"),
    "covid_pcr": ("sars_cov_2_test", "positive", "negative"),
    "active": ("infection_status", "active", "none"),
    "active_infection": ("infection_status", "active", "none"),
    "pregnant": ("pregnancy_test", "positive", "negative"),
    "pregnancy": ("pregnancy_test", "positive", "negative"),
    "pregnancy_test": ("pregnancy_test", "positive", "negative"),
    "breastfeeding": ("breastfeeding", "yes", "no"),
    "cns_disease": ("cns_involvement", "parenchymal", "none"),
    "cns": ("cns_involvement", "parenchymal", "none"),
    "cns_disorder": ("neurological_disorder", "other", "none"),
    "neurological_disorder": ("neurological_disorder", "other", "none"),
    "seizure_disorder": ("neurological_disorder", "seizures", "none"),
    "seizures": ("neurological_disorder", "seizures", "none"),
    "stroke": ("neurological_disorder", "stroke", ""),
    "gvhd": ("graft_versus_host_disease", "acute_2_4", "none"),
    "active_gvhd": ("graft_versus_host_disease", "acute_2_4", "none"),
    "immunosuppression": ("immunosuppression", "systemic", "none"),
    "systemic_immunosuppression": ("immunosuppression", "systemic", "none"),
    "on_immunosuppression": ("immunosuppression", "systemic", "none"),
    "autoimmune_disease": ("autoimmune_disease", "active", "none"),
    "autoimmune": ("autoimmune_disease", "active", "none"),
    "other_malignancy": ("other_malignancy", "active", "none"),
    "second_malignancy": ("other_malignancy", "active", "none"),
    "venous_access": ("venous_access", "peripheral", "inadequate"),
    "liver_involvement": ("liver_involvement", "involved", "none"),
    "gilbert": ("liver_involvement", "gilbert", "none"),
    "tumor_burden": ("tumor_burden", "high", "low"),
    "tumour_burden": ("tumor_burden", "high", "low"),
    "bulky": ("tumor_burden", "high", "low"),
    "bulky_disease": ("tumor_burden", "high", "low"),
    "marrow_involvement": ("marrow_involvement", "involved", "none"),
}
TRANSPLANT_DATES = {"allo_hct_date": "allogeneic", "allo_sct_date": "allogeneic", "auto_hct_date": "autologous"}
STEROID = ("prednisone_mg_per_day", "prednisone_mg_day", "prednisone_mg", "steroid_mg_per_day", "steroid_mg_day")
ANTIGENS = {"claudin182": "CLDN18.2", "claudin18.2": "CLDN18.2", "cldn182": "CLDN18.2", "cldn18.2": "CLDN18.2"}
ORDINALS = ("first", "second", "third", "fourth", "fifth")
READ_ELSEWHERE = {
    "location", "country", "detail", "hsct_eligible", "hsct_ineligible_reason", "histology_confirmed", "group",
    "subtype", "status", "birth_date", "relapse_number", "ecog_cause", "ecog_due_to_disease", "ecog_reversible",
    *TRANSPLANT_DATES, *STEROID,
}  # fmt: skip


def is_about_eligibility(document: Mapping[str, Any]) -> bool:
    """Whether a file of cases asks for labels, and not for grades."""
    return any("products" in case.get("expected", {}) for case in document["cases"])


def facts(case: Case) -> Iterator[Row]:
    """The case as rows of a facts table; a field that is null or absent makes no row."""
    for row in _rows(case):
        yield {"course": case["id"], "at": _moment(case["as_of"]), **row}


def _rows(case: Case) -> Iterator[Row]:
    patient, disease = case.get("patient") or {}, case.get("disease") or {}
    performance, other = case.get("performance") or {}, case.get("other") or {}
    yield from _fields({**patient, **(patient.get("location") or {})})
    yield from _person(patient)
    yield from _disease(disease)
    yield from _fields({key: value for key, value in performance.items() if key in NUMBERS and key != "ecog"})
    yield from _performance(performance)
    yield from _fields(case.get("labs") or {})
    yield from _infections(case.get("infections") or {})
    yield from _fields(other)
    yield from _other(other)
    yield from _antigens(case.get("antigen") or {}, case["as_of"])
    for index, line in enumerate(case.get("prior_lines") or []):
        yield _line(index, line, case["as_of"])


def _fields(values: Mapping[str, Any]) -> Iterator[Row]:
    for key, value in values.items():
        if key in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
            what, unit = NUMBERS[key]
            yield {"what": what, "value": value, "unit": unit}
            if key == "spo2_percent_room_air":
                yield {"what": "oxygen_device", "choice": "room_air"}
        elif key in CHOICES and value is not None:
            yield from _choice(*CHOICES[key], value)
        elif key not in READ_ELSEWHERE and value is not None:
            print(f"not read: {key}", file=sys.stderr)


def _choice(what: str, if_true: str, if_false: str, value: object) -> Iterator[Row]:
    if isinstance(value, bool):
        name = if_true if value else if_false
        if name:
            yield {"what": what, "choice": name}
        return
    said = json.dumps(value) if isinstance(value, Mapping | list) else str(value)
    name = _read(what, said) or if_true
    texts = {"text": said} if "text" in vocabulary().variables[what].detail else {}
    if name:
        yield {"what": what, "choice": name, "detail": texts}


def _read(what: str, said: str) -> str:
    """The choice that a text spells: as it stands, without what stands in brackets; of a diagnosis its first part."""
    variable = vocabulary().variables[what]
    bare = re.sub(r"\s*\([^)]*\)", "", said)
    first = (bare.split(",")[0], bare.split(";")[0], bare.split(" with ")[0]) if what == "diagnosis" else ()
    for text in (said, bare, *first):
        found = read_choice(variable, text.strip())
        if not isinstance(found, Problem):
            return found
    return "" if what == "diagnosis" else _named_in(what, said)


def _named_in(what: str, said: str) -> str:
    """The choice one of whose spellings stands as whole words in the text; the longest spelling wins."""
    spelled = [
        (text, name)
        for name, choice in vocabulary().variables[what].choices.items()
        for text in (name.replace("_", " "), choice.label, *choice.aliases)
        if re.search(rf"(?<![a-z]){re.escape(text.casefold())}(?![a-z])", said.casefold())
    ]
    return max(spelled, key=lambda each: len(each[0]))[1] if spelled else ""


def _person(patient: Case) -> Iterator[Row]:
    if patient.get("birth_date"):
        yield {"at": _moment(patient["birth_date"]), "what": "birth_date"}


def _disease(disease: Case) -> Iterator[Row]:
    group, subtype, status = (disease.get(key) for key in ("group", "subtype", "status"))
    if group or subtype:
        said = [each for each in (subtype, group) if each]
        read = [_read("diagnosis", each) for each in said] + [_named_in("diagnosis", each) for each in said]
        choice = next(filter(None, read), "other")
        confirmed = disease.get("histology_confirmed")
        detail = {"text": subtype or group, "histology_confirmed": confirmed}
        yield {"what": "diagnosis", "choice": choice, "detail": detail}
    if status and (choice := _read("disease_status", status)):
        yield {
            "what": "disease_status",
            "choice": choice,
            "detail": {"text": status, "relapse_number": disease.get("relapse_number") or _ordinal(status)},
        }


def _ordinal(status: str) -> int | None:
    """Which relapse a status names, where it does."""
    words = status.casefold().split()
    named = [ORDINALS.index(word) + 1 for word in words if word in ORDINALS]
    return named[0] if named and any(word.startswith("relapse") for word in words) else None


def _performance(performance: Case) -> Iterator[Row]:
    if performance.get("ecog") is None:
        return
    detail: dict[str, Any] = {}
    for key, value in performance.items():
        if isinstance(value, bool):
            detail["reversible" if "revers" in key else "from_disease"] = value
        elif isinstance(value, str):
            detail["cause"] = value
    yield {"what": "ecog_score", "value": performance["ecog"], "detail": detail}


def _infections(infections: Case) -> Iterator[Row]:
    for row in _fields(infections):
        yield {**row, "detail": {"text": infections.get("detail")}} if row["what"] == "infection_status" else row


def _other(other: Case) -> Iterator[Row]:
    if other.get("hsct_eligible") is True:
        yield {"what": "transplant_eligibility", "choice": "eligible"}
    elif other.get("hsct_eligible") is False:
        reason = str(other.get("hsct_ineligible_reason") or "")
        choice = _read("transplant_eligibility", reason) or "not_eligible"
        yield {"what": "transplant_eligibility", "choice": choice, "detail": {"text": reason}}
    for key in set(TRANSPLANT_DATES) & set(other):
        if other[key]:
            yield {"at": _moment(other[key]), "what": "transplant", "choice": TRANSPLANT_DATES[key]}
    for key in set(STEROID) & set(other):
        if other[key]:
            yield {"what": "immunosuppression", "choice": "systemic", "detail": {"prednisone_mg": other[key]}}


def _antigens(antigens: Case, as_of: str) -> Iterator[Row]:
    for name, told in antigens.items():
        about = ANTIGENS.get(name.casefold().replace(" ", "").replace("-", ""), name)
        result = told if isinstance(told, Mapping) else {"result": told}
        yield {
            "at": _moment(result.get("date") or as_of),
            "what": "antigen_expression",
            "choice": _read("antigen_expression", str(result.get("result") or "unknown")) or "not_known",
            "about": about,
            "detail": {
                "antigen": about,
                "method": result.get("method"),
                "sample": result.get("sample"),
                "percent": result.get("percent"),
            },
        }


def _line(index: int, line: Case, as_of: str) -> Row:
    start, end, outcome_day = line.get("start"), line.get("end"), line.get("outcome_date")
    detail = {
        "regimen": line.get("regimen"),
        "classes": line.get("classes"),
        "response": line.get("best_response"),
        "systemic": line.get("systemic"),
        "outcome": line.get("outcome"),
        "outcome_date": outcome_day,
        "outcome_date_unknown": None if outcome_day else True,
        "end_unknown": None if end else True,
        "start_unknown": None if start else True,
        "refractory": line.get("refractory"),
        "refractory_to": line.get("refractory_to"),
    }
    return {
        "at": _moment(start or end or as_of),
        "until": _moment(end) if end else "",
        "what": "line_of_therapy",
        "value": line.get("line") or index + 1,
        "detail": detail,
    }


def _moment(day: str) -> str:
    """A day, a month or a year as the moment at which it begins."""
    return f"{day}{'-01' * (3 - len(day.split('-')))}T00:00:00+00:00"


def write_table(cases: Iterable[Case], path: Path) -> None:
    """The cases' facts as a facts table, a course a case; nothing of what is expected, no null."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        for row in (row for case in cases for row in facts(case)):
            detail = {key: value for key, value in (row.get("detail") or {}).items() if value is not None}
            writer.writerow({**row, "detail": json.dumps(detail) if detail else ""})


def answers(cases: Sequence[Case], country: str) -> dict[str, Mapping[str, Any]]:
    """Every case's answer by `cartway eligible`, asked once for each day and place."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case["as_of"], case.get("jurisdiction") or country), []).append(case)
    return {each["course"]: each for key, group in groups.items() for each in _asked(group, *key)}


def _asked(cases: Sequence[Case], day: str, country: str) -> list[Mapping[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.csv"
        write_table(cases, table)
        command = [sys.executable, "-m", "cartway.cli", "eligible", str(table), "--on", day, "--country", country]
        named = {name for case in cases for name in case["expected"]["products"]}
        for name in sorted(named):
            command += ["--product", name]
        done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False)
    if done.stderr:
        print(done.stderr, end="", file=sys.stderr)
    if done.returncode:
        sys.exit(f"cartway eligible ended with {done.returncode}")
    found: list[Mapping[str, Any]] = json.loads(done.stdout)
    return found


class Tally:
    """What was right and what was not, counted."""

    def __init__(self) -> None:
        self.right = self.asked = self.no_for_missing = 0
        self.open_right = self.open_asked = self.flagged = self.ambiguous = 0
        self.flags = self.flags_asked = self.only_open = self.status = self.cases = 0

    def line(self) -> str:
        """All counts on one line."""
        return (
            f"label unambiguous {self.right}/{self.asked}, in ambiguous cases {self.open_right}/{self.open_asked}, "
            f"no for a missing fact {self.no_for_missing}, ambiguous flagged {self.flagged}/{self.ambiguous}, "
            f"practice flags {self.flags}/{self.flags_asked} ({self.only_open} of them as not known), "
            f"practice status {self.status}/{self.cases}"
        )


def score(document: Mapping[str, Any]) -> str:
    """Ask and compare; prints what misses. Returns the closing line."""
    cases, tally = document["cases"], Tally()
    found = answers(cases, document.get("jurisdiction") or "US")
    for case in cases:
        own = found.get(case["id"])
        if own is None:
            print(f"{case['id']}: no answer ({case['title']})")
        for miss in _compare(case, own or {"products": [], "flags": [], "status": ""}, tally):
            print(f"{case['id']} {miss} ({case['title']})")
    return tally.line()


def _compare(case: Case, own: Mapping[str, Any], tally: Tally) -> Iterator[str]:
    labels = {each["brand"]: each["label"] for each in own["products"]}
    for brand, expected in case["expected"]["products"].items():
        yield from _verdict(case, brand, expected, labels.get(brand) or {"answer": "none", "readings": []}, tally)
    if case.get("ambiguous"):
        tally.ambiguous += 1
        flagged = any(label["readings"] for label in labels.values())
        tally.flagged += flagged
        if not flagged:
            yield "ambiguous, and no reading is named"
    yield from _practice(case["expected"].get("practice") or {}, own, tally)


def _verdict(
    case: Case, brand: str, expected: Mapping[str, Any], label: Mapping[str, Any], tally: Tally
) -> Iterator[str]:
    answer = label["answer"]
    right = answer in expected.get("accept", [expected["label"]])
    if case.get("ambiguous"):
        tally.open_asked += 1
        tally.open_right += right
    else:
        tally.asked += 1
        tally.right += right
    tally.no_for_missing += answer == "no" and expected["label"] == "unknown" and not right
    if not right:
        told = f"{label.get('because', '')} [{expected.get('reason', '')}]"
        yield f"{brand}: {answer}, expected {expected['label']}: {told}"


def _practice(expected: Mapping[str, Any], own: Mapping[str, Any], tally: Tally) -> Iterator[str]:
    if not expected:
        return
    tally.cases += 1
    tally.status += own["status"] == expected.get("status")
    if own["status"] != expected.get("status"):
        yield f"status {own['status']}, expected {expected.get('status')}"
    for flag in expected.get("flags") or []:
        tally.flags_asked += 1
        found = [each for each in _told(own, flag["severity"]) if any(name in each["id"] for name in _ids(flag))]
        strong = any(SEVERITY.index(each["severity"]) >= SEVERITY.index(flag["severity"]) for each in found)
        tally.flags += strong
        if strong and all(each["answer"] == "unknown" for each in found):
            tally.only_open += 1
            words = found[0].get("words") or found[0]["because"]
            print(f"  told as not known: {flag['criterion']} ({flag.get('why', '')}): {words}")
        if not strong:
            why = "weaker" if found else "missing"
            yield f"flag {flag['criterion']} {flag['severity']} ({flag.get('why', '')}): {why}"


def _ids(flag: Mapping[str, Any]) -> list[str]:
    """The ids that a flag names, or those of the page that it names."""
    named = flag["criterion"]
    return re.findall(r"[A-Z]{3}-\d\d", named) or [each for page, each in PAGES.items() if page in named]


def _told(own: Mapping[str, Any], severity: str) -> list[Mapping[str, Any]]:
    """What needs somebody's eye; what is only to be told counts wherever it is told."""
    told = list(own["flags"])
    if severity == "INFO" and "fitness" in own:
        told += [*own["fitness"], *own["logistics"], *own["collectable"]["criteria"]]
    return told
