"""All that a plan is written from, worked out once: treatment, aftercare, response, whom to call."""

from __future__ import annotations

from datetime import date, tzinfo

import msgspec

from cartway.aftercare.care import aftercare
from cartway.aftercare.dates import day_of
from cartway.aftercare.model import Aftercare
from cartway.aftercare.plan.contacts import calls, line
from cartway.aftercare.plan.model import Call, Language
from cartway.aftercare.plan.said import say
from cartway.aftercare.plan.treatment import Treatment, treatment
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.response.model import Response, choices_of
from cartway.response.respond import respond
from cartway.toxicity import Rules
from cartway.watch.triage import load_table


class Place(msgspec.Struct, frozen=True):
    """The center as its settings have it: whose labels count, its name, its number, its zone, its rules."""

    country: str
    site: str
    phone: str
    zone: tzinfo
    rules: Rules


class Known(msgspec.Struct, frozen=True):
    """A course on the day `on`, for a reader of `language`. `emergency` and `crisis` are the country's numbers in the
    triage table: words where it has no number for emergencies, empty where it has no line for thoughts of suicide.
    """

    course: Course
    on: date
    language: Language
    place: Place
    treatment: Treatment
    after: Aftercare
    response: Response | None
    line: Call
    calls: tuple[Call, ...]
    emergency: str
    crisis: str

    def say(self, key: str, **values: object) -> str:
        """A sentence in the reader's language."""
        return say(key, self.language, **values)


def known(course: Course, center: Course, place: Place, language: Language) -> Known | Problem:
    """What the plan rests on. Problems: ``no_24_hour_number``, ``no_infusion``, ``course_ended``."""
    called = line(course, center, place.phone, language)
    if isinstance(called, Problem):
        return called
    if course.first("infusion") is None:
        reason = "No infusion is recorded: there is nothing to plan from yet."
        return Problem("no_infusion", reason, "Record the infusion first.")
    if course.last("death") is not None:
        return Problem("course_ended", "The patient has died.", "There is no plan to make; the record stays as it is.")
    answered = respond(course, choices_of(policies_of(center), place.zone))
    response = None if isinstance(answered, Problem) else answered
    return Known(
        course=course,
        on=day_of(course.now, place.zone),
        language=language,
        place=place,
        treatment=treatment(course, place.rules, place.zone),
        after=aftercare(course, center, response, country=place.country, zone=place.zone),
        response=response,
        line=called,
        calls=calls(course, center, language),
        emergency=load_table().emergency.get(place.country) or say("contact.emergency", language),
        crisis=load_table().crisis.get(place.country, ""),
    )
