"""ANT-01 to ANT-04: the target on the cells of the current relapse."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.candidacy.antigen import antigen
from pathway.candidacy.drawn import course

LINE = "2025-01-01 line_of_therapy 1 until=2025-06-01 classes=chemotherapy outcome=relapse outcome_date=2026-08-01"
LONCA = "2026-02-01 line_of_therapy 3 until=2026-06-01 classes=anti-CD19_ADC"
UNDATED = (
    "2024-01-01 line_of_therapy 1 until=2025-01-01 regimen=hyper-CVAD classes=chemotherapy outcome=relapse\n"
    "2026-03-01 line_of_therapy 2 until=2026-06-20 regimen=inotuzumab classes=CD22_ADC outcome=relapse\n"
    "2026-10-01 disease_status second_relapse"
)
BITE = "2024-02-15 line_of_therapy 2 until=2024-09-01 regimen=reinduction_and_blinatumomab"


@pytest.mark.parametrize(
    ("drawn", "target", "expected"),
    [
        (f"{LINE}\n2026-09-20 antigen_expression positive about=CD19", "CD19", "ANT-01 yes, ANT-02 yes"),
        (f"{LINE}\n2026-09-20 antigen_expression dim about=CD19", "CD19", "ANT-01 yes, ANT-02 yes"),
        (f"{LINE}\n2026-09-20 antigen_expression negative about=CD19", "CD19", "ANT-01 no, ANT-02 yes"),
        (f"{LINE}\n2026-07-20 antigen_expression positive about=CD19", "CD19", "ANT-01 unknown, ANT-02 yes"),
        (f"{LINE}\n2026-09-20 antigen_expression not_known about=CD19", "CD19", "ANT-01 unknown, ANT-02 yes"),
        (f"{LINE}\n2026-09-20 antigen_expression negative about=CD22", "CD19", "ANT-01 unknown, ANT-02 yes"),
        (f"{LONCA}\n2026-01-10 antigen_expression positive about=CD19", "CD19", "ANT-01 unknown, ANT-02 unknown"),
        (f"{LONCA}\n2026-07-10 antigen_expression positive about=CD19", "CD19", "ANT-01 yes, ANT-02 yes"),
        (f"{UNDATED}\n2024-01-01 antigen_expression positive about=CD19", "CD19", "ANT-01 unknown, ANT-02 yes"),
        (f"{UNDATED}\n2026-06-25 antigen_expression positive about=CD19", "CD19", "ANT-01 yes, ANT-02 yes"),
        (f"{UNDATED}\n2026-05-01 antigen_expression positive about=CD19", "CD19", "ANT-01 unknown, ANT-02 yes"),
        (BITE, "CD19", "ANT-01 unknown, ANT-02 unknown"),
        ("2025-01-01 line_of_therapy 2 until=2026-01-01 classes=BCMA_bispecific", "BCMA", "ANT-01 unknown, ANT-03 no"),
        (LONCA, "BCMA", "ANT-01 unknown, ANT-03 yes"),
        ("", "CD19", "ANT-01 unknown, ANT-02 unknown"),
        ("", "BCMA", "ANT-01 unknown, ANT-03 unknown"),
        ("2020-01-01 line_of_therapy 0", "BCMA", "ANT-01 unknown, ANT-03 yes"),
        ("", "CLDN18.2", "ANT-04 unknown"),
        ("2026-10-01 antigen_expression positive about=CLDN18.2", "CLDN18.2", "ANT-04 unknown"),
        ("2026-10-01 antigen_expression positive about=HER2", "CLDN18.2", "ANT-04 no"),
        (
            "2026-10-01 antigen_expression positive about=CLDN18.2\n2026-10-01 antigen_expression negative about=HER2",
            "CLDN18.2",
            "ANT-04 yes",
        ),
    ],
)
def test_the_target(drawn: str, target: str, expected: str) -> None:
    found = antigen(course(drawn), target)
    assert ", ".join(f"{each.id} {each.answer}" for each in found) == expected


def test_an_unknown_target_names_the_test_that_settles_it() -> None:
    for each in antigen(course(BITE), "CD19"):
        assert each.answer is Answer.unknown
        assert [(missing.what, missing.settles) for missing in each.missing] == [
            ("antigen_expression", "flow or immunohistochemistry")
        ]
