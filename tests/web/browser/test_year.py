"""A patient's year on a phone, in both languages: the wait, the night, the train without a network, the plan.

Graciela and her husband have a phone each; hers speaks Spanish, his English. What is recorded is the invented course
a01, as far as it has come each time; what they enter is theirs. The ward's board is open in a nurse's browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page, expect

from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.web.access import Account, Limits, open_access
from cartway.web.demo.examples import after_facts

from ..conftest import Site
from .axe import violations
from .conftest import Visit, nothing
from .screens import sideways
from .test_offline import FORGIVEN, PHONE, ready, session
from .wire import Wire

COURSE = "a01"
LANGUAGES = {"es": "Español", "en": "English"}


class Year:
    """One course told on the clock of the site, and two phones. `of_ward` is a nurse's board."""

    def __init__(self, site: Site, wire: Wire, visit: Visit) -> None:
        self.site, self.wire, self.visit = site, wire, visit
        told = [fact for fact in after_facts() if fact.course in (COURSE, "center")]
        self.left = sorted((fact for fact in told if fact.source not in ("patient", "caregiver")), key=lambda f: f.at)
        self.infused = next(fact.at for fact in self.left if fact.what == "infusion")
        self.found: list[str] = []
        self.it_is(self.infused - 15 * DAY)
        self.patient, self.caregiver = site.account("patient", [COURSE]), site.account("caregiver", [COURSE])
        self.hers, self.his = self.phone(self.patient), self.phone(self.caregiver)
        nurse = visit(wire.url, site.cookie("nurse"))
        nurse.forgive(FORGIVEN)  # her network is cut with theirs
        self.of_ward = nurse.open("/board")

    def phone(self, account: Account) -> Page:
        guest = self.visit(self.wire.url, session(self.site, account), **PHONE)
        guest.forgive(FORGIVEN)
        return guest.open(f"/my/{COURSE}")

    def it_is(self, now: Instant) -> None:
        """The clock moves on, and what the team recorded until then is in the record."""
        self.site.now = now
        past: list[Fact] = [fact for fact in self.left if fact.at <= now]
        self.left = self.left[len(past) :]
        if past:
            self.site.record(past)
        self.site.settle()

    def at_home(self, page: Page, path: str = "") -> None:
        """A page of theirs, at phone size: nothing that axe minds, nothing wider than the phone."""
        page.goto(f"/my/{COURSE}{path}")
        self.found += [f"{path or '/'}: {each}" for each in violations(page)]
        self.found += [f"{path or '/'}: too wide"] if sideways(page) > 0 else []

    def speak(self, page: Page, language: str) -> None:
        page.get_by_role("button", name=LANGUAGES[language]).click()
        expect(page.locator("html")).to_have_attribute("lang", language)

    def facts(self, what: str) -> list[tuple[str, str, float | None]]:
        theirs = (fact for fact in self.site.facts(COURSE) if fact.source in ("patient", "caregiver"))
        return [(fact.source, fact.choice, fact.value and round(fact.value, 1)) for fact in theirs if fact.what == what]


@pytest.fixture(scope="module")
def told_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, int]]:
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("cartway.web.office.open_access", partial(open_access, hasher=cheap))
        # on this clock months pass between two clicks
        limits = Limits(idle=400 * DAY, session=400 * DAY, own_idle=400 * DAY, own_session=400 * DAY)
        made = Site(tmp_path_factory.mktemp("year"), limits=limits)
    with made.serve() as url:
        yield made, int(url.rpartition(":")[2])
    made.app.state.stores.close()


@pytest.fixture
def year(told_site: tuple[Site, int], visit: Visit) -> Iterator[Year]:
    with Wire(told_site[1]) as wire:
        yield Year(told_site[0], wire, visit)


def test_a_year(year: Year) -> None:
    the_wait(year)
    the_first_evening_at_home(year)
    a_fever_at_night(year)
    without_a_network(year)
    half_a_year_on(year)
    nothing(year.found)


def the_wait(year: Year) -> None:
    """Where are my cells?: said in the language of the phone, and no day is promised."""
    year.at_home(year.hers)
    year.speak(year.hers, "es")
    year.at_home(year.hers)
    expect(year.hers.get_by_role("heading", level=1)).to_contain_text("células")
    year.at_home(year.his)
    expect(year.his.get_by_role("heading", level=1)).to_contain_text("cells")
    for page in (year.hers, year.his):
        year.at_home(page, "/feel")


def the_first_evening_at_home(year: Year) -> None:
    """Day 12, out of the hospital: he takes her temperature and enters it. Nothing rings."""
    year.it_is(year.infused + 12 * DAY + 6 * HOUR)
    year.at_home(year.his, "/today")
    year.his.get_by_role("textbox", name="Temperature").fill("98.2")
    year.his.get_by_text("Good", exact=True).click()
    year.his.get_by_role("button", name="Send to my team").click()
    expect(year.his.locator("#told .entry").first).to_contain_text("98.2")
    assert year.facts("body_temperature") == [("caregiver", "", 36.8)]
    year.site.settle()
    year.of_ward.goto("/board")
    expect(year.of_ward.locator(f"#row-{COURSE} .alert[data-priority]")).to_have_count(0)


def a_fever_at_night(year: Year) -> None:
    """Day 20, 02:30: 101.3 °F. Her phone says at once whom to call; the board shows it; a nurse has seen it."""
    year.it_is(year.infused + 19 * DAY + 10 * HOUR + 30 * MINUTE)
    year.at_home(year.hers, "/today")
    year.hers.locator('[name="temperature"]').fill("101.3")
    shown = year.hers.locator("#action .action:not([hidden])")
    expect(shown).to_have_attribute("data-tier", "3")
    expect(shown.locator('a[href^="tel:"]').first).to_be_visible()
    year.hers.locator("#diary .send button").click()
    entry = year.hers.locator("#told .entry").first
    expect(entry).to_contain_text("101.3")
    expect(entry.locator('[data-while="waiting"]')).to_be_visible()
    year.found += [f"a fever told: {each}" for each in violations(year.hers)]
    year.site.settle()
    year.of_ward.goto("/board")
    row = year.of_ward.locator(f"#row-{COURSE}")
    expect(row.locator(".alert").first).to_be_visible()
    expect(row).to_contain_text("38.5")
    year.of_ward.goto(f"/courses/{COURSE}/alerts")
    while (answers := year.of_ward.locator('[data-state="rings"] a[href*="/acknowledge"]')).count():
        with year.of_ward.expect_navigation():
            answers.first.click()
        with year.of_ward.expect_navigation():
            year.of_ward.locator("main form[method=post] button").first.click()
        year.site.settle()
        year.of_ward.goto(f"/courses/{COURSE}/alerts")
    year.at_home(year.hers, "/today")
    expect(year.hers.locator("#told .entry").first.locator('[data-while="waiting"]')).to_have_count(0)


def without_a_network(year: Year) -> None:
    """Day 40, on a train: chills, and no network. The phone says that nobody has seen it, and sends it when it can."""
    year.it_is(year.infused + 40 * DAY)
    year.at_home(year.hers, "/today")
    ready(year.hers, f"/my/{COURSE}/today")
    year.wire.cut()
    year.hers.goto(f"/my/{COURSE}/today")
    year.hers.locator("#diary details summary").click()
    year.hers.locator('[name="symptom"][value="chills"]').check()
    year.hers.locator("#diary .send button").click()
    banner = year.hers.locator("#waiting")
    expect(banner).to_contain_text("Su equipo NO ha visto esto")
    expect(banner.locator('a[href^="tel:"]').first).to_be_visible()
    year.found += [f"without a network: {each}" for each in violations(year.hers)]
    assert year.facts("reported_symptom") == []
    year.wire.mend()
    banner.get_by_role("button", name="Intentar otra vez").click()
    expect(banner).to_be_hidden()
    assert [choice for _, choice, _ in year.facts("reported_symptom")] == ["chills"]
    year.site.settle()
    year.of_ward.goto("/board")
    expect(year.of_ward.locator(f"#row-{COURSE}")).to_have_attribute("data-stage", "home")


def half_a_year_on(year: Year) -> None:
    """Month 7 and a year: the plan in both languages, the paper, the card, who read the record, what can be read."""
    for days in (200, 366):
        year.it_is(year.infused + days * DAY)
        for page, language in ((year.hers, "es"), (year.his, "en")):
            year.at_home(page)
            expect(page.locator("html")).to_have_attribute("lang", language)
            year.at_home(page, "/plan")
            expect(page.get_by_role("heading", level=1)).to_contain_text("plan")
    for path in ("/team", "/readers", "/more", "/feel"):
        year.at_home(year.hers, path)
    for paper in ("paper", "card"):
        answer = year.hers.context.request.get(f"/my/{COURSE}/plan/{paper}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    for page in (year.hers, year.his):
        page.goto("/read/life-after")
        year.found += [f"/read: {each}" for each in violations(page)]
        expect(page.get_by_role("heading", level=1)).to_be_visible()
