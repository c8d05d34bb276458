"""The wording of reasons, missing columns and policies is complete, and nothing is worded that the fold never says."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings

from cartway.record.fact import Fact
from cartway.toxicity import ALL_SCALES, bedside, coding, crs, episode, grade, icans, load_rules
from cartway.toxicity import rules as rules_module
from cartway.vocabulary import vocabulary
from toxicity import drawn as d
from toxicity.courses import courses, line
from toxicity.drawn import rules

RAW = tomllib.loads((resources.files("cartway.toxicity") / "reasons.toml").read_text("utf-8"))
GUIDELINES = {"crs": crs, "icans": icans}
NOT_CRITERIA = {"UNREAD", "NEITHER", "AWAKE_CODE"}


def numbers(module: object, *, prefix: str = "") -> dict[str, int]:
    """The whole-number constants of a guideline's file whose names start so."""
    return {n: v for n, v in vars(module).items() if n.isupper() and isinstance(v, int) and n.startswith(prefix)}


def criteria(module: object) -> dict[str, int]:
    """The constants that are criteria: those in the range that the guideline's reasons are numbered in."""
    apart = ("M_", "B_", "P_", "F_")
    own = {n: v for n, v in numbers(module).items() if not n.startswith(apart) and not n.endswith(("_PAIR", "_CODE"))}
    low, high = (1, 39) if module is crs else (40, 99)
    return {n: v for n, v in own.items() if low <= v <= high and n not in NOT_CRITERIA}


@pytest.mark.parametrize("name", GUIDELINES)
def test_every_criterion_is_worded_and_every_wording_is_a_criterion(name: str) -> None:
    said = set(criteria(GUIDELINES[name]).values())
    worded = {int(code) for code in RAW[name]["criteria"]}
    assert said == worded


@pytest.mark.parametrize("name", GUIDELINES)
def test_every_missing_bit_has_a_name_of_the_vocabulary(name: str) -> None:
    bits = sorted(numbers(GUIDELINES[name], prefix="M_").values())
    assert bits == [int(bit) for bit in RAW[name]["missing"]] == list(range(len(bits)))
    known = vocabulary()
    for word in RAW[name]["missing"].values():
        variable, _, detail = word.partition(".")
        found = known.variable(variable)
        assert found is not None or word == "ice_items", word
        assert not detail or (found is not None and detail in found.detail), word


def test_slugs_are_one_a_criterion_and_texts_hold_known_places() -> None:
    tables = [table for name in GUIDELINES for table in RAW[name]["criteria"].values()]
    slugs = [(table["slug"], table["column"]) for table in tables]
    assert len(set(slugs)) == len(slugs)
    for table in tables:
        table["text"].format(said="", when="", cause="", last="", score="")


@pytest.mark.parametrize("name", GUIDELINES)
def test_every_policy_bit_is_a_policy_and_back(name: str) -> None:
    """Each bit that the fold may raise names one policy that is of the scale; each flag is a bit of the fold."""
    bits = set(numbers(GUIDELINES[name], prefix="B_").values())
    flagged: dict[int, str] = {}
    for policy_name, policy in load_rules().policies.items():
        for word in policy.flag.split():
            scale, _, bit = word.partition(":")
            if scale == name:
                assert scale in policy.scales, policy_name
                assert int(bit) not in flagged, policy_name
                flagged[int(bit)] = policy_name
                assert rules_module.policy_of_flag(name, int(bit)) == policy_name
    assert set(flagged) <= bits
    unnamed = {n for n, bit in numbers(GUIDELINES[name], prefix="B_").items() if bit not in flagged}
    assert unnamed <= {"B_ICE_AWAKE"}, unnamed  # a full ICE is worded as a reason of its own


def test_every_policy_reaches_the_fold() -> None:
    """Changing a policy that has a choice changes the vector that the fold reads. One is for the forms alone."""
    shipped = load_rules()
    for name, policy in shipped.policies.items():
        if name == "attribution_most_hours":
            continue
        others = (
            [c for c in policy.choices if c != policy.default] if policy.choices else [str(float(policy.default) + 1)]
        )
        for other in others:
            assert rules(**{name: other}).vector() != shipped.vector(), name


def test_every_place_of_the_vector_is_filled_by_a_policy() -> None:
    placed = set(rules_module._PLACE) | set(rules_module._WINDOW_OF)
    apart = {
        "observation_validity",
        "vasopressin_alone",
        "high_flow_at_low_flow",
        "unreadable_value",
        "parent_usual_behavior",
        "attribution_most_hours",
        "laboratory_valid_hours",
    }
    assert placed | apart == set(load_rules().policies)


def test_what_the_coding_knows_is_in_the_vocabulary() -> None:
    known = vocabulary()
    for what in coding.NUMBERS:
        assert known.variable(what) is not None, what
    for what, choice in coding.CHOICES:
        variable = known.variable(what)
        assert variable is not None, what
        assert choice in variable.choices, (what, choice)


@pytest.mark.parametrize(
    "what",
    [
        "oxygen_device", "consciousness", "motor_weakness", "cerebral_edema", "raised_pressure_sign",
        "intracranial_hemorrhage", "new_neurological_change", "usual_behavior_per_parent", "diagnosed_crs",
        "home_positive_pressure",
    ],
)  # fmt: skip
def test_every_choice_of_a_graded_variable_is_coded(what: str) -> None:
    variable = vocabulary().variable(what)
    assert variable is not None
    for choice in variable.choices:
        assert (what, choice) in coding.CHOICES, choice


def test_every_vasopressor_of_the_vocabulary_is_known_to_crs() -> None:
    """A drug of a pressor class that the coding does not know would be silently nothing."""
    classes = {
        "vasopressor",
        "vasopressin_analogue",
        "oral_vasopressor",
        "inotrope",
        "sympathomimetic",
        "other_vasoactive",
    }
    drug = vocabulary().variable("drug")
    assert drug is not None
    for name, choice in drug.choices.items():
        if classes & set(choice.classes):
            assert ("drug", name) in coding.CHOICES, name


def test_every_feature_that_may_be_attributed_is_coded() -> None:
    variable = vocabulary().variable("attribution")
    assert variable is not None
    assert set(variable.choices) - set(coding.FEATURES) == {"hyperinflammation"}  # of another scale


def test_the_editions_are_those_of_the_scales() -> None:
    assert tuple(episode.editions()) == ALL_SCALES
    for scale, edition in episode.editions().items():
        assert edition.citation and edition.effective_from, scale
        assert edition.doi or edition.note, scale  # what has no DOI says where it stands


def test_no_two_kinds_share_a_number() -> None:
    coded = [*coding.NUMBERS.values(), *(kind for kind, _ in coding.CHOICES.values())]
    assert max(coded) < bedside.UNREADABLE
    assert coding.OTHER_SEDATIVE < bedside.ATTRIBUTION
    assert max(coding.CHOICES["drug", name][0] for name in coding.PRESSORS) < bedside.DRIP + bedside.SEDATIVE


@settings(max_examples=60, deadline=None)
@given(courses())
def test_every_reason_can_be_written_and_names_a_fact_of_the_course(facts: list[Fact]) -> None:
    """Each reason rests on a fact known by then, or says that there is none; each grade above 0 has one."""
    for e in grade(facts, load_rules()):
        for reason in e.because:
            assert reason.fact is None or (reason.fact in facts and reason.fact.at <= e.start), reason
        assert e.because or e.missing == ("infusion",) or e.grade == 0


def cited(facts: list[Fact], scale: str, hour: float) -> set[tuple[str, str]]:
    """The reasons of a grade as (slug, the fact as charted), "" where it says that there is none."""
    found = d.asked(facts, scale, hour)
    assert found is not None
    return {(r.criterion.slug, line(r.fact).strip() if r.fact else "") for r in found.because}


ILL = d.course(d.age(58), d.infused(), d.at(30, d.temperature(38.9)))


@pytest.mark.parametrize(
    ("facts", "scale", "reason"),
    [
        (ILL, d.CRS, ("fever", "30 h body_temperature 38.9 Cel")),
        (d.course(ILL, d.at(31, d.temperature(37.0))), d.CRS, ("no_fever", "31 h body_temperature 37 Cel")),
        (
            d.course(ILL, d.at(31, d.attributed("fever"))),
            d.CRS,
            ("fever_excused", "31 h attribution fever {'cause': 'another cause'}"),
        ),
        (d.course(ILL, d.at(31, d.pressure(120))), d.CRS, ("pressure_normal", "31 h systolic_pressure 120 mm[Hg]")),
        (d.course(ILL, d.at(31, d.pressure(80))), d.CRS, ("pressure_low", "31 h systolic_pressure 80 mm[Hg]")),
        (ILL, d.CRS, ("pressure_unread", "")),
        (
            d.course(ILL, d.at(31, d.drip("norepinephrine"))),
            d.CRS,
            ("one_vasopressor", "31 h drug norepinephrine 0.1 ug/kg/min"),
        ),
        (
            d.course(ILL, d.at(31, d.drip("norepinephrine")), d.at(32, d.drip("epinephrine"))),
            d.CRS,
            ("multiple_vasopressors", "31 h drug norepinephrine 0.1 ug/kg/min"),
        ),
        (
            d.course(ILL, d.at(31, d.drip("norepinephrine")), d.at(32, d.drip("epinephrine"))),
            d.CRS,
            ("with_vasopressor", "32 h drug epinephrine 0.1 ug/kg/min"),
        ),
        (
            d.course(ILL, d.at(31, d.drip("vasopressin"))),
            d.CRS,
            ("vasopressin_alone", "31 h drug vasopressin 0.1 ug/kg/min"),
        ),
        (
            d.course(ILL, d.at(30, d.drip("norepinephrine"), d.attributed("vasopressor"))),
            d.CRS,
            ("vasopressor_excused", "30 h attribution vasopressor {'cause': 'another cause'}"),
        ),
        (
            d.course(ILL, d.at(31, d.pressure(80), d.attributed("hypotension"))),
            d.CRS,
            ("pressure_excused", "31 h attribution hypotension {'cause': 'another cause'}"),
        ),
        (d.course(ILL, d.at(31, d.oxygen("room_air"))), d.CRS, ("room_air", "31 h oxygen_device room_air")),
        (
            d.course(ILL, d.at(31, d.oxygen("nasal_cannula"))),
            d.CRS,
            ("oxygen_flow_unread", "31 h oxygen_device nasal_cannula"),
        ),
        (
            d.course(ILL, d.at(31, d.oxygen("nasal_cannula"), d.flow(3))),
            d.CRS,
            ("low_flow_oxygen", "31 h oxygen_flow 3 L/min"),
        ),
        (
            d.course(ILL, d.at(31, d.oxygen("nasal_cannula"), d.flow(8))),
            d.CRS,
            ("high_flow_oxygen", "31 h oxygen_device nasal_cannula"),
        ),
        (d.course(ILL, d.at(31, d.oxygen("simple_mask"))), d.CRS, ("oxygen_mask", "31 h oxygen_device simple_mask")),
        (d.course(ILL, d.at(31, d.oxygen("bipap"))), d.CRS, ("positive_pressure", "31 h oxygen_device bipap")),
        (d.course(ILL, d.at(31, d.flow(4))), d.CRS, ("oxygen_device_unread", "31 h oxygen_flow 4 L/min")),
        (
            d.course(ILL, d.at(31, d.oxygen("bipap"), d.attributed("positive_pressure"))),
            d.CRS,
            ("oxygen_excused", "31 h attribution positive_pressure {'cause': 'another cause'}"),
        ),
        (
            d.course(d.at(-24, d.measured("home_oxygen", 2)), ILL, d.at(31, d.oxygen("nasal_cannula"), d.flow(2))),
            d.CRS,
            ("home_oxygen", "-24 h home_oxygen 2 L/min"),
        ),
        (
            d.course(d.at(-24, d.said("home_positive_pressure", "cpap")), ILL, d.at(31, d.oxygen("cpap"))),
            d.CRS,
            ("home_oxygen", "-24 h home_positive_pressure cpap"),
        ),
        (
            d.course(ILL, d.at(31, d.push("tocilizumab", 560)), d.at(32, d.temperature(37.0), d.pressure(80))),
            d.CRS,
            ("fever_masked", "31 h drug tocilizumab 560 mg"),
        ),
        (
            d.course(ILL, d.at(32, d.temperature(37.0), d.pressure(80))),
            d.CRS,
            ("fever_gone", "30 h body_temperature 38.9 Cel"),
        ),
        (
            d.course(d.infused(), d.at(30, d.push("dexamethasone", 10)), d.at(31, d.temperature(37.0), d.pressure(80))),
            d.CRS,
            ("fever_maybe_masked", "30 h drug dexamethasone 10 mg"),
        ),
        (
            d.course(d.infused(), d.at(31, d.temperature(39.0), d.pressure(80), d.attributed("fever"))),
            d.CRS,
            ("fever_of_other_cause", ""),
        ),
        (
            d.course(d.at(-24, d.measured("home_oxygen", 2)), ILL, d.at(31, d.oxygen("nasal_cannula"), d.flow(4))),
            d.CRS,
            ("oxygen_above_home", "31 h oxygen_flow 4 L/min"),
        ),
        (
            d.course(d.infused(), d.at(31, d.said("diagnosed_crs", "yes"))),
            d.CRS,
            ("fever_diagnosed", "31 h diagnosed_crs yes"),
        ),
        (
            d.course(d.infused(), d.at(29, d.temperature(37.0)), d.at(31, d.said("diagnosed_crs", "yes"))),
            d.CRS,
            ("fever_diagnosed", "31 h diagnosed_crs yes"),
        ),
        (d.course(ILL, d.died(31, "crs")), d.CRS, ("death_from_crs", "31 h death crs")),
        (d.course(ILL, d.at(31, d.ice(10))), d.ICANS, ("ice_full", "31 h ice_score 10 {score}")),
        (d.course(ILL, d.at(31, d.ice(10))), d.ICANS, ("awake_by_ice", "31 h ice_score 10 {score}")),
        (d.course(ILL, d.at(31, d.ice(4))), d.ICANS, ("ice", "31 h ice_score 4 {score}")),
        (d.course(ILL, d.at(31, d.capd(22))), d.ICANS, ("capd_positive", "31 h capd_score 22 {score}")),
        (d.course(ILL, d.at(31, d.capd(3))), d.ICANS, ("capd_negative", "31 h capd_score 3 {score}")),
        (
            d.course(ILL, d.at(31, d.capd("unable_to_perform"))),
            d.ICANS,
            ("capd_unable", "31 h capd_score unable_to_perform"),
        ),
        (
            d.course(d.at(-24, d.measured("baseline_ice_score", 7)), ILL, d.at(31, d.ice(7))),
            d.ICANS,
            ("ice_as_baseline", "-24 h baseline_ice_score 7 {score}"),
        ),
        (d.course(ILL, d.at(31, d.conscious("awake"))), d.ICANS, ("awake", "31 h consciousness awake")),
        (
            d.course(ILL, d.at(31, d.conscious("unarousable"))),
            d.ICANS,
            ("consciousness_lowered", "31 h consciousness unarousable"),
        ),
        (
            d.course(ILL, d.at(31, d.conscious("unarousable"), d.drip("propofol"))),
            d.ICANS,
            ("consciousness_under_sedation", "31 h consciousness unarousable"),
        ),
        (d.course(ILL, d.at(31, d.ice(0), d.rass(-5))), d.ICANS, ("score_under_sedation", "31 h ice_score 0 {score}")),
        (
            d.course(ILL, d.at(31, d.seizure(duration_min=1)), d.at(32, d.seizure(duration_min=1))),
            d.ICANS,
            ("seizure_brief", "31 h seizure generalized {'duration_min': 1}"),
        ),
        (
            d.course(ILL, d.at(31, d.seizure(duration_min=1)), d.at(32, d.seizure(duration_min=9))),
            d.ICANS,
            ("seizure_prolonged", "32 h seizure generalized {'duration_min': 9}"),
        ),
        (
            d.course(ILL, d.at(31, d.said("motor_weakness", "deep_focal"))),
            d.ICANS,
            ("deep_focal_weakness", "31 h motor_weakness deep_focal"),
        ),
        (
            d.course(ILL, d.at(31, d.said("cerebral_edema", "focal"))),
            d.ICANS,
            ("edema_focal", "31 h cerebral_edema focal"),
        ),
        (
            d.course(ILL, d.at(31, d.said("raised_pressure_sign", "posturing"))),
            d.ICANS,
            ("raised_pressure_sign", "31 h raised_pressure_sign posturing"),
        ),
        (d.course(ILL, d.died(31, "icans")), d.ICANS, ("death_from_icans", "31 h death icans")),
    ],
)
def test_a_reason_rests_on_the_fact_that_met_the_criterion(
    facts: list[Fact], scale: str, reason: tuple[str, str]
) -> None:
    assert reason in cited(facts, scale, 32)
