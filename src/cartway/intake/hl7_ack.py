"""The answer to a message: ACK with MSA and ERR (chapter 2.9 and 2.15), in the sender's separators and character set.

Original mode: one answer, after the message was processed. AA says that what is used of it is durable; AE that some
of it could not be taken (ERR says what); AR that it is no message for us at all. No segment carries a patient's
value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from cartway import times
from cartway.intake.hl7_charset import charset_of, codec_of
from cartway.intake.hl7_syntax import Delimiters, Message, Segment, escape
from cartway.problem import Problem
from cartway.times import Instant

AckCode = Literal["AA", "AE", "AR"]

MAX_ERRORS = 20
# Codes of table 0357 for our problems; 207 is "application internal error".
CONDITIONS = {
    "no_header": "100",
    "bad_delimiters": "102",
    "not_a_number": "102",
    "malformed_time": "102",
    "no_patient": "101",
    "no_time": "101",
    "no_offset": "101",
    "date_without_time": "102",
    "missing_unit": "101",
    "unknown_unit": "103",
    "unknown_choice": "103",
    "unknown_status": "103",
    "impossible_value": "102",
    "unsupported_version": "203",
    "unsupported_processing_id": "202",
    "simulated_fact": "202",
    "no_course_for_patient": "204",
    "several_courses": "204",
    "control_id_reused": "205",
    "conflict": "205",
}


class Fault(msgspec.Struct, frozen=True):
    """One ERR: a problem, and where in the message it is (``OBX``, 3, 5)."""

    problem: Problem
    segment: str = ""
    index: int = 0
    field: int = 0


def acknowledge(message: Message, code: AckCode, faults: Iterable[Fault], now: Instant) -> bytes:
    """The answer's bytes, without MLLP marks. `now` is the time of answering."""
    found = list(faults)
    marks = message.delimiters
    lines = [_header(message, now), _msa(message, code, found)]
    lines += [_err(fault, message) for fault in found[:MAX_ERRORS]]
    return ("\r".join(lines) + "\r").encode(marks.codec, "replace")


def reject_unread(data: bytes, problem: Problem, now: Instant, default_charset: str, code: AckCode = "AR") -> bytes:
    """An answer to what could not be parsed: addressed and numbered as far as its first line can be made out."""
    head = data.lstrip(b"\r\n").split(b"\r", 1)[0].split(b"\n", 1)[0][:4096]
    codec = codec_of(charset_of(head, default_charset)) or "utf-8"
    fields = head.decode(codec, "replace").split("|") if head.startswith(b"MSH|^~\\&|") else []
    fields = ["MSH", "|", *fields[1:], *[""] * 20][:20]
    kept = Message([_segment(fields, Delimiters(codec=codec))], Delimiters(codec=codec))
    return acknowledge(kept, code, [Fault(problem)], now)


def _segment(fields: list[str], delimiters: Delimiters) -> Segment:
    return Segment("MSH", fields, 1, delimiters)


def _header(message: Message, now: Instant) -> str:
    """MSH, sender and receiver swapped. The control id follows from message and time, so it is never used twice."""
    asked, marks = message.header, message.delimiters
    stamp = times.to_datetime(now).strftime("%Y%m%d%H%M%S.%f")[:18] + "+0000"
    trigger = _clean(asked.raw(9).split(marks.component)[1]) if marks.component in asked.raw(9) else ""
    kind = marks.component.join(["ACK", trigger, "ACK"] if trigger else ["ACK"])
    back = [_clean(asked.raw(field)) for field in (5, 6, 3, 4)]
    fields = ["MSH" + marks.field + marks.declared, *back, stamp, "", kind, _control_id(message, now)]
    fields += [_clean(asked.raw(11)), _clean(asked.raw(12)), "", "", "", "", "", _clean(asked.raw(18))]
    return marks.field.join(fields).rstrip(marks.field)


def _control_id(message: Message, now: Instant) -> str:
    asked = "|".join(message.header.raw(field) for field in (3, 4, 7, 10))
    return hashlib.sha256(f"{asked}|{now}".encode()).hexdigest()[:20].upper()


def _msa(message: Message, code: AckCode, faults: list[Fault]) -> str:
    """MSA-3 repeats the first reason for receivers older than ERR-8."""
    marks = message.delimiters
    text = escape(_reason(faults[0].problem)[:80], marks) if faults else ""
    return marks.field.join(["MSA", code, _clean(message.header.raw(10)), text]).rstrip(marks.field)


def _err(fault: Fault, message: Message) -> str:
    """ERR of 2.5 and later; before, ERR-1 alone."""
    marks = message.delimiters
    condition = CONDITIONS.get(fault.problem.code, "207")
    where = [fault.segment, str(fault.index or ""), str(fault.field or "")]
    place = marks.component.join(where).rstrip(marks.component)
    if message.header.get(12) in ("2.1", "2.2", "2.3", "2.3.1", "2.4"):
        return marks.field.join(["ERR", marks.component.join([*where, condition])])
    text, code = escape(_reason(fault.problem), marks), escape(fault.problem.code, marks)
    coded = marks.component.join([condition, "", "HL70357"])
    return marks.field.join(["ERR", "", place, coded, "E", code, "", "", text])


def _reason(problem: Problem) -> str:
    return f"{problem.reason} {problem.remedy}".strip()


def _clean(field: str) -> str:
    """A field of the sender's given back, without what would break the frame."""
    return "".join(mark for mark in field if mark >= " ")[:500]
