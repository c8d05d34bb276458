"""What is refused to a part of a page is seen, and does not just seem to do nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from cartway.web.access import Account

from ..conftest import Site, examples
from .conftest import Visit

COURSE = max(examples(), key=lambda name: len(examples()[name]))


def test_a_part_that_is_refused_says_so_in_the_place_of_the_page(visit: Visit, site: Site) -> None:
    site.now = max(fact.at for fact in examples()[COURSE])
    site.course(COURSE)
    nurse = site.account("nurse", [COURSE])
    session = site.office.access.open_session(nurse.id, now=site.now)
    with site.serve() as url:
        guest = visit(url, ("cartway_session", session.token))
        guest.forgive("403|401|live")
        page = guest.open(f"/courses/{COURSE}")
        page.locator("#timeline nav a:not([aria-current])").first.click()
        expect(page.locator("#timeline [aria-current]")).not_to_have_text("All")
        _take_away(site, nurse)
        page.get_by_role("link", name="All", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You do not belong to this course")
        expect(page.locator("main form")).to_be_visible()
        expect(page.locator("main main, main header.bar")).to_have_count(0)
        page.context.close()


def test_who_is_signed_out_meanwhile_comes_to_the_sign_in_page(visit: Visit, site: Site) -> None:
    site.now = max(fact.at for fact in examples()[COURSE])
    site.course(COURSE)
    session = site.office.access.open_session(site.account("nurse").id, now=site.now)
    with site.serve() as url:
        guest = visit(url, ("cartway_session", session.token))
        guest.forgive("403|401|live")
        page = guest.open(f"/courses/{COURSE}")
        site.office.access.close_session(session.token, now=site.now)
        page.locator("#timeline nav a:not([aria-current])").first.click()
        page.wait_for_url("**/sign-in?next=/courses/**")
        page.context.close()


def _take_away(site: Site, account: Account) -> None:
    site.office.access.set_courses(account.id, (), now=site.now, by="test")
