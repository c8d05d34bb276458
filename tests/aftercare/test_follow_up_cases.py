"""The scorer of worked follow-up cases, on invented ones: what it may call right, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from follow_up_cases import Outcome, outcomes, says

Case = dict[str, Any]


def case(given: Case, expected: Case, *tags: str, ambiguous: bool = False) -> Case:
    return {
        "id": "C-1", "title": "", "tags": list(tags), "ambiguous": ambiguous, "input": given, "expected": expected,
        "refs": [],
    }  # fmt: skip


def scored(*args: Any, **more: Any) -> Outcome:
    return next(outcomes([case(*args, **more)]))


AXI = {"product": "axicabtagene ciloleucel", "region": "US"}
RIGHT = [
    ({**AXI, "infusion_date": "2025-01-05", "label_date": "2022-04-01"},
     {"proximity_earliest_release": "2025-02-02", "driving_earliest": "2025-03-02"}, ()),
    ({**AXI, "region": "EU", "infusion_date": "2026-01-05"}, {"driving_earliest": "2026-03-02"}, ()),
    ({"infusion_date": "2026-03-01", "visit_dates": ["2027-03-01"], "time_point": "1 year"},
     {"report_date": "2027-03-01", "in_window": False}, ("registry",)),
    ({"infusion_date": "2026-01-01"}, {"day_100_window": ["2026-03-27", "2026-04-26"]}, ("registry",)),
    ({"infusion_date": "2026-03-01", "hct_date": "2026-08-10", "conditioning_start": "2026-08-04"},
     {"contact_date": "2026-08-03"}, ("registry",)),
    ({"infusion_date": "2026-01-10", "query_date": "2026-08-01", "last_igg": "2026-07-01"},
     {"influenza": "allowed", "other_inactivated": "not_allowed", "live_earliest": "2027-03-01"}, ("vaccine",)),
    ({"infusion_date": "2026-01-10", "query_date": "2027-02-10", "cd4_per_ul": 201, "cd19_per_ul": 21},
     {"live": "allowed"}, ("vaccine",)),
    ({"infusion_date": "2026-01-10", "query_date": "2026-06-20", "igg_mg_dl": 520, "last_ivig": "2026-06-10"},
     {"native_igg": False}, ("igg",)),
    ({"infusion_date": "2024-02-29"}, {"one_year": "2025-02-28", "four_years": "2028-02-29"}, ()),
]  # fmt: skip
OPEN = [
    ({**AXI, "infusion_date": "2025-06-01"}, {"driving_earliest_candidates": ["2025-06-15", "2025-07-27"]}, ("label",)),
    ({**AXI, "infusion_date": "2026-01-05", "events": [{"type": "seizure", "date": "2026-01-14"}],
      "query_date": "2026-01-25"}, {"driving_earliest": None, "decision": "clinician"}, ("driving",)),
    ({"infusion_date": "2026-01-10", "day": 120, "igg_mg_dl": 350, "infections": 0},
     {"flag": "centre choice, not a rule"}, ("igg",)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected", "tags"), RIGHT)
def test_what_is_right_is_called_right(given: Case, expected: Case, tags: tuple[str, ...]) -> None:
    assert scored(given, expected, *tags).wrong == []


@pytest.mark.parametrize(("given", "expected", "tags"), OPEN)
def test_what_is_open_is_flagged(given: Case, expected: Case, tags: tuple[str, ...]) -> None:
    found = scored(given, expected, *tags, ambiguous=True)
    assert (found.wrong, found.flagged) == ([], True)


def test_a_wrong_date_is_wrong() -> None:
    assert scored({**AXI, "infusion_date": "2026-01-05"}, {"driving_earliest": "2026-03-02"}).wrong


def test_what_is_settled_is_not_flagged() -> None:
    assert not scored({**AXI, "infusion_date": "2026-01-05"}, {"driving_earliest": "2026-01-19"}).flagged


def test_a_settled_answer_to_an_open_question_is_wrong() -> None:
    assert scored({**AXI, "infusion_date": "2026-01-05"}, {"driving_earliest": None}).wrong


def test_a_sentence_with_another_number_is_not_said() -> None:
    assert says("check IgG at 400", ["IgG is checked at 400 mg/dL"])
    assert not says("check IgG at 500", ["IgG is checked at 400 mg/dL"])
