"""Nothing heavy is imported until it is needed: help costs no column engine, compiler or database toolkit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .files import ROOT

HEAVY = (
    "polars",
    "numba",
    "llvmlite",
    "numpy",
    "pandas",
    "pyarrow",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "cryptography",
)
WEB = ("litestar", "uvicorn", "starlette", "jinja2", "http.server", "socketserver")
HELP = """
import sys
from cartway.cli import main
sys.argv = ["cartway", "--help"]
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
"""


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after `code`."""
    report = code + "\nprint('LOADED', *sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", "import sys\n" + report], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("code", ["import cartway.cli", HELP], ids=["import", "help"])
def test_help_loads_nothing_heavy(code: str) -> None:
    assert loaded(code) & {*HEAVY, *WEB} == set()


@pytest.mark.parametrize("room", ["vocabulary", "record", "people", "intake", "toxicity", "settings"])
def test_a_room_loads_nothing_heavy_until_it_is_used(room: str) -> None:
    assert loaded(f"import cartway.{room}") & {"numba", "llvmlite", "polars", "sqlalchemy", "alembic"} == set()
