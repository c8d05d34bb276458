"""The report: what stands between its marks, by the scores alone."""

import numpy as np

from cartway.twin.calibration import scored
from cartway.twin.calibration.pictures import pictures_of
from cartway.twin.calibration.report import Line, kind_table, missed_table, put, rows

from .test_targets import target

HIT = Line(scored(target(), np.array([0.0, 1.0] * 50), seed=1), True)
MISS = Line(scored(target(kind="response", confirmed="no"), np.zeros(100), seed=1), False)


def test_hits_are_counted_by_kind_use_and_standing() -> None:
    table = list(kind_table([HIT, MISS]))
    assert "| CRS | 1 of 1 | 100% | 1 of 1 | 0 of 0 | 1 of 1 | 0 of 0 |" in table
    assert table[-1] == "| **all** | 1 of 2 | 50% | 1 of 2 | 0 of 0 | 1 of 1 | 0 of 1 |"


def test_a_miss_is_told_with_both_figures() -> None:
    assert any("50% | 0%" in row for row in missed_table([HIT, MISS])) and len(list(missed_table([HIT]))) == 2


def test_what_is_not_confirmed_and_where_it_was_read_is_told_in_its_row() -> None:
    told = list(rows([MISS]))[-1]
    assert "not confirmed" in told and "**miss**" in told and "| body |" in told


def test_only_what_stands_between_the_marks_changes() -> None:
    page = "before <!-- kinds: begin -->\nold<!-- kinds: end --> after"
    once = put(page, "kinds", "new")
    assert (
        "old" not in once
        and once.startswith("before ")
        and once.endswith(" after")
        and put(once, "kinds", "new") == once
    )


def test_a_picture_has_a_row_for_every_target() -> None:
    ((name, svg),) = pictures_of("crs", "CRS", [HIT.scored, MISS.scored])
    assert name == "crs" and svg.count("T: m") == 2
