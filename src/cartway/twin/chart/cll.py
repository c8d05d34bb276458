"""Blood, nodes, spleen and marrow of a virtual chronic lymphocytic leukemia, as iwCLL 2018 reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cartway.times import HOUR
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import Pick, Sheet, Word, places
from cartway.twin.chart.shown import (
    BEFORE,
    Cll,
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
    Numbers = NDArray[np.float64]
    Which = tuple[Ints, Ints]

CELLS_PER_ML = 1e9
LITERS_OF_BLOOD = 5.0
NORMAL_SPLEEN_CM, MOST_SPLEEN_CM = 11.0, 9.0
HALF_SPLEEN_CELLS = 1e12
"""Tumor cells at which half of the greatest enlargement is reached (assumed)."""
MEASURED_OFF = 0.03
MARROW_CELLS = 1e12
INVOLVED_SHARE = 0.05
PROGRESSED = 1.6
"""Of the least tumor: a half more in each node's product, and so in its cells (volume to the power of two thirds)."""
GONE_OF_START = 0.05
TESTED = 0.3
FLOW = '{"limit":0.0001,"method":"flow","specimen":"blood"}'


def lymphocytes(tumor: Numbers, shown: Cll) -> Numbers:
    """CLL cells in the blood, 10*9/L."""
    return np.asarray(tumor * shown.in_blood / LITERS_OF_BLOOD / 1e9)


def chart_cll(sheet: Sheet, scene: Scene) -> None:
    """Chart the baseline, the visits of the disease, and what follows progression."""
    shown, tumor = load_shown().cll, scene.tumor()
    everyone = np.arange(len(tumor))
    start = (everyone, np.zeros(len(tumor), np.int64))
    _visit(sheet, scene, start, tumor, np.full(len(tumor), BEFORE), "baseline", shown)
    grown = tumor >= 2.0 * least_so_far(tumor)
    looked = visits(scene, shown.days, grown & (tumor >= tumor[:, :1]))
    risen = looked & (tumor >= PROGRESSED * np.maximum(least_so_far(tumor), 0.02 * tumor[:, :1]))
    worse = first_true(risen & (np.cumsum(risen, axis=1) >= 2))
    last = np.full(len(tumor), looked.shape[1])
    last[worse[0]] = worse[1]
    looked &= np.arange(looked.shape[1])[None, :] <= last[:, None]
    which = places(looked)
    event = names_of_visits(scene, which[1])
    _visit(sheet, scene, which, tumor, scene.at[which] + HOUR, event, shown, scene.late[which])
    target = products()[scene.run.patients.product].target
    antigen(sheet, scene, worse, target, scene.chance("fourth", worse) < TESTED)
    then_treated(sheet, scene, worse)


def _visit(
    sheet: Sheet, scene: Scene, which: Which, tumor: Numbers, at: Ints, event: Word, shown: Cll,
    late: Ints | None = None,
) -> None:  # fmt: skip
    who, cells = which[0], tumor[which]
    _nodes(sheet, scene, which, cells, at, event, shown, late)
    spleen = NORMAL_SPLEEN_CM + MOST_SPLEEN_CM * cells / (cells + HALF_SPLEEN_CELLS)
    sheet.add(who, at, "spleen_length", np.round(spleen, 1), "cm", event=event, late=late)
    sheet.add(who, at, "liver_size", choice="normal", event=event, late=late)
    sheet.add(who, at, "constitutional_symptoms", choice="no", event=event, late=late)
    sheet.add(who, at, "transfusion_free", choice="yes", event=event, late=late)
    clones = lymphocytes(cells, shown)
    seen = np.asarray(scene.run.seen["lymphocytes"], np.float64)[which]
    share = np.clip(np.round(100.0 * clones / np.maximum(seen, clones + 0.05), 1), 0.0, 100.0)
    sheet.add(who, at, "lymphocytes", np.round(np.maximum(seen, 0.01), 2), "10*9/L", event=event, late=late)
    sheet.add(who, at, "cll_share", share, "%", event=event, late=late)
    _counts_from_treatment(sheet, scene, which, at, event, late)
    in_marrow = cells / (cells + MARROW_CELLS)
    marrow = Pick(("negative", "involved"), (in_marrow >= INVOLVED_SHARE).astype(int))
    sheet.add(who, at, "marrow_finding", choice=marrow, event=event, late=late)
    found = Pick(("not_detected", "detected"), (in_marrow >= shown.mrd_limit).astype(int))
    sheet.add(who, at, "mrd", choice=found, detail=FLOW, event=event, late=late)


def _counts_from_treatment(sheet: Sheet, scene: Scene, which: Which, at: Ints, event: Word, late: Ints | None) -> None:
    """After the infusion the team puts low counts down to the treatment where the disease is all but gone."""
    gone = scene.tumor()[which] < GONE_OF_START * scene.tumor()[which[0], 0]
    told = Pick(("", "treatment"), np.ones(int(gone.sum()), int))
    taken = None if late is None else late[gone]
    there = event if isinstance(event, str) else Pick(event.names, np.asarray(event.which)[gone])
    sheet.add(which[0][gone], at[gone], "disease_sign", choice=told, event=there, late=taken)


def _nodes(
    sheet: Sheet, scene: Scene, which: Which, cells: Numbers, at: Ints, event: Word, shown: Cll, late: Ints | None
) -> None:
    """Nodes of one size, smaller by nature than the scar of a lymphoma: 0.8 cm each when every cell is gone."""
    volume = cells * shown.in_nodes / CELLS_PER_ML / shown.nodes
    across = np.maximum((6.0 / np.pi * volume) ** (1.0 / 3.0), 0.8) * off(scene, "reader", which, MEASURED_OFF)
    long = across * 1.2
    sheet.add(which[0], at, "largest_node", np.round(np.minimum(long, 60.0), 1), "cm", event=event, late=late)
    products_cm2 = np.round(np.minimum(shown.nodes * long * across, 5000.0), 1)
    sheet.add(which[0], at, "node_products", products_cm2, "cm2", event=event, late=late)
