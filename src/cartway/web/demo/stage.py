"""The stage of the demo: a record of its own kind, people, accounts and a clock, made anew in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from cartway.pathway.course import CENTER
from cartway.people import open_people
from cartway.people.people import People
from cartway.record import Log, open_log
from cartway.times import DAY, HOUR, Instant, parse
from cartway.web.access import Account, Limits, open_access
from cartway.web.config import Config
from cartway.web.demo.bill import STORIES, Bill, post
from cartway.web.demo.cast import AUTHORITY, PATIENTS, SIGNATURE, Patient, Player
from cartway.web.demo.clock import DemoClock, wind
from cartway.web.demo.examples import after_facts, answer_facts, example_facts, programme_facts, trial_folder
from cartway.web.demo.replay import Replay

START = parse("2026-03-14T23:00Z")
"""One hour before midnight of the busiest night. At the usual rate one sees from here: after 13 seconds a fever, CRS 1
(00:06); after 17 another one (00:22), mistyped, that a correction takes back after 25 (01:05); after 48 norepinephrine
starts, CRS 3 (03:00); after 62 a patient cannot be woken, ICANS 4 (04:10); after 108 comes the morning's round (08:00).
"""

END = parse("2026-03-18T10:00Z")
"""Then the first of them is no longer charted, and one after the other would become not assessable for no reason."""

LIMITS = Limits(
    idle=400 * DAY, session=400 * DAY, own_idle=400 * DAY, own_session=400 * DAY, break_glass=12 * HOUR, form=30 * DAY
)
"""Sessions last by the story's clock, on which a day passes in five minutes."""

PHONE = "555-0142"  # of the numbers that are given to nobody


class Stage(msgspec.Struct, frozen=True):
    """Where everything of a demo is. The stores are URLs."""

    folder: Path

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'demo.db'}"

    @property
    def people(self) -> str:
        return f"sqlite:///{self.folder / 'demo.people.db'}"

    @property
    def clock(self) -> Path:
        return self.folder / "demo.clock"

    def config(self, clock: DemoClock) -> Config:
        """What a web worker on this stage is told. The demo is never served but to this machine, without TLS."""
        demo = str(self.clock)
        trials = trial_folder()
        return Config(
            self.database, self.people, clock, phone=PHONE, secure=False, limits=LIMITS, trials=trials, demo=demo
        )


def replay() -> Replay:
    """The stories of all examples, of the ward, the road to it and the life after; and who answered what."""
    return Replay([*example_facts(), *programme_facts(), *after_facts(), *answer_facts()])


def build(
    folder: Path, stories: Replay, *, start: Instant = START, patients: Mapping[str, Patient] = PATIENTS
) -> Stage:
    """A new stage in an empty folder: everybody enrolled, all told up to `start`, and a clock that waits there."""
    stage = Stage(folder)
    with open_log(stage.database, kind="demo") as log:
        stories.tell(log, start)
    with open_people(stage.people) as people:
        for course, at in stories.begins().items():
            if course != CENTER:
                enrol(people, course, patients[course], at)
    open_to(stage, STORIES, start)
    wind(stage.clock, start, END)
    return stage


def open_stage(stage: Stage) -> Log:
    """The record of a stage. Raises WrongKind for one that is not a demo's."""
    return open_log(stage.database, create=False, kind="demo")


def enrol(people: People, course: str, patient: Patient, at: Instant) -> None:
    """Enrol who is behind a course, with the course's own id."""
    people.enrol(
        [(AUTHORITY, patient.identifier)],
        name=patient.name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        now=at,
        by="demo",
        new_id=lambda: course,
    )


def open_to(stage: Stage, bill: Bill, now: Instant) -> None:
    """Say what is played, and open an account for each player."""
    post(stage.clock, bill)
    _open_accounts(stage, bill.cast, now)


def _open_accounts(stage: Stage, cast: Sequence[Player], now: Instant) -> None:
    """An account for each player, all with the demo's password, which they sign with; one click signs them in."""
    with open_access(stage.database, limits=LIMITS) as access:
        for player in cast:
            made = access.create_account(
                player.account, player.role, display=player.display, password=SIGNATURE,
                courses=player.courses, now=now, by="demo",
            )  # fmt: skip
            assert isinstance(made, Account), made
