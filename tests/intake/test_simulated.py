"""What is sent for tests is marked as simulated: a clinical record refuses it, a demo record takes it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from cartway.intake import Reader, read_facts
from cartway.intake.balance import Balance
from cartway.intake.drafts import Draft, Enrolment, Item, Merge, Refused
from cartway.intake.hl7_receive import Policy
from cartway.intake.importer import import_paths
from cartway.people import open_people
from cartway.record import open_log
from intake.data_hl7.desk import NOW, ward
from intake.data_hl7.draw import OBR, PID, message, obx, read, result
from intake.drawn import (
    administration,
    bundle,
    concept,
    encoded,
    fact,
    items,
    line_items,
    observation,
    only,
    quantity,
    refused,
)

HTEST = {"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}]}
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "identifier": [{"system": "http://hospital.example/mrn", "value": "1"}],
    "birthDate": "1966-07-11",
}
TOCILIZUMAB = concept("http://www.whocc.no/atc", "L04AC07")


def marked(found: list[Item]) -> list[bool]:
    """Of each thing said of a patient, whether it is marked as simulated."""
    drafts = (item.stand_in if isinstance(item, Refused) else item for item in found)
    return [
        item.fact.simulated if isinstance(item, Draft) else item.simulated
        for item in drafts
        if isinstance(item, Draft | Enrolment | Merge)
    ]


# FHIR


def test_a_resource_that_is_tagged_and_one_that_is_not() -> None:
    found = items(bundle(observation(meta=HTEST), observation(id="o2"), administration(TOCILIZUMAB, meta=HTEST)))
    assert marked(found) == [True, False, True]


def test_everything_in_a_tagged_bundle() -> None:
    systolic = {"code": concept("http://loinc.org", "8480-6"), "valueQuantity": quantity(118, "mm[Hg]")}
    panel = observation("85354-9", valueQuantity=None, component=[systolic], id="bp")
    parts = [PATIENT, observation(), panel, observation(id="o2", value=101.8), administration(TOCILIZUMAB)]
    assert marked(items(bundle(*parts, meta=HTEST))) == [True] * 5
    assert marked(items(bundle(*parts, {"resourceType": "Claim"}, meta=HTEST))) == [True] * 5
    assert marked(line_items(bundle(*parts, meta=HTEST), bundle(*parts))) == [True] * 5 + [False] * 5
    assert marked(items(bundle(bundle(*parts, meta=HTEST), observation()))) == [True] * 5 + [False]


def test_what_travels_inside_a_tagged_report() -> None:
    report = {"resourceType": "DiagnosticReport", "id": "r", "contained": [observation()]}
    assert marked(items(report | {"meta": HTEST})) == [True]
    assert marked(items(report)) == [False]
    assert marked(items(report | {"contained": [observation(meta=HTEST)]})) == [True]


@pytest.mark.parametrize(
    ("meta", "simulated"),
    [
        ({"tag": [{"code": "HTEST"}]}, True),
        ({"security": HTEST["tag"]}, True),
        ({"tag": [{"system": "http://hl7.org/fhir/v3/ActReason", "code": "HTEST"}]}, True),
        ({"tag": [{"system": "http://hospital.example/ward", "code": "HTEST"}]}, False),
        ({"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}]}, False),
        ({"lastUpdated": "2026-01-10T12:00:00Z"}, False),
    ],
)
def test_which_marks_count(meta: dict[str, Any], simulated: bool) -> None:
    assert fact(observation(meta=meta)).simulated is simulated
    assert fact(bundle(observation(), meta=meta)).simulated is simulated


def test_a_bundle_whose_marks_are_malformed_counts_as_a_test_if_they_name_it() -> None:
    assert fact(bundle(observation(), meta={"tag": {"code": "HTEST"}})).simulated
    assert not fact(bundle(observation(), meta={"tag": {"code": "x"}})).simulated


def test_a_broken_bundle_is_still_a_test() -> None:
    whole = {"resourceType": "Bundle", "meta": HTEST, "entry": [{"resource": observation()}, {"resource": PATIENT}]}
    found = items(encoded(whole)[:-40])
    assert [type(item) for item in found] == [Draft, Refused]
    assert marked(found) == [True]


def test_a_refusal_out_of_a_tagged_bundle_stays_a_test_when_it_is_mended(tmp_path: Path) -> None:
    kept = refused(bundle(observation(value=101.8), meta=HTEST))
    line = {"refused": "impossible_value", "format": kept.format, "input": kept.input.replace("101.8", "38.1")}
    path = tmp_path / "mended.refused.ndjson"
    path.write_text(json.dumps(line, separators=(",", ":")))
    item = only(list(Reader().paths([path])))
    assert isinstance(item, Draft)
    assert (item.fact.value, item.fact.simulated) == (38.1, True)


# HL7 v2


@pytest.mark.parametrize(("processing", "simulated"), [("P", False), ("T", True), ("D", True), ("t", True)])
def test_messages_for_training_and_debugging(processing: str, simulated: bool) -> None:
    sent = result(obx("38.5"), obx("101.8", sub="2")).replace(b"|P|2.5.1|", f"|{processing}|2.5.1|".encode())
    assert marked(read(sent)) == [simulated, simulated]
    merge = message("EVN|A40|20260110060000", PID, "MRG|9^^^HOSP", kind="ADT^A40")
    assert marked(read(merge.replace(b"|P|", f"|{processing}|".encode()))) == [simulated]


def test_a_listener_on_a_clinical_record_takes_no_training_whatever_its_policy(tmp_path: Path) -> None:
    sent = message(PID, OBR, obx("38.5")).replace(b"|P|2.5.1|", b"|T|2.5.1|")
    with ward(tmp_path, policy=Policy(processing_ids=frozenset("PT"))) as here:
        here.enrol()
        assert (here.hear(sent).code, here.hear(sent).problems) == ("AR", ("simulated_fact",))
        assert here.log.position() == 0


def test_a_listener_on_a_demo_record_can_be_given_training(tmp_path: Path) -> None:
    with open_log(f"sqlite:///{tmp_path / 'record.db'}", kind="demo"):
        pass
    sent = message(PID, OBR, obx("38.5")).replace(b"|P|2.5.1|", b"|T|2.5.1|")
    with ward(tmp_path, policy=Policy(processing_ids=frozenset("PT"))) as here:
        here.enrol()
        assert here.hear(sent).accepted == 1
        assert {seen.what: seen.simulated for seen in here.log.facts("K1")} == {
            "body_temperature": True, "age": True, "sex": True,
        }  # fmt: skip


# Into a record


def take(folder: Path, kind: Any, *contents: bytes) -> tuple[Balance, list[bool], list[str]]:
    """The balance of an import into a new record, the marks of what it then holds, and whom the people store knows."""
    paths = [folder / f"{kind}-{number}.dat" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    url, names = f"sqlite:///{folder / kind}.db", (f"course-{number}" for number in itertools.count(1))
    with open_log(url, kind=kind) as log, open_people(url) as people:
        balance = import_paths(paths, log, people, now=NOW, by="test", enrol=True, new_id=lambda: next(names))
        known = people.find("HOSP", "4711") + people.find("http://hospital.example/mrn", "1")
        return balance, [seen.simulated for seen in log.since(0)], known


def test_a_clinical_record_refuses_it_and_learns_nobody(tmp_path: Path) -> None:
    training = result(obx("38.5")).replace(b"|P|2.5.1|", b"|T|2.5.1|")
    balance, facts, known = take(
        tmp_path, "clinical", encoded(bundle(PATIENT, observation(), observation(id="o2"), meta=HTEST)), training
    )
    assert (balance.refused, balance.ignored) == ({"simulated_fact": 3}, {"simulated_patient": 2})
    assert (facts, known, balance.enrolled) == ([], [], 0)


def test_a_demo_record_takes_it_and_what_follows_from_it_is_simulated_too(tmp_path: Path) -> None:
    training = result(obx("38.5")).replace(b"|P|2.5.1|", b"|T|2.5.1|")
    balance, facts, known = take(tmp_path, "demo", encoded(bundle(PATIENT, observation(), meta=HTEST)), training)
    assert (balance.accepted, balance.refused, len(known)) == (2, {}, 2)
    assert facts == [True] * 5  # the two, one sex, two ages


def test_age_and_sex_without_a_database_follow_the_facts(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(encoded(bundle(PATIENT, observation(), meta=HTEST)))
    assert [seen.simulated for seen in read_facts([path]).facts] == [True, True]
