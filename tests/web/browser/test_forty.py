"""Forty courses on a ward monitor, 1920 by 1080: all of them at once, and all that is in them can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest

from cartway.web.access import Role
from cartway.web.demo.arrivals import OPENS, Supply
from cartway.web.demo.living import courses_of
from cartway.web.demo.replay import known_from

from ..conftest import Site
from . import axe
from .conftest import Visit, nothing

NOW = OPENS
SUPPLY = Supply(seed=1, courses=40)
MONITOR = {"width": 1920, "height": 1080}
SHOWN = 40

OUT_OF_SIGHT = """() => [...document.querySelectorAll('tr[data-course]')].filter((row) => {
  const { bottom, right } = row.getBoundingClientRect();
  return bottom > innerHeight || right > innerWidth;
}).map((row) => row.id)"""
SIZES = """() => [...new Set([...document.querySelectorAll('.ward :is(td, th) *')]
  .filter((each) => each.textContent.trim() && each.getClientRects().length && !each.closest('.visually-hidden'))
  .map((each) => parseFloat(getComputedStyle(each).fontSize)))]"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    site = Site(tmp_path_factory.mktemp("forty"))
    site.now = NOW
    courses = list(courses_of([SUPPLY.patient(number) for number in range(SHOWN)], NOW))
    known = (fact for course in courses for fact in course.facts if known_from(fact) <= NOW)
    for at, batch in groupby(sorted(known, key=known_from), known_from):
        assert not site.office.log.append(list(batch), recorded_at=at, recorded_by="demo").problems
    for course in courses:
        who = course.patient
        site.office.people.enrol(
            [("demo", who.identifier)], name=who.name, birth_date=who.birth_date, now=NOW, by="demo",
            new_id=lambda course=course: course.arrival.course,  # type: ignore[misc]
        )  # fmt: skip
    with site.serve() as url:
        yield site, url


def test_all_are_on_the_screen_at_once(many: tuple[Site, str], visit: Visit) -> None:
    site, url = many
    page = visit(url, site.cookie(Role.nurse), viewport=MONITOR).context.new_page()
    page.goto("/board")
    assert page.locator("tr[data-course]").count() == SHOWN
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
        1080,
        1920,
    ]


def test_nothing_is_smaller_than_it_can_be_read(many: tuple[Site, str], visit: Visit) -> None:
    """From a chair in front of it: 12 pixels; a name, a grade and a value are larger."""
    site, url = many
    page = visit(url, site.cookie(Role.nurse), viewport=MONITOR).context.new_page()
    page.goto("/board")
    assert min(page.evaluate(SIZES)) >= 11
    for what in (".who a", ".grade", ".temp"):
        assert page.locator(what).first.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") >= 14


def test_axe_finds_nothing(many: tuple[Site, str], visit: Visit) -> None:
    """Also not that a row is too low for a finger."""
    site, url = many
    page = visit(url, site.cookie(Role.nurse), viewport=MONITOR, reduced_motion="reduce").context.new_page()
    page.goto("/board")
    nothing(axe.violations(page))


def test_what_is_cut_off_is_one_press_away(many: tuple[Site, str], visit: Visit) -> None:
    site, url = many
    page = visit(url, site.cookie(Role.nurse), viewport=MONITOR).context.new_page()
    page.goto("/board")
    row = page.locator("tr[data-course]").nth(1)
    row.locator("summary").click()
    assert row.locator("details p").first.is_visible()
    assert row.locator(".why").evaluate("each => each.scrollWidth <= each.clientWidth + 1")
