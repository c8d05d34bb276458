"""Fans: by day the median of what would be read, and the limits that hold 80 % and 95 % of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.forecast.ahead import Ahead
from cartway.twin.forecast.case import Case
from cartway.twin.forecast.past import noise_of
from cartway.twin.forecast.told import Fan, Point

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FIRST_SHOWN = -1.0
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


class Sign(NamedTuple):
    """How one sign is told."""

    label: str
    unit: str
    logarithmic: bool = False


SIGNS = {
    "temperature": Sign("Temperature", "Cel"),
    "crp": Sign("CRP", "mg/L"),
    "ferritin": Sign("Ferritin", "ng/mL", True),
    "cart_cells": Sign("CAR T cells", "/uL", True),
    "cart_copies": Sign("CAR transgene copies", "/ug{DNA}", True),
}


def fans(case: Case, ahead: Ahead) -> tuple[Fan, ...]:
    """One fan for each sign; of the two measures of CAR T cells the one that was measured, else cells."""
    measured = {each.name for each in case.readings}
    copies = "cart_copies" in measured and "cart_cells" not in measured
    left_out = "cart_cells" if copies else "cart_copies"
    return tuple(_fan(name, case, ahead) for name in SIGNS if name != left_out)


def _fan(name: str, case: Case, ahead: Ahead) -> Fan:
    days, values = expected(name, ahead)
    low95, low80, middle, high80, high95 = _quantiles(values, noise_of(name).low)
    sign = SIGNS[name]
    return Fan(
        name, sign.label, sign.unit, sign.logarithmic, tuple(days.tolist()),
        low95, low80, middle, high80, high95, tuple(points(name, case)),
    )  # fmt: skip


def expected(name: str, ahead: Ahead) -> tuple[Array, Array]:
    """Days float64[k] from the day before the infusion to two weeks from now, and what would be read float64[n, k].

    After a death there is nothing to read: those are not numbers.
    """
    days = np.concatenate([ahead.past_days[1:], ahead.coming_days])
    return days, np.concatenate([ahead.past[name][:, 1:], ahead.coming[name]], axis=1)


def _quantiles(values: Array, least: float) -> list[tuple[float, ...]]:
    """The five limits by day, none below what the assay can tell."""
    found = np.maximum(np.nanquantile(values, LEVELS, axis=0), least)
    return [tuple(float(f"{value:.4g}") for value in row) for row in found]


def points(name: str, case: Case) -> list[Point]:
    """The patient's own readings of a sign, from the day before the infusion on."""
    found = []
    for each in case.readings:
        if each.day < FIRST_SHOWN:
            continue
        if each.name == name and each.exact:
            found.append(Point(each.day, each.low))
        elif each.name == name:
            below = np.isfinite(each.high)
            found.append(Point(each.day, each.high if below else each.low, "below" if below else "above"))
    return found
