"""What a listener does with a message and answers to it, over a real record and real people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.intake.hl7_edge import REFUSALS, open_receiver
from cartway.intake.hl7_framing import Frame
from cartway.intake.hl7_receive import Policy
from cartway.intake.hl7_refusals import KeptRefusals
from cartway.intake.hl7_seen import HORIZON
from cartway.intake.hl7_syntax import Message, parse
from cartway.intake.reading import Reader
from cartway.record import Fact, Receipt
from intake.data_hl7.desk import NOW, Ward, ward
from intake.data_hl7.draw import OBR, PID, fact, message, obx, refusal, result


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Ward]:
    with ward(tmp_path) as opened:
        opened.enrol()
        yield opened


def answered(data: bytes, codec: str = "utf-8") -> Message:
    found = parse(data.decode(codec), codec)
    assert isinstance(found, Message)
    return found


def test_a_message_is_accepted_when_its_facts_are_in_the_record(here: Ward) -> None:
    answer = here.hear(result(obx("38.5")))
    assert (answer.code, answer.accepted, answer.refused) == ("AA", 1, 0)
    assert [found.value for found in here.facts()] == [38.5]


def test_the_answer_goes_back_to_the_sender_and_names_its_message(here: Ward) -> None:
    back = answered(here.hear(result(obx("38.5"), control="M77")).data)
    head, msa = back.header, back.segments[1]
    assert [head.get(field) for field in (3, 4, 5, 6)] == ["CARTWAY", "CENTER", "LAB", "HOSP"]
    assert (head.raw(9), head.get(11), head.get(12), head.get(18)) == ("ACK^R01^ACK", "P", "2.5.1", "UNICODE UTF-8")
    assert head.get(7) == "20260110080000.000+0000"
    assert (msa.get(1), msa.get(2)) == ("AA", "M77")
    assert head.get(10) not in ("", "M77")


def test_the_answer_is_in_the_senders_characters_and_separators(here: Ward) -> None:
    text = (
        result(obx("38.5"), charset="8859/1", control="Ö1").decode().replace("Žofie", "Zoë").replace("HOSP|C", "HÖSP|C")
    )
    back = answered(here.hear(text.encode("latin-1")).data, "latin-1")
    assert (back.header.get(6), back.segments[1].get(2), back.header.get(18)) == ("HÖSP", "Ö1", "8859/1")
    odd = "MSH$%*!@$LAB$HOSP$A$B$20260110061500+0100$$ORU%R01$1$P$2.5\r"
    assert here.hear(odd.encode()).data.startswith(b"MSH$%*!@$A$B$LAB$HOSP$")


def test_what_could_not_be_taken_is_said_kept_and_does_not_hold_up_the_rest(here: Ward) -> None:
    answer = here.hear(result(obx("38.5"), obx("38,6", at="202601100601")))
    back = answered(answer.data)
    assert (answer.code, answer.accepted, answer.problems) == ("AE", 1, ("not_a_number",))
    err = back.segments[2]
    assert (err.name, err.raw(2), err.get(3), err.get(4), err.get(5)) == ("ERR", "OBX^2^5", "102", "E", "not_a_number")
    assert "number" in err.get(8)
    assert [one.problem.code for one in here.refused] == ["not_a_number"]
    assert {found.what for found in here.facts()} == {"body_temperature", "unreadable"}


def test_old_versions_hear_the_reason_in_msa_3(here: Ward) -> None:
    back = answered(here.hear(result(obx("38,6")).replace(b"|2.5.1|", b"|2.3|")).data)
    assert "number" in back.segments[1].get(3)
    assert back.segments[2].raw(1) == "OBX^1^5^102"


def test_the_mended_refusal_can_be_sent_again_and_replaces_the_unreadable_one(here: Ward) -> None:
    here.hear(result(obx("38,6")))
    mended = here.refused[0].input.replace("38,6", "38.6").replace("||||F|||", "||||C|||").replace("|C1|", "|C2|")
    assert here.hear(mended.encode()).code == "AA"
    assert [(found.what, found.value) for found in here.facts()] == [("body_temperature", 38.6)]


# Corrections


def test_a_correction_takes_the_place_of_the_first_result(here: Ward) -> None:
    here.hear(result(obx("38.5"), control="1"))
    assert here.hear(result(obx("37.5", status="C"), control="2")).code == "AA"
    assert [found.value for found in here.facts()] == [37.5]
    assert len([one for one in here.log.facts("K1") if one.what == "body_temperature"]) == 2


def test_a_final_result_takes_the_place_of_the_preliminary_one(here: Ward) -> None:
    here.hear(result(obx("38.5", status="P"), control="1"))
    assert here.hear(result(obx("38.6"), control="2", at="20260110070000+0100")).code == "AA"
    assert [found.value for found in here.facts()] == [38.6]


def test_two_contradictory_results_of_one_version_are_a_conflict(here: Ward) -> None:
    here.hear(result(obx("38.5"), control="1"))
    answer = here.hear(result(obx("39.5"), control="2"))
    assert (answer.code, answer.problems) == ("AE", ("conflict",))
    assert here.refused[0].input.startswith("MSH")
    assert [found.value for found in here.facts()] == [38.5]


def test_a_withdrawn_result_is_gone_and_one_never_sent_is_nothing_to_withdraw(here: Ward) -> None:
    here.hear(result(obx("38.5"), control="1"))
    assert here.hear(result(obx("38.5", status="W"), control="2")).accepted == 1
    assert here.facts() == []
    stranger = here.hear(result(obx("38.5", status="W", sub="9"), control="3"))
    assert (stranger.code, stranger.ignored) == ("AA", 1)


def test_a_correction_and_its_original_in_one_batch(here: Ward) -> None:
    codes = [
        one.code
        for one in here.hear_all(result(obx("38.5"), control="1"), result(obx("37.5", status="C"), control="2"))
    ]
    assert codes == ["AA", "AA"]
    assert [found.value for found in here.facts()] == [37.5]


# Repetitions, MSH-10


def test_the_same_message_again_is_accepted_and_changes_nothing(here: Ward) -> None:
    first, again = here.hear(result(obx("38.5"))), here.hear(result(obx("38.5")))
    assert (first.code, first.accepted) == (again.code, 1) == ("AA", 1)
    assert (again.accepted, again.ignored) == (0, 1)
    assert here.log.position() == 3  # the temperature, age and sex


def test_a_repetition_stamped_anew_is_still_one(here: Ward) -> None:
    here.hear(result(obx("38.5")))
    assert here.hear(result(obx("38.5"), at="20260110061600+0100")).ignored == 1


def test_another_message_under_a_used_control_id_is_an_error(here: Ward) -> None:
    here.hear(result(obx("38.5")))
    answer = here.hear(result(obx("38.6", sub="2")))
    assert (answer.code, answer.problems) == ("AE", ("control_id_reused",))
    assert "38.6" in here.refused[0].input


def test_control_ids_are_the_senders_own_and_forgotten_after_a_week(here: Ward) -> None:
    here.hear(result(obx("38.5")))
    assert here.hear(result(obx("38.6", sub="2")).replace(b"|LAB|", b"|ICU|")).code == "AA"
    assert here.hear(result(obx("38.7", sub="3")), NOW + HORIZON).code == "AA"


def test_a_repetition_within_one_batch(here: Ward) -> None:
    first, second = here.hear_all(result(obx("38.5")), result(obx("38.5")))
    assert (first.accepted, second.accepted, second.code) == (1, 0, "AA")


def test_what_was_refused_is_tried_again_when_it_is_sent_again(tmp_path: Path) -> None:
    with ward(tmp_path) as here:
        assert here.hear(result(obx("38.5"))).problems == ("no_course_for_patient",)
        here.enrol()
        assert here.hear(result(obx("38.5"))).code == "AA"
        assert len(here.facts()) == 1


def test_facts_are_not_doubled_even_if_the_memory_of_control_ids_is_lost(tmp_path: Path) -> None:
    with ward(tmp_path) as here:
        here.enrol()
        here.hear(result(obx("38.5")))
    (tmp_path / "seen.db").unlink()
    with ward(tmp_path) as here:
        answer = here.hear(result(obx("38.5")))
        assert (answer.code, answer.accepted, answer.known) == ("AA", 0, 1)


# Who is it?


def test_any_identifier_finds_the_course(here: Ward) -> None:
    assert here.hear(message("PID|1||888^^^STATE&2.16.1&ISO", OBR, obx("38.5"))).accepted == 1


def test_a_patient_without_a_course_is_held_or_left_out_by_policy(tmp_path: Path) -> None:
    stranger = result(obx("38.5")).replace(b"4711", b"1").replace(b"888", b"2")
    with ward(tmp_path) as here:
        assert here.hear(stranger).code == "AE"
        assert len(here.refused) == 1
    with ward(tmp_path, policy=Policy(unknown_patient="ignore")) as here:
        answer = here.hear(stranger)
        assert (answer.code, answer.ignored, here.refused) == ("AA", 1, [])


def test_identifiers_that_lead_to_two_courses_are_held(here: Ward) -> None:
    here.enrol("K2", [("HOSP", "5000")])
    answer = here.hear(message("PID|1||4711^^^HOSP~5000^^^HOSP", OBR, obx("38.5")))
    assert (answer.code, answer.problems) == ("AE", ("several_courses",))
    assert here.facts("K1") == here.facts("K2") == []


def test_registration_opens_a_course_where_the_policy_says_so(tmp_path: Path) -> None:
    adt = message("EVN|A04|20260110060000", PID, kind="ADT^A04", control="1")
    with ward(tmp_path) as here:
        assert here.hear(adt).code == "AA"
        assert here.people.find("HOSP", "4711") == []
    with ward(tmp_path, enrol="all") as here:
        first, second = here.hear_all(adt.replace(b"|1|P|", b"|2|P|"), result(obx("38.5"), control="3"))
        (course,) = here.people.find("HOSP", "4711")
        person = here.people.person(course)
        assert (first.code, second.accepted, person.name, person.birth_date) == ("AA", 1, "Žofie A Weiß", "1961-06-15")
        assert here.hear(adt.replace(b"|1|P|", b"|4|P|")).code == "AA"
        assert here.people.find("HOSP", "4711") == [course]


def test_age_and_sex_come_from_the_people_store_once(here: Ward) -> None:
    here.hear_all(result(obx("38.5"), control="1"), result(obx("38.6", sub="2"), control="2"))
    here.hear(result(obx("38.7", sub="3"), control="3"))
    found = {one.what: one for one in here.log.facts("K1") if one.source == "people"}
    assert (found["age"].value, found["sex"].choice) == (64.0, "female")
    assert here.log.position() == 5


def test_a_birth_date_that_comes_later_still_gives_the_age(tmp_path: Path) -> None:
    with ward(tmp_path) as here:
        here.people.enrol([("HOSP", "4711")], now=NOW, by="test", new_id=lambda: "K1")
        here.hear(result(obx("38.5"), control="1"))
        here.hear(message("EVN|A08|20260110060000", PID, kind="ADT^A08", control="2"))
        here.hear(result(obx("38.6", sub="2"), control="3"))
        assert {one.what for one in here.log.facts("K1")} == {"body_temperature", "age", "sex"}


def test_a_laboratorys_idea_of_the_name_does_not_overwrite_the_hospitals(here: Ward) -> None:
    here.hear(message(PID.replace("Weiß^Žofie", "WEISS^SOFIE"), OBR, obx("38.5")))
    assert here.people.person("K1").name == "Žofie Weiß"


def test_a_message_of_many_faults_and_a_huge_patient_segment_is_kept_once(here: Ward) -> None:
    answer = here.hear(message(PID + "|" * 9 + "x" * 100_000, OBR, *[obx("38,5", sub=str(n)) for n in range(500)]))
    assert (answer.refused, answer.data.count(b"\rERR")) == (500, 20)
    assert sum(len(one.input) for one in here.refused) < 400_000


def test_after_a_merge_the_old_number_leads_to_the_surviving_course(here: Ward) -> None:
    here.enrol("K2", [("HOSP", "9999")])
    merge = message("EVN|A40|20260110060000", PID, "MRG|9999^^^HOSP^MR", kind="ADT^A40", control="1")
    assert here.hear(merge).code == "AA"
    assert here.hear(message("PID|1||9999^^^HOSP", OBR, obx("38.5"), control="2")).accepted == 1
    assert len(here.facts("K1")) == 1


def test_a_correction_after_a_merge_amends_what_was_sent_before_it(here: Ward) -> None:
    here.enrol("K2", [("HOSP", "9999")])
    old = message("PID|1||9999^^^HOSP", OBR, obx("38.5"), control="1")
    merge = message("EVN|A40|20260110060000", PID, "MRG|9999^^^HOSP^MR", kind="ADT^A40", control="2")
    corrected = result(obx("37.5", status="C"), control="3")
    assert [one.code for one in here.hear_all(old, merge, corrected)] == ["AA"] * 3
    assert [found.value for found in here.facts("K2")] == [37.5]
    assert here.facts("K1") == []


def test_a_merge_into_a_new_number_adds_it_and_one_of_strangers_is_nothing(here: Ward) -> None:
    event = "EVN|A40|20260110060000"
    renumbered = message(event, "PID|1||1^^^HOSP", "MRG|4711^^^HOSP", kind="ADT^A40", control="1")
    assert here.hear(renumbered).code == "AA"
    assert here.people.find("HOSP", "1") == ["K1"]
    strangers = message(event, "PID|1||3^^^HOSP", "MRG|2^^^HOSP", kind="ADT^A40", control="2")
    assert here.hear(strangers).code == "AA"
    assert here.people.find("HOSP", "3") == []


def test_a_change_of_name_and_a_further_number_reach_the_people_store(here: Ward) -> None:
    married = "PID|1||4711^^^HOSP^MR~55^^^ALT^MR||Schwarz^Žofie||19610615|F"
    assert here.hear(message("EVN|A08|20260110060000", married, kind="ADT^A08")).code == "AA"
    assert here.people.person("K1").name == "Žofie Schwarz"
    assert here.people.find("ALT", "55") == ["K1"]


def test_a_registration_with_two_peoples_numbers_is_held(here: Ward) -> None:
    here.enrol("K2", [("HOSP", "5000")])
    adt = message("EVN|A08|20260110060000", "PID|1||4711^^^HOSP~5000^^^HOSP||A^B", kind="ADT^A08")
    assert here.hear(adt).problems == ("several_courses",)
    assert here.people.person("K1").name == "Žofie Weiß"


def test_a_discharge_and_its_cancellation(here: Ward) -> None:
    visit = "PV1|1|I|||||||||||||||||V9" + "|" * 26 + "20260120103000"
    event = "EVN|A03|20260120110000"
    assert here.hear(message(event, PID, visit, kind="ADT^A03", control="1")).accepted == 1
    assert [found.what for found in here.facts()] == ["discharge"]
    assert here.hear(message(event, PID, visit, kind="ADT^A13", control="2")).accepted == 1
    assert here.facts() == []


# What is not for us


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_header"),
        (b"hello", "no_header"),
        (result(obx("38.5\0")), "forbidden_character"),
        (result(obx("38.5\\X00\\", kind="ST")), "undecodable"),
        (b"MSH|^^\\&|LAB|HOSP|A|B|1||ORU^R01|9|P|2.5\r", "bad_delimiters"),
        (result(obx("38.5")).replace(b"|2.5.1|", b"|3.0|"), "unsupported_version"),
        (result(obx("38.5")).replace(b"|P|2.5.1|", b"|T|2.5.1|"), "unsupported_processing_id"),
        (result(obx("38.5"), control=""), "no_control_id"),
        (result(obx("38.5"), charset="ISO IR87"), "unsupported_charset"),
        (result(obx("38.5")).replace(b"UNICODE UTF-8", b"").replace("ß".encode(), b"\xdf"), "undecodable"),
        (result(obx("38.5")) + result(obx("38.5")), "several_headers"),
    ],
)
def test_what_is_no_message_for_us_is_rejected_and_kept(here: Ward, data: bytes, code: str) -> None:
    answer = here.hear(data)
    assert (answer.code, answer.problems) == ("AR", (code,))
    back = answered(answer.data)
    assert back.segments[1].get(1) == "AR"
    assert back.segments[-1].name == "ERR"
    assert len(here.refused) == 1
    assert here.facts() == []


def test_a_rejected_message_is_still_named_as_far_as_it_can_be(here: Ward) -> None:
    data = result(obx("38.5"), charset="ISO IR87", control="M9")
    back = answered(here.hear(data).data)
    assert (back.header.get(5), back.segments[1].get(2)) == ("LAB", "M9")


def test_kinds_that_are_not_used_are_accepted_and_left_out(here: Ward) -> None:
    assert here.hear(message(PID, kind="ORM^O01")).code == "AA"


def test_when_the_record_fails_nothing_is_remembered(here: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> Receipt:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(here.log, "append", full)
        with pytest.raises(OSError, match="full"):
            here.hear(result(obx("38.5")))
    assert here.hear(result(obx("38.5"))).accepted == 1


@given(data=st.binary(max_size=200))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_there_is_an_answer_that_a_sender_can_read(data: bytes, here: Ward) -> None:
    for sent in (data, b"MSH|^~\\&|" + data, message(PID, OBR).rstrip(b"\r") + data):
        back = here.hear(sent).data
        assert back.startswith(b"MSH")
        assert b"\rMSA" in back
        assert not {0x0B, 0x1C} & set(back)


# What is kept


def test_refusals_are_kept_once_in_a_file_of_their_owner_and_can_be_imported(tmp_path: Path) -> None:
    file = tmp_path / "refused.jsonl"
    keep = KeptRefusals(file)
    one, other = refusal(result(obx("38,5"))), refusal(result(obx("38,6")))
    keep([one])
    keep([one, other])
    assert len(file.read_text().splitlines()) == 2
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(file.read_text().replace("38,5", "38.5").replace("38,6", "38.6"))
    found = list(Reader().paths([file]))
    assert [item.fact.value for item in found if hasattr(item, "fact") and isinstance(item.fact, Fact)] == [38.5, 38.6]


def test_the_conversation_of_frames_is_the_same_as_one_by_one(tmp_path: Path) -> None:
    sent = [result(obx(f"38.{number}", sub=str(number)), control=str(number)) for number in range(5)]
    with ward(tmp_path) as here:
        here.enrol()
        together = here.receiver.handle_all([Frame(n, data) for n, data in enumerate(sent)], NOW)
        assert [answer.code for answer in together] == ["AA"] * 5
        assert [found.value for found in here.facts()] == [fact(data).value for data in sent]


def test_a_receiver_opens_its_stores_and_keeps_its_files_beside_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}"
    names = iter(["K1"])
    adt = message("EVN|A04|20260110060000", PID, kind="ADT^A04", control="1")
    with open_receiver(url, url, tmp_path, by="listener", new_id=lambda: next(names), enrol="all") as receiver:
        frames = [Frame(n, data) for n, data in enumerate((adt, result(obx("38.5"), obx("38,6", sub="2"))), 1)]
        assert [answer.code for answer in receiver.handle_all(frames, NOW)] == ["AA", "AE"]
    assert (tmp_path / REFUSALS).read_text().count("\n") == 1


def test_many_large_messages_are_appended_in_parts(here: Ward) -> None:
    sent = [result(*[obx("38.5", sub=f"{n}.{i}") for i in range(3_000)], control=str(n)) for n in range(3)]
    assert [answer.accepted for answer in here.hear_all(*sent)] == [3_000] * 3
