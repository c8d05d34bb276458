"""What is asked of the tables of people, and written to them, inside a transaction of `people.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from cartway.people.errors import CourseTaken, SeveralPeople, UnknownCourse
from cartway.people.person import Contact, Identifier, Person
from cartway.people.schema import contact, course, identifier, person
from cartway.times import Instant

if TYPE_CHECKING:
    from sqlalchemy import Connection


def find_owner(connection: Connection, authority: str, value: str) -> str | None:
    same = (identifier.c.authority == authority) & (identifier.c.value == value)
    return connection.scalar(select(identifier.c.person).where(same))


def holders(connection: Connection, value: str, authority: str) -> dict[str, str]:
    """Who has this value, whoever assigned it, or only of one authority: the person, and one authority of it."""
    same = select(identifier.c.person, identifier.c.authority).where(identifier.c.value == value)
    if authority:
        same = same.where(identifier.c.authority == authority)
    rows = connection.execute(same.order_by(identifier.c.authority.desc()))
    return dict(rows.tuples().all())


def one_owner(connection: Connection, identifiers: Sequence[Identifier]) -> str | None:
    found = {find_owner(connection, authority, value) for authority, value in identifiers} - {None}
    if len(found) > 1:
        raise SeveralPeople
    return next(iter(found), None)


def behind(connection: Connection, name_of_course: str) -> str:
    found: str | None = connection.scalar(select(course.c.person).where(course.c.id == name_of_course))
    if found is None:
        raise UnknownCourse(name_of_course)
    return found


def owners(connection: Connection, names_of_courses: Sequence[str]) -> dict[str, str]:
    """The person behind each of these courses, where there is one."""
    rows = connection.execute(select(course.c.id, course.c.person).where(course.c.id.in_(names_of_courses)))
    return dict(rows.tuples().all())


def all_behind(connection: Connection, name_of_course: str) -> list[str]:
    """The person behind a course, and all that were merged into it; none behind an unknown course."""
    owner = connection.scalar(select(course.c.person).where(course.c.id == name_of_course))
    if owner is None:
        return []
    return [owner, *connection.scalars(select(person.c.id).where(person.c.merged_into == owner))]


def courses(connection: Connection, owner: str) -> list[str]:
    own = select(course.c.id).where(course.c.person == owner, course.c.merged_into == "")
    return list(connection.scalars(own.order_by(course.c.enrolled_at, course.c.id)))


def all_courses(connection: Connection, owner: str) -> list[str]:
    return list(connection.scalars(select(course.c.id).where(course.c.person == owner).order_by(course.c.id)))


def enter(connection: Connection, new: str) -> str:
    """A person is named by the course that they came with, so that the log names nobody by anything else."""
    if connection.scalar(select(person.c.id).where(person.c.id == new)) is not None:
        raise CourseTaken(new)
    connection.execute(insert(person).values(id=new, name="", birth_date="", sex="", merged_into=""))
    return new


def describe(connection: Connection, owner: str, stated: Mapping[str, str], contacts: Sequence[Contact]) -> None:
    if stated:
        connection.execute(update(person).where(person.c.id == owner).values(stated))
    if contacts:
        connection.execute(delete(contact).where(contact.c.person == owner))
        rows = [{"person": owner, "number": n, "kind": one.kind, "text": one.text} for n, one in enumerate(contacts)]
        connection.execute(insert(contact), rows)


def identify(connection: Connection, owner: str, identifiers: Sequence[Identifier]) -> None:
    for authority, value in dict.fromkeys(identifiers):
        if find_owner(connection, authority, value) is None:
            row = {"authority": authority, "value": value, "person": owner, "came_from": ""}
            connection.execute(insert(identifier).values(row))


def open_course(connection: Connection, opened: str, owner: str, now: Instant) -> None:
    if connection.scalar(select(course.c.person).where(course.c.id == opened)) is not None:
        raise CourseTaken(opened)
    connection.execute(insert(course).values(id=opened, person=owner, enrolled_at=now, merged_into=""))


def hand_over(connection: Connection, old: str, new: str) -> None:
    """All that led to one person leads to another. What was known of the first stays until it is erased."""
    first_seen = update(identifier).where(identifier.c.person == old, identifier.c.came_from == "")
    connection.execute(first_seen.values(came_from=old))
    connection.execute(update(identifier).where(identifier.c.person == old).values(person=new))
    connection.execute(update(course).where(course.c.person == old).values(person=new))
    into = update(person).where((person.c.id == old) | (person.c.merged_into == old))
    connection.execute(into.values(merged_into=new))


def read(connection: Connection, owner: str) -> Person:
    row = connection.execute(select(person).where(person.c.id == owner)).one()
    known = select(identifier.c.authority, identifier.c.value).where(identifier.c.person == owner)
    known = known.order_by(identifier.c.authority, identifier.c.value)
    reach = select(contact.c.kind, contact.c.text).where(contact.c.person == owner).order_by(contact.c.number)
    return Person(
        identifiers=[
            (authority, value) for authority, value in connection.execute(known.order_by(*known.selected_columns))
        ],
        courses=courses(connection, owner),
        name=row.name,
        birth_date=row.birth_date,
        sex=row.sex,
        contacts=[Contact(kind, text) for kind, text in connection.execute(reach)],
        erased_at=row.erased_at,
    )


def blank(connection: Connection, owner: str, now: Instant) -> None:
    connection.execute(delete(identifier).where(identifier.c.person == owner))
    connection.execute(delete(contact).where(contact.c.person == owner))
    nothing = {"name": "", "birth_date": "", "sex": "", "erased_at": now}
    connection.execute(update(person).where(person.c.id == owner).values(nothing))


def quotes(reason: str, known: Person) -> bool:
    """Does a reason hold a part of the name, an identifier, the birth date or a contact?"""
    values = [*known.name.split(), known.birth_date, *(value for _, value in known.identifiers)]
    values += [each.text for each in known.contacts]
    said = reason.casefold()
    return any(len(value) > 2 and value.casefold() in said for value in values)


def merged_courses(connection: Connection, kept: str) -> list[str]:
    return list(connection.scalars(select(course.c.id).where(course.c.merged_into == kept).order_by(course.c.id)))


def fold_course(connection: Connection, gone: str, kept: str) -> None:
    """Lead a course, and all that led to it, to another."""
    into = update(course).where((course.c.id == gone) | (course.c.merged_into == gone))
    connection.execute(into.values(merged_into=kept))
