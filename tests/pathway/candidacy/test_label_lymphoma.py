"""The label axis in lymphoma and CLL: each indication's words, one course, one question."""

from __future__ import annotations

from datetime import date

import pytest

from cartway.record import Fact
from pathway.candidacy.label_courses import aged, disease, fact, line, r_chop, says, verdicts

ADULT = aged(58)
SECOND = line(
    2, "2025-09-20", "2026-01-20", regimen="R-ICE then auto-HCT", classes=["chemotherapy", "anti-CD20", "auto-HCT"],
    systemic=True, response="CR", outcome="relapse", outcome_date="2026-08-15",
)  # fmt: skip
BENDAMUSTINE = line(
    1, "2022-01-01", "2022-07-01", regimen="BR", classes=["chemotherapy", "anti-CD20", "bendamustine"], systemic=True,
    response="CR", outcome="relapse", outcome_date="2023-06-01",
)  # fmt: skip
NEXT = line(
    2, "2023-07-01", "2024-07-01", regimen="R-lenalidomide", classes=["anti-CD20", "IMiD"], systemic=True,
    response="PR", outcome="progression", outcome_date="2026-04-01",
)  # fmt: skip


def one_line(relapse: str | None, **detail: object) -> list[Fact]:
    when = {"outcome_date": relapse} if relapse else {"outcome_date_unknown": True}
    return [*disease("dlbcl"), ADULT, r_chop(**when, **detail)]


@pytest.mark.parametrize(
    ("relapse", "expected"),
    [
        ("2026-07-14", {"Yescarta": "yes", "Breyanzi": "yes"}),
        ("2026-08-15", {"Yescarta": "yes", "Breyanzi": "yes"}),
        ("2026-08-16", {"Breyanzi": "unknown"}),
        (None, {"Yescarta": "unknown", "Breyanzi": "unknown"}),
    ],
)
def test_a_second_line_product_needs_the_relapse_within_12_months(relapse: str | None, expected: object) -> None:
    """Yescarta and Breyanzi, section 1: relapse within 12 months of first-line chemoimmunotherapy."""
    assert verdicts(one_line(relapse)) == expected


def test_a_relapse_on_the_last_day_names_its_reading() -> None:
    assert says(one_line("2026-08-15"), "Yescarta").ambiguous == (
        "A relapse on the last day of the 12 months is read as within them.",
    )


def test_a_relapse_without_a_day_is_within_where_the_next_line_began_in_time() -> None:
    """Its latest possible day settles it."""
    later = line(2, "2026-02-01", regimen="R-ICE", classes=["chemotherapy"], systemic=True)
    assert says([*one_line(None), later], "Yescarta").answer == "yes"


def test_a_missing_day_is_named_with_what_settles_it() -> None:
    answer = says(one_line(None), "Yescarta")
    assert [each.what for each in answer.missing] == ["line_of_therapy"]
    assert "letters" in answer.missing[0].settles


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("not_for_comorbidity", "yes"),
        ("not_for_age", "yes"),
        ("not_for_other", "no"),
        ("eligible", "no"),
        ("not_eligible", "unknown"),
    ],
)
def test_beyond_12_months_breyanzi_asks_why_no_transplant(choice: str, expected: str) -> None:
    """Section 1: not eligible because of comorbidity or age; a refusal is neither."""
    told = fact("transplant_eligibility", choice=choice)
    assert says([*one_line("2026-10-01"), told], "Breyanzi").answer == expected


def test_what_an_open_indication_needs_is_told_beside_what_the_best_one_needs() -> None:
    asked = {each.what for each in says(one_line(None), "Breyanzi").missing}
    assert asked == {"line_of_therapy", "transplant_eligibility"}


def test_primary_refractory_is_covered_only_since_the_second_line_texts() -> None:
    """Yescarta since 2022-04-01, Breyanzi since 2022-06-24."""
    facts = [
        *disease("dlbcl", status="primary_refractory", at="2022-01-20"),
        aged(54, "2022-01-20"),
        r_chop(start="2021-10-01", end="2022-01-10", response="PD", outcome="progression", outcome_date="2022-01-20"),
    ]  # fmt: skip
    assert verdicts(facts, date(2022, 3, 31)) == {}
    assert verdicts(facts, date(2022, 4, 1)) == {"Yescarta": "yes"}
    assert verdicts(facts, date(2022, 6, 24)) == {"Yescarta": "yes", "Breyanzi": "yes"}
    assert [row.id for row in says(facts, "Breyanzi", date(2022, 3, 31)).not_yet] == ["BRE-LBCL2a", "BRE-LBCL2b"]


@pytest.mark.parametrize("choice", ["dlbcl", "hgbl", "dlbcl_from_fl", "lbcl"])
def test_two_lines_cover_large_b_cell_lymphoma(choice: str) -> None:
    facts = [*disease(choice), ADULT, r_chop(start="2024-01-05", end="2024-06-15", outcome_date="2025-09-10"), SECOND]
    assert verdicts(facts) == {"Kymriah": "yes", "Yescarta": "yes", "Breyanzi": "yes"}


@pytest.mark.parametrize(
    ("choice", "kymriah", "read"),
    [("pmbcl", "unknown", True), ("richter", "unknown", True), ("dlbcl_from_indolent", "unknown", True)],
)
def test_an_entity_that_kymriah_does_not_name_is_left_open_and_told(choice: str, kymriah: str, read: bool) -> None:
    facts = [*disease(choice), ADULT, r_chop(start="2024-01-05", end="2024-06-15", outcome_date="2025-09-10"), SECOND]
    answer = says(facts, "Kymriah")
    assert (answer.answer, bool(answer.ambiguous)) == (kymriah, read)
    assert says(facts, "Breyanzi").answer == "yes"


def test_grade_3b_is_named_by_breyanzi_and_read_by_the_others() -> None:
    facts = [*disease("follicular_lymphoma_3b"), ADULT, r_chop(outcome_date="2025-09-10"), SECOND]
    assert verdicts(facts) == {"Kymriah": "yes", "Yescarta": "yes", "Breyanzi": "yes"}
    assert not says(facts, "Breyanzi").ambiguous
    assert says(facts, "Kymriah").ambiguous


def test_the_limitation_for_the_central_nervous_system_ends_on_its_day() -> None:
    """Yescarta's limitation was removed on 2026-02-06; no indication was added, so the reading is told."""
    facts = [
        *disease("primary_cns_lymphoma", at="2025-11-01"),
        aged(57, "2025-11-01"),
        r_chop(start="2024-06-01", end="2024-12-01", outcome_date="2025-05-01"),
        line(2, "2025-05-15", "2025-10-01", regimen="ibrutinib-R", classes=["BTKi", "anti-CD20"], systemic=True),
    ]
    assert verdicts(facts, date(2026, 2, 5)) == {}
    assert verdicts(facts, date(2026, 2, 6)) == {"Yescarta": "yes"}
    assert says(facts, "Yescarta", date(2026, 2, 6)).ambiguous
    assert "Limitation of use" in says(facts, "Kymriah", date(2026, 11, 1)).because


def test_follicular_lymphoma_after_two_systemic_lines() -> None:
    facts = [*disease("follicular_lymphoma"), ADULT, BENDAMUSTINE, NEXT]
    assert verdicts(facts) == {"Kymriah": "yes", "Yescarta": "yes", "Breyanzi": "yes"}


@pytest.mark.parametrize("classes", [["radiotherapy"], ["antibiotics"], ["steroid"], ["surgery"]])
def test_what_is_no_systemic_therapy_counts_as_no_line(classes: list[str]) -> None:
    first = line(1, "2020-01-01", "2020-02-01", classes=classes, outcome="relapse", outcome_date="2022-03-01")
    second = line(2, "2022-04-01", "2022-10-01", classes=["chemotherapy", "anti-CD20"], outcome="relapse")
    assert verdicts([*disease("follicular_lymphoma"), ADULT, first, second]) == {}


def test_a_line_that_says_nothing_of_itself_leaves_the_count_open() -> None:
    facts = [*disease("follicular_lymphoma"), ADULT, BENDAMUSTINE, line(2, "2023-07-01", outcome="relapse")]
    assert set(verdicts(facts).values()) == {"unknown"}


def test_a_line_left_out_of_the_record_leaves_the_count_open() -> None:
    """Line 1 and line 3 are recorded: line 2 may have held the BTK inhibitor."""
    third = line(3, "2023-07-01", classes=["anti-CD20"], systemic=True, outcome="relapse")
    facts = [*disease("mantle_cell_lymphoma"), ADULT, BENDAMUSTINE, third]
    assert says(facts, "Breyanzi").answer == "unknown"


def test_mantle_cell_lymphoma_asks_breyanzi_for_two_lines_and_a_btk_inhibitor() -> None:
    """Tecartus asks for neither in the US, and for both in the EU."""
    ibrutinib = line(
        2, "2023-07-01", "2024-07-01", regimen="ibrutinib", classes=["BTK inhibitor"], outcome="progression"
    )
    facts = [*disease("mantle_cell_lymphoma"), ADULT, BENDAMUSTINE]
    assert verdicts(facts) == {"Tecartus": "yes"}
    assert verdicts([*facts, ibrutinib]) == {"Tecartus": "yes", "Breyanzi": "yes"}
    assert says(facts, "Tecartus", place="EU").answer == "no"
    assert says([*facts, ibrutinib], "Tecartus", place="EU").answer == "yes"


@pytest.mark.parametrize(
    ("classes", "expected"),
    [(["BTKi"], {}), (["BTKi", "BCL2i"], {"Breyanzi": "yes"}), (None, {"Breyanzi": "unknown"})],
)
def test_cll_asks_for_both_classes_and_not_for_failure(classes: list[str] | None, expected: object) -> None:
    told = {} if classes is None else {"classes": classes}
    second = line(2, "2023-07-01", "2023-09-01", systemic=True, outcome="intolerance", **told)
    assert verdicts([*disease("sll"), ADULT, BENDAMUSTINE, second]) == expected


def test_marginal_zone_lymphoma_is_covered_since_december_2025() -> None:
    second = line(2, "2023-07-01", "2024-07-01", classes=["anti-CD20"], systemic=True, outcome="progression")
    facts = [*disease("marginal_zone_lymphoma", at="2025-11-01"), aged(60, "2025-11-01"), BENDAMUSTINE, second]
    assert verdicts(facts, date(2025, 12, 3)) == {}
    assert verdicts(facts, date(2025, 12, 4)) == {"Breyanzi": "yes"}


def test_a_kind_not_stated_is_unknown_where_it_could_be_covered() -> None:
    facts = [*disease("b_nhl"), ADULT, r_chop(outcome_date="2025-12-01"), SECOND]
    assert set(verdicts(facts)) == {"Kymriah", "Yescarta", "Tecartus", "Breyanzi"}
    assert set(verdicts(facts).values()) == {"unknown"}


@pytest.mark.parametrize("confirmed", [False, None])
def test_a_diagnosis_without_pathology_is_unknown_and_no_other_product_changes(confirmed: bool | None) -> None:
    facts = [*disease("dlbcl", confirmed=confirmed), ADULT, r_chop(outcome_date="2026-07-14")]
    assert verdicts(facts) == {"Yescarta": "unknown", "Breyanzi": "unknown"}


@pytest.mark.parametrize("choice", ["hodgkin_lymphoma", "t_cell_lymphoma", "waldenstrom", "burkitt_lymphoma", "aml"])
def test_a_disease_that_no_label_names_is_no(choice: str) -> None:
    assert verdicts([*disease(choice), ADULT, BENDAMUSTINE, NEXT]) == {}


def test_a_minor_is_outside_the_adult_texts_and_an_unknown_age_is_unknown() -> None:
    facts = [*disease("dlbcl"), r_chop(start="2024-01-05", end="2024-06-15", outcome_date="2025-09-10"), SECOND]
    assert verdicts([*facts, aged(17)]) == {}
    assert set(verdicts(facts).values()) == {"unknown"}


def test_age_alone_never_excludes_an_adult() -> None:
    facts = [*disease("dlbcl"), aged(93), r_chop(outcome_date="2025-12-10"), SECOND]
    assert verdicts(facts) == {"Kymriah": "yes", "Yescarta": "yes", "Breyanzi": "yes"}


def test_lines_before_a_transformation_are_counted_and_that_is_told() -> None:
    first = line(1, "2020-01-01", "2021-01-01", classes=["anti-CD20"], systemic=True, outcome="transformation")
    facts = [*disease("dlbcl_from_fl"), ADULT, first, r_chop(2, outcome_date="2026-10-01")]
    answer = says(facts, "Kymriah")
    assert answer.answer == "yes"
    assert answer.ambiguous == ("Lines given before the disease transformed are counted.",)


def test_a_diagnosis_in_other_words_is_told_as_read() -> None:
    facts = [*disease("lbcl", text="plasmablastic lymphoma"), ADULT, r_chop(outcome_date="2026-07-14")]
    assert says(facts, "Yescarta").ambiguous == (
        "The diagnosis is recorded in other words: it is read as large B-cell lymphoma, subtype not stated.",
    )


def test_a_class_that_is_not_understood_is_told_and_not_dropped() -> None:
    second = line(2, "2023-07-01", "2023-09-01", systemic=True, outcome="progression", classes=["Brutons blocker"])
    answer = says([*disease("mantle_cell_lymphoma"), ADULT, BENDAMUSTINE, second], "Breyanzi")
    assert answer.because == "Has not had a BTK inhibitor (not understood: Brutons blocker)."
