"""Each scan finds its own place; what does not match says so at once, and is compared with what was meant."""

from __future__ import annotations

import pytest

from cartway.pathway.chain.checks import ANOTHER, THIS
from cartway.pathway.chain.things import Things
from cartway.problem import Problem
from cartway.web.custody.known import NOT_KNOWN, Numbers, gathered, numbers_of
from cartway.web.custody.station import Answer, Station, answer, banded, read, verification
from pathway.chain.drawn import BAG, BATCH, COI, DIN, Steps, collected, drawn, given, made, own_cells, shipped, until

BANDS = {"MRN-1": THIS, "MRN-2": ANOTHER}
NO_DIN_ON_LABEL = {"band": "MRN-1", "bag": BAG, "coi": COI, "batch": BATCH, "certificate": f"C-{BATCH}"}
ELSEWHERE: Numbers = gathered(
    [("bag", "AX-2077-1"), ("coi", "COI-9Z9Z"), ("batch", "AX-2077"), ("certificate", "C-AX-2077")]
)
"""What another course of the center claims."""


def at(steps: Steps, hour: float) -> Things:
    return Things(drawn(steps, hour=hour))


BEDSIDE = at(until(own_cells(), f"bedside {BAG}"), 599.8)


def scanned(
    *typed: str, step: str = "bedside", things: Things = BEDSIDE, container: str = "", given: str = ""
) -> Station:
    """The station after these scans, none of which was refused."""
    station = Station(step, container)
    for text in typed:
        after = read(station, text, things, lambda band: BANDS.get(band, ""), given, ELSEWHERE)
        assert isinstance(after, Station), after
        station = after
    return station


def said(*typed: str) -> Answer:
    return answer(scanned(*typed), BEDSIDE)


def refused(text: str, station: Station | None = None) -> str:
    after = read(station or Station("bedside"), text, BEDSIDE, lambda band: BANDS.get(band, ""), "", ELSEWHERE)
    assert isinstance(after, Problem), after
    return after.code


def test_everything_scanned_in_any_order_matches() -> None:
    forward, backward = list(NO_DIN_ON_LABEL.values()), list(NO_DIN_ON_LABEL.values())[::-1]
    for order in (forward, backward):
        found = said(*order)
        assert (found.choice, found.thing, found.differs, found.missing) == ("matched", BAG, (), ())


def test_what_is_left_out_is_missing_and_asked_for_next() -> None:
    found = said("MRN-1", BAG)
    assert found.choice == "incomplete"
    assert set(found.missing) == {"coi", "batch", "certificate"}
    assert found.next is not None
    assert found.next.place == "coi"


def test_a_foreign_bag_does_not_match_and_stands_on_the_one_that_was_meant() -> None:
    found = said("MRN-1", "AX-2077-1")
    assert (found.choice, found.differs, found.thing) == ("mismatched", ("bag",), BAG)


@pytest.mark.parametrize(
    ("typed", "differs"),
    [
        (("MRN-2",), "band"),
        (("MRN-1", BAG, "COI-9Z9Z"), "coi"),
        (("MRN-1", BAG, COI, "AX-2077"), "batch"),
        (("MRN-1", BAG, COI, BATCH, "C-AX-2077"), "certificate"),
        (("MRN-1", BAG, "=W00002699999900"), "din"),
    ],
)
def test_one_wrong_code_is_a_mismatch(typed: tuple[str, ...], differs: str) -> None:
    found = said(*typed)
    assert (found.choice, found.differs) == ("mismatched", (differs,))


def test_a_code_of_nobody_is_told_and_never_read_into_a_place() -> None:
    """A nurse's own badge, a locker, a wristband of nobody here: it is not read, and it is no mismatch."""
    assert refused("77778888") == "not_known_here"
    assert refused("77778888", scanned("MRN-1")) == "not_known_here", "though the container is asked for next"


def test_who_says_that_it_is_on_the_container_gets_a_mismatch_without_its_text() -> None:
    station = scanned("77778888", given="bag")
    found = answer(station, BEDSIDE)
    assert (found.choice, found.differs, found.thing) == ("mismatched", ("bag",), BAG)
    assert station.reads == {"bag": NOT_KNOWN}


@pytest.mark.parametrize("given", ["coi", "batch", "certificate", "order"])
def test_what_is_not_known_here_is_recorded_as_that(given: str) -> None:
    assert scanned("77778888", given=given).reads == {given: NOT_KNOWN}


def test_a_donation_number_of_nobody_is_a_mismatch_and_not_written_down() -> None:
    two = scanned("MRN-1", f"={DIN}96", step="collection", things=at(collected(), 25))
    assert two.reads["din"] == DIN
    found = scanned("=W00002655555500", step="collection", things=at(collected(), 25))
    assert (found.reads["din"], found.stopped) == (NOT_KNOWN, ("din",))


def test_a_new_donation_number_is_read_before_a_collection_begins() -> None:
    """The second collection of a course has a number that nobody knows yet; one that another course has is foreign."""
    things = at(collected(), 200)
    found = scanned("MRN-1", "=W00002655555500", step="collection", things=things)
    assert (found.reads["din"], answer(found, things).choice) == ("W000026555555", "matched")
    taken = gathered([("din", "W000026555555")])
    after = read(Station("collection"), "=W00002655555500", things, lambda _: "", "", taken)
    assert isinstance(after, Station)
    assert after.stopped == ("din",)


def test_a_number_is_known_however_it_is_typed_and_recorded_as_it_was_entered() -> None:
    assert scanned(" ax-1041-1 ").reads == {"bag": BAG}
    assert set(numbers_of(BEDSIDE.course)) >= {"ax-1041-1", "ax-1041", "coi-7k2m", DIN.casefold(), "c-ax-1041"}


def test_what_did_not_match_is_not_undone_by_scanning_it_over() -> None:
    station = scanned("MRN-2", "MRN-1", BAG, COI, BATCH, f"C-{BATCH}")
    assert (station.reads["band"], station.stopped) == (ANOTHER, ("band",))
    assert answer(station, BEDSIDE).choice == "mismatched"


def test_a_number_of_the_patients_other_bag_tells_nothing_before_the_bag_is_scanned() -> None:
    """The station was opened for one bag and the other is at hand: that is no mismatch, whichever code comes first."""
    things = at({**collected(), **made(bags=("B-1",)), **made(batch="BX-2", bags=("B-2",))}, 500)
    after = read(Station("thaw", "B-1"), "BX-2", things, lambda _: "")
    assert isinstance(after, Problem)
    assert after.code == "container_first"
    assert scanned("B-2", "BX-2", step="thaw", things=things, container="B-1").stopped == ()
    assert scanned("B-1", "BX-2", step="thaw", things=things, container="B-1").stopped == ("batch",)


def test_two_bags_are_two_checks() -> None:
    things = at({**collected(), **made(bags=("B-1", "B-2")), **shipped(bags=("B-1", "B-2"))}, 500)
    after = read(scanned("B-1", step="thaw", things=things), "B-2", things, lambda _: "")
    assert isinstance(after, Problem)
    assert after.code == "one_at_a_time"


def test_a_donation_number_is_read_by_its_structure_wherever_it_comes() -> None:
    station = scanned(f"={DIN}96")
    assert station.reads == {"din": DIN}
    assert refused("=W00002612346596") == "din_check_wrong", "two digits swapped: its check shows it"


def test_a_product_code_is_told_and_not_compared() -> None:
    assert refused("=<S1234400") == "not_compared"


def test_the_reader_may_say_what_a_code_is() -> None:
    assert scanned("AX-2077", given="batch").reads == {"batch": "AX-2077"}
    assert scanned("MRN-2", given="band").reads == {"band": ANOTHER}


def test_a_wristband_is_only_ever_these_words() -> None:
    assert banded([], "c1") == ""
    assert banded([("c0", "c1")], "c1") == THIS
    assert banded([("c2",)], "c1") == ANOTHER
    both = banded([("c1",), ("c2",)], "c1")
    assert isinstance(both, Problem)
    assert both.code == "several_patients"


def test_another_bag_of_the_same_patient_is_the_one_that_is_checked() -> None:
    """Two bags of one dose: the scan says which is at hand, whatever the station was opened for."""
    two = {**collected(), **made(bags=("B-1", "B-2")), **shipped(bags=("B-1", "B-2"))}
    things = at(two, 500)
    found = answer(scanned("B-2", step="thaw", things=things, container="B-1"), things)
    assert (found.thing, found.differs) == ("B-2", ())


def test_before_there_is_a_bag_the_donation_is_checked() -> None:
    things = at(collected(), 25)
    found = answer(scanned("MRN-1", f"={DIN}96", step="collection", things=things), things)
    assert (found.choice, found.thing) == ("matched", DIN)
    wrong = answer(scanned("MRN-1", "=W00002699999900", step="collection", things=things), things)
    assert (wrong.choice, wrong.differs) == ("mismatched", ("din",))


def test_the_fact_says_what_was_read_and_what_differs() -> None:
    station = scanned("MRN-1", "AX-2077-1")
    found = answer(station, BEDSIDE)
    fact = verification(station, found.thing, found)
    assert (fact.what, fact.choice, fact.about) == ("verification", "mismatched", BAG)
    assert fact.detail["bag"] == "AX-2077-1"
    assert fact.detail["differs"] == ["bag"]
    assert fact.detail["band"] == THIS


def test_where_several_bags_could_be_meant_none_is_blamed() -> None:
    things = at({**collected(), **made(bags=("B-1", "B-2")), **shipped(bags=("B-1", "B-2"))}, 500)
    found = answer(scanned("MRN-1", "AX-2077-1", things=things), things)
    assert (found.choice, found.thing) == ("mismatched", "AX-2077-1")


def test_what_was_given_is_meant_no_more() -> None:
    things = at({**own_cells(), **given(700, bag="AX-1041-2")}, 800)
    assert answer(Station("bedside"), things).thing == ""
