"""Scans of a virtual lymphoma: targets in two diameters and PET, as Lugano 2014 reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cartway.times import HOUR, MINUTE
from cartway.twin.chart.draws import normal
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, places
from cartway.twin.chart.shown import (
    BEFORE,
    Lymphoma,
    antigen,
    first_true,
    least_so_far,
    load_shown,
    names_of_visits,
    off,
    then_treated,
    visits,
)
from cartway.twin.chart.signs import other_unit
from cartway.twin.population import products

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
    Which = tuple[Ints, Ints]

CELLS_PER_ML = 1e9
SCORES = np.array([-1.0, -0.4, 0.0, 0.8])
"""Where scores 2 to 5 begin: powers of ten from the tumor that is as bright as the liver (assumed)."""
HOT = 4
CHANGES = ("reduced", "no_significant_change", "increased")
GROWN = 1.2
"""Of the tumor at the start: the progression of Kimmel 2021."""
TOO_SMALL_CM = 0.5
TESTED = 0.6
"""Share of progressions of which tissue is taken and stained."""
NEW_FOCUS = '{"fdg":true}'


def chart_lymphoma(sheet: Sheet, scene: Scene) -> None:
    """Chart the baseline, the scans, and what follows the first that shows progression."""
    shown, tumor = load_shown().lymphoma, scene.tumor()
    everyone = np.arange(len(tumor))
    start = (everyone, np.zeros(len(tumor), np.int64))
    sheet.add(everyone, BEFORE, "fdg_avid", choice="yes", event="baseline")
    _targets(sheet, scene, start, _volumes(scene, tumor, shown)[start], baseline=True)
    sheet.add(everyone, BEFORE, "deauville_score", 5.0, "{score}", event="baseline")
    looked = visits(scene, shown.days, suspected(tumor, shown))
    score, changed, regrown = _read(scene, tumor, looked, shown)
    worse = first_true(looked & (regrown | ((score >= HOT) & (changed == CHANGES.index("increased")))))
    looked &= ~_after(worse, looked.shape)
    _scans(sheet, scene, places(looked), tumor, (score, changed, regrown))
    target = products()[scene.run.patients.product].target
    antigen(sheet, scene, worse, target, scene.chance("fourth", worse) < TESTED)
    then_treated(sheet, scene, worse)


def suspected(tumor: Numbers, shown: Lymphoma) -> Mask:
    """Where growth shows by itself: the tumor is as large as at the start again, and twice its least."""
    large = tumor >= shown.suspected_at * tumor[:, :1]
    return np.asarray(large & (tumor >= shown.twice_its_least * least_so_far(tumor)), bool)


def _after(which: Which, shape: tuple[int, ...]) -> Mask:
    """Everything after the given place of a row."""
    last = np.full(shape[0], shape[1])
    last[which[0]] = which[1]
    return np.asarray(np.arange(shape[1])[None, :] > last[:, None], bool)


def _read(scene: Scene, tumor: Numbers, looked: Mask, shown: Lymphoma) -> tuple[Ints, Ints, Mask]:
    """Score, change of uptake and new foci at every moment, as a reader would see them who knows the scans before."""
    bright = np.log10((tumor + 1.0) / shown.dark_below_cells)
    bright = bright + shown.reader_off * normal(scene.draws.of("reader"))
    score = 1 + np.searchsorted(SCORES, bright, side="right")
    least = _least_seen(np.maximum(tumor, shown.dark_below_cells), looked)
    regrown = (score >= HOT) & (tumor > shown.increased_above * least)
    share = tumor / tumor[:, :1]
    changed = np.where(share < shown.reduced_below, 0, np.where(share > GROWN, 2, 1))
    return score, changed, regrown


def _least_seen(tumor: Numbers, looked: Mask) -> Numbers:
    """The least tumor at the baseline and on the scans before each moment."""
    seen = np.where(looked, tumor, np.inf)
    seen[:, 0] = tumor[:, 0]
    least = least_so_far(seen)
    return np.concatenate([least[:, :1], least[:, :-1]], axis=1)


def _scans(
    sheet: Sheet, scene: Scene, which: Which, tumor: Numbers, read: tuple[Ints, Ints, Mask]
) -> None:  # fmt: skip
    (who, columns), (score, changed, regrown) = which, read
    at, late, event = scene.at[which] + HOUR, scene.late[which], names_of_visits(scene, columns)
    sheet.add(who, at, "imaging", choice="pet_ct", event=event, late=late)
    sheet.add(who, at + MINUTE, "deauville_score", score[which].astype(float), "{score}", event=event, late=late)
    hot = score[which] >= HOT
    change = Pick(CHANGES, changed[which][hot])
    hot_event = names_of_visits(scene, columns[hot])
    sheet.add(who[hot], at[hot] + MINUTE, "uptake_change", choice=change, event=hot_event, late=late[hot])
    sheet.add(who, at + MINUTE, "pet_marrow", choice="negative", event=event, late=late)
    new = regrown[which]
    event = names_of_visits(scene, columns[new])
    sheet.add(
        who[new], at[new] + MINUTE, "new_lesion", choice="unequivocal", detail=NEW_FOCUS, about="N1", event=event,
        late=late[new],
    )  # fmt: skip
    _targets(sheet, scene, which, _volumes(scene, tumor, load_shown().lymphoma)[which])


def _volumes(scene: Scene, tumor: Numbers, shown: Lymphoma) -> Numbers:
    """What a scan measures, mL, float64[n, k]: living tumor, and what is dead and has not shrunk yet."""
    dead = np.maximum(tumor[:, :1] - tumor, 0.0)
    left = shown.scar + (1.0 - shown.scar) * 0.5 ** (np.maximum(scene.days, 0.0) / shown.scar_half_days)
    density = scene.trait("lesion_density")[:, None]
    return np.asarray((tumor + dead * left[None, :]) / CELLS_PER_ML * density)


def _targets(sheet: Sheet, scene: Scene, which: Which, volume: Numbers, *, baseline: bool = False) -> None:
    shown, who = load_shown().lymphoma, which[0]
    at = np.full(len(who), BEFORE) if baseline else scene.at[which] + 2 * MINUTE + HOUR
    event: str | Pick = "baseline" if baseline else names_of_visits(scene, which[1])
    millimeters = other_unit(scene, "lesion", 50)[who]
    for number, (share, shape) in enumerate(zip(shown.shares, shown.long_of_round, strict=True), 1):
        ball = (6.0 / np.pi * volume * share) ** (1.0 / 3.0)
        measured = ball * off(scene, ("second", "third", "reader")[number - 1], which, shown.measured_off)
        _target(sheet, who, at, f"T{number}", measured * shape, measured / shape, millimeters, event)


def _target(
    sheet: Sheet, who: Ints, at: Ints, name: str, long: Numbers, across: Numbers, millimeters: Mask, event: str | Pick
) -> None:
    """One target on each scan: its diameters to the millimeter, or that it is too small to measure."""
    small = long < TOO_SMALL_CM
    tenths = np.clip(np.rint(across * 10.0), 1, 600).astype(np.int64)
    centimeter = [f'{{"short_axis":{t / 10},"site":"node"}}' for t in range(601)]
    millimeter = [f'{{"short_axis":{t},"site":"node"}}' for t in range(601)]
    detail = Pick(("", *centimeter, *millimeter), np.where(small, 0, 1 + tenths + 601 * millimeters))
    length = np.where(millimeters, np.rint(long * 10.0), np.round(long, 1))
    value = np.where(small, np.nan, np.minimum(length, np.where(millimeters, 600.0, 60.0)))
    unit = Pick(("", "cm", "mm"), np.where(small, 0, 1 + millimeters))
    choice = Pick(("", "too_small"), small.astype(int))
    sheet.add(who, at, "lesion", value, unit, choice=choice, detail=detail, about=name, event=event)
