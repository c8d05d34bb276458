"""A ward with two patients: whose cells are on their way, and another whose bag is not to be mixed up with theirs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from cartway.record import Fact
from cartway.times import HOUR
from pathway.chain.drawn import START, Steps, facts_of, made, own_cells, until
from web.conftest import Site
from web.forms.bedside import Bedside

COURSE, OTHER = "c1", "c2"
MRN, OTHER_MRN = "00041235", "00099999"
OTHER_BAG = "AX-2077-1"


def recorded(site: Site, steps: Steps, *, hour: float) -> None:
    """Record what has happened by an hour of the story, and set the clock to it."""
    site.now = START + round(hour * HOUR)
    site.record([fact for fact in facts_of(steps) if fact.at <= site.now])


def another() -> Sequence[Fact]:
    """The other patient's bag."""
    steps = made(batch="AX-2077", bags=(OTHER_BAG,), coi="COI-9Z9Z", dins=("W000026999999",))
    facts = facts_of(steps)
    return [msgspec.structs.replace(fact, course=OTHER) for fact in facts]


def enrol(site: Site) -> None:
    """Both patients in the people store, each with the number on the wristband."""
    people = site.office.people
    for course, identifier, name in ((COURSE, MRN, "Magdalena Ostrowska"), (OTHER, OTHER_MRN, "Bruno Acker")):
        people.enrol(
            [("Hospital", identifier)], name=name, birth_date="1961-02-03", now=site.now, by="test",
            new_id=lambda course=course: course,
        )  # fmt: skip


@pytest.fixture
def ward(site: Site) -> Site:
    """Up to the check at the bedside of the first patient: the bag is thawed and on the ward."""
    recorded(site, until(own_cells(), "bedside AX-1041-1"), hour=599.8)
    site.record([fact for fact in another() if fact.at <= site.now])
    enrol(site)
    return site


@pytest.fixture
def nurse(ward: Site) -> Bedside:
    return Bedside(ward, "nurse", COURSE)


@pytest.fixture
def lab(ward: Site) -> Bedside:
    return Bedside(ward, "cell_laboratory", COURSE)
