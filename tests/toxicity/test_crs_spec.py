"""CRS by ASTCT 2019: a drawn course, one question, the answer that the table gives.

R1 to R15 are the rules that the consensus and its reprints state beside the table (Lee DW, Santomasso BD, Locke FL, et
al. Biol Blood Marrow Transplant 2019;25(4):625-638), numbered here: each test says its own in words. The patient is 58
unless an age is drawn.
"""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from cartway.times import DAY, HOUR
from toxicity.drawn import (
    CRS,
    WELL,
    Saying,
    age,
    asked,
    at,
    attributed,
    because,
    born,
    conscious,
    course,
    crs,
    decided,
    died,
    discharged,
    drip,
    flow,
    infused,
    inspired,
    measured,
    oxygen,
    pressure,
    push,
    said,
    seizure,
    shown,
    spans,
    temperature,
    unreadable,
)

ADULT = course(age(58), infused())
FEVER, NORMAL_PRESSURE, NO_OXYGEN = temperature(38.9), pressure(120), oxygen("room_air")
FEBRILE = (FEVER, NORMAL_PRESSURE, NO_OXYGEN)


def ill(*sayings: Saying, years: float = 58) -> list[Fact]:
    """An infused patient with a fever at hour 30 and what else is said there; grades are asked at hour 31."""
    heard = {s.what for s in sayings}
    return course(age(years), infused(), at(30, *sayings, *(s for s in FEBRILE if s.what not in heard)))


# --- R1: fever is 38.0 degrees C or more, and must be there at onset


@pytest.mark.parametrize(
    ("celsius", "grade"), [(37.0, 0), (37.9, 0), (37.94, 0), (37.95, 0), (37.99, 0), (38.0, 1), (38.1, 1), (41.5, 1)]
)
def test_fever_is_38_0_inclusive_and_nothing_is_rounded_up(celsius: float, grade: int) -> None:
    """R1: threshold >= 38.0 (inclusive). Never round 37.95 to 37.99 up before comparing (a policy may)."""
    assert crs(ill(temperature(celsius)), 31) == grade


@pytest.mark.parametrize("sign", [pressure(80), drip("norepinephrine"), oxygen("simple_mask"), oxygen("bipap")])
def test_no_fever_at_onset_is_not_crs(sign: Saying) -> None:
    """R1: afebrile onset without masking therapy is not CRS by definition."""
    facts = ill(temperature(37.1), sign)
    assert shown(facts, CRS, 31) == "0"
    assert "not_crs" in because(facts, CRS, 31)


def test_the_first_fever_makes_it_crs_from_then_on() -> None:
    """R1, R14: the onset is the first fever; hypotension before it was not CRS."""
    facts = course(ADULT, at(20, *WELL), at(24, pressure(80)), at(28, temperature(38.2), pressure(80)))
    assert [crs(facts, hour) for hour in (21, 25, 28)] == [0, 0, 2]


def test_without_a_temperature_it_cannot_be_told() -> None:
    """A missing value is never read as a normal one."""
    assert (
        shown(course(ADULT, at(30, pressure(120), oxygen("room_air"))), CRS, 31)
        == "not assessable without body_temperature"
    )


# --- R2: fever, hypotension and hypoxia count only where no other cause explains them


@pytest.mark.parametrize(
    ("sign", "feature", "with_cause"),
    [
        (temperature(39.0), "fever", 0),
        (pressure(80), "hypotension", 1),
        (drip("norepinephrine"), "hypotension", 1),
        (drip("norepinephrine"), "vasopressor", 1),
        (oxygen("non_rebreather_mask"), "hypoxia", 1),
        (oxygen("bipap"), "hypoxia", 1),
        (oxygen("invasive_ventilation"), "positive_pressure", 1),
    ],
)
def test_what_has_another_cause_does_not_count(sign: Saying, feature: str, with_cause: int) -> None:
    """R2: not attributable to another cause (infection, cardiac, embolism, overload, sedation)."""
    facts = ill(sign, attributed(feature, until=40))
    assert crs(facts, 31) == with_cause
    assert crs(ill(sign), 31) != with_cause or feature == "fever"


def test_a_pressor_with_another_cause_leaves_the_pressure_to_grade() -> None:
    """R2: the drug is excused, the reading is not."""
    assert crs(ill(pressure(80), drip("norepinephrine"), attributed("vasopressor", until=40)), 31) == 2


def test_an_attribution_covers_from_its_start_to_its_end() -> None:
    """R2: half-open, as all spans here: a new reading at the very end counts again."""
    facts = course(
        ADULT, at(30, *FEBRILE, attributed("hypotension", until=36)), at(32, pressure(80)), at(36, pressure(80))
    )
    assert [crs(facts, hour) for hour in (31, 33, 35.9, 36)] == [1, 1, 1, 2]


def test_a_fever_read_under_another_cause_stays_excused_when_the_judgement_runs_out() -> None:
    """R2: the reading itself was judged; only a new one can be CRS."""
    facts = course(ADULT, at(30, *FEBRILE, attributed("fever", until=34)), at(38, temperature(38.5)))
    assert [crs(facts, hour) for hour in (31, 35, 38)] == [0, 0, 1]


def test_a_low_pressure_read_under_another_cause_is_unread_when_the_judgement_runs_out() -> None:
    """R2: whether it is still low, and why, nobody has looked at."""
    facts = course(ADULT, at(30, *FEBRILE, attributed("hypotension", until=34)), at(32, pressure(80)))
    assert shown(facts, CRS, 33) == "1"
    assert shown(facts, CRS, 35) == ">= 1 without systolic_pressure"


def test_a_normal_pressure_read_under_another_cause_stays_normal() -> None:
    """A normal reading needs no excuse."""
    assert shown(ill(pressure(120), attributed("hypotension", until=32)), CRS, 33) == "1"


def test_a_drug_or_device_counts_again_when_the_other_cause_ends() -> None:
    """R2, R10: it is still running, and now for CRS."""
    for sign, feature, grade in (
        (drip("norepinephrine"), "vasopressor", 3),
        (oxygen("invasive_ventilation"), "positive_pressure", 4),
    ):
        facts = ill(sign, attributed(feature, until=34))
        assert [crs(facts, hour) for hour in (33, 34)] == [1, grade]


# --- R3: after masking therapy fever is no longer needed


@pytest.mark.parametrize(
    "drug",
    ["acetaminophen", "ibuprofen", "tocilizumab", "anakinra", "siltuximab", "dexamethasone", "methylprednisolone"],
)
def test_after_masking_therapy_hypotension_and_hypoxia_grade_alone(drug: str) -> None:
    """R3: antipyretic, anti-cytokine therapy or steroid given to a patient with CRS."""
    facts = course(ADULT, at(30, *FEBRILE), at(31, push(drug, 10.0)), at(36, temperature(37.0), drip("norepinephrine")))
    assert shown(facts, CRS, 37) == "3"
    assert "fever_masked" in because(facts, CRS, 37)
    assert "afebrile_signs" not in decided(facts, CRS, 37)


def test_afebrile_after_masking_therapy_with_no_other_sign_is_0() -> None:
    """R3: later grades follow hypotension and hypoxia only."""
    assert shown(course(ADULT, at(30, *FEBRILE), at(31, push("tocilizumab")), at(36, *WELL)), CRS, 37) == "0"


@pytest.mark.parametrize(("given", "flags"), [(29, set()), (20, {"afebrile_signs"})])
def test_an_antipyretic_masks_for_its_hours_also_across_the_onset(given: float, flags: set[str]) -> None:
    """R3: a dose that still acts may hide the fever that came through it; one that no longer acts hides nothing."""
    facts = course(ADULT, at(given, push("acetaminophen")), at(30, *FEBRILE), at(36, temperature(37.0), pressure(80)))
    assert crs(facts, 36) == 2
    assert decided(facts, CRS, 36) == flags


@pytest.mark.parametrize(("given", "flags"), [(-1, set()), (0, {"masked_onset"}), (1, {"masked_onset"})])
def test_a_drug_masks_from_the_infusion_on(given: float, flags: set[str]) -> None:
    """R3: what was given before the infusion (premedication) hides no fever of this CRS."""
    facts = course(ADULT, at(given, push("tocilizumab")), at(5, temperature(37.0), pressure(80), oxygen("room_air")))
    assert decided(facts, CRS, 5) == flags


def test_a_flare_after_tocilizumab_is_crs_again_without_a_fever() -> None:
    """R3: fever is no longer needed after anti-cytokine therapy; that a CRS had ended meanwhile is an open question."""
    wells = [at(hour, *WELL) for hour in range(36, 72, 6)]
    facts = course(
        ADULT, at(30, *FEBRILE), at(31, push("tocilizumab", 560)), *wells, at(72, temperature(36.8), pressure(82))
    )
    assert [crs(facts, hour) for hour in (31, 40, 71, 72)] == [1, 0, 0, 2]
    assert decided(facts, CRS, 72) == {"masked_recurrence"}
    without = [f for f in facts if f.what != "drug"]
    assert crs(without, 72) == 0
    assert decided(without, CRS, 72) == set()


def test_signs_beside_a_fever_of_another_cause_are_not_crs() -> None:
    """R1, R2: the fever that is there does not count, and one that counts is not there."""
    facts = ill(pressure(80), attributed("fever", until=40))
    assert crs(facts, 31) == 0
    assert "fever_of_other_cause" in because(facts, CRS, 31)
    masked = course(at(20, push("tocilizumab")), facts)
    assert crs(masked, 31, masked_onset="counted") == 0


# --- R4, R5: hypotension


@pytest.mark.parametrize(
    ("signs", "grade"),
    [
        ((pressure(84),), 2),
        ((pressure(89),), 2),
        ((pressure(89.9),), 2),
        ((pressure(90),), 1),
        ((drip("norepinephrine"),), 3),
        ((drip("epinephrine"),), 3),
        ((drip("phenylephrine"),), 3),
        ((drip("dopamine"),), 3),
        ((drip("angiotensin_ii"),), 3),
        ((drip("norepinephrine"), drip("vasopressin")), 3),
        ((drip("phenylephrine"), drip("vasopressin")), 3),
        ((drip("norepinephrine"), drip("epinephrine")), 4),
        ((drip("norepinephrine"), drip("angiotensin_ii"), drip("vasopressin")), 4),
        ((push("fludrocortisone"),), 1),
        ((measured("fluid_bolus", 1000),), 1),
    ],
)
def test_hypotension_by_what_it_needs(signs: tuple[Saying, ...], grade: int) -> None:
    """Table: hypotension 2, one vasopressor with or without vasopressin 3, two or more besides vasopressin 4 (R5)."""
    assert crs(ill(*signs), 31) == grade


@pytest.mark.parametrize(
    ("hypotension", "hypoxia", "grade"),
    [
        ((pressure(80),), (oxygen("simple_mask"),), 3),
        ((drip("norepinephrine"),), (oxygen("nasal_cannula"), flow(2)), 3),
        ((drip("norepinephrine"), drip("epinephrine")), (oxygen("nasal_cannula"), flow(2)), 4),
        ((pressure(80),), (oxygen("bipap"),), 4),
        ((pressure(120),), (oxygen("blow_by"),), 2),
    ],
)
def test_the_worse_column_is_the_grade(
    hypotension: tuple[Saying, ...], hypoxia: tuple[Saying, ...], grade: int
) -> None:
    """R4: the more severe of the two columns; the reprint's example is fever, one vasopressor, low-flow cannula: 3."""
    assert crs(ill(*hypotension, *hypoxia), 31) == grade


def test_a_normal_pressure_on_a_vasopressor_is_still_3() -> None:
    """Table: the treatment given drives the grade (R12)."""
    assert crs(ill(drip("norepinephrine"), pressure(125)), 31) == 3


def test_a_vasopressor_counts_from_its_start_to_its_end() -> None:
    facts = course(ADULT, at(30, *FEBRILE), at(32, drip("norepinephrine", until=35)))
    assert [crs(facts, hour) for hour in (31.9, 32, 34.9, 35)] == [1, 3, 3, 1]


def test_rate_0_stops_a_vasopressor() -> None:
    facts = course(
        ADULT,
        at(30, *FEBRILE, drip("norepinephrine")),
        at(33, drip("norepinephrine", 0.0)),
        at(35, drip("norepinephrine")),
    )
    assert [crs(facts, hour) for hour in (32.9, 33, 34, 35)] == [3, 1, 1, 3]


@pytest.mark.parametrize(("status", "grade"), [("not-done", 1), ("refused", 1), ("completed", 3)])
def test_a_drug_that_was_not_given_is_not_counted(status: str, grade: int) -> None:
    assert crs(ill(push("norepinephrine", None, status=status)), 31) == grade


def test_a_status_stops_a_drug() -> None:
    facts = ill(drip("norepinephrine"))
    assert crs(course(facts, at(33, push("norepinephrine", 5.0, status="stopped"))), 34) == 1


def test_of_running_and_stopped_at_one_instant_running_stands() -> None:
    """At equal times the worse stands, whichever came first."""
    for order in (1, -1):
        both = [drip("norepinephrine", 0.0), drip("norepinephrine", 0.1)][::order]
        assert crs(course(ADULT, at(30, *FEBRILE), at(31, *both)), 32) == 3


def test_a_rate_charted_with_its_end_replaces_one_left_open() -> None:
    facts = course(ADULT, at(30, *FEBRILE, drip("norepinephrine")), at(31, drip("norepinephrine", 0.2, until=33)))
    assert [crs(facts, hour) for hour in (32, 33)] == [3, 1]


@pytest.mark.parametrize("drug", ["norepinephrine", "dopamine", "angiotensin_ii", "vasopressin"])
@pytest.mark.parametrize("dose", [None, 4.0])
def test_a_drug_never_given_as_a_push_runs_until_stopped(drug: str, dose: float | None) -> None:
    """A start charted without a rate, or with the bag's dose, is an infusion: it is why the pressure is normal."""
    facts = course(ADULT, at(30, *FEBRILE, push(drug, dose)), at(36, *FEBRILE), at(38, drip(drug, 0.0)))
    assert [crs(facts, hour) for hour in (31, 37, 38)] == [3, 3, 1]


@pytest.mark.parametrize(("dose", "later"), [(None, 3), (0.1, 1)])
def test_a_pressor_charted_with_neither_dose_nor_end_runs_until_stopped(dose: float | None, later: int) -> None:
    """Phenylephrine is pushed: with a dose it is one, without any it is not known to be."""
    facts = course(ADULT, at(30, *FEBRILE, push("phenylephrine", dose)))
    assert [crs(facts, hour) for hour in (30.5, 32)] == [3, later]


def test_a_push_dose_does_not_end_an_infusion() -> None:
    """An extra push on a running drip is more treatment, not its end."""
    facts = course(
        ADULT, at(30, *FEBRILE, drip("phenylephrine", 100)), at(31, push("phenylephrine", 0.1)), at(40, *FEBRILE)
    )
    assert crs(facts, 41) == 3
    assert "vasopressor_bolus_hours" not in decided(facts, CRS, 31.5)


def test_an_hour_of_infusion_is_not_a_push_dose() -> None:
    assert decided(ill(drip("norepinephrine", until=31)), CRS, 30.5) == set()


@pytest.mark.parametrize(
    ("drug", "route"), [("epinephrine", "inhaled"), ("phenylephrine", "eye_drops"), ("epinephrine", "neb")]
)
def test_a_drug_given_where_it_acts_is_no_vasopressor(drug: str, route: str) -> None:
    """Topical phenylephrine and inhaled epinephrine are not pressors: filter by route."""
    assert crs(ill(push(drug, 1.0, route=route)), 30.5) == 1


def test_metaraminol_is_a_vasopressor_or_at_least_an_open_question() -> None:
    """Not in the consensus's list, a direct vasopressor in daily use: never silently nothing."""
    facts = ill(drip("metaraminol"))
    assert crs(facts, 31) == 3 or "other_pressors" in decided(facts, CRS, 31)


# --- R7, R8 and the table of devices


@pytest.mark.parametrize(
    ("sayings", "grade"),
    [
        ((oxygen("room_air"),), 1),
        ((oxygen("nasal_cannula"), flow(0.5)), 2),
        ((oxygen("nasal_cannula"), flow(3)), 2),
        ((oxygen("nasal_cannula"), flow(6)), 2),
        ((oxygen("nasal_cannula"), flow(6.1)), 3),
        ((oxygen("nasal_cannula"), flow(8)), 3),
        ((oxygen("nasal_cannula"), flow(0)), 1),
        ((oxygen("blow_by"),), 2),
        ((oxygen("blow_by"), flow(10)), 2),
        ((oxygen("high_flow_nasal_cannula"), flow(40)), 3),
        ((oxygen("high_flow_nasal_cannula"),), 3),
        ((oxygen("simple_mask"), flow(5)), 3),
        ((oxygen("face_tent"),), 3),
        ((oxygen("venturi_mask"), inspired(24)), 3),
        ((oxygen("partial_rebreather_mask"),), 3),
        ((oxygen("non_rebreather_mask"), flow(15)), 3),
        ((oxygen("cpap"),), 4),
        ((oxygen("bipap"),), 4),
        ((oxygen("bag_mask"),), 4),
        ((oxygen("invasive_ventilation"),), 4),
        ((oxygen("ecmo"),), 4),
    ],
)
def test_hypoxia_by_the_support_given(sayings: tuple[Saying, ...], grade: int) -> None:
    """R7: low flow is 6 L/min or less, blow-by is grade 2. R8: a mask is grade 3 whatever its flow. Pressure is 4."""
    assert crs(ill(*sayings), 31) == grade


def test_oxygen_saturation_does_not_grade() -> None:
    """Table: hypoxia is graded by the support it needs."""
    assert crs(ill(measured("oxygen_saturation", 82)), 31) == 1


def test_a_cannula_without_its_flow_is_at_least_2() -> None:
    assert shown(ill(oxygen("nasal_cannula")), CRS, 31) == ">= 2 without oxygen_flow"


def test_a_flow_that_cannot_raise_the_grade_is_not_missing() -> None:
    """At most 3 by flow, and a vasopressor is 3 already."""
    assert shown(ill(oxygen("nasal_cannula"), drip("norepinephrine")), CRS, 31) == "3"


def test_a_flow_belongs_to_the_device_it_was_charted_on() -> None:
    """30 L/min on a high-flow cannula says nothing of the nasal cannula put on after it."""
    facts = course(
        ADULT, at(30, *FEBRILE[:2], oxygen("high_flow_nasal_cannula"), flow(30)), at(32, oxygen("nasal_cannula"))
    )
    assert shown(facts, CRS, 33) == ">= 2 without oxygen_flow"
    again = course(ADULT, at(30, *FEBRILE[:2], oxygen("nasal_cannula"), flow(8)), at(32, oxygen("nasal_cannula")))
    assert shown(again, CRS, 33) == "3"


@pytest.mark.parametrize(("liters", "grade"), [(3, 2), (6, 2), (8, 3)])
def test_oxygen_without_a_device_is_a_lower_bound(liters: float, grade: int) -> None:
    facts = course(ADULT, at(30, FEVER, NORMAL_PRESSURE, flow(liters)))
    assert shown(facts, CRS, 31) == f">= {grade} without oxygen_device"


def test_oxygen_charted_after_room_air_is_not_room_air() -> None:
    """A later flow, or a later concentration above air, contradicts an older device: the missing device is named."""
    for later in (flow(4), inspired(40)):
        facts = course(ADULT, at(30, *FEBRILE), at(33, later))
        assert shown(facts, CRS, 34) == ">= 2 without oxygen_device"


def test_room_air_and_oxygen_charted_together_is_oxygen() -> None:
    """Contradictory charting: the worse counts, and the device is named missing."""
    assert shown(ill(flow(4)), CRS, 31) == ">= 2 without oxygen_device"
    assert shown(ill(inspired(40)), CRS, 31) == ">= 2 without oxygen_device"
    assert shown(ill(flow(0), inspired(21)), CRS, 31) == "1"


def test_of_two_devices_at_one_instant_the_heavier_stands() -> None:
    for order in (1, -1):
        both = [oxygen("room_air"), oxygen("bipap")][::order]
        assert crs(course(ADULT, at(30, FEVER, NORMAL_PRESSURE, *both)), 31) == 4


# --- R6, R9: what is silent, what does not count


def test_organ_toxicity_does_not_change_the_grade() -> None:
    """R9: graded by CTCAE."""
    organs = (measured("ast", 1450), measured("creatinine", 6), measured("heart_rate", 180), measured("crp", 300))
    assert shown(ill(*organs), CRS, 31) == "1"


# --- R10, R11: support for another reason, and support from home


def test_intubation_for_the_airway_a_procedure_or_a_seizure_is_not_4() -> None:
    """R10: without a deficit of oxygenation or ventilation."""
    facts = ill(
        oxygen("invasive_ventilation"),
        inspired(25),
        conscious("unarousable"),
        attributed("positive_pressure", cause="airway protection"),
    )
    assert crs(facts, 31) == 1


def test_unchanged_home_oxygen_is_not_crs_and_more_of_it_is() -> None:
    """R11: only a new or increased requirement counts."""
    home = at(-240, measured("home_oxygen", 2))
    for liters, grade in ((1, 1), (2, 1), (3, 2), (8, 3)):
        assert crs(course(home, ill(oxygen("nasal_cannula"), flow(liters))), 31) == grade
    assert crs(course(home, ill(oxygen("simple_mask"))), 31) == 3


def test_the_patients_own_cpap_is_not_crs_and_a_heavier_device_is() -> None:
    """R11: baseline positive pressure, such as nocturnal CPAP for sleep apnea."""
    home = at(-240, said("home_positive_pressure", "cpap"))
    own = course(home, ill(oxygen("cpap"), inspired(21)))
    assert shown(own, CRS, 31) == "1"
    assert decided(own, CRS, 31) == {"home_positive_pressure"}  # whether it is on for its usual reason is a judgement
    assert crs(course(home, ill(oxygen("bipap"))), 31) == 4
    assert crs(course(home, ill(oxygen("invasive_ventilation"))), 31) == 4


def test_oxygen_bled_into_ones_own_cpap_is_new_oxygen() -> None:
    """R11: home machines have no blender, new oxygen is charted in L/min; and as many liters as at home are not new."""
    own = at(-240, said("home_positive_pressure", "cpap"))
    assert crs(course(own, ill(oxygen("cpap"), flow(6))), 31) == 4
    with_oxygen = course(own, at(-240, measured("home_oxygen", 2)))
    assert crs(course(with_oxygen, ill(oxygen("cpap"), flow(2))), 31) == 1
    assert crs(course(with_oxygen, ill(oxygen("cpap"), flow(6))), 31) == 4
    assert (
        crs(course(with_oxygen, ill(oxygen("cpap"), inspired(28))), 31) == 1
    )  # a percentage says nothing beside liters


def test_home_support_that_is_withdrawn_excuses_nothing() -> None:
    before = course(at(-240, said("home_positive_pressure", "cpap")), at(-24, said("home_positive_pressure", "none")))
    assert crs(course(before, ill(oxygen("cpap"))), 31) == 4


def test_oxygen_read_on_an_earlier_device_is_not_read_on_ones_own_cpap() -> None:
    """As with flow: 40 % was the high-flow cannula's."""
    facts = course(
        at(-240, said("home_positive_pressure", "cpap")),
        ill(oxygen("high_flow_nasal_cannula"), inspired(40)),
        at(34, oxygen("cpap")),
    )
    assert crs(facts, 35) == 1


# --- R12 and the pediatric limits


@pytest.mark.parametrize(
    ("years", "low", "normal"),
    [
        (0.01, 59, 60),
        (27 / 365.2425, 59, 60),
        (0.1, 69, 70),
        (0.9, 69, 70),
        (1.0, 71, 72),
        (4.0, 77, 78),
        (4.9, 77, 78),
        (9.5, 87, 88),
        (10.0, 89, 90),
        (11.0, 89, 90),
        (58, 89, 90),
    ],
)
def test_low_pressure_by_age(years: float, low: float, normal: float) -> None:
    """PALS fifth centile: to 28 days < 60, to 12 months < 70, 1 to 10 years < 70 + 2 x age, from 10 years < 90 mmHg."""
    born = at(30, Saying("age", years, unit="a"))
    for systolic, grade in ((low, 2), (normal, 1)):
        assert crs(course(infused(), born, at(30, FEVER, pressure(systolic), NO_OXYGEN)), 30) == grade


def test_age_runs_on_from_when_it_was_charted() -> None:
    """A child of 9 years and 364 days on the day it was charted is 10 two days later."""
    facts = course(
        infused(), at(0, Saying("age", 9 + 364 / 365.2425, unit="a")), at(48, FEVER, pressure(89), NO_OXYGEN)
    )
    assert crs(facts, 48) == 2
    assert crs(course(infused(), at(0, Saying("age", 9.0, unit="a")), at(48, FEVER, pressure(89), NO_OXYGEN)), 48) == 1


def test_a_birth_date_is_an_age() -> None:
    """A child of 4 with 78 mmHg is not hypotensive, and the adult table is not asked."""
    for systolic, grade in ((77, 2), (78, 1)):
        facts = course(born(4.1), infused(), at(30, FEVER, pressure(systolic), NO_OXYGEN))
        assert crs(facts, 31) == grade
        assert decided(facts, CRS, 31) == set()


def test_an_age_charted_later_than_the_birth_date_stands() -> None:
    facts = course(born(4.1), age(58), infused(), at(30, FEVER, pressure(85), NO_OXYGEN))
    assert crs(facts, 31) == 2


def test_an_unknown_age_is_said() -> None:
    facts = course(infused(), at(30, FEVER, pressure(85), NO_OXYGEN))
    assert crs(facts, 31) == 2
    assert decided(facts, CRS, 31) == {"unknown_age"}


# --- R13, R14, R15: onset and end


def test_crs_ends_when_every_sign_has_been_gone_for_the_symptom_free_time() -> None:
    """R14: all signs that led to the diagnosis gone; then hypotension alone is no CRS again."""
    wells = [at(hour, *WELL) for hour in range(40, 64, 6)]
    after = course(ADULT, at(30, *FEBRILE), *wells, at(64, *WELL), at(65, pressure(80)))
    assert crs(after, 66) == 0
    within = course(ADULT, at(30, *FEBRILE), *wells[:3], at(53, pressure(80)))
    assert crs(within, 54) == 2


def test_the_symptom_free_time_needs_the_temperature_read() -> None:
    """Unread is not gone: the temperature of hour 40 holds 12 hours, then nobody looked until hour 63."""
    facts = course(ADULT, at(30, *FEBRILE), at(40, *WELL), at(63, *WELL), at(65, temperature(37.0), pressure(80)))
    assert crs(facts, 66) == 2


def test_a_fever_after_the_end_is_crs_again() -> None:
    """A recurrent fever without another cause is CRS again (R2, R14)."""
    facts = course(
        ADULT,
        at(30, *FEBRILE, drip("norepinephrine", until=33)),
        *[at(h, *WELL) for h in range(36, 90, 6)],
        at(240, *FEBRILE),
    )
    assert [crs(facts, hour) for hour in (31, 40, 86, 241)] == [3, 0, 0, 1]


def test_a_diagnosis_during_crs_does_not_start_another() -> None:
    """The note speaks of the CRS that is there."""
    facts = course(
        ADULT, at(20, *FEBRILE), *[at(h, *WELL) for h in range(30, 90, 6)], at(44, said("diagnosed_crs", "yes"))
    )
    assert {crs(facts, hour) for hour in range(30, 89)} == {0}


def test_a_diagnosis_stands_in_for_the_onset_fever_until_a_temperature_is_read() -> None:
    facts = course(ADULT, at(24, said("diagnosed_crs", "yes")), at(30, *WELL))
    assert [crs(facts, hour) for hour in (25, 31)] == [1, 0]


# --- grade 5, discharge, windows, unreadable


def test_death_from_crs_is_5_and_of_another_cause_ends_the_grade() -> None:
    assert crs(course(ill(drip("norepinephrine")), died(40, "crs")), 41) == 5
    assert asked(course(ill(drip("norepinephrine")), died(40, "infection")), CRS, 41) is None
    assert asked(course(ill(drip("norepinephrine")), died(40, "icans")), CRS, 41) is None


def test_death_after_discharge_counts() -> None:
    facts = course(ill(), discharged(40), died(60, "crs"))
    assert list(spans(facts, CRS))[-2:] == [(30.0, 40.0, "1"), (60.0, None, "5")]


def test_discharge_ends_the_watch_and_the_next_reading_resumes_it() -> None:
    facts = course(ill(), discharged(36), at(60, temperature(38.5)))
    assert list(spans(facts, CRS))[1:] == [(30.0, 36.0, "1"), (60.0, None, ">= 1")]


def test_nobody_goes_home_on_a_drip() -> None:
    """A stop that nobody charted: discharge is one; what is hung at that very instant runs."""
    facts = course(ill(drip("norepinephrine")), discharged(36), at(60, *FEBRILE))
    assert [crs(facts, hour) for hour in (35, 60)] == [3, 1]
    again = course(ill(drip("norepinephrine")), discharged(36), at(36, drip("epinephrine")), at(60, *FEBRILE))
    assert crs(again, 60) == 3


def test_nothing_read_before_discharge_holds_after_it() -> None:
    facts = course(ill(pressure(80)), discharged(31), at(32, temperature(38.5)))
    assert shown(facts, CRS, 32) == ">= 1 without systolic_pressure, oxygen_device"


def test_an_unreadable_reading_after_discharge_resumes_the_watch() -> None:
    """An unreadable message is never read as no message."""
    assert shown(course(ill(), discharged(36), at(60, unreadable("body_temperature"))), CRS, 60) != "not covered"


def test_infused_and_discharged_at_once_has_nothing_to_grade() -> None:
    assert list(spans(course(ADULT, discharged(0)), CRS)) == []


def test_readings_before_the_infusion_do_not_grade() -> None:
    assert shown(course(at(-2, *FEBRILE), ADULT), CRS, 0) == "not assessable without body_temperature"


def test_readings_at_the_infusion_do() -> None:
    assert crs(course(ADULT, at(0, *FEBRILE)), 0) == 1


def test_before_any_infusion_there_is_nothing_to_grade_and_it_says_so() -> None:
    assert shown(at(0, *FEBRILE), CRS, 1) == "not assessable without infusion"


def test_the_first_infusion_is_time_zero() -> None:
    facts = course(ADULT, at(30, *FEBRILE), infused(32))
    assert crs(facts, 33) == 1


@pytest.mark.parametrize(
    ("reading", "after"),
    [
        (FEVER, ">= 0 without body_temperature"),
        (NORMAL_PRESSURE, ">= 1 without systolic_pressure"),
        (NO_OXYGEN, ">= 1 without oxygen_device"),
    ],
)
def test_a_reading_holds_for_twelve_hours_and_not_at_the_twelfth(reading: Saying, after: str) -> None:
    others = [s for s in FEBRILE if s.what != reading.what]
    facts = course(ADULT, at(30, reading), at(30, *others), at(36, *others))
    assert shown(facts, CRS, 41.999) == "1"
    assert shown(facts, CRS, 42) == after


def test_nobody_has_looked_for_a_window_is_not_assessable() -> None:
    """With all three columns unread a bound of 0 would say nothing, and make the least watched look the healthiest."""
    facts = course(ill(), at(60, measured("heart_rate", 100)))
    assert shown(facts, CRS, 43) == "not assessable without body_temperature, systolic_pressure, oxygen_device"
    assert shown(course(facts, at(44, pressure(120))), CRS, 45) == ">= 0 without body_temperature, oxygen_device"
    assert (
        shown(course(facts, at(44, drip("norepinephrine"))), CRS, 45) == ">= 3 without body_temperature, oxygen_device"
    )


def test_a_window_that_ends_at_the_instant_of_another_fact_ends_there() -> None:
    """Charting is on the hour and so are the windows: an ICE at the end of a temperature's window hides nothing."""
    facts = course(ADULT, at(0, *WELL), at(12, conscious("awake")), at(20, measured("heart_rate", 80)))
    assert shown(facts, CRS, 13) == "not assessable without body_temperature"


@pytest.mark.parametrize(
    ("variable", "after"),
    [
        ("body_temperature", ">= 0 without body_temperature"),
        ("systolic_pressure", ">= 1 without systolic_pressure"),
        ("oxygen_device", ">= 1 without oxygen_device"),
    ],
)
def test_an_unreadable_reading_ends_what_stood_before(variable: str, after: str) -> None:
    """An impossible value (a Celsius of 101.8) is never corrected silently, and never read as no message."""
    facts = course(ill(), at(33, unreadable(variable)))
    assert shown(facts, CRS, 34) == after
    assert decided(facts, CRS, 34) == {"unreadable_value"}


def test_a_readable_reading_at_the_same_instant_stands() -> None:
    for order in (1, -1):
        both = [unreadable("body_temperature"), temperature(38.5)][::order]
        assert crs(course(ADULT, at(30, *both)), 31) == 1


def test_grade_4_needs_nothing_more() -> None:
    """Nothing that is missing could raise it."""
    assert shown(course(ADULT, at(30, FEVER, oxygen("bipap"))), CRS, 31) == "4"


def test_a_seizure_or_coma_does_not_touch_crs() -> None:
    assert shown(ill(seizure(duration_min=10), conscious("unarousable")), CRS, 31) == "1"


def test_a_late_onset_is_an_open_question_only_while_it_is_graded() -> None:
    facts = course(ADULT, at(340, *FEBRILE), at(346, *WELL))
    assert decided(facts, CRS, 341) == {"late_onset"}
    assert decided(facts, CRS, 347) == set()


def test_late_onset_counts_from_the_latest_infusion() -> None:
    """R13: a second infusion starts the time again."""
    facts = course(ADULT, infused(500), at(600, *FEBRILE))
    assert decided(facts, CRS, 600) == set()
    assert decided(course(ADULT, at(600, *FEBRILE), infused(620)), CRS, 600) == {"late_onset"}


def test_late_onset_counts_from_the_infusion() -> None:
    """R13: usually within 14 days; at the fourteenth day it is not late, after it is, and the policy says so."""
    for hour, flags in ((14 * DAY / HOUR, set()), (14 * DAY / HOUR + 0.5, {"late_onset"})):
        facts = course(ADULT, at(hour, *FEBRILE))
        assert crs(facts, hour) == 1
        assert decided(facts, CRS, hour) == flags
