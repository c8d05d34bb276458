"""A ward whose clock runs fast is as fresh as one whose clock does not: looks are missed in the time of the world."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cartway.times import SECOND, parse
from cartway.web.demo.clock import wind
from cartway.web.fresh import STALE_AFTER, Fresh, fresh

STORY = parse("2026-03-16T14:00Z")


def after(tmp_path: Path, rate: int, behind: int) -> Fresh:
    """How fresh a ward is that was looked at so long ago by a clock that runs at this rate."""
    clock = wind(tmp_path / "clock", STORY, STORY + 10**12, lambda: 0)
    if rate:
        clock.run(rate)
    hub = SimpleNamespace(latest=SimpleNamespace(checked_at=STORY - behind, now=STORY - behind, trouble=""))
    office = SimpleNamespace(hub=hub, config=SimpleNamespace(clock=clock))
    return fresh(cast(Any, office), STORY)


@pytest.mark.parametrize(("rate", "behind", "stale"), [
    (600, 300 * SECOND, False), (600, 601 * STALE_AFTER, True), (0, 2 * STALE_AFTER, True), (1, STALE_AFTER, False),
])  # fmt: skip
def test_it_is_stale_when_looks_were_missed(tmp_path: Path, rate: int, behind: int, stale: bool) -> None:
    assert after(tmp_path, rate, behind).is_stale is stale
