"""Doses: 8 mg/kg of tocilizumab, 12 below 30 kg, 800 mg at most; none from a weight or number nobody can stand on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cartway.pathway.answer import Answer
from cartway.watch.protocol import load_doses
from toxicity.drawn import WELL, Saying, age, at, conscious, course, hour_of, ice, infused, push, unreadable
from watch.protocol.asking import SIGNS, dose_of, ill, mg, refused, says, step_of, toci, weighs

TOCI = "crs-tocilizumab"


@pytest.mark.parametrize(
    ("kg", "expected"),
    [
        (82, "656"),  # 8 mg/kg
        (100, "800"),  # the cap, exactly
        (110, "800"),  # 880 by weight: ASCO 2021, not more than 800 mg a dose
        (30, "240"),  # from 30 kg on 8 mg/kg
        (29.9, "359"),  # below 30 kg 12 mg/kg: 358.8, rounded to whole milligrams
        (16.2, "194"),  # 194.4
    ],
)
def test_tocilizumab_by_weight(kg: float, expected: str) -> None:
    assert mg(says(ill(2, kg=kg), 31), TOCI) == expected


def test_the_working_is_shown_with_the_cap_and_the_rounding() -> None:
    assert dose_of(says(ill(2), 31), TOCI).words == "656 mg IV over 1 hour (8 mg/kg x 82 kg)"
    capped = dose_of(says(ill(2, kg=110), 31), TOCI)
    assert capped.working == "8 mg/kg x 110 kg = 880 mg, at most 800 mg"
    light = dose_of(says(ill(2, kg=29.9), 31), TOCI)
    assert light.working == "12 mg/kg x 29.9 kg = 358.8 mg, rounded"
    assert light.exact_mg == Decimal("358.8")
    assert light.sources[0].text.startswith("US prescribing information of tisagenlecleucel")


def test_a_center_may_round_to_tens() -> None:
    assert mg(says(ill(2, kg=81.9), 31), TOCI) == "655"
    assert mg(says(ill(2, kg=81.9), 31, protocol_rounding_mg=10), TOCI) == "660"
    assert mg(says(ill(2, kg=81.9), 31, protocol_rounding_mg=0), TOCI) == "655.2"


def test_rounding_never_leads_over_the_cap() -> None:
    """To multiples of 30 mg, 800 would be 810."""
    assert mg(says(ill(2, kg=110), 31, protocol_rounding_mg=30), TOCI) == "800"


def test_rounding_never_leads_to_none() -> None:
    """A child of 4 kg: 48 mg, to multiples of 100 mg."""
    assert mg(says(ill(3, kg=4, years=1), 31, protocol_rounding_mg=100), TOCI) == "48"


class TestNoDose:
    """No dose from a missing, stale, implausible or contradicted weight: the source is quoted instead."""

    @pytest.mark.parametrize(
        ("weights", "code"),
        [
            ([], "weight_missing"),
            (weighs(82, -60), "weight_stale"),  # older than 3 days
            (weighs(3000), "weight_implausible"),
            (course(weighs(82, 0), weighs(180.8)), "weight_implausible"),  # pounds for kilograms
            (course(weighs(82, 27), weighs(75, 28)), "weight_contradictory"),
        ],
    )
    def test_of_a_weight(self, weights: list, code: str) -> None:  # type: ignore[type-arg]
        told = says(course(infused(), age(58), weights, at(30, *SIGNS[2])), 31)
        assert mg(told, TOCI) == "none"
        assert refused(told, TOCI) == [code]
        assert "8 mg/kg" in dose_of(told, TOCI).words
        assert dose_of(told, TOCI).words.startswith("no dose worked out; the source says:")

    def test_of_a_number_that_is_not_confirmed(self) -> None:
        """Every dose whose source was not seen, whatever the patient."""
        doubtful = [name for name, rule in load_doses().items() if not rule.confirmed]
        assert "anakinra" in doubtful
        for name in doubtful:
            rule = load_doses()[name]
            assert (rule.mg, rule.mg_kg) == (None, None), f"{name} holds a number that nobody saw"

    def test_of_anakinra(self) -> None:
        told = says(course(ill(0, 3), at(31, push("dexamethasone", 10.0))), 32)
        assert refused(told, "icans-second-line") == ["not_confirmed"]
        assert "100 to 200 mg" in dose_of(told, "icans-second-line").words

    def test_of_a_child_from_an_adults_number(self) -> None:
        """Dexamethasone 10 mg is printed for adults; tocilizumab by weight is printed for both."""
        told = says(ill(3, years=9, kg=28), 31)
        assert mg(told, TOCI) == "336"
        assert refused(told, "crs-3-dexamethasone") == ["not_for_children"]

    def test_what_is_said_of_children_is_quoted_for_a_child_only(self) -> None:
        child, adult = says(ill(3, years=9, kg=28), 31), says(ill(3), 31)
        assert [each.text.partition(",")[0] for each in dose_of(child, "crs-3-dexamethasone").sources] == [
            "ASCO 2021", "Mahadeo",
        ]  # fmt: skip
        assert len(dose_of(adult, "crs-3-dexamethasone").sources) == 1

    def test_of_an_age_that_is_not_known(self) -> None:
        told = says(course(infused(), weighs(82), at(30, *SIGNS[3])), 31)
        assert mg(told, TOCI) == "656"
        assert refused(told, "crs-3-dexamethasone") == ["age_unknown"]

    def test_from_eighteen_on_the_number_holds(self) -> None:
        assert mg(says(ill(3, years=18.1), 31), "crs-3-dexamethasone") == "10"
        assert mg(says(ill(3, years=17.9), 31), "crs-3-dexamethasone") == "none"


class TestTally:
    """At least 8 h apart, 3 in 24 h and 4 in all; from this record alone."""

    def test_none_given(self) -> None:
        told = says(ill(2), 31).tally
        assert told is not None
        assert (len(told.doses), told.left, told.waits(0)) == (0, 4, False)
        assert told.words == "0 given, 4 left of 4. Doses given elsewhere are unknown."

    @pytest.mark.parametrize(
        ("hours", "left", "next_hour"),
        [
            ((31,), 3, 39),  # 8 hours after the last
            ((31, 39), 2, 47),
            ((31, 39, 47), 1, 55),  # 3 in 24 h: from hour 55 on the first is 24 h past, as the distance asks too
            ((31, 39, 40.5), 1, 55),  # too close together, and counted all the same
            ((20, 39, 47), 1, 55),
        ],
    )
    def test_when_the_next_may_be_given(self, hours: tuple[float, ...], left: int, next_hour: float) -> None:
        told = says(course(ill(2), toci(*hours)), 48).tally
        assert told is not None
        assert told.next_at is not None
        assert (told.left, hour_of(told.next_at)) == (left, next_hour)

    def test_at_the_maximum_there_is_no_dose(self) -> None:
        told = says(course(ill(2), toci(0, 10, 20, 31)), 36)
        assert told.tally is not None
        assert (told.tally.left, told.tally.next_at, told.tally.spent) == (0, None, True)
        assert refused(told, TOCI) == ["maximum_reached"]

    def test_between_doses_the_dose_is_shown_with_its_time(self) -> None:
        told = says(course(ill(2), toci(31)), 34)
        assert mg(told, TOCI) == "656"
        wait = dose_of(told, TOCI).not_before
        assert wait is not None
        assert hour_of(wait) == 39
        assert dose_of(says(course(ill(2), toci(31)), 39), TOCI).not_before is None

    def test_what_was_held_or_refused_is_no_dose(self) -> None:
        told = says(course(ill(2), toci(31, status="held"), toci(31.2, status="refused")), 33).tally
        assert told is not None
        assert told.left == 4

    def test_two_systems_that_chart_one_dose_make_one(self) -> None:
        told = says(course(ill(2), toci(31, 31.2)), 33).tally
        assert told is not None
        assert (told.left, told.entries) == (3, 2)
        assert "2 entries" in told.words

    def test_a_dose_before_the_infusion_counts(self) -> None:
        told = says(course(ill(2), toci(-1)), 31).tally
        assert told is not None
        assert told.left == 3

    def test_an_entry_that_could_not_be_read_may_have_been_a_dose(self) -> None:
        told = says(course(ill(2), at(31, unreadable("drug"))), 32).tally
        assert told is not None
        assert told.left is None
        assert "not known" in told.words


def test_an_entry_that_could_not_be_read_leaves_no_dose_to_work_out() -> None:
    """It may have been this drug, half an hour ago: neither the interval nor how many are left is known."""
    told = says(course(ill(2), at(30.5, unreadable("drug"))), 31)
    assert (mg(told, TOCI), refused(told, TOCI)) == ("none", ["unread_drug"])
    assert "Correct the entry" in dose_of(told, TOCI).refusals[0].words
    later = says(course(ill(2), toci(30.2), at(30.5, unreadable("drug"))), 31)
    assert not [each for each in later.changes if "tocilizumab is allowed" in each.words]


class TestOneSteroid:
    """CRS and ICANS at once: the steroids that both name are not added to each other."""

    BOTH = course(ill(4), at(30, conscious("unarousable")))

    def test_the_higher_stands_once_with_the_reason(self) -> None:
        told = says(self.BOTH, 31)
        high = [step for step in told.steps if step.dose is not None and step.dose.rule.drug == "methylprednisolone"]
        (one,) = [step for step in high if not step.if_team]
        assert one.id == "asco_2021:crs-4-methylprednisolone"
        assert mg(told, "crs-4-methylprednisolone") == "1000"
        assert "not added: the higher stands, ICANS's. CRS alone: 500 mg IV every 12 hours" in one.says
        assert one.because == ("CRS grade 4.", "ICANS grade 4.")

    def test_each_alone_keeps_its_own(self) -> None:
        assert mg(says(ill(4), 31), "crs-4-methylprednisolone") == "500"
        deep = course(ill(0), at(31, conscious("unarousable"), *WELL))
        assert mg(says(deep, 32), "icans-4-methylprednisolone") == "1000"

    def test_of_equal_doses_the_one_closer_together_stands(self) -> None:
        """CRS 3: every 6 hours; ICANS 2 refractory to tocilizumab: every 6 to 12 hours, or methylprednisolone."""
        lasts = course(ill(3, 2), toci(31), at(40, *SIGNS[3][:3], ice(5), conscious("awake")))
        told = says(lasts, 40)
        given = [step.id for step in told.steps if step.dose is not None and step.dose.rule.drug == "dexamethasone"]
        assert given == ["asco_2021:crs-3-dexamethasone"]
        one = dose_of(told, "crs-3-dexamethasone")
        assert (mg(told, "crs-3-dexamethasone"), one.rule.every_hours) == ("10", (6,))
        assert [each.rule.drug for each in step_of(told, "crs-3-dexamethasone").instead] == ["methylprednisolone"]

    def test_what_only_the_team_can_say_stands_by_itself(self) -> None:
        told = says(course(ill(2, 2), toci(31), at(40, *SIGNS[2][:3], ice(5), conscious("awake"))), 40)
        names = [step.id.partition(":")[2] for step in told.steps if step.dose is not None]
        assert {"crs-2-dexamethasone", "icans-dexamethasone-after-tocilizumab"} <= set(names)


def test_a_steroid_waits_for_its_interval() -> None:
    """ASCO 2021, CRS grade 3: every 6 hours."""
    told = dose_of(says(course(ill(3), at(31, push("dexamethasone", 10.0))), 33), "crs-3-dexamethasone")
    assert told.not_before is not None
    assert hour_of(told.not_before) == 37
    assert len(told.given) == 1


class TestSchedule:
    """ASCO 2021, CRS grade 4: 500 mg every 12 hours for 3 days, 250 for 2, 125 for 2, then 60 until grade 1."""

    @pytest.mark.parametrize(
        ("day", "expected"),
        [(1, "500"), (3, "500"), (4, "250"), (5, "250"), (6, "125"), (7, "125"), (8, "60"), (12, "60")],
    )
    def test_methylprednisolone_steps_down_by_the_first_charted_dose(self, day: int, expected: str) -> None:
        hour = 31 + (day - 1) * 24 + 12
        first = at(31, push("methylprednisolone", 500.0))
        still = course(*(at(each, *SIGNS[4]) for each in range(36, hour + 1, 6)))
        told = says(course(ill(4), first, still), hour)
        assert mg(told, "crs-4-methylprednisolone") == expected
        assert dose_of(told, "crs-4-methylprednisolone").working.startswith(f"day {day} of the schedule")

    def test_before_the_first_dose_it_is_the_first_day(self) -> None:
        assert mg(says(ill(4), 31), "crs-4-methylprednisolone") == "500"

    def test_a_smaller_dose_of_another_step_does_not_begin_it(self) -> None:
        """1 mg/kg of methylprednisolone for ICANS is not the first day of CRS grade 4's schedule."""
        small = at(31, push("methylprednisolone", 80.0))
        still = course(*(at(each, *SIGNS[4]) for each in range(36, 130, 6)))
        assert mg(says(course(ill(4), small, still), 128), "crs-4-methylprednisolone") == "500"

    def test_a_dose_without_an_amount_leaves_the_day_open(self) -> None:
        unsaid = course(ill(4), at(31, push("methylprednisolone", None)))
        assert refused(says(unsaid, 33), "crs-4-methylprednisolone") == ["schedule_unknown"]

    def test_three_days_of_1000_mg_end(self) -> None:
        first = at(31, push("methylprednisolone", 1000.0))
        deep = course(ill(0), first, *(at(each, conscious("unarousable"), *WELL) for each in range(31, 110, 6)))
        assert mg(says(deep, 90), "icans-4-methylprednisolone") == "1000"
        assert refused(says(deep, 104), "icans-4-methylprednisolone") == ["schedule_over"]

    def test_after_two_doses_at_grade_two_it_is_reassessed(self) -> None:
        """ASCO 2021, CRS grade 2: 1 to 2 doses, then reassess."""
        two = course(ill(2), toci(31), *(at(hour, push("dexamethasone", 10.0)) for hour in (32, 44)), at(46, *SIGNS[2]))
        assert refused(says(two, 46), "crs-2-dexamethasone") == ["reassess"]
        assert mg(says(two, 40), "crs-2-dexamethasone") == "10"


def test_levetiracetam_that_was_charted_is_shown_as_done() -> None:
    told = step_of(
        says(course(ill(0, 1), at(5, push("levetiracetam", 750.0, prophylaxis=True))), 31), "icans-levetiracetam"
    )
    assert told.settled
    assert told.applies is Answer.yes
    other = at(5, Saying("prophylaxis", choice="seizure"))
    assert step_of(says(course(ill(0, 1), other), 31), "icans-levetiracetam").settled
    assert not step_of(says(ill(0, 1), 31), "icans-levetiracetam").settled
