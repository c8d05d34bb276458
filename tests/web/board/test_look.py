"""The colors: enough contrast in both themes, by the formula of WCAG 2."""

from __future__ import annotations

import re
from importlib import resources

import pytest

CSS = (resources.files("cartway.web") / "static" / "cartway.css").read_text("utf-8")
THEMES = [
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
    for block in re.findall(r"\{([^{}]*)\}", CSS)
    if "--paper: #" in block and "--g4: #" in block
]
TEXT = [
    *((ink, sheet) for ink in ("ink", "soft", "accent") for sheet in ("paper", "sheet", "sunk")),
    *((ink, sheet) for ink in ("warn", "bad", "good", "info") for sheet in ("paper", "sheet", f"{ink}-sheet")),
    *((ink, f"{sheet}-sheet") for ink in ("ink", "soft") for sheet in ("warn", "bad", "good", "info")),
    *((f"t{grade}", f"g{grade}") for grade in (*range(6), "na")),
    ("on-accent", "accent"),
    ("tna", "hatch"),
]
SHAPES = [
    *((f"e{grade}", sheet) for grade in (*range(6), "na") for sheet in ("sheet", "sunk")),
    *((edge, sheet) for edge in ("edge", "focus") for sheet in ("paper", "sheet", "sunk")),
]


def luminance(color: str) -> float:
    digits = color.removeprefix("#")
    full = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_there_are_a_light_and_a_dark_theme_and_the_chosen_dark_is_the_systems() -> None:
    light, by_system, chosen = THEMES
    assert by_system == chosen != light


def test_the_formula() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES[:2], ids=["light", "dark"])
def test_text_can_be_read(theme: dict[str, str]) -> None:
    low = {(ink, sheet): contrast(theme[ink], theme[sheet]) for ink, sheet in TEXT}
    assert not {pair: ratio for pair, ratio in low.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", THEMES[:2], ids=["light", "dark"])
def test_shapes_can_be_told_from_what_is_behind_them(theme: dict[str, str]) -> None:
    low = {(edge, sheet): contrast(theme[edge], theme[sheet]) for edge, sheet in SHAPES}
    assert not {pair: ratio for pair, ratio in low.items() if ratio < 3}
