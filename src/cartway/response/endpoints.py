"""Endpoints of a course: response, its duration, progression-free, event-free and overall survival.

Definitions differ between protocols: from when, what censors, and whether any death ends a response are policies of the
center, and none was seen in one guideline. Days are between calendar dates; day 0 is time zero.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cartway.pathway.course import Course
from cartway.response.b_cells import months_after
from cartway.response.guidelines import GUIDELINES
from cartway.response.measured import days_between
from cartway.response.model import NOT_EVALUABLE, Choices, Level, Response
from cartway.times import Instant, to_datetime

REMISSION_MONTHS = 3


class TimeTo(msgspec.Struct, frozen=True):
    """How long until an event, or until it is censored.

    `days` is None where it does not apply (no response: no duration). `reason` is a code (``progression``, ``death``,
    ``new_therapy``, ``last_assessment``), `because` its words.
    """

    name: str
    start: Instant | None = None
    at: Instant | None = None
    days: int | None = None
    event: bool = False
    reason: str = ""
    because: str = ""
    flags: tuple[str, ...] = ()


class Endpoints(msgspec.Struct, frozen=True):
    """All endpoints of a course at the time that it was read for.

    `responded` and `complete` are of the best confirmed level; not evaluable counts as no response. `held_days` are
    from the first response to the last assessment that still showed one. `within_3_months`: the first response came
    within three calendar months, None while that is still to be seen.
    """

    time_zero: Instant
    time_zero_is: str
    responded: bool
    complete: bool
    time_to_response: TimeTo
    duration_of_response: TimeTo
    progression_free: TimeTo
    event_free: TimeTo
    relapse_free: TimeTo
    overall_survival: TimeTo
    non_relapse_mortality: TimeTo
    held_days: int | None = None
    within_3_months: bool | None = None
    progression_at: Instant | None = None
    last_assessment_at: Instant | None = None
    last_alive_at: Instant | None = None
    policies: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    confirmed: bool = False


class _Events(msgspec.Struct, frozen=True):
    """The moments that endpoints are made of; None for what did not happen."""

    zero: Instant
    progression: Instant | None
    death: Instant | None
    death_of_disease: bool
    new_therapy: Instant | None
    last_assessment: Instant | None
    last_alive: Instant


def endpoints(course: Course, response: Response, choices: Choices) -> Endpoints:
    """The endpoints of a course with its response. Whatever lies after `course.now` has not happened."""
    zero, which, flags = _time_zero(course, response, choices)
    progression, more = _progression(course, response)
    happened = _events(course, response, zero, progression, choices)
    first, complete = response.first_response_at, _remission(response)
    criteria = GUIDELINES[response.criteria]
    return Endpoints(
        time_zero=zero,
        time_zero_is=which,
        responded=response.best_confirmed in criteria.responses,
        complete=response.best_confirmed in criteria.complete,
        time_to_response=_reached("time_to_response", zero, first, choices),
        duration_of_response=_duration(happened, first, choices),
        progression_free=_until("progression_free", happened, zero, choices),
        event_free=_event_free(happened, response, choices, course.now),
        relapse_free=_until("relapse_free", happened, complete, choices),
        overall_survival=_survival(happened, choices),
        non_relapse_mortality=_non_relapse(happened, choices),
        held_days=_held(response, choices),
        within_3_months=_early(response, zero, course.now, choices),
        progression_at=progression,
        last_assessment_at=happened.last_assessment,
        last_alive_at=happened.last_alive,
        policies=("response_time_zero", "response_new_therapy", "response_response_ends_with_death"),
        flags=(*flags, *more),
    )


def _time_zero(course: Course, response: Response, choices: Choices) -> tuple[Instant, str, tuple[str, ...]]:
    """Time zero, what it is, and a flag where the one asked for is not charted."""
    if choices.time_zero == "infusion":
        return response.day_zero, "infusion", ()
    charted = [
        fact for fact in course.all(choices.time_zero) if fact.choice != "failed" and fact.at <= response.day_zero
    ]
    if not charted:
        return response.day_zero, "infusion", ("time_zero_not_charted",)
    return charted[0].at, choices.time_zero, ()


def _progression(course: Course, response: Response) -> tuple[Instant | None, tuple[str, ...]]:
    """Progression as derived or as a clinician charted it, whichever came first; flagged where they differ."""
    derived = response.progression_at
    charted = next(
        (fact.at for fact in course.all("progression") if fact.choice != "no" and fact.at > response.day_zero), None
    )
    if charted is None:
        return derived, ()
    if derived is None:
        return charted, ("progression_charted_not_derived",)
    return min(derived, charted), ("progression_dates_differ",) if derived != charted else ()


def _events(
    course: Course, response: Response, zero: Instant, progression: Instant | None, choices: Choices
) -> _Events:
    death = course.first("death")
    therapy = _first_therapy(course, response.day_zero)
    seen = [level.at for level in response.levels if level.level != NOT_EVALUABLE]
    usable = [at for at in seen if therapy is None or at <= therapy or choices.new_therapy == "ignore"]
    alive = [fact.at for fact in course.facts if death is None or fact.at <= death.at]
    return _Events(
        zero=zero,
        progression=progression,
        death=None if death is None else death.at,
        death_of_disease=death is not None and death.choice == "progression",
        new_therapy=therapy,
        last_assessment=usable[-1] if usable else None,
        last_alive=max([response.day_zero, *alive]),
    )


def _first_therapy(course: Course, after: Instant) -> Instant | None:
    found = [fact.at for fact in course.all("next_therapy") if fact.choice != "no" and fact.at > after]
    return found[0] if found else None


def _remission(response: Response) -> Instant | None:
    """From when relapse-free survival counts: complete response, or in leukemia remission of any kind."""
    return response.first_response_at if response.criteria == "all" else response.first_complete_at


# Times to events


_WORDS = {
    "progression": "progression or relapse",
    "death": "death",
    "new_therapy": "new anti-cancer therapy",
    "no_remission": "no remission in the first three months",
    "response": "the first response",
    "last_assessment": "censored at the last assessment that could be read",
    "last_alive": "censored when last known alive",
    "other_death": "censored at a death that counts as none of the disease",
    "relapsed_before": "progression came before, and competes",
}


def _told(
    name: str, start: Instant | None, at: Instant | None, reason: str, choices: Choices, *, event: bool
) -> TimeTo:  # fmt: skip
    if start is None or at is None:
        return TimeTo(name)
    return TimeTo(name, start, at, days_between(start, at, choices.zone), event, reason, _WORDS[reason])


def _reached(name: str, start: Instant, at: Instant | None, choices: Choices) -> TimeTo:
    return _told(name, start, at, "response", choices, event=True)


def _until(name: str, happened: _Events, start: Instant | None, choices: Choices, *, death: bool = True) -> TimeTo:
    """To progression or death; new therapy censors, counts or is passed over as the center chose."""
    if start is None:
        return TimeTo(name)
    events = {"progression": happened.progression, "death": happened.death if death else None}
    if choices.new_therapy == "event":
        events["new_therapy"] = happened.new_therapy
    came = _earliest(events, start)
    therapy = happened.new_therapy
    if came is not None and (choices.new_therapy != "censor" or therapy is None or came[0] <= therapy):
        return _told(name, start, came[0], came[1], choices, event=True)
    last = max(start, happened.last_assessment or start)
    return _told(name, start, last, "last_assessment", choices, event=False)


def _earliest(events: dict[str, Instant | None], start: Instant) -> tuple[Instant, str] | None:
    came = [(at, reason) for reason, at in events.items() if at is not None and at >= start]
    return min(came, key=lambda each: each[0]) if came else None


def _duration(happened: _Events, first: Instant | None, choices: Choices) -> TimeTo:
    """From the first response. Where only death of the disease ends it, another death censors."""
    name = "duration_of_response"
    other = happened.death is not None and not happened.death_of_disease
    if choices.response_ends_with_death == "disease" and other:
        found = _until(name, happened, first, choices, death=False)
        if found.event or found.start is None:
            return found
        return _told(name, first, found.at, "other_death", choices, event=False)
    return _until(name, happened, first, choices)


def _event_free(happened: _Events, response: Response, choices: Choices, now: Instant) -> TimeTo:
    """To progression, death or new therapy; in leukemia no remission within three months is an event on day 0."""
    name = "event_free"
    failed = response.criteria == "all" and _early(response, happened.zero, now, choices) is False
    if failed and response.levels:
        return _told(name, happened.zero, happened.zero, "no_remission", choices, event=True)
    strict = msgspec.structs.replace(choices, new_therapy="event")
    return _until(name, happened, happened.zero, strict)


def _survival(happened: _Events, choices: Choices) -> TimeTo:
    died = happened.death is not None
    at = happened.death if died else happened.last_alive
    return _told("overall_survival", happened.zero, at, "death" if died else "last_alive", choices, event=died)


def _non_relapse(happened: _Events, choices: Choices) -> TimeTo:
    """Death without progression before; progression competes."""
    name = "non_relapse_mortality"
    if happened.progression is not None:
        return _told(name, happened.zero, happened.progression, "relapsed_before", choices, event=False)
    found = _survival(happened, choices)
    return msgspec.structs.replace(found, name=name)


# The response over time


def _held(response: Response, choices: Choices) -> int | None:
    first = response.first_response_at
    if first is None:
        return None
    last = max(_still(response.confirmed, response, first), default=first)
    return days_between(first, last, choices.zone)


def _still(levels: Iterable[Level], response: Response, first: Instant) -> list[Instant]:
    """The assessments from the first response on that still showed one, up to the first that did not."""
    held = []
    criteria = GUIDELINES[response.criteria]
    for level in levels:
        if level.at < first or level.level == NOT_EVALUABLE:
            continue
        if level.level not in criteria.responses:
            break
        held.append(level.at)
    return held


def _early(response: Response, zero: Instant, now: Instant, choices: Choices) -> bool | None:
    start = to_datetime(zero).astimezone(choices.zone).date()
    limit = months_after(start, REMISSION_MONTHS)
    first = response.first_response_at
    if first is not None:
        return to_datetime(first).astimezone(choices.zone).date() <= limit
    return None if to_datetime(now).astimezone(choices.zone).date() <= limit else False
