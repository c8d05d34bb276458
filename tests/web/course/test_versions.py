"""What replaced what agrees with what is in force."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cartway.record import RETRACTION, Fact, current
from cartway.web.course.versions import versions

KEYS, SOURCES = ["a", "b", "c"], ["ward", "lab"]


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Facts of few keys that amend each other at random: chains, forks, loops, names of nothing."""
    facts = []
    for position in range(1, draw(st.integers(1, 12)) + 1):
        retracts = draw(st.integers(0, 4)) == 0
        facts.append(
            Fact(
                "c",
                draw(st.integers(0, 3)),
                RETRACTION if retracts else "heart_rate",
                None if retracts else float(position),
                source=draw(st.sampled_from(SOURCES)),
                key=draw(st.sampled_from([*KEYS, f"k{position}"])),
                amends=draw(st.sampled_from([*KEYS, "nothing"] if retracts else ["", *KEYS])),
                recorded_at=position,
                position=position,
            )
        )
    return facts


@given(histories())
def test_what_nothing_replaced_is_in_force(facts: list[Fact]) -> None:
    found = versions(facts)
    standing = {fact.position for fact in facts if fact.position not in found.later and fact.what != RETRACTION}
    assert standing == {fact.position for fact in current(facts)}


@given(histories())
def test_what_replaced_leads_back(facts: list[Fact]) -> None:
    found = versions(facts)
    assert all(found.later[earlier.position].position == position for position, earlier in found.earlier.items())
    assert all(later.position > position for position, later in found.later.items())
