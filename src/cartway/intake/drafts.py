"""What every reader of outside data yields: a draft of a fact, something ignored by a named rule, or a refusal.

Each item yielded is one statement of the source, so the balance of an import is a count of items:
``read = accepted + already known + ignored by a named rule + refused``. An `Enrolment` or a `Merge` counts as ignored
(``patient_details``, ``patient_merge``), since no fact comes of it. A `Refused` counts once, its stand-in not again.
Ignoring is a decision (the rule is named); refusing means that we should have been able to read it and could not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from cartway.problem import Problem
from cartway.record.fact import UNREADABLE, Fact
from cartway.times import Instant
from cartway.vocabulary import Variable, check_detail, convert_detail, read_choice, read_unit, read_value

SHOWN = 200  # characters of what could not be read that its stand-in repeats


class Subject(msgspec.Struct, frozen=True, gc=False):
    """Whom a statement is about, as its source names them: who assigned the identifier, and the identifier."""

    authority: str
    identifier: str


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A fact that could be read. `subject` is None where the fact names its course itself (a facts table).

    Until the course is found through `people`, ``fact.course`` holds the subject's identifier.
    """

    fact: Fact
    subject: Subject | None
    place: str = ""


class Ignored(msgspec.Struct, frozen=True, gc=False):
    """Something read and left out on purpose, by a rule of `IGNORE_RULES`."""

    rule: str
    place: str = ""


class Refused(msgspec.Struct, frozen=True):
    """Something that should have been readable and was not.

    `format` and `input` keep the original text so that it can be mended and imported again. `stand_in` is the
    ``unreadable`` fact that is stored in its place: nobody may take an unreadable observation for no observation.
    """

    problem: Problem
    format: str = ""
    input: str = ""
    stand_in: Draft | None = None


class Enrolment(msgspec.Struct, frozen=True):
    """Who a patient is, for `people` only: nothing of it reaches a fact. `birth_date` is ISO text, may be partial.

    Not `authoritative` is what comes with results: a laboratory's spelling must not overwrite the hospital's, so it
    enters whom nobody knows and changes nothing of whom one knows.
    """

    subjects: tuple[Subject, ...]
    name: str = ""
    birth_date: str = ""
    sex: str = ""
    deceased_at: Instant | None = None
    place: str = ""
    simulated: bool = False
    authoritative: bool = True


class Merge(msgspec.Struct, frozen=True):
    """The source says that two identifiers are one patient: `gone` was merged into `kept`."""

    gone: Subject
    kept: Subject
    at: Instant | None = None
    place: str = ""
    simulated: bool = False


Item = Draft | Ignored | Refused | Enrolment | Merge


class Reader(Protocol):
    """Reads one file (or bytes already in memory, named by `name`). Never raises on its content: refuses."""

    def __call__(self, source: Path | bytes, *, name: str) -> Iterator[Item]: ...


IGNORE_RULES: Mapping[str, str] = {
    "resource_type_not_used": "A kind of resource from which no fact is taken, for example a Claim or a Practitioner.",
    "code_not_in_vocabulary": "Its code names nothing that the vocabulary knows.",
    "message_type_not_used": "A kind of message from which no fact is taken, for example an order or an appointment.",
    "segment_not_used": "A part of a message from which no fact is taken.",
    "no_value": "The source says that nothing was measured: no value, or a reason why the value is absent.",
    "not_final": "A preliminary or registered result without a value yet; the final one will follow.",
    "not_done": "The source says that it was not done, or is only planned.",
    "stated_absent": "The source says that it was not so.",
    "not_systemic": "A drug given where it does not act on the circulation: to skin, eye, nose or airways.",
    "entered_in_error_unknown": "Entered in error or canceled at the source, and never imported: nothing to withdraw.",
    "patient_details": "A Patient: its name and birth date go to the people store, never to facts.",
    "patient_merge": "A merge of two identifiers: it goes to the people store, never to facts.",
    "simulated_patient": "A test patient's details or merge: they stay out of the people of a clinical record.",
    "about_someone_else": "An observation whose focus is not the patient: a donor, a fetus, a relative, a device.",
    "not_about_a_patient": "Its subject is not a patient: a group, a place, a device, a medication.",
    "file_not_data": "A file of a folder that holds no health data by its content, such as notes or a licence.",
    "container": "A Bundle, list or panel whose parts are read by themselves.",
    "named_by_others": "A Medication or a Device: read where an administration or a use of it is.",
    "duplicate_message": "A message with a control number that was already taken in.",
    "no_milestone": "An encounter: admission and transfer are not milestones of a course.",
    "death_without_time": "A result that says that the patient died, not when: the registration (ADT) is to say it.",
    "policy_off": "A statement that is read only where a policy of the centre says so.",
    "encounter_not_discharged": "An encounter that has not ended.",
}


def as_simulated(item: Item) -> Item:
    """The item marked as being of nobody real: its source sends it for tests."""
    match item:
        case Draft():
            return msgspec.structs.replace(item, fact=msgspec.structs.replace(item.fact, simulated=True))
        case Refused(stand_in=Draft() as stand_in):
            return msgspec.structs.replace(item, stand_in=as_simulated(stand_in))
        case Enrolment() | Merge():
            return msgspec.structs.replace(item, simulated=True)
    return item


def observe(
    variable: Variable,
    subject: Subject | None,
    at: Instant,
    *,
    course: str = "",
    value: float | str | None = None,
    unit: str = "",
    choice: str = "",
    place: str = "",
    until: Instant | None = None,
    detail: Mapping[str, Any] | None = None,
    event: str = "",
    source: str = "",
    key: str = "",
    corrected: bool = False,
    source_recorded_at: Instant | None = None,
    recorded_format: str = "",
    recorded_input: str = "",
) -> Draft | Refused:
    """A draft of one observation of `variable` in its canonical unit, or a refusal with its ``unreadable`` stand-in.

    `value` with `unit` is what the source said (text is read as a number); `choice` is a choice, or what people write
    for it. `course` is given where there is no subject. The source's words are kept in ``said`` where they differ from
    what is stored. `recorded_format` and `recorded_input` are the original text, kept with a refusal.
    """
    whose = subject.identifier if subject else course
    stated: dict[str, Any] = {"until": until, "event": event, "source": source, "key": key}
    stated |= {"corrected": corrected, "source_recorded_at": source_recorded_at}
    read = _read(variable, value, unit, choice, detail or {})
    if isinstance(read, Problem):
        said = {"value": (choice if value is None else plain(value))[:SHOWN], "unit": unit[:SHOWN]}
        unreadable = {"variable": variable.name, **said, "problem": read.code}
        drug = _undosed(variable, choice, detail or {})
        stand_in = Draft(
            Fact(whose, at, variable.name, choice=drug, detail=detail or {}, **stated)
            if drug
            else Fact(whose, at, UNREADABLE, detail=unreadable, **stated),
            subject,
            place,
        )
        return Refused(read.at(place), recorded_format, recorded_input, stand_in)
    said_text = _said(value, unit, choice, read)
    fact = Fact(
        whose, at, variable.name, read.value, read.unit, read.choice, detail=read.detail, said=said_text, **stated
    )
    return Draft(fact, subject, place)


def _undosed(variable: Variable, choice: str, detail: Mapping[str, Any]) -> str:
    """The drug, where only its dose cannot be read: that it runs is worth more than how fast. Else ""."""
    if variable.name != "drug" or not choice or check_detail(variable, detail) is not None:
        return ""
    name = read_choice(variable, choice)
    return "" if isinstance(name, Problem) else name


class _Read(msgspec.Struct, frozen=True):
    """An observation in the vocabulary's words."""

    value: float | None
    unit: str
    choice: str
    detail: Mapping[str, Any]


def _read(
    variable: Variable, value: float | str | None, unit: str, choice: str, detail: Mapping[str, Any]
) -> _Read | Problem:
    name = read_choice(variable, choice) if choice else ""
    if isinstance(name, Problem):
        return name
    if value is None:
        return _Read(None, "", name, detail)
    conversion, number = read_unit(variable, unit), _number(value)
    if isinstance(conversion, Problem):
        return conversion
    amount = number if isinstance(number, Problem) else read_value(variable, number, unit)
    if isinstance(amount, Problem):
        return amount
    return _Read(amount, conversion.unit, name, convert_detail(variable, detail, conversion))


def _number(value: float | str) -> float | Problem:
    try:
        return float(value)
    except ValueError:
        return Problem("not_a_number", "The value is not a number.", "Send the number alone, and its unit apart.")


def plain(value: float | str) -> str:
    """A number as people write it: ``101``, not ``101.0``."""
    return value if isinstance(value, str) else f"{value:.12g}"


def _said(value: float | str | None, unit: str, choice: str, read: _Read) -> str:
    """What the source said, where what is stored is another number or word: ``101.3 [degF]``, ``HFNC``."""
    if value is not None and read.value != _number(value):
        return f"{plain(value)} {unit}".strip()
    return choice if choice != read.choice else ""
