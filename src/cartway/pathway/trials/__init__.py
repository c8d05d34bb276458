"""Clinical trials for one patient: records read, structured criteria asked as rules, free text shown and never guessed.

>>> from cartway.pathway.trials import match, read_paths
"""

from __future__ import annotations

from cartway.pathway.trials.centers import SERVICES, Center, centers, offering
from cartway.pathway.trials.evaluate import Asked, Finding, evaluate
from cartway.pathway.trials.match import HEADINGS, ORDER, WORDS, Answered, Fit, Match, match
from cartway.pathway.trials.questions import Question, questions
from cartway.pathway.trials.reading import Trials, read_document, read_paths
from cartway.pathway.trials.trial import FreeText, Site, Trial

__all__ = [
    "HEADINGS",
    "ORDER",
    "SERVICES",
    "WORDS",
    "Answered",
    "Asked",
    "Center",
    "Finding",
    "Fit",
    "FreeText",
    "Match",
    "Question",
    "Site",
    "Trial",
    "Trials",
    "centers",
    "evaluate",
    "match",
    "offering",
    "questions",
    "read_document",
    "read_paths",
]
