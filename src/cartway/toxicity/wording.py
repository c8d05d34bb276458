"""Reasons in words: what a fact says, when, and the sentence of a criterion."""

from __future__ import annotations

from datetime import UTC, tzinfo

from cartway.record.fact import UNREADABLE, Fact
from cartway.times import HOUR, MINUTE, SECOND, Instant, to_datetime
from cartway.toxicity.episode import Reason

NOT_MEASURABLE = "not measurable"
_UNITS = {"Cel": "°C", "mm[Hg]": "mmHg", "{score}": "", "10*9/L": "×10⁹/L", "[degF]": "°F", "a": "years"}


def said(fact: Fact) -> str:
    """What a fact says, as a clinician writes it: ``38.9 °C``, ``norepinephrine 0.1 mcg/kg/min``, ``nasal cannula``."""
    if fact.what == UNREADABLE:
        return f"a {fact.detail.get('variable', 'value')} that could not be read".replace("_", " ")
    choice = fact.choice.replace("_", " ")
    if fact.value is None:
        return choice or fact.what.replace("_", " ")
    if fact.detail.get("method") == NOT_MEASURABLE:
        return NOT_MEASURABLE  # no pressure could be measured: the number charted for it is a code, not a reading
    unit = unit_text(fact.unit)
    number = f"{fact.value:g}" + (f" {unit}" if unit and unit != "%" else unit)
    return f"{choice} {number}".strip()


def unit_text(unit: str) -> str:
    """A UCUM unit as a ward writes it. Micrograms are ``mcg``: a micro sign, or a u for it, is misread as milli."""
    return _UNITS.get(unit, f"mc{unit[1:]}" if unit.startswith("ug") else unit)


def cause(fact: Fact, zone: tzinfo = UTC) -> str:
    """The cause that an attribution names, and when it ends."""
    named = str(fact.detail.get("cause") or "cause not given")
    return named if fact.until is None else f"{named}, until {clock(fact.until, zone)}"


def sentence(reason: Reason, zone: tzinfo = UTC) -> str:
    """A reason as one sentence with its times in `zone`. No fact, no time: the wording says what is not there."""
    fact = reason.fact
    if fact is None:
        return reason.criterion.text.format(said="", when="", last="", cause="", score="")
    by_items = reason.score is not None and fact.what != "baseline_ice_score"
    told = f"{reason.score:g} by its items" if by_items else said(fact)
    return reason.criterion.text.format(
        said=told,
        when=clock(fact.at, zone),
        last=f" (last: {told} at {clock(fact.at, zone)})",
        cause=cause(fact, zone),
        score="" if reason.score is None else f"{reason.score:g}",
    )


def clock(instant: Instant, zone: tzinfo = UTC) -> str:
    """A time as it is printed: ``2026-01-12 02:00 UTC`` or ``+01:00``, seconds only where there are some."""
    stamp = to_datetime(instant - instant % SECOND).astimezone(zone)
    time = stamp.strftime("%Y-%m-%d %H:%M:%S" if stamp.second else "%Y-%m-%d %H:%M")
    offset = stamp.strftime("%z")
    return f"{time} UTC" if zone is UTC else f"{time} {offset[:3]}:{offset[3:5]}"


def day_since(instant: Instant, zero: Instant, zone: tzinfo = UTC) -> int:
    """The day of an instant counted in calendar days from the day of `zero`, which is day 0."""
    return (to_datetime(instant).astimezone(zone).date() - to_datetime(zero).astimezone(zone).date()).days


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
