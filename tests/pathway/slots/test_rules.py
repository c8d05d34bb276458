"""Each rule of a plan by itself: a small center, one question, the days expected. It begins Monday, November 23."""

from __future__ import annotations

import msgspec
import pytest

from cartway.pathway.slots import Closure, Effort, Frame, Need, Request, differences, make_plan, question_of
from cartway.pathway.slots.check import breaks, crowds
from cartway.pathway.slots.days import is_weekend
from cartway.pathway.slots.need import Held, Stay
from cartway.pathway.slots.planner import regrouped
from cartway.pathway.slots.solve import asked, propose
from pathway.slots.drawn import MONDAY, again, bed, chair, days, frame, lose, need, planned, slot, staff

TUE, WED, THU, FRI = MONDAY + 1, MONDAY + 2, MONDAY + 3, MONDAY + 4


def test_one_course_alone_has_the_first_days_of_everything() -> None:
    found = days(frame(), need())
    assert (found.collection, found.manufacture) == (MONDAY, TUE)
    assert found.arrival == MONDAY + 7, "five days to make end on a Sunday: it is taken in on Monday"
    assert found.lymphodepletion == (MONDAY + 7, MONDAY + 9)
    assert found.infusion == MONDAY + 11


def test_no_collection_before_the_washouts_are_over() -> None:
    assert days(frame(), need(earliest=WED)).collection == WED


def test_one_chair_takes_one_course_a_day() -> None:
    plan = planned(frame(chair(), slot(places=9), bed(places=9)), need("a"), need("b"))
    assert {line.days.collection for line in plan.planned} == {MONDAY, TUE}


def test_a_closed_day_has_no_collection_and_no_chemotherapy() -> None:
    shut = tuple(Closure("", day, day) for day in (MONDAY, MONDAY + 8))
    found = days(frame(closures=shut), need())
    assert found.collection == TUE
    assert found.lymphodepletion is not None and MONDAY + 8 not in range(*found.lymphodepletion)


def test_a_resource_that_is_closed_is_not_used_on_that_day() -> None:
    assert days(frame(closures=(Closure("Chair 1", MONDAY, MONDAY),)), need()).collection == TUE


def test_a_slot_is_used_on_its_weekdays_only() -> None:
    found = days(frame(chair(), slot(weekdays=frozenset({3})), bed()), need())
    assert (found.collection, found.manufacture) == (MONDAY, THU)


def test_fresh_cells_do_not_wait_longer_than_they_may() -> None:
    found = days(frame(chair(), slot(weekdays=frozenset({4})), bed()), need(to_maker=(1, 2)))
    assert (found.collection, found.manufacture) == (WED, FRI)


def test_another_products_slot_is_of_no_use() -> None:
    plan = planned(frame(chair(), slot(product="other"), bed()), need())
    assert plan.unplanned[0].why[0].code == "no_slot_for_product"


def test_no_chemotherapy_before_the_product_is_here() -> None:
    found = days(frame(), need(make_days=9))
    assert found.arrival is not None and found.lymphodepletion is not None
    assert found.lymphodepletion[0] >= found.arrival


def test_the_product_is_here_so_many_days_earlier_as_the_center_wants() -> None:
    found = days(frame(lead=2), need())
    assert found.arrival is not None and found.lymphodepletion is not None
    assert found.lymphodepletion[0] >= found.arrival + 2


@pytest.mark.parametrize("rest", [(2, 2), (3, 3), (2, 7), (2, 14)])
def test_the_infusion_lies_within_the_labels_window(rest: tuple[int, int]) -> None:
    found = days(frame(), need(rest=rest))
    assert found.lymphodepletion is not None
    assert rest[0] <= found.infusion - found.lymphodepletion[1] <= rest[1]


def test_weekends_are_off_unless_the_center_says_so() -> None:
    found = days(frame(), need(rest=(3, 3)))
    assert found.lymphodepletion is not None
    given = [*range(found.lymphodepletion[0], found.lymphodepletion[1] + 1), found.infusion]
    assert not any(map(is_weekend, given))
    assert days(frame(weekend_depletion=True, weekend_infusion=True), need(rest=(3, 3))).infusion < found.infusion


def test_a_window_that_never_avoids_the_weekend_cannot_be_planned() -> None:
    plan = planned(frame(), need(depletion_days=6))
    assert plan.unplanned[0].why[0].code == "infused_after_plan"


def test_a_bed_is_kept_for_all_days_of_monitoring() -> None:
    plan = planned(frame(chair(places=2), slot(places=2), bed()), need("a", weight=6), need("b"))
    first, second = (plan.of(name) for name in "ab")
    assert first is not None and second is not None
    assert second.days.bed[0] > first.days.bed[1]


def test_a_bed_that_somebody_has_is_not_given_away() -> None:
    center = frame()
    free = days(center, need())
    taken = days(center, need(), stays=(Stay("x", MONDAY - 3, free.infusion),))
    assert taken.bed[0] > free.infusion


def test_a_bed_from_lymphodepletion_on() -> None:
    found = days(frame(), need(bed_at_depletion=True))
    assert found.lymphodepletion is not None and found.bed[0] == found.lymphodepletion[0]


def test_collections_receipts_and_infusions_share_the_staff() -> None:
    center = frame(chair(places=3), slot(places=3), bed(places=3), staff(2))
    plan = planned(center, need("a"), need("b"), need("c"))
    on = [line.days.infusion for line in plan.planned]
    assert len(set(on)) == 3, "two people for an infusion, and there are two"


def test_staff_that_no_calendar_counts_does_not_limit() -> None:
    center = frame(chair(places=3), slot(places=3), bed(places=3))
    assert len({line.days.infusion for line in planned(center, need("a"), need("b"), need("c")).planned}) == 1


def test_two_infusions_on_day_1_and_day_10_give_or_take_2() -> None:
    found = days(frame(), need(second=(7, 11), bed_days=16))
    assert found.second_infusion is not None
    assert 7 <= found.second_infusion - found.infusion <= 11
    assert not is_weekend(found.second_infusion)
    assert found.bed[1] > found.second_infusion


def test_the_second_infusion_takes_staff_too() -> None:
    center = frame(chair(places=2), slot(places=2), bed(places=2), staff(2))
    plan = planned(center, need("a", second=(7, 7)), need("b", second=(7, 7)))
    given = [day for line in plan.planned for day in (line.days.infusion, line.days.second_infusion)]
    assert len(set(given)) == 4


def test_the_disease_that_moves_fast_goes_first() -> None:
    plan = planned(frame(), need("a", weight=1), need("b", weight=6))
    slow, fast = (plan.of(name) for name in "ab")
    assert slow is not None and fast is not None
    assert fast.days.infusion < slow.days.infusion


def held(**more: object) -> Held:
    usual = {"slot": "S-1", "start": MONDAY + 9, "expires": MONDAY + 3}
    return Held(**{**usual, **more})  # type: ignore[arg-type]


def test_a_slot_that_is_kept_for_the_course_is_used_and_the_end_of_its_hold_is_told() -> None:
    plan = planned(frame(), need(held=held()))
    line = plan.of("a")
    assert line is not None
    assert (line.days.manufacture, line.places["manufacture"]) == (MONDAY + 9, "S-1")
    assert any("is held until Thu Nov 26" in note.text for note in line.notes)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (held(expires=MONDAY - 1), "the hold ended"),
        (held(start=MONDAY - 2), "its day is over"),
        (held(start=MONDAY), "cannot be collected in time"),
        (held(collect_by=MONDAY + 5), "cannot be collected in time"),
        (held(collection=MONDAY + 2), "cannot be collected in time"),
    ],
)
def test_a_kept_slot_that_cannot_be_used_is_not_and_it_is_said_why(kept: Held, why: str) -> None:
    line = planned(frame(), need(held=kept)).of("a")
    assert line is not None and line.places["manufacture"] == "Slot"
    assert any(why in note.text for note in line.notes)


def test_a_confirmed_slot_has_no_end_of_hold() -> None:
    line = planned(frame(), need(held=held(expires=MONDAY - 1, confirmed=True))).of("a")
    assert line is not None and line.days.manufacture == MONDAY + 9


def test_a_place_kept_for_one_course_is_not_given_to_another() -> None:
    kept = held(slot="Slot", start=TUE, confirmed=True)
    plan = planned(frame(chair(places=2), slot(), bed(places=2)), need("a", held=kept), need("b", weight=9))
    first, second = (plan.of(name) for name in "ab")
    assert first is not None and second is not None
    assert first.days.manufacture == TUE and second.days.manufacture != TUE


def test_a_kept_slot_that_the_calendar_lost_is_replaced() -> None:
    kept = held(slot="Slot", start=TUE, confirmed=True)
    line = planned(frame(closures=(Closure("Slot", TUE, TUE),)), need(held=kept)).of("a")
    assert line is not None and line.days.manufacture == WED


def test_a_collected_course_needs_no_chair_and_its_cells_do_not_wait() -> None:
    center = frame(slot(), bed())
    assert days(center, need(collected=MONDAY - 1)).manufacture == MONDAY
    out = planned(center, need(collected=MONDAY - 9)).unplanned
    assert out[0].why[0].code == "no_slot_in_time"


def test_a_product_that_is_here_needs_lymphodepletion_bed_and_infusion_only() -> None:
    found = days(frame(bed()), need(on_site=MONDAY - 4, collected=MONDAY - 30))
    assert found.collection is None and found.manufacture is None
    assert found.lymphodepletion == (MONDAY, WED) and found.infusion == FRI


def test_lymphodepletion_that_has_begun_leaves_the_window_only() -> None:
    found = days(frame(bed()), need(on_site=0, collected=0, depleted=MONDAY - 1))
    assert found.lymphodepletion is None and found.infusion == TUE
    out = planned(frame(bed()), need(on_site=0, collected=0, depleted=MONDAY - 9)).unplanned
    assert out[0].why[0].code == "window_missed"


@pytest.mark.parametrize(
    ("center", "one", "code"),
    [
        (frame(slot(), bed()), need(), "no_chairs"),
        (frame(chair(), bed()), need(), "no_slot_for_product"),
        (frame(chair(), slot()), need(), "no_beds"),
        (frame(weeks=2), need(earliest=MONDAY + 40), "collection_after_plan"),
        (frame(weeks=2), need(make_days=30), "infused_after_plan"),
        (frame(chair(weekdays={4}), slot(weekdays={2}), bed()), need(to_maker=(1, 2)), "infused_after_plan"),
    ],
)  # fmt: skip
def test_who_cannot_be_planned_is_told_why(center: Frame, one: Need, code: str) -> None:
    plan = planned(center, one)
    assert not plan.planned
    assert plan.unplanned[0].why[0].code == code
    assert plan.unplanned[0].why[0].remedy


def test_who_finds_all_places_taken_is_told_what_would_help() -> None:
    center = frame(chair(places=2), slot(last=TUE), bed(places=2), weeks=4)
    plan = planned(center, need("a", weight=6, to_maker=(1, 1)), need("b", to_maker=(1, 1)))
    assert [each.course for each in plan.unplanned] == ["b"]
    assert "manufacturing slots" in plan.unplanned[0].why[0].reason


def test_after_a_lost_slot_only_the_course_that_had_it_moves_and_its_reason_is_the_loss() -> None:
    center = frame(chair(places=3), slot(places=1), bed(places=3))
    needs = [need(name, to_maker=(1, 1)) for name in "abc"]
    before = planned(center, *needs)
    lost = before.planned[0]
    assert lost.days.manufacture is not None
    smaller = lose(center, Closure("Slot", lost.days.manufacture, lost.days.manufacture, 1, "taken back"))
    after = again(smaller, before.planned, *needs)
    question = question_of(Request(tuple(needs), smaller, before=before.planned))
    changed = differences(question, before.planned, after)
    assert [(each.course, each.kind) for each in changed] == [(lost.course, "moved")]
    assert "There is no manufacturing slot" in changed[0].why[0]
    assert after.proof.proven


def test_a_course_that_makes_room_is_told_for_whom() -> None:
    """A late course cannot move, so the one in its only bed does."""
    center = frame(bed("Bed 1"), bed("Bed 2"))
    waits = need("a", on_site=MONDAY - 4, collected=MONDAY - 30, rest=(2, 4))
    begun = need("b", on_site=0, collected=0, depleted=TUE, rest=(2, 3))
    before = planned(center, waits, begun)
    smaller = lose(center, Closure("Bed 2", MONDAY, MONDAY + 99), Closure("Bed 1", MONDAY, THU))
    after = again(smaller, before.planned, waits, begun)
    changed = differences(question_of(Request((waits, begun), smaller, before=before.planned)), before.planned, after)
    moved = next(each for each in changed if each.course == "a")
    assert moved.kind == "moved" and moved.moves[0].later_by > 0
    assert "b" in " ".join(moved.why) or "bed" in " ".join(moved.why)


def test_a_lost_bed_moves_the_stay_to_another_bed_on_the_same_days() -> None:
    center = frame(chair(), slot(), bed("Bed 1"), bed("Bed 2"))
    before = planned(center, need())
    smaller = lose(center, Closure("Bed 1", MONDAY, MONDAY + 99))
    after = again(smaller, before.planned, need())
    changed = differences(question_of(Request((need(),), smaller, before=before.planned)), before.planned, after)
    assert [(each.kind, [move.step for move in each.moves]) for each in changed] == [("place", ["bed"])]
    assert "Bed 1 is not there" in changed[0].why[0]


def test_a_course_that_does_not_wait_any_more_is_gone_from_the_plan() -> None:
    center = frame()
    before = planned(center, need("a"), need("b"))
    after = again(center, before.planned, need("b"))
    question = question_of(Request((need("b"),), center))
    assert [(each.course, each.kind) for each in differences(question, before.planned, after)] == [("a", "gone")]


def test_the_proof_says_how_far_it_got_also_where_the_clock_stops_it() -> None:
    proof = planned(frame(), need()).proof
    assert proof.proven and proof.stages[0].gap == 0 and not proof.by_clock
    question = asked([need(f"c{n:02}") for n in range(20)], frame(weeks=20))
    stopped = propose(question, Effort(work=9.0, seconds=0.001)).proof
    assert stopped.by_clock and not stopped.proven
    assert stopped.stages[0].value == stopped.greedy[0], "then the plain plan is what there is"


def test_the_check_sees_what_the_solver_would_never_do() -> None:
    center = frame()
    question = asked([need("a"), need("b")], center)
    line = planned(center, need("a")).planned[0]
    good = regrouped(question, line)
    way = question.ways[0]
    assert not breaks(way, good, center)
    wrong = [
        ({"collection": MONDAY - 3}, "collection_too_early"),
        ({"manufacture": good.collection}, "fresh_too_long"),
        ({"infusion": good.infusion + 9}, "outside_lymphodepletion_window"),
        ({"lymphodepletion": None}, "lymphodepletion_not_planned"),
        ({"arrival": good.infusion}, "product_not_here"),
        ({"bed": (good.infusion, good.infusion)}, "stay_length"),
    ]
    for change, code in wrong:
        assert code in {each.code for each in breaks(way, msgspec.structs.replace(good, **change), center)}
    assert crowds(question, {"a": good, "b": good})[0].courses == ("a", "b")


def test_a_plan_is_named_by_what_it_says() -> None:
    assert planned(frame(), need()).id == planned(frame(), need()).id != planned(frame(), need(earliest=WED)).id


def test_an_unsound_answer_is_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from cartway.pathway.slots import planner

    good = propose(asked([need()], frame()), Effort())
    bad = msgspec.structs.replace(good.days["a"], infusion=MONDAY)
    monkeypatch.setattr(planner, "propose", lambda *_: msgspec.structs.replace(good, days={"a": bad}))
    with pytest.raises(AssertionError, match="breaks a rule"):
        make_plan(Request((need(),), frame()))
