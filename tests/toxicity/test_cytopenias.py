"""Low blood counts by CTCAE v5.0, each test one clause of the table; the fold against a table read row by row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from toxicity.counts import counts_at, counts_decided, counts_shown
from toxicity.drawn import Saying, at, course, died, discharged, infused, measured, unreadable

# From this count on, up to the one before: grade 1 begins at the lower limit of normal.
TABLE = {
    "neutrophils": (1.5, 1.0, 0.5),
    "platelets": (75.0, 50.0, 25.0),
    "leukocytes": (3.0, 2.0, 1.0),
    "lymphocytes": (0.8, 0.5, 0.2),
    "hemoglobin": (10.0, 8.0),
}
NORMAL = {"neutrophils": 2.0, "platelets": 150.0, "leukocytes": 4.0, "lymphocytes": 1.0, "hemoglobin": 12.0}


def told(what: str, value: float, limit: float | None = None) -> Saying:
    """A value, with the laboratory's lower limit of normal where it tells one."""
    return measured(what, value)._replace(detail={} if limit is None else {"lower_limit": limit})


def drawn(what: str, value: float, limit: float | None = None) -> list[Fact]:
    return course(infused(), at(24, told(what, value, limit)))


def by_table(what: str, value: float, limit: float) -> int:
    """The grade by the first row that fits, read from the top."""
    rows = TABLE[what]
    if value >= rows[0]:
        return 1 if value < limit else 0
    return 1 + sum(value < row for row in rows)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(TABLE)), st.integers(0, 40), st.sampled_from([1.0, 1.2, 2.0]))
def test_every_value_has_the_grade_of_its_row(what: str, steps: int, stretch: float) -> None:
    """Around every limit of the table, and for laboratories with different limits of normal."""
    value = round(NORMAL[what] * steps / 30, 6)
    limit = NORMAL[what] * stretch
    assert counts_shown(drawn(what, value, limit), f"ctcae.{what}", 1.1) == str(by_table(what, value, limit))


@pytest.mark.parametrize(("what", "row"), [(what, row) for what, rows in TABLE.items() for row in range(len(rows))])
def test_a_limit_belongs_to_the_milder_grade(what: str, row: int) -> None:
    """CTCAE: "< 1.5 - 1.0" holds 1.0 itself; below it the next grade begins."""
    limit = TABLE[what][row]
    at_limit, below = (
        counts_at(drawn(what, v, NORMAL[what]), f"ctcae.{what}", 1.1) for v in (limit, round(limit - 0.01, 6))
    )
    assert at_limit is not None and at_limit.grade == row + 1
    assert below is not None and below.grade == row + 2


def test_anemia_of_grade_4_is_not_read_from_a_number() -> None:
    """CTCAE: life-threatening consequences, urgent intervention."""
    assert counts_shown(drawn("hemoglobin", 4.0, 12.0), "ctcae.hemoglobin", 1.1) == "3"


def test_grade_1_is_below_the_laboratory_s_own_limit() -> None:
    assert counts_shown(drawn("platelets", 140, 150), "ctcae.platelets", 1.1) == "1"
    assert counts_shown(drawn("platelets", 140, 130), "ctcae.platelets", 1.1) == "0"
    assert counts_decided(drawn("platelets", 140, 130), "ctcae.platelets", 1.1) == set()


def test_the_limit_told_last_holds_for_values_that_tell_none() -> None:
    facts = course(drawn("platelets", 200, 130), at(30, told("platelets", 140)))
    assert counts_shown(facts, "ctcae.platelets", 1.5) == "0"


def test_where_no_limit_is_told_the_center_s_decides() -> None:
    facts = drawn("platelets", 140)
    assert counts_shown(facts, "ctcae.platelets", 1.1) == "1"
    assert counts_decided(facts, "ctcae.platelets", 1.1) == {"lower_limit_platelets"}
    assert counts_shown(facts, "ctcae.platelets", 1.1, lower_limit_platelets=130) == "0"
    assert counts_decided(drawn("platelets", 40), "ctcae.platelets", 1.1) == set()


def test_without_any_limit_grade_1_stays_open() -> None:
    """A missing limit is not taken for a normal one."""
    shown = counts_shown(drawn("platelets", 140), "ctcae.platelets", 1.1, lower_limit_platelets=0)
    assert shown == ">= 0 without lower_limit"
    assert counts_shown(drawn("platelets", 60), "ctcae.platelets", 1.1, lower_limit_platelets=0) == "2"


@pytest.mark.parametrize("what", sorted(TABLE))
def test_without_a_value_it_cannot_be_told(what: str) -> None:
    assert counts_shown(infused(), f"ctcae.{what}", 1) == f"not assessable without {what}"
    spoilt = course(drawn(what, 0.1), at(30, unreadable(what)))
    assert counts_shown(spoilt, f"ctcae.{what}", 1.5) == f"not assessable without {what}"


def test_a_value_grows_too_old() -> None:
    """A center's policy: how long a laboratory value holds."""
    facts = drawn("platelets", 40)
    assert counts_shown(facts, "ctcae.platelets", 1.9, laboratory_valid_hours=24) == "3"
    assert counts_shown(facts, "ctcae.platelets", 2, laboratory_valid_hours=24) == "not assessable without platelets"


def test_a_value_from_before_the_infusion_is_none_of_its_toxicity() -> None:
    facts = course(at(-6, told("platelets", 40)), infused())
    assert counts_shown(facts, "ctcae.platelets", 0.5) == "not assessable without platelets"


def test_counts_are_graded_after_discharge_and_not_after_death() -> None:
    facts = course(drawn("platelets", 40), discharged(30), at(40, told("platelets", 20)))
    assert counts_shown(facts, "ctcae.platelets", 1.7) == "4"
    assert counts_shown(course(facts, died(48)), "ctcae.platelets", 2.1) == "not covered"


def test_of_two_values_at_one_instant_the_lower_stands() -> None:
    for pair in ((40, 60), (60, 40)):
        facts = course(infused(), at(24, *(told("platelets", value) for value in pair)))
        assert counts_shown(facts, "ctcae.platelets", 1.1) == "3"
