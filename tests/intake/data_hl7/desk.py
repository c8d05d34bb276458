"""A receiver over real stores, for the tests of a listener. Run as a program it listens, and can be made to die."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cartway import times
from cartway.intake.drafts import Refused
from cartway.intake.hl7 import Feed
from cartway.intake.hl7_framing import Frame
from cartway.intake.hl7_letter import Answer
from cartway.intake.hl7_people import Desk, EnrolPolicy
from cartway.intake.hl7_receive import Policy, Receiver
from cartway.intake.hl7_refusals import KeptRefusals
from cartway.intake.hl7_seen import Seen
from cartway.intake.mllp import Address, Limits, listen
from cartway.people import open_people
from cartway.record import Fact, Log, current, open_log

NOW = times.parse("2026-01-10T08:00:00+00:00")
PATIENT = [("HOSP", "4711"), ("urn:oid:2.16.1", "888")]


class Ward:
    """A record, its people (one of them enrolled), a receiver, and what it refused."""

    def __init__(self, folder: Path, policy: Policy | None = None, enrol: EnrolPolicy = "known") -> None:
        url = f"sqlite:///{folder / 'record.db'}"
        self.log: Log = open_log(url)
        self.people = open_people(url)
        self.seen = Seen(folder / "seen.db")
        self.refused: list[Refused] = []
        names = (f"course-{number}" for number in itertools.count(1))
        self.desk = Desk(self.people, "listener", lambda: next(names), enrol)
        self.receiver = Receiver(self.log, self.desk, self.seen, self.keep, feed=Feed(), policy=policy)

    def keep(self, refused: Sequence[Refused]) -> None:
        self.refused += refused

    def enrol(self, course: str = "K1", identifiers: Sequence[tuple[str, str]] = PATIENT) -> None:
        self.people.enrol(
            identifiers, name="Žofie Weiß", birth_date="1961-06-15", sex="female", now=NOW, by="test",
            new_id=lambda: course,
        )  # fmt: skip

    def hear(self, data: bytes, at: int = NOW) -> Answer:
        return self.receiver.handle(Frame(1, data), at)

    def hear_all(self, *messages: bytes) -> list[Answer]:
        return self.receiver.handle_all([Frame(number, data) for number, data in enumerate(messages, 1)], NOW)

    def facts(self, course: str = "K1") -> list[Fact]:
        """The observed facts in force, without the person's age and sex."""
        return [fact for fact in current(self.log.facts(course)) if fact.source != "people"]

    def close(self) -> None:
        self.log.close()
        self.people.close()
        self.seen.__exit__()


@contextmanager
def ward(folder: Path, **options: Any) -> Iterator[Ward]:
    opened = Ward(folder, **options)
    try:
        yield opened
    finally:
        opened.close()


class DyingLog:
    """A log whose process is killed once the facts are durable and before anybody hears of it."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, facts: Sequence[Fact], *, recorded_at: int, recorded_by: str) -> Any:
        self._log.append(facts, recorded_at=recorded_at, recorded_by=recorded_by)
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def receiver(folder: Path, *, dying: bool) -> Iterator[Receiver]:
    with ward(folder) as opened:
        log: Any = DyingLog(opened.log) if dying else opened.log
        yield Receiver(log, opened.desk, opened.seen, KeptRefusals(folder / "refused.jsonl"))


def main(folder: str, mode: str) -> None:
    """Listens on a free port, prints it, and dies in the first append where `mode` is ``dying``."""
    listen(
        receiver(Path(folder), dying=mode == "dying"),
        Address(port=0),
        clock=lambda: NOW,
        limits=Limits(message_s=5, idle_s=30),
        ready=lambda port: print(port, flush=True),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
