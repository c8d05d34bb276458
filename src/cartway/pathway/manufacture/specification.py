"""The specification in force: what a batch is tested against, by its name and version, and each result against it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import Instant

TESTS: Mapping[str, str] = {
    "viability": "Viability",
    "cd3": "CD3-positive cells",
    "car": "CAR-positive cells",
    "vcn": "Vector copies per cell",
    "sterility": "Sterility",
    "mycoplasma": "Mycoplasma",
    "endotoxin": "Endotoxin",
    "rcl": "Replication-competent vector",
    "potency": "Potency",
    "dose": "Dose",
    "identity": "Identity",
}
"""The usual release tests, by the name that a fact gives them, as they are called on a page."""


class Limits(msgspec.Struct, frozen=True):
    """One test of a specification. None where there is no limit on that side; both None: a result in words."""

    test: str
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""
    after_release: bool = False


class Specification(msgspec.Struct, frozen=True):
    """A specification by its name and version, empty where nobody has stated one, and its tests in their order."""

    name: str
    limits: Mapping[str, Limits] = {}
    facts: tuple[Fact, ...] = ()


class Outcome(StrEnum):
    """What a test says. `contradicted`: the word and the number do not agree. `retested`: it failed, then passed; only
    a disposition that came afterwards says which of the two stands.
    """

    passed = "passed"
    failed = "failed"
    pending = "pending"
    missing = "missing"
    contradicted = "contradicted"
    retested = "failed, then passed"


class ReleaseTest(msgspec.Struct, frozen=True):
    """One test of a batch: its outcome, the limits it was held against, whose they are, and why.

    `at` is when the outcome came; `specification` the one that the result itself names, `other_version` where that is
    not the one in force.
    """

    test: str
    outcome: Outcome
    because: str
    limits: Limits | None = None
    specification: str = ""
    other_version: bool = False
    value: float | None = None
    unit: str = ""
    at: Instant | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def label(self) -> str:
        """As it is called on a page."""
        return TESTS.get(self.test, self.test)


def specification_in_force(center: Course, product: str, at: Instant) -> Specification:
    """The newest specification of a product that was in force at `at`, from the center's record."""
    stated = [
        fact
        for fact in center.all("release_specification", about=product)
        if fact.at <= at and (fact.until is None or fact.until > at)
    ]
    if not stated:
        return Specification("")
    name = str(stated[-1].detail.get("specification", ""))
    mine = tuple(fact for fact in stated if fact.detail.get("specification", "") == name)
    return Specification(name, {str(fact.detail.get("test", "")): _limits(fact) for fact in mine}, mine)


def read_tests(course: Course, batch: str, specification: Specification) -> tuple[ReleaseTest, ...]:
    """Every test of a batch that its specification or a result names, in the usual order."""
    results: dict[str, list[Fact]] = {}
    for fact in course.all("release_test", about=batch):
        results.setdefault(str(fact.detail.get("test", "")), []).append(fact)
    order = {name: n for n, name in enumerate(TESTS)}
    names = sorted({*specification.limits, *results}, key=lambda name: (order.get(name, len(order)), name))
    return tuple(_read(name, results.get(name, []), specification) for name in names)


def _read(test: str, results: list[Fact], specification: Specification) -> ReleaseTest:
    in_force = specification.limits.get(test)
    if not results:
        return ReleaseTest(test, Outcome.missing, f"{specification.name} asks for it; there is no result.", in_force)
    last = results[-1]
    held = in_force or _limits(last)
    named = str(last.detail.get("specification", ""))
    outcome, because = _judged(results, held)
    other = bool(named and specification.name and named != specification.name)
    if other:
        because += f" The result names {named}; in force is {specification.name}."
    return ReleaseTest(
        test, outcome, because, held, named or specification.name, other, _number(last, "value"),
        str(last.detail.get("unit", "")) or held.unit, last.at, tuple(results),
    )  # fmt: skip


def _judged(results: list[Fact], limits: Limits) -> tuple[Outcome, str]:
    """The newest result's outcome. A pass after a failure is not taken for one: who tests again says why."""
    last = results[-1]
    if last.choice == Outcome.pending:
        return Outcome.pending, "The result is to come."
    unit = str(last.detail.get("unit", ""))
    if unit and limits.unit and unit != limits.unit:
        return Outcome.contradicted, f"The result is in {unit}, the limit in {limits.unit}: they cannot be compared."
    outside = _outside(last, limits) or _outside(last, _limits(last))
    if outside and last.choice == Outcome.passed:
        return Outcome.contradicted, f"It is called within specification, but {outside}."
    if last.choice == Outcome.failed:
        return Outcome.failed, f"Out of specification: {outside or 'as the laboratory says'}."
    if any(fact.choice == Outcome.failed for fact in results[:-1]):
        return Outcome.retested, "It failed and passed later: the holder's quality unit says which stands."
    return Outcome.passed, "Within specification."


def _outside(fact: Fact, limits: Limits) -> str:
    """How a result's number lies outside its limits; empty where it does not, or has none."""
    value = _number(fact, "value")
    if value is None:
        return ""
    if limits.lowest is not None and value < limits.lowest:
        return f"{_with_unit(value, limits)} is below {_with_unit(limits.lowest, limits)}"
    if limits.highest is not None and value > limits.highest:
        return f"{_with_unit(value, limits)} is above {_with_unit(limits.highest, limits)}"
    return ""


def _with_unit(value: float, limits: Limits) -> str:
    return f"{value:g} {limits.unit}".strip()


def _limits(fact: Fact) -> Limits:
    detail = fact.detail
    return Limits(
        str(detail.get("test", "")), _number(fact, "lowest"), _number(fact, "highest"), str(detail.get("unit", "")),
        detail.get("after_release") is True,
    )  # fmt: skip


def _number(fact: Fact, name: str) -> float | None:
    value = fact.detail.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
