"""The repository stands alone: it names no place on the machine where it was written, and no package host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .files import ROOT, text_of, written_files

# Written in pieces, so that this file does not find itself.
ELSEWHERE = {
    "a path of the machine where it was written": r"(?<![\w.~-])/(?:wo"
    + r"rk|ro"
    + r"ot|ho"
    + r"me|Us"
    + r"ers|opt/(?:py|wheels))/",
    "a folder beside the repository": r"(?:\.\./)+sha" + r"red\b|\bsha" + r"red/(?:data|cases|reference)",
    "a package host": r"py" + r"pi\.org|python" + r"hosted\.org|registry\.np" + r"mjs|deb\.deb" + r"ian\.org",
}
UNFINISHED = r"\bTO" + r"DO\b|\bFIX" + r"ME\b|\bX" + r"XX\b|NotImplemented" + r"Error"
SWALLOWED = r"except (?:Base)?Exc" + r"eption(?: as \w+)?:\s*(?:pass|continue|\.\.\.)"


def found(pattern: str, files: list[Path]) -> list[str]:
    """Where the pattern stands, as file:line."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("what", ELSEWHERE)
def test_nothing_points_outside_the_repository(what: str) -> None:
    assert found(ELSEWHERE[what], list(written_files())) == [], f"names {what}"


def test_nothing_is_left_unfinished() -> None:
    code = [path for path in written_files() if path.suffix in {".py", ".toml"}]
    assert found(UNFINISHED, code) == []


def test_no_failure_is_swallowed() -> None:
    code = [path for path in written_files() if path.suffix == ".py"]
    assert [path.name for path in code if re.search(SWALLOWED, text_of(path))] == []


def test_no_link_leads_out_of_the_repository() -> None:
    links = [path for path in ROOT.rglob("*") if path.is_symlink() and ".venv" not in path.parts]
    assert [path for path in links if not path.resolve().is_relative_to(ROOT)] == []
