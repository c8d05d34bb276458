"""What all trial records share: ages, recruiting states and days as they are written, and what is kept of an id."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from cartway.pathway.answer import Severity
from cartway.pathway.trials.conditions import in_state
from cartway.pathway.trials.trial import (
    AgeRule,
    AllRule,
    AnyRule,
    Bound,
    ConditionRule,
    HealthyRule,
    PlaceRule,
    Recruiting,
    Rule,
    SexRule,
    Stated,
    StateRule,
    StatusRule,
    Unit,
    UnreadRule,
)
from cartway.problem import Problem

LONGEST_TEXT = 200_000
MOST_ITEMS = 5_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", re.ASCII)
_AGE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(year|month|week|day|hour|minute)s?", re.IGNORECASE)
MOST: Mapping[str, float] = {
    "year": 150,
    "month": 1800,
    "week": 7800,
    "day": 54_750,
    "hour": 999_999,
    "minute": 999_999,
}

RECRUITING: Mapping[str, Recruiting] = {
    "recruiting": "open",
    "available": "open",
    "enrolling by invitation": "invited",
    "not yet recruiting": "not_yet",
    "suspended": "paused",
    "temporarily not available": "paused",
    "active, not recruiting": "closed",
    "active not recruiting": "closed",
    "completed": "closed",
    "terminated": "closed",
    "withdrawn": "closed",
    "no longer available": "closed",
    "approved for marketing": "closed",
    "unknown": "not_said",
    "unknown status": "not_said",
    "withheld": "not_said",
}
"""Recruitment states (ClinicalTrials.gov data element definitions), in lower case without underscores."""


def sound_id(text: str) -> str | Problem:
    """An id that is safe in an address and a fact, or ``wrong_trial_id``."""
    if _ID.fullmatch(text.strip()):
        return text.strip()
    return Problem(
        "wrong_trial_id", "The record's number is missing or is none.", "Give each record its registry number."
    )


def wrong_record(failure: msgspec.ValidationError) -> Problem:
    """``wrong_trial_record``: which field is missing or of the wrong type, without its content."""
    at = str(failure).rpartition(" - at ")[2].strip("`") if " - at " in str(failure) else "the record"
    reason = f"A field is missing or of the wrong type: {at[:120]}."
    return Problem("wrong_trial_record", reason, "Take the record from its registry anew.")


def identity(number: str, *texts: str) -> str | Problem:
    """The id of a record that may be taken in. Problems: ``wrong_trial_id``; ``trial_too_long`` for its texts."""
    if sum(map(len, texts)) > LONGEST_TEXT:
        return Problem("trial_too_long", "The record's text is longer than a registry's.", "Take the record anew.")
    return sound_id(number)


def recruiting(status: str) -> Recruiting:
    """What a state in the registry's words says of recruiting; of words that are not known, nothing."""
    return RECRUITING.get(status.strip().casefold().replace("_", " "), "not_said")


def status_rule(status: str, as_of: date | None, means: Recruiting | None = None) -> Stated:
    """Whether it recruits: a pause and a start to come only defer."""
    state = means or recruiting(status)
    severity = Severity.deferring if state in ("paused", "not_yet") else Severity.absolute
    shown = status.strip().replace("_", " ").capitalize() or "Not said"
    return Stated("status", StatusRule(shown, state, as_of), severity)


def age_rule(minimum: str, maximum: str) -> Stated | None:
    """The age limits of a record, in completed units: "30 Years" as the highest takes in somebody of 30 and a half."""
    low, high = _age(minimum), _age(maximum)
    if low is None and high is None:
        return None
    text = " to ".join(part for part in (minimum.strip() or "any age", maximum.strip() or "no limit") if part)
    if low == "unread" or high == "unread":
        return Stated("age", UnreadRule(text, "The age limits as the trial states them"))
    lowest = Bound(low[0], low[1], included=True) if isinstance(low, tuple) else None
    highest = Bound(math.floor(high[0]) + 1, high[1], included=False) if isinstance(high, tuple) else None
    return Stated("age", AgeRule(text, lowest, highest))


def _age(text: str) -> tuple[float, Unit] | str | None:
    if not text.strip() or text.strip().casefold() in ("n/a", "none"):
        return None
    found = _AGE.fullmatch(text.strip())
    if found is None:
        return "unread"
    unit: Unit = found[2].lower()  # type: ignore[assignment]
    return (float(found[1]), unit) if float(found[1]) <= MOST[unit] else "unread"


def sex_rule(sex: str, *, by_gender: bool) -> Stated | None:
    """One sex only; None where a trial takes all, or does not say."""
    said = sex.strip().casefold()
    if said not in ("female", "male"):
        return Stated("sex", UnreadRule(sex.strip())) if said not in ("", "all", "both") else None
    return Stated("sex", SexRule(f"{said.capitalize()} only", "female" if said == "female" else "male", by_gender))


def healthy_rule(accepted: bool | None) -> Stated | None:
    """Whether healthy people may join; None where a record does not say."""
    if accepted is None:
        return None
    text = "Also takes healthy volunteers" if accepted else "Takes no healthy volunteers"
    return Stated("healthy_volunteers", HealthyRule(text, accepted))


def condition_rule(conditions: Iterable[str]) -> Stated:
    """For people with one of its conditions."""
    parts = tuple(_condition(" ".join(each.split())) for each in conditions if each.strip())
    if not parts:
        return Stated("condition", UnreadRule("No condition is recorded", "The condition as the trial states it"))
    return Stated("condition", parts[0] if len(parts) == 1 else AnyRule("One of the conditions", parts))


def _condition(text: str) -> Rule:
    found = in_state(text)
    if found is None:
        return ConditionRule(text)
    condition, words, states = found
    return AllRule(text, (ConditionRule(condition), StateRule(words.capitalize(), states)))


def place_rule(countries: Iterable[str]) -> Stated | None:
    """Where its sites are; a reason to travel, no bar."""
    named = tuple(dict.fromkeys(each.strip() for each in countries if each.strip()))
    return Stated("country", PlaceRule("; ".join(named), named), Severity.relative) if named else None


def stated(*rules: Stated | None) -> tuple[Stated, ...]:
    """The rules that there are."""
    return tuple(each for each in rules if each is not None)


def day_of(text: str) -> date | None:
    """A day as registries write it: ``2021-03-02``, ``2021:03:02 22:19``, ``March 03, 2021``; None for other words."""
    for form, length in (("%Y-%m-%d", 10), ("%Y:%m:%d", 10), ("%B %d, %Y", 40)):
        try:
            return datetime.strptime(text.strip()[:length], form).date()  # noqa: DTZ007 - a day has no offset
        except ValueError:
            continue
    return None
