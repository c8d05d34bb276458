"""How a disease shows itself: the numbers of `disease.toml`, frozen, and what the charts of all diseases share."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cartway.times import DAY, HOUR
from cartway.twin.chart.draws import normal
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet
from cartway.twin.chart.signs import on_days
from cartway.twin.model import CARRYING, load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

BEFORE = -8 * DAY
"""When the disease is measured before lymphodepletion."""
NEXT_THERAPY_DAYS = 21
FIRST_SUSPICION = 20.0
"""Before this day nobody looks for growth between the dates: what flares is inflamed."""


class Lymphoma(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scans of a lymphoma; the words stand in the table."""

    days: tuple[float, ...]
    shares: tuple[float, ...]
    long_of_round: tuple[float, ...]
    scar: float
    scar_half_days: float
    measured_off: float
    dark_below_cells: float
    reader_off: float
    reduced_below: float
    increased_above: float
    suspected_at: float
    twice_its_least: float


class Leukemia(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Marrow and blood in acute leukemia."""

    days: tuple[float, ...]
    most_percent: float
    half_per_ul: float
    seen_in_blood_percent: float
    blood_of_marrow: float
    counted_off: float
    mrd_limit: float
    suspected_percent: float


class Myeloma(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Serum, urine and marrow in myeloma."""

    days: tuple[float, ...]
    marrow_days: tuple[float, ...]
    light_chain_only: float
    quantified_g_dl: float
    fixed_g_dl: float
    light_chains_of_serum_mg_l: float
    light_chains_alone_mg_l: float
    normal_light_chain_mg_l: float
    urine_of_serum_mg: float
    normal_plasma_cells_percent: float
    half_marrow_cells: float
    counted_off: float
    assay_off: float
    light_chains_off: float
    mrd_limit: float


class Cll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Blood, nodes and marrow in chronic lymphocytic leukemia."""

    days: tuple[float, ...]
    in_blood: float
    in_nodes: float
    nodes: int
    mrd_limit: float


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The observation models of all diseases."""

    lymphoma: Lymphoma
    leukemia: Leukemia
    myeloma: Myeloma
    cll: Cll


@cache
def load_shown() -> Shown:
    """The table as this package carries it."""
    return msgspec.toml.decode(resources.files("cartway.twin.chart").joinpath("disease.toml").read_text(), type=Shown)


def visits(scene: Scene, days: tuple[float, ...], suspected: Mask) -> Mask:
    """When the disease is looked at, bool[n, k]: on its days, unless missed, and where growth is first suspected
    between.
    """
    kept = scene.draws.of("scan") >= scene.habits.missed_visit
    looked = on_days(scene.days, days)[None, :] & kept & scene.alive
    suspected = suspected & scene.alive & (scene.days > FIRST_SUSPICION)[None, :]
    first = np.argmax(suspected, axis=1)
    which = np.nonzero(suspected.any(axis=1))[0]
    looked[which, first[which]] = True
    return np.asarray(looked & (scene.days > 0)[None, :], bool)


def least_so_far(values: Numbers) -> Numbers:
    """The least of each row up to each column."""
    return np.minimum.accumulate(values, axis=1)


def names_of_visits(scene: Scene, columns: Ints) -> Pick:
    """The event that ties the facts of each visit together: ``disease-day-28``."""
    names = [f"disease-day-{round(day)}" for day in scene.days.tolist()]
    return Pick(names, columns)


def off(scene: Scene, name: str, which: tuple[Ints, Ints], sd: float) -> Numbers:
    """What measuring multiplies a number by: log-normal, of this standard deviation of the logarithm."""
    return np.exp(sd * normal(scene.chance(name, which)))


def then_treated(sheet: Sheet, scene: Scene, which: tuple[Ints, Ints], days: int = NEXT_THERAPY_DAYS) -> None:
    """Chart the next therapy some weeks after progression was seen, for those who live to have it and are still
    followed.
    """
    who, at = which[0], scene.at[which] + days * DAY
    there = at < np.minimum(scene.last_day(), scene.days[-1])[who] * DAY - HOUR
    sheet.add(who[there], at[there], "next_therapy", choice="yes")


def antigen(sheet: Sheet, scene: Scene, which: tuple[Ints, Ints], target: str, tested: Mask) -> None:
    """Chart whether the cells of a relapse carry the target, where it was tested: positive from half of them on."""
    who, columns = which[0][tested], which[1][tested]
    if len(who) == 0:
        return
    cells = scene.run.states[who, columns]
    share = load_model().total(cells, CARRYING) / (load_model().total(cells) + 1e-9)
    percent = np.rint(100.0 * share).astype(int)
    names = [f'{{"antigen":"{target}","percent":{share}}}' for share in range(101)]
    found = Pick(("positive", "dim", "negative"), np.where(percent >= 50, 0, np.where(percent >= 10, 1, 2)))
    event = names_of_visits(scene, columns)
    at = scene.at[who, columns] + 2 * HOUR
    sheet.add(who, at, "antigen_expression", choice=found, detail=Pick(names, percent), about=target, event=event)


def first_true(found: Mask) -> tuple[Ints, Ints]:
    """The first true place of each row that has one."""
    who = np.nonzero(found.any(axis=1))[0]
    return who, np.argmax(found[who], axis=1)
