"""Two settings over one course: where grades and alerts differ, and that they differ nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.cohort.difference import NONE, GradeChange, alert_changes, grade_changes
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import HOUR
from cartway.toxicity import Episode, Rules, grade, load_rules
from cartway.watch.model import Alert, Finding, Priority
from toxicity.drawn import age, at, course, hour_of, infused, instant, oxygen, pressure, temperature


def rules(name: str, value: str) -> Rules:
    set_ = load_rules().with_policy(name, value)
    assert not isinstance(set_, Problem)
    return set_


def compared(facts: Sequence[Fact], other: Rules) -> list[GradeChange]:
    end = instant(60)
    return grade_changes("course-1", grade(facts, load_rules(), end), grade(facts, other, end))


MILD = course(
    infused(),
    age(58),
    at(1, temperature(36.8), pressure(120), oxygen("room_air")),
    at(30, temperature(38.2), pressure(120), oxygen("room_air")),
    at(36, temperature(36.9), pressure(120), oxygen("room_air")),
)


def test_a_fever_that_no_longer_counts_is_told_from_when_to_when_and_why() -> None:
    """38.2 degrees is a fever at 38.0 and none at 38.5: CRS 1 becomes 0 for the six hours that it held."""
    (change,) = compared(MILD, rules("fever_celsius", "38.5"))
    assert (change.scale, change.peak_before, change.peak_after) == ("crs.astct", 1, 0)
    first = change.spans[0]
    assert (hour_of(first.start), first.before, first.after) == (30, "1", "0")
    assert "38.2 °C" in first.why_before
    assert "no fever" in first.why_after
    assert change.hours >= 6


def test_settings_that_decide_nothing_here_change_nothing() -> None:
    assert compared(MILD, rules("vasopressin_alone", "grade_2")) == []
    assert compared(MILD, load_rules()) == []


def test_what_one_of_the_two_does_not_cover_is_named_so() -> None:
    late = grade(MILD, load_rules(), instant(60))
    (change,) = grade_changes("course-1", [], [each for each in late if each.scale == "crs.astct"])
    assert {span.before for span in change.spans} == {NONE}
    assert change.peak_before is None


def shown_at(episodes: Sequence[Episode], moment: int) -> str:
    found = [each for each in episodes if each.start <= moment and (each.end is None or moment < each.end)]
    return found[0].shown if found else NONE


@settings(max_examples=60)
@given(
    readings=st.lists(
        st.tuples(st.integers(1, 59), st.sampled_from([36.8, 38.0, 38.2, 38.6, 39.5]), st.sampled_from([80, 120])),
        max_size=12,
    )
)
def test_at_every_hour_the_spans_say_what_the_two_gradings_say(readings: list[tuple[int, float, int]]) -> None:
    """The slow twin: hour by hour, the two gradings side by side; between spans they agree, and no two spans that
    touch say the same.
    """
    told = (at(hour, temperature(t), pressure(p), oxygen("room_air")) for hour, t, p in readings)
    facts = course(infused(), age(58), *told)
    end, other = instant(60), rules("fever_celsius", "38.5")
    before, after = grade(facts, load_rules(), end), grade(facts, other, end)
    changes = {change.scale: change for change in grade_changes("course-1", before, after)}
    for scale in ("crs.astct", "icans.astct"):
        old, new = ([each for each in side if each.scale == scale] for side in (before, after))
        spans = changes[scale].spans if scale in changes else ()
        for hour in range(60):
            moment = instant(hour) + HOUR // 2
            span = next((s for s in spans if s.start <= moment and (s.end is None or moment < s.end)), None)
            pair = (shown_at(old, moment), shown_at(new, moment))
            assert (span is None) == (pair[0] == pair[1])
            assert span is None or (span.before, span.after) == pair
        assert all((a.end, a.before, a.after) != (b.start, b.before, b.after) for a, b in pairwise(spans))


def alert(onset: float, end: float | None, peak: Priority, event: str = "cytokine_release") -> Alert:
    until = None if end is None else instant(end)
    found = Finding("crs_grade", 1, peak, instant(onset), until, "CRS grade 1")
    return Alert("course-1", event, "Cytokine release", instant(onset), until, peak, (found,), "nurse")


def test_alerts_that_are_new_gone_raised_or_moved() -> None:
    before = [alert(1, 5, Priority.low), alert(10, 20, Priority.medium), alert(30, 40, Priority.low)]
    after = [alert(10, 20, Priority.high), alert(31, 40, Priority.low), alert(50, None, Priority.low)]
    found = [
        (change.kind, hour_of(change.onset), change.before, change.after) for change in alert_changes(before, after)
    ]
    assert found == [
        ("gone", 1, "low", ""),
        ("raised", 10, "medium", "high"),
        ("moved", 31, "low", "low"),
        ("new", 50, "", "low"),
    ]


def test_alerts_of_another_event_do_not_answer_to_each_other() -> None:
    found = alert_changes([alert(1, 5, Priority.low)], [alert(1, 5, Priority.low, "neurotoxicity")])
    assert sorted(change.kind for change in found) == ["gone", "new"]
    assert alert_changes([alert(1, 5, Priority.low)], [alert(1, 5, Priority.low)]) == []
