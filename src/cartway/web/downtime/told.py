"""What a page of the pack tells of a course: what somebody at the bedside needs for the next hours, and on paper.

Times are exact throughout: nothing on a page that stands still may say "two hours ago".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

import msgspec

from cartway.record import UNREADABLE, Fact
from cartway.times import DAY, Instant
from cartway.toxicity.episode import ICE_ITEMS
from cartway.toxicity.wording import said
from cartway.vocabulary import vocabulary
from cartway.watch.due import Dues
from cartway.web.course.drugs import Given, lanes
from cartway.web.course.moment import present
from cartway.web.course.readings import COLUMNS, readings
from cartway.web.course.timeline import particulars_of, words
from cartway.web.course.view import View, look
from cartway.web.course.why import Why, reasons
from cartway.web.draw import variable_label
from cartway.web.office import Office
from cartway.web.ward.briefly import briefly, lately, missing, signs
from cartway.web.ward.standing import GRADES, Standing
from cartway.web.ward.vitals import Vital, vitals
from cartway.web.ward.waits import Mark, Waits, also, cannot, waits

DRUGS_FOR = 7 * DAY
READINGS, NOTES = 30, 24
BLANK_LINES = 14  # to chart on by hand
ELSEWHERE = frozenset({"drugs", "laboratory"})  # groups that have a table of their own
IN_READINGS = {column.what for column in COLUMNS} | set(ICE_ITEMS)


class Drug(msgspec.Struct, frozen=True):
    """One drug as it was given."""

    name: str
    given: Given


class Lab(msgspec.Struct, frozen=True):
    """The newest value of a laboratory variable, and the one before it."""

    what: str
    newest: Fact
    before: Fact | None


class Note(msgspec.Struct, frozen=True):
    """An entry without a table of its own: what it is, what it says, and its particulars with their labels."""

    at: Instant
    title: str
    words: str
    extras: tuple[tuple[str, str], ...]


class Line(msgspec.Struct, frozen=True):
    """A course as a line of the ward sheet."""

    standing: Standing
    vitals: Mapping[str, Vital]
    briefly: str
    lately: Sequence[tuple[str, int, Instant]]
    missing: Sequence[str]
    waits: Waits
    also: Sequence[Mark]
    cannot: str = ""  # what of it could not be worked out


def line(office: Office, standing: Standing, now: Instant) -> Line:
    """What the sheet says of a course."""
    rules = office.rules
    return Line(
        standing,
        vitals(standing, rules, signs(standing.grades)),
        briefly(standing, rules, now, office.zone),
        lately(standing, rules),
        missing(standing.grades),
        waits(standing),
        also(standing),
        cannot(standing),
    )


def bare(standing: Standing) -> Line:
    """The line of a course of which nothing can be told."""
    told = msgspec.structs.replace(standing, grades={}, dues=Dues(), infused_at=None, defects=(GRADES,))
    return Line(told, {}, "", (), (), Waits((), (), ()), (), cannot(told))


def course(office: Office, standing: Standing, now: Instant) -> dict[str, Any]:
    """What the page of a course says, as its template takes it."""
    view = look(office, standing.course, present(now))
    assert view is not None, "only courses of the record are in the pack"
    return {
        "standing": standing,
        "line": line(office, standing, now),
        "why": _why(view),
        "age": view.age_years,
        "readings": readings(view, columns=[column for column in COLUMNS if column.what != "drug"], size=READINGS),
        "drugs": _drugs(view, now),
        "labs": list(_labs(view)),
        "notes": _notes(view),
        "blank": range(BLANK_LINES),
    }


def _why(view: View) -> list[Why]:
    return [each for each in reasons(view) if each.scale in view.standing.grades]


def _drugs(view: View, now: Instant) -> list[Drug]:
    """What was given of late, newest first; what runs on top."""
    given = [
        Drug(lane.name, each)
        for lane in lanes(view.of("drug"), now)
        for each in lane.given
        if each.runs or each.end > now - DRUGS_FOR
    ]
    return sorted(given, key=lambda drug: (not drug.given.runs, -drug.given.start))


def _labs(view: View) -> Iterable[Lab]:
    """By the vocabulary's order: the newest of each, and the one before it."""
    for what, variable in vocabulary().variables.items():
        if variable.group == "laboratory" and view.by_what.get(what):
            found = sorted(view.by_what[what], key=attrgetter("at", "position"))
            yield Lab(what, found[-1], found[-2] if len(found) > 1 else None)


def _notes(view: View) -> list[Note]:
    """The newest of what has no table of its own: judgments, neurology, milestones, what the patient reported."""
    found = (fact for fact in reversed(view.stated) if not _has_a_table(fact))
    return [_note(view, fact) for fact in islice(found, NOTES)]


def _note(view: View, fact: Fact) -> Note:
    if fact.what == UNREADABLE:
        return Note(fact.at, variable_label(str(fact.detail.get("variable", ""))), "could not be read", ())
    return Note(fact.at, variable_label(fact.what), words(view, fact), tuple(particulars_of(fact)))


def _has_a_table(fact: Fact) -> bool:
    what = str(fact.detail.get("variable", "")) if fact.what == UNREADABLE else fact.what
    variable = vocabulary().variable(what)
    return what in IN_READINGS or (variable is not None and variable.group in ELSEWHERE)


def lab_words(fact: Fact) -> str:
    """``0.3 10*9/L``, or that it could not be read."""
    return "could not be read" if fact.what == UNREADABLE else said(msgspec.structs.replace(fact, choice=""))
