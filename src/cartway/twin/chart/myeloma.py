"""Serum, urine and marrow of a virtual myeloma, month by month, as IMWG 2016 reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.times import HOUR
from cartway.twin.chart.draws import PERSON
from cartway.twin.chart.habits import Sign
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, Word, places
from cartway.twin.chart.shown import (
    BEFORE,
    Myeloma,
    antigen,
    first_true,
    least_so_far,
    load_shown,
    names_of_visits,
    off,
    then_treated,
    visits,
)
from cartway.twin.chart.signs import in_unit, on_days, other_unit
from cartway.twin.population import products

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
    Which = tuple[Ints, Ints]

KAPPA, LIGHT_CHAIN_ONLY = PERSON - 1, PERSON - 2
"""Places of the person's chances for the kind of light chain, and for a myeloma that makes nothing else."""
KAPPA_SHARE = 0.65
SERUM_RISE, LIGHT_CHAIN_RISE = 0.5, 100.0
"""What counts as a rise beside a quarter more: g/dL, and mg/L of the difference of light chains (Kumar 2016)."""
CLEAR_OF_CLONE = 1e-3
"""Share of the marrow below which a stain finds no clonal plasma cells (assumed)."""
BODY_MARROW_CELLS = 2e12
TESTED = 0.2
SEQUENCED = '{"limit":0.00001,"method":"ngs","specimen":"marrow"}'
FIXED = ("negative", "positive")


class Markers(NamedTuple):
    """True values of the disease's markers, float64[n, k] each: serum g/dL, light chains mg/L, marrow percent and
    share.
    """

    serum: Numbers
    involved: Numbers
    plasma_cells: Numbers
    share: Numbers
    kappa: Mask


def chart_myeloma(sheet: Sheet, scene: Scene) -> None:
    """Chart the baseline, every month until progression is confirmed, and the marrow on its dates."""
    shown, true = load_shown().myeloma, markers(scene, load_shown().myeloma)
    everyone = np.arange(len(true.serum))
    start = (everyone, np.zeros(len(everyone), np.int64))
    before = np.full(len(everyone), BEFORE)
    _blood(sheet, scene, start, true, before, "baseline", shown)
    _marrow(sheet, scene, start, true, before, "baseline", shown)
    looked = visits(scene, shown.days, np.zeros(true.serum.shape, bool))
    worse = _confirmed(looked, rises(true, looked))
    looked &= np.arange(looked.shape[1])[None, :] <= _last(worse, looked.shape)[:, None]
    which = places(looked)
    event = names_of_visits(scene, which[1])
    _blood(sheet, scene, which, true, scene.at[which] + HOUR, event, shown, scene.late[which])
    _marrows(sheet, scene, looked, true, shown)
    target = products()[scene.run.patients.product].target
    antigen(sheet, scene, worse, target, scene.chance("fourth", worse) < TESTED)
    then_treated(sheet, scene, worse, days=14)


def markers(scene: Scene, shown: Myeloma) -> Markers:
    """The markers as the body makes them."""
    of_start, tumor = scene.state("MP"), scene.tumor()
    alone = (scene.draws.person[:, LIGHT_CHAIN_ONLY] < shown.light_chain_only)[:, None]
    peak = scene.trait("m_protein_0")[:, None] / 10.0
    serum = np.where(alone, 0.0, peak * of_start)
    first = np.where(alone, shown.light_chains_alone_mg_l * peak / 2.5, shown.light_chains_of_serum_mg_l * peak)
    plasma = shown.normal_plasma_cells_percent + 100.0 * tumor / (tumor + shown.half_marrow_cells)
    kappa = scene.draws.person[:, KAPPA] < KAPPA_SHARE
    involved = shown.normal_light_chain_mg_l + first * of_start
    return Markers(serum, involved, np.minimum(plasma, 100.0), tumor / (tumor + BODY_MARROW_CELLS), kappa)


def rises(true: Markers, looked: Mask) -> Mask:
    """Where a marker stands a quarter and the least amount above its lowest, bool[n, k]."""
    by_serum = _risen(true.serum, looked, SERUM_RISE)
    return np.asarray(by_serum | ((true.serum[:, :1] == 0.0) & _risen(true.involved, looked, LIGHT_CHAIN_RISE)), bool)


def _risen(values: Numbers, looked: Mask, least_rise: float) -> Mask:
    seen = np.where(looked, values, np.inf)
    seen[:, 0] = values[:, 0]
    least = least_so_far(seen)
    return np.asarray((values >= 1.25 * least) & (values - least >= least_rise), bool)


def _confirmed(looked: Mask, risen: Mask) -> Which:
    """The visit at which a rise is seen for the third time: twice for the rise, once more since assays stray."""
    times = np.cumsum(looked & risen, axis=1)
    return first_true(times >= 3)


def _last(which: Which, shape: tuple[int, ...]) -> Ints:
    last = np.full(shape[0], shape[1])
    last[which[0]] = which[1]
    return last


def _blood(
    sheet: Sheet, scene: Scene, which: Which, true: Markers, at: Ints, event: Word, shown: Myeloma,
    late: Ints | None = None,
) -> None:  # fmt: skip
    who = which[0]
    serum = true.serum[which] * off(scene, "reader", which, shown.assay_off)
    measured = np.where(serum < shown.quantified_g_dl, 0.0, serum)
    _measured(sheet, scene, "serum_m_protein", who, at, measured * 10.0, event, late)
    urine = np.rint(serum * shown.urine_of_serum_mg)
    sheet.add(who, at, "urine_m_protein", urine, "mg/d", event=event, late=late)
    involved = true.involved[which] * off(scene, "second", which, shown.light_chains_off)
    other = shown.normal_light_chain_mg_l * off(scene, "third", which, shown.light_chains_off)
    kappa = true.kappa[who]
    _measured(sheet, scene, "kappa_light_chains", who, at, np.where(kappa, involved, other), event, late)
    _measured(sheet, scene, "lambda_light_chains", who, at, np.where(kappa, other, involved), event, late)
    band = (serum >= shown.fixed_g_dl) | (involved >= 4.0 * shown.normal_light_chain_mg_l)
    fixed = Pick(FIXED, band.astype(int))
    sheet.add(who, at, "serum_immunofixation", choice=fixed, event=event, late=late)
    in_urine = Pick(FIXED, ((urine >= 20.0) | (involved >= 8.0 * shown.normal_light_chain_mg_l)).astype(int))
    sheet.add(who, at, "urine_immunofixation", choice=in_urine, event=event, late=late)


UNITS = {
    "serum_m_protein": Sign("", "serum_m_protein", "g/L", "", 1),
    "kappa_light_chains": Sign("", "kappa_light_chains", "mg/L", "", 1),
    "lambda_light_chains": Sign("", "lambda_light_chains", "mg/L", "", 1),
}


def _measured(
    sheet: Sheet, scene: Scene, what: str, who: Ints, at: Ints, value: Numbers, event: Word, late: Ints | None
) -> None:
    number, unit = in_unit(scene.habits, UNITS[what], value, other_unit(scene, what, 51)[who])
    sheet.add(who, at, what, number, unit, event=event, late=late)


def _marrows(sheet: Sheet, scene: Scene, looked: Mask, true: Markers, shown: Myeloma) -> None:
    """Marrow on its dates, and where blood and urine are clear for the first time."""
    clear = looked & (true.serum < shown.fixed_g_dl) & (true.involved < 4.0 * shown.normal_light_chain_mg_l)
    taken = looked & on_days(scene.days, shown.marrow_days)[None, :]
    first = first_true(clear)
    taken[first] = True
    which = places(taken)
    event = names_of_visits(scene, which[1])
    _marrow(sheet, scene, which, true, scene.at[which] + 2 * HOUR, event, shown, scene.late[which])


def _marrow(
    sheet: Sheet, scene: Scene, which: Which, true: Markers, at: Ints, event: Word, shown: Myeloma,
    late: Ints | None = None,
) -> None:  # fmt: skip
    who = which[0]
    counted = true.plasma_cells[which] * off(scene, "fourth", which, shown.counted_off)
    counted = np.minimum(np.where(counted < 5.0, np.round(counted, 1), np.rint(counted)), 100.0)
    sheet.add(who, at, "marrow_plasma_cells", counted, "%", event=event, late=late)
    clonal = Pick(("absent", "present"), (true.share[which] >= CLEAR_OF_CLONE).astype(int))
    sheet.add(who, at, "marrow_clonality", choice=clonal, event=event, late=late)
    seen = true.share[which] >= shown.mrd_limit
    found = Pick(("not_detected", "detected"), seen.astype(int))
    sheet.add(who, at, "mrd", choice=found, detail=SEQUENCED, event=event, late=late)
