"""My team, and who read my record: in words, with nobody left out but oneself."""

from __future__ import annotations

import pytest

from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.web.access import EVERY, Account, Role

from ..conftest import Site
from .test_own import CELLS, fact, words


class Read:
    """One course of a site that a file of tests shares, and the page that says who read it."""

    def __init__(self, site: Site, course: str) -> None:
        self.site, self.course, self.now = site, course, site.now
        site.record([{**CELLS, "course": course}])

    def by(self, role: Role, name: str, courses: tuple[str, ...] = ()) -> Account:
        return self.site.account(role, courses or (self.course,), name=f"{name}-{self.course}")

    def note(self, account: Account, act: str, at: Instant, via: str = "assignment", reason: str = "") -> None:
        access = self.site.office.access
        principal = access.open_session(account.id, now=at).principal
        access.note(principal, act, self.course, via=via, place="course", now=at, reason=reason)

    def page(self, path: str = "readers", role: str = "patient") -> str:
        return words(self.site.client(role, courses=[self.course]).get(f"/my/{self.course}/{path}").text)


@pytest.fixture
def read(place: Site, mine: str) -> Read:
    return Read(place, mine)


def test_who_read_the_record_is_told_by_name_role_time_and_right(read: Read) -> None:
    nurse = read.by(Role.nurse, "mei")
    read.note(nurse, "read_course", read.now - 2 * HOUR)
    read.note(nurse, "chart", read.now - HOUR)
    page = read.page()
    assert "Monday, March 16, 2026" in page
    assert f"mei-{read.course} Nurse Is on your care team. Also wrote something into it" in page
    assert "12:00 PM to 1:00 PM" in page.replace("\xa0", " ")


def test_broken_glass_is_told_with_its_reason(read: Read) -> None:
    doctor = read.by(Role.physician, "jonas", ("other",))
    access = read.site.office.access
    principal = access.open_session(doctor.id, now=read.now).principal
    access.break_glass(principal, read.course, "Fever at night, on call", now=read.now)
    read.note(doctor, "read_course", read.now + MINUTE, via="break_glass")
    assert "Opened it in an emergency, and had to say why: “Fever at night, on call”" in read.page()


def test_who_was_turned_away_is_told(read: Read) -> None:
    read.site.client("nurse", courses=["other"]).get(f"/courses/{read.course}")
    assert "Was not let in" in read.page()


def test_days_and_rights_stand_apart_and_the_newest_first(read: Read) -> None:
    nurse = read.by(Role.nurse, "mei")
    for days in (3, 0, 1):
        read.note(nurse, "read_course", read.now - days * DAY)
    page = read.page()
    assert page.index("March 16") < page.index("March 15") < page.index("March 13")


def test_ones_own_visits_and_pages_that_look_by_themselves_are_left_out(read: Read) -> None:
    read.note(read.by(Role.nurse, "mei"), "read_course", read.now, reason="by the page itself")
    assert "Nobody but you has looked at it so far." in read.page()


def test_a_patient_sees_that_their_caregiver_read_and_no_log_of_anybody_else(read: Read) -> None:
    read.site.client("caregiver", courses=[read.course, "another"]).get(f"/my/{read.course}")
    read.site.client("caregiver", courses=["another"]).get("/my/another")
    assert read.page().count("You let them look after you here") == 1
    assert read.site.client("patient", courses=[read.course]).get("/my/another/readers").status_code == 403


def test_the_team_is_who_belongs_by_name_with_the_numbers_to_call(read: Read) -> None:
    def contact(key: str, course: str, choice: str, **detail: str) -> dict[str, object]:
        return fact("care_contact", read.now, key, course=course, choice=choice, detail=detail)

    read.site.record([
        contact("one", "center", "coordinator", name="Rosario Dovetail", telephone="555-0143", hours="weekdays 8 to 5"),
        contact("two", "center", "pharmacy", telephone="555-0148"),
        contact("own", read.course, "pharmacy", telephone="555-0199"),
    ])  # fmt: skip
    read.by(Role.nurse, "mei")
    read.by(Role.physician, "everywhere", (EVERY,))
    gone = read.by(Role.nurse, "gone")
    read.site.office.access.disable(gone.id, now=read.now, by="test")
    page = read.page("team")
    assert "Your coordinator Rosario Dovetail Call 555-0143 weekdays 8 to 5" in page
    assert "Call 555-0199" in page, "what the course says counts more than what the center says"
    assert "555-0148" not in page
    assert f"mei-{read.course} Nurse" in page
    assert "everywhere" not in page
    assert "gone" not in page


def test_every_page_has_the_number_and_the_way_to_the_others(read: Read) -> None:
    client, my = read.site.client("caregiver", courses=[read.course]), f"/my/{read.course}"
    for path in (my, f"{my}/more", f"{my}/team", f"{my}/readers", f"{my}/feel"):
        page = client.get(path).text
        bar = page.partition('<header class="bar">')[2].partition("</header>")[0]
        assert 'href="tel:+15550100142"' in bar, path
        for way in (my, f"{my}/today", "/urgent", f"{my}/plan", f"{my}/more"):
            assert f'<a href="{way}"' in page, (path, way)
