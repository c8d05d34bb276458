"""The response page: what the criteria derive, why, what a reader concluded beside it, and the curves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cartway.intake import read_facts
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response import Choices, respond
from cartway.response.guidelines import GUIDELINES
from cartway.response.relapse import (
    ANTIGEN_NEGATIVE,
    ANTIGEN_POSITIVE,
    EXTRAMEDULLARY,
    LINEAGE_SWITCH,
    NOT_TESTED,
)
from cartway.times import DAY, parse
from cartway.web.demo.examples import examples_folder
from cartway.web.response.drawn import tumor
from cartway.web.response.words import RELAPSES, agrees, level_words, relapse_words, shown
from web.conftest import START, Site
from web.forms.bedside import Bedside, Page

NOW = parse("2026-11-22T15:00Z")
FACTS = read_facts(sorted((examples_folder() / "after").glob("a*.csv"))).facts


@pytest.fixture(scope="module")
def year(shared: Site) -> Site:
    """A site with the five courses, more than a year after their infusions."""
    shared.now = NOW
    shared.record(FACTS)
    return shared


def opened(year: Site, course: str, role: str = "physician") -> Page:
    return Bedside(year, role, course).open("response")


def test_the_level_now_its_reasons_and_the_best(year: Site) -> None:
    words = opened(year, "a01").words
    assert "By Lugano 2014" in words
    assert "At the last assessment CR complete response day 365" in words
    assert "sum of products 2.6 cm², −93.8 % from baseline" in words
    assert "Deauville score 2." in words
    assert "Cheson 2014" in words


def test_pet_and_ct_are_told_apart_where_they_differ(year: Site) -> None:
    words = opened(year, "a01").words
    assert words.count("PET: CR CT: PR") == 2, "days 90 and 180; on day 365 the two say the same"


def test_a_confirmed_level_only_where_the_criteria_ask_for_one(year: Site) -> None:
    assert "Confirmed sCR" in opened(year, "a02").words
    assert "Confirmed" not in opened(year, "a01").words


def test_lugano_alone_is_told_beside_lyric(year: Site) -> None:
    words = opened(year, "a04").words
    assert "IR1 indeterminate: larger in the first 12 weeks PET: PD CT: PD Lugano 2014 alone: PD" in words
    assert "Indeterminate: a biopsy, or another scan within 12 weeks, settles it." in words


def test_a_scan_that_a_biopsy_lets_be_read_again_says_so(year: Site) -> None:
    words = opened(year, "a04").words
    assert "the scan of day 28, read again" in words
    assert "The biopsy of T1 found no lymphoma." in words


def test_relapse_with_its_kind_and_the_cells_that_are_still_there(year: Site) -> None:
    words = opened(year, "a03").words
    assert "Progression or relapse day 294, target lost" in words
    assert "Aplasia for 294 days, and it goes on" in words
    assert "Highest 51,200 on day 10" in words


def test_what_comes_after_the_next_therapy_counts_no_more(year: Site) -> None:
    words = opened(year, "a05").words
    assert "after the next therapy: counts no more" in words
    why = "Measured after Pirtobrutinib, begun on day 74: it tells of that treatment and not of the CAR T cells"
    assert f"{why}, and counts neither as best response nor as progression." in words
    assert "Last before that treatment PD progressive disease day 66" in words
    assert "Measured after" not in opened(year, "a01").words


def test_a_reader_is_heard_beside_the_criteria_and_a_difference_is_marked(year: Site) -> None:
    words = opened(year, "a05").words
    assert "Progressive disease or relapse" in words
    assert words.count("differs") == 1, "partial after the next therapy, which the criteria cannot read"


def test_each_picture_has_its_table(year: Site) -> None:
    page = opened(year, "a02")
    pictures = [id_ for id_ in page.ids if id_.startswith("c-")]
    assert set(pictures) >= {"c-m-protein", "c-light-chains", "c-mrd", "c-car-t-copies", "c-plasma-cells"}
    assert page.words.count("As a table") == len(pictures)
    assert "not detected, the test sees 1 in 100,000" in page.words


def test_how_a_test_was_done_stands_beside_what_it_found(year: Site) -> None:
    assert "not detected, the test sees 1 in 1,000,000 sequencing, marrow" in opened(year, "a03").words


def test_target_lesions_a_column_a_scan(year: Site) -> None:
    words = opened(year, "a01").words
    assert "Lesion before day 30 day 90 day 180 day 365 T1 left iliac 6.2 × 4.1 3 × 2.2 2.1 × 1.4" in words


def test_a_policy_is_told_with_what_it_is_set_to(year: Site) -> None:
    words = opened(year, "a01").words
    assert "Decided by a policy, set to infusion : From when times to an event are counted" in words
    assert "The limit is not confirmed from a source" in words
    assert "The limit is not confirmed from a source" not in set_by_the_center(year).words


def set_by_the_center(year: Site) -> Page:
    """The page once the center has set its limit of aplasia."""
    row = {
        "course": "center",
        "at": NOW - 1,
        "what": "center_policy",
        "value": 50,
        "about": "response_b_cell_aplasia_per_ul",
    }
    year.record([{**row, "simulated": True}])
    return opened(year, "a01")


def test_no_aplasia_is_expected_of_a_product_that_is_not_against_cd19(year: Site) -> None:
    words = opened(year, "a02").words
    assert "no aplasia is expected of it" in words
    assert "aplasia below" not in words
    assert "Dotted: aplasia below 50 per µL, the center's limit." in opened(year, "a01").words


def test_endpoints_say_what_ends_them(year: Site) -> None:
    words = opened(year, "a05").words
    assert "Overall survival 377 death" in words
    assert "Progression-free survival 62 progression or relapse" in words
    assert "Overall survival 366+ censored when last known alive" in opened(year, "a01").words


@pytest.mark.parametrize(
    ("course", "sheets"),
    [
        ("a01", {"scan", "marrow", "biopsy", "outcome", "criteria"}),
        ("a02", {"myeloma", "marrow", "biopsy", "outcome", "criteria"}),
        ("a03", {"marrow", "biopsy", "outcome", "criteria"}),
    ],
)
def test_the_sheets_that_fit_the_disease(year: Site, course: str, sheets: set[str]) -> None:
    links = opened(year, course).links
    assert {link.rpartition("/")[2] for link in links if "/response/" in link} == sheets


def test_who_may_only_read_is_offered_no_sheet(year: Site) -> None:
    assert not [link for link in opened(year, "a01", "nurse").links if "/response/" in link]


def test_a_course_without_an_infusion_says_so(year: Site) -> None:
    year.record([{"course": "new", "at": START - 1, "what": "diagnosis", "choice": "dlbcl", "simulated": True}])
    assert "No infusion is charted." in opened(year, "new").words


def test_nothing_assessed_is_not_no_response(year: Site) -> None:
    rows = ({"what": "diagnosis", "choice": "dlbcl"}, {"what": "infusion", "choice": "axicabtagene_ciloleucel"})
    year.record([{"course": "early", "at": START - 1, "simulated": True, **row} for row in rows])
    words = opened(year, "early").words
    assert "Nothing was assessed since the infusion. That is not the same as no response." in words


@pytest.mark.parametrize("course", ["a01", "a04", "a05"])
def test_the_picture_draws_what_the_criteria_count(course: str) -> None:
    one = Course([fact for fact in FACTS if fact.course == course], NOW)
    response = respond(one, Choices())
    counted = {each.at: each.numbers["spd_cm2"] for each in response.levels if each.assessment.startswith("scan")}  # type: ignore[union-attr]
    drawn = {each.at: each.value for each in tumor(one, response.day_zero, Choices()).readings}  # type: ignore[union-attr]
    assert counted.items() <= drawn.items()
    assert len(drawn) == len(counted) + 1, "and the baseline"


def test_a_scan_that_lacks_a_target_has_no_sum_and_what_is_new_is_no_target() -> None:
    def scan(day: int, *names: str) -> list[Fact]:
        at = START + day * DAY
        return [
            Fact("c", at, "lesion", 2.0, "cm", about=name, event=f"s{day}", detail={"short_axis": 1.0})
            for name in names
        ]

    course = Course([*scan(0, "T1", "T2"), *scan(30, "T1"), *scan(60, "T1", "T2", "T3")], START + 90 * DAY)
    drawn = [each.value for each in tumor(course, START, Choices()).readings]
    assert drawn == [Decimal(4), None, Decimal(4)]


def test_a_lesion_that_was_not_measured_leaves_the_sum_open() -> None:
    rows = [("T1", 2.0, "", {"short_axis": 1.5}), ("T2", None, "too_small", {}), ("T3", None, "not_visible", {})]

    def sums(*last: tuple[str, float | None, str, dict[str, float]]) -> list[Decimal | None]:
        facts = [
            Fact("c", START, "lesion", value, "cm", choice, about=about, event="s", detail=detail)
            for about, value, choice, detail in (*rows, *last)
        ]
        return [each.value for each in tumor(Course(facts, START), START, Choices()).readings]

    assert sums() == [Decimal("3.25")]
    assert sums(("T4", None, "not_evaluable", {})) == [None]
    assert sums(("T4", 1.0, "", {})) == [None], "the diameter across it is missing"


@pytest.mark.parametrize(
    ("value", "signed", "words"),
    [("-74.8559", True, "−74.9"), ("55.74", True, "+55.7"), ("0.0012", False, "0.0012"), ("120.4", False, "120")],
)
def test_numbers_are_rounded_to_be_read(value: str, signed: bool, words: str) -> None:
    assert shown(Decimal(value), signed=signed) == words


def test_a_reader_and_the_criteria_agree_by_meaning() -> None:
    assert agrees("complete", "sCR")
    assert agrees("not_evaluable", "IR1")
    assert not agrees("partial", "CR")


def test_every_level_and_every_kind_of_relapse_has_words() -> None:
    levels = {name for each in GUIDELINES.values() for name in (*each.ranks, *each.responses, *each.progressions)}
    assert [name for name in sorted(levels) if level_words(name) == name] == []
    kinds = (LINEAGE_SWITCH, ANTIGEN_NEGATIVE, ANTIGEN_POSITIVE, EXTRAMEDULLARY, NOT_TESTED)
    assert set(kinds) == set(RELAPSES)
    assert relapse_words("some_new_kind") == "some new kind"
