"""Another cause for a sign: a physician's judgement, with its cause and its end."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.problem import Problem
from cartway.record import Fact, current
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import SCALES, excuses, grade
from cartway.toxicity.coding import FEATURES
from cartway.vocabulary import vocabulary
from cartway.web.forms.chart import Chart, amending, unknown_choice
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.effect import as_recorded
from cartway.web.forms.entries import Entries, read_note
from cartway.web.forms.moment import read_local

WHAT, FEATURE, CAUSE, CAUSES, HOURS, ENDS, END = "attribution", "feature", "cause", "causes", "hours", "ends", "end"
OVER = "ended at the bedside"
USUAL: Mapping[str, str] = {
    "infection": "Infection",
    "sedation": "Sedation",
    "procedure or airway protection": "Procedure, or airway protection",
    "bleeding or fluid loss": "Bleeding or fluid loss",
    "reaction to a transfusion or drug": "Reaction to a transfusion or drug",
    "known before the cells": "Known before the cells",
}
SPANS = (4.0, 8.0, 12.0)
MOST_CAUSE = 200


def read_attribution(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """One attribution: what is excused, why, until when; or the end of one that was made."""
    if entries[END]:
        return _ending(entries, chart, at)
    feature, cause, until = _feature(entries), _cause(entries), _until(entries, chart, at)
    flaws = Draft()
    for part in (feature, cause, until):
        if isinstance(part, Draft):
            flaws += part
    if isinstance(feature, Draft) or isinstance(cause, Draft) or isinstance(until, Draft):
        return flaws
    return Draft((Fact("", at, WHAT, choice=feature, until=until, detail={"cause": cause}),))


def most_hours(chart: Chart) -> float:
    """How long an attribution may hold by the center's policy."""
    return chart.rules.number("attribution_most_hours")


def usual_hours(chart: Chart) -> float:
    """The span that is chosen where nobody chooses another: how long one without an end would hold."""
    return min(chart.rules.number("attribution_hours"), most_hours(chart))


def offered_hours(chart: Chart) -> tuple[float, ...]:
    """The spans that are offered, up to the longest that is allowed."""
    most = most_hours(chart)
    return tuple(sorted({*(span for span in SPANS if span < most), usual_hours(chart), most}))


def _feature(entries: Entries) -> str | Draft:
    feature = entries[FEATURE]
    if not feature:
        return flawed(FEATURE, Problem("missing_choice", "No sign is chosen.", "Choose the sign with another cause."))
    known = feature in vocabulary().variables[WHAT].choices
    return feature if known else flawed(FEATURE, unknown_choice("An attribution"))


def _cause(entries: Entries) -> str | Draft:
    """The cause in the physician's words, or the usual one that was chosen."""
    typed, usual = read_note(entries[CAUSE], MOST_CAUSE), entries[CAUSES]
    if isinstance(typed, Problem):
        return flawed(CAUSE, typed)
    if usual and usual not in USUAL:
        return flawed(CAUSES, unknown_choice("A cause"))
    cause = f"{usual}: {typed}" if usual and typed else typed or usual
    missing = Problem("missing_cause", "An attribution names the other cause.", "Choose one, or say it in words.")
    return cause or flawed(CAUSES, missing)


def _until(entries: Entries, chart: Chart, at: Instant) -> Instant | Draft:
    """Its end: the span chosen, or the exact time, which wins."""
    if entries[ENDS]:
        end = read_local(entries[ENDS], chart.zone, latest=None)
        return flawed(ENDS, end) if isinstance(end, Problem) else _capped(end, ENDS, chart, at)
    spans = {f"{span:g}": span for span in offered_hours(chart)}
    if entries[HOURS] not in spans:
        missing = Problem("no_time", "An attribution has an end.", "Choose for how long it holds.")
        return flawed(HOURS, unknown_choice("A span") if entries[HOURS] else missing)
    return _capped(at + round(spans[entries[HOURS]] * HOUR), HOURS, chart, at)


def _capped(end: Instant, field: str, chart: Chart, at: Instant) -> Instant | Draft:
    most = most_hours(chart)
    if end <= at:
        return flawed(field, Problem("ends_before_start", "The end lies before the start.", "Correct the end."))
    if end > at + round(most * HOUR):
        reason = f"By the center's policy an attribution holds for at most {most:g} hours."
        return flawed(field, Problem("attribution_too_long", reason, "Give an earlier end; it can be made again then."))
    return end


class Offer(msgspec.Struct, frozen=True):
    """A sign that could be excused, and how it stands now."""

    name: str
    label: str
    state: str


COUNTS, EXCUSED, CHARTED = "counts now", "excused now", "charted, does not decide now"


def offers(chart: Chart, now: Instant) -> list[Offer]:
    """The signs that count now, first, then those that are charted and may. Asked of the rule itself: a sign counts
    where the grade would be another if it were excused.
    """
    labels = {name: choice.label for name, choice in vocabulary().variables[WHAT].choices.items()}
    excused = {each.feature for each in excuses(current(chart.facts), chart.rules, now) if each.excuses}
    states = {name: EXCUSED if name in excused else _state(chart, name, now) for name in FEATURES}
    found = [Offer(name, labels[name], state) for name, state in states.items() if state]
    return sorted(found, key=lambda offer: (COUNTS, EXCUSED, CHARTED).index(offer.state))


def _state(chart: Chart, feature: str, now: Instant) -> str:
    """How a sign that is not excused stands: "" where excusing it would change nothing that is said."""
    fact = Fact(chart.course, now, WHAT, choice=feature, until=now + HOUR, detail={"cause": "asked"})
    present, without = _answers(chart, [], now), _answers(chart, [fact], now)
    if [answer[0] for answer in present] != [answer[0] for answer in without]:
        return COUNTS
    return CHARTED if present != without else ""


def _answers(chart: Chart, more: list[Fact], now: Instant) -> list[tuple[str, frozenset[str]]]:
    """By scale the grade at `now` and the criteria behind it."""
    episodes = grade(current([*chart.facts, *as_recorded(chart, more, now)]), chart.rules, now)
    lasting = {each.scale: each for each in episodes if each.end is None}
    return [
        (lasting[scale].shown, frozenset(reason.criterion.slug for reason in lasting[scale].because))
        if scale in lasting
        else ("", frozenset())
        for scale in SCALES
    ]


class Standing(msgspec.Struct, frozen=True):
    """An attribution that was made: until when it was to hold, whether it does, and since when the sign
    is worse and so counts again.
    """

    fact: Fact
    until: Instant
    holds: bool
    worse_since: Instant | None = None


def made(chart: Chart, now: Instant) -> list[Standing]:
    """The attributions of the course that are in force or ended within the last day, newest first."""
    default = round(chart.rules.number("attribution_hours") * HOUR)
    stand = excuses(current(chart.facts), chart.rules, now)
    worse = {each.fact.position: each.worse_since for each in stand if not each.excuses}
    found = [
        Standing(fact, end, end > now, worse.get(fact.position))
        for fact in chart.stated
        if fact.what == WHAT and (end := fact.until if fact.until is not None else fact.at + default) > now - DAY
    ]
    return found[::-1]


def _ending(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The amendment that ends one now: the same judgement, until `at`."""
    old = ending(entries, chart)
    if old is None or at < old.at:
        reason = "This attribution is not there any more, or has ended."
        return flawed("", Problem("no_such_attribution", reason, "Look at those listed."))
    over = msgspec.structs.replace(old, until=at, said="", source="", source_recorded_at=None)
    return Draft((amending(over, old, OVER, chart.facts),))


def ending(entries: Entries, chart: Chart) -> Fact | None:
    """The attribution that is to end, if it still holds."""
    held = {str(each.fact.position): each.fact for each in made(chart, chart.now) if each.holds}
    return held.get(entries[END])
