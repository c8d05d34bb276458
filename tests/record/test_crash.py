"""What was acknowledged outlives SIGKILL. The long version is in `tests/soak`."""

from __future__ import annotations

from record.crash import kill_again_and_again


def test_fifty_kills_lose_nothing(store_url: str) -> None:
    assert kill_again_and_again(store_url, 50, seed=1) > 50
