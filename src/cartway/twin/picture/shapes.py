"""How each mark is drawn: SVG elements with classes and no style of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartway.twin.picture.marks import Band, Boxes, Dots, Line, Note, Rule, Shape, Step, Values
from cartway.twin.picture.scale import Scale
from cartway.twin.picture.words import SMALL, number, text, width

Places = NDArray[np.float64]
CENSOR = 4.0  # pixels of a tick above and below the line
_ROOM = 4.0
# The outline of each shape about its middle, in radii; what is not closed is stroked.
_OUTLINES: dict[str, tuple[str, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "square": ("Z", (((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),)),
    "triangle": ("Z", (((-1.15, 0.9), (1.15, 0.9), (0, -1.2)),)),
    "down": ("Z", (((-1.15, -0.9), (1.15, -0.9), (0, 1.2)),)),
    "diamond": ("Z", (((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),)),
    "arrow": ("Z", (((-0.6, -1.1), (1.2, 0), (-0.6, 1.1)),)),
    "cross": ("", (((-1, -1), (1, 1)), ((1, -1), (-1, 1)))),
    "bar": ("", (((0, -1.3), (0, 1.3)),)),
}


class Frame(NamedTuple):
    """Where marks are drawn: both scales, and the picture's name, which what is defined in it carries."""

    x: Scale
    y: Scale
    name: str


def line(mark: Line, frame: Frame) -> str:
    """A line, and dots on it where it asks for them."""
    x, y = frame.x.places(mark.x), frame.y.places(mark.y)
    drawn = f'<path class="line {mark.kind}" d="{_path(x, y)}"/>'
    return drawn + (
        "".join(_dot(shape_of(mark.kind), *at, f"dot {mark.kind}", 3.5) for at in _sound(x, y)) if mark.dotted else ""
    )


def step(mark: Step, frame: Frame) -> str:
    """A step line, and ticks where somebody was censored."""
    x, y = np.asarray(mark.x, float), np.asarray(mark.y, float)
    drawn = f'<path class="line {mark.kind}" d="{_path(*_stairs(frame.x.places(x), frame.y.places(y)))}"/>'
    if len(mark.censored) == 0:
        return drawn
    at = np.asarray(mark.censored, float)
    level = frame.y.places(y[np.clip(np.searchsorted(x, at, "right") - 1, 0, len(y) - 1)])
    marks = "".join(
        f"M{number(a)} {number(b - CENSOR)}v{number(2 * CENSOR)}"
        for a, b in zip(frame.x.places(at), level, strict=True)
    )
    return f'{drawn}<path class="censor {mark.kind}" d="{marks}"/>'


def band(mark: Band, frame: Frame) -> str:
    """A filled band, one closed piece for each run of numbers."""
    x, low, high = frame.x.places(mark.x), frame.y.places(mark.low), frame.y.places(mark.high)
    sound = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    pieces = "".join(_closed(x[run], low[run], high[run], mark.step) for run in _runs(sound))
    return f'<path class="band {mark.kind} depth{mark.depth}" d="{pieces}"/>'


def dots(mark: Dots, frame: Frame) -> str:
    """Points with their whiskers."""
    x, y = frame.x.places(mark.x), frame.y.places(mark.y)
    whiskers = ""
    if len(mark.x_low):
        whiskers += _whiskers(frame.x.places(mark.x_low), frame.x.places(mark.x_high), y, across=True)
    if len(mark.y_low):
        whiskers += _whiskers(frame.y.places(mark.y_low), frame.y.places(mark.y_high), x, across=False)
    drawn = f'<path class="whisker {mark.kind}" d="{whiskers}"/>' if whiskers else ""
    kind = f"dot {mark.kind}{' hollow' if mark.hollow else ''}"
    return drawn + "".join(_dot(mark.shape, a, b, kind, mark.size) for a, b in _sound(x, y))


def boxes(mark: Boxes, frame: Frame) -> str:
    """Filled boxes, hatched where asked, with their words where they fit."""
    left, right = _ordered(frame.x, mark.x_low, mark.x_high)
    top, bottom = _ordered(frame.y, mark.y_low, mark.y_high)
    rows = [
        row
        for row in zip(left, right, top, bottom, strict=True)
        if all(np.isfinite(row)) and row[1] > row[0] and row[3] > row[2]
    ]
    path = "".join(f"M{number(a)} {number(c)}H{number(b)}V{number(d)}H{number(a)}Z" for a, b, c, d in rows)
    if not path:
        return ""
    drawn = f'<path class="box {mark.kind}" d="{path}"/>'
    if mark.hatched:
        drawn += f'<path class="hatch" fill="url(#{frame.name}-hatch)" d="{path}"/>'
    return drawn + "".join(_inside(mark, left, right, top, bottom))


def _inside(mark: Boxes, left: Places, right: Places, top: Places, bottom: Places) -> Iterator[str]:
    for words, a, b, c, d in zip(mark.words, left, right, top, bottom, strict=False):
        if words and d - c >= SMALL and b - a >= width(words, SMALL) + _ROOM:
            yield text(
                (a + b) / 2, (c + d) / 2 + 4, words, f"within on-{mark.kind}{' over' if mark.hatched else ''}", "middle"
            )


def rule(mark: Rule, frame: Frame, words_from: float) -> str:
    """A line across the panel; its words stand at its upper or right end. `words_from`: the top of the panel."""
    if mark.of == "x":
        at = frame.x.place(mark.at)
        drawn = f'<path class="rule {mark.kind}" d="M{number(at)} {number(frame.y.start)}V{number(frame.y.end)}"/>'
        near_end = at + width(mark.words, SMALL) + 5 > frame.x.end
        x, anchor = (at - 4, "end") if near_end else (at + 4, "start")
        return drawn + (text(x, words_from + 11, mark.words, "halo", anchor) if mark.words else "")
    at = frame.y.place(mark.at)
    drawn = f'<path class="rule {mark.kind}" d="M{number(frame.x.start)} {number(at)}H{number(frame.x.end)}"/>'
    return drawn + (text(frame.x.end - 4, at - 5, mark.words, "halo", "end") if mark.words else "")


def note(mark: Note, frame: Frame) -> str:
    """Words at a place."""
    return text(frame.x.place(mark.x), frame.y.place(mark.y) + 4, mark.words, "halo", mark.anchor)


def shape_of(kind: str) -> Shape:
    """The shape that goes with a series, so that color is never alone."""
    order: tuple[Shape, ...] = ("circle", "square", "triangle", "diamond", "down", "cross")
    return order[int(kind[1]) - 1] if kind.startswith("n") and kind != "na" else "circle"


def swatch(shape: Shape, x: float, y: float, kind: str, size: float = 4.0) -> str:
    """One dot of a legend."""
    return _dot(shape, x, y, kind, size)


def _dot(shape: Shape, x: float, y: float, kind: str, r: float) -> str:
    if shape == "circle":
        return f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(r)}"/>'
    closing, strokes = _OUTLINES[shape]
    path = "".join(
        "M" + "L".join(f"{number(x + r * a)} {number(y + r * b)}" for a, b in each) + closing for each in strokes
    )
    return f'<path class="{kind}{"" if closing else " stroked"}" d="{path}"/>'


def _path(x: Places, y: Places) -> str:
    sound = np.isfinite(x) & np.isfinite(y)
    return "".join(
        "M" + "L".join(f"{number(a)} {number(b)}" for a, b in zip(x[run], y[run], strict=True)) for run in _runs(sound)
    )


def _stairs(x: Places, y: Places) -> tuple[Places, Places]:
    """The corners of a step line: along to the next place, then up or down."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def _closed(x: Places, low: Places, high: Places, stepped: bool) -> str:
    x_low, low = _stairs(x, low) if stepped else (x, low)
    x_high, high = _stairs(x, high) if stepped else (x, high)
    return _path(np.concatenate([x_low, x_high[::-1]]), np.concatenate([low, high[::-1]])) + "Z"


def _runs(sound: NDArray[np.bool_]) -> list[slice]:
    """The unbroken runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], sound, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in pairwise(edges) if sound[a]]


def _sound(x: Places, y: Places) -> list[tuple[float, float]]:
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True) if np.isfinite(a) and np.isfinite(b)]


def _ordered(scale: Scale, low: Values, high: Values) -> tuple[Places, Places]:
    a, b = scale.places(low), scale.places(high)
    return np.minimum(a, b), np.maximum(a, b)


def _whiskers(low: Places, high: Places, at: Places, *, across: bool) -> str:
    drawn: list[Any] = []
    for a, b, c in zip(low, high, at, strict=True):
        if np.isfinite([a, b, c]).all():
            drawn.append(f"M{number(a)} {number(c)}H{number(b)}" if across else f"M{number(c)} {number(a)}V{number(b)}")
    return "".join(drawn)
