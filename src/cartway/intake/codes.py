"""Local codes: a center's own code systems, mapped by small files that somebody at the center wrote and can check."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from cartway.problem import Problem
from cartway.vocabulary import Meaning, Vocabulary

LocalCodes = Mapping[tuple[str, str], Meaning]


@functools.cache
def shipped() -> LocalCodes:
    """The maps that come with Cartway; their code systems are those of one data set each."""
    found: dict[tuple[str, str], Meaning] = {}
    for resource in files("cartway.intake.maps").iterdir():
        if resource.name.endswith(".toml"):
            found |= dict(_meanings(tomllib.loads(resource.read_text("utf-8"))))
    return found


def read_map(path: Path, vocabulary: Vocabulary) -> LocalCodes | Problem:
    """A map file: one table a code system, ``CODE = ["variable/choice", "display"]``.

    Problems: ``bad_map`` where it cannot be read, or names what the vocabulary does not have.
    """
    try:
        found = dict(_meanings(tomllib.loads(path.read_text("utf-8"))))
    except (OSError, ValueError, TypeError, AttributeError) as failure:
        return _bad_map(path, f"it cannot be read ({type(failure).__name__})")
    strange = next((meaning for meaning in found.values() if not _is_known(meaning, vocabulary)), None)
    return found if strange is None else _bad_map(path, f"the vocabulary has no '{strange.what}/{strange.choice}'")


def combined(maps: Iterable[LocalCodes]) -> LocalCodes:
    """The shipped maps and a center's own; the center's count where both know a code."""
    found = dict(shipped())
    for one in maps:
        found |= one
    return found


def _meanings(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Meaning]]:
    for system, codes in table.items():
        if isinstance(codes, dict):
            for code, (meaning, *_) in codes.items():
                what, _, choice = str(meaning).partition("/")
                yield (system, code), Meaning(what, choice)


def _is_known(meaning: Meaning, vocabulary: Vocabulary) -> bool:
    variable = vocabulary.variable(meaning.what)
    return variable is not None and (not meaning.choice or meaning.choice in variable.choices)


def _bad_map(path: Path, why: str) -> Problem:
    reason = f"The code map {path.name} cannot be used: {why}."
    return Problem(
        "bad_map", reason, 'Write CODE = ["variable/choice", "display"] in a table named by the code system.'
    )
