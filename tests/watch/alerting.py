"""Asking a drawn course for its alerts, and answering them.

found = watched(course(infused(), at(30, temperature(38.9))), 31)
assert firing(found) == {"crs_grade:1"}
"""

from __future__ import annotations

from collections.abc import Iterable

from cartway.pathway.course import CENTER, Course
from cartway.record.fact import Fact
from cartway.times import text
from cartway.toxicity import SCALES, grade, load_rules
from cartway.watch import Alert, Finding, Watching, alerts
from toxicity.drawn import Saying, at, hour_of, instant


def center(*facts: Fact, **policies: float) -> Course:
    """The center's record, with policies of its own."""
    set_by = [Fact(CENTER, 0, "center_policy", float(value), about=name) for name, value in policies.items()]
    return Course([*set_by, *facts], instant(10_000))


def watched(facts: Iterable[Fact], hour: float, **policies: float) -> Watching:
    """The alerts of a course at an hour after the infusion."""
    now = instant(hour)
    course = Course(list(facts), now)
    return alerts(course, grade(course.facts, load_rules(), now, SCALES), center(**policies))


def only(found: Watching, event: str) -> Alert:
    """The one alert of an event."""
    (alert,) = [each for each in found.alerts if each.event == event]
    return alert


def firing(found: Watching, *, without: str = "overdue") -> set[str]:
    """What fires now, as ``rule:level``; what is overdue left out unless asked for."""
    present = (each for alert in found.present for each in alert.present)
    return {seen(each) for each in present if not (without and without in each.rule)}


def ringing(found: Watching, *, without: str = "overdue") -> set[str]:
    """What waits for somebody, as ``rule:level``."""
    unseen = (each for alert in found.ringing for each in alert.unseen)
    return {seen(each) for each in unseen if not (without and without in each.rule)}


def seen(finding: Finding) -> str:
    """What an acknowledgement names."""
    return f"{finding.rule}:{finding.level}"


def acknowledged(hour: float, alert: Alert, *names: str, choice: str = "seen", owner: str = "") -> list[Fact]:
    """Somebody saw an alert: all that fires, or only what is named."""
    what = list(names) or [f"{each.name}:{each.level}" for each in alert.present]
    detail = {"alert": alert.event, "onset": text(alert.onset), "seen": what} | ({"owner": owner} if owner else {})
    return [
        Fact(alert.course, instant(hour), "alert_acknowledgement", choice=choice, about=alert.event, detail=detail,
             recorded_by="nina")
    ]  # fmt: skip


def outcome(hour: float, alert: Alert, choice: str) -> list[Fact]:
    """What became of an alert."""
    detail = {"alert": alert.event, "onset": text(alert.onset)}
    return [Fact(alert.course, instant(hour), "alert_outcome", choice=choice, about=alert.event, detail=detail)]


def rounds(start: float, end: float, *sayings: Saying, every: float = 2.0) -> list[Fact]:
    """The same round of observations every so many hours."""
    hours = [start + n * every for n in range(int((end - start) / every) + 1)]
    return [fact for hour in hours for fact in at(hour, *sayings)]


def spans(found: Watching, rule: str) -> list[tuple[float, float | None, int]]:
    """When a rule fired: from hour, to hour, level."""
    return [
        (hour_of(each.since), None if each.until is None else hour_of(each.until), each.level)
        for alert in found.alerts
        for each in alert.findings
        if each.rule == rule
    ]
