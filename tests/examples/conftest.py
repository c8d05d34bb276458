"""The example courses, read once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from cartway.intake import Reading, read_facts
from cartway.record import Fact
from cartway.toxicity import by_course
from cartway.web.demo.examples import example_files

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def reading() -> Reading:
    """All that the example files say."""
    return read_facts(example_files())


@pytest.fixture(scope="session")
def courses(reading: Reading) -> Mapping[str, list[Fact]]:
    """The facts of each course, superseded ones included."""
    return by_course(reading.facts)
