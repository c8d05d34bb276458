"""A browser, people at its screens, and wards on real servers for them to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from . import chromium, cluster
from .guest import Guest
from .still import Still, still_ward

Visit = Callable[..., Guest]
SHOWN = 15


def nothing(found: Sequence[str]) -> None:
    """Fail where something was found, showing the first of it."""
    assert not found, "\n".join([f"{len(found)} in all:", *found[:SHOWN]])


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests of this folder, and gone after them: while it runs, asyncio has a loop in the main thread."""
    with chromium.running() as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """``visit(url, cookie, **options)``: somebody at a screen. At the end nobody may have had a complaint."""
    guests: list[Guest] = []

    def arrive(*who: object, **options: object) -> Guest:
        guests.append(Guest(browser, *who, **options))  # type: ignore[arg-type]
        return guests[-1]

    yield arrive
    for guest in guests:
        guest.close()
    nothing([each for guest in guests for each in guest.found()])


@pytest.fixture(scope="package")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Still]:
    """A ward that stands still, for all tests of this process: who changes it takes one of their own."""
    with still_ward(tmp_path_factory.mktemp("still")) as ward:
        yield ward


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[cluster.Cluster]:
    """An empty store, to start workers and listeners on."""
    with cluster.cluster(tmp_path) as empty:
        yield empty
