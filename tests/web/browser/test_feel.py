"""How I feel, on a phone: self-harm shows whom to call before anything is sent; a cut network loses nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from ..conftest import Site
from .conftest import Visit

PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}


def test_self_harm_shows_whom_to_call_at_once_and_a_cut_network_loses_nothing(site: Site, visit: Visit) -> None:
    with site.serve() as url:
        guest = visit(url, site.cookie("patient", ["c-1"]), **PHONE)
        guest.forgive("ERR_INTERNET_DISCONNECTED")
        page = guest.open("/my/c-1/feel")
        harm, unsent, words = page.locator("#harm"), page.locator("#unsent"), page.locator("#text")
        expect(harm).to_be_hidden()
        words.fill("I want to die")
        expect(harm.get_by_role("link", name="Call 988")).to_be_visible()
        words.fill("so tired")
        expect(harm).to_be_hidden()
        page.locator("summary", has_text="Feelings").click()
        page.locator('[value="self_harm"]').check()
        expect(harm.get_by_role("link", name="Call 988")).to_be_visible()
        guest.context.set_offline(True)
        page.get_by_role("button", name="Send to my team").click()
        expect(unsent).to_contain_text("Your team has NOT seen it.")
        expect(words).to_have_value("so tired")
        guest.context.set_offline(False)
        page.get_by_role("button", name="Send to my team").click()
        expect(page.get_by_role("heading", name="Please talk to somebody now")).to_be_visible()
    assert [fact.what for fact in site.facts("c-1")] == ["reported_symptom"]
