"""Set-up: instant when nothing changed, a clear word when it cannot work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import install
from web.browser import chromium

from .files import ROOT


@pytest.mark.parametrize(
    ("installed", "wanted", "enough"),
    [
        ("run", "run", True),
        ("dev", "run", True),
        ("bench", "dev", True),
        ("run", "dev", False),
        ("dev", "bench", False),
    ],
)
def test_a_fuller_set_up_serves_a_smaller_one(installed: str, wanted: str, enough: bool) -> None:
    assert install.is_enough({"digest": "d", "level": installed}, "d", wanted) is enough


def test_other_locks_are_installed_anew() -> None:
    assert not install.is_enough({"digest": "before", "level": "bench"}, "now", "run")


def test_no_stamp_is_no_set_up() -> None:
    assert not install.is_enough({}, "now", "run")


@pytest.mark.parametrize("changed", ["requirements.lock", "hatch_build.py", "src/cartway/twin/solver/lanes.c"])
def test_the_digest_follows_the_locks_and_what_is_compiled(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [str(path.relative_to(ROOT)) for path in install.compiled_from()]
    for name in ("pyproject.toml", *install.LOCKS.values(), *sources):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())
    monkeypatch.setattr(install, "ROOT", tmp_path)
    before = install.digest()
    assert install.digest() == before
    (tmp_path / changed).write_text("other")
    assert install.digest() != before


def test_an_unknown_level_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main("everything") == 1
    assert "there is no level 'everything'" in capsys.readouterr().err


def test_a_missing_python_is_said_in_words() -> None:
    run = subprocess.run(
        ["sh", "scripts/setup"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHON": "no-such-python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "no Python 3.11 or newer was found" in run.stderr
    assert "make PYTHON=" in run.stderr


def test_a_browser_that_is_there_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "google-chrome").write_text("#!/bin/sh\n")
    (tmp_path / "google-chrome").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    install.browser()  # there is no apt-get on this path: it would fail if it were called


def test_a_missing_browser_is_one_line_that_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install, "packages", lambda level: None)
    assert install.main("dev") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "install the one package `chromium`" in line
    assert install.main("run") == 0  # the program itself needs none


@pytest.mark.parametrize(("user", "commands"), [(0, ["update", "install"]), (1000, [])])
def test_root_takes_the_browser_from_the_systems_packages(
    user: int, commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apt-get").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path / "asked"}\n')
    (tmp_path / "apt-get").chmod(0o755)
    (tmp_path / "asked").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install.os, "geteuid", lambda: user)
    monkeypatch.setattr(install, "packages", lambda level: None)
    assert install.main("dev") == (0 if commands else 1)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [next(word for word in line.split() if word in ("update", "install")) for line in asked] == commands
    assert all(line.endswith(" chromium") for line in asked[1:])


def test_a_failing_command_says_all_that_it_said() -> None:
    with pytest.raises(install.SetUpError, match="no such package"):
        install.run("apt-get", ["sh", "-c", "echo no such package >&2; exit 100"])


def test_the_tests_know_the_same_browsers_as_the_set_up() -> None:
    assert chromium.NAMES == install.BROWSERS


def test_set_up_itself_needs_only_the_standard_library() -> None:
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import install; print(*{m.partition('.')[0] for m in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) - {"install"} <= set(sys.stdlib_module_names) | {"__main__", "sitecustomize"}
