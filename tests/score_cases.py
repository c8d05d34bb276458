"""Score worked cases: `python tests/score_cases.py FILE [FILE ...]`.

Strips what is expected, gives the facts to the public command line as any user would, and compares what comes back.
No clinical logic is here: a case says which scale, at which hour, which grade. An ambiguous case is flagged where a
result of that scale names a policy or something missing, or could not be assessed, and its grade is one that the case
accepts.

The last line is `unambiguous R/N, ambiguous flagged F/A`; for eligibility cases see `eligibility_cases.py`.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import eligibility_cases

Case = Mapping[str, Any]
COLUMNS = ("course", "at", "until", "what", "value", "unit", "choice", "detail", "about", "event", "source", "key")
CONVENTION = ("--policy", "observation_validity=until_replaced")  # of the worked cases
SCALES = {"crs": "crs.astct", "icans": "icans.astct"}


def read(path: Path) -> dict[str, Any]:
    """One file of cases."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def load(paths: Iterable[Path]) -> list[Case]:
    """The cases of some files."""
    return [case for path in paths for case in read(path)["cases"]]


def scored(cases: Iterable[Case]) -> Iterator[tuple[Case, str, Mapping[str, Any]]]:
    """Each case with each scale that it asks about and what it expects there."""
    for case in cases:
        for name, expected in case["expected"].items():
            if name in SCALES and expected is not None:
                yield case, SCALES[name], expected


def grade(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """All episodes of all cases, by the command line."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.csv"
        write_table(cases, table)
        command = [sys.executable, "-m", "cartway.cli", "grade", str(table), "--format", "json", *CONVENTION]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    episodes: list[dict[str, Any]] = json.loads(done.stdout)
    return episodes


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


def misses(case: Case, expected: Mapping[str, Any], episodes: Sequence[Mapping[str, Any]]) -> list[str]:
    """What differs from what is expected, in words."""
    found = []
    reached = peak(episodes)
    accepted = expected.get("acceptable_peak", [expected["peak"]] if "peak" in expected else [reached])
    if reached not in accepted:
        found.append(f"peak {reached}, expected {' or '.join(map(str, accepted))}")
    zero = datetime.fromisoformat(case["zero"])
    for question in expected.get("at", []) if "acceptable_peak" not in expected else []:
        grade = grade_at(episodes, zero + timedelta(hours=question["t_h"]))
        if grade != question["grade"]:
            found.append(f"{question['t_h']} h: {grade}, expected {question['grade']}")
    return found


def flagged(episodes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a result says that a policy decided, or that nothing could be assessed since it began to be."""
    return any(episode["policies"] for episode in episodes)


def score(cases: Sequence[Case]) -> str:
    """Grade and compare; prints what misses. Returns the closing line."""
    episodes = grade(cases)
    right = asked = flags = open_cases = 0
    for case, scale, expected in scored(cases):
        own = [episode for episode in episodes if episode["course"] == case["id"] and episode["scale"] == scale]
        wrong = misses(case, expected, own)
        is_open = bool(case["ambiguous"]) and "acceptable_peak" in expected
        if is_open:
            open_cases += 1
            flags += not wrong and flagged(own)
        else:
            asked += 1
            right += not wrong
        if wrong or (is_open and not flagged(own)):
            print(f"{case['id']} {scale}: {'; '.join(wrong) or 'not flagged'} ({case['title']})")
    return f"unambiguous {right}/{asked}, ambiguous flagged {flags}/{open_cases}"


def main() -> None:
    """Score the files named on the command line."""
    if len(sys.argv) < 2:
        sys.exit("usage: score_cases.py FILE [FILE ...]")
    paths = [Path(name) for name in sys.argv[1:]]
    labels = [document for path in paths if eligibility_cases.is_about_eligibility(document := read(path))]
    grades = [path for path in paths if not eligibility_cases.is_about_eligibility(read(path))]
    if grades:
        print(score(load(grades)))
    for document in labels:
        print(eligibility_cases.score(document))


if __name__ == "__main__":
    main()
