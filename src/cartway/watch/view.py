"""What the alert rules read of a course at one moment: the newest of each variable, a few short histories, the grades.

The state is a handful of dictionaries of frozen values, so that a copy (a checkpoint of the fold) costs microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cartway.record import UNREADABLE, Fact
from cartway.times import DAY, HOUR, YEAR, Instant
from cartway.toxicity.coding import NOT_GIVEN
from cartway.toxicity.episode import Episode
from cartway.vocabulary import vocabulary
from cartway.watch.due_kept import PRESSURES
from cartway.watch.grades import Graded, Treated, graded_after, improved
from cartway.watch.seen import seen_by, signal

if TYPE_CHECKING:
    from cartway.watch.rulebook import Rule

HISTORY = {"creatinine": 7 * DAY, "ferritin": 7 * DAY}
"""Variables whose earlier values a rule compares with, and how far back."""
TREATMENTS = frozenset({"anti_cytokine", "steroid"})
WATCH = "watch"
"""The signal that the close watch began or ended."""
OBSERVED = frozenset({
    "body_temperature", "systolic_pressure", "diastolic_pressure", "mean_arterial_pressure", "heart_rate",
    "respiratory_rate", "oxygen_saturation", "oxygen_device", "oxygen_flow", "inspired_oxygen",
    "ice_score", "ice_orientation", "ice_naming", "ice_command", "ice_writing", "ice_attention", "capd_score",
    "consciousness", "rass_score",
    "seizure", "intracranial_hemorrhage", "cerebral_edema", "arrhythmia",
    "neutrophils", "platelets", "hemoglobin", "potassium", "creatinine", "ferritin", "fibrinogen",
})  # fmt: skip
"""What a clinician charts: one of them after a discharge means that somebody watches again."""
FEVER = 38.0
REOPENED = "reopened"


class Change(NamedTuple):
    """A scale's answer from `at` on; None where the scale does not cover the course from there on."""

    at: Instant
    scale: str
    episode: Episode | None


class View:
    """The state. `take` a fact or a change, then `settle` the instant; both tell which signals were touched."""

    __slots__ = ("_given", "born", "closed_at", "died_at", "discharged_at", "grades", "infused_at", "infused_last",
                 "last", "now", "prepared_at", "product", "reopened_at", "resumed", "rounds", "seen_at", "series",
                 "treated", "warm_since")  # fmt: skip

    def __init__(self) -> None:
        self.now: Instant = 0
        self.prepared_at: Instant | None = None  # lymphodepletion
        self.infused_at: Instant | None = None  # the first
        self.infused_last: Instant = 0
        self.closed_at: Instant | None = None
        self.reopened_at: Instant | None = None
        self.product = ""
        self.discharged_at: Instant | None = None
        self.died_at: Instant | None = None
        self.resumed = False
        self.rounds: tuple[int, ...] = ()  # since the discharge, the hours in which a blood pressure was taken
        self.born: Instant | None = None
        self.warm_since: Instant | None = None
        self.last: dict[str, Fact] = {}
        self.seen_at: dict[str, Instant] = {}
        self.series: dict[str, tuple[Fact, ...]] = {}
        self.grades: dict[str, Graded] = {}
        self.treated: dict[tuple[str, str], Treated] = {}
        self._given: tuple[tuple[str, Fact], ...] = ()

    def copy(self) -> View:
        """The same state apart."""
        other = View.__new__(View)
        for name in View.__slots__:
            value = getattr(self, name)
            setattr(other, name, dict(value) if isinstance(value, dict) else value)
        return other

    @property
    def closed(self) -> bool:
        """Whether the course goes no further here. At equal times it was reopened."""
        at, again = self.closed_at, self.reopened_at
        return at is not None and (again is None or again < at)

    @property
    def home(self) -> bool:
        """Discharged since the last infusion."""
        return self.discharged_at is not None and self.discharged_at >= self.infused_last

    @property
    def watched(self) -> bool:
        """Whether the close watch is on: infused, not dead, the course open, not discharged or observed again since."""
        if self.infused_at is None or self.died_at is not None or self.closed:
            return False
        return not self.home or self.resumed

    @property
    def prepared(self) -> bool:
        """From lymphodepletion to the infusion."""
        return self.prepared_at is not None and self.infused_at is None and self.died_at is None and not self.closed

    @property
    def since(self) -> Instant:
        """From when on a value is of the watch: the infusion, or the last discharge."""
        first = self.infused_at if self.infused_at is not None else self.prepared_at
        return max(first or 0, self.discharged_at or 0)

    def open_to(self, rule: Rule) -> bool:
        """Whether a rule is asked now."""
        return self.watched or (rule.prepared and self.prepared) or (rule.always and self.died_at is None)

    def age(self) -> float | None:
        """The age in years at `now`; None where nobody said."""
        return None if self.born is None else (self.now - self.born) / YEAR

    def take(self, fact: Fact) -> tuple[str, ...]:
        """Absorb a fact that is true by now; the signals it touches."""
        what = fact.what
        if what == "drug":
            return self._drug(fact)
        if what in _MILESTONES:
            return self._milestone(fact)
        if what == UNREADABLE:
            return ()
        return self._observed(fact)

    def _observed(self, fact: Fact) -> tuple[str, ...]:
        what = fact.what
        if what == "age" and fact.value is not None:
            self.born = fact.at - round(fact.value * YEAR)
        held = self.last.get(what)
        if held is None or held.at < fact.at or (held.at == fact.at and _worse(fact, held)):
            self.last[what] = fact
        if what in HISTORY:
            since = fact.at - HISTORY[what]
            kept = (each for each in self.series.get(what, ()) if since <= each.at < fact.at)
            self.series[what] = (*kept, self.last[what])
        touched = [what]
        for slot in seen_by(fact):
            self.seen_at[slot.name] = fact.at
            touched.append(signal(slot.task))
        if self.discharged_at is not None and fact.at > self.discharged_at:
            touched += self._after_discharge(fact)
        return tuple(touched)

    def _after_discharge(self, fact: Fact) -> tuple[str, ...]:
        """What is charted then: somebody watches again; blood pressures tell a visit from a stay."""
        hour = fact.at // HOUR
        if fact.what in PRESSURES and fact.value is not None and hour not in self.rounds[-1:]:
            self.rounds = (*self.rounds, hour)
        if fact.what not in OBSERVED or self.resumed:
            return ()
        self.resumed = True
        return (WATCH,)

    def _warm(self) -> None:
        """Since when every temperature was a fever; of several of one instant the warmest counts."""
        newest = self.last.get("body_temperature")
        if newest is None or newest.at != self.now:
            return
        if newest.value is None or newest.value < FEVER:
            self.warm_since = None
        elif self.warm_since is None:
            self.warm_since = newest.at

    def _milestone(self, fact: Fact) -> tuple[str, ...]:
        if fact.what == "birth_date":
            self.born = fact.at
        elif fact.what == "infusion":
            self._infused(fact)
        elif fact.what == "lymphodepletion":
            self.prepared_at = fact.at if self.prepared_at is None else self.prepared_at
        elif fact.what == "course_closed" and fact.choice == REOPENED:
            self.reopened_at = fact.at
        elif fact.what == "course_closed":
            self.closed_at = fact.at
        elif fact.what == "discharge":
            self.discharged_at, self.resumed, self.rounds = fact.at, False, ()
        else:
            self.died_at = fact.at if self.died_at is None else self.died_at
        return (WATCH,)

    def _infused(self, fact: Fact) -> None:
        """The watch begins with the first infusion; the schedule counts from the last."""
        self.infused_at = fact.at if self.infused_at is None else self.infused_at
        if fact.at > self.infused_last or fact.choice > self.product:
            self.infused_last, self.product = fact.at, fact.choice

    def _drug(self, fact: Fact) -> tuple[str, ...]:
        if fact.value == 0 or str(fact.detail.get("status", "")) in NOT_GIVEN or fact.detail.get("prophylaxis"):
            return ()
        kinds = classes_of(fact.choice) & TREATMENTS
        self._given = (*self._given, *((kind, fact) for kind in kinds))
        return ()

    def grade(self, change: Change) -> str:
        """Absorb a change of grade; the signal it touches."""
        scale, episode = change.scale, change.episode
        before = self.grades.pop(scale, None)
        if episode is not None:
            self.grades[scale] = graded_after(before, episode, change.at)
        for key, treated in list(self.treated.items()):
            if key[0] == scale and improved(self.grades.get(scale), treated):
                del self.treated[key]
        return scale

    def settle(self) -> Iterator[str]:
        """Once all of an instant is in: what was given is noted with the grade of that instant."""
        self._warm()
        for kind, fact in sorted(self._given, key=lambda each: (each[0], each[1].choice)):
            for scale, graded in self.grades.items():
                if graded.grade and (scale, kind) not in self.treated:
                    self.treated[(scale, kind)] = Treated(fact, graded.grade)
                    yield f"{kind}>{scale}"
        self._given = ()


_MILESTONES = frozenset({"lymphodepletion", "infusion", "discharge", "course_closed", "death", "birth_date"})


def _worse(fact: Fact, held: Fact) -> bool:
    """Whether of two readings of one instant this one stands: the worse, else a fixed one of the two."""
    if fact.value is not None and held.value is not None:
        variable = vocabulary().variables.get(fact.what)
        lower = variable is not None and variable.worse == "lower"
        return fact.value < held.value if lower else fact.value > held.value
    return _weight(fact) > _weight(held)


def _weight(fact: Fact) -> tuple[bool, bool, str]:
    """That there is something outweighs that there is nothing."""
    return fact.value is None, fact.choice not in ("", "none", "no"), fact.choice


@cache
def classes_of(drug: str) -> frozenset[str]:
    """The classes of a drug by the vocabulary; empty where it does not know the drug."""
    choice = vocabulary().variables["drug"].choices.get(drug)
    return frozenset(choice.classes) if choice is not None else frozenset()


def changes(episodes: Iterable[Episode]) -> list[Change]:
    """Episodes as changes by time: each one's start, and its end where nothing follows at once."""
    found: list[Change] = []
    ends: dict[str, Instant | None] = {}
    for each in sorted(episodes, key=lambda one: (one.scale, one.start)):
        end = ends.get(each.scale)
        if end is not None and end != each.start:
            found.append(Change(end, each.scale, None))
        found.append(Change(each.start, each.scale, each))
        ends[each.scale] = each.end
    found += [Change(end, scale, None) for scale, end in ends.items() if end is not None]
    return sorted(found, key=lambda one: one.at)
