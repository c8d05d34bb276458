"""Passwords that cost little: their price has tests of its own with the store of access."""

from __future__ import annotations

from functools import partial

import pytest
from argon2 import PasswordHasher

from cartway.web import office


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(office, "open_access", partial(office.open_access, hasher=cheap))
