"""A bed on the ward with somebody at it. One site serves the tests of a module: each test has a course of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.times import DAY
from cartway.web.access import Limits
from cartway.web.forms import sending
from web.conftest import START, Site
from web.forms.bedside import Bedside, drawn

_BEDS = itertools.count(1)


@pytest.fixture(scope="module")
def wards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that the tests of a module share."""
    patient = Limits(idle=30 * DAY, session=30 * DAY)  # tests let hours go by between two forms
    made = Site(Path(tmp_path_factory.mktemp("ward")), limits=patient)
    yield made
    made.app.state.stores.close()


@pytest.fixture
def ward(wards: Site) -> Site:
    """The shared site, its clock at the start."""
    wards.now = START
    return wards


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No follower runs in these tests: nobody waits for it. That a post waits is tested by itself."""
    monkeypatch.setattr(sending, "PATIENCE_S", 0.0)


@pytest.fixture
def nurse(ward: Site) -> Bedside:
    """A nurse at the bed of a patient infused two days ago."""
    return Bedside(ward, "nurse", drawn(ward, course=f"bed-{next(_BEDS)}"))


@pytest.fixture
def physician(nurse: Bedside) -> Bedside:
    """A physician at the same bed."""
    return Bedside(nurse.site, "physician", nurse.course)
