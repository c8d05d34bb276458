"""What is read at the bedside and in the laboratory: one row a value, in the unit of the site, as far as anybody
charted it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cartway.problem import Problem
from cartway.twin.chart.draws import PERSON
from cartway.twin.chart.habits import Habits, Sign, load_signs
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, places
from cartway.twin.chart.slips import Entry, enter
from cartway.twin.population import load_bedside
from cartway.vocabulary import read_unit, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

WARD_DAYS = 21.0
"""Cytokines are measured in the hospital up to this day."""
BELOW, ABOVE = '{"below":true}', '{"above":true}'
UNIT_CHANCES = 16
"""From this place on, a person's chances decide the units in which values come."""


def chart_signs(sheet: Sheet, scene: Scene) -> None:
    """Chart every sign of `signs.toml` that the run has seen."""
    signs = load_signs()
    for place, sign in enumerate(signs.sign):
        if sign.seen in scene.run.seen:
            _chart(sheet, scene, sign, place)


def _chart(sheet: Sheet, scene: Scene, sign: Sign, place: int) -> None:
    seen = scene.run.seen[sign.seen]
    due = due_at(scene, sign.when) & ~np.isnan(seen)
    due &= scene.draws.of(sign.what) >= scene.habits.missing
    if sign.when == "round":
        due &= scene.draws.of("round") >= scene.habits.whole_round
    which = places(due)
    value, detail = _quantified(np.asarray(seen[which], np.float64), sign)
    other = other_unit(scene, sign.what, place)[which[0]]
    number, unit = in_unit(scene.habits, sign, value, other)
    enter(sheet, scene, Entry(sign, which, number, unit, detail))


def due_at(scene: Scene, when: str) -> Mask:
    """When something is looked for, bool[n, k]."""
    match when:
        case "round":
            return scene.inside | scene.visit
        case "morning":
            return (scene.inside | scene.visit) & scene.mornings[None, :]
        case "score":
            return scene.inside & (np.abs(2 * scene.days - np.rint(2 * scene.days)) < 1e-3)[None, :]
        case "ward":
            return scene.inside & (scene.mornings & (scene.days <= WARD_DAYS))[None, :]
        case _:
            return scene.alive & on_days(scene.days, load_signs().days[when])[None, :]


def on_days(grid: Numbers, days: tuple[float, ...]) -> Mask:
    """The moments of a grid that are nearest to days, bool[k]; a day further from any than a fortnight is none."""
    found = np.zeros(len(grid), bool)
    for day in days:
        nearest = int(np.argmin(np.abs(grid - day)))
        if abs(grid[nearest] - day) <= min(14.0, max(1.0, 0.1 * abs(day))):
            found[nearest] = True
    return found


def _quantified(value: Numbers, sign: Sign) -> tuple[Numbers, Pick]:
    """Values as written: what lies beyond what the assay can tell is given as its limit, and said to be beyond it.

    No assay tells more than the vocabulary holds possible; a sign without such words is held there.
    """
    low, high = limits_of(sign)
    beyond = np.where((value <= low) & (low > 0), 1, np.where(value >= high, 2, 0))
    if "above" not in vocabulary().variables[sign.what].detail:
        beyond = np.zeros(len(value), np.int64)
    return np.clip(value, low, high), Pick(("", BELOW, ABOVE), beyond)


@cache
def limits_of(sign: Sign) -> tuple[float, float]:
    """The least and the most that a sign is charted as, in its own unit: 0 is no limit that anything lies below."""
    noise, variable = load_bedside().noise.get(sign.seen), vocabulary().variables[sign.what]
    least, most = variable.possible or (-np.inf, np.inf)
    unit = read_unit(variable, sign.unit)
    if isinstance(unit, Problem):
        raise ValueError(f"{sign.what} is not measured in {sign.unit}")
    least, most = ((edge - unit.offset) / unit.scale for edge in (least, most))
    low, high = (noise.low, noise.high) if noise is not None else (-np.inf, np.inf)
    return max(low, least), min(high, most)


def other_unit(scene: Scene, what: str, place: int) -> Mask:
    """The patients whose values of a variable come in the site's other unit, bool[n]."""
    other = scene.habits.units.get(what)
    chance = scene.draws.person[:, UNIT_CHANCES + place % (PERSON - UNIT_CHANCES)]
    return chance < (0.0 if other is None else other.share)


def in_unit(habits: Habits, sign: Sign, value: Numbers, other: Mask) -> tuple[Numbers, Pick]:
    """Numbers as they are written, each in its own or in the other unit, rounded to as many digits as the unit
    carries.
    """
    written = np.round(value, sign.decimals)
    if not other.any():
        return written, Pick((sign.unit,), np.zeros(len(value), np.int64))
    unit = habits.units[sign.what].unit
    scale, offset = _between(sign.what, sign.unit, unit)
    decimals = max(0, sign.decimals - round(np.log10(scale)))
    return np.where(other, np.round(value * scale + offset, decimals), written), Pick(
        (sign.unit, unit), other.astype(int)
    )


def _between(what: str, given: str, wanted: str) -> tuple[float, float]:
    """What makes a number in one unit one in another: `scale`, `offset`."""
    variable = vocabulary().variables[what]
    here, there = read_unit(variable, given), read_unit(variable, wanted)
    if isinstance(here, Problem) or isinstance(there, Problem):
        raise ValueError(f"{what} is not measured in {given} or {wanted}")
    return here.scale / there.scale, (here.offset - there.offset) / there.scale
