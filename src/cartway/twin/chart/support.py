"""Oxygen, vasopressors and the mind: what holds a patient up, and how clear they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cartway.times import MINUTE
from cartway.twin.chart.drips import chart_drips, spells
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, places
from cartway.twin.chart.signs import due_at, other_unit
from cartway.twin.course.support import Support, support_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Which = tuple[Ints, Ints]

DEVICES = ("room_air", "nasal_cannula", "high_flow_nasal_cannula", "bipap", "invasive_ventilation")
ABBREVIATED = ("RA", "NC", "HFNC", "BiPAP", "intubated")
LEVELS = len(DEVICES)
SET_TO_PERCENT = 5.0
"""Inspired oxygen is set in steps of so many percent."""
WIDE_FLOW, FLOW_STEP = 10.0, 5.0
"""Flows above this are set in steps; a cannula's by the liter."""
CONSCIOUSNESS = ("awake", "awakens_to_voice", "awakens_to_touch", "vigorous_stimuli_only", "unarousable")
SEIZURE = '{"duration_min":2,"returned_to_baseline":true}'
PERSON_ABBREVIATES, PERSON_BY_ITEM, PERSON_FRACTION = 0, 1, 4
CHILD_YEARS = 12.0
"""Below this age the mind is scored by CAPD (Lee 2019)."""
CAPD_OF_ICE = np.array([22, 18, 14, 8, 7, 7, 6, 5, 5, 4, 0])
"""The CAPD score charted for a child whose mind an ICE score of 0 to 10 would describe: 9 and more from grade 3 on."""
LOW_SYSTOLIC, BOLUS_ML = 90.0, 500.0
ITEMS = ("ice_attention", "ice_writing", "ice_orientation", "ice_naming", "ice_command")
MOST_OF_ITEM = np.array([1, 1, 4, 3, 1])


def chart_support(sheet: Sheet, scene: Scene) -> None:
    """Chart devices, flows, inspired oxygen, drips, ICE or CAPD, consciousness and seizures."""
    run = scene.run
    support = support_of(run.patients, scene.days, run.states, run.seen["oxygen"], run.seen["vasopressors"])
    _oxygen(sheet, scene, support)
    chart_drips(sheet, scene, support)
    _fluids(sheet, scene)
    _mind(sheet, scene)


def _fluids(sheet: Sheet, scene: Scene) -> None:
    """A bolus of fluid at each round that finds the pressure low and no vasopressor running."""
    low = scene.run.seen["systolic"] < LOW_SYSTOLIC
    dry = scene.inside & low & (np.nan_to_num(scene.run.seen["vasopressors"]) == 0) & (scene.days >= 0)[None, :]
    which = places(dry & (scene.trait("age_years") >= CHILD_YEARS)[:, None])
    sheet.add(which[0], scene.at[which] + 10 * MINUTE, "fluid_bolus", BOLUS_ML, "mL", late=scene.late[which])


def _rounds(scene: Scene, missing: str) -> NDArray[np.bool_]:
    kept = (scene.draws.of(missing) >= scene.habits.missing) & (scene.draws.of("round") >= scene.habits.whole_round)
    return due_at(scene, "round") & kept


def _oxygen(sheet: Sheet, scene: Scene, support: Support) -> None:
    level = scene.run.seen["oxygen"]
    which = places(_rounds(scene, "device") & ~np.isnan(level))
    at, late, now = scene.at[which], scene.late[which], level[which].astype(np.int64)
    short = scene.draws.person[which[0], PERSON_ABBREVIATES] < scene.habits.abbreviates
    sheet.add(which[0], at, "oxygen_device", choice=Pick(DEVICES + ABBREVIATED, now + short * LEVELS), late=late)
    _flow(sheet, scene, support, which)
    _inspired(sheet, scene, support, which)


def _flow(sheet: Sheet, scene: Scene, support: Support, which: Which) -> None:
    """The flow of each device that has one, as it is set: by whole liters, high ones in steps."""
    flow = support.flow[which].astype(np.float64)
    there = ~np.isnan(flow)
    some = which[0][there], which[1][there]
    step = np.where(flow[there] > WIDE_FLOW, FLOW_STEP, 1.0)
    value = np.maximum(np.rint((flow[there] + scene.chance("flow", some) - 0.5) / step) * step, 1.0)
    sheet.add(some[0], scene.at[some], "oxygen_flow", value, "L/min", late=scene.late[some])


def _inspired(sheet: Sheet, scene: Scene, support: Support, which: Which) -> None:
    """The share of inspired oxygen of each device that sets one, with the device; some write it as a fraction."""
    percent = support.inspired[which].astype(np.float64)
    there = ~np.isnan(percent)
    some = which[0][there], which[1][there]
    value = np.rint(percent[there] / SET_TO_PERCENT) * SET_TO_PERCENT
    fraction = other_unit(scene, "inspired_oxygen", PERSON_FRACTION)[some[0]]
    unit = Pick(("%", "1"), fraction.astype(int))
    sheet.add(
        some[0],
        scene.at[some],
        "inspired_oxygen",
        np.where(fraction, value / 100.0, value),
        unit,
        late=scene.late[some],
    )


def _mind(sheet: Sheet, scene: Scene) -> None:
    ice = scene.run.seen["ice"]
    asked = due_at(scene, "score") & ~np.isnan(ice) & (scene.draws.of("score") >= scene.habits.missing)
    child = (scene.trait("age_years") < CHILD_YEARS)[:, None]
    by_item = (scene.draws.person[:, PERSON_BY_ITEM] < scene.habits.answers_by_item)[:, None]
    _score(sheet, scene, places(asked & ~child & ~by_item), "ice_score")
    _score(sheet, scene, places(asked & child), "capd_score")
    _items(sheet, scene, places(asked & ~child & by_item))
    _consciousness(sheet, scene)
    _seizures(sheet, scene)


def _score(sheet: Sheet, scene: Scene, which: Which, what: str) -> None:
    ice = np.clip(np.rint(scene.run.seen["ice"][which]), 0, 10)
    value = CAPD_OF_ICE[ice.astype(np.int64)] if what == "capd_score" else ice
    sheet.add(which[0], scene.at[which], what, value, "{score}", late=scene.late[which])


def _items(sheet: Sheet, scene: Scene, which: Which) -> None:
    """The five questions of ICE, one by one: points are lost from attention and writing first."""
    lost = 10 - np.clip(np.rint(scene.run.seen["ice"][which]), 0, 10)
    for name, most in zip(ITEMS, MOST_OF_ITEM, strict=True):
        missed = np.minimum(lost, most)
        sheet.add(which[0], scene.at[which], name, most - missed, "{score}", late=scene.late[which])
        lost = lost - missed


def _consciousness(sheet: Sheet, scene: Scene) -> None:
    seen = scene.run.seen["consciousness"]
    which = places(_rounds(scene, "score") & ~np.isnan(seen))
    level = Pick(CONSCIOUSNESS, np.clip(seen[which], 0, 4).astype(np.int64))
    sheet.add(which[0], scene.at[which], "consciousness", choice=level, late=scene.late[which])


def _seizures(sheet: Sheet, scene: Scene) -> None:
    """A seizure at the first look of each spell in which there are any: short, and the patient comes back."""
    who, first, _ = spells((np.nan_to_num(scene.run.seen["seizure"]) > 0) & scene.alive)
    at, late = scene.at[who, first], scene.late[who, first]
    sheet.add(who, at, "seizure", choice="generalized", detail=SEIZURE, late=late)
