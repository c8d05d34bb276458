"""Vasopressors as they are charted: a drip with its rate, each change of it, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import NO_TIME, Pick, Sheet, places, whole_minutes
from cartway.twin.course.support import Support

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Numbers = NDArray[np.float64]

PRESSORS = ("norepinephrine", "epinephrine")
"""The first vasopressor, and the second: vasopressin would not count as one (Lee 2019)."""
PER_KG, PER_MINUTE = "ug/kg/min", "ug/min"
RUNNING, STOPPED = '{"continuous":true}', '{"continuous":true,"status":"stopped"}'
PERSON_BY_MINUTE, PERSON_BY_CHANGE = 2, 3
LEAST = 0.01


class Steps(NamedTuple):
    """A drip's rows: the patient, the look at which each rate was set, the rate as written, the look at which it ended
    (the grid's length where none did), and whether the drip ended there too.
    """

    who: Ints
    column: Ints
    rate: Numbers
    after: Ints
    is_last: NDArray[np.bool_]


def chart_drips(sheet: Sheet, scene: Scene, support: Support) -> None:
    """Chart each vasopressor while it runs in the hospital."""
    by_minute = scene.draws.person[:, PERSON_BY_MINUTE] < scene.habits.rates_by_minute
    for drug, rates in zip(PRESSORS, support.rates, strict=True):
        running = ~np.isnan(rates) & scene.inside
        written = _written(rates.astype(np.float64), by_minute, scene.trait("weight_kg"))
        _chart(sheet, scene, drug, steps_of(running, written), by_minute)


def _chart(sheet: Sheet, scene: Scene, drug: str, steps: Steps, by_minute: NDArray[np.bool_]) -> None:
    """Rates with their ends, or for some patients as changes of the rate and a stop. Nobody stops one after death."""
    who, k = steps.who, scene.at.shape[1]
    begins, next_look = scene.at[who, steps.column], np.minimum(steps.after, k - 1)
    over = np.where(steps.after < k, scene.at[who, next_look], whole_minutes(scene.days[-1]))
    lives = np.isnan(scene.run.died_day[who])
    death = np.where(lives, over, whole_minutes(np.nan_to_num(scene.run.died_day))[who])
    ends = np.maximum(np.minimum(over, death), begins)
    by_change = (scene.draws.person[:, PERSON_BY_CHANGE] < scene.habits.drips_by_change)[who]
    unit = Pick((PER_KG, PER_MINUTE), by_minute[who].astype(int))
    until, late = np.where(by_change, NO_TIME, ends), scene.late[who, steps.column]
    sheet.add(who, begins, "drug", steps.rate, unit, choice=drug, detail=RUNNING, until=until, late=late)
    stop = by_change & steps.is_last & (steps.after < k) & (over <= death)
    late = scene.late[who, next_look]
    sheet.add(who[stop], ends[stop], "drug", choice=drug, detail=STOPPED, late=late[stop])


def steps_of(running: NDArray[np.bool_], written: Numbers) -> Steps:
    """A rate runs from the look at which it was set to the next at which it is set anew or no longer needed."""
    same = np.zeros_like(running)
    same[:, 1:] = running[:, 1:] & running[:, :-1] & (written[:, 1:] == written[:, :-1])
    who, column = places(running & ~same)
    _, _, after = spells(running)
    spell = np.cumsum((column == 0) | ~running[who, column - 1]) - 1
    is_last = np.append(spell[1:] != spell[:-1], True) if len(spell) else np.empty(0, bool)
    until = np.where(is_last, after[spell], np.append(column[1:], 0)[: len(who)])
    return Steps(who, column, written[who, column], until, is_last)


def _written(rates: Numbers, by_minute: NDArray[np.bool_], weight_kg: Numbers) -> Numbers:
    """Rates as they are set: to a hundredth of a microgram per kilogram, or to half a microgram a minute."""
    per_kg = np.maximum(np.round(rates, 2), LEAST)
    minute = np.maximum(np.rint(rates * weight_kg[:, None] * 2.0) / 2.0, 0.5)
    return np.where(by_minute[:, None], minute, per_kg)


def spells(on: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Each unbroken stretch: its row, its first column, and the first column after it."""
    edges = np.diff(np.pad(on, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    who, first = places(edges == 1)
    return who, first, places(edges == -1)[1]
