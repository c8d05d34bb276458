"""A run made up by hand: real patients, a bedside that says what a test wants, and a tumor that goes where it is
told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cartway.times import parse
from cartway.twin.course import Acts, Run, grid
from cartway.twin.model import load_model
from cartway.twin.policy import policies
from cartway.twin.population import draw, known, regimen_of

T0 = parse("2026-01-05T10:00+00:00")
WELL = {
    "temperature": 36.8, "systolic": 118.0, "diastolic": 72.0, "mean_arterial_pressure": 88.0, "heart_rate": 76.0,
    "respiratory_rate": 15.0, "saturation": 97.0, "oxygen": 0.0, "vasopressors": 0.0, "ice": 10.0, "consciousness": 0.0,
    "seizure": 0.0, "crp": 5.0, "ferritin": 300.0, "il6": 4.0, "anc": 3.0, "platelets": 180.0, "lymphocytes": 1.0,
    "hemoglobin": 11.0, "ldh": 220.0, "cart_cells": 20.0, "cart_copies": 9000.0, "cd19": 60.0, "igg": 8.0,
    "m_protein": 25.0,
}  # fmt: skip


def made_up(
    product: str = "axi-cel",
    disease: str = "lbcl",
    n: int = 1,
    until: float = 90.0,
    *,
    seen: Mapping[str, Any] | None = None,
    states: Mapping[str, Any] | None = None,
    died: float = np.nan,
    cause: str = "",
    home: float = 14.0,
    acts: tuple[tuple[int, float, str, float], ...] = (),
    medians: Mapping[str, float] | None = None,
) -> Run:
    """n patients who are well and whose tumor stays as it is, but for what is said. `seen` and `states`: a value, or
    one for each day of the grid as a function of days.
    """
    patients, days = draw(product, disease, n, seed=7, medians=medians or {}), grid()[grid() <= until]
    body = np.ones((n, len(days), len(load_model().state)), np.float32)
    start = {"BP": 1e11, "BS": 0.0, "BN": 0.0, "MP": 1.0} | dict(states or {})
    for name, value in start.items():
        body[:, :, load_model().states[name]] = _over(value, days)
    read = {
        name: np.broadcast_to(np.float32(_over(v, days)), (n, len(days))).copy()
        for name, v in (WELL | dict(seen or {})).items()
    }
    gone = days > died
    for values in read.values():
        values[:, gone] = np.nan
    everyone = tuple((i, 0.0, "infusion", 1e8) for i in range(n))
    told = sorted((*everyone, *acts))
    columns = list(zip(*told, strict=True))
    return Run(
        patients, policies()["label"], regimen_of(*known(product, disease)), days, body, read,
        {name: np.zeros((n, len(days)), np.int8) for name in ("crs", "icans")},
        Acts(np.array(columns[0]), np.array(columns[1]), np.array(columns[2]), np.array(columns[3]),
             np.array([""] * len(told)), np.array([""] * len(told))),
        np.full(n, died), np.array([cause] * n), np.full(n, home if not home > died else np.nan), np.full(n, np.nan),
        np.zeros((n, 1)),
    )  # fmt: skip


def _over(value: Any, days: np.ndarray[Any, Any]) -> Any:
    return value(days) if callable(value) else np.full(len(days), value)


def between(low: float, high: float, inside: float, outside: float) -> Any:
    """A value inside some days (ends included), another outside of them."""
    return lambda days: np.where((days >= low) & (days <= high), inside, outside)
