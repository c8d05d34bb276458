"""What is on a label was stated of the container; what nobody stated is left off, or there is no label."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import msgspec

from cartway.exchange.labels import Label, Named, label_of, storage_of
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import parse

NOW = parse("2026-04-02T12:00Z")


def fact(what: str, at: str = "2026-04-02T08:00Z", choice: str = "", about: str = "", **detail: Any) -> Fact:
    return Fact("c1", parse(at), what, choice=choice, about=about, detail=detail)


IDENTITY = fact("chain_identity", about="COI-1", coi="COI-1")
COLLECTED = fact("collection", "2026-04-02T11:40Z", "completed", din="W000026123456", donor="self")
BAG = fact("container", "2026-04-02T11:45Z", "apheresis_bag", "APH-1", din="W000026123456", volume_ml=212.0)
CHOSEN = fact("product_chosen", choice="ciltacabtagene_autoleucel")


def made(*facts: Fact, container: str = "APH-1", **how: Any) -> Label:
    label = label_of(Course(facts, NOW), container, **{**PLACE, **how})
    assert isinstance(label, Label), label
    return label


def refused(*facts: Fact, container: str = "APH-1") -> str:
    problem = label_of(Course(facts, NOW), container, **PLACE)
    assert isinstance(problem, Problem), problem
    return problem.code


PLACE: Mapping[str, Any] = {"jurisdiction": "US", "zone": UTC, "site": "Cell laboratory"}


def test_a_bag_of_collected_cells() -> None:
    label = made(IDENTITY, COLLECTED, BAG)
    assert (label.coi, label.din, label.din_check, label.din_flags) == ("COI-1", "W000026123456", "*", "96")
    assert (label.volume, label.collected, label.own_cells) == ("212 mL", "2026-04-02 11:40 UTC", True)
    assert label.storage == "2 to 8 °C (not confirmed)"


def test_a_name_is_on_it_only_where_it_was_handed_in() -> None:
    assert made(IDENTITY, COLLECTED, BAG).patient is None
    named = Named("A", "1961-02-03", "1")
    assert made(IDENTITY, COLLECTED, BAG, patient=named).patient == named


def test_nobody_said_whose_cells_they_are() -> None:
    """Neither the collection nor a product says so: a label that guessed "autologous" would be a lie."""
    silent = fact("collection", "2026-04-02T11:40Z", "completed", din="W000026123456")
    assert refused(IDENTITY, silent, BAG) == "donor_not_stated"
    assert made(IDENTITY, silent, BAG, CHOSEN).own_cells is True


def test_a_donors_cells() -> None:
    donated = fact("collection", "2026-04-02T11:40Z", "completed", din="W000026123456", donor="D-42")
    label = made(IDENTITY, donated, BAG)
    assert (label.own_cells, label.donor) == (False, "D-42")


def test_a_label_that_identifies_nothing_is_not_made() -> None:
    bare = fact("container", choice="apheresis_bag", about="APH-1")
    assert refused(COLLECTED, bare) == "no_identifier"
    assert refused(COLLECTED, container="APH-9") == "unknown_container"


def test_a_donation_number_with_a_wrong_check_is_not_printed() -> None:
    wrong = fact("container", choice="apheresis_bag", about="APH-1", din="W000026123465*")
    assert refused(IDENTITY, COLLECTED, wrong) == "din_check_wrong"


def test_where_no_label_text_is_held_nothing_is_said_of_storage() -> None:
    bag = fact("container", choice="product_bag", about="BAG-1", product="hicara")
    assert storage_of(Course([bag], NOW), bag, "US", UTC) is None


def test_what_is_simulated_is_marked() -> None:
    assert made(IDENTITY, COLLECTED, msgspec.structs.replace(BAG, simulated=True)).simulated


def test_no_label_is_made_of_what_may_be_anothers() -> None:
    assert refused(IDENTITY, COLLECTED, BAG, fact("quarantine", choice="placed", about="APH-1")) == "label_contradicted"
    another = fact("container", "2026-04-02T11:50Z", "apheresis_bag", "APH-1", coi="COI-2", patient_matches="another")
    assert refused(IDENTITY, COLLECTED, BAG, another) == "label_contradicted"


def test_a_later_entry_adds_to_the_earlier() -> None:
    """That it was packed into a shipper takes nothing off its label."""
    packed = fact("container", "2026-04-02T11:55Z", "apheresis_bag", "APH-1", parent="SHIP-1")
    label = made(IDENTITY, COLLECTED, BAG, packed)
    assert (label.din, label.volume, label.kind) == ("W000026123456", "212 mL", "apheresis_bag")
