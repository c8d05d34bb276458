"""A bed in the test's ward."""

from __future__ import annotations

import pytest

from web.conftest import Site
from web.course.bed import Bed


@pytest.fixture
def bed(site: Site) -> Bed:
    return Bed(site)
