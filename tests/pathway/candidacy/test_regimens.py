"""What a regimen held: an abbreviation is read by its standard composition, and what is not read is not known."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.candidacy.classes import drug_classes
from cartway.pathway.candidacy.collectable import earliest_collection
from cartway.pathway.candidacy.regimens import hides_drugs, read, regimens
from cartway.pathway.candidacy.washouts import washout_tables
from pathway.candidacy.drawn import center, course, day


@pytest.mark.parametrize(
    ("regimen", "washout"),
    [
        ("FLAG-Ida", "fludarabine_clofarabine"),
        ("FCR x6", "fludarabine_clofarabine"),
        ("FC", "fludarabine_clofarabine"),
        ("BR", "bendamustine"),
        ("pola-BR", "bendamustine"),
        ("hyper-CVAD A/B", "intensive_chemotherapy"),
        ("R-DHAP then BEAM", "intensive_chemotherapy"),
        ("RICE", "cytotoxic_chemotherapy"),
        ("R-GemOx", "cytotoxic_chemotherapy"),
        ("R-CHOP x6", "systemic_corticosteroid"),
    ],
)
def test_saying_chemotherapy_does_not_hide_what_the_regimen_holds(regimen: str, washout: str) -> None:
    written = regimen.replace(" ", "_")
    drawn = f"2026-06-01 line_of_therapy 1 until=2026-10-25 regimen={written} classes=chemotherapy"
    found = earliest_collection(course(drawn), center())
    assert washout in {each.id for each in found.washouts}
    assert found.untold == ()


def test_fludarabine_within_flag_ida_keeps_cells_from_being_collected() -> None:
    drawn = "2026-06-01 line_of_therapy 1 until=2026-10-25 regimen=FLAG-Ida classes=chemotherapy systemic=yes"
    assert earliest_collection(course(drawn), center()).day == day("2026-12-20")


@pytest.mark.parametrize("regimen", ["XYZ-9", "two_induction_courses", "", "R-CHOP,_study_drug"])
def test_chemotherapy_by_a_name_nobody_can_read_is_not_known(regimen: str) -> None:
    drawn = f"2026-06-01 line_of_therapy 1 until=2026-10-01 classes=chemotherapy regimen={regimen}"
    found = earliest_collection(course(drawn), center())
    assert found.day is None
    assert found.untold
    assert Answer.unknown in {each.answer for each in found.criteria if each.id == "COL-07"}


@pytest.mark.parametrize(
    ("classes", "regimen", "hidden"),
    [
        (["PI", "IMiD"], "study arm B", False),
        (["chemotherapy", "anthracycline"], "", False),
        (["chemotherapy", "anti-CD20"], "", True),
        ([], "", True),
        ([], "Vincristine, dexamethasone", False),
        ([], "Vincristine, ABC123", True),
        (["chemotherapy"], "Gemcitabine, oxaliplatin, one cycle while waiting", False),
    ],
)
def test_what_hides_a_drug(classes: list[str], regimen: str, hidden: bool) -> None:
    assert hides_drugs(classes, regimen) is hidden


def test_every_name_of_the_table_is_one_that_a_washout_or_a_class_knows() -> None:
    rows = [row for table in washout_tables().values() for row in table]
    known = {*drug_classes(), *(name for row in rows for name in (*row.classes, *row.drugs))}
    known |= {"loncastuximab", "tafasitamab", "blinatumomab"}
    for name, holds in regimens().regimens.items():
        assert set(holds) <= known, name
        assert read(name).unread == ()
