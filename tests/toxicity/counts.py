"""Drawing courses of blood counts, day by day, and asking one question of them.

low = counted("neutrophils", {5: 0.3, 6: 0.3}, elsewhere=2.5, until=30)
assert icaht(course(infused(), low), "icaht.early", 30) == 1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import Episode, grade
from toxicity.courses import Course, Draw
from toxicity.drawn import Saying, at, course, died, discharged, infused, instant, measured, rules, said, unreadable

EARLY, LATE, T_EARLY, T_LATE = SCALES = ("icaht.early", "icaht.late", "t_icaht.early", "t_icaht.late")
CYTOPENIAS = ("ctcae.neutrophils", "ctcae.platelets", "ctcae.hemoglobin", "ctcae.leukocytes", "ctcae.lymphocytes")


def counted(what: str, days: Mapping[float, float]) -> list[Fact]:
    """Counts (10*9/L) by the day after the infusion; a tenth of a day is 2.4 hours."""
    return [fact for day, value in days.items() for fact in at(24 * day, measured(what, value))]


def run(value: float, first: int, last: int, otherwise: float = 2.5, until: int = 30) -> dict[float, float]:
    """A count each day from 0 to `until`: `value` from day `first` to `last`, `otherwise` on the other days."""
    return {float(day): value if first <= day <= last else otherwise for day in range(until + 1)}


def neutrophils(*parts: Mapping[float, float]) -> list[Fact]:
    """An infused patient with neutrophil counts; a later part overrides an earlier one."""
    return course(infused(), counted("neutrophils", _merged(parts)))


def platelets(*parts: Mapping[float, float]) -> list[Fact]:
    """An infused patient with platelet counts; a later part overrides an earlier one."""
    return course(infused(), counted("platelets", _merged(parts)))


def _merged(parts: Sequence[Mapping[float, float]]) -> dict[float, float]:
    return {day: value for part in parts for day, value in part.items()}


def without(days: Mapping[float, float], *gone: float) -> dict[float, float]:
    """The counts without those of some days."""
    return {day: value for day, value in days.items() if day not in gone}


def counts_at(facts: Iterable[Fact], scale: str, day: float, **policies: str | float) -> Episode | None:
    """The episode in force at a day, as known from all facts up to it; None where the scale does not apply."""
    moment = instant(24 * day)
    found = grade(list(facts), rules(**policies), moment, (scale,))
    return next((e for e in found if e.start <= moment and (e.end is None or moment < e.end)), None)


def counts_shown(facts: Iterable[Fact], scale: str, day: float, **policies: str | float) -> str:
    """The grade as every surface prints it at a day, and what is missing behind it."""
    found = counts_at(facts, scale, day, **policies)
    if found is None:
        return "not covered"
    return found.shown + (f" without {', '.join(found.missing)}" if found.missing else "")


def counts_decided(facts: Iterable[Fact], scale: str, day: float, **policies: str | float) -> set[str]:
    """The policies that decided the grade at a day."""
    found = counts_at(facts, scale, day, **policies)
    assert found is not None
    return set(found.policies)


def counts_measured(facts: Iterable[Fact], scale: str, day: float, **policies: str | float) -> dict[str, float]:
    """What was counted by a day."""
    found = counts_at(facts, scale, day, **policies)
    assert found is not None
    return dict(found.measures)


# --- random courses

_NEUTROPHILS = st.sampled_from(
    [0.0, 0.05, 0.1, 0.1, 0.12, 0.3, 0.49, 0.5, 0.5, 0.51, 0.9, 1.0, 1.2, 1.5, 1.6, 2.5, 4.0]
)
_PLATELETS = st.sampled_from([5.0, 12.0, 19.0, 20.0, 21.0, 32.0, 49.0, 50.0, 51.0, 80.0, 99.0, 100.0, 150.0, 220.0])
_OF = {"neutrophils": _NEUTROPHILS, "platelets": _PLATELETS}
_HOURS = st.sampled_from([0.0, 0.0, 0.0, 0.25, 0.5, 0.99])


@st.composite
def spells(draw: Draw, what: str) -> list[Fact]:
    """Days on end with one count, some of them left out: how counts go."""
    first, length = draw(st.integers(-12, 105)), draw(st.integers(1, 20))
    value, step = draw(_OF[what]), draw(st.sampled_from([1, 1, 1, 2, 3, 7, 9]))
    hour = draw(_HOURS)
    return counted(what, {day + hour: value for day in range(first, first + length, step)})


@st.composite
def strewn(draw: Draw, what: str) -> list[Fact]:
    """A count at any time."""
    return counted(what, {draw(st.integers(-12, 110)) + draw(_HOURS): draw(_OF[what])})


def events() -> st.SearchStrategy[list[Fact]]:
    """What else bears on the count of days."""
    day = st.integers(-5, 105).map(float)
    words: st.SearchStrategy[Saying] = st.one_of(
        st.just(said("transfusion", "platelets")),
        st.just(said("transfusion", "platelets")),
        st.sampled_from([unreadable("neutrophils"), unreadable("platelets")]),
        st.sampled_from([said("progression", "yes"), said("progression", "no"), said("next_therapy", "yes")]),
        st.just(said("last_follow_up", "yes")),
    )
    return st.builds(lambda when, part, word: at(24 * (when + part), word), day, _HOURS, words)


@st.composite
def count_courses(draw: Draw) -> Course:
    """A course of counts in no order; going home changes nothing, death ends it."""
    facts = infused(draw(st.sampled_from([0.0, 0.0, 13.5])))
    for what in ("neutrophils", "platelets"):
        parts = st.lists(st.one_of(spells(what), spells(what), strewn(what)), min_size=1, max_size=8)
        facts += course(*draw(parts))
    facts += course(*draw(st.lists(events(), max_size=5)))
    if draw(st.booleans()):
        facts += discharged(24.0 * draw(st.integers(1, 100)))
    if draw(st.integers(0, 4)) == 0:
        facts += died(24.0 * draw(st.integers(1, 100)), "infection")
    return Course(draw(st.permutations(facts)) if draw(st.booleans()) else facts)


_NUMBERS = {
    "icaht_gap_days": (7, 0, 2),
    "icaht_recovery_days": (3, 1, 5),
    "icaht_late_until_day": (100, 60),
    "t_icaht_recovery_days": (3, 7),
    "t_icaht_transfusion_days": (7, 3),
}
_CHOICES = {
    "icaht_days": ("cumulative", "longest_run"),
    "icaht_missing_days": ("filled_in", "not_counted", "ends_too"),
    "icaht_no_recovery": ("grade_4", "by_days"),
    "icaht_late_grade": ("nadir", "two_measurements"),
    "icaht_single_count": ("await_second", "counts"),
    "t_icaht_limit": ("below", "at_or_below"),
    "t_icaht_transfusion": ("no_recovery", "ignored"),
}


@st.composite
def count_policies(draw: Draw) -> dict[str, str]:
    """Some policies of these scales at another answer."""
    every = {**_CHOICES, **_NUMBERS}
    names = draw(st.lists(st.sampled_from(sorted(every)), max_size=4, unique=True))
    return {name: str(draw(st.sampled_from(every[name]))) for name in names}
