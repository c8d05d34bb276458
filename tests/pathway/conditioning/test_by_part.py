"""The parts of a split dose: which container is of which part, in which order, and what keeps the second back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cartway.pathway.answer import Answer, Criterion, Severity
from cartway.pathway.conditioning import (
    Before,
    Case,
    before_giving,
    fits_row,
    giving_order,
    go_no_go,
    kept_back,
    split_dose,
)
from cartway.pathway.products import split
from cartway.record import Fact
from pathway.conditioning.cases import AXI, OBE, drawn
from pathway.conditioning.test_split import FIRST, STARTED, marrow, ward
from pathway.manufacture.drawn import fact

GIVEN = fact(FIRST, "infusion", OBE, "bag-10")
ILL = [*ward(36.75), *ward(39, celsius=39.2, pressor=True), fact(39.01, "oxygen_device", "high_flow_nasal_cannula")]


def bags(**parts: int) -> list[Fact]:
    """The three bags; a part only where it is said: which bag is of which part depends on the marrow."""
    made = []
    for million in (100, 10, 300):
        name, said = f"bag-{million}", parts.get(f"of_{million}")
        detail: dict[str, Any] = {"dose_million": million, **({"part": said} if said else {})}
        made.append(fact(25, "container", "product_bag", name, batch="B1", **detail))
    return made


def obe(*more: Fact, now: float = 36.45, held: list[Fact] | None = None) -> Case:
    return drawn(STARTED, *(held or bags()), *more, product=OBE, diagnosis="b_all", now=now)


def first(case: Case) -> Criterion:
    return next(each for each in go_no_go(case, Before.infusion).points if each.id == "GO-FIRST")


class TestFirst:
    """The bag of the first part against the marrow: more than 20 % is another bag than up to 20 %."""

    @pytest.mark.parametrize(("percent", "bag"), [(5, "bag-100"), (60, "bag-10")])
    def test_the_order_follows_the_row(self, percent: float, bag: str) -> None:
        assert giving_order(obe(marrow(28, percent)))[0] == bag

    def test_it_follows_the_row_against_the_parts_on_the_labels(self) -> None:
        held = bags(of_100=1, of_10=2, of_300=2)
        assert giving_order(obe(marrow(28, 60), held=held)) == ("bag-10", "bag-100", "bag-300")

    def test_without_a_marrow_the_labels_say_the_order(self) -> None:
        assert giving_order(obe(held=bags(of_100=1, of_10=2, of_300=2)))[0] == "bag-100"

    def test_no_marrow_is_not_known_and_says_so(self) -> None:
        found = first(obe())
        assert (found.answer, found.severity) == (Answer.unknown, Severity.deferring)
        assert "There is no marrow" in found.because
        assert found.missing[0].what == "marrow_blasts"

    def test_a_bag_labeled_for_the_first_part_that_is_not_of_the_row_is_no(self) -> None:
        found = first(obe(marrow(28, 60), held=bags(of_100=1)))
        assert found.answer is Answer.no
        assert "bag-100 (100 million) is no container of part 1" in found.because
        assert not found.source.confirmed

    def test_a_bag_that_fits_is_yes_and_the_row_is_shown_as_not_confirmed(self) -> None:
        found = first(obe(marrow(28, 60)))
        assert found.answer is Answer.yes
        assert "bag-10 (10 million)" in found.because
        assert not found.source.confirmed

    def test_the_amounts_of_the_row_are_not_told_where_they_are_not_confirmed(self) -> None:
        answer, because = fits_row(obe(marrow(28, 60)), "bag-100", 1)
        assert answer is Answer.no
        assert "Quoted from: US prescribing information" in because
        assert "10 million" not in because.replace("100 million", "")

    def test_a_bag_whose_label_states_no_dose_is_not_known(self) -> None:
        held = [fact(25, "container", "product_bag", "bag-x", batch="B1")]
        assert first(obe(marrow(28, 60), held=held)).answer is Answer.unknown

    def test_it_is_not_asked_of_a_product_that_is_not_split(self) -> None:
        asked = {each.id for each in go_no_go(drawn(product=AXI), Before.infusion).points}
        assert "GO-FIRST" not in asked
        assert fits_row(drawn(product=AXI), "bag-1", 1) == (Answer.yes, "")


class TestSecond:
    """Once the first infusion is in, every other container needs the go for the second part."""

    def test_a_bag_whose_label_names_no_part_needs_the_second_go(self) -> None:
        assert before_giving(obe(marrow(28, 60)), "bag-100") is Before.infusion
        assert before_giving(obe(marrow(28, 60), GIVEN, now=45), "bag-100") is Before.second_dose

    def test_a_bag_labeled_for_part_1_is_of_the_first_on_its_day_only(self) -> None:
        held = bags(of_100=1)
        assert before_giving(obe(GIVEN, held=held, now=FIRST + 0.1), "bag-100") is Before.infusion
        assert before_giving(obe(GIVEN, held=held, now=FIRST + 1), "bag-100") is Before.second_dose

    def test_of_a_product_that_is_not_split_a_later_bag_is_of_the_infusion(self) -> None:
        later = drawn(fact(36.5, "infusion", AXI, "bag-1"), product=AXI, now=38)
        assert before_giving(later, "bag-2") is Before.infusion

    def test_do_not_give_by_the_label_keeps_it_back(self) -> None:
        case = obe(marrow(28, 60), GIVEN, *ILL, now=45)
        found = split_dose(case)
        assert found is not None
        assert kept_back(case) == found.second.because
        assert "not to give the second" in kept_back(case)

    @pytest.mark.parametrize(
        ("choice", "severity"), [("withhold", Severity.absolute), ("postpone", Severity.deferring)]
    )
    def test_a_decision_against_it_keeps_it_back_and_stands_on_its_list(self, choice: str, severity: Severity) -> None:
        decided = fact(44, "dose_decision", choice, part=2, text="septic")
        case = obe(marrow(28, 60), GIVEN, decided, now=45)
        assert "by the decision of Dec 16 12:00: septic" in kept_back(case)
        listed = next(each for each in go_no_go(case, Before.second_dose).points if each.id == "GO-SPLIT")
        assert (listed.answer, listed.severity) == (Answer.no, severity)

    def test_a_later_decision_to_give_ends_it(self) -> None:
        decisions = fact(44, "dose_decision", "postpone", part=2), fact(44.6, "dose_decision", "give", part=2)
        assert kept_back(obe(marrow(28, 60), GIVEN, *decisions, now=45)) == ""


class TestAbsolute:
    """What a reason does not overrule before cells."""

    @pytest.mark.parametrize("before", [Before.infusion, Before.second_dose])
    def test_an_active_infection_stops_the_cells(self, before: Before) -> None:
        ill = fact(36, "infection_status", "active")
        assert "GO-INFECT" in {each.id for each in go_no_go(drawn(ill, now=36.5), before).stops}

    def test_before_lymphodepletion_it_defers(self) -> None:
        ill = fact(30, "infection_status", "active")
        assert "GO-INFECT" not in {each.id for each in go_no_go(drawn(ill), Before.lymphodepletion).stops}

    def test_an_infection_nobody_looked_at_defers(self) -> None:
        points = go_no_go(drawn(now=36.5), Before.infusion).points
        assert next(each for each in points if each.id == "GO-INFECT").severity is Severity.deferring

    @pytest.mark.parametrize("before", list(Before))
    def test_a_bag_in_quarantine_stops_every_list(self, before: Before) -> None:
        aside = fact(34, "quarantine", "placed", "bag-10")
        batch = fact(20, "batch", None, "B1", product=OBE)
        stops = {each.id for each in go_no_go(obe(batch, aside, marrow(28, 60)), before).stops}
        assert "GO-CHAIN" in stops
        assert ("GO-SITE" in stops) == (before is Before.lymphodepletion)


def test_a_row_whose_amounts_are_confirmed_stops_with_the_wrong_bag(monkeypatch: pytest.MonkeyPatch) -> None:
    """A confirmed row is not a question any more."""
    from cartway.pathway.conditioning import split as module

    rows = split(OBE, obe().today)
    assert rows is not None
    seen = tuple(
        msgspec.structs.replace(row, source=msgspec.structs.replace(row.source, confirmed=True)) for row in rows
    )
    monkeypatch.setattr(module, "split", lambda *_: seen)
    found = first(obe(marrow(28, 60), held=bags(of_100=1)))
    assert (found.answer, found.severity) == (Answer.no, Severity.absolute)
