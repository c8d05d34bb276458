"""My team, and who read my record: in words, with nobody left out but oneself."""

from __future__ import annotations

import pytest

from cartway.times import DAY, HOUR, Instant
from cartway.web.access import EVERY, Account, Role
from cartway.web.guard.gate import COOKIE
from cartway.web.patient import pages

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


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Emergency: her husband is suspected, bed 4 too", "had to say why: “Emergency”"),
        ("I am on call for this patient", "had to say why: “I am on call for this patient”"),
        ("Mrs. Lopez of bed 4 asked for it", "had to say why 2:00 PM"),
    ],
)
@pytest.mark.parametrize("role", ["patient", "caregiver"])
def test_broken_glass_is_told_with_the_reason_that_was_chosen_and_not_its_words(
    read: Read, reason: str, told: str, role: str
) -> None:
    """In words somebody may speak of another patient, or of the caregiver who reads this."""
    doctor = read.by(Role.physician, "jonas", ("other",))
    access = read.site.office.access
    principal = access.open_session(doctor.id, now=read.now).principal
    access.break_glass(principal, read.course, reason, now=read.now)
    page = read.page(role=role).replace("\xa0", " ")
    assert told in page
    for word in ("husband", "Lopez", "bed 4"):
        assert word not in page


def test_who_was_turned_away_is_told(read: Read) -> None:
    read.site.client("nurse", courses=["other"]).get(f"/courses/{read.course}")
    assert "Nurse Was not let in" in read.page()


def test_another_patient_who_was_turned_away_is_not_named(read: Read) -> None:
    """Who else is treated here is nobody's to read."""
    other = read.by(Role.patient, "lopez", ("other",))
    read.note(other, "read_own", read.now, via="refused")
    page = read.page()
    assert "Somebody who is not of your team Was not let in" in page
    assert "lopez" not in page


def test_a_phone_that_asks_all_night_does_not_push_others_out_of_the_list(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_LINES", 3)
    me, nurse = read.by(Role.patient, "me"), read.by(Role.nurse, "mei")
    read.note(nurse, "read_course", read.now - HOUR)
    access = read.site.office.access
    principal = access.open_session(me.id, now=read.now).principal
    for second in range(8):
        reason = "by the page itself" if second % 2 else ""
        access.note(principal, "read_own", read.course, via="own", place="my", now=read.now + second, reason=reason)
    client = read.site.client(None)
    client.cookies.set(COOKIE, access.open_session(me.id, now=read.now).token, domain="testserver.local", path="/")
    assert f"mei-{read.course} Nurse" in words(client.get(f"/my/{read.course}/readers").text)


def test_where_not_all_is_shown_nobody_is_told_that_nobody_looked(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_LINES", 0)
    read.note(read.by(Role.nurse, "mei"), "read_course", read.now)
    page = read.page()
    assert "Nobody but you" not in page
    assert "Older visits are not shown here." in page


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
