"""The split dose of obecabtagene autoleucel: parts by marrow blasts, the second part by toxicity after the first."""

from __future__ import annotations

from datetime import date

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.conditioning import Action, Before, Case, SplitDose, go_no_go, split_dose
from cartway.record import Fact
from pathway.conditioning.cases import AXI, OBE, drawn
from pathway.manufacture.drawn import fact

STARTED = fact(30, "lymphodepletion", "started")
FIRST = 36.5  # noon of 2026-12-08: the label's day 1


def obe(*more: Fact, now: float = 30.75) -> Case:
    return drawn(STARTED, *more, product=OBE, diagnosis="b_all", now=now)


def of(case: Case) -> SplitDose:
    found = split_dose(case)
    assert found is not None
    return found


def marrow(day: float, percent: float) -> Fact:
    return fact(day, "marrow_blasts", percent)


class TestBurden:
    """Within 7 days before lymphodepletion begins; the threshold is 20 %."""

    @pytest.mark.parametrize(
        ("percent", "row"), [(0, "LOW"), (5, "LOW"), (20, "LOW"), (20.1, "HIGH"), (90, "HIGH"), (100, "HIGH")]
    )
    def test_the_row_by_blasts(self, percent: float, row: str) -> None:
        found = of(obe(marrow(28, percent))).burden.row
        assert found is not None
        assert found.id == f"AUC-SPLIT-{row}"

    def test_the_amounts_are_not_confirmed_and_so_not_shown(self) -> None:
        burden = of(obe(marrow(28, 5))).burden
        assert burden.parts_million is None
        assert burden.quotes[0].confirmed is False
        assert "not confirmed" in burden.because

    @pytest.mark.parametrize(("day", "known"), [(22, False), (23, True), (30.25, True), (31, False)])
    def test_only_a_marrow_of_the_seven_days_before_counts(self, day: float, known: bool) -> None:
        assert (of(obe(marrow(day, 5), now=32)).burden.row is not None) is known

    def test_a_marrow_that_cannot_be_counted_is_taken_as_high(self) -> None:
        lost = fact(28, "marrow_blasts", "not_evaluable")
        found = of(obe(lost)).burden.row
        assert found is not None
        assert found.id == "AUC-SPLIT-HIGH"

    def test_two_marrows_on_two_sides_are_not_chosen_between(self) -> None:
        assert of(obe(marrow(26, 30), marrow(28, 10))).burden.row is None

    def test_no_marrow_no_row_and_the_source_is_quoted(self) -> None:
        burden = of(obe()).burden
        assert burden.row is None
        assert burden.quotes


def ward(day: float, *, celsius: float = 36.8, pressor: bool = False, ice: int = 10) -> list[Fact]:
    """A round of observations; with a pressor, as it is charted."""
    facts = [
        fact(day, "body_temperature", celsius),
        fact(day, "systolic_pressure", 118),
        fact(day, "oxygen_saturation", 97),
        fact(day, "oxygen_device", "room_air"),
        *ice_of(day, ice),
    ]
    if pressor:
        facts += [fact(day, "drug", "norepinephrine", until=day + 0.1, continuous=True)]
    return facts


def ice_of(day: float, score: int) -> list[Fact]:
    """The ICE with its points taken from attention."""
    return [
        fact(day, "ice_orientation", 4),
        fact(day, "ice_naming", 3),
        fact(day, "ice_command", 1),
        fact(day, "ice_writing", 1),
        fact(day, "ice_attention", 1 if score == 10 else 0),
    ]


def watched(until: float, since: float = FIRST, but: tuple[float, float] = (0, 0)) -> list[Fact]:
    """A quiet round every ten hours up to a day, except between two days: no hour is without an assessment."""
    days = [since + 0.4 * number for number in range(int((until - since) / 0.4) + 1)]
    return [each for day in days if not but[0] <= day <= but[1] for each in ward(day)]


def after_first(*rounds: Fact, now: float, but: tuple[float, float] = (0, 0)) -> SplitDose:
    """The second part after the first, watched all the time but between two days."""
    first = fact(FIRST, "infusion", OBE, "bag-1", part=1)
    return of(obe(marrow(28, 5), first, *watched(now, but=but), *rounds, now=now))


class TestSecond:
    """Day 1 is the first infusion: day 10 plus or minus 2 is 2026-12-15 to 2026-12-19; day 21 is 2026-12-28."""

    def test_without_toxicity_it_is_given_in_its_days(self) -> None:
        second = after_first(now=45.05).second
        assert (second.opens, second.closes) == (date(2026, 12, 15), date(2026, 12, 19))
        assert (second.action, second.answer) == (Action.give, Answer.yes)

    def test_not_before_its_days(self) -> None:
        second = after_first(now=40.05).second
        assert (second.action, second.answer) == (Action.give, Answer.no)

    def test_crs_of_grade_2_postpones_until_it_is_1_at_most_to_day_21(self) -> None:
        ill = ward(38.01, celsius=39.0, pressor=True)
        now = after_first(*ill, now=38.05).second
        assert now.toxicity[0].highest is not None
        assert now.toxicity[0].highest >= 2

    def test_hypoxia_on_low_flow_is_grade_2(self) -> None:
        """Fever with oxygen by low-flow cannula: grade 2; the label lets the second part be put off to day 21."""
        ill = [
            fact(44.9, "body_temperature", 38.9),
            fact(44.9, "systolic_pressure", 118),
            fact(44.9, "oxygen_device", "nasal_cannula"),
            fact(44.9, "oxygen_flow", 2),
            fact(44.9, "oxygen_saturation", 94),
            *ice_of(44.9, 10),
        ]
        second = after_first(*ill, now=45.0).second
        assert (second.action, second.answer) == (Action.postpone, Answer.no)
        assert second.closes == date(2026, 12, 28)
        assert second.confirmed
        better = after_first(*ill, now=51.05).second
        assert (better.action, better.answer) == (Action.give, Answer.yes)

    def test_icans_of_grade_1_postpones_and_says_that_this_was_not_confirmed(self) -> None:
        dull = [*ward(44.9, ice=9), fact(44.9, "consciousness", "awake")]
        second = after_first(*dull, now=45.0).second
        assert second.action is Action.postpone
        assert not second.confirmed

    def test_a_grade_that_cannot_be_assessed_is_not_taken_for_none(self) -> None:
        second = after_first(now=45.0, but=(36, 60)).second
        assert (second.action, second.answer) == (Action.unknown, Answer.unknown)

    def test_days_that_nobody_assessed_are_not_taken_for_grade_0_and_are_named(self) -> None:
        """A quiet first evening, a quiet day nine, and nothing between: a grade 3 of day four would not be seen."""
        second = after_first(now=45.05, but=(37.5, 44.4)).second
        assert (second.action, second.answer) == (Action.unknown, Answer.unknown)
        assert "CRS was not fully assessed for" in second.because
        assert "to Dec 16 12:00" in second.because
        assert not second.toxicity[0].certain

    def test_what_is_known_to_postpone_it_does_so_although_hours_are_missing(self) -> None:
        ill = [*ward(44.9, celsius=38.9), fact(44.95, "oxygen_device", "nasal_cannula"), fact(44.95, "oxygen_flow", 2)]
        second = after_first(*ill, now=45.0, but=(37.5, 41)).second
        assert (second.action, second.answer) == (Action.postpone, Answer.no)

    def test_after_its_days_the_label_does_not_say(self) -> None:
        second = after_first(now=50.05).second
        assert (second.action, second.answer) == (Action.unknown, Answer.no)

    def test_once_given_it_is_given(self) -> None:
        again = [fact(45.5, "infusion", OBE, f"bag-{n}", part=2) for n in (2, 3)]
        second = after_first(*again, now=46).second
        assert second.given is not None
        assert (second.action, second.answer) == (Action.give, Answer.no)
        assert "nothing of it is left" in second.because

    def test_half_of_it_is_told_as_half(self) -> None:
        """The label's rows draw the second part from two bags: one is in."""
        half = fact(45.02, "infusion", OBE, "bag-blue", part=2)
        second = after_first(half, now=45.05).second
        assert second.because.startswith("The second part has begun: 1 of 2 containers.")
        assert not second.parts.whole

    def test_a_later_infusion_that_does_not_say_its_part_is_never_passed_over(self) -> None:
        """Else the list would say yes to a third dose."""
        other = fact(45.02, "infusion", OBE, "bag-2")
        second = after_first(other, now=45.05).second
        assert (second.action, second.answer) == (Action.unknown, Answer.unknown)
        assert second.because == "Another infusion is recorded (Dec 17), and not which part it was."

    def test_grade_1_icans_that_has_resolved_does_not_keep_it_away(self) -> None:
        dull = [*ward(40.02, ice=9), fact(40.02, "consciousness", "awake")]
        second = after_first(*dull, now=46.05).second
        assert (second.toxicity[1].highest, second.toxicity[1].present) == (1, 0)
        assert (second.action, second.answer) == (Action.give, Answer.yes)
        assert not second.confirmed
        assert "in a text not seen" in second.because

    def test_the_rule_that_decides_brings_its_own_source(self) -> None:
        """CRS 2 postpones by a text seen; ICANS 2 stops by one that was not: the stop is shown as not confirmed."""
        ill = [
            *ward(44.9, celsius=38.9), fact(44.92, "oxygen_device", "nasal_cannula"), fact(44.92, "oxygen_flow", 2),
            fact(44.92, "ice_orientation", 2), fact(44.92, "ice_naming", 1), fact(44.92, "ice_command", 1),
            fact(44.92, "ice_writing", 0), fact(44.92, "ice_attention", 0), fact(44.92, "consciousness", "awake"),
        ]  # fmt: skip
        first = fact(FIRST, "infusion", OBE, "bag-1", part=1)
        case = obe(marrow(28, 5), first, *watched(45), *ill, now=45.0)
        second = of(case).second
        assert (second.action, second.confirmed) == (Action.withhold, False)
        assert "the label says" not in second.because
        listed = next(each for each in go_no_go(case, Before.second_dose).points if each.id == "GO-SPLIT")
        assert listed.source == second.source


def test_crs_of_grade_3_stops_the_second_part() -> None:
    """A vasopressor: grade 3 at least with fever; the label says not to give the second part."""
    first = fact(FIRST, "infusion", OBE, "bag-1", part=1)
    ill = [
        fact(44.9, "body_temperature", 39.2),
        fact(44.9, "systolic_pressure", 84),
        fact(44.9, "oxygen_device", "high_flow_nasal_cannula"),
        fact(44.9, "oxygen_flow", 40),
        *ice_of(44.9, 10),
    ]
    second = of(obe(marrow(28, 5), first, *ward(36.75), *ill, now=45.0)).second
    assert (second.action, second.answer) == (Action.withhold, Answer.no)
    assert second.confirmed
    later = of(obe(marrow(28, 5), first, *ward(36.75), *ill, *ward(51.02), now=51.05)).second
    assert later.action is Action.withhold


def test_a_product_that_is_not_split_has_none() -> None:
    assert split_dose(drawn(product=AXI)) is None
