"""When to refer: hints by disease."""

from __future__ import annotations

import pytest

from cartway.pathway.candidacy.referral import hints
from pathway.candidacy.drawn import course

MYELOMA = "2026-10-01 diagnosis multiple_myeloma\n2026-10-01 disease_status relapsed"
FOLLICULAR = "2026-10-01 diagnosis follicular_lymphoma"
FIRST = "2024-01-01 line_of_therapy 1 until=2024-06-01 classes=chemotherapy,anti-CD20 outcome=progression"
SECOND = "2026-01-01 line_of_therapy 2 until=2026-06-01 classes=anti-CD20"


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("", []),
        ("2026-10-01 diagnosis dlbcl\n2026-10-01 disease_status primary_refractory", ["REF-01"]),
        ("2026-10-01 diagnosis dlbcl\n2026-10-01 disease_status remission", []),
        (MYELOMA, []),
        (f"{MYELOMA}\n2026-10-01 drug_refractory yes about=lenalidomide", ["REF-02"]),
        ("2026-10-01 diagnosis b_all\n2026-10-01 disease_status residual", ["REF-03"]),
        ("2026-10-01 diagnosis richter", ["REF-04"]),
        (f"{FOLLICULAR}\n{FIRST}\n{SECOND}", ["REF-05"]),
        (f"{FOLLICULAR}\n{FIRST} outcome_date=2025-06-01", ["REF-05b"]),
        (f"{FOLLICULAR}\n{FIRST} outcome_date=2026-06-01", []),
    ],
)
def test_a_hint_is_told_where_all_it_names_is_on_record(drawn: str, expected: list[str]) -> None:
    always = ["REF-06", "REF-07"]
    assert [each.id for each in hints(course(drawn))] == [*expected, *always]
    assert all(each.words and each.source.text for each in hints(course(drawn)))
