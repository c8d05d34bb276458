"""A panel as SVG. Colors are classes: the page's stylesheet, or the one that `alone` puts into a file, says which."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from cartway.twin.picture import legend
from cartway.twin.picture.marks import Band, Boxes, Dots, Line, Mark, Note, Panel, Rule, Step
from cartway.twin.picture.scale import Scale, ticks
from cartway.twin.picture.shapes import Frame, band, boxes, dots, line, note, rule, step
from cartway.twin.picture.words import SMALL, apart, number, text, width

_EDGE = 8.0
_HEADING, _LABEL, _TICKS, _ROW = 24.0, 19.0, 18.0, 17.0
_END = 15.0  # pixels between words at the ends of lines
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class _Plot(NamedTuple):
    """The rectangle of the plot, in pixels, and where the legend and the y axis's words go."""

    left: float
    right: float
    top: float
    bottom: float
    legend_top: float
    label_y: float


def draw(panel: Panel, name: str) -> str:
    """The picture as an `<svg class="picture">`, for a page that has the stylesheet `picture.css`.

    `name` (a-z, 0-9, hyphens) starts every id in it and must be another for each picture of a page. Raises ValueError
    for a name that is none, and for an axis without length.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no name of a picture")
    return _svg(panel.title, panel.says, panel.width, panel.height, inside(panel, name), name)


def together(title: str, says: str, panels: Sequence[Panel], columns: int, name: str) -> str:
    """Several panels as one picture, row by row, each as high as the highest of its row."""
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    wide = max(sum(panel.width for panel in row) for row in rows)
    drawn, top = [], _HEADING + _EDGE
    for row_number, row in enumerate(rows):
        left = 0
        for column, panel in enumerate(row):
            drawn.append(
                f'<g transform="translate({left} {number(top)})">{inside(panel, f"{name}-{row_number}-{column}")}</g>'
            )
            left += panel.width
        top += max(panel.height for panel in row) + _EDGE
    return _svg(title, says, wide, top, text(_EDGE, 19, title, "title") + "".join(drawn), name)


def _svg(title: str, says: str, wide: float, high: float, drawn: str, name: str) -> str:
    size = f'width="{number(wide)}" height="{number(high)}" viewBox="0 0 {number(wide)} {number(high)}"'
    return (
        f'<svg class="picture" xmlns="http://www.w3.org/2000/svg" role="img" {size} '
        f'aria-labelledby="{name}-title {name}-says"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-says">{escape(says)}</desc>{drawn}</svg>'
    )


def inside(panel: Panel, name: str) -> str:
    """What stands in the `<svg>` of a panel."""
    placed = legend.entries(panel.marks, panel.width - 2 * _EDGE) if panel.legend else []
    plot = _laid_out(panel, legend.height(placed))
    frame = Frame(Scale(panel.x, plot.left, plot.right), Scale(panel.y, plot.bottom, plot.top), name)
    clipped = "".join(_mark(mark, frame) for mark in panel.marks if not isinstance(mark, Rule | Note))
    above = "".join(_above(mark, frame, plot.top) for mark in panel.marks if isinstance(mark, Rule | Note))
    return (
        _defined(plot, name, panel)
        + (text(_EDGE, 19, panel.title, "title") if panel.headed else "")
        + legend.draw(placed, _EDGE, plot.legend_top, name)
        + _axes(panel, frame, plot)
        + f'<g clip-path="url(#{name}-plot)">{clipped}</g>{above}'
        + _ends(panel, frame, plot)
        + _beneath(panel, frame, plot)
    )


def _laid_out(panel: Panel, legend_height: float) -> _Plot:
    legend_top = _HEADING + 4 if panel.headed else _EDGE
    label_y = legend_top + legend_height + (17 if panel.y.label else 0)
    top = label_y + (12 if panel.y.label else 4)
    told = [words for _, words in ticks(panel.y)] or [""]
    rows = [width(name, SMALL) + 18 for name, _ in panel.beneath]
    left = _EDGE + max(max(width(words, SMALL) for words in told) + 8, *rows, 12)
    ends = [1.08 * width(mark.ends) for mark in panel.marks if isinstance(mark, Line | Step) and mark.ends]
    below = (
        _TICKS + (_LABEL if panel.x.label else 4) + _ROW * len(panel.beneath) + (_ROW + 4 if panel.beneath_title else 0)
    )
    return _Plot(
        left, panel.width - max([14.0, *(end + 14 for end in ends)]), top, panel.height - below - 4, legend_top, label_y
    )


def _defined(plot: _Plot, name: str, panel: Panel) -> str:
    room = 6  # half a dot may stand over the edge
    corner = f'x="{number(plot.left - room)}" y="{number(plot.top - room)}"'
    size = f'width="{number(plot.right - plot.left + 2 * room)}" height="{number(plot.bottom - plot.top + 2 * room)}"'
    clip = f'<clipPath id="{name}-plot"><rect {corner} {size}/></clipPath>'
    hatch = (
        f'<pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path class="stripe" d="M1 0V6"/></pattern>'
    )
    needed = any(isinstance(mark, Boxes) and mark.hatched for mark in panel.marks)
    return f"<defs>{clip}{hatch if needed else ''}</defs>"


def _axes(panel: Panel, frame: Frame, plot: _Plot) -> str:
    drawn = [
        _y_tick(value, words, frame, plot, panel.y.ruled) for value, words in ticks(panel.y) if frame.y.shows(value)
    ]
    drawn += [_x_tick(value, frame, plot, panel.x.ruled) for value, _ in ticks(panel.x) if frame.x.shows(value)]
    drawn.append(f'<path class="axis" d="M{number(plot.left)} {number(plot.bottom)}H{number(plot.right)}"/>')
    drawn += [text(at, plot.bottom + 17, words, "tick", "middle") for at, words in _readable(panel, frame)]
    if panel.y.label:
        drawn.append(text(_EDGE, plot.label_y, panel.y.label, "label"))
    if panel.x.label:
        middle = (plot.left + plot.right) / 2
        drawn.append(text(middle, plot.bottom + _TICKS + 16, panel.x.label, "label", "middle"))
    return "".join(drawn)


def _readable(panel: Panel, frame: Frame) -> list[tuple[float, str]]:
    """The words of the x axis that do not run into each other: from left to right, those with room."""
    kept: list[tuple[float, str]] = []
    free = -math.inf
    for value, words in sorted(ticks(panel.x), key=lambda tick: frame.x.place(tick[0])):
        at, half = frame.x.place(value), width(words, SMALL) / 2
        if frame.x.shows(value) and at - half > free:
            kept.append((at, words))
            free = at + half + 4
    return kept


def _y_tick(value: float, words: str, frame: Frame, plot: _Plot, ruled: bool) -> str:
    at = frame.y.place(value)
    across = f'<path class="grid" d="M{number(plot.left)} {number(at)}H{number(plot.right)}"/>' if ruled else ""
    return across + text(plot.left - 8, at + 4, words, "tick", "end")


def _x_tick(value: float, frame: Frame, plot: _Plot, ruled: bool) -> str:
    at = frame.x.place(value)
    down = f'<path class="grid" d="M{number(at)} {number(plot.top)}V{number(plot.bottom)}"/>' if ruled else ""
    return f'{down}<path class="axis" d="M{number(at)} {number(plot.bottom)}v4"/>'


def _mark(mark: Mark, frame: Frame) -> str:
    match mark:
        case Line():
            return line(mark, frame)
        case Step():
            return step(mark, frame)
        case Band():
            return band(mark, frame)
        case Dots():
            return dots(mark, frame)
        case Boxes():
            return boxes(mark, frame)
    raise TypeError(f"a {type(mark).__name__} is drawn above the others")


def _above(mark: Rule | Note, frame: Frame, top: float) -> str:
    return rule(mark, frame, top) if isinstance(mark, Rule) else note(mark, frame)


def _ends(panel: Panel, frame: Frame, plot: _Plot) -> str:
    """Words at the ends of lines, moved apart where lines end near each other."""
    ending = [mark for mark in panel.marks if isinstance(mark, Line | Step) and mark.ends and len(mark.y)]
    levels = [float(frame.y.place(float(mark.y[-1]))) for mark in ending]
    places = apart(levels, _END, plot.top + 4, plot.bottom - 4)
    return "".join(
        text(frame.x.place(float(mark.x[-1])) + 6, at + 4, mark.ends, f"ends {mark.kind}")
        for mark, at in zip(ending, places, strict=True)
    )


def _beneath(panel: Panel, frame: Frame, plot: _Plot) -> str:
    """The rows below the axis, each word under its tick."""
    top = plot.bottom + _TICKS + (_LABEL if panel.x.label else 4) + 12
    drawn = []
    if panel.beneath_title:
        drawn.append(text(_EDGE, top + 4, panel.beneath_title, "label"))
        top += _ROW + 4
    for row, (named, words) in enumerate(panel.beneath):
        y = top + row * _ROW
        drawn.append(text(_EDGE, y, named, "tick"))
        places = [frame.x.place(value) for value, _ in ticks(panel.x)]
        drawn += [text(at, y, each, "tick", "middle") for at, each in zip(places, words, strict=False)]
    return "".join(drawn)
