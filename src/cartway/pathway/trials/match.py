"""One course against trial records: what could fit first, and why. It proposes nothing and enrolls nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

import msgspec

from cartway.pathway.answer import Answer, Severity, all_of
from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import policies_of
from cartway.pathway.trials.evaluate import Asked, Finding, evaluate
from cartway.pathway.trials.trial import Trial
from cartway.record import Fact

BEARING = (Severity.absolute, Severity.deferring)
"""What decides whether a trial could fit. Where its sites are is told, and travel may mend it."""


class Fit(StrEnum):
    """How far the structured part of a record fits; the free text is for people to read in every case."""

    could = "could_fit"
    unknown = "not_known"
    later = "not_now"
    no = "does_not_fit"


ORDER = (Fit.could, Fit.unknown, Fit.later, Fit.no)
HEADINGS = {
    Fit.could: "Could fit, as far as the record is structured",
    Fit.unknown: "Cannot be told from what is known",
    Fit.later: "Would fit or might fit, but takes nobody now",
    Fit.no: "Does not fit",
}


WORDS = {"tree": "criteria", "healthy_volunteers": "healthy volunteers"}
"""What a criterion is called where its id is no word."""
NAMED = 3  # reasons that a line names


class Answered(msgspec.Struct, frozen=True):
    """A criterion of the record with its answer."""

    id: str
    severity: Severity
    finding: Finding


class Match(msgspec.Struct, frozen=True):
    """A trial asked of a course. `why` is one line. `here`: this center takes part.

    `said` is how it was last recorded as an option, None where it was not.
    """

    trial: Trial
    fit: Fit
    answers: tuple[Answered, ...]
    why: str
    here: bool = False
    said: Fact | None = None

    @property
    def to_read(self) -> int:
        """How many criteria somebody still has to read."""
        return len(self.trial.text)


def match(course: Course, trials: Iterable[Trial], on: date, center: Course | None = None) -> tuple[Match, ...]:
    """The trials in the order in which they deserve to be looked at. `center` is the center's own record."""
    known = center or Course((), course.now)
    asked = Asked(course, on, policies_of(known).number("trial_record_days"))
    ours = frozenset(_ours(known))
    return tuple(sorted((_match(trial, asked, ours) for trial in trials), key=_rank))


def _ours(center: Course) -> Iterator[str]:
    """The trials of the center's own offer: those of the entry that is about ``center``."""
    offer = center.last("center_offer", about=CENTER)
    if offer is not None and offer.choice == "open":
        trials = offer.detail.get("trials", ())
        yield from (str(each).strip() for each in trials) if isinstance(trials, list | tuple) else ()


def _match(trial: Trial, asked: Asked, ours: frozenset[str]) -> Match:
    answers = tuple(Answered(each.id, each.severity, evaluate(each.rule, asked)) for each in trial.criteria)
    said = asked.course.last("trial_option", about=trial.id)
    return Match(trial, fit_of(answers), answers, _why(answers), trial.id in ours, said)


def fit_of(answers: Iterable[Answered]) -> Fit:
    """What the answers that bear on it say together. One that is not met settles it; one that defers does so last."""
    bearing = [each for each in answers if each.severity in BEARING]
    lasting = all_of(each.finding.answer for each in bearing if each.severity is Severity.absolute)
    if lasting is Answer.no:
        return Fit.no
    now = all_of(each.finding.answer for each in bearing)
    if now is Answer.no:
        return Fit.later
    return Fit.could if now is Answer.yes and bearing else Fit.unknown


def _why(answers: Iterable[Answered]) -> str:
    """What speaks against it, or else what is not known, or else what is met: each criterion by its id's words."""
    found = list(answers)
    for answer, told in ((Answer.no, "not met"), (Answer.unknown, "not known")):
        named = [_named(each) for each in found if each.finding.answer is answer and each.severity in BEARING]
        if named:
            return f"{told}: " + "; ".join(named)
    return "met: " + ", ".join(WORDS.get(each.id, each.id) for each in found if each.finding.answer is Answer.yes)


def _named(each: Answered) -> str:
    """A criterion with what decided it: of a tree the leaves that did, three of them at most."""
    decided = _deciding(each.finding)
    told = list(dict.fromkeys(one.because if each.id == "status" else f"{one.text}: {one.because}" for one in decided))
    more = f", and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return f"{WORDS.get(each.id, each.id)} ({'; '.join(told[:NAMED])}{more})"


def _deciding(finding: Finding) -> Iterator[Finding]:
    """The leaves that share the answer of all branches above them."""
    if not finding.parts:
        yield finding
    for part in finding.parts:
        if part.answer is finding.answer:
            yield from _deciding(part)


def _rank(found: Match) -> tuple[int, int, int, int, int, str]:
    """By fit; then those that name the condition, those at this center, those that recruit, those in reach."""
    by_id = {each.id: each.finding.answer for each in found.answers}
    condition = by_id.get("condition", by_id.get("tree", Answer.unknown))
    return (
        ORDER.index(found.fit),
        _ANSWERS.index(condition),
        0 if found.here else 1,
        _ANSWERS.index(by_id.get("status", Answer.unknown)),
        _ANSWERS.index(by_id.get("country", Answer.unknown)),
        found.trial.id,
    )


_ANSWERS = (Answer.yes, Answer.unknown, Answer.no)
