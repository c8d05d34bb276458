"""Whatever a center sets, the protocol says something, and never more of a drug than its source."""

from __future__ import annotations

import pytest

from cartway.pathway.policies import load_policies
from toxicity.drawn import at, course, push, temperature
from watch.protocol.asking import SIGNS, center, count, ill, says, toci

NUMBERS = [name for name, each in load_policies().policies.items() if name.startswith("protocol_") and not each.choices]
LONG = course(
    ill(2, 1), toci(31, 39), count(0.3), at(32, push("dexamethasone", 10.0)),
    *(at(hour, *SIGNS[2]) for hour in range(36, 110, 12)), at(110, temperature(38.4)),
)  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_at_both_ends_of_its_range_and_beyond_it_answers(name: str) -> None:
    least, most = load_policies().policies[name].range
    for value in (least, most, -1.0, 0.0, 1e9):
        told = says(LONG, 111, of=center(**{name: value}))
        assert told.steps
        assert told.tally is not None
        assert told.tally.left == 2, "two doses hours apart are two, whatever is set"
