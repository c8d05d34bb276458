"""What is due, by whom and by when; how long somebody has waited; how fast the disease moves."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.course import Course
from cartway.pathway.programme import Stand, Task, stand
from cartway.times import parse, to_datetime
from pathway.programme.drawn import NOW, at, codes, facts, instant

RECOMMENDED = """10-01 referral {"from": "Lakeside", "owner": "maria"}
10-05 ecog_score 1
10-08 tumor_board accepted {"product": "axicabtagene_ciloleucel"}"""
ORDERED = f"{RECOMMENDED}\n10-10 product_order accepted\n10-11 chain_identity:COI-1"
SLOT = '10-12 manufacturing_slot:S1 confirmed {"collection_day": "2026-12-01"}'
COLLECTED = f"{ORDERED}\n{SLOT}\n11-10 collection completed"
RELEASED = f"{COLLECTED}\n11-20 disposition:B1 released"


def task(found: Stand, code: str) -> Task:
    return next(each for each in found.due if each.code == code)


@pytest.mark.parametrize(("urgency", "due"), [("routine", "2026-11-22"), ("urgent", "2026-11-21")])
def test_a_referral_is_looked_at_sooner_where_it_is_urgent(urgency: str, due: str) -> None:
    found = task(at(f'11-20 referral {{"from": "Lakeside", "urgency": "{urgency}"}}'), "first_look")
    assert (str(found.due), found.blocks, found.owner) == (due, True, "coordinator")
    assert "not confirmed" in found.due_why


def test_the_center_sets_its_own_days() -> None:
    found = at('11-20 referral {"from": "Lakeside"}', center="10-01 center_policy:first_look_days 5")
    assert (str(task(found, "first_look").due), task(found, "first_look").due_why) == (
        "2026-11-25",
        "5 days after the referral: the center's policy",
    )


def test_nobody_following_a_course_up_is_said() -> None:
    assert "no_owner" in codes(at('11-20 referral {"from": "Lakeside"}'))
    assert "no_owner" not in codes(at('11-20 referral {"from": "Lakeside", "owner": "maria"}'))


def test_facts_without_a_referral_ask_for_one() -> None:
    found = task(at("11-20 diagnosis dlbcl"), "no_referral")
    assert (found.blocks, found.due) == (True, None)


def test_a_recommended_course_without_a_product_waits_for_it() -> None:
    assert "product" in codes(at('10-01 referral {"from": "L"}\n10-05 ecog_score 1\n10-08 tumor_board accepted'))
    assert "product" not in codes(at(RECOMMENDED))


def test_an_order_that_the_holder_has_not_accepted() -> None:
    found = at(f"{RECOMMENDED}\n11-20 product_order placed")
    assert (task(found, "acceptance").owner, str(task(found, "acceptance").due)) == ("maria", "2026-11-25")


def test_a_slot_that_is_held_is_due_by_the_end_of_its_hold() -> None:
    held = '11-12 manufacturing_slot:S1 held {"hold_expires": "2026-11-25"}'
    found = task(at(f"{ORDERED}\n{held}"), "slot_held")
    assert (str(found.due), found.blocks) == ("2026-11-25", True)
    late = task(at(f"{ORDERED}\n{held}", now="2026-11-27"), "slot_held")
    assert late.why == "the slot is held; the hold ran out on Nov 25"
    unknown = task(at(f"{ORDERED}\n11-12 manufacturing_slot:S1 held"), "slot_held")
    assert (unknown.due, unknown.why) == (None, "the slot is held; until when is not stated")


def test_a_lost_slot_is_due_at_once() -> None:
    found = task(at(f'{ORDERED}\n{SLOT}\n11-20 manufacturing_slot:S1 lost {{"text": "Line down"}}'), "slot_lost")
    assert (str(found.due), found.why) == ("2026-11-23", "the slot was lost on Nov 20: Line down")


def test_a_collection_has_its_day_from_the_appointment_before_the_slot() -> None:
    assert str(task(at(f"{ORDERED}\n{SLOT}"), "collection_planned").due) == "2026-12-01"
    assert str(task(at(f"{ORDERED}\n{SLOT}\n12-03 appointment collection"), "collection_planned").due) == "2026-12-03"
    off = f'{ORDERED}\n12-03 appointment collection {{"state": "cancelled"}}'
    assert "collection_day" in codes(at(off))


def test_a_day_that_went_by_without_a_word_is_overdue() -> None:
    found = task(at(f"{ORDERED}\n{SLOT}", now="2026-12-04"), "collection_overdue")
    assert (found.blocks, found.why) == (True, "planned for Dec 1, 3 days ago; nothing is recorded")


def test_a_collection_waits_for_the_end_of_a_washout() -> None:
    unknown = at(f'{ORDERED}\n11-15 line_of_therapy 2 {{"classes": ["platinum"], "systemic": true}}')
    assert "washout_unknown" in codes(unknown)
    steroid = at(f"{ORDERED}\n{SLOT}\n11-22 drug dexamethasone", now="2026-11-23")
    assert "washout_broken" not in codes(steroid)  # the collection of Dec 1 comes after its end
    early = at(f"{ORDERED}\n11-22 drug dexamethasone\n11-24 appointment collection")
    assert task(early, "washout_broken").blocks
    none_planned = at(f"{ORDERED}\n11-22 drug dexamethasone")
    assert task(none_planned, "washout").due is not None


def test_a_failed_collection_asks_for_a_decision() -> None:
    found = task(at(f'{ORDERED}\n{SLOT}\n11-20 collection failed {{"text": "Line clotted"}}'), "collection_failed")
    assert (found.owner, found.blocks, found.why) == (
        "physician",
        True,
        "the collection of Nov 20 failed: Line clotted",
    )


def test_a_failed_batch_asks_for_a_decision_and_not_for_news() -> None:
    found = at(f'{COLLECTED}\n11-18 disposition:B1 failed {{"reasons": ["sterility"]}}')
    assert task(found, "manufacture_failed").why == "the batch failed on Nov 18: sterility"
    assert "news" not in codes(found)


def test_a_silent_holder_is_asked() -> None:
    found = task(at(f"{COLLECTED}\n11-12 manufacture_step:B1 activation"), "news")
    assert (str(found.due), found.why) == ("2026-11-19", "last news on Nov 12, 11 days ago")


def test_bridging_none_is_a_decision_and_nothing_is_not() -> None:
    assert "bridging" in codes(at(COLLECTED))
    assert "bridging" not in codes(at(f"{COLLECTED}\n11-12 bridging_therapy none"))


def test_a_restaging_of_before_the_bridging_does_not_count() -> None:
    lines = f"{RELEASED}\n11-11 restaging stable\n11-12 bridging_therapy chemotherapy"
    assert task(at(lines), "restaging").why == "the last was on Nov 11, before the bridging"
    assert "restaging" not in codes(at(f"{lines}\n11-21 restaging stable"))


def test_a_restaging_may_be_too_old_at_the_planned_day() -> None:
    lines = f"{RELEASED}\n11-21 restaging stable"
    assert "restaging" not in codes(at(f"{lines}\n12-01 appointment lymphodepletion"))
    late = task(at(f"{lines}\n2027-01-20 appointment lymphodepletion"), "restaging")
    assert late.decided_by == "restaging_valid_days"


def test_lymphodepletion_waits_for_the_product_on_site_and_a_go() -> None:
    found = at(f"{RELEASED}\n12-01 appointment lymphodepletion")
    assert {"on_site", "go_no_go"} <= {each.code for each in found.blockers}
    ready = at(
        f"{RELEASED}\n11-21 storage:BAG put\n11-22 go_no_go:lymphodepletion go\n12-01 appointment lymphodepletion"
    )
    assert not {"on_site", "go_no_go"} & codes(ready)
    stopped = at(f'{RELEASED}\n11-22 go_no_go:lymphodepletion no_go {{"text": "Fever"}}')
    assert task(stopped, "no_go").why == "no go on Nov 22: Fever"


def test_a_go_of_before_the_release_is_none_of_this_product() -> None:
    assert "go_no_go" in codes(at(f"{COLLECTED}\n11-15 go_no_go:lymphodepletion go\n11-20 disposition:B1 released"))


def test_results_to_come_are_asked_for() -> None:
    found = at(f'{COLLECTED}\n11-20 disposition:B1 released_pending {{"pending": ["sterility"]}}')
    assert task(found, "results_pending").why == "released on Nov 20 with results to come: sterility"


def test_after_lymphodepletion_the_infusion_has_a_day() -> None:
    found = at(f"{RELEASED}\n11-22 lymphodepletion started")
    assert str(task(found, "infusion_day").due) == "2026-11-23"
    planned = at(f"{RELEASED}\n11-22 lymphodepletion started\n11-27 appointment infusion")
    assert str(task(planned, "infusion_planned").due) == "2026-11-27"


def test_every_task_names_reason_and_owner() -> None:
    lines = (RECOMMENDED, ORDERED, COLLECTED, RELEASED, f"{RELEASED}\n11-22 lymphodepletion started")
    for each in (task for drawn in lines for task in at(drawn).due):
        assert each.what, each.code
        assert each.why, each.code
        assert each.owner, each.code
        assert each.due is not None or each.due_why, each.code


def test_what_is_soonest_stands_first_and_what_has_no_day_last() -> None:
    days = [task.due for task in at(f"{RELEASED}\n12-01 appointment lymphodepletion").blockers]
    stated = [day for day in days if day is not None]
    assert stated == sorted(stated)
    assert days[: len(stated)] == stated


@pytest.mark.parametrize(
    ("lines", "pace", "fast"),
    [
        ("", "unknown", False),
        ("11-20 disease_pace slow", "slow", False),
        ("11-20 disease_pace fast", "fast", True),
        ("11-20 disease_pace slow\n11-21 restaging progression", "fast", True),
        ("11-20 restaging progression\n11-21 disease_pace moving", "moving", False),
    ],
)
def test_how_fast_a_disease_moves(lines: str, pace: str, fast: bool) -> None:
    found = at(f"{ORDERED}\n{lines}")
    assert (found.pace.pace, found.fast) == (pace, fast)


def test_an_old_judgment_stands_and_is_said_to_be_old() -> None:
    found = at(f"{ORDERED}\n10-13 disease_pace fast")
    assert (found.fast, found.pace.old) == (True, True)
    assert task(found, "pace").why == "judged fast on Oct 13, 41 days ago: judge it anew"


def test_nobody_who_was_infused_or_ended_is_called_fast() -> None:
    assert not at(f"{RELEASED}\n11-21 disease_pace fast\n11-22 infusion axicabtagene_ciloleucel").fast
    assert not at(f"{ORDERED}\n11-20 disease_pace fast\n11-21 course_closed progression").fast


def test_the_clocks() -> None:
    found = at(COLLECTED).clocks
    assert (found.referral.days, found.referral.runs) == (53, True)
    assert (found.collection.days, found.collection.runs) == (40, False)
    assert (found.vein_to_vein.days, found.vein_to_vein.runs, found.stage.days) == (13, True, 13)


def test_vein_to_vein_ends_with_the_infusion_and_is_held_against_the_usual() -> None:
    usual = at(COLLECTED).clocks.usual_days
    assert usual is not None
    assert at(COLLECTED).clocks.late is Answer.unknown  # it may still be in time
    assert at(COLLECTED, now="2027-02-01").clocks.late is Answer.yes
    infused = at(f"{RELEASED}\n11-22 infusion axicabtagene_ciloleucel", now="2027-02-01").clocks
    assert (infused.vein_to_vein.days, infused.late) == (12, Answer.no)


def test_a_product_of_which_no_usual_is_known_says_so() -> None:
    found = at(COLLECTED.replace("axicabtagene_ciloleucel", "descartes_08")).clocks
    assert (found.usual_days, found.late) == (None, Answer.unknown)
    assert found.words.endswith("is not known")


def test_the_clocks_of_a_course_that_ended_stand_still() -> None:
    lines = f"{COLLECTED}\n11-15 course_closed progression"
    assert at(lines).clocks.referral.days == at(lines, now="2027-01-01").clocks.referral.days == 45


def test_a_course_without_a_referral_has_no_wait_that_is_known() -> None:
    assert at("11-10 collection completed").clocks.referral.days is None


def test_it_changes_at_midnight_or_when_what_is_dated_ahead_comes_true() -> None:
    assert at(ORDERED).next_change_at == instant("2026-11-24 00:00")
    assert at(f"{ORDERED}\n11-23 18:00 appointment collection").next_change_at == instant("2026-11-23 18:00")


def test_nothing_changes_before_it_says_so() -> None:
    lines = f"{RELEASED}\n12-01 appointment lymphodepletion"
    first, last = at(lines), at(lines, now="2026-11-23 23:59")
    assert first == last


def test_days_are_those_of_the_center() -> None:
    now = parse("2026-11-23T02:00Z")
    drawn = facts("p", '11-20 referral {"from": "L"}')
    west = stand(Course(drawn, now), Course((), now), now, zone=timezone(timedelta(hours=-8)))
    assert west.clocks.referral.days == 2
    assert to_datetime(west.next_change_at).hour == 8


def test_arrival_does_not_matter() -> None:
    drawn = facts("p", f"{RELEASED}\n11-21 disease_pace fast")
    now = instant(NOW)
    one, other = (stand(Course(each, now), Course((), now), now) for each in (drawn, drawn[::-1]))
    assert one == other


def test_missing_evidence_is_due_before_lymphodepletion_and_holds_it_up() -> None:
    """Nobody is depleted for cells that may not be given."""
    lines = RELEASED.replace(
        "11-10 collection completed", '11-10 collection completed {"coi": "COI-1", "din": "W000026123456"}'
    )
    before = task(at(f"{lines}\n12-01 appointment lymphodepletion"), "chain_missing")
    assert (before.blocks, str(before.due), before.due_why) == (True, "2026-12-01", "the day of the lymphodepletion")
    made = lines.partition("\n11-20 disposition")[0]
    assert not task(at(made), "chain_missing").blocks
    assert before.why == "W000026123456: No check of identity at the collection"
    assert task(at(f"{lines}\n11-22 lymphodepletion started"), "chain_missing").blocks


def test_contradictory_evidence_stops_the_road_at_once() -> None:
    lines = COLLECTED.replace(
        "11-10 collection completed", '11-10 collection completed {"coi": "COI-1", "din": "W000026123456"}'
    )
    another = 'B1 {"coi": "COI-2", "batch": "B1", "dins": ["W000026123456"]}'
    found = task(at(f"{lines}\n11-12 batch:{another}"), "chain_contradicted")
    assert (found.blocks, found.what, str(found.due)) == (True, "Quarantine, and call the holder", "2026-11-23")
