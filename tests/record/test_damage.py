"""A full disk, a truncated or foreign file, a locked or unsafe store: a clear error, and what can be read is read."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from cartway.record import Fact, open_log
from cartway.record.errors import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    StoreUnreachable,
    StoreUnsafe,
)
from cartway.record.salvage import Illegible, salvage
from cartway.record.sqlite_file import PRAGMAS
from record.drawing import append, behind_the_back, temperature


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def filled(url: str, batches: int) -> None:
    with open_log(url) as log:
        for batch in range(batches):
            append(log, *(temperature(38, n, key=f"{batch}-{n}", detail={"n": n}) for n in range(100)), minute=batch)


def test_a_full_disk_loses_nothing_and_says_so(sqlite_store: str) -> None:
    with open_log(sqlite_store) as log:
        pages = log._driver.connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        log._driver.connection.execute(f"PRAGMA max_page_count = {pages + 30}")  # type: ignore[attr-defined]
        recorded = 0
        with pytest.raises(StoreFull, match="nothing of this batch was recorded"):
            for batch in range(1000):
                recorded += append(log, *(temperature(38, n, key=f"{batch}-{n}") for n in range(50))).accepted
        assert recorded
        assert log.position() == recorded == len(log.facts("c1")) == len(log.columns("c1"))
        assert log.verify().ok
        log._driver.connection.execute("PRAGMA max_page_count = 100000")  # type: ignore[attr-defined]
        assert append(log, temperature(39, key="after")).accepted == 1
        assert log.verify().ok


def test_a_full_disk_of_postgresql_says_so(postgres_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own error is put in by a trigger: what is tried is what we make of it."""
    with open_log(postgres_store) as log:
        append(log, temperature(38))
        with behind_the_back(postgres_store) as execute:
            execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
            execute("CREATE TRIGGER full_disk BEFORE INSERT ON fact EXECUTE FUNCTION full_disk()")
        with pytest.raises(StoreFull):
            append(log, temperature(39))
        assert log.position() == 1
        assert log.verify().ok


def test_a_truncated_file_is_named_and_what_is_left_can_be_read(sqlite_store: str) -> None:
    filled(sqlite_store, 30)
    path = file_of(sqlite_store)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(size * 3 // 4 // 4096 * 4096)
    with pytest.raises(StoreDamaged, match=r"malformed.*salvage"):
        open_log(sqlite_store)
    found = list(salvage(path))
    facts = [each for each in found if isinstance(each, Fact)]
    lost = [each for each in found if isinstance(each, Illegible)]
    assert len(facts) > 1000
    assert sum(each.last - each.first + 1 for each in lost) + len(facts) == 3000
    assert {fact.value for fact in facts} == {38}


def test_a_sound_file_is_salvaged_whole(sqlite_store: str) -> None:
    filled(sqlite_store, 3)
    with open_log(sqlite_store) as log:
        assert list(salvage(file_of(sqlite_store))) == log.since(0)


def test_nothing_is_salvaged_from_what_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        list(salvage(tmp_path / "none.db"))
    (tmp_path / "other.db").write_bytes(b"x" * 10_000)
    with pytest.raises(StoreDamaged):
        list(salvage(tmp_path / "other.db"))


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"course,at,what\nc1,2026", b"\0" * 8192])
def test_a_file_that_is_no_record_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "record.db"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"record\.db"):
        open_log(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_another_program_s_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (x)")
        connection.commit()
    with pytest.raises(StoreMissing):
        open_log(f"sqlite:///{path}")


def test_flipped_bytes_in_a_page_are_named(sqlite_store: str) -> None:
    filled(sqlite_store, 30)
    path = file_of(sqlite_store)
    with path.open("r+b") as file:
        for page in range(20, 60):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
    with pytest.raises(StoreDamaged), open_log(sqlite_store) as log:
        log.verify()


@contextmanager
def held(url: str) -> Iterator[None]:
    """Somebody else is in the middle of a write."""
    with open_log(url) as other, other._driver.writing():
        yield


def test_a_writer_that_waits_too_long_is_told(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for store in ("sqlite_file", "postgres_link"):
        monkeypatch.setattr(f"cartway.record.{store}.BUSY_SECONDS", 1)
    with open_log(store_url) as log:
        append(log, temperature(38))
        with held(store_url), pytest.raises(StoreBusy, match="nothing was recorded"):
            append(log, temperature(39))
        assert append(log, temperature(39)).accepted == 1


def test_a_missing_store_is_not_created_when_only_asked_for(store_url: str) -> None:
    with pytest.raises(StoreMissing):
        open_log(store_url, create=False)


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable) as caught:
        open_log(f"postgresql://somebody:hidden@/db?host={tmp_path}")
    assert "hidden" not in str(caught.value)


def test_a_reader_without_the_right_to_write_is_told(postgres_store: str, postgres_url: str) -> None:
    with open_log(postgres_store) as log:
        append(log, temperature(38))
    with open_log(postgres_store + "%20-cdefault_transaction_read_only%3Don") as log:
        assert len(log.columns("c1")) == 1
        with pytest.raises(StoreReadOnly):
            append(log, temperature(39))


def test_a_server_that_forgets_is_refused(postgres_store: str) -> None:
    with pytest.raises(StoreUnsafe, match="synchronous_commit"):
        open_log(postgres_store + "%20-csynchronous_commit%3Doff")


def test_the_settings_of_sqlite_are_what_they_must_be(sqlite_store: str) -> None:
    with open_log(sqlite_store) as log:
        ask = log._driver.connection.execute  # type: ignore[attr-defined]
        assert ask("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert ask("PRAGMA synchronous").fetchone()[0] == 2
        assert ask("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_setting_that_does_not_hold_is_refused(sqlite_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_log(sqlite_store).close()
    monkeypatch.setitem(PRAGMAS, "page_size", 3)
    with pytest.raises(StoreUnsafe, match="page_size"):
        open_log(sqlite_store)


def test_a_lost_connection_is_named_and_mended_by_the_next_call(postgres_store: str, postgres_url: str) -> None:
    with open_log(postgres_store) as log:
        append(log, temperature(38))
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute("SELECT pg_terminate_backend(%s)", (log._driver.connection.info.backend_pid,))  # type: ignore[attr-defined]
        with pytest.raises(StoreUnreachable):
            append(log, temperature(39))
        assert append(log, temperature(39)).accepted == 1
        assert log.verify().ok


def test_an_interrupted_batch_leaves_nothing(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38))
        write = type(log._driver).write

        def interrupted(*arguments: object) -> None:
            write(*arguments)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(type(log._driver), "write", interrupted)
            with pytest.raises(KeyboardInterrupt):
                append(log, temperature(39, what="new_word", course="new course"))
        assert (log.position(), log.courses()) == (1, ["c1"])
        assert append(log, temperature(39, what="other_word")).accepted == 1
        assert log.verify().ok


def test_a_closed_log_is_not_silently_reopened(sqlite_store: str) -> None:
    log = open_log(sqlite_store)
    log.close()
    with pytest.raises(StoreUnreachable):
        append(log, temperature(38))


def test_a_limit_of_file_size_is_no_damage(sqlite_store: str) -> None:
    """A quota is met in writing, and tells nothing against what is written."""
    filled(sqlite_store, 1)
    code = (
        "import resource, signal, sys\n"
        "from cartway.record import Fact, open_log\n"
        "from cartway.record.errors import StoreUnwritable\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "with open_log(sys.argv[1]) as log:\n"
        "    try:\n"
        "        for n in range(100):\n"
        "            facts = [Fact('c1', at, 'heart_rate', 60.0, source='m', key=f'{n}-{at}') for at in range(100)]\n"
        "            log.append(facts, recorded_at=n, recorded_by='x')\n"
        "    except StoreUnwritable as failure:\n"
        "        print(n, failure)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, sqlite_store], capture_output=True, text=True, check=True)
    batches, _, told = done.stdout.partition(" ")
    assert "quota" in told and "not recorded" in told
    with open_log(sqlite_store) as log:
        assert log.position() == 100 + 100 * int(batches)
        assert log.verify().ok


def test_a_record_that_nothing_can_be_written_beside_is_read(
    sqlite_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the medium of a backup."""
    filled(sqlite_store, 1)
    folder = file_of(sqlite_store).parent
    before = {path.name for path in folder.iterdir()}
    monkeypatch.setattr(os, "access", lambda place, mode: mode != os.W_OK)
    with open_log(sqlite_store) as log:
        assert log.verify().ok
        assert len(log.facts("c1")) == len(log.columns("c1")) == log.position() == 100
        assert log.wait(0, 0) == 100
        with pytest.raises(StoreReadOnly, match="may not be written"):
            append(log, temperature(40))
        assert {path.name for path in folder.iterdir()} == before
