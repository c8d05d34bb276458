"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft_of(output: Path) -> Iterator[Path]:
    """A hidden draft beside `output`, which takes its place when all went well and is gone when it did not.

    What is no regular file (a pipe, a device) is written to directly. A new file is readable by its owner alone, since
    it tells of patients; one that was there keeps its rights.
    """
    target = Path(os.path.realpath(output))
    if output.exists() and not output.is_file():
        yield output
        return
    draft = _empty_beside(target)
    try:
        yield draft
        _settle(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _empty_beside(target: Path) -> Path:
    """An empty file that only its owner reads. An error names the file that was asked for."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    except OSError as failure:
        failure.filename = str(target)
        raise
    os.close(handle)
    return Path(name)


def _settle(draft: Path, target: Path) -> None:
    """Put the draft in its place, on disk before its name is."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    if target.exists():
        shutil.copymode(target, draft)
    draft.replace(target)
