"""Sessions: opened, looked at with every request, broken glass in them, closed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, bindparam, case, delete, insert, or_, select, update

from cartway.problem import Problem
from cartway.times import MINUTE, Instant
from cartway.web.access import problems, queries
from cartway.web.access.account import EVERY, OWN, Account, Principal, Session
from cartway.web.access.accounts import Accounts
from cartway.web.access.errors import UnknownAccount
from cartway.web.access.opened import digest
from cartway.web.access.roles import Act, Role, may
from cartway.web.access.schema import account, attempt, session

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

MOST_OPEN = (
    10  # courses behind broken glass at once in a session: a night on call, and not a ward that is looked through
)
SHORTEST_REASON = 4  # characters: "arrest" and "code blue" are reasons, at night and with one hand
TOUCH = MINUTE  # how stale `last_seen` may be: most requests then write nothing

_SESSIONS = select(
    account,
    session.c.id.label("session"),
    session.c.screen,
    session.c.opened,
    session.c.last_seen,
    session.c.expires_at,
).join(account, account.c.id == session.c.account)
_BY_TOKEN = _SESSIONS.where(session.c.token == bindparam("digest"))


class Sessions(Accounts):
    """The part of `Access` that keeps sessions."""

    def open_session(self, account_id: str, *, now: Instant) -> Session:
        """Open a session without asking for anything. Raises UnknownAccount, also for a disabled one."""
        with self._store.transaction() as connection:
            row = queries.by_id(connection, account_id)
            if row is None or row.disabled:
                raise UnknownAccount
            return self._open(connection, queries.account_of(row), now, "one_click")

    def _open(
        self, connection: Connection, who: Account, now: Instant, via: str, reason: str = "", *, screen: bool = False
    ) -> Session:
        token = base64.urlsafe_b64encode(self._draw(32)).rstrip(b"=").decode()
        new = Principal(who, self._id(), {}, now + self.limits.lasts(who.role, screen), screen)
        row = {"token": digest(token), "id": new.session, "account": who.id, "opened": "{}", "screen": screen}
        connection.execute(insert(session).values(**row, last_seen=now, expires_at=new.expires_at))
        queries.log(connection, now, "sign_in", by=who, via=via, reason=reason)
        return Session(token, new)

    def principal(self, token: str, *, now: Instant) -> Principal | None:
        """Whose open session this token is; None where it is none or has ended. It counts as use of the session."""
        row = self._row(token, now)
        if row and now - row.last_seen >= TOUCH:
            self._touch(digest(token), now)
        return _principal(row, now) if row else None

    def peek(self, token: str, *, now: Instant) -> Principal | None:
        """As `principal`, without counting as use: for a page that asks by itself."""
        row = self._row(token, now)
        return _principal(row, now) if row else None

    def _row(self, token: str, now: Instant) -> Row[Any] | None:
        """The open session of this token with its account."""
        with self._store.reading() as connection:
            row = connection.execute(_BY_TOKEN, {"digest": digest(token)}).one_or_none()
        return row if row and self._is_open(row, now) else None

    def _is_open(self, row: Row[Any], now: Instant) -> bool:
        used = row.screen or now < row.last_seen + self.limits.unused(Role(row.role))
        return not row.disabled and now < row.expires_at and used

    def _touch(self, key: bytes, now: Instant) -> None:
        older = (session.c.token == key) & (session.c.last_seen < now)
        with self._store.transaction() as connection:
            connection.execute(update(session).where(older).values(last_seen=now))

    def close_session(self, token: str, *, now: Instant) -> None:
        """Sign out: the token opens nothing any more."""
        with self._store.transaction() as connection:
            row = connection.execute(_BY_TOKEN, {"digest": digest(token)}).one_or_none()
            if row is not None:
                connection.execute(delete(session).where(session.c.token == digest(token)))
                queries.log(connection, now, "sign_out", by=row)

    def break_glass(self, principal: Principal, course: str, reason: str, *, now: Instant) -> Instant | Problem:
        """Open a course to a session that its account is not assigned to; the time at which it closes again.

        It ends with the session if that is earlier. The reason is kept in the access log. Problem: `no_reason`,
        `not_allowed`, `signed_out`, `too_many_open`.
        """
        reason = reason.strip()
        if not SHORTEST_REASON <= len(reason) <= 500:
            return problems.NO_REASON
        until = now + self.limits.break_glass
        with self._store.transaction() as connection:
            mine = session.c.id == principal.session
            row = connection.execute(_SESSIONS.where(mine)).one_or_none()
            if row is None or not self._is_open(row, now):
                return problems.SIGNED_OUT
            if row.screen or course == EVERY or not may(Role(row.role), Act.break_glass):
                return problems.NOT_ALLOWED
            opened = _opened(row, now) | {course: until}
            if len(opened) > MOST_OPEN:
                return problems.TOO_MANY_OPEN
            connection.execute(update(session).where(mine).values(opened=msgspec.json.encode(opened).decode()))
            queries.log(connection, now, "break_glass", by=row, course=course, via="break_glass", reason=reason)
        return until

    def sweep(self, *, now: Instant) -> None:
        """Throw away sessions that ended and attempts that no lock can come of any more."""
        of_own = session.c.account.in_(select(account.c.id).where(account.c.role.in_(sorted(OWN))))
        unused = session.c.last_seen <= case((of_own, now - self.limits.own_idle), else_=now - self.limits.idle)
        ended = or_(session.c.expires_at <= now, and_(session.c.screen.is_(False), unused))
        with self._store.transaction() as connection:
            connection.execute(delete(session).where(ended))
            connection.execute(delete(attempt).where(attempt.c.at <= now - 2 * self.limits.locked))


def _opened(row: Row[Any], now: Instant) -> dict[str, Instant]:
    """The courses behind broken glass that are still open."""
    opened = msgspec.json.decode(row.opened, type=dict[str, int])
    return {course: until for course, until in opened.items() if until > now}


def _principal(row: Row[Any], now: Instant) -> Principal:
    still = _opened(row, now)
    return Principal(queries.account_of(row), row.session, still, row.expires_at, row.screen)
