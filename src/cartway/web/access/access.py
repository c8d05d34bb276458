"""Access to the board: accounts, sessions, and what is kept of both: the log, the forms, what was seen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import insert, or_, select, update

from cartway.problem import Problem
from cartway.times import Instant
from cartway.web.access import problems, queries
from cartway.web.access.account import BY_ITSELF, AccessEntry, Principal
from cartway.web.access.schema import entry, form, seen
from cartway.web.access.sign_in import SignIn

_FORM = re.compile(r"[\w-]{8,64}", re.ASCII)


class Access(SignIn):
    """Who may use the board of one record, and what they did. Use it as a context manager; threads may share it."""

    def note(
        self,
        principal: Principal,
        act: str,
        course: str,
        *,
        via: str,
        place: str,
        now: Instant,
        reason: str = "",
    ) -> None:
        """One line of the access log. `place` is a route's name, never a path with values."""
        with self._store.transaction() as connection:
            line = {"course": course, "via": via, "reason": reason, "place": place}
            queries.log(connection, now, str(act), by=principal.account, **line)

    def entries(
        self, *, course: str = "", account: str = "", of_others: str = "", before: int | None = None, limit: int = 100
    ) -> list[AccessEntry]:
        """Lines of the access log, newest first: of one course, by or about one account, before a number.

        `of_others`: without those of this account, and without what open pages fetched of themselves.
        """
        wanted = select(entry).order_by(entry.c.number.desc()).limit(limit)
        if course:
            wanted = wanted.where(entry.c.course == queries.storable(course))
        if account:
            id = queries.storable(account)
            wanted = wanted.where(or_(entry.c.account == id, entry.c.about == id))
        if of_others:
            wanted = wanted.where(entry.c.account != queries.storable(of_others), entry.c.reason != BY_ITSELF)
        if before is not None:
            wanted = wanted.where(entry.c.number < before)
        with self._store.reading() as connection:
            return [AccessEntry(**row) for row in connection.execute(wanted).mappings()]

    def received(self, id: str, account: str, *, now: Instant) -> Instant | Problem:
        """When a form first came in: `now`, or the same time again for a repeated post of it.

        `id` is the random id in its hidden field, 8 to 64 letters, digits, - and _. It is kept for good: a post that
        comes again after its id was thrown away would become a second fact. Problem: `form_expired`, `wrong_form`
        where it is another account's or no such id.
        """
        if not _FORM.fullmatch(id):
            return problems.WRONG_FORM
        with self._store.transaction() as connection:
            known = connection.execute(select(form).where(form.c.id == id)).one_or_none()
            if known is None:
                connection.execute(insert(form).values(id=id, account=account, received_at=now))
                return now
        if known.account != account:
            return problems.WRONG_FORM
        first: Instant = known.received_at
        return first if now - first <= self.limits.form else problems.FORM_EXPIRED

    def seen(self, account_id: str) -> Mapping[str, int]:
        """How many facts of each course an account has seen."""
        with self._store.reading() as connection:
            counts = select(seen.c.course, seen.c.count).where(seen.c.account == account_id)
            return dict(connection.execute(counts).all())

    def mark_seen(self, account_id: str, course: str, count: int, *, now: Instant) -> None:
        """An account has seen that many facts of a course; it is never taken back."""
        mine = (seen.c.account == account_id) & (seen.c.course == course)
        with self._store.transaction() as connection:
            known = connection.scalar(select(seen.c.count).where(mine))
            if known is None:
                connection.execute(insert(seen).values(account=account_id, course=course, count=count))
            elif known < count:
                connection.execute(update(seen).where(mine).values(count=count))
