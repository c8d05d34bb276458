"""The folder of a downtime pack: every page is whole at any moment, and only its owner may read it.

A page is written beside its name and then takes it, so that a reader has the old one or the new one. Pages of courses
come first, then the sheet that links to them, and only then go the pages that nothing links to any more.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from cartway.problem import Problem
from cartway.times import Instant

MARK = ".cartway-downtime"
SHEET, COURSES = "index.html", "courses"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PAGE = re.compile(r"[a-z0-9-]+\.html")


def page_of(course: str) -> str:
    """The file name of a course's page: its id where that is a plain name on every system, else a digest of it."""
    plain = course if _PLAIN.fullmatch(course) else f"c-{hashlib.sha256(course.encode()).hexdigest()[:24]}"
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
        put(folder / MARK, "The downtime pack of Cartway. Its pages are written anew again and again.\n")
    except OSError as failure:
        return _unwritable(failure.strerror or "it cannot be written to")
    return None


def put(path: Path, text: str) -> None:
    """Write a page: whole, on the disk, readable by its owner alone. Raises OSError."""
    draft = path.with_name(f".{path.name}.new")
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
        if _PAGE.fullmatch(path.name) and path.name not in pages:
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


def _unwritable(why: str) -> Problem:
    return Problem(
        "downtime_folder_unwritable", f"The folder for the downtime pack: {why}.", "Check the path and your rights."
    )
