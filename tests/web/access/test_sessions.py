"""Sessions: how long they last, whom they let where, and broken glass; on both stores."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import event

from cartway.problem import Problem
from cartway.times import MINUTE
from cartway.web.access import EVERY, OWN, Access, Act, Role, open_access

from .conftest import CHEAP, LIMITS, NOW, RIGHT, Enter, code, present, sign_in

REASON = "She is in my cubicle now"


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a\0b", "A" * 43, "x" * 100_000])
def test_what_is_no_token_opens_nothing(access: Access, enter: Enter, token: str) -> None:
    enter()
    sign_in(access)
    assert access.principal(token, now=NOW) is None
    access.close_session(token, now=NOW)


def test_a_session_that_nobody_uses_ends(access: Access, enter: Enter) -> None:
    enter()
    session = sign_in(access)
    assert access.peek(session.token, now=NOW + LIMITS.idle - 1) is not None
    assert access.principal(session.token, now=NOW + LIMITS.idle) is None


def test_use_keeps_a_session_until_the_shift_is_over(access: Access, enter: Enter) -> None:
    enter()
    session = sign_in(access)
    for now in range(NOW, NOW + LIMITS.session, LIMITS.idle - 1):
        assert access.principal(session.token, now=now) is not None
    assert access.principal(session.token, now=NOW + LIMITS.session - 1) is not None
    assert access.principal(session.token, now=NOW + LIMITS.session) is None


def test_a_page_that_asks_by_itself_is_no_use(access: Access, enter: Enter) -> None:
    enter()
    session = sign_in(access)
    for minute in range(29):
        assert access.peek(session.token, now=NOW + minute * MINUTE) is not None
    assert access.peek(session.token, now=NOW + LIMITS.idle) is None


@pytest.mark.parametrize("role", sorted(OWN))
def test_a_patients_phone_stays_signed_in_for_months_of_use_and_a_month_without(access: Access, role: Role) -> None:
    """Nobody is asked for a password at night with a fever; the phone has a lock of its own."""
    access.create_account("anna", role, password=RIGHT, now=NOW, by="desk")
    session = sign_in(access)
    for now in range(NOW, NOW + LIMITS.own_session, LIMITS.own_idle - 1):
        access.sweep(now=now)
        assert access.principal(session.token, now=now) is not None
    assert access.principal(session.token, now=NOW + LIMITS.own_session) is None
    left = sign_in(access)
    assert access.peek(left.token, now=NOW + LIMITS.own_idle - 1) is not None
    assert access.peek(left.token, now=NOW + LIMITS.own_idle) is None


def test_a_request_reads_once_and_writes_at_most_once_a_minute(sqlite_store: str) -> None:
    with open_access(sqlite_store, hasher=CHEAP) as access:
        access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
        session, said = sign_in(access), []
        engine = access._store._engine  # type: ignore[attr-defined]
        event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        present(access, session, NOW + MINUTE - 1)
        assert len(said) == 1
        with access._store.reading() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said[0]}", (b"",)).all()
        assert all("SEARCH" in step[-1] for step in plan), plan
        said.clear()
        present(access, session, NOW + MINUTE)
        assert [one.split()[0] for one in said] == ["SELECT", "BEGIN", "UPDATE", "COMMIT"]
        said.clear()
        present(access, session, NOW + 2 * MINUTE - 1)
        assert len(said) == 1


def test_signing_out_ends_this_session_only(access: Access, enter: Enter) -> None:
    enter()
    mine, other = sign_in(access), sign_in(access)
    access.close_session(mine.token, now=NOW)
    assert access.principal(mine.token, now=NOW) is None
    assert access.principal(other.token, now=NOW) is not None
    assert access.entries(limit=1)[0].act == "sign_out"


def test_a_session_of_a_disabled_account_is_none_however_it_was_disabled(access: Access, enter: Enter) -> None:
    enter()
    session = sign_in(access)
    with access._store.transaction() as connection:
        connection.exec_driver_sql("UPDATE account SET disabled = (1 = 1)")
    assert access.principal(session.token, now=NOW) is None


# Whom it lets where


@pytest.mark.parametrize("role", Role)
def test_an_assignment_is_by_name_or_to_every_course(access: Access, enter: Enter, role: Role) -> None:
    own = role in {Role.patient, Role.caregiver}
    enter("by-name", role, "c1")
    enter("every", role, EVERY)
    by_name, every = sign_in(access, "by-name").principal, sign_in(access, "every").principal
    assert by_name.via("c1", NOW) == ("own" if own else "assignment")
    assert by_name.via("c2", NOW) == ""
    assert every.via("c1", NOW) == ("" if own else "assignment"), "a patient has one course, by name"
    assert not by_name.belongs(EVERY) and not every.belongs(EVERY), "that is no course"
    assert every.may(Act.read_own) == own


# Broken glass


def test_a_course_behind_glass_opens_for_a_while(access: Access, enter: Enter) -> None:
    enter("anna", Role.nurse, "c1")
    session = sign_in(access)
    until = access.break_glass(session.principal, "c2", REASON, now=NOW)
    assert until == NOW + LIMITS.break_glass
    opened = present(access, session, NOW + 1)
    assert opened.opened == {"c2": until}
    assert [opened.via(course, NOW + 1) for course in ("c1", "c2", "c3")] == ["assignment", "break_glass", ""]
    assert (opened.via("c2", until - 1), opened.via("c2", until)) == ("break_glass", ""), "by the value held, too"
    for now in range(NOW, until, LIMITS.idle - 1):
        assert access.principal(session.token, now=now) is not None
    assert present(access, session, until - 1).via("c2", until - 1) == "break_glass"
    assert present(access, session, until).opened == {}


def test_broken_glass_is_in_the_log_with_its_reason(access: Access, enter: Enter) -> None:
    anna = enter()
    access.break_glass(sign_in(access).principal, "c2", f"  {REASON} ", now=NOW)
    line = access.entries(course="c2")[0]
    assert (line.account, line.act, line.via, line.reason) == (anna.id, "break_glass", "break_glass", REASON)


@pytest.mark.parametrize("reason", ["", "CPR", " CPR  ", " " * 20, "x" * 501])
def test_glass_is_not_broken_without_a_reason(access: Access, enter: Enter, reason: str) -> None:
    enter()
    session = sign_in(access)
    assert code(access.break_glass(session.principal, "c2", reason, now=NOW)) == "no_reason"
    assert present(access, session, NOW).opened == {}


def test_one_word_is_a_reason_at_night(access: Access, enter: Enter) -> None:
    enter("anna", Role.nurse)
    assert isinstance(access.break_glass(sign_in(access).principal, "c2", "code", now=NOW), int)


def test_a_session_opens_a_night_s_courses_and_no_ward(access: Access, enter: Enter) -> None:
    enter("anna", Role.physician)
    session = sign_in(access)
    for n in range(10):
        assert isinstance(access.break_glass(session.principal, f"c{n}", REASON, now=NOW + n), int)
    assert code(access.break_glass(session.principal, "c10", REASON, now=NOW + 10)) == "too_many_open"
    assert isinstance(access.break_glass(session.principal, "c9", REASON, now=NOW + 10), int), "again, for longer"
    present(access, session, NOW + 29 * MINUTE)
    later = NOW + 58 * MINUTE
    present(access, session, later)
    closed = NOW + LIMITS.break_glass
    assert isinstance(access.break_glass(session.principal, "c10", REASON, now=closed), int), "the first has closed"
    assert len(present(access, session, closed).opened) == 10


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.physician, Role.nurse}))
def test_only_the_bedside_breaks_glass(access: Access, enter: Enter, role: Role) -> None:
    enter("anna", role)
    assert code(access.break_glass(sign_in(access).principal, "c2", REASON, now=NOW)) == "not_allowed"


def test_broken_glass_is_of_no_use_to_another_role(access: Access, enter: Enter) -> None:
    opened = {"c2": NOW + 1}
    for role, right in ((Role.nurse, "break_glass"), (Role.pharmacy, "")):
        enter(role.value, role)
        held = msgspec.structs.replace(sign_in(access, role.value).principal, opened=opened)
        assert held.via("c2", NOW) == right


def test_no_glass_lies_before_every_course_at_once(access: Access, enter: Enter) -> None:
    enter("anna", Role.physician)
    assert code(access.break_glass(sign_in(access).principal, EVERY, REASON, now=NOW)) == "not_allowed"


def test_broken_glass_belongs_to_its_session(access: Access, enter: Enter) -> None:
    enter()
    mine, other = sign_in(access), sign_in(access)
    access.break_glass(mine.principal, "c2", REASON, now=NOW)
    access.break_glass(mine.principal, "c3", REASON, now=NOW + 1)
    assert set(present(access, mine, NOW + 1).opened) == {"c2", "c3"}
    assert present(access, other, NOW + 1).opened == {}
    access.close_session(mine.token, now=NOW + 1)
    assert code(access.break_glass(mine.principal, "c2", REASON, now=NOW + 1)) == "signed_out"


def test_an_idle_session_breaks_no_glass(access: Access, enter: Enter) -> None:
    enter()
    held = sign_in(access).principal
    assert code(access.break_glass(held, "c2", REASON, now=NOW + LIMITS.idle)) == "signed_out"


def test_a_role_that_changed_since_the_page_was_drawn_counts(access: Access, enter: Enter) -> None:
    anna = enter()
    held = sign_in(access).principal
    access.set_role(anna.id, Role.pharmacy, now=NOW, by="desk")
    assert code(access.break_glass(held, "c2", REASON, now=NOW)) == "signed_out"


def test_sweeping_throws_away_what_ended_and_nothing_else(access: Access, enter: Enter) -> None:
    enter()
    old, kept = sign_in(access), sign_in(access, now=NOW + LIMITS.idle)
    log = access.entries()
    access.sweep(now=NOW + LIMITS.idle)
    assert access.principal(kept.token, now=NOW + LIMITS.idle) is not None
    assert access.principal(old.token, now=NOW) is None, "gone, whatever the clock says"
    assert access.entries() == log


def test_sweeping_ends_no_lock(access: Access, enter: Enter) -> None:
    enter()
    for n in range(LIMITS.attempts):
        access.sign_in("anna", "a wrong password", client="ward", now=NOW + n * 3 * MINUTE)
    last = NOW + (LIMITS.attempts - 1) * 3 * MINUTE
    access.sweep(now=last + LIMITS.locked - 1)
    assert code(access.sign_in("anna", RIGHT, client="ward", now=last + LIMITS.locked - 1)) == "locked_out"
    access.sweep(now=last + 2 * LIMITS.locked)
    with access._store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar() == 0


def test_a_ward_screen_stays_signed_in_and_shows_the_board_only(access: Access, enter: Enter) -> None:
    """Nobody touches it for days, and anybody may walk by."""
    enter("anna", Role.physician)
    opened = access.sign_in("anna", RIGHT, client="ward", now=NOW, screen=True)
    assert not isinstance(opened, Problem)
    screen = access.principal(opened.token, now=NOW + LIMITS.screen - 1)
    assert screen is not None and screen.screen
    assert {act for act in Act if screen.may(act)} == {Act.see_ward, Act.see_names, Act.account}
    assert code(access.break_glass(screen, "theirs", REASON, now=NOW)) == "not_allowed"
    assert access.principal(opened.token, now=NOW + LIMITS.screen) is None
    access.sweep(now=NOW + LIMITS.idle)
    assert access.peek(opened.token, now=NOW + LIMITS.idle) is not None
    assert access.entries(limit=1)[0].reason.endswith("on a ward screen")


@pytest.mark.parametrize("role", [Role.patient, Role.administrator])
def test_who_does_not_see_the_ward_has_no_ward_screen(access: Access, enter: Enter, role: Role) -> None:
    enter("anna", role)
    opened = access.sign_in("anna", RIGHT, client="ward", now=NOW, screen=True)
    assert not isinstance(opened, Problem) and not opened.principal.screen
    assert opened.principal.expires_at == NOW + LIMITS.lasts(role, screen=False)
