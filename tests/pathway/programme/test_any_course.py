"""Whatever is recorded in whatever order: the programme says something, and says the same whoever asks when."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cartway.pathway.course import Course
from cartway.pathway.programme import STAGES, Stand, stand
from cartway.pathway.programme.road import ahead, skipped, visits
from cartway.pathway.programme.stand import look_at
from cartway.record import Fact
from cartway.times import DAY, HOUR, parse
from cartway.vocabulary import vocabulary

NOW = parse("2026-11-23T12:00Z")
KNOWN = vocabulary().variables
WHAT = (
    "referral", "tumor_board", "product_order", "manufacturing_slot", "collection", "disposition", "lymphodepletion",
    "infusion", "apheresis_request", "course_closed", "death", "gate", "consent", "caregiver", "travel_time",
    "trial_option", "restaging", "bridging_therapy", "disease_pace", "go_no_go", "release_certificate",
    "out_of_specification_consent", "storage", "custody", "appointment", "batch", "manufacture_step", "chain_identity",
    "product_chosen", "line_of_therapy", "drug",
)  # fmt: skip
SAID = st.sampled_from(["", "4", "2026-12-01", "no day", "payer", "planned", "cancelled"])


@st.composite
def fact(draw: Any) -> Fact:
    """A fact of the road, its details sense or nonsense, its choice now and then one that nobody knows any more."""
    variable = KNOWN[draw(st.sampled_from(WHAT))]
    hours = draw(st.integers(-24 * 30, 24 * 90))
    choice = draw(st.sampled_from([*variable.choices, "", "unheard_of"] if variable.choices else [""]))
    texts = [name for name, detail in variable.detail.items() if detail.type == "text"]
    detail = draw(st.dictionaries(st.sampled_from(texts), SAID, max_size=3)) if texts else {}
    value = float(draw(st.integers(0, 200))) if variable.kind == "number" else None
    about = draw(st.sampled_from(["", "B1", "payer", "consent", "lodging", "lymphodepletion"]))
    return Fact("c", NOW - hours * HOUR, variable.name, value, choice=choice, about=about, detail=detail)


FACTS = st.lists(fact(), min_size=1, max_size=25)


def stands(facts: list[Fact], now: int = NOW) -> Stand:
    return stand(Course(facts, now), Course((), now), now)


@settings(max_examples=150, deadline=None)
@given(FACTS)
def test_it_always_says_where_a_course_stands_and_why_it_waits(facts: list[Fact]) -> None:
    found = stands(facts)
    assert found.stage in {stage.name for stage in STAGES}
    assert found.next_change_at > NOW
    assert found.closed is None or found.due == ()
    assert all(task.why and task.owner and task.what for task in found.due)
    assert all(task.blocks for task in found.blockers)
    assert not any(task.blocks for task in found.tasks)
    look = look_at(Course(facts, NOW), Course((), NOW))
    seen = visits(look)
    assert not seen or seen[-1].stage.name == found.stage
    assert {each.stage.name for each in ahead(look)}.isdisjoint({stage.name for stage in skipped(look)})


@settings(max_examples=100, deadline=None)
@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(facts: list[Fact], chance: Any) -> None:
    other = list(facts)
    chance.shuffle(other)
    assert stands(facts) == stands(other)


NAMELESS = [Fact("c", NOW - HOUR, "product_order", choice="placed"), Fact("c", NOW - HOUR, "drug")]
"""A drug without a name, which intake refuses: a course with one made otherwise still stands somewhere."""


@settings(max_examples=100, deadline=None)
@given(FACTS)
@example(NAMELESS)
def test_nothing_changes_before_the_time_that_it_names(facts: list[Fact]) -> None:
    found = stands(facts)
    assert stands(facts, found.next_change_at - 1) == found
    assert found.next_change_at - NOW <= DAY
