"""The browser of the tests: the Chromium of the system, headless, never one that a tool downloads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # a container's root has no other way
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
)


def path() -> str:
    """Where the browser lies."""
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    assert found is not None, "no browser on the path: install the one package `chromium` (make setup does, as root)"
    return found


@contextmanager
def running(*arguments: str) -> Iterator[Browser]:
    """One browser process."""
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=[*ARGUMENTS, *arguments])
        try:
            yield browser
        finally:
            browser.close()
