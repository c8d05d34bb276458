"""Toxicity of immune effector cells: one file a guideline, each a fold over a course's time-ordered facts.

>>> from cartway.toxicity import grade, load_rules
>>> grade([], load_rules())
[]
"""

from __future__ import annotations

from cartway.toxicity.attribution import Excuse, excuses, unexcused
from cartway.toxicity.episode import Edition, Episode, Reason, editions
from cartway.toxicity.further import ALL_SCALES, SCALES
from cartway.toxicity.grade import by_course, grade, grade_all
from cartway.toxicity.rules import Policy, Rules, load_rules

__all__ = [
    "ALL_SCALES",
    "SCALES",
    "Edition",
    "Episode",
    "Excuse",
    "Policy",
    "Reason",
    "Rules",
    "by_course",
    "editions",
    "excuses",
    "grade",
    "grade_all",
    "load_rules",
    "unexcused",
]
