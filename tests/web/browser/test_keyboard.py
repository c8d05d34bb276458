"""A shift by keyboard alone: sign in, open the first course, chart vital signs, read what came of it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from cartway.web.access import Role

from ..conftest import PASSWORD
from .conftest import Visit
from .still import Still, still_ward

TABS = 80  # to reach anything on a page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called `name`, and perhaps more; every stop on the way must be visible."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        said, seen = page.evaluate(
            """() => { const at = document.activeElement, box = at.getBoundingClientRect();
              const style = getComputedStyle(at);
              const outlined = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
              if (at === document.body) return ['', true];
              const words = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || at.innerText || '';
              return [words.trim(), outlined && box.width > 0 && box.bottom > 0 && box.top < innerHeight]; }"""
        )
        assert seen, f"nobody sees that {said[:60]!r} has the focus"
        if f"{said} ".startswith(f"{name} "):
            return
    raise AssertionError(f"{TABS} tabs do not reach {name!r}")


def test_a_shift_without_a_pointer(tmp_path: Path, visit: Visit) -> None:
    with still_ward(tmp_path) as still:
        still.site.account("nurse", name="nora")
        page = visit(still.url).open("/")
        expect(page).to_have_title("Sign in - Cartway")
        page.keyboard.type("nora")  # the focus is there from the start
        tab_to(page, "Password")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{still.url}/board")

        first = page.locator("[data-course] a[href^='/courses/']").first
        course, name = str(first.get_attribute("href")), first.inner_text()
        tab_to(page, name)
        page.keyboard.press("Enter")
        expect(page).to_have_url(still.url + course)

        tab_to(page, "Vital signs")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{still.url}{course}/chart-vitals")
        tab_to(page, "Temperature")
        page.keyboard.type("38.9")
        tab_to(page, "Record")
        page.keyboard.press("Enter")
        expect(page.locator("[role=status], [role=alert]")).to_contain_text("38.9")
        assert still.site.facts(course.removeprefix("/courses/"))[-1].value == 38.9


def test_the_first_tab_skips_to_the_content(still: Still, visit: Visit) -> None:
    page = visit(still.url, still.cookie(Role.nurse)).open("/board")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
