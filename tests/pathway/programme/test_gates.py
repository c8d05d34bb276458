"""Gates: how they stand, whose they are, what may not begin before them. Unknown lets nothing through."""

from __future__ import annotations

import pytest

from cartway.pathway.programme import Gate, Stand
from pathway.programme.drawn import at, codes

ORDERED = """10-01 referral {"from": "Lakeside", "owner": "maria"}
10-05 ecog_score 1
10-08 tumor_board accepted {"product": "axicabtagene_ciloleucel"}
10-10 product_order accepted"""
V3 = '2025-01-01 gate:consent met {"version": "3"}'


def gate(found: Stand, name: str) -> Gate:
    return next(each for each in found.gates if each.name == name)


def test_what_nobody_recorded_is_unknown_and_blocks_its_step() -> None:
    found = gate(at(ORDERED), "consent")
    assert (found.state, found.before, found.blocks, found.settled) == ("unknown", "collection", True, False)
    assert "gate_consent" in {task.code for task in at(ORDERED).blockers}


def test_a_gate_of_a_later_step_is_due_and_blocks_nothing_yet() -> None:
    found = at(ORDERED)
    assert not gate(found, "caregiver").blocks
    assert "gate_caregiver" in {task.code for task in found.tasks}


def test_a_gate_passed_without_it_still_blocks() -> None:
    found = at(f"{ORDERED}\n10-20 collection completed")
    assert gate(found, "consent").blocks
    assert gate(found, "payer").blocks


def test_owner_and_day_are_those_stated() -> None:
    found = gate(
        at(f'{ORDERED}\n10-11 gate:payer open {{"owner": "jo", "due": "2026-11-30", "number": "A-1"}}'), "payer"
    )
    assert (found.state, found.owner, str(found.due), found.number) == ("open", "jo", "2026-11-30", "A-1")


def test_without_an_owner_it_is_whoever_follows_the_course_up() -> None:
    assert gate(at(ORDERED), "payer").owner == "maria"
    assert gate(at(ORDERED), "consent").owner == "physician"


def test_the_day_follows_from_the_planned_step() -> None:
    found = gate(at(f"{ORDERED}\n12-03 appointment collection"), "consent")
    assert (str(found.due), found.due_why) == ("2026-11-30", "3 days before the collection planned for Dec 3")


def test_without_a_plan_no_day_is_made_up() -> None:
    assert (gate(at(ORDERED), "consent").due, gate(at(ORDERED), "consent").due_why) == (None, "no day is set")


def test_consent_is_met_in_the_version_in_force() -> None:
    lines = f'{ORDERED}\n10-11 gate:consent met {{"version": "3"}}'
    assert gate(at(lines, center=V3), "consent").state == "met"
    assert gate(at(lines), "consent").state == "met"  # the center has named no version


def test_consent_in_another_version_is_out_of_date() -> None:
    found = gate(at(f'{ORDERED}\n10-11 gate:consent met {{"version": "2"}}', center=V3), "consent")
    assert (found.state, found.blocks) == ("expired", True)
    assert found.why == "signed on Oct 11 in version 2; version 3 is in force"


def test_a_version_that_came_after_the_collection_asks_nobody_again() -> None:
    lines = f'{ORDERED}\n10-11 consent {{"version": "3", "to": "treatment"}}\n10-20 collection completed'
    later = f'{V3}\n11-01 gate:consent met {{"version": "4"}}'
    assert gate(at(lines, center=later), "consent").state == "met"


def test_a_consent_without_a_version_settles_nothing() -> None:
    assert gate(at(f"{ORDERED}\n10-11 gate:consent met"), "consent").state == "unknown"


def test_a_consent_to_research_is_no_consent_to_treatment() -> None:
    found = at(f'{ORDERED}\n10-11 consent {{"version": "3", "to": "research"}}')
    assert gate(found, "consent").state == "unknown"


def test_the_authorization_is_for_a_product() -> None:
    lines = f"{ORDERED}\n10-11 gate:payer met\n10-20 collection completed\n10-30 apheresis_request switch_product"
    assert gate(at(lines), "payer").state == "open"
    assert gate(at(f"{lines}\n11-02 gate:payer met"), "payer").state == "met"


@pytest.mark.parametrize(("minutes", "state"), [(60, "met"), (61, "open")])
def test_lodging_is_measured_against_the_limit_which_is_said_to_be_unconfirmed(minutes: int, state: str) -> None:
    found = gate(at(f"{ORDERED}\n10-11 travel_time {minutes}"), "lodging")
    assert found.state == state
    assert found.why == f"{minutes} min; the limit is 60 min, a limit not confirmed"


def test_the_center_sets_the_limit() -> None:
    found = gate(at(f"{ORDERED}\n10-11 travel_time 100", center="10-01 center_policy:lodging_minutes 120"), "lodging")
    assert (found.state, found.why) == ("met", "100 min; the limit is 120 min")


def test_nobody_at_home_is_not_a_caregiver() -> None:
    assert gate(at(f"{ORDERED}\n10-11 caregiver no"), "caregiver").state == "open"
    assert gate(at(f"{ORDERED}\n10-11 caregiver yes"), "caregiver").state == "met"


def test_a_gate_opened_later_does_not_hide_what_is_known() -> None:
    assert gate(at(f"{ORDERED}\n10-11 caregiver yes\n10-12 gate:caregiver open"), "caregiver").state == "met"
    assert gate(at(f"{ORDERED}\n10-11 caregiver yes\n10-12 gate:caregiver expired"), "caregiver").state == "expired"


def test_a_trial_talked_about_settles_the_talk() -> None:
    found = gate(at(f"{ORDERED}\n10-11 trial_option:NCT00000001 declined"), "trials")
    assert (found.state, found.why) == ("met", "NCT00000001 declined on Oct 11")


def test_a_refused_gate_is_not_settled() -> None:
    found = at(f'{ORDERED}\n10-11 gate:payer refused {{"text": "Out of network"}}')
    assert (gate(found, "payer").state, gate(found, "payer").blocks) == ("refused", True)
    assert gate(found, "payer").why == "refused on Oct 11: Out of network"


def test_the_center_may_leave_a_gate_out_or_only_ask() -> None:
    off = at(ORDERED, center='10-01 center_policy:gate_trials {"choice": "off"}')
    assert "trials" not in {each.name for each in off.gates}
    asked = at(ORDERED, center='10-01 center_policy:gate_payer {"choice": "asked"}')
    assert (gate(asked, "payer").before, gate(asked, "payer").blocks) == ("", False)


def test_no_gate_is_asked_for_before_anybody_recommends_car_t() -> None:
    assert not {code for code in codes(at('11-20 referral {"from": "L"}')) if code.startswith("gate_")}
