"""One version, a licence that is there, and changelog fragments that a release can gather."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from typing import Any

import cartway

from .files import ROOT, text_of

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
KINDS = {kind["directory"] for kind in PROJECT["tool"]["towncrier"]["type"]}


def test_the_version_is_the_same_everywhere() -> None:
    assert cartway.__version__ == PROJECT["project"]["version"] == importlib.metadata.version("cartway")


def test_every_changelog_fragment_has_a_kind_and_says_something() -> None:
    name = re.compile(rf"^(\d+|\+[\w-]+)\.({'|'.join(sorted(KINDS))})(\.\d+)?\.md$")
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert [path.name for path in fragments if not name.match(path.name)] == []
    assert [path.name for path in fragments if len(text_of(path).split()) < 4] == []


def test_the_fragments_guide_names_the_kinds() -> None:
    guide = text_of(ROOT / "changelog.d" / "README.md")
    assert all(f"`{kind}`" in guide for kind in KINDS)


def test_the_changelog_has_the_place_where_a_release_writes() -> None:
    assert PROJECT["tool"]["towncrier"]["start_string"] in text_of(ROOT / "CHANGELOG.md")


def test_licence_and_notices_are_complete() -> None:
    licence = text_of(ROOT / "LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    notice = text_of(ROOT / "NOTICE")
    assert all(name in notice for name in ("LOINC", "UCUM", "SNOMED CT", "RxNorm", "ATC", "ODbL"))


def test_what_is_no_device_says_so() -> None:
    for name in ("README.md", "SECURITY.md"):
        assert "not a medical device" in text_of(ROOT / name)
