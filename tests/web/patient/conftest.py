"""One site for a whole file of tests: each test has a course of its own in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from cartway.web import office

from ..conftest import START, Site

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that lasts for the file. Its passwords cost little, as those of `site`."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "open_access", partial(office.open_access, hasher=cheap))
        made = Site(tmp_path_factory.mktemp("place"))
        yield made
        made.app.state.stores.close()


@pytest.fixture
def mine(place: Site) -> str:
    """A course of the place that no other test has."""
    place.now = START
    return f"m-{next(_numbers)}"
