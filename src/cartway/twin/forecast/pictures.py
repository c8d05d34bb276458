"""Pictures of a forecast and of how good forecasts are, as panels of `cartway.twin.picture`."""

from __future__ import annotations

import numpy as np

from cartway.toxicity.wording import unit_text
from cartway.twin.forecast.scores import SCORED, Scores
from cartway.twin.forecast.told import Fan, Point
from cartway.twin.picture import SERIES, SHAPES, Axis, Band, Dots, Line, Mark, Panel, Rule, days, reach

FEVER = 38.0
WIDE, HIGH = 460, 300
SAID = {"temperature": "Temperature", "crp": "CRP", "ferritin": "Ferritin", "cart_cells": "CAR T cells"}


def fan_panel(fan: Fan, now: float) -> Panel:
    """A fan over the patient's own readings; now is a line."""
    exact = [each for each in fan.points if not each.limit]
    limits = [each for each in fan.points if each.limit]
    marks: list[Mark] = [
        Band("95 % of what is likely", fan.days, fan.low95, fan.high95, depth=1),
        Band("80 %", fan.days, fan.low80, fan.high80, depth=2),
        Line("median", fan.days, fan.middle),
        Rule("x", now, "now", "plain"),
    ]
    if exact:
        marks.append(Dots("read", *_places(exact)))
    if limits:
        marks.append(Dots("read as a limit", *_places(limits), shape="down", hollow=True))
    if fan.name == "temperature":
        marks.append(Rule("y", FEVER, "fever"))
    span = days("Days from the infusion", max(fan.days), first=min([*fan.days, *(each.day for each in fan.points)]))
    return Panel(fan.label, says(fan, now), span, _height(fan), tuple(marks), WIDE, HIGH)


def _places(points: list[Point]) -> tuple[list[float], list[float]]:
    return [each.day for each in points], [each.value for each in points]


def _height(fan: Fan) -> Axis:
    values = [value for value in (*fan.low95, *fan.high95, *(each.value for each in fan.points)) if np.isfinite(value)]
    unit = unit_text(fan.unit)
    if fan.logarithmic:
        above = [value for value in values if value > 0]
        return Axis(unit, min(above) / 1.3, max(above) * 1.3, log=True)
    return Axis(unit, *reach(values, zero=fan.name != "temperature"))


def says(fan: Fan, now: float) -> str:
    """The fan in a sentence: its median and 80 % limits two weeks ahead, and how many readings it lies over."""
    place = int(np.argmax(fan.middle))
    unit = unit_text(fan.unit)
    return (
        f"{fan.label}: {len(fan.points)} readings up to day {now:.1f}. The median is highest on day "
        f"{fan.days[place]:.1f}, {fan.middle[place]:g} {unit}; "
        f"on day {fan.days[-1]:.1f} it is {fan.middle[-1]:g} {unit}, "
        f"and {fan.low80[-1]:g} to {fan.high80[-1]:g} hold 80 %. The table says all of it."
    )


def coverage_panel(scores: Scores) -> Panel:
    """Shares inside both intervals by sign and day, with two standard errors."""
    marks: list[Mark] = [Rule("y", 0.8, "80 %"), Rule("y", 0.95, "95 %")]
    for i, day in enumerate(sorted({each.day for each in scores.coverage})):
        mine = {each.sign: each for each in scores.coverage if each.day == day}
        signs = [sign for sign in SCORED if sign in mine]
        for level, hollow in (("80", False), ("95", True)):
            share = np.array([getattr(mine[sign], f"in{level}") for sign in signs])
            error = 2 * np.array([getattr(mine[sign], f"error{level}") for sign in signs])
            places = [SCORED.index(sign) + 0.2 * (i - 1) for sign in signs]
            marks.append(
                Dots(
                    f"day {day:.0f}, {level} %", places, share, SERIES[i], SHAPES[i], hollow,
                    y_low=share - error, y_high=np.minimum(share + error, 1.0),
                )
            )  # fmt: skip
    across = Axis("", -0.5, len(SCORED) - 0.5, ticks=tuple((i, SAID[sign]) for i, sign in enumerate(SCORED)))
    lowest = min([0.7, *(each.in80 - 2 * each.error80 - 0.02 for each in scores.coverage)])
    told = "Shares of later readings inside the 80 % and 95 % intervals by sign and day of the forecast."
    return Panel("Inside the intervals", told, across, Axis("readings inside", lowest, 1.0, percent=True), tuple(marks))


def chances_panel(scores: Scores) -> Panel:
    """Chances that were told against shares that came, in groups of chances."""
    marks: list[Mark] = [Line("as it should be", [0, 1], [0, 1], "soft")]
    names = ("crs_2", "crs_3", "icans_2", "neutropenia", "response", "relapse_180")
    for i, name in enumerate(names):
        groups = [group for each in scores.brier if each.name == name for group in each.groups if group.forecasts >= 15]
        if groups:
            said, came = [group.said for group in groups], [group.came for group in groups]
            marks.append(Dots(name.replace("_", " "), said, came, SERIES[i], SHAPES[i]))
    told = "Mean chance told against the share that came, a point a group of at least 15 forecasts of one day."
    axis = Axis("chance told", 0.0, 1.0, percent=True)
    return Panel("Chances told and what came", told, axis, Axis("came", 0.0, 1.0, percent=True), tuple(marks), 560, 440)
