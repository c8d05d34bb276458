"""Reasons in words: what a fact says, when, and the sentence of a criterion."""

from __future__ import annotations

from cartway.record.fact import UNREADABLE, Fact
from cartway.times import HOUR, MINUTE, Instant, text
from cartway.toxicity.episode import Reason

_UNITS = {"Cel": "°C", "mm[Hg]": "mmHg", "{score}": "", "10*9/L": "×10⁹/L", "[degF]": "°F", "a": "years"}


def said(fact: Fact) -> str:
    """What a fact says, as a clinician writes it: ``38.9 °C``, ``norepinephrine 0.1 ug/kg/min``, ``nasal cannula``."""
    if fact.what == UNREADABLE:
        return f"a {fact.detail.get('variable', 'value')} that could not be read".replace("_", " ")
    choice = fact.choice.replace("_", " ")
    if fact.value is None:
        return choice or fact.what.replace("_", " ")
    unit = _UNITS.get(fact.unit, fact.unit)
    number = f"{fact.value:g}" + (f" {unit}" if unit and unit != "%" else unit)
    return f"{choice} {number}".strip()


def cause(fact: Fact) -> str:
    """The cause that an attribution names, and when it ends."""
    named = str(fact.detail.get("cause") or "cause not given")
    return named if fact.until is None else f"{named}, until {clock(fact.until)}"


def sentence(reason: Reason) -> str:
    """A reason as one sentence with its times in UTC. No fact, no time: the wording says what is not there."""
    fact = reason.fact
    if fact is None:
        return reason.criterion.text.format(said="", when="", last="", cause="", score="")
    by_items = reason.score is not None and fact.what != "baseline_ice_score"
    told = f"{reason.score:g} by its items" if by_items else said(fact)
    return reason.criterion.text.format(
        said=told,
        when=clock(fact.at),
        last=f" (last: {told} at {clock(fact.at)})",
        cause=cause(fact),
        score="" if reason.score is None else f"{reason.score:g}",
    )


def clock(instant: Instant) -> str:
    """A time as it is printed: ``2026-01-12 02:00 UTC``, seconds only where there are some."""
    stamp = text(instant - instant % (1_000_000)).replace("T", " ").replace("+00:00", "")
    return f"{stamp[:-3] if stamp.endswith(':00') else stamp} UTC"


def span(length: int) -> str:
    """A length of time as people say it: ``5 min``, ``3 h``, ``2 h 30 min``, ``4 d 2 h``."""
    minutes = max(0, length) // MINUTE
    if minutes < 60:
        return f"{minutes} min"
    hours, left = divmod(minutes, HOUR // MINUTE)
    if hours < 48:
        return f"{hours} h {left} min" if left and hours < 12 else f"{hours} h"
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if rest else f"{days} d"
