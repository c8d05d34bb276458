"""What a patient is told of their own course, from its facts: the stage, the day, the cells, the last readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import msgspec

from cartway.record import Fact
from cartway.times import DAY, Instant
from cartway.toxicity.wording import day_since, said
from cartway.vocabulary import vocabulary
from cartway.web.office import Office
from cartway.web.speech import gettext

STEPS = ("collection", "lymphodepletion", "infusion", "discharge", "death")
TOLD = (
    "body_temperature",
    "systolic_pressure",
    "heart_rate",
    "respiratory_rate",
    "oxygen_saturation",
    "oxygen_device",
)
"""Readings that mean something to everybody. Not the tests of thinking: their scores are for the team to explain."""


RECENT = 30 * DAY  # what is older says nothing of today


class Reading(msgspec.Struct, frozen=True):
    """One reading in plain words, in the reader's language."""

    what: str
    said: str
    at: Instant


class Own(msgspec.Struct, frozen=True):
    """`stage`: the last of STEPS that happened, or "" before them all. `day` counts from the infusion, day 0."""

    course: str
    stage: str
    since: Instant | None
    day: int | None
    product: str
    readings: Sequence[Reading]


def own(office: Office, course: str) -> Own:
    """A course as its patient is told of it; empty where nothing is recorded yet."""
    now = office.now()
    watched = office.ward.course(office.log, course)
    if watched is None:
        return Own(course, "", None, None, "", ())
    watched.advance(now)
    return of_facts(course, watched.folded, now, office.zone, office.config.country)


def of_facts(course: str, facts: Sequence[Fact], now: Instant, zone: tzinfo, country: str) -> Own:
    """The same of facts in force up to now; a temperature in the scale of the country first."""
    last = newest(facts)
    steps = [last[name] for name in STEPS if name in last and not (name == "discharge" and _is_back(last))]
    stage = steps[-1] if steps else None
    given = min((fact for fact in facts if fact.what == "infusion"), key=lambda fact: fact.at, default=None)
    ended = stage is not None and stage.what == "death"
    return Own(
        course=course,
        stage=stage.what if stage else "",
        since=stage.at if stage else None,
        day=day_since(now, given.at, zone) if given and not ended else None,
        product=_plain_choice(given) if given else "",
        readings=() if ended else [_reading(last[name], country) for name in TOLD if _is_recent(last.get(name), now)],
    )


def _is_recent(fact: Fact | None, now: Instant) -> bool:
    return fact is not None and now - fact.at <= RECENT


def _is_back(last: Mapping[str, Fact]) -> bool:
    """Whether something was measured since they left: then the page does not say where they are."""
    return any(last[name].at > last["discharge"].at for name in TOLD if name in last)


def newest(facts: Sequence[Fact]) -> Mapping[str, Fact]:
    """The newest fact of each kind; of two at one instant the one recorded later."""
    return {fact.what: fact for fact in sorted(facts, key=lambda fact: (fact.at, fact.position))}


def _reading(fact: Fact, country: str) -> Reading:
    return Reading(gettext(vocabulary().variables[fact.what].plain), _words(fact, country), fact.at)


def _words(fact: Fact, country: str) -> str:
    """The value with its unit in words; a temperature in both scales, since families read either."""
    if fact.value is None:
        return _plain_choice(fact)
    if fact.what == "body_temperature":
        celsius, fahrenheit = f"{fact.value:.1f} °C", f"{fact.value * 9 / 5 + 32:.1f} °F"
        return f"{fahrenheit} ({celsius})" if country == "US" else f"{celsius} ({fahrenheit})"
    if fact.unit == "/min":
        return gettext("%(number)s a minute") % {"number": f"{fact.value:g}"}
    return said(fact)


def _plain_choice(fact: Fact) -> str:
    choice = vocabulary().variables[fact.what].choices.get(fact.choice)
    return gettext(choice.plain) if choice else fact.choice.replace("_", " ")
