"""The split dose: its parts by the blasts in the marrow, the second part by the toxicity after the first.

US prescribing information of obecabtagene autoleucel, section 2: the day of the first infusion is day 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from cartway.pathway.answer import Answer, Source
from cartway.pathway.conditioning.after_first import SCALES, Toxicity, toxicity_after, unassessed
from cartway.pathway.conditioning.calendar import started_on
from cartway.pathway.conditioning.case import Case
from cartway.pathway.parts import Parts, parts_of
from cartway.pathway.products import Split, SplitToxicity, split, split_toxicity
from cartway.record import Fact


class Action(StrEnum):
    """What the label says of the second part."""

    give = "give"
    postpone = "postpone"
    withhold = "do not give"
    unknown = "unknown"


class Burden(msgspec.Struct, frozen=True):
    """The row of the label's table for this marrow. `row` None: not known, `because` says why.

    `parts_million` is None where the amounts are not confirmed: then `row.source` is quoted.
    """

    row: Split | None
    because: str
    blasts: Fact | None = None
    parts_million: tuple[float, ...] | None = None
    quotes: tuple[Source, ...] = ()


class Second(msgspec.Struct, frozen=True):
    """The second part: what the label says, from when until when (both days included), by which rules.

    `answer` is yes where it may be given today as far as the label goes. `day` is the label's own day for it. `rules`
    are those that apply, `source` is that of what decided. `given` is its first infusion.
    """

    action: Action
    answer: Answer
    because: str
    source: Source
    opens: date | None = None
    day: date | None = None
    closes: date | None = None
    toxicity: tuple[Toxicity, ...] = ()
    rules: tuple[SplitToxicity, ...] = ()
    parts: Parts = Parts()
    decision: Fact | None = None

    @property
    def given(self) -> Fact | None:
        """The first infusion of the second part."""
        return next(iter(self.parts.second), None)

    @property
    def confirmed(self) -> bool:
        """Whether what decided was seen in a source."""
        return self.source.confirmed


class SplitDose(msgspec.Struct, frozen=True):
    """The split dose of a course: its burden, and the second part."""

    burden: Burden
    second: Second


def split_dose(case: Case) -> SplitDose | None:
    """The split dose of a course; None where its product is not split."""
    rows = _rows(case)
    return SplitDose(_burden(case, rows), _second(case, rows)) if rows is not None else None


def burden_of(case: Case) -> Burden | None:
    """The row of the label's table by the marrow alone; None where the product is not split."""
    rows = _rows(case)
    return _burden(case, rows) if rows is not None else None


def _rows(case: Case) -> tuple[Split, ...] | None:
    return split(case.product, case.day_zero or case.today, case.jurisdiction) if case.product else None


def _burden(case: Case, rows: tuple[Split, ...]) -> Burden:
    """The row by the last marrow within the label's days before lymphodepletion began, or is to begin."""
    start, days = started_on(case), rows[0].marrow_within_days
    anchor = start or case.today
    samples = [
        fact
        for fact in case.course.all("marrow_blasts")
        if anchor - timedelta(days=days) <= case.day_of(fact.at) <= anchor
        and (start is None or not case.infusions or fact.at < case.infusions[0].at)
    ]
    since = f"within {days} days before the lymphodepletion" + ("" if start else ", which is not booked yet")
    if not samples:
        return Burden(None, f"There is no marrow {since}.", quotes=(rows[0].source,))
    found = {row.id: row for fact in samples if (row := _row(fact, rows)) is not None}
    if len(found) > 1:
        return Burden(
            None, f"Marrow samples {since} lie on two sides of the threshold.", samples[-1], quotes=(rows[0].source,)
        )
    row = _row(samples[-1], rows)
    if row is None:
        return Burden(None, "The marrow could not be read.", samples[-1], quotes=(rows[0].source,))
    return _with_parts(row, samples[-1])


def _with_parts(row: Split, blasts: Fact) -> Burden:
    counted = "not evaluable" if _not_evaluable(blasts) else f"{blasts.value:g} % blasts"
    because = f"Marrow {counted}: the label's row for {_band(row)}."
    if row.source.confirmed:
        return Burden(row, because, blasts, row.parts)
    return Burden(row, f"{because} Its amounts are not confirmed: none is shown.", blasts, None, (row.source,))


def _band(row: Split) -> str:
    if row.blasts_above < 0:
        return f"up to {row.blasts_up_to:g} %"
    return f"more than {row.blasts_above:g} %"


def _row(fact: Fact, rows: Sequence[Split]) -> Split | None:
    if _not_evaluable(fact):
        return next((row for row in rows if row.if_not_evaluable), None)
    value = fact.value
    if value is None or not 0 <= value <= 100:
        return None
    return next((row for row in rows if row.blasts_above < value <= row.blasts_up_to), None)


def _not_evaluable(fact: Fact) -> bool:
    return fact.choice == "not_evaluable" or fact.detail.get("not_evaluable") is True


def _second(case: Case, rows: tuple[Split, ...]) -> Second:
    first, row = case.infusions[0] if case.infusions else None, rows[0]
    decision, days = case.course.last("dose_decision"), row.source_of_days or row.source
    if first is None:
        return Second(Action.unknown, Answer.unknown, "The first part has not been given.", days, decision=decision)
    day_one = case.day_of(first.at)
    opens, day, closes = (
        day_one + timedelta(days=row.second_day - 1 + shift)
        for shift in (-row.second_allowance, 0, row.second_allowance)
    )
    measured = tuple(toxicity_after(case, scale, first.at) for scale in SCALES)
    table = split_toxicity(case.product, day_one, case.jurisdiction)
    rules = tuple(rule for each in measured for rule in table if _applies(rule, each))
    parts = parts_of(case.course, case.infusions)
    bare = Second(Action.unknown, Answer.unknown, "", days, opens, day, closes, measured, rules, parts, decision)
    return _decided(case, bare, table, day_one)


def _applies(rule: SplitToxicity, found: Toxicity) -> bool:
    return (
        rule.toxicity == found.scale and found.highest is not None and rule.from_grade <= found.highest <= rule.to_grade
    )


def _decided(case: Case, found: Second, table: Sequence[SplitToxicity], day_one: date) -> Second:
    """What is in comes first; then do not give before postpone, postpone before give."""
    if found.parts.whole:
        because = "The second part was given: nothing of it is left to give."
        return msgspec.structs.replace(found, action=Action.give, answer=Answer.no, because=because)
    if found.parts.unclear:
        days = " and ".join(f"{case.day_of(each.at):%b} {case.day_of(each.at).day}" for each in found.parts.unclear)
        because = f"Another infusion is recorded ({days}), and not which part it was."
        return msgspec.structs.replace(found, because=because)
    judged = _judged(case, found, table, day_one)
    because = f"{found.parts.told} {judged.because}" if found.parts.begun else judged.because
    return msgspec.structs.replace(judged, because=because)


def _judged(case: Case, found: Second, table: Sequence[SplitToxicity], day_one: date) -> Second:
    """By the grades since the first part; what could not be assessed is not taken for 0."""
    stops = [rule for rule in found.rules if rule.action == "do_not_give"]
    stop = next((rule for rule in stops if rule.source.confirmed), stops[0] if stops else None)
    if stop is not None:
        because = f"{_named(stop, found)} after the first part: {_says(stop.source)} not to give the second."
        return msgspec.structs.replace(
            found, action=Action.withhold, answer=Answer.no, because=because, source=stop.source
        )
    if not table:
        return msgspec.structs.replace(found, because="No text is held.")
    judged = _timed(case, _postponed(found, day_one))
    unsure = " ".join(unassessed(case, each) for each in found.toxicity if not each.certain)
    if not unsure:
        return judged
    if judged.answer is not Answer.no:
        return msgspec.structs.replace(found, because=unsure)
    action = Action.postpone if judged.action is Action.postpone else Action.unknown
    return msgspec.structs.replace(judged, action=action, because=f"{judged.because} {unsure}")


def _says(source: Source) -> str:
    """``the label says``, only of a text that was seen."""
    return "the label says" if source.confirmed else "the label is said, in a text not seen,"


def _postponed(found: Second, day_one: date) -> Second:
    """With what postpones: the latest day, and whether it has resolved: to the grade named, else altogether."""
    rules = [rule for rule in found.rules if rule.action == "postpone"]
    if not rules:
        because = "No grade after the first part stands against it."
        return msgspec.structs.replace(found, action=Action.give, because=because)
    latest = [day_one + timedelta(days=rule.latest_day - 1) for rule in rules if rule.latest_day is not None]
    closes = min(latest) if latest else found.closes
    now = {each.scale: each.present for each in found.toxicity}
    open_rules = [rule for rule in rules if not _resolved(rule, now.get(rule.toxicity))]
    unseen = [rule.source for rule in open_rules or rules if not rule.source.confirmed]
    source = unseen[0] if unseen else rules[0].source
    named = " and ".join(_named(rule, found) for rule in rules)
    if open_rules:
        because = f"{named} after the first part: {_says(source)} to postpone the second until it has resolved."
        return msgspec.structs.replace(
            found, action=Action.postpone, answer=Answer.no, because=because, closes=closes, source=source
        )
    asks = "as far as the label asks" if source.confirmed else "as far as the label is said, in a text not seen, to ask"
    because = f"{named} after the first part has resolved, {asks}."
    return msgspec.structs.replace(found, action=Action.give, because=because, closes=closes, source=source)


def _resolved(rule: SplitToxicity, present: int | None) -> bool:
    return present is not None and present <= (rule.until_grade or 0)


def _timed(case: Case, found: Second) -> Second:
    """Whether today is a day for it."""
    assert found.opens is not None and found.closes is not None
    if case.today > found.closes:
        because = f"{found.because} The days that the label names for it have passed, and it does not say what then."
        return msgspec.structs.replace(found, action=Action.unknown, answer=Answer.no, because=because)
    if found.action is not Action.give:
        return found
    ready = Answer.yes if case.today >= found.opens else Answer.no
    because = found.because if ready is Answer.yes else f"{found.because} Its days have not come yet."
    return msgspec.structs.replace(found, answer=ready, because=because)


def _named(rule: SplitToxicity, found: Second) -> str:
    grade_now = next((each.highest for each in found.toxicity if each.scale == rule.toxicity), None)
    return f"{rule.toxicity.upper()} grade {grade_now}"
