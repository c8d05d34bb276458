"""What is asked of the tables of access, and written to them, inside a transaction of the classes beside it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Row, delete, func, insert, select, update

from cartway.times import Instant
from cartway.web.access.account import AccessEntry, Account
from cartway.web.access.roles import Role
from cartway.web.access.schema import account, attempt, entry, session

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from cartway.web.access.account import Limits


def storable(text: str) -> str:
    """Text from outside without what PostgreSQL cannot hold: NUL, and halves of a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


# Accounts


def account_of(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        display=row.display,
        role=Role(row.role),
        courses=frozenset(msgspec.json.decode(row.courses, type=list[str])),
        disabled=row.disabled,
        local=not row.issuer,
        created_at=row.created_at,
        must_change=row.must_change,
    )


def by_id(connection: Connection, id: str) -> Row[Any] | None:
    return connection.execute(select(account).where(account.c.id == storable(id))).one_or_none()


def by_name(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(account).where(account.c.name == storable(name))).one_or_none()


def by_subject(connection: Connection, issuer: str, subject: str) -> Row[Any] | None:
    same = (account.c.issuer == storable(issuer)) & (account.c.subject == storable(subject))
    return connection.execute(select(account).where(same)).one_or_none()


def enter(connection: Connection, new: Account, *, password: str = "", issuer: str = "", subject: str = "") -> None:
    values = msgspec.structs.asdict(new) | {"role": new.role.value, "courses": encoded(new.courses)}
    del values["local"]
    values |= {"password": password, "issuer": storable(issuer), "subject": storable(subject)}
    connection.execute(insert(account).values(values))


def change(connection: Connection, id: str, **values: object) -> None:
    connection.execute(update(account).where(account.c.id == id).values(values))


def encoded(courses: Collection[str]) -> str:
    return msgspec.json.encode(sorted(courses)).decode()


# Sessions


def end_sessions(connection: Connection, id: str, *, but: str = "") -> int:
    """End the sessions of an account, one perhaps excepted; how many there were."""
    return connection.execute(delete(session).where(session.c.account == id, session.c.id != but)).rowcount


# Attempts


def locked_for(connection: Connection, limits: Limits, name: bytes, client: bytes, now: Instant) -> int:
    """How long a client is still locked out, of this name or of all, in microseconds; 0 if it is not."""
    by_name, by_client = attempt.c.name == name, attempt.c.client == client
    of_both = _newest(connection, by_name & by_client, limits.attempts)
    until_both = _full(of_both, limits.attempts, limits.locked, of_both[0] if of_both else 0)
    of_name = _newest(connection, by_name, limits.attempts_per_name)
    until_name = _full(of_name, limits.attempts_per_name, limits.locked, of_name[0] if of_name else 0)
    of_client = _newest(connection, by_client, limits.attempts_per_client)
    until_client = _full(of_client, limits.attempts_per_client, limits.locked, of_client[-1] if of_client else 0)
    return max(until_both - now, until_name - now, until_client - now, 0)


def _newest(connection: Connection, which: Any, limit: int) -> list[Instant]:
    return list(connection.scalars(select(attempt.c.at).where(which).order_by(attempt.c.at.desc()).limit(limit)))


def _full(newest: list[Instant], limit: int, window: int, since: Instant) -> Instant:
    """The end of a lock that began at `since`, if that many attempts lie within one window; else 0."""
    return since + window if len(newest) == limit and newest[0] - newest[-1] < window else 0


def count_attempt(connection: Connection, name: bytes, client: bytes, now: Instant) -> None:
    number = next_number(connection, attempt)
    connection.execute(insert(attempt).values(number=number, name=name, client=client, at=now))


def forgive(connection: Connection, name: bytes) -> None:
    connection.execute(delete(attempt).where(attempt.c.name == name))


# The log


def log(
    connection: Connection,
    now: Instant,
    act: str,
    *,
    by: Row[Any] | Account | None = None,
    name: str = "",
    course: str = "",
    via: str = "",
    reason: str = "",
    place: str = "",
    about: str = "",
) -> None:
    """One more line of the access log, by an account or by whoever `name` says."""
    who = (by.id, by.name, str(by.role)) if by else ("", name, "")
    what = (act, course, via, reason, place, about)
    line = AccessEntry(next_number(connection, entry), now, *who, *map(storable, what))
    connection.execute(insert(entry).values(msgspec.structs.asdict(line)))


def next_number(connection: Connection, table: Table) -> int:
    return (connection.scalar(select(func.max(table.c.number))) or 0) + 1
