"""The lock files: exact versions with hashes, naming no host, covering all that pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .files import ROOT

LOCKS = {
    "requirements.lock": ("build",),
    "requirements-dev.lock": ("build", "dev"),
    "requirements-bench.lock": ("build", "dev", "bench"),
}
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def entries(lock: str) -> list[str]:
    """The entries of a lock, each a pin with its hashes on one line."""
    lines = [line for line in (ROOT / lock).read_text().splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def pins(lock: str) -> dict[str, set[str]]:
    """The versions by package name; a package may have one for older and one for newer Pythons."""
    versions: dict[str, set[str]] = {}
    for entry in entries(lock):
        name, version = entry.split("==", 1)
        versions.setdefault(canonicalize_name(name), set()).add(version.split()[0])
    return versions


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_hashes(lock: str) -> None:
    shape = re.compile(r"^[A-Za-z0-9._-]+==[^\s;]+( ; [^-]+?)?( +--hash=sha256:[0-9a-f]{64})+ *$")
    assert [entry[:60] for entry in entries(lock) if not shape.match(entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_host_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_has_a_pin_that_satisfies_it(lock: str) -> None:
    groups = PROJECT["dependency-groups"]
    declared = [*PROJECT["project"]["dependencies"], *(one for group in LOCKS[lock] for one in groups[group])]
    held = pins(lock)
    for requirement in map(Requirement, declared):
        versions = held.get(canonicalize_name(requirement.name), set())
        assert versions, f"{lock} has no pin for {requirement}: run make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: run make lock"


def test_each_lock_holds_the_one_before_it() -> None:
    run, dev, bench = (pins(lock) for lock in LOCKS)
    assert run.items() <= dev.items()
    assert dev.items() <= bench.items()
