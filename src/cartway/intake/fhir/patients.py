"""Patient: for the people store. Only a death leaves a fact, since it ends the course."""

from __future__ import annotations

from collections.abc import Iterator

from cartway.intake.deaths import death_without_time
from cartway.intake.drafts import Draft, Enrolment, Item, Merge, Subject
from cartway.intake.fhir.context import UUID_AUTHORITY, Context, identities
from cartway.intake.fhir.shapes import HumanName, Patient
from cartway.intake.fhir.statements import identity, recorded_at, refusal
from cartway.intake.instants import DATE_ONLY
from cartway.problem import Problem
from cartway.record.fact import Fact


def patient(context: Context, person: Patient, full_url: str, base: str, place: str) -> Iterator[Item]:
    """Who it is under every identifier; a merge where the source says that two are one; a death.

    Problems: ``no_identifier``, ``death_without_time`` and those of times.
    """
    subjects = _subjects(context, person, full_url, base)
    if not subjects:
        reason = "A patient without an id or an identifier."
        yield refusal(Problem("no_identifier", reason, "Add an identifier with its system."), place)
        return
    yield Enrolment(subjects, _name(person), person.birth_date, person.gender, place=place)
    yield from _merges(context, person, subjects[0], base, place)
    if person.deceased_date_time:
        yield _death(context, person, subjects[0], base, place)
    elif person.deceased_boolean:
        yield refusal(death_without_time("Send deceasedDateTime."), place)


def _subjects(context: Context, person: Patient, full_url: str, base: str) -> tuple[Subject, ...]:
    """The reference by which this source's resources name the patient comes first."""
    named = [Subject(context.authority(base), person.id)] if person.id else []
    if full_url.startswith("urn:uuid:"):
        named.insert(0, Subject(UUID_AUTHORITY, full_url[9:]))
    return tuple(dict.fromkeys([*named, *identities(person.identifier)]))


def _merges(context: Context, person: Patient, here: Subject, base: str, place: str) -> Iterator[Item]:
    for link in person.link:
        other = context.subject(link.other, base)
        if not isinstance(other, Subject):
            continue
        if link.type == "replaced-by":
            yield Merge(here, other, recorded_at(context, person), place)
        elif link.type == "replaces":
            yield Merge(other, here, recorded_at(context, person), place)


def _death(context: Context, person: Patient, subject: Subject, base: str, place: str) -> Item:
    """The death without its cause: no source of this kind says whether the treatment was it.

    A date alone is taken as the end of that day, so that no reading of the day comes after the death.
    """
    text = person.deceased_date_time
    at = context.instant(f"{text}T23:59:59Z" if len(text) == DATE_ONLY else text)
    if isinstance(at, Problem):
        return refusal(at, place)
    statement = identity(context, person, base, "#death")
    fact = Fact(
        subject.identifier,
        at,
        "death",
        source=statement.source,
        key=statement.key,
        said=text if len(text) == DATE_ONLY else "",
        source_recorded_at=statement.recorded_at,
    )
    return Draft(fact, subject, place)


def _name(person: Patient) -> str:
    if not person.name:
        return ""
    name = next((name for name in person.name if name.use == "official"), person.name[0])
    return name.text or _parts(name)


def _parts(name: HumanName) -> str:
    return " ".join([*name.given, name.family]).strip()
