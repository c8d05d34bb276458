"""Procedure, Condition, Encounter, DeviceUseStatement: what was done, found and used. HL7 FHIR R4."""

from __future__ import annotations

import msgspec

from cartway.intake.drafts import Ignored, Item, Subject, observe
from cartway.intake.fhir.context import Context, address, remember
from cartway.intake.fhir.shapes import (
    Concept,
    Condition,
    Device,
    DeviceUseStatement,
    Encounter,
    Period,
    Procedure,
    Reference,
    Resource,
)
from cartway.intake.fhir.statements import identity, person, refusal, retraction, span
from cartway.problem import Problem
from cartway.vocabulary import Meaning, read_choice

_NOT_DONE = frozenset({"preparation", "not-done", "intended", "planned", "cancelled"})
_MILESTONES = frozenset({"collection", "infusion", "death", "discharge", "referral", "consent"})
_INPATIENT = frozenset({"IMP", "ACUTE", "NONAC"})

_device = msgspec.json.Decoder(Device)


def procedure(context: Context, done: Procedure, base: str, place: str) -> Item:
    """Oxygen, ventilation, collection, infusion of cells: by its code."""
    if done.status in _NOT_DONE:
        return _unused(context, done.code, "not_done", place)
    when = Period(done.performed_date_time) if done.performed_period is None else done.performed_period
    return _stated(context, done, done.code, done.subject, when, done.status == "entered-in-error", base, place)


def condition(context: Context, found: Condition, base: str, place: str) -> Item:
    """A diagnosis that the vocabulary knows, from its onset to its end."""
    verified = {coding.code for coding in found.verification_status.coding} if found.verification_status else set()
    if "refuted" in verified:
        return _unused(context, found.code, "stated_absent", place)
    in_error = "entered-in-error" in verified
    return _stated(context, found, found.code, found.subject, _course_of(found), in_error, base, place)


def device_use(context: Context, used: DeviceUseStatement, base: str, place: str) -> Item:
    """An oxygen or ventilation device, while it is in use."""
    kind = _device_type(context, used, base)
    named = _named(context, used) if kind is None else None
    if kind is None and named is None:
        return Ignored("code_not_in_vocabulary", place)
    if used.status in _NOT_DONE:
        return Ignored("not_done", place) if named else _unused(context, kind or Concept(), "not_done", place)
    when = Period(used.timing_date_time) if used.timing_period is None else used.timing_period
    in_error = used.status == "entered-in-error"
    return _stated(context, used, kind or Concept(), used.subject, when, in_error, base, place, named)


def _named(context: Context, used: DeviceUseStatement) -> Meaning | None:
    """A device that is only named: by a name that is exactly one of ours."""
    words = used.device.display[:200] if used.device else ""
    choice = read_choice(context.vocabulary.variables["oxygen_device"], words) if words else None
    return Meaning("oxygen_device", choice) if isinstance(choice, str) else None


def learn_device(context: Context, device: Device, base: str) -> None:
    """Remember what a Device is, for the statements that point at it."""
    if device.id and context.meaning(device.type) is not None:
        remember(context.devices, (context.authority(base), device.id), device.type)


def encounter(context: Context, stay: Encounter, base: str, place: str) -> Item:
    """A discharge, where the center's policy says that the end of an inpatient stay is one; else nothing."""
    if not context.options.discharge_from_encounters or stay.class_.code not in _INPATIENT:
        return Ignored("no_milestone", place)
    if stay.status != "finished" or stay.period is None or not stay.period.end:
        return Ignored("encounter_not_discharged", place)
    when = Period(stay.period.end)
    return _stated(context, stay, Concept(), stay.subject, when, False, base, place, Meaning("discharge"))


def _stated(
    context: Context,
    resource: Resource,
    concept: Concept,
    reference: Reference | None,
    when: Period,
    in_error: bool,
    base: str,
    place: str,
    given: Meaning | None = None,
) -> Item:
    """A fact that the resource's own code names."""
    meaning = given or context.meaning(concept)
    if meaning is None:
        return Ignored("code_not_in_vocabulary", place)
    if isinstance(meaning, Problem):
        return refusal(meaning, place)
    subject = person(context, reference, base, place)
    if not isinstance(subject, Subject):
        return subject
    statement = identity(context, resource, base)
    times = span(context, "", when, context.variable(meaning))
    if in_error:
        return retraction(subject, statement, times, place)
    if isinstance(times, Problem):
        return refusal(times, place)
    return observe(
        context.variable(meaning),
        subject,
        times.at,
        choice=meaning.choice,
        place=place,
        until=None if meaning.what in _MILESTONES else times.until,
        source=statement.source,
        key=statement.key,
        source_recorded_at=statement.recorded_at,
    )


def _unused(context: Context, concept: Concept, rule: str, place: str) -> Ignored:
    return Ignored(rule if context.meaning(concept) else "code_not_in_vocabulary", place)


def _course_of(found: Condition) -> Period:
    onset = found.onset_date_time or (found.onset_period.start if found.onset_period else "") or found.recorded_date
    return Period(onset, found.abatement_date_time)


def _device_type(context: Context, used: DeviceUseStatement, base: str) -> Concept | None:
    """What the device is: contained, in the input, or named by an identifier that is a code."""
    if used.device is None:
        return None
    if used.device.reference.startswith("#"):
        return _contained_type(used, used.device.reference[1:])
    server, _, identifier = address(used.device.reference, base)
    return context.devices.get((context.authority(server), identifier))


def _contained_type(used: DeviceUseStatement, name: str) -> Concept | None:
    for raw in used.contained:
        try:
            device = _device.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if device.id == name:
            return device.type
    return None
