"""May these cells be given? What the holder's disposition says, and what came to light after it.

A disposition is a statement of its time. A culture that grows afterwards calls the batch back, whoever has said what.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from cartway.pathway.answer import Answer
from cartway.pathway.course import Course
from cartway.pathway.manufacture.consent import PathStep, consent_path, path_answer
from cartway.pathway.manufacture.specification import Outcome, ReleaseTest
from cartway.record import Fact


class State(StrEnum):
    """How far a batch has come on its way to be given."""

    making = "being made"
    testing = "made, not released yet"
    released = "released"
    released_pending = "released, final results pending"
    called_back = "called back: a result came out of specification after the release"
    contradicted = "released, but a result speaks against it"
    out_of_specification = "out of specification"
    failed = "failed"
    recalled = "called back by the holder"


class Disposition(msgspec.Struct, frozen=True):
    """The state, whether the cells may be given as far as the release goes, and why.

    `pending`: tests whose result is to come. `path`: steps of the out-of-specification path. `against`: results that
    speak against giving it. `actions`: what has to be done now, by whom. `specification` as the disposition names it.
    """

    state: State
    may_be_given: Answer
    because: str
    fact: Fact | None = None
    pending: tuple[str, ...] = ()
    path: tuple[PathStep, ...] = ()
    against: tuple[ReleaseTest, ...] = ()
    actions: tuple[str, ...] = ()
    specification: str = ""
    reasons: tuple[str, ...] = ()


def read_disposition(
    course: Course, batch: str, tests: tuple[ReleaseTest, ...], infused: tuple[str, ...], jurisdiction: str
) -> Disposition:
    """The disposition of a batch. `infused`: its containers that have been given already."""
    fact = course.last("disposition", about=batch)
    if fact is None:
        return _undecided(course, batch, tests)
    match fact.choice:
        case "failed":
            return _said(State.failed, Answer.no, fact, "The batch failed: it cannot be given.", actions=_AFTER_FAILURE)
        case "recalled":
            return _said(State.recalled, Answer.no, fact, "The holder called it back.", actions=_call_back(infused))
        case "out_of_specification":
            return _out_of_specification(course, batch, fact, jurisdiction)
    return _released(fact, tests, infused)


def _undecided(course: Course, batch: str, tests: tuple[ReleaseTest, ...]) -> Disposition:
    step = course.last("manufacture_step", about=batch)
    if step is not None and step.choice == "failed":
        return Disposition(State.failed, Answer.no, "The manufacture was stopped.", step, actions=_AFTER_FAILURE)
    made = bool(tests) or (step is not None and step.choice == "cryopreserved")
    state = State.testing if made else State.making
    return Disposition(state, Answer.unknown, "There is no disposition yet.", step, pending=_pending(tests))


def _out_of_specification(course: Course, batch: str, fact: Fact, jurisdiction: str) -> Disposition:
    path = consent_path(course, batch, fact.at, jurisdiction)
    answer = path_answer(path)
    because = {
        Answer.yes: "Every step of the path to give it all the same is done.",
        Answer.no: "A step of the path to give it was refused.",
        Answer.unknown: "It may not be given before every step of the path is done.",
    }[answer]
    if not path:
        because = f"No path to give it is known for {jurisdiction}: ask the holder and the authority."
    open_steps = tuple(f"{step.question} ({step.who})" for step in path if step.answer is Answer.unknown)
    return _said(State.out_of_specification, answer, fact, because, path=path, actions=open_steps)


def _released(fact: Fact, tests: tuple[ReleaseTest, ...], infused: tuple[str, ...]) -> Disposition:
    """A release stands until a result speaks against it: one that came later calls back, an earlier one contradicts."""
    against = tuple(test for test in tests if _speaks_against(test, fact))
    later = tuple(test for test in against if (test.at or 0) > fact.at)
    if any(test.outcome is Outcome.failed for test in later):
        words = ", ".join(test.label.lower() for test in later)
        because = f"After the release a result came out of specification: {words}. It is called back."
        return _said(State.called_back, Answer.no, fact, because, against=later, actions=_call_back(infused))
    if against:
        words = ", ".join(test.label.lower() for test in against)
        because = f"It was released, but this speaks against it: {words}."
        ask = ("Ask the holder's quality unit which stands, in writing, before it is given",)
        return _said(State.contradicted, Answer.unknown, fact, because, against=against, actions=ask)
    pending = _still_pending(fact, tests)
    if pending:
        because = f"Released; still to come: {', '.join(pending)}. If one is out of specification, it is called back."
        return _said(State.released_pending, Answer.yes, fact, because, pending=pending, actions=_WATCH)
    return _said(State.released, Answer.yes, fact, "Released.")


def _speaks_against(test: ReleaseTest, release: Fact) -> bool:
    """Whether a result speaks against a release. A retest from before it was settled by it."""
    if test.outcome is Outcome.retested:
        return (test.at or 0) > release.at
    return test.outcome in (Outcome.failed, Outcome.contradicted)


def _still_pending(fact: Fact, tests: tuple[ReleaseTest, ...]) -> tuple[str, ...]:
    """The results that the release left open and that have not come, and those that are called pending."""
    settled = {test.test for test in tests if test.outcome is Outcome.passed and (test.at or 0) > fact.at}
    left = [str(name) for name in fact.detail.get("pending", ()) if name not in settled]
    if fact.choice == "released_pending" and not fact.detail.get("pending") and "sterility" not in settled:
        left.append("sterility")
    return tuple(dict.fromkeys((*left, *_pending(tests))))


def _pending(tests: tuple[ReleaseTest, ...]) -> tuple[str, ...]:
    """What is called pending, and what the specification lets come after the release and has not come."""
    return tuple(
        test.test
        for test in tests
        if test.outcome is Outcome.pending
        or (test.outcome is Outcome.missing and test.limits is not None and test.limits.after_release)
    )


def _said(
    state: State, answer: Answer, fact: Fact, because: str, *, pending: tuple[str, ...] = (),
    path: tuple[PathStep, ...] = (), against: tuple[ReleaseTest, ...] = (), actions: tuple[str, ...] = (),
) -> Disposition:  # fmt: skip
    named = str(fact.detail.get("specification", ""))
    reasons = tuple(str(reason) for reason in fact.detail.get("reasons", ()))
    return Disposition(state, answer, because, fact, pending, path, against, actions, named, reasons)


_AFTER_FAILURE = (
    "Decide with the holder: make again from retained cells, collect again, another product, or stop (physician)",
)
_WATCH = ("See to it that the holder knows whom to call, day and night, if a late result is out of specification",)


def _call_back(infused: tuple[str, ...]) -> tuple[str, ...]:
    stop = "Give nothing more of this batch; quarantine what is left; call the holder (cell laboratory)"
    if not infused:
        return (stop,)
    told = f"Already given: {', '.join(infused)}. Tell the physician now: cultures, antimicrobials by the organism"
    return (told, stop, "Tell the patient, and report it (physician)")
