"""What one run of reading FHIR carries along: codes, who is meant, the drugs and devices pointed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from cartway.intake.drafts import Subject
from cartway.intake.fhir.shapes import Codes, Concept, Identifier, Reference
from cartway.intake.instants import DATE_ONLY, EARLIEST, LATEST, read_time
from cartway.problem import Problem
from cartway.times import SECOND, Instant
from cartway.vocabulary import Meaning, Variable, Vocabulary

CACHE_LIMIT = 100_000  # a hostile file with ever new references must not fill the memory
UUID_AUTHORITY = "urn:uuid"

K = TypeVar("K")
V = TypeVar("V")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Whole days since then that are plausible in any time zone; what lies nearer the limits is looked at more closely.
FIRST_DAY, LAST_DAY = ((datetime(year, 1, 2, tzinfo=UTC) - EPOCH).days for year in (EARLIEST, LATEST))
_VERSION = "/_history/"
# HL7 table 0203: numbers that a family, an account or a visit shares are no identity of a person.
_SHARED_NUMBERS = frozenset({"SN", "MB", "AN", "VN", "NIIP", "FI"})


class Options(msgspec.Struct, frozen=True):
    """How a source is read. `source` names it: a relative reference (``Patient/12``) is unique only within one."""

    source: str = "local"
    discharge_from_encounters: bool = False


class Context:
    """Shared by all files of one run; every cache is bounded."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        options: Options = Options(),  # noqa: B008 (frozen)
        local_codes: Mapping[tuple[str, str], Meaning] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.options = options
        self.codes: dict[tuple[str, str], Meaning] = {**vocabulary.codes, **(local_codes or {})}
        self.home = f"fhir:{options.source}"
        self.subjects: dict[tuple[str, str], Subject] = {}
        self.medications: dict[tuple[str, str], tuple[Meaning, ...]] = {}
        self.devices: dict[tuple[str, str], Concept] = {}

    def authority(self, base: str) -> str:
        """Who assigned a resource's id: the server's address where it is known, else this source."""
        return base or self.home

    def instant(self, text: str) -> Instant | Problem:
        """A FHIR dateTime or instant. Problems: those of `read_time`."""
        try:
            since = datetime.fromisoformat(text) - EPOCH
        except (ValueError, TypeError, OverflowError):
            return read_time(text)
        if not FIRST_DAY < since.days < LAST_DAY:
            return read_time(text)
        # Days and seconds by themselves: dividing the timedelta takes half as long again.
        return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds

    def day(self, text: str) -> Instant | Problem:
        """Like `instant`; a date alone is the start of that day in UTC."""
        return self.instant(f"{text}T00:00:00Z" if len(text) == DATE_ONLY else text)

    def subject(self, reference: Reference | None, base: str) -> Subject | Problem | None:
        """Whom a reference means; None where that is no patient. Problem: ``no_subject``."""
        if reference is None:
            return _no_subject()
        if not reference.reference:
            return _by_identifier(reference.identifier)
        known = self.subjects.get((base, reference.reference))
        if known is None:
            found = _by_address(reference.reference, base, self)
            if not isinstance(found, Subject):
                return found
            known = remember(self.subjects, (base, reference.reference), found)
        return known

    def meaning(self, concept: Concept | Codes) -> Meaning | Problem | None:
        """What a concept's codes mean here, None if nobody knows any. Problem: ``codes_disagree``."""
        found = {meaning for coding in concept.coding if (meaning := self.codes.get((coding.system, coding.code)))}
        if len(found) < 2:
            return next(iter(found), None)
        return _most_exact(found)

    def variable(self, meaning: Meaning) -> Variable:
        """The variable that a meaning names."""
        return self.vocabulary.variables[meaning.what]


def remember(cache: dict[K, V], key: K, value: V) -> V:
    """Keep a value, starting afresh when the cache is full."""
    if len(cache) >= CACHE_LIMIT:
        cache.clear()
    cache[key] = value
    return value


def address(reference: str, base: str) -> tuple[str, str, str]:
    """(server address or '', resource type, id) of a reference, without its version."""
    whole = reference.split(_VERSION, 1)[0]
    if whole.startswith("urn:uuid:"):
        return UUID_AUTHORITY, "", whole[9:]
    front, _, identifier = whole.rpartition("/")
    server, _, kind = front.rpartition("/")
    return server or base, kind, identifier


def base_of(full_url: str) -> str:
    """The server address in an entry's fullUrl, '' where it names none."""
    return full_url.rsplit("/", 2)[0] if full_url[0:1] == "h" else ""


def identities(identifiers: Iterable[Identifier]) -> list[Subject]:
    """The identifiers that name one person: those with a system, not outdated, not shared by a family or a visit."""
    return [
        Subject(identifier.system, identifier.value)
        for identifier in identifiers
        if identifier.system and identifier.value and identifier.use != "old" and not _is_shared(identifier)
    ]


def _is_shared(identifier: Identifier) -> bool:
    codings = identifier.type.coding if identifier.type else ()
    return any(coding.code in _SHARED_NUMBERS for coding in codings)


def _by_identifier(identifier: Identifier | None) -> Subject | Problem:
    named = identities([identifier] if identifier else [])
    return named[0] if named else _no_subject()


def _by_address(reference: str, base: str, context: Context) -> Subject | Problem | None:
    server, kind, identifier = address(reference, base)
    if kind not in ("Patient", "") or not identifier:
        return None
    if not kind and server != UUID_AUTHORITY:
        return _no_subject()
    return Subject(server if kind == "" else context.authority(server), identifier)


def _most_exact(found: set[Meaning]) -> Meaning | Problem:
    """One variable with and without its choice is no contradiction; two variables, or two choices, are."""
    with_choice = {meaning for meaning in found if meaning.choice} or found
    if len({meaning.what for meaning in found}) == 1 and len(with_choice) == 1:
        return with_choice.pop()
    reason = (
        "Its codes mean different things: " + ", ".join(sorted(f"{m.what}/{m.choice}".strip("/") for m in found)) + "."
    )
    return Problem("codes_disagree", reason, "Keep the code that is meant.")


def _no_subject() -> Problem:
    return Problem("no_subject", "It names no patient.", "Add the reference to the patient it is about.")
