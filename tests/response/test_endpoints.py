"""Endpoints: from when, until what, and what censors. Open points are policies."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.record import Fact
from cartway.response import Choices, Endpoints, Response, TimeTo, endpoints, respond
from response.drawn import BASELINE_DAY, course, day, infusion, pet

BEFORE = pet(BASELINE_DAY, 5)
DEEPENS = [*pet(30, 4, "reduced"), *pet(90, 2, "reduced")]
RELAPSES = pet(181, 5, "increased")


def mark(number: float, what: str, choice: str = "") -> list[Fact]:
    """One thing that happened."""
    return [Fact("a", day(number), what, choice=choice)]


def ends(*parts: list[Fact], until: float = 400, begin: list[Fact] | None = None, **choices: Any) -> Endpoints:
    """The endpoints of a course of lymphoma."""
    drawn = course(BEFORE, *parts, until=until, begin=begin)
    chosen = Choices(**choices)
    response = respond(drawn, chosen)
    assert isinstance(response, Response), response
    return endpoints(drawn, response, chosen)


def told(found: TimeTo) -> tuple[int | None, bool, str]:
    """Days, whether it was an event, and why."""
    return found.days, found.event, found.reason


def test_response_and_relapse() -> None:
    found = ends(DEEPENS, RELAPSES)
    assert (found.responded, found.complete) == (True, True)
    assert told(found.time_to_response) == (30, True, "response")
    assert told(found.duration_of_response) == (151, True, "progression")
    assert told(found.progression_free) == (181, True, "progression")
    assert told(found.relapse_free) == (91, True, "progression")  # from the complete response
    assert found.held_days == 60


def test_a_response_that_goes_on_is_censored_at_the_last_assessment() -> None:
    found = ends(DEEPENS)
    assert told(found.duration_of_response) == (60, False, "last_assessment")
    assert told(found.overall_survival) == (90, False, "last_alive")


def test_news_of_the_patient_prolong_survival_and_not_freedom_from_progression() -> None:
    found = ends(DEEPENS, mark(300, "last_follow_up"))
    assert (found.overall_survival.days, found.progression_free.days) == (300, 90)


def test_death_ends_all_of_them() -> None:
    found = ends(DEEPENS, mark(200, "death", "infection"))
    assert told(found.progression_free) == (200, True, "death")
    assert told(found.duration_of_response) == (170, True, "death")
    assert told(found.overall_survival) == (200, True, "death")
    assert told(found.non_relapse_mortality) == (200, True, "death")


def test_death_after_relapse_is_no_non_relapse_death() -> None:
    found = ends(DEEPENS, RELAPSES, mark(300, "death", "progression"))
    assert told(found.non_relapse_mortality) == (181, False, "relapsed_before")
    assert told(found.overall_survival) == (300, True, "death")


@pytest.mark.parametrize(("cause", "event"), [("infection", False), ("progression", True)])
def test_only_death_of_the_disease_may_end_a_response(cause: str, event: bool) -> None:
    found = ends(DEEPENS, mark(200, "death", cause), response_ends_with_death="disease").duration_of_response
    assert found.event == event


@pytest.mark.parametrize(
    ("policy", "answer"),
    [("censor", (90, False, "last_assessment")), ("event", (120, True, "new_therapy")),
     ("ignore", (181, True, "progression"))],
)  # fmt: skip
def test_new_therapy(policy: str, answer: tuple[int, bool, str]) -> None:
    found = ends(DEEPENS, mark(120, "next_therapy"), RELAPSES, new_therapy=policy)
    assert told(found.progression_free) == answer
    assert told(found.event_free) == (120, True, "new_therapy")  # always an event there


def test_an_event_before_new_therapy_counts() -> None:
    found = ends(DEEPENS, RELAPSES, mark(190, "next_therapy"))
    assert told(found.progression_free) == (181, True, "progression")


def test_what_comes_after_new_therapy_is_neither_best_nor_response() -> None:
    found = ends(pet(30, 4, "no_significant_change"), mark(40, "next_therapy"), pet(90, 2, "reduced"))
    assert (found.responded, found.time_to_response.days, found.duration_of_response.days) == (False, None, None)


def test_without_any_scan_everything_is_censored_at_day_0() -> None:
    found = ends()
    assert told(found.progression_free) == (0, False, "last_assessment")
    assert found.responded is False


def test_progression_that_a_clinician_charted_counts_and_is_flagged() -> None:
    found = ends(DEEPENS, mark(150, "progression"))
    assert (found.progression_free.days, found.flags) == (150, ("progression_charted_not_derived",))
    both = ends(DEEPENS, mark(175, "progression"), RELAPSES)
    assert (both.progression_free.days, both.flags) == (175, ("progression_dates_differ",))
    assert ends(DEEPENS, mark(150, "progression", "no")).progression_free.event is False


def test_time_zero_is_the_centers() -> None:
    collected = [*infusion(), Fact("a", day(-40), "collection", choice="completed")]
    found = ends(DEEPENS, RELAPSES, begin=collected, time_zero="collection")
    assert (found.progression_free.days, found.time_zero_is) == (221, "collection")
    assert found.duration_of_response.days == 151
    unknown = ends(DEEPENS, time_zero="collection")
    assert (unknown.time_zero_is, unknown.flags) == ("infusion", ("time_zero_not_charted",))


@pytest.mark.parametrize(("which", "days"), [("first", 90), ("last", 80)])
def test_the_first_or_the_last_part_of_a_split_dose_is_day_0(which: str, days: int) -> None:
    begin = [
        Fact("a", day(-30), "diagnosis", choice="dlbcl"),
        Fact("a", day(0), "infusion", choice="obecabtagene_autoleucel", detail={"part": 1}),
        Fact("a", day(10), "infusion", choice="obecabtagene_autoleucel", detail={"part": 2}),
    ]
    found = ends(pet(90, 2), begin=begin, split_dose_day_zero=which)
    assert found.time_to_response.days == days


def test_the_future_has_not_happened() -> None:
    found = ends(DEEPENS, RELAPSES, until=100)
    assert (found.progression_free.event, found.progression_free.days) == (False, 90)


def test_days_are_between_calendar_dates() -> None:
    """An infusion at noon and a scan the next morning are one day apart."""
    early = [Fact("a", day(29.8), "deauville_score", 2.0, event="scan")]
    assert ends(early).time_to_response.days == 30


@pytest.mark.parametrize(("number", "early"), [(90, True), (91, False)])
def test_within_three_calendar_months(number: float, early: bool) -> None:
    """Three months after 2026-01-05 is 2026-04-05, day 90."""
    assert ends(pet(number, 2)).within_3_months == early
    assert ends(until=60).within_3_months is None
