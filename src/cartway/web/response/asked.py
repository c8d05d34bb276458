"""A sheet on which the findings of one assessment are typed: each that is told makes a fact, all with one event.

What can be measured or be told in a word (a plasmacytoma of 4 cm², or none) takes either. An empty field says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import Variable, vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, unit_shown, unknown_choice, valued
from cartway.web.forms.draft import Draft, all_of, flawed, flaws_of, nothing_entered
from cartway.web.forms.entries import Entries, read_note, read_number
from cartway.web.forms.plain import Drawn, Option
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet

BACK = "/courses/{course:str}/response"
More = Callable[[Entries, Chart, Instant], Draft]

LISTED: Mapping[str, tuple[Option, ...]] = {
    "mrd.method": (
        ("flow", "Flow", ""), ("ngf", "Next-generation flow", ""), ("ngs", "Sequencing (NGS)", ""), ("pcr", "PCR", ""),
        ("mass_spectrometry", "Mass spectrometry", ""),
    ),
    "mrd.limit": (
        ("0.0001", "1 in 10,000", ""), ("0.00001", "1 in 100,000", ""), ("0.000001", "1 in 1,000,000", ""),
    ),
    "marrow_plasma_cells.method": (("aspirate", "Aspirate", ""), ("biopsy", "Biopsy", "")),
    "mrd.specimen": (("marrow", "Marrow", ""), ("blood", "Blood", "")),
    "deauville_score.site": (
        ("waldeyer_ring", "Waldeyer ring", ""), ("gut", "Gut", ""), ("spleen", "Spleen", ""), ("marrow", "Marrow", ""),
    ),
    "new_lesion.site": (("node", "Node", ""), ("extranodal", "Extranodal", "")),
    "antigen_expression.antigen": tuple((name, name, "") for name in ("CD19", "BCMA", "CD22", "CD20", "GPRC5D")),
}  # fmt: skip
"""Details of which a few answers are offered."""

LABELS: Mapping[str, str] = {
    "imaging": "Kind",
    "response_read": "Conclusion",
    "deauville_score.site": "The worst site, where it is bright in health",
    "bone_lesions": "Finding",
    "next_therapy": "Began",
    "imaging.not_evaluable": "The PET part could not be evaluated",
    "mrd.method": "Method",
    "mrd.limit": "Smallest share it sees",
    "mrd.specimen": "Specimen",
    "mrd.below": "The true value lies below it",
    "kappa_light_chains.below": "The true value lies below it",
    "lambda_light_chains.below": "The true value lies below it",
    "car_t_copies.below": "The true value lies below it",
    "car_t_cells.below": "The true value lies below it",
    "serum_m_protein.other_clone": "A band of another kind than the myeloma's",
    "marrow_plasma_cells.method": "Aspirate or biopsy",
    "marrow_finding.cellularity": "Cellularity",
    "biopsy.histology": "Histology",
    "immunophenotype.same_lesion": "Same genetic lesion as before",
    "next_therapy.regimen": "Regimen",
}
"""Shorter words for details, where the vocabulary explains them at length."""


UNITS: Mapping[str, str] = {"/uL": "per µL", "/ug{DNA}": "copies per mcg DNA"}


class Ask(msgspec.Struct, frozen=True):
    """One variable of a sheet. `percent`: a share that is typed as per cent. `only`: choices to offer, all where empty.

    `no_number`: only its choices are asked. `about`: which detail names the thing the fact is about.
    """

    what: str
    details: tuple[str, ...] = ()
    label: str = ""
    hint: str = ""
    only: tuple[str, ...] = ()
    percent: bool = False
    no_number: bool = False
    about: str = ""

    @property
    def variable(self) -> Variable:
        """The variable of the vocabulary."""
        return vocabulary().variables[self.what]

    @property
    def named(self) -> str:
        """Its words on the sheet."""
        return self.label or self.variable.label

    @property
    def number(self) -> bool:
        """Whether a number may be typed."""
        return self.variable.kind == "number" and not self.no_number


class Part(msgspec.Struct, frozen=True):
    """A part of a sheet under one heading."""

    heading: str
    asks: tuple[Ask, ...]
    hint: str = ""
    disease: str = ""  # only asked in this family of diseases; in all where it is empty or the disease is not known


FAMILIES: Mapping[str, frozenset[str]] = {
    "leukemia": frozenset({"b_all", "t_all", "all"}),
    "myeloma": frozenset({"multiple_myeloma", "plasma_cell_leukemia", "smoldering_myeloma", "plasmacytoma"}),
    "cll": frozenset({"cll", "sll"}),
}
"""Diseases whose sheets ask for something of their own; all others are read as lymphoma."""


def family_of(diagnosis: str) -> str:
    """The family of a disease; empty where none is charted."""
    found = next((name for name, diseases in FAMILIES.items() if diagnosis in diseases), "lymphoma")
    return found if diagnosis else ""


def fitting(parts: Sequence[Part], chart: Chart) -> list[Part]:
    """The parts of a sheet that fit the disease of the course."""
    diagnosis = chart.last("diagnosis")
    family = family_of("" if diagnosis is None else diagnosis.choice)
    return [part for part in parts if not (part.disease and family) or family in part.disease.split()]


def asked(
    name: str, path: str, act: Act, title: str, parts: Sequence[Part], intro: str, *,
    template: str = "response/sheet.html", more: More | None = None,
    fill: Callable[[Chart, str], Entries] = lambda chart, change: Entries(),
    rows: Callable[[Chart], Sequence[object]] = lambda chart: (),
) -> Form:  # fmt: skip
    """A form at ``/courses/{course}/response/PATH``. `more`: what else is read of it, before the parts."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        first = more(entries, chart, at) if more else Draft()
        draft = first + all_of(_read(ask, entries, at) for part in parts for ask in part.asks)
        return draft if draft.facts or draft.flaws else nothing_entered()

    def extras(chart: Chart, _: Sheet) -> Mapping[str, object]:
        drawn = [(part.heading, part.hint, [_drawn(ask) for ask in part.asks]) for part in fitting(parts, chart)]
        return {"parts": drawn, "intro": intro, "rows": rows(chart)}

    return Form(name, f"{BACK}/{path}", act, title, template, read, extras, fill=fill, back=BACK)


def _read(ask: Ask, entries: Entries, at: Instant) -> Draft:
    """The fact of one variable; flaws where a detail stands alone, or a number beside a word."""
    typed, word = entries[ask.what] if ask.number else "", entries[f"{ask.what}_choice"]
    told = {key: _detail(ask, key, text) for key in ask.details if (text := entries[f"{ask.what}_{key}"])}
    base = _both(ask) if typed and word else _number(ask, typed, at) if typed else _word(ask, word, at)
    flaws = base + flaws_of(*told.values())
    if flaws.flaws:
        return Draft(flaws=flaws.flaws)
    if not base.facts:
        return flawed(_first(ask), _alone(ask)) if told else Draft()
    detail = {**base.facts[0].detail, **told}
    about = str(detail.get(ask.about, "")) if ask.about else ""
    return Draft((msgspec.structs.replace(base.facts[0], detail=detail, about=about),), doubts=base.doubts)


def _number(ask: Ask, typed: str, at: Instant) -> Draft:
    """A number in the variable's unit; a share typed as per cent is divided exactly, and what was typed is kept."""
    number = read_number(typed)
    if isinstance(number, Problem):
        return flawed(ask.what, number)
    if not ask.percent:
        return valued(ask.variable, number, ask.variable.unit, at, ask.what, typed)
    share = float(Decimal(typed.replace(",", ".")) / 100)
    draft = valued(ask.variable, share, ask.variable.unit, at, ask.what, typed)
    return msgspec.structs.replace(draft, facts=tuple(_as_said(fact, typed) for fact in draft.facts))


def _as_said(fact: Fact, typed: str) -> Fact:
    return msgspec.structs.replace(fact, said=f"{typed} %")


def _word(ask: Ask, word: str, at: Instant) -> Draft:
    if not word:
        return Draft()
    if word not in (ask.only or ask.variable.choices):
        return flawed(f"{ask.what}_choice", unknown_choice(ask.named))
    return Draft((Fact("", at, ask.what, choice=word),))


def _both(ask: Ask) -> Draft:
    reason = f"{ask.named} has a number and a word."
    return flawed(ask.what, Problem("number_and_word", reason, "Leave one of them empty."))


def _alone(ask: Ask) -> Problem:
    return Problem("missing_entry", f"{ask.named} is missing.", "Fill it in, or empty what belongs to it.")


def _first(ask: Ask) -> str:
    return ask.what if ask.number else f"{ask.what}_choice"


def _detail(ask: Ask, key: str, text: str) -> object:
    """A detail as it is stored; a draft of its flaw where it cannot be read."""
    kind, field = ask.variable.detail[key].type, f"{ask.what}_{key}"
    offered = LISTED.get(f"{ask.what}.{key}")
    if offered and text not in {value for value, _, _ in offered}:
        return flawed(field, unknown_choice(_detail_label(ask, key)))
    if kind == "flag":
        return text == "yes"
    found = read_number(text) if kind == "number" else read_note(text)
    return flawed(field, found) if isinstance(found, Problem) else found


class Group(msgspec.Struct, frozen=True):
    """One variable as it is drawn: its fields under its words, or a field alone that carries them itself."""

    words: str
    fields: tuple[Drawn, ...]


def _drawn(ask: Ask) -> Group:
    alone = not ask.details and not (ask.number and ask.variable.choices)
    fields = (*_value(ask, alone), *_choice(ask, alone), *(_detail_drawn(ask, key) for key in ask.details))
    return Group("" if alone else ask.named, fields)


def _value(ask: Ask, alone: bool) -> list[Drawn]:
    if not ask.number:
        return []
    unit = "%" if ask.percent else _unit(ask.variable.unit)
    return [Drawn(ask.what, ask.named if alone else "Value", "number", False, ask.hint, unit, (), False)]


def _unit(unit: str) -> str:
    """A unit as it stands beside a field; a pure number has none."""
    return "" if unit == "1" else UNITS.get(unit, unit_shown(unit))


def _choice(ask: Ask, alone: bool) -> list[Drawn]:
    choices = ask.variable.choices
    if not choices:
        return []
    options = tuple((name, choices[name].label, "") for name in ask.only or choices)
    label = ask.named if alone else "Or in a word" if ask.number else LABELS.get(ask.what, "Finding")
    hint = "" if ask.number else ask.hint
    return [Drawn(f"{ask.what}_choice", label, "choice", False, hint, "", options, True)]


def _detail_drawn(ask: Ask, key: str) -> Drawn:
    options = LISTED.get(f"{ask.what}.{key}", ())
    kind = "choice" if options else ask.variable.detail[key].type
    return Drawn(f"{ask.what}_{key}", _detail_label(ask, key), kind, False, "", "", options, True)


def _detail_label(ask: Ask, key: str) -> str:
    return LABELS.get(f"{ask.what}.{key}") or ask.variable.detail[key].label
