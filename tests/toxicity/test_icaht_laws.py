"""The fold of counts against its slow twin, and the laws of counting days, on random courses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.times import DAY
from cartway.toxicity import bedside as b
from cartway.toxicity.episode import names_of_missing, names_of_policies
from cartway.toxicity.fold import Fold
from cartway.toxicity.further import ALL_SCALES
from cartway.toxicity.grade import fold_course, in_time_order
from toxicity import slow_counts
from toxicity.counts import SCALES, count_courses, count_policies, counts_at, neutrophils, run
from toxicity.courses import Course
from toxicity.drawn import rules
from toxicity.slow_counts import Count

few = settings(max_examples=150, deadline=None)
randoms = st.integers(0, 2**32).map(Random)
Twin = Callable[[Sequence[Fact], Mapping[str, object], int], Count | None]
TWINS: dict[str, Twin] = dict(
    zip(SCALES, (slow_counts.early, slow_counts.late, slow_counts.t_early, slow_counts.t_late), strict=True)
)


def told_by_fold(course: Fold, scale: str, moment: float) -> Count | None:
    """What the fold answered at a moment."""
    answers = [a for a in course.answers[ALL_SCALES.index(scale)] if a.start <= moment]
    if not answers or answers[-1].out[b.GRADE] == b.NOT_COVERED:
        return None
    out = answers[-1].out
    missing = frozenset(names_of_missing(scale, out[b.MISSING]))
    if out[b.GRADE] == b.NOT_ASSESSABLE:
        return Count(None, missing)
    measured = 2 if scale == "icaht.late" else 4
    measures = tuple(out[b.MEASURES : b.MEASURES + measured])
    return Count(int(out[b.GRADE]), missing, frozenset(names_of_policies(scale, out[b.POLICIES])), measures)


def moments(facts: Sequence[Fact], random: Random) -> list[int]:
    """The infusion, the end, and some moments between: of facts, and of days that begin."""
    zero, end = min(f.at for f in facts if f.what == "infusion"), max(f.at for f in facts)
    every = [zero, end, *(f.at for f in facts), *(zero + day * DAY for day in range((end - zero) // DAY + 1))]
    every = [at for at in every if zero <= at <= end]
    return [end, *random.sample(every, min(len(every), 10))]


def vocabulary_of(chosen: Mapping[str, str]) -> dict[str, object]:
    """Every policy of the four scales, by name."""
    made = rules(**chosen)
    return {name: made.value(name) for name in made.policies if "icaht" in name}


@few
@given(count_courses(), count_policies(), randoms)
def test_the_fold_agrees_with_its_slow_twin(facts: Course, chosen: dict[str, str], random: Random) -> None:
    course = fold_course(in_time_order(facts, None), rules(**chosen), None, SCALES)
    for moment in moments(facts, random):
        for scale, twin in TWINS.items():
            assert told_by_fold(course, scale, moment) == twin(facts, vocabulary_of(chosen), moment), (scale, moment)


@few
@given(count_courses(), count_policies(), randoms)
def test_any_order_of_arrival_gives_the_same_counts(facts: Course, chosen: dict[str, str], random: Random) -> None:
    other = random.sample(facts, len(facts))
    end = max(f.at for f in facts)
    folds = [fold_course(in_time_order(each, None), rules(**chosen), None, SCALES) for each in (facts, other)]
    for scale in SCALES:
        assert told_by_fold(folds[0], scale, end) == told_by_fold(folds[1], scale, end)


@few
@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.05, 0.3]), st.integers(0, 30))
def test_one_low_day_more_never_lowers_the_early_grade(first: int, last: int, value: float, more: int) -> None:
    before = counts_at(neutrophils(run(value, first, last)), "icaht.early", 30)
    after = counts_at(neutrophils(run(value, first, last), {float(more): value}), "icaht.early", 30)
    assert before is not None and after is not None
    assert before.grade is not None and after.grade is not None
    assert after.grade >= before.grade


@few
@given(st.integers(0, 25), st.integers(1, 20), st.sets(st.integers(0, 30), max_size=20))
def test_days_without_a_count_bound_the_grade_from_below(first: int, length: int, gone: set[int]) -> None:
    """Whatever counts are missing, what is told of the rest is no more than the whole truth."""
    whole = run(0.3, first, min(first + length, 30))
    rest = {day: value for day, value in whole.items() if day not in gone}
    truth = counts_at(neutrophils(whole), "icaht.early", 31)
    told = counts_at(neutrophils(rest), "icaht.early", 31, icaht_missing_days="not_counted")
    assert truth is not None and truth.grade is not None
    assert told is not None and told.grade is not None
    assert told.grade <= truth.grade
    assert told.missing or told.grade == truth.grade
