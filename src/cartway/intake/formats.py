"""Which format a file holds, told by its content: names lie, and many senders give none."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Literal

import msgspec

from cartway.intake.sources import LIMITS, Limits, head, not_utf8
from cartway.problem import Problem

Format = Literal["fhir", "fhir-ndjson", "facts-csv", "facts-parquet", "facts-json", "facts-ndjson", "hl7", "refused"]

BOM = b"\xef\xbb\xbf"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HL7_STARTS = (b"MSH", b"FHS", b"BHS", b"\x0b")
REQUIRED_COLUMNS = frozenset({"course", "at", "what"})
_RESOURCE_TYPE = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_FACT = re.compile(rb'"what"\s*:')
_CSV_SEPARATOR = re.compile(r"[,;\t]")


class Detected(msgspec.Struct, frozen=True):
    """A format, and for FHIR the type of the first resource named (so that patients can be read before the rest)."""

    format: Format
    first_type: str = ""


def detect(source: Path | bytes, limits: Limits = LIMITS) -> Detected | Problem:
    """The format of a file.

    Problems: ``empty_file``, ``fhir_xml``, ``not_utf8``, ``unknown_format`` and those of `sources`.
    """
    start = head(source, limits)
    if isinstance(start, Problem):
        return start
    return detect_head(start)


def detect_head(start: bytes) -> Detected | Problem:
    """The format that begins with these bytes."""
    if start.startswith(b"PAR1"):
        return Detected("facts-parquet")
    if start.startswith(UTF_16):
        return _wide(start)
    text = start.removeprefix(BOM).lstrip()
    if not text:
        return Problem("empty_file", "The file is empty.", "Export it again, or leave it out.")
    if start.startswith(b"\x0b") or text.startswith(HL7_STARTS):
        return Detected("hl7")
    if text[:1] in (b"{", b"["):
        return _json(text)
    if text[:1] == b"<":
        return _xml(text)
    return Detected("facts-csv") if _is_table(text) else _unknown()


def _wide(start: bytes) -> Detected | Problem:
    """Of UTF-16 text only HL7 v2 is read; what is another format in it must be saved anew."""
    found = detect_head(start[: len(start) & ~1].decode("utf-16", "replace").encode())
    return not_utf8("UTF-16") if isinstance(found, Detected) and found.format != "hl7" else found


def _json(text: bytes) -> Detected | Problem:
    by_line = _is_by_line(text)
    if text.startswith(b'{"refused":'):
        return Detected("refused")
    if resource := _RESOURCE_TYPE.search(text):
        return Detected("fhir-ndjson" if by_line else "fhir", resource[1].decode())
    if _FACT.search(text):
        return Detected("facts-ndjson" if by_line else "facts-json")
    return _unknown()


def _is_by_line(text: bytes) -> bool:
    """NDJSON: the first line is a whole object and a further object follows, or what follows starts one."""
    line, newline, rest = text.partition(b"\n")
    if not newline or not line.startswith(b"{"):
        return False
    return rest.lstrip()[:1] in (b"{", b"") and _is_object(line)


def _is_object(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line.rstrip().endswith(b"}") and len(line) > 2
    return True


def _xml(text: bytes) -> Problem:
    if b"http://hl7.org/fhir" in text:
        return Problem("fhir_xml", "It is FHIR in XML.", "Export it as FHIR JSON (application/fhir+json).")
    return _unknown()


def _is_table(text: bytes) -> bool:
    first = text.partition(b"\n")[0].decode("utf-8", "replace").strip()
    names = {name.strip().strip('"').casefold() for name in _CSV_SEPARATOR.split(first)}
    return names >= REQUIRED_COLUMNS


def _unknown() -> Problem:
    reason = "It is no format that can be read here."
    remedy = "Give FHIR R4 JSON or NDJSON, HL7 v2, or a facts table (CSV or Parquet with the columns course, at, what)."
    return Problem("unknown_format", reason, remedy)
