"""What is kept besides accounts and sessions: the log, which only grows, forms, what was seen, secrets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.record.errors import StoreError
from cartway.web.access import Access, Act, Role, open_access

from .conftest import CHEAP, LIMITS, NOW, Enter, code, sign_in

FORM = "form-0123456789"


def read(access: Access, course: str, now: int = NOW, name: str = "anna") -> None:
    who = sign_in(access, name).principal
    access.note(who, Act.read_course, course, via="assignment", place="course", now=now)


# The log


def test_a_line_says_who_did_what_when_by_what_right(access: Access, enter: Enter) -> None:
    anna = enter()
    read(access, "c1", NOW + 7)
    (line,) = access.entries(course="c1")
    assert (line.at, line.account, line.name, line.role) == (NOW + 7, anna.id, "anna", "nurse")
    assert (line.act, line.via, line.place, line.reason) == ("read_course", "assignment", "course", "")


def test_lines_are_found_by_course_and_by_account_newest_first(access: Access, enter: Enter) -> None:
    anna, ben = enter(), enter("ben")
    for course, name in (("c1", "anna"), ("c2", "anna"), ("c1", "ben")):
        read(access, course, name=name)
    assert [line.name for line in access.entries(course="c1")] == ["ben", "anna"]
    assert [line.course for line in access.entries(account=anna.id) if line.act == "read_course"] == ["c2", "c1"]
    assert {line.name for line in access.entries(account=ben.id)} == {"ben", "desk"}, "what was done to him, too"
    assert access.entries(course="c1", account=ben.id)[0].name == "ben"
    assert access.entries(course="c\0") == access.entries(account="\0nobody") == []


def test_the_log_is_read_page_by_page_without_a_gap(access: Access, enter: Enter) -> None:
    enter()
    who = sign_in(access).principal
    for n in range(25):
        access.note(who, Act.see_ward, f"c{n}", via="", place="board", now=NOW)
    pages, before = [], None
    while page := access.entries(before=before, limit=7):
        pages += page
        before = page[-1].number
    assert pages == access.entries(limit=1000)
    assert [line.number for line in pages] == list(range(len(pages), 0, -1))


def test_a_reason_that_a_database_cannot_hold_is_kept_without_it(access: Access, enter: Enter) -> None:
    enter()
    who = sign_in(access).principal
    access.note(who, Act.chart, "c1", via="own", place="p", now=NOW, reason="a\0b\ud800c")
    assert access.entries(course="c1")[0].reason == "ab?c"


CHANGES = [
    "UPDATE entry SET name = 'somebody else'",
    "UPDATE entry SET number = number + 1000",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE number = 1",
]
SQLITE = [
    "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE number = 1",
    "REPLACE INTO entry VALUES (1, 0, 'x', '', '', '', '', '', '', '', '')",
    "INSERT INTO entry VALUES (99, 0, '', '', '', '', '', '', '', '', '')",
]
POSTGRES = [
    "TRUNCATE entry",
    "INSERT INTO entry SELECT * FROM entry ON CONFLICT (number) DO UPDATE SET name = 'x'",
]


def test_no_line_is_changed_or_taken_away_even_by_the_database_s_user(
    access: Access, enter: Enter, store_url: str
) -> None:
    enter()
    read(access, "c1")
    before = access.entries()
    for statement in [*CHANGES, *(SQLITE if store_url.startswith("sqlite") else POSTGRES)]:
        with pytest.raises(StoreError), access._store.transaction() as connection:
            connection.exec_driver_sql(statement)
        assert access.entries() == before, statement
    read(access, "c1")
    assert access.entries()[2:] == before, "and it still grows"


def test_lines_written_at_once_are_numbered_without_a_gap(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP) as one, open_access(store_url, hasher=CHEAP) as other:
        anna = one.create_account("anna", Role.nurse, now=NOW, by="desk")
        who = one.open_session(anna.id, now=NOW).principal  # type: ignore[union-attr]
        had = len(one.entries())

        def note(n: int) -> None:
            [one, other][n % 2].note(who, Act.chart, f"c{n}", via="", place="", now=NOW)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(note, range(40)))
        lines = one.entries(limit=1000)
        assert [line.number for line in lines] == list(range(had + 40, 0, -1))
        assert {line.course for line in lines} >= {f"c{n}" for n in range(40)}


# Forms


def test_a_form_came_in_when_it_first_came_in(access: Access) -> None:
    assert access.received(FORM, "a", now=NOW) == NOW
    assert access.received(FORM, "a", now=NOW + 1) == NOW
    assert access.received(FORM, "a", now=NOW + LIMITS.form) == NOW
    assert code(access.received(FORM, "a", now=NOW + LIMITS.form + 1)) == "form_expired"


def test_a_form_is_its_account_s(access: Access) -> None:
    access.received(FORM, "a", now=NOW)
    assert code(access.received(FORM, "b", now=NOW)) == "wrong_form"
    assert access.received(FORM + "2", "b", now=NOW + 1) == NOW + 1


@pytest.mark.parametrize("id", ["", "short", "x" * 65, "a b c d e f", "form\0form\0", "<script>alert", "form-012\n"])
def test_what_is_no_form_s_id_is_refused(access: Access, id: str) -> None:
    assert code(access.received(id, "a", now=NOW)) == "wrong_form"


def test_a_form_never_comes_in_anew_after_a_sweep(access: Access) -> None:
    access.received(FORM, "a", now=NOW)
    late = NOW + 100 * LIMITS.form
    access.sweep(now=late)
    assert code(access.received(FORM, "a", now=late)) == "form_expired"


def test_a_form_sent_twice_at_once_came_in_once(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP) as one, open_access(store_url, hasher=CHEAP) as other:
        with ThreadPoolExecutor(8) as pool:
            times = list(pool.map(lambda n: [one, other][n % 2].received(FORM, "a", now=NOW + n), range(24)))
        assert len(set(times)) == 1


# What was seen


def test_what_was_seen_is_each_account_s_own(access: Access) -> None:
    assert access.seen("a") == {}
    access.mark_seen("a", "c1", 5, now=NOW)
    access.mark_seen("a", "c2", 1, now=NOW)
    access.mark_seen("b", "c1", 2, now=NOW)
    assert (access.seen("a"), access.seen("b")) == ({"c1": 5, "c2": 1}, {"c1": 2})


MARKS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["c1", "c2"]), st.integers(0, 9)), max_size=12)


@given(marks=MARKS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_seen_is_never_taken_back_whatever_arrives_late(access: Access, marks: list[tuple[str, str, int]]) -> None:
    with access._store.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM seen")
    most: dict[str, dict[str, int]] = {"a": {}, "b": {}}
    for who, course, count in marks:
        access.mark_seen(who, course, count, now=NOW)
        most[who][course] = max(count, most[who].get(course, 0))
    assert {who: access.seen(who) for who in "ab"} == most


# Secrets


def test_a_secret_is_drawn_once_for_all_workers(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP) as one, open_access(store_url, hasher=CHEAP) as other:
        with ThreadPoolExecutor(8) as pool:
            drawn = set(pool.map(lambda n: [one, other][n % 2].secret("csrf"), range(16)))
        assert len(drawn) == 1 and len(drawn.pop()) == 32
        assert one.secret("cookies") != one.secret("csrf")
    with open_access(store_url, hasher=CHEAP) as later:
        assert later.secret("csrf") == one.secret("csrf")
