"""Signing in: one answer after the same work to whoever may not, and locks that count every attempt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher

from cartway.times import MINUTE, SECOND
from cartway.web.access import Access, Account, Limits, Role, Session, UnknownAccount, open_access

from .conftest import CHEAP, LIMITS, NOW, OTHER, RIGHT, Enter, code, sign_in, the

WRONG = "a wrong password"


def attempt(access: Access, name: str = "anna", password: str = WRONG, client: str = "ward", now: int = NOW) -> str:
    return code(access.sign_in(name, password, client=client, now=now))


def test_a_session_is_opened_with_name_and_password(access: Access, enter: Enter) -> None:
    anna = enter("anna", Role.nurse, "c1")
    session = sign_in(access, " ANNA")
    assert session.principal.account == anna
    assert session.principal.expires_at == NOW + LIMITS.session
    assert access.principal(session.token, now=NOW) == session.principal
    assert len(session.token) == 43, "256 bits"


def test_no_two_sessions_share_anything(access: Access, enter: Enter) -> None:
    enter()
    sessions = [sign_in(access) for _ in range(8)]
    for shown in (
        {s.token for s in sessions},
        {s.principal.session for s in sessions},
    ):
        assert len(shown) == 8


def test_a_password_typed_on_another_keyboard_is_the_same(access: Access, enter: Enter) -> None:
    composed, decomposed = "sieben große Schäfchen", "sieben große Scha\u0308fchen"
    enter(password=composed)
    assert sign_in(access, password=decomposed)


class Watched(PasswordHasher):
    """Keeps what it was asked to check; something may happen meanwhile."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.asked: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.asked.append(str(hash))
        self.meanwhile()
        return super().verify(hash, password)


def test_the_same_work_is_done_for_whoever_may_not(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the time says whether a name exists: as many transactions, and one check of equal cost."""
    hasher, transactions = Watched(), [0]
    with open_access(store_url, hasher=hasher) as access:
        for name in ("anna", "gone"):
            access.create_account(name, Role.nurse, password=RIGHT, now=NOW, by="desk")
        access.create_account("blank", Role.nurse, now=NOW, by="desk")
        access.disable(the(Account, access.by_name("gone")).id, now=NOW, by="desk")
        plain = access._store.transaction

        @contextmanager
        def counted() -> Iterator[Any]:
            transactions[0] += 1
            with plain() as connection:
                yield connection

        monkeypatch.setattr(access._store, "transaction", counted)
        answers = set()
        tries = [("anna", WRONG), ("nobody", WRONG), ("gone", RIGHT), ("blank", ""), ("a b\0", ""), ("\ud800", "")]
        for name, password in tries:
            answers.add(access.sign_in(name, password, client=name, now=NOW))
        assert transactions[0] == 2 * len(tries)
    assert {code(answer) for answer in answers} == {"wrong_sign_in"}
    assert len(answers) == 1, "nothing in the answer tells them apart"
    assert len(hasher.asked) == len(tries)
    assert {hash.rsplit("$", 2)[0] for hash in hasher.asked} == {"$argon2id$v=19$m=8,t=1,p=1"}
    assert len({len(hash) for hash in hasher.asked}) == 1


def test_a_check_against_nobody_costs_what_the_library_advises() -> None:
    from cartway.web.access.passwords import Passwords

    advised = PasswordHasher()
    passwords = Passwords(advised)
    assert not passwords.is_dated(passwords._nobody), "the parameters in force"
    assert passwords._nobody.startswith("$argon2id$")
    assert not passwords.fits("", "")
    real = advised.hash("x")
    assert real.rsplit("$", 2)[0] == passwords._nobody.rsplit("$", 2)[0]
    assert len(real) == len(passwords._nobody)


def test_a_name_is_locked_after_so_many_failures_whether_it_exists_or_not(access: Access, enter: Enter) -> None:
    enter()
    for name in ("anna", "nobody"):
        answers = [attempt(access, name, client=name) for _ in range(LIMITS.attempts + 2)]
        assert answers == ["wrong_sign_in"] * LIMITS.attempts + ["locked_out"] * 2
    assert attempt(access, password=RIGHT, client="elsewhere") == "", "who only knows a name keeps nobody out"


def test_a_name_is_locked_everywhere_after_many_failures_from_anywhere(access: Access, enter: Enter) -> None:
    enter()
    for n in range(LIMITS.attempts_per_name):
        assert attempt(access, client=f"client {n}") == "wrong_sign_in"
    assert attempt(access, password=RIGHT, client="elsewhere") == "locked_out"


@pytest.mark.parametrize("typed", ["anna\0", "\0anna", "an\0na", "ANNA", " anna "])
def test_another_spelling_of_a_name_is_not_another_lock(access: Access, enter: Enter, typed: str) -> None:
    """The store holds no NUL: a name with one would find the account and count its failures elsewhere."""
    enter()
    for _ in range(LIMITS.attempts):
        assert code(access.sign_in(typed, "wrong", client="ward", now=NOW)) in {"wrong_sign_in", "locked_out"}
    assert code(access.sign_in("anna", RIGHT, client="ward", now=NOW)) == "locked_out"


def test_a_lock_ends_and_says_when(access: Access, enter: Enter) -> None:
    enter()
    for second in range(LIMITS.attempts):
        attempt(access, now=NOW + second * SECOND)
    last = NOW + (LIMITS.attempts - 1) * SECOND
    answer = access.sign_in("anna", RIGHT, client="ward", now=last + MINUTE)
    assert "in 14 min" in str(answer)
    assert attempt(access, password=RIGHT, now=last + LIMITS.locked - 1) == "locked_out"
    assert attempt(access, password=RIGHT, now=last + LIMITS.locked) == ""


def test_a_failure_as_old_as_the_window_counts_no_more(access: Access, enter: Enter) -> None:
    enter()
    attempt(access)
    for _ in range(LIMITS.attempts - 1):
        attempt(access, now=NOW + LIMITS.locked)
    assert attempt(access, password=RIGHT, now=NOW + LIMITS.locked) == ""


def test_a_success_forgets_the_failures_of_its_name(access: Access, enter: Enter) -> None:
    enter()
    for _ in range(3):
        answers = [attempt(access) for _ in range(LIMITS.attempts - 1)]
        assert answers == ["wrong_sign_in"] * (LIMITS.attempts - 1)
        sign_in(access)


def test_a_client_is_locked_out_after_many_failures_of_any_names(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP, limits=Limits(attempts_per_client=4)) as access:
        access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
        assert [attempt(access, f"name{n}", now=NOW + n) for n in range(5)] == ["wrong_sign_in"] * 4 + ["locked_out"]
        assert attempt(access, password=RIGHT, now=NOW + 5) == "locked_out"
        assert attempt(access, password=RIGHT, client="another", now=NOW + 5) == ""
        assert attempt(access, password=RIGHT, now=NOW + LIMITS.locked) == ""


def test_one_s_own_account_does_not_buy_more_guesses_at_others(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP, limits=Limits(attempts_per_client=4)) as access:
        access.create_account("eve", Role.nurse, password=RIGHT, now=NOW, by="desk")
        for n in range(4):
            assert attempt(access, f"name{n}") == "wrong_sign_in"
            assert attempt(access, "eve", RIGHT) == ("" if n < 3 else "locked_out")


def test_a_ward_that_signs_in_at_once_is_not_locked_out(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP, limits=Limits(attempts_per_client=4)) as access:
        access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
        assert [attempt(access, password=RIGHT) for _ in range(12)] == [""] * 12


def test_guesses_made_at_once_count_each(store_url: str) -> None:
    """An attempt is counted before its password is checked, whichever worker or thread checks it."""
    with open_access(store_url, hasher=CHEAP) as one, open_access(store_url, hasher=CHEAP) as other:
        one.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
        with ThreadPoolExecutor(8) as pool:
            workers = [one, other] * 12
            answers = list(pool.map(attempt, workers))
        assert sorted(answers) == ["locked_out"] * 19 + ["wrong_sign_in"] * 5
        assert len([line for line in one.entries() if line.act == "sign_in_refused"]) == 5


def test_the_log_tells_who_tried_and_never_what_was_typed(access: Access, enter: Enter) -> None:
    anna = enter()
    attempt(access, now=NOW + 1)
    attempt(access, RIGHT, WRONG, now=NOW + 2)  # the password typed as the name
    sign_in(access, now=NOW + 3)
    lines = [(line.at - NOW, line.account, line.act, line.via, line.reason) for line in access.entries(limit=3)]
    assert lines == [
        (3, anna.id, "sign_in", "password", "from ward"),
        (2, "", "sign_in_refused", "password", "unknown name, from ward"),
        (1, anna.id, "sign_in_refused", "password", "wrong password, from ward"),
    ]


def test_the_attempt_that_locks_is_logged_and_those_refused_by_the_lock_are_not(access: Access, enter: Enter) -> None:
    enter()
    for _ in range(LIMITS.attempts + 50):
        attempt(access)
    reasons = [line.reason for line in access.entries() if line.act == "sign_in_refused"]
    assert len(reasons) == LIMITS.attempts, "else anybody could fill the log, which nobody may empty"
    assert [reason.endswith("locked from here on") for reason in reasons] == [True, False, False, False, False]


def test_what_changes_while_a_password_is_checked_counts(store_url: str) -> None:
    hasher = Watched()
    with open_access(store_url, hasher=hasher) as access:
        anna = the(Account, access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk"))
        for change in (
            lambda: access.set_password(anna.id, OTHER, now=NOW, by="desk"),
            lambda: access.disable(anna.id, now=NOW, by="desk"),
        ):
            access.set_password(anna.id, RIGHT, now=NOW, by="desk")
            hasher.meanwhile = change
            assert attempt(access, password=RIGHT) == "wrong_sign_in"


def test_a_password_hashed_for_less_is_hashed_anew(store_url: str) -> None:
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    with open_access(store_url, hasher=CHEAP) as access:
        access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
    with open_access(store_url, hasher=dearer) as access:
        sign_in(access)
        sign_in(access)
        with access._store.reading() as connection:
            assert "m=16,t=2" in str(connection.exec_driver_sql("SELECT password FROM account").scalar())


def test_one_click_opens_a_session_for_whoever_is_not_disabled(access: Access, enter: Enter) -> None:
    anna = enter(password="")
    assert access.open_session(anna.id, now=NOW).principal.account == anna
    assert access.entries(limit=1)[0].via == "one_click"
    access.disable(anna.id, now=NOW, by="desk")
    for id in (anna.id, "nobody"):
        with pytest.raises(UnknownAccount):
            access.open_session(id, now=NOW)


# By an identity provider


def provided(access: Access, name: str = "eva@clinic.org", role: Role = Role.nurse, subject: str = "1") -> object:
    return access.sign_in_external("https://id", subject, name=name, display="Eva E", role=role, now=NOW)


def test_the_provider_s_account_is_made_once_and_follows_it(access: Access) -> None:
    first = the(Session, provided(access)).principal.account
    assert (first.name, first.display, first.role, first.local) == ("eva@clinic.org", "Eva E", Role.nurse, False)
    assert first.courses == frozenset(), "whom she cares for is ours to say"
    access.set_courses(first.id, {"c1"}, now=NOW, by="desk")
    again = the(Session, provided(access, name="renamed", role=Role.physician)).principal.account
    assert (again.id, again.role, again.courses) == (first.id, Role.physician, {"c1"})
    assert access.accounts() == [again]


def test_another_role_from_the_provider_ends_the_old_sessions(access: Access) -> None:
    old = the(Session, provided(access))
    same = the(Session, provided(access))
    assert access.principal(old.token, now=NOW) is not None
    provided(access, role=Role.pharmacy)
    assert access.principal(old.token, now=NOW) is None
    assert access.principal(same.token, now=NOW) is None


def test_the_provider_takes_over_nobody_s_account(access: Access, enter: Enter) -> None:
    enter("anna", Role.administrator)
    assert code(provided(access, name="Anna")) == "account_exists"
    assert the(Session, provided(access, name="eva")).principal.account.name == "eva"
    assert code(provided(access, name="eva", subject="2")) == "account_exists"


def test_the_provider_s_account_has_no_password_here(access: Access) -> None:
    session = the(Session, provided(access))
    eva = session.principal.account
    assert code(access.set_password(eva.id, RIGHT, now=NOW, by="desk")) == "not_local"
    assert code(access.change_password(session.principal, "", RIGHT, now=NOW)) == "not_local"
    assert code(access.sign_in(eva.name, "", client="ward", now=NOW)) == "wrong_sign_in"
    access.disable(eva.id, now=NOW, by="desk")
    assert code(provided(access)) == "account_disabled"
    assert code(provided(access, name="<b>", subject="3")) == "wrong_name"
