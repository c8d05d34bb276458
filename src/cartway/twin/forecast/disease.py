"""Where the disease stands at the moment of a forecast, by Cartway's own derivation of response.

A course that has progressed has no chances of response or relapse left; one assessed without progression had none until
then.
"""

from __future__ import annotations

from typing import NamedTuple

from cartway.pathway.course import Course
from cartway.pathway.policies import load_policies
from cartway.problem import Problem
from cartway.response import choices_of, respond
from cartway.response.guidelines import GUIDELINES
from cartway.times import DAY, Instant


class Answer(NamedTuple):
    """`ended`: in words, that the disease has progressed or was treated anew; empty where neither is known.
    `free_until`: the last day, from the infusion, on which an assessment found no progression; 0 without one.
    """

    ended: str = ""
    free_until: float = 0.0


def answer_of(course: Course, zero: Instant) -> Answer:
    """Where the disease of a course stands at its present. Definitions are the defaults of the center's policies."""
    found = respond(course, choices_of(load_policies()))
    if isinstance(found, Problem):
        return Answer(_treated(course, zero))
    bad = GUIDELINES[found.criteria].progressions
    good = [each.at for each in found.confirmed if each.level not in bad and each.at > zero]
    free = (max(good) - zero) / DAY if good else 0.0
    if found.progression_at is not None:
        return Answer(f"the disease progressed on day {(found.progression_at - zero) / DAY:.0f}", free)
    return Answer(_treated(course, zero), free)


def _treated(course: Course, zero: Instant) -> str:
    """That another treatment of the cancer was begun: what follows is no longer the cells' doing."""
    begun = next((fact.at for fact in course.all("next_therapy") if fact.choice != "no" and fact.at > zero), None)
    return "" if begun is None else f"the next treatment of the cancer was begun on day {(begun - zero) / DAY:.0f}"
