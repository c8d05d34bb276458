"""`make test` fails where a test did not run. Each case is a small suite, run by pytest in another process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .files import ROOT

SUITES = {
    "passing": "def test_one(): pass",
    "skipped": "import pytest\ndef test_one(): pass\n@pytest.mark.skip\ndef test_two(): pass",
    "expected to fail": "import pytest\ndef test_one(): pass\n@pytest.mark.xfail\ndef test_two(): assert False",
    "passing unexpectedly": "import pytest\ndef test_one(): pass\n@pytest.mark.xfail\ndef test_two(): pass",
    "soak": "import pytest\ndef test_one(): pass\n@pytest.mark.soak\ndef test_two(): pass",
}


def outcome(folder: Path, suite: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a suite under the plugin, as `make test` does."""
    (folder / "test_suite.py").write_text(SUITES[suite])
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = soak\naddopts = -m 'not soak' -p no:cacheprovider")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    command = [sys.executable, "-m", "pytest", "-p", "every_test_runs", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("suite", ["passing", "soak"])
def test_a_full_run_passes(suite: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, suite).returncode == 0


@pytest.mark.parametrize("suite", ["skipped", "expected to fail", "passing unexpectedly"])
def test_a_test_that_did_not_run_fails_the_run(suite: str, tmp_path: Path) -> None:
    run = outcome(tmp_path, suite)
    assert run.returncode == 1
    assert "did not run: test_suite.py::test_two" in run.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_deselected_test_fails_the_run(workers: tuple[str, ...], tmp_path: Path) -> None:
    run = outcome(tmp_path, "soak", "-k", "two", "-m", "", *workers)
    assert run.returncode == 1
    assert "did not run: test_suite.py::test_one" in run.stdout


def test_soak_runs_the_soak_tests_alone(tmp_path: Path) -> None:
    run = outcome(tmp_path, "soak", "-m", "soak")
    assert run.returncode == 0
    assert "1 passed" in run.stdout
