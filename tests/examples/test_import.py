"""The examples through the real importer: planned refusals only, nothing twice, never into a clinical record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cartway.cli.demo_report import import_examples
from cartway.intake import Reading
from cartway.intake.balance import Balance
from cartway.intake.importer import import_paths
from cartway.people import open_people
from cartway.record import Log, Refused, current, open_log
from cartway.times import parse
from cartway.web.demo.examples import example_files

PLANNED = {"impossible_value": 1}  # 101.8 'Cel' in 12-charting
NOW = parse("2026-03-20T12:00Z")


class Imported(NamedTuple):
    """A demo record with all examples in it, and how they came in."""

    log: Log
    folder: Path
    balance: Balance


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("demo")
    with open_log(f"sqlite:///{folder / 'demo.db'}", kind="demo") as log:
        yield Imported(log, folder, import_examples(log, folder))


def test_only_the_planned_is_refused_and_the_books_balance(imported: Imported) -> None:
    balance = imported.balance
    assert (balance.refused, balance.known, balance.enrolled) == (PLANNED, 0, 3)
    assert balance.read == balance.accepted + balance.ignored_total + balance.refused_total
    assert set(balance.ignored) == {"patient_details"}
    assert imported.log.courses() == [path.stem for path in example_files()]


def test_a_second_import_finds_everything_known(imported: Imported) -> None:
    first, position = imported.balance, imported.log.position()
    second = import_examples(imported.log, imported.folder)
    assert (second.accepted, second.known, second.enrolled, second.derived) == (0, first.accepted, 0, 0)
    assert (second.refused, imported.log.position()) == (PLANNED, position)


def test_every_fact_of_the_demo_is_simulated(imported: Imported) -> None:
    assert all(fact.simulated for fact in imported.log.since(0, 100_000))
    assert imported.log.verify().ok


def test_the_record_holds_what_the_files_say(imported: Imported, reading: Reading) -> None:
    """The importer and the reading without a database agree, but for what a store adds."""
    log = imported.log
    stored = {course: len(current(log.facts(course))) for course in log.courses()}
    read = {course: len(current([f for f in reading.facts if f.course == course])) for course in stored}
    assert stored == read


def test_a_clinical_record_refuses_every_example_file_and_learns_nobody(tmp_path: Path) -> None:
    with (
        open_log(f"sqlite:///{tmp_path / 'ward.db'}") as log,
        open_people(f"sqlite:///{tmp_path / 'ward.people.db'}") as people,
    ):
        balance = import_paths(example_files(), log, people, now=NOW, by="test", enrol=True, new_id=lambda: "no")
        assert (balance.accepted, balance.enrolled, log.position()) == (0, 0, 0)
        assert set(balance.refused) == {"simulated_fact", "impossible_value"}


def test_a_clinical_record_refuses_every_fact_of_the_demo(tmp_path: Path, reading: Reading) -> None:
    with open_log(f"sqlite:///{tmp_path / 'ward.db'}") as log:
        outcomes = log.append(reading.facts, recorded_at=NOW, recorded_by="test").outcomes
        assert {one.problem.code if isinstance(one, Refused) else "in" for one in outcomes} == {"simulated_fact"}
