"""The advice out of the live ward's grades is the one worked out from scratch."""

from __future__ import annotations

import pytest

from cartway.pathway.course import CENTER, Course
from cartway.times import HOUR
from cartway.toxicity import grade
from cartway.watch.protocol import Advice, protocol, scales_asked
from cartway.web.protocol.gathered import gathered
from web.conftest import Site


def slow(site: Site, course: str) -> Advice:
    """Every scale that is asked for, graded here."""
    one = Course(site.office.log.facts(course), site.now)
    center = Course(site.office.log.facts(CENTER), site.now)
    scales = scales_asked(one, center)
    return protocol(one, grade(one.facts, site.office.rules, site.now, scales), center, zone=site.office.zone)


@pytest.mark.parametrize("name", ["05-tocilizumab", "08-seizure", "10-child", "12-charting"])
@pytest.mark.parametrize("chosen", ["asco_2021", "label"])
def test_live_and_slow_agree(site: Site, name: str, chosen: str) -> None:
    site.record([{"course": CENTER, "at": site.now - HOUR, "what": "protocol_chosen", "choice": chosen}])
    site.course(name)
    for hours in (0, 1, 9):  # observations grow old meanwhile
        site.now += hours * HOUR
        site.settle()
        live, twin = gathered(site.office, site.office.log.facts(name), site.now).advice, slow(site, name)
        assert [(step.id, step.said, step.because) for step in live.steps] == [
            (step.id, step.said, step.because) for step in twin.steps
        ]
        assert live.changes == twin.changes
        assert live.tally == twin.tally
