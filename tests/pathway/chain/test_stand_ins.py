"""Two people stand in for missing evidence, with a reason, and that is told from then on. For nothing else."""

from __future__ import annotations

import msgspec
import pytest

from cartway.pathway.chain import State, chain, may_infuse, rules
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import HOUR

from .drawn import (
    BAG,
    BATCH,
    START,
    TWO,
    Steps,
    check,
    drawn,
    fact,
    own_cells,
    signed,
    stand_in,
    without,
)

GAP = "bedside_incomplete"
INFUSION = f"infusion {BAG}"


def unread(by: tuple[tuple[str, str], ...] = TWO) -> Steps:
    """A course whose wristband could not be read at the bedside."""
    scans = {"band": "not read", "bag": BAG, "coi": "COI-7K2M", "batch": BATCH, "certificate": f"C-{BATCH}"}
    return {**own_cells(), f"bedside {BAG}": check(599.9, "bedside", BAG, by=by, **scans)}


def before(steps: Steps) -> Course:
    return drawn({name: facts for name, facts in steps.items() if name not in (INFUSION, f"end {BAG}")}, hour=599.95)


def with_it(*facts: Fact) -> Steps:
    return {**unread(), "stand-in": list(facts)}


def test_two_people_with_a_reason_let_it_go_on_and_it_is_shouted() -> None:
    verdict = may_infuse(before(with_it(*stand_in(599.92, GAP, BAG))), BAG)
    assert verdict.allowed
    assert verdict.shout == (
        "NOT CHECKED, STOOD IN FOR: bedside incomplete of AX-1041-1, by Ngozi Okafor and Tom Lind: read aloud"
    )


def test_it_is_told_ever_after() -> None:
    told = chain(drawn(with_it(*stand_in(599.92, GAP, BAG))))
    assert (told.state, told.broken) == (State.stood_in, False)
    assert [each.gap for each in told.stand_ins] == [GAP]
    assert [each.state for each in told.links if each.id == BAG] == [State.stood_in, State.sound]


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ((TWO[0],), "not signed by two"),
        ((), "not signed by two"),
        ((TWO[0], TWO[0]), "not signed by two"),
        ((TWO[0], ("n.okafor", "Another Name")), "not signed by two"),  # one account
        ((TWO[0], ("nokafor2", "ngozi  OKAFOR")), "not signed by two"),  # one person with two accounts
        ((TWO[0], ("t.lind", "")), "not signed by two"),  # nobody named
    ],
)
def test_one_person_is_not_two(by: tuple[tuple[str, str], ...], why: str) -> None:
    verdict = may_infuse(before(with_it(*stand_in(599.92, GAP, BAG, by=by))), BAG)
    assert not verdict.allowed
    assert [why in each.why for each in verdict.refused] == [True]


def test_no_reason() -> None:
    verdict = may_infuse(before(with_it(*stand_in(599.92, GAP, BAG, text=" "))), BAG)
    assert (verdict.allowed, verdict.refused[0].why) == (False, "It gives no reason.")


def test_signatures_of_another_event_do_not_count() -> None:
    said, *_ = stand_in(599.92, GAP, BAG)
    _, *signatures = stand_in(599.6, "thaw_not_recorded", BAG)
    assert not may_infuse(before(with_it(said, *signatures)), BAG).allowed


def test_signatures_moved_to_another_content_do_not_count() -> None:
    """The digest is of what was signed: another reason in the same event is not that."""
    said, *signatures = stand_in(599.92, GAP, BAG)
    changed = msgspec.structs.replace(said, detail={**said.detail, "text": "another reason"})
    assert not may_infuse(before(with_it(changed, *signatures)), BAG).allowed


def test_an_amended_check_is_no_longer_signed() -> None:
    """The signatures were under what it said before."""
    course = own_cells()
    found = course[f"bedside {BAG}"][0]
    amended = msgspec.structs.replace(
        found, key="amended", amends=found.key, reason="order added", detail={**found.detail, "order": ""}
    )
    told = chain(drawn(course, amended))
    assert {each.code for each in told.breaks} == {"bedside_one_signature"}


def test_a_signature_from_before_is_none() -> None:
    said, *signatures = stand_in(599.92, GAP, BAG)
    early = [msgspec.structs.replace(each, at=each.at - HOUR) for each in signatures]
    assert not may_infuse(before(with_it(said, *early)), BAG).allowed


def test_a_check_signed_by_one_is_half_a_check() -> None:
    half = {**own_cells(), f"bedside {BAG}": [*own_cells()[f"bedside {BAG}"][:2]]}
    assert {each.code for each in chain(drawn(half)).breaks} == {"bedside_one_signature"}
    stood = {**half, "stand-in": stand_in(599.95, "bedside_one_signature", BAG)}
    assert may_infuse(before(stood), BAG).allowed


def test_it_stands_in_for_its_gap_and_its_container_only() -> None:
    assert not may_infuse(before(with_it(*stand_in(599.92, "bedside_not_checked", BAG))), BAG).allowed
    assert not may_infuse(before(with_it(*stand_in(599.92, GAP, BATCH))), BAG).allowed


def test_it_cannot_know_of_a_gap_that_shows_later() -> None:
    assert not may_infuse(before(with_it(*stand_in(599.7, GAP, BAG))), BAG).allowed


def test_after_the_infusion_is_too_late() -> None:
    told = chain(drawn(with_it(*stand_in(700, GAP, BAG))))
    assert (told.state, told.broken, told.stand_ins) == (State.incomplete, True, ())


def test_what_contradicts_cannot_be_stood_in_for() -> None:
    wrong = check(599.5, "bedside", BAG, bag="AX-2000-1", band="another")
    steps = {**own_cells(), f"bedside {BAG}": wrong, "stand-in": stand_in(599.92, "bedside_mismatched", BAG)}
    verdict = may_infuse(before(steps), BAG)
    assert (verdict.allowed, verdict.contradicted) == (False, True)
    assert "quarantine it and call the holder" in verdict.refused[0].why
    assert chain(drawn(steps)).refused == verdict.refused


@pytest.mark.parametrize("code", [code for code, rule in rules().items() if not rule.stand_in])
def test_nobody_can_stand_in_for(code: str) -> None:
    told = chain(drawn({**own_cells(), "stand-in": stand_in(599.92, code, BAG)}))
    assert len(told.refused) == 1


def test_nobody_at_the_center_releases_a_batch() -> None:
    steps = {**without(own_cells(), f"disposition {BATCH}"), "stand-in": stand_in(599.92, "not_released", BATCH)}
    verdict = may_infuse(before(steps), BAG)
    assert [each.code for each in verdict.because] == ["not_released"]
    assert "Nobody can stand in for this" in verdict.refused[0].why


def test_a_gap_that_nobody_knows() -> None:
    assert "no gap that is known" in chain(drawn(with_it(*stand_in(599.92, "mood", BAG)))).refused[0].why


def test_where_the_evidence_came_after_all_nothing_is_stood_in_for() -> None:
    steps = {**own_cells(), "stand-in": stand_in(599.92, "no_certificate", BATCH)}
    told = chain(drawn(steps))
    assert (told.state, told.stand_ins, told.refused) == (State.sound, (), ())


def test_a_retracted_stand_in_is_none() -> None:
    facts = stand_in(599.92, GAP, BAG)
    gone = Fact("c1", facts[0].at, "retraction", amends=facts[0].key, reason="in error", source="test", key="r1")
    assert not may_infuse(before(with_it(*facts, gone)), BAG).allowed


def test_the_signature_is_of_its_time() -> None:
    """A second person who signs after the infusion has not stood in before it."""
    said, first, second = stand_in(599.92, GAP, BAG)
    late = msgspec.structs.replace(second, at=START + 700 * HOUR)
    assert chain(drawn(with_it(said, first, late))).broken
    assert not chain(drawn(with_it(said, first, second))).broken


def test_a_signature_counts_for_all_that_its_event_says() -> None:
    event = signed(
        fact(599.92, "stand_in", BAG, "", "both", gap=GAP, text="read aloud"),
        fact(599.92, "deviation", BAG, "opened", "both", severity="major", text="scanner down"),
    )
    assert may_infuse(before(with_it(*event)), BAG).allowed
    assert not may_infuse(before(with_it(*event[:1], *event[2:])), BAG).allowed
