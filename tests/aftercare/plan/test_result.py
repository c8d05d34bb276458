"""What a patient reads of the tests: only what somebody of the team concluded and nothing speaks against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from aftercare.plan.drawn import plan, said
from cartway.aftercare.plan.result import AGAINST, FITS_HARD, HARMLESS, READ_AS
from cartway.record import Fact
from cartway.response.guidelines import GUIDELINES
from cartway.response.words import load_flag_words
from cartway.vocabulary import vocabulary
from response.drawn import course, ct, day, pet
from response.marked import visit

TALK = "Your team will talk with you about the last tests. You can call and ask."
BASELINE = ct(-7, ("N1", 4.0, 3.0), ("N2", 2.0, 2.0))
CLEAR = pet(30, 2)
"""PET-CT of day 30, February 4: Deauville 2, marrow not avid: complete by Lugano 2014."""
LOW: Mapping[str, Any] = {"serum": 0.3, "urine": 0.0}
"""Of 4.0 g/dL: a fall by 92.5 %, with the urine a very good partial response by IMWG 2016."""
GONE: Mapping[str, Any] = {
    "serum": 0.0,
    "urine": 0.0,
    "sife": "negative",
    "uife": "negative",
    "marrow": 1.0,
    "ratio": 1.0,
}
FOUND = {"value": 1e-4, "detail": {"method": "ngf", "limit": 1e-5, "specimen": "marrow"}}


def read(number: float, choice: str, **told: Any) -> list[Fact]:
    """What a reader concluded of the assessment of a day, two hours after it."""
    return [Fact("a", day(number) + 7_200_000_000, "response_read", choice=choice, event=f"day {number}", **told)]


def fact(number: float, what: str, choice: str, **told: Any) -> list[Fact]:
    return [Fact("a", day(number), what, choice=choice, **told)]


def lymphoma(*parts: Iterable[Fact]) -> Mapping[str, str]:
    """The results of a course of lymphoma, half a year after the infusion."""
    return said(plan(course(BASELINE, *parts, until=180)), "result")


def myeloma(*parts: Iterable[Fact]) -> Mapping[str, str]:
    """The results of a course of myeloma with 4 g/dL of M-protein before."""
    begin = [
        Fact("a", day(-30), "diagnosis", choice="multiple_myeloma"),
        Fact("a", day(0), "infusion", choice="ciltacabtagene_autoleucel"),
    ]
    drawn = course(visit(-7, serum=4.0, urine=0.0), *parts, until=180, begin=begin)
    return said(plan(drawn), "result")


class TestTold:
    def test_a_complete_answer_that_a_reader_read_as_one(self) -> None:
        assert lymphoma(CLEAR, read(30, "complete")) == {
            "Last result, February 4, 2026": "No sign of the illness was found."
        }

    def test_a_progression_that_a_reader_read_as_one(self) -> None:
        rows = lymphoma(pet(30, 5, "increased"), read(30, "progressive"))
        assert rows["Last result, February 4, 2026"].startswith("The illness had grown or come back.")

    def test_a_progression_that_the_team_stated(self) -> None:
        rows = lymphoma(pet(30, 5, "increased"), fact(33, "progression", "yes"))
        assert rows["Last result, February 4, 2026"].startswith("The illness had grown or come back.")

    def test_the_best_beside_a_later_progression(self) -> None:
        rows = lymphoma(CLEAR, read(30, "complete"), pet(90, 5, "increased"), read(90, "progressive"))
        assert rows["Best result so far, February 4, 2026"] == "No sign of the illness was found."
        assert rows["Last result, April 5, 2026"].startswith("The illness had grown or come back.")

    def test_newer_tests_that_say_the_same_wait_beside_what_was_read(self) -> None:
        rows = lymphoma(CLEAR, read(30, "complete"), pet(90, 2))
        assert rows["Last result, February 4, 2026"] == "No sign of the illness was found."
        assert rows["Your latest tests"] == TALK

    def test_a_falling_protein_that_held_twice(self) -> None:
        rows = myeloma(visit(30, **LOW), visit(60, **LOW), read(60, "very_good_partial"))
        assert rows == {"Last result, March 6, 2026": "Almost no sign of the illness was found."}

    def test_an_unclear_scan_that_a_reader_could_not_judge(self) -> None:
        lyric = {"response_criteria": "lyric_2016", "clinical_deterioration": "no"}
        grown = ct(30, ("N1", 6.0, 4.0), ("N2", 3.0, 3.0), **lyric)
        rows = said(plan(course(BASELINE, grown, read(30, "not_evaluable"), until=60)), "result")
        assert rows["Last result, February 4, 2026"].startswith("The scan was not clear.")

    def test_no_test_no_result(self) -> None:
        section = plan(course(until=180)).section("result")
        assert section is not None
        assert (section.rows, section.empty) == ((), "No result is recorded yet. Ask when the next test is.")


class TestWaits:
    """No level is told, only that the team will talk."""

    @pytest.mark.parametrize(
        "parts",
        [
            pytest.param([CLEAR], id="good news that nobody read"),
            pytest.param([pet(30, 5, "increased")], id="bad news that nobody read"),
            pytest.param([pet(30, 5, "increased"), read(30, "partial")], id="the reader says smaller"),
            pytest.param([pet(30, 5, "increased"), fact(33, "progression", "no")], id="the team says no progression"),
            pytest.param([CLEAR, read(30, "partial")], id="the reader sees more than was derived"),
            pytest.param([CLEAR, read(30, "not_evaluable")], id="the reader could not judge"),
            pytest.param([CLEAR, read(30, "complete"), fact(33, "progression", "yes")], id="progression stated"),
            pytest.param([CLEAR, read(30, "complete"), fact(33, "marrow_finding", "involved")], id="marrow later"),
            pytest.param([pet(30, 2, marrow_finding="involved"), read(30, "complete")], id="marrow in the same scan"),
            pytest.param(
                [CLEAR, read(30, "complete"), fact(30, "biopsy", "disease", about="N1", event="day 30")],
                id="a biopsy that found disease",
            ),
            pytest.param([CLEAR, read(30, "complete"), pet(90, 5, "increased")], id="newer and worse, not read"),
            pytest.param(
                [CLEAR, read(30, "complete", about="pet"), read(30, "partial", about="ct")], id="two readers differ"
            ),
        ],
    )
    def test_lymphoma(self, parts: list[list[Fact]]) -> None:
        assert lymphoma(*parts) == {"Your latest tests": TALK}

    @pytest.mark.parametrize(
        "parts",
        [
            pytest.param([visit(30, **LOW), read(30, "very_good_partial")], id="one visit confirms nothing"),
            pytest.param(
                [visit(30, **LOW), visit(60, **LOW), read(60, "very_good_partial"), visit(90, serum=1.2, urine=0.0)],
                id="a rise that was not repeated",
            ),
            pytest.param(
                [visit(30, **LOW), visit(60, **LOW), visit(90, serum=1.2, urine=0.0), fact(91, "progression", "yes")],
                id="a rise that the physician called progression",
            ),
            pytest.param(
                [
                    *(visit(each, **GONE) for each in (30, 60)),
                    read(60, "complete"),
                    visit(90, **{**GONE, "marrow": 40.0}),
                ],
                id="plasma cells back in the marrow",
            ),
            pytest.param(
                [
                    *(visit(each, **GONE, clonal="absent", mrd=FOUND) for each in (30, 60)),
                    read(60, "complete"),
                ],
                id="residual disease was found",
            ),
        ],
    )
    def test_myeloma(self, parts: list[list[Fact]]) -> None:
        assert myeloma(*parts) == {"Your latest tests": TALK}


def test_a_doctor_reads_both_where_one_rise_is_not_confirmed_yet() -> None:
    begin = [Fact("a", day(-30), "diagnosis", choice="multiple_myeloma"), Fact("a", day(0), "infusion")]
    visits = [visit(-7, serum=4.0, urine=0.0), visit(30, **LOW), visit(60, **LOW), visit(90, serum=1.2, urine=0.0)]
    section = plan(course(*visits, until=180, begin=begin), "physician").section("result")
    assert section is not None
    last = [row.text for row in section.rows if row.what == "Assessment"][-1]
    assert last == "VGPR; by this assessment alone PD. One test showed progression; a second one is needed."


class TestTables:
    def test_every_conclusion_of_a_reader_has_its_levels(self) -> None:
        assert set(READ_AS) == set(vocabulary().variables["response_read"].choices)
        told = {level for levels in READ_AS.values() for level in levels} - {"IR"}
        levels = {name for each in GUIDELINES.values() for name in each.ranks if not name.startswith("IR")}
        assert levels - told == {"NE", "nPR"} & levels

    def test_the_facts_that_speak_against_a_level_are_of_the_vocabulary(self) -> None:
        for what, choices in AGAINST.items():
            assert set(choices) <= set(vocabulary().variables[what].choices)

    def test_a_flag_that_passes_is_one_that_the_response_room_raises(self) -> None:
        assert set(load_flag_words()) >= HARMLESS | FITS_HARD

    def test_complete_is_told_alike_whatever_the_tests_were(self) -> None:
        """A stringent complete response is a normal light-chain ratio and a clear marrow, and no finer test."""
        visits = [visit(each, **GONE, clonal="absent") for each in (30, 60)]
        assert set(myeloma(*visits, read(60, "complete")).values()) == {"No sign of the illness was found."}
