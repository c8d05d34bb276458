"""The folder of a downtime pack: every page is whole at any moment, and only its owner may read it.

A page is written beside its name and then takes it, so that a reader has the old one or the new one. Pages of courses
come first, then the sheet that links to them, and only then go the pages that nothing links to any more.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cartway.problem import Problem
from cartway.times import Instant

MARK = ".cartway-downtime"
SHEET, COURSES = "index.html", "courses"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TAKEN = re.compile(r"c-[0-9a-f]{24}|con|prn|aux|nul|com[0-9]|lpt[0-9]")  # as a digest reads; what Windows cannot open
_PAGE = re.compile(r"[a-z0-9-]+\.html")
_DRAFT = re.compile(r"\.[a-z0-9-]+\.html\.[0-9-]+\.new")  # of a writer that was killed: the one writer sees no other's


def page_of(course: str) -> str:
    """The file name of a course's page: its id where that is a plain name on every system, else a digest of it."""
    is_plain = _PLAIN.fullmatch(course) and not _TAKEN.fullmatch(course)
    plain = course if is_plain else f"c-{hashlib.sha256(course.encode()).hexdigest()[:24]}"
    return f"{plain}.html"


def prepare(folder: Path) -> Problem | None:
    """Make the folder of a pack, for its owner alone, or say why what is there is none of ours to write into."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return _open_to_others()
        if not (folder / MARK).exists() and any(folder.iterdir()):
            return _not_ours()
        (folder / COURSES).mkdir(exist_ok=True, mode=0o700)
        if not (folder / MARK).exists():
            put(folder / MARK, "The downtime pack of Cartway. Its pages are written anew again and again.\n")
    except OSError as failure:
        return _unwritable(failure.strerror or "it cannot be written to")
    return None


@contextmanager
def writing(folder: Path) -> Iterator[Problem | None]:
    """Be the one writer of a prepared folder, or be told that there is another. The lock goes with its process, however
    that ends. Raises OSError.
    """
    place = os.open(folder / MARK, os.O_RDWR)
    try:
        yield None if _locked(place) else _second_writer()
    finally:
        os.close(place)


def _locked(place: int) -> bool:
    if sys.platform == "win32":
        return True  # no such lock: drafts have names of their own all the same
    import fcntl

    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def put(path: Path, text: str) -> None:
    """Write a page: whole, on the disk, readable by its owner alone. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    draft.unlink(missing_ok=True)  # of a writer that was killed
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def clear(folder: Path, kept: Iterable[str]) -> None:
    """Take away the pages of courses that are no longer on the sheet. What is no page of ours stays."""
    pages = {page_of(course) for course in kept}
    for path in (folder / COURSES).iterdir():
        if _DRAFT.fullmatch(path.name) or (_PAGE.fullmatch(path.name) and path.name not in pages):
            path.unlink(missing_ok=True)
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)


def written_at(folder: Path) -> Instant | None:
    """When the sheet was last written, by the file's own time; None where there is none or it cannot be seen."""
    try:
        return (folder / SHEET).stat().st_mtime_ns // 1000
    except OSError:
        return None


def _open_to_others() -> Problem:
    return Problem(
        "downtime_folder_open",
        "The folder for the downtime pack may be read by others on this machine; the pack has patients' names in it.",
        "Take their rights away: chmod 700 FOLDER.",
    )


def _not_ours() -> Problem:
    return Problem(
        "downtime_folder_used",
        "The folder for the downtime pack has other things in it.",
        "Name a folder of its own, or a new one.",
    )


def _second_writer() -> Problem:
    return Problem(
        "downtime_folder_busy",
        "Another process keeps the downtime pack in this folder.",
        "Leave it to that one (a server with CARTWAY_DOWNTIME), or name another folder.",
    )


def _unwritable(why: str) -> Problem:
    return Problem(
        "downtime_folder_unwritable", f"The folder for the downtime pack: {why}.", "Check the path and your rights."
    )
