"""One site for all tests of a module, each with a course of its own in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher

from cartway.web import office
from cartway.web.access import open_access
from cartway.web.forms import sending
from web.conftest import START, Site
from web.forms.bedside import Bedside

LINE = "+1 555 010 0142"
INFUSED = {"at": "2025-11-03T15:00Z", "what": "infusion", "choice": "axicabtagene_ciloleucel"}
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A center that can be called at any hour; its passwords are cheap."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "open_access", partial(open_access, hasher=cheap))
        patch.setattr(sending, "PATIENCE_S", 0.0)  # no follower runs: nobody waits for it
        made = Site(tmp_path_factory.mktemp("place"), phone=LINE, site="Lakeside")
        yield made
        made.app.state.stores.close()


class Drawn:
    """One course at the place, infused on November 3, 2025, and whoever opens its pages."""

    def __init__(self, site: Site) -> None:
        self.site, self.course = site, f"a-{next(_NUMBERS)}"

    def record(self, *rows: Mapping[str, Any]) -> None:
        """Record rows of this course."""
        self.site.record([{"course": self.course, "simulated": True, "source": "clinic", **row} for row in rows])

    def by(self, role: str = "nurse") -> Bedside:
        """Somebody of a role at its pages."""
        return Bedside(self.site, role, self.course)


@pytest.fixture
def early(place: Site) -> Drawn:
    """A course before its infusion."""
    made = Drawn(place)
    made.record({"at": START, "what": "diagnosis", "choice": "dlbcl"})
    return made


@pytest.fixture
def drawn(place: Site) -> Drawn:
    """A course after its infusion."""
    made = Drawn(place)
    made.record(INFUSED)
    return made
