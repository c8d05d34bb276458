"""Score the worked response cases: see `score_cases.py`.

A case's measurements become facts (`response_facts.py`), `cartway respond` is asked as any user would, and each thing
that the case expects is looked up by its name in what was said. No clinical rule is here.
"""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from response_facts import Writer, event_of
from response_tables import Case

COLUMNS = ("course", "at", "what", "value", "unit", "choice", "detail", "about", "event")
BODIES = {"nccn": "nccn", "cibmtr": "cibmtr", "astct": "astct_2010", "eln": "eln_2024"}
NOT_COMPARED = frozenset({"candidates", "note", "comment"})
# What a case calls what the command line calls otherwise: at one assessment, over the course, of the CAR T cells.
AT_VISIT = {
    "timepoint_response": "level",
    "confirmed_response": "confirmed_level",
    "lugano2014": "lugano_2014",
    "spd_change_from_baseline_pct": "spd_change_pct",
    "label_after_cr": "after_cr",
    "nodes_change_pct": "spd_change_pct",
}
OVER_COURSE = {
    "best_overall_response": "best",
    "best_confirmed_response": "best_confirmed",
    "first_cr_day": "first_complete_day",
    "relapse_day": "progression_day",
    "pd_day": "progression_day",
    "relapse_type": "relapse",
    "relapse_label": "after_cr",
    "dor_days": "duration_of_response",
    "pfs_days": "progression_free",
    "efs_days": "event_free",
    "os_days": "overall_survival",
    "rfs_days": "relapse_free",
    "rfs_days_from_cr": "relapse_free",
    "ttr_days": "time_to_response",
}
OF_CELLS = {
    "cmax": "highest",
    "tmax_day": "highest_day",
    "clast": "last",
    "tlast_day": "last_day",
    "detectable_at_last_visit": "detectable_at_last",
    "t_half_days": "half_life_days",
    "half_life_days": "half_life_days",
}
NOTHING = object()


class Outcome(NamedTuple):
    """One case: whether it is open, what differs, whether the answer says that it is open."""

    case: str
    title: str
    is_open: bool
    wrong: list[str]
    flagged: bool


def is_about_response(document: Mapping[str, Any]) -> bool:
    """Whether a file holds cases of what follows the infusion."""
    return any(name in document for name in ("response_cases", "followup_cases", "follow_up_cases"))


def outcomes(document: Mapping[str, Any]) -> Iterator[Outcome]:
    """Every response case of a file, asked and compared."""
    cases = document.get("response_cases", [])
    for body, of_body in groupby(sorted(cases, key=body_of), key=body_of):
        some = list(of_body)
        said = answers(some, body)
        beside = {other: answers(some, other) for other in _other_bodies(some)}
        for case in some:
            yield compare(case, said[case["id"]], {other: each[case["id"]] for other, each in beside.items()})


def body_of(case: Case) -> str:
    """By whose limits a case of leukemia is read."""
    said = str(case["criteria"]).lower()
    return next((name for word, name in BODIES.items() if word in said), "nccn")


def _other_bodies(cases: Sequence[Case]) -> list[str]:
    """The bodies whose answer a case asks for beside its own."""
    asked = json.dumps([each["expected"] for case in cases for each in case["assessments"]]).lower()
    return [name for word, name in BODIES.items() if word in asked]


def answers(cases: Sequence[Case], body: str) -> dict[str, dict[str, Any]]:
    """What the command line says of each case."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.csv"
        write_table(cases, table)
        told = command("respond", table, "--policy", f"response_leukemia_body={body}")
    return {one["course"]: one for one in told}


def command(verb: str, table: Path, *options: str) -> Any:
    """What a verb of the command line says of a facts table, as JSON."""
    asked = [sys.executable, "-m", "cartway.cli", verb, str(table), "--format", "json", *options]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def write_table(cases: Iterable[Case], path: Path) -> None:
    """The cases' facts as a facts table, a course a case; nothing of what is expected."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for case in cases:
            wrote = Writer(case)
            for row in wrote.rows():
                writer.writerow({**row, "detail": json.dumps(row["detail"]) if row.get("detail") else ""})
            for name in wrote.unknown:
                print(f"{case['id']}: no fact is made of {name}")


def compare(case: Case, said: Mapping[str, Any], beside: Mapping[str, Any]) -> Outcome:
    """One case: every expected field, at each assessment and over the course."""
    if case["criteria"] == "CART_KINETICS":
        return _of_cells(case, said)
    if not said["responses"]:
        return Outcome(case["id"], case["title"], bool(case["ambiguous"]), ["no response is told"], False)
    response = said["responses"][0]
    visits = {each["assessment"]: each for each in response["assessments"]}
    wrong: list[str] = []
    flagged = False
    for number, each in enumerate(case["assessments"]):
        visit = visits.get(event_of(number))
        if visit is None:
            wrong.append(f"{each['label']}: no level is told")
            continue
        others = {body: _level(one, event_of(number)) for body, one in beside.items()}
        wrong += [f"{each['label']}: {words}" for words in _at_visit(each["expected"], visit, response, others)]
        flagged = flagged or is_flagged(visit) or bool(response["flags"])
    wrong += [f"in all: {words}" for words in _over_course(case.get("expected_summary", {}), response)]
    return Outcome(case["id"], case["title"], bool(case["ambiguous"]), wrong, flagged)


def is_flagged(visit: Mapping[str, Any]) -> bool:
    """Whether a level says that it is open: other levels are possible, a convention decided, or somebody must look."""
    return bool(visit["candidates"] or visit["flags"] or visit["policies"])


def _level(said: Mapping[str, Any], assessment: str) -> str:
    visits = said["responses"][0]["assessments"] if said["responses"] else []
    return next((each["level"] for each in visits if each["assessment"] == assessment), "")


def _at_visit(
    expected: Mapping[str, Any], visit: Mapping[str, Any], response: Mapping[str, Any], others: Mapping[str, str]
) -> Iterator[str]:
    """What differs at one assessment."""
    for name, wanted in expected.items():
        if name in NOT_COMPARED or (name == "confirmed_response" and wanted is None):  # open, as the convention says
            continue
        if name == "timepoint_response" and wanted is None:
            yield from _among(visit, expected.get("candidates") or [])
            continue
        answer = _answer(name, wanted, visit, response, others)
        if not same(answer, wanted):
            yield f"{name} {'is not told' if answer is NOTHING else answer}, expected {wanted}"


def _among(visit: Mapping[str, Any], accepted: Sequence[str]) -> Iterator[str]:
    """An open level: the one told, or one named beside it, is among those that the case accepts."""
    if accepted and not {visit["level"], *visit["candidates"]} & set(accepted):
        yield f"level {visit['level']}, expected one of {', '.join(accepted)}"


def _answer(
    name: str, wanted: Any, visit: Mapping[str, Any], response: Mapping[str, Any], others: Mapping[str, str]
) -> Any:
    """What was said by the name that a case uses, wherever it stands."""
    body = next((other for word, other in BODIES.items() if word in name.lower()), "")
    if body:
        return others.get(body, NOTHING)
    if name in ("flag", "flags"):
        asked = [wanted] if isinstance(wanted, str) else wanted
        return wanted if all(flag in (*visit["flags"], *response["flags"]) for flag in asked) else visit["flags"]
    if isinstance(wanted, Mapping):
        parts = {key: _answer(f"{name}_{key}", one, visit, response, others) for key, one in wanted.items()}
        return wanted if all(same(parts[key], one) for key, one in wanted.items()) else parts
    if name == "pd":
        return visit["level"] == "PD"
    if name == "relapse_type":
        return response["relapse"]
    known = {**visit, **visit["numbers"], **visit["labels"]}
    asked_for = AT_VISIT.get(name, _limit(name))
    if asked_for in known:
        return known[asked_for]
    if isinstance(wanted, bool):
        return name in (*visit["flags"], *response["flags"])
    return {**response, **response["labels"]}.get(asked_for, NOTHING)


def _limit(name: str) -> str:
    """The name of residual disease at a limit, however it is written: ``mrd_1e-6``."""
    found = re.fullmatch(r"mrd_(?:at_)?(?:neg\w*_)?(?:1e|10)[_-]*(?:minus_?)?([456])", name)
    return f"mrd_1e-{found.group(1)}" if found else name


def _over_course(expected: Mapping[str, Any] | None, response: Mapping[str, Any]) -> Iterator[str]:
    """What differs over the course."""
    ends = response["endpoints"]
    last = {name: value for each in response["assessments"] for name, value in each["labels"].items()}
    known = {**last, **response["labels"], **response}
    for name, wanted in (expected or {}).items():
        key = OVER_COURSE.get(name, name)
        time = ends.get(key) if isinstance(ends.get(key), Mapping) else None
        answer = time["days"] if time is not None else known.get(key, ends.get(key, NOTHING))
        if answer is NOTHING and isinstance(wanted, bool):
            answer = name in response["flags"]
        if not same(answer, wanted):
            yield f"{name} {'is not told' if answer is NOTHING else answer}, expected {wanted}"


def _of_cells(case: Case, said: Mapping[str, Any]) -> Outcome:
    """The CAR T cells over time."""
    curves = said["kinetics"]
    wrong: list[str] = []
    for each in case["assessments"]:
        for name, wanted in each["expected"].items():
            if name in NOT_COMPARED:
                continue
            answer = _of_curves(name, wanted, curves)
            if not same(answer, wanted):
                wrong.append(f"{name} {'is not told' if answer is NOTHING else answer}, expected {wanted}")
    flagged = len(curves) > 1 or any(curve["flags"] or curve["policies"] or curve["missing"] for curve in curves)
    return Outcome(case["id"], case["title"], bool(case["ambiguous"]), wrong, flagged)


def _of_curves(name: str, wanted: Any, curves: Sequence[Mapping[str, Any]]) -> Any:
    if not curves:
        return NOTHING
    curve = curves[0]
    if "flag" in name or "missing" in name:
        told = (*curve["flags"], *curve["missing"], *curve["policies"])
        return wanted if wanted in told or told else told
    area = re.search(r"auc\w*?(28|84)", name) or ("auc" in name and re.search("()", name))
    key = f"area_{area.group(1) or 28}" if area else OF_CELLS.get(name, name)
    return curve.get(key, NOTHING)


def same(answer: Any, wanted: Any) -> bool:
    """Whether two answers are one: numbers to the one decimal that is shown, words whatever their spelling."""
    if answer is NOTHING:
        return False
    if isinstance(wanted, bool):
        return _truth(answer) is wanted
    if isinstance(wanted, Mapping):
        return answer is wanted
    if wanted is None or answer is None:
        return answer is wanted
    if isinstance(wanted, int | float) and isinstance(answer, int | float):
        return math.isclose(answer, wanted, rel_tol=0.005, abs_tol=0.051)
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return any(same(answer, each) for each in wanted)
    return _spelled(answer) == _spelled(wanted)


def _truth(answer: Any) -> bool | None:
    return {"yes": True, "no": False, "not_yet": False}.get(answer) if isinstance(answer, str) else answer is True


def _spelled(word: Any) -> str:
    return re.sub(r"[^a-z0-9]", "", str(word).lower().replace("non", "not"))
