"""An accepted plan is appointments in the courses' records: written when somebody accepts it, read back here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from cartway.pathway.course import Course
from cartway.pathway.slots.days import Day, day_of, instant_of
from cartway.pathway.slots.plan import Days, Planned
from cartway.record import Fact

CANCELLED = "cancelled"


def appointments(course: Course) -> dict[str, Fact]:
    """The last appointment of every step that is not cancelled, also of those to come."""
    found: dict[str, Fact] = {}
    stated = (fact for fact in (*course.facts, *course.ahead) if fact.what == "appointment")
    for fact in sorted(stated, key=lambda fact: (fact.position, fact.at)):
        found[step_of(fact)] = fact
    return {step: fact for step, fact in found.items() if fact.detail.get("state") != CANCELLED}


def step_of(fact: Fact) -> str:
    """Which step an appointment is of."""
    return "second_infusion" if fact.choice == "infusion" and fact.detail.get("part") == 2 else fact.choice


def accepted(course: Course, zone: tzinfo) -> Planned | None:
    """A course's line of the accepted plan, None where it has none or no infusion in it."""
    found = appointments(course)
    if "infusion" not in found:
        return None
    days = {step: _span(fact, zone) for step, fact in found.items()}
    first = {step: span[0] for step, span in days.items()}
    product = str(found["infusion"].detail.get("product", ""))
    places = {step: str(fact.detail["resource"]) for step, fact in found.items() if fact.detail.get("resource")}
    line = Days(
        infusion=first["infusion"], bed=days.get("bed", days["infusion"]), collection=first.get("collection"),
        manufacture=first.get("manufacture"), lymphodepletion=days.get("lymphodepletion"),
        second_infusion=first.get("second_infusion"),
    )  # fmt: skip
    return Planned(course.id, product, line, places)


def plan_of(course: Course) -> str:
    """The id of the plan that a course's appointments are of, empty where it has none."""
    return next((str(fact.detail.get("plan", "")) for fact in appointments(course).values()), "")


def _span(fact: Fact, zone: tzinfo) -> tuple[Day, Day]:
    first = day_of(fact.at, zone)
    return first, day_of(fact.until - 1, zone) if fact.until is not None and fact.until > fact.at else first


def as_facts(course: Course, line: Planned | None, plan: str, zone: tzinfo) -> Iterator[Fact]:
    """The appointments that accepting a plan records for a course: only what differs from those it has.

    A moved step corrects its earlier appointment, so that each step has one; a step that is no more is cancelled.
    Times are midnights at the center. Keys are for the caller to give.
    """
    had = appointments(course)
    wanted = {} if line is None else dict(_wanted(course.id, line, plan, zone))
    for step, fact in wanted.items():
        if step not in had:
            yield fact
        elif _same(had[step]) != _same(fact):
            yield _amending(fact, had[step], "moved by the plan")
    for step, fact in had.items():
        # A step that a line lacks today may just have happened; without a line, what is not over is called off.
        ends = fact.at if line is not None else fact.until or fact.at
        if step not in wanted and ends > course.now:
            detail = {**fact.detail, "state": CANCELLED, "plan": plan}
            gone = Fact(fact.course, fact.at, "appointment", choice=fact.choice, until=fact.until, detail=detail)
            yield _amending(gone, fact, "no longer in the plan")


def _amending(fact: Fact, earlier: Fact, reason: str) -> Fact:
    return Fact(
        fact.course, fact.at, fact.what, choice=fact.choice, until=fact.until, detail=fact.detail,
        amends=earlier.key, reason=reason,
    )  # fmt: skip


def _wanted(course: str, line: Planned, plan: str, zone: tzinfo) -> Iterator[tuple[str, Fact]]:
    for step, first, last in line.days.spans():
        detail: dict[str, Any] = {"plan": plan, "state": "planned", "product": line.product}
        if line.places.get(step):
            detail["resource"] = line.places[step]
        if line.days.second_infusion is not None and step in ("infusion", "second_infusion"):
            detail["part"] = 2 if step == "second_infusion" else 1
        choice = "infusion" if step == "second_infusion" else step
        at, until = instant_of(first, zone), instant_of(last + 1, zone)
        yield step, Fact(course, at, "appointment", choice=choice, until=until, detail=detail)


def _same(fact: Fact) -> tuple[Any, ...]:
    """What makes an appointment another one; that it is confirmed by a later plan does not."""
    detail: Mapping[str, Any] = {key: value for key, value in fact.detail.items() if key != "plan"}
    return fact.at, fact.until, fact.choice, tuple(sorted((key, str(value)) for key, value in detail.items()))
