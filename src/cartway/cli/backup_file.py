"""The file of a backup: the SQLite files of one record in a plain tar, with a manifest first and a signed checkpoint.

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
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from cartway.problem import Problem
from cartway.record.checkpoint import Checkpoint
from cartway.times import Instant

if TYPE_CHECKING:
    from cartway.record import Log
    from cartway.record.verify import Verification

FORMAT = "cartway-backup-1"
MANIFEST, CHECKPOINT = "manifest.json", "checkpoint.json"
RECORD, PEOPLE, ACCESS = "record.db", "people.db", "access.db"
STORES = (RECORD, PEOPLE, ACCESS)
LARGEST_TEXT = 256 * 1024 * 1024  # bytes of manifest and checkpoint: a head of a course takes about 100
_STEP = 1 << 20


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `digests`: the SHA-256 of each file in it, in hexadecimal."""

    made_at: Instant
    position: int
    facts: int
    courses: int
    digests: Mapping[str, str]
    format: str = FORMAT


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
    texts = {MANIFEST: msgspec.json.encode(manifest), CHECKPOINT: checkpoint.text().encode()}
    try:
        with fresh(draft) as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                for name, text in texts.items():
                    archive.addfile(_member(name, len(text), manifest), io.BytesIO(text))
                for name in manifest.digests:
                    with (folder / name).open("rb") as store:
                        archive.addfile(_member(name, (folder / name).stat().st_size, manifest), store)
            settle(file)
        os.link(draft, output)
        settle_folder(output.parent)
    finally:
        draft.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> tuple[Manifest, Checkpoint] | Problem:
    """Take the stores of a backup out into an empty folder, each as its digest says. Nothing else of it is written."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            manifest = msgspec.json.decode(_text(archive, MANIFEST), type=Manifest)
            checkpoint = msgspec.json.decode(_text(archive, CHECKPOINT), type=Checkpoint)
            if manifest.format != FORMAT or RECORD not in manifest.digests or not set(manifest.digests) <= set(STORES):
                return _no_backup(source)
            for name, digest in manifest.digests.items():
                if _take(archive, name, folder / name) != digest:
                    return _changed(source, name)
    except (tarfile.TarError, KeyError, msgspec.DecodeError, UnicodeDecodeError, EOFError):
        return _no_backup(source)
    return manifest, checkpoint


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
