"""One course as a worker holds it: every fact so far, and its grades carried along as facts and time come in.

A new fact is one step of the fold; what amends another folds the course again. The slow twin in the tests grades the
facts in force from scratch.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from cartway.record import RETRACTION, UNREADABLE, Fact, current
from cartway.times import Instant
from cartway.toxicity import Rules, icans
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import code, words
from cartway.toxicity.episode import Episode, episode_of
from cartway.toxicity.explain import Explanation, explain_fold
from cartway.toxicity.fold import Answer, Fold
from cartway.toxicity.further import SCALES
from cartway.toxicity.grade import not_infused

MILESTONES = frozenset({"infusion", "discharge", "death", "attribution"})
OBSERVED = ("body_temperature", "systolic_pressure", "diastolic_pressure", "heart_rate", "respiratory_rate",
            "oxygen_saturation", "oxygen_device", "oxygen_flow", "inspired_oxygen", "ice_score", "ice_orientation",
            "ice_naming", "ice_command", "ice_writing", "ice_attention", "capd_score", "consciousness",
            "rass_score")  # fmt: skip

_by_time = attrgetter("at")


class Watched:
    """The facts of one course in commit order, and its fold up to the time it was last asked about."""

    def __init__(self, course: str, rules: Rules) -> None:
        self.course, self._rules = course, rules
        self.facts: list[Fact] = []
        self._keys: set[tuple[str, str]] = set()
        self.newest_at: Instant = 0  # of the facts that are true by now
        self._coming: list[Fact] = []  # by time: those not folded yet
        self._start_again()

    @property
    def position(self) -> int:
        """The store's position of the last fact taken; 0 before the first."""
        return self.facts[-1].position if self.facts else 0

    def take(self, facts: Sequence[Fact]) -> None:
        """Take newly recorded facts of this course, in commit order. One taken before is not taken again."""
        new = [fact for fact in facts if fact.position > self.position]
        if not new:
            return
        amended = any(self._is_version(fact) for fact in new)
        self.facts.extend(new)
        self._keys.update((fact.source, fact.key) for fact in new)
        if amended:
            self._start_again()
        else:
            self._coming = sorted([*self._coming, *new], key=_by_time)

    def advance(self, now: Instant) -> None:
        """Let time run to `now`: facts that are true by then are folded, readings grow old. Time never runs back."""
        ready = [fact for fact in self._coming if fact.at <= now]
        if ready:
            self._coming = self._coming[len(ready) :]
            known = words()
            rows = [code(fact, len(self.folded) + place, known) for place, fact in enumerate(ready)]
            self.folded.extend(ready)
            self.newest_at = max(self.newest_at, ready[-1].at)
            for fact in ready:
                self._note(fact)
            self._fold.push([row for row in rows if row is not None])
        self._fold.close(float(now))

    def episodes(self, scale: int) -> list[Episode]:
        """The answers of a scale so far; the last one with the reasons of this moment. Ask after `advance`."""
        if not self.milestones.get("infusion"):
            return [not_infused(self.course, min(map(_by_time, self.folded)))[scale]] if self.folded else []
        answers = list(self._fold.answers[scale])
        if not answers:
            return []
        ends: list[Instant | None] = [*(int(answer.start) for answer in answers[1:]), None]
        answers[-1] = Answer(answers[-1].start, self._fold.latest[scale])
        return [
            episode_of(self.course, SCALES[scale], answer, end, self.folded)
            for answer, end in zip(answers, ends, strict=True)
            if answer.out[b.GRADE] != b.NOT_COVERED
        ]

    def explain(self, now: Instant) -> Explanation:
        """The reasoning at `now`, out of the fold as it stands: `now` is what it was last advanced to."""
        return explain_fold(self.course, self._fold, self.folded, now)

    @property
    def sedated(self) -> bool:
        """Whether a sedative runs at the time of the last `advance`, by the rule that grades."""
        return bool(icans.sedated(self._fold.s, self._fold.p, self._fold.now))

    def next_change_at(self) -> Instant | None:
        """When time alone may change an answer, or a fact dated ahead comes true; None if neither will."""
        soon = [float(fact.at) for fact in self._coming[:1]]
        soon += [moment for moment in [self._fold.next_change_at()] if moment < b.FOREVER]
        return int(min(soon)) if soon else None

    def _is_version(self, fact: Fact) -> bool:
        return bool(fact.amends) or fact.what == RETRACTION or (fact.source, fact.key) in self._keys

    def _note(self, fact: Fact) -> None:
        if fact.what in MILESTONES:
            self.milestones.setdefault(fact.what, []).append(fact)
            return
        what = str(fact.detail.get("variable", "")) if fact.what == UNREADABLE else fact.what
        held = self.observed.get(what)
        if what in OBSERVED and (held is None or (fact.at, fact.position) >= (held.at, held.position)):
            self.observed[what] = fact  # of a reading that could not be read: that it could not, not the one before

    def _start_again(self) -> None:
        self._fold = Fold(self._rules.vector())
        self.folded: list[Fact] = []  # by place: what a reason names
        self.newest_at = 0
        self.milestones: dict[str, list[Fact]] = {}
        self.observed: dict[str, Fact] = {}  # the newest of each; of two at one instant the one recorded later
        self._coming = current(self.facts)


def watched_as_known(course: Watched, rules: Rules, known_at: Instant) -> Watched:
    """The course as it was known at a past time: later entries and corrections left out."""
    past = Watched(course.course, rules)
    past.take([fact for fact in course.facts if (fact.recorded_at or 0) <= known_at])
    return past
