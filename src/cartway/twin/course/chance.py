"""Assay noise: drawn for each patient on the whole grid, so that a shorter run sees the same as a longer one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from cartway.twin.course.grid import grid
from cartway.twin.population import load_bedside
from cartway.twin.seeds import chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

STREAM = 0x9E3779B97F4A7C15
"""Keeps the noise of a patient apart from the normals that made the patient."""


def _normals(seed: int, number: int, channels: int) -> NDArray[np.float32]:
    return chance(seed, number, STREAM).standard_normal((channels, len(grid())), np.float32)


def _steadied(normals: NDArray[np.float32], days: float) -> NDArray[np.float32]:
    """Normals (n, k) made into a process that keeps its value for about `days` (Ornstein and Uhlenbeck)."""
    keep = np.exp(-np.diff(grid()) / days).astype(np.float32)
    fresh = np.sqrt(1 - keep**2)
    for i in range(1, normals.shape[1]):
        normals[:, i] = keep[i - 1] * normals[:, i - 1] + fresh[i - 1] * normals[:, i]
    return normals


def noise(seed: int, numbers: NDArray[np.int64], k: int) -> Mapping[str, NDArray[np.float32]]:
    """For each assay of bedside.toml float32[n, k]: what is added to the value, or to its logarithm (lognormal)."""
    kinds = load_bedside().noise
    rows = np.stack([_normals(seed, number, 2 * len(kinds)) for number in numbers.tolist()])
    found = {}
    for i, (name, kind) in enumerate(kinds.items()):
        stray = np.float32(kind.sd) * rows[:, 2 * i, :k]
        if kind.steady:
            stray = stray + np.float32(kind.steady) * _steadied(rows[:, 2 * i + 1], kind.steady_days)[:, :k]
        found[name] = stray
    return found
