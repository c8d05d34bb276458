"""OBX segments (ORU, OUL, and those inside ADT) as drafts of facts.

| field | what is taken from it |
|---|---|
| OBX-2, 5, 6 | the value by its type, and its unit; ``120/80`` in text gives a systolic and a diastolic pressure |
| OBX-3 | LOINC, alternate or local code, through the vocabulary; what it does not know is left out by name |
| OBX-11 | whether it stands, corrects (C, A), withdraws (D, W), or has no value (table 0085) |
| OBX-14, else OBR-7 | when it was true |
| OBR-22, else MSH-7 | the version: a final result that differs from its preliminary one takes its place |

The key is filler order number, code, sub-id and time, so a correction under the same four amends what it corrects.
(Filler order alone would not do: monitors send a day of readings under one order.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec

from cartway import times
from cartway.intake.drafts import Draft, Item, Refused, Subject, observe
from cartway.intake.hl7_codes import BLOOD_PRESSURE, coded, meaning
from cartway.intake.hl7_context import FORMAT, Context
from cartway.intake.hl7_patient import subject
from cartway.intake.hl7_syntax import Segment
from cartway.intake.hl7_value import Nothing, Reading, pressures, read
from cartway.problem import Problem
from cartway.record.fact import RETRACTION, Fact
from cartway.times import Instant
from cartway.vocabulary import Meaning, Variable, vocabulary

STANDS = frozenset({"", "F", "P", "R", "S", "V", "B"})
CORRECTS = frozenset({"C", "A"})
WITHDRAWS = frozenset({"D", "W"})
WITHOUT_VALUE = {"I": "not_final", "O": "not_done", "N": "not_done", "U": "not_final", "X": "no_value"}
_MAX_KEY = 200


class Report(msgspec.Struct, frozen=True):
    """What is around an OBX: the patient and the order it belongs to."""

    context: Context
    pid: Segment | None = None
    order: Segment | None = None

    def from_order(self, field: int) -> str:
        return self.order.get(field) if self.order else ""

    def refused(self, problem: Problem, obx: Segment, field: int) -> Refused:
        return self.context.refused(problem, obx, field, around=[self.pid, self.order])


class Observation(msgspec.Struct, frozen=True):
    """An OBX whose patient, time and identity are known. `version` is when its source last changed it."""

    report: Report
    obx: Segment
    subject: Subject
    at: Instant
    version: Instant | None
    key: str

    @property
    def corrected(self) -> bool:
        return status(self.obx) in CORRECTS

    def refused(self, problem: Problem, field: int) -> Refused:
        return self.report.refused(problem, self.obx, field)


def observations(context: Context) -> Iterator[Item]:
    """One item for each OBX (two for a pair of pressures). An OBX belongs to the PID and the OBR before it."""
    report = Report(context)
    for segment in context.message.each("PID", "OBR", "SPM", "OBX"):
        match segment.name:
            case "PID":
                report = Report(context, segment)
            case "OBR":
                report = msgspec.structs.replace(report, order=segment)
            case "SPM":  # in specimen-oriented messages (OUL) the orders follow their specimen
                keep = context.message.kind[0] != "OUL"
                report = report if keep else msgspec.structs.replace(report, order=None)
            case _:
                yield from _items(report, segment)


def status(obx: Segment) -> str:
    """OBX-11."""
    return obx.get(11).upper()


def _items(report: Report, obx: Segment) -> Iterator[Item]:
    context = report.context
    found = meaning(vocabulary(), context.feed, list(coded(obx, obx.raw(3))))
    if isinstance(found, Problem):
        yield report.refused(found, obx, 3)
    elif found is None:
        yield context.ignored("code_not_in_vocabulary", obx, 3)
    elif status(obx) in WITHOUT_VALUE:
        yield context.ignored(WITHOUT_VALUE[status(obx)], obx, 11)
    elif found.what == "birth_date":
        yield context.ignored("patient_details", obx, 3)
    else:
        seen = _observation(report, obx)
        yield from [seen] if isinstance(seen, Refused) else _statements(seen, found)


def _observation(report: Report, obx: Segment) -> Observation | Refused:
    if status(obx) not in STANDS | CORRECTS | WITHDRAWS:
        return report.refused(_unknown_status(), obx, 11)
    whose = subject(report.context, report.pid)
    if isinstance(whose, Problem):
        return report.refused(whose, obx, 3)
    at = _when(report, obx)
    if isinstance(at, Problem):
        return report.refused(at, obx, 14)
    version = report.context.time(report.from_order(22) or report.context.message.header.get(7))
    return Observation(report, obx, whose, at, None if isinstance(version, Problem) else version, _key(report, obx, at))


def _when(report: Report, obx: Segment) -> Instant | Problem:
    stamp = obx.get(14) or report.from_order(7)
    return report.context.time(stamp) if stamp else _no_time()


def _key(report: Report, obx: Segment, at: Instant) -> str:
    order = report.from_order(3) or report.from_order(2)
    key = "|".join((order, obx.get(3) or obx.get(3, 4), obx.get(4), times.text(at)))
    return key if len(key) <= _MAX_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def _statements(seen: Observation, found: Meaning) -> Iterator[Item]:
    pair = pressures(seen.obx, found)
    if found.what == BLOOD_PRESSURE and (pair is not None or _is_withdrawn(seen)):
        yield from _pair(seen, pair or ("", ""))
    elif pair is not None:
        yield from _pair(seen, pair)
    else:
        yield _statement(seen, found)


def _pair(seen: Observation, pair: tuple[str, str]) -> Iterator[Item]:
    """Both pressures of one reading, tied by the event, each under a key of its own."""
    for what, value in zip(("systolic_pressure", "diastolic_pressure"), pair, strict=True):
        one = msgspec.structs.replace(seen, key=f"{seen.key}|{what}")
        yield (
            _withdrawal(one)
            if _is_withdrawn(one)
            else _observed(one, vocabulary().variables[what], Reading(value), seen.key)
        )


def _statement(seen: Observation, found: Meaning) -> Item:
    variable = vocabulary().variable(found.what)
    if _is_withdrawn(seen):
        return _withdrawal(seen)
    if variable is None:
        return _bare_panel(seen) if found.what == BLOOD_PRESSURE else seen.refused(_unknown_word(), 3)
    reading = read(seen.obx, seen.report.context.feed, variable, found.choice)
    match reading:
        case Nothing(rule=rule):
            return seen.report.context.ignored(rule, seen.obx, 5)
        case Problem():
            return _unreadable(seen, variable, reading)
        case Reading():
            return _observed(seen, variable, reading)


def _bare_panel(seen: Observation) -> Item:
    """A blood pressure panel: without a value its parts follow; with one that is no pair it cannot be read."""
    return seen.refused(_no_pair(), 5) if seen.obx.get(5) else seen.report.context.ignored("container", seen.obx, 3)


def _observed(seen: Observation, variable: Variable, reading: Reading, event: str = "") -> Draft | Refused:
    drafted = observe(
        variable,
        seen.subject,
        seen.at,
        value=reading.value,
        unit=seen.obx.get(6) if reading.value is not None else "",
        choice=reading.choice,
        detail=reading.detail,
        event=event,
        place=seen.report.context.place(seen.obx, 5),
        **_stated(seen),
    )
    return (
        drafted if isinstance(drafted, Draft) else msgspec.structs.replace(drafted, input=_excerpt(seen), format=FORMAT)
    )


def _unreadable(seen: Observation, variable: Variable, problem: Problem) -> Refused:
    """A refusal with its ``unreadable`` stand-in: what was sent stays visible at the bedside."""
    said: dict[str, Any] = {"value": seen.obx.get(5)[:200], "unit": seen.obx.get(6)[:50], "problem": problem.code}
    detail = {"variable": variable.name, **said}
    fact = Fact(seen.subject.identifier, seen.at, "unreadable", detail=detail, **_stated(seen))
    draft = Draft(fact, seen.subject, seen.report.context.place(seen.obx, 5))
    return msgspec.structs.replace(seen.refused(problem, 5), stand_in=draft)


def _withdrawal(seen: Observation) -> Draft:
    """The source withdraws what it stated under this key."""
    reason = "withdrawn by its source" if status(seen.obx) == "D" else "posted in error, says its source"
    stated = _stated(seen) | {"key": f"{seen.key}|withdrawn", "corrected": False}
    fact = Fact(seen.subject.identifier, seen.at, RETRACTION, amends=seen.key, reason=reason, **stated)
    return Draft(fact, seen.subject, seen.report.context.place(seen.obx, 11))


def _is_withdrawn(seen: Observation) -> bool:
    """Status D or W, or a correction whose value is null."""
    return status(seen.obx) in WITHDRAWS or (seen.corrected and seen.obx.is_null(5))


def _stated(seen: Observation) -> dict[str, Any]:
    return {
        "source": seen.report.context.source,
        "key": seen.key,
        "corrected": seen.corrected,
        "source_recorded_at": seen.version,
    }


def _excerpt(seen: Observation) -> str:
    return seen.report.context.excerpt([seen.report.pid, seen.report.order, seen.obx])


def _no_time() -> Problem:
    return Problem("no_time", "Neither OBX-14 nor OBR-7 says when it was observed.", "Send OBX-14.")


def _unknown_status() -> Problem:
    return Problem("unknown_status", "OBX-11 is not a status of table 0085.", "Send F, P, C, D, W or X.")


def _unknown_word() -> Problem:
    return Problem(
        "unknown_variable", "The local code is given a meaning that the vocabulary lacks.", "Correct the local codes."
    )


def _no_pair() -> Problem:
    return Problem("not_a_pair", "A blood pressure must read like 120/80.", "Send it so, or both pressures apart.")
