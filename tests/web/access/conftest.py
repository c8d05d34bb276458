"""An empty store of access of either kind, with passwords that cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from argon2 import PasswordHasher

from cartway.times import parse
from cartway.web.access import Access, Account, Limits, Principal, Role, Session, open_access

T = TypeVar("T")

NOW = parse("2026-01-10T02:00Z")
RIGHT = "seven wet umbrellas"
OTHER = "eleven dry umbrellas"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LIMITS = Limits()


@pytest.fixture
def access(store_url: str) -> Iterator[Access]:
    with open_access(store_url, hasher=CHEAP) as opened:
        yield opened


Enter = Callable[..., Account]


@pytest.fixture
def enter(access: Access) -> Enter:
    """Make an account: a nurse, unless told."""

    def made(name: str = "anna", role: Role = Role.nurse, *courses: str, password: str = RIGHT) -> Account:
        return the(Account, access.create_account(name, role, password=password, courses=courses, now=NOW, by="desk"))

    return made


def the(kind: type[T], value: object) -> T:
    """The value, which is of this kind and no problem."""
    assert isinstance(value, kind), value
    return value


def sign_in(access: Access, name: str = "anna", password: str = RIGHT, *, now: int = NOW) -> Session:
    return the(Session, access.sign_in(name, password, client="ward", now=now))


def present(access: Access, session: Session, now: int) -> Principal:
    return the(Principal, access.principal(session.token, now=now))


def code(value: object) -> str:
    """The code of a problem, nothing of what is none."""
    return getattr(value, "code", "")
