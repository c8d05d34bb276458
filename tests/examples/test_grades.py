"""Each example course and the grade it was written for, by the clause of Lee 2019 (doi 10.1016/j.bbmt.2018.12.758)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from cartway.record import Fact, current
from cartway.times import Instant, parse
from cartway.toxicity import Episode, grade, load_rules
from cartway.toxicity.explain import explain

Courses = Mapping[str, Sequence[Fact]]

# course, highest CRS, highest ICANS, by which clause of the table
PEAKS = (
    ("01-uneventful", "0", "0", "no fever, so no CRS; ICE 10 and awake, so no ICANS"),
    ("02-readmitted", ">= 1", "", "fever is at least grade 1; oxygen support and ICE were never read"),
    ("03-biphasic", "2", "0", "hypotension that needs no vasopressor"),
    ("04-low-flow-oxygen", "2", "0", "low-flow nasal cannula, 6 L/min or less"),
    ("05-tocilizumab", "3", "1", "one vasopressor; ICE 7 to 9"),
    ("06-two-vasopressors", "4", "2", "two vasopressors without vasopressin; ICE 3 to 6, awakens to voice"),
    ("07-word-finding", "1", "2", "fever alone; ICE 3 to 6"),
    ("08-seizure", "2", "3", "hypotension without a vasopressor; a focal seizure that ends by itself"),
    ("09-airway", "2", "4", "hypotension without a vasopressor, the airway is no hypoxia; unarousable"),
    ("10-child", "2", "3", "systolic pressure below 70 + 2 x 4 years; CAPD 9 or more below 12 years"),
    ("11-home-oxygen", "2", "0", "only a requirement above that at home counts; 4 L/min is low flow"),
    ("12-charting", "1", "0", "fever alone; CAPD unchanged from before the infusion"),
)


def episodes(facts: Sequence[Fact], scale: str, known_at: Instant | None = None) -> list[Episode]:
    return [one for one in grade(current(facts, known_at), load_rules()) if one.scale == scale]


def at(found: Sequence[Episode], time: str) -> Episode:
    """The episode that covers a time."""
    moment = parse(time)
    return next(one for one in found if one.start <= moment and (one.end is None or moment < one.end))


def asked(facts: Sequence[Fact], time: str) -> Episode:
    """The CRS at a time with the reasons of that time."""
    return explain(current(facts), load_rules(), parse(time)).findings[0].episode


def slugs(episode: Episode) -> set[str]:
    return {reason.criterion.slug for reason in episode.because}


@pytest.mark.parametrize(("course", "crs", "icans", "clause"), PEAKS, ids=[peak[0] for peak in PEAKS])
def test_the_highest_grade(courses: Courses, course: str, crs: str, icans: str, clause: str) -> None:
    for scale, expected in (("crs.astct", crs), ("icans.astct", icans)):
        graded = [one for one in episodes(courses[course], scale) if one.grade is not None]
        peak = max(graded, key=lambda one: (one.grade or 0, -one.start), default=None)
        assert (peak.shown if peak else "") == expected, clause


def test_after_tocilizumab_the_grade_stands_without_fever(courses: Courses) -> None:
    """Once anti-cytokine therapy was given, hypotension and hypoxia alone grade the CRS."""
    found = at(episodes(courses["05-tocilizumab"], "crs.astct"), "2026-03-15T15:00Z")
    assert found.grade == 3
    temperatures = [fact for fact in courses["05-tocilizumab"] if fact.what == "body_temperature"]
    assert all((fact.value or 0) < 38 for fact in temperatures if fact.at >= parse("2026-03-15T13:00Z"))


def test_two_fevers_are_two_episodes_of_crs(courses: Courses) -> None:
    """Resolved is: fever, hypotension and hypoxia gone; here for six days between the doses."""
    found = episodes(courses["03-biphasic"], "crs.astct")
    between = at(found, "2026-03-12T12:00Z")
    assert (between.grade, slugs(between)) == (0, {"no_fever", "pressure_normal", "room_air"})
    assert max(one.grade or 0 for one in found if one.start < between.start) == 1
    assert max(one.grade or 0 for one in found if one.start > between.start) == 2


def test_a_ventilator_for_the_airway_is_no_hypoxia(courses: Courses) -> None:
    """Only signs that no other cause explains count. The attribution is a physician's; without it this were grade 4."""
    excused = asked(courses["09-airway"], "2026-03-15T12:00Z")
    assert (excused.grade, "oxygen_excused" in slugs(excused)) == (0, True)
    without = asked([fact for fact in courses["09-airway"] if fact.what != "attribution"], "2026-03-15T12:00Z")
    assert (without.grade, "positive_pressure" in slugs(without)) == (4, True)


def test_under_sedation_icans_is_not_assessable(courses: Courses) -> None:
    found = at(episodes(courses["09-airway"], "icans.astct"), "2026-03-16T14:00Z")
    assert (found.assessable, found.policies) == (False, ("sedation",))


def test_a_fever_counts_until_it_is_attributed_to_the_infection(courses: Courses) -> None:
    found = episodes(courses["06-two-vasopressors"], "crs.astct")
    before, after = at(found, "2026-03-12T06:00Z"), at(found, "2026-03-12T12:00Z")
    assert (before.grade, "late_onset" in before.policies) == (1, True)
    assert (after.grade, "fever_excused" in slugs(after)) == (0, True)


def test_death_from_infection_is_no_grade_5(courses: Courses) -> None:
    facts = courses["06-two-vasopressors"]
    died = next(fact.at for fact in facts if fact.what == "death")
    assert max(one.end or 0 for one in episodes(facts, "crs.astct")) == died
    assert 5 not in {one.grade for one in episodes(facts, "crs.astct")}


def test_nightly_cpap_as_at_home_is_no_positive_pressure(courses: Courses) -> None:
    found = at(episodes(courses["11-home-oxygen"], "crs.astct"), "2026-03-15T02:00Z")
    assert (found.grade, "home_oxygen" in slugs(found)) == (1, True)


def test_out_of_the_hospital_nothing_is_graded(courses: Courses) -> None:
    found = episodes(courses["02-readmitted"], "crs.astct")
    assert not [one for one in found if one.start <= parse("2026-03-14T12:00Z") < (one.end or one.start)]


def test_the_amended_temperature_withdraws_an_episode_as_known_later(courses: Courses) -> None:
    """38.9 was typed at 10:04 and amended to 36.9 at 16:40: at noon everybody knew a fever."""
    facts = courses["12-charting"]
    then = at(episodes(facts, "crs.astct", parse("2026-03-14T12:00Z")), "2026-03-14T11:00Z")
    now = at(episodes(facts, "crs.astct"), "2026-03-14T11:00Z")
    assert (then.grade, now.grade) == (1, 0)


def test_the_late_entry_brings_an_episode_that_nobody_knew_at_the_time(courses: Courses) -> None:
    facts = courses["12-charting"]
    then = at(episodes(facts, "crs.astct", parse("2026-03-16T07:00Z")), "2026-03-15T19:00Z")
    assert (then.grade, at(episodes(facts, "crs.astct"), "2026-03-15T19:00Z").grade) == (0, 1)


def test_fahrenheit_sent_as_celsius_is_neither_a_fever_nor_none(courses: Courses) -> None:
    found = at(episodes(courses["12-charting"], "crs.astct"), "2026-03-16T14:00Z")
    assert (found.shown, found.missing, found.policies) == (">= 0", ("body_temperature",), ("unreadable_value",))
