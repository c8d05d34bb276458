"""A backup is the record as it stood, verified, in one file that only its owner reads; a restore overwrites nothing."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cartway.cli.backup_signed import Manifest
from cartway.cli.edge import now
from cartway.people import open_people
from cartway.record import Fact, open_log
from cartway.record.checkpoint import load_or_create_key, public_text
from cartway.times import HOUR, parse
from cartway.web.access import Role, open_access

from .conftest import Run

START = parse("2026-01-12T08:00Z")


@pytest.fixture
def store(run: Run, course: Path, tmp_path: Path) -> str:
    """The URL of a record with one course, a person behind it and an account."""
    url = f"sqlite:///{tmp_path}/facts.db"
    assert run("import", course).exit_code == 0
    with open_people(url) as people:
        people.enrol([("ward", "A-1")], name="Ada Example", now=START, by="test", new_id=lambda: "ward-1")
    with open_access(url) as access:
        access.create_account("mei", Role.nurse, password="a fine spring morning", now=START, by="test")  # noqa: S106
    return url


def elsewhere(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/restored/facts.db"


def facts_of(url: str) -> list[Fact]:
    with open_log(url, create=False) as log:
        return log.facts("ward-1")


def test_what_is_restored_is_what_was_backed_up(run: Run, store: str, tmp_path: Path) -> None:
    assert run("backup", "night.tar").exit_code == 0
    said = run("restore", "night.tar", "--database", elsewhere(tmp_path))
    assert said.exit_code == 0, said.output
    assert "restored and verified: 8 facts of 1 courses up to position 8" in said.stdout
    assert facts_of(elsewhere(tmp_path)) == facts_of(store)
    with open_people(elsewhere(tmp_path), create=False) as people:
        assert people.person("ward-1").name == "Ada Example"
    with open_access(elsewhere(tmp_path), create=False) as access:
        assert [account.name for account in access.accounts()] == ["mei"]
    assert run("verify", "--database", elsewhere(tmp_path)).exit_code == 0


def test_only_its_owner_reads_it(run: Run, store: str, tmp_path: Path) -> None:
    run("backup", "night.tar")
    run("restore", "night.tar", "--database", elsewhere(tmp_path))
    files = [tmp_path / "night.tar", *(tmp_path / "restored").iterdir()]
    assert len(files) == 4
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")], "nothing is left beside it"


def key_of(tmp_path: Path) -> Ed25519PrivateKey:
    return load_or_create_key(tmp_path / "config" / "cartway" / "signing.key")


def test_it_says_what_was_verified_and_by_which_key(run: Run, store: str, tmp_path: Path) -> None:
    run("backup", "night.tar")
    said = run("restore", "night.tar", "--database", elsewhere(tmp_path))
    assert f"signed by {public_text(key_of(tmp_path))}, the key of this machine" in said.stderr
    assert "record.db: its chains hold" in said.stderr
    assert "people.db and access.db: byte for byte as signed when the backup was made" in said.stderr


@pytest.mark.parametrize("has_a_key", [True, False])
def test_what_another_key_signed_is_restored_only_by_its_name(
    run: Run, store: str, tmp_path: Path, has_a_key: bool
) -> None:
    """On a new machine there is no key, or another: then somebody compares it with the one that was noted."""
    run("backup", "night.tar")
    signer = public_text(key_of(tmp_path))
    shutil.rmtree(tmp_path / "config")
    if has_a_key:
        run("checkpoint", "-o", "another-key.json")
    refused = run("restore", "night.tar", "--database", elsewhere(tmp_path))
    assert refused.exit_code == 2 and f"signed by {signer}" in refused.stderr and "--trust KEY" in refused.stderr
    assert not list((tmp_path / "restored").iterdir())
    wrong = run("restore", "night.tar", "--trust", "ab" * 32, "--database", elsewhere(tmp_path))
    assert wrong.exit_code == 2 and not list((tmp_path / "restored").iterdir())
    named = run("restore", "night.tar", "--trust", signer, "--database", elsewhere(tmp_path))
    assert named.exit_code == 0 and "the key named by --trust" in named.stderr
    assert (tmp_path / "config").exists() == has_a_key, "a restore makes no key"


def test_nobody_is_signed_in_by_a_restore(run: Run, store: str, tmp_path: Path) -> None:
    """Who signed out, or whose account was closed, after the backup was made must not be in again by the restore."""
    with open_access(store) as access:
        opened = access.open_session(access.accounts()[0].id, now=now())
    run("backup", "night.tar")
    said = run("restore", "night.tar", "--database", elsewhere(tmp_path))
    assert "sessions ended: 1" in said.stderr
    with open_access(elsewhere(tmp_path), create=False) as access:
        assert access.principal(opened.token, now=now()) is None
    with open_access(store, create=False) as access:
        assert access.principal(opened.token, now=now()) is not None


def test_the_stores_are_in_use_meanwhile(run: Run, store: str, tmp_path: Path) -> None:
    """Somebody charts all the while: the backup has every course up to a position, and nothing after it."""
    stopping, written = threading.Event(), 0

    def chart() -> None:
        nonlocal written
        with open_log(store, create=False) as log:
            while not stopping.is_set():
                fact = Fact("ward-1", START + written * HOUR, "heart_rate", value=80.0, unit="/min", key=f"h{written}")
                assert not log.append([fact], recorded_at=START, recorded_by="test").problems
                written += 1

    charting = threading.Thread(target=chart)
    charting.start()
    said = run("backup", "busy.tar")
    stopping.set()
    charting.join()
    assert said.exit_code == 0, said.output
    assert run("restore", "busy.tar", "--database", elsewhere(tmp_path)).exit_code == 0
    kept = facts_of(elsewhere(tmp_path))
    assert kept == facts_of(store)[: len(kept)]
    assert 8 <= len(kept) <= 8 + written


@pytest.mark.parametrize("name", ["facts.db", "facts.people.db", "facts.access.db", "facts.db-wal"])
def test_nothing_is_written_over(run: Run, store: str, tmp_path: Path, name: str) -> None:
    run("backup", "night.tar")
    there = tmp_path / "restored" / name
    there.parent.mkdir()
    there.write_bytes(b"")
    said = run("restore", "night.tar", "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "never written over" in said.stderr
    assert [path.name for path in there.parent.iterdir()] == [name]
    again = run("backup", "night.tar")
    assert again.exit_code == 2 and "never written over" in again.stderr


def tampered(tmp_path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The backup with its members changed, and everything else as it was."""
    made = tmp_path / "tampered.tar"
    with tarfile.open(tmp_path / "night.tar") as old, tarfile.open(made, "w") as new:
        for member in old.getmembers():
            packed = old.extractfile(member)
            assert packed is not None
            content = change(member.name, packed.read())
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return made


def test_a_changed_store_is_not_restored(run: Run, store: str, tmp_path: Path) -> None:
    run("backup", "night.tar")
    made = tampered(tmp_path, lambda name, content: content[:-1] + b"x" if name == "people.db" else content)
    said = run("restore", made, "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "its digest differs" in said.stderr
    assert list((tmp_path / "restored").iterdir()) == []


def stating(tmp_path: Path, contents: dict[str, bytes], key: Ed25519PrivateKey | None = None) -> Path:
    """The backup with other files in it, and a manifest that says so; signed anew by who has the key."""

    def change(name: str, old: bytes) -> bytes:
        if name != "manifest.json":
            return contents.get(name, old)
        stated = msgspec.json.decode(old, type=Manifest)
        digests = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
        made = msgspec.structs.replace(stated, digests={**stated.digests, **digests})
        return msgspec.json.encode(made.signed(key) if key is not None else made)

    return tampered(tmp_path, change)


def with_record(tmp_path: Path, record: Path) -> Path:
    """The backup with another record in it, by somebody who has the key."""
    return stating(tmp_path, {"record.db": record.read_bytes()}, key_of(tmp_path))


@pytest.mark.parametrize(
    ("file", "sql"),
    [
        ("facts.people.db", "UPDATE person SET name = 'Bert Example'"),
        ("facts.access.db", "UPDATE account SET role = 'physician'"),
    ],
)
def test_people_and_accounts_changed_together_with_their_digest_are_not_restored(
    run: Run, store: str, tmp_path: Path, file: str, sql: str
) -> None:
    """No chain holds them: only the signature keeps a name on its course, and a nurse a nurse."""
    run("backup", "night.tar")
    shutil.copyfile(tmp_path / file, tmp_path / "changed.db")
    with closing(sqlite3.connect(tmp_path / "changed.db")) as db, db:
        assert db.execute(sql).rowcount == 1
    changed = {file.removeprefix("facts."): (tmp_path / "changed.db").read_bytes()}
    said = run("restore", stating(tmp_path, changed), "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "does not fit its manifest" in said.stderr
    strangers = stating(tmp_path, changed, Ed25519PrivateKey.generate())
    said = run("restore", strangers, "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "not the key of this machine" in said.stderr
    assert list((tmp_path / "restored").iterdir()) == []


def test_a_checkpoint_of_another_backup_does_not_fit(run: Run, store: str, tmp_path: Path) -> None:
    """An older one, rightly signed by the same key, vouches for less."""
    assert run("checkpoint", "-o", "older.json").exit_code == 0
    with open_log(store) as log:
        late = Fact("ward-1", START + HOUR, "heart_rate", value=80.0, unit="/min", source="test", key="late")
        assert not log.append([late], recorded_at=START + HOUR, recorded_by="test").problems
    run("backup", "night.tar")
    older = (tmp_path / "older.json").read_bytes()
    made = tampered(tmp_path, lambda name, content: older if name == "checkpoint.json" else content)
    said = run("restore", made, "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "checkpoint.json in tampered.tar is not what was written" in said.stderr


def test_a_record_changed_together_with_its_digest_is_not_restored(run: Run, store: str, tmp_path: Path) -> None:
    """Whoever can write the file can write its manifest too: the chain tells all the same."""
    run("backup", "night.tar")
    shutil.copyfile(tmp_path / "facts.db", tmp_path / "changed.db")
    with closing(sqlite3.connect(tmp_path / "changed.db")) as db, db:
        db.execute("UPDATE fact SET value = 36.6 WHERE value = 38.9")
    said = run("restore", with_record(tmp_path, tmp_path / "changed.db"), "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "First at position 3" in said.stderr
    assert list((tmp_path / "restored").iterdir()) == []


def test_an_older_record_under_a_newer_checkpoint_is_not_restored(run: Run, store: str, tmp_path: Path) -> None:
    """A record that lost its tail is whole by its chains: only the checkpoint tells."""
    shutil.copyfile(tmp_path / "facts.db", tmp_path / "older.db")
    with open_log(store) as log:
        late = Fact("ward-1", START + HOUR, "heart_rate", value=80.0, unit="/min", source="test", key="late")
        assert not log.append([late], recorded_at=START + HOUR, recorded_by="test").problems
    run("backup", "night.tar")
    said = run("restore", with_record(tmp_path, tmp_path / "older.db"), "--database", elsewhere(tmp_path))
    assert said.exit_code == 2 and "does not verify" in said.stderr


@pytest.mark.parametrize("content", [b"", b"nothing of ours", b"\0" * 10240])
def test_a_file_that_is_no_backup(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.tar").write_bytes(content)
    said = run("restore", "odd.tar")
    assert said.exit_code == 2 and "no backup that" in said.stderr


def test_a_damaged_store_is_not_backed_up_as_if_it_were_sound(run: Run, store: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "facts.db")) as db, db:
        db.execute("UPDATE fact SET value = 36.6 WHERE value = 38.9")
    said = run("backup", "night.tar")
    assert said.exit_code == 2 and "does not verify" in said.stderr
    assert not (tmp_path / "night.tar").exists()


def test_a_record_alone_is_backed_up_and_says_so(run: Run, course: Path, tmp_path: Path) -> None:
    """Imported, and never served: there are no accounts yet."""
    run("import", course)
    said = run("backup", "night.tar")
    assert said.exit_code == 0 and "not in it, since it is not there yet: access" in said.stderr
    assert run("restore", "night.tar", "--database", elsewhere(tmp_path)).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == ["facts.db", "facts.people.db"]


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_postgresql_has_tools_of_its_own(run: Run, verb: str) -> None:
    said = run(verb, "night.tar", "--database", "postgresql://nobody@localhost/none")
    assert said.exit_code == 2 and "pg_dump" in said.stderr
