"""The project's own files, for tests that look at all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = {"build", "dist", "__pycache__", "node_modules"}
HIDDEN = {".ci", ".github"}  # of the folders with a dot, those that somebody writes
WRITTEN = {".py", ".md", ".toml", ".lock", ".cfg", ".ini", ".sh", ".yml", ".yaml", ".html", ".css", ".js", ""}


def written_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that somebody wrote: code, words and configuration; not sample data, caches or what was built."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and is_written(path.name):
            yield from written_files(path)
        elif path.is_file() and path.suffix in WRITTEN and "data" not in path.relative_to(ROOT).parts[:-1]:
            yield path


def is_written(folder: str) -> bool:
    """Whether a folder of that name holds what somebody wrote, and not a cache, a set-up or a build."""
    return folder in HIDDEN or not (folder.startswith(".") or folder in MADE or folder.endswith(".egg-info"))


def text_of(path: Path) -> str:
    """The file's text; empty where it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""
