"""Somebody at a screen: a browser context, signed in or not, whose pages are listened to for complaints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

WAIT_MS = 15_000  # what takes longer than this on a busy machine is broken
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
MONITOR = {"viewport": {"width": 1920, "height": 1080}}
HALF = {"viewport": {"width": 640, "height": 512}}  # 1280 by 1024 at 200 %

expect.set_options(timeout=WAIT_MS)


class Guest:
    """`complaints` gathers what no page may do: an error on the console, a broken policy, a request to another host."""

    def __init__(self, browser: Browser, url: str, cookie: tuple[str, str] | None = None, **options: Any) -> None:
        self.url = url
        self.complaints: list[str] = []
        self.forgiven: list[re.Pattern[str]] = []
        self.context: BrowserContext = browser.new_context(base_url=url, **options)
        self.context.set_default_timeout(WAIT_MS)
        self.context.on("page", self._listen)
        self.context.on("request", self._asked)
        if cookie:
            self.sign_in(cookie)

    def sign_in(self, cookie: tuple[str, str]) -> None:
        """Take the cookie of an open session."""
        self.context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": self.url}])

    def open(self, path: str) -> Page:
        """A new tab at that path, loaded."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def forgive(self, pattern: str) -> None:
        """Complaints that the test itself brings about, such as those over a server that it killed."""
        self.forgiven.append(re.compile(pattern))

    def found(self) -> list[str]:
        """The complaints that nobody forgave."""
        return [each for each in self.complaints if not any(pattern.search(each) for pattern in self.forgiven)]

    def close(self) -> None:
        self.context.close()

    def _listen(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{_path(page.url)}: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where: Mapping[str, Any] = message.location
            self.complaints.append(f"{_path(str(where.get('url', '')))}: {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"a request to another host: {request.url}")


def _path(url: str) -> str:
    return urlsplit(url).path
