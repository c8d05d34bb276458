"""From the bytes of messages to their answers: what an interface does, without the network.

The order of work is the promise: read, find the course, append, keep what was refused, remember, and only then
answer. Whatever breaks in between, the sender has no answer and sends again; the record knows facts by their keys, so
nothing is lost or doubled.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Merge, Refused, Subject
from cartway.intake.hl7 import items, open_frame
from cartway.intake.hl7_context import Context, Feed, is_test
from cartway.intake.hl7_encounter import MERGES
from cartway.intake.hl7_filing import Descriptions, Filing
from cartway.intake.hl7_framing import Frame
from cartway.intake.hl7_letter import NAME, Answer, Letter
from cartway.intake.hl7_patient import subjects
from cartway.intake.hl7_people import Desk, apply_merge, apply_registration
from cartway.intake.hl7_seen import Seen
from cartway.intake.hl7_syntax import Message
from cartway.problem import Problem
from cartway.record import Fact, Log, validate
from cartway.record.plan import CLINICAL
from cartway.times import Instant
from cartway.vocabulary import vocabulary

BATCH = 5_000  # facts appended together at most, but for those of one message

# The preferred identifier of each patient of a message, and all of them.
Everybody = Mapping[Subject, tuple[Subject, ...]]


class Policy(msgspec.Struct, frozen=True):
    """What a listener takes.

    `unknown_patient`: ``refuse`` answers AE and keeps the message for a person; ``ignore`` suits a feed of the whole
    hospital. `processing_ids` are those of MSH-11: a clinical record takes production messages (P) only, whatever is
    listed here; a demo record can be given training ones (T, D), whose facts are marked as simulated.
    """

    unknown_patient: Literal["refuse", "ignore"] = "refuse"
    processing_ids: frozenset[str] = frozenset({"P"})


class Receiver:
    """Takes messages for one record. One thread does all its work.

    `keep` stores what was refused, durably, before the sender hears of it.
    """

    def __init__(
        self,
        log: Log,
        desk: Desk,
        seen: Seen,
        keep: Callable[[Sequence[Refused]], None],
        *,
        feed: Feed | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.log, self.desk, self.seen, self.keep = log, desk, seen, keep
        self.feed, self.policy = feed or Feed(), policy or Policy()
        self.filing, self.descriptions = Filing(desk, log), Descriptions(desk, log)

    def handle(self, frame: Frame, now: Instant) -> Answer:
        """The answer to one message; what it says is durable when this returns. Raises where a store fails."""
        return self.handle_all([frame], now)[0]

    def handle_all(self, frames: Sequence[Frame], now: Instant) -> list[Answer]:
        """The answers to several messages, in order; their facts are appended together. Raises where a store fails."""
        letters = [Letter(frame, open_frame(frame, self.feed)) for frame in frames]
        self.filing.forget()
        waiting: list[Letter] = []
        for letter in letters:
            if _must_come_after(letter, waiting) or sum(len(one.facts) for one in waiting) > BATCH:
                self._commit(waiting, now)
                waiting = []
            self._read(letter, now)
            waiting.append(letter)
        self._commit(waiting, now)
        return [letter.answer(now, self.feed.charset) for letter in letters]

    def _read(self, letter: Letter, now: Instant) -> None:
        if letter.message is None or letter.identity is None:
            return
        problem = self._unsupported(letter.message)
        if problem:
            letter.reject(problem)
            return
        match self.seen.verdict(letter.identity, now):
            case "repeated":
                letter.repeated, letter.ignored = True, 1
            case "reused":
                letter.refuse(_reused(), NAME)
            case _:
                self._take_all(letter, Context(letter.message, self.feed, NAME, letter.frame.number), now)

    def _take_all(self, letter: Letter, context: Context, now: Instant) -> None:
        found = [subjects(context, pid) for pid in context.message.each("PID")]
        everybody = {each[0]: each for each in found if each}
        for item in items(context):
            self._take(letter, item, everybody, now)

    def _take(self, letter: Letter, item: Item, everybody: Everybody, now: Instant) -> None:
        match item:
            case Ignored():
                letter.ignored += 1
            case Draft():
                self._place(letter, item, everybody, now)
            case Refused():
                letter.take_refusal(item)
                self._stand_in(letter, item, everybody, now)
            case Enrolment() if item.authoritative:
                self._note(letter, apply_registration(self.desk, item, now), item.place)
            case Enrolment():
                pass  # a laboratory's idea of a patient's name does not overwrite the hospital's
            case Merge():
                self._note(letter, apply_merge(self.desk, item, now), item.place)

    def _note(self, letter: Letter, problem: Problem | None, place: str) -> None:
        """What the people store said: no fact comes of it, so it counts as ignored, or is refused."""
        self.filing.forget()
        self.descriptions.forget()
        if problem:
            letter.refuse(problem, place)
        else:
            letter.ignored += 1

    def _place(self, letter: Letter, draft: Draft, everybody: Everybody, now: Instant) -> None:
        """Gives a draft its course."""
        fact = self._filed(draft, everybody, now)
        if isinstance(fact, Problem):
            self._without_course(letter, fact, draft.place)
            return
        problem = validate(fact, vocabulary())
        if problem:
            letter.refuse(problem, draft.place)
        else:
            letter.drafts.append(msgspec.structs.replace(draft, fact=fact))

    def _filed(self, draft: Draft, everybody: Everybody, now: Instant) -> Fact | Problem:
        assert draft.subject is not None, "an HL7 draft names its patient"
        return self.filing.file(draft.fact, everybody.get(draft.subject, (draft.subject,)), now)

    def _without_course(self, letter: Letter, problem: Problem, place: str) -> None:
        if problem.code == "no_course_for_patient" and self.policy.unknown_patient == "ignore":
            letter.ignored += 1
        else:
            letter.refuse(problem, place)

    def _stand_in(self, letter: Letter, refused: Refused, everybody: Everybody, now: Instant) -> None:
        """The ``unreadable`` fact of a refused observation, where its course is known."""
        fact = self._filed(refused.stand_in, everybody, now) if refused.stand_in else None
        if isinstance(fact, Fact):
            letter.stand_ins.append(fact)

    def _unsupported(self, message: Message) -> Problem | None:
        header = message.header
        if not header.get(10):
            return _no_control_id()
        if header.get(12) and not header.get(12).startswith("2."):
            return _unsupported_version()
        if header.get(11) not in self.policy.processing_ids:
            return _unsupported_processing_id()
        return _simulated() if is_test(message) and self.log.kind == CLINICAL else None

    def _commit(self, letters: Sequence[Letter], now: Instant) -> None:
        """Makes durable what these letters say, then what was refused of them, then that they were taken."""
        facts = [fact for letter in letters for fact in letter.facts]
        outcomes = iter(self.log.append(facts, recorded_at=now, recorded_by=self.desk.by).outcomes if facts else ())
        for letter in letters:
            letter.settle(list(itertools.islice(outcomes, len(letter.facts))))
        self.descriptions.complete({fact.course for fact in facts}, now)
        refused = [one for letter in letters for one in letter.refused]
        if refused:
            self.keep(refused)
        taken = [
            letter.identity for letter in letters if letter.identity and letter.code == "AA" and not letter.repeated
        ]
        if taken:
            self.seen.remember(taken, now)


def _must_come_after(letter: Letter, waiting: Sequence[Letter]) -> bool:
    """A merge, and a repetition of what is not yet taken, wait until the messages before them are durable."""
    if not waiting or letter.message is None or letter.identity is None:
        return False
    merges = letter.message.kind[0] == "ADT" and letter.message.kind[1] in MERGES
    ids = {(one.identity.sender, one.identity.control_id) for one in waiting if one.identity}
    return merges or (letter.identity.sender, letter.identity.control_id) in ids


def _reused() -> Problem:
    return Problem(
        "control_id_reused",
        "Another message was taken in under this control id.",
        "Number every message anew; repeat a message only unchanged.",
    )


def _no_control_id() -> Problem:
    return Problem("no_control_id", "MSH-10 is empty, so no answer could name the message.", "Send MSH-10.")


def _unsupported_version() -> Problem:
    return Problem("unsupported_version", "MSH-12 is no version 2 of HL7.", "Send HL7 v2 messages.")


def _simulated() -> Problem:
    return Problem(
        "simulated_fact",
        "MSH-11 says that it is no production message, and this is a clinical record.",
        "Send it to a listener on a demo record.",
    )


def _unsupported_processing_id() -> Problem:
    return Problem(
        "unsupported_processing_id",
        "MSH-11 says that it is not a production message.",
        "Send P, or start a listener for training messages on a record of their own.",
    )
