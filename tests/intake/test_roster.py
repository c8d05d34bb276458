"""Who is who without a database, ages without birth dates, and a center's own codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartway.intake import codes, read_facts
from cartway.intake.drafts import Draft, Enrolment, Merge, Subject
from cartway.intake.fhir import Context
from cartway.intake.roster import Beginning, Roster, age_at, of_person
from cartway.intake.withdrawals import whole_withdrawals
from cartway.problem import Problem
from cartway.record import Fact, current
from cartway.times import DAY, parse
from cartway.vocabulary import Meaning, vocabulary
from intake.drawn import AT, NOON, concept, encoded, items, observation

MRN, LOGICAL = Subject("http://hospital.example/mrn", "123"), Subject("fhir:local", "p")


@pytest.mark.parametrize(
    ("born", "at", "age"),
    [
        ("2014-01-11", "2026-01-10T23:59:59+00:00", 11.9),  # the day before the twelfth birthday: the children's table
        ("2014-01-11", "2026-01-11T00:00:00+00:00", 12.0),
        ("2014-01-11", "2026-07-12T12:00:00+00:00", 12.5),
        ("2014-01-11", "2026-02-15T00:00:00+00:00", 12.0),
        ("2008-01-11", "2026-01-10T23:59:59+00:00", 17.9),
        ("2008-01-11", "2026-01-11T00:00:00+00:00", 18.0),
        ("1950-03-02", "2026-01-10T12:00:00+00:00", 75.0),  # no finer for adults: that would be the birth date
        ("2016-02-29", "2025-02-28T00:00:00+00:00", 9.0),
        ("2026-01-10", "2026-01-10T12:00:00+00:00", 0.0),
        ("2026-01-11", "2026-01-10T12:00:00+00:00", None),
        ("2014", NOON, None),
        ("2014-01", NOON, None),
        ("", NOON, None),
        ("long ago", NOON, None),
    ],
)
def test_age(born: str, at: str, age: float | None) -> None:
    assert age_at(born, parse(at)) == age


def test_what_is_unknown_of_a_person_is_left_out() -> None:
    assert of_person(Enrolment((LOGICAL,), sex=""), "c", Beginning(AT)) == []
    (sex,) = of_person(Enrolment((LOGICAL,), sex="Female"), "c", Beginning(AT))
    assert (sex.what, sex.choice, sex.source) == ("sex", "female", "people")


def draft(subject: Subject) -> Draft:
    return Draft(Fact(subject.identifier, AT, "heart_rate", 90, "/min"), subject)


def test_identifiers_of_one_patient_share_a_course() -> None:
    roster = Roster()
    roster.enrol(Enrolment((LOGICAL, MRN)))
    assert roster.filed(draft(MRN)).course == roster.filed(draft(LOGICAL)).course == "p"


def test_a_patient_met_before_their_record() -> None:
    roster = Roster()
    assert roster.filed(draft(MRN)).course == "123"
    roster.enrol(Enrolment((LOGICAL, MRN)))
    assert roster.filed(draft(LOGICAL)).course == "123"


def test_equal_identifiers_of_two_authorities_are_two_courses() -> None:
    roster = Roster()
    other = Subject("http://elsewhere.example", "p")
    assert roster.filed(draft(LOGICAL)).course == "p"
    assert roster.filed(draft(other)).course == "http://elsewhere.example|p"


def test_a_merge_sends_what_follows_to_the_one_that_stays() -> None:
    roster = Roster()
    roster.merge(Merge(gone=LOGICAL, kept=MRN))
    assert roster.filed(draft(LOGICAL)).course == "123"


def test_a_whole_is_withdrawn_in_its_parts() -> None:
    parts = [Fact("c", AT, "heart_rate", 90, "/min", source="s", key=f"Observation/bp#{n}") for n in "12"]
    other = Fact("c", AT, "heart_rate", 95, "/min", source="s", key="Observation/bp2#1")
    gone = Fact("c", AT + DAY, "retraction", source="s", amends="Observation/bp")
    assert current(whole_withdrawals([*parts, other, gone])) == [other]


def test_a_reading_without_a_database(tmp_path: Path) -> None:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1966-07-11", "gender": "male"}
    path = tmp_path / "x.ndjson"
    lines = [observation(), observation(id="o2", value=101.8), patient, {"resourceType": "Claim"}]
    path.write_bytes(b"\n".join(map(encoded, lines)))
    reading = read_facts([path])
    assert sorted(seen.what for seen in reading.facts) == ["age", "body_temperature", "sex", "unreadable"]
    assert {seen.course for seen in reading.facts} == {"p"}
    assert [problem.code for problem in reading.problems] == ["impossible_value"]
    assert reading.problems[0].place == "x.ndjson line 2"
    assert reading.ignored == {"patient_details": 1, "resource_type_not_used": 1}


def test_the_shipped_maps_name_what_the_vocabulary_has() -> None:
    known = vocabulary()
    assert codes.shipped()
    for meaning in codes.shipped().values():
        variable = known.variable(meaning.what)
        assert variable is not None and meaning.choice in variable.choices


WARD = '["http://hospital.example/flowsheet"]\nT1 = ["body_temperature", "Temp"]\n'


def test_a_centers_own_map(tmp_path: Path) -> None:
    path = tmp_path / "ward.toml"
    path.write_text(WARD)
    own = codes.read_map(path, vocabulary())
    assert not isinstance(own, Problem)
    context = Context(vocabulary(), local_codes=codes.combined([own]))
    coded = observation(code=concept("http://hospital.example/flowsheet", "T1"))
    (item,) = items(coded, context=context)
    assert isinstance(item, Draft) and item.fact.what == "body_temperature"
    assert codes.combined([own])["http://hospital.example/flowsheet", "T1"] == Meaning("body_temperature")


@pytest.mark.parametrize(
    "text", ["not toml [", '["s"]\nA = ["mood", "?"]', '["s"]\nA = ["oxygen_device/snorkel", "?"]', '["s"]\nA = 3']
)
def test_a_map_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ward.toml"
    path.write_text(text)
    found = codes.read_map(path, vocabulary())
    assert isinstance(found, Problem) and found.code == "bad_map"
