"""Reading FHIR files: each resource to its handler, each refusal with the text it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from cartway.intake.drafts import Draft, Ignored, Item, Refused
from cartway.intake.fhir import documents
from cartway.intake.fhir.care import condition, device_use, encounter, learn_device, procedure
from cartway.intake.fhir.context import Context, base_of
from cartway.intake.fhir.documents import UNREADABLE_JSON, Cut
from cartway.intake.fhir.documents import resources as _resources
from cartway.intake.fhir.drugs import administrations, learn
from cartway.intake.fhir.observations import observations
from cartway.intake.fhir.patients import patient
from cartway.intake.fhir.plain import PlainObservations
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
    Patient,
    Procedure,
    Resource,
)
from cartway.intake.fhir.statements import refusal
from cartway.intake.sources import LIMITS, Limits, lines, read_all
from cartway.problem import Problem

decode = _resources.decode
FORMAT = "fhir"
_NESTED_AT_MOST = 8
FIRST = (Patient, Medication, Device)  # what others point at


def read(source: Path | bytes, *, name: str, context: Context, limits: Limits = LIMITS) -> Iterator[Item]:
    """Every statement of one JSON document: a Bundle of any type, a single resource, a list of resources."""
    content = read_all(source, limits)
    if isinstance(content, Problem):
        return iter([refusal(content, name)])
    content = content.removeprefix(b"\xef\xbb\xbf")
    cuts = documents.cut(content)
    if isinstance(cuts, Problem):
        return iter([with_input(refusal(cuts, name), content, limits)])
    return Reading(context, limits).entries(cuts, name, content)


def read_lines(source: Path | bytes, *, name: str, context: Context, limits: Limits = LIMITS) -> Iterator[Item]:
    """Every statement of an NDJSON file, one resource (or Bundle) a line."""
    reading = Reading(context, limits)
    for number, line in lines(source, limits):
        place = f"{name} line {number}"
        if isinstance(line, Problem):
            yield refusal(line, place)
        elif text := line.strip():
            yield from reading.resource(Cut(text.removeprefix(b"\xef\xbb\xbf")), place)


class Reading:
    """The way from a cut-out resource to its statements."""

    def __init__(self, context: Context, limits: Limits) -> None:
        self.limits = limits
        self._context = context
        self._plain = PlainObservations(context)

    def entries(self, cuts: Iterable[Cut], name: str, content: bytes = b"", depth: int = 0) -> Iterator[Item]:
        """A document's resources: first those that others point at, then the rest in order.

        The loop is written out, since it is what the speed of reading a Bundle hangs on.
        """
        found = self._decoded(list(cuts), name)
        for number, (one, resource) in enumerate(found, 1):
            if isinstance(resource, FIRST):
                yield from self._statements(resource, one, f"{name} entry {number}", depth)
        plain, prefix = self._plain.read, f"{name} entry "
        safe = bool(content) and documents.names_once(content, [resource for _, resource in found])
        for number, (one, resource) in enumerate(found, 1):
            if safe and type(resource) is Observation and not resource.component:
                base = base_of(one.full_url) if one.full_url[:4] == "http" else ""
                draft = plain(resource, base, prefix + str(number))
                if draft is not None:
                    yield draft
                    continue
            if isinstance(resource, Resource):
                if not isinstance(resource, FIRST):
                    yield from self._statements(resource, one, prefix + str(number), depth, safe)
            else:
                yield with_input(resource, one.raw, self.limits, one.full_url)

    def resource(self, one: Cut, place: str) -> Iterator[Item]:
        """One resource by itself."""
        resource = self._decode(one, place)
        if isinstance(resource, Resource):
            yield from self._statements(resource, one, place, 0, documents.names_once(bytes(one.raw), [resource]))
        else:
            yield with_input(resource, one.raw, self.limits, one.full_url)

    def _decoded(self, cuts: list[Cut], name: str) -> list[tuple[Cut, Resource | Ignored | Refused]]:
        """All at once; where that fails, one by one."""
        try:
            if not any(one.problem for one in cuts):
                return [(one, decode(one.raw)) for one in cuts]
        except UNREADABLE_JSON:
            pass
        return [(one, self._decode(one, name, number)) for number, one in enumerate(cuts, 1)]

    def _decode(self, one: Cut, name: str, number: int = 0) -> Resource | Ignored | Refused:
        try:
            if one.problem is None:
                resource: Resource = decode(one.raw)
                return resource
        except UNREADABLE_JSON as failure:
            return _undecoded(one, failure, f"{name} entry {number}" if number else name)
        return refusal(one.problem, f"{name} entry {number}")

    def _statements(self, resource: Resource, one: Cut, place: str, depth: int, safe: bool = False) -> Iterator[Item]:
        base = base_of(one.full_url)
        drafts = self._plainly(resource, base, place) if safe and type(resource) is Observation else None
        if drafts is not None:
            yield from drafts
            return
        for item in self._general(resource, one, base, place, depth):
            yield with_input(item, one.raw, self.limits, one.full_url) if type(item) is Refused else item

    def _plainly(self, seen: Observation, base: str, place: str) -> list[Draft] | None:
        if seen.component:
            return self._plain.panel(seen, base, place)
        draft = self._plain.read(seen, base, place)
        return None if draft is None else [draft]

    def _general(self, resource: Resource, one: Cut, base: str, place: str, depth: int) -> Iterator[Item]:
        problem = _contradiction(resource, one)
        if problem is not None:
            yield refusal(problem, place)
            return
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
                yield from self.entries(documents.of_entries(resource.entry), place, depth=depth + 1)
        yield Ignored("container", place)

    def _contained(self, resource: Resource, place: str) -> Iterator[Item]:
        """Results that travel inside a report, under the report's own key."""
        for number, raw in enumerate(resource.contained, 1):
            inside = self._decode(Cut(raw), f"{place}, contained {number}")
            if isinstance(inside, Observation):
                key = f"{resource.id}.{inside.id or number}" if resource.id else ""
                yield from observations(self._context, msgspec.structs.replace(inside, id=key), "", place)
            elif isinstance(inside, Refused):
                yield inside


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


def with_input(item: Item, raw: msgspec.Raw | bytes, limits: Limits, full_url: str = "") -> Item:
    """A refusal with the text that it refuses, so that it can be mended and read again."""
    if not isinstance(item, Refused):
        return item
    content = bytes(raw)
    if len(content) > limits.kept_input_bytes:
        return item
    text = content.decode("utf-8", "replace")
    return msgspec.structs.replace(item, format=FORMAT, input=documents.wrapped(text, full_url))
