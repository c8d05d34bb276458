"""LYRIC 2016. Cheson 2016, Blood 128:2489, doi 10.1182/blood-2016-05-718528."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cartway.record import Fact
from cartway.response import Level, Response
from response.drawn import BASELINE_DAY, answer, ct, day, levels, pet, scan

BEFORE = ct(BASELINE_DAY, ("N1", 3, 2.5))  # 7.5 cm2
LARGE = ct(BASELINE_DAY, ("N1", 4, 2.5))  # 10 cm2
Scanned = list[Fact]


def lyric(*parts: Scanned) -> Response:
    """The response by LYRIC."""
    return answer(*parts, criteria="lyric_2016")


def last(*parts: Scanned) -> Level:
    """The level at the last scan, by LYRIC."""
    return lyric(*parts).levels[-1]


def well(number: float, *targets: tuple[str, float | str, float], **told: Any) -> Scanned:
    """A CT scan of somebody who is well."""
    return ct(number, *targets, clinical_deterioration="no", **told)


def new(name: str, size: float, across: float | None = None, choice: str = "indeterminate") -> dict[str, Any]:
    """A new node."""
    detail = {"size": size, "site": "node"} | ({} if across is None else {"short_axis": across})
    return {"choice": choice, "about": name, "detail": detail}


@pytest.mark.parametrize(
    ("number", "size", "state", "level"),
    [
        (30, (4, 3), "no", "IR1"),
        (84, (4, 3), "no", "IR1"),  # the last day of the first 12 weeks
        (85, (4, 3), "no", "PD"),
        (30, (4, 3), "yes", "PD"),  # deterioration excludes it
        (30, (3.75, 3), "no", "SD"),  # exactly +50 %, and 0.75 cm longer: no progression by Lugano, so none to settle
    ],
)
def test_the_first_weeks(number: float, size: tuple[float, float], state: str, level: str) -> None:
    found = last(BEFORE, ct(number, ("N1", *size), clinical_deterioration=state))
    assert found.level == level
    assert found.labels["lugano_2014"] == ("SD" if level == "SD" else "PD")


def test_deterioration_that_nobody_charted_leaves_both() -> None:
    found = last(BEFORE, ct(30, ("N1", 4, 3)))
    assert (found.level, found.candidates, found.missing) == ("PD", ("IR1", "PD"), ("clinical deterioration",))


def test_pseudo_progression() -> None:
    found = lyric(BEFORE, well(30, ("N1", 4, 3)), ct(60, ("N1", 2.5, 2.1)), ct(90, ("N1", 2.25, 1.5)))
    assert [level.level for level in found.levels] == ["IR1", "SD", "PR"]
    assert (found.best, found.progression_at) == ("PR", None)
    assert found.levels[0].numbers["spd_change_pct"] == Decimal(60)


def test_lugano_alone_calls_the_same_progression() -> None:
    found = answer(BEFORE, well(30, ("N1", 4, 3)), ct(90, ("N1", 2.25, 1.5)))
    assert (found.best, found.progression_at, found.flags) == ("PD", day(30), ("not_progression_later",))


@pytest.mark.parametrize(
    ("size", "level"),
    [
        ((4.4, 3), "IR1"),  # +10 %, no diameter by 1.0 cm
        ((5, 2.7), "PD"),  # +12.5 %, and longer by 1.0 cm
        ((5, 2.64), "PD"),  # exactly +10 %, exactly 1.0 cm
        ((5, 2.63), "IR1"),  # just below +10 %
    ],
)
def test_what_settles_the_first_weeks(size: tuple[float, float], level: str) -> None:
    found = lyric(BEFORE, well(30, ("N1", 4, 3)), well(60, ("N1", *size)))
    assert found.levels[-1].level == level
    assert not found.levels[-1].confirmed  # these numbers were not seen in the paper


TWO = ct(BASELINE_DAY, ("N1", 4, 3), ("N2", 2, 2))  # 16 cm2
GREW = well(30, ("N1", 5, 4), ("N2", 2, 2))  # 24 cm2, +50 %


def mass(size: float, across: float | None) -> dict[str, Any]:
    """A new lesion outside the nodes that nobody doubts."""
    told = {"size": size, "site": "extranodal"} | ({} if across is None else {"short_axis": across})
    return {"choice": "unequivocal", "about": "L", "detail": told}


@pytest.mark.parametrize(
    ("size", "level"),
    [
        ((6, 5), "PD"),  # 24 to 54 cm2
        ((2, 1.2), "PD"),  # exactly +10 %
        ((2, 1.1), "IR1"),  # +9.2 %
    ],
)
def test_after_the_first_weeks_new_lesions_are_among_the_targets(size: tuple[float, float], level: str) -> None:
    found = lyric(TWO, GREW, well(60, ("N1", 5, 4), ("N2", 2, 2), new_lesion=mass(*size)))
    assert [each.level for each in found.levels] == ["IR1", level]
    assert found.levels[-1].numbers["spd_with_new_cm2"] > 24


def test_a_new_lesion_without_its_diameters_leaves_both() -> None:
    found = last(TWO, GREW, well(60, ("N1", 5, 4), ("N2", 2, 2), new_lesion=mass(6, None)))
    assert found.candidates == ("IR1", "PD")
    assert "both diameters of the new lesion" in found.missing


def test_deterioration_ends_an_indeterminate_response() -> None:
    found = lyric(TWO, GREW, ct(60, ("N1", 5.3, 4), ("N2", 2, 2), clinical_deterioration="yes"))
    assert (found.levels[-1].level, found.levels[-1].confirmed) == ("PD", False)
    assert found.progression_at == day(30)
    assert any("Clinical deterioration" in each for each in found.levels[-1].because)


def test_confirmed_progression_is_dated_back() -> None:
    found = lyric(BEFORE, well(30, ("N1", 4, 3)), well(45, ("N1", 4.2, 3)), well(60, ("N1", 5.5, 3.5)))
    assert [level.level for level in found.levels] == ["IR1", "IR1", "PD"]
    assert [level.level for level in found.confirmed] == ["PD", "PD", "PD"]
    assert (found.progression_at, found.best) == (day(30), "PD")


def test_a_new_lesion_with_less_burden_and_its_biopsy() -> None:
    found = lyric(
        LARGE, ct(45, ("N1", 4, 2), new_lesion=new("N9", 1.8)), scan(52, biopsy={"choice": "no_disease", "about": "N9"})
    )
    assert [(level.level, level.labels["lugano_2014"]) for level in found.levels] == [("IR2a", "PD"), ("SD", "SD")]
    assert found.levels[1].numbers["spd_cm2"] == 8


@pytest.mark.parametrize("about", ["N1", ""])
def test_a_biopsy_without_lymphoma_speaks_for_itself(about: str) -> None:
    of = f" of {about}" if about else ""
    found = last(BEFORE, well(30, ("N1", 4, 3)), scan(35, biopsy={"choice": "no_disease", "about": about}))
    assert (found.level, found.rule, found.confirmed) == ("IR1", "LY-C5", False)
    assert found.because == (
        f"The biopsy{of} found no lymphoma.",
        "By LYRIC what grew there is no disease. The scan of day 30 stays IR1 until the next.",
    )
    assert (found.numbers, found.flags) == ({}, ())  # the scan's numbers stand with the scan
    assert found.labels == {"lugano_2014": "PD", "read_again": "day 30"}


def test_a_biopsy_of_what_did_not_grow_says_nothing_of_what_grew() -> None:
    grown = well(30, ("N1", 6, 4), ("N2", 2, 2))
    found = last(TWO, grown, scan(35, biopsy={"choice": "no_disease", "about": "N2"}))
    assert (found.level, found.rule) == ("IR1", "LY-IR1")
    assert "biopsy_no_disease" in found.flags


def test_a_biopsy_that_names_no_lesion_speaks_of_the_only_new_one() -> None:
    parts = (LARGE, ct(45, ("N1", 4, 2), new_lesion=new("", 1.8)), scan(52, biopsy="no_disease"))
    assert levels(*parts, criteria="lyric_2016") == ["IR2a", "SD"]


def test_a_biopsy_that_finds_lymphoma_settles_it() -> None:
    found = lyric(LARGE, ct(45, ("N1", 4, 2), new_lesion=new("N9", 1.8)), scan(52, biopsy="disease"))
    assert [level.level for level in found.levels] == ["IR2a", "PD"]
    assert found.progression_at == day(45)


def test_one_lesion_that_grows_while_the_whole_does_not() -> None:
    first = ct(BASELINE_DAY, ("N1", 2, 2), ("N2", 5, 4))
    grown = ct(200, ("N1", 3, 2.5), ("N2", 5, 4))
    assert last(first, grown).level == "IR2b"  # at any time


def test_a_new_lesion_joins_the_targets_on_the_next_scan() -> None:
    first = ct(45, ("N1", 4, 2), new_lesion=new("N9", 1.8))  # lowest sum 8 cm2
    still = ct(80, ("N1", 4, 2), new_lesion=new("N9", 2.0, 1.9))  # with it 11.8 cm2
    more = ct(80, ("N1", 4, 2), new_lesion=new("N9", 2.0, 2.0))  # with it exactly 12 cm2
    unmeasured = ct(80, ("N1", 4, 2), new_lesion=new("N9", 2.0))
    assert last(LARGE, first, still).level == "IR2a"
    assert last(LARGE, first, more).level == "PD"
    found = last(LARGE, first, unmeasured)
    assert (found.candidates, found.missing) == (("IR2a", "PD"), ("both diameters of the new lesion",))


def test_more_uptake_only() -> None:
    first = ct(BASELINE_DAY, ("N1", 4, 2.5), imaging="pet_ct", deauville_score=4)
    hotter = ct(40, ("N1", 4, 2.5), imaging="pet_ct", deauville_score=5, uptake_change="increased")
    found = last(first, hotter)
    assert (found.level, found.labels["lugano_2014"], found.candidates) == ("IR3", "PD", ())


def test_more_uptake_without_sizes_is_open() -> None:
    found = last(pet(BASELINE_DAY, 4), pet(40, 5, "increased"))
    assert (found.level, found.candidates) == ("IR3", ("IR3", "PD"))


@pytest.mark.parametrize("told", [{"non_target_disease": "progressed"}, {"spleen_length": 14.0}])
def test_what_lyric_leaves_as_it_is(told: dict[str, Any]) -> None:
    assert last(BEFORE, well(30, ("N1", 3, 2.5), **told)).level == "PD"


def test_both_at_once_are_the_first() -> None:
    assert last(BEFORE, well(30, ("N1", 4, 3), new_lesion=new("N9", 1.8))).level == "IR1"


def test_an_indeterminate_response_that_nobody_settled_is_flagged() -> None:
    assert lyric(BEFORE, well(30, ("N1", 4, 3))).flags == ("indeterminate_not_settled",)
    late = lyric(BEFORE, well(30, ("N1", 4, 3)), ct(115, ("N1", 2, 1)))
    assert late.flags == ("indeterminate_repeated_late",)
    in_time = lyric(BEFORE, well(30, ("N1", 4, 3)), ct(114, ("N1", 2, 1)))
    assert in_time.flags == ()
