"""Write anew what the demo's people answer to alerts and to what is due: `python scripts/answers.py`.

It plays the example courses through the rules as they are, so run it after a rule has changed. The same rules give the
same file, `src/cartway/web/demo/answers.csv`.
"""

from __future__ import annotations

import csv
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec

from cartway.record import Fact
from cartway.times import HOUR, MINUTE, Instant, text
from cartway.toxicity import load_rules
from cartway.watch.due import Due
from cartway.watch.model import Alert, Priority
from cartway.web.demo.examples import example_facts
from cartway.web.demo.replay import known_from
from cartway.web.demo.stage import END, START
from cartway.web.ward.watched import Watched

FILE = Path(__file__).resolve().parent.parent / "src" / "cartway" / "web" / "demo" / "answers.csv"
COLUMNS = ("course", "at", "what", "choice", "about", "detail", "simulated", "source", "key")
STEP = 5 * MINUTE
NURSE, PHYSICIAN = "mei", "amara"
# After so many minutes, and up to so many more, somebody answers: once the demo plays, late enough to be seen ringing.
BEFORE = {Priority.high: (3, 5), Priority.medium: (8, 12), Priority.low: (15, 25)}
PLAYING = {Priority.high: (12, 6), Priority.medium: (30, 15), Priority.low: (75, 30)}
MISTYPED = "01-uneventful"


class Night:
    """One course, and those who look after it."""

    def __init__(self, course: str, facts: list[Fact]) -> None:
        self._facts = sorted(facts, key=lambda fact: (known_from(fact), bool(fact.amends), fact.at))
        self.course, self._watched, self._position = course, Watched(course, load_rules()), 0
        self._closed: set[tuple[str, Instant]] = set()

    def answers(self) -> Iterator[Fact]:
        """All of its answers, in the order of time."""
        now = known_from(self._facts[0])
        last = min(known_from(self._facts[-1]) + 2 * HOUR, END)
        waiting = iter([*self._facts, None])
        following = next(waiting)
        while now <= last:
            while following is not None and known_from(following) <= now:
                self._give(following)
                following = next(waiting)
            self._watched.advance(now)
            for number, fact in enumerate(list(self._answers(now))):
                told = msgspec.structs.replace(fact, key=f"{self.course[:2]}-{self._position + 1}-{number}")
                self._give(told)
                yield told
            now += STEP

    def _give(self, fact: Fact) -> None:
        self._position += 1
        self._watched.take([msgspec.structs.replace(fact, position=self._position, recorded_at=fact.at)])

    def _answers(self, now: Instant) -> Iterator[Fact]:
        for alert in self._watched.watching().alerts:
            if alert.rings_since is not None and now >= self._seen_at(alert, alert.rings_since, now):
                yield self._seen(alert, max(self._seen_at(alert, alert.rings_since, now), now - STEP + MINUTE))
            elif self._is_to_close(alert, now):
                self._closed.add((alert.event, alert.onset))
                yield self._closing(alert, now)
        for due in self._watched.dues().overdue:
            if due.task in ("monitoring", "blood_cultures") and now - due.due_at >= self._delay(due.task, now):
                yield self._done(due, now)

    def _seen_at(self, alert: Alert, since: Instant, now: Instant) -> Instant:
        at_least, more = (PLAYING if now >= START else BEFORE)[alert.priority or Priority.low]
        return since + (at_least + self._draw(more, alert.event, since)) * MINUTE

    def _delay(self, task: str, now: Instant) -> Instant:
        return ((70 if now >= START else 10) + self._draw(20, task)) * MINUTE

    def _seen(self, alert: Alert, at: Instant) -> Fact:
        high = alert.priority == Priority.high
        taken = high or (at >= START and alert.priority == Priority.medium)
        seen = [f"{each.rule}:{each.level}" for each in alert.present]
        detail: dict[str, object] = {"alert": alert.event, "onset": text(alert.onset), "seen": seen}
        detail |= {"owner": "physician" if high else "nurse"} if taken else {}
        choice = "taken" if taken else "seen"
        return self._fact(at, "alert_acknowledgement", choice, alert.event, detail, PHYSICIAN if high else NURSE)

    def _is_to_close(self, alert: Alert, now: Instant) -> bool:
        if alert.end is None or (alert.event, alert.onset) in self._closed or now - alert.end < 30 * MINUTE:
            return False
        return alert.acknowledged is not None or self.course == MISTYPED

    def _closing(self, alert: Alert, at: Instant) -> Fact:
        grades = [each.level for each in alert.findings if each.rule in ("crs_grade", "icans_grade")]
        choice, said = ("acted", "Treated") if max(grades, default=0) >= 2 else ("watched", "")
        if alert.event == "observation":
            choice, said = "acted", "Charted"
        if self.course == MISTYPED:
            choice, said = "artefact", "Mistyped: read again, 36.6"
        detail = {"alert": alert.event, "onset": text(alert.onset)} | ({"text": said} if said else {})
        who = PHYSICIAN if alert.peak == Priority.high else NURSE
        return self._fact(at, "alert_outcome", choice, alert.event, detail, who)

    def _done(self, due: Due, at: Instant) -> Fact:
        if due.task == "monitoring":
            detail = {"task": due.task, "due": text(due.due_at), "text": "On since the last round"}
            return self._fact(at, "due_answer", "done", due.task, detail, NURSE)
        return self._fact(at, "infection_work_up", "blood_culture", "", {"result": "pending"}, NURSE)

    def _fact(self, at: Instant, what: str, choice: str, about: str, detail: Mapping[str, object], who: str) -> Fact:
        return Fact(self.course, at, what, choice=choice, about=about, detail=detail, source=who, simulated=True)

    def _draw(self, below: int, *of: object) -> int:
        return zlib.crc32(" ".join(map(str, (self.course, *of))).encode()) % below


def rows() -> Iterator[dict[str, str]]:
    """The answers of all courses, in the order of time."""
    by_course = groupby(sorted(example_facts(), key=attrgetter("course")), attrgetter("course"))
    answers = [fact for course, facts in by_course for fact in Night(course, list(facts)).answers()]
    for fact in sorted(answers, key=lambda fact: (fact.at, fact.course)):
        told = {"about": fact.about, "detail": json.dumps(fact.detail), "simulated": "true", "source": fact.source}
        yield {
            "course": fact.course,
            "at": text(fact.at),
            "what": fact.what,
            "choice": fact.choice,
            "key": fact.key,
        } | told


def main(file: Path = FILE) -> None:
    """Write the file."""
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
