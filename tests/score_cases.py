"""Score worked cases: `python tests/score_cases.py FILE [FILE ...]`.

Strips what is expected, gives the facts to the public command line as any user would, and compares what comes back.
No clinical logic is here: a case says which scale, at which hour, which grade, which count, which score. An ambiguous
case is flagged where a result of that scale names a policy, and its answer is one that the case accepts.

The last line is `unambiguous R/N, ambiguous flagged F/A`; for eligibility cases see `eligibility_cases.py`, for those
of response and follow-up (a case counts once) `response_cases.py` and `follow_up_cases.py`.
"""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import eligibility_cases
import follow_up_cases
import response_cases

Case = Mapping[str, Any]
COLUMNS = ("course", "at", "until", "what", "value", "unit", "choice", "detail", "about", "event", "source", "key")
CONVENTION = ("--policy", "observation_validity=until_replaced")  # of the worked cases
SCALES = {
    "crs": "crs.astct",
    "icans": "icans.astct",
    "icaht_early": "icaht.early",
    "icaht_late": "icaht.late",
    "t_icaht_early": "t_icaht.early",
    "t_icaht_late": "t_icaht.late",
    "iec_hs": "iec_hs.astct",
    "tls": "tls.cairo_bishop",
    "ctcae_neutrophils": "ctcae.neutrophils",
    "ctcae_platelets": "ctcae.platelets",
    "ctcae_hemoglobin": "ctcae.hemoglobin",
}
OTHER_SCALES = {
    "Lee-2014": "crs.lee2014",
    "Penn": "crs.penn",
    "MSKCC": "crs.mskcc",
    "CARTOX": "crs.cartox",
    "MDACC": "crs.cartox",
    "CTCAE-v4": "crs.ctcae4",
    "CTCAE-v4.03": "crs.ctcae4",
    "CTCAE-v5": "crs.ctcae5",
    "CTCAE-v5.0": "crs.ctcae5",
}
NOT_COMPARED = {"at", "data_error", "flag"}  # hours have a comparison of their own; the others tell why a case is open


class Answers(NamedTuple):
    """What the command line said: episodes by course and scale, scores by course and name."""

    episodes: Mapping[tuple[str, str], list[dict[str, Any]]]
    scores: Mapping[str, Mapping[str, dict[str, Any]]]

    def of(self, case: Case, scale: str) -> list[dict[str, Any]]:
        """The episodes of one course and scale."""
        return self.episodes.get((case["id"], scale), [])


class Question(NamedTuple):
    """One comparison: what it is about, whether the case is open there, what differs, whether a policy is named."""

    about: str
    is_open: bool
    wrong: list[str]
    flagged: bool


def read(path: Path) -> dict[str, Any]:
    """One file of cases."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def load(paths: Iterable[Path]) -> list[Case]:
    """The cases of some files."""
    return [case for path in paths for case in read(path)["cases"]]


def answers(cases: Sequence[Case]) -> Answers:
    """All episodes and scores of all cases, by the command line."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.csv"
        write_table(cases, table)
        told = command("grade", table, "--scale", "all", *CONVENTION)
        scored = command("score", table)
    episodes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for episode in told:
        episodes.setdefault((episode["course"], episode["scale"]), []).append(episode)
    return Answers(episodes, {one["course"]: one["scores"] for one in scored})


def command(verb: str, table: Path, *options: str) -> list[dict[str, Any]]:
    """What a verb of the command line says of a facts table."""
    asked = [sys.executable, "-m", "cartway.cli", verb, str(table), "--format", "json", *options]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def write_table(cases: Sequence[Case], path: Path) -> None:
    """The cases' facts as a facts table, a course a case; nothing of what is expected."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, extrasaction="raise")
        writer.writeheader()
        for case in cases:
            for fact in case["facts"]:
                detail = json.dumps(fact["detail"]) if fact.get("detail") else ""
                writer.writerow({**fact, "course": case["id"], "detail": detail})


def grade_at(episodes: Sequence[Mapping[str, Any]], moment: datetime) -> int | str | None:
    """The grade at a moment; a word where no episode covers it."""
    for episode in episodes:
        ended = episode["end"] is not None and datetime.fromisoformat(episode["end"]) <= moment
        if datetime.fromisoformat(episode["start"]) <= moment and not ended:
            grade: int | None = episode["grade"]
            return grade
    return "not covered"


def peak(episodes: Sequence[Mapping[str, Any]]) -> int | None:
    """The highest grade, None where none could be assessed."""
    return max((episode["grade"] for episode in episodes if episode["assessable"]), default=None)


def measured(episodes: Sequence[Mapping[str, Any]], name: str) -> Any:
    """A count as it stood at the end; a word where none is told."""
    told = [episode["measures"][name] for episode in episodes if name in (episode.get("measures") or {})]
    return told[-1] if told else "not told"


def flagged(episodes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a result says that a policy decided."""
    return any(episode["policies"] for episode in episodes)


def same(answer: Any, expected: Any) -> bool:
    """Whether two answers are one: numbers to half a percent, everything else exactly."""
    if isinstance(answer, bool) or isinstance(expected, bool) or answer is None or expected is None:
        return answer is expected
    if isinstance(answer, int | float) and isinstance(expected, int | float):
        return math.isclose(answer, expected, rel_tol=0.005, abs_tol=1e-9)
    return bool(answer == expected)


def differs(what: str, answer: Any, accepted: Sequence[Any]) -> list[str]:
    """What differs, in words; nothing where the answer is among those accepted."""
    if any(same(answer, each) for each in accepted):
        return []
    return [f"{what} {answer}, expected {' or '.join(map(str, accepted))}"]


def questions(case: Case, said: Answers) -> Iterator[Question]:
    """Every question that a case asks, answered."""
    for name, expected in case["expected"].items():
        if expected is None or name.endswith("_acceptable"):
            continue
        if name in SCALES:
            beside = case["expected"].get(f"{name}_acceptable")
            yield of_scale(case, SCALES[name], expected, beside, said.of(case, SCALES[name]))
        elif name == "other_scales":
            yield from of_other_scales(case, expected, said)
        elif name == "scores":
            yield from of_scores(case, expected, said)
        else:
            yield Question(name, False, ["not compared: no such scale or score is known here"], False)


def of_scale(case: Case, scale: str, expected: Mapping[str, Any], beside: Any, found: list[dict[str, Any]]) -> Question:
    """One scale of one case: the highest grade, grades at hours, counts, whether the criteria are met."""
    accepted = accepted_of(expected, beside)
    is_open = bool(case["ambiguous"]) and bool(accepted)
    reached = peak(found)
    answer = {"peak": reached, "grade": reached, "meets": None if reached is None else reached > 0}
    wrong = []
    for name in asked_of(expected, accepted):
        told = answer[name] if name in answer else measured(found, name)
        wrong += differs(name, told, accepted.get(name, [expected.get(name)]))
    return Question(scale, is_open, wrong if is_open else wrong + at_hours(case, expected, found), flagged(found))


def asked_of(expected: Mapping[str, Any], accepted: Mapping[str, Any]) -> list[str]:
    """What is compared of a scale. Where a question is open, a grade that is not is only one of those accepted."""
    names = [name for name in expected if name not in NOT_COMPARED and "acceptable" not in name]
    names += [name for name in accepted if name not in names]
    grades = {"peak", "grade", "meets"}
    return [name for name in names if not accepted or name in accepted or name not in grades]


def accepted_of(expected: Mapping[str, Any], beside: Any) -> dict[str, list[Any]]:
    """The answers that an open question accepts, by what is asked; none where it is not open."""
    found = {}
    for key, answers in expected.items():
        if "acceptable" in key:
            name = key.replace("acceptable", "").strip("_")
            found[name or ("grade" if "grade" in expected else "peak")] = list(answers)
    if isinstance(beside, Mapping):
        found |= {name: list(answers) for name, answers in beside.items()}
    elif beside is not None:
        found["grade" if "grade" in expected else "peak"] = list(beside)
    return found


def at_hours(case: Case, expected: Mapping[str, Any], found: list[dict[str, Any]]) -> list[str]:
    """What differs at the hours after the infusion that a case asks about."""
    zero = datetime.fromisoformat(case["zero"])
    asked = expected.get("at", [])
    told = ((each, grade_at(found, zero + timedelta(hours=each["t_h"]))) for each in asked)
    return [
        f"{each['t_h']} h: {grade}, expected {each['grade']}" for each, grade in told if not same(grade, each["grade"])
    ]


def of_other_scales(case: Case, expected: Mapping[str, Any], said: Answers) -> Iterator[Question]:
    """The highest grade by each of the older scales."""
    open_ones = case["expected"].get("other_scales_acceptable", {})
    for name, grade in expected.items():
        scale = OTHER_SCALES.get(name, name)
        found = said.of(case, scale)
        is_open = bool(case["ambiguous"]) and name in open_ones
        yield Question(scale, is_open, differs("peak", peak(found), open_ones.get(name, [grade])), flagged(found))


def of_scores(case: Case, expected: Mapping[str, Any], said: Answers) -> Iterator[Question]:
    """Each score, and its risk where the case names one."""
    open_ones = case["expected"].get("scores_acceptable", {})
    told = said.scores.get(case["id"], {})
    for name, value in expected.items():
        if name.endswith("_acceptable") or name.startswith("acceptable"):
            continue
        score = told.get(name.removesuffix("_risk"), {})
        answer = "not told" if not score else score["value"]
        if name.endswith("_risk"):
            answer = score.get("risk") or None
        if name == "tls_grade":
            answer = peak(said.of(case, SCALES["tls"]))
        accepted = open_ones.get(name, expected.get(f"{name}_acceptable", [value]))
        is_open = bool(case["ambiguous"]) and len(accepted) > 1
        yield Question(name, is_open, differs("is", answer, accepted), bool(score.get("policies")))


def score(cases: Sequence[Case]) -> str:
    """Grade and compare; prints what misses. Returns the closing line."""
    said = answers(cases)
    right = asked = flags = open_cases = 0
    for case in cases:
        for question in questions(case, said):
            if question.is_open:
                open_cases += 1
                flags += not question.wrong and question.flagged
            else:
                asked += 1
                right += not question.wrong
            if question.wrong or (question.is_open and not question.flagged):
                told = "; ".join(question.wrong) or "not flagged"
                print(f"{case['id']} {question.about}: {told} ({case['title']})")
    return f"unambiguous {right}/{asked}, ambiguous flagged {flags}/{open_cases}"


def score_after(document: Mapping[str, Any]) -> str:
    """The response and follow-up cases of a file; prints what misses. Returns the closing line."""
    asked_after = document.get("followup_cases", document.get("follow_up_cases", []))
    found = [
        *response_cases.outcomes(document),
        *(response_cases.Outcome(*each) for each in follow_up_cases.outcomes(asked_after)),
    ]
    for each in found:
        if each.wrong or (each.is_open and not each.flagged):
            print(f"{each.case}: {'; '.join(each.wrong) or 'not flagged'} ({each.title})")
    decided = [each for each in found if not each.is_open]
    open_ones = [each for each in found if each.is_open]
    right = sum(not each.wrong for each in decided)
    flags = sum(not each.wrong and each.flagged for each in open_ones)
    return f"unambiguous {right}/{len(decided)}, ambiguous flagged {flags}/{len(open_ones)}"


def main() -> None:
    """Score the files named on the command line."""
    if len(sys.argv) < 2:
        sys.exit("usage: score_cases.py FILE [FILE ...]")
    grades: list[Path] = []
    last: list[str] = []
    for path in map(Path, sys.argv[1:]):
        document = read(path)
        if response_cases.is_about_response(document):
            last.append(score_after(document))
        elif eligibility_cases.is_about_eligibility(document):
            last.append(eligibility_cases.score(document))
        else:
            grades.append(path)
    if grades:
        print(score(load(grades)))
    for line in last:
        print(line)


if __name__ == "__main__":
    main()
