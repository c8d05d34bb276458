"""Scores that are asked for and cannot be given: what was published does not suffice, and nothing is made up."""

from __future__ import annotations

from cartway.toxicity.scores.model import Score, source, table


def refused(name: str) -> Score:
    """The refusal with its reason."""
    return Score(name, None, source("refused", name), refused=table("refused")["why"][name])
