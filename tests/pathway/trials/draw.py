"""Small drawn courses and records for the tests of trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.trials import Asked, Trial, read_document
from cartway.record import Fact
from cartway.times import parse

DATA = Path(__file__).parent / "data"
EXAMPLES = Path(__file__).parents[3] / "examples" / "trials"
ON = date(2026, 3, 16)


def fact(what: str, choice: str = "", *, at: str = "2026-03-01T09:00Z", **more: Any) -> Fact:
    """A fact of the drawn course."""
    return Fact("c", parse(at), what, choice=choice, **more)


def woman(age: float = 58, diagnosis: str = "dlbcl", *more: Fact) -> Course:
    """A woman with an age charted on 1 March 2026 and a diagnosis; where she lives is not known."""
    facts = [fact("age", value=age, unit="a"), fact("sex", "female"), fact("diagnosis", diagnosis), *more]
    return Course(facts, parse("2026-03-16T12:00Z"))


def nobody() -> Course:
    """A course of which nothing is known."""
    return Course([], parse("2026-03-16T12:00Z"))


def asked(course: Course, on: date = ON) -> Asked:
    """A course asked on 16 March 2026, records counting for 90 days."""
    return Asked(course, on, 90)


def study(
    *,
    conditions: Sequence[str] = ("Lymphoma",),
    status: str = "RECRUITING",
    countries: Sequence[str] = ("United States",),
    taken: str = "2026-03-02",
    number: str = "NCT00000001",
    title: str = "A trial",
    **eligibility: Any,
) -> dict[str, Any]:
    """A record of the registry's API version 2, as a decoded document."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": title},
            "statusModule": {"overallStatus": status},
            "conditionsModule": {"conditions": list(conditions)},
            "eligibilityModule": eligibility,
            "contactsLocationsModule": {"locations": [{"facility": "A", "country": each} for each in countries]},
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": taken}},
    }


def read(document: Mapping[str, Any]) -> Trial:
    """The one trial of a document."""
    (found,) = read_document(msgspec.json.encode(document), "drawn.json")
    assert isinstance(found, Trial), found
    return found
