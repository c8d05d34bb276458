"""Marrow and blood of a virtual acute leukemia: blasts, residual disease, recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cartway.times import HOUR
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, Word, places
from cartway.twin.chart.shown import (
    BEFORE,
    Leukemia,
    antigen,
    first_true,
    least_so_far,
    load_shown,
    names_of_visits,
    off,
    then_treated,
    visits,
)
from cartway.twin.population import products

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
    Which = tuple[Ints, Ints]

RELAPSE_PERCENT = 5.0
NORMAL_BLASTS = 1.5
"""Blasts of a healthy marrow go up to about this, in percent (assumed)."""
MAKES_ALL_LINES = 0.3
"""Dividing marrow cells, of the usual number, from which all lines are seen to mature (assumed)."""
TESTED = 0.9
FLOW = '{"limit":0.0001,"method":"flow","specimen":"marrow"}'


def chart_leukemia(sheet: Sheet, scene: Scene) -> None:
    """Chart the baseline marrow, those after the infusion, and what follows a relapse."""
    shown, blasts = load_shown().leukemia, percent_blasts(scene, load_shown().leukemia)
    everyone = np.arange(len(blasts))
    start = (everyone, np.zeros(len(blasts), np.int64))
    _marrow(sheet, scene, start, blasts[start], np.full(len(blasts), BEFORE), "baseline", shown)
    grown = blasts >= 2.0 * least_so_far(blasts)
    looked = visits(scene, shown.days, (blasts >= shown.suspected_percent) & grown)
    worse = first_true(looked & _relapsed(blasts, looked))
    last = np.full(len(blasts), looked.shape[1])
    last[worse[0]] = worse[1]
    looked &= np.arange(looked.shape[1])[None, :] <= last[:, None]
    which = places(looked)
    event = names_of_visits(scene, which[1])
    _marrow(sheet, scene, which, blasts[which], scene.at[which] + HOUR, event, shown, scene.late[which])
    target = products()[scene.run.patients.product].target
    antigen(sheet, scene, worse, target, scene.chance("fourth", worse) < TESTED)
    then_treated(sheet, scene, worse)


def percent_blasts(scene: Scene, shown: Leukemia) -> Numbers:
    """Share of blasts in the marrow in percent, float64[n, k]; Liu 2022, doi 10.1136/jitc-2022-005360."""
    from cartway.twin.model import load_model

    body = scene.run.patients.parameters[:, load_model().parameters["Vb"]][:, None]
    per_ul = scene.tumor() / body
    return np.asarray(shown.most_percent * per_ul / (per_ul + shown.half_per_ul))


def _relapsed(blasts: Numbers, looked: Mask) -> Mask:
    """A marrow full of blasts after one that was clear."""
    clear = np.logical_or.accumulate(looked & (blasts < RELAPSE_PERCENT / 2), axis=1)
    return np.asarray(clear & (blasts > RELAPSE_PERCENT), bool)


def _marrow(
    sheet: Sheet, scene: Scene, which: Which, blasts: Numbers, at: Ints, event: Word, shown: Leukemia,
    late: Ints | None = None,
) -> None:  # fmt: skip
    who = which[0]
    counted = blasts * off(scene, "reader", which, shown.counted_off) + NORMAL_BLASTS * scene.chance("second", which)
    counted = np.minimum(np.where(counted < 5.0, np.round(counted, 1), np.rint(counted)), 100.0)
    sheet.add(who, at, "marrow_blasts", counted, "%", event=event, late=late)
    _blood(sheet, which, blasts, at, event, shown, late)
    sheet.add(who, at, "extramedullary_disease", choice="none", event=event, late=late)
    makes = scene.state("P")[which] >= MAKES_ALL_LINES
    sheet.add(who, at, "marrow_regeneration", choice=Pick(("no", "yes"), makes.astype(int)), event=event, late=late)
    share = blasts / 100.0 * off(scene, "third", which, shown.counted_off)
    seen = share >= shown.mrd_limit
    value = np.where(seen, _two_digits(np.minimum(share, 1.0)), np.nan)
    unit, found = Pick(("", "1"), seen.astype(int)), Pick(("not_detected", ""), seen.astype(int))
    sheet.add(who, at, "mrd", value, unit, choice=found, detail=FLOW, event=event, late=late)


def _blood(
    sheet: Sheet, which: Which, blasts: Numbers, at: Ints, event: Word, shown: Leukemia, late: Ints | None
) -> None:
    seen = blasts >= shown.seen_in_blood_percent
    value = np.where(seen, np.maximum(np.rint(blasts * shown.blood_of_marrow), 1.0), np.nan)
    unit, found = Pick(("", "%"), seen.astype(int)), Pick(("none", ""), seen.astype(int))
    sheet.add(which[0], at, "blood_blasts", value, unit, choice=found, event=event, late=late)


def _two_digits(share: Numbers) -> Numbers:
    """Shares to two digits, as laboratories report them."""
    power = 10.0 ** (np.floor(np.log10(np.maximum(share, 1e-12))) - 1.0)
    return np.asarray(np.minimum(np.rint(share / power) * power, 1.0))
