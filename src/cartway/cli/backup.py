"""`cartway backup` and `restore`: the record, the people and the access store in one file, and out of it again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from cartway.cli import backup_file as b
from cartway.cli.backup_signed import Manifest
from cartway.cli.edge import now, say, settings, stop
from cartway.problem import Problem
from cartway.record import open_log

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from cartway.record.checkpoint import Checkpoint
    from cartway.record.verify import Verification
    from cartway.settings import Settings


def backup(output: Path, database: str) -> None:
    """Copy the stores while they are in use, verify the copy, and only then give it its name."""
    if output.exists():
        stop(_is_there(output))
    chosen = settings(database)
    files = _files(chosen)
    key = _key(chosen)
    checkpoint = _checkpoint(chosen, key)  # of the record as it stands: the copy must hold at least this
    with _folder(output.absolute().parent) as folder:
        there = {name: file for name, file in files.items() if name == b.RECORD or file.exists()}
        for name, file in there.items():  # the record first: a person without facts is better than facts without one
            b.copy(file, folder / name)
        found = _sound(folder, list(there), checkpoint)
        with b.opened(folder / b.RECORD) as log:
            position = log.position()
        digests = b.digests(folder, there, checkpoint)
        manifest = Manifest(now(), position, found.facts, found.courses, digests).signed(key)
        b.pack(folder, manifest, checkpoint, output)
    _read_back(output, manifest.public_key)
    without = [name.removesuffix(".db") for name in files if name not in there]
    say(f"backed up and verified: {found.facts:,} facts of {found.courses:,} courses up to position {position}")
    say(f"all of it is signed by {manifest.public_key}: note this key apart from the backup, a restore asks for it")
    if without:
        say(f"not in it, since it is not there yet: {', '.join(without)}")


def restore(source: Path, database: str, trust: str = "") -> None:
    """Take a backup out into new stores. All of them, sound and as they were signed, or none.

    `trust`: the public key, in hexadecimal, that must have signed it; without one it is the key of this machine.
    """
    chosen = settings(database)
    files = _files(chosen)
    _refuse_to_overwrite(files)
    files[b.RECORD].parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _folder(files[b.RECORD].absolute().parent) as folder:
        taken = b.unpack(source, folder, trust.strip().lower() or _own_key(chosen))
        if isinstance(taken, Problem):
            stop(taken)
        manifest, checkpoint = taken
        stores = b.stores_of(manifest)
        found = _sound(folder, stores, checkpoint)
        ended = b.end_sessions(folder / b.ACCESS) if b.ACCESS in stores else 0
        _place(folder, {name: files[name] for name in stores})
    typer.echo(
        f"restored and verified: {found.facts:,} facts of {found.courses:,} courses up to position {manifest.position}"
    )
    _tell(manifest, stores, "the key named by --trust" if trust else "the key of this machine", ended)


def _tell(manifest: Manifest, stores: Sequence[str], whose: str, ended: int) -> None:
    """What was verified, by which key, and what a restore cannot know."""
    say("record.db: its chains hold, and all is there that the checkpoint in the backup vouches for")
    if others := [name for name in stores if name != b.RECORD]:
        say(f"{' and '.join(others)}: byte for byte as signed when the backup was made; nothing else vouches for them")
    say(f"signed by {manifest.public_key}, {whose}")
    if b.ACCESS in stores:
        say(f"sessions ended: {ended}. Accounts, roles and passwords are as they were then: close again whoever was")
        say("closed since.")
    say("Nothing that was recorded after the backup is in it: `cartway verify --against CHECKPOINT` tells what is")
    say("missing by a later checkpoint. Erase again whoever was erased since: they are back.")


def _files(chosen: Settings) -> dict[str, Path]:
    """Where the stores are, by their name in a backup. A record on PostgreSQL has its own tools."""
    from cartway.people.store import KIND as PEOPLE
    from cartway.web.access.store import KIND as ACCESS

    if not (chosen.database.startswith("sqlite:///") and chosen.people.startswith("sqlite:///")):
        stop(
            Problem(
                "backup_of_postgresql",
                "Stores on PostgreSQL are backed up and restored by PostgreSQL's own tools.",
                "Use pg_dump and pg_restore with the three schemas (docs/how-to/backup.md), then `cartway verify`.",
            )
        )
    record, people = (Path(url.removeprefix("sqlite:///")) for url in (chosen.database, chosen.people))
    return {b.RECORD: record, b.PEOPLE: PEOPLE.file(people), b.ACCESS: ACCESS.file(record)}


def _key(chosen: Settings) -> Ed25519PrivateKey:
    from cartway.record.checkpoint import load_or_create_key

    chosen.signing_key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return load_or_create_key(chosen.signing_key)


def _own_key(chosen: Settings) -> str:
    """The public key of this machine; "" where it has none. A restore makes none: it would vouch for nothing."""
    from cartway.record.checkpoint import public_text

    return public_text(_key(chosen)) if chosen.signing_key.exists() else ""


def _checkpoint(chosen: Settings, key: Ed25519PrivateKey) -> Checkpoint:
    with open_log(chosen.database, create=False) as log:
        return log.checkpoint(key)


def _sound(folder: Path, names: list[str], checkpoint: Checkpoint) -> Verification:
    """Every copied store read back: the record by its chains and the checkpoint, the others by SQLite."""
    for name in names:
        if problem := b.problem_of(folder / name):
            stop(problem)
    found = b.checked(folder / b.RECORD, checkpoint)
    if not found.ok:
        _not_sound(found)
    return found


def _not_sound(found: Verification) -> NoReturn:
    where = "" if found.first_bad is None else f" First at position {found.first_bad}:"
    stop(
        Problem(
            "backup_not_sound",
            f"The copied record does not verify.{where} {found.reason}",
            "Nothing was written. Run `cartway verify` on the record, keep what there is, take an older backup.",
        )
    )


def _read_back(output: Path, public_key: str) -> None:
    """The file as it lies there: each store in it must have the digest that its manifest says."""
    with _folder(output.absolute().parent) as folder:
        taken = b.unpack(output, folder, public_key)
    if isinstance(taken, Problem):
        output.unlink()
        stop(taken)


def _refuse_to_overwrite(files: Mapping[str, Path]) -> None:
    """A store that is there is never written over, not even an empty one: somebody may be about to use it."""
    for file in files.values():
        for beside in ("", "-wal", "-shm"):
            if file.with_name(f"{file.name}{beside}").exists():
                stop(_is_there(file))


def _place(folder: Path, files: Mapping[str, Path]) -> None:
    """Give each store its name: all of them, or none. A name that somebody took meanwhile stays theirs."""
    placed: list[Path] = []
    try:
        for name in reversed(list(files)):  # the record last: while it is not there, nothing opens
            file = files[name]
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _link(folder / name, file)
            placed.append(file)
    except OSError:
        for file in placed:
            file.unlink()
        raise
    for parent in {file.absolute().parent for file in files.values()}:
        b.settle_folder(parent)


def _link(made: Path, file: Path) -> None:
    """Name `made` as `file`, which must not be there; by way of a copy where it is on another disk."""
    if made.stat().st_dev == file.absolute().parent.stat().st_dev:
        os.link(made, file)
        return
    near = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with made.open("rb") as packed, b.fresh(near) as copied:
            shutil.copyfileobj(packed, copied)
            b.settle(copied)
        os.link(near, file)
    finally:
        near.unlink(missing_ok=True)


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """A folder for the time of the work, that only this user may enter, on the same disk."""
    with tempfile.TemporaryDirectory(prefix=".cartway-", dir=beside) as folder:
        yield Path(folder)


def _is_there(file: Path) -> Problem:
    return Problem(
        "is_there",
        f"{file.name} is there already, and is never written over.",
        "Name another place, or move it away first.",
    )
