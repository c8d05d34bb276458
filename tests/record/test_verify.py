"""Every kind of tampering is found, on both stores, and its first position is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cartway.problem import Problem
from cartway.record import Checkpoint, Log, load_or_create_key, open_log, read_checkpoint
from cartway.record.checkpoint import public_text
from cartway.record.errors import KeyUnreadable
from record.drawing import append, behind_the_back, retraction, temperature

Execute = Callable[..., Any]


def record_three_courses(log: Log) -> None:
    """Positions 1 to 24 in batches of 3; courses c0, c1, c2 take turns; 22 amends 4; the details and choices vary."""
    for batch in range(7):
        facts = [temperature(36 + n, batch, course=f"c{n}", key=f"{batch}-{n}", detail={"n": batch}) for n in range(3)]
        append(log, *facts, minute=batch)
    amended = temperature(40, 1, course="c0", key="late", amends="1-0")
    append(log, amended, temperature(41, 8, course="c1"), retraction("2-2", course="c2"), minute=9)


def shift(execute: Execute, table: str, position: int, by: int) -> None:
    execute(f"UPDATE {table} SET position = position + ? WHERE position = ?", (by, position))


def swap(execute: Execute, one: int, other: int) -> None:
    """Two facts of the record change their places in every table."""
    for table in ("fact", "entry", "detail"):
        shift(execute, table, one, 1000)
        shift(execute, table, other, one - other)
        execute(f"UPDATE {table} SET position = ? WHERE position = ?", (other, one + 1000))


def drop(execute: Execute, position: int) -> None:
    for table in ("fact", "entry", "detail"):
        execute(f"DELETE FROM {table} WHERE position = ?", (position,))


def drop_and_close_the_gap(execute: Execute, position: int) -> None:
    drop(execute, position)
    for table in ("fact", "entry", "detail"):
        for later in range(position + 1, 25):
            shift(execute, table, later, -1)


def copy(execute: Execute, position: int, to: int) -> None:
    for table, columns in (
        ("fact", "course, at, until, what, value, choice, unit"),
        (
            "entry",
            "course, seq, at, source, batch, key_hash, key, about, event, said, amends, reason, flags,"
            " source_recorded_at, hash",
        ),
    ):
        execute(
            f"INSERT INTO {table} (position, {columns}) SELECT {to}, {columns} FROM {table} WHERE position = ?",
            (position,),
        )


TAMPERINGS: dict[str, tuple[Callable[[Execute], object], int]] = {
    "flip a value": (lambda sql: sql("UPDATE fact SET value = 35 WHERE position = 8"), 8),
    "flip a value into none": (lambda sql: sql("UPDATE fact SET value = ? WHERE position = 8", (float("nan"),)), 8),
    "flip a time": (lambda sql: sql("UPDATE fact SET at = at + 1 WHERE position = 8"), 8),
    "flip a time in both tables": (
        lambda sql: [sql(f"UPDATE {table} SET at = at + 1 WHERE position = 8") for table in ("fact", "entry")],
        8,
    ),
    "flip an end": (lambda sql: sql("UPDATE fact SET until = at WHERE position = 8"), 8),
    "flip an end out of order": (lambda sql: sql("UPDATE fact SET until = at - 1 WHERE position = 8"), 8),
    "flip a unit": (lambda sql: sql("UPDATE fact SET unit = 0 WHERE position = 8"), 8),
    "flip a variable": (lambda sql: sql("UPDATE fact SET what = choice WHERE position = 8"), 8),
    "flip a word number into none": (lambda sql: sql("UPDATE fact SET what = 999 WHERE position = 8"), 8),
    "flip a word": (lambda sql: sql("UPDATE word SET text = 'heart_rate' WHERE text = 'body_temperature'"), 1),
    "flip a detail": (lambda sql: sql("UPDATE detail SET json = '{\"n\":7}' WHERE position = 8"), 8),
    "break a detail": (lambda sql: sql("UPDATE detail SET json = '{' WHERE position = 8"), 8),
    "drop a detail": (lambda sql: sql("DELETE FROM detail WHERE position = 8"), 8),
    "invent a detail": (lambda sql: sql("INSERT INTO detail VALUES (1, 999, '{}')"), 999),
    "flip a text": (lambda sql: sql("UPDATE entry SET reason = 'x' WHERE position = 8"), 8),
    "flip the mark of a correction": (lambda sql: sql("UPDATE entry SET flags = 1 WHERE position = 8"), 8),
    "flip a hash": (lambda sql: sql("UPDATE entry SET hash = ? WHERE position = 8", (b"x" * 32,)), 8),
    "flip the key's hash": (lambda sql: sql("UPDATE entry SET key_hash = 1 WHERE position = 8"), 8),
    "flip the time of recording": (lambda sql: sql("UPDATE batch SET recorded_at = 5 WHERE number = 3"), 7),
    "flip the author": (lambda sql: sql("UPDATE batch SET author = 0 WHERE number = 3"), 7),
    "flip a head": (lambda sql: sql("UPDATE course SET head = ? WHERE name = 'c1'", (b"x" * 32,)), 23),
    "flip the head of a batch": (lambda sql: sql("UPDATE batch SET head = ? WHERE number = 3", (b"x" * 32,)), 7),
    "move a fact to another course": (
        lambda sql: [sql(f"UPDATE {table} SET course = 1 WHERE position = 8") for table in ("fact", "entry", "detail")],
        8,
    ),
    "rename a course": (lambda sql: sql("UPDATE course SET name = 'cx' WHERE name = 'c1'"), 2),
    "swap two facts of a course": (lambda sql: swap(sql, 8, 11), 8),
    "swap facts of two courses": (lambda sql: swap(sql, 8, 9), 8),
    "drop a fact": (lambda sql: drop(sql, 8), 8),
    "drop a fact and close the gap": (lambda sql: drop_and_close_the_gap(sql, 8), 8),
    "drop half a fact": (lambda sql: sql("DELETE FROM entry WHERE position = 8"), 8),
    "drop the other half": (lambda sql: sql("DELETE FROM fact WHERE position = 8"), 8),
    "duplicate a fact at the end": (lambda sql: copy(sql, 8, 25), 25),
    "duplicate the half that derivations read": (
        lambda sql: sql(
            "INSERT INTO fact SELECT course, 5, 8, until, what, value, choice, unit FROM fact WHERE position = 8"
        ),
        8,
    ),
    "pass a clinical record for a demo": (lambda sql: sql("UPDATE store SET text = 'demo'"), 1),
    "drop a batch": (lambda sql: sql("DELETE FROM batch WHERE number = 3"), 7),
    "drop an amendment": (lambda sql: sql("DELETE FROM amendment WHERE amended = 4"), 4),
    "invent an amendment": (lambda sql: sql("INSERT INTO amendment VALUES (1, 7, 22)"), 7),
    "drop the last fact": (lambda sql: drop(sql, 24), 24),
    "drop the last batch": (
        lambda sql: [sql("DELETE FROM batch WHERE number = 8"), *(drop(sql, n) for n in (22, 23, 24))],
        22,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found_at_its_first_position(store_url: str, kind: str) -> None:
    with open_log(store_url) as log:
        record_three_courses(log)
        assert log.verify() == msgspec.structs.replace(log.verify(), facts=24, courses=3, flaws=(), problem="")
    tamper, first_bad = TAMPERINGS[kind]
    with behind_the_back(store_url) as execute:
        tamper(execute)
    with open_log(store_url) as log:
        found = log.verify()
    assert not found.ok
    assert found.first_bad == first_bad, found.flaws
    assert found.reason


def cut_tail(execute: Execute, first: int) -> None:
    """Take away the last batches as if they had never been, heads, words and all."""
    for table in ("fact", "entry", "detail"):
        execute(f"DELETE FROM {table} WHERE position >= ?", (first,))
    execute("DELETE FROM amendment WHERE amender >= ?", (first,))
    execute("DELETE FROM batch WHERE first >= ?", (first,))
    execute("DELETE FROM course WHERE id NOT IN (SELECT course FROM entry)")
    execute("UPDATE course SET count = (SELECT count(*) FROM entry WHERE course = course.id)")
    execute("UPDATE course SET head = (SELECT hash FROM entry WHERE course = course.id ORDER BY position DESC LIMIT 1)")


def test_a_lost_tail_shows_against_a_checkpoint(store_url: str, tmp_path: Path) -> None:
    key = load_or_create_key(tmp_path / "key.pem")
    with open_log(store_url) as log:
        record_three_courses(log)
        checkpoint = log.checkpoint(key)
        assert log.verify(checkpoint).ok
    with behind_the_back(store_url) as execute:
        cut_tail(execute, 19)
    with open_log(store_url) as log:
        assert log.verify().ok, "a shorter record is sound in itself"
        found = log.verify(checkpoint)
        assert (found.first_bad, found.facts) == (19, 18)
        assert "lost" in found.reason


def test_a_lost_course_shows_against_a_checkpoint(store_url: str, tmp_path: Path) -> None:
    key = load_or_create_key(tmp_path / "key.pem")
    with open_log(store_url) as log:
        record_three_courses(log)
        append(log, temperature(38, course="last"), minute=20)
        checkpoint = log.checkpoint(key)
    with behind_the_back(store_url) as execute:
        cut_tail(execute, 25)
    with open_log(store_url) as log:
        assert log.verify().ok
        assert log.courses() == ["c0", "c1", "c2"]
        found = log.verify(checkpoint)
        assert found.first_bad == 25
        assert any("course" in flaw.reason for flaw in found.flaws)


def test_a_course_taken_from_the_middle_shows_without_one(store_url: str) -> None:
    with open_log(store_url) as log:
        record_three_courses(log)
    with behind_the_back(store_url) as execute:
        for table in ("fact", "entry", "detail", "amendment"):
            execute(f"DELETE FROM {table} WHERE course = 2")
        execute("DELETE FROM course WHERE id = 2")
    with open_log(store_url) as log:
        assert log.verify().first_bad == 2


def test_a_record_written_anew_shows_against_a_checkpoint(store_url: str, tmp_path: Path, sqlite_store: str) -> None:
    """Whoever can write can hash everything anew; then only the checkpoint tells."""
    key = load_or_create_key(tmp_path / "key.pem")
    with open_log(f"{sqlite_store}.other") as original:
        append(original, temperature(38), temperature(39, 1, course="c2"))
        append(original, temperature(40, 2))
        checkpoint = original.checkpoint(key)
    with open_log(store_url) as log:
        append(log, temperature(37), temperature(39, 1, course="c2"))
        append(log, temperature(40, 2))
        assert log.verify().ok
        found = log.verify(checkpoint)
        assert not found.ok
        assert found.first_bad in {1, 3}, "at the latest where the course's head is vouched for"


def test_what_was_recorded_after_the_checkpoint_is_no_flaw(store_url: str, tmp_path: Path) -> None:
    key = load_or_create_key(tmp_path / "key.pem")
    with open_log(store_url) as log:
        empty = log.checkpoint(key)
        append(log, temperature(38))
        checkpoint = log.checkpoint(key)
        append(log, temperature(39), temperature(38, course="c9"))
        assert log.verify(checkpoint).ok
        assert log.verify(empty).ok


def test_a_checkpoint_survives_its_file_and_a_forged_one_is_named(sqlite_store: str, tmp_path: Path) -> None:
    key, path = load_or_create_key(tmp_path / "key.pem"), tmp_path / "checkpoint.json"
    with open_log(sqlite_store) as log:
        append(log, temperature(38), temperature(38, course="c2"))
        log.checkpoint(key).write(path)
        checkpoint = read_checkpoint(path)
        assert isinstance(checkpoint, Checkpoint)
        assert log.verify(checkpoint, public_key=public_text(key)).ok
        forged = msgspec.structs.replace(checkpoint, position=1)
        found = log.verify(forged)
        assert (found.ok, found.first_bad) == (False, None)
        assert "signature" in found.problem


def test_another_s_checkpoint_is_named(sqlite_store: str, tmp_path: Path) -> None:
    ours, theirs = (load_or_create_key(tmp_path / name) for name in ("ours.pem", "theirs.pem"))
    with open_log(sqlite_store) as log:
        append(log, temperature(38))
        found = log.verify(log.checkpoint(theirs), public_key=public_text(ours))
        assert not found.ok
        assert "another key" in found.reason


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format":"x"}', b"\xff\xfe"])
def test_a_broken_checkpoint_file_is_a_problem(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkpoint.json"
    path.write_bytes(content)
    found = read_checkpoint(path)
    assert isinstance(found, Problem)
    assert found.code == "unreadable_checkpoint"


def test_a_truncated_or_absent_checkpoint_file_is_a_problem(sqlite_store: str, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    assert isinstance(read_checkpoint(path), Problem)
    with open_log(sqlite_store) as log:
        append(log, temperature(38))
        log.checkpoint(load_or_create_key(tmp_path / "key.pem")).write(path)
    path.write_bytes(path.read_bytes()[:-20])
    assert isinstance(read_checkpoint(path), Problem)


def test_only_its_owner_may_read_the_key_and_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key.pem"
    key = load_or_create_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_text(load_or_create_key(path)) == public_text(key)


def test_a_broken_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("not a key")
    with pytest.raises(KeyUnreadable, match=r"key\.pem"):
        load_or_create_key(path)
