"""The codes of the response room in clinical words."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {
    "CR": "complete response",
    "sCR": "stringent complete response",
    "CRi": "complete, counts not recovered",
    "CRh": "complete, counts partly recovered",
    "MLFS": "free of leukemia by morphology",
    "VGPR": "very good partial response",
    "PR": "partial response",
    "nPR": "complete but for nodules in the marrow",
    "MR": "minimal response",
    "SD": "stable disease",
    "NR": "no remission",
    "REF": "refractory",
    "PD": "progressive disease",
    "RD": "relapse",
    "RELAPSE": "relapse",
    "IR1": "indeterminate: larger in the first 12 weeks",
    "IR2a": "indeterminate: new lesion",
    "IR2b": "indeterminate: single lesions larger",
    "IR3": "indeterminate: brighter, not larger",
    "NE": "not evaluable",
}
READ: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"CR", "sCR", "CRi", "CRh"}),
    "very_good_partial": frozenset({"VGPR"}),
    "partial": frozenset({"PR", "nPR"}),
    "minimal": frozenset({"MR"}),
    "stable": frozenset({"SD", "NR", "REF"}),
    "progressive": frozenset({"PD", "RD", "RELAPSE"}),
    "not_evaluable": frozenset({"NE", "IR1", "IR2a", "IR2b", "IR3"}),
}
"""Which derived levels say the same as a reader's choice."""


def level_words(code: str) -> str:
    """A level's code in words; the code itself where it is none of ours."""
    return LEVELS.get(code, code)


def agrees(read: str, code: str) -> bool:
    """Whether a reader's conclusion and a derived level say the same."""
    return code in READ.get(read, frozenset())


def named(code: str) -> str:
    """A flag or a relapse type in words: ``late confirmation``."""
    return code.replace("_", " ")
