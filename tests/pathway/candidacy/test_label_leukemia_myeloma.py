"""The label axis in leukemia, myeloma, solid tumors and elsewhere: one course, one question."""

from __future__ import annotations

from datetime import date

import pytest

from cartway.record import Fact
from pathway.candidacy.label_courses import aged, disease, fact, line, r_chop, says, verdicts

INDUCTION = line(
    1, "2021-01-01", "2023-03-01", regimen="induction", classes=["chemotherapy"], systemic=True, response="CR",
    outcome="relapse 1", outcome_date="2024-02-01",
)  # fmt: skip
AGAIN = line(
    2, "2024-02-15", "2024-09-01", regimen="reinduction", classes=["chemotherapy"], systemic=True, response="CR",
    outcome="relapse 2", outcome_date="2026-09-01",
)  # fmt: skip
TARGET = [fact("antigen_expression", choice="positive", about="CD19")]


def vrd(*, outcome_date: str | None = "2026-06-15", end: str = "2026-06-01", **detail: object) -> Fact:
    """One line with a proteasome inhibitor and lenalidomide, progression after it."""
    told = {
        "regimen": "VRd, lenalidomide maintenance", "classes": ["PI", "IMiD", "steroid"], "systemic": True,
        "response": "VGPR", "outcome": "progression", **detail,
    }  # fmt: skip
    if outcome_date:
        told["outcome_date"] = outcome_date
    return line(1, "2022-01-01", end, **told)


DARA = line(
    2, "2026-07-01", "2026-10-01", regimen="daratumumab-pomalidomide-dex", classes=["anti-CD38", "IMiD", "steroid"],
    systemic=True, response="PR", outcome="progression", outcome_date="2026-10-10", refractory_to=["pomalidomide"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (4, {"Kymriah": "yes"}),
        (17, {"Kymriah": "yes"}),
        (18, {"Kymriah": "yes", "Tecartus": "yes", "Aucatzyl": "yes"}),
        (25.5, {"Kymriah": "yes", "Tecartus": "yes", "Aucatzyl": "yes"}),
        (26, {"Tecartus": "yes", "Aucatzyl": "yes"}),
        (71, {"Tecartus": "yes", "Aucatzyl": "yes"}),
    ],
)
def test_b_all_at_its_age_limits(age: float, expected: object) -> None:
    """Kymriah up to 25 years, read as before the 26th birthday; the others adults."""
    assert verdicts([*disease("b_all", status="second_relapse"), aged(age), INDUCTION, AGAIN]) == expected


def test_the_birthday_itself_ends_the_limit() -> None:
    """Born on 2000-11-02: 25 on 2026-11-01, 26 the day after."""
    facts = [*disease("b_all", status="second_relapse"), fact("birth_date", at="2000-11-02"), INDUCTION, AGAIN]
    assert says(facts, "Kymriah", date(2026, 11, 1)).answer == "yes"
    assert says(facts, "Kymriah", date(2026, 11, 2)).answer == "no"


def test_an_old_record_of_the_age_is_not_trusted_over_a_birthday() -> None:
    """17 on 2026-02-01: nine months later 17 or 18."""
    facts = [*disease("b_all", status="second_relapse"), aged(17, "2026-02-01"), INDUCTION, AGAIN]
    answer = says(facts, "Aucatzyl")
    assert answer.answer == "unknown"
    assert answer.missing[0].what == "birth_date"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("primary_refractory", "yes"),
        ("second_relapse", "yes"),
        ("later_relapse", "yes"),
        ("first_relapse", "no"),
        ("relapse_after_transplant", "no"),
        ("remission", "no"),
        ("residual", "no"),
    ],
)
def test_kymriah_asks_a_child_for_refractory_disease_or_a_second_relapse(status: str, expected: str) -> None:
    assert says([*disease("b_all", status=status), aged(9), INDUCTION], "Kymriah").answer == expected


def test_a_relapse_after_transplant_is_enough_in_the_eu() -> None:
    """Named in the EU text and not in the US text."""
    facts = [*disease("b_all", status="relapse_after_transplant"), aged(9), INDUCTION]
    assert says(facts, "Kymriah", place="EU").answer == "yes"


def test_a_first_relapse_that_does_not_answer_is_refractory() -> None:
    second = line(2, "2024-02-15", "2024-09-01", classes=["chemotherapy"], response="no CR", outcome="refractory")
    assert says([*disease("b_all", status="first_relapse"), aged(9), INDUCTION, second], "Kymriah").answer == "yes"


def test_which_relapse_it_is_may_be_unknown() -> None:
    silent = line(1, "2021-01-01", classes=["chemotherapy"])
    assert says([*disease("b_all"), aged(9), silent], "Kymriah").answer == "unknown"


def test_residual_disease_alone_is_read_and_told() -> None:
    answer = says([*disease("b_all", status="residual"), aged(40), INDUCTION], "Aucatzyl")
    assert answer.answer == "no"
    assert "residual" in answer.ambiguous[0]


def test_a_missing_status_is_read_from_how_the_last_line_ended_or_unknown() -> None:
    facts = [*disease("b_all", status=""), aged(40)]
    assert says([*facts, INDUCTION], "Aucatzyl").answer == "yes"
    assert says(facts, "Aucatzyl").answer == "unknown"


def test_words_met_while_the_target_is_absent_are_told() -> None:
    """No US label of the seven names a test of the target: that is another axis."""
    negative = fact("antigen_expression", choice="negative", about="CD19")
    answer = says([*disease("b_all", status="second_relapse"), aged(22), INDUCTION, AGAIN, negative], "Kymriah")
    assert answer.answer == "yes"
    assert "CD19 was found negative" in answer.ambiguous[0]


def test_one_line_with_lenalidomide_refractoriness_is_carvyktis() -> None:
    assert verdicts([*disease("multiple_myeloma"), aged(62), vrd(refractory_to=["lenalidomide"])]) == {
        "Carvykti": "yes"
    }


@pytest.mark.parametrize(
    ("progressed", "expected"),
    [("2026-05-20", "yes"), ("2026-07-31", "yes"), ("2026-08-01", "no"), (None, "unknown")],
)
def test_refractoriness_is_worked_out_by_60_days(progressed: str | None, expected: str) -> None:
    """IMWG: progression on the drug or within 60 days of its last dose (2026-06-01)."""
    facts = [*disease("multiple_myeloma"), aged(62), vrd(outcome_date=progressed)]
    assert says(facts, "Carvykti").answer == expected


def test_what_is_stated_of_the_drug_goes_before_what_is_worked_out() -> None:
    facts = [*disease("multiple_myeloma"), aged(62), vrd(outcome_date=None)]
    for choice in ("yes", "no"):
        told = fact("drug_refractory", choice=choice, about="lenalidomide")
        assert says([*facts, told], "Carvykti").answer == choice


def test_a_record_that_contradicts_its_days_is_unknown() -> None:
    """Refractory to bortezomib only, and yet progression 14 days after the last lenalidomide."""
    facts = [*disease("multiple_myeloma"), aged(62), vrd(refractory_to=["bortezomib"])]
    assert says(facts, "Carvykti").answer == "unknown"


def test_an_immunomodulatory_drug_not_named_leaves_lenalidomide_open() -> None:
    facts = [*disease("multiple_myeloma"), aged(62), vrd(regimen="a triplet")]
    assert says(facts, "Carvykti").answer == "unknown"


def test_pomalidomide_is_not_lenalidomide() -> None:
    facts = [*disease("multiple_myeloma"), aged(62), vrd(regimen="PVd")]
    assert says(facts, "Carvykti").answer == "no"


def test_triple_class_exposure_may_lie_in_several_lines() -> None:
    facts = [*disease("multiple_myeloma"), aged(70), vrd(refractory_to=["lenalidomide"]), DARA]
    assert verdicts(facts) == {"Abecma": "yes", "Carvykti": "yes"}
    assert not says(facts, "Abecma").confirmed  # its text was not seen, and that is shown


@pytest.mark.parametrize(
    ("on", "abecma", "carvykti"),
    [
        (date(2024, 4, 3), "ABE-4L", "CAR-4L"),
        (date(2024, 4, 4), "ABE-2L", "CAR-4L"),
        (date(2024, 4, 5), "ABE-2L", "CAR-1L"),
    ],
)
def test_the_myeloma_texts_change_on_their_days(on: date, abecma: str, carvykti: str) -> None:
    facts = [*disease("multiple_myeloma"), aged(62), vrd()]
    rules = [says(facts, name, on).rule for name in ("Abecma", "Carvykti")]
    assert [rule.id for rule in rules if rule is not None] == [abecma, carvykti]


def test_four_lines_without_lenalidomide_refractoriness_left_the_carvykti_text() -> None:
    """Covered by the first text, outside the one since 2024-04-05."""
    regimens = {"VRd": ["PI", "IMiD"], "Dara-Vd": ["anti-CD38", "PI"], "KPd": ["PI", "IMiD"], "EPd": ["IMiD"]}
    usual = {"response": "PR", "outcome": "progression", "systemic": True}
    lines = [
        line(
            n, f"{2014 + n}-01-01", f"{2014 + n}-06-01", regimen=regimen, classes=classes,
            outcome_date=f"{2014 + n}-12-01", **usual,
        )
        for n, (regimen, classes) in enumerate(regimens.items(), 1)
    ]  # fmt: skip
    facts = [*disease("multiple_myeloma", at="2022-01-01"), aged(60, "2022-01-01"), *lines]
    assert says(facts, "Carvykti", date(2023, 6, 1)).answer == "yes"
    assert says(facts, "Carvykti", date(2024, 6, 1)).answer == "no"


@pytest.mark.parametrize("choice", ["plasma_cell_leukemia", "al_amyloidosis"])
def test_a_disease_near_myeloma_is_read_as_outside_and_told(choice: str) -> None:
    answer = says([*disease(choice), aged(57), vrd(refractory_to=["lenalidomide"]), DARA], "Carvykti")
    assert answer.answer == "no"
    assert answer.ambiguous


def test_the_eu_asks_for_progression_on_the_last_line() -> None:
    intolerant = line(2, "2026-07-01", "2026-10-01", classes=["anti-CD38"], systemic=True, outcome="intolerance")
    facts = [*disease("multiple_myeloma"), aged(70), vrd(refractory_to=["lenalidomide"])]
    assert says([*facts, intolerant], "Abecma", place="EU").answer == "no"
    assert says([*facts, DARA], "Abecma", place="EU").answer == "yes"


@pytest.mark.parametrize(
    ("claudin", "her2", "expected"),
    [
        ("positive", "negative", "yes"),
        ("negative", "negative", "no"),
        ("positive", "positive", "no"),
        ("positive", "", "unknown"),
        ("", "negative", "unknown"),
        ("dim", "negative", "unknown"),
    ],
)
def test_a_solid_tumor_with_its_target_as_a_term_of_the_label(claudin: str, her2: str, expected: str) -> None:
    """Satri-cel, China since 2026-06-22: CLDN18.2 positive and HER2 negative, after two lines."""
    told = [
        fact("antigen_expression", choice=choice, about=about)
        for about, choice in (("CLDN18.2", claudin), ("HER2", her2))
        if choice
    ]
    lines = [line(n, f"202{n}-01-01", classes=["chemotherapy"], outcome="progression") for n in (1, 2)]
    facts = [*disease("gastric_cancer"), aged(60), *lines, *told]
    assert says(facts, "satri-cel", place="CN").answer == expected
    assert says(facts, "satri-cel", date(2026, 6, 21), "CN").answer != "yes"
    assert says(facts, "satri-cel").answer == "no"


@pytest.mark.parametrize("name", ["cema-cel", "anito-cel", "miv-cel", "in vivo CAR", "lasme-cel", "Descartes-08"])
def test_an_investigational_product_is_never_a_labels_yes(name: str) -> None:
    facts = [*disease("dlbcl"), aged(58), r_chop(outcome_date="2026-07-14")]
    assert says(facts, name).answer == "no"
    assert "investigational" in says(facts, name).because


def test_an_approval_whose_text_is_not_held_is_unknown() -> None:
    assert says([*disease("solid_tumor"), aged(40)], "Tecelra").answer == "unknown"
    assert says([*disease("mantle_cell_lymphoma"), aged(60), r_chop()], "Breyanzi", place="EU").answer == "unknown"


def test_a_place_whose_label_is_not_held_is_unknown() -> None:
    assert says([*disease("dlbcl"), aged(58), r_chop()], "Yescarta", place="UK").answer == "unknown"
    assert says([*disease("dlbcl"), aged(58), r_chop()], "no such product").answer == "unknown"


def test_nothing_known_is_unknown_everywhere() -> None:
    assert set(verdicts([]).values()) == {"unknown"}
    assert len(verdicts([])) == 7


def test_an_answer_names_the_text_it_used() -> None:
    """Label version and date are shown with every verdict."""
    answer = says([*disease("dlbcl"), aged(58), r_chop(outcome_date="2026-07-14")], "Yescarta")
    assert answer.version == "US text in force on Nov 1, 2026, YES-LBCL2 since Apr 1, 2022"
    assert answer.criteria[0].facts[0].what == "diagnosis"
