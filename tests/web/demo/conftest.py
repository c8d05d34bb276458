"""The demo's stage, built once and copied for whoever changes it; its stories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.record import Fact, Log
from cartway.web.demo.clock import DemoClock
from cartway.web.demo.examples import example_facts
from cartway.web.demo.replay import Replay
from cartway.web.demo.stage import Stage, build, open_stage


@pytest.fixture(scope="session")
def facts() -> list[Fact]:
    """All that the stories say."""
    return example_facts()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, facts: list[Fact]) -> Stage:
    """A stage at its start. Copy it before you change it."""
    return build(tmp_path_factory.mktemp("stage"), Replay(facts))


@pytest.fixture
def stage(built: Stage, tmp_path: Path) -> Stage:
    """A stage of one's own."""
    return Stage(Path(shutil.copytree(built.folder, tmp_path / "stage")))


@pytest.fixture
def log(stage: Stage) -> Iterator[Log]:
    with open_stage(stage) as opened:
        yield opened


@pytest.fixture
def clock(stage: Stage) -> DemoClock:
    return DemoClock(stage.clock)
