"""Accounts: made, changed, disabled, assigned, and each change in the log with who made it; on both stores."""

from __future__ import annotations

import pytest

from cartway.web.access import EVERY, Access, Account, Limits, Role, open_access

from .conftest import CHEAP, NOW, OTHER, RIGHT, Enter, code, present, sign_in, the


def test_an_account_is_found_however_its_name_is_typed(access: Access, enter: Enter) -> None:
    anna = enter(" Änna ", Role.physician, "c1")
    assert (anna.name, anna.display, anna.role, anna.courses) == ("änna", " Änna ".strip(), Role.physician, {"c1"})
    assert (anna.local, anna.disabled, anna.created_at) == (True, False, NOW)
    assert access.by_name("ÄNNA") == access.by_name("A\u0308nna") == access.account(anna.id) == anna
    assert access.by_name("nobody") is None
    assert access.account("nobody") is None


def test_accounts_are_listed_by_name(access: Access, enter: Enter) -> None:
    made = {name: enter(name) for name in ("carl", "anna", "ben")}
    assert access.accounts() == [made["anna"], made["ben"], made["carl"]]
    assert len({account.id for account in made.values()}) == 3


def test_a_name_is_taken_once(access: Access, enter: Enter) -> None:
    enter("anna")
    again = access.create_account("ANNA", Role.administrator, password=RIGHT, now=NOW, by="desk")
    assert code(again) == "account_exists"
    assert [account.role for account in access.accounts()] == [Role.nurse]


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "a\0b", "<b>", "a/b", "x" * 65, "\ud800"])
def test_a_name_that_could_not_be_typed_or_shown_is_refused(access: Access, name: str) -> None:
    assert code(access.create_account(name, Role.nurse, password=RIGHT, now=NOW, by="desk")) == "wrong_name"
    assert access.by_name(name) is None
    assert access.accounts() == []


@pytest.mark.parametrize("display", ["a\x1b[31m", "x" * 121, "a\0"])
def test_a_name_to_show_obeys_nobody(access: Access, display: str) -> None:
    made = access.create_account("anna", Role.nurse, display=display, now=NOW, by="desk")
    assert code(made) == "wrong_name"


def test_without_a_password_nobody_signs_in_until_one_is_set(access: Access, enter: Enter) -> None:
    anna = enter(password="")
    assert code(access.sign_in("anna", "", client="ward", now=NOW)) == "wrong_sign_in"
    assert access.set_password(anna.id, RIGHT, now=NOW, by="desk") is None
    assert sign_in(access).principal.account == anna


def test_a_new_password_ends_all_sessions_and_a_lock(access: Access, enter: Enter) -> None:
    anna, session = enter(), sign_in(access)
    for _ in range(5):
        access.sign_in("anna", "a wrong password", client="ward", now=NOW)
    assert code(access.sign_in("anna", RIGHT, client="ward", now=NOW)) == "locked_out"
    assert access.set_password(anna.id, OTHER, now=NOW, by="desk") is None
    assert access.principal(session.token, now=NOW) is None
    assert code(access.sign_in("anna", RIGHT, client="ward", now=NOW)) == "wrong_sign_in"
    assert sign_in(access, password=OTHER)


def test_one_s_own_new_password_ends_the_other_sessions(access: Access, enter: Enter) -> None:
    enter()
    mine, other = sign_in(access), sign_in(access)
    assert access.change_password(mine.principal, RIGHT, OTHER, now=NOW) is None
    assert access.principal(mine.token, now=NOW) is not None
    assert access.principal(other.token, now=NOW) is None
    assert sign_in(access, password=OTHER)


def test_a_password_that_another_chose_is_to_be_changed(access: Access) -> None:
    made = access.create_account("anna", Role.nurse, password=RIGHT, must_change=True, now=NOW, by="desk")
    anna = the(Account, made)
    for chosen, known in ((RIGHT, OTHER), (OTHER, RIGHT)):
        session = sign_in(access, password=chosen)
        assert session.principal.account.must_change
        assert access.change_password(session.principal, chosen, known, now=NOW) is None
        assert not present(access, session, NOW).account.must_change
        access.set_password(anna.id, OTHER, must_change=True, now=NOW, by="desk")
    access.set_password(anna.id, RIGHT, now=NOW, by="desk")
    assert not sign_in(access).principal.account.must_change


def test_a_changed_password_is_another_one(access: Access, enter: Enter) -> None:
    enter()
    session = sign_in(access)
    assert code(access.change_password(session.principal, RIGHT, RIGHT, now=NOW)) == "weak_password"


def test_the_old_password_is_guessed_no_more_often_than_at_sign_in(access: Access, enter: Enter) -> None:
    enter()
    mine = sign_in(access).principal
    tries = [code(access.change_password(mine, "a wrong password", OTHER, now=NOW)) for _ in range(7)]
    assert tries == ["wrong_password"] * 5 + ["locked_out"] * 2
    assert code(access.change_password(mine, RIGHT, OTHER, now=NOW)) == "locked_out"
    assert [line.act for line in access.entries(limit=5)] == ["change_password_refused"] * 5


def test_those_who_mistype_their_old_password_lock_nobody_else(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP, limits=Limits(attempts_per_client=3)) as access:
        for name in ("anna", "ben", "carl", "dora"):
            access.create_account(name, Role.nurse, password=RIGHT, now=NOW, by="desk")
            mine = sign_in(access, name).principal
            assert code(access.change_password(mine, "a wrong password", OTHER, now=NOW)) == "wrong_password"


def test_a_weak_new_password_changes_nothing(access: Access, enter: Enter) -> None:
    anna = enter()
    session = sign_in(access)
    assert code(access.set_password(anna.id, "short", now=NOW, by="desk")) == "weak_password"
    assert code(access.change_password(session.principal, RIGHT, "short", now=NOW)) == "weak_password"
    assert access.principal(session.token, now=NOW) is not None
    assert sign_in(access)


def test_courses_hold_at_once_in_an_open_session(access: Access, enter: Enter) -> None:
    anna = enter("anna", Role.nurse, "c1", "c2")
    session = sign_in(access)
    assert access.set_courses(anna.id, {"c2", "c3"}, now=NOW, by="desk") is None
    now_mine = present(access, session, NOW)
    assert [now_mine.belongs(course) for course in ("c1", "c2", "c3")] == [False, True, True]
    came_and_went = [(line.act, line.course, line.about) for line in access.entries(limit=2)]
    assert came_and_went == [("unassign", "c1", anna.id), ("assign", "c3", anna.id)]


def test_two_who_assign_at_once_undo_nothing_of_each_other(access: Access, enter: Enter) -> None:
    """Both have the page open; one takes c1 away, the other gives c3."""
    anna = enter("anna", Role.nurse, "c1", "c2")
    assert access.change_courses(anna.id, take={"c1"}, now=NOW, by="one") is None
    assert access.change_courses(anna.id, add={"c3"}, now=NOW, by="other") is None
    known = access.account(anna.id)
    assert known is not None and known.courses == {"c2", "c3"}
    assert [(line.act, line.course) for line in access.entries(limit=2)] == [("assign", "c3"), ("unassign", "c1")]
    assert code(access.change_courses("nobody", add={"c1"}, now=NOW, by="one")) == "unknown_account"


def test_another_role_asks_for_a_new_sign_in(access: Access, enter: Enter) -> None:
    anna = enter()
    session = sign_in(access)
    assert access.set_role(anna.id, Role.physician, now=NOW, by="desk") is None
    assert access.principal(session.token, now=NOW) is None
    assert sign_in(access).principal.account.role == Role.physician


def test_a_disabled_account_is_out_at_once_and_stays_so(access: Access, enter: Enter) -> None:
    anna = enter()
    session = sign_in(access)
    assert access.disable(anna.id, now=NOW, by="desk") is None
    assert access.principal(session.token, now=NOW) is None
    assert code(access.sign_in("anna", RIGHT, client="ward", now=NOW)) == "wrong_sign_in"
    assert access.enable(anna.id, now=NOW, by="desk") is None
    assert access.principal(session.token, now=NOW) is None, "an ended session does not come back"
    assert sign_in(access)


def test_what_is_done_to_nobody_is_a_problem(access: Access) -> None:
    done = [
        access.set_password("nobody", RIGHT, now=NOW, by="desk"),
        access.set_courses("nobody", {"c1"}, now=NOW, by="desk"),
        access.set_role("nobody", Role.nurse, now=NOW, by="desk"),
        access.disable("nobody", now=NOW, by="desk"),
        access.enable("no\0body", now=NOW, by="desk"),
    ]
    assert {code(one) for one in done} == {"unknown_account"}
    assert access.entries() == []


def test_each_change_is_logged_with_who_made_it(access: Access, enter: Enter) -> None:
    boss = enter("boss", Role.administrator)
    made = access.create_account("ben", Role.pharmacy, courses={EVERY}, now=NOW + 1, by=boss.id)
    ben = the(Account, made)
    access.set_role(ben.id, Role.nurse, now=NOW + 2, by=boss.id)
    access.disable(ben.id, now=NOW + 3, by=boss.id)
    access.enable(ben.id, now=NOW + 4, by="root")
    lines = [
        (line.at - NOW, line.account, line.name, line.role, line.act, line.course, line.reason)
        for line in reversed(access.entries(account=ben.id))
    ]
    admin = (boss.id, "boss", "administrator")
    assert lines == [
        (1, *admin, "create_account", "", "pharmacy"),
        (1, *admin, "assign", EVERY, ""),
        (2, *admin, "set_role", "", "nurse"),
        (3, *admin, "disable", "", ""),
        (4, "", "root", "", "enable", "", ""),
    ]
