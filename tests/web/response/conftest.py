"""One site a module: its courses are apart, and making it costs more than all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from cartway.web import office
from cartway.web.access import open_access
from web.conftest import Site


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for all tests of a module, its passwords cheap as `cheap_passwords` makes them for one test."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "open_access", partial(open_access, hasher=cheap))
        site = Site(tmp_path_factory.mktemp("response"))
        yield site
        site.app.state.stores.close()
