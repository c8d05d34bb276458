"""Is this urgent?: open to all, with every symptom under what to do about it, and with nothing of any patient."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cartway.settings import COUNTRIES
from cartway.watch.triage import load_table
from cartway.web.triage.urgent import worker_text

from ..conftest import Site


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_symptom_stands_under_its_tier_without_any_script(site: Site, language: str) -> None:
    page = site.client(None).get(f"/urgent/{language}").text
    assert f'lang="{language}"' in page
    found: dict[str, int] = {}
    for tier, section in re.findall(r'<section class="tier" data-level="(\d)".*?>(.*?)</section>', page, re.DOTALL):
        found |= dict.fromkeys(re.findall(r'name="symptom" value="(\w+)"', section), int(tier))
    table = load_table()
    assert found == {item.symptom: int(table.tier(item.name, None)) for item in table.items.values() if item.symptom}
    assert list(dict.fromkeys(found.values())) == [4, 3, 2]


def test_the_local_number_comes_first(site: Site) -> None:
    page = site.client(None).get("/urgent").text
    panel = page.split('<div class="action" data-tier="4"')[1].split('<div class="action"')[0]
    assert re.findall(r'href="tel:([^"]*)"', panel)[0] == "911"
    assert "988" in panel


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_of_the_settings_has_its_own_number(make_site: Any, country: str) -> None:
    emergency = load_table().emergency[country]
    page = make_site(country=country).client(None).get("/urgent").text
    panel = page.split('<div class="action" data-tier="4"')[1].split('<div class="action"')[0]
    assert re.findall(r'href="tel:([^"]*)"', panel)[0] == emergency
    assert f"Call {emergency} now" in panel
    assert "Call 911" not in page or country == "US"


def test_the_table_names_no_country_that_nobody_can_set() -> None:
    table = load_table()
    assert set(table.emergency) == set(COUNTRIES)
    assert set(table.crisis) <= set(COUNTRIES)


@pytest.mark.parametrize(("country", "line"), [("UK", "116123"), ("IN", "14416"), ("ES", "024"), ("US", "988")])
def test_the_line_for_thoughts_of_suicide_is_the_country_s_own(make_site: Any, country: str, line: str) -> None:
    page = make_site(country=country).client(None).get("/urgent").text
    assert f'href="tel:{line}"' in page


def test_it_says_the_number_of_the_team_on_every_panel(site: Site) -> None:
    page = site.client(None).get("/urgent").text
    panels = page.split("</main>")[0].split('<div class="action"')[1:]
    assert len(panels) == 4
    assert all(site.office.config.phone in panel for panel in panels)


def test_who_is_signed_in_leaves_nothing_of_theirs_on_it(site: Site) -> None:
    """The phone keeps the page as it is to nobody: that one names no course and no account."""
    page = site.client(None).get("/urgent/en").text
    assert "/my/" not in page.replace("/my/sign-in?next=/my", "")
    assert 'data-account=""' in page


def test_no_other_language_has_an_address(site: Site) -> None:
    assert site.client(None).get("/urgent/xx").status_code == 404


def test_the_worker_keeps_the_pages_and_is_another_one_when_a_file_changes(site: Site) -> None:
    answer = site.client(None).get("/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text == worker_text()
    assert '"/urgent/en"' in answer.text
    for name in ("triage.js", "waiting.js", "diary.js", "patient.css"):
        assert re.search(rf"/static/{re.escape(name)}\?v=[0-9a-f]{{12}}", answer.text)


@pytest.mark.parametrize("phone", ["", "   ", "call us", "24 hours: 555 010 0142"])
def test_without_a_number_that_can_be_dialed_no_page_opens_and_the_refusal_is_the_page_s_own(
    make_site: Any, phone: str
) -> None:
    site = make_site(phone=phone)
    answer = site.client(None).get("/urgent")
    assert (answer.status_code, answer.headers["cartway-page"]) == (503, "urgent")
    assert site.client("patient", ["c-1"]).get("/my/c-1/today").status_code == 503
