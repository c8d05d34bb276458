"""Drawing courses for the older CRS scales, and asking one question of them.

ill = course(infused(), age(58), at(48, temperature(39), pressure(80)), at(49, rate("norepinephrine", 5, until=59)))
assert older(ill, LEE, 50) == 2
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import Episode, Rules, grade, load_rules
from toxicity import drawn as d
from toxicity.compare import Told
from toxicity.courses import NUMBERS, Course, Draw, courses, crs_sayings, devices, hours, other_sayings, vital_signs
from toxicity.drawn import Saying
from toxicity.slow_older import OLDER, OlderTwin

LEE, PENN, MSKCC, CARTOX, CTCAE4, CTCAE5 = OLDER


def rate(name: str, value: float, unit: str = "ug/min", until: float | None = None) -> Saying:
    """A vasopressor's infusion at a rate."""
    return Saying("drug", value, name, unit, until)


def lab(what: str, value: float, limit: float | None = None) -> Saying:
    """A laboratory value with its upper limit of normal."""
    return d.measured(what, value)._replace(detail={} if limit is None else {"upper_limit": limit})


def bolus(milliliters: float = 1000.0) -> Saying:
    return d.measured("fluid_bolus", milliliters)


def asked(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> Episode:
    """The episode in force at an hour; the course must be covered then."""
    found = grade(list(facts), d.rules(**policies), d.instant(hour), scales=(scale,))
    return next(e for e in found if e.scale == scale and e.end is None)


def older(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> int | None:
    """The grade by one of the older scales at an hour."""
    return asked(facts, scale, hour, **policies).grade


def lacking(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """What is missing at an hour."""
    return set(asked(facts, scale, hour, **policies).missing)


def decided(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """The policies that decided at an hour."""
    return set(asked(facts, scale, hour, **policies).policies)


def because(facts: Iterable[Fact], scale: str, hour: float, **policies: str | float) -> set[str]:
    """The slugs of the reasons at an hour."""
    return {reason.criterion.slug for reason in asked(facts, scale, hour, **policies).because}


# --- random courses

DOSES = {
    "norepinephrine": [("ug/min", 5.0), ("ug/min", 20.0), ("ug/min", 19.9), ("ug/kg/min", 0.1), ("ug/kg/min", 0.2)],
    "epinephrine": [("ug/min", 9.0), ("ug/min", 10.0), ("ug/kg/min", 0.1), ("mg/h", 0.6)],
    "phenylephrine": [("ug/min", 100.0), ("ug/min", 200.0)],
    "dopamine": [("ug/kg/min", 5.0), ("ug/kg/min", 10.0), ("ug/min", 700.0)],
    "angiotensin_ii": [("ng/kg/min", 20.0)],
    "vasopressin": [("[iU]/min", 0.03), ("ug/min", 3.0)],
    "terlipressin": [("mg/h", 0.1)],
    "dobutamine": [("ug/kg/min", 5.0)],
}
rates = st.sampled_from([rate(name, value, unit) for name, pairs in DOSES.items() for unit, value in pairs])
strange = st.sampled_from(
    [
        Saying("drug", None, "norepinephrine"),
        Saying("drug", 8.0, "norepinephrine", "mL/h"),
        Saying("drug", 0.0, "norepinephrine", "ug/min"),
        Saying("drug", 0.0, "epinephrine", "ug/min"),
        d.push("phenylephrine", 0.1),
        d.drip("norepinephrine", 0.0),
    ]
)
labs = st.one_of(
    st.builds(
        lab, st.just("creatinine"), st.sampled_from([0.8, 1.2, 1.3, 1.8, 1.9, 3.7, 8.0]), st.sampled_from([1.2, None])
    ),
    st.builds(
        lab,
        st.sampled_from(["ast", "alt"]),
        st.sampled_from([30.0, 120.0, 121.0, 201.0, 801.0]),
        st.sampled_from([40.0, None]),
    ),
    st.builds(lab, st.just("bilirubin"), st.sampled_from([0.8, 1.9, 4.0, 13.0]), st.sampled_from([1.2, None])),
    st.sampled_from([50.0, 70.0, 110.0]).map(lambda kilograms: d.measured("body_weight", kilograms)),
    st.sampled_from([d.unreadable(what) for what in ("creatinine", "ast", "alt", "bilirubin", "body_weight")]),
    st.just(bolus()),
)
oxygen = st.one_of(
    devices,
    st.sampled_from(["nasal_cannula", "non_rebreather_mask", "simple_mask", "bipap"]).map(d.oxygen),
    st.sampled_from([21.0, 39.0, 40.0, 60.0]).map(d.inspired),
    st.sampled_from([2.0, 4.9, 5.0, 6.0, 10.0]).map(d.flow),
)


@st.composite
def older_courses(draw: Draw) -> Course:
    """A febrile course with vasopressors in all units, weights, oxygen, organ values and boluses."""
    facts = draw(courses(st.one_of(crs_sayings, other_sayings, oxygen), longest=5))
    if draw(st.booleans()):
        facts = Course(
            [*facts, *d.at(draw(st.integers(0, 8)), d.temperature(38.9), *draw(st.lists(vital_signs, max_size=3)))]
        )
    for before in draw(st.lists(labs, max_size=2)):
        facts = Course([*facts, *d.at(-20, before)])
    for _ in range(draw(st.integers(0, 8))):
        hour = draw(st.one_of(hours, st.integers(0, 30)))
        said = draw(st.one_of(rates, rates, strange, labs, labs, oxygen, vital_signs))
        if said.what == "drug" and said.unit.endswith("/min") and said.value and draw(st.booleans()):
            said = said._replace(until=hour + draw(st.sampled_from([1.0, 2.0, 2.5, 3.0, 5.0, 12.0, 24.0, 30.0])))
        facts = Course([*facts, *d.at(hour, said)])
    return Course(draw(st.permutations(facts)) if draw(st.booleans()) else facts)


_ASKED = ("older", "crs")
_MORE = {"high_dose_hours": (3, 1), "fluid_bolus_hours": (24, 6), "laboratory_valid_hours": (72, 12)}


@st.composite
def older_policies(draw: Draw) -> dict[str, str]:
    """Some policies of CRS and of the older scales at another choice or number."""
    known = {name: p for name, p in load_rules().policies.items() if set(p.scales) & set(_ASKED)}
    numbers = {name: tuple(str(n) for n in choices) for name, choices in {**NUMBERS, **_MORE}.items()}
    names = [name for name, policy in known.items() if policy.choices or name in numbers]
    chosen = draw(st.lists(st.sampled_from(sorted(names)), max_size=8, unique=True))
    return {name: draw(st.sampled_from(known[name].choices or numbers[name])) for name in chosen}


def told(facts: Sequence[Fact], rules: Rules, at: int | None = None) -> dict[str, list[Told]]:
    """The fold's answers as spans: only where something changes."""
    spans: dict[str, list[Told]] = {scale: [] for scale in OLDER}
    ends: dict[str, int | None] = {}
    for e in grade(facts, rules, at, scales=OLDER):
        if ends.get(e.scale, e.start) != e.start:
            spans[e.scale].append(Told(d.hour_of(ends[e.scale] or 0), "-"))
        spans[e.scale].append(Told(d.hour_of(e.start), e.grade, tuple(sorted(e.missing)), tuple(sorted(e.policies))))
        ends[e.scale] = e.end
    for scale, end in ends.items():
        if end is not None:
            spans[scale].append(Told(d.hour_of(end), "-"))
    return spans


def told_by_twin(facts: Sequence[Fact], rules: Rules, at: int | None = None) -> dict[str, list[Told]]:
    """The twin's answers as spans."""
    found: dict[str, list[Told]] = {}
    for scale, answers in OlderTwin(facts, rules.value, at).answers.items():
        spans = found[scale] = []
        last: Told | None = None
        for moment, a in answers:
            now = (
                Told(0.0, "-") if a is None else Told(0.0, a.grade, tuple(sorted(a.missing)), tuple(sorted(a.policies)))
            )
            if now != last and (last is not None or a is not None):
                spans.append(now._replace(hour=d.hour_of(moment)))
            last = now
    return found
