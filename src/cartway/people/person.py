"""Who is behind a course."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.times import Instant

Identifier = tuple[str, str]
"""The assigning authority, and the value that it assigned."""


class Contact(msgspec.Struct, frozen=True):
    """How to reach a person or a caregiver. `kind`: phone, mail, address, caregiver ..."""

    kind: str
    text: str


class Person(msgspec.Struct, frozen=True):
    """What is known of a person. `birth_date` as ISO 8601. All is empty once erased."""

    identifiers: Sequence[Identifier]
    courses: Sequence[str]
    name: str = ""
    birth_date: str = ""
    sex: str = ""
    contacts: Sequence[Contact] = ()
    erased_at: Instant | None = None


class Holder(msgspec.Struct, frozen=True):
    """Somebody who has an identifier of some value, by whom it was assigned, and their courses, oldest first."""

    authority: str
    courses: Sequence[str]


class Access(msgspec.Struct, frozen=True):
    """One line of the access log: who did what when, and to whom by opaque name. `found`: how many it concerned."""

    number: int
    at: Instant
    by: str
    act: str
    person: str
    course: str
    reason: str
    found: int
