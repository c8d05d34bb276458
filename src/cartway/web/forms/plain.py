"""A form that makes one fact, declared by data: which variable, which of its choices and details, who signs.

What a field takes follows from the vocabulary: a choice is a row of tiles (a list to pick from where there are many), a
number is checked against what is possible, a flag is yes or no, a list is separated by commas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, unit_shown, unknown_choice, valued
from cartway.web.forms.draft import Draft, flawed, flaws_of
from cartway.web.forms.entries import Entries, read_note, read_number
from cartway.web.forms.moment import read_time
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet
from cartway.web.forms.signing import Signs

Kind = Literal["choice", "number", "text", "note", "day", "flag", "list", "moment"]
Option = tuple[str, str, str]  # value, words, smaller words
Options = Callable[[Chart], Sequence[Option]]
MANY = 8  # more options than this make a list to pick from


class Field(msgspec.Struct, frozen=True):
    """One field. `to`: where it goes: ``choice``, ``value``, ``about``, ``until`` or ``detail.NAME``.

    `kind` is the vocabulary's where it is empty. `options`: what may be chosen, worked out from the chart; then nothing
    else may be given. `needed`: an empty one is a flaw.
    """

    to: str
    label: str = ""
    kind: Kind | Literal[""] = ""
    needed: bool = False
    hint: str = ""
    options: Options | None = None
    only: tuple[str, ...] = ()  # of a choice, which to offer; all where empty

    @property
    def name(self) -> str:
        """The name of its input."""
        return self.to.removeprefix("detail.").replace(".", "_")


class Drawn(msgspec.Struct, frozen=True):
    """A field as the template draws it."""

    name: str
    label: str
    kind: str
    needed: bool
    hint: str
    unit: str
    options: tuple[Option, ...]
    many: bool


def plain(
    name: str,
    path: str,
    act: Act,
    title: str,
    what: str,
    fields: Sequence[Field],
    *,
    back: str,
    about: str = "",
    fixed: Mapping[str, Any] | None = None,
    signs: Signs | None = None,
    intro: str = "",
    check: Callable[[Fact, Chart], Draft] | None = None,
    also: Callable[[Fact, Chart], Sequence[Fact]] | None = None,
    fill: Callable[[Chart, str], Entries] | None = None,
    founds: bool = False,
) -> Form:
    """A form at `path` that makes one fact of `what`, and goes on to `back`.

    `about`, `fixed`: the thing it is about and details that are always these. `check`: what is wrong with or doubtful
    about the fact, as a draft of flaws and doubts. `also`: further facts that go with it.
    """

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        fact, draft = _fact(what, fields, entries, chart, at)
        if draft.flaws or fact is None:
            return draft
        fact = msgspec.structs.replace(fact, about=about or fact.about, detail={**fact.detail, **(fixed or {})})
        asked = check(fact, chart) if check else Draft()
        return draft + asked + Draft((fact, *(also(fact, chart) if also else ())))

    def extras(chart: Chart, _: Sheet) -> Mapping[str, object]:
        return {"drawn": [_drawn(what, field, chart) for field in fields], "intro": intro}

    filled = fill or (lambda chart, change: Entries())
    return Form(
        name, path, act, title, "forms/plain.html", read, extras, fill=filled, back=back, signs=signs, founds=founds
    )


def _fact(what: str, fields: Sequence[Field], entries: Entries, chart: Chart, at: Instant) -> tuple[Fact | None, Draft]:
    read = [(field, _read(what, field, entries[field.name], chart, at)) for field in fields]
    flaws = flaws_of(*(value for _, value in read))
    if flaws.flaws:
        return None, flaws
    given = {field.to: value for field, value in read if value is not None}
    number = given.get("value")
    base = number.facts[0] if isinstance(number, Draft) else Fact("", at, what)
    detail = {to.removeprefix("detail."): value for to, value in given.items() if to.startswith("detail.")}
    rest = {to: given[to] for to in ("choice", "about", "until") if to in given}
    doubts = Draft(doubts=number.doubts) if isinstance(number, Draft) else Draft()
    return msgspec.structs.replace(base, detail={**base.detail, **detail}, **rest), doubts


def _read(what: str, field: Field, text: str, chart: Chart, at: Instant) -> Any:
    """The value of a field; a draft of flaws where it is none; None where it is empty."""
    if not text:
        missing = Problem("missing_entry", f"{label_of(what, field)} is missing.", "Fill it in.")
        return flawed(field.name, missing) if field.needed else None
    offered = options_of(what, field, chart)
    if (offered or field.options is not None) and text not in {value for value, _, _ in offered}:
        return flawed(field.name, unknown_choice(label_of(what, field)))
    found = _typed(what, field, text, chart, at)
    return flawed(field.name, found) if isinstance(found, Problem) else found


def _typed(what: str, field: Field, text: str, chart: Chart, at: Instant) -> Any:
    match kind_of(what, field):
        case "number":
            return _number(what, field, text, at)
        case "flag":
            return text == "yes"
        case "list":
            return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
        case "day":
            return _day(text)
        case "moment":
            return read_time(text, chart.zone, after=at)
    return read_note(text)


def _number(what: str, field: Field, text: str, at: Instant) -> Any:
    number = read_number(text)
    if isinstance(number, Problem) or field.to != "value":
        return number
    variable = vocabulary().variables[what]
    draft = valued(variable, number, variable.unit, at, field.name, text)
    return draft if draft.facts or draft.flaws else None


def _day(text: str) -> str | Problem:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return Problem("malformed_day", "This day cannot be read.", "Type it as 2026-11-30.")


def kind_of(what: str, field: Field) -> str:
    """How a field is read and drawn."""
    if field.kind:
        return field.kind
    if field.options or field.to == "choice":
        return "choice"
    if field.to == "value":
        return "number"
    if field.to == "until":
        return "moment"
    variable = vocabulary().variables[what]
    return variable.detail[field.to.removeprefix("detail.")].type if field.to.startswith("detail.") else "text"


def label_of(what: str, field: Field) -> str:
    """Its label: its own words, else the vocabulary's."""
    variable = vocabulary().variables[what]
    if field.label:
        return field.label
    if field.to.startswith("detail."):
        return variable.detail[field.to.removeprefix("detail.")].label.split(";")[0]
    return variable.label


def options_of(what: str, field: Field, chart: Chart) -> tuple[Option, ...]:
    """What may be chosen; empty where anything may be typed."""
    if field.options is not None:
        return tuple(field.options(chart))
    if field.to != "choice":
        return ()
    choices = vocabulary().variables[what].choices
    return tuple((name, choices[name].label, "") for name in field.only or choices)


def _drawn(what: str, field: Field, chart: Chart) -> Drawn:
    options, variable = options_of(what, field, chart), vocabulary().variables[what]
    unit = unit_shown(variable.unit) if field.to == "value" else ""
    kind, label = kind_of(what, field), label_of(what, field)
    return Drawn(field.name, label, kind, field.needed, field.hint, unit, options, len(options) > MANY)
