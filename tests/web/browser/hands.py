"""Somebody at a screen who finds pages, fields and buttons by their words alone, as people do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from web.conftest import PASSWORD

from .guest import Guest


def begins(words: str) -> re.Pattern[str]:
    """The label that begins with these words: after them stands only a unit, or that the field may stay empty."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\(optional\))?(\s+\S+)?\s*$")


class Hands:
    """One person with one tab. `name`: what they sign in with."""

    def __init__(self, guest: Guest, name: str) -> None:
        self.guest, self.name = guest, name
        self.after: Callable[[], object] = lambda: None  # what comes of a recorded form: the clock moves on
        self.page: Page = guest.open("/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")

    def go(self, *links: str) -> None:
        """Follow links by their words, one after the other."""
        for words in links:
            with self.page.expect_navigation():
                self.page.get_by_role("link", name=words, exact=True).first.click()

    def do(self, thing: str, what: str) -> None:
        """Open a thing's own menu on the chain's page, and choose from it."""
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=thing))
        row.get_by_text("Do").click()
        with self.page.expect_navigation():
            row.get_by_role("link", name=what, exact=True).click()

    def turn(self, tab: str) -> None:
        """To another page of the course."""
        tabs = self.page.get_by_role("navigation", name="Pages of this course")
        with self.page.expect_navigation():
            tabs.get_by_role("link", name=tab, exact=True).click()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def write(self, texts: Mapping[str, str]) -> None:
        """Fill in fields by their labels: typed into, picked from a list, or tapped where there are tiles."""
        for label, text in texts.items():
            self._write(label, text)

    def _write(self, label: str, text: str) -> None:
        tiles = self.page.get_by_role("group", name=begins(label))
        if tiles.count():
            tile = re.compile(rf"^\s*{re.escape(text)}\b")
            tiles.locator("label").filter(has_text=tile).first.click()
            return
        field = self.page.get_by_label(begins(label))
        if field.evaluate("at => at.tagName") == "SELECT":
            field.select_option(label=_option(field, text))
        else:
            field.fill(text)

    def sign(self, second: str = "") -> None:
        """Enter one's password, and let a second person enter theirs."""
        self.page.get_by_label(re.compile(r"Your password$")).fill(PASSWORD)
        if second:
            self.page.get_by_label(re.compile("^Second person: ")).fill(second)
            self.page.get_by_label("Second person's password").fill(PASSWORD)

    def record(
        self, form: str, texts: Mapping[str, str], *, button: str = "Record", sure: str = "", **signs: Any
    ) -> None:
        """Open a form by its link, fill it in, sign it if it is to be signed, send it.

        `sure`: what it asks once more, and is told yes.
        """
        self.go(form)
        self.write(texts)
        if "second" in signs or self.page.get_by_label(re.compile(r"Your password$")).count():
            self.sign(signs.get("second", ""))
        self.press(button)
        if sure:
            expect(self.page.get_by_role("alert")).to_contain_text(sure)
            if self.page.get_by_label(re.compile(r"Your password$")).count():
                self.sign(signs.get("second", ""))
            self.press("Yes, record it")
        self.recorded()
        self.after()

    def recorded(self) -> None:
        """It says so."""
        expect(self.page.get_by_role("status").filter(has_text="Recorded")).to_be_visible()

    def scan(self, *codes: str) -> None:
        """What a scanner does: types a code and Enter."""
        for code in codes:
            self.page.keyboard.type(code)
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")

    def check(self, step: str, *codes: str, second: str) -> None:
        """At the scan station: scan, and sign with a second person that all match."""
        self.go("Scan", step)
        self.checked(*codes, second=second)

    def checked(self, *codes: str, second: str) -> None:
        """The same, once the station is open for a step."""
        self.scan(*codes)
        expect(self.page.get_by_role("status").filter(has_text="All match")).to_be_visible()
        self.sign(second)
        self.press("Record: all match")
        self.recorded()
        self.after()

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_role("main")).to_contain_text(each)

    def sees_not(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_role("main")).not_to_contain_text(each)


def _option(field: Locator, text: str) -> str:
    """The whole words of the option that begins with these."""
    offered = [each.strip() for each in field.locator("option").all_inner_texts()]
    found = [each for each in offered if each == text] or [each for each in offered if each.startswith(text)]
    assert found, f"{text} is none of {offered}"
    return found[0]
