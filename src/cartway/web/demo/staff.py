"""What the people of the ward answer, worked out from a whole course: alerts seen and closed, cultures, monitors.

An answer is given when what it answers is known. Before the demo opens they answer soon; from then on late enough that
whoever watches sees it ring.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cartway.record import Fact
from cartway.times import HOUR, MINUTE, Instant, text
from cartway.toxicity import Rules
from cartway.watch.calls import was_seen
from cartway.watch.model import Acknowledgement, Alert, Finding, Priority
from cartway.web.demo.arrivals import drawn
from cartway.web.demo.replay import known_from
from cartway.web.demo.visits import AFTER, OWN
from cartway.web.ward.watched import Watched

NURSE, PHYSICIAN = "mei", "amara"
# After so many minutes, and up to so many more, somebody answers.
BEFORE = {Priority.high: (3, 5), Priority.medium: (8, 12), Priority.low: (15, 25)}
OPEN = {Priority.high: (12, 10), Priority.medium: (30, 25), Priority.low: (60, 45)}
CULTURE, AGAIN, CLOSES = 25 * MINUTE, 23 * HOUR, 45 * MINUTE
FEVER_CEL = 38.0
MONITORED = 2
"""From this CRS grade on monitor and oximeter are put on, once."""


def answers(course: str, facts: Sequence[Fact], rules: Rules, opens: Instant) -> list[Fact]:
    """The answers to the facts of one course, in the order of time. `opens`: when the demo does."""
    taken = sorted([*facts, *cultures(course, facts)], key=known_from)
    watched = Watched(course, rules)
    watched.take([msgspec.structs.replace(f, position=n, recorded_at=known_from(f)) for n, f in enumerate(taken, 1)])
    watched.advance(known_from(taken[-1]))
    found = [fact for fact in taken if fact.source in (NURSE, PHYSICIAN)]
    known = [known_from(fact) for fact in taken]
    for alert in watched.watching().alerts:
        found += _alert(alert, opens, known)
    found += _monitored(course, watched.watching().alerts)
    return sorted(found, key=lambda fact: fact.at)


# Alerts


def _alert(alert: Alert, opens: Instant, known: Sequence[Instant]) -> Iterator[Fact]:
    """Each time it rings somebody sees it, and once it is over says what became of it. `known`: when each fact is."""
    seen: list[Acknowledgement] = []
    while (rings := _rings(alert, seen)) is not None:
        at, finding = rings
        answer = at + _delay(alert, finding, at, opens)
        present = [one for one in alert.findings if one.since <= answer and (one.until is None or answer < one.until)]
        position = bisect_right(known, answer)
        seen.append(Acknowledgement(answer, "", alert.onset, _levels([finding, *present]), position=position))
        if present:  # else it went by itself
            yield _seen(alert, present, answer, len(seen))
    if alert.end is not None and alert.end - alert.onset >= HOUR:
        yield _closed(alert, alert.end + CLOSES)


def _levels(findings: Sequence[Finding]) -> dict[str, int]:
    """The highest level of each that is named."""
    return {one.name: one.level for one in sorted(findings, key=lambda each: each.level)}


def _rings(alert: Alert, seen: Sequence[Acknowledgement]) -> tuple[Instant, Finding] | None:
    """What rings next, and when: nobody could see it before all that it rests on was known."""
    waiting = [one for one in alert.findings if not was_seen(one, seen, alert.findings)]
    rings = ((max([one.since, *map(known_from, one.facts)]), one) for one in waiting)
    return min(rings, key=lambda each: each[0], default=None)


def _delay(alert: Alert, finding: Finding, rings: Instant, opens: Instant) -> Instant:
    at_least, more = (OPEN if rings >= opens else BEFORE)[finding.priority]
    return (at_least + drawn(rings, at_least, f"{alert.course} {alert.event}") % more) * MINUTE


def _seen(alert: Alert, present: Sequence[Finding], at: Instant, number: int) -> Fact:
    high = max(one.priority for one in present) == Priority.high
    seen = [f"{one.name}:{one.level}" for one in present]
    detail: dict[str, object] = {"alert": alert.event, "onset": text(alert.onset), "seen": seen}
    detail |= {"owner": "physician" if high else "nurse"}
    who = PHYSICIAN if high else NURSE
    return _fact(
        alert.course, at, "alert_acknowledgement", "taken" if high else "seen", alert.event, detail, who, number
    )


def _closed(alert: Alert, at: Instant) -> Fact:
    grades = [one.level for one in alert.findings if one.rule in ("crs_grade", "icans_grade")]
    choice, said = ("acted", "Treated") if max(grades, default=0) >= MONITORED else ("watched", "")
    if alert.event == "observation":
        choice, said = "acted", "Charted"
    detail: dict[str, object] = {"alert": alert.event, "onset": text(alert.onset)}
    if said:
        detail["text"] = said
    who = PHYSICIAN if alert.peak == Priority.high else NURSE
    return _fact(alert.course, at, "alert_outcome", choice, alert.event, detail, who)


# What is due


def cultures(course: str, facts: Sequence[Fact]) -> list[Fact]:
    """Blood cultures with each fever, and daily while it lasts; of a fever at home in the clinic."""
    taken: list[Fact] = []
    for fact in sorted(facts, key=known_from):
        if fact.what != "body_temperature" or (fact.value or 0.0) < FEVER_CEL:
            continue
        at = known_from(fact) + CULTURE + (AFTER if fact.source == OWN else 0)
        if not taken or at - taken[-1].at >= AGAIN:
            detail: Mapping[str, object] = {"result": "pending"}
            taken.append(_fact(course, at, "infection_work_up", "blood_culture", "", detail, NURSE))
    return taken


def _monitored(course: str, alerts: Sequence[Alert]) -> list[Fact]:
    """Monitor and oximeter are put on each time that CRS rises to where they are asked for."""
    grades = [one for alert in alerts for one in alert.findings if one.rule == "crs_grade" and one.level >= MONITORED]
    went_on = {one.until for one in grades}
    return [_put_on(course, since) for since in sorted({one.since for one in grades} - went_on)]


def _put_on(course: str, since: Instant) -> Fact:
    detail: dict[str, object] = {"task": "monitoring", "due": text(since), "text": "On since the last round"}
    return _fact(course, since + 20 * MINUTE, "due_answer", "done", "monitoring", detail, NURSE)


def _fact(
    course: str,
    at: Instant,
    what: str,
    choice: str,
    about: str,
    detail: Mapping[str, object],
    who: str,
    number: int = 0,
) -> Fact:
    key = f"{what}-{about}-{at // MINUTE}-{number}"
    return Fact(course, at, what, choice=choice, about=about, detail=detail, source=who, key=key, simulated=True)
