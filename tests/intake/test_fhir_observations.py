"""Observation to fact: FHIR R4 10.1. One observation, one question, the expected fact."""

from __future__ import annotations

import itertools
import random

import pytest

from cartway.intake.drafts import Draft, Ignored, Item, Refused, Subject
from cartway.intake.fhir import Context
from cartway.intake.fhir.observations import observations
from cartway.intake.fhir.plain import PlainObservations
from cartway.intake.fhir.shapes import Observation
from cartway.record import RETRACTION
from cartway.times import parse
from cartway.vocabulary import vocabulary
from intake.drawn import (
    AT,
    LOINC,
    NOON,
    SNOMED,
    bundle,
    concept,
    encoded,
    fact,
    items,
    observation,
    only,
    quantity,
    refused,
)

TWO_THINGS = {"coding": [{"system": LOINC, "code": "8310-5"}, {"system": LOINC, "code": "8867-4"}]}
BACKWARDS = {"start": "2026-01-10T12:00:00Z", "end": "2026-01-10T11:00:00Z"}
MEMBERS = [{"reference": "Observation/x"}]


def test_a_temperature() -> None:
    item = only(items(observation()))
    assert isinstance(item, Draft)
    assert item.subject == Subject("fhir:local", "p")
    seen = item.fact
    assert (seen.course, seen.at, seen.what, seen.value, seen.unit) == ("p", AT, "body_temperature", 38.4, "Cel")
    assert (seen.source, seen.key, seen.said) == ("fhir:local", "Observation/o1", "")


def test_fahrenheit_is_converted_exactly_and_kept_as_said() -> None:
    seen = fact(observation(value=100.4, unit="[degF]"))
    assert (seen.value, seen.unit, seen.said) == (38.0, "Cel", "100.4 [degF]")


def test_an_impossible_value_is_refused_and_stands_as_unreadable() -> None:
    """A 'Celsius' of 101.8 is a unit error: never corrected, never lost."""
    found = refused(observation(value=101.8))
    assert found.problem.code == "impossible_value"
    assert "101.8" not in found.problem.place
    assert found.stand_in is not None
    stand_in = found.stand_in.fact
    assert (stand_in.what, stand_in.at, stand_in.key) == ("unreadable", AT, "Observation/o1")
    assert stand_in.detail == {
        "variable": "body_temperature",
        "value": "101.8",
        "unit": "Cel",
        "problem": "impossible_value",
    }
    assert '"o1"' in found.input and found.format == "fhir"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"effectiveDateTime": None}, "no_time"),
        ({"effectiveDateTime": "2026-01-10"}, "date_without_time"),
        ({"effectiveDateTime": "2026-01-10T12:00:00"}, "no_offset"),
        ({"effectiveDateTime": "soon after lunch"}, "malformed_time"),
        ({"subject": None}, "no_subject"),
        ({"subject": {"display": "Donald Duck"}}, "no_subject"),
        ({"valueQuantity": quantity(38.4, "furlong")}, "unknown_unit"),
        ({"valueQuantity": {"value": 38.4}}, "missing_unit"),
        ({"valueQuantity": {"value": 38.4, "unit": "F", "code": "Cel"}}, "units_disagree"),
        ({"valueQuantity": None, "valueString": "warm"}, "missing_unit"),
        ({"valueQuantity": None, "valueBoolean": True}, "value_type_not_read"),
        ({"valueQuantity": None, "valueRange": {"low": quantity(37, "Cel")}}, "value_type_not_read"),
        ({"valueQuantity": {"value": "38.4", "unit": "Cel"}}, "malformed_resource"),
        ({"code": TWO_THINGS}, "codes_disagree"),
        ({"modifierExtension": [{"url": "http://example.org/not", "valueBoolean": True}]}, "modifier_extension"),
        ({"effectiveDateTime": None, "effectivePeriod": BACKWARDS}, "ends_before_start"),
    ],
)  # fmt: skip
def test_what_should_be_readable_and_is_not_is_refused(more: dict[str, object], code: str) -> None:
    found = refused(observation(**more))
    assert found.problem.code == code
    assert found.problem.remedy
    assert found.input


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"code": concept(LOINC, "8884-9")}, "code_not_in_vocabulary"),
        ({"code": {"text": "Temp"}}, "code_not_in_vocabulary"),
        ({"valueQuantity": None}, "no_value"),
        ({"valueQuantity": None, "dataAbsentReason": concept("x", "not-performed")}, "no_value"),
        ({"valueQuantity": None, "status": "registered"}, "not_final"),
        ({"status": "cancelled", "effectiveDateTime": None}, "not_done"),
        ({"focus": [{"reference": "Patient/donor"}]}, "about_someone_else"),
        ({"subject": {"reference": "Group/herd1"}}, "not_about_a_patient"),
        ({"code": concept(LOINC, "21112-8")}, "patient_details"),
        ({"code": concept(LOINC, "85353-1"), "valueQuantity": None, "hasMember": MEMBERS}, "container"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_left_out_by_name(more: dict[str, object], rule: str) -> None:
    assert only(items(observation(**more))) == Ignored(rule, "drawn entry 1")


def test_blood_pressure_gives_two_facts_tied_by_their_event() -> None:
    pressure = observation(
        "85354-9",
        valueQuantity=None,
        component=[
            {"code": concept(LOINC, "8480-6"), "valueQuantity": quantity(81, "mm[Hg]")},
            {"code": concept(LOINC, "8462-4"), "valueQuantity": quantity(5.2, "kPa")},
        ],
    )
    systolic, diastolic = (item.fact for item in items(pressure) if isinstance(item, Draft))
    assert (systolic.what, systolic.value, systolic.key) == ("systolic_pressure", 81.0, "Observation/o1#8480-6")
    assert (diastolic.what, diastolic.said) == ("diastolic_pressure", "5.2 kPa")
    assert diastolic.value == pytest.approx(39.0032, abs=1e-3)
    assert systolic.event == diastolic.event == "Observation/o1"


def test_one_absent_component_does_not_lose_the_other() -> None:
    pressure = observation(
        "85354-9",
        valueQuantity=None,
        component=[
            {"code": concept(LOINC, "8480-6"), "valueQuantity": quantity(81, "mm[Hg]")},
            {"code": concept(LOINC, "8462-4"), "dataAbsentReason": concept("x", "unknown")},
        ],
    )
    first, second = items(pressure)
    assert isinstance(first, Draft)
    assert second == Ignored("no_value", "drawn entry 1, component 2")


def test_two_codes_of_one_thing_are_one_fact() -> None:
    """US Core wants both LOINC codes on a pulse oximetry."""
    both = {"coding": [{"system": LOINC, "code": "2708-6"}, {"system": LOINC, "code": "59408-5"}]}
    assert fact(observation("2708-6", 91, "%") | {"code": both}).what == "oxygen_saturation"


def test_entered_in_error_withdraws_what_was_said_under_the_key() -> None:
    seen = fact(observation(status="entered-in-error"))
    assert (seen.what, seen.amends, seen.reason) == (RETRACTION, "Observation/o1", "entered in error at the source")


def test_cancelled_withdraws_a_preliminary_value() -> None:
    seen = fact(observation(status="cancelled", valueQuantity=None))
    assert (seen.what, seen.amends, seen.reason) == (RETRACTION, "Observation/o1", "canceled at the source")


@pytest.mark.parametrize("status", ["amended", "corrected"])
def test_a_corrected_result_says_so(status: str) -> None:
    assert fact(observation(status=status)).corrected


def test_the_sources_version_is_kept() -> None:
    seen = fact(observation(meta={"lastUpdated": "2026-01-10T13:00:00.250Z"}, issued="2026-01-10T12:30:00Z"))
    assert seen.source_recorded_at == parse("2026-01-10T13:00:00.250+00:00")


def test_a_period_has_an_end() -> None:
    period = {"start": "2026-01-10T12:00:00Z", "end": "2026-01-10T13:00:00Z"}
    seen = fact(observation(effectiveDateTime=None, effectivePeriod=period))
    assert (seen.at, seen.until) == (AT, parse("2026-01-10T13:00:00+00:00"))


def test_an_oxygen_device_is_known_by_its_answer() -> None:
    """There is no one code of the question; the answer's code is clear."""
    question = concept("http://hospital.example/flowsheet", "O2DEV")
    answer = concept(SNOMED, "426854004")
    seen = fact(observation(code=question, valueQuantity=None, valueCodeableConcept=answer))
    assert (seen.what, seen.choice) == ("oxygen_device", "high_flow_nasal_cannula")


def test_a_limit_of_detection_is_marked() -> None:
    seen = fact(observation("1988-5", valueQuantity={"value": 0.5, "comparator": "<", "unit": "mg/dL"}))
    assert (seen.value, seen.unit, seen.detail, seen.said) == (5.0, "mg/L", {"below": True}, "<0.5 mg/dL")


def test_the_laboratorys_limits_are_converted_with_the_value() -> None:
    limits = [{"low": {"value": 0, "unit": "mg/dL"}, "high": {"value": 0.5, "unit": "mg/dL"}}]
    seen = fact(observation("1988-5", 3.2, "mg/dL", referenceRange=limits))
    assert (seen.value, seen.detail) == (32.0, {"upper_limit": 5.0, "lower_limit": 0.0})


def test_weight_needs_no_hour() -> None:
    seen = fact(observation("29463-7", 70, "kg", effectiveDateTime="2026-01-10"))
    assert seen.at == parse("2026-01-10T00:00:00+00:00")


def test_a_name_that_stands_twice_is_refused() -> None:
    text = encoded(observation()).replace(
        b'"valueQuantity"', b'"valueQuantity": {"value": 36.0, "unit": "Cel"}, "valueQuantity"'
    )
    assert refused(text).problem.code == "repeated_name"


def test_entries_that_stand_twice_are_not_lost_unseen() -> None:
    text = encoded(bundle(observation())).replace(b'"entry"', b'"entry": [{"resource": {}}], "entry"')
    assert refused(text).problem.code == "repeated_name"


PLAIN = [
    observation(),
    observation(value=100.4, unit="[degF]"),
    observation("1988-5", 3.2, "mg/dL", referenceRange=[{"high": {"value": 0.5, "unit": "mg/dL"}}]),
    observation("777-3", 12, "10*3/uL", issued="2026-01-10T13:00:00Z"),
    observation("8867-4", 120, "/min", id=None),
    observation(
        "85354-9",
        valueQuantity=None,
        component=[{"code": concept(LOINC, "8480-6"), "valueQuantity": quantity(10.8, "kPa")}],
    ),
]


@pytest.mark.parametrize("drawn", PLAIN)
def test_the_plain_way_gives_what_the_general_way_gives(drawn: dict[str, object]) -> None:
    from cartway.intake.fhir.documents import resources

    context = Context(vocabulary())
    seen = resources.decode(encoded(drawn))
    assert isinstance(seen, Observation)
    general = list(observations(context, seen, "", "here"))
    plain = PlainObservations(context)
    quick = plain.panel(seen, "", "here") if seen.component else [plain.read(seen, "", "here")]
    assert quick == general


def test_neighbors_in_a_bundle_have_nothing_of_each_other() -> None:
    """Patient, server, time and code are remembered from one observation to the next."""

    def by_identifier(value: str) -> dict[str, object]:
        return {"identifier": {"system": "http://hospital.example/mrn", "value": value}}

    subjects = [
        by_identifier("1"), by_identifier("2"), {"reference": "Patient/a"}, {"reference": "Patient/b"},
        {"reference": "Patient/a"}, {"reference": "Group/a"}, by_identifier("1"),
    ]  # fmt: skip
    urls = ["http://one.example/fhir/Observation/o", "http://two.example/fhir/Observation/o", "urn:uuid:1", ""]
    times = [NOON, "2026-01-10T13:00:00+00:00", "yesterday", None, NOON]
    drawn = [
        {"fullUrl": url, "resource": observation(id=f"o{n}", subject=subject, effectiveDateTime=time)}
        for n, (url, subject, time) in enumerate(itertools.product(urls, subjects, times))
    ]
    alone = [told(only(items({"resourceType": "Bundle", "entry": [one]}))) for one in drawn]
    for seed in range(20):
        order = random.Random(seed).sample(range(len(drawn)), len(drawn))
        together = items({"resourceType": "Bundle", "entry": [drawn[n] for n in order]})
        assert list(map(told, together)) == [alone[n] for n in order]


@pytest.mark.parametrize("year", ["0001", "1899", "2250", "9999"])
def test_a_year_that_no_course_can_have(year: str) -> None:
    time = f"{year}-01-10T12:00:00Z"
    assert refused(observation(effectiveDateTime=time)).problem.code == "implausible_time"
    assert refused(observation(effectiveDateTime=time, status="amended")).problem.code == "implausible_time"


@pytest.mark.parametrize("time", ["1900-01-01T00:00:00Z", "2249-12-31T23:59:59Z"])
def test_the_first_and_the_last_moment_that_is_read(time: str) -> None:
    assert fact(observation(effectiveDateTime=time)).at == parse(time)


def told(item: Item) -> object:
    """An item without its place."""
    match item:
        case Draft():
            return item.subject, item.fact
        case Refused():
            return item.problem.code
    return item.rule if isinstance(item, Ignored) else item


def test_a_refusal_names_the_patient_in_no_place() -> None:
    found = refused(observation(value=101.8))
    assert isinstance(found, Refused)
    assert found.problem.place == "drawn entry 1"
