"""Who signs in, what they may reach, for how long, and what the access log says of it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.pathway.course import CENTER
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.web.access.roles import ON_A_SCREEN, Act, Role, may

EVERY = "*"
"""Among the courses of an account: every course of this record, also those to come."""

OWN = frozenset({Role.patient, Role.caregiver})
"""The roles of those whom a course is about: theirs by name, and nobody else's."""


BY_ITSELF = "by the page itself"
"""The reason of a line of the access log where no person asked: an open page fetched news of itself."""


class Limits(msgspec.Struct, frozen=True):
    """The center's policy of sign-in. Times in microseconds."""

    idle: int = 30 * MINUTE
    """A session ends when nobody has used it for so long,"""
    session: int = 12 * HOUR
    """and at the latest so long after it was opened: a shift."""
    screen: int = 30 * DAY
    """A session on a ward screen ends so long after it was opened, used or not. It shows the board and nothing else."""
    own_idle: int = 30 * DAY
    """A patient's or caregiver's session, on a phone with a lock of its own, ends when it was not used for so long,"""
    own_session: int = 180 * DAY
    """and at the latest so long after it was opened: nobody is to be asked for a password at night with a fever."""
    attempts: int = 5
    """So many failed sign-ins within `locked` lock a name for the client that they came from"""
    locked: int = 15 * MINUTE
    """for so long after the last of them."""
    attempts_per_name: int = 30
    """So many from anywhere lock the name for everybody: whoever knows a name must not keep its owner out cheaply."""
    attempts_per_client: int = 200
    """So many from one client of any names lock it out: a ward may share one address."""
    break_glass: int = 60 * MINUTE
    form: int = 24 * HOUR
    """A form that comes in again later than this after it first came in is not taken for a repetition."""

    def lasts(self, role: Role, screen: bool) -> int:
        """How long a session of that role lasts at most, in microseconds."""
        return self.screen if screen else self.own_session if role in OWN else self.session

    def unused(self, role: Role) -> int:
        """For how long a session of that role may lie unused, in microseconds."""
        return self.own_idle if role in OWN else self.idle


class Account(msgspec.Struct, frozen=True):
    """One who may sign in. `name` is casefolded; `local` is false where an identity provider signs them in.

    `must_change`: the password was chosen by somebody else, and lets in only to choose another.
    """

    id: str
    name: str
    display: str
    role: Role
    courses: frozenset[str]
    disabled: bool
    local: bool
    created_at: Instant
    must_change: bool = False

    def belongs(self, course: str) -> bool:
        """Whether the account is assigned to a course: by name, or to every one; a patient by name only.

        The center's own record is nobody's course: its pages name none.
        """
        if course in (EVERY, CENTER):
            return False
        return course in self.courses or (EVERY in self.courses and self.role not in OWN)


class Principal(msgspec.Struct, frozen=True):
    """An account in an open session. `session` names it in a log and opens nothing; `expires_at` is its absolute end.

    `opened` holds the courses behind broken glass, each with the time at which it closes. `screen`: a session on a ward
    screen, which shows the board and nothing else.
    """

    account: Account
    session: str
    opened: Mapping[str, Instant]
    expires_at: Instant
    screen: bool = False

    def belongs(self, course: str) -> bool:
        """Whether the account is assigned to a course."""
        return self.account.belongs(course)

    def may(self, act: Act) -> bool:
        """Whether the role may do an act at all, in this session."""
        return may(self.account.role, act) and (not self.screen or act in ON_A_SCREEN)

    def via(self, course: str, now: Instant) -> str:
        """By what right the course is open: `own`, `assignment`, `break_glass`, or nothing at all (empty)."""
        if self.belongs(course):
            return "own" if self.account.role in OWN else "assignment"
        return "break_glass" if self.may(Act.break_glass) and self.opened.get(course, now) > now else ""


class Session(msgspec.Struct, frozen=True):
    """A session just opened. The token is told this once; the store keeps its SHA-256 only."""

    token: str
    principal: Principal


class AccessEntry(msgspec.Struct, frozen=True):
    """One line of the access log: who (`account`, and its name and role at the time) did what when, and by what right.

    `place` is a route's name. `about` is the account that it was done to, where that is the point.
    """

    number: int
    at: Instant
    account: str
    name: str
    role: str
    act: str
    course: str
    via: str
    reason: str
    place: str
    about: str = ""
