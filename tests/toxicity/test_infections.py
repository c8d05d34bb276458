"""Infections as episodes; fatigue by CTCAE v5."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.toxicity.infections import fatigue, infections
from toxicity.drawn import Saying, at, course, instant, said


def infected(kind: str, about: str = "", until: float | None = None, **detail: Any) -> Saying:
    return Saying("infection", choice=kind, until=until, detail={**detail, **({"episode": about} if about else {})})


def test_facts_of_one_name_are_one_infection_with_its_worst_severity_and_its_organism() -> None:
    facts = course(
        at(100, infected("unknown", "line", site="blood", severity="moderate")),
        at(120, infected("bacterial", "line", organism="Escherichia coli", proven=True, severity="severe")),
        at(200, infected("bacterial", "line", severity="mild")),
    )
    (found,) = infections(facts, instant(300))
    assert (found.kind, found.site, found.organism, found.severity) == (
        "bacterial",
        "blood",
        "Escherichia coli",
        "severe",
    )
    assert found.proven
    assert (found.start, found.end, len(found.facts)) == (instant(100), None, 3)


def test_what_is_known_at_a_moment_is_told_of_that_moment() -> None:
    facts = course(
        at(100, infected("unknown", "line")), at(120, infected("bacterial", "line", severity="fatal")),
        at(140, infected("viral", "lung")),
    )  # fmt: skip
    (found,) = infections(facts, instant(110))
    assert (found.kind, found.severity) == ("unknown", "")
    assert [each.name for each in infections(facts, instant(150))] == ["line", "lung"]


def test_an_infection_ends_as_it_is_told_to_or_is_ruled_out() -> None:
    ended = at(100, infected("viral", until=200))
    assert infections(ended, instant(150))[0].end is None, "its end is still to come"
    assert infections(ended, instant(250))[0].end == instant(200)
    out = course(at(100, infected("unknown", "fever")), at(130, infected("none", "fever")))
    (found,) = infections(out, instant(200))
    assert (found.end, found.ruled_out) == (instant(130), True)


def test_nameless_infections_are_infections_of_their_own_and_ruled_out_together() -> None:
    facts = course(at(100, infected("viral")), at(110, infected("fungal")), at(130, infected("none")))
    assert [(each.kind, each.end) for each in infections(facts, instant(200))] == [
        ("viral", instant(130)), ("fungal", instant(130)),
    ]  # fmt: skip
    assert infections(at(100, infected("none")), instant(200)) == ()


def test_the_prophylaxis_in_force_as_it_began_is_told_with_it() -> None:
    given = course(
        at(0, Saying("prophylaxis", choice="antibacterial", until=90)),
        at(0, Saying("prophylaxis", choice="antiviral")),
        at(100, infected("bacterial")),
        at(101, Saying("prophylaxis", choice="antifungal")),
    )
    (found,) = infections(given, instant(200))
    assert [each.choice for each in found.prophylaxis] == ["antiviral"]


@pytest.mark.parametrize(
    ("choice", "grade"), [("none", 0), ("relieved_by_rest", 1), ("limits_instrumental", 2), ("limits_self_care", 3)]
)
def test_fatigue_by_ctcae_5(choice: str, grade: int) -> None:
    found = fatigue(at(30, said("fatigue", choice)), instant(40))
    assert found is not None
    assert found.grade == grade


def test_the_last_word_on_fatigue_counts_and_of_two_at_once_the_worse() -> None:
    facts = course(
        at(30, said("fatigue", "limits_self_care")),
        at(50, said("fatigue", "none"), said("fatigue", "relieved_by_rest")),
    )
    assert [getattr(fatigue(facts, instant(hour)), "grade", None) for hour in (20, 40, 60)] == [None, 3, 1]
