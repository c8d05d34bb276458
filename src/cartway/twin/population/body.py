"""Usual height and weight at an age: for children points of growth charts joined by lines, for adults a constant.

Assumed for virtual patients only (near the 50th percentile of the CDC growth charts of 2000 for children).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

AGES = np.array([1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 25.0])
BOYS_KG = np.array([10.0, 12.7, 16.3, 20.7, 25.6, 31.9, 40.5, 51.0, 61.0, 67.0, 80.0])
GIRLS_KG = np.array([9.5, 12.1, 15.9, 20.2, 25.8, 33.0, 41.7, 49.5, 54.0, 57.0, 68.0])
BOYS_CM = np.array([75.0, 87.0, 102.0, 115.0, 128.0, 139.0, 149.0, 164.0, 173.0, 176.0, 177.0])
GIRLS_CM = np.array([74.0, 85.0, 101.0, 115.0, 128.0, 138.0, 151.0, 160.0, 162.0, 163.0, 164.0])


def weight_kg(age: Array, male: Array) -> Array:
    """Usual weight, float64[n]."""
    return np.asarray(np.where(male > 0, np.interp(age, AGES, BOYS_KG), np.interp(age, AGES, GIRLS_KG)))


def height_cm(age: Array, male: Array) -> Array:
    """Usual height, float64[n]."""
    return np.asarray(np.where(male > 0, np.interp(age, AGES, BOYS_CM), np.interp(age, AGES, GIRLS_CM)))
