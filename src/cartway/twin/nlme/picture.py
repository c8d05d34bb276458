"""The visual predictive check as a picture: percentiles seen over those simulated, and the share below the limit."""

from __future__ import annotations

import numpy as np

from cartway.twin.nlme.check import Check
from cartway.twin.nlme.study import Study
from cartway.twin.picture import Axis, Band, Dots, Line, Mark, Panel, Rule, alone, days, reach, together

DAYS = (0.25, 0.5, 1, 2, 4, 7, 14, 28, 60, 90, 180, 365, 730, 1825, 3650)
NAMES = ("5th percentile", "median", "95th percentile")
WIDE = 40
"""Days are drawn on a logarithmic axis where the last is so many times the first."""


def vpc_panels(found: Check, study: Study) -> list[Panel]:
    """The panels of a check: levels over time, and the share below the limit where there is one."""
    axis = _days(study)
    panels = [_levels(found, study, axis)]
    if np.isfinite(study.limit):
        panels.append(_below(found, axis))
    return panels


def vpc(found: Check, study: Study, *, simulated: bool = False) -> str:
    """The picture as the text of an SVG file; `simulated`: the data themselves are, and the title says so."""
    panels = vpc_panels(found, study)
    title = "Visual predictive check (simulated data)" if simulated else "Visual predictive check"
    says = " ".join(panel.says for panel in panels)
    return alone(together(title, says, panels, 1, "vpc"))


def _days(study: Study) -> Axis:
    first, last = float(study.day.min()), float(study.day.max())
    if first <= 0 or last < WIDE * first:
        return days("Days from infusion", last * 1.03, first=min(first, 0.0))
    low, high = first / 1.1, last * 1.1
    ticks = tuple((day, f"{day:g}") for day in DAYS if low <= day <= high)
    return Axis("Days from infusion", low, high, log=True, ticks=ticks)


def _levels(found: Check, study: Study, axis: Axis) -> Panel:
    seen = study.value[~study.below]
    limit, unit = study.limit, f" [{study.unit}]" if study.unit else ""
    logarithmic = bool((seen > 0).all())
    positive = (lambda values: np.where(values > 0, values, np.nan)) if logarithmic else (lambda values: values)
    if logarithmic:
        low = min(float(seen.min()), limit if np.isfinite(limit) else np.inf) / 1.5
        high = float(max(seen.max(), np.nanmax(found.high))) * 1.5
    else:
        low, high = reach(seen, found.low, found.high)
    marks: list[Mark] = []
    for i, kind in ((2, "n2"), (1, "n1"), (0, "n3")):
        under = np.where(found.high[i] > 0, np.maximum(found.low[i], low), np.nan)
        marks.append(Band(f"{NAMES[i]}, simulated", found.day, under, positive(found.high[i]), kind))  # type: ignore[arg-type]
    marks.append(Dots("measured", study.day[~study.below], seen, "soft", "circle", True, size=2.0))
    for i, kind in ((2, "n2"), (1, "n1"), (0, "n3")):
        marks.append(Line(f"{NAMES[i]}, measured", found.day, found.seen[i], kind, dotted=i != 1))  # type: ignore[arg-type]
    if np.isfinite(limit):
        marks.append(Rule("y", limit, "limit of quantification"))
    says = (
        f"Bands: 95% intervals of the 5th, 50th and 95th percentile in {found.studies} simulated studies; lines: "
        f"the same percentiles of what was measured. {found.within:.0%} of them lie within their band."
    )
    label = f"{(study.what or 'level').replace('_', ' ')}{unit}"
    return Panel("Levels", says, axis, Axis(label, low, high, log=logarithmic, ruled=True), tuple(marks), height=420)


def _below(found: Check, axis: Axis) -> Panel:
    marks = (
        Band("simulated, 95% interval", found.day, found.below_low, found.below_high, "n4"),
        Line("measured", found.day, found.below, "n4"),
    )
    says = "The share of values below the limit of quantification, measured and simulated."
    return Panel("Below the limit", says, axis, Axis("share", 0.0, 1.0, percent=True, ruled=True), marks, height=220)
