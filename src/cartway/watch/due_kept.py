"""What is kept of a course to say what is due: the newest answer of each part, the milestones, what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from cartway.record import Fact
from cartway.watch.due_schedule import Answer, Part, load_schedules

FIRST = frozenset({"lymphodepletion"})
LAST = frozenset({"diagnosis", "discharge"})
ENDS = frozenset({"death", "course_closed"})
Slot = tuple[str, Answer]


class Kept:
    """The newest of each. `take` facts in force in any order; make it anew where one is amended."""

    def __init__(self) -> None:
        self.newest: dict[Slot, Fact] = {}
        self.milestones: dict[str, Fact] = {}  # the first of each; of diagnosis and discharge the last
        self.last_infusion: Fact | None = None
        self.answers: dict[str, Fact] = {}  # the newest answer of each task

    def take(self, fact: Fact) -> None:
        """One more fact. What no task asks for costs a look-up."""
        for answer in _slots().get(fact.what, ()):
            if answer.fits(fact):
                self._keep((fact.what, answer), fact)
        if fact.what in _MILESTONES:
            self._mark(fact)

    def answer_of(self, part: Part) -> Fact | None:
        """The newest fact that answers a part; of several that count only together the oldest of them."""
        found = [fact for fact in (self._all_of(answer) for answer in part.by) if fact is not None]
        return max(found, key=_when, default=None)

    @property
    def ended(self) -> bool:
        """Whether the course goes no further."""
        return not ENDS.isdisjoint(self.milestones)

    def _all_of(self, answer: Answer) -> Fact | None:
        if len(answer.what) == 1:
            return self.newest.get((answer.what[0], answer))
        found = [self.newest.get((what, answer)) for what in answer.what]
        told = [fact for fact in found if fact is not None]
        return min(told, key=_when) if len(told) == len(found) else None

    def _keep(self, slot: Slot, fact: Fact) -> None:
        held = self.newest.get(slot)
        if held is None or _when(fact) >= _when(held):
            self.newest[slot] = fact

    def _mark(self, fact: Fact) -> None:
        if fact.what == "due_answer":
            self.answers[fact.about] = _later(self.answers.get(fact.about), fact)
            return
        if fact.what == "infusion":
            self.last_infusion = _later(self.last_infusion, fact)
        held = self.milestones.get(fact.what)
        later = fact.what in LAST
        if held is None or (_when(fact) >= _when(held)) == later:
            self.milestones[fact.what] = fact


_MILESTONES = FIRST | LAST | ENDS | {"infusion", "due_answer"}


def kept_of(facts: Iterable[Fact]) -> Kept:
    """What is kept of facts in force."""
    kept = Kept()
    for fact in facts:
        kept.take(fact)
    return kept


def _later(held: Fact | None, fact: Fact) -> Fact:
    return fact if held is None or _when(fact) >= _when(held) else held


def _when(fact: Fact) -> tuple[int, int]:
    return fact.at, fact.position


@cache
def _slots() -> Mapping[str, tuple[Answer, ...]]:
    """By variable, the answers that it is part of."""
    found: dict[str, dict[Answer, None]] = {}
    for task in load_schedules().values():
        for part in task.parts:
            for answer in part.by:
                for what in answer.what:
                    found.setdefault(what, {})[answer] = None
    return {what: tuple(answers) for what, answers in found.items()}
