"""Words in a picture: about how wide they are, and safe in markup. No font is asked: it is the same everywhere."""

from __future__ import annotations

from html import escape
from itertools import pairwise

SIZE = 13.0  # pixels of usual words
SMALL = 12.0
_NARROW, _WIDE = frozenset("iljtfrI.,:;|!'() "), frozenset("mwMWGOQ%@")


def width(words: str, size: float = SIZE) -> float:
    """About how many pixels wide the words are in a usual sans serif; a little too wide rather than too narrow."""
    units = sum(
        0.32 if sign in _NARROW else 0.9 if sign in _WIDE else 0.7 if sign.isupper() else 0.58 for sign in words
    )
    return units * size


def number(value: float) -> str:
    """A coordinate: a tenth of a pixel is enough."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """One line of words; `kind` are its classes."""
    turned = "" if anchor == "start" else f' text-anchor="{anchor}"'
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{number(x)}" y="{number(y)}"{turned}>{escape(words)}</text>'


def apart(places: list[float], least: float, low: float, high: float) -> list[float]:
    """The places moved as little as a simple pass can, so that neighbors are `least` apart and all lie in low..high."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    over = max(0.0, moved[order[-1]] - high) if order else 0.0
    ceiling = high
    for i in reversed(order if over else []):
        moved[i] = min(moved[i], ceiling)
        ceiling = moved[i] - least
    return [max(low, place) for place in moved]
