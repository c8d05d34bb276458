"""The courses on the road to infusion show what the pages can do: as they stand on 16 March 2026, 14:00 UTC."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path
from typing import Literal

import pytest

from cartway.intake.importer import import_paths
from cartway.pathway.answer import Answer
from cartway.pathway.candidacy import candidacy
from cartway.pathway.chain import BreakKind, center_index, chain, may_thaw
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.go import Before, go_no_go
from cartway.pathway.course import CENTER, Course
from cartway.pathway.slots import AGAIN, differences, make_plan, question_of, request
from cartway.pathway.trials import centers
from cartway.people import open_people
from cartway.record import open_log
from cartway.times import parse
from cartway.toxicity import by_course
from cartway.web.demo.examples import programme_facts, programme_files

NOW = parse("2026-03-16T14:00Z")
TODAY = date(2026, 3, 16)


@pytest.fixture(scope="module")
def courses() -> dict[str, Course]:
    """Every course of the folder at that moment, the center's record among them."""
    return {name: Course(facts, NOW) for name, facts in by_course(programme_facts()).items()}


@pytest.mark.parametrize(("kind", "refused"), [("demo", set()), ("clinical", {"simulated_fact"})])
def test_all_of_it_comes_in_and_nothing_of_it_into_a_clinical_record(
    tmp_path: Path, kind: Literal["demo", "clinical"], refused: set[str]
) -> None:
    place = f"sqlite:///{tmp_path / kind}"
    with open_log(f"{place}.db", kind=kind) as log, open_people(f"{place}.people.db") as people:
        balance = import_paths(programme_files(), log, people, now=NOW, by="test", enrol=False, new_id=lambda: "no")
    assert set(balance.refused) == refused
    assert (balance.accepted == 0) is bool(refused)


@pytest.mark.parametrize(("course", "bag"), [("p10", "BAG-088-1"), ("p11", "BAG-081-1")])
def test_a_chain_that_is_sound_up_to_the_thaw(courses: dict[str, Course], course: str, bag: str) -> None:
    index = center_index(courses.values())
    assert not chain(courses[course], index).breaks
    assert may_thaw(courses[course], bag, index).allowed


def test_chains_that_are_not(courses: dict[str, Course]) -> None:
    """One signature is missing; two people stand in; a bag was too warm and is set aside."""
    assert {each.code for each in chain(courses["p06"]).breaks} == {"label_one_signature"}
    stood_in = chain(courses["p08"])
    assert not stood_in.broken
    assert [each.gap for each in stood_in.stand_ins] == ["collection_incomplete"]
    warm = chain(courses["p13"])
    assert {each.kind for each in warm.breaks if each.blocks} == {BreakKind.contradictory}
    assert set(warm.quarantined) == {"BAG-090-1", "BAG-090-2", "BAG-090-3"}


def test_on_the_eve_of_the_infusion_only_what_belongs_to_the_day_is_open(courses: dict[str, Course]) -> None:
    found = go_no_go(Case(courses["p11"], courses[CENTER], jurisdiction="US"), Before.infusion)
    assert {point.id for point in found.open} == {"GO-EQUIP", "GO-PREMED"}
    ready = go_no_go(Case(courses["p10"], courses[CENTER], jurisdiction="US"), Before.lymphodepletion)
    assert ready.answer is Answer.yes
    assert ready.decision is None


def test_the_accepted_plan_stays_and_one_more_gets_days(courses: dict[str, Course]) -> None:
    waiting = [course for name, course in courses.items() if name != CENTER]
    asked = request(waiting, courses[CENTER], UTC, "US", TODAY.toordinal(), 8)
    assert {line.course for line in asked.before} == {"p03", "p05", "p06", "p08", "p09", "p10", "p11"}
    changed = differences(question_of(asked), asked.before, make_plan(asked, AGAIN))
    assert {each.course for each in changed} == {"p04"}


def test_what_the_tumor_board_has_to_settle(courses: dict[str, Course]) -> None:
    said = candidacy(courses["p02"], courses[CENTER], on=TODAY, jurisdiction="US")
    labels = {each.brand: each.label.answer for each in said.products if each.label.answer is not Answer.no}
    assert labels == {"Abecma": Answer.yes, "Carvykti": Answer.unknown}
    assert {flag.id for flag in said.flags if flag.answer is Answer.unknown} == {"FIT-27"}
    urgent = candidacy(courses["p01"], courses[CENTER], on=TODAY, jurisdiction="US")
    assert {each.brand for each in urgent.products if each.label.answer is Answer.yes} == {"Yescarta", "Breyanzi"}
    assert "ANT-01" in {flag.id for flag in urgent.flags if flag.answer is Answer.unknown}


def test_what_centers_offer(courses: dict[str, Course]) -> None:
    assert len(centers(courses[CENTER])) == 3
