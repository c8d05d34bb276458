"""Simulated and published side by side, as SVG: shares in percent, anything else as a ratio to the published figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cartway.twin.calibration.score import Scored
from cartway.twin.calibration.targets import is_share
from cartway.twin.picture import Axis, Dots, Mark, Panel, Rule, Shape, alone, draw

SHARES = Axis("share of patients", 0, 1, percent=True, ruled=True)
RATIOS = Axis("of the published figure", 0.05, 20, log=True, ruled=True)
SAYS = (
    "Each row is a published figure with its 95% interval, and what was simulated: a circle within it, a cross outside."
)
LOOKS: tuple[tuple[bool, str, Shape], ...] = ((True, "simulated: hit", "circle"), (False, "simulated: miss", "cross"))


def pictures_of(kind: str, title: str, some: Sequence[Scored]) -> Iterator[tuple[str, str]]:
    """Names and SVG files of one kind of targets: shares, and those that can be told as a ratio."""
    shares = [s for s in some if is_share(s.target)]
    ratios = [s for s in some if not is_share(s.target) and s.target.value > 0 and s.target.statistic != "correlation"]
    for part, axis, suffix, words in ((shares, SHARES, "", "shares"), (ratios, RATIOS, "-ratios", "days and levels")):
        if part:
            yield kind.replace(" ", "-") + suffix, _picture(f"{title}, {words}: simulated beside published", part, axis)


def _picture(title: str, part: Sequence[Scored], axis: Axis) -> str:
    marks: list[Mark] = [] if axis.percent else [Rule("x", 1.0)]
    by = [1.0 if axis.percent else s.target.value for s in part]
    rows = np.arange(len(part)) + 0.0
    at = {
        name: np.array([_held(value / scale, axis) for value, scale in zip(values, by, strict=True)])
        for name, values in (
            ("published", [s.target.value for s in part]),
            ("low", [s.published.low for s in part]),
            ("high", [s.published.high for s in part]),
            ("simulated", [s.simulated.value for s in part]),
        )
    }
    marks.append(Dots("published", at["published"], rows, "plain", "square", True, x_low=at["low"], x_high=at["high"]))
    for hit, name, shape in LOOKS:
        which = np.array([s.hit == hit for s in part])
        if which.any():
            marks.append(Dots(name, at["simulated"][which], rows[which], "n1" if hit else "bad", shape))
    ticks = tuple(
        (row, f"{s.target.trial}: {s.target.metric}"[:48]) for row, s in zip(rows.tolist(), part, strict=True)
    )
    panel = Panel(
        title, SAYS, axis, Axis("", len(part) - 0.5, -0.5, ticks=ticks), tuple(marks), 900, 110 + 17 * len(part)
    )
    return alone(draw(panel, "c"))


def _held(value: float, axis: Axis) -> float:
    """A value within the axis; what was not simulated stands at its end."""
    return axis.high if np.isnan(value) else float(min(max(value, axis.low), axis.high))
