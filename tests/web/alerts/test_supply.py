"""What rings for the ward itself: the tocilizumab of those who are on it now, by the labels of the place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.pathway.course import CENTER
from cartway.times import HOUR
from cartway.web.alerts.reading import of_center
from web.conftest import Site
from web.forms.bedside import drawn


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Site]:
    """A ward of its own: one patient infused two days ago who stays, one who died or went home since."""
    made = Site(tmp_path)
    drawn(made, course="stays")
    yield made
    made.app.state.stores.close()


def counted(site: Site, doses: int) -> None:
    row = {"what": "stock", "about": "tocilizumab", "value": doses, "unit": "1", "source": "pharmacy"}
    site.record([{"course": CENTER, "at": site.now - HOUR, **row}])


def ringing(site: Site) -> list[str]:
    facts = site.office.ward.facts(site.office.log, CENTER)
    return [each.text for alert in of_center(site.office, facts, site.now) for each in alert.present]


def test_a_patient_who_is_here_counts(two: Site) -> None:
    drawn(two, course="also-here")
    counted(two, 2)
    assert ringing(two) == ["2 doses counted; 4 needed for 2 patients infused of late"]


@pytest.mark.parametrize("what", ["death", "discharge"])
def test_a_patient_who_died_or_went_home_does_not(two: Site, what: str) -> None:
    drawn(two, {"what": what, "hours": 2}, course="left")
    counted(two, 2)
    assert ringing(two) == []


def test_the_labels_are_those_of_the_center_s_place(tmp_path: Path) -> None:
    """One dose by the European text."""
    for country, rings in (("EU", 0), ("US", 1)):
        (tmp_path / country).mkdir()
        site = Site(tmp_path / country, country=country)
        drawn(site)
        counted(site, 1)
        assert len(ringing(site)) == rings
        site.app.state.stores.close()
