"""A site with a folder of trial records: one course with large B-cell lymphoma, one of which nothing else is known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.times import parse
from cartway.web.forms import sending
from web.conftest import Site

EXAMPLES = Path(__file__).parents[3] / "examples" / "trials"
NOW = parse("2026-03-16T14:00Z")
DRAWN = (
    {"what": "age", "value": 58, "unit": "a"},
    {"what": "sex", "choice": "female"},
    {"what": "diagnosis", "choice": "dlbcl"},
    {"what": "travel_time", "value": 40, "unit": "min", "detail": {"country": "US"}},
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with the example records, to be changed by a test."""
    folder = tmp_path / "trials"
    shutil.copytree(EXAMPLES, folder)
    return folder


@pytest.fixture
def clinic(tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Course `c1` on 16 March 2026, and `c2` of which only the referral is known."""
    monkeypatch.setattr(sending, "PATIENCE_S", 0.0)
    made = Site(tmp_path, trials=shelf)
    made.now = NOW
    made.record([{"course": "c1", "at": "2026-03-01T09:00Z", "source": "chart", **row} for row in DRAWN])
    made.record([{"course": "c2", "at": "2026-03-01T09:00Z", "source": "chart", "what": "referral"}])
    yield made
    made.app.state.stores.close()
