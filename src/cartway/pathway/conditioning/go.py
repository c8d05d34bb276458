"""Go or no go: what must hold before lymphodepletion, before the infusion and before a second dose, with reasons.

Each point answers yes, no or unknown. A decision is a person's; the lists say what is open when it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from cartway.pathway.answer import Answer, Criterion, Severity, all_of
from cartway.pathway.conditioning import of_day as day
from cartway.pathway.conditioning import of_patient as patient
from cartway.pathway.conditioning import of_product as product
from cartway.pathway.conditioning.by_part import of_second_part
from cartway.pathway.conditioning.case import Case
from cartway.record import Fact


class Before(StrEnum):
    """What a decision is made before; also the `about` of its `go_no_go` fact."""

    lymphodepletion = "lymphodepletion"
    infusion = "infusion"
    second_dose = "second dose"


BLOCKING = (Severity.absolute, Severity.deferring)


class GoNoGo(msgspec.Struct, frozen=True):
    """One list at a moment: its points, what they come to together, and the last decision on it.

    `answer` counts the points that block or defer; the others are shown. `outdated`: a fact that a point rests on is
    newer than the decision.
    """

    before: Before
    points: tuple[Criterion, ...]
    answer: Answer
    decision: Fact | None
    outdated: bool = False

    @property
    def stops(self) -> tuple[Criterion, ...]:
        """The points that nobody can decide away."""
        return tuple(each for each in self.open if each.answer is Answer.no and each.severity is Severity.absolute)

    @property
    def open(self) -> tuple[Criterion, ...]:
        """The points that are not yes, what stops first."""
        return tuple(sorted((each for each in self.points if each.flagged), key=_urgency))


def go_no_go(case: Case, before: Before) -> GoNoGo:
    """The list before `before`, as it stands now."""
    points = tuple(point for ask in _LISTS[before] for point in ask(case))
    decision = case.course.last("go_no_go", about=before.value)
    since = decision.at if decision is not None else case.now
    answer = all_of(point.answer for point in points if point.severity in BLOCKING)
    newer = any(fact.at > since for point in points for fact in point.facts)
    return GoNoGo(before, points, answer, decision, decision is not None and newer)


def before_giving(case: Case, container: str) -> Before:
    """The list whose go a container needs before it is thawed or given."""
    return Before.second_dose if of_second_part(case, container) else Before.infusion


def _urgency(point: Criterion) -> tuple[bool, bool]:
    return point.severity not in BLOCKING, point.answer is not Answer.no


Ask = Callable[[Case], list[Criterion]]
_LISTS: dict[Before, tuple[Ask, ...]] = {
    Before.lymphodepletion: (
        patient.goes_on, patient.consented, product.identity, product.release, product.certificate, product.on_site,
        day.doses, day.in_window_as_booked, patient.infection, patient.reactions, patient.gvhd, patient.pregnancy,
        day.tocilizumab,
    ),
    Before.infusion: (
        patient.goes_on, patient.consented, product.identity, product.release, product.certificate,
        product.first, patient.no_infection, patient.afebrile, patient.reactions, patient.gvhd, day.in_window,
        day.tocilizumab, day.equipment, day.premedication, product.cells, patient.steroid,
    ),
    Before.second_dose: (
        patient.goes_on, patient.consented, product.second, product.identity, product.release,
        patient.no_infection, patient.reactions, day.tocilizumab, day.equipment, day.premedication, patient.steroid,
    ),
}  # fmt: skip
