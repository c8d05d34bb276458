"""Alerts under a finger: two taps, live, and nothing that looks answered when it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cartway.record import Fact

from ..alerts.conftest import FEVER
from ..conftest import Site
from ..forms.bedside import drawn
from .conftest import Visit
from .guest import TABLET

BED, OTHER = "bed-7", "bed-8"
PRESSURE: Mapping[str, Any] = {"what": "systolic_pressure", "unit": "mm[Hg]", "source": "monitor"}


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """A served ward on which one patient has fever."""
    drawn(site, *FEVER, course=BED)
    with site.serve() as address:
        yield address


def answers(site: Site, course: str = BED) -> list[Fact]:
    return [fact for fact in site.office.log.facts(course) if fact.what == "alert_acknowledgement"]


def see(page: Page) -> None:
    page.get_by_role("link", name=re.compile(f"See and answer.*Cytokine release, {BED}")).click()
    page.wait_for_url("**/acknowledge?**")


@pytest.mark.parametrize("scripts", [True, False])
def test_two_taps_answer_with_scripts_and_without(visit: Visit, site: Site, url: str, scripts: bool) -> None:
    """The button that was pressed is the answer, whichever way the form is sent."""
    page = visit(url, site.cookie("nurse"), java_script_enabled=scripts, **TABLET).open("/alerts")
    see(page)
    page.get_by_role("button", name="I have seen it, and I take it").tap()
    expect(page.get_by_text("you saw cytokine release and took it over")).to_be_visible()
    page.context.close()
    assert [fact.choice for fact in answers(site)] == ["taken"]


def test_the_list_shows_what_begins_to_ring_and_says_it_once(visit: Visit, site: Site, url: str) -> None:
    page = visit(url, site.cookie("nurse")).open("/alerts")
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", "live")
    waiting = page.locator(f'[data-state="rings"][id^="alert-{OTHER}-cytokine"]')
    expect(waiting).to_have_count(0)
    drawn(site, *FEVER, course=OTHER)
    expect(waiting).to_have_count(1)
    expect(page.locator("#said")).to_contain_text(f"New alert: {OTHER}")
    expect(page).to_have_title(re.compile(r"^\(\d+\) Alerts"))
    page.context.close()


def test_a_form_that_is_open_says_that_the_alert_is_another_now(visit: Visit, site: Site, url: str) -> None:
    """What is pressed then stands for what the page showed; the page after it says what is new."""
    page = visit(url, site.cookie("nurse")).open("/alerts")
    see(page)
    expect(page.locator("#changed")).to_be_hidden()
    site.now += 60_000_000
    site.record([{**PRESSURE, "course": BED, "at": site.now, "value": 78}])
    expect(page.locator("#changed")).to_be_visible()
    page.get_by_role("button", name="I have seen it", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="there is more than you saw")).to_be_visible()
    page.context.close()
    assert [fact.detail["seen"] for fact in answers(site)] == [["crs_grade:1"]]


def test_without_a_network_the_page_says_not_sent_and_sends_once_when_it_is_back(
    visit: Visit, site: Site, url: str
) -> None:
    guest = visit(url, site.cookie("nurse"))
    guest.forgive("ERR_INTERNET_DISCONNECTED")
    page = guest.open("/alerts")
    see(page)
    guest.context.set_offline(True)
    page.get_by_role("button", name="I have seen it", exact=True).click()
    expect(page.locator("#unsent")).to_contain_text("Not sent")
    assert not answers(site)
    guest.context.set_offline(False)
    page.get_by_role("button", name="I have seen it, and I take it").click()
    expect(page.get_by_text("you saw cytokine release and took it over")).to_be_visible()
    page.context.close()
    assert [fact.choice for fact in answers(site)] == ["taken"]
