"""From files to the record: the books balance, patients are found and never guessed, refusals can be mended."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cartway.intake import read_facts
from cartway.intake.balance import Balance
from cartway.intake.fhir import Options
from cartway.intake.importer import import_paths
from cartway.intake.reading import Sources
from cartway.people import open_people
from cartway.people.people import People
from cartway.record import RETRACTION, Log, current, open_log
from cartway.times import HOUR, parse
from intake.data_hl7.draw import OBR, PID, message, obx, result
from intake.drawn import (
    AT,
    DATA,
    LOINC,
    NOON,
    RXNORM,
    administration,
    bundle,
    concept,
    encoded,
    gz,
    observation,
    quantity,
)

NOW = parse("2026-02-01T00:00:00+00:00")
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "identifier": [{"system": "http://hospital.example/mrn", "value": "123"}],
    "name": [{"text": "Jo Doe"}],
    "gender": "female",
    "birthDate": "1966-07-11",
}


class Desk:
    """An importer's desk: a record, its people, and a folder for files."""

    def __init__(self, log: Log, people: People, folder: Path) -> None:
        self.log, self.people, self.folder = log, people, folder
        self._ids = (f"course-{n}" for n in itertools.count(1))
        self.refusals = folder / "kept.refused.ndjson"

    def file(self, name: str, drawn: Any) -> Path:
        path = self.folder / name
        path.write_bytes(drawn if isinstance(drawn, bytes) else encoded(drawn))
        return path

    def take(self, *paths: Path, enrol: bool = True, now: int = NOW, sources: Sources | None = None) -> Balance:
        return import_paths(
            paths,
            self.log,
            self.people,
            now=now,
            by="importer",
            enrol=enrol,
            new_id=lambda: next(self._ids),
            refusals=self.refusals,
            sources=sources,
        )

    def kept(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.refusals.read_text().splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "files"
    folder.mkdir()
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_log(url) as log, open_people(url) as people:
        yield Desk(log, people, folder)


def test_the_balance_in_its_own_words(desk: Desk) -> None:
    claim = {"resourceType": "Claim"}
    path = desk.file("b.json", bundle(PATIENT, observation(), observation(id="o2", value=101.8), claim))
    balance = desk.take(path)
    assert balance.line() == "read 4 = accepted 1 + already known 0 + ignored 2 by a named rule + refused 1"
    assert balance.ignored == {"patient_details": 1, "resource_type_not_used": 1}
    assert balance.refused == {"impossible_value": 1}
    assert (balance.enrolled, balance.derived, balance.files) == (1, 2, 1)


def test_a_second_time_all_is_known(desk: Desk) -> None:
    path = desk.file("b.json", bundle(PATIENT, observation(), observation(id="o2", value=37)))
    first = desk.take(path)
    stored = desk.log.position()
    second = desk.take(path)
    assert (first.accepted, second.accepted, second.known, second.derived) == (2, 0, 2, 0)
    assert desk.log.position() == stored


def test_facts_carry_no_name_no_birth_date_no_identifier(desk: Desk) -> None:
    desk.take(desk.file("b.json", bundle(PATIENT, observation())))
    facts = desk.log.facts("course-1")
    assert {seen.what for seen in facts} == {"body_temperature", "age", "sex"}
    age = next(seen for seen in facts if seen.what == "age")
    assert (age.value, age.at) == (59.0, AT)
    text = msgspec.json.encode(facts).decode()
    assert "Doe" not in text and "1966" not in text and '"p"' not in text and "123" not in text
    assert desk.people.person("course-1").birth_date == "1966-07-11"


def test_a_patient_without_a_course_is_refused_and_waits(desk: Desk) -> None:
    path = desk.file("o.json", observation())
    assert desk.take(path, enrol=False).refused == {"no_course_for_patient": 1}
    assert desk.log.courses() == []
    mended = desk.take(desk.refusals.rename(desk.folder / "again.refused.ndjson"), enrol=True)
    assert (mended.accepted, mended.refused) == (1, {})
    assert desk.log.facts("course-1")[0].what == "body_temperature"


def test_two_courses_are_not_guessed_between(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.people.enrol([("fhir:local", "p")], now=NOW, by="test", new_id=lambda name=name: name)
    balance = desk.take(desk.file("o.json", observation()))
    assert balance.refused == {"several_courses": 1}
    assert desk.log.courses() == []


def test_all_identifiers_of_a_patient_lead_to_one_course(desk: Desk) -> None:
    desk.people.enrol([("http://hospital.example/mrn", "123")], now=NOW, by="test", new_id=lambda: "known")
    balance = desk.take(desk.file("b.json", bundle(PATIENT, observation())), enrol=False)
    assert (balance.accepted, balance.enrolled) == (1, 0)
    assert "known" in desk.log.courses()
    later = desk.take(desk.file("o.json", observation(id="o2", value=37.1)), enrol=False)
    assert later.accepted == 1


def test_two_sources_may_number_patients_alike(desk: Desk) -> None:
    desk.take(desk.file("a.json", observation()), sources=Sources(fhir=Options(source="north")))
    desk.take(desk.file("b.json", observation()), sources=Sources(fhir=Options(source="south")))
    assert len(desk.log.courses()) == 2


def test_patients_are_read_before_the_rest_of_a_folder(desk: Desk) -> None:
    folder = desk.folder / "export"
    folder.mkdir()
    (folder / "a-observations.ndjson").write_bytes(encoded(observation()) + b"\n" + encoded(observation(id="o2")))
    (folder / "z-patients.ndjson.gz").write_bytes(gz(encoded(PATIENT)))
    (folder / "LICENSE.txt").write_text("Do as you like.")
    balance = desk.take(folder)
    assert balance.ignored == {"patient_details": 1, "file_not_data": 1}
    assert (balance.accepted, balance.enrolled, len(desk.log.courses())) == (2, 1, 1)


def test_the_stand_in_of_an_unreadable_observation_is_stored(desk: Desk) -> None:
    desk.take(desk.file("o.json", observation(value=101.8)))
    stored = desk.log.facts("course-1")
    assert [(seen.what, seen.at, seen.detail["variable"]) for seen in stored] == [
        ("unreadable", AT, "body_temperature")
    ]


def test_a_refusal_is_kept_with_all_that_mends_it(desk: Desk) -> None:
    desk.take(desk.file("o.json", observation(value=101.8)))
    (line,) = desk.kept()
    assert line["refused"] == "impossible_value"
    assert line["place"] == "o.json entry 1"
    assert line["reason"] and line["remedy"]
    assert json.loads(line["input"]) == observation(value=101.8)


def test_a_mended_resource_takes_the_place_of_the_unreadable_one(desk: Desk) -> None:
    desk.take(desk.file("o.json", bundle(observation(value=101.8), observation(id="o2", value=37))))
    text = desk.refusals.read_text().replace("101.8", "38.8")
    mended = desk.file("mended.refused.ndjson", text.encode())
    balance = desk.take(mended)
    assert (balance.accepted, balance.refused) == (1, {})
    found = current(desk.log.facts("course-1"))
    assert sorted((seen.what, seen.value) for seen in found) == [("body_temperature", 37.0), ("body_temperature", 38.8)]
    assert desk.take(mended).known == 1


def test_a_mended_row_takes_the_place_of_the_unreadable_one(desk: Desk) -> None:
    """A row without a key of its own: the mended row amends what stood in for it."""
    table = f"course,at,what,value,unit\nc1,{NOON},body_temperature,101.8,C\nc1,{NOON},heart_rate,90,/min\n"
    first = desk.take(desk.file("t.csv", table.encode()))
    assert first.refused == {"impossible_value": 1}
    assert {seen.what for seen in current(desk.log.facts("c1"))} == {"unreadable", "heart_rate"}
    (line,) = desk.kept()
    assert line["input"] == f"course,at,what,value,unit\nc1,{NOON},body_temperature,101.8,C\n"
    mended = desk.file("mended.refused.ndjson", desk.refusals.read_text().replace("101.8", "38.8").encode())
    assert desk.take(mended).accepted == 1
    assert {seen.what for seen in current(desk.log.facts("c1"))} == {"body_temperature", "heart_rate"}
    assert desk.take(mended).known == 1


def test_refusals_that_were_not_mended_are_refused_again(desk: Desk) -> None:
    desk.take(desk.file("o.json", observation(value=101.8)))
    again = desk.refusals.rename(desk.folder / "again.refused.ndjson")
    assert desk.take(again).refused == {"impossible_value": 1}


def test_no_refusals_leave_no_file(desk: Desk) -> None:
    balance = desk.take(desk.file("o.json", observation()))
    assert balance.refusals is None and not desk.refusals.exists()


def pressure(**more: Any) -> dict[str, Any]:
    parts = [
        {"code": concept(LOINC, "8480-6"), "valueQuantity": quantity(81, "mm[Hg]")},
        {"code": concept(LOINC, "8462-4"), "valueQuantity": quantity(40, "mm[Hg]")},
    ]
    return observation("85354-9", valueQuantity=None, component=parts, id="bp") | more


def test_entered_in_error_withdraws_every_part(desk: Desk) -> None:
    """A withdrawn panel often comes stripped of its components."""
    desk.take(desk.file("bp.json", pressure()))
    stripped = observation("8480-6", valueQuantity=None, id="bp", status="entered-in-error")
    balance = desk.take(desk.file("error.json", stripped))
    assert (balance.read, balance.accepted) == (1, 1)
    facts = desk.log.facts("course-1")
    assert len([seen for seen in facts if seen.what == RETRACTION]) == 2
    assert current(facts) == []
    assert desk.take(desk.file("error.json", stripped)).known == 1


def versions(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Versions of one observation, an hour apart."""
    return [
        observation(meta={"lastUpdated": f"2026-01-10T{hour}:00:00Z"}, **change)
        for hour, change in enumerate(changes, 13)
    ]


def test_a_final_value_takes_the_place_of_the_preliminary_one(desk: Desk) -> None:
    preliminary, final = versions({"status": "preliminary"}, {"value": 38.6})
    assert desk.take(desk.file("p.json", preliminary)).accepted == 1
    assert desk.take(desk.file("f.json", final)).accepted == 1
    assert [seen.value for seen in current(desk.log.facts("course-1"))] == [38.6]
    assert desk.take(desk.file("p.json", preliminary)).refused == {}  # known: it came before
    same = observation(status="final", id="o2")
    desk.take(desk.file("s.json", same | {"status": "preliminary"}))
    assert desk.take(desk.file("s.json", same)).known == 1


def test_versions_that_cannot_be_told_apart_are_a_conflict(desk: Desk) -> None:
    desk.take(desk.file("p.json", observation(status="preliminary")))
    assert desk.take(desk.file("f.json", observation(value=38.6))).refused == {"conflict": 1}


def test_a_cancelled_test_takes_its_preliminary_value_with_it(desk: Desk) -> None:
    preliminary, cancelled = versions({"status": "preliminary"}, {"status": "cancelled", "valueQuantity": None})
    desk.take(desk.file("p.json", preliminary))
    assert desk.take(desk.file("c.json", cancelled)).accepted == 1
    assert current(desk.log.facts("course-1")) == []
    never = desk.take(desk.file("n.json", cancelled | {"id": "o9"}))
    assert never.ignored == {"entered_in_error_unknown": 1}


def test_many_withdrawals_read_the_record_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [encoded(observation(id=f"o{n}", status=status)) for n in range(50) for status in ("final", "cancelled")]
    asked: list[str] = []
    facts = desk.log.facts
    monkeypatch.setattr(desk.log, "facts", lambda course: asked.append(course) or facts(course))
    assert desk.take(desk.file("many.ndjson", b"\n".join(lines))).accepted == 100
    assert len(asked) <= 2  # once to withdraw, once for age and sex
    assert current(facts("course-1")) == []


def test_an_infusion_that_ran_and_then_ended(desk: Desk) -> None:
    """The same administration, in progress and later completed with its end: one fact, amended."""
    start, end = {"start": NOON}, {"start": NOON, "end": "2026-01-10T15:00:00+00:00"}
    given = [
        administration(
            concept(RXNORM, "7512"),
            status=status,
            effectiveDateTime=None,
            effectivePeriod=period,
            meta={"lastUpdated": at},
        )
        for status, period, at in (("in-progress", start, NOON), ("completed", end, end["end"]))
    ]
    desk.take(desk.file("a.json", given[0]))
    assert [seen.until for seen in current(desk.log.facts("course-1"))] == [None]
    desk.take(desk.file("b.json", given[1]))
    assert [seen.until for seen in current(desk.log.facts("course-1"))] == [AT + 3 * HOUR]


def test_what_was_never_imported_cannot_be_withdrawn(desk: Desk) -> None:
    balance = desk.take(desk.file("error.json", observation(status="entered-in-error")))
    assert balance.ignored == {"entered_in_error_unknown": 1}


def test_a_withdrawal_in_the_same_file(desk: Desk) -> None:
    lines = encoded(observation()) + b"\n" + encoded(observation(status="entered-in-error"))
    assert desk.take(desk.file("o.ndjson", lines)).accepted == 2
    assert current(desk.log.facts("course-1")) == []


def test_a_conflict_is_refused_and_a_newer_version_amends(desk: Desk) -> None:
    desk.take(desk.file("o.json", observation(meta={"lastUpdated": NOON})))
    changed = desk.take(desk.file("o.json", observation(value=39.5, meta={"lastUpdated": NOON})))
    assert changed.refused == {"conflict": 1}
    newer = observation(value=39.5, meta={"lastUpdated": "2026-01-10T14:00:00Z"})
    assert desk.take(desk.file("o.json", newer)).accepted == 1
    assert [seen.value for seen in current(desk.log.facts("course-1"))] == [39.5]


def test_linked_patients_become_one(desk: Desk) -> None:
    desk.take(
        desk.file("a.json", observation()),
        desk.file("b.json", observation(id="o2", subject={"reference": "Patient/q"})),
    )
    replaced = PATIENT | {"identifier": [], "link": [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]}
    balance = desk.take(desk.file("merge.json", replaced))
    assert balance.ignored == {"patient_details": 1, "patient_merge": 1}
    assert desk.people.find("fhir:local", "p") == desk.people.find("fhir:local", "q") == ["course-2"]


MERGED = PATIENT | {"identifier": [], "link": [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]}


def test_after_a_merge_what_was_imported_before_is_known_and_can_be_amended(desk: Desk) -> None:
    """The facts of a merged course stay in it, and so do their corrections and withdrawals."""
    first = desk.file("a.ndjson", encoded(observation(meta={"lastUpdated": NOON})) + b"\n" + encoded(pressure()))
    desk.take(first, desk.file("b.json", observation(id="o2", subject={"reference": "Patient/q"})))
    desk.take(desk.file("merge.json", MERGED))
    again = desk.take(first)
    assert (again.accepted, again.known) == (0, 3)
    newer = observation(value=39.5, meta={"lastUpdated": "2026-01-10T14:00:00Z"})
    gone = observation("8480-6", valueQuantity=None, id="bp", status="entered-in-error")
    assert desk.take(desk.file("newer.json", newer), desk.file("gone.json", gone)).accepted == 2
    old, kept = (current(desk.log.facts(course)) for course in ("course-1", "course-2"))
    assert [seen.value for seen in old if seen.what == "body_temperature"] == [39.5]
    assert not any("pressure" in seen.what for seen in (*old, *kept))


def test_a_merge_and_what_it_concerns_in_one_file(desk: Desk) -> None:
    """What came before the merge is still on its way to the record when the merge comes."""
    lines = [observation(), observation(id="o2", subject={"reference": "Patient/q"}), MERGED, observation()]
    balance = desk.take(desk.file("all.ndjson", b"\n".join(map(encoded, lines))))
    assert (balance.accepted, balance.known) == (2, 1)


def test_a_merge_of_what_has_several_courses_is_refused(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.people.enrol([("fhir:local", "p")], now=NOW, by="test", new_id=lambda name=name: name)
    balance = desk.take(desk.file("merge.json", MERGED), enrol=False)
    assert balance.refused == {"several_courses": 1}


def test_a_laboratorys_idea_of_a_patient_does_not_overwrite_the_hospitals(desk: Desk) -> None:
    registered = message("EVN|A04|20260110060000", PID, kind="ADT^A04")
    misspelt = message(PID.replace("Weiß^Žofie", "WEISS^SOFIE").replace("19610615", "19160615"), OBR, obx("38.5"))
    for number, order in enumerate(([registered, misspelt], [misspelt], [registered + misspelt])):
        desk.take(*(desk.file(f"{number}-{at}.hl7", sent) for at, sent in enumerate(order)))
        person = desk.people.person("course-1")
        assert (person.name, person.birth_date) == ("Žofie A Weiß", "1961-06-15")
    assert [seen.value for seen in desk.log.facts("course-1") if seen.what == "age"] == [64.0]
    (age,) = [seen for seen in read_facts([desk.folder / "2-0.hl7"]).facts if seen.what == "age"]
    assert age.value == 64.0


def test_a_laboratory_may_be_the_first_to_name_a_patient(desk: Desk) -> None:
    desk.take(desk.file("r.hl7", result(obx("38.5"))))
    assert desk.people.person("course-1").name == "Žofie A Weiß"


def test_many_facts_go_in_by_batches(desk: Desk) -> None:
    seen: list[tuple[str, int, int, int]] = []
    many = bundle(*(observation(id=f"o{n}", value=36 + n % 40 / 10) for n in range(2_345)))
    path = desk.file("many.json", many)
    balance = import_paths(
        [path],
        desk.log,
        desk.people,
        now=NOW,
        by="importer",
        enrol=True,
        new_id=lambda: "c",
        progress=lambda *where: seen.append(where),
    )
    assert balance.line() == "read 2345 = accepted 2345 + already known 0 + ignored 0 by a named rule + refused 0"
    assert seen == [("many.json", 1, 1, 0)]


def test_a_real_bundle_balances_and_is_known_the_second_time(desk: Desk) -> None:
    path = DATA / "synthea-christian-balistreri.json.gz"
    first, second = desk.take(path), desk.take(path, now=NOW + HOUR)
    assert first.accepted > 20 and first.enrolled == 1
    assert (second.accepted, second.known) == (0, first.accepted)
    assert first.read == second.read


def test_a_missing_path_is_a_refusal(desk: Desk) -> None:
    assert desk.take(desk.folder / "nowhere.json").refused == {"not_opened": 1}


def test_books_that_do_not_balance_are_a_broken_program() -> None:
    with pytest.raises(AssertionError, match="read 2 = accepted 1"):
        Balance(2, 1, 0, {}, {})
    with pytest.raises(AssertionError, match="without a name"):
        Balance(1, 0, 0, {"because": 1}, {})


def test_each_batch_says_when_it_was_recorded(desk: Desk) -> None:
    """An import takes its time; what came in late was not known when it began."""
    path = desk.file("b.json", bundle(PATIENT, *(observation(id=f"o{n}") for n in range(1001))))
    ticks = itertools.count(NOW)
    import_paths(
        [path], desk.log, desk.people, now=NOW, by="x", enrol=True, new_id=lambda: "c", clock=lambda: next(ticks)
    )
    assert sorted({fact.recorded_at for fact in desk.log.facts("c")}) == [NOW, NOW + 1, NOW + 2]


def test_a_reading_without_a_database_refuses_what_a_record_would(desk: Desk) -> None:
    """Two values under one key, and amendments of nothing: told in both ways alike, and never settled by their size."""
    table = desk.file(
        "k.csv",
        b"course,at,what,value,unit,source,key,amends,reason\n"
        b"c,2026-01-10T12:00Z,systolic_pressure,80,mm[Hg],s,p,,\n"
        b"c,2026-01-10T12:00Z,systolic_pressure,120,mm[Hg],s,p,,\n"
        b"c,2026-01-10T12:00Z,heart_rate,90,/min,s,q,nothing,typo\n",
    )
    reading = read_facts([table])
    assert desk.take(table).refused == Counter(problem.code for problem in reading.problems)
    assert [problem.code for problem in reading.problems] == ["conflict", "unknown_amends"]
    assert [fact.value for fact in reading.facts] == [80] == [fact.value for fact in desk.log.facts("c")]


def test_a_store_in_the_folder_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a record's file and closing it again would drop the locks that SQLite holds on it in this process."""
    for name in ("record.db", "record.db-wal", "record.db-shm", "RECORD.people.DB"):
        (tmp_path / name).write_bytes(b"SQLite format 3\0")
    opened: list[str] = []

    def opening(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.parent == tmp_path:
            opened.append(path.name)
        return plain(path, *arguments, **named)

    plain = Path.open
    monkeypatch.setattr(Path, "open", opening)
    found = read_facts([tmp_path])
    assert (opened, found.ignored) == ([], {"file_not_data": 4})
