"""Who has a container: one at every moment, with the box it lies in, by hand-overs of who has it."""

from __future__ import annotations

import pytest

from cartway.pathway.chain import Custodian, chain
from cartway.record import Fact
from cartway.times import HOUR

from .drawn import START, Steps, drawn, fact, moved


def bag(**detail: object) -> Steps:
    """A collected bag in somebody's hands."""
    return {"bag": [fact(0, "container", "B", "apheresis_bag", custodian="A", **detail)]}


def had(steps: Steps, thing: str = "B", hour: float = 500) -> list[str]:
    """Everybody who had it, in order."""
    return [each.who for each in chain(drawn(steps, hour=hour)).hands[thing]]


def breaks(steps: Steps, thing: str = "B") -> set[str]:
    custody = {"hand_over_not_recorded", "given_twice", "no_receipt", "refused_at_receipt"}
    return {each.code for each in chain(drawn(steps)).breaks if each.container == thing} & custody


def over(hour: float, giver: str, taker: str, thing: str = "B") -> Fact:
    return fact(hour, "custody", thing, "handed_over", **{"from": giver, "to": taker})


def received(hour: float, taker: str, giver: str = "", thing: str = "B") -> Fact:
    return fact(hour, "custody", thing, "received", **{"from": giver, "to": taker})


def test_who_has_it_when_it_comes_into_being() -> None:
    assert chain(drawn(bag())).custodians["B"] == Custodian("B", "A", START)


def test_a_hand_over_moves_it_and_the_receipt_confirms_it() -> None:
    on_its_way = {**bag(), "over": [over(1, "A", "C")]}
    assert chain(drawn(on_its_way)).custodians["B"] == Custodian("B", "C", START + HOUR, received=False)
    there = {**on_its_way, "received": [fact(2, "custody", "B", "received", to="C", person_to="Ida")]}
    assert chain(drawn(there)).custodians["B"] == Custodian("B", "C", START + HOUR, person="Ida")
    assert breaks(there) == set()


def test_one_has_it_at_every_moment() -> None:
    hands = chain(drawn({**bag(), "1": moved(1, "B", "A", "C"), "2": moved(5, "B", "C", "D")})).hands["B"]
    assert [(each.since, each.until) for each in hands] == [
        (START, START + HOUR),
        (START + HOUR, START + 5 * HOUR),
        (START + 5 * HOUR, None),
    ]


def test_by_one_who_never_had_it_a_hand_over_is_missing_and_it_is_followed() -> None:
    steps = {**bag(), "over": moved(1, "B", "X", "D")}
    assert breaks(steps) == {"hand_over_not_recorded"}
    assert had(steps) == ["A", "D"]


def test_by_one_who_gave_it_away_it_contradicts_and_the_record_stands() -> None:
    steps = {**bag(), "1": moved(1, "B", "A", "C"), "2": moved(5, "B", "A", "D")}
    assert breaks(steps) == {"given_twice"}
    assert had(steps) == ["A", "C"]


def test_who_got_it_back_may_give_it_again() -> None:
    steps = {**bag(), "1": moved(1, "B", "A", "C"), "2": moved(3, "B", "C", "A"), "3": moved(5, "B", "A", "D")}
    assert breaks(steps) == set()
    assert had(steps) == ["A", "C", "A", "D"]


def test_the_return_recorded_late_mends_it() -> None:
    """It is the time it was true that orders the hand-overs, not the time of their arrival."""
    facts = [*moved(1, "B", "A", "C"), *moved(5, "B", "A", "D"), *moved(3, "B", "C", "A")]
    assert breaks({**bag(), "all": facts}) == set()


def test_handed_on_without_a_receipt() -> None:
    steps = {**bag(), "1": [over(1, "A", "C")], "2": moved(5, "B", "C", "D")}
    assert breaks(steps) == {"no_receipt"}
    assert had(steps) == ["A", "C", "D"]


def test_a_receipt_without_a_hand_over() -> None:
    steps = {**bag(), "1": [received(2, "C", "A")]}
    assert breaks(steps) == {"hand_over_not_recorded"}
    assert had(steps) == ["A", "C"]


def test_what_is_refused_stays_with_who_brought_it() -> None:
    refused = fact(2, "custody", "B", "refused", to="C")
    steps = {**bag(), "1": [over(1, "A", "C"), refused]}
    assert had(steps) == ["A", "C", "A"]
    assert breaks(steps) == {"refused_at_receipt"}
    again = {**steps, "2": moved(5, "B", "A", "C")}
    assert breaks(again) == set()


def boxed() -> Steps:
    """A bag in a cassette in a shipper, which is brought from A to D."""
    return {
        **bag(),
        "cassette": [fact(1, "container", "K", "cassette", custodian="A")],
        "shipper": [fact(1, "container", "S", "shipper", custodian="A")],
        "bag in": [fact(2, "container", "B", "apheresis_bag", parent="K")],
        "cassette in": [fact(3, "container", "K", "cassette", parent="S")],
        "to C": moved(4, "S", "A", "C"),
        "to D": moved(8, "S", "C", "D"),
    }


@pytest.mark.parametrize("thing", ["S", "K", "B"])
def test_what_lies_in_a_box_goes_where_the_box_goes(thing: str) -> None:
    assert had(boxed(), thing) == ["A", "C", "D"]


def test_what_was_taken_out_stays() -> None:
    """The shipper goes back to the courier; the bag is in the tank."""
    steps = {**boxed(), "stored": [fact(9, "storage", "B", "put", tank="T1")], "back": moved(20, "S", "D", "C")}
    assert (had(steps)[-1], had(steps, "K")[-1]) == ("D", "C")
    assert breaks(steps) == set()


def test_a_bag_handed_over_by_itself_is_out_of_its_box() -> None:
    steps = {**boxed(), "alone": moved(9, "B", "D", "Ward"), "back": moved(20, "S", "D", "C")}
    assert had(steps)[-1] == "Ward"


def test_a_bag_handed_over_together_with_its_box_is_still_in_it() -> None:
    steps = {**boxed(), "too": [over(4, "A", "C")]}
    assert had(steps)[-1] == "D"
    assert breaks(steps) == set()


def test_put_into_a_box_that_somebody_else_has() -> None:
    """The courier's shipper stood at the courier's: how the bag came there nobody has written down."""
    steps = {**boxed(), "shipper": [fact(1, "container", "S", "shipper", custodian="C")], "to C": []}
    assert breaks(steps, "K") == {"hand_over_not_recorded"}
    assert (breaks(steps), breaks(steps, "S")) == (set(), set())


def test_a_break_of_the_box_is_told_once_of_the_box() -> None:
    steps = {**boxed(), "to D": moved(8, "S", "X", "D")}
    assert (breaks(steps, "S"), breaks(steps)) == ({"hand_over_not_recorded"}, set())
    assert had(steps)[-1] == "D"


def test_a_division_is_with_who_had_its_first_bag() -> None:
    steps = {**bag(), "1": moved(1, "B", "A", "C"), "half": [fact(3, "container", "B2", "apheresis_bag", parent="B")]}
    assert had(steps, "B2") == ["C"]


def test_boxes_in_a_circle_end() -> None:
    steps = {
        "one": [fact(1, "container", "K", "cassette", parent="S", custodian="A")],
        "two": [fact(1, "container", "S", "shipper", parent="K", custodian="A")],
        "over": moved(2, "S", "A", "C"),
    }
    assert had(steps, "S")[-1] == "C"
    assert had(steps, "K")[-1] == "C"
