"""The dose of cells against the label's range: flat, per kg with its cap, in bands of weight, in components."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from cartway.pathway.answer import Answer, Missing, Source, is_so
from cartway.pathway.candidacy.lines import lines_of
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.lymphodepletion import Refusal
from cartway.pathway.conditioning.measured import Measured, weight
from cartway.pathway.products import DoseRange, doses
from cartway.record import Fact

TENTH = Decimal("0.1")
ROUNDING = "to 0.1 million cells, halves up"


class Stated(msgspec.Struct, frozen=True):
    """The dose that one container states, in millions of CAR-positive viable T cells; None where it states none."""

    container: str
    million: Decimal | None
    component: str = ""
    part: int | None = None


class CellDose(msgspec.Struct, frozen=True):
    """The label's range and what the certificate and the containers state, in millions.

    `lowest`, `highest` are None where no number is worked out; `refusals` say why and quote the source. `answer`: yes
    where what is stated lies in the range; unknown where either is not known, or the label names a target and no range.
    """

    answer: Answer
    because: str
    rows: tuple[DoseRange, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None
    stated: Decimal | None = None
    containers: tuple[Stated, ...] = ()
    weight: Measured | None = None
    refusals: tuple[Refusal, ...] = ()
    missing: tuple[Missing, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def source(self) -> Source | None:
        """The label's source."""
        return self.rows[0].source if self.rows else None


def cell_dose(case: Case) -> CellDose:
    """The dose of a course's cells, as stated, against the label in force on the day of infusion."""
    held = tuple(_stated(case, bag) for bag in case.containers)
    rows, why = _rows(case)
    bare = CellDose(Answer.unknown, why.words if why else "", rows, containers=held, refusals=(why,) if why else ())
    if why is not None or not rows:
        return bare
    row, of_weight = rows[0], weight(case) if _needs_weight(rows) else None
    if not row.source.confirmed:
        quote = Refusal("not_confirmed", "The range is not confirmed from the label's text.", "", (row.source,))
        return msgspec.structs.replace(bare, because=quote.words, refusals=(quote,))
    kg = of_weight.value if of_weight is not None else Decimal(1)
    if kg is None and of_weight is not None:
        unfit = Refusal(
            f"body_weight_{of_weight.flaw}", f"Body weight: {of_weight.words}", of_weight.policy, (row.source,)
        )
        return msgspec.structs.replace(bare, because=unfit.words, refusals=(unfit,), weight=of_weight)
    assert kg is not None
    return _compared(case, msgspec.structs.replace(bare, weight=of_weight), row, kg)


def _rows(case: Case) -> tuple[tuple[DoseRange, ...], Refusal | None]:
    """The label's row for this course, first; or why none can be named."""
    if not case.product:
        return (), Refusal("no_product", "No product is chosen, or the record names two.")
    on = case.day_zero or case.today
    found = {row.id: row for group in case.groups for row in doses(case.product, group, on, case.jurisdiction)}
    if not found:
        return (), Refusal("no_label", f"No text of a {case.jurisdiction} label on the dose is held for this disease.")
    of_lines = _for_lines(case, tuple(found.values()))
    if len(of_lines) > 1 and _needs_weight(of_lines):
        of_weight = weight(case)
        if of_weight.value is None:
            quotes = tuple(row.source for row in of_lines)
            words = f"The label's range depends on the body weight. Body weight: {of_weight.words}"
            return of_lines, Refusal(f"body_weight_{of_weight.flaw}", words, of_weight.policy, quotes)
        of_lines = tuple(row for row in of_lines if row.for_weight(float(of_weight.value)))
    if len(of_lines) == 1:
        return of_lines, None
    words = "The label has no one range for this course: it goes by the disease and by earlier lines of therapy."
    return of_lines, Refusal("which_range", words, "", tuple(row.source for row in of_lines))


def _for_lines(case: Case, rows: tuple[DoseRange, ...]) -> tuple[DoseRange, ...]:
    """The rows for the number of earlier systemic lines; all that may be meant where it is not known.

    Lines are counted as the candidacy counts them: radiotherapy alone is no systemic line.
    """
    if len({row.lines for row in rows}) == 1:
        return rows
    found = case.course.all("line_of_therapy")
    if not found or any(fact.value is None for fact in found):
        return rows
    fewest, most = lines_of(case.course).systemic()
    return tuple(row for row in rows if row.lines[0] <= most and fewest <= row.lines[1])


def _needs_weight(rows: tuple[DoseRange, ...]) -> bool:
    return any(row.per_kg or row.from_kg > 0 or row.to_kg is not None for row in rows)


def _compared(case: Case, found: CellDose, row: DoseRange, kg: Decimal) -> CellDose:
    lowest, highest = _bounds(row, kg)
    total, why, facts = _total(case, found.containers)
    found = msgspec.structs.replace(found, rows=(row,), lowest=lowest, highest=highest, stated=total, facts=facts)
    if total is None:
        missing = Missing(
            "release_certificate", "the dose on the certificate or on the labels", "the release certificate"
        )
        return msgspec.structs.replace(found, because=why, missing=(missing,))
    lacking = [name for name in row.components if name not in {each.component for each in found.containers}]
    if lacking:
        because = f"The label asks for both components; no container is labeled {' or '.join(lacking)}."
        return msgspec.structs.replace(found, because=because)
    if row.kind == "target":
        return _against_target(found, row, kg, total)
    inside = lowest <= total <= highest
    because = f"{_plain(total)} million stated; the label's range is {_plain(lowest)} to {_plain(highest)} million."
    return msgspec.structs.replace(found, answer=is_so(inside), because=because)


def _bounds(row: DoseRange, kg: Decimal) -> tuple[Decimal, Decimal]:
    """Lowest and highest dose in millions, exact, capped, rounded to a tenth."""
    times = kg if row.per_kg else Decimal(1)
    both = [Decimal(repr(each)) * times for each in (row.lowest_million, row.highest_million)]
    if row.cap_million is not None:
        both = [min(each, Decimal(repr(row.cap_million))) for each in both]
    low, high = (each.quantize(TENTH, ROUND_HALF_UP) for each in both)
    return low, high


def _against_target(found: CellDose, row: DoseRange, kg: Decimal, total: Decimal) -> CellDose:
    """One number and no range: above the cap is no; the number itself, to a tenth, is yes; the rest is the holder's."""
    target = found.highest or Decimal(0)
    cap = row.cap_million
    if cap is not None and total > Decimal(repr(cap)):
        because = f"{_plain(total)} million stated; the label's most is {cap:g} million."
        return msgspec.structs.replace(found, answer=Answer.no, because=because)
    per_kg = (total / kg).quantize(TENTH, ROUND_HALF_UP) if row.per_kg else total
    same = total == target or (row.per_kg and per_kg == Decimal(repr(row.lowest_million)).quantize(TENTH))
    because = f"{_plain(total)} million stated; the label's target is {_plain(target)} million"
    because += "." if same else " and names no range: the holder's certificate says whether it may be given."
    return msgspec.structs.replace(found, answer=Answer.yes if same else Answer.unknown, because=because)


def _total(case: Case, held: tuple[Stated, ...]) -> tuple[Decimal | None, str, tuple[Fact, ...]]:
    """What is to be given in all: the certificate's total, which the labels must add up to where they state theirs."""
    certificate = case.course.last("release_certificate")
    facts = (certificate,) if certificate is not None else ()
    on_paper = _exact(certificate.detail.get("dose_million")) if certificate is not None else None
    labels = [each.million for each in held]
    in_bags = sum((each for each in labels if each is not None), Decimal(0)) if labels and None not in labels else None
    if on_paper is None and in_bags is None:
        return None, "Neither a certificate nor every label states the dose.", facts
    if on_paper is not None and in_bags is not None and on_paper != in_bags:
        because = f"The certificate states {_plain(on_paper)} million, the labels add up to {_plain(in_bags)}."
        return None, because, facts
    return on_paper if on_paper is not None else in_bags, "", facts


def _stated(case: Case, container: str) -> Stated:
    component = case.says(container, "component")
    return Stated(container, _exact(case.says(container, "dose_million")), str(component or ""), case.part(container))


def _exact(value: object) -> Decimal | None:
    """A number of a detail as the exact decimal that was written; None where it is none, or not above 0."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() and number > 0 else None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
