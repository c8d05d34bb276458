"""IEC-HS and tumor lysis agree with their slow twins on random courses, whatever the policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import Episode, Rules, grade
from cartway.toxicity.fold import SCALES
from toxicity import drawn as d
from toxicity.drawn import INFUSION, Saying, instant
from toxicity.further import IEC_HS, TLS, context, laboratory
from toxicity.slow_chemistry import Said, iec_hs, tumor_lysis


def values(what: str, numbers: Sequence[float], **limits: float) -> st.SearchStrategy[Saying]:
    return st.sampled_from(numbers).map(lambda number: laboratory(what, number, **limits))


inflamed = st.one_of(
    values("ferritin", [300, 800, 801, 840, 841, 3000, 3300, 3301, 9000, 40000], upper_limit=400),
    values("ferritin", [300, 840, 841, 5000]),
    values("ast", [30, 90, 200, 201, 450, 451], upper_limit=40),
    values("alt", [30, 200, 201, 600], upper_limit=40),
    values("fibrinogen", [90, 149, 150, 180]),
    values("platelets", [10, 24, 25, 80]),
    values("neutrophils", [0.1, 0.49, 0.5, 2.0]),
)
told = st.sampled_from(
    [
        context(infection_excluded=True),
        context(infection_excluded=False),
        context(progression_excluded=False),
        context(haemophagocytosis=True),
        context(bleeding="none", new_organ_failure="none", interventions=[]),
        context(bleeding="minor"),
        context(bleeding="transfused", interventions=["anakinra"]),
        context(new_organ_failure="on dialysis", infection_excluded=True),
        context(bleeding="intracranial"),
        d.push("anakinra", 100.0),
        d.said("transfusion", "cryoprecipitate"),
    ]
)
germs = st.sampled_from(
    [
        Saying("infection", choice="bacterial", detail={"proven": True}),
        Saying("infection", choice="bacterial", until=150, detail={"proven": True}),
        Saying("infection", choice="viral", detail={"proven": True}),
        Saying("infection", choice="none"),
        *(
            Saying("infection_work_up", choice=what, detail={"result": result})
            for what in ("blood_culture", "urine_culture")
            for result in ("pending", "negative", "positive")
        ),
        context(infection_excluded=True),
        context(infection_excluded=False),
    ]
)
bedside = st.one_of(
    st.sampled_from([36.8, 38.4, 39.5]).map(d.temperature),
    st.sampled_from([80.0, 118.0]).map(d.pressure),
    st.sampled_from(["room_air", "invasive_ventilation"]).map(d.oxygen),
    st.sampled_from([("norepinephrine", 0.1), ("norepinephrine", 0.0), ("epinephrine", 0.1)]).map(
        lambda drip: d.drip(*drip)
    ),
)
lysed = st.one_of(
    values("uric_acid", [5, 6.2, 6.25, 7.99, 8.0, 12]),
    values("potassium", [4.0, 4.9, 5.0, 5.99, 6.0, 7.1]),
    values("phosphate", [3.0, 3.75, 4.4, 4.5, 6.4, 6.5]),
    values("calcium", [9.0, 7.1, 7.0, 6.7]),
    values("creatinine", [0.9, 1.79, 1.8, 1.81, 4.0, 8.0]),
    st.sampled_from(["none", "no_treatment", "not_urgent", "life_threatening"]).map(
        lambda level: d.said("arrhythmia", level)
    ),
    st.sampled_from([d.seizure("none"), d.seizure(duration_min=1), d.seizure(duration_min=9)]),
)

# Nearer to what decides: ferritin alone after CRS and the other features; values that change by a quarter alone.
ferritins = values("ferritin", [3000, 3299, 3300, 3301, 3500, 2500, 9000])
easing = st.sampled_from([36.8, 39.5]).map(d.temperature)
quarters = st.one_of(values("uric_acid", [6.25, 5.0, 6.2]), values("potassium", [5.0, 4.0, 4.99]))
SICK = [
    *d.at(0, laboratory("ferritin", 400, upper_limit=400)),
    *d.at(24, d.temperature(39.5), d.pressure(118), d.oxygen("room_air"), context(infection_excluded=True)),
    *d.at(30, laboratory("fibrinogen", 90), laboratory("platelets", 10), laboratory("ferritin", 3000)),
]
OTHERWISE_NORMAL = d.at(0, laboratory("phosphate", 3.0), laboratory("calcium", 9.0), laboratory("creatinine", 0.9))


@st.composite
def courses(draw: Any, sayings: st.SearchStrategy[Saying], least: int, most: int) -> list[Fact]:
    """An infusion and what is charted on the half day from some days before it; an age now and then."""
    hours = st.integers(least, most).map(lambda step: step * 12.0)
    rounds = draw(st.lists(st.tuples(hours, st.lists(sayings, min_size=1, max_size=5)), min_size=1, max_size=12))
    facts = [fact for hour, said in rounds for fact in d.at(hour, *said)]
    aged = draw(st.sampled_from([None, 9.0, 40.0]))
    return [*d.infused(), *(d.age(aged) if aged else []), *facts]


iec_policies = st.fixed_dictionaries(
    {},
    optional={
        "iec_hs_features": st.sampled_from([1, 2, 3]),
        "iec_hs_timing": st.just("any_time"),
        "iec_hs_infection": st.just("called"),
        "iec_hs_cause_untold": st.just("not_called"),
        "iec_hs_liver_baseline": st.just("not_counted"),
        "iec_hs_support": st.just("not_counted"),
        "iec_hs_ferritin_rise_percent": st.just(0),
    },
)
tls_policies = st.fixed_dictionaries(
    {},
    optional={
        "tls_change": st.just("not_counted"),
        "tls_together_hours": st.sampled_from([12, 24]),
        "tls_creatinine_upper_limit": st.sampled_from([0, 1.0]),
        "tls_seizure": st.just("not_counted"),
    },
)


def _episodes(facts: Sequence[Fact], scale: str, rules: Rules, at: int) -> list[Episode]:
    return [e for e in grade(facts, rules, at, scales=(scale,)) if e.scale == scale]


def _said(facts: Sequence[Fact], scale: str, rules: Rules, moment: int) -> Said | None:
    now = [e for e in _episodes(facts, scale, rules, moment) if e.end is None]
    if not now:
        return None
    found = now[-1]
    return Said(found.grade, frozenset(found.missing), frozenset(found.policies), tuple(found.measures.values()))


def agree(facts: Sequence[Fact], scale: str, rules: Rules, slow: Sequence[tuple[int, Said | None]]) -> None:
    """At every instant at which the twin looks, both say the same. Nothing is counted where nothing can be assessed."""
    for moment, said in slow:
        expected = said._replace(measures=()) if said is not None and said.grade is None else said
        assert _said(facts, scale, rules, moment) == expected, f"at {(moment - INFUSION) / 3.6e9} h"


@settings(max_examples=120, deadline=None)
@given(courses(st.one_of(inflamed, inflamed, told, germs, bedside), -4, 16), iec_policies)
def test_iec_hs_says_what_its_twin_says(facts: list[Fact], policies: dict[str, str | float]) -> None:
    rules, until = d.rules(**policies), instant(220)
    crs = [e for e in grade(facts, rules, until, scales=SCALES) if e.scale == "crs.astct"]
    agree(facts, IEC_HS, rules, iec_hs(sorted(facts, key=lambda f: f.at), crs, until, rules.value))


@settings(max_examples=120, deadline=None)
@given(courses(germs, -4, 16), iec_policies)
def test_iec_hs_says_of_infections_what_its_twin_says(facts: list[Fact], policies: dict[str, str | float]) -> None:
    """With ferritin and two features high all the time, what is known of infections decides."""
    rules, until = d.rules(**policies), instant(220)
    high = (laboratory("ferritin", 9000, upper_limit=400), laboratory("fibrinogen", 90), laboratory("platelets", 10))
    ill = sorted([*facts, *(f for hour in range(6, 216, 24) for f in d.at(hour, *high))], key=lambda f: f.at)
    agree(ill, IEC_HS, rules, iec_hs(ill, (), until, rules.value))


@settings(max_examples=60, deadline=None)
@given(courses(st.one_of(ferritins, easing), 3, 7), iec_policies)
def test_iec_hs_follows_ferritin_along_crs_as_its_twin_does(
    facts: list[Fact], policies: dict[str, str | float]
) -> None:
    rules, until = d.rules(**policies), instant(110)
    sick = sorted([*facts, *SICK], key=lambda f: f.at)
    crs = [e for e in grade(sick, rules, until, scales=SCALES) if e.scale == "crs.astct"]
    agree(sick, IEC_HS, rules, iec_hs(sick, crs, until, rules.value))


@settings(max_examples=200, deadline=None)
@given(courses(quarters, -2, 4), tls_policies)
def test_a_change_by_a_quarter_is_the_twin_s(facts: list[Fact], policies: dict[str, str | float]) -> None:
    rules, until = d.rules(**policies), instant(60)
    read = sorted([*facts, *OTHERWISE_NORMAL], key=lambda f: f.at)
    agree(read, TLS, rules, tumor_lysis(read, until, rules.value))


@settings(max_examples=120, deadline=None)
@given(courses(lysed, -8, 18), tls_policies)
def test_tumor_lysis_says_what_its_twin_says(facts: list[Fact], policies: dict[str, str | float]) -> None:
    rules, until = d.rules(**policies), instant(240)
    agree(facts, TLS, rules, tumor_lysis(sorted(facts, key=lambda f: f.at), until, rules.value))


@settings(max_examples=40, deadline=None)
@given(courses(st.one_of(inflamed, told, germs, bedside, lysed), -4, 16), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(facts: list[Fact], random: Any) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    for scale in (IEC_HS, TLS):
        once, again = (_episodes(each, scale, d.rules(), instant(240)) for each in (facts, shuffled))
        assert [(e.start, e.shown, e.missing, e.policies) for e in once] == [
            (e.start, e.shown, e.missing, e.policies) for e in again
        ]
