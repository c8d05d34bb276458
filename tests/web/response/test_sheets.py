"""The sheets of the response page: what is typed becomes facts of one assessment; what is not told is asked or left."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response import Choices, respond
from cartway.vocabulary import vocabulary
from cartway.web.response.asked import LABELS, LISTED
from web.conftest import Site
from web.forms.bedside import COURSE, Bedside, Page, drawn

AXILLA = {"short_axis": 3.0, "site": "node", "place": "left axilla"}
BASELINE: tuple[dict[str, Any], ...] = (
    {"what": "lesion", "about": "T1", "value": 4.0, "unit": "cm", "detail": AXILLA},
    {"what": "lesion", "about": "T2", "value": 4.0, "unit": "cm", "detail": {"short_axis": 2.0, "site": "node"}},
)
NUMBERS = itertools.count(1)


def scanned(site: Site, diagnosis: str = "dlbcl") -> Bedside:
    """A fresh course with two targets, scanned before the infusion; a coordinator at its page."""
    rows = [{**row, "hours": 60, "event": "scan-1"} for row in BASELINE]
    disease = {"what": "diagnosis", "choice": diagnosis, "hours": 70}
    return Bedside(site, "coordinator", drawn(site, *rows, disease, course=f"course-{next(NUMBERS)}"))


def by_name(facts: list[Fact]) -> dict[str, Fact]:
    """Facts by variable and thing."""
    return {f"{fact.what}:{fact.about}" if fact.about else fact.what: fact for fact in facts}


SCAN = {"t1_longest": "2,8", "t1_short": "2.1", "t2_state": "not_visible"}


def test_a_scan_is_one_assessment_and_is_read_at_once(shared: Site) -> None:
    """Cheson 2014: 20 cm² to 5.88 cm² is more than half."""
    desk = scanned(shared)
    facts = by_name(
        desk.record(
            "response/scan", **SCAN, imaging_choice="ct", deauville_score="4", uptake_change_choice="reduced",
            non_target_disease_choice="absent", spleen_length="11", response_read_choice="partial",
            response_read_text="Much smaller",
        )
    )  # fmt: skip
    assert len({fact.event for fact in facts.values()}) == 1
    assert (facts["lesion:T1"].value, facts["lesion:T1"].detail) == (
        2.8, {"short_axis": 2.1, "site": "node", "place": "left axilla"},
    )  # fmt: skip
    assert facts["lesion:T2"].choice == "not_visible"
    assert facts["response_read"].detail["text"] == "Much smaller"
    found = respond(Course(shared.facts(desk.course), shared.now), Choices())
    assert [each.level for each in found.levels] == ["PR"]  # type: ignore[union-attr]
    assert "PR partial response" in desk.open("response").words


def test_the_targets_of_the_last_scan_stand_on_the_sheet(shared: Site) -> None:
    page = scanned(shared).open("response/scan")
    assert [page.value(f"t{n}_about") for n in (1, 2, 3)] == ["T1", "T2", ""]
    assert "4 x 3 left axilla" in page.words


def test_where_a_target_lies_is_told_once(shared: Site) -> None:
    desk = scanned(shared)
    desk.record("response/scan", **SCAN, imaging_choice="ct")
    later = desk.open("response/scan")
    assert "2.8 x 2.1 left axilla" in later.words
    assert "No longer visible" in later.words


def test_a_target_left_out_is_asked_about(shared: Site) -> None:
    answer = scanned(shared).send("response/scan", t1_longest="2", t1_short="1")
    assert answer.status_code == 422
    assert "Target T2 is not told. Without it the sum is not known. Leave it out?" in Page(answer.text).words


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"t1_longest": "2"}, "Both diameters are needed."),
        ({"t1_longest": "2", "t1_short": "3"}, "The diameter across is the longer one."),
        ({"t1_longest": "two", "t1_short": "1"}, "This is not a number."),
        ({"t1_longest": "2", "t1_short": "one"}, "This is not a number."),
        ({"t1_longest": "2", "t1_short": "1", "t1_state": "too_small"}, "A lesion has a size and a word."),
        ({"t1_longest": "2", "t1_short": "1", "t1_about": ""}, "This lesion has no name."),
        ({"t1_state": "huge"}, "Target lesion has no such choice."),
        ({"t1_longest": "2", "t1_short": "1", "t1_site": "moon"}, "Site has no such choice."),
        ({"n1_size": "2"}, "What the new lesion is taken for is missing."),
        ({"n1_choice": "unequivocal", "n1_size": "big"}, "This is not a number."),
        ({"n1_choice": "certain"}, "New lesion has no such choice."),
        ({"deauville_score": "6"}, "Deauville score is outside what is possible."),
        ({"deauville_score": "4", "deauville_score_choice": "x"}, "Deauville score has a number and a word."),
        ({"imaging_not_evaluable": "yes"}, "Imaging of the disease is missing."),
        ({}, "Nothing was entered."),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(shared: Site, typed: dict[str, str], problem: str) -> None:
    desk = scanned(shared)
    before = shared.office.log.position()
    answer = desk.send("response/scan", **typed)
    assert answer.status_code == 422
    assert problem in Page(answer.text).words
    assert shared.office.log.position() == before


def test_a_new_lesion_that_is_the_disease_is_progression(shared: Site) -> None:
    desk = scanned(shared)
    facts = by_name(
        desk.record(
            "response/scan", **SCAN, imaging_choice="pet_ct", deauville_score="5", uptake_change_choice="increased",
            n1_choice="unequivocal", n1_about="N1", n1_size="2.4", n1_short_axis="1.9", n1_site="node",
            n1_place="neck", n1_fdg="yes",
        )
    )  # fmt: skip
    assert facts["new_lesion:N1"].detail == {
        "size": 2.4, "short_axis": 1.9, "fdg": True, "site": "node", "place": "neck",
    }  # fmt: skip
    assert "PD progressive disease" in desk.open("response").words


def test_a_bright_tonsil_no_brighter_than_what_is_around_it_may_be_complete(shared: Site) -> None:
    """Cheson 2014: complete metabolic response may be inferred at Waldeyer ring, gut, activated spleen or marrow."""
    desk = scanned(shared)
    desk.record(
        "response/scan", **SCAN, imaging_choice="pet_ct", fdg_avid_choice="yes", deauville_score="4",
        deauville_score_site="waldeyer_ring", physiologic_uptake_choice="not_greater",
    )  # fmt: skip
    assert "CR complete response" in desk.open("response").words


def test_myeloma_markers_and_a_word_in_place_of_a_number(shared: Site) -> None:
    desk = scanned(shared, "multiple_myeloma")
    facts = by_name(
        desk.record(
            "response/myeloma", serum_m_protein="0,5", serum_immunofixation_choice="positive", urine_m_protein="0",
            kappa_light_chains="7.9", plasmacytoma_choice="none", bone_lesions_choice="stable",
        )
    )  # fmt: skip
    assert facts["serum_m_protein"].value == 0.5
    assert facts["plasmacytoma"].choice == "none"
    assert facts["plasmacytoma"].value is None


def test_residual_disease_typed_as_per_cent_is_stored_as_an_exact_share(shared: Site) -> None:
    desk = scanned(shared, "b_all")
    (fact,) = desk.record("response/marrow", mrd="0.07", mrd_method="flow", mrd_limit="0.0001", mrd_specimen="marrow")
    assert (str(fact.value), fact.unit, fact.said) == ("0.0007", "1", "0.07 %")
    assert fact.detail == {"method": "flow", "limit": 0.0001, "specimen": "marrow"}


def test_the_marrow_sheet_asks_what_fits_the_disease(shared: Site) -> None:
    words = scanned(shared, "b_all").open("response/marrow").words
    assert "Blasts in the bone marrow" in words
    assert "Plasma cells" not in words


def test_a_sheet_asks_everything_where_no_disease_is_charted(shared: Site) -> None:
    drawn(shared)
    words = Bedside(shared, "coordinator", COURSE).open("response/marrow").words
    assert "Blasts in the bone marrow" in words
    assert "Plasma cells in the bone marrow" in words


def test_a_biopsy_names_the_target_that_was_looked_for(shared: Site) -> None:
    facts = by_name(
        scanned(shared).record(
            "response/biopsy", biopsy_choice="disease", biopsy_histology="DLBCL", antigen_expression_choice="negative",
            antigen_expression_antigen="CD19", antigen_expression_percent="2", immunophenotype_choice="b_lymphoid",
        )
    )  # fmt: skip
    assert facts["antigen_expression:CD19"].detail["percent"] == 2
    assert len({fact.event for fact in facts.values()}) == 1


def test_the_criteria_are_chosen_by_a_physician_and_read_at_once(shared: Site) -> None:
    desk = scanned(shared)
    assert desk.client.get(desk.path("response/criteria")).status_code == 403
    physician = Bedside(shared, "physician", desk.course)
    physician.record("response/criteria", choice="lyric_2016", text="Decided before the infusion")
    assert "By Lugano 2014 with LYRIC 2016" in physician.open("response").words


def test_the_outcome_in_the_team_s_words(shared: Site) -> None:
    facts = by_name(
        scanned(shared).record("response/outcome", progression_choice="yes", next_therapy_regimen="Glofitamab",
                             next_therapy_choice="yes")
    )  # fmt: skip
    assert facts["next_therapy"].detail == {"regimen": "Glofitamab"}


def test_what_the_sheets_name_is_in_the_vocabulary() -> None:
    variables = vocabulary().variables
    named = [name.partition(".") for name in (*LISTED, *LABELS)]
    assert [what for what, _, detail in named if detail and detail not in variables[what].detail] == []
    assert [what for what, _, _ in named if what not in variables] == []


def test_cells_in_the_blood_below_what_the_test_can_count(shared: Site) -> None:
    desk = scanned(shared)
    facts = by_name(desk.record("response/marrow", car_t_copies="50", car_t_copies_below="yes", cd19="0"))
    assert facts["car_t_copies"].detail == {"below": True}
    assert "below 50 copies per mcg DNA" in desk.open("response").words


def test_a_nurse_is_not_asked_to_measure_scans(shared: Site) -> None:
    nurse = Bedside(shared, "nurse", scanned(shared).course)
    assert nurse.client.get(nurse.path("response/scan")).status_code == 403


def test_nodes_and_blood_of_cll(shared: Site) -> None:
    desk = scanned(shared, "cll")
    facts = by_name(desk.record("response/nodes", largest_node="1.4", lymphocytes="3.1", cll_share="0"))
    assert facts["largest_node"].value == 1.4
    assert "iwCLL" in desk.open("response").words
