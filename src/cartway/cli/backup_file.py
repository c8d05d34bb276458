"""The file of a backup: the SQLite files of one record in a plain tar, with a signed manifest first and a checkpoint.

Any tar reads it, for a hand that has nothing else: the stores in it are ordinary SQLite files. Only its owner may read
it. It is not encrypted: whoever keeps it elsewhere does that (see `docs/how-to/backup.md`).
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from cartway.cli.backup_signed import FORMAT, Manifest
from cartway.problem import Problem
from cartway.record.checkpoint import Checkpoint

if TYPE_CHECKING:
    from cartway.record import Log
    from cartway.record.verify import Verification

MANIFEST, CHECKPOINT = "manifest.json", "checkpoint.json"
RECORD, PEOPLE, ACCESS = "record.db", "people.db", "access.db"
STORES = (RECORD, PEOPLE, ACCESS)
LARGEST_TEXT = 256 * 1024 * 1024  # bytes of manifest and checkpoint: a head of a course takes about 100
_STEP = 1 << 20


def copy(source: Path, target: Path) -> None:
    """A store that is in use, as it stood at one moment: writers go on meanwhile, and none of them shows in half."""
    from cartway.record import sqlite_file

    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    with (
        sqlite_file.translated(str(source)),
        closing(sqlite_file.connect(source)) as opened,
        closing(sqlite3.connect(target)) as copied,
    ):
        opened.backup(copied)


def problem_of(path: Path) -> Problem | None:
    """What SQLite finds wrong with a copied store that has no chain of its own."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            found = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError:
        found = "unreadable"
    return None if found == "ok" else _damaged(path.name)


def checked(record: Path, checkpoint: Checkpoint) -> Verification:
    """The chains of a copied record, and that all is there that the checkpoint vouches for."""
    with opened(record) as log:
        return log.verify(checkpoint)


@contextmanager
def opened(record: Path) -> Iterator[Log]:
    from cartway.record import open_log

    with open_log(f"sqlite:///{record}", create=False) as log:
        yield log


def pack(folder: Path, manifest: Manifest, checkpoint: Checkpoint, output: Path) -> None:
    """Write the backup under its name when it is whole and on the disk. Raises FileExistsError, as all of `os.link`."""
    draft = output.with_name(f".{output.name}.{os.getpid()}.new")
    texts = {MANIFEST: msgspec.json.encode(manifest), CHECKPOINT: encoded(checkpoint)}
    try:
        with fresh(draft) as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                for name, text in texts.items():
                    archive.addfile(_member(name, len(text), manifest), io.BytesIO(text))
                for name in stores_of(manifest):
                    with (folder / name).open("rb") as store:
                        archive.addfile(_member(name, (folder / name).stat().st_size, manifest), store)
            settle(file)
        os.link(draft, output)
        settle_folder(output.parent)
    finally:
        draft.unlink(missing_ok=True)


def unpack(source: Path, folder: Path, trusted: str) -> tuple[Manifest, Checkpoint] | Problem:
    """Take the stores of a backup out into an empty folder, each as its digest says. Nothing else of it is written.

    Nothing at all is where `trusted`, a public key, has not signed it.
    """
    try:
        with tarfile.open(source, mode="r:") as archive:
            manifest = msgspec.json.decode(_text(archive, MANIFEST), type=Manifest)
            if manifest.format != FORMAT or not {RECORD, CHECKPOINT} <= set(manifest.digests) <= {CHECKPOINT, *STORES}:
                return _no_backup(source)
            if problem := manifest.problem(trusted):
                return problem
            text = _text(archive, CHECKPOINT)
            if hashlib.sha256(text).hexdigest() != manifest.digests[CHECKPOINT]:
                return _changed(source, CHECKPOINT)
            for name in stores_of(manifest):
                if _take(archive, name, folder / name) != manifest.digests[name]:
                    return _changed(source, name)
            return manifest, msgspec.json.decode(text, type=Checkpoint)
    except (tarfile.TarError, KeyError, msgspec.DecodeError, UnicodeDecodeError, EOFError):
        return _no_backup(source)


def stores_of(manifest: Manifest) -> list[str]:
    """The stores in a backup, the record first."""
    return [name for name in STORES if name in manifest.digests]


def encoded(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as it lies in a backup."""
    return checkpoint.text().encode()


def digests(folder: Path, stores: Iterable[str], checkpoint: Checkpoint) -> dict[str, str]:
    """What a manifest says of the files of a backup."""
    found = {name: digest_of(folder / name) for name in stores}
    return {**found, CHECKPOINT: hashlib.sha256(encoded(checkpoint)).hexdigest()}


def end_sessions(access: Path) -> int:
    """End every session in a copied access store; how many there were. Who signed out since must not be signed in."""
    with closing(sqlite3.connect(access)) as opened, opened:
        return opened.execute("DELETE FROM session").rowcount


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settle_folder(folder: Path) -> None:
    """Put the names in a folder on the disk, where the system can."""
    with suppress(OSError):
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, manifest.made_at // 1_000_000
    return member


def _text(archive: tarfile.TarFile, name: str) -> bytes:
    file = _file(archive, name)
    text = file.read(LARGEST_TEXT + 1)
    if len(text) > LARGEST_TEXT:
        raise tarfile.ReadError
    return text


def _take(archive: tarfile.TarFile, name: str, target: Path) -> str:
    with _file(archive, name) as packed, fresh(target) as file:
        shutil.copyfileobj(packed, file, _STEP)
        settle(file)
    return digest_of(target)


def _file(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """A plain file of the archive. Raises KeyError for any other kind of member: nothing is followed."""
    member = archive.getmember(name)
    found = archive.extractfile(member) if member.isreg() else None
    if found is None:
        raise KeyError(name)
    return found


@contextmanager
def fresh(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only this user may read."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
        yield file


def settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _no_backup(source: Path) -> Problem:
    return Problem(
        "no_backup", f"{source.name} is no backup that `cartway backup` wrote.", "Name another file, or fetch it anew."
    )


def _changed(source: Path, name: str) -> Problem:
    return Problem(
        "backup_changed",
        f"{name} in {source.name} is not what was written: its digest differs.",
        "Nothing was restored. Fetch the backup anew from where it is kept, or take the one before it.",
    )


def _damaged(name: str) -> Problem:
    return Problem(
        "backup_damaged", f"SQLite finds {name} damaged.", "Keep the store as it is, and take another copy or backup."
    )
