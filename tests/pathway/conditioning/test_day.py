"""The day of infusion: the clock of a thaw, tocilizumab on hand, the order of containers, go or no go."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer, Criterion, Severity
from cartway.pathway.conditioning import (
    Before,
    Case,
    GoNoGo,
    giving_order,
    go_no_go,
    thaw_clocks,
    tocilizumab_on_hand,
)
from cartway.record import Fact
from cartway.times import MINUTE
from pathway.conditioning.cases import AXI, CILTA, LISO, OBE, drawn
from pathway.manufacture.drawn import at, fact

DAY = 36.0  # the day of infusion


class TestThaw:
    """From the start of the thaw, by the label's minutes."""

    bag = fact(25, "container", "product_bag", "bag-1", dose_million=60)

    def clock(self, product: str, now: float, *more: Fact, diagnosis: str = "multiple_myeloma") -> Case:
        started = fact(36.4, "thaw", "started", "bag-1")
        return drawn(self.bag, started, *more, product=product, diagnosis=diagnosis, now=now)

    def test_carvyktis_two_and_a_half_hours(self) -> None:
        case = self.clock(CILTA, 36.45)
        (clock,) = thaw_clocks(case)
        assert clock.minutes == 150
        assert clock.expires == at(36.4) + 150 * MINUTE
        assert clock.source is not None
        assert clock.source.confirmed
        assert not clock.expired(case.now)

    def test_a_thaw_that_is_over_is_over(self) -> None:
        case = self.clock(CILTA, 36.6)
        (clock,) = thaw_clocks(case)
        assert clock.expired(case.now)
        left = clock.left(case.now)
        assert left is not None
        assert left < 0

    def test_what_was_in_before_the_end_is_not_over_later(self) -> None:
        case = self.clock(CILTA, 37, fact(36.45, "infusion_end", None, "bag-1", volume_ml=30))
        assert not thaw_clocks(case)[0].expired(case.now)

    def test_minutes_from_knowledge_say_so(self) -> None:
        (clock,) = thaw_clocks(self.clock(AXI, 36.45, diagnosis="dlbcl"))
        assert clock.source is not None
        assert not clock.source.confirmed

    def test_where_no_text_is_held_nothing_says_when_it_ends(self) -> None:
        case = self.clock("other", 36.45)
        assert [(each.expires, each.left(case.now)) for each in thaw_clocks(case)] == [(None, None)]

    def test_a_second_word_of_the_thaw_does_not_start_it_again(self) -> None:
        (clock,) = thaw_clocks(self.clock(CILTA, 36.45, fact(36.41, "thaw", "completed", "bag-1")))
        assert clock.started == at(36.4)


def test_cd8_is_given_before_cd4_and_part_1_before_part_2() -> None:
    vials = [fact(25, "container", "vial", name, component=name[1:]) for name in ("vCD4", "vCD8")]
    assert giving_order(drawn(*vials, product=LISO)) == ("vCD8", "vCD4")
    bags = [fact(25, "container", "product_bag", f"b{n}", part=n) for n in (2, 1)]
    assert giving_order(drawn(*bags, product=OBE, diagnosis="b_all")) == ("b1", "b2")


class TestTocilizumab:
    """Counted at the center, less what is set aside for others; Carvykti's label asks for two doses."""

    def asked(self, *stock: Fact, product: str = CILTA, now: float = 36.5) -> Answer:
        return tocilizumab_on_hand(drawn(product=product, diagnosis="multiple_myeloma", center=stock, now=now)).answer

    def count(self, doses: float, day: float = 36.25) -> Fact:
        return fact(day, "stock", doses, "tocilizumab")

    def aside(self, doses: float, course: str) -> Fact:
        return fact(36.25, "stock", doses, "tocilizumab", for_course=course)

    def test_what_is_set_aside_for_others_does_not_count(self) -> None:
        assert self.asked(self.count(4), self.aside(2, "q")) is Answer.yes
        assert self.asked(self.count(3), self.aside(2, "q")) is Answer.no

    def test_what_is_set_aside_for_this_course_counts(self) -> None:
        assert self.asked(self.count(4), self.aside(2, "p"), self.aside(2, "q")) is Answer.yes

    def test_given_back_is_free_again(self) -> None:
        back = fact(36.375, "stock", 0, "tocilizumab", for_course="q")
        assert self.asked(self.count(3), self.aside(2, "q"), back) is Answer.yes

    def test_nobody_counted_and_counted_long_ago_are_unknown(self) -> None:
        assert self.asked() is Answer.unknown
        assert self.asked(self.count(9, day=34)) is Answer.unknown

    def test_another_medicine_is_not_tocilizumab(self) -> None:
        assert self.asked(fact(36.25, "stock", 9, "anakinra")) is Answer.unknown

    def test_where_the_label_names_no_number_it_must_still_be_there(self) -> None:
        found = tocilizumab_on_hand(drawn(center=[self.count(0)], now=36.5))
        assert (found.answer, found.needed, found.source.confirmed) == (Answer.no, None, False)

    def test_where_the_label_names_no_number_the_centers_policy_does(self) -> None:
        """Two by default, not confirmed; a center sets its own."""
        one, two = (tocilizumab_on_hand(drawn(center=[self.count(n)], now=36.5)) for n in (1, 2))
        assert (one.answer, two.answer) == (Answer.no, Answer.yes)
        assert (one.policy, one.source.confirmed) == ("tocilizumab_doses", False)
        own = fact(1, "center_policy", 1, "tocilizumab_doses")
        assert tocilizumab_on_hand(drawn(center=[self.count(1), own], now=36.5)).answer is Answer.yes


def point(found: GoNoGo, name: str) -> Criterion:
    return next(each for each in found.points if each.id == f"GO-{name}")


def listed(before: Before, *more: Fact, now: float = 36.5, product: str = AXI) -> GoNoGo:
    stock = fact(36.25, "stock", 4, "tocilizumab")
    return go_no_go(drawn(*more, center=[stock], now=now, product=product), before)


class TestGoNoGo:
    """Yes, no or unknown, each with its reason: what nobody has said is unknown, never yes and never no."""

    def test_of_an_empty_record_nothing_is_known(self) -> None:
        for before in (Before.lymphodepletion, Before.infusion):
            found = listed(before)
            assert found.answer is Answer.unknown
            assert not [each for each in found.points if each.answer is Answer.no]
            assert all(each.because and each.source.text for each in found.points)

    @pytest.mark.parametrize(
        ("said", "answer"), [("none", Answer.yes), ("controlled", Answer.yes), ("active", Answer.no)]
    )
    def test_infection(self, said: str, answer: Answer) -> None:
        assert point(listed(Before.infusion, fact(36, "infection_status", said)), "INFECT").answer is answer

    def test_an_examination_of_last_week_is_not_todays(self) -> None:
        found = point(listed(Before.infusion, fact(30, "infection_status", "none")), "INFECT")
        assert (found.answer, found.decided_by) == (Answer.unknown, "go_no_go_max_age_days")

    def test_an_active_infection_stands_however_old(self) -> None:
        assert point(listed(Before.infusion, fact(20, "infection_status", "active")), "INFECT").answer is Answer.no

    def test_a_certificate_of_another_stops_it(self) -> None:
        other = fact(30, "release_certificate", None, "B1", patient_matches="another")
        found = point(listed(Before.infusion, other), "CERT")
        assert (found.answer, found.severity) == (Answer.no, Severity.absolute)

    def test_a_bag_that_is_labeled_for_another_stops_it(self) -> None:
        """Contradictory evidence blocks without exception; what is only missing is unknown."""
        bag = fact(25, "container", "product_bag", "bag-1", batch="B1", patient_matches="another")
        found = point(listed(Before.infusion, bag), "CHAIN")
        assert (found.answer, found.severity) == (Answer.no, Severity.absolute)
        bare = fact(25, "container", "product_bag", "bag-1", batch="B1", patient_matches="this course")
        assert point(listed(Before.infusion, bare), "CHAIN").answer is Answer.unknown

    def test_a_batch_that_another_replaces_does_not_count(self) -> None:
        failed = (fact(10, "batch", None, "B1", product=AXI), fact(12, "disposition", "failed", "B1"))
        again = (
            fact(14, "batch", None, "B2", product=AXI, remanufacture_of="B1"),
            fact(28, "disposition", "released", "B2"),
        )
        assert point(listed(Before.infusion, *failed), "RELEASE").answer is Answer.no
        assert point(listed(Before.infusion, *failed, *again), "RELEASE").answer is Answer.yes

    def test_premedication_and_equipment_are_of_the_day(self) -> None:
        yesterday = [fact(35, "premedication", "given"), fact(35, "emergency_equipment", "ready")]
        today = [fact(36.4, "premedication", "given"), fact(36.4, "emergency_equipment", "not_ready")]
        assert point(listed(Before.infusion, *yesterday), "PREMED").answer is Answer.unknown
        assert point(listed(Before.infusion, *today), "PREMED").answer is Answer.yes
        assert point(listed(Before.infusion, *today), "EQUIP").answer is Answer.no

    def test_graft_versus_host_disease_is_asked_after_a_donors_transplant_only(self) -> None:
        donor = fact(1, "transplant", "allogeneic")
        assert not [each for each in listed(Before.infusion).points if each.id == "GO-GVHD"]
        assert point(listed(Before.infusion, donor), "GVHD").answer is Answer.unknown

    def test_pregnancy_is_not_asked_of_men(self) -> None:
        assert not [each for each in listed(Before.lymphodepletion).points if each.id == "GO-PREG"]
        body = [fact(0, "sex", "female")]
        found = go_no_go(drawn(body=body), Before.lymphodepletion)
        assert point(found, "PREG").answer is Answer.unknown

    def test_doses_that_cannot_be_worked_out_are_open_with_the_reason(self) -> None:
        found = go_no_go(drawn(body=[]), Before.lymphodepletion)
        assert point(found, "DOSES").answer is Answer.unknown
        assert "weight" in point(found, "DOSES").because

    def test_a_steroid_is_told_and_does_not_block(self) -> None:
        found = listed(Before.infusion, fact(36, "immunosuppression", "systemic"))
        assert (point(found, "STEROID").answer, point(found, "STEROID").severity) == (Answer.no, Severity.relative)
        assert found.answer is Answer.unknown

    def test_what_stops_comes_first_among_what_is_open(self) -> None:
        found = listed(Before.infusion, fact(36, "infection_status", "active"))
        assert found.open[0].id == "GO-INFECT"
        assert found.answer is Answer.no

    def test_a_decision_that_something_newer_overtook_is_outdated(self) -> None:
        go = fact(36, "go_no_go", "go", "infusion")
        calm = fact(35.9, "infection_status", "none")
        assert not listed(Before.infusion, calm, go, now=36.6).outdated
        assert listed(Before.infusion, calm, go, fact(36.55, "infection_status", "active"), now=36.6).outdated

    def test_a_second_dose_of_a_product_that_is_not_split_is_no(self) -> None:
        assert point(listed(Before.second_dose), "SPLIT").answer is Answer.no
