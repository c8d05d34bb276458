"""B-cell aplasia: a sign that cells against CD19 still work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cartway.record import Fact
from cartway.response import BCellAplasia, Choices, b_cell_aplasia
from cartway.response.b_cells import months_after
from response.drawn import course, day, infusion

LEUKEMIA = [Fact("a", day(-30), "diagnosis", choice="b_all"), Fact("a", day(0), "infusion", choice="tisagenlecleucel")]


def aplasia(counts: list[tuple[float, float]], begin: list[Fact] | None = None, limit: int = 50) -> BCellAplasia:
    """The aplasia of a course with B-cell counts by day."""
    facts = [Fact("a", day(number), "cd19", count, "/uL") for number, count in counts]
    found = b_cell_aplasia(course(facts, begin=begin), Choices(b_cell_aplasia_per_ul=Decimal(limit)))
    assert isinstance(found, BCellAplasia)
    return found


def test_recovery_ends_it() -> None:
    found = aplasia([(28, 0), (120, 120), (150, 150)], LEUKEMIA)
    assert [count.aplasia for count in found.counts] == [True, False, False]
    assert (found.now, found.recovered_at, found.days, found.censored) == (False, day(120), 120, False)


def test_while_it_goes_on_it_is_censored_at_the_last_count() -> None:
    found = aplasia([(28, 0), (365, 10)])
    assert (found.now, found.days, found.censored) == (True, 365, True)


def test_cells_that_had_not_gone_yet_are_no_recovery() -> None:
    found = aplasia([(3, 80), (28, 0)])
    assert (found.recovered_at, found.now) == (None, True)


@pytest.mark.parametrize(("recovered", "flagged"), [(120, True), (180, True), (181, False)])
def test_early_loss_in_leukemia_is_flagged(recovered: float, flagged: bool) -> None:
    """Six calendar months after 2026-01-05 is 2026-07-05, day 181."""
    found = aplasia([(28, 0), (recovered, 120)], LEUKEMIA)
    assert ("loss_of_BCA_before_6_months" in found.flags) == flagged


def test_in_lymphoma_it_is_not() -> None:
    assert aplasia([(28, 0), (120, 120)]).flags == ()


def test_the_limit_is_the_centers_and_counts_between_the_customary_ones_are_flagged() -> None:
    assert (aplasia([(28, 30)]).now, aplasia([(28, 30)], limit=20).now) == (True, False)
    assert aplasia([(28, 30)]).flags == ("b_cell_limits_differ",)
    assert (aplasia([(28, 20)], limit=20).now, aplasia([(28, 50)]).now) == (False, False)


def test_products_against_another_target() -> None:
    assert not aplasia([(28, 0)], infusion("ciltacabtagene_autoleucel")).applies
    assert aplasia([(28, 0)]).applies


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [((2026, 1, 31), 1, (2026, 2, 28)), ((2025, 8, 31), 6, (2026, 2, 28)), ((2026, 12, 5), 1, (2027, 1, 5))],
)
def test_calendar_months_end_with_their_month(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert months_after(date(*start), months) == date(*end)
