"""The people behind the courses: found, enrolled, merged and erased, and every look at them is logged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

import msgspec
from sqlalchemy import func, insert, select

from cartway.people import queries
from cartway.people.edge import random_id
from cartway.people.errors import ErasureIncomplete, NoIdentifier, ReasonNamesPerson, SeveralPeople
from cartway.people.person import Access, Contact, Holder, Identifier, Person
from cartway.people.schema import access
from cartway.people.store import PERSONAL
from cartway.record.beside import Store
from cartway.times import Instant

if TYPE_CHECKING:
    from sqlalchemy import Connection


class People:
    """The people of a record. Use it as a context manager. Reads and writes alike go to the access log."""

    def __init__(self, store: Store, by: str, now: Callable[[], Instant]) -> None:
        self._store, self._by, self._now, self.place = store, by, now, store.place

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def find(self, authority: str, value: str, *, now: Instant | None = None, by: str = "") -> list[str]:
        """The courses of the person with this identifier, oldest first; a merged one under its successor."""
        with self._store.transaction() as connection:
            owner = queries.find_owner(connection, authority, value)
            courses = queries.courses(connection, owner) if owner else []
            self._log(connection, "find", owner or "", found=len(courses), now=now, by=by)
            return courses

    def holders(self, value: str, *, authority: str = "", now: Instant | None = None, by: str = "") -> list[Holder]:
        """Everybody who has an identifier of exactly this value, each once; several where authorities gave it to
        several people. `authority`: only of this one.
        """
        with self._store.transaction() as connection:
            found = queries.holders(connection, value, authority)
            who = next(iter(found)) if len(found) == 1 else ""
            self._log(connection, "find", who, found=len(found), now=now, by=by)
            held = [Holder(assigned_by, queries.courses(connection, owner)) for owner, assigned_by in found.items()]
            return sorted(held, key=lambda each: each.authority)

    def enrol(
        self,
        identifiers: Sequence[Identifier],
        *,
        name: str = "",
        birth_date: str = "",
        sex: str = "",
        contacts: Sequence[Contact] = (),
        now: Instant,
        by: str,
        new_id: Callable[[], str] = random_id,
    ) -> str:
        """Open a course for a person, who is entered if not yet known; the name of the course.

        What is stated of a known person replaces what was known. Raises NoIdentifier, CourseTaken, or SeveralPeople
        where the identifiers belong to more than one.
        """
        if not identifiers:
            raise NoIdentifier
        stated = {"name": name, "birth_date": birth_date, "sex": sex}
        with self._store.transaction() as connection:
            opened = new_id()
            owner = queries.one_owner(connection, identifiers) or queries.enter(connection, opened)
            queries.describe(connection, owner, {field: text for field, text in stated.items() if text}, contacts)
            queries.identify(connection, owner, identifiers)
            queries.open_course(connection, opened, owner, now)
            self._log(connection, "enrol", owner, opened, now=now, by=by)
            return opened

    def describe(
        self,
        name_of_course: str,
        identifiers: Sequence[Identifier] = (),
        *,
        name: str = "",
        birth_date: str = "",
        sex: str = "",
        contacts: Sequence[Contact] = (),
        now: Instant,
        by: str,
    ) -> None:
        """Add identifiers to the person behind a course, and replace what is stated of them.

        Raises UnknownCourse, or SeveralPeople where an identifier belongs to somebody else.
        """
        stated = {"name": name, "birth_date": birth_date, "sex": sex}
        with self._store.transaction() as connection:
            owner = queries.behind(connection, name_of_course)
            if queries.one_owner(connection, identifiers) not in {None, owner}:
                raise SeveralPeople
            queries.describe(connection, owner, {field: text for field, text in stated.items() if text}, contacts)
            queries.identify(connection, owner, identifiers)
            self._log(connection, "describe", owner, name_of_course, now=now, by=by)

    def person(self, name_of_course: str, *, now: Instant | None = None, by: str = "") -> Person:
        """Who is behind a course. Raises UnknownCourse."""
        with self._store.transaction() as connection:
            owner = queries.behind(connection, name_of_course)
            self._log(connection, "read", owner, name_of_course, now=now, by=by)
            return queries.read(connection, owner)

    def people(self, names_of_courses: Sequence[str], *, now: Instant | None = None, by: str = "") -> dict[str, Person]:
        """Who is behind each of several courses, in one look; an unknown course is left out."""
        with self._store.transaction() as connection:
            owners = queries.owners(connection, names_of_courses)
            self._log(connection, "read", "", found=len(owners), now=now, by=by)
            return {name: queries.read(connection, owner) for name, owner in owners.items()}

    def merge(self, gone: str, kept: str, *, now: Instant, by: str) -> None:
        """Two courses turn out to be one person's: `kept` stays and takes over, as in HL7 A40.

        All identifiers and other courses of the person behind `gone` become those of the person behind `kept`, and lead
        to `kept`; which came from whom stays known. The facts of `gone` stay where they are. Raises UnknownCourse.
        """
        with self._store.transaction() as connection:
            old, new = queries.behind(connection, gone), queries.behind(connection, kept)
            if old != new:
                queries.hand_over(connection, old, new)
            if gone != kept:
                queries.fold_course(connection, gone, kept)
            self._log(connection, "merge", new, kept, reason=f"from {old} {gone}", now=now, by=by)

    def merged(self, kept: str, *, now: Instant | None = None, by: str = "") -> list[str]:
        """The courses that were merged into this one: their facts are this person's too."""
        with self._store.transaction() as connection:
            found = queries.merged_courses(connection, kept)
            self._log(connection, "merged", "", kept, found=len(found), now=now, by=by)
            return found

    def erase(self, name_of_course: str, *, reason: str, now: Instant, by: str) -> list[str]:
        """Erase the name, birth date, sex, identifiers and contacts of the person behind a course; their courses.

        The facts stay, pseudonymous, and with them the chain. The files are written anew, so that nothing is left in
        them; backups, and PostgreSQL's write-ahead log until it is recycled, are the keeper's to throw away. An unknown
        course gives an empty list. Raises ReasonNamesPerson, and ErasureIncomplete where somebody is reading the file.
        """
        with self._store.transaction() as connection:
            owners = queries.all_behind(connection, name_of_course)
            if any(queries.quotes(reason, queries.read(connection, owner)) for owner in owners):
                raise ReasonNamesPerson
            courses = [each for owner in owners for each in queries.all_courses(connection, owner)]
            for owner in owners:
                queries.blank(connection, owner, now)
                self._log(connection, "erase", owner, name_of_course, reason, len(courses), now, by)
        self.scrub()
        return courses

    def scrub(self) -> None:
        """Write the files anew, so that nothing erased is left in them. Raises ErasureIncomplete."""
        if not self._store.scrub(PERSONAL):
            raise ErasureIncomplete(self.place)

    def accesses(self) -> list[Access]:
        """The access log, oldest first."""
        with self._store.transaction() as connection:
            return [Access(**row) for row in connection.execute(select(access).order_by(access.c.number)).mappings()]

    def _log(
        self,
        connection: Connection,
        act: str,
        who: str,
        name_of_course: str = "",
        reason: str = "",
        found: int = 1,
        now: Instant | None = None,
        by: str = "",
    ) -> None:
        """One line of the access log. It names people by their opaque name only."""
        number = (connection.scalar(select(func.max(access.c.number))) or 0) + 1
        at = self._now() if now is None else now
        line = Access(number, at, by or self._by, act, who, name_of_course, reason, found)
        connection.execute(insert(access).values(msgspec.structs.asdict(line)))
