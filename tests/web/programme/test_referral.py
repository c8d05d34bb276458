"""A referral in opens a course: who it is goes to the people store, the record gets facts and an opaque id."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from cartway.record import Fact
from cartway.times import MINUTE
from cartway.web.programme.referral import course_id
from web.conftest import Site
from web.forms.bedside import Page

TYPED = {
    "person_name": "Nobody Invented",
    "birth_date": "1961-04-30",
    "identifier": "40007",
    "authority": "MRN",
    "sex": "female",
    "diagnosis": "dlbcl",
    "disease_status": "primary_refractory",
    "disease_pace": "fast",
    "from": "Lakeside Oncology",
    "urgency": "urgent",
    "owner": "coordinator",
}


class Desk:
    """A coordinator at the form."""

    def __init__(self, site: Site, courses: tuple[str, ...] = ("*",), role: str = "coordinator") -> None:
        self.site, self.client = site, site.client(role, courses)

    def open(self) -> Page:
        answer = self.client.get("/referrals")
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, fields: list[tuple[str, str]]) -> Any:
        sent = [(name, value) for name, value in fields if name != "_csrf_token"]
        answer = self.client.post(
            "/referrals",
            content=urlencode([*sent, ("_csrf_token", self.site.csrf(self.client))]),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        self.site.settle()
        return answer

    def send(self, **typed: str) -> Any:
        return self.post(self.open().filled(**TYPED | typed))


def course_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].split("/")[2])


def facts(site: Site, course: str) -> dict[str, Fact]:
    return {fact.what: fact for fact in site.office.log.facts(course)}


def test_a_new_course_with_its_facts_and_without_a_name(site: Site) -> None:
    course = course_of(Desk(site).send())
    found = facts(site, course)
    assert set(found) == {"referral", "diagnosis", "disease_status", "disease_pace", "age", "sex"}
    assert found["referral"].detail == {"from": "Lakeside Oncology", "urgency": "urgent", "owner": "coordinator"}
    assert (found["age"].value, found["sex"].choice, found["diagnosis"].choice) == (64, "female", "dlbcl")
    assert len({fact.event for fact in found.values()}) == 1
    assert not any(word in str(found) + course for word in ("Invented", "1961", "40007"))


def test_who_it_is_is_in_the_people_store(site: Site) -> None:
    course = course_of(Desk(site).send())
    known = site.office.people.person(course)
    assert (known.name, known.birth_date, known.sex) == ("Nobody Invented", "1961-04-30", "female")
    assert list(known.identifiers) == [("MRN", "40007")]


def test_it_stands_on_the_board_at_once(site: Site) -> None:
    desk = Desk(site)
    course = course_of(desk.send())
    html = desk.client.get("/programme").text
    assert f"/courses/{course}/pathway" in html
    assert "Nobody Invented" in html
    assert '<tr class="fast">' in html


def test_whoever_opens_a_course_belongs_to_it(site: Site) -> None:
    desk = Desk(site, courses=("another",))
    course = course_of(desk.send())
    assert desk.client.get(f"/courses/{course}/pathway").status_code == 200


def test_what_is_not_known_is_left_out(site: Site) -> None:
    course = course_of(Desk(site).send(sex="", diagnosis="", disease_status="", disease_pace="", urgency="", owner=""))
    assert set(facts(site, course)) == {"referral", "age"}


def test_a_form_sent_twice_opens_one_course(site: Site) -> None:
    desk = Desk(site)
    fields = desk.open().filled(**TYPED)
    first, second = desk.post(fields), desk.post(fields)
    assert course_of(first) == course_of(second) == course_id(dict(fields)["form"])
    assert len(site.office.log.facts(course_of(first))) == 6
    assert site.office.log.courses() == [course_of(first)]


def test_one_that_broke_off_after_the_person_was_entered_goes_on(site: Site) -> None:
    desk = Desk(site)
    fields = desk.open().filled(**TYPED)
    course = course_id(dict(fields)["form"])
    site.office.people.enrol(
        [("MRN", "40007")], name="Nobody Invented", birth_date="1961-04-30", now=site.now, by="test",
        new_id=lambda: course,
    )  # fmt: skip
    answer = desk.post(fields)
    again = desk.post(Page(answer.text).fields) if answer.status_code == 422 else answer
    assert course_of(again) == course
    assert len(facts(site, course)) == 6


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"person_name": ""}, "The name is missing."),
        ({"identifier": ""}, "The identifier is missing."),
        ({"birth_date": ""}, "The birth date is missing, or no day."),
        ({"birth_date": "30.4.1961"}, "The birth date is no day of the past."),
        ({"birth_date": "2031-01-01"}, "The birth date is no day of the past."),
        ({"person_name": "x" * 121}, "The name is too long."),
        ({"from": ""}, "Who referred is missing."),
        ({"diagnosis": "a cold"}, "This is none of the choices."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_kept(site: Site, typed: dict[str, str], told: str) -> None:
    answer = Desk(site).send(**typed)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert told in page.words
    assert page.value("identifier") == (typed | {"identifier": typed.get("identifier", "40007")})["identifier"]
    assert site.office.log.courses() == []
    assert site.office.people.find("MRN", "40007") == []


def test_a_person_who_is_known_gets_a_further_course_when_that_is_meant(site: Site) -> None:
    desk = Desk(site)
    first = course_of(desk.send())
    site.now += MINUTE
    asked = desk.send()
    assert asked.status_code == 422
    assert f"This person has a course, {first} already." in Page(asked.text).words
    second = course_of(desk.post(Page(asked.text).fields))
    assert site.office.people.find("MRN", "40007") == [first, second]


def test_an_identifier_of_somebody_else_opens_nothing(site: Site) -> None:
    desk = Desk(site)
    course_of(desk.send())
    refused = desk.send(birth_date="1962-04-30", person_name="Another Invented")
    assert refused.status_code == 422
    assert "This identifier belongs to somebody with another birth date." in Page(refused.text).words
    assert "1961" not in Page(refused.text).words
    known = site.office.people.find("MRN", "40007")
    assert len(known) == 1
    assert site.office.people.person(known[0]).name == "Nobody Invented"


def test_a_form_of_somebody_else_is_not_taken(site: Site) -> None:
    fields = Desk(site).open().filled(**TYPED)
    assert Desk(site).post(fields).status_code == 422
    assert site.office.log.courses() == []


@pytest.mark.parametrize("role", ["nurse", "data_manager", "apheresis", "patient"])
def test_only_who_coordinates_may_open_a_course(site: Site, role: str) -> None:
    assert site.client(role).get("/referrals").status_code == 403
