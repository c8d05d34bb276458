"""How fast the disease of a waiting course moves: a clinician's judgment, a restaging that shows growth, or unknown.

Nothing is concluded from silence: a pace that nobody stated is unknown, and one stated long ago is said to be old.
"""

from __future__ import annotations

from datetime import UTC, tzinfo

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.pathway.programme.days import counted, day_of
from cartway.pathway.said import told
from cartway.record import Fact

UNKNOWN = "unknown"


class Pace(msgspec.Struct, frozen=True):
    """`pace`: fast, moving, slow or unknown, and why. `old`: stated longer ago than the center's policy lets stand."""

    pace: str
    why: str
    fact: Fact | None = None
    old: bool = False

    @property
    def fast(self) -> bool:
        """Whether the disease moves fast by the last that is known: that it is old takes nothing back."""
        return self.pace == "fast"


def pace(course: Course, policies: PathwayPolicies, zone: tzinfo = UTC) -> Pace:
    """The pace by the newest of a judgment and a restaging with progression. Policy: ``pace_valid_days``."""
    found = [*course.all("disease_pace"), *course.all("restaging", choice="progression")]
    if not found:
        return Pace(UNKNOWN, "nobody has said how fast the disease moves")
    last = max(found, key=lambda fact: fact.at)
    today, day = day_of(course.now, zone), day_of(last.at, zone)
    days = (today - day).days
    old = days > policies.number("pace_valid_days")
    how = "restaging showed progression" if last.what == "restaging" else f"judged {last.choice}"
    why = f"{how} on {told(day, today)}" + (f", {counted(days)} ago: judge it anew" if old else "")
    return Pace("fast" if last.what == "restaging" else last.choice, why, last, old)
