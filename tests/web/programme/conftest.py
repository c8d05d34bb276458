"""The programme's pages over the invented courses of `examples/programme`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.intake import read_facts
from cartway.times import parse
from cartway.web.forms import sending
from web.conftest import Site

FOLDER = Path(__file__).parents[3] / "examples" / "programme"
NOW = parse("2026-03-16T14:00Z")


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site with the invented courses, on 16 March 2026."""
    monkeypatch.setattr(sending, "PATIENCE_S", 0.0)
    made = Site(tmp_path)
    made.now = NOW
    made.record(read_facts(sorted(FOLDER.glob("*.csv"))).facts)
    yield made
    made.app.state.stores.close()
