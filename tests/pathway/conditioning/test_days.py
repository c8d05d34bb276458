"""Days: lymphodepletion backward from day zero, the label's window forward from its last dose."""

from __future__ import annotations

from datetime import date

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.conditioning import Before, Calendar, Case, Window, calendar, go_no_go, lymphodepletion, window
from cartway.record import Fact
from pathway.conditioning.cases import AXI, CILTA, LISO, TISA, drawn, planned
from pathway.manufacture.drawn import fact

ZERO = date(2026, 12, 8)  # day 36 of the drawing


def laid_out(case: Case) -> Calendar:
    found = calendar(case, lymphodepletion(case))
    assert found is not None
    return found


def of(case: Case) -> Window:
    usual = lymphodepletion(case).usual
    assert usual is not None
    return window(case, usual.regimen)


def given(*days: float, ended: bool = True) -> list[Fact]:
    """Lymphodepletion charted with a dose on each day."""
    facts = [fact(days[0], "lymphodepletion", "started")]
    facts += [fact(day, "drug", "fludarabine") for day in days]
    return facts + ([fact(days[-1] + 0.75, "lymphodepletion", "completed")] if ended else [])


def test_days_that_the_label_fixes_are_those() -> None:
    """Yescarta: days -5, -4, -3; the infusion is the third day after the last dose."""
    found = laid_out(drawn())
    with_drugs = [(each.day, each.on) for each in found.days if each.doses]
    assert with_drugs == [(-5, date(2026, 12, 3)), (-4, date(2026, 12, 4)), (-3, date(2026, 12, 5))]
    assert found.days[-1].on == ZERO
    assert found.days[-1].infusion
    assert found.fixed


def test_a_range_is_laid_out_by_policy_within_what_the_label_allows() -> None:
    """Breyanzi: 2 to 7 days after three days of chemotherapy; the policy says 3, Carvykti's range is 2 to 4."""
    found = laid_out(drawn(product=LISO))
    assert [each.day for each in found.days if each.doses] == [-5, -4, -3]
    assert (found.earliest_start, found.latest_start) == (date(2026, 11, 29), date(2026, 12, 4))
    seven = fact(1, "center_policy", 7, "lymphodepletion_rest_days")
    bound = laid_out(drawn(product=CILTA, diagnosis="multiple_myeloma", center=[seven]))
    assert bound.rest_days == 4


def test_what_is_booked_goes_before_the_policy() -> None:
    booked = fact(32, "appointment", "lymphodepletion", state="planned")
    found = laid_out(drawn(booked, product=LISO))
    assert found.rest_days == 2
    assert found.days[0].on == date(2026, 12, 4)


def test_without_a_day_zero_there_is_no_calendar() -> None:
    case = drawn(infusion=None)
    assert calendar(case, lymphodepletion(case)) is None


def test_a_cancelled_booking_is_none() -> None:
    case = drawn(planned(36, state="cancelled"), infusion=None)
    assert case.day_zero is None


class TestWindow:
    """From the last dose to the infusion: inside, until when, and what is open."""

    @pytest.mark.parametrize(
        ("last", "answer"), [(33, Answer.yes), (34, Answer.yes), (35, Answer.no), (29, Answer.yes), (28, Answer.no)]
    )
    def test_breyanzi_2_to_7_days_both_ends_included(self, last: float, answer: Answer) -> None:
        case = drawn(*given(last - 2, last - 1, last), product=LISO, now=35.9, body=[])
        assert of(case).inside is answer

    def test_it_says_until_when(self) -> None:
        found = of(drawn(*given(31, 32, 33), product=LISO, now=34.5, body=[]))
        assert (found.opens, found.closes, found.days_left) == (date(2026, 12, 7), date(2026, 12, 12), 6)

    def test_what_has_not_ended_has_no_window_yet(self) -> None:
        found = of(drawn(*given(31, 32, ended=False), product=LISO, now=33.5, body=[]))
        assert (found.inside, found.closes) == (Answer.unknown, None)

    def test_a_window_that_has_closed_is_no_even_without_a_plan(self) -> None:
        found = of(drawn(*given(20, 21, 22), product=LISO, infusion=None, body=[]))
        assert found.inside is Answer.no
        assert "closed" in found.because

    def test_the_last_drug_counts_not_when_its_end_was_charted(self) -> None:
        facts = [*given(31, 32, 33, ended=False), fact(35, "lymphodepletion", "completed")]
        assert of(drawn(*facts, product=LISO, now=35.9, body=[])).last_dose == date(2026, 12, 5)

    def test_an_earlier_lymphodepletion_is_another_one(self) -> None:
        found = of(drawn(*given(1, 2, 3), product=LISO, now=35.9, body=[]))
        assert found.last_dose is None

    def test_a_start_after_the_last_end_is_another_one_that_has_not_ended(self) -> None:
        """Not counted from the first one, nor from the first day of the one that runs."""
        first, again = given(10, 11, 12), given(31, ended=False)
        found = of(drawn(*first, *again, product=LISO, now=31.75, body=[]))
        assert (found.last_dose, found.inside) == (None, Answer.unknown)

    @pytest.mark.parametrize(
        ("start", "answer"), [(20, Answer.no), (27, Answer.unknown), (32, Answer.unknown), (33, Answer.no)]
    )
    def test_days_booked_outside_the_label_are_no_as_soon_as_both_are_booked(
        self, start: float, answer: Answer
    ) -> None:
        """Breyanzi: three days, then 2 to 7; the infusion is booked for day 36."""
        booked = fact(start, "appointment", "lymphodepletion", state="planned")
        case = drawn(booked, product=LISO, now=15, body=[])
        assert of(case).inside is answer
        assert bool(laid_out(case).outside) is (answer is Answer.no)
        (listed,) = (each for each in go_no_go(case, Before.lymphodepletion).points if each.id == "GO-BOOKED")
        assert listed.answer is (Answer.no if answer is Answer.no else Answer.yes)

    def test_days_that_the_label_fixes_are_not_drawn_over_what_is_booked_without_a_word(self) -> None:
        booked = fact(26, "appointment", "lymphodepletion", state="planned")
        assert "2026-11-28" in laid_out(drawn(booked, now=20)).outside

    def test_the_labels_rules_for_repeating_and_leaving_out_are_told(self) -> None:
        assert "14 days" in of(drawn(product=CILTA, diagnosis="multiple_myeloma")).repeat
        assert "white cells" in of(drawn(product=TISA)).omission

    def test_what_was_given_stays_inside_when_time_goes_on(self) -> None:
        facts = [*given(31, 32, 33), fact(36, "infusion", AXI, "bag-1")]
        assert of(drawn(*facts, now=50, body=[])).inside is Answer.yes
