"""The forms under a finger on a tablet: what is tapped, how often, and that the scripts only help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cartway.web.forms.ice import ASKED
from cartway.web.guard.cookies import COOKIE
from web.browser import chromium
from web.browser.guest import TABLET, Guest
from web.browser.screens import sideways, smaller_targets
from web.conftest import Site
from web.forms.bedside import drawn

COURSE = "bed-9"
FORMS = ["chart-vitals", "chart-ice", "chart-capd", "chart-oxygen", "give-drug", "attribute"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.running() as running:
        yield running


@pytest.fixture(scope="module")
def served(wards: Site) -> Iterator[str]:
    """The ward on a real server, with a patient in bed 9 who has a drug running and a cannula."""
    drawn(
        wards,
        {"what": "oxygen_device", "choice": "nasal_cannula"},
        {"what": "body_temperature", "value": 38.4, "unit": "Cel"},
        {"what": "drug", "choice": "norepinephrine", "value": 0.1, "unit": "ug/kg/min"},
        course=COURSE,
    )
    with wards.serve() as url:
        yield url


@pytest.fixture
def tablet(browser: Browser, served: str, wards: Site) -> Iterator[Guest]:
    guest = Guest(browser, served, wards.cookie("physician"), **TABLET)
    yield guest
    guest.close()
    assert guest.found() == []


class Finger:
    """Taps on a page, counted; a key of the keypad is a tap too."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.keys = page, 0, 0

    def tap(self, selector: str) -> None:
        self.page.tap(selector)
        self.taps += 1

    def key(self, keys: str) -> None:
        for each in keys:
            self.page.keyboard.insert_text(each)
            self.keys += 1

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))


def last(site: Site, *whats: str) -> dict[str, Any]:
    return {f.what: f.choice or f.value for f in site.office.log.facts(COURSE) if f.what in whats}


def test_a_full_set_of_vital_signs_is_3_taps_and_its_digits(tablet: Guest, wards: Site) -> None:
    """Into the first field, the device, the button: a complete number hands on by itself, the point types itself."""
    page = tablet.open(f"/courses/{COURSE}/chart-vitals")
    finger = Finger(page)
    finger.tap("#body_temperature")
    for field, digits in [
        ("body_temperature", "389"), ("systolic_pressure", "118"), ("diastolic_pressure", "64"),
        ("heart_rate", "104"), ("respiratory_rate", "18"), ("oxygen_saturation", "96"),
    ]:  # fmt: skip
        assert finger.focused() == field
        finger.key(digits)
    finger.tap("label:has([value=room_air])")
    finger.tap(".send .primary")
    page.wait_for_url("**/courses/bed-9?entered=*")
    assert (finger.taps, finger.keys) == (3, 15)
    assert last(wards, "body_temperature", "systolic_pressure", "heart_rate", "oxygen_device") == {
        "body_temperature": 38.9, "systolic_pressure": 118.0, "heart_rate": 104.0, "oxygen_device": "room_air",
    }  # fmt: skip


def test_a_number_that_could_go_on_waits(tablet: Guest) -> None:
    page = tablet.open(f"/courses/{COURSE}/chart-vitals")
    finger = Finger(page)
    finger.tap("#systolic_pressure")
    finger.key("11")
    assert finger.focused() == "systolic_pressure"
    page.keyboard.press("Enter")
    assert finger.focused() == "diastolic_pressure"


def test_an_ice_of_10_is_7_taps(tablet: Guest, wards: Site) -> None:
    page = tablet.open(f"/courses/{COURSE}/chart-ice")
    finger = Finger(page)
    finger.tap("text=All 4 right")
    finger.tap("text=All 3 right")
    for point in ("command", "writing", "counting"):
        finger.tap(f"label:has([name={point}][value=yes])")
    expect(page.locator("#total")).to_have_text("10 points; 10 of 10 asked")
    finger.tap("label:has([value=awake])")
    finger.tap(".send .primary")
    page.wait_for_url("**/courses/bed-9?entered=*")
    assert finger.taps == 7
    assert last(wards, "ice_orientation", "ice_naming") == {"ice_orientation": 4.0, "ice_naming": 3.0}


def test_each_question_can_be_answered_by_itself(tablet: Guest) -> None:
    page = tablet.open(f"/courses/{COURSE}/chart-ice")
    for point in ASKED:
        page.tap(f"label:has([name={point}][value={'no' if point == 'city' else 'yes'}])")
    expect(page.locator("#total")).to_have_text("9 points; 10 of 10 asked")


def test_a_running_drug_is_stopped_with_one_tap(tablet: Guest) -> None:
    page = tablet.open(f"/courses/{COURSE}/give-drug")
    page.tap("text=Stopped now")
    page.wait_for_url("**/courses/bed-9?entered=*")
    page.goto(f"{tablet.url}/courses/{COURSE}/give-drug")
    expect(page.locator("main")).to_contain_text("Nothing is charted as running.")


def test_flow_is_asked_for_where_the_device_has_one(tablet: Guest) -> None:
    page = tablet.open(f"/courses/{COURSE}/chart-oxygen")
    expect(page.locator("#oxygen_flow")).to_be_hidden()
    page.tap("label:has([value=nasal_cannula])")
    expect(page.locator("#oxygen_flow")).to_be_visible()
    expect(page.locator("#inspired_oxygen")).to_be_hidden()
    page.tap("[aria-label='Flow: more']")
    expect(page.locator("#oxygen_flow")).to_have_value("3")
    page.tap("label:has([value=cpap])")
    expect(page.locator("#oxygen_flow")).to_be_visible()  # what was typed is never hidden


def test_the_capd_adds_up(tablet: Guest) -> None:
    page = tablet.open(f"/courses/{COURSE}/chart-capd")
    page.tap("label:has([name=eye_contact][value=never])")
    page.tap("label:has([name=slow][value=often])")
    expect(page.locator("#total")).to_have_text("7 points, items judged: 2 of 8")


def test_without_a_network_all_that_was_typed_stays_and_can_be_sent_again(tablet: Guest, wards: Site) -> None:
    tablet.forgive("ERR_INTERNET_DISCONNECTED|ERR_ABORTED")
    page = tablet.open(f"/courses/{COURSE}/chart-vitals")
    page.fill("#heart_rate", "97")
    tablet.context.set_offline(True)
    page.tap(".send .primary")
    expect(page.locator("#unsent")).to_contain_text("Not sent: no network. It is all still here.")
    expect(page.locator("#heart_rate")).to_have_value("97")
    tablet.context.set_offline(False)
    page.tap(".send .primary")
    page.wait_for_url("**/courses/bed-9?entered=*")
    assert last(wards, "heart_rate") == {"heart_rate": 97.0}


def test_an_answer_that_was_lost_on_its_way_records_nothing_twice(tablet: Guest, wards: Site) -> None:
    tablet.forgive("ERR_FAILED")
    page = tablet.open(f"/courses/{COURSE}/chart-vitals")
    page.fill("#respiratory_rate", "17")

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/chart-vitals", lost)
    page.tap(".send .primary")
    expect(page.locator("#unsent")).to_contain_text("Not sent: no answer from the server.")
    page.unroute("**/chart-vitals")
    page.tap(".send .primary")
    page.wait_for_url("**/courses/bed-9?entered=*")
    assert [f.value for f in wards.office.log.facts(COURSE) if f.what == "respiratory_rate"].count(17.0) == 1


def test_a_question_takes_the_place_of_the_form_and_the_form_works_on(tablet: Guest, wards: Site) -> None:
    tablet.forgive("422")
    page = tablet.open(f"/courses/{COURSE}/chart-vitals")
    page.fill("#heart_rate", "250")
    page.tap(".send .primary")
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#summary")).to_contain_text("Is that right?")
    page.tap("label:has([value=nasal_cannula])")
    expect(page.locator("#oxygen_flow")).to_be_visible()
    page.tap("[aria-label='Flow: more']")
    page.tap("text=Yes, record it")
    page.wait_for_url("**/courses/bed-9?entered=*")
    assert last(wards, "heart_rate") == {"heart_rate": 250.0}


def test_a_grade_that_changes_while_the_form_is_open_is_told(tablet: Guest, wards: Site) -> None:
    page = tablet.open(f"/courses/{COURSE}/chart-ice")
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", "live")
    expect(page.locator("[data-grades-of]")).to_be_hidden()
    drug = {"course": COURSE, "simulated": True, "source": "pump", "what": "drug", "value": 0.1, "unit": "ug/kg/min"}
    wards.record([{**drug, "at": wards.now, "choice": name} for name in ("norepinephrine", "epinephrine")])
    expect(page.locator("[data-grades-of]")).to_contain_text("now CRS 4")


def test_who_is_signed_out_sees_the_form_no_more(tablet: Guest, wards: Site) -> None:
    """A shared tablet: another tab signs out."""
    tablet.forgive("401")
    page = tablet.open(f"/courses/{COURSE}/chart-ice")
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", "live")
    (token,) = (each["value"] for each in tablet.context.cookies() if each["name"] == COOKIE)
    wards.office.access.close_session(str(token), now=wards.now)
    expect(page.locator("main")).to_contain_text("You are signed out")
    expect(page.locator("#entry")).to_have_count(0)


@pytest.mark.parametrize("form", FORMS)
def test_every_target_is_large_and_nothing_is_wider_than_the_screen(tablet: Guest, form: str) -> None:
    """44 CSS pixels at least, on a tablet and at 200 %."""
    page = tablet.open(f"/courses/{COURSE}/{form}")
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })")
    for width, height in ((820, 1180), (410, 590)):
        page.set_viewport_size({"width": width, "height": height})
        assert smaller_targets(page, 44, "main") == []
        assert sideways(page) <= 0
