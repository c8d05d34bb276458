"""The way that nearly every Observation takes: one code, one number, one unit, final; alone or as parts of a panel.

What a code in a unit comes to is worked out once and kept. Anything that is not plain goes the general way, which must
give the same facts (a test compares the two). This module is written for speed: two microseconds an observation.
"""

from __future__ import annotations

from typing import Any

from cartway.intake.drafts import Draft, Subject
from cartway.intake.fhir.context import CACHE_LIMIT, Context
from cartway.intake.fhir.quantities import unit_of
from cartway.intake.fhir.shapes import Component, Observation, Quantity, ReferenceRange
from cartway.intake.plans import Plan, number_plan
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant

_NO_DETAIL: dict[str, Any] = {}
_UNSEEN = Plan("", "", 0.0, 0.0, 0.0, 0.0, False, "")


class PlainObservations:
    """Reads plain observations; answers None for those that the general way must decide."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._times = context.instants
        self._plans: dict[tuple[str, str, str, str], Plan | None] = {}

    def read(self, seen: Observation, base: str, place: str) -> Draft | None:
        """The draft of an observation with one value."""
        if seen.status != "final" or seen.component or seen.focus or seen.modifier_extension or seen.subject is None:
            return None
        subject = self._context.subjects.get((base, seen.subject.reference))
        at = self._times.get(seen.effective_date_time) or self._context.instant(seen.effective_date_time)
        if subject is None or type(at) is not int:
            return None
        key = f"Observation/{seen.id}" if seen.id else ""
        return self._draft(seen, seen, subject, at, base, key, "", place)

    def panel(self, seen: Observation, base: str, place: str) -> list[Draft] | None:
        """The drafts of an observation whose values are all in its components, for example a blood pressure."""
        if seen.status != "final" or seen.focus or seen.modifier_extension or seen.subject is None or _says(seen):
            return None
        subject = self._context.subjects.get((base, seen.subject.reference))
        at = self._times.get(seen.effective_date_time) or self._context.instant(seen.effective_date_time)
        if subject is None or type(at) is not int:
            return None
        event = f"Observation/{seen.id}" if seen.id else ""
        drafts = []
        for number, part in enumerate(seen.component):
            key = f"{event}#{part.code.coding[0].code or number}" if event and part.code.coding else ""
            draft = self._draft(seen, part, subject, at, base, key, event, f"{place}, component {number + 1}")
            if draft is None:
                return None
            drafts.append(draft)
        return drafts

    def _draft(
        self,
        seen: Observation,
        part: Observation | Component,
        subject: Subject,
        at: Instant,
        base: str,
        key: str,
        event: str,
        place: str,
    ) -> Draft | None:
        quantity, codings = part.value_quantity, part.code.coding
        if quantity is None or len(codings) != 1 or quantity.value is None or quantity.comparator:
            return None
        coding = codings[0]
        known = (coding.system, coding.code, quantity.code, quantity.unit)
        plan = self._plans.get(known, _UNSEEN)
        if plan is _UNSEEN:
            plan = self._learn(known, quantity)
        if plan is None:
            return None
        value = quantity.value if plan.same else float(f"{quantity.value * plan.scale + plan.offset:.12g}")
        if not plan.low <= value <= plan.high:
            return None
        changed = seen.meta.lastUpdated if seen.meta is not None else ""
        changed = changed or seen.issued
        recorded = self._times.get(changed) or self._context.instant(changed) if changed else None
        fact = Fact(
            subject.identifier,
            at,
            plan.what,
            value,
            plan.unit,
            "",
            None,
            "",
            event,
            _limits(seen, quantity, plan) if seen.reference_range and plan.has_limits else _NO_DETAIL,
            base or self._context.home,
            key,
            "" if plan.same else f"{quantity.value:.12g} {plan.said_unit}",
            "",
            "",
            False,
            False,
            recorded if type(recorded) is int else None,
        )
        return Draft(fact, subject, place)

    def _learn(self, known: tuple[str, str, str, str], quantity: Quantity) -> Plan | None:
        plan = self._plan(known, quantity)
        if len(self._plans) < CACHE_LIMIT:
            self._plans[known] = plan
        return plan

    def _plan(self, known: tuple[str, str, str, str], quantity: Quantity) -> Plan | None:
        meaning = self._context.codes.get((known[0], known[1]))
        if meaning is None or meaning.choice:
            return None
        variable = self._context.variable(meaning)
        unit = unit_of(variable, quantity)
        return None if isinstance(unit, Problem) else number_plan(variable, unit)


def _limits(seen: Observation, quantity: Quantity, plan: Plan) -> dict[str, Any]:
    """The laboratory's limits, where there is one range and it is in the unit of the value."""
    if len(seen.reference_range) != 1:
        return _NO_DETAIL
    found = {}
    for name, limit in _named(seen.reference_range[0]):
        if (
            limit is not None
            and limit.value is not None
            and (limit.code or limit.unit) in (quantity.code, quantity.unit, "")
        ):
            found[name] = limit.value if plan.same else float(f"{limit.value * plan.scale + plan.offset:.12g}")
    return found


def _named(limits: ReferenceRange) -> tuple[tuple[str, Quantity | None], ...]:
    return ("upper_limit", limits.high), ("lower_limit", limits.low)


def _says(seen: Observation) -> bool:
    """Whether a panel says something by itself, beside its components."""
    return (
        seen.value_quantity is not None
        or seen.value_codeable_concept is not None
        or seen.value_string is not None
        or seen.value_integer is not None
        or seen.value_boolean is not None
        or bool(seen.value_range)
        or bool(seen.value_ratio)
    )
