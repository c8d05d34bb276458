"""The way that nearly every Observation takes: one code, one number, one unit, final; alone or as parts of a panel.

What a code in a unit comes to is worked out once and kept. Anything that is not plain goes the general way, which must
give the same facts (a test compares the two). This module is written for speed: two microseconds an observation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any, Protocol

import msgspec

from cartway.intake.drafts import Draft, Subject
from cartway.intake.fhir.context import CACHE_LIMIT, EPOCH, FIRST_DAY, LAST_DAY, Context, base_of
from cartway.intake.fhir.documents import FIRST
from cartway.intake.fhir.marks import is_test
from cartway.intake.fhir.quantities import unit_of
from cartway.intake.fhir.shapes import (
    Component,
    DiagnosticReport,
    MedicationAdministration,
    Observation,
    Opened,
    Quantity,
    Reference,
    ReferenceRange,
)
from cartway.intake.plans import Plan, number_plan
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import SECOND, Instant

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


class Holder(Protocol):
    """What holds a resource that was read, and the address of its entry."""

    @property
    def resource(self) -> object: ...

    @property
    def full_url(self) -> str: ...


class Sifted(msgspec.Struct, frozen=True, gc=False):
    """The drafts of plain observations, None for what must go the general way.

    `values` and `times` were read so often in all (see `names_once`); `has_first`: some resources are pointed at by
    others; `all_plain`: there is nothing but drafts.
    """

    drafts: list[Draft | None]
    values: int
    times: int
    has_first: bool
    all_plain: bool


class PlainObservations:
    """Reads plain observations; answers None for those that the general way must decide."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._changed = ""
        self._recorded_at: Instant | None = None
        self._plans: dict[tuple[str, str, str, str], Plan | None] = {}

    def read(self, seen: Observation, full_url: str, place: str, simulated: bool = False) -> Draft | None:
        """The draft of one observation with one value."""
        return self.sift((Opened(seen, full_url),), place, simulated, ("",)).drafts[0]

    def sift(  # noqa: PLR0915 (see the docstring)
        self, found: Iterable[Holder], place: str, simulated: bool = False, labels: Iterable[str] | None = None
    ) -> Sifted:
        """The drafts of the observations with one value among the resources of a document.

        The place of each is `place` and its label (its number, from 1). `simulated` tells that the Bundle around them
        is test data. Written out in one piece: each call spared is a twentieth of the time.
        """
        drafts: list[Draft | None] = []
        add, plans, learn, recorded_of = drafts.append, self._plans, self._learn, self._recorded
        home, parsed, none = self._context.home, datetime.fromisoformat, _NO_DETAIL
        subject: Subject | None = None
        values = times = plain = at = 0
        has_first = False
        base = path = reference = text = ""
        for holder, label in zip(found, map(str, count(1)) if labels is None else labels, strict=False):
            seen = holder.resource
            if type(seen) is not Observation:
                has_first = has_first or type(seen) in FIRST
                times += _times(seen)
                add(None)
                continue
            quantity, codings, whose = seen.value_quantity, seen.code.coding, seen.subject
            written = seen.effective_date_time
            if written:
                times += 1
            if quantity is None or seen.component:
                values += _values(seen)
                add(None)
                continue
            values += 1
            value, meta = quantity.value, seen.meta
            if whose is None or value is None or len(codings) != 1 or seen.status != "final":
                add(None)
                continue
            if seen.focus or seen.modifier_extension or quantity.comparator:
                add(None)
                continue
            coding = codings[0]
            known = (coding.system, coding.code, quantity.code, quantity.unit)
            plan = plans.get(known, _UNSEEN)
            if plan is _UNSEEN:
                plan = learn(known, quantity)
            url = holder.full_url
            if url[:1] != "h":
                server = ""
            elif path and url.startswith(path) and url.find("/", len(path)) < 0:
                server = base
            else:
                server = base_of(url)
            if subject is None or not reference or whose.reference != reference or server != base:
                base, reference = server, whose.reference
                path, subject = f"{base}/Observation/" if base else "", self._subject(whose, base)
            if written != text:  # the signs of one round come one after the other, at the same time
                text = ""
                try:
                    since = parsed(written) - EPOCH
                except (ValueError, TypeError, OverflowError):
                    add(None)
                    continue
                if not FIRST_DAY < since.days < LAST_DAY:
                    add(None)
                    continue
                at, text = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds, written
            if plan is None or subject is None or not text:
                add(None)
                continue
            said = ""
            if not plan.same:
                said = f"{value:.12g} {plan.said_unit}"
                value = float(f"{value * plan.scale + plan.offset:.12g}")
            if not plan.low <= value <= plan.high:
                add(None)
                continue
            plain += 1
            marked, recorded, changed = simulated, None, seen.issued
            if meta is not None:
                changed = meta.lastUpdated or changed
                marked = simulated or ((meta.tag or meta.security) != () and is_test(meta))
            if changed:  # usually recorded in the same moment
                recorded = at if changed == text else recorded_of(changed)
            fact = Fact(
                subject.identifier, at, plan.what, value, plan.unit, "", None, "", "",
                _limits(seen, quantity, plan) if plan.has_limits and seen.reference_range else none,
                base or home, "Observation/" + seen.id if seen.id else "", said,
                "", "", False, marked, recorded,
            )  # fmt: skip
            add(Draft(fact, subject, place + label))
        return Sifted(drafts, values, times, has_first, plain == len(drafts))

    def _subject(self, whose: Reference, base: str) -> Subject | None:
        found = self._context.subject(whose, base)
        return found if isinstance(found, Subject) else None

    def panel(self, seen: Observation, base: str, place: str, simulated: bool = False) -> list[Draft] | None:
        """The drafts of an observation whose values are all in its components, for example a blood pressure."""
        if seen.status != "final" or seen.focus or seen.modifier_extension or seen.subject is None or _says(seen):
            return None
        subject = self._subject(seen.subject, base)
        at = self._context.instant(seen.effective_date_time)
        if subject is None or isinstance(at, Problem):
            return None
        event = f"Observation/{seen.id}" if seen.id else ""
        shared = _Shared(subject, at, event, base or self._context.home, self._recorded(_changed(seen)), simulated)
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

    def _recorded(self, text: str) -> Instant | None:
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


def _changed(seen: Observation) -> str:
    """When the source last changed it, as it says."""
    return (seen.meta.lastUpdated if seen.meta is not None else "") or seen.issued


def _values(seen: Observation) -> int:
    """How often the name of a quantity stands in it."""
    return (seen.value_quantity is not None) + sum(part.value_quantity is not None for part in seen.component)


def _times(resource: object) -> int:
    """Of what is no Observation: how often it has a time of the same name."""
    return isinstance(resource, MedicationAdministration | DiagnosticReport) and resource.effective_date_time != ""


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
