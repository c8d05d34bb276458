"""Five hundred kills on each store."""

from __future__ import annotations

import pytest

from record.crash import kill_again_and_again

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]


def test_five_hundred_kills_lose_nothing(store_url: str) -> None:
    assert kill_again_and_again(store_url, 500, seed=3) > 500
