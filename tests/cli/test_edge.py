"""The edge, as a process: statuses, no tracebacks, nothing heavy before it is needed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def cartway(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder, with a store there."""
    known = {**os.environ, "CARTWAY_DATABASE": f"sqlite:///{folder}/facts.db", "XDG_DATA_HOME": str(folder / "data")}
    return subprocess.run(
        [sys.executable, "-m", "cartway.cli", *arguments],
        cwd=folder,
        env={**known, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


HEAVY = (
    "numpy",
    "numba",
    "pyarrow",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "cryptography",
    "pandas",
    "cartway.vocabulary",
)


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from cartway.cli.app import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_every_verb(tmp_path: Path) -> None:
    told = cartway(tmp_path, "--help")
    verbs = "grade explain import listen verify checkpoint export courses erase vocabulary demo"
    assert told.returncode == 0
    assert all(f"\n  {verb} " in told.stdout for verb in verbs.split())


FAILING = [
    ("grade", "missing/facts.csv"),
    ("grade", "good.csv", "-o", "missing/out.csv"),
    ("grade", "good.csv", "-o", "."),
    ("explain", "nobody"),
    ("verify", "--database", "mysql://nowhere/x"),
    ("listen", "--port", "99999"),
    ("listen", "--port", "-1"),
    ("listen", "--host", "host.invalid"),
    ("nonsense",),
]


@pytest.mark.parametrize("arguments", FAILING, ids=" ".join)
def test_a_failure_is_told_without_a_traceback(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "good.csv").write_text("course,at,what\na,2026-01-01T00:00Z,infusion\n")
    done = cartway(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr and "a file" not in done.stderr
    assert "Traceback" not in done.stdout


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = cartway(tmp_path, "listen", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "Check the host and the port" in done.stderr and "Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_failure(tmp_path: Path) -> None:
    lines = "".join(f"c{number},2026-01-01T00:00Z,infusion\n" for number in range(3000))
    (tmp_path / "many.csv").write_text("course,at,what\n" + lines)
    command = f"{sys.executable} -m cartway.cli grade many.csv 2>errors | head -2"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout
    assert (tmp_path / "errors").read_text() == ""
