"""The fold of the alert rules over one course: facts and changes of grade in time order in, findings out.

Resumable: a new fact is one step in which only the rules that read it are judged; a late one folds again from a
checkpoint. The slow twin in the tests judges every rule at every moment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.episode import episode_of
from cartway.toxicity.fold import Answer, Fold
from cartway.toxicity.further import ALL_SCALES
from cartway.watch.answers import ANSWERS, Answers
from cartway.watch.calls import watching_of
from cartway.watch.identity import CHAIN, identity_findings
from cartway.watch.judges import HOLD, JUDGES, NO_NEXT, Asked, Judged, reads
from cartway.watch.kept_up import Run, graded_as_before, kept_up
from cartway.watch.model import Finding, Watching
from cartway.watch.reported import Telling, findings_at, is_read, next_end, tellings
from cartway.watch.rulebook import Rule, Rulebook
from cartway.watch.view import WATCH, Change, View

CHECKPOINT_EVERY = 128
_when = attrgetter("at")


class _State(NamedTuple):
    now: Instant
    view: View
    runs: dict[str, Run]
    again: dict[str, Instant]
    over: int


class AlertFold:
    """One course under the rules: its findings up to the moment it was last advanced to."""

    def __init__(self, course: str, book: Rulebook) -> None:
        self.course, self.book = course, book
        rules = [rule for rule in book.rules.values() if rule.on and rule.judge in JUDGES]
        self._rules = {rule.name: rule for rule in rules}
        self._readers = _readers(rules)
        self._scales = frozenset(rule.scale for rule in rules if rule.scale) & frozenset(ALL_SCALES)
        self._clears = {rule.name: book.span(rule.clears) for rule in rules}
        self._kept: dict[Any, Any] = {}
        self.now: Instant = -(2**62)
        self._at: Instant = self.now  # of the last instant that was judged
        self._view, self._runs, self._again = View(), dict[str, Run](), dict[str, Instant]()
        self._over: list[Finding] = []
        self._facts: list[Fact] = []
        self._answers = Answers()
        self._changes: dict[str, list[Change]] = {scale: [] for scale in self._scales}
        self._folded: dict[str, list[Answer]] = {scale: [] for scale in self._scales}
        self._checkpoints = [self._state()]
        self._count = 0
        self._watching: Watching | None = None
        self._chain: list[Fact] = []
        self._breaks: tuple[Finding, ...] | None = None
        self._told: list[Fact] = []
        self._tellings: tuple[Telling, ...] = ()

    def advance(self, now: Instant, facts: Sequence[Fact], grades: Fold, folded: Sequence[Fact]) -> None:
        """Let time run to `now`.

        `facts`: newly in force and true by now, late ones too. `grades`: the course's toxicity fold, closed at now;
        `folded`: the facts that its answers name by place.
        """
        changes = list(self._new_changes(grades, folded))
        self.take(now, facts, changes)

    def take(self, now: Instant, facts: Sequence[Fact], changes: Sequence[Change]) -> None:
        """As `advance`, with the changes of grade since it was last asked."""
        told = [fact for fact in facts if fact.what in ANSWERS]
        new = [fact for fact in facts if fact.what not in ANSWERS]
        if told:
            self._answers = self._answers.taking(told)
            self._watching = None
        if chained := [fact for fact in new if fact.what in CHAIN]:
            self._chain += chained
            self._breaks = self._watching = None
        if home := [fact for fact in new if is_read(fact)]:
            self._hear(home)
        self._enter(new, changes)
        self._run(now)
        self.now = max(now, self.now)

    def watching(self) -> Watching:
        """The alerts at the moment it was last advanced to. Cheap where nothing changed."""
        held, soonest = self._watching, min(self._soonest(), next_end(self._tellings, self.now))
        if held is None or (held.next_change_at is not None and held.next_change_at <= self.now):
            findings = [*self._over, *(run.finding for run in self._runs.values()), *self._of_chain()]
            findings += findings_at(self._tellings, self.now)
            held = watching_of(self.course, findings, self._answers, self.book, self.now, soonest)
        elif soonest < (NO_NEXT if held.next_change_at is None else held.next_change_at):
            held = msgspec.structs.replace(held, next_change_at=soonest)
        self._watching = held
        return held

    def _of_chain(self) -> tuple[Finding, ...]:
        """The breaks of identity: worked out anew only after a fact of the chain."""
        if self._breaks is None:
            self._breaks = identity_findings(self._chain, self.book, self.now)
        return self._breaks

    def _hear(self, facts: Sequence[Fact]) -> None:
        """What was told from home: worked out anew only where something of it came, or what it hangs on."""
        self._told += facts
        if told := tellings(self._told, self.book):
            self._tellings, self._watching = told, None

    def _soonest(self) -> Instant:
        moments = [*self._again.values(), *(run.eases_at for run in self._runs.values())]
        return min(moments, default=NO_NEXT)

    def _new_changes(self, grades: Fold, folded: Sequence[Fact]) -> Iterator[Change]:
        """The changes of grade that this fold has not seen; those of answers that are no longer so are forgotten."""
        for scale, answers in zip(ALL_SCALES, grades.answers, strict=True):
            if scale in self._scales:
                yield from self._of_scale(scale, answers, folded)

    def _of_scale(self, scale: str, answers: Sequence[Answer], folded: Sequence[Fact]) -> Iterator[Change]:
        seen = self._folded[scale]
        same = _same(seen, answers)
        if same < len(seen):
            self._forget(scale, int(seen[same].start))
            del seen[same:]
        for answer in answers[same:]:
            covered = answer.out[b.GRADE] != b.NOT_COVERED
            episode = episode_of(self.course, scale, answer, None, folded) if covered else None
            yield Change(int(answer.start), scale, episode)
        seen.extend(answers[same:])

    def _forget(self, scale: str, start: Instant) -> None:
        changes = self._changes[scale]
        del changes[bisect_left(changes, start, key=_when) :]
        self._back_to(start)

    def _enter(self, facts: Sequence[Fact], changes: Sequence[Change]) -> None:
        """Put facts and changes where they belong in time; where that is past, the fold goes back to before it."""
        for fact in sorted(facts, key=_when):
            self._facts.insert(bisect_right(self._facts, fact.at, key=_when), fact)
        for change in changes:
            self._changes[change.scale].append(change)
        first = min([*map(_when, facts), *map(_when, changes)], default=NO_NEXT)
        if first <= self._at:
            self._back_to(first)

    def _run(self, now: Instant) -> None:
        for at, facts, changes in self._instants(now):
            self._let_time_act(at - 1)
            self._checkpoint(at)
            self._instant(at, facts, changes)
        self._let_time_act(now)

    def _instants(self, now: Instant) -> Iterator[tuple[Instant, list[Fact], list[Change]]]:
        """What is not folded yet, instant by instant, up to `now`."""
        facts = self._facts[bisect_right(self._facts, self._at, key=_when) :]
        streams = [each[bisect_right(each, self._at, key=_when) :] for each in self._changes.values()]
        changes = list(merge(*streams, key=_when))
        places = sorted({at for at in (*map(_when, facts), *map(_when, changes)) if at <= now})
        f = c = 0
        for at in places:
            here, there = f, c
            while f < len(facts) and facts[f].at == at:
                f += 1
            while c < len(changes) and changes[c].at == at:
                c += 1
            yield at, facts[here:f], changes[there:c]

    def _instant(self, at: Instant, facts: Sequence[Fact], changes: Sequence[Change]) -> None:
        view = self._view
        view.now = self._at = at
        was_watched = view.watched
        touched = {signal for fact in facts for signal in view.take(fact)}
        touched.update(view.grade(change) for change in changes)
        touched.update(view.settle())
        if view.watched != was_watched:
            touched.add(WATCH)
        names = {name for signal in touched for name in self._readers.get(signal, ())}
        names.update(name for name, again in self._again.items() if again <= at)
        self._judge(names)
        for name, corrected in graded_as_before(facts, view, self._runs, self._rules):
            self._keep_up(name, self._runs[name], corrected)
        self._ease(at)

    def _let_time_act(self, until: Instant) -> None:
        """Judge what asked to be judged by then, and end what has stayed away for long enough."""
        while (moment := self._soonest()) <= until:
            self._view.now = self._at = moment
            self._judge({name for name, again in self._again.items() if again <= moment})
            self._ease(moment)

    def _judge(self, names: set[str]) -> None:
        view = self._view
        for name in names:
            rule, run = self._rules[name], self._runs.get(name)
            self._again.pop(name, None)
            if not view.open_to(rule):
                if run is not None:
                    self._end(name, run, view.now)
                continue
            level = run.finding.level if run is not None else 0
            judged = JUDGES[rule.judge](Asked(view, rule, level, self.book, self._kept))
            if judged.again != NO_NEXT:
                self._again[name] = judged.again
            if judged.level != HOLD:
                self._apply(rule, run, judged)

    def _apply(self, rule: Rule, run: Run | None, judged: Judged) -> None:
        name, now, level = rule.name, self._view.now, run.finding.level if run is not None else 0
        if run is None:
            if judged.level:
                self._runs[name] = Run(self._finding(rule, judged, now))
                self._watching = None
        elif judged.level > level or (judged.level == level and judged.since > run.finding.since):
            self._end(name, run, now)
            self._runs[name] = Run(self._finding(rule, judged, now))
        elif judged.level == level:
            self._keep_up(name, run, judged.facts)
        elif run.eases_to is None:
            self._runs[name] = run._replace(eases_to=judged, eases_at=now + self._clears[name])
        elif judged.level > run.eases_to.level:
            self._runs[name] = run._replace(eases_to=judged)

    def _keep_up(self, name: str, run: Run, facts: Sequence[Fact]) -> None:
        """It is as bad as before, by these facts. Corrections among them are told with it (`kept_up`)."""
        if (finding := kept_up(run.finding, facts)) is not run.finding:
            self._watching = None
        self._runs[name] = Run(finding)

    def _ease(self, now: Instant) -> None:
        """What has stayed lower for long enough is lower, or over; then it is asked where it stands now."""
        while names := [name for name, run in self._runs.items() if run.eases_at <= now]:
            for name in names:
                self._ease_one(name, self._runs[name], now)
            self._judge(set(names))

    def _ease_one(self, name: str, run: Run, now: Instant) -> None:
        self._end(name, run, now)
        if run.eases_to is not None and run.eases_to.level:
            eased = self._finding(self._rules[name], run.eases_to, now)
            self._runs[name] = Run(msgspec.structs.replace(eased, risen=run.finding.risen))

    def _end(self, name: str, run: Run, now: Instant) -> None:
        del self._runs[name]
        self._over.append(msgspec.structs.replace(run.finding, until=now))
        self._watching = None

    def _finding(self, rule: Rule, judged: Judged, now: Instant) -> Finding:
        return Finding(
            rule.name, judged.level, rule.priority_of(judged.level), now, None, rule.text.format(**judged.said),
            judged.facts, judged.missing, rule.source, self.book.confirmed(rule), now,
        )  # fmt: skip

    def _state(self) -> _State:
        return _State(self._at, self._view.copy(), dict(self._runs), dict(self._again), len(self._over))

    def _checkpoint(self, at: Instant) -> None:
        """Keep the state from before an instant: always the newest, and one of so many."""
        self._count += 1
        if self._count % CHECKPOINT_EVERY == 0:
            self._checkpoints.append(self._state())

    def _back_to(self, at: Instant) -> None:
        """Return to the last checkpoint before `at`. What it knew by time alone is judged again."""
        while len(self._checkpoints) > 1 and self._checkpoints[-1].now >= at:
            self._checkpoints.pop()
        if self._at < at:
            return
        point = self._checkpoints[-1]
        self._at, self._view = point.now, point.view.copy()
        self._runs, self._again = dict(point.runs), dict(point.again)
        del self._over[point.over :]
        self._watching = None


def _readers(rules: Sequence[Rule]) -> Mapping[str, tuple[str, ...]]:
    """By signal, the rules that read it; all of them read whether the watch is on."""
    found: dict[str, list[str]] = {WATCH: [rule.name for rule in rules]}
    for rule in rules:
        for signal in reads(rule):
            found.setdefault(signal, []).append(rule.name)
    return {signal: tuple(names) for signal, names in found.items()}


def _same(seen: Sequence[Answer], answers: Sequence[Answer]) -> int:
    """How many answers at the beginning are those seen before."""
    if len(seen) <= len(answers) and (not seen or answers[len(seen) - 1] is seen[-1]):
        return len(seen)
    return next((n for n, (one, other) in enumerate(zip(seen, answers, strict=False)) if one is not other),
                min(len(seen), len(answers)))  # fmt: skip
