"""A ServiceRequest becomes a referral where it asks for CAR T. FHIR R4."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cartway.intake import read_facts
from cartway.intake.drafts import Ignored
from cartway.record import RETRACTION
from cartway.times import DAY, parse
from intake.drawn import bundle, encoded, fact, items, only, refused

ASKED = parse("2026-03-13T09:10:00Z")


def request(**more: Any) -> dict[str, Any]:
    drawn = {
        "resourceType": "ServiceRequest",
        "id": "sr1",
        "status": "active",
        "intent": "order",
        "priority": "asap",
        "code": {"text": "Evaluation for CAR T-cell therapy"},
        "subject": {"reference": "Patient/p"},
        "authoredOn": "2026-03-13T09:10:00Z",
        "requester": {"display": "Lakeside Oncology"},
        "reasonCode": [{"text": "Primary refractory large B-cell lymphoma"}],
    } | more
    return {key: part for key, part in drawn.items() if part is not None}


def test_a_request_for_car_t_is_a_referral() -> None:
    seen = fact(request())
    assert (seen.what, seen.at, seen.key) == ("referral", ASKED, "ServiceRequest/sr1")
    assert seen.detail == {
        "from": "Lakeside Oncology",
        "reason": "Primary refractory large B-cell lymphoma",
        "urgency": "urgent",
    }


@pytest.mark.parametrize(("priority", "urgency"), [("routine", "routine"), ("urgent", "soon"), ("stat", "urgent")])
def test_how_soon_is_the_priority(priority: str, urgency: str) -> None:
    assert fact(request(priority=priority)).detail["urgency"] == urgency


def test_what_was_not_said_is_left_out() -> None:
    seen = fact(request(priority=None, requester=None, reasonCode=None))
    assert seen.detail == {}


def test_a_day_without_a_time_is_enough() -> None:
    assert fact(request(authoredOn="2026-03-13")).at == ASKED // DAY * DAY


@pytest.mark.parametrize(
    "code", [{"text": "Physiotherapy"}, {"text": "Cartilage repair"}, {"coding": [{"display": "Cardiac MRI"}]}, {}]
)
def test_another_request_is_no_referral(code: dict[str, Any]) -> None:
    assert only(items(request(code=code, reasonCode=None))) == Ignored("code_not_in_vocabulary", "drawn entry 1")


def test_the_words_may_stand_in_category_or_reason() -> None:
    category = [{"coding": [{"display": "Chimeric antigen receptor T-cell therapy"}]}]
    assert fact(request(code={}, category=category, reasonCode=None)).what == "referral"
    assert fact(request(code={}, reasonCode=[{"text": "eligible for CAR-T?"}])).what == "referral"


@pytest.mark.parametrize("more", [{"status": "draft"}, {"intent": "proposal"}, {"doNotPerform": True}])
def test_what_nobody_ordered_is_left_out(more: dict[str, Any]) -> None:
    assert only(items(request(**more))) == Ignored("not_done", "drawn entry 1")


@pytest.mark.parametrize("status", ["revoked", "entered-in-error"])
def test_a_referral_is_taken_back(status: str) -> None:
    seen = fact(request(status=status))
    assert (seen.what, seen.amends) == (RETRACTION, "ServiceRequest/sr1")


def test_without_a_patient_or_a_day_it_is_refused() -> None:
    assert refused(request(subject=None)).problem.code == "no_subject"
    assert refused(request(authoredOn=None)).problem.code == "no_time"


def test_a_bundle_of_patient_condition_and_request_opens_a_course(tmp_path: Path) -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"system": "urn:oid:1.2.3", "value": "40007"}],
        "name": [{"family": "Invented", "given": ["Nobody"]}],
        "birthDate": "1961-04-30",
        "gender": "female",
    }
    condition = {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C90.02"}]},
        "onsetDateTime": "2025-11-01",
    }
    file = tmp_path / "referral.json"
    file.write_bytes(encoded(bundle(patient, condition, request())))
    facts = read_facts([file]).facts
    assert len({each.course for each in facts}) == 1
    assert {each.what for each in facts} == {"age", "sex", "diagnosis", "referral"}
    assert all("Invented" not in str(each) and "1961" not in str(each) for each in facts)
