"""The command line, run in this process in a folder of its own, and a small course in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cartway.cli.app import app

COURSE = """course,at,what,value,unit,choice,detail,source,key,recorded_at
ward-1,2026-01-10T10:00Z,infusion,,,axicabtagene_ciloleucel,,chart,1,2026-01-10T10:05Z
ward-1,2026-01-10T10:00Z,age,58,a,,,chart,2,2026-01-10T10:05Z
ward-1,2026-01-12T08:00Z,body_temperature,38.9,Cel,,,chart,3,2026-01-12T08:05Z
ward-1,2026-01-12T08:00Z,systolic_pressure,118,mm[Hg],,,chart,4,2026-01-12T08:05Z
ward-1,2026-01-12T08:00Z,oxygen_device,,,room_air,,chart,5,2026-01-12T08:05Z
ward-1,2026-01-12T09:00Z,ice_score,8,,,,chart,6,2026-01-12T09:05Z
ward-1,2026-01-12T09:00Z,consciousness,,,awake,,chart,7,2026-01-12T09:05Z
ward-1,2026-01-12T11:00Z,systolic_pressure,84,mm[Hg],,,chart,8,2026-01-12T15:00Z
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `cartway` with some arguments, in an empty folder with an empty store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CARTWAY_DATABASE", f"sqlite:///{tmp_path}/facts.db")

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(one) for one in arguments])

    return invoke


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A facts table with one course: fever from 08:00 on the 12th, hypotension at 11:00."""
    path = tmp_path / "course.csv"
    path.write_text(COURSE)
    return path
