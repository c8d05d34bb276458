"""The content of a fact in one canonical order: what is checked, compared, hashed and stored.

The canonical bytes are compact JSON, in this order of fields, with the keys of `detail` sorted. They depend on neither
store nor schema, so two stores that hold the same facts hold the same chain. A golden example in the tests pins them.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from cartway.problem import Problem
from cartway.record.fact import Fact

FORMAT = 1

MAX_TEXT = 500
MAX_LONG_TEXT = 4_000
MAX_DETAIL_BYTES = 16_384
MAX_BATCH = 50_000
NEVER = 2**63 - 1  # stored as the end of what has none

_Instant = Annotated[int, Meta(ge=-62_135_596_800_000_000, le=253_402_300_799_999_999)]  # the years 1 to 9999
_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Text = Annotated[str, Meta(max_length=MAX_TEXT)]
_LongText = Annotated[str, Meta(max_length=MAX_LONG_TEXT)]


class Content(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A fact as its source states it, in canonical order. The types hold the limits."""

    format: int
    course: _Name
    at: _Instant
    until: _Instant | None
    what: _Name
    value: float | None
    unit: _Text
    choice: _Text
    about: _Text
    event: _Text
    detail: dict[str, Any]
    source: _Text
    said: _LongText
    amends: _Text
    reason: _LongText
    simulated: bool
    corrected: bool
    source_recorded_at: _Instant | None
    key: _Text


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """A fact that passed the limits, ready to be judged against what the store holds. `key` is never empty here."""

    content: Content
    canonical: bytes
    key_hash: int
    detail: str


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Content).decode


def prepare(fact: Fact) -> Prepared | Problem:
    """Check a fact against the limits of the record and bring it into canonical order, or say what is wrong with it."""
    try:
        canonical = _encode(_fields(fact, fact.key or derived_key(fact)))
        content = _decode(canonical)
    except msgspec.ValidationError as error:
        return _limit(str(error))
    except (TypeError, ValueError, OverflowError, RecursionError):  # UnicodeEncodeError is a ValueError
        return _unencodable()
    detail = _encode(content.detail).decode() if content.detail else ""
    problem = _flaw(fact, content, canonical, detail)
    return problem or Prepared(content, canonical, key_hash(content.course, content.source, content.key), detail)


def derived_key(fact: Fact) -> str:
    """The key of a fact that its source gave none: the digest of what it states, so that identical rows are one."""
    return f"sha256:{hashlib.sha256(statement(fact)).hexdigest()}"


def statement(fact: Fact | Content) -> bytes:
    """What a fact states, without the marks of its version and its key: equal for two versions that state the same."""
    return _encode(_fields(fact, "")[:-3])


def key_hash(course: str, source: str, key: str) -> int:
    """A signed 64-bit number to look up a key by; those that meet by chance are told apart by the texts themselves.

    The course makes the upper half, so that the keys of a course lie together in the index: an append then touches a
    few of its pages instead of one for each fact.
    """
    return _course_hash(course) | zlib.crc32(f"{source}\0{key}".encode())


@lru_cache(4096)
def _course_hash(course: str) -> int:
    digest = hashlib.blake2b(course.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big", signed=True) << 32


def detail_text(fact: Fact) -> str:
    """The canonical JSON of a fact's detail, empty where it has none."""
    return _encode(fact.detail).decode() if fact.detail else ""


def _fields(fact: Fact | Content, key: str) -> tuple[object, ...]:
    value = fact.value
    return (
        FORMAT, fact.course, fact.at, fact.until, fact.what,
        None if value is None else float(value + 0.0),  # SQLite keeps no negative zero
        fact.unit, fact.choice, fact.about, fact.event, fact.detail, fact.source, fact.said, fact.amends, fact.reason,
        fact.simulated, fact.corrected, fact.source_recorded_at, key,
    )  # fmt: skip


def _flaw(fact: Fact, content: Content, canonical: bytes, detail: str) -> Problem | None:
    if fact.value is not None and not math.isfinite(fact.value):
        return Problem("not_a_number", "The value is not a finite number.", "Leave the value out or correct it.")
    if content.until is not None and content.until < content.at:
        return Problem("ends_before_start", "`until` lies before `at`.", "Correct one of the two times.")
    if b"\\u0000" in canonical and _holds_nul(msgspec.json.decode(canonical)):
        return Problem("forbidden_character", "A text holds the character U+0000.", "Remove it at the source.")
    if detail and len(detail) * 4 > MAX_DETAIL_BYTES and len(detail.encode()) > MAX_DETAIL_BYTES:
        return Problem("too_long", f"`detail` is larger than {MAX_DETAIL_BYTES} bytes.", "Keep large texts elsewhere.")
    if detail and not _is_finite(fact.detail):
        return Problem("not_a_number", "`detail` holds a number that is not finite.", "Leave it out or correct it.")
    return None


def _holds_nul(value: object) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_holds_nul(part) for pair in value.items() for part in pair)
        case list():
            return any(map(_holds_nul, value))
    return False


def _is_finite(value: object) -> bool:
    match value:
        case float():
            return math.isfinite(value)
        case dict():
            return all(map(_is_finite, value.values()))
        case list() | tuple():
            return all(map(_is_finite, value))
    return True


def _limit(message: str) -> Problem:
    """Name the field that broke its limit. The message of msgspec states types and lengths, never the value."""
    expected, _, place = message.partition(" - at `$[")
    number = place.partition("]")[0]
    field = Content.__struct_fields__[int(number)] if number.isdigit() else "detail"
    code = "too_long" if "length <=" in expected else "wrong_type"
    return Problem(code, f"`{field}`: {expected[0].lower()}{expected[1:]}.", "Correct the field.", field)


def _unencodable() -> Problem:
    return Problem(
        "wrong_type", "A field holds something that is not plain text, number or JSON.", "Correct the field."
    )
