"""The people behind the courses: a separate, erasable, audited store. Facts carry only the opaque course id."""

from cartway.people.edge import open_people
from cartway.people.errors import (
    CourseTaken,
    ErasureIncomplete,
    NoIdentifier,
    PeopleError,
    ReasonNamesPerson,
    SeveralPeople,
    UnknownCourse,
)
from cartway.people.person import Access, Contact, Holder, Identifier, Person

__all__ = [
    "Access",
    "Contact",
    "CourseTaken",
    "ErasureIncomplete",
    "Holder",
    "Identifier",
    "NoIdentifier",
    "PeopleError",
    "Person",
    "ReasonNamesPerson",
    "SeveralPeople",
    "UnknownCourse",
    "open_people",
]
