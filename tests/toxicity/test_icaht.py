"""ICAHT and T-ICAHT, clause by clause. Neutrophils in 10*9/L: the tables' 500/uL is 0.5.

Rejeski K, Subklewe M, Aljurf M, et al. Blood 2023;142(10):865-877 (ICAHT), cited as Table; Rejeski K, Sanz J, Fei T,
et al. Blood 2025, doi 10.1182/blood.2025028833 (T-ICAHT), cited as T-Table. "Liang" is the published automated grading.
"""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from cartway.toxicity import icaht_days, laboratory
from toxicity.counts import (
    EARLY,
    LATE,
    T_EARLY,
    T_LATE,
    counted,
    counts_at,
    counts_decided,
    counts_measured,
    counts_shown,
    neutrophils,
    platelets,
    run,
    without,
)
from toxicity.drawn import at, course, died, discharged, infused, measured, said, unreadable

LAST_NEWS = said("last_follow_up", "yes")


def low_days(count: int, value: float = 0.3) -> dict[float, float]:
    """So many days on end with a low count, from day 4 on."""
    return run(value, 4, 3 + count)


# --- early ICAHT


@pytest.mark.parametrize(("days", "grade"), [(0, 0), (1, 1), (6, 1), (7, 2), (13, 2), (14, 3), (20, 3)])
def test_early_by_days_at_or_below_500(days: int, grade: int) -> None:
    """Table: fewer than 7 days grade 1, 7-13 days 2, 14 or more 3."""
    assert counts_shown(neutrophils(low_days(days)), EARLY, 31) == str(grade)


@pytest.mark.parametrize(("days", "grade"), [(1, 1), (6, 1), (7, 3), (13, 3), (14, 4)])
def test_early_by_days_at_or_below_100(days: int, grade: int) -> None:
    """Table: 7 or more days grade 3, 14 or more 4; the worse row is the grade."""
    assert counts_shown(neutrophils(low_days(days, 0.1)), EARLY, 31) == str(grade)


def test_never_above_500_is_grade_4() -> None:
    """Table: from day 0 to 30 never above 500. One day above it is not never."""
    assert counts_shown(neutrophils(run(0.3, 0, 30)), EARLY, 31) == "4"
    assert counts_shown(neutrophils(run(0.3, 0, 30), {12.0: 0.6}), EARLY, 31) == "3"


@pytest.mark.parametrize(("value", "grade"), [(0.4996, 2), (0.5, 2), (0.5001, 0)])
def test_the_limit_is_inclusive_and_counts_need_not_be_whole(value: float, grade: int) -> None:
    """Table: at or below 500. 499.6 is below it."""
    assert counts_shown(neutrophils(low_days(7, value)), EARLY, 31) == str(grade)


def test_of_several_counts_on_one_day_the_lowest_stands() -> None:
    """Liang: the lowest value of a day."""
    twice = course(
        neutrophils(run(2.5, 0, 0)), at(30, measured("neutrophils", 0.2)), at(40, measured("neutrophils", 3))
    )
    assert counts_measured(twice, EARLY, 2)["days_le500"] == 1


def test_days_are_counted_from_the_hour_of_the_infusion() -> None:
    """Day 0 is the 24 hours from the infusion on."""
    facts = course(infused(18), at(41.9, measured("neutrophils", 0.2)), at(42, measured("neutrophils", 0.2)))
    assert counts_measured(facts, EARLY, 3)["days_le500"] == 2


def test_the_grade_grows_with_the_days() -> None:
    """A grade is that of the days so far, and stays when they are over."""
    facts = neutrophils(run(0.3, 4, 17))
    assert [counts_shown(facts, EARLY, day) for day in (3, 4, 10, 17, 20, 31)] == ["0", "1", "2", "3", "3", "3"]


def test_days_before_the_infusion_do_not_count() -> None:
    """Table: days 0 to 30."""
    facts = course(counted("neutrophils", {float(day): 0.3 for day in range(-3, 0)}), neutrophils(run(0.3, 0, 4)))
    assert counts_measured(facts, EARLY, 31)["days_le500"] == 5


@pytest.mark.parametrize("first", ["infusion", "count"])
def test_a_count_at_the_infusion_is_of_day_0_whichever_is_told_first(first: str) -> None:
    parts = [infused(), at(0, measured("neutrophils", 0.2))]
    facts = course(*(parts if first == "infusion" else reversed(parts)))
    assert counts_measured(facts, EARLY, 1)["days_le500"] == 1


@pytest.mark.parametrize(("gap", "grades", "longest"), [(1, 10, 10), (2, 11, 11), (3, 9, 5)])
def test_a_recovery_of_less_than_three_days_is_joined(gap: int, grades: int, longest: int) -> None:
    """CIBMTR, Liang: recovery is three days on end above 500. Longest run and days alone are both kept."""
    facts = neutrophils(run(0.3, 4, 8 + gap + 4), {float(day): 2.5 for day in range(9, 9 + gap)})
    told = counts_measured(facts, EARLY, 31)
    assert told == {
        "days_le500": grades,
        "days_le100": 0,
        "longest_run_joined": longest,
        "cumulative_without_gap": 9,
    }


def test_two_spells_are_added_up_or_the_longer_one_counts() -> None:
    """Open: the T-ICAHT table adds days up after the principle of ICAHT; Liang takes the longest run."""
    facts = neutrophils(run(0.3, 2, 6), {float(day): 0.3 for day in range(15, 19)})
    assert counts_shown(facts, EARLY, 31) == "2"
    assert counts_shown(facts, EARLY, 31, icaht_days="longest_run") == "1"
    assert counts_decided(facts, EARLY, 31) == {"icaht_days"}


# --- days without a count


def test_days_between_two_counts_are_filled_in() -> None:
    """Liang: along a straight line, at most 7 days on end. Low counts every other day are low days between."""
    facts = neutrophils({float(day): 0.3 for day in range(4, 17, 2)}, {0.0: 2.5, 3.0: 2.5, 17.0: 2.5})
    told = counts_at(facts, EARLY, 17)
    assert told is not None
    assert told.measures["cumulative_without_gap"] == 13
    assert counts_decided(neutrophils(without(run(0.3, 4, 10), 5, 6, 7)), EARLY, 31) == {"icaht_missing_days"}


def test_too_many_days_without_a_count_are_not_filled_in() -> None:
    """Liang: more than 7 on end stay missing and never count; the grade is then a lower bound."""
    eight = without(run(0.3, 4, 20, until=20), *range(8, 16))
    assert counts_measured(neutrophils(eight), EARLY, 20)["cumulative_without_gap"] == 9
    assert counts_shown(neutrophils(eight), EARLY, 20) == ">= 2 without neutrophils"
    seven = without(run(0.3, 4, 20, until=20), *range(8, 15))
    assert counts_shown(neutrophils(seven), EARLY, 20) == "3"


def test_a_missing_day_is_told_only_where_it_could_raise_the_grade() -> None:
    """Missing is never normal, but 9 low days and one unknown are grade 2 either way."""
    facts = neutrophils(without(run(0.3, 4, 12), 20), {})
    assert counts_shown(facts, EARLY, 31, icaht_missing_days="not_counted") == "2"


def test_no_count_today_is_a_lower_bound_once_the_day_is_over() -> None:
    """Six low days, and nobody counted since: it may be the seventh."""
    facts = neutrophils(run(0.3, 4, 9, until=9))
    assert [counts_shown(facts, EARLY, day) for day in (9.9, 10.9, 11)] == ["1", "1", ">= 1 without neutrophils"]
    assert counts_shown(course(facts, counted("neutrophils", {11.0: 2.5})), EARLY, 11.5) == "1"


def test_the_last_count_before_the_infusion_is_an_end_of_the_line() -> None:
    facts = course(counted("neutrophils", {-2.0: 0.3}), neutrophils({2.0: 0.3}))
    assert counts_measured(facts, EARLY, 2)["days_le500"] == 3


def test_the_ends_are_filled_only_where_the_policy_says_so() -> None:
    """Liang, T-ICAHT code: the first and last counts are carried to the ends; nobody knows them. The result says so."""
    late_start = without(run(0.3, 3, 6, until=6), 0, 1, 2)
    facts = course(neutrophils(late_start), at(10 * 24, LAST_NEWS))
    assert counts_measured(facts, EARLY, 11)["days_le500"] == 4
    assert "icaht_missing_days" in counts_decided(facts, EARLY, 11)
    assert counts_measured(facts, EARLY, 11, icaht_missing_days="ends_too")["days_le500"] == 10


def test_without_any_count_it_cannot_be_told() -> None:
    facts = course(infused(), at(30, unreadable("neutrophils")))
    assert counts_shown(facts, EARLY, 2) == "not assessable without neutrophils"
    assert counts_shown(neutrophils({33.0: 0.3}), EARLY, 33) == "not assessable without neutrophils"


# --- an early end


@pytest.mark.parametrize("end", [died(16 * 24), at(16 * 24, LAST_NEWS)])
def test_no_recovery_before_an_early_end(end: list[Fact]) -> None:
    """Open. Liang: low from day 0-3 to the last count is grade 4; by days alone 15 days are grade 3."""
    facts = course(neutrophils(run(0.2, 2, 16, until=16)), end)
    assert counts_shown(facts, EARLY, 16) == "4"
    assert counts_shown(facts, EARLY, 40) == "4"
    assert counts_decided(facts, EARLY, 16) == {"icaht_no_recovery"}
    assert counts_shown(facts, EARLY, 16, icaht_no_recovery="by_days") == "3"


@pytest.mark.parametrize(("first", "grade"), [(3, 4), (4, 2)])
def test_a_later_start_is_graded_by_days(first: int, grade: int) -> None:
    """Liang: neutropenia that starts on day 0-3."""
    facts = course(neutrophils(run(0.2, first, 14, until=14)), died(14 * 24 + 1))
    assert counts_at(facts, EARLY, 15) is not None
    assert counts_shown(facts, EARLY, 15) == str(grade)


def test_who_has_recovered_before_death_is_graded_by_days() -> None:
    facts = course(neutrophils(run(0.2, 2, 9, until=16)), died(16 * 24 + 1))
    assert counts_shown(facts, EARLY, 17) == "2"
    assert counts_decided(facts, EARLY, 17) == set()


def test_news_after_the_last_follow_up_undo_it() -> None:
    """A count after it: follow-up went on."""
    facts = course(neutrophils(run(0.2, 2, 12, until=20)), at(10 * 24 + 1, LAST_NEWS))
    assert [counts_shown(facts, EARLY, day) for day in (10.5, 20)] == ["4", "2"]


def test_counting_goes_on_after_discharge() -> None:
    """Days 31 to 100 are counted in the clinic."""
    facts = course(neutrophils(run(0.3, 4, 10)), discharged(14 * 24), counted("neutrophils", {40.0: 0.4, 47.0: 0.4}))
    assert [counts_shown(facts, EARLY, day) for day in (20, 50)] == ["2", "2"]
    assert counts_shown(facts, LATE, 50) == "3"


# --- late ICAHT


@pytest.mark.parametrize(
    ("value", "grade"), [(1.6, 0), (1.5, 1), (1.1, 1), (1.0, 2), (0.6, 2), (0.5, 3), (0.2, 3), (0.1, 4), (0.0, 4)]
)
def test_late_by_count(value: float, grade: int) -> None:
    """Table: at or below 1500, 1000, 500, 100 after day 30, twice."""
    facts = neutrophils(run(2.5, 0, 30), {40.0: value, 47.0: value, 60.0: 3.0})
    assert counts_shown(facts, LATE, 61) == str(grade)


def test_day_30_is_early_and_day_31_is_late() -> None:
    """Table: early to day 30, late after it."""
    facts = neutrophils({30.0: 0.3, 30.9: 0.3, 31.0: 1.6, 40.0: 1.7})
    assert counts_shown(facts, LATE, 30.9) == "not covered"
    assert counts_shown(facts, LATE, 41) == "0"
    assert counts_shown(neutrophils({20.0: 2.0}), LATE, 31) == "not assessable without neutrophils"


def test_one_low_late_count_waits_for_a_second() -> None:
    """Table: two or more measurements. Liang uses a single count where there is only one: open."""
    facts = neutrophils({40.0: 0.3})
    assert counts_shown(facts, LATE, 41) == ">= 0 without neutrophils"
    assert counts_decided(facts, LATE, 41) == {"icaht_single_count"}
    assert counts_shown(facts, LATE, 41, icaht_single_count="counts") == "3"
    passed = course(facts, counted("neutrophils", {44.0: 2.5}))
    assert counts_shown(passed, LATE, 45, icaht_single_count="counts") == "0"
    assert counts_shown(passed, LATE, 45) == "0"


def test_two_low_counts_of_one_day_are_one() -> None:
    facts = neutrophils({40.0: 0.3, 40.5: 0.3})
    assert counts_shown(facts, LATE, 41) == ">= 0 without neutrophils"


def test_the_nadir_or_what_two_measurements_reach() -> None:
    """Open. Liang: the nadir, where the second lowest is at or below 1500; it may over-grade."""
    facts = neutrophils({45.0: 0.095, 52.0: 0.6, 70.0: 2.6})
    assert counts_shown(facts, LATE, 71) == "4"
    assert counts_decided(facts, LATE, 71) == {"icaht_late_grade"}
    assert counts_shown(facts, LATE, 71, icaht_late_grade="two_measurements") == "2"


def test_late_ends_where_the_policy_says() -> None:
    """Liang: day 100; the table names no end."""
    facts = neutrophils({40.0: 2.5, 105.0: 0.3, 110.0: 0.3})
    assert counts_shown(facts, LATE, 111) == "0"
    assert counts_shown(facts, LATE, 111, icaht_late_until_day=365) == "3"


@pytest.mark.parametrize("what", ["progression", "next_therapy"])
def test_late_ends_with_progression_or_the_next_therapy(what: str) -> None:
    """Liang: the earliest of day 100, next therapy, progression, last follow-up."""
    facts = course(neutrophils({40.0: 2.5, 50.0: 0.3, 54.0: 0.3}), at(45 * 24, said(what, "yes")))
    assert counts_shown(facts, LATE, 55) == "0"
    before = course(facts, at(-240, said(what, "yes")))
    assert counts_shown(before, LATE, 55) == "0"
    assert counts_shown(course(neutrophils({50.0: 0.3, 54.0: 0.3}), at(-240, said(what, "yes"))), LATE, 55) == "3"


def test_day_100_is_the_last_late_day() -> None:
    """Liang: to day 100."""
    facts = neutrophils({90.0: 2.5, 99.0: 0.3, 100.9: 0.3})
    assert counts_shown(facts, LATE, 101) == "3"


def test_a_count_at_the_progression_itself_is_counted_and_one_at_the_infusion_ends_nothing() -> None:
    """What comes after the progression is cut off; the disease for which the cells were given is no progression."""
    facts = course(neutrophils({40.0: 0.3, 45.0: 0.3}), at(45 * 24, said("progression", "yes")))
    assert counts_shown(facts, LATE, 46) == "3"
    begun = course(neutrophils({40.0: 0.3, 45.0: 0.3}), at(0, said("progression", "yes")))
    assert counts_shown(begun, LATE, 46) == "3"


# --- early T-ICAHT


@pytest.mark.parametrize(("days", "grade"), [(0, 0), (1, 1), (6, 1), (7, 2), (25, 2)])
def test_early_by_days_below_50(days: int, grade: int) -> None:
    """T-Table: below 50 for 1-6 days grade 1, 7 or more 2."""
    assert counts_shown(platelets(run(32, 4, 3 + days, 160)), T_EARLY, 31) == str(grade)


@pytest.mark.parametrize(("days", "grade"), [(1, 3), (13, 3), (14, 4)])
def test_early_by_days_below_20(days: int, grade: int) -> None:
    """T-Table: below 20 for 1-13 days grade 3, 14 or more 4."""
    assert counts_shown(platelets(run(12, 4, 3 + days, 160)), T_EARLY, 31) == str(grade)


@pytest.mark.parametrize(("value", "literal", "released"), [(50, "0", "2"), (20, "2", "3"), (49, "2", "2")])
def test_exactly_at_a_limit_is_open(value: float, literal: str, released: str) -> None:
    """The table prints below, the released code takes at or below."""
    facts = platelets(run(value, 4, 12, 160))
    assert counts_shown(facts, T_EARLY, 31) == literal
    assert counts_shown(facts, T_EARLY, 31, t_icaht_limit="at_or_below") == released
    assert counts_decided(facts, T_EARLY, 31) == ({"t_icaht_limit"} if literal != released else set())


def test_days_of_a_recovery_shorter_than_3_are_counted() -> None:
    """T-Table, note: days of nonstable recovery are counted to the cumulative total."""
    facts = platelets(run(32, 4, 8, 160), {float(day): 32.0 for day in (11, 12)})
    assert counts_measured(facts, T_EARLY, 31) == {
        "days_lt50": 9,
        "days_lt20": 0,
        "longest_run_joined": 9,
        "cumulative_without_gap": 7,
    }


def test_a_transfused_count_is_no_recovery_from_below_20() -> None:
    """T-Table, note: recovery is at 20 or more without a transfusion for 7 days. How that is counted is open."""
    twice = run(12, 4, 9, 30), {float(day): 12.0 for day in range(15, 21)}
    facts = course(platelets(*twice), at(9.5 * 24, said("transfusion", "platelets")))
    assert counts_shown(facts, T_EARLY, 31) == "4"
    assert counts_measured(facts, T_EARLY, 31)["days_lt20"] == 17
    assert counts_decided(facts, T_EARLY, 31) == {"t_icaht_transfusion"}
    assert counts_shown(facts, T_EARLY, 31, t_icaht_transfusion="ignored") == "3"
    assert counts_measured(platelets(*twice), T_EARLY, 31)["days_lt20"] == 12


@pytest.mark.parametrize(("transfused_on", "days"), [(8, 6), (9, 15)])
def test_a_transfusion_hides_a_recovery_for_seven_days(transfused_on: int, days: int) -> None:
    """T-Table, note: no transfusion for 7 days. Days 15-17 are free of one from day 8, of one from day 9 only 16-17."""
    counts = platelets(run(12, 4, 8, 30, until=18), {18.0: 12.0})
    facts = course(counts, at(24 * transfused_on, said("transfusion", "platelets")))
    assert counts_measured(facts, T_EARLY, 18)["days_lt20"] == days


@pytest.mark.parametrize("what", ["progression", "next_therapy"])
def test_early_platelets_are_counted_to_the_progression(what: str) -> None:
    """T-Table, note: censored at progression, subsequent therapy or death."""
    facts = course(platelets(run(32, 4, 20, 160)), at(8 * 24, said(what, "yes")))
    assert counts_shown(facts, T_EARLY, 31) == "1"
    assert counts_measured(facts, T_EARLY, 31)["days_lt50"] == 5


def test_each_scale_reads_its_own_count() -> None:
    """ICAHT ignores platelets, T-ICAHT neutrophils."""
    both = course(platelets(run(12, 4, 20, 160)), counted("neutrophils", run(2.5, 0, 30)))
    assert counts_shown(both, EARLY, 31) == "0"
    assert counts_shown(both, T_EARLY, 31) == "4"


# --- late T-ICAHT


@pytest.mark.parametrize(("value", "grade"), [(100, 0), (99, 1), (50, 1), (49, 2), (20, 2), (19, 3)])
def test_late_platelets_by_two_tests(value: float, grade: int) -> None:
    """T-Table: two tests below 100 grade 1, below 50 grade 2; below 20 for 1-13 days grade 3."""
    facts = platelets(run(160, 0, 39, until=39), {40.0: value, 41.0: value, 45.0: 160.0})
    assert counts_shown(facts, T_LATE, 51) == str(grade)


@pytest.mark.parametrize(("last", "grade"), [(52, 3), (53, 4)])
def test_late_platelets_below_20_for_14_days(last: int, grade: int) -> None:
    """T-Table: below 20 for 14 days or more."""
    facts = platelets({float(day): 12.0 if 40 <= day <= last else 160.0 for day in range(31, 61)})
    assert counts_shown(facts, T_LATE, 61) == str(grade)


def test_one_low_late_platelet_test_waits_for_a_second() -> None:
    """T-Table, note: two or more tests, or thrombocytopenia that lasts."""
    facts = platelets({40.0: 30.0})
    assert counts_shown(facts, T_LATE, 41) == ">= 0 without platelets"
    assert counts_shown(facts, T_LATE, 41, icaht_single_count="counts") == "2"
    assert counts_shown(course(facts, counted("platelets", {47.0: 80.0})), T_LATE, 48) == "1"


def test_nobody_counts_while_it_may_be_14_days() -> None:
    """Two tests below 20, none since: from the 14th day on it may be grade 4."""
    facts = platelets(run(160, 0, 39, until=39), {40.0: 12.0, 41.0: 12.0})
    assert [counts_shown(facts, T_LATE, day) for day in (53, 54)] == ["3", ">= 3 without platelets"]


def test_late_platelets_end_with_day_100() -> None:
    """T-Table: days 31 to 100."""
    assert counts_shown(platelets({50.0: 160.0, 101.0: 12.0, 102.0: 12.0}), T_LATE, 103) == "0"


def test_the_days_fit_into_their_place_in_the_state() -> None:
    assert icaht_days.END <= laboratory.PRIVATE_OLDER
