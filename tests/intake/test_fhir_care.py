"""Procedures, devices, conditions, encounters, patients and reports. FHIR R4."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.intake.drafts import Draft, Enrolment, Ignored, Merge, Subject
from cartway.intake.fhir import Options
from cartway.record import RETRACTION
from cartway.times import HOUR, parse
from intake.drawn import AT, NOON, SNOMED, bundle, concept, encoded, fact, items, observation, only, refused

HOUR_LONG = {"start": "2026-01-10T12:00:00Z", "end": "2026-01-10T13:00:00Z"}


def procedure(code: str, **more: Any) -> dict[str, Any]:
    drawn = {
        "resourceType": "Procedure",
        "id": "pr1",
        "status": "completed",
        "code": concept(SNOMED, code),
        "subject": {"reference": "Patient/p"},
        "performedPeriod": HOUR_LONG,
    } | more
    return {key: part for key, part in drawn.items() if part is not None}


@pytest.mark.parametrize(
    ("code", "choice"),
    [
        ("371907003", "nasal_cannula"),
        ("1259025002", "high_flow_nasal_cannula"),
        ("429253002", "venturi_mask"),
        ("47545007", "cpap"),
        ("428311008", "bipap"),
        ("1258985005", "invasive_ventilation"),
        ("233573008", "ecmo"),
    ],
)
def test_oxygen_and_ventilation_procedures(code: str, choice: str) -> None:
    seen = fact(procedure(code))
    assert (seen.what, seen.choice, seen.at, seen.until) == ("oxygen_device", choice, AT, AT + HOUR)
    assert seen.key == "Procedure/pr1"


def test_a_procedure_that_still_runs() -> None:
    assert fact(procedure("47545007", status="in-progress", performedPeriod={"start": NOON})).until is None


@pytest.mark.parametrize("status", ["not-done", "preparation"])
def test_a_procedure_that_was_not_done(status: str) -> None:
    assert only(items(procedure("47545007", status=status))) == Ignored("not_done", "drawn entry 1")


def test_a_procedure_in_error() -> None:
    seen = fact(procedure("47545007", status="entered-in-error"))
    assert (seen.what, seen.amends) == (RETRACTION, "Procedure/pr1")


def test_a_procedure_without_an_hour() -> None:
    assert (
        refused(procedure("47545007", performedPeriod=None, performedDateTime="2026-01-10")).problem.code
        == "date_without_time"
    )


def device_use(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DeviceUseStatement",
        "id": "d1",
        "status": "active",
        "subject": {"reference": "Patient/p"},
        "device": {"reference": "Device/v"},
        "timingPeriod": HOUR_LONG,
    } | more


VENTILATOR = {"resourceType": "Device", "id": "v", "type": concept(SNOMED, "449071006")}


def test_a_device_in_use_is_found_in_the_bundle_wherever_it_stands() -> None:
    found = [item.fact for item in items(bundle(device_use(), VENTILATOR)) if isinstance(item, Draft)]
    assert [(seen.choice, seen.until) for seen in found] == [("invasive_ventilation", AT + HOUR)]


def test_a_contained_device() -> None:
    used = device_use(device={"reference": "#v"}, contained=[VENTILATOR])
    assert fact(used).choice == "invasive_ventilation"


@pytest.mark.parametrize(
    ("more", "until"),
    [
        ({"status": "active", "timingPeriod": {"start": NOON}}, None),
        ({"status": "completed"}, AT + HOUR),
        ({"status": "stopped"}, AT + HOUR),
        ({"status": "active", "timingPeriod": None, "timingDateTime": NOON}, None),
    ],
)
def test_how_long_a_device_is_in_use(more: dict[str, object], until: int | None) -> None:
    used = {name: part for name, part in device_use(**more).items() if part is not None}
    found = [item.fact for item in items(bundle(used, VENTILATOR)) if isinstance(item, Draft)]
    assert [(seen.what, seen.at, seen.until) for seen in found] == [("oxygen_device", AT, until)]


def test_a_device_that_is_only_intended_or_was_said_in_error() -> None:
    intended = items(bundle(VENTILATOR, device_use(status="intended")))
    assert intended[1] == Ignored("not_done", "drawn entry 2")
    error = items(bundle(VENTILATOR, device_use(status="entered-in-error")))[1]
    assert isinstance(error, Draft) and error.fact.amends == "DeviceUseStatement/d1"


def test_a_device_that_is_only_named() -> None:
    named = device_use(device={"display": "High flow nasal cannula"})
    assert fact(named).choice == "high_flow_nasal_cannula"
    assert only(items(named | {"status": "intended"})) == Ignored("not_done", "drawn entry 1")
    walker = device_use(device={"display": "Walking frame"})
    assert only(items(walker)) == Ignored("code_not_in_vocabulary", "drawn entry 1")


def test_a_device_of_no_interest() -> None:
    assert only(items(device_use())) == Ignored("code_not_in_vocabulary", "drawn entry 1")


def test_a_condition_that_the_vocabulary_knows() -> None:
    drawn = {
        "resourceType": "Condition",
        "id": "c1",
        "code": concept("http://hl7.org/fhir/sid/icd-10-cm", "C90.00"),
        "subject": {"reference": "Patient/p"},
        "onsetDateTime": "2024-05-01",
    }
    seen = fact(drawn)
    assert (seen.what, seen.choice, seen.at) == ("diagnosis", "multiple_myeloma", parse("2024-05-01T00:00:00+00:00"))
    refuted = drawn | {"verificationStatus": concept("x", "refuted")}
    assert only(items(refuted)) == Ignored("stated_absent", "drawn entry 1")
    in_error = drawn | {"verificationStatus": concept("x", "entered-in-error")}
    assert fact(in_error).what == RETRACTION


STAY = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"code": "IMP"},
    "subject": {"reference": "Patient/p"},
    "period": HOUR_LONG,
}


def test_the_end_of_a_stay_is_a_discharge_only_by_policy() -> None:
    assert only(items(STAY)) == Ignored("no_milestone", "drawn entry 1")
    item = only(items(STAY, Options(discharge_from_encounters=True)))
    assert isinstance(item, Draft)
    assert (item.fact.what, item.fact.at) == ("discharge", AT + HOUR)
    running = STAY | {"status": "in-progress", "period": {"start": NOON}}
    found = only(items(running, Options(discharge_from_encounters=True)))
    assert found == Ignored("encounter_not_discharged", "drawn entry 1")


def patient(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [
            {"system": "http://hospital.example/mrn", "value": "123"},
            {"system": "http://hospital.example/mrn", "value": "99", "use": "old"},
            {"system": "http://insurer.example", "value": "F-7", "type": concept("x", "SN")},
            {"value": "no system"},
        ],
        "name": [{"use": "nickname", "text": "Joe"}, {"use": "official", "given": ["Joseph", "M"], "family": "Doe"}],
        "gender": "male",
        "birthDate": "1970-02-28",
    } | more


def test_a_patient_goes_to_people_under_what_names_only_them() -> None:
    """An old number may be somebody else's by now, an insurer's number is shared by a family."""
    item = only(items(patient()))
    assert isinstance(item, Enrolment)
    assert item.subjects == (Subject("fhir:local", "p"), Subject("http://hospital.example/mrn", "123"))
    assert (item.name, item.birth_date, item.sex) == ("Joseph M Doe", "1970-02-28", "male")


def test_a_death_ends_the_course_without_a_cause() -> None:
    _, death = items(patient(deceasedDateTime="2026-01-10"))
    assert isinstance(death, Draft)
    assert (death.fact.what, death.fact.choice, death.fact.key) == ("death", "", "Patient/p#death")
    assert (death.fact.at, death.fact.said) == (parse("2026-01-10T23:59:59+00:00"), "2026-01-10")


def test_linked_patients_are_merged() -> None:
    replaced = patient(link=[{"type": "replaced-by", "other": {"reference": "Patient/q"}}])
    gone, kept = Subject("fhir:local", "p"), Subject("fhir:local", "q")
    assert items(replaced)[1] == Merge(gone, kept, None, "drawn entry 1")
    replaces = patient(link=[{"type": "replaces", "other": {"reference": "Patient/q"}}])
    assert items(replaces)[1] == Merge(kept, gone, None, "drawn entry 1")


def test_references_keep_their_server() -> None:
    """Patient/1 of one server is not Patient/1 of another."""
    absolute = observation(subject={"reference": "https://a.example/fhir/Patient/1/_history/3"})
    item = only(items(absolute))
    assert isinstance(item, Draft) and item.subject == Subject("https://a.example/fhir", "1")
    entry = {"fullUrl": "https://b.example/fhir/Observation/o1", "resource": observation()}
    item = only(items({"resourceType": "Bundle", "entry": [entry]}))
    assert isinstance(item, Draft)
    assert (item.subject, item.fact.source) == (Subject("https://b.example/fhir", "p"), "https://b.example/fhir")


def test_an_identifier_may_stand_for_a_reference() -> None:
    logical = observation(subject={"identifier": {"system": "http://hospital.example/mrn", "value": "123"}})
    item = only(items(logical))
    assert isinstance(item, Draft) and item.subject == Subject("http://hospital.example/mrn", "123")


def test_results_inside_a_report_are_read() -> None:
    report = {"resourceType": "DiagnosticReport", "id": "r1", "contained": [observation(id="t")]}
    found = items(report)
    assert [item.fact.key for item in found if isinstance(item, Draft)] == ["Observation/r1.t"]
    assert found[-1] == Ignored("container", "drawn entry 1")


def test_a_bundle_in_a_bundle() -> None:
    found = items(bundle(bundle(observation())))
    assert [item.fact.what for item in found if isinstance(item, Draft)] == ["body_temperature"]


def test_unused_resources_are_ignored_by_name() -> None:
    assert only(items({"resourceType": "Claim", "id": "x", "status": 7})) == Ignored(
        "resource_type_not_used", "drawn entry 1"
    )


def test_a_deletion_names_no_patient() -> None:
    deletion = {"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": "Observation/1"}}]}
    assert refused(deletion).problem.code == "deletion_without_resource"
    answer = {"resourceType": "Bundle", "entry": [{"response": {"status": "201"}}]}
    assert only(items(answer)) == Ignored("container", "drawn entry 1")


def test_encoded_bundles_have_no_lost_entries() -> None:
    many = bundle(*(observation(id=f"o{n}") for n in range(2_500)))
    assert len(items(encoded(many))) == 2_500
