"""Score the worked follow-up cases: see `score_cases.py`, which calls `outcomes`.

A case becomes a facts table (`follow_up_facts.py`), `cartway aftercare` answers as it answers any user, and each thing
that the case expects is looked up by its name. A sentence counts as said where its numbers and most of its words stand
in what the answer says of that matter. An open case is flagged where the answer leaves a question open, names several
days, or marks what decided as not confirmed.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from cartway.cli.app import app
from follow_up_facts import Case, asked_on, country, facts
from follow_up_names import NOT_KNOWN, Answer, looked_up

COLUMNS = ("course", "at", "until", "what", "value", "unit", "choice", "detail", "about", "event", "source", "key")
MOST = 0.6  # of a sentence's words must be said
STATUSES = {
    "allowed": {"allowed", "done"}, "yes": {"allowed", "done"}, "not_allowed": {"not_allowed", "not_yet"},
    "not allowed": {"not_allowed", "not_yet"}, "no": {"not_allowed", "not_yet"}, "not_yet": {"not_allowed", "not_yet"},
    "contraindicated": {"not_allowed"}, "unknown": {"unknown"}, "restricted": {"not_yet"}, "due": {"due", "overdue"},
}  # fmt: skip
SHORT = {
    "ld": "lymphodepletion", "ivig": "immunoglobulins", "pjp": "pneumocystis", "centre": "center", "mo": "months",
    "hct": "transplant", "aciclovir": "acyclovir", "clinician": "physician", "clinicians": "physician",
    "tumour": "tumor", "diarrhoea": "diarrhea", "tumours": "tumor",
}  # fmt: skip
COMMON = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "if", "in", "is", "it", "its", "least", "of", "on",
     "or", "per", "than", "that", "the", "then", "to", "with")
)  # fmt: skip


class Outcome(NamedTuple):
    """One case scored: what differs, whether it is open, whether the answer says so."""

    case: str
    title: str
    is_open: bool
    wrong: list[str]
    flagged: bool


def outcomes(cases: Iterable[Case]) -> Iterator[Outcome]:
    """Every case, asked of the command line and compared."""
    for case in cases:
        told = answer(case)
        wrong = [line for name, expected in case["expected"].items() for line in compared(case, name, expected, told)]
        yield Outcome(case["id"], case["title"], bool(case.get("ambiguous")), wrong, flagged(case, told))


def answer(case: Case) -> Answer:
    """What `cartway aftercare` says of one case, on the day that it asks about."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "facts.csv"
        with table.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, extrasaction="raise")
            writer.writeheader()
            for row in facts(case):
                writer.writerow({**row, "detail": json.dumps(row["detail"]) if row.get("detail") else ""})
        at = f"{asked_on(case).isoformat()}T23:00:00+00:00"
        asked = ["aftercare", str(table), "--at", at, "--format", "json"]
        done = CliRunner().invoke(app, asked, env={"CARTWAY_COUNTRY": country(case)}, catch_exceptions=False)
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said[0]


def flagged(case: Case, told: Answer) -> bool:
    """Whether what the case asks about is said to be open: a question nobody answered, several days, not confirmed."""
    found = (looked_up(case, name, told) for name in case["expected"])
    return any(each["open"] for each in found if isinstance(each, Mapping))


def compared(case: Case, name: str, expected: Any, told: Answer) -> list[str]:
    """What differs in one thing that a case expects."""
    found = looked_up(case, name, told)
    if found is NOT_KNOWN:
        return [f"{name}: nothing of that name is known here"]
    if expected is None:
        said_open = found is None or (isinstance(found, Mapping) and found["open"])
        return [] if said_open else [f"{name} is open, and nothing says so"]
    return [] if agrees(name, found, expected) else [f"{name} {shown(found)}, expected {expected}"]


def agrees(name: str, found: Any, expected: Any) -> bool:
    """Whether what was found is what is expected."""
    if isinstance(expected, bool | int):
        return bool(found == expected)
    if isinstance(expected, list) and "reason" in name:
        return all(says(each, found["texts"]) for each in expected)
    if isinstance(expected, list):
        days = set(found["days"]) if isinstance(found, Mapping) else set(found or ())
        return set(expected) <= days
    if is_date(expected):
        return is_day(found, str(expected))
    return is_said(str(expected), found)


def is_day(found: Any, expected: str) -> bool:
    """Whether it is the day that was found; where sources differ, one of their days."""
    if not isinstance(found, Mapping):
        return bool(found == expected)
    return expected == found["day"] or (found["open"] and expected in found["days"])


def is_said(expected: str, found: Any) -> bool:
    """Whether a status or a sentence stands in what was found."""
    if not isinstance(found, Mapping):
        return says(expected, [str(found)])
    if expected.casefold() in STATUSES and found.get("status"):
        return found["status"] in STATUSES[expected.casefold()]
    return says(expected, found["texts"])


def says(expected: str, texts: Sequence[str]) -> bool:
    """Whether the numbers of a sentence and most of its words stand in some texts."""
    words, said = _words(expected), _words(" ".join(texts))
    numbers = {word for word in words if word[0].isdigit()}
    return numbers <= said and len(words & said) >= MOST * len(words)


def _words(text: str) -> set[str]:
    found = re.findall(r"\d+(?:\.\d+)?|[a-z]+", text.casefold())
    spelled = (word for short in found for word in SHORT.get(short, short).split())
    return {word[:6] for word in spelled if word not in COMMON}


def is_date(value: Any) -> bool:
    """Whether something expected is a day."""
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None


def shown(found: Any) -> str:
    """What was found, short enough for a line."""
    if isinstance(found, Mapping):
        return f"{found.get('status') or ''} {found['day']} {' '.join(found['texts'])[:200]}".strip()
    return str(found)
