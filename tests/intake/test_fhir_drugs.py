"""MedicationAdministration to drug facts: which ingredient, how fast, from when to when. FHIR R4 11.2."""

from __future__ import annotations

import json

import pytest

from cartway.intake import read_facts
from cartway.intake.drafts import Draft, Ignored
from cartway.record import RETRACTION
from cartway.times import HOUR
from cartway.toxicity.bedside import FOREVER
from cartway.toxicity.coding import drip_end
from intake.drawn import AT, ATC, DATA, RXNORM, administration, bundle, concept, fact, items, only, quantity, refused

NOREPINEPHRINE = concept(RXNORM, "7512", "norepinephrine")
HOUR_LONG = {"start": "2026-01-10T12:00:00Z", "end": "2026-01-10T13:00:00Z"}
RATE = {"rateQuantity": quantity(0.12, "ug/kg/min")}


def test_an_infusion_has_its_rate_and_its_end() -> None:
    seen = fact(administration(NOREPINEPHRINE, effectiveDateTime=None, effectivePeriod=HOUR_LONG, dosage=RATE))
    assert (seen.what, seen.choice, seen.value, seen.unit) == ("drug", "norepinephrine", 0.12, "ug/kg/min")
    assert (seen.at, seen.until, seen.detail) == (AT, AT + HOUR, {"continuous": True})


def test_a_dose_is_over_at_once() -> None:
    seen = fact(administration(concept(ATC, "L04AC07"), dosage={"dose": quantity(560, "mg")}))
    assert (seen.choice, seen.value, seen.unit, seen.until) == ("tocilizumab", 560.0, "mg", AT)


def test_a_running_infusion_has_no_end_yet() -> None:
    running = administration(
        NOREPINEPHRINE,
        status="in-progress",
        effectiveDateTime=None,
        effectivePeriod={"start": "2026-01-10T12:00:00Z"},
        dosage=RATE,
    )
    assert fact(running).until is None


def test_an_infusion_that_is_over_must_say_since_when() -> None:
    over = administration(
        NOREPINEPHRINE, effectiveDateTime=None, effectivePeriod={"start": "2026-01-10T12:00:00Z"}, dosage=RATE
    )
    assert refused(over).problem.code == "no_end"


OPEN = {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-01-10T12:00:00Z"}}
DOSE = {"dose": quantity(4, "mg")}


@pytest.mark.parametrize("dosage", [RATE, DOSE, None])
@pytest.mark.parametrize("period", [OPEN, {}])
def test_what_is_in_progress_without_an_end_is_an_open_infusion(dosage: object, period: dict[str, object]) -> None:
    seen = fact(administration(NOREPINEPHRINE, status="in-progress", dosage=dosage, **period))
    assert (seen.at, seen.until, seen.detail) == (AT, None, {"continuous": True})
    assert drip_end(seen, seen.at, seen.at) == FOREVER


def test_a_charted_rate_runs_until_the_next_one() -> None:
    """Completed, at a moment: a chart states rates as they change, and each holds until the next."""
    seen = fact(administration(NOREPINEPHRINE, dosage=RATE))
    assert (seen.value, seen.until) == (0.12, None)


def test_a_dose_at_a_rate_is_over_when_it_has_run_in() -> None:
    seen = fact(administration(NOREPINEPHRINE, dosage={"rateQuantity": quantity(2, "mg/h"), "dose": quantity(4, "mg")}))
    assert seen.until == AT + 2 * HOUR
    other = {"rateQuantity": quantity(2, "ug/kg/min"), "dose": quantity(4, "mg")}
    assert fact(administration(NOREPINEPHRINE, dosage=other)).until is None


@pytest.mark.parametrize("status", ["stopped", "on-hold"])
@pytest.mark.parametrize("period", [OPEN, {}])
@pytest.mark.parametrize("dosage", [RATE, None])
def test_what_was_stopped_must_say_when(status: str, period: dict[str, object], dosage: object) -> None:
    """Its only time may be that of the start or of the stop."""
    assert refused(administration(NOREPINEPHRINE, status=status, dosage=dosage, **period)).problem.code == "no_end"


def test_a_dose_that_was_stopped_was_given_in_part() -> None:
    seen = fact(administration(concept(ATC, "L04AC07"), status="stopped", dosage={"dose": quantity(200, "mg")}))
    assert (seen.value, seen.until) == (200.0, AT)


@pytest.mark.parametrize("status", ["completed", "stopped", "in-progress", "on-hold"])
@pytest.mark.parametrize("period", [OPEN, {}])
def test_a_rate_of_zero_stops_the_infusion_at_its_time(status: str, period: dict[str, object]) -> None:
    zero = {"rateQuantity": quantity(0, "ug/kg/min")}
    seen = fact(administration(NOREPINEPHRINE, status=status, dosage=zero, **period))
    assert (seen.at, seen.value) == (AT, 0.0)


def test_a_dose_of_zero_was_not_given() -> None:
    nothing = administration(NOREPINEPHRINE, dosage={"dose": quantity(0, "mg")})
    assert only(items(nothing)) == Ignored("not_done", "drawn entry 1")


def test_a_negative_rate_is_refused_with_its_times() -> None:
    negative = {"rateQuantity": quantity(-0.1, "ug/kg/min")}
    found = refused(administration(NOREPINEPHRINE, effectiveDateTime=None, effectivePeriod=HOUR_LONG, dosage=negative))
    assert found.problem.code == "impossible_value"
    assert found.stand_in is not None
    stand_in = found.stand_in.fact
    assert (stand_in.at, stand_in.until, stand_in.detail["variable"]) == (AT, AT + HOUR, "drug")


def test_a_rate_as_a_ratio() -> None:
    ratio = {"numerator": quantity(4, "mg"), "denominator": quantity(2, "h")}
    seen = fact(administration(NOREPINEPHRINE, dosage={"rateRatio": ratio}))
    assert (seen.value, seen.unit) == (2.0, "mg/h")


def test_a_drug_counts_though_its_unit_cannot_be_read() -> None:
    """That a vasopressor ran matters more than how fast; what was said is kept."""
    seen = fact(administration(NOREPINEPHRINE, dosage={"rateQuantity": {"value": 7, "unit": "clicks"}}))
    assert (seen.choice, seen.value, seen.said) == ("norepinephrine", None, "7 clicks")


@pytest.mark.parametrize("route", ["Nasal route", "Ophthalmic route", "Inhalation", "Topical"])
def test_a_vasopressor_where_it_does_not_reach_the_blood_is_none(route: str) -> None:
    drawn = administration(concept(RXNORM, "8163"), dosage={"route": concept("http://snomed.info/sct", "1", route)})
    assert only(items(drawn)) == Ignored("not_systemic", "drawn entry 1")


def test_a_nasal_spray_is_known_by_its_name() -> None:
    spray = concept(RXNORM, "1", "phenylephrine hydrochloride 5 MG/ML Nasal Spray")
    assert only(items(administration(concept(RXNORM, "8163") | {"text": spray["coding"][0]["display"]}))) == Ignored(
        "not_systemic", "drawn entry 1"
    )


def test_by_vein_is_systemic() -> None:
    seen = fact(
        administration(
            NOREPINEPHRINE, dosage={"route": concept("http://snomed.info/sct", "47625008", "Intravenous route")}
        )
    )
    assert seen.detail["route"] == "intravenous"


@pytest.mark.parametrize(
    "display",
    [
        "Norepinephrine",
        "noradrenaline",
        "norepinephrine 1 MG/ML Injectable Solution",
        "4 ML norepinephrine 1 MG/ML Injection",
        "NORepinephrine (Levophed)",
    ],
)
def test_an_ingredient_is_known_by_its_exact_name(display: str) -> None:
    assert fact(administration(concept("http://hospital.example", "NE4", display))).choice == "norepinephrine"


@pytest.mark.parametrize("display", ["Norepinephrine-like", "No norepinephrine", "", "NE"])
def test_a_name_that_only_resembles_one_is_not_guessed(display: str) -> None:
    drawn = administration(concept("http://hospital.example", "NE4", display))
    assert only(items(drawn)) == Ignored("code_not_in_vocabulary", "drawn entry 1")


@pytest.mark.parametrize(("status", "rule"), [("not-done", "not_done")])
def test_what_was_not_given_is_left_out(status: str, rule: str) -> None:
    assert only(items(administration(NOREPINEPHRINE, status=status))) == Ignored(rule, "drawn entry 1")


def test_entered_in_error_is_withdrawn() -> None:
    seen = fact(administration(NOREPINEPHRINE, status="entered-in-error"))
    assert (seen.what, seen.amends) == (RETRACTION, "MedicationAdministration/m1")


def test_stopped_early_is_given_until_then() -> None:
    seen = fact(
        administration(NOREPINEPHRINE, status="stopped", effectiveDateTime=None, effectivePeriod=HOUR_LONG, dosage=RATE)
    )
    assert seen.until == AT + HOUR


def test_a_contained_medication() -> None:
    inside = {"resourceType": "Medication", "id": "med", "code": NOREPINEPHRINE}
    drawn = administration({}, medicationReference={"reference": "#med"}, contained=[inside]) | {}
    del drawn["medicationCodeableConcept"]
    assert fact(drawn).choice == "norepinephrine"


def test_a_medication_elsewhere_in_the_bundle_by_its_ingredients() -> None:
    mixture = {
        "resourceType": "Medication",
        "id": "mix",
        "code": {"text": "Pressor bag"},
        "ingredient": [
            {"itemCodeableConcept": NOREPINEPHRINE},
            {"itemCodeableConcept": concept("x", "NS", "Sodium chloride 0.9 %")},
        ],
    }
    given = administration({}, medicationReference={"reference": "Medication/mix"})
    del given["medicationCodeableConcept"]
    found = [item.fact for item in items(bundle(given, mixture)) if isinstance(item, Draft)]
    assert [(seen.choice, seen.key) for seen in found] == [("norepinephrine", "MedicationAdministration/m1")]


def test_a_medication_that_is_nowhere_is_refused() -> None:
    given = administration({}, medicationReference={"reference": "Medication/gone"})
    del given["medicationCodeableConcept"]
    assert refused(given).problem.code == "medication_not_found"


def test_the_cells_are_the_milestone() -> None:
    """ATC L01XL03 is axicabtagene ciloleucel: time zero."""
    seen = fact(administration(concept(ATC, "L01XL03")))
    assert (seen.what, seen.choice, seen.at, seen.until) == ("infusion", "axicabtagene_ciloleucel", AT, None)


def test_an_impossible_dose_is_refused_under_its_own_key() -> None:
    found = refused(administration(NOREPINEPHRINE, dosage={"dose": quantity(-4, "mg")}))
    assert found.problem.code == "impossible_value"
    assert found.stand_in is not None and found.stand_in.fact.key == "MedicationAdministration/m1"


def test_a_real_intensive_care_patient() -> None:
    """MIMIC-IV demo: pressor infusions with rates, ventilation by the local code map, Fahrenheit."""
    reading = read_facts([DATA / "mimic-iv-demo-excerpt.ndjson"])
    assert reading.refused == []
    found = {(seen.what, seen.choice, seen.unit) for seen in reading.facts}
    assert ("drug", "norepinephrine", "ug/kg/min") in found
    assert ("drug", "vasopressin", "U/h") in found
    assert ("oxygen_device", "invasive_ventilation", "") in found
    assert ("drug", "acetaminophen", "mg") in found
    assert ("systolic_pressure", "", "mm[Hg]") in found
    assert ("sex", "female", "") in found or ("sex", "male", "") in found
    ages = [seen.value for seen in reading.facts if seen.what == "age"]
    assert len(ages) == 1
    assert not any("birth" in json.dumps(dict(seen.detail)) for seen in reading.facts)


def test_the_official_example_names_no_drug_of_ours() -> None:
    reading = read_facts([DATA / "MedicationAdministration-medadmin0311.json"])
    assert reading.facts == [] and reading.refused == []
    assert reading.ignored == {"code_not_in_vocabulary": 1}
