"""The guidelines by which response is read, and which of them a disease asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.response import acute_leukemia, imwg, iwcll, lugano, lyric
from cartway.response.model import Choices, Criteria
from cartway.vocabulary import vocabulary

GUIDELINES: Mapping[str, Criteria] = {
    module.CRITERIA.name: module.CRITERIA for module in (lugano, lyric, imwg, acute_leukemia, iwcll)
}
"""By the names of the variable `response_criteria`."""


def guideline_of(course: Course, choices: Choices, name: str = "") -> Criteria | Problem:
    """The guideline of a course: the one named, else the one charted, else that of its disease.

    Problems: ``unknown_criteria``, ``no_criteria``.
    """
    charted = course.last("response_criteria")
    asked = name or ("" if charted is None else charted.choice) or _of_disease(course, choices)
    if not asked:
        reason = "The disease is not charted, or no criteria for it are built in."
        return Problem("no_criteria", reason, "Chart the diagnosis, or which criteria apply.")
    if asked not in GUIDELINES:
        known = ", ".join(GUIDELINES)
        return Problem("unknown_criteria", f"There are no criteria '{asked}'.", f"Use one of: {known}.")
    return GUIDELINES[asked]


def _of_disease(course: Course, choices: Choices) -> str:
    diagnosis = course.last("diagnosis")
    if diagnosis is None:
        return ""
    named = {diagnosis.choice, *_classes().get(diagnosis.choice, ())}
    found = [each.name for each in GUIDELINES.values() if named & each.diseases]
    if choices.lyric and lugano.CRITERIA.name in found:
        return lyric.CRITERIA.name
    return found[0] if found else ""


@cache
def _classes() -> Mapping[str, tuple[str, ...]]:
    """The classes of each diagnosis."""
    return {name: choice.classes for name, choice in vocabulary().variables["diagnosis"].choices.items()}
