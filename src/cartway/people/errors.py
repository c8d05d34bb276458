"""What can go wrong with the people: one exception for each failure, its message built inside. It quotes nothing."""
# ruff: noqa: N818  # each class is named for the failure

from __future__ import annotations

from cartway.record.errors import StoreError


class PeopleError(StoreError):
    """Any failure that is not the store's own."""


class NoIdentifier(PeopleError):
    def __init__(self) -> None:
        super().__init__("A person cannot be enrolled without an identifier. Give its authority and value.")


class SeveralPeople(PeopleError):
    def __init__(self) -> None:
        super().__init__(
            "The identifiers belong to several people. Find out who it is; if they are one person, merge them first."
        )


class UnknownCourse(PeopleError):
    def __init__(self, course: str) -> None:
        super().__init__(f"Nobody is enrolled in the course {course}. Check the course.")


class CourseTaken(PeopleError):
    def __init__(self, course: str) -> None:
        super().__init__(f"The course {course} exists already. Draw another name for it.")


class ReasonNamesPerson(PeopleError):
    def __init__(self) -> None:
        super().__init__(
            "The reason quotes what is to be erased, and the access log keeps it. State it without the person's data."
        )


class ErasureIncomplete(PeopleError):
    def __init__(self, place: str) -> None:
        super().__init__(
            f"The person is erased, but another process is reading {place}, so that old pages remain in its journal. "
            "Close it and call `scrub`."
        )
