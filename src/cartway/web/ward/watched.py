"""One course as a worker holds it: every fact so far, and its grades carried along as facts and time come in.

A new fact is one step of the fold; what amends another, or comes late in numbers, folds the course again. The slow twin
in the tests grades the facts in force from scratch. Alerts and what is due are carried along for who asks for them: the
pages of a past moment do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from operator import attrgetter
from typing import TypeVar

from cartway.record import RETRACTION, UNREADABLE, Fact, current
from cartway.times import Instant
from cartway.toxicity import Rules, icans
from cartway.toxicity import bedside as b
from cartway.toxicity.attribution import ATTRIBUTION, excuses_of
from cartway.toxicity.coding import code, words
from cartway.toxicity.episode import Episode, episode_of
from cartway.toxicity.explain import Explanation, explain_fold
from cartway.toxicity.fold import Answer, Fold
from cartway.toxicity.further import ALL_SCALES, SCALES
from cartway.toxicity.grade import not_infused
from cartway.watch import Watching
from cartway.watch.due import Dues, Kept, due_of
from cartway.watch.fold import AlertFold
from cartway.web.ward.center import Center, shipped
from cartway.web.ward.spark import Temperatures

MILESTONES = frozenset({"infusion", "discharge", "death", "attribution"})
OBSERVED = ("body_temperature", "systolic_pressure", "diastolic_pressure", "heart_rate", "respiratory_rate",
            "oxygen_saturation", "oxygen_device", "oxygen_flow", "inspired_oxygen", "ice_score", "ice_orientation",
            "ice_naming", "ice_command", "ice_writing", "ice_attention", "capd_score", "consciousness",
            "rass_score")  # fmt: skip

ADMITTED = frozenset({"lymphodepletion", "infusion", "discharge"})
CLOSELY = ("alerts", "due")  # what is worked out beside the grades
LATE = 64  # facts that come late together: folding again costs less than going back for each

_by_time = attrgetter("at")
T = TypeVar("T")


class Watched:
    """The facts of one course in commit order, and its fold up to the time it was last asked about."""

    _now: Instant
    _bare: Fold | None
    _bared: int  # how many of the folded facts it was given
    _asked: int  # how many of the folded facts were given to what is due
    _alerts: AlertFold | None
    _kept: Kept
    _unwatched: list[Fact]  # folded, and not given to the alerts yet

    def __init__(self, course: str, rules: Rules, center: Center | None = None) -> None:
        self.course, self._rules, self._center = course, rules, center or shipped()
        self.facts: list[Fact] = []
        self.simulated = False
        self.defects: dict[str, Exception] = {}  # by what of CLOSELY cannot be worked out: why
        self._last: tuple[Watching, Dues] = Watching(), Dues()
        self._keys: set[tuple[str, str]] = set()
        self.newest_at: Instant = 0  # of the facts that are true by now
        self._coming: list[Fact] = []  # by time: those not folded yet
        self._start_again()

    @property
    def on_road(self) -> bool:
        """Whether it is on the road to its infusion still."""
        return is_on_road(self._said)

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
        self.simulated = self.simulated or any(fact.simulated for fact in new)
        self._keys.update((fact.source, fact.key) for fact in new)
        if amended:
            self._start_again()
        else:
            self._coming = sorted([*self._coming, *new], key=_by_time)

    def advance(self, now: Instant) -> None:
        """Let time run to `now`: facts that are true by then are folded, readings grow old. Time never runs back.

        What raises in the midst of it leaves nothing half done: all facts are folded anew the next time.
        """
        try:
            self._advance(now)
        except Exception:
            self._start_again()
            raise

    def _advance(self, now: Instant) -> None:
        ready = [fact for fact in self._coming if fact.at <= now]
        if sum(fact.at < self.newest_at for fact in ready) > LATE:
            self._start_again()
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
            self._unwatched += ready
        self._fold.close(float(now))
        self._now = max(self._now, now)

    def episodes(self, scale: int) -> list[Episode]:
        """The answers of a scale so far; the last one with the reasons of this moment. Ask after `advance`."""
        if not self.milestones.get("infusion"):
            if scale >= len(SCALES) or not self.folded:
                return []
            return [not_infused(self.course, min(map(_by_time, self.folded)))[scale]]
        answers = self._fold.answers[scale]
        if not answers:
            return []
        past = self._past(scale, answers)
        last = Answer(answers[-1].start, self._fold.latest[scale])
        return [each for each in [*past, self._episode(scale, last, None)] if each is not None]

    def now_of(self, scale: int) -> Episode | None:
        """The answer of a scale now; None where it does not cover this time."""
        answers = self._fold.answers[scale]
        if not answers or not self.milestones.get("infusion"):
            return None
        return self._episode(scale, Answer(answers[-1].start, self._fold.latest[scale]), None)

    def _past(self, scale: int, answers: Sequence[Answer]) -> list[Episode | None]:
        """The episodes that have ended, made once each; None where the scale did not cover the time."""
        made, ended = self._made.setdefault(scale, []), len(answers) - 1
        while made and not (len(made) <= ended and _is_same(made[-1], _between(answers, len(made) - 1))):
            made.pop()  # what was folded again has other answers, equal ones too: one before them may differ
        for place in range(len(made), ended):
            answer, end = _between(answers, place)
            made.append((answer, end, self._episode(scale, answer, end)))
        return [episode for *_, episode in made]

    def _episode(self, scale: int, answer: Answer, end: Instant | None) -> Episode | None:
        covered = answer.out[b.GRADE] != b.NOT_COVERED
        return episode_of(self.course, ALL_SCALES[scale], answer, end, self.folded) if covered else None

    def closely(self) -> tuple[Watching, Dues]:
        """The alerts and what is due at the time of the last `advance`. What cannot be worked out is as it was last:
        an alert that rang is not silenced by a defect of ours. `defects` says so until it can be again.
        """
        watching, dues = self._last
        self._last = self._or_last("alerts", self.watching, watching), self._or_last("due", self.dues, dues)
        return self._last

    def _or_last(self, what: str, worked_out: Callable[[], T], last: T) -> T:
        try:
            found = worked_out()
        except Exception as failure:
            self.defects[what] = failure
            return last
        self.defects.pop(what, None)
        return found

    def watching(self) -> Watching:
        """The alerts at the time of the last `advance`. After a defect they are folded anew: no fact is lost to it."""
        if self._alerts is None:
            self._alerts = AlertFold(self.course, self._center.book)
        ready, self._unwatched = self._unwatched, []
        try:
            self._alerts.advance(self._now, ready, self._fold, self.folded)
            return self._alerts.watching()
        except Exception:
            self._alerts, self._unwatched = None, list(self.folded)
            raise

    def dues(self) -> Dues:
        """What is due at the time of the last `advance`."""
        try:
            for fact in self.folded[self._asked :]:
                self._kept.take(fact)
            self._asked = len(self.folded)
            episodes = [episode for scale in range(len(SCALES)) for episode in self.episodes(scale)]
            return due_of(self._kept, episodes, self._center.policies, self._now, self._center.country)
        except Exception:
            self._kept, self._asked = Kept(), 0
            raise

    def unexcused(self) -> Mapping[str, str]:
        """As `_unexcused`; what raises in the midst of it leaves nothing half done."""
        try:
            return self._unexcused()
        except Exception:
            self._bare, self._bared = None, 0
            raise

    def _unexcused(self) -> Mapping[str, str]:
        """By scale, the grade as printed if nothing had ever been attributed to another cause; nothing where no
        attribution is in force. It is a second fold, which is begun when the first attribution asks for it.
        """
        if not self.milestones.get(ATTRIBUTION) or not any(
            True for _ in excuses_of(self._fold, self.folded, self._now)
        ):
            return {}
        if self._bare is None:
            self._bare = Fold(self._rules.vector())
        known, first = words(), self._bared
        taken = [(place, fact) for place, fact in enumerate(self.folded[first:], first) if fact.what != ATTRIBUTION]
        rows = [code(fact, place, known) for place, fact in taken]
        self._bare.push(sorted((row for row in rows if row is not None), key=_by_time))
        self._bared = len(self.folded)
        self._bare.close(float(self._now))
        return {
            scale: episode.shown
            for place, scale in enumerate(SCALES)
            if self._bare.answers[place]
            and (episode := self._episode(place, Answer(0.0, self._bare.latest[place]), None)) is not None
        }

    def under(self, center: Center) -> None:
        """The center has set its rules anew: the alerts are worked out again from the beginning."""
        self._center = center
        self._alerts, self._unwatched = None, list(self.folded)

    @property
    def set_at(self) -> int:
        """The position of the last fact by which the center set what its alerts and dues rest on."""
        return self._center.position

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
        self._said.add(fact.what)
        if fact.what in MILESTONES:
            self.milestones.setdefault(fact.what, []).append(fact)
            return
        what = str(fact.detail.get("variable", "")) if fact.what == UNREADABLE else fact.what
        if what == "body_temperature":
            self.temperatures.take(fact)
        held = self.observed.get(what)
        if what in OBSERVED and (held is None or (fact.at, fact.position) >= (held.at, held.position)):
            self.observed[what] = fact  # of a reading that could not be read: that it could not, not the one before

    def _start_again(self) -> None:
        self._fold = Fold(self._rules.vector(ALL_SCALES))
        self.folded: list[Fact] = []  # by place: what a reason names
        self.newest_at = 0
        self._now = 0
        self._made: dict[int, list[tuple[Answer, Instant, Episode | None]]] = {}
        self._alerts, self._unwatched = None, []
        self._bare, self._bared = None, 0
        self._kept = Kept()
        self._asked = 0
        self.milestones: dict[str, list[Fact]] = {}
        self.observed: dict[str, Fact] = {}  # the newest of each; of two at one instant the one recorded later
        self.temperatures = Temperatures()
        self._said: set[str] = set()
        self._coming = current(self.facts)


def is_on_road(said: Set[str]) -> bool:
    """Whether a course of which these things are said was referred, and is neither in lymphodepletion nor further."""
    return "referral" in said and not said & ADMITTED


def _is_same(made: tuple[Answer, Instant, Episode | None], answered: tuple[Answer, Instant]) -> bool:
    return made[0] is answered[0] and made[1] == answered[1]


def _between(answers: Sequence[Answer], place: int) -> tuple[Answer, Instant]:
    """An answer that has ended, and when the next one began."""
    return answers[place], int(answers[place + 1].start)


def watched_as_known(course: Watched, rules: Rules, known_at: Instant) -> Watched:
    """The course as it was known at a past time: later entries and corrections left out."""
    past = Watched(course.course, rules)
    past.take([fact for fact in course.facts if (fact.recorded_at or 0) <= known_at])
    return past
