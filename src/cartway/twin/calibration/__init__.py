"""Calibration: what was published beside what the twin gives, and the fit of the one to the other."""

from cartway.twin.calibration.played import Played
from cartway.twin.calibration.score import Scored, Simulated, figure, residual, scored, simulated, weight
from cartway.twin.calibration.targets import Interval, Target, Trial, load_targets, load_trials, published

__all__ = [
    "Interval", "Played", "Scored", "Simulated", "Target", "Trial", "figure", "load_targets", "load_trials",
    "published", "residual", "scored", "simulated", "weight",
]  # fmt: skip
