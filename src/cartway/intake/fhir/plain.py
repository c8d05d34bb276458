"""The way that nearly every Observation takes: one code, one number, one unit, final; alone or as parts of a panel.

What a code in a unit comes to is worked out once and kept. Anything that is not plain goes the general way, which must
give the same facts (a test compares the two). This module is written for speed: two microseconds an observation.
"""

from __future__ import annotations

from typing import Any

import msgspec

from cartway.intake.drafts import Draft, Subject
from cartway.intake.fhir.context import CACHE_LIMIT, Context
from cartway.intake.fhir.marks import is_test
from cartway.intake.fhir.quantities import unit_of
from cartway.intake.fhir.shapes import Component, Observation, Quantity, ReferenceRange
from cartway.intake.plans import Plan, number_plan
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant

_NO_DETAIL: dict[str, Any] = {}
_UNSEEN = Plan("", "", 0.0, 0.0, 0.0, 0.0, False, "")


class _Shared(msgspec.Struct, frozen=True, gc=False):
    """What the parts of one panel share."""

    subject: Subject
    at: Instant
    event: str
    source: str
    recorded_at: Instant | None
    simulated: bool


class PlainObservations:
    """Reads plain observations; answers None for those that the general way must decide."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._text = self._changed = ""
        self._recorded_at: Instant | None = None
        self._at: Instant | Problem = context.instant("")
        self._plans: dict[tuple[str, str, str, str], Plan | None] = {}

    def read(self, seen: Observation, base: str, place: str, number: int, simulated: bool = False) -> Draft | None:
        """The draft of an observation with one value; its place is `place` and, if there is one, the number.

        `simulated` tells that the Bundle around it is test data.

        Written out in one piece: each call spared is a twentieth of the time.
        """
        quantity, codings, subject_said = seen.value_quantity, seen.code.coding, seen.subject
        if quantity is None or subject_said is None or len(codings) != 1 or seen.status != "final":
            return None
        if seen.component or seen.focus or seen.modifier_extension:
            return None
        context, coding, text = self._context, codings[0], seen.effective_date_time
        plan = self._plans.get((coding.system, coding.code, quantity.code, quantity.unit), _UNSEEN)
        if plan is _UNSEEN:
            plan = self._learn((coding.system, coding.code, quantity.code, quantity.unit), quantity)
        subject = context.subjects.get((base, subject_said.reference))
        if text == self._text:
            at = self._at
        else:  # the signs of one round come one after the other, at the same time
            at = self._at = context.instant(text)
            self._text = text
        value = quantity.value
        if plan is None or subject is None or value is None or quantity.comparator or type(at) is not int:
            return None
        said = ""
        if not plan.same:
            said = f"{value:.12g} {plan.said_unit}"
            value = float(f"{value * plan.scale + plan.offset:.12g}")
        if not plan.low <= value <= plan.high:
            return None
        meta = seen.meta
        recorded = self._recorded(seen) if seen.issued or meta is not None else None
        if meta is not None and not simulated:
            simulated = is_test(meta)
        limits = _limits(seen, quantity, plan) if seen.reference_range and plan.has_limits else _NO_DETAIL
        key, source = f"Observation/{seen.id}" if seen.id else "", base or context.home
        fact = Fact(
            subject.identifier, at, plan.what, value, plan.unit, "", None, "", "", limits, source, key, said,
            "", "", False, simulated, recorded,
        )  # fmt: skip
        return Draft(fact, subject, f"{place}{number}" if number else place)

    def panel(self, seen: Observation, base: str, place: str, simulated: bool = False) -> list[Draft] | None:
        """The drafts of an observation whose values are all in its components, for example a blood pressure."""
        if seen.status != "final" or seen.focus or seen.modifier_extension or seen.subject is None or _says(seen):
            return None
        subject = self._context.subjects.get((base, seen.subject.reference))
        at = self._context.instant(seen.effective_date_time)
        if subject is None or isinstance(at, Problem):
            return None
        event = f"Observation/{seen.id}" if seen.id else ""
        shared = _Shared(subject, at, event, base or self._context.home, self._recorded(seen), simulated)
        drafts = [self._part(part, number, shared, place) for number, part in enumerate(seen.component)]
        return None if None in drafts else drafts  # type: ignore[return-value]

    def _part(self, part: Component, number: int, shared: _Shared, place: str) -> Draft | None:
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
        key = f"{shared.event}#{coding.code or number}" if shared.event else ""
        said = "" if plan.same else f"{quantity.value:.12g} {plan.said_unit}"
        fact = Fact(
            shared.subject.identifier, shared.at, plan.what, value, plan.unit, "", None, "", shared.event, _NO_DETAIL,
            shared.source, key, said, "", "", False, shared.simulated, shared.recorded_at,
        )  # fmt: skip
        return Draft(fact, shared.subject, f"{place}, component {number + 1}")

    def _recorded(self, seen: Observation) -> Instant | None:
        text = (seen.meta.lastUpdated if seen.meta is not None else "") or seen.issued
        if text != self._changed:
            at = self._context.instant(text) if text else None
            self._changed, self._recorded_at = text, at if type(at) is int else None
        return self._recorded_at

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
