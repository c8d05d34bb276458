"""From facts to what a plan is asked: calendars, stages, washouts, timing, labels, accepted appointments."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import load_policies
from cartway.pathway.slots import Need, Request, Unplanned, accepted, as_facts, calendars, make_plan, plan_of, request
from cartway.pathway.slots.calendars import BED, CHAIR, SLOT
from cartway.pathway.slots.days import instant_of, iso
from cartway.pathway.slots.timing import making, own_record
from cartway.record import Fact
from cartway.times import DAY, HOUR, parse

TODAY = date(2026, 11, 23).toordinal()
NOW = instant_of(TODAY, UTC, 8)
AXI, OBE, TISA = "axicabtagene_ciloleucel", "obecabtagene_autoleucel", "tisagenlecleucel"


def fact(what: str, day: int = 0, choice: str = "", course: str = "a", **more: Any) -> Fact:
    """A fact so many days from today, at noon."""
    at = NOW + day * DAY + 4 * HOUR
    more.setdefault("key", f"{course}-{what}-{choice}-{day}-{more.get('about', '')}")
    return Fact(course, at - 8 * HOUR if day == 0 else at, what, choice=choice, source="chart", **more)


def resource(kind: str, name: str, **detail: Any) -> Fact:
    return fact("resource", -30, kind, CENTER, about=name, detail={"name": name, **detail})


CALENDARS = (
    resource(CHAIR, "Chair 1"),
    resource(BED, "Bed 1"),
    resource(SLOT, "Axi", product=AXI, weekdays=["mon", "wed"]),
    resource(SLOT, "Obe", product=OBE),
    resource(SLOT, "Tisa", product=TISA),
)


def waits(product: str = AXI, diagnosis: str = "dlbcl", *more: Fact) -> list[Fact]:
    """A course that is recommended and waits for its collection; its last chemotherapy ended long ago."""
    return [
        fact("referral", -40),
        fact("diagnosis", -40, diagnosis),
        fact("tumor_board", -20, "accepted"),
        fact("product_chosen", -20, product),
        therapy(-100, -60),
        *more,
    ]


def therapy(begun: int, ended: int | None, *classes: str) -> Fact:
    """A line of chemotherapy, from a day to a day; its end not known where None."""
    until = None if ended is None else NOW + ended * DAY
    detail = {"classes": list(classes or ("chemotherapy",)), "systemic": True, "regimen": "Gemcitabine, oxaliplatin"}
    return fact("line_of_therapy", begun, value=1.0, until=until, detail=detail)


def asked(*facts: Fact, center: tuple[Fact, ...] = CALENDARS, weeks: int = 16) -> Request:
    """What a plan of one course is asked."""
    return request([Course(facts, NOW)], Course(center, NOW), UTC, "US", TODAY, weeks)


def the_need(*facts: Fact, center: tuple[Fact, ...] = CALENDARS) -> Need:
    found = asked(*facts, center=center)
    assert found.needs, [str(problem) for out in found.out for problem in out.why]
    return found.needs[0]


def out(*facts: Fact, center: tuple[Fact, ...] = CALENDARS) -> Unplanned:
    found = asked(*facts, center=center)
    assert not found.needs
    return found.out[0]


def told(need: Need) -> str:
    return " ".join(note.text for note in need.notes)


def test_the_newest_statement_of_a_resource_stands() -> None:
    again = fact("resource", -1, CHAIR, CENTER, about="Chair 1", detail={"capacity": 0})
    found = calendars(Course([*CALENDARS, again], NOW), UTC)
    assert [one.places for one in found.of(CHAIR)] == [0]
    assert found.total(SLOT, TODAY, AXI) == 1 and found.total(SLOT, TODAY + 1, AXI) == 0


def test_closures_to_come_and_places_lost() -> None:
    shut = fact("closure", 3, course=CENTER, until=NOW + 4 * DAY)
    lost = fact("closure", 8, course=CENTER, about="Axi", detail={"places": 1, "text": "taken back"})
    found = calendars(Course([*CALENDARS, shut, lost], NOW), UTC)
    assert found.closed(TODAY + 3) and found.total(CHAIR, TODAY + 3) == 0 and found.total(BED, TODAY + 3) == 1
    assert found.total(SLOT, TODAY + 9, AXI) == 1
    assert found.closures[1].why == "taken back" and not found.total(SLOT, TODAY + 8, AXI)


def test_days_are_those_of_the_center() -> None:
    late = Fact(CENTER, parse("2026-12-01T23:30Z"), "closure", key="c")
    found = calendars(Course([late], NOW), ZoneInfo("Europe/Vienna"))
    assert iso(found.closures[0].first) == "2026-12-02"


def test_cells_may_be_collected_when_the_washout_is_over_and_the_plan_says_which() -> None:
    need = the_need(*waits(), therapy(-30, -4))
    assert need.earliest == TODAY + 10
    assert "Earliest collection" in told(need) and "14 days" in told(need)


def test_an_unknown_washout_is_told_and_nothing_is_invented() -> None:
    found = out(*waits(), therapy(-30, None))
    assert [problem.code for problem in found.why] == ["unknown_washout"]


def test_counts_that_are_too_low_are_told() -> None:
    found = out(*waits(), fact("lymphocytes", -1, value=0.05, unit="10*9/L"))
    assert found.why[0].code == "not_collectable_now" and "COL-01" in found.why[0].reason


@pytest.mark.parametrize(
    ("left_out", "code"),
    [("tumor_board", "not_decided"), ("product_chosen", "no_product"), ("diagnosis", "")],
)
def test_what_is_missing_is_said(left_out: str, code: str) -> None:
    facts = [each for each in waits() if each.what != left_out]
    found = asked(*facts)
    codes = [problem.code for each in found.out for problem in each.why]
    assert codes == ([code] if code else [])


def test_a_course_that_ended_is_neither_planned_nor_told() -> None:
    found = asked(*waits(), fact("course_closed", -1, "withdrawn"))
    assert not found.needs and not found.out


def test_a_product_of_which_no_source_says_how_long_it_takes() -> None:
    found = out(*waits("varnimcabtagene_autoleucel"))
    assert found.why[0].code in {"unknown_timing", "unknown_lymphodepletion"}


def test_the_usual_time_has_a_margin_and_is_not_confirmed() -> None:
    found = making(AXI, load_policies(), {}, 0)
    assert found is not None
    assert found.make_days == 18 - 1 + 2, "14 days and a quarter; collection to start one, and two to come here"
    assert not found.notes[-1].confirmed


def test_the_centers_own_record_goes_before_the_usual_as_a_percentile() -> None:
    found = making(AXI, load_policies(), {AXI: (14, 14, 15, 15, 16, 16, 17, 20, 30, 40)}, 0)
    assert found is not None and found.make_days == 20 - 1 + 2
    assert "80% of the center's own 10" in found.notes[-1].text and found.notes[-1].confirmed
    few = making(AXI, load_policies(), {AXI: (40, 40)}, 0)
    assert few is not None and few.make_days == 19


def test_the_own_record_is_read_from_the_courses_that_came_so_far() -> None:
    done = Course([fact("product_chosen", -60, AXI), fact("collection", -50, "completed"),
                   fact("disposition", -33, "released")], NOW)  # fmt: skip
    assert own_record([done]) == {AXI: (17,)}


def test_the_holders_word_goes_before_everything() -> None:
    stated = (*CALENDARS[:2], resource(SLOT, "Axi", product=AXI, days=24))
    assert the_need(*waits(), center=stated).make_days == 24


def test_frozen_cells_may_wait_and_fresh_ones_may_not() -> None:
    assert the_need(*waits(TISA)).to_maker == (1, 60)
    assert the_need(*waits(AXI)).to_maker == (1, 3)
    assert "no source says, so the usual from vein to vein" in told(the_need(*waits(TISA)))


def test_lymphodepletion_and_windows_are_the_labels() -> None:
    need = the_need(*waits(AXI))
    assert (need.depletion_days, need.rest, need.bed_days) == (3, (3, 3), 7)
    assert the_need(*waits(TISA)).rest == (2, 11), "lymphoma; leukemia has 2 to 14"


def test_two_infusions_of_obecabtagene_autoleucel() -> None:
    need = the_need(*waits(OBE, "b_all"))
    assert need.second == (7, 11)
    assert need.bed_days >= 11 + 1 + 4


def test_where_a_course_is_on_its_way() -> None:
    collected = fact("collection", -3, "completed")
    made = fact("manufacture_step", -2, "activation")
    released = fact("disposition", -1, "released")
    here = fact("storage", -1, "put", about="bag")
    assert the_need(*waits(), collected).collected == TODAY - 3
    need = the_need(*waits(), collected, made)
    assert need.started == TODAY - 2 and need.on_site is not None and need.on_site > TODAY
    assert the_need(*waits(), collected, made, released, here).on_site == TODAY - 1
    begun = fact("lymphodepletion", 0, "started")
    assert the_need(*waits(), collected, made, released, here, begun).depleted == TODAY + 2


def test_a_product_that_is_late_is_guessed_and_said_to_be() -> None:
    need = the_need(*waits(), fact("collection", -50, "completed"), fact("manufacture_step", -49, "activation"))
    assert need.on_site is not None and need.on_site >= TODAY + 7
    assert any("is a guess" in note.text and not note.confirmed for note in need.notes)


def test_a_failed_product_waits_for_a_decision() -> None:
    found = out(*waits(), fact("collection", -30, "completed"), fact("disposition", -1, "failed"))
    assert found.why[0].code == "manufacture_failed"


def test_who_was_infused_has_a_bed_until_discharge_or_the_labels_days() -> None:
    infused = fact("infusion", -2, AXI)
    assert [(stay.first, stay.last) for stay in asked(*waits(), infused).stays] == [(TODAY - 2, TODAY + 4)]
    assert not asked(*waits(), infused, fact("discharge", -1)).stays


def test_a_held_slot_and_its_end() -> None:
    slot = fact("manufacturing_slot", -1, "held", about="S-9", detail={
        "start_day": iso(TODAY + 9), "collection_day": iso(TODAY + 8), "hold_expires": iso(TODAY + 2)})  # fmt: skip
    held = the_need(*waits(), slot).held
    assert held is not None and (held.slot, held.start, held.collection) == ("S-9", TODAY + 9, TODAY + 8)
    assert held.collect_by is None
    strict = fact("center_policy", -5, course=CENTER, about="plan_hold_until", detail={"choice": "collection"})
    held = the_need(*waits(), slot, center=(*CALENDARS, strict)).held
    assert held is not None and held.collect_by == TODAY + 2
    lost = fact("manufacturing_slot", 0, "lost", about="S-9")
    assert the_need(*waits(), slot, lost).held is None


def test_a_fast_disease_and_long_waiting_weigh_more() -> None:
    slow, fast = fact("disease_pace", -1, "slow"), fact("disease_pace", -1, "fast")
    assert the_need(*waits(), slow).weight == 1 + 1, "40 days since referral are more than four weeks"
    assert the_need(*waits(), fast).weight == 6 + 1
    assert the_need(*waits()).weight == 2 + 1, "a pace that nobody stated is not taken for slow"


def test_an_accepted_plan_is_read_back_as_it_was_and_moves_as_corrections() -> None:
    facts = waits()
    plan = make_plan(asked(*facts))
    line = plan.planned[0]
    course = Course(facts, NOW)
    booked = [Fact(**{**stated(each), "key": f"k{n}"}) for n, each in enumerate(as_facts(course, line, plan.id, UTC))]
    now = Course([*facts, *booked], NOW)
    read = accepted(now, UTC)
    assert read is not None and plan_of(now) == plan.id
    assert read.days.choice() == line.days.choice() and read.places == line.places
    assert not list(as_facts(now, line, "another", UTC)), "the same days again are not recorded again"
    moved = list(as_facts(now, None, "another", UTC))
    assert {each.detail["state"] for each in moved} == {"cancelled"}
    assert {each.amends for each in moved} == {each.key for each in booked}
    gone = [Fact(**{**stated(each), "key": f"g{n}"}) for n, each in enumerate(moved)]
    assert accepted(Course([*facts, *booked, *gone], NOW), UTC) is None


def stated(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in ("course", "at", "what", "choice", "until", "detail", "amends")}


def test_an_accepted_course_stays_and_a_new_one_finds_its_place_beside_it() -> None:
    first = waits()
    plan = make_plan(asked(*first))
    booked = [Fact(**{**stated(each), "key": f"k{n}"})
              for n, each in enumerate(as_facts(Course(first, NOW), plan.planned[0], plan.id, UTC))]  # fmt: skip
    other = [
        Fact(**{**stated(each), "course": "b", "key": f"b{n}", "value": each.value}) for n, each in enumerate(first)
    ]
    both = request([Course([*first, *booked], NOW), Course(other, NOW)], Course(CALENDARS, NOW), UTC, "US", TODAY, 16)
    after = make_plan(both)
    line = after.of("a")
    assert line is not None and line.days.choice() == plan.planned[0].days.choice()
    assert after.of("b") is not None
