"""Another cause for a sign: a physician's judgment, with its cause and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.problem import Problem
from cartway.record import Fact, current
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import SCALES, Excuse, crs, icans
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import CHOICES, FEATURES
from cartway.toxicity.fold import Fold, settle
from cartway.toxicity.grade import fold_course, in_time_order
from cartway.vocabulary import vocabulary
from cartway.web.forms.chart import Chart, amending, unknown_choice
from cartway.web.forms.draft import Draft, flawed, flaws_of
from cartway.web.forms.entries import Entries, read_note
from cartway.web.forms.moment import read_time

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
    flaws = flaws_of(feature, cause, until)
    if isinstance(feature, Draft) or isinstance(cause, Draft) or isinstance(until, Draft):
        return flaws
    return Draft((Fact("", at, WHAT, choice=feature, until=until, detail={"cause": cause}),))


def most_hours(chart: Chart) -> float:
    """How long an attribution may hold by the center's policy."""
    return chart.rules.number("attribution_most_hours")


def offered_hours(chart: Chart) -> tuple[float, ...]:
    """The spans that are offered, up to the longest that is allowed. None is chosen: an excuse costs a decision."""
    most = most_hours(chart)
    usual = min(chart.rules.number("attribution_hours"), most)
    return tuple(sorted({*(span for span in SPANS if span < most), usual, most}))


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
        end = read_time(entries[ENDS], chart.zone, after=at)
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


COUNTS, EXCUSED, CHARTED = "counts now", "excused now", "does not decide now"


# What each criterion in the grade says is there. A vasopressor is there for a pressure.
SIGNS: Mapping[int, tuple[str, ...]] = {
    crs.FEVER: ("fever",),
    crs.PRESSURE_LOW: ("hypotension",),
    **dict.fromkeys((crs.ONE_PRESSOR, crs.PRESSORS_MANY, crs.VASOPRESSIN_ALONE), ("vasopressor", "hypotension")),
    **dict.fromkeys((crs.OXYGEN_LOW_FLOW, crs.OXYGEN_FLOW_UNREAD, crs.OXYGEN_HIGH_FLOW, crs.OXYGEN_MASK,
                     crs.OXYGEN_DEVICE_UNREAD, crs.OXYGEN_ABOVE_HOME), ("hypoxia",)),
    crs.OXYGEN_PRESSURE: ("positive_pressure", "hypoxia"),
    **dict.fromkeys((icans.ICE_BAND, icans.ICE_PARTIAL, icans.CAPD_POSITIVE, icans.CAPD_CHANGE, icans.CAPD_UNABLE),
                    ("score",)),
    icans.CONSCIOUSNESS_LOW: ("consciousness",),
    **dict.fromkeys((icans.SEIZURE_BRIEF, icans.SEIZURE_LONG), ("seizure",)),
    icans.WEAKNESS: ("motor",),
    **dict.fromkeys((icans.EDEMA_FOCAL, icans.EDEMA_DIFFUSE), ("cerebral_edema",)),
    icans.PRESSURE_SIGN: ("raised_pressure_sign",),
}  # fmt: skip


def offers(chart: Chart, stand: Sequence[Excuse], now: Instant) -> list[Offer]:
    """The signs that count now, first, then those that are there and may. `stand`: the attributions in force.

    What is there is what the grade says of itself; whether it counts is asked of the rule: the grade without it.
    """
    labels = {name: choice.label for name, choice in vocabulary().variables[WHAT].choices.items()}
    excused = {each.feature for each in stand if each.excuses}
    states = {**_states(chart, now), **dict.fromkeys(excused, EXCUSED)}
    found = [Offer(name, labels[name], states[name]) for name in FEATURES if name in states]
    return sorted(found, key=lambda offer: (COUNTS, EXCUSED, CHARTED).index(offer.state))


def _states(chart: Chart, now: Instant) -> dict[str, str]:
    """How each sign that is there stands: it counts where the grade would be lower without it."""
    ordered = in_time_order(current(chart.facts), now)
    if not ordered:
        return {}
    fold = fold_course(ordered, chart.rules, now)
    said = {int(out[b.REASONS + 2 * pair]) for out in fold.latest[: len(SCALES)] for pair in range(b.PAIRS)}
    present = [out[b.GRADE] for out in fold.latest[: len(SCALES)]]
    there = {feature for criterion in said for feature in SIGNS.get(criterion, ())}
    return {
        feature: COUNTS if any(a < g for a, g in zip(_without(fold, feature, now), present, strict=True)) else CHARTED
        for feature in there
    }


def _without(fold: Fold, feature: str, now: Instant) -> list[float]:
    """Each scale's grade just after `now`, had a sign been attributed then."""
    s, then, found = list(fold.s), float(now) + 1.0, []
    b.absorb(s, fold.p, int(CHOICES[WHAT, feature][0]), 1.0, then, then + HOUR, -1.0)
    for scale in range(len(SCALES)):
        out = [0.0] * b.OUT_SIZE
        settle(s, fold.p, then, scale, out)
        found.append(out[b.GRADE])
    return found


class Standing(msgspec.Struct, frozen=True):
    """An attribution that was made: until when it was to hold, whether it does, and since when the sign
    is worse and so counts again.
    """

    fact: Fact
    until: Instant
    holds: bool
    worse_since: Instant | None = None


def made(chart: Chart, stand: Sequence[Excuse], now: Instant) -> list[Standing]:
    """The attributions of the course that are in force (`stand`) or ended within the last day, newest first."""
    default = round(chart.rules.number("attribution_hours") * HOUR)
    worse = {each.fact.position: each.worse_since for each in stand if not each.excuses}
    found = [
        Standing(fact, end, end > now, worse.get(fact.position))
        for fact in chart.stated
        if fact.what == WHAT and (end := fact.until if fact.until is not None else fact.at + default) > now - DAY
    ]
    return found[::-1]


def _ending(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The amendment that ends one now: the same judgment, until `at`."""
    old = ending(entries, chart)
    if old is None or at < old.at:
        reason = "This attribution is not there any more, or has ended."
        return flawed("", Problem("no_such_attribution", reason, "Look at those listed."))
    over = msgspec.structs.replace(old, until=at, said="", source="", source_recorded_at=None)
    return Draft((amending(over, old, OVER, chart.facts),))


def ending(entries: Entries, chart: Chart) -> Fact | None:
    """The attribution that is to end, if it still holds."""
    held = {str(each.fact.position): each.fact for each in made(chart, (), chart.now) if each.holds}
    return held.get(entries[END])
