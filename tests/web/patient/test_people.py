"""My team, and who read my record: in words, with nobody left out but oneself."""

from __future__ import annotations

from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.web.access import EVERY, Account, Role

from ..conftest import Site
from .test_own import CELLS, fact, words


def note(site: Site, account: Account, act: str, at: Instant, via: str = "assignment", reason: str = "") -> None:
    principal = site.office.access.open_session(account.id, now=at).principal
    site.office.access.note(principal, act, "c-1", via=via, place="course", now=at, reason=reason)


def read_by(site: Site, role: str = "patient") -> str:
    return words(site.client(role, courses=["c-1"]).get("/my/c-1/readers").text)


def test_who_read_the_record_is_told_by_name_role_time_and_right(site: Site) -> None:
    nurse = site.account(Role.nurse, ["c-1"], name="mei")
    note(site, nurse, "read_course", site.now - 2 * HOUR)
    note(site, nurse, "chart", site.now - HOUR)
    page = read_by(site)
    assert "Monday, March 16, 2026" in page
    assert "mei Nurse Is on your care team. Also wrote something into it" in page
    assert "12:00 PM to 1:00 PM" in page.replace("\xa0", " ")


def test_broken_glass_is_told_with_its_reason(site: Site) -> None:
    doctor = site.account(Role.physician, ["other"], name="jonas")
    principal = site.office.access.open_session(doctor.id, now=site.now).principal
    site.office.access.break_glass(principal, "c-1", "Fever at night, on call", now=site.now)
    note(site, doctor, "read_course", site.now + MINUTE, via="break_glass")
    page = read_by(site)
    assert "Opened it in an emergency, and had to say why: “Fever at night, on call”" in page


def test_who_was_turned_away_is_told(site: Site) -> None:
    site.client("nurse", courses=["other"]).get("/courses/c-1")
    assert "Was not let in" in read_by(site)


def test_days_and_rights_stand_apart_and_the_newest_first(site: Site) -> None:
    nurse = site.account(Role.nurse, ["c-1"], name="mei")
    for days in (3, 0, 1):
        note(site, nurse, "read_course", site.now - days * DAY)
    page = read_by(site)
    assert page.index("March 16") < page.index("March 15") < page.index("March 13")


def test_ones_own_visits_and_pages_that_look_by_themselves_are_left_out(site: Site) -> None:
    nurse = site.account(Role.nurse, ["c-1"], name="mei")
    note(site, nurse, "read_course", site.now, reason="by the page itself")
    assert "Nobody but you has looked at it so far." in read_by(site)


def test_a_patient_sees_that_their_caregiver_read_and_no_log_of_anybody_else(site: Site) -> None:
    site.client("caregiver", courses=["c-1", "c-2"]).get("/my/c-1")
    site.client("caregiver", courses=["c-2"]).get("/my/c-2")
    page = read_by(site)
    assert page.count("You let them look after you here") == 1
    assert site.client("patient", courses=["c-1"]).get("/my/c-2/readers").status_code == 403


def test_the_team_is_who_belongs_by_name_with_the_numbers_to_call(site: Site) -> None:
    site.record([
        CELLS,
        fact("care_contact", site.now, "one", course="center", choice="coordinator",
             detail={"name": "Rosario Dovetail", "telephone": "555-0143", "hours": "weekdays 8 to 5"}),
        fact("care_contact", site.now, "two", course="center", choice="pharmacy", detail={"telephone": "555-0148"}),
        fact("care_contact", site.now, "own", choice="pharmacy", detail={"telephone": "555-0199"}),
    ])  # fmt: skip
    site.account(Role.nurse, ["c-1"], name="mei")
    site.account(Role.physician, [EVERY], name="everywhere")
    gone = site.account(Role.nurse, ["c-1"], name="gone")
    site.office.access.disable(gone.id, now=site.now, by="test")
    answer = site.client("patient", courses=["c-1"]).get("/my/c-1/team")
    page = words(answer.text)
    assert "Your coordinator Rosario Dovetail Call 555-0143 weekdays 8 to 5" in page
    assert 'href="tel:5550199"' in answer.text, "what the course says counts more than what the center says"
    assert "555-0148" not in page
    assert "mei Nurse" in page
    assert "everywhere" not in page
    assert "gone" not in page


def test_every_page_has_the_number_and_the_way_to_the_others(site: Site) -> None:
    site.record([CELLS])
    client = site.client("caregiver", courses=["c-1"])
    for path in ("/my/c-1", "/my/c-1/more", "/my/c-1/team", "/my/c-1/readers", "/my/c-1/feel"):
        page = client.get(path).text
        bar = page.partition('<header class="bar">')[2].partition("</header>")[0]
        assert 'href="tel:+15550100142"' in bar, path
        for way in ("/my/c-1", "/my/c-1/today", "/urgent", "/my/c-1/plan", "/my/c-1/more"):
            assert f'<a href="{way}"' in page, (path, way)
