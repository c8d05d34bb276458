"""The stage of the twin's ward: the stores and clock of the stories, and courses that are simulated as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cartway.intake import read_facts
from cartway.people import open_people
from cartway.record import open_log
from cartway.times import DAY, Instant
from cartway.web.access import Role
from cartway.web.demo.arrivals import Supply
from cartway.web.demo.bill import Bill
from cartway.web.demo.cast import CAST, Player
from cartway.web.demo.clock import wind
from cartway.web.demo.examples import center_file
from cartway.web.demo.living import Course, LivingWard
from cartway.web.demo.replay import known_from
from cartway.web.demo.stage import Stage, enrol, open_to

LASTS = 20 * 365 * DAY
"""So long the clock may run: patients never run out, sessions do after some hundred days of the story."""
ON_CALL = 3
WARD = frozenset({"mei", "amara", "youssef", "ingrid", "kwame"})
"""Of the stories' cast those whose work is on the ward."""


def build_ward(folder: Path, supply: Supply, rate: int, say: Callable[[int], None]) -> tuple[Stage, LivingWard]:
    """A new stage in an empty folder, and the ward told up to its opening, which goes on. `say` counts patients."""
    stage, come = Stage(folder), list[Course]()

    def admit(course: Course) -> None:
        with open_people(stage.people) as people:
            enrol(people, course.arrival.course, course.patient, course.arrival.begins)

    def first(course: Course) -> None:
        come.append(course)
        admit(course)

    ward = LivingWard(supply, first, say)
    with open_log(stage.database, kind="demo") as log:
        log.append(read_facts([center_file()]).facts, recorded_at=supply.opens - 400 * DAY, recorded_by="demo")
        ward.tell(log, supply.opens)
    ward.admits_by(admit)
    open_to(stage, bill_of(come, supply), supply.opens)
    wind(stage.clock, supply.opens, supply.opens + LASTS, rate=rate)
    return stage, ward


def bill_of(courses: Sequence[Course], supply: Supply) -> Bill:
    """What is played, by a cast of which some belong to courses that there are."""
    says = (
        f"{supply.courses} virtual patients before, during and after CAR T-cell therapy, simulated by the twin from "
        f"seed {supply.seed}. More come as long as the clock runs, and what you chart takes part in it. For research "
        "and teaching: it says nothing of anybody's own course."
    )
    return Bill(
        says, "simulated by the twin, research use", (*_staff(courses, supply.opens), *_own(courses, supply.opens))
    )


def _staff(courses: Sequence[Course], opens: Instant) -> list[Player]:
    inside = [one.arrival.course for one in courses if one.arrival.infused_at <= opens and not _left(one, opens)]
    jonas = next(player for player in CAST if player.account == "jonas")
    on_call = Player(jonas.account, jonas.display, jonas.role, jonas.tries, tuple(inside[-ON_CALL:]))
    staff = [player for player in CAST if player.account in WARD]
    return [*staff[:2], on_call, *staff[2:]] if inside else staff


def _own(courses: Sequence[Course], opens: Instant) -> list[Player]:
    """The patient who came home last, and the caregiver of who was infused last."""
    home = [one for one in courses if _left(one, opens) and not _has(one, "death", opens)]
    infused = [one for one in courses if one.arrival.infused_at <= opens and not _left(one, opens)]
    players = []
    if home:
        one = max(home, key=lambda each: _at(each, "discharge"))
        players.append(
            Player("patient", one.patient.name, Role.patient, "At home for some days now.", (one.arrival.course,))
        )
    if infused:
        one = max(infused, key=lambda each: each.arrival.infused_at)
        tries = f"Looks after {one.patient.name.split()[0]}, who was infused a short while ago."
        name = f"Alix {one.patient.name.split()[-1]}"
        players.append(Player("caregiver", name, Role.caregiver, tries, (one.arrival.course,)))
    return players


def _at(course: Course, what: str) -> Instant:
    return max(fact.at for fact in course.facts if fact.what == what)


def _has(course: Course, what: str, by: Instant) -> bool:
    return any(fact.what == what and known_from(fact) <= by for fact in course.facts)


def _left(course: Course, by: Instant) -> bool:
    return _has(course, "discharge", by) or _has(course, "death", by)
