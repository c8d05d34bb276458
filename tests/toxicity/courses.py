"""Random courses as a ward charts them: mostly on the hour, values near the limits, gaps, equal times, other causes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import load_rules
from toxicity import drawn as d
from toxicity.drawn import Saying, hour_of
from toxicity.slow_chart import DEVICES, INOTROPES, LEVELS, OTHER_PRESSORS, PRESSORS, SEDATIVES

Draw = Callable[[st.SearchStrategy[Any]], Any]

temperatures = st.one_of(
    st.sampled_from([36.4, 37.0, 37.94, 37.949, 37.95, 37.96, 37.99, 38.0, 38.04, 38.5, 39.4, 40.6]),
    st.integers(370, 390).map(lambda tenths: tenths / 10),
)
systolics = st.one_of(
    st.sampled_from([58, 60, 69, 70, 71, 72, 77, 78, 80.9, 81, 85, 88, 89, 89.9, 90, 91, 110, 120]),
    st.integers(55, 130),
).map(float)
flows = st.sampled_from([0.0, 0.5, 1, 2, 3, 4, 5.9, 6, 6.1, 8, 15, 30, 50]).map(float)
ages = st.sampled_from([None, 0.01, 0.5, 0.9, 1.2, 4.2, 8.5, 9.5, 10.2, 11.5, 12.0, 12.5, 17, 40, 40, 60, 60, 75])
"""No birthday that changes a table falls within a drawn course."""
FEATURES = (
    "fever", "hypotension", "hypoxia", "positive_pressure", "vasopressor", "consciousness", "seizure", "motor",
    "cerebral_edema", "raised_pressure_sign", "score", "hyperinflammation",
)  # fmt: skip
UNREADABLE = (
    "body_temperature", "systolic_pressure", "oxygen_device", "oxygen_flow", "inspired_oxygen", "ice_score",
    "capd_score", "consciousness", "rass_score", "motor_weakness", "cerebral_edema", "raised_pressure_sign", "seizure",
    "neutrophils", "new_neurological_change", "heart_rate",
)  # fmt: skip


def choice(what: str, *choices: str) -> st.SearchStrategy[Saying]:
    return st.sampled_from(choices).map(lambda chosen: d.said(what, chosen))


devices = st.one_of(
    choice("oxygen_device", "room_air", "nasal_cannula", "high_flow_nasal_cannula", "cpap", "invasive_ventilation"),
    choice("oxygen_device", *DEVICES),
)
drips = st.builds(
    d.drip,
    st.sampled_from([*PRESSORS[:2], *PRESSORS, "vasopressin", "terlipressin", *INOTROPES[:2], *OTHER_PRESSORS[:1]]),
    st.sampled_from([0.0, 0.0, 0.05, 0.5, 0.5, 1.0]),
)
pushes = st.builds(
    d.push,
    st.sampled_from(["phenylephrine", "norepinephrine", "epinephrine", "ephedrine", "vasopressin"]),
    st.sampled_from([None, 0.1]),
)
sedation = st.one_of(
    st.builds(d.drip, st.sampled_from(SEDATIVES), st.sampled_from([0.0, 1.0, 1.0])),
    st.sampled_from(
        [
            d.push("lorazepam", 2.0),
            d.push("midazolam", None),
            d.push("fentanyl", 50.0, sedation=True),
            d.drip("cisatracurium"),
            d.drip("fentanyl", 1.0),
            d.drip("phenobarbital", 1.0),
        ]
    ),
    st.sampled_from([-5.0, -4.0, -3.0, 0.0]).map(d.rass),
    st.sampled_from([6.0, 14.0, 15.0]).map(lambda score: d.measured("gcs_score", score)),
    st.sampled_from(
        [
            d.push("lorazepam", 2.0, status="not-done"),
            d.push("lorazepam", 1.0, route="oral"),
            d.push("propofol", 5.0, status="stopped"),
        ]
    ),
)
masking = st.sampled_from(
    ["acetaminophen", "ibuprofen", "tocilizumab", "anakinra", "dexamethasone", "methylprednisolone"]
).map(d.push)
not_pressors = st.sampled_from(
    [d.push("epinephrine", 1.0, route="inhaled"), d.push("phenylephrine", 1.0, route="eye_drops")]
)
causes = st.sampled_from(FEATURES).map(d.attributed)
seizures = st.sampled_from(
    [
        d.seizure("focal", duration_min=1),
        d.seizure("generalized", duration_min=5, returned_to_baseline=True),
        d.seizure("generalized", duration_min=5.5),
        d.seizure("non_convulsive"),
        d.seizure("focal", returned_to_baseline=True),
        d.seizure("focal", duration_min=1, repetitive=True),
        d.seizure("focal", duration_min=1, count=2),
        d.seizure("non_convulsive", duration_min=1, resolved_with_treatment=False),
        d.seizure("generalized", duration_min=2, returned_to_baseline=False),
        d.seizure("none"),
    ]
)
items = st.sampled_from([("orientation", 4), ("naming", 3), ("command", 1), ("writing", 1), ("attention", 1)]).flatmap(
    lambda item: st.integers(0, item[1]).map(lambda points: d.ice_item(item[0], float(points)))
)
noise = st.sampled_from(
    [
        d.measured("heart_rate", 130),
        d.measured("crp", 200),
        d.measured("ferritin", 9000),
        d.measured("diastolic_pressure", 40),
    ]
)
unreadable = st.sampled_from(UNREADABLE).map(d.unreadable)

vital_signs = st.one_of(temperatures.map(d.temperature), systolics.map(d.pressure), devices, flows.map(d.flow))
crs_sayings = st.one_of(
    vital_signs,
    vital_signs,
    st.sampled_from([21.0, 30.0, 60.0]).map(d.inspired),
    drips,
    pushes,
    masking,
    not_pressors,
    st.sampled_from([0.1, 0.49, 0.5, 2.0]).map(lambda count: d.measured("neutrophils", count)),
    choice("diagnosed_crs", "yes", "yes", "no"),
)
icans_sayings = st.one_of(
    st.integers(0, 10).map(float).map(d.ice),
    st.sampled_from([10.0, 10.0, 7.0, 3.0]).map(d.ice),
    items,
    st.sampled_from([0.0, 3.0, 8.0, 9.0, 22.0, "unable_to_perform"]).map(d.capd),
    choice("consciousness", *LEVELS),
    seizures,
    sedation,
    choice("motor_weakness", "none", "mild", "deep_focal"),
    choice("cerebral_edema", "none", "focal", "diffuse"),
    choice("raised_pressure_sign", "none", "papilledema", "posturing"),
    choice("intracranial_hemorrhage", "no", "yes"),
    choice("new_neurological_change", "no", "yes"),
    choice("usual_behavior_per_parent", "no", "yes"),
    devices,
)
other_sayings = st.one_of(causes, causes, unreadable, noise)
sayings = st.one_of(crs_sayings, icans_sayings, other_sayings)

baselines = st.one_of(
    st.sampled_from([1.0, 2.0, 4.0]).map(lambda liters: d.measured("home_oxygen", liters)),
    choice("home_positive_pressure", "cpap", "bipap", "none"),
    st.sampled_from([85.0, 90.0, 95.0, 100.0]).map(lambda systolic: d.measured("baseline_systolic_pressure", systolic)),
    st.sampled_from([5.0, 8.0, 10.0]).map(lambda score: d.measured("baseline_ice_score", score)),
    st.sampled_from([3.0, 8.0]).map(d.capd),
)
hours = st.one_of(
    st.integers(0, 40).map(float),
    st.integers(0, 40).map(float),
    st.integers(0, 160).map(lambda halves: halves / 2),
    st.integers(-12, 20 * 24).map(float),
    st.sampled_from([12.0, 24.0, 36.0, 48.0, 335.0, 336.0, 337.0]),
)


class Course(list[Fact]):
    """Facts that print as a person would chart them, so that a failing example can be read."""

    def __repr__(self) -> str:
        return "\n".join(["", *(line(fact) for fact in self)])


def line(fact: Fact) -> str:
    """One fact in words: hour, what, value or choice, until which hour, details."""
    said = [fact.choice, "" if fact.value is None else f"{fact.value:g} {fact.unit}"]
    lasts = "" if fact.until is None else f"until {hour_of(fact.until):g}"
    return " ".join(filter(None, [f"  {hour_of(fact.at):g} h", fact.what, *said, lasts, str(fact.detail or "")]))


@st.composite
def spoken(draw: Draw, what: st.SearchStrategy[Saying] = sayings) -> list[Fact]:
    """One thing charted at an hour; some last until a later one."""
    hour, saying = draw(hours), draw(what)
    lasts = saying.what == "attribution" or (saying.what == "drug" and saying.unit == "ug/kg/min" and saying.value != 0)
    if lasts and draw(st.booleans()):
        saying = saying._replace(until=hour + draw(st.sampled_from([0.5, 1.0, 2.0, 5.0, 12.0, 48.0])))
    return d.at(hour, saying)


@st.composite
def rounds(draw: Draw) -> list[Fact]:
    """Some vital signs charted together."""
    return d.at(draw(hours), *draw(st.lists(vital_signs, min_size=2, max_size=4)))


@st.composite
def courses(draw: Draw, what: st.SearchStrategy[Saying] = sayings, shortest: int = 1, longest: int = 16) -> Course:
    """A course in no order: who the patient is, the infusion, what was charted, and sometimes discharge or death."""
    years = draw(ages)
    facts = d.infused() + ([] if years is None else draw(st.sampled_from([d.age, d.born]))(years))
    for before in draw(st.lists(baselines, max_size=2)):
        facts += d.at(draw(st.sampled_from([-240, -24, -24, 0, 5])), before)
    for part in draw(
        st.lists(st.one_of(spoken(what), spoken(what), spoken(what), rounds()), min_size=shortest, max_size=longest)
    ):
        facts += part
    ending = draw(st.integers(0, 19))
    if ending in (0, 1):
        facts += d.discharged(draw(hours))
    elif ending == 2:
        facts += d.died(draw(hours), draw(st.sampled_from(["crs", "icans", "infection"])))
    return Course(draw(st.permutations(facts)) if draw(st.booleans()) else facts)


SIGNS = {
    "hypotension": [
        d.pressure(80),
        d.pressure(120),
        d.drip("norepinephrine"),
        d.drip("epinephrine"),
        d.push("phenylephrine"),
    ],
    "vasopressor": [
        d.drip("norepinephrine"),
        d.drip("epinephrine"),
        d.drip("vasopressin"),
        d.drip("norepinephrine", 0.0),
    ],
    "hypoxia": [
        *(d.oxygen(device) for device in ("room_air", "nasal_cannula", "simple_mask", "cpap")),
        d.flow(3),
        d.flow(8),
    ],
    "positive_pressure": [d.oxygen(device) for device in ("room_air", "cpap", "bipap", "invasive_ventilation", "ecmo")],
    "consciousness": [d.conscious(level) for level in LEVELS],
    "score": [
        *(d.ice(score) for score in (10.0, 9.0, 4.0, 1.0)),
        d.capd(4.0),
        d.capd(20.0),
        d.capd("unable_to_perform"),
    ],
    "seizure": [d.seizure("focal", duration_min=1), d.seizure(duration_min=9), d.seizure("none")],
    "motor": [d.said("motor_weakness", level) for level in ("none", "mild", "deep_focal")],
    "cerebral_edema": [d.said("cerebral_edema", level) for level in ("none", "focal", "diffuse")],
}


@st.composite
def attributed_courses(draw: Draw) -> Course:
    """A course with a sign or two that are attributed, for long, and come in all their levels; and a few other things.

    Half of what is charted of a sign is so while it is attributed, which random courses seldom draw.
    """
    facts = d.infused() + draw(st.sampled_from([d.age(8.5), d.age(60), d.age(60), []])) + d.at(0, d.temperature(38.9))
    for feature in draw(st.lists(st.sampled_from(sorted(SIGNS)), min_size=1, max_size=2)):
        for hour in draw(st.lists(st.integers(0, 40), min_size=1, max_size=3)):
            lasts = draw(st.sampled_from([None, 2.0, 8.0, 30.0, 72.0]))
            facts += d.at(hour, d.attributed(feature, None if lasts is None else hour + lasts))
        for hour in draw(st.lists(st.integers(0, 80), min_size=2, max_size=6)):
            facts += d.at(hour / 2, draw(st.sampled_from(SIGNS[feature])))
    for part in draw(st.lists(st.one_of(spoken(), rounds()), max_size=4)):
        facts += part
    return Course(draw(st.permutations(facts)) if draw(st.booleans()) else facts)


NUMBERS = {
    "temperature_valid_hours": (6, 12),
    "pressure_valid_hours": (6, 12),
    "oxygen_valid_hours": (6, 12),
    "neurology_valid_hours": (12, 24),
    "seizure_valid_hours": (12, 24),
    "imaging_valid_hours": (24, 168),
    "neutrophils_valid_hours": (24, 48),
    "fever_celsius": (38.0, 38.5),
    "hypotension_systolic_mmhg": (85, 90),
    "baseline_pressure_fall_percent": (10, 20),
    "antipyretic_masks_hours": (8, 24),
    "anti_cytokine_masks_days": (7, 1),
    "steroid_masks_days": (2, 1),
    "sedative_bolus_hours": (2, 1),
    "vasopressor_bolus_hours": (1, 2),
    "low_flow_limit": (6, 4),
    "symptom_free_hours": (24, 12, 48),
    "late_onset_days": (14, 2),
    "neutropenia_limit": (0.5, 1.0),
    "attribution_hours": (24, 12),
    "attribution_most_hours": (24, 12),
    "age_switch_years": (12, 13),
    "capd_positive": (9, 10),
    "sedated_rass": (-4, -3),
}


@st.composite
def policies(draw: Draw) -> dict[str, str]:
    """Some policies at another choice or number; half of all with the sparse chart's validity."""
    known = {name: policy for name, policy in load_rules().policies.items() if policy.choices or name in NUMBERS}
    names = draw(st.lists(st.sampled_from(sorted(known)), max_size=6, unique=True))
    if draw(st.booleans()):
        names.append("observation_validity")
    numbers = {name: tuple(str(number) for number in choices) for name, choices in NUMBERS.items()}
    return {name: draw(st.sampled_from(known[name].choices or numbers[name])) for name in names}
