"""What a virtual patient would have shown when a case was read, on the scale on which the error is normal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.course.signs import signs
from cartway.twin.forecast.case import Case
from cartway.twin.forecast.coins import Coin
from cartway.twin.forecast.likelihood import Readings
from cartway.twin.forecast.measured import Reading
from cartway.twin.model import TUMOR, load_model
from cartway.twin.population import Noise, Patients, Prior, load_bedside, patients_of, regimen_of
from cartway.twin.solver import Events, Solution, begin, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RTOL = 1e-3  # the error of a reading is a hundred times as large
ASSAYS = {"pressure_untreated": "mean_arterial_pressure", "saturation_room_air": "saturation"}
LEAST = 1e-12
JUST_AFTER = 1e-6  # days


class Block(NamedTuple):
    """The numbers of one sign: their columns int64[b], and the inverse root of the covariance of their errors."""

    columns: NDArray[np.int64]
    root: Array


class Past(NamedTuple):
    """The readings of a case, whitened: independent errors of standard deviation `readings.sd`.

    `kept`: the readings in the order of the columns; `blocks`: of each sign whose error lasts for a while the columns
    of its numbers, and what makes their errors independent; `days`: those of the readings.
    """

    case: Case
    prior: Prior
    kept: tuple[Reading, ...]
    readings: Readings
    blocks: tuple[Block, ...]
    days: Array
    threads: int

    def expect(self, normals: Array) -> Array:
        """What m readings of n patients are expected to be, float64[n, m], of normals float64[n, d]."""
        return self._whitened(self.plain(normals))

    def plain(self, normals: Array) -> Array:
        """As `expect`, before whitening: each reading on its own scale (the logarithm where its noise is so)."""
        patients = self.patients(normals)
        shown = signs(patients, self.solved(patients, self.days).values, self.days)
        place = np.searchsorted(self.days, [each.day for each in self.kept])
        columns = [
            scaled(shown[each.name][:, at], noise_of(each.name)) for each, at in zip(self.kept, place, strict=True)
        ]
        return np.stack(columns, axis=1) if columns else np.empty((len(normals), 0))

    def solved(self, patients: Patients, days: Array, rtol: float = RTOL) -> Solution:
        """Courses of patients under what was given, on days from the model's first one on."""
        first, given = load_model().first_day, shared(self.case, len(patients.number))
        return solve(
            patients.parameters, started(patients, self.prior), first, days, given, rtol=rtol, threads=self.threads
        )

    def patients(self, normals: Array) -> Patients:
        """The virtual patients beneath normals."""
        prior = self.prior
        return patients_of(prior.product.name, prior.disease.name, normals, seed=0, prior=prior)

    def coins(self) -> tuple[Coin, ...]:
        """What of a patient falls one way or the other: bridging therapy, cells of the tumor without the antigen."""
        regimen = regimen_of(self.prior.product, self.prior.disease)
        shares = {"u_bridged": regimen.bridged, "u_negative": self.prior.negative_share}
        return tuple(Coin(self.prior.names.index(name), share) for name, share in shares.items())

    def _whitened(self, plain: Array) -> Array:
        for block in self.blocks:
            plain[:, block.columns] = plain[:, block.columns] @ block.root.T
        return plain


def past_of(case: Case, prior: Prior, *, threads: int = 1) -> Past:
    """The readings of a case made ready to be compared with virtual patients."""
    kept = tuple(each for each in case.readings if np.isfinite([each.low, each.high]).any())
    noises = [noise_of(each.name) for each in kept]
    low = np.array([_bound(each.low, noise) for each, noise in zip(kept, noises, strict=True)])
    high = np.array([_bound(each.high, noise) for each, noise in zip(kept, noises, strict=True)])
    sd = np.array([np.hypot(noise.sd, noise.steady) for noise in noises])
    blocks = tuple(_blocks(kept, low == high))
    for block in blocks:
        low[block.columns] = high[block.columns] = block.root @ low[block.columns]
        sd[block.columns] = 1.0
    days = np.unique([each.day for each in kept])
    return Past(case, prior, kept, Readings(low, high, sd), blocks, days, threads)


def noise_of(name: str) -> Noise:
    """How the assay of a sign strays."""
    return load_bedside().noise[ASSAYS.get(name, name)]


def scaled(value: NDArray[np.floating[Any]], noise: Noise) -> Array:
    """Values on the scale on which their noise is normal."""
    found = np.log(np.maximum(value, LEAST)) if noise.kind == "lognormal" else value
    return np.asarray(found, np.float64)


def _bound(value: float, noise: Noise) -> float:
    if noise.kind != "lognormal" or not np.isfinite(value):
        return value
    return float(np.log(max(value, LEAST)))


def _blocks(kept: tuple[Reading, ...], exact: NDArray[np.bool_]) -> Iterator[Block]:
    """Signs that err anew each time and, beside it, by something that fades over days."""
    days = np.array([each.day for each in kept])
    for name in sorted({each.name for each in kept}):
        noise, columns = noise_of(name), np.flatnonzero([each.name == name for each in kept] & exact)
        if noise.steady and len(columns):
            apart = np.abs(days[columns][:, None] - days[columns][None])
            covariance = noise.steady**2 * np.exp(-apart / noise.steady_days) + noise.sd**2 * np.eye(len(columns))
            yield Block(columns, np.linalg.inv(np.linalg.cholesky(covariance)))


def shared(case: Case, n: int) -> Events:
    """The events of a case, given to each of n patients: just after what was read at that moment, which led to them."""
    one = Events.of([[event._replace(at=event.at + JUST_AFTER) for event in case.events]])
    many = len(one.at)
    return Events(
        np.arange(n + 1, dtype=np.int64) * many, np.tile(one.at, n), np.tile(one.state, n), np.tile(one.factor, n),
        np.tile(one.plus, n),
    )  # fmt: skip


def started(patients: Patients, prior: Prior) -> Array:
    """States at the model's first day, float64[n, states + memory]: those drawn for bridging therapy have had it."""
    start = begin(patients.parameters)
    regimen, at = regimen_of(prior.product, prior.disease), load_model().states
    bridged = patients.traits["u_bridged"] < regimen.bridged
    kept = np.where(bridged, patients.traits["bridging_kept"], 1.0)
    for clone in TUMOR:
        start[:, at[clone]] *= kept
    return start
