"""From the TOML files to the vocabulary: group by group, read once, when first asked for."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import msgspec

from cartway.vocabulary.toml import load_toml
from cartway.vocabulary.units import Unit, between, exact, fold, measuring, tidy, units
from cartway.vocabulary.variable import (
    Choice,
    Code,
    Conversion,
    DetailField,
    DetailType,
    Kind,
    Meaning,
    Variable,
    Vocabulary,
    Worse,
)

GROUPS = (
    "milestones",
    "person",
    "vital_signs",
    "support",
    "drugs",
    "neurology",
    "laboratory",
    "judgement",
    "baseline",
    "candidacy",
    "programme",
    "calendar",
    "custody",
    "manufacture",
    "watch",
    "response",
    "aftercare",
    "record",
)

CARTWAY = "urn:cartway"
SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
    "icd10pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
}
POLICY = "centre policy, no published limit: refuses only errors of unit or device"

_WrittenCode = list[str]  # system, code, display and, where no copy was seen, "unconfirmed"


class _WrittenChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    plain: str
    aliases: tuple[str, ...] = ()
    codes: list[_WrittenCode] = []
    classes: tuple[str, ...] = ()


class _WrittenVariable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    plain: str
    kind: Kind
    source: str
    unit: str = ""
    keeps_unit_of: tuple[str, ...] = ()
    substance: dict[str, str] = {}
    plausible: tuple[float, float] | None = None
    possible: tuple[float, float] | None = None
    hint: str = ""
    range_source: str = POLICY
    whole: bool = False
    choices: dict[str, _WrittenChoice] = {}
    choices_of: str = ""  # group and variable whose choices it shares, without their codes
    detail: dict[str, list[str]] = {}
    worse: Worse = ""
    codes: list[_WrittenCode] = []
    confirmed: bool = True


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with Cartway, read on the first call and kept."""
    variables = {variable.name: variable for group in GROUPS for variable in _group(group)}
    routes = load_toml("routes")
    local, no_pressor = frozenset(routes["local"]), frozenset(routes["no_pressor"])
    return Vocabulary(variables, dict(_meanings(variables.values())), local, local | no_pressor)


def _group(group: str) -> Iterator[Variable]:
    """The variables of one file. What its table ``every`` declares as detail belongs to each of them."""
    tables = load_toml(group)
    shared = msgspec.convert(tables.pop("every", {}), dict[str, dict[str, list[str]]]).get("detail", {})
    for name, table in tables.items():
        yield _variable(name, group, msgspec.convert(table, _WrittenVariable), shared)


def _variable(name: str, group: str, written: _WrittenVariable, shared: Mapping[str, list[str]]) -> Variable:
    accepted = dict(_accepted(written))
    choices = {key: _choice(key, choice) for key, choice in (written.choices or _shared(written.choices_of)).items()}
    return Variable(
        name=name,
        group=group,
        label=written.label,
        plain=written.plain,
        kind=written.kind,
        source=written.source,
        unit=written.unit,
        units=accepted,
        unit_spellings=_unambiguous(accepted),
        plausible=written.plausible,
        possible=written.possible,
        hint=written.hint,
        range_source=written.range_source if written.possible else "",
        whole=written.whole,
        choices=choices,
        choice_spellings=dict(_spoken(choices.values())),
        detail={key: _detail(field) for key, field in (written.detail | dict(shared)).items()},
        worse=written.worse,
        codes=_codes(written.codes),
        confirmed=written.confirmed,
    )


def _shared(place: str) -> dict[str, _WrittenChoice]:
    """The choices of another variable, ``group.variable``. Its codes stay with it: a code has one meaning."""
    if not place:
        return {}
    group, name = place.split(".")
    choices = msgspec.convert(load_toml(group)[name], _WrittenVariable).choices
    return {key: msgspec.structs.replace(choice, codes=[]) for key, choice in choices.items()}


def _accepted(written: _WrittenVariable) -> Iterator[tuple[str, Conversion]]:
    """Every spelling of every unit that the variable takes, with its conversion."""
    for measures in written.keeps_unit_of:
        for unit in measuring(measures):
            yield from _spelled(unit, Conversion(unit.ucum))
    if written.unit:
        yield from _convertible(units()[written.unit], written.substance)


def _convertible(canonical: Unit, substance: Mapping[str, str]) -> Iterator[tuple[str, Conversion]]:
    """Units of the same kind by their factors; units of another kind by the substance's own factor."""
    yield from _spelled(canonical, between(canonical, canonical))
    for unit in measuring(canonical.measures):
        yield from _spelled(unit, between(unit, canonical))
    for ucum, factor in substance.items():
        base = units()[ucum]
        for unit in measuring(base.measures):
            scale: Fraction = unit.factor / base.factor * exact(factor)
            yield from _spelled(unit, Conversion(canonical.ucum, float(scale)))


def _spelled(unit: Unit, conversion: Conversion) -> Iterator[tuple[str, Conversion]]:
    return ((text, conversion) for text in (unit.ucum, *unit.spellings))


def _unambiguous(accepted: Mapping[str, Conversion]) -> dict[str, Conversion]:
    """Spellings without letter case, where only one conversion is meant."""
    folded: dict[str, Conversion] = {}
    clashing = set()
    for text, conversion in accepted.items():
        key = fold(tidy(text)) or text
        if folded.setdefault(key, conversion) != conversion:
            clashing.add(key)
    return {key: conversion for key, conversion in folded.items() if key not in clashing}


def spoken(text: str) -> str:
    """A choice as typed, with its letter case, blanks and hyphens written one way."""
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").replace("/", " ").split())


def _spoken(choices: Iterable[Choice]) -> Iterator[tuple[str, str]]:
    return ((spoken(text), choice.name) for choice in choices for text in (choice.name, choice.label, *choice.aliases))


def _choice(name: str, written: _WrittenChoice) -> Choice:
    return Choice(name, written.label, written.plain, written.aliases, _codes(written.codes), written.classes)


def _detail(written: list[str]) -> DetailField:
    """``[type, label]``, with a third word where the number is in the unit of the value."""
    kind, label, *mark = written
    return DetailField(msgspec.convert(kind, DetailType), label, bool(mark))


def _codes(written: Iterable[_WrittenCode]) -> tuple[Code, ...]:
    return tuple(Code(SYSTEMS[system], code, display, not mark) for system, code, display, *mark in written)


def _meanings(variables: Iterable[Variable]) -> Iterator[tuple[tuple[str, str], Meaning]]:
    """Every code with what it names; Cartway's own names are a code system too."""
    for variable in variables:
        here = Meaning(variable.name)
        yield (CARTWAY, variable.name), here
        yield from (((code.system, code.code), here) for code in variable.codes)
        for choice in variable.choices.values():
            there = Meaning(variable.name, choice.name)
            yield (CARTWAY, f"{variable.name}/{choice.name}"), there
            yield from (((code.system, code.code), there) for code in choice.codes)
