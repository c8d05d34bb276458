"""Random programmes: after every step the chain agrees with a slow model written apart, and its invariants hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .programmes import BROKE, REACHED, VERDICTS, Programmes, counts

STEPS = 50
NEVER_PLAYED = {
    "sec_malformed",
    "sec_of_another",
    "din_malformed",
    "identity_of_two",
    "din_of_two",
    "expired",
    "expiry_not_read",
    "quarantined_elsewhere",
}
"""What the machine has no rule for: shown in test_breaks.py, and not in the slow model."""


def play(programmes: int, **chosen: bool) -> None:
    run_state_machine_as_test(
        Programmes,
        settings=settings(
            max_examples=programmes,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **chosen,  # type: ignore[arg-type]
        ),
    )


def test_random_programmes() -> None:
    """Some three thousand steps, the same each time."""
    play(60, derandomize=True)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(10))
def test_many_random_programmes(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten thousand steps each; prints what was played, which rules broke and what was said of the bags."""
    for counter in (REACHED, BROKE, VERDICTS):
        counter.clear()
    seed(number)(play)(10_000 // STEPS)
    with capsys.disabled():
        print(f"\nRandom programmes, seed {number}, 10,000 steps\n{counts()}")
    assert set(VERDICTS) == {"allowed", "allowed, stood in", "incomplete", "contradicted"}
