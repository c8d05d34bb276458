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
from cartway.watch.protocol import IEC_HS, Advice, protocol, scales_asked
from cartway.web.office import Office
from cartway.web.ward.standing import Standing


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
    further = [scale for scale in scales if scale not in SCALES and _is_asked(course, scale)]
    return [*held, *(grade(course.facts, office.rules, course.now, further) if further else ())]


def _is_asked(course: Course, scale: str) -> bool:
    """Whether a scale that the standing holds no history of can say anything: IEC-HS from the first ferritin on."""
    return scale != IEC_HS or course.last("ferritin") is not None


def _is_of(standing: Standing, facts: Sequence[Fact], now: Instant) -> bool:
    """Whether a standing is of these facts, and time alone changes nothing of it by `now`."""
    same = standing.position == facts[-1].position and standing.at <= now
    return same and (standing.changes_at is None or standing.changes_at > now)
