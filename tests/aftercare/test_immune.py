"""Immune recovery and immunoglobulins: PMC8078596, table II; IgG within 30 days of immunoglobulins is not native."""

from __future__ import annotations

from typing import Any

import pytest

from aftercare.drawn import asked, chose, igg, infused, is_open, ivig, keys, marker, medicine, policy, said, sinusitis
from cartway.aftercare import Status
from cartway.aftercare.goes_on import DECISION
from cartway.aftercare.immunoglobulins import CHOICE, ENOUGH, INFUSED, TREAT
from cartway.record import Fact


def test_low_igg_with_recurrent_sinopulmonary_infections() -> None:
    ill = sinusitis("2026-04-01", "2026-04-12", "2026-05-01")
    after = asked(infused(), ill, igg("2026-05-10", 350), on="2026-05-10")
    assert TREAT in marker(after, "igg").decisions
    assert marker(after, "igg").status is Status.due
    assert not is_open(after, "igg_replacement")


def test_low_igg_without_infections_is_the_centers_choice() -> None:
    after = asked(infused(), igg("2026-05-10", 350), on="2026-05-10")
    assert CHOICE in marker(after, "igg").decisions
    assert is_open(after, "igg_replacement")
    chosen = asked(
        infused(), igg("2026-05-10", 350), chose("2026-05-10", "igg_replacement", "below_400"), on="2026-05-10"
    )
    assert not is_open(chosen, "igg_replacement")


def test_an_infection_that_was_ruled_out_does_not_count() -> None:
    ill = sinusitis("2026-04-01", "2026-04-12")
    ruled_out = [said("2026-04-20", "infection", "none", about=fact.about) for fact in ill]
    after = asked(infused(), ill, ruled_out, igg("2026-05-10", 350), on="2026-05-10")
    assert is_open(after, "igg_replacement")


def test_exactly_400_is_neither_low_nor_recovered() -> None:
    after = asked(infused(), sinusitis("2026-04-01", "2026-04-12"), igg("2026-05-10", 400), on="2026-05-10")
    assert marker(after, "igg").recovered is False
    assert ENOUGH in marker(after, "igg").decisions


@pytest.mark.parametrize(("on", "native"), [("2026-06-10", False), ("2026-07-10", False), ("2026-07-11", True)])
def test_igg_within_30_days_of_immunoglobulins_is_not_native(on: str, native: bool) -> None:
    after = asked(infused(), ivig("2026-06-10"), igg(on, 520), on=on)
    assert marker(after, "igg").native is native
    assert marker(after, "igg").recovered is (True if native else None)


def test_a_value_that_holds_what_was_infused_decides_nothing() -> None:
    after = asked(infused(), ivig("2026-06-10"), igg("2026-06-20", 520), on="2026-06-20")
    assert marker(after, "igg").decisions[0] == INFUSED


def test_a_low_value_is_low_whatever_was_infused() -> None:
    after = asked(infused(), ivig("2026-06-10"), igg("2026-06-20", 350), on="2026-06-20")
    assert marker(after, "igg").recovered is False


@pytest.mark.parametrize(("what", "value", "recovered"), [
    ("cd4", 200, False), ("cd4", 201, True), ("cd19", 20, False), ("cd19", 21, True), ("iga", 6, False),
    ("neutrophils", 1.5, False), ("neutrophils", 1.6, True), ("platelets", 100, False), ("platelets", 101, True),
])  # fmt: skip
def test_a_marker_is_back_above_its_limit_not_at_it(what: str, value: float, recovered: bool) -> None:
    after = asked(infused(), said("2026-05-10", what, value=value), on="2026-05-10")
    assert marker(after, what).recovered is recovered


def test_what_was_measured_before_the_infusion_is_no_recovery() -> None:
    after = asked(said("2025-12-01", "cd4", value=800), infused(), on="2026-03-01")
    assert marker(after, "cd4").recovered is None
    assert marker(after, "cd4").missing


def test_where_a_marker_goes() -> None:
    values = [said("2026-03-10", "cd4", value=80), said("2026-04-10", "cd4", value=140)]
    assert marker(asked(infused(), values, on="2026-04-10"), "cd4").trend == "rising"
    assert marker(asked(infused(), values[:1], on="2026-04-10"), "cd4").trend == ""


def test_cd4_is_measured_monthly_from_day_30_until_it_is_back() -> None:
    assert str(marker(asked(infused(), on="2026-01-20"), "cd4").due_from) == "2026-02-09"
    after = asked(infused(), said("2026-03-31", "cd4", value=80), on="2026-04-30")
    assert (str(marker(after, "cd4").due_from), marker(after, "cd4").status) == ("2026-04-30", Status.due)
    back = asked(infused(), said("2026-03-31", "cd4", value=280), on="2026-08-30")
    assert marker(back, "cd4").status is Status.done


def test_how_often_igg_is_measured_is_open() -> None:
    facts = (infused(), igg("2026-03-10", 300))
    assert is_open(asked(*facts, on="2026-03-20"), "igg_checks")
    rarely = asked(*facts, on="2026-04-20", center=[policy("aftercare_igg_checks", "three_monthly")])
    assert str(marker(rarely, "igg").due_from) == "2026-06-10"


def test_a_trial_without_immunoglobulins_after_six_months_without_serious_infection() -> None:
    grave = said("2026-03-01", "infection", "bacterial", about="1", detail={"site": "blood", "severity": "severe"})
    after = asked(infused(), grave, ivig("2026-06-10"), igg("2026-07-30", 520), on="2026-08-01")
    assert any("from 2026-09-01" in each for each in marker(after, "igg").decisions)


MILD = said("2026-06-01", "infection", "bacterial", about="1", detail={"site": "lung", "severity": "mild"})


@pytest.mark.parametrize(("facts", "spoken_of"), [
    ([igg("2026-10-01", 520), MILD], True), ([igg("2026-10-01", 400), MILD], False), ([MILD], False),
    ([igg("2026-10-01", 520), *sinusitis("2026-03-01", "2026-03-20")], False),  # recurrent
    ([igg("2026-10-01", 520), *sinusitis("2026-08-20")], False),  # how severe nobody told
    ([igg("2026-10-01", 520), *sinusitis("2026-03-20")], True),  # more than six months ago
])  # fmt: skip
def test_a_trial_without_immunoglobulins_is_not_spoken_of_where_it_may_harm(facts: list[Fact], spoken_of: bool) -> None:
    after = asked(infused(), ivig("2026-05-01"), facts, on="2026-10-02")
    assert any("trial without" in each for each in marker(after, "igg").decisions) is spoken_of


@pytest.mark.parametrize(("value", "on", "asked_for"), [
    (0.3, "2026-01-26", ["prophylaxis.antibacterial", "prophylaxis.antifungal", "prophylaxis.g_csf"]),
    (0.3, "2026-01-24", ["prophylaxis.antibacterial", "prophylaxis.antifungal"]), (0.5, "2026-01-26", []),
])  # fmt: skip
def test_what_hangs_on_neutrophils(value: float, on: str, asked_for: list[str]) -> None:
    after = asked(infused(), said(on, "neutrophils", value=value), on=on)
    found = [key for key in keys(after.prophylaxis) if key.split(".")[1] in ("antibacterial", "antifungal", "g_csf")]
    assert found == asked_for


def test_hepatitis_b_is_prevented_for_twelve_months() -> None:
    after = asked(said("2026-02-01", "anti_hbc", "positive"), infused("2026-03-01"), on="2026-06-01")
    found = medicine(after, "hepatitis_b")
    assert (str(found.earliest), found.status, found.start) == ("2027-03-01", Status.due, "before lymphodepletion")


def test_hepatitis_b_that_was_not_tested_is_not_known() -> None:
    found = medicine(asked(infused(), on="2026-06-01"), "hepatitis_b")
    assert (found.status, found.missing) == (Status.unknown, ("HBsAg", "anti-HBc"))


def test_hepatitis_b_that_was_ruled_out_asks_for_nothing() -> None:
    tests = [said("2025-12-01", what, "negative") for what in ("hbsag", "anti_hbc")]
    assert "prophylaxis.hepatitis_b" not in keys(asked(tests, infused(), on="2026-06-01").prophylaxis)


def test_a_virus_below_the_limit_of_detection_is_no_positive_test() -> None:
    tests = [said("2025-12-01", what, "negative") for what in ("hbsag", "anti_hbc")]
    below = said("2025-12-01", "hbv_dna", value=10, detail={"below": True})
    assert "prophylaxis.hepatitis_b" not in keys(asked(tests, below, infused(), on="2026-06-01").prophylaxis)


@pytest.mark.parametrize(("on", "cd4", "status"), [
    ("2026-06-01", 100, Status.due),  # before six months every source continues
    ("2026-08-01", 100, Status.unknown),  # six months over, a year not: sources differ
    ("2027-02-01", 100, Status.unknown),  # a year, CD4 low: "and/or" can be read both ways
    ("2027-02-01", 300, Status.allowed),
])  # fmt: skip
def test_when_the_antiviral_may_end(on: str, cd4: float, status: Status) -> None:
    assert medicine(asked(infused(), said(on, "cd4", value=cd4), on=on), "antiviral").status is status


def test_zoster_begins_the_months_anew() -> None:
    zoster = said("2026-05-01", "infection", "viral", detail={"organism": "VZV"})
    after = asked(infused(), zoster, on="2026-08-01")
    assert str(medicine(after, "antiviral").candidates[0].day) == "2026-11-01"


def test_a_chosen_source_decides_alone() -> None:
    center = [policy("aftercare_pneumocystis", "us_review_6")]
    after = asked(infused(), said("2026-08-01", "cd4", value=100), on="2026-08-01", center=center)
    assert medicine(after, "pneumocystis").status is Status.allowed
    assert not is_open(after, "pneumocystis")


@pytest.mark.parametrize("day", ["2026-01-10", "2026-01-15", "2026-02-08"])
@pytest.mark.parametrize(("what", "value"), [("cd4", 300), ("cd19", 60), ("neutrophils", 4), ("igg", 800)])
def test_what_is_there_in_the_first_weeks_is_no_recovery(what: str, value: float, day: str) -> None:
    after = asked(infused(), said(day, what, value=value), on="2026-08-01")
    assert marker(after, what).recovered is None
    assert marker(after, what).readings[-1].early
    assert "too early" in marker(after, what).why
    assert marker(after, what).status is not Status.done


def test_from_day_30_a_count_counts_and_a_low_one_counts_before() -> None:
    assert marker(asked(infused(), said("2026-02-09", "cd4", value=300), on="2026-03-01"), "cd4").recovered is True
    assert marker(asked(infused(), said("2026-01-15", "cd4", value=30), on="2026-03-01"), "cd4").recovered is False


def test_counts_between_two_infusions_are_no_recovery_after_the_last() -> None:
    facts = (infused("2025-01-05"), said("2025-07-10", "cd4", value=300), infused("2025-08-01"))
    found = marker(asked(*facts, on="2026-09-01"), "cd4")
    assert (found.recovered, found.readings, str(found.due_from)) == (None, (), "2025-08-31")


def test_a_blood_count_before_it_falls_is_not_the_last_one() -> None:
    early = [said("2026-01-12", "neutrophils", value=3), said("2026-01-12", "platelets", value=180)]
    found = next(each for each in asked(infused(), early, on="2026-03-01").repeated)
    assert found.status is not Status.done


THREE = ("antiviral", "pneumocystis", "hepatitis_b")
CORE = said("2025-12-01", "anti_hbc", "positive")


@pytest.mark.parametrize("key", THREE)
def test_prophylaxis_counts_from_the_last_infusion(key: str) -> None:
    cd4 = said("2025-11-01", "cd4", value=300)
    after = asked(CORE, infused("2025-01-05"), cd4, infused("2025-12-05"), on="2026-01-20")
    assert medicine(after, key).status is Status.due


@pytest.mark.parametrize("key", THREE)
@pytest.mark.parametrize("more", [
    said("2027-02-01", "next_therapy", "yes", detail={"regimen": "epcoritamab"}),
    said("2027-02-01", "drug", "rituximab"), said("2027-03-01", "immunosuppression", "systemic"),
    said("2027-03-01", "drug", "dexamethasone"),
])  # fmt: skip
def test_nothing_ends_beside_a_further_therapy_or_steroids(key: str, more: Fact) -> None:
    facts = (CORE, infused(), said("2027-01-20", "cd4", value=280))
    assert medicine(asked(*facts, on="2027-03-10"), key).status is Status.allowed
    found = medicine(asked(*facts, more, on="2027-03-10"), key)
    assert (found.status, found.missing[-1]) == (Status.unknown, DECISION)
    assert more in found.facts


def test_steroids_that_are_over_keep_nothing_going() -> None:
    facts = (CORE, infused(), said("2027-01-20", "cd4", value=280), said("2027-03-01", "drug", "dexamethasone"))
    assert medicine(asked(*facts, on="2027-03-31"), "antiviral").status is Status.allowed
    none = said("2027-03-05", "immunosuppression", "none")
    assert medicine(asked(*facts, none, on="2027-03-10"), "antiviral").status is Status.allowed


@pytest.mark.parametrize(("what", "more"), [("hbsag", {"choice": "positive"}), ("hbv_dna", {"value": 2000})])
def test_with_the_virus_in_the_blood_no_calendar_ends_it(what: str, more: dict[str, Any]) -> None:
    found = medicine(asked(said("2025-12-01", what, **more), infused(), on="2027-02-20"), "hepatitis_b")
    assert (found.status, found.missing) == (Status.unknown, ("hepatology's decision",))


def test_a_positive_test_is_not_forgotten_when_b_cells_are_gone() -> None:
    lost = said("2026-04-01", "anti_hbc", "negative")
    found = medicine(asked(CORE, infused(), lost, on="2026-06-01"), "hepatitis_b")
    assert (found.status, found.facts[0].choice) == (Status.due, "positive")
