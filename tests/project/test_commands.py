"""The commands that README and the rest name are there, and CI runs the README's own."""

from __future__ import annotations

import re
import subprocess

import pytest

from .files import ROOT, text_of, written_files

TARGETS = set(re.findall(r"^([a-z]+):.*## ", text_of(ROOT / "Makefile"), re.MULTILINE))


def commands_named(text: str) -> set[str]:
    """The targets in `make TARGET` inside code, in line or in a block."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return set(re.findall(r"^\W*make ([a-z]+)", "\n".join(code), re.MULTILINE))


def test_every_command_named_in_the_documents_exists() -> None:
    named = {name for path in written_files() if path.suffix == ".md" for name in commands_named(text_of(path))}
    assert {"demo", "test"} <= named
    assert named <= TARGETS


def test_help_lists_every_command() -> None:
    told = ["make", "--no-print-directory", "help"]
    said = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in said.splitlines()} == TARGETS


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in commands_in_blocks("README.md")
    assert text_of(ROOT / ".ci" / "run").splitlines()[-1] == "make test"


def commands_in_blocks(name: str) -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```", text_of(ROOT / name), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("script", [".ci/run", "scripts/setup", "scripts/lock"])
def test_scripts_can_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    assert text_of(path).startswith("#!")
