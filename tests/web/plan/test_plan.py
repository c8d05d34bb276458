"""The pages of the plan: propose, look at differences, accept; lose a place, and plan again with the least change."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from cartway.intake import read_facts
from cartway.pathway.slots import Plan, Progress, Request, make_plan
from cartway.record import Fact
from cartway.times import parse
from cartway.web.demo.examples import programme_files
from cartway.web.plan.jobs import Jobs
from web.conftest import Site
from web.forms.bedside import Page

NOW = parse("2026-03-15T08:00Z")
PATIENCE_S = 60.0


@cache
def stories() -> tuple[Fact, ...]:
    """The invented courses on the road, and the invented center with its calendars."""
    return tuple(read_facts(programme_files()).facts)


@pytest.fixture
def road(site: Site) -> Site:
    """A site that knows the road's courses as of a day in March."""
    site.now = NOW
    site.record([fact for fact in stories() if fact.at <= NOW or fact.what in ("appointment", "closure")])
    return site


def wait(site: Site, client: Any, address: str) -> str:
    """The page of a proposal once it is worked out."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        page = client.get(address).text
        if "being worked out" not in page:
            return str(page)
        time.sleep(0.1)
    raise AssertionError("the plan was not worked out in time")


def proposed(site: Site, client: Any, **fields: str) -> tuple[str, str]:
    """Propose a plan and wait for it: its address, its page."""
    sent = site.post(client, "/plan/propose", {"weeks": "12", "keep": "yes", **fields})
    assert sent.status_code == 303, sent.text
    address = sent.headers["location"]
    return address, wait(site, client, address)


def accept(site: Site, client: Any, page: str) -> Any:
    """Press accept on a proposal's page."""
    fields = next(form for form in Page(page).forms if any(name == "question" for name, _ in form))
    return site.post(client, "/plan/accept", dict(fields))


def test_the_first_page_says_who_waits_and_what_cannot_be_planned(road: Site) -> None:
    page = road.client("coordinator").get("/plan").text
    assert "wait without days" in page
    assert "Nobody has decided on CAR T-cell therapy yet." in page


def test_a_proposal_tells_days_places_reasons_and_its_proof(road: Site) -> None:
    _, page = proposed(road, road.client("coordinator"))
    assert "Chair-1" in page and "proven the best" in page
    assert "not confirmed" in page
    assert page.count("<svg") == 1 and page.count('<table class="data plan"') == 1


def test_accepting_records_appointments_with_the_plans_id(road: Site) -> None:
    client = road.client("coordinator")
    _, page = proposed(road, client)
    sent = accept(road, client, page)
    assert sent.status_code == 303, sent.text
    plan = sent.headers["location"].partition("accepted=")[2]
    facts = [fact for course in road.office.log.courses() for fact in road.facts(course)]
    booked = [fact for fact in facts if fact.what == "appointment" and fact.detail.get("plan") == plan]
    assert {"lymphodepletion", "infusion", "bed"} <= {fact.choice for fact in booked}
    assert {fact.detail["state"] for fact in booked} == {"planned"}
    assert "The plan was accepted" in client.get(sent.headers["location"]).text


def test_the_same_form_twice_records_nothing_twice(road: Site) -> None:
    client = road.client("coordinator")
    _, page = proposed(road, client)
    accept(road, client, page)
    road.settle()
    before = road.office.log.position()
    assert accept(road, client, page).status_code == 303
    assert road.office.log.position() == before


def test_a_proposal_of_a_record_that_has_changed_is_not_accepted(road: Site) -> None:
    client = road.client("coordinator")
    _, page = proposed(road, client)
    closed = road.record([{"course": "p04", "at": "2026-03-15T08:00Z", "what": "course_closed", "choice": "withdrawn"}])
    sent = accept(road, client, page)
    assert sent.status_code == 409 and "The record has changed" in sent.text
    assert road.office.log.position() == closed


def test_a_lost_place_shows_whose_days_no_longer_hold_and_the_least_change(road: Site) -> None:
    client = road.client("coordinator")
    accept(road, client, proposed(road, client)[1])
    road.settle()
    collection = next(fact for fact in road.facts("p03") if fact.what == "appointment" and fact.choice == "manufacture")
    day = collection.detail
    lost = [
        {
            "course": "center", "at": collection.at, "until": collection.until, "what": "closure",
            "about": day["resource"], "detail": {"places": 1, "text": "taken back by the holder"},
        }
    ]  # fmt: skip
    road.record(lost)
    assert "Days that no longer hold" in client.get("/plan").text
    _, page = proposed(road, client)
    assert "taken back" in page or "There is no manufacturing slot" in page
    changed = re.search(r'What it changes <span class="count">(\d+)', page)
    assert changed is not None and int(changed[1]) == 1, "only the course that lost its slot moves"
    accept(road, client, page)
    road.settle()
    assert "Days that no longer hold" not in client.get("/plan").text


def test_the_lost_place_form_and_the_closure_form_record_closures(road: Site) -> None:
    client = road.client("coordinator")
    for path, fields in (
        ("/plan/lost", {"resource": "Chair-2", "first": "2026-03-24", "why": "broken"}),
        ("/plan/closure", {"first": "2026-04-06", "last": "2026-04-07"}),
    ):
        page = Page(client.get(path).text)
        sent = road.post(client, path, {**dict(page.fields), **fields})
        assert sent.status_code == 303, sent.text
    road.settle()
    page = client.get("/plan/calendar").text
    assert "broken" in page and "1 place" in page and "The whole center" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"resource": "Chair-9", "first": "2026-03-24"}, "no such resource"),
        ({"resource": "Chair-1", "first": "soon"}, "cannot be read"),
        ({"resource": "Chair-1", "first": "2026-03-24", "last": "2026-03-20"}, "before the first"),
        ({"first": "2026-03-24"}, "What is lost is missing"),
    ],
)
def test_a_lost_place_that_cannot_be_is_refused(road: Site, fields: dict[str, str], told: str) -> None:
    client = road.client("coordinator")
    page = Page(client.get("/plan/lost").text)
    sent = road.post(client, "/plan/lost", {**dict(page.fields), **fields})
    assert sent.status_code == 422 and told in sent.text


def test_a_resource_is_entered_and_a_slot_without_product_refused(road: Site) -> None:
    client = road.client("coordinator")
    page = dict(Page(client.get("/plan/resource").text).fields)
    refused = road.post(client, "/plan/resource", {**page, "choice": "manufacturing_slot", "about": "New"})
    assert refused.status_code == 422 and "is for a product" in refused.text
    page = dict(Page(client.get("/plan/resource").text).fields)
    sent = road.post(client, "/plan/resource", {**page, "choice": "bed", "about": "Bed-9"})
    assert sent.status_code == 303, sent.text
    road.settle()
    assert "Bed-9" in client.get("/plan/calendar").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"start": "2026-03-01"}, "is over"),
        ({"start": "soon"}, "cannot be read"),
        ({"weeks": "99"}, "1 to 26 weeks"),
    ],
)
def test_what_cannot_be_asked_is_told(road: Site, fields: dict[str, str], told: str) -> None:
    sent = road.post(road.client("coordinator"), "/plan/propose", {"weeks": "12", "keep": "yes", **fields})
    assert sent.status_code == 409 and told in sent.text


def test_who_does_not_coordinate_looks_and_proposes_nothing(road: Site) -> None:
    nurse = road.client("nurse")
    assert "Propose a plan" not in nurse.get("/plan").text
    assert road.post(nurse, "/plan/propose", {"weeks": "12"}).status_code == 403


def test_who_belongs_to_one_course_sees_that_one_only(road: Site) -> None:
    client = road.client("coordinator")
    accept(road, client, proposed(road, client)[1])
    road.settle()
    page = road.client("physician", courses=("p03",)).get("/plan").text
    assert "/courses/p03/pathway" in page and "/courses/p04/pathway" not in page
    assert "courses of other teams are planned too" in page


def test_the_picture_by_chair_slot_and_bed(road: Site) -> None:
    client = road.client("coordinator")
    address, _ = proposed(road, client)
    page = client.get(address + "&by=resource").text
    assert "Bed-1" in page and ">chair<" in page


class Slow:
    """A planner that waits until it is let go, and says how many run at the same time."""

    def __init__(self) -> None:
        self.running, self.most, self.go = 0, 0, False

    def __call__(self, question: Request, watch: Callable[[Progress], None]) -> Plan:
        self.running += 1
        self.most = max(self.most, self.running)
        watch(Progress("weighted waiting", 2.0, 1.0))
        while not self.go:
            time.sleep(0.005)
        self.running -= 1
        return make_plan(question)


@pytest.fixture
def questions(road: Site) -> Iterator[list[Request]]:
    """Two questions of the same center."""
    from cartway.web.plan.asking import Ask, asked_now, today_of

    today = today_of(road.office)
    yield [asked_now(road.office, Ask(today, weeks)) for weeks in (10, 12)]


def test_two_proposals_at_once_are_worked_out_one_after_the_other(questions: list[Request]) -> None:
    slow = Slow()
    line = Jobs(slow)
    first, second = line.start("a", questions[0]), line.start("b", questions[1])
    assert line.start("a", questions[0]) is first, "the same question is the same job"
    until = time.monotonic() + 5
    while getattr(first, "progress", None) is None and time.monotonic() < until:
        time.sleep(0.005)
    assert getattr(second, "began", True) is False, "the second waits in line"
    slow.go = True
    until = time.monotonic() + PATIENCE_S
    while not (getattr(first, "done", False) and getattr(second, "done", False)) and time.monotonic() < until:
        time.sleep(0.01)
    assert slow.most == 1
    assert getattr(first, "plan", None) is not None and getattr(second, "plan", None) is not None


def test_a_plan_that_fails_is_told_and_may_be_asked_again(questions: list[Request]) -> None:
    def fails(question: Request, watch: Callable[[Progress], None]) -> Plan:
        raise RuntimeError("p04 and other names")

    line = Jobs(fails)
    job = line.start("a", questions[0])
    until = time.monotonic() + 5
    while not getattr(job, "done", False) and time.monotonic() < until:
        time.sleep(0.005)
    problem = getattr(job, "problem", None)
    assert problem is not None and problem.code == "plan_failed"
    assert "p04" not in str(problem), "an error's words may hold anything"
    assert line.start("a", questions[0]) is not job


def test_more_than_a_few_in_line_are_sent_away(questions: list[Request]) -> None:
    slow = Slow()
    line = Jobs(slow)
    made = [line.start(str(number), questions[0]) for number in range(8)]
    slow.go = True
    assert [getattr(each, "code", "") for each in made].count("too_many_plans") == 3


def test_who_does_not_belong_to_all_accepts_nothing(road: Site) -> None:
    """A plan takes days away too, from courses that are not in it. A post made by hand is refused."""
    page = Page(proposed(road, road.client("coordinator"))[1])
    of_one = road.client("coordinator", ["p01"])
    me = road.office.access.accounts()[-1]
    assert me.courses == frozenset({"p01"})
    fields = dict(next(form for form in page.forms if any(name == "question" for name, _ in form)))
    before = road.office.log.position()
    sent = road.post(of_one, "/plan/accept", {**fields, "by": me.id, "form": "made-by-hand-0001"})
    assert sent.status_code != 303
    assert "courses of other teams" in sent.text
    assert road.office.log.position() == before
