"""From findings to alerts: what belongs to one episode, who has seen what, whom it waits for, who is told next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.answers import Answers
from cartway.watch.model import (
    Acknowledgement,
    Alert,
    Finding,
    Outcome,
    Priority,
    Watching,
    is_correction,
    recorded_after,
    worst_first,
)  # fmt: skip
from cartway.watch.rulebook import Event, Rulebook

_NEVER: Instant = 2**62


def watching_of(
    course: str, findings: Sequence[Finding], answers: Answers, book: Rulebook, now: Instant, soonest: Instant
) -> Watching:
    """The alerts at `now`. `soonest`: when time alone next changes a finding."""
    by_event: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: (each.since, each.rule, each.level)):
        by_event.setdefault(book.rules[finding.rule].event, []).append(finding)
    alerts: list[Alert] = []
    moments = [soonest]
    for event, found in by_event.items():
        for group in _episodes(found, book.span("alert_joins_hours")):
            alert = _alert(course, event, group, answers, book, now)
            alerts.append(alert)
            moments += _moments(alert, book)
    ordered = tuple(sorted(alerts, key=lambda each: (each.onset, each.event)))
    ahead = min((each for each in moments if now < each < _NEVER), default=None)
    behind = max((each for each in (*_changed(ordered), *moments) if each <= now), default=0)
    return Watching(ordered, ahead, behind)


def _episodes(findings: Sequence[Finding], joins: Instant) -> Iterator[tuple[Finding, ...]]:
    """Findings of one event, by time, that belong to one episode: none begins long after all before it ended."""
    group: list[Finding] = []
    last: Instant = -_NEVER
    for finding in findings:
        if group and finding.since > last + joins:
            yield tuple(group)
            group, last = [], -_NEVER
        group.append(finding)
        last = max(last, _NEVER if finding.until is None else finding.until)
    if group:
        yield tuple(group)


def _alert(
    course: str, event: str, findings: tuple[Finding, ...], answers: Answers, book: Rulebook, now: Instant
) -> Alert:
    onset, end = findings[0].since, _end(findings)
    seen = tuple(each for each in answers.acknowledged.get(event, ()) if each.onset == onset and each.at <= now)
    unseen = worst_first(each for each in findings if each.until is None and not was_seen(each, seen, findings))
    waiting = [each for one in unseen for each in _run_of(one, findings) if not was_seen(each, seen, findings)]
    whose = book.events[event]
    missed = end is not None and not whose.heals and any(not was_seen(each, seen, findings) for each in findings)
    steps = sorted(_steps(waiting, whose, book), key=lambda step: step[1])
    owner = next((each.owner for each in reversed(seen) if each.owner), "")
    outcomes = _outcomes(event, onset, end, answers, now)
    return Alert(
        course, event, whose.called({each.rule for each in findings}), onset, end,
        max(each.priority for each in findings), findings,
        owner or whose.owner,
        acknowledged=seen[-1] if seen else None,
        outcome=outcomes[-1] if outcomes and all(map(outcomes[-1].is_of, findings)) else None,
        escalated=_told(steps, now),
        escalates_at=min((at for _, at in steps if at > now), default=None),
        rings_since=min((each.risen for each in waiting), default=None),
        acknowledgements=seen,
        unseen=unseen,
        unanswered=missed and end is not None and now < end + book.span("alert_unanswered_hours"),
        outcomes=outcomes,
    )  # fmt: skip


def _end(findings: Sequence[Finding]) -> Instant | None:
    ends = [each.until for each in findings]
    return None if None in ends else max(end for end in ends if end is not None)


def was_seen(finding: Finding, seen: Sequence[Acknowledgement], findings: Sequence[Finding] = ()) -> bool:
    """Whether an acknowledgement since it began or rose saw it, or what of `findings` it has only eased from since.

    What eases is told quietly. A correction that keeps it up may have taken back that it was milder: it is to be seen.
    """
    worse = [each for each in findings if _eases_from(finding, each)]
    return any(
        _saw(said, finding) or (not _corrections(finding, said) and any(_saw(said, each) for each in worse))
        for said in seen
    )


def _eases_from(finding: Finding, worse: Finding) -> bool:
    return finding.name == worse.name and finding.risen == worse.risen and finding.level < worse.level


def _saw(said: Acknowledgement, finding: Finding) -> bool:
    """Whether it names the finding at its level or a worse one, and was said since it began or rose and all that it
    rests on was recorded. What was worse when it was said, and has only been corrected since, was seen as worse.
    """
    level = max(said.seen.get(name, 0) for name in (finding.name, finding.loosely or finding.name))
    if said.at < finding.risen or level < finding.level:
        return False
    unknown = recorded_after(finding, said.position)
    return not unknown or (level > finding.level and finding.since <= said.at and all(map(is_correction, unknown)))


def _corrections(finding: Finding, said: Acknowledgement) -> list[Fact]:
    return [fact for fact in recorded_after(finding, said.position) if is_correction(fact)]


def _run_of(finding: Finding, findings: Sequence[Finding]) -> Iterator[Finding]:
    """A finding and those of its rule that it follows without a break: nobody has answered since they began."""
    yield finding
    for each in reversed(findings):
        if each.name == finding.name and each.until == finding.since:
            yield each
            finding = each


def _steps(waiting: Sequence[Finding], event: Event, book: Rulebook) -> Iterator[tuple[str, Instant]]:
    """Who is told when: the first role once the time of the priority has passed, the next after as long again."""
    for finding in waiting:
        wait = book.span(_WAITS[finding.priority])
        yield from ((role, finding.risen + wait * (n + 1)) for n, role in enumerate(event.escalation))


_WAITS = {each: f"escalation_{each.name}_minutes" for each in Priority}


def _told(steps: Sequence[tuple[str, Instant]], now: Instant) -> tuple[tuple[str, Instant], ...]:
    """Each role once, at its earliest."""
    told: dict[str, Instant] = {}
    for role, at in steps:
        if at <= now:
            told.setdefault(role, at)
    return tuple(told.items())


def _outcomes(event: str, onset: Instant, end: Instant | None, answers: Answers, now: Instant) -> tuple[Outcome, ...]:
    """What was said to have become of this episode: named by its onset, or by a moment of it if dated anew since."""
    until, told = _NEVER if end is None else end, answers.outcomes.get(event, ())
    return tuple(each.outcome for each in told if onset <= each.onset <= until and each.outcome.at <= now)


def _moments(alert: Alert, book: Rulebook) -> Iterator[Instant]:
    """When time alone changes what is shown of an alert."""
    if alert.escalates_at is not None:
        yield alert.escalates_at
    yield from (at for _, at in alert.escalated)
    if alert.end is not None:
        yield alert.end + book.span("alert_unanswered_hours")


def _changed(alerts: Sequence[Alert]) -> Iterator[Instant]:
    for alert in alerts:
        yield from (each.since for each in alert.findings)
        yield from (each.at for each in alert.acknowledgements)
        yield from (each.at for each in alert.outcomes)
        if alert.end is not None:
            yield alert.end
