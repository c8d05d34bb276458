"""Whom to call: the center's line and people, those of the course, the emergency number of the country.

Contacts are `care_contact` facts: the center's own (its record) and the course's (a doctor at home); of one kind the
course's stands, and of two the newer. The number of the settings stands on every page, so it goes first: nobody is
shown two numbers. Without a line that answers day and night there is no plan and no card. What stands on paper is the
number alone, whatever words were typed behind it; a text that does not begin with a number has none.
"""

from __future__ import annotations

import re

from cartway.aftercare.plan.model import Call, Language
from cartway.aftercare.plan.said import known, say
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.vocabulary import vocabulary
from cartway.words.telephone import dialed

LINE = "line_24_hours"
LEAST_DIGITS = 5
WHOLE_GROUP = 3  # digits: a last group of fewer, with words behind it, may be "24" of "24 hours"
_NUMBER = re.compile(r"(\+?[\d(][\d ()./-]*\d\)?)(,? ?(?:ext\.?|x|#) ?\d{1,6})?", re.ASCII | re.IGNORECASE)


def telephone(text: str) -> str:
    """The number with which a text begins, with its extension; empty where it begins with none that can be dialed.

    ``24 hours: 555 010 0142`` begins with none, ``555 010 0142, ask for the nurse`` with ``555 010 0142``.
    """
    text = text.strip()
    found = _NUMBER.match(text)
    if found is None or not dialed(text) or len(re.findall(r"\d", found[1])) < LEAST_DIGITS:
        return ""
    last = re.split(r"\D+", found[1])[-1]
    open_ended = not found[2] and found.end() < len(text) and len(last) < WHOLE_GROUP
    return "" if open_ended else found[0]


def line(course: Course, center: Course, phone: str, language: Language) -> Call | Problem:
    """The 24-hour line: the number of the settings, else the course's or the center's contact.

    Problem: ``no_24_hour_number``.
    """
    told = _newest(course, LINE) or _newest(center, LINE)
    number = telephone(phone.strip() or _text(told, "telephone"))
    if not number:
        reason = "No number is set that answers day and night."
        remedy = "Enter the center's 24-hour line with its contacts, or set CARTWAY_PHONE."
        return Problem("no_24_hour_number", reason, remedy)
    return Call(LINE, say(f"contact.{LINE}", language), number, say("word.any_hour", language), _text(told, "name"))


def calls(course: Course, center: Course, language: Language) -> tuple[Call, ...]:
    """Everybody else who can be called, in the order of the vocabulary. Who has no number is not among them."""
    found = []
    for kind in vocabulary().variables["care_contact"].choices:
        told = _newest(course, kind) or _newest(center, kind)
        if kind != LINE and told is not None and telephone(_text(told, "telephone")):
            found.append(_call(kind, told, language))
    return tuple(found)


def _call(kind: str, told: Fact, language: Language) -> Call:
    who = say(f"contact.{kind}", language) if known(f"contact.{kind}") else kind.replace("_", " ")
    return Call(kind, who, telephone(_text(told, "telephone")), _text(told, "hours"), _text(told, "name"))


def _newest(course: Course, kind: str) -> Fact | None:
    return course.last("care_contact", choice=kind)


def _text(fact: Fact | None, key: str) -> str:
    return str(fact.detail.get(key, "")).strip() if fact else ""
