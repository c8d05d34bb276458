"""What holds patients' data is readable by its owner only, even where the umask would let everybody read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.intake.drafts import Refused
from cartway.intake.hl7_refusals import KeptRefusals
from cartway.intake.hl7_seen import Identity, Seen
from cartway.intake.refusals import RefusalFile
from cartway.people import open_people
from cartway.problem import Problem
from cartway.record import open_log
from record.drawing import append, temperature

REFUSED = Refused(Problem("no_course", "There is none.", "Enrol."), "hl7", "PID|||123||Doe^Jo")


@pytest.fixture(params=[0o000, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a careless administrator set."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: stat.filemode(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.usefixtures("umask")
def test_databases_are_private(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    with open_log(url) as log, open_people(url) as people, Seen(tmp_path / "seen.db") as seen:
        append(log, temperature(38))
        people.enrol([("mrn", "1")], name="Jo Doe", now=1, by="desk")
        seen.remember([Identity("s", "1", b"")], 1)
        found = modes(tmp_path)
        assert {"record.db", "record.db-wal", "record.people.db", "record.people.db-wal", "seen.db"} <= set(found)
        assert set(found.values()) == {"-rw-------"}


@pytest.mark.usefixtures("umask")
def test_refusals_are_private(tmp_path: Path) -> None:
    with RefusalFile(tmp_path / "a.refused.ndjson") as kept:
        kept.keep(REFUSED)
        assert set(modes(tmp_path).values()) == {"-rw-------"}
    KeptRefusals(tmp_path / "hl7-refused.jsonl")([REFUSED])
    assert modes(tmp_path) == {"a.refused.ndjson": "-rw-------", "hl7-refused.jsonl": "-rw-------"}


def test_what_stood_under_the_name_is_whole_until_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.refused.ndjson"
    path.write_text("precious\n")
    with RefusalFile(path) as kept:
        kept.keep(REFUSED)
        assert path.read_text() == "precious\n"
    assert "no_course" in path.read_text()
    with RefusalFile(path):
        pass
    assert "no_course" in path.read_text(), "without a refusal nothing is written"


def test_refusals_of_what_was_cut_short_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.refused.ndjson"
    with pytest.raises(KeyboardInterrupt), RefusalFile(path) as kept:
        kept.keep(REFUSED)
        raise KeyboardInterrupt
    assert "no_course" in path.read_text()
    assert list(tmp_path.iterdir()) == [path]
