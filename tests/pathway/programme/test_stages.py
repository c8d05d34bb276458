"""The stage that a course is in, and where a restart takes it back to."""

from __future__ import annotations

import pytest

from pathway.programme.drawn import at, codes

REFERRED = '10-01 referral {"from": "Lakeside", "owner": "maria"}'
ASSESSED = f"{REFERRED}\n10-05 ecog_score 1"
RECOMMENDED = f'{ASSESSED}\n10-08 tumor_board accepted {{"product": "axicabtagene_ciloleucel"}}'
ORDERED = f"{RECOMMENDED}\n10-10 product_order placed"
COLLECTED = f"{ORDERED}\n10-20 collection completed"
RELEASED = f"{COLLECTED}\n11-05 disposition:B1 released"
DEPLETED = f"{RELEASED}\n11-10 lymphodepletion started"
INFUSED = f"{DEPLETED}\n11-15 infusion axicabtagene_ciloleucel"


@pytest.mark.parametrize(
    ("lines", "stage"),
    [
        (REFERRED, "referral"),
        (ASSESSED, "assessment"),
        (RECOMMENDED, "preparation"),
        (ORDERED, "collection"),
        (f"{ORDERED}\n10-20 collection started", "collection"),
        (f"{ORDERED}\n10-20 collection failed", "collection"),
        (COLLECTED, "manufacture"),
        (f"{COLLECTED}\n11-05 disposition:B1 failed", "manufacture"),
        (RELEASED, "ready"),
        (f"{COLLECTED}\n11-05 disposition:B1 released_pending", "ready"),
        (f"{RELEASED}\n11-07 disposition:B1 recalled", "manufacture"),
        (DEPLETED, "lymphodepletion"),
        (INFUSED, "infused"),
    ],
)
def test_the_furthest_stage_that_has_begun(lines: str, stage: str) -> None:
    assert at(lines).stage == stage


def test_a_board_that_takes_its_word_back_sends_the_course_back() -> None:
    found = at(f'{RECOMMENDED}\n10-09 tumor_board deferred {{"text": "New scan first"}}')
    assert found.stage == "assessment"
    assert [task.why for task in found.blockers] == ["deferred on Oct 9: New scan first"]


def test_a_cancelled_order_sends_the_course_back() -> None:
    found = at(f"{ORDERED}\n10-12 product_order cancelled")
    assert found.stage == "preparation"
    assert "the order was cancelled" in [task.why for task in found.blockers]


def test_what_came_with_the_referral_is_no_assessment_of_ours() -> None:
    assert at('10-01 referral {"from": "Lakeside"}\n10-01 ecog_score 1').stage == "referral"


def test_a_later_stage_counts_although_earlier_ones_were_not_recorded() -> None:
    assert at("10-20 collection completed").stage == "manufacture"


def test_collecting_again_goes_back_and_keeps_the_identity() -> None:
    lines = f"{ORDERED}\n10-15 chain_identity:COI-1\n10-20 collection completed\n10-25 manufacture_step:B1 failed"
    again = at(f"{lines}\n10-27 apheresis_request recollect")
    assert again.stage == "collection"
    assert "identity" not in codes(again)
    assert "slot" in codes(again)
    second = at(f"{lines}\n10-27 apheresis_request recollect\n11-03 collection completed")
    assert second.stage == "manufacture"
    assert "manufacture_failed" not in codes(second)


def test_a_release_of_before_the_restart_releases_nothing() -> None:
    assert at(f"{RELEASED}\n11-06 apheresis_request recollect").stage == "collection"
    assert at(f"{RELEASED}\n11-06 apheresis_request remanufacture").stage == "manufacture"


def test_making_again_keeps_the_collection() -> None:
    found = at(f"{COLLECTED}\n11-05 disposition:B1 failed\n11-06 apheresis_request remanufacture")
    assert found.stage == "manufacture"
    assert found.clocks.vein_to_vein.start is not None
    assert str(found.clocks.vein_to_vein.start) == "2026-10-20"
    assert "manufacture_failed" not in codes(found)
    again = f"{COLLECTED}\n11-05 disposition:B1 failed\n11-06 apheresis_request remanufacture"
    assert at(f"{again}\n11-20 disposition:B2 released").stage == "ready"


def test_collected_again_and_then_made_again_counts_the_second_collection() -> None:
    twice = f"{COLLECTED}\n10-25 apheresis_request recollect\n11-01 collection completed"
    found = at(f"{twice}\n11-09 apheresis_request remanufacture")
    assert str(found.clocks.vein_to_vein.start) == "2026-11-01"
    assert str(found.clocks.first_collection.start) == "2026-10-20"


def test_another_product_is_ordered_collected_and_authorized_anew() -> None:
    lines = f"{ASSESSED}\n10-07 gate:payer met\n10-08 tumor_board accepted\n10-10 product_order placed"
    found = at(f"{lines}\n10-20 collection completed\n10-30 apheresis_request switch_product")
    assert found.stage == "preparation"
    assert {"order", "gate_payer"} <= codes(found)


@pytest.mark.parametrize("how", ["withdrawn", "not_a_candidate", "progression", "payer", "transferred"])
def test_a_course_that_ended_waits_for_nobody(how: str) -> None:
    found = at(f'{ORDERED}\n10-15 course_closed {how} {{"text": "Said so"}}')
    assert found.closed is not None
    assert (found.closed.how, found.closed.why, found.stage) == (how, "Said so", "collection")
    assert found.due == ()
    assert not found.waiting


def test_a_course_reopened_goes_on_where_it_was() -> None:
    found = at(f"{ORDERED}\n10-15 course_closed withdrawn\n10-18 course_closed reopened")
    assert found.closed is None
    assert found.reopened is not None
    assert (found.stage, found.waiting) == ("collection", True)


def test_closed_and_reopened_at_the_same_time_is_open_whatever_the_reason() -> None:
    for how in ("progression", "withdrawn"):
        assert at(f"{ORDERED}\n10-15 course_closed {how}\n10-15 course_closed reopened").closed is None


def test_death_ends_a_course_at_whatever_stage() -> None:
    found = at(f"{COLLECTED}\n11-01 death progression")
    assert found.closed is not None
    assert found.closed.how == "died"
    assert found.due == ()


def test_an_out_of_specification_product_goes_its_own_way() -> None:
    lines = f'{COLLECTED}\n11-05 disposition:B1 out_of_specification {{"reasons": ["low dose"]}}'
    assert {"outside_consent", "outside_board", "outside_holder", "outside_authority"} <= codes(at(lines))
    given = "\n".join(
        f'11-06 out_of_specification_consent:B1 given {{"step": "{step}"}}'
        for step in ("consent", "board", "holder", "authority")
    )
    assert "outside_certificate" in codes(at(f"{lines}\n{given}"))
    assert at(f"{lines}\n{given}\n11-09 release_certificate:B1").stage == "ready"
    refused = at(f'{lines}\n11-06 out_of_specification_consent:B1 refused {{"step": "consent"}}')
    assert "manufacture_failed" in codes(refused)
