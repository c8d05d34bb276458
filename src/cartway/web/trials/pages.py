"""Trials for one patient: what could fit and why, one trial with its criteria, and the questions worth asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.course import Course
from cartway.pathway.programme.days import day_of
from cartway.pathway.trials import HEADINGS, WORDS, Fit, Match, match, questions
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of
from cartway.web.programme.words import illness, said_day
from cartway.web.road import center_of, course_of, road
from cartway.web.trials.shelf import shelf

NEAR_DAYS = 60
SHOWN = 40  # trials of a group that are shown; the rest is told as a number
ANSWERS = {"yes": "met", "no": "not met", "unknown": "unknown"}


class Group(msgspec.Struct, frozen=True):
    """The trials that fit alike, the first of them; `rest` is how many more there are."""

    fit: Fit
    heading: str
    shown: Sequence[Match]
    rest: int


@get("/courses/{course:str}/trials", opt=needs(Act.see_programme), name="trials", sync_to_thread=True)
def trials_page(request: WebRequest, course: FromPath[str]) -> Template:
    """All trial records that the center keeps, those that could fit first."""
    found, one = shelf(office_of(request).config.trials), course_of(request, course)
    today = _today(request)
    matched = match(one, found.trials, today, center_of(request))
    return _page(
        request,
        one,
        "trials/list.html",
        found=found,
        groups=grouped(matched),
        kept=office_of(request).config.trials is not None,
        asked=known(one),
        options=options(one),
    )


@get("/courses/{course:str}/trial", opt=needs(Act.see_programme), name="a trial", sync_to_thread=True)
def trial_page(request: WebRequest, course: FromPath[str]) -> Template:
    """One trial (``?trial=`` its number): each criterion with its answer, and the free text, unread."""
    one = course_of(request, course)
    return _page(request, one, "trials/one.html", found=_one(request, one))


@get("/courses/{course:str}/trial-questions", opt=needs(Act.see_programme), name="trial questions", sync_to_thread=True)
def questions_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The questions worth asking, to print; of one trial with what is not known of it, where one is named."""
    one = course_of(request, course)
    found = _one(request, one) if request.query_params.get("trial") else None
    return _page(request, one, "trials/questions.html", found=found, topics=questions())


def _page(request: WebRequest, course: Course, template: str, **context: Any) -> Template:
    today = _today(request)
    return road(
        request,
        course,
        template,
        "trials",
        answers=ANSWERS,
        criterion=lambda answered: WORDS.get(answered.id, answered.id),
        copied=lambda day: copied(day, today),
        query=lambda number: urlencode({"trial": number}),
        said_day=lambda day: said_day(day, today),
        day=lambda instant: day_of(instant, office_of(request).zone),
        option_words=option_words,
        today=today,
        **context,
    )


def _one(request: WebRequest, course: Course) -> Match:
    """The match of the trial that the address names; a trial that is not kept is not found."""
    number = request.query_params.get("trial", "")
    found = shelf(office_of(request).config.trials)
    kept = [each for each in found.trials if each.id == number]
    if not kept:
        raise NotFoundException
    return match(course, kept, _today(request), center_of(request))[0]


def _today(request: WebRequest) -> date:
    office = office_of(request)
    return day_of(office.now(), office.zone)


def grouped(matched: Sequence[Match]) -> list[Group]:
    """By how they fit, in the order in which they are to be looked at."""
    groups = []
    for fit, heading in HEADINGS.items():
        here = [each for each in matched if each.fit is fit]
        if here:
            groups.append(Group(fit, heading, here[:SHOWN], len(here) - SHOWN if len(here) > SHOWN else 0))
    return groups


def copied(day: date | None, today: date) -> str:
    """When a record was taken: how long ago while that is near, else the day alone."""
    if day is None:
        return "the copy bears no day"
    told = said_day(day, today)
    return f"copy of {told if (today - day).days <= NEAR_DAYS else told.partition(' (')[0]}"


def known(course: Course) -> Mapping[str, str]:
    """What the record holds of what trials ask for: words for each, empty where it is not known."""
    diagnosis, sex, age = course.last("diagnosis"), course.last("sex"), course.last("birth_date", "age")
    home = course.last("travel_time")
    return {
        "Diagnosis": illness(diagnosis.choice) if diagnosis else "",
        "Age": "from the birth date"
        if age and age.what == "birth_date"
        else f"{age.value:g}"
        if age and age.value
        else "",
        "Sex": sex.choice.replace("_", " ") if sex else "",
        "Country": str(home.detail.get("country", "")) if home else "",
    }


def options(course: Course) -> list[Any]:
    """How each trial was last recorded as an option, the newest first."""
    found = [course.last("trial_option", about=about) for about in course.abouts("trial_option")]
    return sorted((each for each in found if each is not None), key=lambda each: -each.at)


def option_words(choice: str) -> str:
    """``Discussed``, ``In screening``."""
    named = vocabulary().variables["trial_option"].choices.get(choice)
    return named.label if named else choice.replace("_", " ")
