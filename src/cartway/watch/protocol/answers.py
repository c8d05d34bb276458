"""What the team answered to the protocol's steps: accepted or declined, when, why, and what the protocol said then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.watch.protocol.step import Step

WHAT = "protocol_answer"


class Answered(msgspec.Struct, frozen=True):
    """One answer. `stands`: whether it holds still: the protocol says the same of that step at the same grade, the
    episode is the same, and no dose of the step has been charted since. Else it is history.
    """

    fact: Fact
    step: str
    accepted: bool
    grade: str
    said: str
    why: str
    stands: bool


def answers(course: Course, steps: Iterable[Step]) -> tuple[Answered, ...]:
    """All answers of a course, the newest first."""
    now = {step.id: step for step in steps}
    found = [_answered(fact, now.get(_step(fact))) for fact in course.all(WHAT)]
    return tuple(reversed(found))


def standing(found: Sequence[Answered], step: Step) -> Answered | None:
    """The newest answer to a step as it stands now; None where nobody answered it, or it says something else since."""
    return next((each for each in found if each.step == step.id and each.stands), None)


def _answered(fact: Fact, step: Step | None) -> Answered:
    said, grade = str(fact.detail.get("said", "")), str(fact.detail.get("grade", ""))
    return Answered(
        fact=fact,
        step=_step(fact),
        accepted=fact.choice == "accepted",
        grade=grade,
        said=said,
        why=str(fact.detail.get("text", "")),
        stands=step is not None and (said, grade) == (step.said, step.grade) and _holds(fact, step),
    )


def _holds(fact: Fact, step: Step) -> bool:
    """Whether an answer is of this episode, and no dose was charted since: each is accepted for itself."""
    of_it = step.since is None or fact.at >= step.since
    return of_it and not any(_after(dose, fact) for dose in step.doses_given)


def _after(dose: Fact, answer: Fact) -> bool:
    """Whether a dose was given, or written down, once the answer was there."""
    late = dose.recorded_at is not None and answer.recorded_at is not None and dose.recorded_at > answer.recorded_at
    return late or dose.at >= answer.at


def _step(fact: Fact) -> str:
    return fact.about or str(fact.detail.get("step", ""))
