"""A bed on the ward with somebody at it, and a patient infused two days ago who has had fever for an hour."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cartway.times import DAY
from cartway.web.access import Limits
from cartway.web.forms import sending
from web.conftest import START, Site
from web.forms.bedside import Bedside, drawn

_BEDS = itertools.count(1)
FEVER: tuple[Mapping[str, Any], ...] = (
    {"what": "body_temperature", "value": 38.9, "unit": "Cel", "hours": 1},
    {"what": "systolic_pressure", "value": 124, "unit": "mm[Hg]", "hours": 1},
    {"what": "oxygen_device", "choice": "room_air", "hours": 1},
    {"what": "heart_rate", "value": 88, "unit": "/min", "hours": 1},
    {"what": "oxygen_saturation", "value": 97, "unit": "%", "hours": 1},
    {"what": "ice_score", "value": 10, "unit": "{score}", "hours": 1},
    {"what": "neutrophils", "value": 2.4, "unit": "10*9/L", "hours": 2},
)
CRS = "cytokine_release"


@pytest.fixture(scope="module")
def wards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that the tests of a module share."""
    patient = Limits(idle=30 * DAY, session=30 * DAY)  # tests let hours go by between two forms
    made = Site(Path(tmp_path_factory.mktemp("alerts")), limits=patient)
    yield made
    made.app.state.stores.close()


@pytest.fixture
def ward(wards: Site) -> Site:
    """The shared site, its clock at the start."""
    wards.now = START
    return wards


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No follower runs in these tests: nobody waits for it."""
    monkeypatch.setattr(sending, "PATIENCE_S", 0.0)


@pytest.fixture
def nurse(ward: Site) -> Bedside:
    """A nurse at the bed of a patient with CRS grade 1."""
    return Bedside(ward, "nurse", drawn(ward, *FEVER, course=f"alert-{next(_BEDS)}"))


@pytest.fixture
def physician(nurse: Bedside) -> Bedside:
    """A physician at the same bed."""
    return Bedside(nurse.site, "physician", nurse.course)
