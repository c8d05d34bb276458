"""Proving who one is: with a password kept here, or by an identity provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from cartway.problem import Problem
from cartway.times import Instant
from cartway.web.access import problems, queries
from cartway.web.access.account import Account, Principal, Session
from cartway.web.access.opened import digest, sign_in_name
from cartway.web.access.passwords import weakness
from cartway.web.access.problems import weak_password
from cartway.web.access.roles import Act, Role, may
from cartway.web.access.sessions import Sessions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


class SignIn(Sessions):
    """The part of `Access` that knows passwords and identity providers."""

    def sign_in(
        self, name: str, password: str, *, client: str, now: Instant, screen: bool = False
    ) -> Session | Problem:
        """Open a session with a name and a password. `client` says where from, such as a network address; `screen` that
        it is for a ward screen, which an account that does not see the ward cannot have.

        Each attempt is counted before its password is checked, so that many at once count as many; a success forgets
        those of its name. Attempts refused by a lock cost nothing and are not logged, the one that locks is. Problem:
        `wrong_sign_in`, the same after the same work for an unknown name, a wrong password and a disabled account;
        `locked_out`.
        """
        typed = sign_in_name(name[:256])
        keys = digest(typed), digest(client)
        with self._store.transaction() as connection:
            if wait := queries.locked_for(connection, self.limits, *keys, now):
                return problems.locked_out(wait)
            queries.count_attempt(connection, *keys, now)
            locks = queries.locked_for(connection, self.limits, *keys, now) > 0
            row = queries.by_name(connection, typed)
        stored = row.password if row else ""
        fits = self._passwords.fits(stored, password)
        renewed = self._passwords.hash(password) if fits and self._passwords.is_dated(stored) else stored
        with self._store.transaction() as connection:
            row = queries.by_name(connection, typed)
            if row is None or not fits or row.disabled or row.password != stored:
                self._log_refused(connection, now, row, client, locks)
                return problems.WRONG_SIGN_IN
            queries.change(connection, row.id, password=renewed)
            queries.forgive(connection, keys[0])
            who = queries.account_of(row)
            screen = screen and may(who.role, Act.see_ward)
            where = f"from {client}{', on a ward screen' if screen else ''}"
            return self._open(connection, who, now, "password", where, screen=screen)

    def attest(self, name: str, password: str, *, client: str, now: Instant, meaning: str) -> Account | Problem:
        """Who proves anew, with name and password, to be somebody, in order to sign; no session is opened.

        Counted, locked and logged as a sign-in is. Problem: `wrong_sign_in`, `locked_out`.
        """
        typed = sign_in_name(name[:256])
        keys = digest(typed), digest(client)
        with self._store.transaction() as connection:
            if wait := queries.locked_for(connection, self.limits, *keys, now):
                return problems.locked_out(wait)
            queries.count_attempt(connection, *keys, now)
            locks = queries.locked_for(connection, self.limits, *keys, now) > 0
            row = queries.by_name(connection, typed)
        fits = self._passwords.fits(row.password if row else "", password)
        with self._store.transaction() as connection:
            row = queries.by_name(connection, typed)
            if row is None or not fits or row.disabled or row.must_change:
                self._log_refused(connection, now, row, client, locks)
                return problems.WRONG_SIGN_IN
            queries.forgive(connection, keys[0])
            queries.log(connection, now, "sign", by=row, via="password", reason=meaning)
            return queries.account_of(row)

    def _log_refused(
        self, connection: Connection, now: Instant, row: Row[Any] | None, client: str, locks: bool
    ) -> None:
        """The name is logged only where it is one: what is typed there may be a password."""
        why = "unknown name" if row is None else "disabled" if row.disabled else "wrong password"
        reason = f"{why}, from {client}{', locked from here on' if locks else ''}"
        queries.log(connection, now, "sign_in_refused", by=row, via="password", reason=reason)

    def sign_in_external(
        self, issuer: str, subject: str, *, name: str, display: str, role: Role, now: Instant
    ) -> Session | Problem:
        """Open a session for one whom an identity provider vouches for, by `issuer` and `subject`.

        The account is made at the first time, without courses; role and name to show follow the provider at each. A
        name that another account has is never taken over. Problem: `account_disabled`, `account_exists`, `wrong_name`.
        """
        drafted = self._drafted(name, role, display or name, (), now, local=False)
        if isinstance(drafted, Problem):
            return drafted
        with self._store.transaction() as connection:
            row = queries.by_subject(connection, issuer, subject)
            if row is None and queries.by_name(connection, drafted.name):
                return problems.ACCOUNT_EXISTS
            if row is None:
                queries.enter(connection, drafted, issuer=issuer, subject=subject)
                queries.log(connection, now, "create_account", by=drafted, reason=role.value, about=drafted.id)
                return self._open(connection, drafted, now, "provider")
            if row.disabled:
                return problems.ACCOUNT_DISABLED
            return self._open(connection, self._follow(connection, row, drafted, now), now, "provider")

    def _follow(self, connection: Connection, row: Row[Any], said: Account, now: Instant) -> Account:
        """The known account with the role and the name to show that the provider says now."""
        known = queries.account_of(row)
        if said.role != known.role:
            queries.end_sessions(connection, known.id)
            queries.log(connection, now, "set_role", by=known, reason=said.role.value, via="provider", about=known.id)
        queries.change(connection, known.id, role=said.role.value, display=said.display)
        return msgspec.structs.replace(known, role=said.role, display=said.display)

    def set_password(
        self, account_id: str, password: str, *, must_change: bool = False, now: Instant, by: str
    ) -> Problem | None:
        """Give an account a new password and end its sessions; a lock on its name ends too.

        With `must_change` its owner is to choose another. Problem: `unknown_account`, `not_local`, `weak_password`.
        """
        known = self.account(account_id)
        if known is None:
            return problems.UNKNOWN_ACCOUNT
        unfit = _unfit(known, password)
        return unfit or self._replace(known, password, "set_password", now, by, must_change=must_change)

    def change_password(self, principal: Principal, old: str, new: str, *, now: Instant) -> Problem | None:
        """Change one's own password; the other sessions of the account end.

        A wrong old one counts as a failed sign-in. Problem: `not_local`, `weak_password`, `wrong_password`,
        `locked_out`.
        """
        mine = principal.account
        if unfit := _unfit(mine, new) or (weak_password("is the present one") if new == old else None):
            return unfit
        keys = digest(mine.name), digest(principal.session)
        with self._store.transaction() as connection:
            if wait := queries.locked_for(connection, self.limits, *keys, now):
                return problems.locked_out(wait)
            queries.count_attempt(connection, *keys, now)
            row = queries.by_id(connection, mine.id)
        if row is None or not self._passwords.fits(row.password, old):
            with self._store.transaction() as connection:
                queries.log(connection, now, "change_password_refused", by=mine)
            return problems.WRONG_PASSWORD
        return self._replace(mine, new, "change_password", now, mine.id, but=principal.session)

    def _replace(
        self,
        account: Account,
        password: str,
        act: str,
        now: Instant,
        by: str,
        *,
        must_change: bool = False,
        but: str = "",
    ) -> Problem | None:
        """Keep a new password and end the sessions, one perhaps excepted."""
        hashed = self._passwords.hash(password)

        def apply(connection: Connection, row: Row[Any]) -> None:
            queries.change(connection, row.id, password=hashed, must_change=must_change)
            queries.forgive(connection, digest(row.name))
            queries.end_sessions(connection, row.id, but=but)

        return self._changed(account.id, now, by, act, apply)


def _unfit(account: Account, password: str) -> Problem | None:
    """Why an account cannot have this password."""
    return weakness(password, account.name) if account.local else problems.NOT_LOCAL
