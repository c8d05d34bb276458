"""One door: the plan of a course for a reader, or its card."""

from __future__ import annotations

from cartway.aftercare.plan.card import wallet_card
from cartway.aftercare.plan.clinical import physician_plan
from cartway.aftercare.plan.known import Known, Place, known
from cartway.aftercare.plan.model import Card, Language, Plan, Reader
from cartway.aftercare.plan.patient import patient_plan
from cartway.pathway.course import Course
from cartway.problem import Problem


def care_plan(
    course: Course, center: Course, place: Place, reader: Reader = "patient", language: Language = "en"
) -> Plan | Problem:
    """The survivorship care plan as of `course.now`; the physician's is English.

    Problems: ``no_24_hour_number``, ``no_infusion``, ``course_ended``.
    """
    about = known(course, center, place, language if reader == "patient" else "en")
    if isinstance(about, Problem):
        return about
    return patient_plan(about) if reader == "patient" else physician_plan(about)


def card(course: Course, center: Course, place: Place, language: Language = "en") -> Card | Problem:
    """The wallet card as of `course.now`. Problems as of `care_plan`."""
    about = known(course, center, place, language)
    return about if isinstance(about, Problem) else wallet_card(about)


__all__ = ["Known", "Place", "card", "care_plan"]
