"""``cartway demo`` as somebody sees it who has just cloned the project: one click, and grades change as one looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import axe, screens
from .conftest import Visit, nothing
from .guest import TABLET
from .processes import Process, free_port


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Process]:
    port = free_port()
    with Process(["cartway.cli", "demo", "--serve", "--port", str(port)], port, {}, tmp_path / "demo.log") as running:
        yield running


def test_one_click_and_the_night_begins(demo: Process, visit: Visit) -> None:
    page = visit(demo.url, reduced_motion="reduce", **TABLET).open("/")
    nothing(axe.violations(page))
    page.get_by_role("button", name="Nurse").first.click()
    expect(page).to_have_url(f"{demo.url}/board")
    expect(page.locator("[data-course]")).to_have_count(13)  # the night's twelve, and one in lymphodepletion
    expect(page.get_by_label("Demo")).to_contain_text("simulated")
    nothing(axe.violations(page))
    nothing(screens.smaller_targets(page, 24))
    assert screens.sideways(page) <= 0

    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.locator("[data-demo-button=faster]").click()  # an hour of the night in three seconds
    expect(page.locator(".scale.changed").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Run")).to_be_visible()
