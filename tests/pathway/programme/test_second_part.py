"""The second part of a split dose on the programme: a task with its window until it is in or decided against."""

from __future__ import annotations

import pytest

from cartway.pathway.programme import Stand
from cartway.pathway.programme.road import ahead
from cartway.pathway.programme.stand import look_at
from pathway.programme.drawn import at, codes, facts, instant
from pathway.programme.test_stages import DEPLETED

OBE = "obecabtagene_autoleucel"
FIRST = f'{DEPLETED.replace("axicabtagene_ciloleucel", OBE)}\n11-15 infusion:bag-1 {OBE} {{"part": 1}}'
SECOND = f'11-24 infusion:bag-2 {OBE} {{"part": 2}}\n11-24 13:00 infusion:bag-3 {OBE} {{"part": 2}}'


def test_after_the_first_part_a_physician_decides_by_day_ten() -> None:
    """Day 1 is Nov 15: day 10 is Nov 24, its window Nov 22 to Nov 26."""
    found = at(FIRST)
    (task,) = (each for each in found.due if each.code == "second_part")
    assert (found.stage, found.waiting) == ("second_part", True)
    assert (task.what, task.owner, str(task.due), task.blocks) == (
        "Decide on the second part", "physician", "2026-11-24", True,
    )  # fmt: skip
    assert task.due_why == "Nov 22 to Nov 26 by the label"
    assert "not fully assessed" in task.why


@pytest.mark.parametrize("settled", [SECOND, "11-24 dose_decision withhold"])
def test_infused_it_is_when_the_second_part_is_in_or_decided_against(settled: str) -> None:
    found = at(f"{FIRST}\n{settled}", now="2026-11-25 12:00")
    assert (found.stage, codes(found)) == ("infused", set())


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("11-22 dose_decision give", "Give the second part"),
        ("11-22 dose_decision postpone", "Decide on the second part"),
        (SECOND.splitlines()[0], "Give the rest of the second part, or decide against it"),
        (f"11-24 infusion:bag-2 {OBE}", "Say which part of the dose was given"),
    ],
)
def test_until_then_it_says_what_is_to_be_done(more: str, what: str) -> None:
    found = at(f"{FIRST}\n{more}", now="2026-11-25 12:00")
    assert found.stage == "second_part"
    assert what in {task.what for task in found.due}


def test_who_died_between_the_parts_has_nothing_due() -> None:
    assert codes(at(f"{FIRST}\n11-20 death")) == set()


def test_where_no_text_of_the_label_is_held_the_decision_is_still_due() -> None:
    from cartway.pathway.course import Course
    from cartway.pathway.programme import stand

    now = instant("2026-11-23 12:00")
    found: Stand = stand(Course(facts("p", FIRST), now), Course((), now), now, jurisdiction="CN")
    (task,) = (each for each in found.due if each.code == "second_part")
    assert (task.due, "no text of a CN label" in task.why) == (None, True)


def test_a_dose_that_is_not_split_has_no_such_stage() -> None:
    from cartway.pathway.course import Course

    now = instant("2026-11-23 12:00")
    one, two = (
        look_at(Course(facts("p", lines), now), Course((), now))
        for lines in (DEPLETED, DEPLETED.replace("axicabtagene_ciloleucel", OBE))
    )
    assert [each.stage.name for each in ahead(one)] == ["infused"]
    assert [each.stage.name for each in ahead(two)] == ["second_part", "infused"]
