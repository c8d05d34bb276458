"""The layout of data sets that pharmacometricians use, and errors that name row and column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.problem import Problem
from cartway.twin.nlme import Dose, Options, Study, is_nonmem, read_nonmem

HEAD = "ID,TIME,DV,AMT,EVID,MDV,CMT,LLOQ,BLQ,WT\n"
SOUND = (
    HEAD
    + """1,0,.,2e8,1,1,1,.,.,39
1,4,800,.,0,0,2,50,0,39
1,9,24000,.,0,0,2,50,0,39
1,90,.,.,0,0,2,50,1,39
2,2,.,1e8,1,1,1,.,.,14.5
2,1.5,.,.,0,1,2,50,.,14.5
2,12,310,.,0,0,2,50,0,14.5
"""
)


def read(text: str, options: Options = Options()) -> Study:  # noqa: B008
    found = read_nonmem(text, options)
    assert isinstance(found, Study), found
    return found


def problem(text: str, options: Options = Options()) -> Problem:  # noqa: B008
    found = read_nonmem(text, options)
    assert isinstance(found, list)
    return found[0]


def test_a_data_set() -> None:
    study = read(SOUND.replace("2,1.5", "2,2.5"))
    assert study.ids == ("1", "2")
    assert study.subject.tolist() == [0, 0, 0, 1]
    assert study.day.tolist() == [4, 9, 90, 10], "days from the subject's own first dose"
    assert study.value.tolist() == [800, 24000, 50, 310]
    assert study.below.tolist() == [False, False, True, False]
    assert study.covariates["WT"].tolist() == [39, 14.5]
    assert study.doses[1] == (Dose(0.0, 1e8),)


def test_hours_and_logarithms() -> None:
    study = read("ID TIME DV\n1 48 2.302585\n1 72 .5\n2 24 1\n", Options(hours=True, logged=True))
    assert study.day.tolist() == [2, 3, 1]
    assert study.value[0] == pytest.approx(10)


def test_cens_says_that_dv_is_the_limit() -> None:
    """Monolix's convention."""
    study = read("ID,TIME,DV,CENS\n1,1,50,1\n1,9,800,0\n2,1,40,1\n")
    assert study.below.tolist() == [True, False, True]
    assert study.value.tolist() == [50, 800, 40]


def test_without_a_mark_what_is_less_than_the_limit_lies_below_it() -> None:
    study = read("ID,TIME,DV\n1,1,3\n1,9,800\n2,1,60\n", Options(limit=50.0))
    assert (study.below.tolist(), study.value.tolist()) == ([True, False, False], [50, 800, 60])


def test_one_compartment_of_several() -> None:
    text = "ID,TIME,DV,CMT\n1,1,3,2\n1,1,9,3\n2,1,4,2\n2,1,8,3\n"
    assert problem(text).code == "many_compartments"
    assert read(text, Options(cmt="3")).value.tolist() == [9, 8]


def test_comments_spaces_and_a_marked_head() -> None:
    assert read("#ID TIME DV\n1 1 3\nC 1 2 9\n2 1 4\n").value.tolist() == [3, 4]
    assert is_nonmem('"id";"time";"dv"')
    assert not is_nonmem("course,at,what,value")


WRONG = {
    "not_a_number": ("1,9,24000,", "1,9,high,", "row 4, column DV"),
    "no_value": ("1,9,24000,", "1,9,.,", "row 4, column DV"),
    "no_time": ("1,9,24000,", "1,.,24000,", "row 4, column TIME"),
    "time_back": ("1,9,24000,", "1,3,24000,", "row 4, column TIME"),
    "unknown_evid": ("1,9,24000,.,0", "1,9,24000,.,4", "row 4, column EVID"),
    "no_amount": ("2,2,.,1e8", "2,2,.,.", "row 6, column AMT"),
    "no_limit": ("1,90,.,.,0,0,2,50,1", "1,90,.,.,0,0,2,.,1", "row 5, column LLOQ"),
    "wrong_limit": ("1,90,.,.,0,0,2,50,1", "1,90,.,.,0,0,2,-50,1", "row 5, column LLOQ"),
    "unknown_mark": ("1,90,.,.,0,0,2,50,1", "1,90,.,.,0,0,2,50,-1", "row 5, column BLQ"),
    "mark_contradicts": ("1,9,24000,", "1,9,20,", "row 4, column BLQ"),
    "wrong_row": ("1,9,24000,", "1,9,24000,,", "row 4"),
    "no_id": ("1,9,24000,", ".,9,24000,", "row 4, column ID"),
    "id_apart": ("2,12,310", "1,120,310", "row 8, column ID"),
    "column_twice": ("BLQ,WT", "BLQ,BLQ", "column BLQ"),
    "no_columns": ("ID,TIME,DV", "ID,TIME,LEVEL", ""),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_told_with_its_row_and_column(code: str) -> None:
    old, new, place = WRONG[code]
    sound = SOUND.replace("2,1.5", "2,2.5")
    assert old in sound
    found = problem(sound.replace(old, new, 1))
    assert (found.code, found.place) == (code, place)
    assert found.remedy


def test_doses_that_stand_for_several_are_refused() -> None:
    found = problem("ID,TIME,DV,AMT,ADDL\n1,0,.,1e8,3\n1,9,800,.,.\n")
    assert (found.code, found.place) == ("not_read", "row 2, column ADDL")


def test_no_value_of_a_patient_stands_in_a_problem() -> None:
    assert "24111" not in str(problem(SOUND.replace("1,9,24000,", "1,9,24111x,")))


CELL = st.sampled_from(["", ".", "0", "1", "2", "9", "-1", "1e9", "x", "nan", "inf", "50", '"', "1,2"])


@given(st.lists(st.lists(CELL, min_size=10, max_size=10), max_size=8))
def test_any_table_is_a_study_or_problems(rows: list[list[str]]) -> None:
    found = read_nonmem(HEAD + "\n".join(",".join(row) for row in rows), Options(limit=50.0))
    if isinstance(found, Study):
        assert np.isfinite(found.value).all()
        assert np.isfinite(found.day).all()
        assert len(found.value) == len(found.day) == len(found.subject) == len(found.below)
        assert set(found.subject) == set(range(len(found.ids)))
    else:
        assert found
        assert all(each.code and each.remedy for each in found)
