"""The visual predictive check as a picture: percentiles seen over those simulated, and the share below the limit."""

from __future__ import annotations

import numpy as np

from cartway.twin.nlme.check import Check
from cartway.twin.nlme.study import Study
from cartway.twin.picture import Axis, Band, Dots, Kind, Line, Mark, Note, Panel, Rule, alone, days, reach, together
from cartway.vocabulary import vocabulary

DAYS = (0.25, 0.5, 1, 2, 4, 7, 14, 28, 60, 90, 180, 365, 730, 1825, 3650)
NAMES = ("5th percentile", "median", "95th percentile")
KINDS: tuple[tuple[int, Kind], ...] = ((2, "n2"), (1, "n1"), (0, "n3"))
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
    seen, at = study.value[~study.below], study.day[~study.below]
    says = (
        f"Bands: 95% intervals of the 5th, 50th and 95th percentile in {found.studies} simulated studies; lines: "
        f"the same percentiles of what was measured. {found.within:.0%} of them lie within their band."
    )
    level = _level_axis(found, study)
    marks: tuple[Mark, ...] = (
        *(_band(found, i, kind, level) for i, kind in KINDS),
        Dots("measured", at, seen, "soft", "circle", True, size=2.0),
        *(Line(f"{NAMES[i]}, measured", found.day, found.seen[i], kind, dotted=i != 1) for i, kind in KINDS),
        *_limit(study.limit, axis, level),
    )
    return Panel("Levels", says, axis, level, marks, height=420)


def _level_axis(found: Check, study: Study) -> Axis:
    variable = vocabulary().variables.get(study.what)
    label = (variable.label if variable else "Level") + (f" [{_spoken(study.unit)}]" if study.unit else "")
    seen = study.value[~study.below]
    if not (seen > 0).all():
        return Axis(label, *reach(seen, found.low, found.high), ruled=True)
    low = float(np.nanmin([seen.min() / 1.5, study.limit / 2.5]))
    high = float(max(seen.max(), np.nanmax(found.high))) * 1.5
    return Axis(label, low, high, log=True, ruled=True)


def _spoken(unit: str) -> str:
    """A unit as people write it: UCUM's /ug{DNA} is per ug DNA."""
    return unit.replace("{", " ").replace("}", "").replace("/", " per ").strip()


def _band(found: Check, i: int, kind: Kind, level: Axis) -> Band:
    """The simulated interval of a percentile; what lies below the limit goes down to the axis."""
    low, high = found.low[i], found.high[i]
    if level.log:
        low, high = np.where(high > 0, np.maximum(low, level.low), np.nan), np.where(high > 0, high, np.nan)
    return Band(f"{NAMES[i]}, simulated", found.day, low, high, kind)


def _limit(limit: float, axis: Axis, level: Axis) -> tuple[Mark, ...]:
    """The limit of quantification, named below its line, where no dot lies."""
    if not np.isfinite(limit):
        return ()
    left = axis.low * 1.03 if axis.log else axis.low + 0.01 * (axis.high - axis.low)
    under = limit / 1.45 if level.log else limit
    return Rule("y", limit), Note(left, under, "limit of quantification")


def _below(found: Check, axis: Axis) -> Panel:
    marks = (
        Band("simulated, 95% interval", found.day, found.below_low, found.below_high, "n4"),
        Line("measured", found.day, found.below, "n4"),
    )
    says = "The share of values below the limit of quantification, measured and simulated."
    return Panel("Below the limit", says, axis, Axis("share", 0.0, 1.0, percent=True, ruled=True), marks, height=220)
