"""What is planned before anything is seen: bridging, lymphodepletion, and the infusions with their cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.course.acts import Act
from cartway.twin.course.grid import FIRST_DAY
from cartway.twin.model import load_model
from cartway.twin.population import Part, Patients, Regimen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MANY_BLASTS_PERCENT = 20.0
GREATEST_BLASTS_PERCENT, CELLS_AT_HALF = 97.19, 1909.0
"""Blasts in the marrow of leukemic cells per microliter: 97.19 n / (n + 1909); Liu 2022, 10.1136/jitc-2022-005360."""
HOLD_PART_AT = 2
"""CRS or ICANS of this grade holds up the next part of a split dose: Aucatzyl US prescribing information, section 2."""
LAST_PART_DAYS_LATE = 12.0
"""A later part that toxicity holds up for longer is not given."""


class Later(NamedTuple):
    """A part of a split dose still to be given, for those of `waits` (bool[n])."""

    part: Part
    cells: Array
    waits: NDArray[np.bool_]


def marrow_blasts(tumor: Array, cells_per_count: Array) -> Array:
    """Blasts in the marrow, percent, of leukemic cells in the body."""
    count = tumor / cells_per_count
    return GREATEST_BLASTS_PERCENT * count / (count + CELLS_AT_HALF)


def cells_planned(patients: Patients, regimen: Regimen) -> Array:
    """Cells of all infusions together, float64[n]: by weight or flat, by the drawn dose level, held below the most."""
    weight, u = patients.traits["weight_kg"], patients.traits["u_dose_level"]
    if regimen.levels:
        edges = np.cumsum([share for _, share in regimen.levels])
        cells = np.array([level for level, _ in regimen.levels])[np.searchsorted(edges[:-1], u, side="right")]
    else:
        cells = weight * regimen.cells_per_kg if regimen.cells_per_kg else np.full(len(u), regimen.cells or 0.0)
    given = cells * patients.traits["dose_of_planned"] ** regimen.spread
    return np.minimum(given, regimen.most_cells or np.inf)


def _share(part: Part, many: NDArray[np.bool_]) -> Array:
    return np.where(many, part.share if part.share_if_many_blasts is None else part.share_if_many_blasts, part.share)


def parts_of(patients: Patients, regimen: Regimen) -> list[Later]:
    """The infusions, with the cells of each."""
    at = load_model().parameters
    tumor, vb = patients.parameters[:, at["B0"]], patients.parameters[:, at["Vb"]]
    many, cells = marrow_blasts(tumor, vb) > MANY_BLASTS_PERCENT, cells_planned(patients, regimen)
    everybody = np.ones(len(cells), bool)
    return [Later(part, cells * _share(part, many), everybody) for part in regimen.infusions]


def before_infusion(patients: Patients, regimen: Regimen) -> Iterator[Act]:
    """Bridging for those drawn for it, and lymphodepletion for all."""
    rows = np.arange(len(patients.number))
    bridged = patients.traits["u_bridged"] < regimen.bridged
    kept = patients.traits["bridging_kept"][bridged]
    yield Act(rows[bridged], FIRST_DAY, "bridging", kept, "1", "bridging")
    for day in regimen.lymphodepletion.days:
        dose = np.full(len(rows), regimen.lymphodepletion.intensity)
        yield Act(rows, day, "lymphodepletion", dose, "1", regimen.lymphodepletion.drugs)


def due(
    later: list[Later], day: float, step: float, crs: NDArray[np.int8], icans: NDArray[np.int8]
) -> tuple[list[Act], list[Later]]:
    """The infusions of this look (those before the next, `step` days on) and what waits on.

    A part after day 1 is held up where CRS or ICANS is of grade 2 or more (int8[n]); after 12 days it is left out.
    """
    acts, waiting = [], []
    for part, cells, waits in later:
        if part.day >= day + step:
            waiting.append(Later(part, cells, waits))
            continue
        held = waits & ((crs >= HOLD_PART_AT) | (icans >= HOLD_PART_AT)) & (part.day >= 1)
        rows = np.flatnonzero(waits & ~held)
        if len(rows):
            acts.append(Act(rows, max(day, part.day), "infusion", cells[rows], "cells", part.component))
        if held.any() and day < part.day + LAST_PART_DAYS_LATE:
            waiting.append(Later(part, cells, held))
    return acts, waiting
