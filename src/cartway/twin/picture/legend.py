"""The legend above a panel: one entry a name, drawn as the mark itself is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cartway.twin.picture.marks import Band, Boxes, Dots, Line, Mark, Step
from cartway.twin.picture.shapes import shape_of, swatch
from cartway.twin.picture.words import SIZE, number, text, width

ROW = 19.0
_SWATCH, _GAP, _BETWEEN = 24.0, 6.0, 16.0

Named = Line | Step | Band | Dots | Boxes


class Entry(NamedTuple):
    """A mark of the legend at its place, in pixels from the legend's corner."""

    mark: Named
    x: float
    row: int


def entries(marks: tuple[Mark, ...], across: float) -> list[Entry]:
    """The entries in their order, flowing into rows of `across` pixels. What has words at its end needs none."""
    placed, x, row = [], 0.0, 0
    for mark in _named(marks):
        wide = _SWATCH + _GAP + width(mark.name) + _BETWEEN
        if x and x + wide - _BETWEEN > across:
            x, row = 0.0, row + 1
        placed.append(Entry(mark, x, row))
        x += wide
    return placed


def height(placed: list[Entry]) -> float:
    """How many pixels the legend takes."""
    return (placed[-1].row + 1) * ROW if placed else 0.0


def draw(placed: list[Entry], left: float, top: float, name: str) -> str:
    """The legend with its corner at `left`, `top`; `name` is the picture's."""
    return "".join(_entry(each, left + each.x, top + each.row * ROW + ROW / 2, name) for each in placed)


def _named(marks: tuple[Mark, ...]) -> Iterator[Named]:
    seen = set()
    for mark in marks:
        if isinstance(mark, Line | Step | Band | Dots | Boxes) and mark.name and mark.name not in seen:
            seen.add(mark.name)
            if not (isinstance(mark, Line | Step) and mark.ends):
                yield mark


def _entry(entry: Entry, x: float, y: float, name: str) -> str:
    return _sign(entry.mark, x, y, name) + text(x + _SWATCH + _GAP, y + SIZE / 2 - 2, entry.mark.name)


def _sign(mark: Named, x: float, y: float, name: str) -> str:
    if isinstance(mark, Line | Step):
        drawn = f'<path class="line {mark.kind}" d="M{number(x)} {number(y)}h{number(_SWATCH)}"/>'
        dotted = isinstance(mark, Line) and mark.dotted
        return drawn + (swatch(shape_of(mark.kind), x + _SWATCH / 2, y, f"dot {mark.kind}", 3.5) if dotted else "")
    if isinstance(mark, Dots):
        return swatch(mark.shape, x + _SWATCH / 2, y, f"dot {mark.kind}{' hollow' if mark.hollow else ''}", 4.0)
    square = f'd="M{number(x + 3)} {number(y - 6)}h{number(_SWATCH - 6)}v12h-{number(_SWATCH - 6)}Z"/>'
    if isinstance(mark, Band):
        return f'<path class="band {mark.kind} depth{mark.depth}" {square}'
    hatch = f'<path class="hatch" fill="url(#{name}-hatch)" {square}' if mark.hatched else ""
    return f'<path class="box {mark.kind}" {square}{hatch}'
