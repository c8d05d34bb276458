"""The administrator's and the coordinator's pages: accounts, teams, the access log, and broken glass."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from litestar.testing import TestClient

from cartway.times import HOUR, MINUTE
from cartway.web.access import EVERY, Account, Role
from cartway.web.guard import teams
from cartway.web.guard.access_log import A_PAGE
from cartway.web.guard.gate import COOKIE

from ..conftest import Site

NAME = "Wilhelmina Testperson"


def with_name(site: Site, course: str) -> str:
    """A course whose patient the store of people knows."""
    site.course(course)
    site.office.people.enrol([("hospital", "ID-4711")], name=NAME, now=site.now, by="test", new_id=lambda: course)
    return course


def signed_in_as(site: Site, account: Account) -> TestClient[Any]:
    client = site.client(None)
    client.cookies.set(COOKIE, site.office.access.open_session(account.id, now=site.now).token)
    return client


def acts(site: Site, account: str = "", course: str = "") -> list[tuple[str, str]]:
    return [(entry.act, entry.via) for entry in site.office.access.entries(account=account, course=course)]


# Accounts


def test_a_new_account_gets_a_first_password_that_is_shown_once(site: Site) -> None:
    admin = site.client("administrator")
    answer = site.post(admin, "/accounts", {"name": "Nurse.Two", "display": "Nurse Two", "role": "nurse"})
    first = re.search(r'<code class="first-password">([^<]+)</code>', answer.text)
    assert first is not None
    made = site.office.access.by_name("nurse.two")
    assert made is not None
    assert (made.role, made.display, made.courses) == (Role.nurse, "Nurse Two", frozenset())
    assert first[1] not in admin.get(f"/accounts/{made.id}").text
    nurse = site.client(None)
    assert site.post(nurse, "/sign-in", {"name": "nurse.two", "password": first[1]}).status_code == 303


def test_a_first_password_opens_only_the_page_to_choose_another(site: Site) -> None:
    course = site.course(site_course())
    first = "made by an administrator"
    made = {"password": first, "must_change": True, "courses": [course], "now": site.now, "by": "test"}
    site.office.access.create_account("nurse.two", Role.nurse, **made)
    nurse = site.client(None)
    site.post(nurse, "/sign-in", {"name": "nurse.two", "password": first})
    for path in ("/board", f"/courses/{course}", "/my", "/accounts"):
        answer = nurse.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert nurse.get("/live", headers={"accept": "text/event-stream"}).status_code == 403
    assert "Choose a password of your own first." in nurse.get("/password").text
    own = "an evening of my own"
    assert site.post(nurse, "/password", {"old": first, "new": own, "again": own}).status_code == 200
    assert nurse.get("/board").status_code == 200


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "two words", "role": "nurse"}, "no space"),
        ({"name": "", "role": "nurse"}, "no space"),
        ({"name": "taken", "role": "nurse"}, "an account of this name already"),
        ({"name": "new", "role": "surgeon"}, "no such role"),
        ({"name": "new"}, "no such role"),
        ({"name": "new", "role": ["nurse", "surgeon"]}, "no such role"),
    ],
)
def test_an_account_that_is_not_made_says_why(site: Site, fields: dict[str, Any], told: str) -> None:
    site.account("nurse", name="taken")
    admin = site.client("administrator")
    before = site.office.access.accounts()
    answer = site.post(admin, "/accounts", fields)
    assert answer.status_code == 422
    assert told in html.unescape(answer.text)
    assert site.office.access.accounts() == before


def test_disabling_ends_the_session_at_once_and_enabling_does_not_bring_it_back(site: Site) -> None:
    admin, nurse = site.client("administrator"), site.account("nurse")
    client = signed_in_as(site, nurse)
    assert client.get("/board").status_code == 200
    assert site.post(admin, f"/accounts/{nurse.id}/disable", {}).status_code == 303
    assert client.get("/board").status_code == 303
    assert site.post(admin, f"/accounts/{nurse.id}/enable", {}).status_code == 303
    assert client.get("/board").status_code == 303
    assert signed_in_as(site, nurse).get("/board").status_code == 200


def test_another_role_counts_from_the_next_sign_in(site: Site) -> None:
    admin, nurse = site.client("administrator"), site.account("nurse")
    client = signed_in_as(site, nurse)
    site.post(admin, f"/accounts/{nurse.id}/role", {"role": "data_manager"})
    assert client.get("/board").status_code == 303
    known = site.office.access.account(nurse.id)
    assert known is not None
    assert known.role is Role.data_manager


def test_another_first_password_ends_the_old_one(site: Site) -> None:
    admin, nurse = site.client("administrator"), site.account("nurse")
    client = signed_in_as(site, nurse)
    answer = site.post(admin, f"/accounts/{nurse.id}/password", {})
    assert "first-password" in answer.text
    assert client.get("/board").status_code == 303


@pytest.mark.parametrize("change", ["disable", "role", "password"])
def test_no_administrator_locks_themselves_out(site: Site, change: str) -> None:
    account = site.account("administrator")
    admin = signed_in_as(site, account)
    answer = site.post(admin, f"/accounts/{account.id}/{change}", {"role": "nurse"})
    assert answer.status_code == 422
    assert "This is your own account." in answer.text
    assert site.office.access.account(account.id) == account


def test_an_unknown_account_is_no_page(site: Site) -> None:
    admin = site.client("administrator")
    assert admin.get("/accounts/nobody").status_code == 404
    assert site.post(admin, "/accounts/nobody/disable", {}).status_code == 404


# Teams


def test_a_coordinator_gives_a_course_and_it_counts_at_once(site: Site) -> None:
    course = with_name(site, site_course())
    coordinator, nurse = site.client("coordinator"), site.account("nurse", courses=[])
    client = signed_in_as(site, nurse)
    assert client.get(f"/courses/{course}").status_code == 403
    assert NAME in coordinator.get(f"/teams/{nurse.id}").text
    site.post(coordinator, f"/teams/{nurse.id}", {"course": course})
    assert client.get(f"/courses/{course}").status_code == 200
    site.post(coordinator, f"/teams/{nurse.id}", {"shown": course})
    assert client.get(f"/courses/{course}").status_code == 403
    assert {("assign", ""), ("unassign", "")} <= set(acts(site, course=course))


def site_course() -> str:
    from ..conftest import examples

    return sorted(examples())[0]


def test_an_administrator_assigns_without_seeing_who_it_is(site: Site) -> None:
    course = with_name(site, site_course())
    admin, nurse = site.client("administrator"), site.account("nurse", courses=[])
    for path in ("/teams", f"/teams/{nurse.id}", "/access-log", "/accounts"):
        assert NAME not in admin.get(path).text
    assert course in admin.get(f"/teams/{nurse.id}").text
    site.post(admin, f"/teams/{nurse.id}", {"course": EVERY})
    known = site.office.access.account(nurse.id)
    assert known is not None
    assert known.courses == {EVERY}


def test_a_coordinator_of_some_courses_gives_those_and_leaves_the_others_alone(site: Site) -> None:
    mine, other = site.course(site_course()), site.course(other_course())
    coordinator = site.account("coordinator", courses=[mine])
    nurse = site.account("nurse", courses=[other])
    client = signed_in_as(site, coordinator)
    assert other not in client.get(f"/teams/{nurse.id}").text
    assert other not in client.get("/teams").text
    site.post(client, f"/teams/{nurse.id}", {"course": [mine, EVERY, "made-up"], "shown": other})
    assert courses_of(site, nurse) == {mine, other}
    site.post(client, f"/teams/{coordinator.id}", {"course": [other, EVERY]})
    assert courses_of(site, coordinator) == {mine}


def other_course() -> str:
    from ..conftest import examples

    return sorted(examples())[1]


def courses_of(site: Site, account: Account) -> frozenset[str]:
    known = site.office.access.account(account.id)
    assert known is not None
    return known.courses


def test_two_coordinators_at_once_do_not_undo_each_other(site: Site) -> None:
    one, two = site.course(site_course()), site.course(other_course())
    coordinator, nurse = site.client("coordinator"), site.account("nurse", courses=[])
    site.post(coordinator, f"/teams/{nurse.id}", {"course": one})
    site.post(coordinator, f"/teams/{nurse.id}", {"course": two})  # from a page shown before the first was kept
    assert courses_of(site, nurse) == {one, two}


def test_a_course_that_another_took_away_meanwhile_does_not_come_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = site.course(site_course()), site.course(other_course())
    coordinator, nurse = site.client("coordinator"), site.account("nurse", courses=[one])
    known = teams._known

    def then_another_takes_it(*asked: Any) -> Account:
        found = known(*asked)
        site.office.access.change_courses(nurse.id, take=[one], now=site.now, by="another")
        return found

    monkeypatch.setattr(teams, "_known", then_another_takes_it)
    site.post(coordinator, f"/teams/{nurse.id}", {"course": [one, two], "shown": one})
    assert courses_of(site, nurse) == {two}


def test_nobody_lets_a_patient_into_every_course(site: Site) -> None:
    course = site.course(site_course())
    patient = site.account("patient", courses=[])
    for role in ("coordinator", "administrator"):
        client = site.client(role)
        assert 'value="*"' not in client.get(f"/teams/{patient.id}").text
        site.post(client, f"/teams/{patient.id}", {"course": [EVERY, course]})
        assert courses_of(site, patient) == {course}


def test_the_teams_page_shows_who_belongs_to_a_course(site: Site) -> None:
    course = site.course(site_course())
    site.account("nurse", courses=[course], name="in-it")
    site.account("nurse", courses=[], name="not-in-it")
    page = site.client("coordinator").get("/teams", params={"course": course}).text
    assert ">in-it<" in page
    assert ">not-in-it<" not in page


def test_an_administrator_belongs_to_no_course(site: Site) -> None:
    admin = site.account("administrator", courses=[])
    assert site.client("administrator").get(f"/teams/{admin.id}").status_code == 404


# Broken glass


def test_breaking_the_glass_opens_one_course_for_an_hour(site: Site) -> None:
    course, other = with_name(site, site_course()), site.course(other_course())
    doctor = site.account("physician", courses=[])
    client = signed_in_as(site, doctor)
    shut = client.get(f"/courses/{course}")
    assert shut.status_code == 403
    assert "for 60 minutes" in shut.text
    assert NAME not in shut.text
    opened = site.post(client, f"/courses/{course}/break-glass", {"reason": "called to the rapid response"})
    assert opened.headers["location"] == f"/courses/{course}"
    page = client.get(f"/courses/{course}")
    assert page.status_code == 200
    assert "You opened this course with a reason" in page.text
    assert client.get(f"/courses/{other}").status_code == 403
    assert signed_in_as(site, doctor).get(f"/courses/{course}").status_code == 403  # another session has its own
    site.now += 20 * MINUTE
    client.get("/board")
    site.now += 25 * MINUTE
    client.get("/board")
    site.now += 14 * MINUTE
    assert client.get(f"/courses/{course}").status_code == 200
    site.now += 1 * MINUTE
    assert client.get(f"/courses/{course}").status_code == 403
    log = acts(site, doctor.id, course)
    assert ("break_glass", "break_glass") in log
    assert ("read_course", "break_glass") in log
    assert ("read_course", "refused") in log
    reasons = [entry.reason for entry in site.office.access.entries(course=course) if entry.act == "break_glass"]
    assert reasons == ["called to the rapid response"]


@pytest.mark.parametrize("reason", ["", "CPR", " " * 30, "a" * 501])
def test_without_a_reason_the_glass_stays_whole(site: Site, reason: str) -> None:
    course = site.course(site_course())
    client = site.client("nurse", courses=[])
    answer = site.post(client, f"/courses/{course}/break-glass", {"reason": reason})
    assert answer.status_code == 403
    assert "A reason of 4 to 500 characters is needed" in answer.text
    assert client.get(f"/courses/{course}").status_code == 403


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"why": "emergency"}, "Emergency"),
        ({"why": "on_call", "reason": " seizure "}, "I am on call for this patient: seizure"),
        ({"reason": "code"}, "code"),
        ({"why": "no such reason", "reason": "arrest"}, "arrest"),
    ],
)
def test_a_reason_is_one_tap_or_one_word(site: Site, fields: dict[str, str], kept: str) -> None:
    course = site.course(site_course())
    client = site.client("nurse", courses=[])
    assert site.post(client, f"/courses/{course}/break-glass", fields).status_code == 303
    assert [each.reason for each in site.office.access.entries(course=course) if each.act == "break_glass"] == [kept]


def test_the_page_says_which_course_it_is_and_keeps_what_was_said(site: Site) -> None:
    course = site.course(site_course())
    client = site.client("nurse", courses=[])
    assert f"Course <strong>{course}</strong>" in client.get(f"/courses/{course}").text
    again = site.post(client, f"/courses/{course}/break-glass", {"why": "no such reason", "reason": "CPR"}).text
    assert f"Course <strong>{course}</strong>" in again
    assert ">CPR</textarea>" in again
    too_long = site.post(client, f"/courses/{course}/break-glass", {"why": "emergency", "reason": "x" * 500}).text
    assert 'value="emergency" checked' in too_long


@pytest.mark.parametrize("course", ["*", "%2A", "x" * 201, "a%00b", "a%0Ab"])
def test_no_glass_is_broken_for_what_is_no_course(site: Site, course: str) -> None:
    """`*` stands for every course: opened, it would show the whole ward."""
    known = site.course(site_course())
    client = site.client("physician", courses=[])
    answer = site.post(client, f"/courses/{course}/break-glass", {"reason": "called to the rapid response"})
    assert answer.status_code == 403
    assert known not in client.get("/board").text
    assert site.office.access.entries(limit=2)[1].via == "refused"


def test_the_glass_of_one_course_shows_that_one_on_the_board(site: Site) -> None:
    known, other = site.course(site_course()), site.course(other_course())
    client = site.client("physician", courses=[])
    site.post(client, f"/courses/{known}/break-glass", {"reason": "called to the rapid response"})
    board = client.get("/board").text
    assert f"/courses/{known}" in board
    assert f"/courses/{other}" not in board


def test_who_belongs_to_a_course_breaks_nothing(site: Site) -> None:
    course = site.course(site_course())
    client = site.client("nurse", courses=[course])
    site.post(client, f"/courses/{course}/break-glass", {"reason": "by mistake, I belong here"})
    assert "You opened this course with a reason" not in client.get(f"/courses/{course}").text
    assert "break_glass" not in {
        act for act, _ in acts(site, course=course) if act == "break_glass" and _ != "assignment"
    }


def test_a_course_of_others_and_one_that_is_not_there_look_the_same(site: Site) -> None:
    """Nobody finds out by trying which courses there are."""
    course = with_name(site, site_course())
    missing = "x" * len(course)
    for role in ("physician", "pharmacy", "data_manager"):
        client = site.client(role, courses=[])
        there, not_there = client.get(f"/courses/{course}"), client.get(f"/courses/{missing}")
        assert there.status_code == not_there.status_code == 403
        assert told(there.text, course) == told(not_there.text, missing)


def told(page: str, course: str) -> str:
    page = re.sub(r'value="[0-9a-f]{128}"', "", page.replace(course, "COURSE"))
    return re.sub(r'data-(now|session)="[^"]*"', "", page)


# The access log


def test_the_log_is_read_by_course_by_account_and_page_by_page(site: Site) -> None:
    course, other = site.course(site_course()), site.course(other_course())
    nurse = site.account("nurse", name="nurse.one")
    client = signed_in_as(site, nurse)
    for _ in range(A_PAGE // 2):
        client.get(f"/courses/{course}")
        client.get(f"/courses/{other}")
    admin = site.client("administrator")
    first = admin.get("/access-log", params={"account": "nurse.one"}).text
    assert first.count("nurse.one") >= A_PAGE
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    assert admin.get(html.unescape(older[1])).text.count("<tr>") < A_PAGE
    of_course = admin.get("/access-log", params={"course": course}).text
    assert f">{course}<" in of_course
    assert f">{other}<" not in of_course
    assert "Nothing." in admin.get("/access-log", params={"account": "no.such.name"}).text


def test_looks_at_the_board_bury_nothing(site: Site) -> None:
    """One line of them, and each look at a course and each form, opened or sent, is one of its own."""
    course, client = site.course(site_course()), site.client("nurse")
    for _ in range(7):
        client.get("/board")
    client.get(f"/courses/{course}/chart-vitals")
    site.post(client, f"/courses/{course}/chart-vitals", {})
    for _ in range(3):
        client.get("/board")
    site.now += 26 * HOUR
    page = site.client("administrator").get("/access-log").text
    assert "7 times up to then" in page
    assert "3 times up to then" in page
    assert page.count("<td>chart vitals</td>") == page.count("<td>chart vitals, sent</td>") == 1
    assert "16 Mar 14:00</time>" in page, "the day stands beside the time"


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "1; DROP TABLE entry"])
def test_a_strange_page_number_is_no_failure(site: Site, before: str) -> None:
    assert site.client("administrator").get("/access-log", params={"before": before}).status_code == 200


def test_broken_glass_and_refusals_stand_out(site: Site) -> None:
    course = site.course(site_course())
    client = site.client("physician", courses=[])
    client.get(f"/courses/{course}")
    site.post(client, f"/courses/{course}/break-glass", {"reason": "called to the rapid response"})
    page = site.client("administrator").get("/access-log", params={"course": course}).text
    assert 'data-via="break_glass"' in page
    assert 'data-via="refused"' in page
    assert "called to the rapid response" in page
