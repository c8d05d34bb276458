"""The center's folder of trial records, read again when a file of it changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cartway.pathway.trials import Trial, Trials, read_paths
from cartway.pathway.trials.reading import files_of
from cartway.problem import Problem

Seen = tuple[tuple[str, int, int], ...]  # each file with the time of its last change and its size


def shelf(folder: Path | None) -> Trials:
    """The trials of the folder as it is now. Problem: ``no_trial_folder``; and those of its files."""
    if folder is None:
        return Trials()
    try:
        return _read(tuple(_seen(folder)))
    except OSError:
        remedy = "Whoever runs this server sets CARTWAY_TRIALS to a folder that it may read."
        return Trials(problems=(Problem("no_trial_folder", "The folder of trial records cannot be read.", remedy),))


def _seen(folder: Path) -> Seen:
    if not folder.is_dir():
        raise NotADirectoryError
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files_of(folder))


@lru_cache(maxsize=2)
def _read(seen: Seen) -> Trials:
    return read_paths(Path(name) for name, _, _ in seen)


def trial_of(found: Trials, number: str) -> Trial | None:
    """The trial of that number, or None."""
    return next((each for each in found.trials if each.id == number), None)
