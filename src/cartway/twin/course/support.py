"""How much oxygen flows and at which rate vasopressors run, within the class of support that the bedside gave.

The bedside knows classes (`look.py`); how deep a patient lies within one follows from the same readings: the lower of
the last two of the saturation and of the pressure that there would be without support. Numbers: `support.toml`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cartway.twin.course.chance import noise
from cartway.twin.course.grid import grid
from cartway.twin.course.look import FLUIDS_MMHG, SATURATION_FOR_OXYGEN, SECOND_VASOPRESSOR_MMHG, pressure_limit
from cartway.twin.course.signs import signs
from cartway.twin.population import Patients
from cartway.twin.seeds import chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]

STREAM = 0x737570706F72742E
"""Keeps what support draws apart from all else that is drawn for a patient."""


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device is set to, from the least to the most need: flow in L/min, inspired oxygen in %."""

    flow: tuple[float, float] | None = None
    inspired: tuple[float, float] | None = None


class Drip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vasopressor's rate in ug/kg/min: `least`, and `per_mmhg` more for each mmHg that lacks, up to `most`."""

    least: float
    per_mmhg: float
    most: float


class Varies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Standard deviations of the logarithm of a rate: between patients, and from look to look."""

    spread: float
    titrated: float


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table."""

    standing: str
    deepest_saturation: float
    cannula: Device
    high_flow: Device
    positive_pressure: Device
    ventilator: Device
    first: Drip
    second: Drip
    varies: Varies


class Support(NamedTuple):
    """Of n patients over k looks float32[n, k], not a number where there is none: `inspired` in % and `flow` in L/min
    as devices are set, `rates` of the first and the second vasopressor in ug/kg/min.
    """

    inspired: NDArray[np.float32]
    flow: NDArray[np.float32]
    rates: tuple[NDArray[np.float32], NDArray[np.float32]]


@cache
def load_settings() -> Settings:
    """The table as this package carries it."""
    text = resources.files("cartway.twin.course").joinpath("support.toml").read_text()
    return msgspec.toml.decode(text, type=Settings)


def support_of(patients: Patients, days: Array, states: Array, oxygen: Array, vasopressors: Array) -> Support:
    """What stands behind the classes of support `oxygen` and `vasopressors` [n, k] (not a number: nobody looked).

    Each patient's numbers come from the population's seed and the patient's own number.
    """
    n, k = oxygen.shape
    found = np.full((4, n, k), np.nan, np.float32)
    rows = np.flatnonzero(((oxygen > 0) | (vasopressors > 0)).any(axis=1))
    if len(rows):
        some = patients.take(rows)
        saturation, pressure = _lowest(some, days, states[rows])
        found[:2, rows] = _settings(oxygen[rows], saturation)
        found[2:, rows] = _rates(some, vasopressors[rows], pressure)
    return Support(found[0], found[1], (found[2], found[3]))


def _lowest(patients: Patients, days: Array, states: Array) -> tuple[Array, Array]:
    """Saturation on room air and pressure without vasopressors [n, k] as the bedside read them: the lower of two.

    `days` may lie closer than the looks of the grid: until the next look the stray of the last one stays.
    """
    expected = signs(patients, np.asarray(states, np.float64), days)
    look = np.maximum(np.searchsorted(grid(), days + 1e-9, side="right") - 1, 0)
    stray = noise(patients.seed, patients.number, int(look.max()) + 1)
    before = np.searchsorted(days, grid()[np.maximum(look - 1, 0)] - 1e-9)
    found = []
    for name, kind in (("saturation_room_air", "saturation"), ("pressure_untreated", "mean_arterial_pressure")):
        read = expected[name] + stray[kind][:, look]
        found.append(np.fmin(read, read[:, before]))
    return found[0], found[1]


def _settings(oxygen: Array, saturation: Array) -> Array:
    """Inspired oxygen and flow [2, n, k] by class and by how deep within it the saturation on room air lies."""
    table = load_settings()
    edges = np.array([100.0, *SATURATION_FOR_OXYGEN, table.deepest_saturation])
    level = np.nan_to_num(oxygen).astype(int)
    deep = np.nan_to_num(np.clip((edges[level] - saturation) / (edges[level] - edges[level + 1]), 0.0, 1.0), nan=0.5)
    devices = (Device(), table.cannula, table.high_flow, table.positive_pressure, table.ventilator)
    ranges = np.array([[pair or (np.nan, np.nan) for pair in (each.inspired, each.flow)] for each in devices])
    low, high = ranges[level, :, 0], ranges[level, :, 1]
    return np.asarray(np.moveaxis(low + deep[..., None] * (high - low), -1, 0))


def _rates(patients: Patients, vasopressors: Array, pressure: Array) -> Array:
    """Rates [2, n, k]: the first drug by what the pressure lacks after fluids, the second by what it lacks beyond."""
    table, (n, k) = load_settings(), vasopressors.shape
    limit = pressure_limit(patients.traits["age_years"])[:, None]
    lacks = np.maximum(np.nan_to_num(limit - FLUIDS_MMHG - pressure), 0.0)
    person, moment = _drawn(patients, k)
    found = np.empty((2, n, k))
    for i, drip in enumerate((table.first, table.second)):
        short = np.maximum(lacks - i * SECOND_VASOPRESSOR_MMHG, 0.0)
        times = np.exp(table.varies.spread * person[:, i, None] + table.varies.titrated * moment[:, :, i])
        rate = np.minimum((drip.least + drip.per_mmhg * short) * times, drip.most)
        found[i] = np.where(vasopressors > i, rate, np.nan)
    return found


def _drawn(patients: Patients, k: int) -> tuple[Array, Array]:
    """Normals of each patient [n, 2], and of each look [n, k, 2]: the same for the looks of a shorter course."""
    person, moment = np.empty((len(patients.number), 2)), np.empty((len(patients.number), k, 2))
    for i, number in enumerate(patients.number.tolist()):
        drawn = chance(patients.seed, number, STREAM)
        drawn.standard_normal(out=person[i])
        drawn.standard_normal(out=moment[i])
    return person, moment
