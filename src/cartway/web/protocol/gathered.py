"""What the protocol says of a course now, graded by the scales that it asks for: for its page and its form."""

from __future__ import annotations

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.toxicity import grade
from cartway.watch.protocol import Advice, protocol, scales_asked
from cartway.web.office import Office


class Gathered(msgspec.Struct, frozen=True):
    """The advice, and the policies by which it was worked out."""

    advice: Advice
    policies: PathwayPolicies


def gathered(office: Office, course: Course) -> Gathered:
    """What is said at the course's `now`."""
    center = Course(office.ward.facts(office.log, CENTER), course.now)
    place, zone = office.config.country, office.zone
    scales = scales_asked(course, center, jurisdiction=place, zone=zone)
    episodes = grade(course.facts, office.rules, course.now, scales)
    advice = protocol(course, episodes, center, jurisdiction=place, zone=zone)
    return Gathered(advice, policies_of(center))
