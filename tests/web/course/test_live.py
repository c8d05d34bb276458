"""The open page keeps up with the record: with its own course only, and never with something older."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import msgspec
import pytest
from playwright.sync_api import Page, Route, expect

from cartway.record import Fact
from cartway.times import DAY
from cartway.web.access import Limits
from cartway.web.course.timeline import PAGE
from toxicity.drawn import age, drip, ice, infused, instant, oxygen, pressure, temperature
from web.conftest import Site
from web.course.bed import COURSE, Bed
from web.course.conftest import Look
from web.course.tree import tree

ODD = "course-1#2?x=1"  # its address, not escaped, is that of COURSE
ADDRESS = "/courses/course-1%232%3Fx%3D1"


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """On this clock hours pass between two looks: nobody is signed out meanwhile."""
    return make_site(limits=Limits(idle=3 * DAY, session=3 * DAY))


def ready(page: Page) -> None:
    """Wait until the page is live."""
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", "live")


def of(course: str, facts: list[Fact]) -> list[Fact]:
    return [msgspec.structs.replace(fact, course=course) for fact in facts]


def test_a_course_of_an_odd_name_stays_itself(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(36.1))
    bed.record(of(ODD, infused()), 1)
    page = look(ADDRESS)
    ready(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    bed.record(of(ODD, [Fact(COURSE, instant(1), "body_temperature", 39.4, "Cel")]), 1)
    expect(page.locator("#why")).to_contain_text("39.4")
    expect(page.locator("h1")).to_have_text(ODD)
    expect(page.locator("#entries")).not_to_contain_text("36.1")
    fetched = [unquote(url.partition("/courses/")[2]) for url in asked if "/courses/" in url]
    assert fetched
    assert all(path.startswith(ODD) for path in fetched)


def test_every_link_of_a_course_of_an_odd_name_leads_to_it(bed: Bed, site: Site) -> None:
    bed.record(of(ODD, infused() + age(58) + [Fact(COURSE, instant(0), "body_temperature", 39.4, "Cel")]), 0)
    with site.client("physician") as client:
        page = tree(client.get(ADDRESS).text)
    addresses = [
        node.attributes.get(name, "") for node in page.all() for name in ("href", "action", "data-url", "hx-get")
    ]
    led = [address for address in addresses if address.startswith("/courses/")]
    assert len(led) > 10
    for address in led:
        assert address.startswith(ADDRESS)


def test_another_course_is_never_taken_in(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    bed.record(of("course-2", infused()), 0)
    page = look()
    ready(page)
    stray = page.request.get("/courses/course-2").text()
    answered: list[str] = []

    def answer(route: Route) -> None:
        answered.append(route.request.url)
        if len(answered) == 1:
            route.fulfill(body=stray, content_type="text/html")
        else:
            route.fallback()

    page.route(re.compile(rf"/courses/{COURSE}$"), answer)
    bed.chart(1, temperature(39.4))
    expect(page.locator("#why")).to_contain_text("39.4")
    assert len(answered) > 1
    assert page.locator("h1").text_content() == COURSE


def test_a_page_older_than_the_news_is_asked_for_again(bed: Bed, site: Site, look: Look) -> None:
    """Another worker may lag behind the one that told."""
    bed.record(infused(), 0)
    bed.chart(1, temperature(37.1), oxygen("room_air"), pressure(120), ice(10))
    page = look()
    ready(page)
    lagging = page.request.get(f"/courses/{COURSE}").text()
    answers = [lagging, lagging]

    def answer(route: Route) -> None:
        if answers:
            route.fulfill(body=answers.pop(), content_type="text/html")
        else:
            route.fallback()

    page.route(re.compile(rf"/courses/{COURSE}$"), answer)
    bed.chart(2, temperature(39.4))
    expect(page.locator("#why")).to_contain_text("39.4")
    assert not answers


def test_a_page_older_than_what_is_shown_is_not_taken_in(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37.1), oxygen("room_air"), pressure(120), ice(10))
    page = look()
    ready(page)
    lagging = page.request.get(f"/courses/{COURSE}").text()
    bed.chart(2, temperature(39.4))
    expect(page.locator("#why")).to_contain_text("39.4")
    answers = [lagging, lagging]
    page.route(re.compile(rf"/courses/{COURSE}$"), lambda route: (
        route.fulfill(body=answers.pop(), content_type="text/html") if answers else route.fallback()
    ))  # fmt: skip
    shown: list[str] = []

    def note(text: str) -> None:
        shown.append(text)

    page.expose_function("shown", note)
    page.evaluate("""new MutationObserver(() => shown(document.getElementById("why").textContent))
        .observe(document.getElementById("course"), {childList: true, subtree: true})""")
    bed.chart(3, drip("norepinephrine", 0.1))
    expect(page.locator("#why")).to_contain_text("norepinephrine")
    assert not answers
    assert shown
    assert all("39.4" in text for text in shown)


def test_time_alone_changes_the_page_too(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), oxygen("room_air"), pressure(120))
    page = look()
    ready(page)
    expect(page.locator("#head [aria-label=CRS]")).to_contain_text("1")
    site.now = instant(1 + 30)
    expect(page.locator("#head [aria-label=CRS]")).to_contain_text("not assessable")


def test_a_chart_that_does_not_come_says_so_and_can_be_asked_for_again(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6))
    broken = [True]

    def answer(route: Route) -> None:
        if broken:
            route.fulfill(status=500)
        else:
            route.fallback()

    page = look(before=lambda page: page.route(re.compile("/chart$"), answer))
    trouble = page.locator("#chart-trouble")
    expect(trouble).to_contain_text("The chart could not be loaded. The table has all readings.")
    ready(page)
    broken.clear()
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_be_hidden()
    expect(page.locator("#picture canvas").first).to_be_visible()


def test_a_chart_older_than_its_page_is_asked_for_again(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37.0))
    page = look()
    ready(page)
    expect(page.locator("#picture")).to_have_attribute("aria-label", re.compile("last 37"))
    lagging = [page.request.get(f"/courses/{COURSE}/chart").text()]
    page.route(re.compile("/chart$"), lambda route: (
        route.fulfill(body=lagging.pop(), content_type="application/json") if lagging else route.fallback()
    ))  # fmt: skip
    bed.chart(2, temperature(39.4))
    expect(page.locator("#picture")).to_have_attribute("aria-label", re.compile("last 39.4"))
    assert not lagging


def test_more_that_is_new_than_a_page_holds_leaves_no_gap(bed: Bed, site: Site, look: Look) -> None:
    bed.record(infused(), 0)
    first = bed.chart(1, temperature(37.0))
    page = look()
    ready(page)
    facts = [
        Fact(COURSE, instant(2) + n, "heart_rate", 80, "/min", source="monitor", key=f"m{n}") for n in range(PAGE + 5)
    ]
    bed.record(facts, 3)
    expect(page.locator(f"#fact-{first + len(facts)}")).to_be_visible()
    expect(page.locator("#entries .entry")).to_have_count(PAGE)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(f"#fact-{first}")).to_be_visible()
    expect(page.locator("#entries .entry")).to_have_count(len(facts) + 2)
