"""One message on its way through the receiver: what it said, what became of each part, and the answer to it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import msgspec

from cartway.intake.drafts import Draft, Refused
from cartway.intake.hl7 import refused_frame
from cartway.intake.hl7_ack import AckCode, Fault, acknowledge, reject_unread
from cartway.intake.hl7_context import FORMAT
from cartway.intake.hl7_framing import Frame
from cartway.intake.hl7_seen import Identity, identify
from cartway.intake.hl7_syntax import Message
from cartway.problem import Problem
from cartway.record import RETRACTION, Accepted, Fact, Known, Outcome
from cartway.record import Refused as NotRecorded
from cartway.times import Instant

NAME = "listener"  # how a place calls what did not come from a file

_PLACE = re.compile(r"segment (\w{3})\[(\d+)\](?:, field (\d+))?")


class Answer(msgspec.Struct, frozen=True):
    """What goes back, without MLLP marks, and what the log may say: counts, problem codes, a `mark` for the message."""

    data: bytes
    code: AckCode
    mark: str
    accepted: int = 0
    known: int = 0
    ignored: int = 0
    refused: int = 0
    problems: tuple[str, ...] = ()


class Letter:
    """One message and what is known of it so far."""

    def __init__(self, frame: Frame, message: Message | Problem) -> None:
        self.frame = frame
        self.message = message if isinstance(message, Message) else None
        self.identity: Identity | None = identify(message) if isinstance(message, Message) else None
        self.rejected = self.repeated = self._kept_whole = False
        self.drafts: list[Draft] = []
        self.outcomes: Sequence[Outcome] = ()
        self.stand_ins: list[Fact] = []
        self.refused: list[Refused] = []
        self.ignored = 0
        if isinstance(message, Problem):
            self.reject(message)

    @property
    def facts(self) -> list[Fact]:
        """What is to be recorded: the facts, then those that stand for what was refused."""
        return [draft.fact for draft in self.drafts] + self.stand_ins

    def reject(self, problem: Problem) -> None:
        """The whole message is not for us (AR)."""
        self.rejected = True
        self.refuse(problem, NAME)

    def refuse(self, problem: Problem, place: str) -> None:
        """A refusal that keeps the whole message, once."""
        kept = "" if self._kept_whole else refused_frame(self.frame, problem, NAME).input
        self._kept_whole = True
        self.refused.append(Refused(problem.at(place), FORMAT, kept))

    def take_refusal(self, refused: Refused) -> None:
        """A refusal of a part; where its excerpt was too long to keep, the whole message is kept."""
        if refused.input:
            self.refused.append(refused)
        else:
            self.refuse(refused.problem, refused.problem.place)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """What the record said to `facts`, in their order. What it would not take is refused."""
        self.outcomes = outcomes[: len(self.drafts)]
        for draft, outcome in zip(self.drafts, self.outcomes, strict=True):
            if isinstance(outcome, NotRecorded):
                self._not_recorded(draft, outcome.problem)

    def _not_recorded(self, draft: Draft, problem: Problem) -> None:
        """Refused; but to withdraw what never came is nothing to do (``entered_in_error_unknown``)."""
        if draft.fact.what == RETRACTION and problem.code == "unknown_amends":
            self.ignored += 1
        else:
            self.refuse(problem, draft.place)

    @property
    def code(self) -> AckCode:
        if self.rejected:
            return "AR"
        return "AE" if self.refused else "AA"

    def answer(self, now: Instant, default_charset: str) -> Answer:
        """The answer, and the counts for the log."""
        return Answer(
            self._answer_bytes(now, default_charset),
            self.code,
            hashlib.sha256(self.identity.control_id.encode()).hexdigest()[:8] if self.identity else "",
            accepted=sum(isinstance(outcome, Accepted) for outcome in self.outcomes),
            known=sum(isinstance(outcome, Known) for outcome in self.outcomes),
            ignored=self.ignored,
            refused=len(self.refused),
            problems=tuple(one.problem.code for one in self.refused),
        )

    def _answer_bytes(self, now: Instant, default_charset: str) -> bytes:
        if self.message is None:
            return reject_unread(self.frame.data, self.refused[0].problem, now, default_charset)
        return acknowledge(self.message, self.code, [_fault(one.problem) for one in self.refused], now)


def _fault(problem: Problem) -> Fault:
    """Where in the message a problem is, out of its place."""
    found = _PLACE.search(problem.place)
    return Fault(problem, found[1], int(found[2]), int(found[3] or 0)) if found else Fault(problem)
