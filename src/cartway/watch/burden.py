"""What the alert rules cost: episodes a patient-day, and the share that somebody acted on; each rule by itself.

The share comes from recorded outcomes. Past courses have none; for those it is inferred from what was done within a
named time after an alert began to ring. The two are kept apart: what was done then was not done because of an alert.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity.coding import NOT_GIVEN
from cartway.watch.model import Alert, Finding, Watching
from cartway.watch.rulebook import Rulebook
from cartway.watch.view import classes_of

NEW_AFTER = 12 * HOUR
"""A drug that was charted within so long before is going on, not newly given."""


class RuleBurden(msgspec.Struct, frozen=True):
    """One rule over some courses.

    `episodes`: alerts in which it fired; `opened`: alerts that it began; `rings`: how often it began or rose, that is,
    how often somebody was called. `recorded`: episodes by recorded outcome. `inferred`: episodes in which something was
    done in time, of those without an outcome (`unrecorded`).
    """

    rule: str
    label: str
    event: str
    on: bool
    confirmed: bool
    episodes: int
    opened: int
    rings: int
    courses: int
    recorded: Mapping[str, int]
    inferred: int
    unrecorded: int
    per_patient_day: float | None
    rings_per_patient_day: float | None

    @property
    def acted_recorded(self) -> float | None:
        """The share of recorded outcomes that say acted; None where none is recorded."""
        whole = sum(self.recorded.values())
        return self.recorded.get("acted", 0) / whole if whole else None

    @property
    def acted_inferred(self) -> float | None:
        """The share of the other episodes in which something was done in time; None where there is none."""
        return self.inferred / self.unrecorded if self.unrecorded else None


class Burden(msgspec.Struct, frozen=True):
    """All rules over some courses. `patient_days`: under close watch. `alerts`: episodes, however many rules fired."""

    rows: tuple[RuleBurden, ...]
    courses: int
    patient_days: float
    alerts: int
    rings: int
    acted_within_hours: float

    @property
    def alerts_per_patient_day(self) -> float | None:
        """Episodes a patient-day; None without a day under watch."""
        return self.alerts / self.patient_days if self.patient_days else None

    @property
    def rings_per_patient_day(self) -> float | None:
        """Calls a patient-day; findings that begin at one instant in one alert are one call."""
        return self.rings / self.patient_days if self.patient_days else None


class Tally:
    """Counts course by course, so that no cohort has to be held."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.courses, self.days, self.alerts, self.rings = 0, 0.0, 0, 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._outcomes: Counter[tuple[str, str]] = Counter()

    def add(self, course: Course, watching: Watching) -> None:
        """One course and its alerts at its `now`."""
        self.courses += 1
        self.days += patient_days(course)
        done = _Done(course)
        rules = set()
        for alert in watching.alerts:
            self.alerts += 1
            self.rings += len({each.risen for each in alert.findings})
            self._add(alert, done)
            rules |= {each.rule for each in alert.findings}
        self._counts.update((rule, "courses") for rule in rules)

    def _add(self, alert: Alert, done: _Done) -> None:
        acts, within = self.book.events[alert.event].acts, self.book.span("acted_within_hours")
        by_rule: dict[str, list[Finding]] = {}
        for each in alert.findings:
            by_rule.setdefault(each.rule, []).append(each)
        self._counts[(alert.findings[0].rule, "opened")] += 1
        for rule, findings in by_rule.items():
            self._counts[(rule, "episodes")] += 1
            self._counts[(rule, "rings")] += len({each.risen for each in findings})
            said = [each for each in alert.outcomes if any(map(each.is_of, findings))]
            if said:
                self._outcomes[(rule, said[-1].choice)] += 1
            elif any(done.between(acts, each.risen, each.risen + within) for each in findings):
                self._counts[(rule, "inferred")] += 1

    def burden(self) -> Burden:
        """What was counted so far, a row for each rule, in the order of the rules' files."""
        hours = self.book.number("acted_within_hours")
        return Burden(tuple(map(self._row, self.book.rules)), self.courses, self.days, self.alerts, self.rings, hours)

    def _row(self, name: str) -> RuleBurden:
        rule = self.book.rules[name]
        outcomes = {choice: n for (of, choice), n in sorted(self._outcomes.items()) if of == name}
        episodes, rings = self._counts[(name, "episodes")], self._counts[(name, "rings")]
        return RuleBurden(
            name, rule.label, rule.event, rule.on, self.book.confirmed(rule),
            episodes, self._counts[(name, "opened")], rings, self._counts[(name, "courses")],
            outcomes, self._counts[(name, "inferred")], episodes - sum(outcomes.values()),
            episodes / self.days if self.days else None, rings / self.days if self.days else None,
        )  # fmt: skip


def burden(courses: Iterable[tuple[Course, Watching]], book: Rulebook) -> Burden:
    """What the rules cost over some courses, each with its alerts at its `now`."""
    tally = Tally(book)
    for course, watching in courses:
        tally.add(course, watching)
    return tally.burden()


def patient_days(course: Course) -> float:
    """Days from the infusion to the last discharge, the death or now, whichever is first; 0 without an infusion."""
    infused, death = course.first("infusion"), course.first("death")
    if infused is None:
        return 0.0
    left = course.last("discharge")
    ends = [each.at for each in (left, death) if each is not None and each.at > infused.at]
    return (min([course.now, *ends]) - infused.at) / DAY


class _Done:
    """What was done in a course and when, by variable and by class of drug."""

    def __init__(self, course: Course) -> None:
        self._at: dict[str, list[Instant]] = {}
        charted: dict[str, Instant] = {}
        device = [""]
        for fact in course.facts:
            for kind in _kinds(fact, charted, device):
                self._at.setdefault(kind, []).append(fact.at)

    def between(self, acts: Sequence[str], since: Instant, until: Instant) -> bool:
        """Whether one of `acts` was done after `since`, by `until`."""
        return any(since < at <= until for act in acts for at in self._at.get(act, ()))


def _kinds(fact: Fact, charted: dict[str, Instant], device: list[str]) -> Iterator[str]:
    """What an entry counts as having done. Oxygen counts where it is begun or given otherwise than before."""
    if fact.what == "oxygen_device":
        if fact.choice not in ("room_air", device[-1]):
            yield fact.what
        device.append(fact.choice)
        return
    if fact.what != "drug":
        yield fact.what
        return
    if fact.value == 0 or str(fact.detail.get("status", "")) in NOT_GIVEN or fact.detail.get("prophylaxis"):
        return
    before = charted.get(fact.choice)
    charted[fact.choice] = fact.at
    if before is None or fact.at - before > NEW_AFTER:
        yield from classes_of(fact.choice)
