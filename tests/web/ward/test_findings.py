"""The criteria that the board's order knows are those of the rules."""

from __future__ import annotations

from cartway.toxicity.episode import criteria
from cartway.vocabulary import vocabulary
from cartway.web.ward.findings import CONSCIOUSNESS, QUIET, WEIGHT

SLUGS = {criterion.slug for criterion in criteria().values()}


def test_every_name_is_a_criterion_of_the_rules() -> None:
    assert set(WEIGHT) | QUIET <= SLUGS
    assert set(CONSCIOUSNESS) < set(vocabulary().variables["consciousness"].choices)


def test_nothing_quiet_weighs_anything() -> None:
    assert not QUIET & set(WEIGHT)
