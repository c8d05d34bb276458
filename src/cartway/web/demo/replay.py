"""The stories told: each fact comes into the demo record when the demo's clock reaches the time at which it was known.

That is the time it was true or, where the story says so, a later one: what was charted on paper comes hours after, and
a correction comes when it was made. It is recorded under that time, so "as we knew it at" a past moment is true to the
story. Telling twice records nothing twice: the record knows each fact by its key, so a demo that was cut off goes on.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from cartway.record import Fact, Log
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.web.demo.cast import CAST

LOOK_S = 0.1
TELLER = "demo"
PEOPLE = {player.account: f"{player.display}, {player.role.value}" for player in CAST}
PLANNED = frozenset({"appointment", "closure"})

_log = logging.getLogger("cartway.web")


def known_from(fact: Fact) -> Instant:
    """When somebody could know it: nothing is charted before it happened, but what is planned is known before."""
    told = fact.at if fact.source_recorded_at is None else fact.source_recorded_at
    return told if fact.what in PLANNED else max(fact.at, told)


class Replay:
    """The facts of the stories, and how far they are told. One thread at a time."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: list[Fact] = []
        self._told = 0
        self.join(facts)

    @property
    def end(self) -> Instant:
        """When the last fact is known."""
        return self._times[-1]

    def join(self, facts: Iterable[Fact]) -> None:
        """Further facts to be told, among those that are not told yet; what is told is let go of."""
        waiting = [*self._facts[self._told :], *facts]
        self._facts = sorted(waiting, key=lambda fact: (known_from(fact), bool(fact.amends), fact.at, fact.course))
        self._times = [known_from(fact) for fact in self._facts]
        self._told = 0

    def begins(self) -> dict[str, Instant]:
        """When each course begins."""
        return {fact.course: known_from(fact) for fact in reversed(self._facts)}

    def due(self, now: Instant) -> Sequence[Fact]:
        """What is known by `now` and not told yet, in the order in which it was known."""
        return self._facts[self._told : bisect_right(self._times, now)]

    def tell(self, log: Log, now: Instant) -> int:
        """Record what is due, each moment as a batch of its own; how many facts that were. Raises StoreError.

        The examples are sound, but somebody may have charted something in between that one of them contradicts: the
        record then refuses it, and the story goes on without.
        """
        due = self.due(now)
        for at, by, batch in _moments(due):
            for problem in log.append(batch, recorded_at=at, recorded_by=by).problems:
                _log.warning("the record refuses a fact of the stories: %s", problem.code)
            self._told += len(batch)
        return len(due)


def _moments(facts: Sequence[Fact]) -> Iterator[tuple[Instant, str, list[Fact]]]:
    for (at, by), batch in groupby(facts, lambda fact: (known_from(fact), _teller(fact))):
        yield at, by, list(batch)


def _teller(fact: Fact) -> str:
    """Who records it: somebody of the demo what they answered, the demo all else."""
    return PEOPLE.get(fact.source, TELLER)


class Stories(Protocol):
    """What a teller tells."""

    def tell(self, log: Log, now: Instant) -> int:
        """Record what is due by `now`; how many facts that were. Raises StoreError."""
        ...


class Teller:
    """The thread that tells the stories beside the web. Where several workers serve, one process has it."""

    def __init__(self, stories: Stories, log: Log, clock: Callable[[], Instant]) -> None:
        self._stories, self._store, self._clock = stories, log, clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cartway-demo", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop, after what is being recorded."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            try:
                self._stories.tell(self._store, self._clock())
            except StoreError as trouble:  # busy, or a full disk: told again at the next look
                _log.warning("the stories cannot be told: %s", type(trouble).__name__)
