"""`cartway downtime`, and the process that keeps the pack beside a server."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cartway.cli import downtime as verb
from cartway.record.errors import StoreBusy
from cartway.settings import Settings
from cartway.web.config import Config
from cartway.web.downtime.folder import writing

from .conftest import Run

WAIT_S = 60.0


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def settings(tmp_path: Path, folder: Path | None) -> Settings:
    url = f"sqlite:///{tmp_path}/facts.db"
    return Settings(url, f"sqlite:///{tmp_path}/facts.people.db", tmp_path / "key", "", "test", downtime=folder)


def test_it_is_written_once(run: Run, course: Path, tmp_path: Path) -> None:
    run("import", course)
    said = run("downtime", tmp_path / "pack")
    assert said.exit_code == 0 and "the ward sheet written" in said.stderr
    sheet = tmp_path / "pack" / "index.html"
    assert "Downtime copy. Written" in sheet.read_text()
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600


def test_a_record_that_is_not_there_is_no_empty_ward(run: Run, tmp_path: Path) -> None:
    """A mistyped database would else give a sheet that says that nobody is on the ward."""
    said = run("downtime", tmp_path / "pack")
    assert said.exit_code != 0
    assert not (tmp_path / "pack" / "index.html").exists()


def test_a_folder_that_others_may_read_is_refused(run: Run, course: Path, tmp_path: Path) -> None:
    run("import", course)
    (tmp_path / "open").mkdir(mode=0o755)
    said = run("downtime", tmp_path / "open")
    assert said.exit_code == 2 and "may be read by others" in said.stderr


def test_what_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The record is locked for a minute: the pack is a minute older, and says so itself."""
    tried = 0

    def fail(*_: object) -> None:
        nonlocal tried
        tried += 1
        raise StoreBusy("facts.db", 60)

    monkeypatch.setattr(verb, "_follow", fail)
    monkeypatch.setattr(verb, "RETRY_S", 0.0)
    verb.keep(Config("", "", clock=lambda: 0), Path("nowhere"), 1, lambda: tried < 3)
    assert tried == 3
    assert caplog.messages == ["the downtime pack cannot be written: StoreBusy"] * 3


def test_at_most_a_tenth_of_the_time_is_spent_on_it(monkeypatch: pytest.MonkeyPatch, run: Run, course: Path) -> None:
    run("import", course)
    waited: list[float] = []
    monkeypatch.setattr(verb, "_timed", lambda _: 30.0)
    monkeypatch.setattr(verb, "_wait", lambda seconds, _: waited.append(seconds))
    stated = settings(Path(), None)
    config = Config(
        os.environ["CARTWAY_DATABASE"], os.environ["CARTWAY_DATABASE"], clock=lambda: 0, country=stated.country
    )
    verb.keep(config, Path("pack"), 2, lambda: len(waited) < 1)
    assert waited == [270.0]


def test_no_process_where_no_folder_is_set(tmp_path: Path) -> None:
    before = threading.active_count()
    with verb.kept_beside(settings(tmp_path, None)):
        assert threading.active_count() == before


def test_it_is_kept_beside_the_server_and_ends_with_it(
    run: Run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is killed is started again: a pack that silently stopped would be the worst of all."""
    run("import", course)
    run("downtime", tmp_path / "pack")
    sheet = tmp_path / "pack" / "index.html"
    sheet.unlink()
    monkeypatch.setattr(verb, "RETRY_S", 0.1)
    with verb.kept_beside(settings(tmp_path, tmp_path / "pack")):
        until(sheet.exists)
        (first,) = multiprocessing.active_children()
        assert first.pid is not None
        sheet.unlink()
        os.kill(first.pid, signal.SIGKILL)
        until(sheet.exists)
        (second,) = multiprocessing.active_children()
        assert second.pid != first.pid
    assert multiprocessing.active_children() == []


def test_a_second_writer_is_told_and_ends(run: Run, course: Path, tmp_path: Path) -> None:
    """By hand into the folder that a server keeps: two writers would take each other's drafts."""
    run("import", course)
    run("downtime", tmp_path / "pack")
    written = (tmp_path / "pack" / "index.html").read_bytes()
    with writing(tmp_path / "pack") as nobody:
        assert nobody is None
        said = run("downtime", tmp_path / "pack")
    assert said.exit_code == 2 and "Another process keeps the downtime pack" in said.stderr
    assert (tmp_path / "pack" / "index.html").read_bytes() == written
