"""Manufacture and release: steps, tests against the specification in force, disposition, where the batch stands."""

from __future__ import annotations

from cartway.pathway.manufacture.batch import Batch, Stage, batches
from cartway.pathway.manufacture.consent import PathStep, consent_path
from cartway.pathway.manufacture.disposition import Disposition, State
from cartway.pathway.manufacture.specification import (
    TESTS,
    Limits,
    Outcome,
    ReleaseTest,
    Specification,
    specification_in_force,
)
from cartway.pathway.manufacture.whereabouts import Whereabouts, label_says, whereabouts

__all__ = [
    "TESTS",
    "Batch",
    "Disposition",
    "Limits",
    "Outcome",
    "PathStep",
    "ReleaseTest",
    "Specification",
    "Stage",
    "State",
    "Whereabouts",
    "batches",
    "consent_path",
    "label_says",
    "specification_in_force",
    "whereabouts",
]
