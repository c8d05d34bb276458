"""A correction or a retraction: a further fact that names the key of the one it amends, and says why.

See docs/how-to/correct-a-fact.md. The old one stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.problem import Problem
from cartway.record import RETRACTION, UNREADABLE, Fact, current
from cartway.times import Instant
from cartway.vocabulary import Variable, vocabulary
from cartway.vocabulary.read import accepted_units
from cartway.web.forms.chart import Chart, amending, unknown_choice, valued
from cartway.web.forms.draft import Draft, flawed, flaws_of
from cartway.web.forms.drug import DOSES, RATES
from cartway.web.forms.entries import Entries, read_note, read_number
from cartway.web.forms.moment import read_time

WHOLE = "whole"
VALUE, UNIT, CHOICE, AT, UNTIL, REASON, REASONS = "value", "unit", "choice", "at", "until", "reason", "reasons"
USUAL = {
    "typing error": "Typing error",
    "wrong time": "Wrong time",
    "faulty measurement": "Faulty measurement",
}
OF_ANOTHER = {"belongs to another patient": "Belongs to another patient"}
WITHDRAWN = {**OF_ANOTHER, **USUAL}
MOST_REASON = 500


def in_force(facts: Sequence[Fact], position: int) -> Fact | None:
    """The fact in force of the statement that the fact at `position` is a version of; None if it was withdrawn."""
    statements = _statements(facts)
    wanted = statements.get(position)
    return next((fact for fact in current(facts) if statements[fact.position] == wanted), None)


def _statements(facts: Sequence[Fact]) -> Mapping[int, int]:
    """For each fact's position the first one of its statement: versions of one key, and all that amends them."""
    first: dict[int, int] = {}
    known: dict[str, dict[str, int]] = {}  # by key and source, the position of its latest version
    for fact in facts:
        before = [known.get(fact.key, {}).get(fact.source), _amended(fact, known.get(fact.amends, {}))]
        joined = {first[each] for each in before if each is not None} | {fact.position}
        first[fact.position] = fact.position
        if len(joined) > 1:
            first = {place: min(joined) if root in joined else root for place, root in first.items()}
        known.setdefault(fact.key, {})[fact.source] = fact.position
    return first


def _amended(fact: Fact, by_source: Mapping[str, int]) -> int | None:
    """The fact that another amends: the same source's first, else the only source's (`record.plan`)."""
    if fact.source in by_source:
        return by_source[fact.source]
    return next(iter(by_source.values())) if len(by_source) == 1 else None


OF_CHAIN = {"custody", "manufacture"}


def refusal(facts: Sequence[Fact], old: Fact) -> Draft:
    """Why a fact cannot be amended, if so. One that was amended before is amended where it stands now."""
    if old.what == RETRACTION:
        remedy = "If it was wrong, enter what it withdrew anew."
        return flawed("", Problem("not_correctable", "This entry is itself a withdrawal.", remedy))
    if any(is_of_chain(fact) for fact in entered_with(facts, old)):
        reason = "Entries of the chain of identity, of the release and of the infusion are not corrected or withdrawn."
        remedy = "Enter what is right as a further entry; what contradicts is cleared by the holder alone."
        return flawed("", Problem("entry_of_chain", reason, remedy))
    if in_force(facts, old.position) != old:
        reason = "This entry was corrected or withdrawn before."
        return flawed("", Problem("superseded", reason, "Correct the one in force."))
    return Draft()


def is_of_chain(fact: Fact) -> bool:
    """Whether a fact is evidence for whose cells these are, and whether they may be given: it stays as it was."""
    variable = vocabulary().variable(fact.what)
    group = variable.group if variable else ""
    return group in OF_CHAIN or fact.what == "collection" or (fact.what == "infusion" and bool(fact.about))


def variable_of(fact: Fact) -> Variable | None:
    """What a fact is about; of an observation that could not be read, what it was to be."""
    return vocabulary().variable(str(fact.detail.get("variable", "")) if fact.what == UNREADABLE else fact.what)


def units_of(variable: Variable) -> Sequence[str]:
    """The units that a value may be typed in."""
    return (*RATES, *DOSES) if variable.name == "drug" else accepted_units(variable)


def filled_in(fact: Fact, local: str, until: str) -> dict[str, str]:
    """The fields of the form as they start: the old fact's."""
    number = "" if fact.value is None else f"{fact.value:.12g}"
    return {VALUE: number, UNIT: fact.unit, CHOICE: fact.choice, AT: local, UNTIL: until}


def read_correction(entries: Entries, chart: Chart, old: Fact) -> Draft:
    """The fact that takes the place of `old`: what was typed, and the rest as it was."""
    variable = variable_of(old)
    if variable is None:
        return flawed("", Problem("not_correctable", "This entry has no value to correct.", "Withdraw it instead."))
    value, reason = _value(entries, variable, old), _reason(entries, USUAL)
    at, until = _at(entries, chart, old), _until(entries, chart, old)
    flaws = flaws_of(at, until, reason)
    if value.flaws or isinstance(at, Draft) or isinstance(until, Draft) or isinstance(reason, Draft):
        return value + flaws
    kept = {} if old.what == UNREADABLE else old.detail
    same = {"at": at, "until": until, "detail": kept, "event": old.event, "about": old.about}
    new = [amending(msgspec.structs.replace(fact, **same), old, reason, chart.facts) for fact in value.facts]
    return Draft(tuple(new), value.flaws, value.doubts) + _changed(old, new)


def read_retraction(entries: Entries, chart: Chart, old: Fact) -> Draft:
    """The fact that withdraws `old`; or those that withdraw all that was entered with it."""
    reason = _reason(entries, WITHDRAWN)
    if isinstance(reason, Draft):
        return reason
    withdrawn = entered_with(chart.facts, old) if entries[WHOLE] else [old]
    return Draft(tuple(amending(Fact("", each.at, RETRACTION), each, reason, chart.facts) for each in withdrawn))


def entered_with(facts: Sequence[Fact], old: Fact) -> list[Fact]:
    """The facts in force that came in the same event, `old` among them: one round on one form."""
    return [fact for fact in current(facts) if fact == old or (old.event and fact.event == old.event)]


def _value(entries: Entries, variable: Variable, old: Fact) -> Draft:
    """The new value or choice, as a fact without its time."""
    choice, typed = entries[CHOICE], entries[VALUE]
    if choice and choice not in variable.choices:
        return flawed(CHOICE, unknown_choice(variable.label))
    if variable.choices and variable.kind == "choice" and not choice:
        return flawed(CHOICE, Problem("missing_choice", "A choice is missing.", "Choose one."))
    if not typed or (variable.kind == "number" and choice):
        empty = Problem("missing_value", "The value is missing.", "Type it; or withdraw the entry.")
        if variable.kind == "number" and not choice:
            return flawed(VALUE, empty)
        return Draft((Fact("", old.at, variable.name, choice=choice),))
    number = read_number(typed)
    if isinstance(number, Problem):
        return flawed(VALUE, number)
    read = valued(variable, number, entries[UNIT], old.at, VALUE, typed)
    flaws = tuple(
        msgspec.structs.replace(flaw, field=UNIT if "unit" in flaw.problem.code else VALUE) for flaw in read.flaws
    )
    return Draft(tuple(msgspec.structs.replace(fact, choice=choice) for fact in read.facts), flaws, read.doubts)


def _at(entries: Entries, chart: Chart, old: Fact) -> Instant | Draft:
    """The time typed; left as it was, it keeps the seconds that the field does not show."""
    if entries[AT] == entries["at_before"] or not entries[AT]:
        return old.at
    at = read_time(entries[AT], chart.zone, latest=chart.now)
    if isinstance(at, Problem):
        return flawed(AT, at)
    if at > chart.now:
        return flawed(AT, Problem("time_ahead", "This time is still to come.", "Give the time at which it was."))
    return at


def _until(entries: Entries, chart: Chart, old: Fact) -> Instant | Draft | None:
    if old.until is None or not entries[UNTIL] or entries[UNTIL] == entries["until_before"]:
        return old.until
    until = read_time(entries[UNTIL], chart.zone, after=old.at)
    return flawed(UNTIL, until) if isinstance(until, Problem) else until


def _reason(entries: Entries, offered: Mapping[str, str]) -> str | Draft:
    typed, usual = read_note(entries[REASON], MOST_REASON), entries[REASONS]
    if isinstance(typed, Problem):
        return flawed(REASON, typed)
    if usual and usual not in offered:
        return flawed(REASONS, unknown_choice("A reason"))
    reason = f"{usual}: {typed}" if usual and typed else typed or usual
    missing = Problem("missing_reason", "A correction says why.", "Choose a reason, or say it in words.")
    return reason or flawed(REASONS, missing)


def _changed(old: Fact, new: Sequence[Fact]) -> Draft:
    """A correction corrects something."""
    kept = ("what", "value", "unit", "choice", "at", "until")
    if new and all(getattr(fact, name) == getattr(old, name) for fact in new for name in kept):
        return flawed("", Problem("nothing_changed", "Nothing was changed.", "Change what is wrong, or go back."))
    return Draft()
