"""The products side by side: for each question a row, for each product that a label covers or may cover a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from cartway.pathway import products as labels
from cartway.pathway.answer import Answer, Criterion, Source
from cartway.pathway.candidacy import Candidacy, ProductCandidacy
from cartway.pathway.candidacy.compose import group_of
from cartway.pathway.course import Course
from cartway.pathway.products import DoseRange, Regimen
from cartway.pathway.products.model import ANY_LINES
from cartway.web.candidacy.aloud import listed
from cartway.web.programme.words import said_day

ANSWERS = {Answer.yes: "Yes", Answer.no: "No", Answer.unknown: "Not known"}


class Line(msgspec.Struct, frozen=True):
    """One statement of a cell. `unconfirmed`: nobody saw its source. `source` stands in its title."""

    words: str
    unconfirmed: bool = False
    source: str = ""
    small: bool = False


class Cell(msgspec.Struct, frozen=True):
    """What stands in a cell: an answer where it is one, then lines."""

    lines: tuple[Line, ...]
    answer: str = ""


class Row(msgspec.Struct, frozen=True):
    """One question of all products shown."""

    head: str
    cells: tuple[Cell, ...]


def compared(found: Candidacy) -> list[ProductCandidacy]:
    """Those a label covers, then those it may cover."""
    open_ = [each for each in found.products if each.label.answer is not Answer.no]
    return sorted(open_, key=lambda each: (each.label.answer is not Answer.yes, each.brand))


def refused(found: Candidacy) -> list[ProductCandidacy]:
    """Those no label covers for this patient today."""
    return sorted((each for each in found.products if each.label.answer is Answer.no), key=lambda each: each.brand)


def rows(course: Course, found: Candidacy, today: date) -> list[Row]:
    """The comparison, row by row; a row in which nothing is held of any product is left out."""
    shown = compared(found)
    asked: list[tuple[str, Callable[[ProductCandidacy], Cell]]] = [
        ("Label", _label),
        ("Not known for it", _missing),
        ("Target", lambda each: _criteria(each.antigen)),
        ("Holder", lambda each: _criteria(asked for asked in each.holder if asked.flagged and asked.facts)),
        ("Earliest collection", lambda each: _collection(each, today)),
        ("Dose by the label", lambda each: _doses(each, course, found)),
        ("Lymphodepletion", lambda each: _regimens(each, course, found)),
        ("Usual vein to vein", _vein_to_vein),
        ("After the infusion", lambda each: _windows(each, course, found)),
        ("Boxed warnings", _warnings),
        ("Next", lambda each: Cell((Line(each.next.action), Line(f"by: {each.next.owner}", small=True)))),
    ]
    made = [Row(head, tuple(cell(each) for each in shown)) for head, cell in asked]
    return [row for row in made if any(cell.lines or cell.answer for cell in row.cells)]


def _label(each: ProductCandidacy) -> Cell:
    rule = each.label.rule
    told = [Line(rule.words, not each.label.confirmed, rule.source.text)] if rule else [Line(each.label.because)]
    read = [Line(f"Read so: {reading}", small=True) for reading in each.label.ambiguous]
    version = [Line(each.label.version, small=True)] if each.label.version else []
    return Cell((*told, *read, *version), ANSWERS[each.label.answer])


def _missing(each: ProductCandidacy) -> Cell:
    if each.label.answer is not Answer.unknown:
        return Cell(())
    by_test: dict[str, list[str]] = {}
    for missing in each.label.missing:
        by_test.setdefault(missing.settles, []).append(missing.words)
    return Cell(
        tuple(line for test, words in by_test.items() for line in (Line(listed(words)), Line(test, small=True)))
    )


def _criteria(criteria: Iterable[Criterion]) -> Cell:
    return Cell(tuple(_line(each) for each in criteria))


def _line(criterion: Criterion) -> Line:
    return Line(criterion.because, not criterion.source.confirmed, criterion.source.text)


def _collection(each: ProductCandidacy, today: date) -> Cell:
    when = each.collectable
    if when.day is None:
        return Cell((Line(f"not known; {said_day(when.known, today)} at the earliest"),))
    told = [Line(said_day(when.day, today))]
    if when.preferred and when.preferred > when.day:
        told.append(Line(f"preferably {said_day(when.preferred, today)}"))
    holders = [washout.what for washout in when.washouts if washout.set_by == "holder"]
    return Cell((*told, *(Line(f"by the holder's own interval: {what}") for what in holders)))


def _doses(each: ProductCandidacy, course: Course, found: Candidacy) -> Cell:
    """The label's ranges as they stand there. None is worked out for the patient here."""
    held = labels.doses(each.product, group_of(course), found.on, found.jurisdiction)
    return Cell(tuple(Line(dose_words(row), not row.source.confirmed, row.source.text) for row in held))


def dose_words(row: DoseRange) -> str:
    """``50 to 110 million cells``, ``2 million cells a kg, at most 200``, with weights and parts where they differ."""
    low, high = f"{row.lowest_million:g}", f"{row.highest_million:g}"
    words = f"{low if low == high else f'{low} to {high}'} million cells{' a kg' if row.per_kg else ''}"
    if row.cap_million is not None:
        words += f", at most {row.cap_million:g}"
    if row.from_kg or row.to_kg is not None:
        words += f" ({'over ' + format(row.from_kg, 'g') if row.from_kg else 'up to ' + format(row.to_kg, 'g')} kg)"
    if row.lines[0] > 0 or row.lines[1] < ANY_LINES:
        words += f" ({_lines(*row.lines)})"
    return f"{words}, in {row.parts} parts" if row.parts > 1 else words


def _lines(least: int, most: int) -> str:
    """``after 1 line``, ``after 2 or more lines``, ``after up to 3 lines``."""
    if least == most:
        return f"after {least} line{'' if least == 1 else 's'}"
    return f"after {least} or more lines" if most >= ANY_LINES else f"after {least} to {most} lines"


def _regimens(each: ProductCandidacy, course: Course, found: Candidacy) -> Cell:
    held = labels.regimens(each.product, group_of(course), found.on, found.jurisdiction)
    usual = [row for row in held if not row.alternative]
    return Cell(tuple(Line(regimen_words(row), not row.source.confirmed, row.source.text) for row in usual))


def regimen_words(row: Regimen) -> str:
    """``Fludarabine 30 and cyclophosphamide 500 mg/m², 3 days``."""
    drugs = " and ".join(f"{drug.drug} {drug.mg_m2:g} mg/m², {drug.times} days" for drug in row.drugs)
    return drugs[:1].upper() + drugs[1:]


def _vein_to_vein(each: ProductCandidacy) -> Cell:
    usual = labels.timing(each.product).vein_to_vein
    if usual is None:
        return Cell(())
    range_ = f" ({usual.low:g} to {usual.high:g})" if usual.low is not None and usual.high is not None else ""
    return Cell((Line(f"{usual.days:g} days{range_}", not usual.source.confirmed, usual.source.text),))


def _windows(each: ProductCandidacy, course: Course, found: Candidacy) -> Cell:
    held = labels.windows(each.product, found.on, found.jurisdiction, group_of(course))
    if held is None:
        return Cell(())
    told = (("seen daily", held.daily_days), ("near the center", held.near_days), ("no driving", held.driving_days))
    return Cell(
        tuple(
            Line(f"{words} {days} days", not held.source.confirmed, held.source.text)
            for words, days in told
            if days is not None
        )
    )


def _warnings(each: ProductCandidacy) -> Cell:
    notes = [note for note in each.notes if note.id != "DOSE-KG"]
    words = [note.words.removeprefix("Boxed warning: ") for note in notes]
    return Cell(
        tuple(Line(_short(text), not note.source.confirmed, text) for text, note in zip(words, notes, strict=True))
    )


def _short(words: str) -> str:
    """The warning without what follows its first comma or colon: the whole stands in its title."""
    return words.partition(",")[0].partition(":")[0].partition(" after ")[0]


def source_of(source: Source) -> str:
    """Where it stands, and that nobody saw it where nobody did."""
    return source.text if source.confirmed else f"{source.text} (not confirmed)"
