"""FIT-16 to FIT-28: nervous system, pregnancy, transplant, immunity, caregiver, consent."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer, Criterion
from cartway.pathway.candidacy.history import history
from cartway.pathway.candidacy.logistics import logistics
from cartway.pathway.policies import policies_of
from pathway.candidacy.drawn import center, course

ALLO = "2026-02-01 transplant allogeneic"
NO_LINE = "2020-01-01 line_of_therapy 0"
TRAVEL = "2026-10-01 travel_time 45"


def answer(drawn: str, id_: str) -> Criterion:
    """The one criterion of a drawn course."""
    policies, now = policies_of(center()), course(drawn)
    return next(each for each in (*history(now, policies), *logistics(now, policies)) if each.id == id_)


@pytest.mark.parametrize(
    ("drawn", "id_", "expected"),
    [
        ("2026-10-01 cns_involvement parenchymal", "FIT-16", "no REL"),
        ("2026-10-01 cns_involvement treated", "FIT-16", "yes"),
        ("2026-10-01 neurological_disorder stroke", "FIT-17", "no REL"),
        ("2026-10-01 neurological_disorder none", "FIT-17", "yes"),
        ("2026-10-01 pregnancy_test positive", "FIT-18", "no ABS"),
        ("2026-10-01 sex female\n2026-10-01 pregnancy_test negative\n2026-10-01 breastfeeding yes", "FIT-18", "no ABS"),
        ("2026-10-01 sex male", "FIT-18", "yes"),
        ("2026-10-01 sex female", "FIT-18", "unknown"),
        ("", "FIT-19", "unknown"),
        (NO_LINE, "FIT-19", "yes"),
        ("2026-09-01 transplant allogeneic", "FIT-19", "no DEF"),
        (ALLO, "FIT-19", "unknown"),
        (f"{ALLO}\n2026-10-01 immunosuppression none", "FIT-19", "yes"),
        (f"{ALLO}\n2026-10-01 immunosuppression systemic", "FIT-19", "no DEF"),
        (f"{ALLO}\n2026-09-01 immunosuppression systemic\n2026-10-20 immunosuppression none", "FIT-19", "no DEF"),
        (f"{ALLO}\n2026-05-01 immunosuppression systemic\n2026-09-20 immunosuppression none", "FIT-19", "yes"),
        ("", "FIT-20", "unknown"),
        (NO_LINE, "FIT-20", "yes"),
        (NO_LINE, "FIT-24", "yes"),
        (ALLO, "FIT-20", "unknown"),
        (f"{ALLO}\n2026-10-01 graft_versus_host_disease acute_2_4", "FIT-20", "no ABS"),
        (f"{ALLO}\n2026-10-01 graft_versus_host_disease chronic_limited", "FIT-20", "no REL"),
        (f"{ALLO}\n2026-10-01 graft_versus_host_disease none", "FIT-20", "yes"),
        ("2026-10-01 immunosuppression systemic", "FIT-21", "no REL"),
        ("2026-10-01 immunosuppression systemic prednisone_mg=5", "FIT-21", "yes"),
        ("2026-10-01 immunosuppression topical", "FIT-21", "yes"),
        ("2026-10-01 autoimmune_disease active", "FIT-22", "no REL"),
        ("2026-10-01 autoimmune_disease controlled", "FIT-22", "yes"),
        ("2026-10-01 other_malignancy active", "FIT-23", "no REL"),
        ("2026-10-01 other_malignancy past", "FIT-23", "yes"),
        ("2025-01-01 line_of_therapy 1 until=2025-06-01 classes=CD19xCD3_bispecific", "FIT-24", "no REL"),
        ("2025-01-01 line_of_therapy 1 until=2025-06-01 classes=chemotherapy", "FIT-24", "yes"),
        (f"2026-10-01 caregiver yes\n{TRAVEL}", "FIT-26", "yes"),
        (f"2026-10-01 caregiver no\n{TRAVEL}", "FIT-26", "no DEF"),
        (TRAVEL, "FIT-26", "unknown"),
        ("2026-10-01 caregiver yes\n2026-10-01 travel_time 240", "FIT-26", "no DEF"),
        ("2026-10-01 caregiver yes\n2026-10-01 travel_time 240 lodging=home", "FIT-26", "no DEF"),
        ("2026-10-01 caregiver yes\n2026-10-01 travel_time 20 lodging=guest_house", "FIT-26", "yes"),
        ("2026-10-01 caregiver yes\n2026-09-01 gate met about=lodging\n2026-10-01 travel_time 240", "FIT-26", "no DEF"),
        ("2026-10-01 caregiver yes\n2026-10-01 gate open about=lodging", "FIT-26", "unknown"),
        ("2026-10-01 caregiver yes\n2026-10-01 travel_time 240\n2026-10-02 gate met about=lodging", "FIT-26", "yes"),
        ("2026-10-01 consent version=4.1", "FIT-27", "yes"),
        ("2026-10-01 consent", "FIT-27", "unknown"),
        ("2026-10-01 gate refused about=consent", "FIT-27", "no ABS"),
        ("2026-10-01 gate met about=fertility", "FIT-28", "yes"),
        ("2026-10-01 gate open about=fertility", "FIT-28", "no INFO"),
    ],
)
def test_what_is_recorded_is_answered(drawn: str, id_: str, expected: str) -> None:
    found = answer(drawn, id_)
    assert " ".join([found.answer, *([found.severity] if found.answer is Answer.no else [])]) == expected


@pytest.mark.parametrize(
    "id_",
    ["FIT-16", "FIT-17", "FIT-18", "FIT-19", "FIT-20", "FIT-21", "FIT-22", "FIT-23", "FIT-24", "FIT-26", "FIT-27"],
)
def test_what_was_not_asked_is_unknown(id_: str) -> None:
    found = answer("", id_)
    assert found.answer is Answer.unknown
    assert found.missing


def test_the_gate_of_lodging_and_candidacy_have_one_limit() -> None:
    """One patient is near the center or not, wherever it is asked."""
    limit = policies_of(center("2026-01-01 center_policy 300 about=lodging_minutes"))
    found = logistics(course("2026-10-01 caregiver yes\n2026-10-01 travel_time 240 lodging=home"), limit)[0]
    assert (found.id, found.answer, found.decided_by) == ("FIT-26", Answer.yes, "lodging_minutes")
