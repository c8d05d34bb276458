"""Randomness of a forecast, from its seed and nothing else."""

from __future__ import annotations

import numpy as np


def generator(seed: int, stream: int) -> np.random.Generator:
    """The generator of one stream of a seed, whatever whole number that is."""
    key = np.array([seed % 2**64, stream], np.uint64)  # of a list with a great number numpy would make floats
    return np.random.Generator(np.random.Philox(key=key))
