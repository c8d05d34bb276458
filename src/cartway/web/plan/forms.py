"""The forms of the calendars: a resource, days closed, a place that is lost. Facts of the center's own record."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.slots.calendars import KIND_WORDS, SLOT, calendars
from cartway.pathway.slots.days import WEEKDAYS, Day, instant_of, read_day
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries, read_note
from cartway.web.forms.plain import Drawn, Field, Option, plain
from cartway.web.forms.sending import Form
from cartway.web.programme.forms import product_options

BACK = "/plan/calendar"


def resource_names(chart: Chart) -> Sequence[Option]:
    """The resources of the calendar."""
    found = calendars(Course(chart.facts, chart.now), chart.zone)
    return [(one.name, one.name, KIND_WORDS[one.kind]) for one in found.resources]


def sound_resource(fact: Fact, _: Chart) -> Draft:
    """Problems: ``no_product``, ``unknown_weekday``, ``no_places``."""
    weekdays = [str(each)[:3].lower() for each in fact.detail.get("weekdays", [])]
    if fact.choice == SLOT and not fact.detail.get("product"):
        return flawed("product", Problem("no_product", "A manufacturing slot is for a product.", "Choose it."))
    if unknown := [each for each in weekdays if each not in WEEKDAYS]:
        told = f"These are no days of the week: {', '.join(unknown)}."
        return flawed("weekdays", Problem("unknown_weekday", told, "Write mon, tue, wed, thu, fri, sat, sun."))
    places = fact.detail.get("capacity", 1)
    if not isinstance(places, int | float) or places < 0 or places != int(places):
        return flawed("capacity", Problem("no_places", "This is no number of places.", "Type 0, 1, 2 ..."))
    return Draft()


RESOURCE = plain(
    "resource", "/plan/resource", Act.coordinate, "A chair, bed, slot or staff", "resource",
    [
        Field("choice", "What it is", needed=True),
        Field("about", "Its name", needed=True, hint="A name that is there already is changed by this"),
        Field("detail.product", "For which product", options=product_options, hint="Of a manufacturing slot"),
        Field("detail.capacity", "How many at the same time", hint="Without it one; 0 takes it out of use"),
        Field("detail.weekdays", "Days of the week",
              hint="mon, tue, wed; without it Monday to Friday, a bed every day"),
        Field("detail.days", "Days from start to delivery", hint="Of a manufacturing slot, as the holder states them"),
        Field("detail.text", "Note", kind="note"),
    ],
    back=BACK, check=sound_resource, founds=True,
)  # fmt: skip


def _days_form(name: str, path: str, title: str, intro: str, drawn: Sequence[str], *, lost: bool) -> Form:
    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        return _closure(entries, chart, lost=lost)

    def extras(chart: Chart, _: object) -> dict[str, object]:
        return {"drawn": [_field(each, chart) for each in drawn], "intro": intro}

    return Form(name, path, Act.coordinate, title, "forms/plain.html", read, extras, back=BACK, founds=True)


def _field(name: str, chart: Chart) -> Drawn:
    options = tuple(resource_names(chart)) if name in ("resource", "lost") else ()
    label, needed, kind = {
        "resource": ("What is closed", False, "choice"),
        "lost": ("What is lost", True, "choice"),
        "first": ("First day", True, "day"),
        "last": ("Last day", False, "day"),
        "why": ("Why", False, "note"),
    }[name]
    hint = "Nothing chosen: the whole center" if name == "resource" else ""
    return Drawn("resource" if name == "lost" else name, label, kind, needed, hint, "", options, many=True)


def _closure(entries: Entries, chart: Chart, *, lost: bool) -> Draft:
    """Days closed, or one place lost. Problems: ``missing_entry``, ``malformed_day``, ``days_reversed``,
    ``unknown_resource``.
    """
    first, last, why = (
        read_day(entries["first"]),
        read_day(entries["last"] or entries["first"]),
        read_note(entries["why"]),
    )
    name = entries["resource"]
    names = {value for value, _, _ in resource_names(chart)}
    if lost and not name:
        return flawed("resource", Problem("missing_entry", "What is lost is missing.", "Choose it."))
    if name and name not in names:
        return flawed("resource", Problem("unknown_resource", "The calendar has no such resource.", "Choose one."))
    if first is None or last is None:
        field = "first" if first is None else "last"
        return flawed(field, Problem("malformed_day", "This day cannot be read.", "Type it as 2026-11-30."))
    if last < first:
        return flawed("last", Problem("days_reversed", "The last day is before the first.", "Exchange them."))
    if isinstance(why, Problem):
        return flawed("why", why)
    return Draft((_fact(chart, name, first, last, why, lost=lost),))


def _fact(chart: Chart, name: str, first: Day, last: Day, why: str, *, lost: bool) -> Fact:
    detail = {**({"places": 1} if lost else {}), **({"text": why} if why else {})}
    at, until = instant_of(first, chart.zone), instant_of(last + 1, chart.zone)
    return Fact("", at, "closure", until=until, about=name, detail=detail)


CLOSURE = _days_form(
    "closure", "/plan/closure", "Days closed",
    "The whole center, or one chair, bed, slot or the laboratory. Beds that are taken stay so on days on which the "
    "center is closed.",
    ("resource", "first", "last", "why"), lost=False,
)  # fmt: skip
LOST = msgspec.structs.replace(
    _days_form(
        "lost place", "/plan/lost", "A place is lost",
        "One place of a resource on some days: a slot that the holder took back, a chair that broke. A slot that was "
        "kept for one course by its own number is changed on that course's road.",
        ("lost", "first", "last", "why"), lost=True,
    ),
    back="/plan",
)  # fmt: skip
