"""Whom a message is about: PID and MRG as identifiers with their assigning authorities, and as an enrolment.

An authority is its ISO object identifier or UUID as a URN where it has one (as FHIR writes it), else its name. An
identifier without any is taken as assigned by the sending facility (MSH-4): it then finds only what the same sender
enrolled, never another hospital's patient of the same number.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.intake.drafts import Enrolment, Item, Merge, Refused, Subject
from cartway.intake.hl7_context import Context
from cartway.intake.hl7_syntax import Segment
from cartway.intake.hl7_time import read_day
from cartway.problem import Problem

# Identifier types (table 0203) by how well they name a person at one institution; others follow in the order sent.
PREFERRED = ("MR", "PI", "PN", "PT")
NOT_A_PERSONS = frozenset({"AN", "VN", "AM", "ANON", "ANC"})  # account and visit numbers
MAX_IDENTIFIERS = 20  # of one patient; each is looked up, and every look-up is written down
SEXES = {"F": "female", "M": "male", "O": "other", "A": "other", "N": "other", "U": "unknown"}

_URN = {"ISO": "urn:oid:", "UUID": "urn:uuid:", "GUID": "urn:uuid:", "URI": ""}


def subjects(context: Context, pid: Segment) -> tuple[Subject, ...]:
    """Every identifier of the patient: PID-3 first, then the older PID-2 and PID-4; the one to prefer first."""
    return _subjects(context, pid, (3, 2, 4))


def subject(context: Context, pid: Segment | None) -> Subject | Problem:
    """The identifier that names the patient best. Problem: no_patient."""
    found = subjects(context, pid) if pid else ()
    return found[0] if found else _no_patient()


def enrolment(context: Context, pid: Segment | None, *, authoritative: bool = True) -> Enrolment | Refused:
    """Who the patient is, for the people store. A name of type L (legal) is preferred."""
    found = subjects(context, pid) if pid else ()
    if pid is None or not found:
        return context.refused(_no_patient())
    died = context.time(pid.get(29)) if pid.get(29) else None
    return Enrolment(
        found,
        name=_name(pid),
        birth_date=read_day(pid.get(7)),
        sex=SEXES.get(pid.get(8).upper(), ""),
        deceased_at=None if isinstance(died, Problem) else died,
        place=context.place(pid),
        authoritative=authoritative,
    )


def merges(context: Context) -> Iterator[Item]:
    """One merge for each identifier in MRG-1: it is replaced by the one of the same authority in the PID before it."""
    happened = context.time(_event_stamp(context))
    if isinstance(happened, Problem):
        yield context.refused(happened)
        return
    pid, pairs = None, 0
    for segment in context.message.each("PID", "MRG"):
        if segment.name == "PID":
            pid = segment
            continue
        for gone in _subjects(context, segment, (1, 4)):
            pairs += 1
            yield _merge(context, pid, segment, gone, happened)
    if not pairs:
        yield context.refused(_no_merge())


def _event_stamp(context: Context) -> str:
    event = context.message.first("EVN")
    return (event and (event.get(6) or event.get(2))) or context.message.header.get(7)


def _merge(context: Context, pid: Segment | None, mrg: Segment, gone: Subject, at: int) -> Merge | Refused:
    found = subjects(context, pid) if pid else ()
    same = [one for one in found if one.authority == gone.authority]
    if not found:
        return context.refused(_no_patient(), mrg, around=[pid])
    return Merge(gone, (same or found)[0], at, context.place(mrg, 1))


def _subjects(context: Context, segment: Segment, fields: tuple[int, ...]) -> tuple[Subject, ...]:
    """Each identifier once, preferred types first.

    An identifier of PID-2 or PID-4 that PID-3 has too is not repeated.
    """
    ranked: dict[Subject, int] = {}
    known: set[str] = set()
    for field in fields:
        for repetition in segment.repetitions(field):
            identifier, kind = segment.part_of(repetition), segment.part_of(repetition, 5)
            legacy = field != fields[0]
            if not identifier or kind in NOT_A_PERSONS or (legacy and identifier in known):
                continue
            known.add(identifier)
            rank = PREFERRED.index(kind) if kind in PREFERRED else len(PREFERRED)
            one = Subject(_authority(context, segment, repetition), identifier)
            ranked.setdefault(one, rank + 10 * legacy)
    return tuple(sorted(ranked, key=ranked.__getitem__))[:MAX_IDENTIFIERS]


def _authority(context: Context, segment: Segment, repetition: str) -> str:
    """Component 4, else the assigning facility (6), else the sending facility or application."""
    for component in (4, 6):
        name, universal, kind = (segment.part_of(repetition, component, part) for part in (1, 2, 3))
        if universal and kind.upper() in _URN:
            return _URN[kind.upper()] + universal
        if name or universal:
            return name or universal
    header = context.message.header
    return header.get(4) or header.get(3)


def _name(pid: Segment) -> str:
    """Given names, then the family name."""
    names = pid.repetitions(5)
    legal = next((one for one in names if pid.part_of(one, 7) == "L"), names[0] if names else "")
    return " ".join(part for part in (pid.part_of(legal, component) for component in (2, 3, 1)) if part)


def _no_patient() -> Problem:
    return Problem(
        "no_patient",
        "The message names no patient: PID-3 has no identifier.",
        "Send PID-3 with its assigning authority.",
    )


def _no_merge() -> Problem:
    return Problem("no_merge", "The merge names no identifier that was replaced: MRG-1 is empty.", "Send MRG-1.")
