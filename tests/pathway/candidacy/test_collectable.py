"""From which day on cells may be collected: washouts (holder's, center's, default), counts, samples."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.pathway.answer import Answer, Severity
from cartway.pathway.candidacy.collectable import earliest_collection
from cartway.pathway.candidacy.washouts import washout_tables
from cartway.pathway.course import Course
from cartway.vocabulary import vocabulary
from pathway.candidacy.drawn import TODAY, center, day
from pathway.candidacy.drawn import course as drawn_only

NOBODY = center()
NO_LINE = "2020-01-01 line_of_therapy 0"


def course(drawn: str) -> Course:
    """The drawn course; where it draws no line of therapy, the record says that there was none."""
    return drawn_only(drawn if "line_of_therapy" in drawn else f"{NO_LINE}\n{drawn}")


@pytest.mark.parametrize("drawn", ["", "2026-10-01 diagnosis dlbcl", "2020-10-31 drug dexamethasone"])
def test_lines_of_therapy_that_nobody_recorded_are_not_none(drawn: str) -> None:
    """Nothing on record is not nothing given: whether there was fludarabine last month nobody knows."""
    found = earliest_collection(drawn_only(drawn), NOBODY)
    assert (found.day, found.preferred) == (None, None)
    asked = [each for each in found.criteria if each.id == "COL-07"]
    assert [(each.answer, each.missing[0].what) for each in asked] == [(Answer.unknown, "line_of_therapy")]


@pytest.mark.parametrize("drawn", [NO_LINE, "2026-10-01 disease_status newly_diagnosed"])
def test_a_statement_that_there_was_no_line_is_enough(drawn: str) -> None:
    found = earliest_collection(drawn_only(drawn), NOBODY)
    assert found.day == day(TODAY)
    assert [each.answer for each in found.criteria if each.id == "COL-07"] == [Answer.yes]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("2026-10-29 immunosuppression systemic prednisone_mg=60", None),
        ("2026-10-29 immunosuppression systemic", None),
        ("2026-10-29 immunosuppression systemic prednisone_mg=60\n2026-10-31 drug dexamethasone", None),
        ("2026-10-29 immunosuppression systemic prednisone_mg=5", TODAY),
        ("2026-10-20 immunosuppression systemic prednisone_mg=60 until=2026-10-30", "2026-11-02"),
        ("2026-10-20 immunosuppression systemic prednisone_mg=60\n2026-10-30 immunosuppression none", "2026-11-02"),
        ("2026-10-29 immunosuppression topical", TODAY),
    ],
)
def test_immunosuppression_in_force_has_no_last_dose_yet(drawn: str, expected: str | None) -> None:
    found = earliest_collection(course(drawn), NOBODY)
    assert found.day == (day(expected) if expected else None)
    answers = {each.answer for each in found.criteria if each.id == "COL-07"}
    assert (Answer.unknown in answers) is (expected is None)


@pytest.mark.parametrize(
    ("given_before", "least", "preferred"),
    [
        ("2026-10-31 drug dexamethasone", "2026-11-03", "2026-11-07"),
        ("2026-10-31 drug dexamethasone route=topical", TODAY, TODAY),
        ("2026-10-25 drug cyclophosphamide", "2026-11-08", "2026-11-08"),
        ("2026-10-25 drug vincristine", TODAY, TODAY),
        ("2026-10-28 drug methotrexate route=intrathecal", "2026-11-04", "2026-11-04"),
        ("2026-10-28 drug methotrexate", "2026-11-11", "2026-11-11"),
        ("2026-09-01 drug bendamustine", TODAY, "2027-03-03"),
        ("2026-09-20 drug fludarabine", "2026-11-15", "2027-03-22"),
        ("2026-06-01 drug cladribine", "2026-12-01", "2026-12-01"),
        ("2026-10-01 drug alemtuzumab", "2026-11-26", "2027-04-02"),
        ("2026-10-30 drug lenalidomide", "2026-11-06", "2026-11-13"),
        ("2026-10-30 drug ibrutinib", TODAY, TODAY),
        ("2026-10-25 drug pegfilgrastim", "2026-11-08", "2026-11-08"),
        ("2026-10-30 drug filgrastim", "2026-11-02", "2026-11-04"),
        ("2026-10-25 drug tacrolimus", "2026-11-08", "2026-11-08"),
        ("2026-05-01 transplant allogeneic\n2026-10-25 drug tacrolimus", "2026-11-22", "2026-11-22"),
        ("2026-09-01 transplant allogeneic", "2026-12-10", "2026-12-30"),
        ("2026-10-01 bridging_therapy radiotherapy until=2026-10-28", "2026-11-04", "2026-11-11"),
        ("2026-10-01 bridging_therapy corticosteroid until=2026-10-31", "2026-11-03", "2026-11-07"),
        ("2026-10-01 bridging_therapy none", TODAY, TODAY),
        ("2026-06-01 line_of_therapy 3 until=2026-10-25 classes=CD20xCD3_bispecific", "2026-11-08", "2026-11-22"),
        ("2026-06-01 line_of_therapy 3 until=2026-10-01 classes=PD-1", "2026-11-12", "2026-12-30"),
        ("2026-06-01 line_of_therapy 2 until=2026-10-20 classes=chemotherapy,auto-HCT", "2026-11-10", "2026-11-17"),
        ("2026-06-01 line_of_therapy 2 until=2026-10-25 regimen=daratumumab", "2026-11-08", "2026-12-06"),
        ("2026-06-01 line_of_therapy 2 until=2026-10-25 classes=anti-CD20", TODAY, TODAY),
    ],
)
def test_the_default_table_counts_from_the_last_dose(given_before: str, least: str, preferred: str) -> None:
    found = earliest_collection(course(given_before), NOBODY)
    assert (found.day, found.preferred) == (day(least), day(preferred))


def test_the_longest_washout_decides_and_the_last_dose_of_each_counts() -> None:
    drawn = "2026-10-20 drug dexamethasone\n2026-10-31 drug dexamethasone\n2026-10-28 drug cytarabine"
    found = earliest_collection(course(drawn), NOBODY)
    assert [(each.id, each.last, each.until) for each in found.washouts] == [
        ("cytotoxic_chemotherapy", day("2026-10-28"), day("2026-11-11")),
        ("systemic_corticosteroid", day("2026-10-31"), day("2026-11-03")),
    ]
    assert found.day == day("2026-11-11")
    assert [each.id for each in found.blocking] == ["cytotoxic_chemotherapy"]


def test_the_unknown_end_of_a_line_is_unknown_and_never_passed() -> None:
    found = earliest_collection(course("2022-01-01 line_of_therapy 1 classes=PI,IMiD"), NOBODY)
    assert (found.day, found.preferred, found.known) == (None, None, day(TODAY))
    asked = [each for each in found.criteria if each.id == "COL-07"]
    assert {each.answer for each in asked} == {Answer.unknown}
    assert {each.missing[0].settles for each in asked} == {"the referring center's medication record"}


def test_a_line_that_nobody_ended_had_ended_when_the_next_began() -> None:
    drawn = "2022-01-01 line_of_therapy 1 classes=PI\n2026-10-20 line_of_therapy 2 until=2026-10-31 classes=anti-CD20"
    found = earliest_collection(course(drawn), NOBODY)
    assert found.day == day("2026-11-03")
    assert found.washouts[0].inferred == "ended by the start of line 2"


def test_a_running_infusion_has_no_last_dose_yet() -> None:
    assert earliest_collection(course("2026-10-30 drug cytarabine continuous=yes"), NOBODY).day is None


def test_the_holders_table_comes_first_then_the_centers_then_the_default() -> None:
    drawn = course("2026-10-31 drug dexamethasone")
    centers = "2026-01-01 washout_rule 5 about=systemic_corticosteroid document=SOP_7"
    holders = "2026-01-01 washout_rule 7 about=systemic_corticosteroid product=tisagenlecleucel document=Manual_3"
    both = center(f"{centers}\n{holders}")
    product = "tisagenlecleucel"

    def found(record: object, product: str = "") -> tuple[str, object]:
        washout = earliest_collection(drawn, record, product).washouts[0]  # type: ignore[arg-type]
        return washout.set_by, washout.until

    assert found(NOBODY, product) == ("default", day("2026-11-03"))
    assert found(center(centers), product) == ("center", day("2026-11-05"))
    assert found(both, product) == ("holder", day("2026-11-07"))
    assert found(both) == ("center", day("2026-11-05"))


def test_autoimmune_disease_has_a_table_of_its_own() -> None:
    drug = "2026-10-20 drug mycophenolate\n2026-10-31 drug prednisone\n2026-10-28 drug rituximab"
    lupus = earliest_collection(course(f"2026-01-01 diagnosis sle\n{drug}"), NOBODY)
    lymphoma = earliest_collection(course(f"2026-01-01 diagnosis dlbcl\n{drug}"), NOBODY)
    assert (lupus.table, lupus.day) == ("autoimmune", day("2026-11-07"))
    assert (lymphoma.table, lymphoma.day) == ("cancer", day("2026-11-03"))
    assert {each.id for each in lupus.washouts} == {"systemic_corticosteroid", "immunosuppressant", "b_cell_antibody"}


def test_a_center_may_leave_relative_washouts_to_the_physician() -> None:
    drawn = course("2026-10-31 drug bendamustine\n2026-06-01 line_of_therapy 3 until=2026-10-25 classes=anti-CD38")
    policy = center("2026-01-01 center_policy set about=candidacy_relative_washouts choice=told")
    assert earliest_collection(drawn, NOBODY).day == day("2026-11-14")
    found = earliest_collection(drawn, policy)
    assert "anti_cd38" in {each.id for each in found.washouts}
    assert found.day == day("2026-11-14")  # bendamustine is chemotherapy too: 14 days
    only = course("2026-06-01 line_of_therapy 3 until=2026-10-25 classes=anti-CD38")
    assert (earliest_collection(only, NOBODY).day, earliest_collection(only, policy).day) == (
        day("2026-11-08"),
        day(TODAY),
    )


def test_a_therapy_of_which_the_table_says_nothing_is_named() -> None:
    drawn = course("2026-06-01 line_of_therapy 2 until=2026-10-25 regimen=R-idelalisib classes=PI3Ki")
    assert earliest_collection(drawn, NOBODY).uncovered == ("Line 2: R-idelalisib",)


def test_a_live_vaccine_waits_for_lymphodepletion_and_not_for_the_collection() -> None:
    found = earliest_collection(course("2026-10-30 line_of_therapy 1 until=2026-10-30 classes=live_vaccine"), NOBODY)
    assert (found.day, found.washouts[0].before, found.washouts[0].until) == (
        day(TODAY),
        "lymphodepletion",
        day("2026-11-27"),
    )
    assert [each.answer for each in found.criteria if each.id == "COL-07"] == [Answer.yes]


def test_a_line_whose_drugs_nobody_recorded_has_an_unknown_washout_unless_it_is_long_ago() -> None:
    found = earliest_collection(course("2026-06-01 line_of_therapy 2 until=2026-10-25 regimen=study_drug"), NOBODY)
    assert (found.day, found.uncovered) == (None, ())
    assert [each.answer for each in found.criteria if each.id == "COL-07"] == [Answer.unknown]
    assert earliest_collection(course("2020-06-01 line_of_therapy 1 until=2020-10-25"), NOBODY).day == day(TODAY)


@settings(deadline=None)
@given(doses=st.lists(st.tuples(st.integers(1, 400), st.sampled_from(["dexamethasone", "cytarabine", "fludarabine"]))))
def test_another_dose_never_brings_the_day_forward(doses: list[tuple[int, str]]) -> None:
    """Washouts are monotone: each further therapy keeps the earliest day or moves it on."""
    lines = [f"{day('2026-10-31').fromordinal(day('2026-10-31').toordinal() - ago)} drug {name}" for ago, name in doses]
    days = [earliest_collection(course("\n".join(lines[:n])), NOBODY).day for n in range(len(lines) + 1)]
    assert all(first is not None and then is not None and first <= then for first, then in pairwise(days))


def test_every_row_of_the_tables_is_whole() -> None:
    drugs = vocabulary().variables["drug"].choices
    classes = {each for choice in drugs.values() for each in choice.classes}
    for rows in washout_tables().values():
        assert len({each.id for each in rows}) == len(rows)
        for row in rows:
            assert 0 <= row.min_days <= row.preferred_days
            assert row.source
            assert row.classes or row.drugs
    assert "steroid" in classes


@pytest.mark.parametrize(
    ("drawn", "id_", "expected"),
    [
        ("2026-10-30 lymphocytes 0.2", "COL-01", "yes"),
        ("2026-10-30 lymphocytes 0.19", "COL-01", "no DEF"),
        ("2026-10-30 cd3 149", "COL-02", "no REL"),
        ("2026-10-30 leukocytes 30\n2026-10-30 blood_blasts 80\n2026-10-30 diagnosis b_all", "COL-03", "no REL"),
        ("2026-10-30 leukocytes 12\n2026-10-30 blood_blasts 80\n2026-10-30 diagnosis b_all", "COL-03", "yes"),
        ("2026-10-30 leukocytes 30\n2026-10-30 diagnosis b_all", "COL-03", "unknown"),
        ("2026-10-30 leukocytes 30\n2026-10-30 blood_blasts present\n2026-10-30 diagnosis b_all", "COL-03", "unknown"),
        ("2026-10-30 collection completed cd3_million=500", "COL-05", "no DEF"),
        (
            "2026-10-29 collection completed cd3_million=500\n2026-10-30 collection completed cd3_million=400",
            "COL-05",
            "yes",
        ),
        ("2026-10-30 collection completed", "COL-05", "unknown"),
        ("2026-10-30 venous_access inadequate", "FIT-25", "no DEF"),
        ("2026-10-30 venous_access line_planned", "FIT-25", "yes"),
        ("", "COL-07", "yes"),
        ("2026-10-31 drug cytarabine", "COL-07", "no DEF"),
        ("2026-01-01 drug cytarabine", "COL-07", "yes"),
        ("2026-08-01 line_of_therapy 2 until=2026-10-01 classes=anti-CD38", "COL-07", "no REL"),
        ("2026-10-27 drug dexamethasone", "COL-07", "no INFO"),
    ],
)
def test_counts_and_access(drawn: str, id_: str, expected: str) -> None:
    found = next(each for each in earliest_collection(course(drawn), NOBODY).criteria if each.id == id_)
    assert " ".join([found.answer, *([found.severity] if found.answer is Answer.no else [])]) == expected


MARKERS = "\n".join(f"2026-09-20 {name} negative" for name in ("hbsag", "anti_hbc", "hcv_antibody", "hiv_test"))


def test_an_old_marker_sample_is_told_and_defers_once_a_collection_is_planned() -> None:
    def severity(drawn: str) -> tuple[Answer, Severity]:
        criteria = earliest_collection(course(drawn), NOBODY).criteria
        return next((each.answer, each.severity) for each in criteria if each.id == "COL-06")

    assert severity(MARKERS) == (Answer.no, Severity.note)
    assert severity(f"{MARKERS}\n2026-11-05 appointment collection") == (Answer.no, Severity.deferring)
    assert severity(MARKERS.replace("09-20", "10-20")) == (Answer.yes, Severity.deferring)
    assert severity("2026-10-20 hbsag negative") == (Answer.unknown, Severity.deferring)
