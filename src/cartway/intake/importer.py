"""From files to the record: what is read is accepted, already known, ignored by a named rule, or refused and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cartway.intake.balance import Balance
from cartway.intake.courses import Courses
from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Merge, Refused
from cartway.intake.homes import Homes
from cartway.intake.reading import Reader, Sources
from cartway.intake.refusals import RefusalFile, of_draft
from cartway.intake.roster import Beginning, of_person
from cartway.intake.withdrawals import parts
from cartway.problem import Problem
from cartway.record import RETRACTION, Accepted, Fact, Known, Log
from cartway.record.content import derived_key
from cartway.record.plan import CLINICAL
from cartway.times import Instant

if TYPE_CHECKING:
    from cartway.people.people import People

BATCH = 1_000
KEYS_OF_COURSES = 100  # courses of which the keys are held; a patient's withdrawals come together
Progress = Callable[[str, int, int, int], None]  # file name, its number, how many there are, statements read so far
Clock = Callable[[], Instant]


class _Waiting(msgspec.Struct, frozen=True, gc=False):
    """A fact on its way to the log. `counts` is False for a stand-in: its refusal is counted already."""

    draft: Draft
    counts: bool = True


class _Import:
    """The state of one import."""

    def __init__(self, log: Log, courses: Courses, kept: RefusalFile, *, clock: Clock, by: str) -> None:
        self._log, self._courses, self._kept = log, courses, kept
        self._clock, self._by = clock, by
        self._homes = Homes(log, courses.merged)
        self._is_clinical = log.kind == CLINICAL
        self._waiting: list[_Waiting] = []
        self._touched: set[str] = set()
        self._keys: dict[str, set[str]] = {}
        self.read = self.accepted = self.known = self.files = self.derived = 0
        self.ignored: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def take(self, item: Item) -> None:
        """One statement to its place."""
        self.read += 1
        match item:
            case Draft():
                self._file(item)
            case Ignored():
                self.ignored[item.rule] += 1
            case Refused():
                self._refuse(item)
            case Enrolment(simulated=True) | Merge(simulated=True) if self._is_clinical:
                self.ignored["simulated_patient"] += 1
            case Enrolment():
                self._courses.meet(item)
                self.ignored["patient_details"] += 1
            case Merge():
                self._merge(item)

    def _merge(self, merge: Merge) -> None:
        """What came before the merge must be in the record before it."""
        self.flush()
        self._homes.forget()
        problem = self._courses.merge(merge)
        if problem:
            self._refuse(Refused(problem.at(merge.place)))
        else:
            self.ignored["patient_merge"] += 1

    def _file(self, draft: Draft) -> None:
        placed = self._placed(draft)
        if isinstance(placed, Problem):
            self._refuse(of_draft(draft, placed))
        elif placed.fact.what == RETRACTION:
            self._withdraw(placed)
        else:
            self._wait(_Waiting(placed))

    def _placed(self, draft: Draft) -> Draft | Problem:
        """The draft with its course. A test patient is not looked for, let alone enrolled, in a clinical record."""
        if draft.fact.simulated and self._is_clinical:
            return _simulated()
        if draft.subject is None:
            return draft
        course = self._courses.find(draft.subject)
        if isinstance(course, Problem):
            return course
        fact = self._homes.home(msgspec.structs.replace(draft.fact, course=course))
        return msgspec.structs.replace(draft, fact=fact)

    def _withdraw(self, draft: Draft) -> None:
        """A whole resource is withdrawn in all its parts; to withdraw what never came is nothing to do."""
        keys = self._keys_of(draft.fact.course)
        if draft.fact.amends in keys:
            self._wait(_Waiting(draft))
            return
        found = parts(draft.fact, keys)
        if found == [draft.fact] and draft.subject is not None:
            self.ignored["entered_in_error_unknown"] += 1
            return
        for number, fact in enumerate(found):
            self._wait(_Waiting(msgspec.structs.replace(draft, fact=fact), counts=number == 0))

    def _keys_of(self, course: str) -> set[str]:
        """The keys that a course holds, or will once what waits is recorded; read from the record once."""
        if course not in self._keys:
            if len(self._keys) >= KEYS_OF_COURSES:
                self._keys.clear()
            self.flush()
            self._keys[course] = {fact.key for fact in self._log.facts(course)}
        return self._keys[course]

    def _refuse(self, refused: Refused) -> None:
        """Counted and kept; the unreadable observation stands in the record, where its patient has a course."""
        self.refused[refused.problem.code] += 1
        key = ""
        if refused.stand_in is not None:
            stand_in = self._placed(refused.stand_in)
            if isinstance(stand_in, Draft):
                key = stand_in.fact.key or derived_key(stand_in.fact)
                self._wait(_Waiting(stand_in, counts=False))
        self._kept.keep(refused, key)

    def _wait(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        fact = waiting.draft.fact
        if fact.course in self._keys:
            self._keys[fact.course].add(fact.key or derived_key(fact))
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Append what waits, and count what became of it."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._touched.update(one.draft.fact.course for one in waiting)
        receipt = self._log.append([one.draft.fact for one in waiting], recorded_at=self._clock(), recorded_by=self._by)
        for one, outcome in zip(waiting, receipt.outcomes, strict=True):
            if not one.counts:
                continue
            if isinstance(outcome, Accepted):
                self.accepted += 1
            elif isinstance(outcome, Known):
                self.known += 1
            else:
                self._refuse(of_draft(one.draft, outcome.problem))

    def derive(self) -> None:
        """Age and sex at the first fact of each course whose patient was met and that does not have them."""
        facts: list[Fact] = []
        for course in sorted(self._touched & self._courses.patients.keys()):
            stored = self._log.facts(course)
            said = {fact.what for fact in stored}
            if stored and not {"age", "sex"} <= said:
                found = of_person(self._courses.patients[course], course, Beginning.of(stored))
                facts.extend(fact for fact in found if fact.what not in said)
        if facts:
            self.derived = self._log.append(facts, recorded_at=self._clock(), recorded_by=self._by).accepted

    def balance(self) -> Balance:
        """The books, closed."""
        return Balance(
            self.read,
            self.accepted,
            self.known,
            dict(self.ignored),
            dict(self.refused),
            self.files,
            self._courses.enrolled,
            self.derived,
            self._kept.path if self._kept.number else None,
        )


def import_paths(
    paths: Iterable[Path | str],
    log: Log,
    people: People,
    *,
    now: Instant,
    by: str,
    enrol: bool,
    new_id: Callable[[], str],
    progress: Progress | None = None,
    refusals: Path | None = None,
    sources: Sources | None = None,
    clock: Clock | None = None,
) -> Balance:
    """Take files and folders of any format into the record, and give the balance.

    A patient's course is found by authority and identifier: none (unless `enrol`) or several is a refusal. Facts are
    appended in batches of 1,000, each durable when the next is read, so an import that is cut off can simply be run
    again. What is refused is kept in `refusals`. `clock` says when each batch is recorded; without it that is
    `now`, too early for an import of hours. Raises what the stores raise when they fail.
    """
    courses = Courses(people, now=now, by=by, enrol=enrol, new_id=new_id)
    with RefusalFile(refusals) as kept:
        run = _Import(log, courses, kept, clock=clock or (lambda: now), by=by)

        def show(path: Path, number: int, of: int) -> None:
            run.files = number
            if progress is not None:
                progress(path.name, number, of, run.read)

        for item in Reader(sources).paths([Path(path) for path in paths], show):
            run.take(item)
        run.flush()
        run.derive()
        return run.balance()


def _simulated() -> Problem:
    reason = "It is marked as simulated or sent for tests, and this is a clinical record."
    return Problem("simulated_fact", reason, "Import it into a demo record.")
