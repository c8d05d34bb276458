"""Small courses of the response tests, drawn by days from the infusion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response import Choices, Level, Response, respond
from cartway.times import DAY, HOUR, Instant, parse

INFUSED = parse("2026-01-05T12:00Z")
BASELINE_DAY = -7


def day(number: float) -> Instant:
    """An instant by days from the infusion."""
    return INFUSED + round(number * DAY)


def infusion(product: str = "axicabtagene_ciloleucel") -> list[Fact]:
    """The start of a course of lymphoma: the disease, lymphodepletion, the infusion."""
    return [
        Fact("a", day(-30), "diagnosis", choice="dlbcl"),
        Fact("a", day(-5), "lymphodepletion", choice="started"),
        Fact("a", INFUSED, "infusion", choice=product),
    ]


def scan(number: float, /, *targets: tuple[str, float | str, float] | Fact, event: str = "", **told: Any) -> list[Fact]:
    """A scan: targets as (name, longest, across) or (name, choice, 0); names that begin with E are extranodal.

    Further facts by name: a number, a choice, or a fact's fields as a mapping.
    """
    at = day(number)
    scanned = event or f"day {number}"
    facts = [_lesion(target, at, scanned) for target in targets]
    for what, value in told.items():
        facts += [_fact(what, each, at, scanned) for each in (value if isinstance(value, list) else [value])]
    return facts


def ct(number: float, *targets: tuple[str, float | str, float], **told: Any) -> list[Fact]:
    """A CT scan where all that is not said is normal: nothing outside the targets, spleen 11 cm, no marrow taken."""
    usual = {"imaging": "ct", "non_target_disease": "absent", "spleen_length": 11.0}
    if number < 0:
        usual["marrow_finding"] = "negative"
    return scan(number, *targets, **{**usual, **told})


def pet(number: float, score: float | str | None = None, change: str = "", **told: Any) -> list[Fact]:
    """A PET-CT: the worst Deauville score, and the uptake against baseline."""
    usual: dict[str, Any] = {"imaging": "pet_ct", "pet_marrow": "negative"}
    if score is not None:
        usual["deauville_score"] = score
    if change:
        usual["uptake_change"] = change
    return scan(number, **{**usual, **told})


def course(*parts: Iterable[Fact], until: float = 4000, begin: list[Fact] | None = None) -> Course:
    """A course of lymphoma with an infusion on day 0."""
    facts = infusion() if begin is None else begin
    return Course([*facts, *(fact for part in parts for fact in part)], day(until))


def answer(*parts: Iterable[Fact], criteria: str = "", **choices: Any) -> Response:
    """The response of a course of lymphoma."""
    found = respond(course(*parts), Choices(**choices), criteria)
    assert isinstance(found, Response), found
    return found


def last(*parts: Iterable[Fact], criteria: str = "", **choices: Any) -> Level:
    """The level at the last scan."""
    return answer(*parts, criteria=criteria, **choices).levels[-1]


def levels(*parts: Iterable[Fact], criteria: str = "", **choices: Any) -> list[str]:
    """The time-point levels of all scans."""
    return [level.level for level in answer(*parts, criteria=criteria, **choices).levels]


def _lesion(target: Any, at: Instant, event: str) -> Fact:
    if isinstance(target, Fact):
        return target
    name, longest, across = target
    site = "extranodal" if name.startswith("E") else "node"
    if isinstance(longest, str):
        return Fact("a", at, "lesion", choice=longest, about=name, event=event, detail={"site": site})
    detail = {"site": site, "short_axis": across}
    return Fact("a", at, "lesion", float(longest), "cm", about=name, event=event, detail=detail)


def _fact(what: str, value: Any, at: Instant, event: str) -> Fact:
    if isinstance(value, dict):
        return Fact("a", at + HOUR, what, event=event, **value)
    if isinstance(value, str):
        return Fact("a", at, what, choice=value, event=event)
    return Fact("a", at, what, float(value), event=event)
