"""Chance from a seed: other seeds, other numbers and other purposes have nothing in common."""

import numpy as np
import pytest

from cartway.twin.course.chance import noise
from cartway.twin.seeds import chance

FAR = (0, 1, 2, 1023, 2**32, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 2, 2**64 - 1)


def test_seeds_that_differ_in_their_last_bit_are_other_seeds() -> None:
    drawn = {chance(seed).random() for seed in FAR}
    assert len(drawn) == len(FAR)


@pytest.mark.parametrize("seed", FAR)
def test_numbers_and_streams_are_apart(seed: int) -> None:
    drawn = {chance(seed, number, stream).random() for number in (0, 1, 2) for stream in (0, 7, 2**63 + 5)}
    assert len(drawn) == 9


def test_a_seed_below_zero_is_taken_round() -> None:
    assert chance(-1).random() == chance(2**64 - 1).random()


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2**64 - 1, 2**64 - 2), (2**63, 2**63 + 1)])
def test_the_noise_of_assays_depends_on_the_seed(one: int, other: int) -> None:
    numbers = np.arange(3)
    first, second = (noise(seed, numbers, 20)["crp"] for seed in (one, other))
    assert not np.any(first == second)
    assert np.array_equal(first, noise(one, numbers, 20)["crp"])
