"""What a picture is made of, as values: a panel with two axes, and marks in it. Nothing here is drawn yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = Sequence[float] | NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
Kind: TypeAlias = Literal[
    "n1", "n2", "n3", "n4", "n5", "n6", "plain", "soft", "bad", "g0", "g1", "g2", "g3", "g4", "g5", "na"
]
Shape: TypeAlias = Literal["circle", "square", "triangle", "diamond", "down", "cross", "bar", "arrow"]
SERIES: tuple[Kind, ...] = ("n1", "n2", "n3", "n4", "n5", "n6")
GRADES: tuple[Kind, ...] = ("g0", "g1", "g2", "g3", "g4", "g5")
SHAPES: tuple[Shape, ...] = ("circle", "square", "triangle", "diamond", "down", "cross")


class Axis(NamedTuple):
    """One axis from `low` to `high`, in `label`'s unit; `low` above `high` turns it about.

    `ticks`: places with their words; without them round numbers (powers of ten on a `log` axis). `percent`: values are
    shares of 1 and are told as percent. `ruled`: lines across the panel at its ticks.
    """

    label: str
    low: float
    high: float
    log: bool = False
    percent: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    ruled: bool = False


class Line(NamedTuple):
    """A line through points; it breaks where a value is no number. `ends`: words at its end, in place of a legend."""

    name: str
    x: Values
    y: Values
    kind: Kind = "n1"
    dotted: bool = False
    ends: str = ""


class Step(NamedTuple):
    """A line that keeps its value until the next point, as of Kaplan and Meier; `censored`: places of small ticks."""

    name: str
    x: Values
    y: Values
    kind: Kind = "n1"
    censored: Values = ()
    ends: str = ""


class Band(NamedTuple):
    """What lies between two lines; of bands that lie in each other the inner ones have a greater `depth`, 1 to 3.

    `step`: its edges are steps.
    """

    name: str
    x: Values
    low: Values
    high: Values
    kind: Kind = "n1"
    depth: int = 1
    step: bool = False


class Dots(NamedTuple):
    """Single points, with whiskers where they are given. Several names may share a color: shape or `hollow` differ."""

    name: str
    x: Values
    y: Values
    kind: Kind = "plain"
    shape: Shape = "circle"
    hollow: bool = False
    x_low: Values = ()
    x_high: Values = ()
    y_low: Values = ()
    y_high: Values = ()
    size: float = 4.0


class Boxes(NamedTuple):
    """Filled boxes: bars, stacked bars, spans of a swimmer's lane. `words` are told inside where there is room.

    `hatched`: lines over the color, so that it differs from a neighbor without it.
    """

    name: str
    x_low: Values
    x_high: Values
    y_low: Values
    y_high: Values
    kind: Kind = "n1"
    words: Sequence[str] = ()
    hatched: bool = False


class Rule(NamedTuple):
    """A line across the panel at one place of the axis `of`: a threshold, the present moment."""

    of: Literal["x", "y"]
    at: float
    words: str = ""
    kind: Kind = "soft"


class Note(NamedTuple):
    """Words at a place."""

    x: float
    y: float
    words: str
    anchor: Literal["start", "middle", "end"] = "start"


Mark: TypeAlias = Line | Step | Band | Dots | Boxes | Rule | Note


class Panel(NamedTuple):
    """One picture: `title` and `says` (what it shows, in a sentence or two: what a screen reader tells), axes, marks.

    Marks are drawn in their order. `beneath`: rows of words below the x axis, a word a tick (the numbers at risk).
    `width` and `height` in pixels at full size. `headed`: the title stands in the picture, not on the page about it.
    """

    title: str
    says: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    width: int = 720
    height: int = 360
    beneath: tuple[tuple[str, tuple[str, ...]], ...] = ()
    beneath_title: str = ""
    headed: bool = True
    legend: bool = True
