"""A bed in the test's ward, and a browser to look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from web.browser import chromium
from web.browser.guest import Guest
from web.conftest import Site
from web.course.bed import COURSE, Bed

Look = Callable[..., Page]


@pytest.fixture
def bed(site: Site) -> Bed:
    return Bed(site)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.running() as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Site) -> Iterator[Look]:
    """``look(path="", **options)``: a nurse's page of the course, on a server whose clock is the site's."""
    guests: list[Guest] = []
    with site.serve() as url:

        def arrive(
            path: str = f"/courses/{COURSE}", before: Callable[[Page], None] | None = None, **options: object
        ) -> Page:
            guests.append(Guest(browser, url, site.cookie("nurse"), **options))
            page = guests[-1].context.new_page()
            if before is not None:
                before(page)
            page.goto(path)
            return page

        yield arrive
        for guest in guests:
            guest.close()
