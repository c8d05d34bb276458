"""The accounts: made, changed, disabled; each change goes to the access log with who made it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from cartway.problem import Problem
from cartway.times import Instant
from cartway.web.access import problems, queries, schema
from cartway.web.access.account import Account
from cartway.web.access.opened import Opened, sign_in_name
from cartway.web.access.passwords import weakness
from cartway.web.access.roles import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_NAME = re.compile(r"[\w.@+-]{1,64}")


class Accounts(Opened):
    """The part of `Access` that keeps accounts."""

    def create_account(
        self,
        name: str,
        role: Role,
        *,
        password: str = "",
        display: str = "",
        courses: Collection[str] = (),
        must_change: bool = False,
        now: Instant,
        by: str,
    ) -> Account | Problem:
        """A new account. Without a password nobody can sign in with it here until one is set.

        `by` is here and below the id of the account that acts, or the name of whoever is none. Problem: `wrong_name`,
        `weak_password`, `account_exists`.
        """
        new = self._drafted(name, role, display or name, courses, now)
        if isinstance(new, Problem):
            return new
        new = msgspec.structs.replace(new, must_change=must_change)
        if password and (weak := weakness(password, new.name)):
            return weak
        hashed = self._passwords.hash(password) if password else ""
        with self._store.transaction() as connection:
            if queries.by_name(connection, new.name):
                return problems.ACCOUNT_EXISTS
            queries.enter(connection, new, password=hashed)
            self._log(connection, now, "create_account", by, reason=role.value, about=new.id)
            self._log_courses(connection, now, by, new.id, frozenset(), new.courses)
        return new

    def _drafted(
        self, name: str, role: Role, display: str, courses: Collection[str], now: Instant, *, local: bool = True
    ) -> Account | Problem:
        name, display = sign_in_name(name), display.strip()
        if not (_NAME.fullmatch(name) and len(display) <= 120 and display.isprintable()):
            return problems.WRONG_NAME
        return Account(self._id(), name, display, role, frozenset(courses), disabled=False, local=local, created_at=now)

    def set_courses(self, account_id: str, courses: Collection[str], *, now: Instant, by: str) -> Problem | None:
        """Assign an account to these courses and no others, at once also in its open sessions.

        The log has a line for each course that came or went. Problem: `unknown_account`.
        """
        with self._store.transaction() as connection:
            row = queries.by_id(connection, account_id)
            if row is None:
                return problems.UNKNOWN_ACCOUNT
            queries.change(connection, row.id, courses=queries.encoded(frozenset(courses)))
            had = queries.account_of(row).courses
            self._log_courses(connection, now, by, row.id, had, frozenset(courses))
        return None

    def change_courses(
        self, account_id: str, *, add: Collection[str] = (), take: Collection[str] = (), now: Instant, by: str
    ) -> Problem | None:
        """Assign an account to some courses more and some less; what others change meanwhile stands.

        Problem: `unknown_account`.
        """
        with self._store.transaction() as connection:
            row = queries.by_id(connection, account_id)
            if row is None:
                return problems.UNKNOWN_ACCOUNT
            had = queries.account_of(row).courses
            has = (had | frozenset(add)) - frozenset(take)
            queries.change(connection, row.id, courses=queries.encoded(has))
            self._log_courses(connection, now, by, row.id, had, has)
        return None

    def set_role(self, account_id: str, role: Role, *, now: Instant, by: str) -> Problem | None:
        """Give an account another role and end its sessions. Problem: `unknown_account`."""

        def apply(connection: Connection, row: Row[Any]) -> None:
            queries.change(connection, row.id, role=role.value)
            queries.end_sessions(connection, row.id)

        return self._changed(account_id, now, by, "set_role", apply, role.value)

    def disable(self, account_id: str, *, now: Instant, by: str) -> Problem | None:
        """Let nobody sign in with an account any more, and end its sessions. Problem: `unknown_account`."""

        def apply(connection: Connection, row: Row[Any]) -> None:
            queries.change(connection, row.id, disabled=True)
            queries.end_sessions(connection, row.id)

        return self._changed(account_id, now, by, "disable", apply)

    def enable(self, account_id: str, *, now: Instant, by: str) -> Problem | None:
        """Let a disabled account sign in again. Problem: `unknown_account`."""

        def apply(connection: Connection, row: Row[Any]) -> None:
            queries.change(connection, row.id, disabled=False)

        return self._changed(account_id, now, by, "enable", apply)

    def accounts(self) -> list[Account]:
        """All accounts, in the order of their names."""
        with self._store.reading() as connection:
            rows = connection.execute(select(schema.account).order_by(schema.account.c.name))
            return [queries.account_of(row) for row in rows]

    def account(self, id: str) -> Account | None:
        """The account of this id."""
        with self._store.reading() as connection:
            row = queries.by_id(connection, id)
            return queries.account_of(row) if row else None

    def by_name(self, name: str) -> Account | None:
        """The account of this sign-in name, however it is typed."""
        with self._store.reading() as connection:
            row = queries.by_name(connection, sign_in_name(name))
            return queries.account_of(row) if row else None

    def _changed(
        self,
        account_id: str,
        now: Instant,
        by: str,
        act: str,
        apply: Callable[[Connection, Row[Any]], None],
        reason: str = "",
    ) -> Problem | None:
        """Apply one change to an account and log it, in one transaction."""
        with self._store.transaction() as connection:
            row = queries.by_id(connection, account_id)
            if row is None:
                return problems.UNKNOWN_ACCOUNT
            apply(connection, row)
            self._log(connection, now, act, by, reason=reason, about=row.id)
        return None

    def _log_courses(
        self, connection: Connection, now: Instant, by: str, id: str, had: frozenset[str], has: frozenset[str]
    ) -> None:
        for act, courses in (("assign", has - had), ("unassign", had - has)):
            for course in sorted(courses):
                self._log(connection, now, act, by, course=course, about=id)
