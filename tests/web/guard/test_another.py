"""Another patient: who may break the glass finds the course of somebody with a wristband before them, and only that."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pytest

from cartway.web.access import EVERY, Account
from cartway.web.guard import gate
from cartway.web.guard.another import LONGEST

from ..conftest import Site, examples

COURSE, OTHER, THIRD = sorted(examples())[:3]
NAME, BORN, NUMBER = "Casimir Q. Testperson", "1959-10-08", "MRN-0077 a"


def enrol(site: Site, course: str, *identifiers: tuple[str, str], recorded: bool = True, name: str = NAME) -> str:
    if recorded:
        site.course(course)
    stated: Any = {"name": name, "birth_date": BORN, "now": site.now, "by": "test", "new_id": lambda: course}
    return site.office.people.enrol(identifiers or [("hospital", NUMBER)], **stated)


def ask(site: Site, client: Any, identifier: str = NUMBER, **fields: str) -> Any:
    return site.post(client, "/another-patient", {"identifier": identifier, **fields})


def looks(site: Site, account: Account | None = None) -> list[tuple[str, str, str]]:
    entries = site.office.access.entries(account=account.id if account else "")
    return [(each.course, each.via, each.reason) for each in entries if each.place == "another patient"]


@pytest.mark.parametrize("role", ["physician", "nurse"])
def test_from_the_wristband_to_the_course_of_a_stranger(site: Site, role: str) -> None:
    """As at night on call: the board shows nobody of this name, and the way goes on from there by links alone."""
    enrol(site, COURSE)
    client = site.client(role, courses=[])
    assert 'href="/another-patient"' in client.get("/board").text
    assert "Number on the wristband" in client.get("/another-patient").text
    glass = ask(site, client, f" {NUMBER} ")
    assert glass.status_code == 200
    assert "<strong>C. Q. T.</strong>, born in 1959." in glass.text
    assert f'action="/courses/{COURSE}/break-glass"' in glass.text
    for untold in (NAME, "Testperson", BORN, NUMBER):
        assert untold not in glass.text
    opened = site.post(client, f"/courses/{COURSE}/break-glass", {"why": "emergency"})
    assert opened.headers["location"] == f"/courses/{COURSE}"
    assert NAME in client.get(f"/courses/{COURSE}").text


@pytest.mark.parametrize("courses", [[COURSE], [EVERY]])
def test_ones_own_patient_opens_at_once(site: Site, courses: Sequence[str]) -> None:
    enrol(site, COURSE)
    answer = ask(site, site.client("nurse", courses=courses))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/courses/{COURSE}")
    assert looks(site) == [(COURSE, "assignment", "found")]


@pytest.mark.parametrize(
    "typed", ["", " ", "MRN-0077", "MRN-0077 A", "mrn-0077 a", "%", "MRN-0077 _", NUMBER * 20, "a\0b", "x" * LONGEST]
)
def test_a_part_of_a_number_or_another_finds_nobody(site: Site, typed: str) -> None:
    enrol(site, COURSE)
    answer = ask(site, site.client("physician", courses=[]), typed)
    assert answer.status_code == 422
    assert "Nobody here has this number." in answer.text
    assert COURSE not in answer.text
    assert looks(site) == [("", "", "found 0")]


def test_a_number_that_two_systems_gave_is_asked_for_with_who_gave_it(site: Site) -> None:
    enrol(site, COURSE, ("north", NUMBER))
    enrol(site, OTHER, ("south", NUMBER), name="Somebody Else")
    client = site.client("nurse", courses=[])
    asked = ask(site, client)
    assert asked.status_code == 422
    assert "Several patients have this number" in asked.text
    assert 'value="north" required' in asked.text
    assert 'value="south" required' in asked.text
    assert f'value="{NUMBER}"' in asked.text
    chosen = ask(site, client, authority="south")
    assert f"Course <strong>{OTHER}</strong>: <strong>S. E.</strong>" in chosen.text
    assert "Nobody here" in ask(site, client, authority="east").text


def test_of_several_courses_the_newest_that_has_facts(site: Site) -> None:
    for course in (COURSE, OTHER):
        enrol(site, course)
    enrol(site, THIRD, recorded=False)
    assert f'action="/courses/{OTHER}/break-glass"' in ask(site, site.client("nurse", courses=[])).text


def test_who_is_enrolled_and_no_more_has_nothing_to_open(site: Site) -> None:
    enrol(site, COURSE, recorded=False)
    answer = ask(site, site.client("nurse", courses=[]))
    assert (answer.status_code, "nothing is recorded of them yet" in answer.text) == (422, True)


def test_each_look_is_logged_and_the_number_is_nowhere(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    enrol(site, COURSE)
    doctor = site.account("physician", courses=[])
    client = site.client(None)
    token = site.office.access.open_session(doctor.id, now=site.now).token
    client.cookies.set("cartway_session", token, domain="testserver.local", path="/")
    for typed in (NUMBER, "MRN-0078"):
        ask(site, client, typed)
    assert looks(site, doctor) == [("", "", "found 0"), (COURSE, "", "found")]
    found = [line for line in site.office.people.accesses() if line.act == "find"]
    assert [(line.by, line.found) for line in found] == [(doctor.id, 1), (doctor.id, 0)]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("sqlalchemy", "httpx"))]
    everything = f"{site.office.access.entries()}{site.office.people.accesses()}{ours}"
    assert "MRN-007" not in everything


def test_numbers_are_not_tried_one_after_another(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By account: another session of it does not begin anew."""
    monkeypatch.setattr(gate, "SEARCHES", 2)
    doctor = site.account("physician", courses=[])
    statuses = []
    for number in range(6):
        client = site.client(None)
        token = site.office.access.open_session(doctor.id, now=site.now).token
        client.cookies.set("cartway_session", token, domain="testserver.local", path="/")
        statuses.append(ask(site, client, f"MRN-{number}").status_code)
    assert statuses[-1] == 429
    assert set(statuses) == {422, 429}
    assert ask(site, site.client("nurse", courses=[])).status_code == 422


def test_whom_the_glass_is_of_is_told_again_to_who_found_them_and_to_nobody_else(site: Site) -> None:
    enrol(site, COURSE)
    client, path = site.client("nurse", courses=[]), f"/courses/{COURSE}/break-glass"
    mark = ask(site, client).text.partition('name="mark" value="')[2].partition('"')[0]
    assert "C. Q. T." in site.post(client, path, {"reason": "", "mark": mark}).text
    for guessed in ("", "0" * 64, "ä"):
        assert "C. Q. T." not in site.post(client, path, {"reason": "", "mark": guessed}).text
    another = site.client("nurse", courses=[])
    assert "C. Q. T." not in site.post(another, path, {"reason": "", "mark": mark}).text
    assert "C. Q. T." not in client.get(f"/courses/{COURSE}").text
