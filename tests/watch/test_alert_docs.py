"""The page on alerts names every event and every rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartway.watch.rulebook import load_rulebook

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "alerts.md"


@pytest.mark.parametrize("name", [*load_rulebook().rules, *load_rulebook().events])
def test_it_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE.read_text("utf-8")
