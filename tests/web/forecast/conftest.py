"""One site a module: its courses are apart, and making it costs more than all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import msgspec
import pytest
from argon2 import PasswordHasher

from cartway.record import Fact
from cartway.times import DAY
from cartway.twin.chart import facts_of
from cartway.twin.course import Run, run
from cartway.twin.population import draw
from cartway.web import office
from cartway.web.access import open_access
from web.conftest import START, Site

INFUSED = START - 8 * DAY


@cache
def went() -> Run:
    return run(draw("axi-cel", "lbcl", 1, seed=99), until=30.0)


def virtual(course: str) -> list[Fact]:
    """The facts of a virtual patient up to now, as if of a person: a clinical store takes no simulated ones."""
    facts = facts_of(went(), 0, seed=3, t0=INFUSED, course=course)
    return [msgspec.structs.replace(fact, simulated=False) for fact in facts if fact.at <= START]


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a virtual patient, one whose ferritin is charted tenfold, and one without a diagnosis."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "open_access", partial(open_access, hasher=cheap))
        site = Site(tmp_path_factory.mktemp("forecast"))
        site.record(virtual("agrees"))
        site.record([_tenfold(fact) for fact in virtual("strays")])
        site.record([fact for fact in virtual("untold") if fact.what != "diagnosis"])
        yield site
        site.app.state.stores.close()


def _tenfold(fact: Fact) -> Fact:
    if fact.what != "ferritin" or fact.at < INFUSED + 4 * DAY or fact.value is None:
        return fact
    return msgspec.structs.replace(fact, value=10 * fact.value)
