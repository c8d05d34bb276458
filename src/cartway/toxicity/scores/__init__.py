"""Scores of risk and of hyperinflammation at one moment: what each is made of, what is missing, where a policy decided.

>>> from cartway.toxicity.scores import NAMES
>>> NAMES[0]
'easix'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity.episode import Episode
from cartway.toxicity.rules import load_rules
from cartway.toxicity.scores.chart import Chart
from cartway.toxicity.scores.easix import easix
from cartway.toxicity.scores.hscore import hscore
from cartway.toxicity.scores.lysis import graded, lysis
from cartway.toxicity.scores.model import Choices, Part, Score, Source, choices_of
from cartway.toxicity.scores.points import car_hematotox
from cartway.toxicity.scores.refused import refused

__all__ = ["NAMES", "Choices", "Part", "Score", "Source", "choices_of", "score", "scores"]

_BY_CHART: Mapping[str, Callable[[Chart, Choices], Score]] = {
    "easix": partial(easix, "easix"),
    "s_easix": partial(easix, "s_easix"),
    "m_easix": partial(easix, "m_easix"),
    "car_hematotox": car_hematotox,
    "hscore": hscore,
}
USUAL = Choices()  # what a center that set nothing has
_LYSIS = ("tls_laboratory", "tls_clinical")
_REFUSED = ("eipm", "easix_f", "easix_fc")
NAMES = (*_BY_CHART, *_LYSIS, *_REFUSED)


def score(name: str, facts: Sequence[Fact], at: Instant, choices: Choices = USUAL) -> Score:
    """One of NAMES for one course, by the facts (those in force) that were true at `at`.

    A name that is none of them is a KeyError: the edge asks before.
    """
    if name in _LYSIS:
        return lysis(name, graded(facts, at, load_rules()))
    if name in _REFUSED:
        return refused(name)
    return _BY_CHART[name](Chart(facts, at), choices)


def scores(
    facts: Sequence[Fact], at: Instant, choices: Choices = USUAL, episodes: Sequence[Episode] | None = None
) -> tuple[Score, ...]:
    """Every score of one course at `at`, in the order of NAMES. `episodes`: those of tumor lysis, where known."""
    told = graded(facts, at, load_rules()) if episodes is None else episodes
    return tuple(lysis(name, told) if name in _LYSIS else score(name, facts, at, choices) for name in NAMES)
