"""Chance from a seed: a generator for each purpose and number, the same whatever else is drawn."""

from __future__ import annotations

import numpy as np

MOST = 2**64


def chance(seed: int, number: int = 0, stream: int = 0) -> np.random.Generator:
    """A generator of the seed (any whole number, taken modulo 2**64) for a number, such as a patient's.

    `stream` keeps purposes apart. The key is made of whole numbers of 64 bits: as a list of Python's numbers one above
    2**63 would become a floating one, and seeds that differ in their last bits the same.
    """
    key = np.array([(int(seed) + stream) % MOST, int(number) % MOST], np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
