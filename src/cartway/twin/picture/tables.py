"""The table that says what a picture shows: a row a place of the x axis, a column a line, band or set of points."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

import numpy as np

from cartway.twin.picture.marks import Axis, Band, Dots, Line, Panel, Step, Values
from cartway.twin.picture.scale import told


class Grid(NamedTuple):
    """A table: its caption, the heads of its columns, and its rows of words; the first column names the row."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grid_of(panel: Panel, digits: int = 3) -> Grid:
    """The lines, steps, bands and dots of a panel as a table; numbers with so many significant `digits`. What has no
    number at a place is blank there.
    """
    columns = [column for mark in panel.marks for column in _columns(mark, panel.y, digits)]
    places = sorted({place for _, cells in columns for place in cells})
    rows = tuple((_short(place, 6), *(cells.get(place, "") for _, cells in columns)) for place in places)
    return Grid(panel.title, (panel.x.label, *(head for head, _ in columns)), rows)


def html_of(grid: Grid, *, captioned: bool = True) -> str:
    """The table as markup, with the site's classes; a caption that is not shown is told all the same."""
    hidden = "" if captioned else ' class="visually-hidden"'
    heads = "".join(f'<th scope="col"{_right(i)}>{escape(head)}</th>' for i, head in enumerate(grid.heads))
    return (
        f'<table class="data"><caption{hidden}>{escape(grid.caption)}</caption><thead><tr>{heads}</tr></thead><tbody>'
        + "".join(_row(row) for row in grid.rows)
        + "</tbody></table>"
    )


def _row(row: tuple[str, ...]) -> str:
    cells = "".join(f'<td class="num">{escape(cell)}</td>' for cell in row[1:])
    return f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'


def _right(column: int) -> str:
    return ' class="num"' if column else ""


def _columns(mark: object, axis: Axis, digits: int) -> list[tuple[str, dict[float, str]]]:
    if isinstance(mark, Line | Step):
        return [(mark.name or mark.ends, _cells(mark.x, axis, digits, mark.y))]
    if isinstance(mark, Band):
        return [(mark.name, _cells(mark.x, axis, digits, mark.low, mark.high))]
    if isinstance(mark, Dots):
        return [(mark.name, _cells(mark.x, axis, digits, mark.y))]
    return []


def _cells(x: Values, axis: Axis, digits: int, *values: Values) -> dict[float, str]:
    """Words by place; of several numbers at one place the last one stands, as it does in the picture."""
    table = np.array([np.asarray(each, np.float64) for each in values])
    return {
        float(place): " to ".join(_told(float(value), axis, digits) for value in table[:, i])
        for i, place in enumerate(np.asarray(x, np.float64))
        if np.isfinite(table[:, i]).all()
    }


def _told(value: float, axis: Axis, digits: int) -> str:
    return told(float(f"{value:.{digits}g}"), axis)


def _short(value: float, digits: int) -> str:
    return f"{value:.{digits}g}"
