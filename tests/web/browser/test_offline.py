"""Patients' pages without a network: what to do is there; an entry waits, says so, and goes out under nobody else."""

from __future__ import annotations

import itertools
import random
import re
import string
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page, Route, expect

from cartway.times import MINUTE
from cartway.vocabulary import vocabulary
from cartway.watch.triage import Answers, load_table, triage
from cartway.web.access import Account, open_access

from ..conftest import Site
from .axe import violations
from .conftest import Visit, nothing
from .guest import Guest
from .wire import Wire

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "reduced_motion": "reduce"}
FORGIVEN = "Failed to load|ERR_|Failed to fetch|fetching the script|net::"  # what a browser says of a cut network
ROUNDS = 6000
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, int]]:
    """One server for all tests: each has a network of its own, and so a browser's store of its own."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("cartway.web.office.open_access", partial(open_access, hasher=cheap))
        made = Site(tmp_path_factory.mktemp("phones"))
    with made.serve() as url:
        yield made, int(url.rpartition(":")[2])
    made.app.state.stores.close()


@pytest.fixture
def site(served: tuple[Site, int]) -> Site:
    return served[0]


@pytest.fixture
def wire(served: tuple[Site, int]) -> Iterator[Wire]:
    with Wire(served[1]) as wire:
        yield wire


@pytest.fixture
def course() -> str:
    return f"p{next(_numbers)}"


def session(site: Site, account: Account) -> tuple[str, str]:
    return "cartway_session", site.office.access.open_session(account.id, now=site.now).token


@pytest.fixture
def patient(site: Site, course: str) -> Account:
    return site.account("patient", [course])


def phone(visit: Visit, wire: Wire, *who: Any) -> Guest:
    guest = visit(wire.url, *who, **PHONE)
    guest.forgive(FORGIVEN)
    return guest


def ready(page: Page, *own: str) -> None:
    """Until the phone keeps what it needs without a network."""
    kept = ["/urgent/en", "/urgent/es", *own]
    page.evaluate(
        """async paths => {
          const workers = () => navigator.serviceWorker.getRegistrations();
          const active = async () => (await workers()).filter(each => each.active?.state === "activated");
          const kept = async () => (await Promise.all(paths.map(path => caches.match(path)))).every(Boolean);
          while ((await active()).length < 2 || !(await kept())) await new Promise(then => setTimeout(then, 30));
        }""",
        kept,
    )


def tick(page: Page, *symptoms: str) -> None:
    for name in symptoms:
        page.locator(f'[name="symptom"][value="{name}"]').check()


def today(course: str) -> str:
    return f"/my/{course}/today"


def facts(site: Site, course: str) -> list[tuple[str, str, float | None]]:
    return [(fact.what, fact.choice, fact.value) for fact in site.facts(course)]


def panel(page: Page) -> str:
    """The tier whose panel is shown."""
    return str(page.locator("#action .action:not([hidden])").get_attribute("data-tier"))


# ---- The same answer on the phone and at the server


def drawn_answers(seed: int) -> Iterator[Answers]:
    """Answers as people give them, and as they do not."""
    draw = random.Random(seed)
    symptoms = [*vocabulary().variables["reported_symptom"].choices, "no_such"]
    for _ in range(ROUNDS):
        kind = draw.random()
        degrees = f"{draw.uniform(20, 120):.{draw.randrange(3)}f}" if kind < 0.4 else ""
        typed = "".join(draw.choices(string.digits + ".,- CF", k=draw.randrange(6))) if kind > 0.7 else degrees
        near = draw.choice(
            ["37.9", "38", "38,0", "100.3", "100.4", "33.9", "34", "42.1", "385", "93.1", "107.7", "35", "95"]
        )
        yield Answers(
            symptoms=frozenset(draw.sample(symptoms, draw.choice([0, 0, 1, 1, 2, 5]))),
            temperature=draw.choice([typed, near, typed.replace(".", ",")]),
            feeling=draw.choice(["", "good", "fair", "bad", "worse"]),
            home_check=draw.choice(["", "as_always", "changed"]),
            text=draw.choice(["", "", "", " ", "my knee", "I want to\n die", "no quiero vivir"]),
            early=draw.choice([True, False, None]),
        )


def test_phone_and_server_agree_on_thousands_of_answers(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    answers = list(drawn_answers(7))
    asked = [
        [sorted(each.symptoms), each.temperature, each.feeling, each.home_check, each.text, each.early]
        for each in answers
    ]
    page = phone(visit, wire, session(site, patient)).open(today(course))
    found = page.evaluate(
        """([asked, warnings]) => {
          const table = CartwayTriage.tableOf(document.getElementById("diary"));
          return asked.map(([symptoms, temperature, feeling, home_check, text, early]) =>
            CartwayTriage.triage(table, { symptoms, temperature, feeling, home_check, text, early }, warnings));
        }""",
        [asked, list(load_table().warnings)],
    )
    expected = [int(triage(each).tier or 0) for each in answers]
    differ = [f"{each}: phone {said}, server {tier}" for each, said, tier in zip(answers, found, expected, strict=True)
              if said != tier]  # fmt: skip
    nothing(differ)
    assert set(expected) == {0, 1, 2, 3, 4}


# ---- Is this urgent?, without a network


def test_is_this_urgent_answers_at_once_and_without_a_network(visit: Visit, wire: Wire) -> None:
    page = phone(visit, wire).open("/urgent")
    ready(page)
    wire.cut()
    page.goto("/urgent")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this urgent?")
    tick(page, "rash")
    assert panel(page) == "2"
    tick(page, "speech")
    assert panel(page) == "4"
    call = page.locator("#action .action:not([hidden]) a").first
    expect(call).to_be_in_viewport()
    assert call.get_attribute("href") == "tel:911"
    tick(page, "self_harm")
    expect(page.locator('#action a[href="tel:988"]')).to_be_visible()
    page.goto("/urgent/es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.goto("/my/p1/plan")  # any other page without a network: this one instead
    expect(page.locator("#action")).to_be_attached()


def test_the_first_30_days_count(visit: Visit, wire: Wire) -> None:
    page = phone(visit, wire).open("/urgent")
    tick(page, "tremor")
    assert panel(page) == "3"
    page.get_by_label("Longer ago").check()
    assert panel(page) == "2"
    expect(page.locator('.tier[data-level="2"] [value="tremor"]')).to_be_visible()
    page.get_by_label("In the last 30 days").check()
    assert panel(page) == "3"
    nothing(violations(page))


# ---- The diary, without a network


def test_an_entry_without_a_network_says_so_waits_and_reaches_the_ward(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    page = phone(visit, wire, session(site, patient)).open(today(course))
    ready(page, today(course))
    wire.cut()
    page.goto(today(course))  # from what the phone keeps
    page.get_by_role("textbox", name="Temperature").fill("101.3")
    assert panel(page) == "3"
    page.get_by_role("button", name="Send to my team").click()
    banner = page.locator("#waiting")
    expect(banner).to_contain_text("Your team has NOT seen this")
    expect(banner).to_contain_text("101.3")
    expect(banner.get_by_role("link", name="Call your team")).to_be_visible()
    assert panel(page) == "3"
    nothing(violations(page))
    page.reload()
    expect(banner).to_contain_text("101.3")
    expect(page.locator("#told .entry")).to_have_count(0)
    assert not facts(site, course)
    wire.mend()
    banner.get_by_role("button", name="Try again now").click()
    expect(banner).to_be_hidden()
    expect(page.locator("#told .entry")).to_contain_text("101.3 °F")
    expect(page.locator("#told .entry")).to_contain_text("Nobody has said yet that they saw it")
    assert facts(site, course) == [("body_temperature", "", 38.5)]
    site.settle()
    ringing = site.office.ward.standing(course)
    assert ringing is not None
    assert [alert.event for alert in ringing.watching.ringing] == ["reported"]


def test_a_server_that_answers_nothing_is_no_server_that_took_it(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    guest = phone(visit, wire, session(site, patient))
    guest.context.route(re.compile("bare=1"), lambda route: route.fulfill(status=200, body="hotel"))
    page = guest.open(today(course))
    guest.context.route("**/today", lambda route: route.fulfill(status=200, body="<p>Welcome to the hotel's network"))
    page.get_by_text("Something is new or wrong").click()
    tick(page, "chills")
    page.get_by_role("button", name="Send to my team").click()
    expect(page.locator("#waiting")).to_contain_text("Your team has NOT seen this")
    page.get_by_role("button", name="Try again now").click()
    expect(page.locator("#waiting")).to_be_visible()
    assert not facts(site, course)
    page.wait_for_function("async () => Boolean(await caches.match('/language'))")
    assert page.evaluate("async path => (await caches.match(path)) === undefined", today(course))


def test_an_entry_that_the_server_fails_at_holds_no_other_up(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    guest = phone(visit, wire, session(site, patient))
    page = guest.open(today(course))

    def fail(route: Route) -> None:
        poisoned = "poisoned-1" in (route.request.post_data or "")
        route.fulfill(status=500) if poisoned else route.continue_()

    guest.context.route("**/today", fail)
    page.evaluate(
        """([account, course]) => {
          const entry = { account, course, entered: Date.now(), summary: "" };
          CartwayWaiting.keep({ ...entry, id: "poisoned-1", fields: [["symptom", "confusion"]], tier: 4 });
          CartwayWaiting.keep({ ...entry, id: "healthy-01", fields: [["temperature", "39"]], tier: 3 });
          return CartwayWaiting.send();
        }""",
        [patient.id, course],
    )
    assert facts(site, course) == [("body_temperature", "", 39.0)]
    expect(page.locator("#waiting")).to_be_visible()


def test_nobody_saw_it_for_ten_minutes_and_the_page_says_to_call(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    page = phone(visit, wire, session(site, patient)).open(today(course))
    page.get_by_role("textbox", name="Temperature").fill("38.9")
    page.get_by_role("button", name="Send to my team").click()
    expect(page.locator('#told [data-while="waiting"]')).to_be_visible()
    wire.cut()  # it must not depend on a network that it says so
    page.evaluate("document.querySelector('#told .entry').dataset.ageMs = String(10 * 60000 - 1500)")
    expect(page.locator('#told [data-while="unanswered"]')).to_be_visible()
    expect(page.locator('#told [data-while="waiting"]')).to_be_hidden()
    wire.mend()
    site.now += 11 * MINUTE
    page.goto(today(course))
    expect(page.locator('#told [data-while="unanswered"]')).to_be_visible()
    nothing(violations(page))
    page.evaluate("""() => {
      const [entry] = CartwayWaiting.reached();
      CartwayWaiting.keep({ ...entry, received: entry.received - 11 * 60000 });
    }""")
    page.goto(f"/my/{course}/more")
    expect(page.locator("#unanswered")).to_contain_text("Call your team now")


def test_an_entry_never_goes_out_under_another_account(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    guest = phone(visit, wire, session(site, patient))
    page = guest.open(today(course))
    ready(page, today(course))
    wire.cut()
    page.get_by_role("textbox", name="Temperature").fill("39.1")
    page.get_by_role("button", name="Send to my team").click()
    expect(page.locator("#waiting")).to_contain_text("39.1")
    wire.mend()
    guest.sign_in(session(site, site.account("caregiver", [course])))
    page.evaluate("CartwayWaiting.send()")  # an old page, and a new session
    expect(page.locator('#waiting [data-why="other"]')).to_be_visible()
    page.goto(today(course))
    expect(page.locator('#waiting [data-why="other"]')).to_be_visible()
    expect(page.locator("#waiting")).not_to_contain_text("39.1")
    assert not facts(site, course)
    guest.sign_in(session(site, patient))
    page.goto(today(course))
    expect(page.locator("#waiting")).to_be_hidden()
    assert facts(site, course) == [("body_temperature", "", 39.1)]


def test_neither_a_wrong_clock_nor_another_course_keeps_an_entry_from_going_out(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    page = phone(visit, wire, session(site, patient)).open(f"/my/{course}/more")
    page.evaluate(
        """async ([account, course]) => {
          const old = Date.now() - 400 * 86400000, keep = (id, course, degrees, tier) => CartwayWaiting.keep(
            { id, account, course, fields: [["temperature", degrees]], tier, summary: degrees, entered: old });
          keep("kept-00001", "not-theirs", "39.0", 4);
          keep("kept-00002", course, "40.1", 3);
          await CartwayWaiting.send();
        }""",
        [patient.id, course],
    )
    expect(page.locator("#waiting")).to_contain_text("39.0")
    expect(page.locator("#waiting")).not_to_contain_text("40.1")
    expect(page.locator('#waiting [data-why="signed-out"]')).to_be_hidden()
    assert facts(site, course) == [("body_temperature", "", 40.1)]


def test_signing_out_with_something_unsent_warns_and_leaves_nothing_behind(
    visit: Visit, wire: Wire, site: Site, patient: Account, course: str
) -> None:
    page = phone(visit, wire, session(site, patient)).open(f"/my/{course}/more")
    page.evaluate(
        """([account, course]) => {
          const fields = [["feeling", "bad"]], entry = { id: "kept-00001", account, course, fields, tier: 2 };
          CartwayWaiting.keep({ ...entry, summary: "bad", entered: Date.now(), refused: true });
          CartwayWaiting.tell();
        }""",
        [patient.id, course],
    )
    out = page.locator('form[action="/sign-out"] button')
    out.click()
    expect(page.locator('#waiting [data-why="leaving"]')).to_be_visible()
    assert page.evaluate("localStorage.getItem('cartway-entry-kept-00001') !== null")
    out.click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('cartway-entry'))") == []
    assert page.evaluate("path => caches.match(path).then(found => found === undefined)", today(course))
