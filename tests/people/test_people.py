"""Who is behind a course: found, merged, erased, and every look is logged; on both stores."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from cartway.people import (
    Contact,
    CourseTaken,
    ErasureIncomplete,
    Holder,
    NoIdentifier,
    ReasonNamesPerson,
    SeveralPeople,
    UnknownCourse,
    open_people,
)
from cartway.people.people import People
from cartway.record import current, open_log
from cartway.record.errors import StoreMissing, StoreNewer
from record.drawing import INFUSION, append, temperature

NAME, BORN, NUMBER, PHONE = "Wilhelmina Quackenbush", "1961-07-23", "MRN-55512345", "+1 555 010 7788"


@pytest.fixture
def people(store_url: str) -> Iterator[People]:
    with open_people(store_url, now=lambda: INFUSION) as opened:
        yield opened


def numbered() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"course-{next(numbers)}"


def enrol(people: People, *identifiers: tuple[str, str], new_id: Callable[[], str], **stated: str) -> str:
    return people.enrol(identifiers, now=INFUSION, by="desk", new_id=new_id, **stated)  # type: ignore[arg-type]


def test_a_person_is_found_by_authority_and_identifier(people: People) -> None:
    course = enrol(people, ("A", "1"), ("B", "9"), new_id=numbered(), name=NAME, birth_date=BORN, sex="female")
    assert people.find("A", "1") == people.find("B", "9") == [course] == ["course-1"]
    assert people.find("A", "9") == []
    known = people.person(course)
    assert (known.name, known.birth_date, known.sex) == (NAME, BORN, "female")
    assert known.identifiers == [("A", "1"), ("B", "9")]


def test_an_identifier_is_found_whoever_assigned_it(people: People) -> None:
    new_id = numbered()
    one = enrol(people, ("A", "1"), ("B", "1"), ("B", "7"), new_id=new_id)
    two = enrol(people, ("A", "1"), new_id=new_id)
    other = enrol(people, ("C", "1"), new_id=new_id)
    assert people.holders("7") == [Holder("B", [one, two])]
    assert people.holders("1") == [Holder("A", [one, two]), Holder("C", [other])]
    assert people.holders("1", authority="C") == [Holder("C", [other])]
    for part in ("", "A", "11", "%", "_", "1 "):
        assert people.holders(part) == [], "no part of one, and no pattern"
    assert people.holders("7", authority="A") == []


def test_each_search_for_an_identifier_is_one_line_of_the_log(people: People) -> None:
    new_id = numbered()
    enrol(people, ("A", NUMBER), new_id=new_id)
    enrol(people, ("B", NUMBER), new_id=new_id)
    for authority in ("", "A", "C"):
        people.holders(NUMBER, authority=authority, now=INFUSION + 1, by="nurse")
    lines = [line for line in people.accesses() if line.act == "find"]
    assert [(line.by, line.at, line.person, line.found) for line in lines] == [
        ("nurse", INFUSION + 1, "", 2),
        ("nurse", INFUSION + 1, "course-1", 1),
        ("nurse", INFUSION + 1, "", 0),
    ]
    assert NUMBER not in str(lines)


def test_a_second_course_of_the_same_person_is_told(people: People) -> None:
    new_id = numbered()
    enrol(people, ("A", "1"), new_id=new_id, name=NAME)
    enrol(people, ("A", "1"), ("C", "3"), new_id=new_id)
    assert people.find("C", "3") == ["course-1", "course-2"]
    assert people.person("course-2").name == NAME


def test_a_course_is_named_at_random_unless_told(people: People) -> None:
    one = people.enrol([("A", "1")], now=INFUSION, by="desk")
    other = people.enrol([("A", "2")], now=INFUSION, by="desk")
    assert one != other
    assert len(one) == 16


def test_identifiers_of_two_people_are_not_one_person_s(people: People) -> None:
    new_id = numbered()
    enrol(people, ("A", "1"), new_id=new_id)
    enrol(people, ("A", "2"), new_id=new_id)
    with pytest.raises(SeveralPeople):
        enrol(people, ("A", "1"), ("A", "2"), new_id=new_id)
    with pytest.raises(SeveralPeople):
        people.describe("course-1", [("A", "2")], now=INFUSION, by="desk")
    assert people.find("A", "1") == ["course-1"]


def test_what_is_stated_later_replaces_what_was_known(people: People) -> None:
    enrol(people, ("A", "1"), new_id=numbered(), name="Old Name", birth_date=BORN)
    contacts = [Contact("phone", PHONE), Contact("caregiver", "daughter")]
    people.describe("course-1", [("B", "2")], name=NAME, contacts=contacts, now=INFUSION, by="desk")
    known = people.person("course-1")
    assert (known.name, known.birth_date, known.contacts) == (NAME, BORN, contacts)
    assert people.find("B", "2") == ["course-1"]


def test_the_same_name_for_two_courses_is_refused(people: People) -> None:
    enrol(people, ("A", "1"), new_id=lambda: "x")
    for identifier in (("A", "1"), ("A", "2")):
        with pytest.raises(CourseTaken):
            enrol(people, identifier, new_id=lambda: "x")
    with pytest.raises(NoIdentifier):
        enrol(people, new_id=lambda: "y")


def test_after_a_merge_all_identifiers_lead_to_the_one_that_stays(people: People) -> None:
    new_id = numbered()
    enrol(people, ("A", "1"), new_id=new_id, name="Typed Wrong")
    enrol(people, ("A", "2"), new_id=new_id, name=NAME)
    people.merge("course-1", "course-2", now=INFUSION, by="adt")
    assert people.find("A", "1") == people.find("A", "2") == ["course-2"]
    assert people.merged("course-2") == ["course-1"]
    assert people.person("course-1").name == NAME
    assert "from course-1 course-1" in [access.reason for access in people.accesses()]


def test_merges_follow_each_other(people: People) -> None:
    new_id = numbered()
    for n in "123":
        enrol(people, ("A", n), new_id=new_id)
    people.merge("course-1", "course-2", now=INFUSION, by="adt")
    people.merge("course-2", "course-3", now=INFUSION, by="adt")
    people.merge("course-1", "course-3", now=INFUSION, by="adt")
    assert people.find("A", "1") == ["course-3"]
    assert people.merged("course-3") == ["course-1", "course-2"]


def test_a_merge_of_nobody_is_named(people: People) -> None:
    enrol(people, ("A", "1"), new_id=numbered())
    with pytest.raises(UnknownCourse):
        people.merge("course-1", "nobody", now=INFUSION, by="adt")
    with pytest.raises(UnknownCourse):
        people.person("nobody")
    assert people.find("A", "1") == ["course-1"]


def test_every_look_is_logged_without_a_patient_s_value(people: People) -> None:
    enrol(people, ("A", NUMBER), new_id=numbered(), name=NAME, birth_date=BORN)
    people.find("A", NUMBER)
    people.find("A", "stranger", now=INFUSION + 1, by="ward")
    people.person("course-1", by="nurse")
    people.describe("course-1", name="Other Name", now=INFUSION, by="desk")
    people.merged("course-1")
    people.erase("course-1", reason="asked for it", now=INFUSION, by="officer")
    log = people.accesses()
    assert [(line.act, line.by, line.found) for line in log] == [
        ("enrol", "desk", 1),
        ("find", "cartway", 1),
        ("find", "ward", 0),
        ("read", "nurse", 1),
        ("describe", "desk", 1),
        ("merged", "cartway", 0),
        ("erase", "officer", 1),
    ]
    assert not [value for value in (NAME, BORN, NUMBER, "stranger") if value in str(log)]


def test_an_erased_person_leaves_the_facts_and_the_chain(store_url: str, people: People) -> None:
    with open_log(store_url) as log:
        new_id = numbered()
        enrol(people, ("A", NUMBER), new_id=new_id, name=NAME, birth_date=BORN)
        enrol(people, ("A", NUMBER), new_id=new_id)
        append(log, temperature(38, course="course-1"), temperature(39, course="course-2"))
        assert people.erase("course-1", reason="consent withdrawn", now=INFUSION, by="officer") == [
            "course-1",
            "course-2",
        ]
        assert people.find("A", NUMBER) == []
        left = people.person("course-1")
        assert (left.name, left.birth_date, left.sex, left.identifiers, left.erased_at) == ("", "", "", [], INFUSION)
        assert [fact.value for fact in current(log.facts("course-1"))] == [38]
        assert log.verify().ok


def test_erasing_reaches_those_that_were_merged(people: People) -> None:
    new_id = numbered()
    enrol(people, ("A", "1"), new_id=new_id, name="Typed Wrong")
    enrol(people, ("A", "2"), new_id=new_id, name=NAME)
    people.merge("course-1", "course-2", now=INFUSION, by="adt")
    assert people.erase("course-1", reason="asked for it", now=INFUSION, by="o") == ["course-1", "course-2"]
    with people._store.transaction() as connection:
        names = connection.exec_driver_sql("SELECT name || birth_date || sex FROM person").scalars().all()
        assert set(names) == {""}


def test_erasing_nobody_changes_nothing(people: People) -> None:
    assert people.erase("nobody", reason="?", now=INFUSION, by="officer") == []


@pytest.mark.parametrize("reason", ["Mrs. quackenbush asked", f"number {NUMBER}", f"born {BORN}"])
def test_a_reason_may_not_keep_what_it_erases(people: People, reason: str) -> None:
    enrol(people, ("A", NUMBER), new_id=numbered(), name=NAME, birth_date=BORN)
    with pytest.raises(ReasonNamesPerson):
        people.erase("course-1", reason=reason, now=INFUSION, by="officer")
    assert people.find("A", NUMBER) == ["course-1"]


HER_NAME, HER_BIRTH, HER_NUMBER, HER_PHONE = "Bartholomea Featherstone", "1957-03-31", "MRN-77798765", "+1 555 010 4242"


def fill(people: People) -> None:
    new_id = numbered()
    for n in range(60):
        people.enrol(
            [("A", f"{HER_NUMBER}-{n}" if n == 30 else f"other-{n}")],
            name=HER_NAME if n == 30 else f"Somebody {n}",
            birth_date=HER_BIRTH if n == 30 else "1950-01-01",
            contacts=[Contact("phone", HER_PHONE if n == 30 else "none")],
            now=INFUSION,
            by="desk",
            new_id=new_id,
        )
    people.describe("course-31", name=f"{HER_NAME} Again", now=INFUSION, by="desk")


def traces(files: list[Path]) -> set[str]:
    contents = [file.read_bytes() for file in files if file.is_file()]
    return {
        text
        for text in (HER_NAME, HER_BIRTH, HER_NUMBER, HER_PHONE)
        if any(text.encode() in content for content in contents)
    }


def test_no_byte_of_an_erased_person_is_left_in_sqlite_s_files(sqlite_store: str, tmp_path: Path) -> None:
    with open_people(sqlite_store) as people:
        fill(people)
        assert traces(list(tmp_path.iterdir())) == {HER_NAME, HER_BIRTH, HER_NUMBER, HER_PHONE}
        people.erase("course-31", reason="asked for it", now=INFUSION, by="officer")
        assert traces(list(tmp_path.iterdir())) == set()
        assert people.find("A", "other-29") == ["course-30"]


def test_no_byte_of_an_erased_person_is_left_in_postgresql_s_tables(postgres_store: str, postgres_url: str) -> None:
    with open_people(postgres_store) as people, psycopg.connect(postgres_url, autocommit=True) as server:
        fill(people)
        server.execute("ANALYZE")
        data = Path(str(server.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        server.execute("CHECKPOINT")
        assert traces(list((data / "base").rglob("*"))) == {HER_NAME, HER_BIRTH, HER_NUMBER, HER_PHONE}
        people.erase("course-31", reason="asked for it", now=INFUSION, by="officer")
        server.execute("CHECKPOINT")
        assert traces(list((data / "base").rglob("*"))) == set()


def test_a_reader_in_the_way_of_an_erasure_is_named(sqlite_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartway.record.sqlite_file.BUSY_SECONDS", 0.1)
    with open_people(sqlite_store) as people:
        fill(people)
        with people._store.transaction() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN")
            assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 60
            with pytest.raises(ErasureIncomplete):
                people.erase("course-31", reason="asked for it", now=INFUSION, by="officer")
        people.scrub()


def test_names_are_in_a_file_of_their_own(sqlite_store: str, tmp_path: Path) -> None:
    with open_people(sqlite_store), open_log(sqlite_store):
        assert {path.name for path in tmp_path.glob("*.db")} == {"record.db", "record.people.db"}
    with open_people(f"sqlite:///{tmp_path / 'record.people.db'}", create=False):
        assert {path.name for path in tmp_path.glob("*.db")} == {"record.db", "record.people.db"}


def test_people_that_are_not_there_are_named(store_url: str) -> None:
    with pytest.raises(StoreMissing):
        open_people(store_url, create=False)


def test_people_of_a_newer_version_are_left_alone(store_url: str) -> None:
    with open_people(store_url) as people, people._store.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreNewer, match="9999"):
        open_people(store_url)


def test_the_migration_builds_what_the_queries_read(people: People) -> None:
    from sqlalchemy import inspect

    from cartway.people.schema import metadata

    with people._store.transaction() as connection:
        found = inspect(connection)
        for table in metadata.sorted_tables:
            built = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert built == {column.name: bool(column.nullable) for column in table.columns}
