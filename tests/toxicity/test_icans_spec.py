"""ICANS by ASTCT 2019, adults and children: a drawn course, one question, the answer that the table gives.

N1 to N12 are the rules stated beside the table (Lee DW, Santomasso BD, Locke FL, et al. Biol Blood Marrow Transplant
2019;25(4):625-638), numbered here: each test says its own in words. CAPD: Traube C, et al. Crit Care Med
2014;42:656-663. The patient is 58 unless an age is drawn.
"""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from toxicity.drawn import (
    CRS,
    ICANS,
    WELL,
    Saying,
    age,
    asked,
    at,
    attributed,
    because,
    capd,
    conscious,
    course,
    decided,
    died,
    discharged,
    drip,
    icans,
    ice,
    ice_item,
    infused,
    measured,
    oxygen,
    pressure,
    push,
    rass,
    said,
    seizure,
    shown,
    spans,
    unreadable,
)

ADULT = course(age(58), infused())
AWAKE = conscious("awake")
FEATURE = {"motor_weakness": "motor"}


def seen(*sayings: Saying, years: float = 58) -> list[Fact]:
    """An infused patient seen at hour 100; grades are asked at hour 101."""
    return course(age(years), infused(), at(100, *sayings))


def child(*sayings: Saying, years: float = 6) -> list[Fact]:
    return seen(*sayings, years=years)


# --- the ICE row


@pytest.mark.parametrize(
    ("score", "grade"), [(10, 0), (9, 1), (8, 1), (7, 1), (6, 2), (5, 2), (4, 2), (3, 2), (2, 3), (1, 3), (0, 3)]
)
def test_ice_bands(score: int, grade: int) -> None:
    """Table: 7-9 is 1, 3-6 is 2, 0-2 is 3. N7: ICE 10 and no other domain is 0. N2: ICE 0 but awake is 3."""
    assert shown(seen(ice(score), AWAKE), ICANS, 101) == str(grade)


def test_ice_0_because_unarousable_is_4() -> None:
    """N2."""
    assert shown(seen(ice(0), conscious("unarousable")), ICANS, 101) == "4"


ITEMS = (("orientation", 4), ("naming", 3), ("command", 1), ("writing", 1), ("attention", 1))


def test_the_items_make_the_score() -> None:
    """ICE: orientation 4, naming 3, command, writing, attention 1 each."""
    full = [ice_item(name, points) for name, points in ITEMS]
    assert shown(seen(*full, AWAKE), ICANS, 101) == "0"
    assert shown(seen(*full[1:], ice_item("orientation", 2), AWAKE), ICANS, 101) == "1"
    assert shown(seen(*[ice_item(name, 0) for name, _ in ITEMS], AWAKE), ICANS, 101) == "3"


def test_items_not_asked_make_the_score_a_bound() -> None:
    """At best 8 of 10: at least grade 1, and what was not asked is missing."""
    facts = seen(ice_item("orientation", 3), ice_item("naming", 2), AWAKE)
    assert shown(facts, ICANS, 101) == ">= 1 without ice_items"


def test_items_answered_in_part_do_not_say_awake() -> None:
    """Ten points were not had."""
    assert shown(seen(ice_item("orientation", 4)), ICANS, 101) == ">= 0 without consciousness, ice_items"


def test_a_charted_total_is_complete() -> None:
    """A total of 9 beside items that could still be 9 lacks nothing."""
    assert shown(seen(ice(9), ice_item("orientation", 3), AWAKE), ICANS, 101) == "1"


def test_of_a_total_and_items_at_one_instant_the_worse_stands() -> None:
    assert icans(seen(ice(9), ice_item("orientation", 0), AWAKE), 101) == 2
    assert icans(seen(ice(2), *[ice_item(name, points) for name, points in ITEMS], AWAKE), 101) == 3


def test_of_two_answers_to_one_item_the_lower_stands() -> None:
    both = [ice_item("naming", 3), ice_item("naming", 0)]
    for order in (1, -1):
        assert icans(seen(*both[::order], ice_item("orientation", 4), AWAKE), 101) == 1


# --- consciousness


@pytest.mark.parametrize(
    ("level", "grade"),
    [("awake", 0), ("awakens_to_voice", 2), ("awakens_to_touch", 3), ("vigorous_stimuli_only", 4), ("unarousable", 4)],
)
def test_consciousness(level: str, grade: int) -> None:
    """Table: to voice 2, only to touch 3, vigorous stimuli needed or unarousable 4."""
    assert icans(seen(ice(10), conscious(level)), 101) == grade


def test_consciousness_alone_is_a_lower_bound() -> None:
    assert shown(seen(conscious("awakens_to_touch")), ICANS, 101) == ">= 3 without ice_score"
    assert shown(seen(AWAKE), ICANS, 101) == ">= 0 without ice_score"


def test_a_score_alone_is_a_lower_bound() -> None:
    assert shown(seen(ice(8)), ICANS, 101) == ">= 1 without consciousness"


def test_a_full_ice_later_than_the_charted_drowsiness_is_awake() -> None:
    facts = course(ADULT, at(100, conscious("awakens_to_voice")), at(102, ice(10)))
    assert [icans(facts, hour) for hour in (101, 103)] == [2, 0]
    earlier = course(ADULT, at(100, ice(10)), at(102, conscious("awakens_to_voice")))
    assert icans(earlier, 103) == 2


def test_an_unreadable_consciousness_after_a_full_ice_is_missing() -> None:
    assert (
        shown(course(ADULT, at(100, ice(10)), at(102, unreadable("consciousness"))), ICANS, 103)
        == ">= 0 without consciousness"
    )


def test_nobody_looked_nothing_can_be_told() -> None:
    assert shown(course(ADULT, at(100, *WELL)), ICANS, 101) == "not assessable without ice_score, consciousness"


# --- seizures


@pytest.mark.parametrize(
    ("fit", "shows"),
    [
        (seizure("focal", duration_min=1, returned_to_baseline=True), "3"),
        (seizure("generalized", duration_min=3), "3"),
        (seizure("generalized", duration_min=5, returned_to_baseline=True), "3"),
        (seizure("non_convulsive", duration_min=4, resolved_with_treatment=True), "3"),
        (seizure("generalized", duration_min=5.1), "4"),
        (seizure("generalized", duration_min=7, returned_to_baseline=True), "4"),
        (seizure("focal", duration_min=1, returned_to_baseline=False), "4"),
        (seizure("generalized"), ">= 3 without seizure.returned_to_baseline"),
        (seizure("generalized", returned_to_baseline=True), ">= 3 without seizure.duration_min"),
        (seizure("focal", duration_min=1, repetitive=True), ">= 3 without seizure.returned_to_baseline"),
        (seizure("focal", duration_min=1, repetitive=True, returned_to_baseline=False), "4"),
        (seizure("focal", duration_min=1, count=3), ">= 3 without seizure.returned_to_baseline"),
        (seizure("focal", duration_min=1, count=3, returned_to_baseline=True), "3"),
        (seizure("non_convulsive", duration_min=4, resolved_with_treatment=False), "4"),
        (seizure("none"), "0"),
    ],
)
def test_seizures(fit: Saying, shows: str) -> None:
    """Table: any that resolves rapidly 3; longer than 5 minutes, or repeated without return to baseline, 4."""
    assert shown(seen(ice(10), AWAKE, fit), ICANS, 101) == shows


def test_the_worst_domain_is_the_grade() -> None:
    """N1: ICE 3 with a generalized seizure is 3."""
    assert icans(seen(ice(3), AWAKE, seizure("generalized", duration_min=2)), 101) == 3


def test_a_milder_seizure_after_a_prolonged_one_does_not_lower_the_grade() -> None:
    """Nobody assessed the patient between: the two are one event, and the worse of them counts."""
    facts = course(ADULT, at(100, seizure(duration_min=7)), at(101, seizure(duration_min=1)))
    assert icans(facts, 102) == 4


def test_two_seizures_with_nothing_told_between_may_be_without_return_to_baseline() -> None:
    """Table: repeated without return to baseline is 4. Not told is missing, and told is not."""
    for back, shows in ((None, ">= 3 without seizure.returned_to_baseline"), (True, "3")):
        detail = {"duration_min": 1} if back is None else {"duration_min": 1, "returned_to_baseline": True}
        facts = course(ADULT, at(100, ice(10), AWAKE), at(101, seizure(**detail)), at(102, seizure(**detail)))
        assert shown(facts, ICANS, 103) == shows


def test_a_seizure_after_an_assessment_is_another_event() -> None:
    facts = course(ADULT, at(100, seizure(duration_min=7)), at(101, ice(10)), at(102, seizure(duration_min=1)))
    assert [icans(facts, hour) for hour in (100, 101, 102)] == [4, 0, 3]


@pytest.mark.parametrize(
    "invalid",
    [
        (unreadable("ice_score"),),
        (drip("propofol"), conscious("unarousable")),
        (rass(-5), ice(0)),
        (oxygen("invasive_ventilation"), ice(0)),
        (attributed("score", until=110), ice(0)),
    ],
)
def test_only_an_assessment_that_counts_ends_a_seizure(invalid: tuple[Saying, ...]) -> None:
    """An unreadable, sedated or excused assessment does not say that the seizure is over."""
    assert icans(course(ADULT, at(100, seizure(duration_min=7)), at(101, *invalid)), 102) == 4


@pytest.mark.parametrize("assessment", [ice(10), conscious("awake"), seizure("none")])
def test_an_assessment_ends_a_seizure(assessment: Saying) -> None:
    facts = course(ADULT, at(100, seizure(duration_min=7)), at(101, assessment))
    assert icans(facts, 102) in (0, None)


# --- motor, edema, raised pressure, hemorrhage


@pytest.mark.parametrize(("weakness", "grade"), [("none", 0), ("mild", 0), ("deep_focal", 4)])
def test_deep_focal_weakness_is_4_whatever_the_ice(weakness: str, grade: int) -> None:
    """N6: reaches grade 4 directly."""
    assert icans(seen(ice(10), AWAKE, said("motor_weakness", weakness)), 101) == grade


@pytest.mark.parametrize(("edema", "grade"), [("none", 0), ("focal", 3), ("diffuse", 4)])
def test_edema(edema: str, grade: int) -> None:
    """Table: focal on imaging 3, diffuse 4."""
    assert icans(seen(ice(10), AWAKE, said("cerebral_edema", edema)), 101) == grade


@pytest.mark.parametrize(
    ("sign", "grade"),
    [("none", 0), ("papilledema", 4), ("sixth_nerve_palsy", 4), ("posturing", 4), ("cushing_triad", 4)],
)
def test_signs_of_raised_pressure(sign: str, grade: int) -> None:
    """Table, N6: decerebrate or decorticate posture, sixth-nerve palsy, papilledema, Cushing triad: 4."""
    assert icans(seen(ice(10), AWAKE, said("raised_pressure_sign", sign)), 101) == grade


@pytest.mark.parametrize(
    ("finding", "hours"),
    [
        (said("motor_weakness", "deep_focal"), 24),
        (said("cerebral_edema", "diffuse"), 168),
        (said("raised_pressure_sign", "sixth_nerve_palsy"), 168),
    ],
)
def test_a_finding_that_nobody_charted_again_is_missing_and_never_gone(finding: Saying, hours: int) -> None:
    """Too old is not read; it is not "not there"."""
    again = at(100 + hours - 2, ice(10), AWAKE)
    facts = course(ADULT, at(100, finding), again)
    assert shown(facts, ICANS, 100 + hours - 1) == "4"
    assert shown(facts, ICANS, 100 + hours) == f">= 0 without {finding.what}"
    gone = course(facts, at(100 + hours - 2, said(finding.what, "none")))
    assert shown(gone, ICANS, 100 + hours) == "0"
    excused = course(facts, at(101, attributed(FEATURE.get(finding.what, finding.what), until=400)))
    assert shown(excused, ICANS, 100 + hours) == "0"


def test_a_finding_whose_next_report_could_not_be_read_stays_missing() -> None:
    facts = course(
        ADULT,
        at(100, said("motor_weakness", "deep_focal")),
        at(102, unreadable("motor_weakness")),
        at(120, ice(10), AWAKE),
    )
    assert [shown(facts, ICANS, hour) for hour in (121, 130)] == [">= 0 without motor_weakness"] * 2


def test_hemorrhage_and_its_edema_are_not_icans() -> None:
    """N5: excluded, graded by CTCAE."""
    facts = seen(ice(10), AWAKE, said("intracranial_hemorrhage", "yes"), said("cerebral_edema", "focal"))
    assert icans(facts, 101) == 0
    assert "edema_with_hemorrhage" in because(facts, ICANS, 101)
    assert icans(seen(ice(10), AWAKE, said("intracranial_hemorrhage", "yes")), 101) == 0


def test_a_hemorrhage_does_not_excuse_coma() -> None:
    """Only its edema is excluded; what another cause explains is for an attribution to say."""
    assert icans(seen(conscious("unarousable"), said("intracranial_hemorrhage", "yes")), 101) == 4


@pytest.mark.parametrize("what", ["heart_rate", "respiratory_rate", "crp", "ferritin"])
def test_what_is_no_domain_does_not_grade(what: str) -> None:
    """N4: tremor, myoclonus, headache, asterixis, hallucination and laboratory values do not influence the grade."""
    assert icans(seen(ice(10), AWAKE, measured(what, 1)), 101) == 0


# --- N1, N12: other causes


@pytest.mark.parametrize(
    ("feature", "sign"),
    [
        ("consciousness", conscious("unarousable")),
        ("seizure", seizure(duration_min=10)),
        ("motor", said("motor_weakness", "deep_focal")),
        ("cerebral_edema", said("cerebral_edema", "diffuse")),
        ("raised_pressure_sign", said("raised_pressure_sign", "papilledema")),
    ],
)
def test_a_domain_with_another_cause_does_not_count(feature: str, sign: Saying) -> None:
    """N1: each only without another cause; N12: a delayed movement toxicity after BCMA therapy is not ICANS."""
    well = () if feature == "consciousness" else (AWAKE,)
    assert icans(seen(ice(10), *well, sign, attributed(feature, until=120)), 101) == 0
    assert icans(seen(ice(10), *well, sign), 101) == 4
    later = course(seen(ice(10), *well, sign), at(102, attributed(feature, until=105)))
    assert [icans(later, hour) for hour in (101, 103, 105)] == [4, 0, 4]


def test_a_score_with_another_cause_is_not_assessable() -> None:
    """N3: null, not 0."""
    assert (
        shown(seen(ice(2), attributed("score", until=110)), ICANS, 101)
        == "not assessable without ice_score, consciousness"
    )
    assert (
        shown(seen(ice(2), attributed("score", until=110)), ICANS, 111)
        == "not assessable without ice_score, consciousness"
    )


def test_a_full_score_that_is_excused_later_no_longer_says_awake() -> None:
    facts = course(ADULT, at(100, ice(10)), at(102, attributed("score", until=110)))
    assert shown(facts, ICANS, 101) == "0"
    assert shown(facts, ICANS, 103) == "not assessable without ice_score, consciousness"
    assert shown(facts, ICANS, 110) == "0"


# --- N3: sedation, intubation


@pytest.mark.parametrize("sedation", [drip("propofol"), drip("dexmedetomidine"), drip("cisatracurium")])
def test_a_score_and_consciousness_under_sedation_do_not_count(sedation: Saying) -> None:
    """N3: sedation is another cause; CAPD is not valid in a paralyzed child (Traube 2014)."""
    facts = seen(ice(0), conscious("unarousable"), sedation)
    assert shown(facts, ICANS, 101) == "not assessable without ice_score, consciousness"
    assert decided(facts, ICANS, 101) == {"sedation"}
    young = child(capd(22), conscious("unarousable"), sedation)
    assert shown(young, ICANS, 101) == "not assessable without capd_score, consciousness"


@pytest.mark.parametrize("depth", [-4, -5])
def test_coma_by_rass_is_no_sedation(depth: float) -> None:
    """RASS says how deep the patient is, not why. It voids a score that is a number, and nothing else (Traube 2014)."""
    facts = course(ADULT, at(96, ice(9), AWAKE), at(100, rass(depth), conscious("unarousable")))
    assert icans(facts, 101) == 4
    assert shown(seen(rass(depth), ice(0)), ICANS, 101) == "not assessable without ice_score, consciousness"
    assert shown(child(rass(depth), capd(22)), ICANS, 101) == "not assessable without capd_score, consciousness"
    assert icans(child(rass(depth), capd("unable_to_perform")), 101) == 4


def test_a_full_score_and_awake_are_true_under_any_drug() -> None:
    """Sedation can only make a score look worse."""
    facts = seen(drip("dexmedetomidine", 0.2), ice(10), AWAKE)
    assert shown(facts, ICANS, 101) == "0"
    assert shown(seen(drip("dexmedetomidine", 0.2), ice(9), AWAKE), ICANS, 101) == ">= 0 without ice_score"


def test_items_answered_in_part_are_no_full_score_under_a_drug() -> None:
    facts = seen(drip("propofol"), ice_item("orientation", 4))
    assert shown(facts, ICANS, 101) == "not assessable without ice_score, consciousness"


def test_a_full_score_under_light_sedation_is_overtaken_by_what_came_after_it() -> None:
    """Another drug, the tube, a RASS of -4: how the patient is now nobody has tested."""
    light = course(ADULT, at(100, drip("dexmedetomidine", 0.2), ice(10), AWAKE))
    assert shown(light, ICANS, 105) == "0"
    for deeper in (drip("propofol"), drip("rocuronium")):
        facts = course(light, at(101, deeper))
        assert shown(facts, ICANS, 102) == "not assessable without ice_score, consciousness", deeper
    deep = course(light, at(101, rass(-4)))
    assert shown(deep, ICANS, 102) == "not assessable without ice_score, consciousness"
    tube = course(light, at(101, oxygen("invasive_ventilation")))
    assert shown(tube, ICANS, 102) == ">= 0 without ice_score"


def test_the_tube_makes_even_a_full_ice_invalid() -> None:
    for sleep in ((), (drip("propofol"),)):
        facts = seen(oxygen("invasive_ventilation"), ice(10), AWAKE, *sleep)
        assert shown(facts, ICANS, 101) == ">= 0 without ice_score"


@pytest.mark.parametrize("less", [measured("gcs_score", 6), measured("gcs_score", 14), rass(-1)])
def test_a_lower_gcs_or_rass_unseats_an_earlier_awake(less: Saying) -> None:
    """They grade nothing in ICANS; but the patient is no longer known to be awake."""
    facts = course(ADULT, at(96, ice(8), AWAKE), at(100, less))
    assert shown(facts, ICANS, 97) == "1"
    assert shown(facts, ICANS, 101) == ">= 1 without consciousness"
    assert shown(course(facts, at(102, AWAKE)), ICANS, 103) == "1"
    full = course(ADULT, at(96, ice(10)), at(100, less))
    assert shown(full, ICANS, 101) == ">= 0 without consciousness"
    bright = course(ADULT, at(96, ice(10), AWAKE), at(100, measured("gcs_score", 15), rass(0)))
    assert shown(bright, ICANS, 101) == "0"


def test_a_patient_roused_after_a_seizure_has_not_come_back() -> None:
    """An examination short of awake does not end a seizure."""
    facts = course(
        ADULT, at(100, seizure(duration_min=7)), at(101, conscious("awakens_to_touch")), at(102, conscious("awake"))
    )
    assert [icans(facts, hour) for hour in (100, 101, 102)] == [4, 4, 0]


@pytest.mark.parametrize("status", ["not-done", "refused", "held", "stopped", "on-hold"])
def test_a_sedative_not_given_or_stopped_does_not_sedate(status: str) -> None:
    facts = course(ADULT, at(99, push("propofol", 50.0, status=status)), at(100, ice(5), AWAKE))
    assert shown(facts, ICANS, 101) == "2"


def test_light_sedation_by_rass_counts() -> None:
    assert icans(seen(ice(2), AWAKE, rass(-3)), 101) == 3


def test_a_score_taken_before_sedation_stands_and_one_under_it_stays_invalid() -> None:
    before = course(ADULT, at(100, ice(5), AWAKE), at(101, drip("propofol")))
    assert shown(before, ICANS, 102) == ">= 2 without ice_score, consciousness"
    during = course(ADULT, at(100, drip("propofol", until=102), ice(5)), at(103, AWAKE))
    assert shown(during, ICANS, 104) == ">= 0 without ice_score"


@pytest.mark.parametrize("sleep", [drip("propofol"), drip("rocuronium")])
def test_sedation_overtakes_a_score_from_before(sleep: Saying) -> None:
    """N3: nobody charts an ICE on a sedated patient. The ICE 10 of the morning is not how the patient is now."""
    facts = course(ADULT, at(100, ice(10), AWAKE), at(101, sleep))
    assert shown(facts, ICANS, 100) == "0"
    assert shown(facts, ICANS, 102) == "not assessable without ice_score, consciousness"
    assert decided(facts, ICANS, 102) == {"sedation"}


def test_the_tube_overtakes_an_ice_from_before_and_not_the_consciousness() -> None:
    facts = course(ADULT, at(100, ice(5), AWAKE), at(101, oxygen("invasive_ventilation")))
    assert shown(facts, ICANS, 102) == ">= 2 without ice_score"
    assert decided(facts, ICANS, 102) == {"intubated_score"}
    out = course(facts, at(103, oxygen("room_air")))
    assert shown(out, ICANS, 104) == ">= 2 without ice_score"
    assert shown(course(out, at(105, ice(8))), ICANS, 106) == "1"


def test_a_void_reading_does_not_displace_the_one_that_counted() -> None:
    """ICE 5 in the morning and an ICE 0 under propofol: at least 2, until somebody tests an awake patient again."""
    facts = course(ADULT, at(100, ice(5), AWAKE), at(101, drip("propofol", until=103)), at(102, ice(0)))
    for hour in (102, 104):
        assert shown(facts, ICANS, hour) == ">= 2 without ice_score, consciousness"
        assert decided(facts, ICANS, hour) == {"sedation"}
    assert shown(course(facts, at(105, ice(9), AWAKE)), ICANS, 105) == "1"


def test_a_score_that_a_void_one_brought_back_grows_old_in_its_own_time() -> None:
    """Also where another window ends at the instant of the void reading."""
    facts = course(ADULT, at(0, *WELL, ice(0)), at(1, rass(-5)), at(12, ice(0)), at(30, measured("heart_rate", 80)))
    assert shown(facts, ICANS, 23) == ">= 3 without ice_score, consciousness"
    assert shown(facts, ICANS, 24) == "not assessable without ice_score, consciousness"


def test_the_completeness_of_a_score_stays_with_it() -> None:
    """What a void reading lacked is not lacking in the one that counted; and the other way round."""
    whole = course(ADULT, at(100, ice(8), AWAKE), at(101, drip("propofol")), at(102, ice_item("orientation", 1)))
    assert shown(whole, ICANS, 102) == ">= 1 without ice_score, consciousness"
    part = course(ADULT, at(100, ice_item("orientation", 3), AWAKE), at(101, drip("propofol")), at(102, ice(2)))
    assert shown(part, ICANS, 102) == ">= 1 without ice_score, consciousness, ice_items"


def test_a_single_dose_of_a_sedative_voids_nothing_and_is_named() -> None:
    """Lorazepam for a seizure: what is read after it counts, and says that it was given; a full score needs no word."""
    facts = course(ADULT, at(100, push("lorazepam", 4.0)), at(101, ice(8), conscious("awakens_to_voice")))
    assert shown(facts, ICANS, 101) == "2"
    assert decided(facts, ICANS, 101) == {"sedation"}
    full = course(ADULT, at(100, push("lorazepam", 4.0)), at(101, ice(10), AWAKE))
    assert decided(full, ICANS, 101) == set()
    by_mouth = course(ADULT, at(100, push("lorazepam", 1.0, route="oral")), at(101, ice(8), AWAKE))
    assert decided(by_mouth, ICANS, 101) == set()


def test_a_score_after_a_single_dose_is_overtaken_as_any_other() -> None:
    facts = course(ADULT, at(100, push("lorazepam", 4.0)), at(101, ice(8), AWAKE), at(102, drip("propofol")))
    assert shown(facts, ICANS, 103) == ">= 1 without ice_score, consciousness"


def test_the_other_score_is_overtaken_too() -> None:
    """A child's CAPD is the score; its ICE of before the relaxant still does not say that it is awake under it."""
    facts = course(age(8), infused(), at(90, capd(0)), at(91, ice(10)), at(100, drip("cisatracurium", until=101)))
    for hour in (100.5, 102):
        assert shown(facts, ICANS, hour) == "not assessable without capd_score, consciousness"


def test_a_score_excused_while_the_sedation_ran_is_overtaken_all_the_same() -> None:
    facts = course(
        ADULT,
        at(100, ice(8), AWAKE),
        at(101, attributed("score", until=104)),
        at(102, drip("propofol", until=103)),
    )
    assert shown(facts, ICANS, 105) == ">= 1 without ice_score, consciousness"


@pytest.mark.parametrize("drug", ["phenobarbital", "diazepam", "clonidine", "etomidate"])
def test_what_the_vocabulary_calls_a_sedative_sedates(drug: str) -> None:
    facts = seen(drip(drug), conscious("unarousable"))
    assert shown(facts, ICANS, 101) == "not assessable without ice_score, consciousness"


def test_an_opioid_sedates_only_with_a_tube_in() -> None:
    """Analgesia is not sedation; the infusion that lets a patient bear the tube is."""
    assert icans(seen(drip("fentanyl"), conscious("unarousable")), 101) == 4
    tube = seen(drip("fentanyl"), conscious("unarousable"), oxygen("invasive_ventilation"))
    assert shown(tube, ICANS, 101) == "not assessable without ice_score, consciousness"
    named = Saying("drug", 5.0, "morphine", "mg/h", detail={"sedation": True})
    assert shown(seen(named, conscious("unarousable")), ICANS, 101) == "not assessable without ice_score, consciousness"


def test_an_ice_from_an_intubated_patient_does_not_count() -> None:
    """N3: ICE is spoken."""
    facts = seen(ice(0), AWAKE, oxygen("invasive_ventilation"))
    assert shown(facts, ICANS, 101) == ">= 0 without ice_score"
    assert decided(facts, ICANS, 101) == {"intubated_score"}


def test_why_a_score_was_invalid_stays_with_it() -> None:
    """Extubated later, the score was still taken from an intubated patient, and nobody was sedated."""
    facts = course(
        seen(ice(0), AWAKE, oxygen("invasive_ventilation")),
        at(103, oxygen("nasal_cannula")),
        at(104, attributed("fever")),
    )
    assert decided(facts, ICANS, 105) == {"intubated_score"}


def test_capd_is_watched_and_not_spoken() -> None:
    assert icans(child(capd(22), AWAKE, oxygen("invasive_ventilation")), 101) == 3


def test_the_hard_signs_count_under_sedation() -> None:
    """Sedation explains a low score and a low consciousness; it does not explain papilledema or edema."""
    for sign in (said("raised_pressure_sign", "papilledema"), said("cerebral_edema", "diffuse")):
        assert icans(seen(sign, drip("propofol")), 101) == 4


# --- N8, N9, CAPD: children


@pytest.mark.parametrize(("score", "grade"), [(0, 0), (8, 0), (9, 3), (22, 3), (32, 3), ("unable_to_perform", 4)])
def test_capd(score: float | str, grade: int) -> None:
    """Table, below 12 years: CAPD 9 or more is 3, unable to perform 4. N9: a well child below 9 is 0 unless changed."""
    assert icans(child(capd(score), AWAKE), 101) == grade


def test_capd_below_9_with_a_new_change_or_a_rise_is_1() -> None:
    """N9: grade 1 needs a new sign or a rise from baseline."""
    assert icans(child(capd(8), AWAKE, said("new_neurological_change", "yes")), 101) == 1
    assert icans(child(capd(8), AWAKE, said("new_neurological_change", "no")), 101) == 0
    assert icans(course(at(-20, capd(3)), child(capd(8), AWAKE)), 101) == 1
    assert icans(course(at(-20, capd(8)), child(capd(8), AWAKE)), 101) == 0


def test_a_capd_at_the_infusion_is_a_reading_and_no_baseline() -> None:
    """Whichever is charted first at that instant."""
    for first in (course(at(0, capd(3)), infused()), course(infused(), at(0, capd(3)))):
        assert icans(course(age(5), first, at(5, capd(5), AWAKE)), 6) == 0


def test_consciousness_grades_children_as_adults() -> None:
    assert icans(child(capd(3), conscious("awakens_to_touch")), 101) == 3


@pytest.mark.parametrize(
    ("years", "reads"), [(11.9, "capd_score"), (12.0, "ice_score"), (12.1, "ice_score"), (None, "ice_score")]
)
def test_the_tables_change_at_12_years(years: float | None, reads: str) -> None:
    """N8: below 12 (ASTCT), though another source prints 12 and under. The age is that of the day."""
    born = [] if years is None else at(100, Saying("age", years, unit="a"))
    assert shown(course(infused(), born, at(100, AWAKE)), ICANS, 100) == f">= 0 without {reads}"


def test_usual_behavior_by_the_parents_word_is_not_delirium() -> None:
    """Traube 2014: developmentally delayed, positive score, usual behavior."""
    facts = child(capd(14), AWAKE, said("usual_behavior_per_parent", "yes"))
    assert icans(facts, 101) == 0
    assert decided(facts, ICANS, 101) == {"parent_usual_behavior"}
    assert icans(child(capd("unable_to_perform"), said("usual_behavior_per_parent", "yes")), 101) == 4


def test_both_scores_charted_the_one_of_the_age_grades() -> None:
    assert icans(seen(ice(10), capd(22), AWAKE, years=13), 101) == 0
    assert icans(seen(ice(10), capd(22), AWAKE, years=11), 101) == 3


def test_the_other_score_under_sedation_does_not_stand_in_later() -> None:
    """The child's own CAPD expires; an ICE taken under propofol is still invalid."""
    facts = course(age(8), infused(), at(1, capd(4), AWAKE), at(2, drip("propofol", until=3), ice(2)), at(20, AWAKE))
    assert shown(facts, ICANS, 25) == ">= 0 without capd_score"


# --- N10, N11


def test_a_low_baseline_is_said() -> None:
    """N10: record the baseline, grade the change, show both."""
    facts = course(at(-24, measured("baseline_ice_score", 7)), seen(ice(7), AWAKE))
    assert icans(facts, 101) == 0
    assert decided(facts, ICANS, 101) == {"baseline_ice"}
    assert icans(course(at(-24, measured("baseline_ice_score", 7)), seen(ice(6), AWAKE)), 101) == 2


def test_icans_needs_no_crs() -> None:
    """N11: may accompany, follow or occur without CRS."""
    facts = course(ADULT, at(100, *WELL, ice(5), AWAKE))
    assert icans(facts, 101) == 2
    assert asked(facts, CRS, 101).grade == 0  # type: ignore[union-attr]


# --- death, discharge, windows, unreadable


def test_death_from_icans_is_5_and_of_another_cause_ends_the_grade() -> None:
    """Grade 5: death due to ICANS, no other principal factor."""
    assert icans(course(seen(ice(0), AWAKE), died(110, "icans")), 111) == 5
    assert asked(course(seen(ice(0), AWAKE), died(110, "crs")), ICANS, 111) is None
    assert asked(course(seen(ice(0), AWAKE), died(110)), ICANS, 111) is None


def test_discharge_pauses_the_watch() -> None:
    facts = course(seen(ice(9), AWAKE), discharged(110), at(130, ice(10), AWAKE))
    assert list(spans(facts, ICANS))[1:] == [(100, 110, "1"), (130, None, "0")]


@pytest.mark.parametrize(
    ("finding", "variable"),
    [
        (said("motor_weakness", "deep_focal"), "motor_weakness"),
        (said("cerebral_edema", "diffuse"), "cerebral_edema"),
        (said("raised_pressure_sign", "papilledema"), "raised_pressure_sign"),
        (seizure("none"), "seizure"),
    ],
)
def test_an_unreadable_finding_is_missing_and_never_none(finding: Saying, variable: str) -> None:
    facts = course(seen(ice(10), AWAKE, finding), at(102, unreadable(variable)))
    assert shown(facts, ICANS, 103) == f">= 0 without {variable}"
    assert decided(facts, ICANS, 103) == {"unreadable_value"}


@pytest.mark.parametrize(
    ("reading", "hours"),
    [
        (ice(5), 24),
        (conscious("awakens_to_voice"), 24),
        (said("motor_weakness", "deep_focal"), 24),
        (seizure(duration_min=9), 24),
    ],
)
def test_a_neurological_reading_holds_for_a_day_and_not_at_its_end(reading: Saying, hours: int) -> None:
    facts = course(ADULT, at(100, reading), at(200, measured("heart_rate", 80)))
    assert asked(facts, ICANS, 100 + hours - 0.01).grade is not None  # type: ignore[union-attr]
    assert asked(facts, ICANS, 100 + hours).grade is None  # type: ignore[union-attr]


def test_imaging_holds_for_a_week() -> None:
    facts = course(ADULT, at(100, said("cerebral_edema", "focal")))
    assert [icans(facts, hour) for hour in (267, 268)] == [3, None]


def test_blood_pressure_and_drugs_do_not_touch_icans() -> None:
    facts = seen(ice(10), AWAKE, pressure(60), drip("norepinephrine"), push("tocilizumab"))
    assert shown(facts, ICANS, 101) == "0"
