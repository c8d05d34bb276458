"""FIT-11 to FIT-15: infections. EBMT/EHA, PMC10867419 tables 1 and 6."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.candidacy.infections import LATENT, infections
from pathway.candidacy.drawn import course

NEGATIVE = "2026-10-20 hbsag negative\n2026-10-20 anti_hbc negative"
LATENT_B = "2026-10-20 hbsag negative\n2026-10-20 anti_hbc positive\n2026-10-22 hbv_dna 0"


@pytest.mark.parametrize(
    ("drawn", "id_", "expected"),
    [
        ("2026-10-20 infection_status none", "FIT-11", "yes"),
        ("2026-10-20 infection_status controlled", "FIT-11", "yes"),
        ("2026-10-20 infection_status active organism=aspergillus", "FIT-11", "no DEF"),
        ("2026-10-20 infection_status none\n2026-10-20 sars_cov_2_test positive", "FIT-11", "no DEF"),
        (NEGATIVE, "FIT-12", "yes"),
        ("2026-10-20 hbsag positive\n2026-10-20 hbv_dna 20000", "FIT-12", "no DEF"),
        (LATENT_B, "FIT-12", "no REL"),
        (f"{LATENT_B}\n2026-10-22 antiviral_prophylaxis on", "FIT-12", "yes"),
        ("2026-10-20 hcv_antibody negative", "FIT-13", "yes"),
        ("2026-10-20 hcv_antibody positive\n2026-10-22 hcv_rna 5000", "FIT-13", "no DEF"),
        ("2026-10-20 hcv_antibody positive\n2026-10-22 hcv_rna 15 below=yes", "FIT-13", "yes"),
        ("2026-10-20 hiv_test negative", "FIT-14", "yes"),
    ],
)
def test_infections(drawn: str, id_: str, expected: str) -> None:
    found = next(each for each in infections(course(drawn)) if each.id == id_)
    assert " ".join([found.answer, *([found.severity] if found.answer is Answer.no else [])]) == expected


@pytest.mark.parametrize(
    ("drawn", "id_", "what"),
    [
        ("", "FIT-11", "infection_status"),
        ("2026-10-20 hbsag negative", "FIT-12", "anti_hbc"),
        ("2026-10-20 hbsag negative\n2026-10-20 anti_hbc positive", "FIT-12", "hbv_dna"),
        ("2026-10-20 hcv_antibody positive", "FIT-13", "hcv_rna"),
        ("2026-10-20 hiv_test positive", "FIT-14", "holder_accepts"),
    ],
)
def test_a_screen_without_its_second_test_is_unknown_and_names_it(drawn: str, id_: str, what: str) -> None:
    found = next(each for each in infections(course(drawn)) if each.id == id_)
    assert found.answer is Answer.unknown
    assert [each.what for each in found.missing] == [what]


def test_of_hiv_the_holder_of_each_product_is_asked() -> None:
    drawn = course("2026-10-20 hiv_test positive\n2026-10-25 holder_accepts yes product=axi-cel")
    asked = {each.id: each for each in infections(drawn, "axi-cel")}
    assert asked["FIT-14"].answer is Answer.yes
    assert {each.id: each for each in infections(drawn, "tisa-cel")}["FIT-14"].answer is Answer.unknown


def test_of_the_latent_infections_those_not_tested_are_named() -> None:
    drawn = "\n".join(f"2026-10-20 screening_test negative about={name}" for name in LATENT[1:])
    found = infections(course(drawn))[-1]
    assert (found.answer, found.because) == (Answer.unknown, "Not tested: CMV.")
    assert infections(course(f"{drawn}\n2026-10-20 screening_test negative about=CMV"))[-1].answer is Answer.yes
