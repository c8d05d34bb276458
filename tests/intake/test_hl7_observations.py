"""OBX to facts. Each test is a drawn message, one question and the answer; fields and tables are those of HL7 v2."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from cartway import times
from cartway.intake.drafts import Draft, Ignored, Refused, Subject
from cartway.intake.hl7 import Feed, read_hl7
from cartway.intake.hl7_time import read_day, read_time
from cartway.problem import Problem
from cartway.record import Fact, validate
from cartway.vocabulary import Meaning, vocabulary
from intake.data_hl7.draw import HERE, OBR, PID, SAMPLES, fact, facts, message, obx, read, refusal, result, rule

VIENNA = ZoneInfo("Europe/Vienna")
SATURATION = "2708-6^SpO2^LN"
NEUTROPHILS = "751-8^ANC^LN"
DEVICE = "O2DEV^Oxygen device^99WARD"
WARD = Feed(local_codes={("99WARD", "O2DEV"): Meaning("oxygen_device"), ("99WARD", "ICE"): Meaning("ice_score")})


def test_a_temperature() -> None:
    found = fact(result(obx("38.5", sub="1")))
    assert found == Fact(
        "4711",
        times.parse("2026-01-10T06:00:00+01:00"),
        "body_temperature",
        38.5,
        "Cel",
        source="LAB/HOSP",
        key="F1|8310-5|1|2026-01-10T05:00:00+00:00",
        source_recorded_at=times.parse("2026-01-10T06:15:00+01:00"),
    )


def test_who_it_is_about_is_the_medical_record_number_with_its_authority() -> None:
    (item,) = read(result(obx("38.5")))
    assert isinstance(item, Draft)
    assert item.subject == Subject("HOSP", "4711")
    assert item.place.startswith("a.hl7, message 1 (#")
    assert item.place.endswith("segment OBX[1], field 5")


def test_units_are_converted_and_what_was_said_is_kept() -> None:
    found = fact(result(obx("101.3", unit="[degF]")))
    assert (found.value, found.unit, found.said) == (38.5, "Cel", "101.3 [degF]")


def test_an_impossible_value_is_refused_and_stands_as_unreadable() -> None:
    found = refusal(result(obx("101.8")))
    assert found.problem.code == "impossible_value"
    assert found.stand_in is not None
    assert found.stand_in.fact.what == "unreadable"
    assert dict(found.stand_in.fact.detail)["value"] == "101.8"


@pytest.mark.parametrize(
    ("kind", "value", "amount"),
    [("NM", "38", 38.0), ("NM", "+38.5", 38.5), ("NM", "38.", 38.0), ("ST", " 38.5 ", 38.5), ("SN", "^38.5", 38.5),
     ("SN", "=^38.5", 38.5), ("", "38.5", 38.5)],
)  # fmt: skip
def test_numbers(kind: str, value: str, amount: float) -> None:
    assert fact(result(obx(value, kind=kind))).value == amount


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("NM", "38,5", "not_a_number"),  # 38.5 to one sender, 385 to another
        ("NM", "nan", "not_a_number"),
        ("NM", "1_0", "not_a_number"),
        ("NM", "1e1", "not_a_number"),
        ("NM", "٣٨", "not_a_number"),
        ("SN", "^38^-^39", "not_a_number"),
        ("ST", "about 38", "not_a_number"),
        ("ST", ">38", "censored_value"),
        ("NM", "38.1~38.4", "several_values"),
        ("ED", "x", "value_type"),
        ("NM", '""', "null_value"),
    ],
)
def test_what_is_no_plain_number_is_refused_and_shown(kind: str, value: str, code: str) -> None:
    found = refusal(result(obx(value, kind=kind)))
    assert found.problem.code == code
    assert found.stand_in is not None


@pytest.mark.parametrize(("kind", "value"), [("SN", "<^0.1"), ("ST", "<0.1"), ("ST", "< 0.1"), ("SN", "<=^0.1")])
def test_a_count_below_the_detection_limit_is_kept_with_that(kind: str, value: str) -> None:
    found = fact(result(obx(value, kind=kind, code=NEUTROPHILS, unit="10*9/L")))
    assert (found.value, found.detail) == (0.1, {"below": True})


def test_the_range_of_normal_comes_along_in_the_same_unit() -> None:
    found = fact(result(obx("5", code="1975-2^Bili^LN", unit="umol/L", limits="3-17.1")))
    assert found.detail["upper_limit"] == pytest.approx(1.0, abs=0.01)
    assert found.unit == "mg/dL"


def test_both_pressures_of_one_text() -> None:
    upper, lower = facts(result(obx("120/80", kind="ST", code="85354-9^BP^LN", unit="mm[Hg]")))
    assert (upper.what, upper.value, lower.what, lower.value) == ("systolic_pressure", 120, "diastolic_pressure", 80)
    assert upper.event == lower.event
    assert upper.key != lower.key


@pytest.mark.parametrize(("kind", "value"), [("ST", "120 / 80"), ("SN", "^120^/^80")])
def test_a_pair_under_the_code_of_the_systolic_pressure_and_as_a_structured_number(kind: str, value: str) -> None:
    sent = obx(value, kind=kind, code="8480-6^SBP^LN", unit="mm[Hg]")
    assert [found.value for found in facts(result(sent))] == [120, 80]


def test_a_pressure_panel_is_a_container_and_nonsense_in_it_is_refused() -> None:
    assert rule(result(obx("", code="85354-9^BP^LN", kind=""))) == "container"
    assert refusal(result(obx("low", code="85354-9^BP^LN", kind="ST"))).problem.code == "not_a_pair"


# Codes


@pytest.mark.parametrize(
    "code",
    ["8310-5^Temp^LN", "TMP^Temp^L^8310-5^Temp^LN", "8310-5^Temp^LOINC", "8310-5^^x^^^^^^^^^^^2.16.840.1.113883.6.1"],
)
def test_loinc_stands_in_the_code_or_the_alternate(code: str) -> None:
    assert fact(result(obx("38.5", code=code))).what == "body_temperature"


def test_a_number_that_only_looks_like_loinc_is_not() -> None:
    assert rule(result(obx("38.5", code="8310-5^Temp"))) == "code_not_in_vocabulary"
    assert rule(result(obx("38.5", code="8310-5^Temp^L"))) == "code_not_in_vocabulary"


def test_the_centers_local_codes() -> None:
    assert fact(result(obx("7", code="ICE^ICE^99WARD", unit="{score}")), WARD).what == "ice_score"


def test_codes_that_contradict_each_other_are_refused() -> None:
    sent = obx("38.5", code="8310-5^Temp^LN^8867-4^Heart rate^LN")
    assert refusal(result(sent)).problem.code == "conflicting_codes"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("CWE", "426854004^High flow oxygen nasal cannula^SCT"),
        ("CE", "H^HFNC^99WARD"),
        ("CWE", "^^^^^^^^High flow nasal cannula"),
        ("ST", "HFNC"),
        ("IS", "high_flow_nasal_cannula"),
    ],
)
def test_a_device_by_code_or_by_word(kind: str, value: str) -> None:
    assert fact(result(obx(value, kind=kind, code=DEVICE, unit="")), WARD).choice == "high_flow_nasal_cannula"


def test_an_unknown_device_stands_as_unreadable() -> None:
    found = refusal(result(obx("Z^Snorkel^99WARD", kind="CWE", code=DEVICE, unit="")), WARD)
    assert found.problem.code == "unknown_choice"
    assert found.stand_in is not None


# Status, OBX-11, table 0085


@pytest.mark.parametrize("status", ["F", "P", "S", "R", "V", ""])
def test_results_that_stand(status: str) -> None:
    sent = obx("38.5").replace("||||F|||", f"||||{status}|||")
    assert fact(result(sent)).corrected is False


@pytest.mark.parametrize("status", ["C", "A"])
def test_a_correction_has_the_key_of_what_it_corrects(status: str) -> None:
    first, second = fact(result(obx("38.5"))), fact(result(obx("37.5", status=status)))
    assert second.corrected
    assert first.key == second.key


@pytest.mark.parametrize("status", ["D", "W"])
def test_a_withdrawal_retracts(status: str) -> None:
    first, second = fact(result(obx("38.5"))), fact(result(obx("38.5", status=status)))
    assert (second.what, second.amends) == ("retraction", first.key)
    assert second.reason


def test_a_correction_to_nothing_retracts() -> None:
    assert fact(result(obx('""', status="C"))).what == "retraction"


def test_both_pressures_are_withdrawn_together() -> None:
    first = facts(result(obx("120/80", kind="ST", code="85354-9^BP^LN", unit="mm[Hg]")))
    for value in ("120/80", ""):
        gone = facts(result(obx(value, kind="ST", code="85354-9^BP^LN", unit="mm[Hg]", status="W")))
        assert [one.amends for one in gone] == [one.key for one in first]


@pytest.mark.parametrize(
    ("status", "named"),
    [("X", "no_value"), ("I", "not_final"), ("N", "not_done"), ("O", "not_done"), ("U", "not_final")],
)
def test_a_result_without_a_value_is_left_out_by_name(status: str, named: str) -> None:
    assert rule(result(obx("", status=status))) == named


def test_no_value_and_an_unknown_status() -> None:
    assert rule(result(obx(""))) == "no_value"
    assert refusal(result(obx("38.5", status="Q"))).problem.code == "unknown_status"


def test_a_final_result_is_a_newer_version_than_its_preliminary_one() -> None:
    early = fact(result(obx("38.5", status="P"), at="20260110061500+0100"))
    late = fact(result(obx("38.6", status="F"), at="20260110071500+0100"))
    assert early.source_recorded_at is not None
    assert late.source_recorded_at is not None
    assert early.key == late.key
    assert early.source_recorded_at < late.source_recorded_at


def test_the_laboratorys_own_version_time_counts_before_the_messages() -> None:
    order = "OBR|1|P77|F1^LAB|X^Y^L|||20260110060000|||||||||||||||20260110060500"
    found = fact(message(PID, order, obx("38.5")))
    assert found.source_recorded_at == times.parse("2026-01-10T06:05:00+01:00")


# Time


def test_the_time_is_obx_14_else_obr_7() -> None:
    late = "OBX|1|NM|8310-5^Temp^LN||38.5|Cel|||||F"
    assert fact(result(late)).at == times.parse("2026-01-10T06:00:00+01:00")
    assert fact(result(obx("38.5", at="202601100559"))).at == times.parse("2026-01-10T05:59:00+01:00")


def test_the_offset_is_the_stamps_own_then_the_messages_then_the_centers() -> None:
    assert fact(result(obx("38.5", at="20260110060000-0500"))).at == times.parse("2026-01-10T06:00:00-05:00")
    assert fact(result(obx("38.5"), at="20260110061500+0530")).at == times.parse("2026-01-10T06:00:00+05:30")
    assert fact(result(obx("38.5"), at="20260710061500"), Feed(zone=VIENNA)).at == times.parse(
        "2026-01-10T06:00:00+01:00"
    )


def test_without_any_offset_nothing_is_guessed() -> None:
    found = refusal(result(obx("38.5"), at="20260110061500"))
    assert found.problem.code == "no_offset"


def test_the_hour_that_came_twice_or_never_is_refused() -> None:
    for local in ("202610250230", "202603290230"):
        found = read_time(local, zone=VIENNA)
        assert isinstance(found, Problem)
        assert found.code == "ambiguous_time"
    assert read_time("202610250230+0100", zone=VIENNA) == times.parse("2026-10-25T02:30:00+01:00")


@pytest.mark.parametrize(
    ("stamp", "code"),
    [("20260110", "date_without_time"), ("2026", "date_without_time"), ("Aug 15, 2026", "malformed_time"),
     ("202613100600+0000", "malformed_time"), ("202601102460+0000", "malformed_time"),
     ("202601100600+2400", "malformed_time")],
)  # fmt: skip
def test_what_is_no_instant(stamp: str, code: str) -> None:
    found = refusal(result(obx("38.5", at=stamp)))
    assert found.problem.code == code


def test_fractions_of_a_second() -> None:
    assert read_time("20260110060000.25+0000") == times.parse("2026-01-10T06:00:00.250000+00:00")


@pytest.mark.parametrize(
    ("stamp", "day"),
    [("19610615", "1961-06-15"), ("196106", "1961-06"), ("1961", "1961"), ("19610615120000+0100", "1961-06-15"),
     ("19611315", ""), ("Aug 15", ""), ("", "")],
)  # fmt: skip
def test_birth_dates_keep_their_precision(stamp: str, day: str) -> None:
    assert read_day(stamp) == day


def test_no_time_at_all() -> None:
    order = "OBR|1|P77|F1^LAB|X^Y^L"
    assert refusal(message(PID, order, "OBX|1|NM|8310-5^Temp^LN||38.5|Cel|||||F")).problem.code == "no_time"


# Structure


def test_two_patients_in_one_message_stay_apart() -> None:
    other = PID.replace("4711", "4712")
    first, second = facts(message(PID, OBR, obx("38.1"), other, OBR, obx("38.2")))
    assert (first.course, second.course) == ("4711", "4712")


def test_no_patient() -> None:
    assert refusal(message(OBR, obx("38.1"))).problem.code == "no_patient"
    assert refusal(message("PID|1", OBR, obx("38.1"))).problem.code == "no_patient"


def test_without_an_authority_the_sending_facility_assigned_it() -> None:
    (item,) = read(message("PID|1||4711", OBR, obx("38.1")))
    assert isinstance(item, Draft)
    assert item.subject == Subject("HOSP", "4711")


def test_in_oul_the_specimen_ends_the_order() -> None:
    late = "OBX|1|NM|8310-5^Temp^LN||38.5|Cel|||||F"
    sent = message(PID, OBR, obx("38.1"), "SPM|1", late, kind="OUL^R22^OUL_R22")
    assert [type(item) for item in read(sent)] == [Draft, Refused]


def test_one_bad_observation_holds_up_no_other_and_can_be_mended_alone() -> None:
    bad = obx("38,5", at="202601100601")
    found = read(result(obx("38.1"), bad, obx("38.2", at="202601100602")))
    assert [type(item) for item in found] == [Draft, Refused, Draft]
    assert isinstance(found[1], Refused)
    assert "38.1" not in found[1].input
    assert fact(found[1].input.replace("38,5", "38.5").encode()).value == 38.5


def test_no_place_and_no_problem_names_the_patient() -> None:
    for data in (result(obx("38,5"), control="4711-Weiß"), message(PID, OBR, obx("x", kind="ED"), control="4711")):
        found = refusal(data).problem
        assert not [word for word in ("4711", "Weiß", "1961") if word in f"{found.place} {found.reason} {found.remedy}"]


@pytest.mark.parametrize(
    ("kind", "named"), [("ORM^O01", "message_type_not_used"), ("", "message_type_not_used"), ("ORU^R01", "no_value")]
)
def test_messages_without_facts_are_left_out_by_name(kind: str, named: str) -> None:
    assert rule(message(PID, kind=kind)) == named


def test_every_fact_of_the_samples_is_valid() -> None:
    words = vocabulary()
    found = [
        item
        for path in SAMPLES
        for item in read_hl7(path, name=path.name, feed=Feed(zone=VIENNA))
        if isinstance(item, Draft)
    ]
    assert len(found) > 15
    assert not [validate(item.fact, words) for item in found if validate(item.fact, words)]


def test_a_laboratory_report_as_another_engine_tests_with() -> None:
    """NextGen Connect's own test message: local codes with LOINC alternates, text for numbers, the offset in MSH-7."""
    (path,) = HERE.rglob("*large.hl7")
    found = list(read_hl7(path, name="large"))
    white = next(item.fact for item in found if isinstance(item, Draft) and item.fact.what == "leukocytes")
    assert (white.value, white.unit, white.at) == (5.8, "10*9/L", times.parse("2010-06-04T11:44:00-04:00"))
    assert white.detail == {"lower_limit": 4.0, "upper_limit": 10.0}
    assert not [item for item in found if isinstance(item, Refused)]
    assert sum(isinstance(item, Ignored) for item in found) == 66


@pytest.mark.parametrize("year", ["0001", "1899", "2250", "9999"])
def test_a_year_that_no_course_can_have(year: str) -> None:
    assert refusal(result(obx("38.5", at=f"{year}0110060000"))).problem.code == "implausible_time"
