"""What the protocol says of a course now, for its page and its form.

The grades are the live ward's where it has come as far as this; of scales that it does not follow, and of a course that
it does not hold, they are worked out here.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity import SCALES, Episode, grade
from cartway.watch.protocol import Advice, protocol, scales_asked
from cartway.web.office import Office
from cartway.web.ward.standing import Standing

FOLLOWED = (*SCALES, "iec_hs.astct")
"""The scales whose episodes a standing has: of the last one only what stands above 0."""


class Gathered(msgspec.Struct, frozen=True):
    """The advice, and the policies by which it was worked out."""

    advice: Advice
    policies: PathwayPolicies


def gathered(office: Office, facts: Sequence[Fact], now: Instant) -> Gathered:
    """What is said of a course at `now`. `facts`: all of the course, in commit order; at least one."""
    course = Course(facts, now)
    center = Course(office.ward.facts(office.log, CENTER), now)
    place, zone = office.config.country, office.zone
    scales = scales_asked(course, center, jurisdiction=place, zone=zone)
    advice = protocol(course, _episodes(office, course, facts, scales), center, jurisdiction=place, zone=zone)
    return Gathered(advice, policies_of(center))


def _episodes(office: Office, course: Course, facts: Sequence[Fact], scales: Sequence[str]) -> list[Episode]:
    standing = office.ward.standing(facts[0].course)
    if standing is None or not _is_of(standing, facts, course.now):
        return grade(course.facts, office.rules, course.now, scales)
    held = [episode for scale in SCALES for episode in standing.history.get(scale, ())]
    further = [scale for scale in scales if scale not in FOLLOWED]
    return [
        *held,
        *standing.others.values(),
        *(grade(course.facts, office.rules, course.now, further) if further else ()),
    ]


def _is_of(standing: Standing, facts: Sequence[Fact], now: Instant) -> bool:
    """Whether a standing is of these facts, and time alone changes nothing of it by `now`."""
    same = standing.position == facts[-1].position and standing.at <= now
    return same and (standing.changes_at is None or standing.changes_at > now)
