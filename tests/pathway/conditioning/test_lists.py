"""What the lists before a decision must not miss: consent, an end, identity, newer signs, the dose of cells."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer, Criterion, Severity
from cartway.pathway.conditioning import Before, Case, go_no_go
from cartway.record import Fact
from pathway.conditioning.cases import OBE, drawn
from pathway.manufacture.drawn import fact

EVERY = tuple(Before)
DEPLETED = (fact(31, "lymphodepletion", "started"), fact(33, "lymphodepletion", "completed"))


def listed(case: Case, before: Before, name: str) -> Criterion | None:
    return next((each for each in go_no_go(case, before).points if each.id == f"GO-{name}"), None)


def of(before: Before, name: str, *more: Fact, now: float = 36.5, center: tuple[Fact, ...] = ()) -> Criterion:
    found = listed(drawn(*DEPLETED, *more, now=now, center=center), before, name)
    assert found is not None
    return found


class TestConsent:
    """Whoever takes it back gets no cells: it stands on every list, as the programme's gate reads it."""

    @pytest.mark.parametrize("before", EVERY)
    def test_taken_back_after_lymphodepletion_it_stops_every_list(self, before: Before) -> None:
        signed = fact(10, "consent", version="4")
        found = of(before, "CONSENT", signed, fact(35, "gate", "refused", "consent"))
        assert (found.answer, found.severity) == (Answer.no, Severity.absolute)

    @pytest.mark.parametrize("before", EVERY)
    def test_signed_to_the_treatment_in_a_version(self, before: Before) -> None:
        assert of(before, "CONSENT", fact(10, "consent", version="4", to="treatment")).answer is Answer.yes
        assert of(before, "CONSENT", fact(10, "consent")).answer is Answer.unknown

    def test_to_research_only_it_is_not_consent_to_the_treatment(self) -> None:
        research = fact(10, "consent", version="4", to="collection and registry research only")
        assert of(Before.lymphodepletion, "CONSENT", research).answer is Answer.unknown

    def test_in_a_version_no_longer_in_force_it_is_out_of_date(self) -> None:
        rule = fact(5, "gate", "met", "consent", version="4")
        found = of(Before.lymphodepletion, "CONSENT", fact(10, "consent", version="3"), center=(rule,))
        assert found.answer is Answer.no
        assert "version 4 is in force" in found.because


class TestEnded:
    """Nothing is decided of a course that has ended."""

    @pytest.mark.parametrize("before", EVERY)
    @pytest.mark.parametrize("end", [fact(35, "death"), fact(35, "course_closed", "withdrawn")])
    def test_an_end_stops_every_list_and_comes_first(self, before: Before, end: Fact) -> None:
        found = of(before, "ENDED", end)
        assert (found.answer, found.severity) == (Answer.no, Severity.absolute)
        assert go_no_go(drawn(*DEPLETED, end, now=36.5), before).open[0].id == "GO-ENDED"

    def test_reopened_it_goes_on(self) -> None:
        facts = fact(34, "course_closed", "withdrawn"), fact(35, "course_closed", "reopened")
        assert listed(drawn(*facts, now=36.5), Before.infusion, "ENDED") is None


class TestIdentity:
    """Nobody is depleted for cells that cannot be given."""

    bag = fact(25, "container", "product_bag", "bag-1", batch="B1", patient_matches="this course")
    other = fact(25, "container", "product_bag", "bag-1", batch="B1", patient_matches="another")

    def test_it_stands_on_the_list_before_lymphodepletion(self) -> None:
        missing = listed(drawn(self.bag), Before.lymphodepletion, "CHAIN")
        wrong = listed(drawn(self.other), Before.lymphodepletion, "CHAIN")
        assert missing is not None
        assert wrong is not None
        assert (missing.answer, missing.severity) == (Answer.unknown, Severity.deferring)
        assert (wrong.answer, wrong.severity) == (Answer.no, Severity.absolute)

    def test_a_chain_broken_before_any_container_is_known_is_told(self) -> None:
        collected = fact(5, "collection", "completed", coi="COI-1", din="W000026123456")
        found = listed(drawn(collected), Before.lymphodepletion, "CHAIN")
        assert found is not None
        assert found.because.startswith("W000026123456: No chain of identity")


class TestNewerSigns:
    """A finding of before the fever or the shock does not know of it."""

    def test_a_fever_after_the_examination_makes_infection_unknown(self) -> None:
        hot = fact(36.4, "body_temperature", 39.4)
        found = of(Before.infusion, "INFECT", fact(36, "infection_status", "none"), hot, now=36.6)
        assert found.answer is Answer.yes  # the examination was at noon, the fever in the morning
        found = of(Before.infusion, "INFECT", fact(35.9, "infection_status", "none"), hot, now=36.6)
        assert found.answer is Answer.unknown
        assert "fever of Dec 8 09:36 (39.4)" in found.because

    @pytest.mark.parametrize(
        "sign", [fact(36.4, "systolic_pressure", 78), fact(36.2, "drug", "norepinephrine", until=36.5)]
    )
    @pytest.mark.parametrize(("name", "what"), [("TOX", "unresolved_toxicity"), ("INFECT", "infection_status")])
    def test_a_shock_after_it_makes_both_unknown(self, sign: Fact, name: str, what: str) -> None:
        found = of(Before.infusion, name, fact(36.3, what, "none"), sign)
        assert found.answer is Answer.unknown

    def test_a_fever_after_lymphodepletion_asks_for_48_hours_without(self) -> None:
        hot = fact(34.5, "body_temperature", 38.6)
        found = of(Before.infusion, "FEVER", hot, now=36.4)
        assert (found.answer, found.decided_by) == (Answer.no, "afebrile_hours_after_fever")
        assert "Hayden 2022" in found.source.text
        assert of(Before.infusion, "FEVER", hot, now=36.6).answer is Answer.unknown
        cool = fact(36.3, "body_temperature", 36.9)
        assert of(Before.infusion, "FEVER", hot, cool, now=36.6).answer is Answer.yes

    def test_without_a_fever_since_lymphodepletion_nothing_is_asked(self) -> None:
        before = fact(20, "body_temperature", 39)
        assert listed(drawn(*DEPLETED, before, now=36.5), Before.infusion, "FEVER") is None


@pytest.mark.parametrize("stated", [[], [fact(25, "release_certificate", None, "B1", dose_million=20)]])
def test_a_dose_of_cells_that_is_not_known_to_fit_defers(stated: list[Fact]) -> None:
    """20 million at 80 kg is an eighth of the target; none stated is no better."""
    found = of(Before.infusion, "CELLS", *stated)
    assert (found.answer, found.severity) == (Answer.unknown, Severity.deferring)


def test_a_second_dose_is_not_asked_about_booked_days() -> None:
    assert listed(drawn(product=OBE, diagnosis="b_all"), Before.second_dose, "BOOKED") is None
