"""ADT: who a patient is, merges, discharge, death."""

from __future__ import annotations

import pytest

from cartway import times
from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Merge, Subject
from cartway.intake.hl7 import read_hl7
from intake.data_hl7.draw import HERE, PID, fact, merges, message, obx, read, refusal, result, rule

EVN = "EVN|A01|20260110060000"
VISIT = "PV1|1|I|WARD||||||||||||||||V9|||||||||||||||||||||||||20260101|20260120103000"


def adt(trigger: str, *segments: str, **msh: str) -> bytes:
    return message(EVN, *segments, kind=f"ADT^{trigger}", **msh)


def enrolment(data: bytes) -> Enrolment:
    item: Item = read(data)[0]
    assert isinstance(item, Enrolment), item
    return item


@pytest.mark.parametrize("trigger", ["A01", "A04", "A05", "A08", "A28", "A31"])
def test_a_registration_says_who_the_patient_is(trigger: str) -> None:
    found = enrolment(adt(trigger, PID))
    assert found.subjects == (Subject("HOSP", "4711"), Subject("urn:oid:2.16.1", "888"))
    assert (found.name, found.birth_date, found.sex) == ("Žofie A Weiß", "1961-06-15", "female")
    assert "4711" not in found.place


def test_every_identifier_counts_account_numbers_do_not_and_old_fields_are_read() -> None:
    pid = "PID|1|22^^^OLD|55^^^HOSP^MR~77^^^HOSP^AN~66^^^HOSP^PI|33^^^ALT||A^B"
    found = [one.identifier for one in enrolment(adt("A04", pid)).subjects]
    assert found == ["55", "66", "22", "33"]


def test_the_legal_name_is_taken() -> None:
    pid = "PID|1||7^^^H||Nick^Name^^^^^N~Legal&van^Given^^^^^L"
    assert enrolment(adt("A04", pid)).name == "Given Legal"


def test_a_name_in_latin_1() -> None:
    data = adt("A04", PID.replace("Žofie", "Zoë"), charset="8859/1").decode().encode("latin-1")
    assert enrolment(data).name == "Zoë A Weiß"


def test_a_registration_without_an_identifier_is_refused() -> None:
    assert refusal(adt("A04", "PID|1||||A^B")).problem.code == "no_patient"


def test_a_weight_within_a_registration_is_read_too() -> None:
    found = read(adt("A01", PID, obx("71", code="29463-7^Weight^LN", unit="kg")))
    assert [type(item) for item in found] == [Enrolment, Draft]


def test_a_result_says_who_the_patient_is_before_the_first_fact_and_only_then() -> None:
    found = list(read_hl7(result(obx("x", code="X^Y^L"), obx("38.5"), obx("38.6", sub="2")), name="a.hl7"))
    assert [type(item) for item in found] == [Ignored, Enrolment, Draft, Draft]
    assert isinstance(found[1], Enrolment)
    assert (found[1].birth_date, len(found[1].subjects)) == ("1961-06-15", 2)
    unused = list(read_hl7(result(obx("x", code="X^Y^L")), name="a.hl7"))
    assert [type(item) for item in unused] == [Ignored]


def test_one_patient_has_at_most_twenty_identifiers() -> None:
    pid = "PID|1||" + "~".join(f"{number}^^^H" for number in range(500))
    assert len(enrolment(adt("A04", pid)).subjects) == 20


# Merges


@pytest.mark.parametrize("trigger", ["A18", "A34", "A36", "A39", "A40", "A47"])
def test_the_identifier_in_mrg_is_replaced_by_the_one_of_the_same_authority(trigger: str) -> None:
    (found,) = merges(adt(trigger, PID, "MRG|9999^^^HOSP^MR"))
    assert (found.gone, found.kept) == (Subject("HOSP", "9999"), Subject("HOSP", "4711"))
    assert found.at == times.parse("2026-01-10T06:00:00+01:00")


def test_each_pair_of_pid_and_mrg_is_a_merge_of_its_own() -> None:
    found = merges(adt("A40", PID, "MRG|1^^^HOSP~2^^^STATE&2.16.1&ISO", PID.replace("4711", "5"), "MRG|6^^^HOSP"))
    assert [(one.gone.identifier, one.kept.identifier) for one in found] == [("1", "4711"), ("2", "888"), ("6", "5")]


def test_a_merge_without_mrg_is_refused() -> None:
    assert refusal(adt("A40", PID)).problem.code == "no_merge"


def test_microsofts_sample_with_two_merges() -> None:
    (path,) = HERE.rglob("ADT-A40-02.hl7")
    assert [type(item) for item in read_hl7(path, name="x")] == [Merge, Merge]


@pytest.mark.parametrize("trigger", ["A23", "A29", "A37", "A43"])
def test_unlinking_and_deleting_need_a_person(trigger: str) -> None:
    assert refusal(adt(trigger, PID)).problem.code == "needs_a_person"


# Discharge and death


def test_a_discharge_is_a_milestone() -> None:
    found = fact(adt("A03", PID, VISIT))
    assert (found.what, found.at) == ("discharge", times.parse("2026-01-20T10:30:00+01:00"))
    assert found.source_recorded_at == times.parse("2026-01-10T06:00:00+01:00")


def test_cancelling_a_discharge_retracts_it_by_the_visit() -> None:
    first = fact(adt("A03", PID, VISIT))
    gone = fact(adt("A13", PID, VISIT.replace("|20260120103000", "")))
    assert (gone.what, gone.amends) == ("retraction", first.key)


def test_a_cancellation_that_names_no_visit_is_refused() -> None:
    assert refusal(adt("A13", PID, "PV1|1|I")).problem.code == "no_visit_number"


@pytest.mark.parametrize(("trigger", "named"), [("A11", "no_milestone"), ("A02", "message_type_not_used")])
def test_admission_and_transfer_are_no_milestones(trigger: str, named: str) -> None:
    assert rule(adt(trigger, PID, VISIT)) == named


def test_the_trigger_of_old_messages_stands_in_evn() -> None:
    assert isinstance(read(message(EVN, PID, kind="ADT"))[0], Enrolment)


def test_who_the_patient_is_says_when_they_died() -> None:
    who, _ = read(adt("A08", PID + "|" * 21 + "20260201120000|Y"))
    assert isinstance(who, Enrolment)
    assert who.deceased_at == times.parse("2026-02-01T12:00:00+01:00")
