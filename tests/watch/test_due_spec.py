"""What is due, told as small courses. The interval of each row is the one that its schedule names."""

from __future__ import annotations

from datetime import date

import pytest

from cartway.record import Fact
from cartway.times import DAY, HOUR
from cartway.watch.due import Due, interval
from toxicity import drawn as d
from toxicity.drawn import at, discharged, hour_of, infused, instant

from .duties import COUNTS, ROUND, answered, asked, charted, graded, lymphodepleted, one, policy, state


def due_hour(found: Due | None) -> float:
    assert found is not None
    return hour_of(found.due_at)


def test_vital_signs_every_four_hours_after_the_infusion() -> None:
    """ASCO 2021: vital signs every 4 hours."""
    seen = charted(infused(), at(8, *ROUND))
    assert [state(seen, hour, "vital_signs") for hour in (11.9, 12, 12.9, 13, 30)] == [
        "later", "due", "due", "overdue", "overdue",
    ]  # fmt: skip
    found = one(seen, 12, "vital_signs")
    assert found is not None and found.why.every == 4 * HOUR and found.why.confirmed
    assert "ASCO 2021" in found.why.source


def test_a_round_is_all_its_readings() -> None:
    """A wearable's temperature every few minutes takes no blood pressure."""
    seen = charted(infused(), at(0, *ROUND), *(at(hour, d.temperature(37)) for hour in range(1, 12)))
    found = one(seen, 11, "vital_signs")
    assert found is not None and found.overdue
    assert found.lacking == ("blood pressure", "heart rate", "saturation")
    assert found.words == "Vital signs: blood pressure, heart rate, saturation"


def test_a_mean_pressure_answers_as_a_systolic_does() -> None:
    line = (d.temperature(37), d.measured("mean_arterial_pressure", 70), *ROUND[2:])
    assert state(charted(infused(), at(8, *line)), 11, "vital_signs") == "later"


def test_what_was_never_seen_is_due_since_the_infusion() -> None:
    found = one(infused(), 3, "chemistry")
    assert found is not None and found.last is None and due_hour(found) == 0
    assert found.lacking == ("creatinine", "transaminases")


def test_what_could_not_be_read_is_no_answer() -> None:
    assert state(charted(infused(), at(1, *COUNTS), at(20, d.unreadable("neutrophils"))), 26, "blood_count") == "due"


def test_old_values_from_before_the_infusion_are_overdue_from_it_not_from_their_own_day() -> None:
    found = one(charted(at(-240, d.measured("body_weight", 70)), infused()), 5, "weight")
    assert found is not None and due_hour(found) == 0 and not found.overdue
    assert found.last is not None


def test_a_higher_grade_asks_more_often_from_its_onset_on() -> None:
    """From CRS grade 2 every 2 hours, from grade 3 every hour: defaults of the center, and said to be."""
    seen = charted(infused(), at(29, *ROUND))
    second = graded("crs.astct", (0, 0), (30, 1), (30.5, 2))
    found = one(seen, 30.6, "vital_signs", second)
    assert found is not None and due_hour(found) == 31 and not found.why.confirmed
    third = one(seen, 30.6, "vital_signs", graded("crs.astct", (0, 0), (30.5, 3)))
    assert due_hour(third) == 30.5  # the hour since the last round was not late before the grade rose


def test_what_cannot_be_assessed_or_is_a_lower_bound_asks_as_often_as_the_grade_before() -> None:
    seen = charted(infused(), at(48, *ROUND))
    assert due_hour(one(seen, 49, "vital_signs", graded("crs.astct", (0, 0), (30, 3), (40, None)))) == 49
    assert due_hour(one(seen, 49, "vital_signs", graded("crs.astct", (0, 0), (30, 3), (40, 0)))) == 52


def test_ice_every_eight_hours_and_more_often_with_icans() -> None:
    seen = charted(infused(), at(40, d.ice(10)))
    assert due_hour(one(seen, 41, "neurology")) == 48
    assert due_hour(one(seen, 41, "neurology", graded("icans.astct", (0, 0), (39, 1)))) == 44
    assert due_hour(one(seen, 40.5, "neurology", graded("icans.astct", (0, 0), (39, 3)))) == 41


@pytest.mark.parametrize(
    ("looked", "answers"),
    [
        ([d.ice(9)], True),
        ([d.capd(5.0)], True),
        ([d.capd("unable_to_perform")], True),
        ([d.conscious("awake")], False),  # ICE can be asked, and was not
        ([d.conscious("unarousable")], True),
        ([d.rass(-4)], True),  # neither score holds there
        ([d.rass(-1)], False),
        ([d.ice_item("orientation", 4), d.ice_item("naming", 3)], False),
        ([d.ice_item(item, 1) for item in ("orientation", "naming", "command", "writing", "attention")], True),
    ],
)
def test_what_answers_the_neurological_look(looked: list[d.Saying], answers: bool) -> None:
    assert (state(charted(infused(), at(10, *looked)), 11, "neurology") == "later") is answers


def test_the_labels_weeks_end_the_rounds_of_four_hours() -> None:
    """The US label of June 2025 asks to stay near for 14 days; what comes after is the center's default."""
    seen = charted(infused(), at(13 * 24, *ROUND), at(14 * 24, *ROUND))
    assert one(seen, 13 * 24 + 1, "vital_signs").why.every == 4 * HOUR  # type: ignore[union-attr]
    later = one(seen, 14 * 24 + 1, "vital_signs")
    assert later is not None and later.why.every == 8 * HOUR and not later.why.confirmed
    again = graded("crs.astct", (0, 0), (14 * 24, 1))
    assert one(seen, 14 * 24 + 1, "vital_signs", again).why.row == "VITALS-CRS-1"  # type: ignore[union-attr]


def test_an_infusion_before_the_label_changed_has_the_old_weeks() -> None:
    """28 days near by the label until 25 June 2025, 14 from the next day on."""
    assert interval("vital_signs", "axicabtagene_ciloleucel", 20, {}, on=date(2025, 6, 1)).row == "VITALS-WARD"  # type: ignore[union-attr]
    assert interval("vital_signs", "axicabtagene_ciloleucel", 20, {}, on=date(2025, 7, 1)).row == "VITALS-LATER"  # type: ignore[union-attr]


def test_before_the_guideline_the_same_rounds_were_the_centers_own() -> None:
    old = interval("vital_signs", "axicabtagene_ciloleucel", 2, {}, on=date(2019, 3, 1))
    assert old is not None and old.row == "VITALS-WARD-2017" and not old.confirmed


def test_a_product_without_a_label_here_has_the_centers_weeks_and_says_so() -> None:
    known = interval("vital_signs", "axicabtagene_ciloleucel", 2, {}, on=date(2026, 1, 10))
    unknown = interval("vital_signs", "descartes_08", 2, {}, on=date(2026, 1, 10))
    assert known is not None and known.confirmed and "due_near_days" not in known.policies
    assert unknown is not None and not unknown.confirmed and "due_near_days" in unknown.policies


def test_after_discharge_daily_by_the_label_then_less_often_then_not_at_all() -> None:
    """Daily for 7 days from the infusion, near for 14: other windows after discharge, another role."""
    left = charted(infused(), at(100, *ROUND), discharged(101))
    daily = one(left, 102, "vital_signs")
    assert daily is not None and (daily.why.row, daily.why.every, daily.role) == (
        "VITALS-HOME-DAILY", DAY, "coordinator",
    )  # fmt: skip
    near = one(left, 7 * 24 + 1, "vital_signs")
    assert near is not None and near.why.row == "VITALS-HOME-NEAR" and near.why.every == 3 * DAY
    assert state(left, 14 * 24, "vital_signs") == "not asked"
    assert state(left, 20 * 24, "weight") == "not asked"
    assert state(left, 20 * 24, "blood_count") == "overdue"  # early hematotoxicity is read to day 30
    assert state(left, 30 * 24, "blood_count") == "not asked"


def test_a_crs_after_discharge_asks_as_on_the_ward() -> None:
    left = charted(infused(), at(100, *ROUND), discharged(101))
    found = one(left, 240, "vital_signs", graded("crs.astct", (0, 0), (236, 1)))
    assert found is not None and found.why.row == "VITALS-CRS-1" and found.role == "nurse"


def test_before_the_infusion_from_lymphodepletion_on() -> None:
    before = charted(lymphodepleted(-96), at(-95, *ROUND))
    assert one(before, -90, "vital_signs").why.row == "VITALS-BEFORE"  # type: ignore[union-attr]
    assert state(before, -100, "vital_signs") == "not asked"
    assert asked(at(-500, d.said("referral", "")), -400).items == ()


def test_a_baseline_ice_is_asked_once() -> None:
    before = lymphodepleted(-96)
    assert [state(before, hour, "neurology") for hour in (-95, -72)] == ["due", "overdue"]
    assert state(charted(before, at(-80, d.ice(10))), -10, "neurology") == "not asked"


def closed(hour: float, how: str) -> list[Fact]:
    return at(hour, d.said("course_closed", how))


def test_a_course_that_was_opened_again_is_watched_as_any_other() -> None:
    """The last word counts; at equal times the course is open (pathway.closing)."""
    ended = charted(lymphodepleted(-120), closed(-110, "manufacturing_failure"))
    assert asked(ended, -105).items == ()
    again = charted(ended, closed(-100, "reopened"), infused(), at(20, d.temperature(39.5), d.pressure(80)))
    assert [state(again, 30, task) for task in ("vital_signs", "neurology", "blood_cultures")] == ["overdue"] * 3
    assert asked(charted(again, closed(25, "transferred")), 30).items == ()
    assert asked(charted(again, closed(25, "transferred"), closed(25, "reopened")), 30).items != ()


def test_who_is_on_a_ward_again_after_discharge_has_the_rounds_of_the_ward() -> None:
    """No admission is charted: a night of rounds is one, until the next discharge. One visit is none."""
    left = charted(infused(), at(200, *ROUND), discharged(201))
    rounds = charted(left, *(at(hour, *ROUND) for hour in range(230, 261, 4)))
    found = one(rounds, 275, "vital_signs")
    assert found is not None and found.overdue and (found.why.row, found.role) == ("VITALS-WARD", "nurse")
    assert state(rounds, 275, "neurology") == "overdue"
    assert one(charted(rounds, discharged(262)), 275, "vital_signs").why.row == "VITALS-HOME-NEAR"  # type: ignore[union-attr]
    visit = charted(left, at(230, *ROUND), at(233, *ROUND), at(254, *ROUND))
    assert state(visit, 275, "vital_signs") == "later"


def test_nothing_is_due_of_who_has_died() -> None:
    assert asked(charted(infused(), d.died(30)), 40).items == ()


def test_cultures_are_asked_with_each_crs_and_again_each_day_of_it() -> None:
    """The protocol's panel counts a culture of the last 24 hours, and CRS as a fever that may be masked."""
    first = graded("crs.astct", (0, 0), (30, 1))
    assert state(infused(), 30.5, "blood_cultures", first) == "due"
    assert state(infused(), 31, "blood_cultures", first) == "overdue"
    taken = charted(infused(), at(30.4, d.said("infection_work_up", "blood_culture")))
    assert [state(taken, hour, "blood_cultures", first) for hour in (40, 54.4, 55.4)] == ["later", "due", "overdue"]
    again = graded("crs.astct", (0, 0), (30, 1), (60, 0), (80, 1))
    assert state(taken, 81, "blood_cultures", again) == "overdue"


def test_every_fever_asks_for_cultures_whatever_it_is_attributed_to() -> None:
    """ASCO 2021: infection is looked for with every fever. No CRS is graded here: the fever has another cause."""
    hot = charted(infused(), at(20, d.temperature(37.9)), at(30, d.temperature(38.0)))
    excused = graded("crs.astct", (0, 0))
    assert [state(hot, hour, "blood_cultures", excused) for hour in (29, 30, 31, 53.9, 54)] == [
        "not asked", "due", "overdue", "overdue", "not asked",
    ]  # fmt: skip
    taken = charted(hot, at(30.5, d.said("infection_work_up", "blood_culture")))
    assert state(taken, 33, "blood_cultures", excused) == "later"


def test_a_fever_that_lasts_asks_for_cultures_again_each_day() -> None:
    lasts = charted(infused(), *(at(hour, d.temperature(38.6)) for hour in range(30, 101, 4)))
    taken = charted(lasts, at(31, d.said("infection_work_up", "blood_culture")))
    assert [state(taken, hour, "blood_cultures") for hour in (50, 55, 56, 100)] == [
        "later",
        "due",
        "overdue",
        "overdue",
    ]


def test_a_fever_between_lymphodepletion_and_infusion_asks_for_cultures() -> None:
    hot = charted(lymphodepleted(-96), at(-20, d.temperature(39.5)))
    assert [state(hot, hour, "blood_cultures") for hour in (-21, -19.5, -19)] == ["not asked", "due", "overdue"]


def test_the_monitor_is_asked_for_from_grade_2_and_only_an_answer_settles_it() -> None:
    second = graded("crs.astct", (0, 0), (30, 2))
    assert state(charted(infused(), at(31, *ROUND)), 31.5, "monitoring", second) == "overdue"
    on = charted(infused(), answered(30.5, "monitoring", "done"))
    assert state(on, 31.5, "monitoring", second) == "not asked"
    assert state(on, 31.5, "monitoring", graded("crs.astct", (0, 0), (31, 2))) == "due"  # said before this one began


def test_an_answer_holds_for_one_interval() -> None:
    said = charted(infused(), at(0, *ROUND), answered(4.5, "vital_signs", "not_done"))
    found = one(said, 5, "vital_signs")
    assert found is not None and due_hour(found) == 8.5 and found.answer is not None
    assert found.last is not None and hour_of(found.last.at) == 0  # not done is not done


def test_what_is_put_off_is_due_again_at_its_time_and_never_later_than_an_interval() -> None:
    assert due_hour(one(charted(infused(), at(0, *ROUND), answered(4, "vital_signs", "put_off", 6)), 5,
                        "vital_signs")) == 6  # fmt: skip
    assert due_hour(one(charted(infused(), at(0, *ROUND), answered(4, "vital_signs", "put_off", 60)), 5,
                        "vital_signs")) == 8  # fmt: skip


@pytest.mark.parametrize("choice", ["put_off", "not_done"])
def test_what_is_put_off_again_and_again_is_overdue_all_the_same(choice: str) -> None:
    """Rounds of 4 hours, an hour of grace: due at 12.5, overdue at 13.5, and no answer holds beyond 17.5."""
    said = charted(*(answered(hour, "vital_signs", choice, hour + 4) for hour in (12, 16, 20, 24)))
    seen = charted(infused(), at(8.5, *ROUND), said)
    found = one(seen, 27.5, "vital_signs")
    assert found is not None and found.overdue and due_hour(found) == 17.5
    assert found.answer is not None and hour_of(found.answer.at) == 24
    assert state(seen, 17.4, "vital_signs") == "later"


def test_what_is_asked_once_is_put_off_for_one_interval_at_most() -> None:
    said = charted(*(answered(hour, "monitoring", "put_off", hour + 1) for hour in (30.2, 31, 32, 33)))
    assert state(charted(infused(), said), 33.5, "monitoring", graded("crs.astct", (0, 0), (30, 2))) == "overdue"


def test_a_grade_that_rises_asks_anew_whatever_was_answered() -> None:
    said = charted(infused(), at(0, *ROUND), answered(4.5, "vital_signs", "not_done"))
    found = one(said, 5, "vital_signs", graded("crs.astct", (0, 0), (4.8, 3)))
    assert found is not None and due_hour(found) == 4.8 and found.answer is None


def test_a_center_sets_its_own_interval_and_grace() -> None:
    seen = charted(infused(), at(8, *ROUND))
    found = one(seen, 10, "vital_signs", (), policy("due_vital_signs_hours", 6))
    assert found is not None and due_hour(found) == 14 and found.why.confirmed
    assert state(seen, 12.1, "vital_signs", (), policy("due_grace_percent", 0)) == "overdue"


def test_the_second_part_of_a_split_dose_begins_the_near_weeks_again_but_not_the_daily_ones() -> None:
    """Daily for at least 14 days from the first part, near for 4 weeks after each part (obe-cel)."""
    parts = [
        *at(0, d.said("infusion", "obecabtagene_autoleucel")),
        *at(9 * 24, d.said("infusion", "obecabtagene_autoleucel")),
    ]
    assert one(charted(parts, at(20 * 24, *ROUND)), 20 * 24, "vital_signs").why.row == "VITALS-WARD"  # type: ignore[union-attr]
    home = charted(parts, discharged(10 * 24))
    assert one(home, 13 * 24, "vital_signs").why.row == "VITALS-HOME-DAILY"  # type: ignore[union-attr]
    assert one(home, 15 * 24, "vital_signs").why.row == "VITALS-HOME-NEAR"  # type: ignore[union-attr]
    assert one(home, 36 * 24, "vital_signs") is not None
    assert one(home, 37 * 24 + 1, "vital_signs") is None


def test_overdue_comes_first_and_the_next_is_the_soonest() -> None:
    found = asked(charted(infused(), at(1, *COUNTS), at(2, d.measured("body_weight", 70))), 3)
    states = [each.state(instant(3)) for each in found.items]
    assert states == sorted(states, key=["overdue", "due", "later"].index)
    assert found.next is not None and found.next.task == "blood_count"
    assert {each.task for each in found.overdue} < {each.task for each in found.due}
