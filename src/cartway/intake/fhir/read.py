"""Reading FHIR files: each resource to its handler, each refusal with the text it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import msgspec

from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Refused, as_simulated
from cartway.intake.fhir import documents
from cartway.intake.fhir.care import condition, device_use, encounter, learn_device, procedure
from cartway.intake.fhir.context import Context, base_of
from cartway.intake.fhir.documents import FIRST, UNREADABLE_JSON, Cut, Cuts, names_once
from cartway.intake.fhir.documents import resources as _resources
from cartway.intake.fhir.drugs import administrations, learn
from cartway.intake.fhir.marks import is_test, is_test_bundle
from cartway.intake.fhir.observations import observations
from cartway.intake.fhir.patients import patient
from cartway.intake.fhir.plain import PlainObservations, Sifted
from cartway.intake.fhir.referrals import referral
from cartway.intake.fhir.shapes import (
    Bundle,
    Condition,
    Device,
    DeviceUseStatement,
    DiagnosticReport,
    Encounter,
    Medication,
    MedicationAdministration,
    Observation,
    Opened,
    Patient,
    Procedure,
    Resource,
    ServiceRequest,
)
from cartway.intake.fhir.statements import refusal
from cartway.intake.sources import LIMITS, Limits, lines, read_all
from cartway.problem import Problem

decode = _resources.decode
FORMAT = "fhir"
_NESTED_AT_MOST = 8


def read(source: Path | bytes, *, name: str, context: Context, limits: Limits = LIMITS) -> Iterator[Item]:
    """Every statement of one JSON document: a Bundle of any type, a single resource, a list of resources."""
    content = read_all(source, limits)
    if isinstance(content, Problem):
        return iter([refusal(content, name)])
    content = content.removeprefix(b"\xef\xbb\xbf")
    reading = Reading(context, limits)
    with documents.uncollected():
        usual = reading.usual(content, name)
    if usual is not None:
        return usual
    cuts = documents.cut(content)
    if isinstance(cuts, Problem):
        return iter([with_input(refusal(cuts, name), Cut(content), limits)])
    found = list(cuts)
    if (problem := documents.lost_entries(content, len(found))) is not None:
        return iter([with_input(refusal(problem, name), Cut(content), limits)])
    return reading.cuts(found, name, content)


def read_lines(source: Path | bytes, *, name: str, context: Context, limits: Limits = LIMITS) -> Iterator[Item]:
    """Every statement of an NDJSON file, one resource (or Bundle) a line."""
    reading = Reading(context, limits)
    for number, line in lines(source, limits):
        place = f"{name} line {number}"
        if isinstance(line, Problem):
            yield refusal(line, place)
        elif text := line.strip():
            yield from reading.resource(Cut(text.removeprefix(b"\xef\xbb\xbf")), place)


class _OneByOne(msgspec.Struct, frozen=True, gc=False):
    """What one resource turned out to be."""

    resource: Resource | Ignored | Refused
    full_url: str = ""


class Reading:
    """The way from a cut-out resource to its statements."""

    def __init__(self, context: Context, limits: Limits) -> None:
        self.limits = limits
        self._context = context
        self._plain = PlainObservations(context)

    def usual(self, content: bytes, name: str) -> Iterator[Item] | None:
        """The statements of the usual Bundle, opened in one pass; None where a closer look is needed."""
        opened = documents.opened(content)
        if opened is None:
            return None
        sifted = self.sift(opened.entry, name, is_test_bundle(opened.meta))
        if not names_once(content, sifted.values, sifted.times):
            return None
        return self.entries(opened.entry, Cuts(content), name, sifted)

    def cuts(self, cuts: Sequence[Cut], name: str, content: bytes = b"", depth: int = 0) -> Iterator[Item]:
        """The resources of a document that needs a closer look: each is opened by itself."""
        opened = [
            _OneByOne(self._decode(one, f"{name} entry {number}"), one.full_url) for number, one in enumerate(cuts, 1)
        ]
        sifted = self.sift(opened, name, any(one.simulated for one in cuts))
        safe = names_once(content, sifted.values, sifted.times)
        return self.entries(opened, Cuts(cuts=cuts), name, sifted, safe, depth)

    def sift(self, found: Sequence[Opened | _OneByOne], name: str, simulated: bool) -> Sifted:
        """The drafts of a document's plain observations. `simulated`: the document says that it is test data."""
        return self._plain.sift(found, _prefix(name), simulated)

    def entries(
        self,
        found: Sequence[Opened | _OneByOne],
        cuts: Cuts,
        name: str,
        sifted: Sifted,
        safe: bool = True,
        depth: int = 0,
    ) -> Iterator[Item]:
        """A document's resources: first those that others point at, then the rest in order.

        Only where it is `safe`, since no name stands twice, an observation may go the plain way.
        """
        if safe and sifted.all_plain:
            return iter(cast("list[Draft]", sifted.drafts))
        return self._entries(found, cuts, _prefix(name), sifted, safe, depth)

    def _entries(
        self, found: Sequence[Opened | _OneByOne], cuts: Cuts, prefix: str, sifted: Sifted, safe: bool, depth: int
    ) -> Iterator[Item]:
        for number, entry in enumerate(found if sifted.has_first else ()):
            if type(entry.resource) in FIRST and isinstance(entry.resource, Resource):
                yield from self._statements(entry.resource, cuts[number], prefix + str(number + 1), depth)
        for number, (entry, draft) in enumerate(zip(found, sifted.drafts, strict=True)):
            resource = entry.resource
            if safe and draft is not None:
                yield draft
            elif not isinstance(resource, Resource):
                yield with_input(resource, cuts[number], self.limits)
            elif type(resource) not in FIRST:
                yield from self._statements(resource, cuts[number], prefix + str(number + 1), depth, safe)

    def resource(self, one: Cut, place: str) -> Iterator[Item]:
        """One resource by itself."""
        resource = self._decode(one, place)
        if not isinstance(resource, Resource):
            yield with_input(resource, one, self.limits)
            return
        sifted = self._plain.sift((_OneByOne(resource),), place, labels=("",))
        safe = names_once(bytes(one.raw), sifted.values, sifted.times)
        draft = sifted.drafts[0] if safe else None
        if draft is not None:
            yield draft
        else:
            yield from self._statements(resource, one, place, 0, safe)

    def _decode(self, one: Cut, place: str) -> Resource | Ignored | Refused:
        if one.problem is not None:
            return refusal(one.problem, place)
        try:
            resource: Resource = decode(one.raw)
            return resource
        except UNREADABLE_JSON as failure:
            return _undecoded(one, failure, place)

    def _statements(self, resource: Resource, one: Cut, place: str, depth: int, safe: bool = False) -> Iterator[Item]:
        base = base_of(one.full_url)
        simulated = one.simulated or is_test(resource.meta)
        if safe and isinstance(resource, Observation) and resource.component:
            drafts = self._plain.panel(resource, base, place, simulated)
            if drafts is not None:
                yield from drafts
                return
        for item in _uncontradicted(list(self._general(resource, one, base, place, depth)), resource, one, place):
            kept = with_input(item, one, self.limits) if type(item) is Refused else item
            yield as_simulated(kept) if simulated else kept

    def _general(self, resource: Resource, one: Cut, base: str, place: str, depth: int) -> Iterator[Item]:
        context = self._context
        match resource:
            case Observation():
                yield from observations(context, resource, base, place)
            case MedicationAdministration():
                yield from administrations(context, resource, base, place)
            case Procedure():
                yield procedure(context, resource, base, place)
            case Condition():
                yield condition(context, resource, base, place)
            case ServiceRequest():
                yield referral(context, resource, base, place)
            case Encounter():
                yield encounter(context, resource, base, place)
            case DeviceUseStatement():
                yield device_use(context, resource, base, place)
            case Patient():
                yield from patient(context, resource, one.full_url, base, place)
            case _:
                yield from self._holders(resource, base, place, depth)

    def _holders(self, resource: Resource, base: str, place: str, depth: int) -> Iterator[Item]:
        """What gives no fact itself, but holds or names what does."""
        match resource:
            case Medication():
                learn(self._context, resource, base)
                yield Ignored("named_by_others", place)
                return
            case Device():
                learn_device(self._context, resource, base)
                yield Ignored("named_by_others", place)
                return
            case DiagnosticReport():
                yield from self._contained(resource, place)
            case Bundle() if depth < _NESTED_AT_MOST:
                yield from self.cuts(documents.of_entries(resource.entry), place, depth=depth + 1)
        yield Ignored("container", place)

    def _contained(self, resource: Resource, place: str) -> Iterator[Item]:
        """Results that travel inside a report, under the report's own key."""
        for number, raw in enumerate(resource.contained, 1):
            inside = self._decode(Cut(raw), f"{place}, contained {number}")
            if isinstance(inside, Observation):
                key = f"{resource.id}.{inside.id or number}" if resource.id else ""
                found = observations(self._context, msgspec.structs.replace(inside, id=key), "", place)
                yield from map(as_simulated, found) if is_test(inside.meta) else found
            elif isinstance(inside, Refused):
                yield inside


def _prefix(name: str) -> str:
    """What the places of a document's resources begin with, before their number."""
    return f"{name} entry "


def _uncontradicted(items: list[Item], resource: Resource, one: Cut, place: str) -> list[Item]:
    """The items, or one refusal where facts would come of a resource that contradicts itself."""
    if isinstance(resource, Bundle) or not any(isinstance(item, Draft | Enrolment) for item in items):
        return items
    problem = _contradiction(resource, one)
    return items if problem is None else [refusal(problem, place)]


def _contradiction(resource: Resource, one: Cut) -> Problem | None:
    """What makes the plain reading of a resource unsafe."""
    if resource.modifier_extension:
        reason = "It carries a modifierExtension, which may turn its meaning around."
        return Problem("modifier_extension", reason, "Send it without, or as its plain meaning.")
    return documents.repeated_name(one.raw)


def _undecoded(one: Cut, failure: Exception, place: str) -> Ignored | Refused:
    """A resource of a type that is not used is ignored; of one that is, refused for what does not fit."""
    head = documents.head(one.raw)
    if isinstance(head, Problem):
        return refusal(head, place)
    if not head.resource_type:
        problem = documents.without_type(one)
        return refusal(problem, place) if problem else Ignored("container", place)
    if head.resource_type not in documents.USED:
        return Ignored("resource_type_not_used", place)
    return refusal(documents.malformed(failure), place)


def with_input(item: Item, one: Cut, limits: Limits) -> Item:
    """A refusal with the text that it refuses, so that it can be mended and read again."""
    if not isinstance(item, Refused):
        return item
    content = bytes(one.raw)
    if len(content) > limits.kept_input_bytes:
        return item
    text = content.decode("utf-8", "replace")
    return msgspec.structs.replace(item, format=FORMAT, input=documents.wrapped(text, one.full_url, one.simulated))
