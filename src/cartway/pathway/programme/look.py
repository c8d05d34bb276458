"""What every part of the programme reads of a course at a moment, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta, tzinfo

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.pathway.programme.days import counted, day_of, stated_day
from cartway.pathway.said import told
from cartway.pathway.stages import STAGES, Begun, effective
from cartway.record import Fact

UNPLANNED = "no day is set"
COORDINATOR, PHYSICIAN = "coordinator", "physician"
APHERESIS, CELLS = "apheresis", "cell_laboratory"

NOT_PLANNED = frozenset({"cancelled"})


class Task(msgspec.Struct, frozen=True):
    """Something to be done. `blocks`: the next step waits for it. `owner` is an account or a role, `due` a day or None.

    `why` is the reason in words, with the days and values it rests on; `due_why` says where the day comes from;
    `decided_by` names the policy that made it due or blocking, empty where none did.
    """

    code: str
    what: str
    why: str
    owner: str
    due: date | None = None
    due_why: str = ""
    blocks: bool = False
    decided_by: str = ""
    facts: tuple[Fact, ...] = ()

    def days_left(self, today: date) -> int | None:
        """Days until it is due; negative where that day is over, None where no day is set."""
        return None if self.due is None else (self.due - today).days


class Look(msgspec.Struct, frozen=True):
    """A course with its stage, the center's policies, and the center's calendar day."""

    course: Course
    center: Course
    policies: PathwayPolicies
    begun: Mapping[str, Begun]
    zone: tzinfo
    today: date
    product: str
    jurisdiction: str = "US"

    @property
    def stage(self) -> str:
        """The furthest stage that has begun; ``referral`` where nothing has."""
        return list(self.begun)[-1] if self.begun else STAGES[0].name

    @property
    def owner(self) -> str:
        """Who follows the course up here: as the referral names them, else any coordinator."""
        referral = self.course.last("referral")
        return str(referral.detail.get("owner") or COORDINATOR) if referral else COORDINATOR

    def day(self, fact: Fact) -> date:
        """The calendar day of a fact at the center."""
        return day_of(fact.at, self.zone)

    def told(self, day: date) -> str:
        """``Nov 24``: a day as sentences name it."""
        return told(day, self.today)

    def in_days(self, start: date, policy: str, since: str) -> tuple[date, str]:
        """A day so many days after `start` as a policy says, and where that comes from in words."""
        days = int(self.policies.number(policy))
        sure = "the center's policy" if self.policies.confirmed(policy) else "a default, not confirmed"
        return start + timedelta(days=days), f"{counted(days)} after {since}: {sure}"


def planned(look: Look, step: str) -> date | None:
    """The day for which a step is planned: the last appointment of it, for a collection also the slot's; or None."""
    course = look.course
    found = [
        fact for fact in (*course.all("appointment"), *course.ahead)
        if fact.what == "appointment" and fact.choice == step and fact.detail.get("state") not in NOT_PLANNED
    ]  # fmt: skip
    if found:
        return look.day(max(found, key=lambda fact: (fact.position, fact.at)))
    slot = slot_of(look) if step == "collection" else None
    return stated_day(slot.detail.get("collection_day")) if slot is not None and slot.choice in HAVING else None


HAVING = frozenset({"held", "confirmed"})


def slot_of(look: Look) -> Fact | None:
    """The last word on a manufacturing slot since the last restart; None where none was asked for."""
    found = effective(look.course, "manufacturing_slot", "manufacture")
    return found[-1] if found else None
