"""A bed in the test's ward."""

from __future__ import annotations

from functools import partial

import pytest
from argon2 import PasswordHasher

from cartway.web.access import open_access
from web.conftest import Site
from web.course.bed import Bed


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost little: their price has tests of its own with the store of access."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("cartway.web.office.open_access", partial(open_access, hasher=cheap))


@pytest.fixture
def bed(site: Site) -> Bed:
    return Bed(site)
