"""What falls one way or the other: draws of which only the side of a limit matters, so that nothing is smooth there.

Whether a patient had bridging therapy, say. On each side all else is searched and sampled by itself; a step across
the limit, as finite differences take it, would see a wall where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Coin(NamedTuple):
    """A normal (its `place`) that counts only as below a share of patients, 0 to 1, or above it."""

    place: int
    share: float


class Side(NamedTuple):
    """One way for all coins to have fallen: between which shares each lies, float64[c]; `log`: of its probability."""

    low: Array
    high: Array
    log: float

    def middle(self) -> Array:
        """The normals in the middle of this side, float64[c]."""
        from scipy.special import ndtri

        return np.asarray(ndtri((self.low + self.high) / 2), np.float64)

    def thrown(self, size: int, rng: np.random.Generator) -> Array:
        """Normals of the prior that lie on this side, float64[size, c]."""
        from scipy.special import ndtri

        inner = np.clip(rng.random((size, len(self.low))), 1e-12, 1 - 1e-12)
        return np.asarray(ndtri(self.low + (self.high - self.low) * inner), np.float64)


class Space(NamedTuple):
    """Normals of `dimensions`: `free` int64[f] vary smoothly, `coins` int64[c] do not, and fall as one of `sides`."""

    dimensions: int
    free: NDArray[np.int64]
    coins: NDArray[np.int64]
    sides: tuple[Side, ...]

    def held(self, free: Array, side: NDArray[np.int64]) -> Array:
        """Whole normals float64[n, d] of free ones float64[n, f], the coins in the middle of a side int64[n] each."""
        whole = np.empty((len(free), self.dimensions))
        whole[:, self.free] = free
        whole[:, self.coins] = np.stack([each.middle() for each in self.sides])[side]
        return whole


def space_of(dimensions: int, coins: Sequence[Coin]) -> Space:
    """The space of so many normals. A coin that always falls the same way is none."""
    thrown = [coin for coin in coins if 0 < coin.share < 1]
    places = np.array([coin.place for coin in thrown], np.int64)
    free = np.setdiff1d(np.arange(dimensions), places)
    return Space(dimensions, free, places, tuple(_sides(thrown)))


def _sides(coins: list[Coin]) -> Iterator[Side]:
    for ways in product(*[((0.0, coin.share), (coin.share, 1.0)) for coin in coins]):
        low, high = (np.array([way[end] for way in ways]) for end in (0, 1))
        yield Side(low, high, float(np.log(high - low).sum()))
