"""A form that gathers several facts at once: each field that is filled in makes one, an empty one makes none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.problem import Problem
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, chosen, measured, unit_shown
from cartway.web.forms.draft import Draft, all_of, flawed, flaws_of, nothing_entered
from cartway.web.forms.entries import Entries, read_note, read_number
from cartway.web.forms.plain import MANY, Drawn
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet

BACK = "/courses/{course:str}/candidacy"


class Ask(msgspec.Struct, frozen=True):
    """One variable of a form: its own label, details that may be told with it, choices to offer (all where empty)."""

    what: str
    details: tuple[str, ...] = ()
    label: str = ""
    hint: str = ""
    only: tuple[str, ...] = ()
    about: str = ""

    @property
    def name(self) -> str:
        """The name of its input."""
        return f"{self.what}_{self.about}" if self.about else self.what


def gathered(name: str, path: str, act: Act, title: str, asked: Sequence[Ask], intro: str = "") -> Form:
    """A form at ``/courses/{course}/candidacy/PATH`` that makes a fact of every variable that is told."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        draft = all_of(_read(ask, entries, at) for ask in asked)
        return draft if draft else nothing_entered()

    def extras(chart: Chart, _: Sheet) -> Mapping[str, object]:
        return {"drawn": [field for ask in asked for field in _drawn(ask)], "intro": intro}

    return Form(name, f"{BACK}/{path}", act, title, "forms/plain.html", read, extras, back=BACK)


def _read(ask: Ask, entries: Entries, at: Instant) -> Draft:
    """The fact of one variable with its details; a flaw where a detail stands without it."""
    number = vocabulary().variables[ask.what].kind == "number"
    draft = measured(entries, at, ask.what) if number else chosen(entries, at, ask.what, field=ask.name)
    told = {key: _detail_told(ask, key, text) for key in ask.details if (text := entries[f"{ask.name}_{key}"])}
    flaws = draft + flaws_of(*told.values())
    if flaws.flaws:
        return Draft(flaws=flaws.flaws)
    if not draft.facts:
        return flawed(ask.name, _alone(ask)) if told else Draft()
    return Draft((msgspec.structs.replace(draft.facts[0], about=ask.about, detail=told),), doubts=draft.doubts)


def _alone(ask: Ask) -> Problem:
    return Problem("missing_entry", f"{_label(ask)} is missing.", "Fill it in, or empty what belongs to it.")


def _detail_told(ask: Ask, key: str, text: str) -> object:
    """A detail as it is stored; a draft of its flaw where it cannot be read."""
    kind = vocabulary().variables[ask.what].detail[key].type
    if kind == "flag":
        return text == "yes"
    found = read_number(text) if kind == "number" else read_note(text)
    return flawed(f"{ask.name}_{key}", found) if isinstance(found, Problem) else found


def _drawn(ask: Ask) -> list[Drawn]:
    variable = vocabulary().variables[ask.what]
    if variable.kind == "number":
        unit = "" if variable.unit == "1" else unit_shown(variable.unit)
        first = Drawn(ask.name, _label(ask), "number", False, ask.hint, unit, (), False)
    else:
        options = tuple((name, variable.choices[name].label, "") for name in ask.only or variable.choices)
        first = Drawn(ask.name, _label(ask), "choice", False, ask.hint, "", options, len(options) > MANY)
    return [first, *(_detail(ask, key) for key in ask.details)]


def _detail(ask: Ask, key: str) -> Drawn:
    field = vocabulary().variables[ask.what].detail[key]
    words = field.label.split(";")[0]
    label = f"{_label(ask)}: {words[0].lower()}{words[1:]}"
    return Drawn(f"{ask.name}_{key}", label, field.type, False, "", "", (), False)


def _label(ask: Ask) -> str:
    return ask.label or vocabulary().variables[ask.what].label
