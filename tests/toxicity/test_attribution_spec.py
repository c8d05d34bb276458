"""What a physician attributes to another cause: how long it holds, what reopens it, what would hold without it.

Only signs that no other cause explains count (Lee DW, Santomasso BD, Locke FL, et al. Biol Blood Marrow Transplant
2019;25(4):625-638). How long such a judgement holds, and whether it holds for a sign that gets worse, the consensus
leaves open: `attribution_hours` and `attribution_worsening`. The patient is 58, and has had a fever since hour 30.
"""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from cartway.toxicity import excuses, load_rules, unexcused
from cartway.toxicity.explain import explain, narrate
from toxicity.drawn import (
    CRS,
    ICANS,
    Saying,
    age,
    asked,
    at,
    attributed,
    because,
    capd,
    conscious,
    course,
    crs,
    decided,
    discharged,
    drip,
    flow,
    icans,
    ice,
    infused,
    instant,
    measured,
    oxygen,
    pressure,
    push,
    rass,
    rules,
    said,
    seizure,
    temperature,
)

FEVER, AWAKE = temperature(38.9), conscious("awake")
ILL = course(age(58), infused(), at(30, FEVER, pressure(120), oxygen("room_air"), ice(10), AWAKE))
RULES = load_rules()


def grades(scale: str, first: Saying, feature: str, worse: Saying, **policies: str) -> tuple[int | None, int | None]:
    """A sign at hour 31, attributed there until hour 50; it gets worse at 34. The grade before and after."""
    facts = course(ILL, at(31, first, attributed(feature, until=50)), at(34, worse))
    grade = crs if scale == CRS else icans
    return grade(facts, 33, **policies), grade(facts, 35, **policies)


CPAP, TUBE = oxygen("cpap"), oxygen("invasive_ventilation")
MILD, DEEP = said("motor_weakness", "mild"), said("motor_weakness", "deep_focal")
FOCAL, DIFFUSE = said("cerebral_edema", "focal"), said("cerebral_edema", "diffuse")
BRIEF, LONG = seizure(duration_min=1, returned_to_baseline=True), seizure(duration_min=9)

WORSE = [
    # feature, the sign as attributed, a worse one; the grade once it counts again
    (CRS, "hypotension", pressure(80), drip("norepinephrine"), 3),
    (CRS, "hypotension", drip("norepinephrine"), drip("epinephrine"), 4),
    (CRS, "vasopressor", drip("norepinephrine"), drip("epinephrine"), 4),
    (CRS, "hypoxia", oxygen("blow_by"), oxygen("high_flow_nasal_cannula"), 3),
    (CRS, "hypoxia", oxygen("blow_by"), oxygen("simple_mask"), 3),
    (CRS, "hypoxia", oxygen("high_flow_nasal_cannula"), oxygen("bipap"), 4),
    (CRS, "positive_pressure", CPAP, TUBE, 4),
    (CRS, "positive_pressure", TUBE, oxygen("ecmo"), 4),
    (ICANS, "score", ice(9), ice(4), 2),
    (ICANS, "score", ice(4), ice(2), 3),
    (ICANS, "consciousness", conscious("awakens_to_voice"), conscious("awakens_to_touch"), 3),
    (ICANS, "consciousness", conscious("awakens_to_voice"), conscious("unarousable"), 4),
    (ICANS, "seizure", BRIEF, LONG, 4),
    (ICANS, "motor", MILD, DEEP, 4),
    (ICANS, "cerebral_edema", FOCAL, DIFFUSE, 4),
]
EXCUSED = {CRS: 1, ICANS: 0}


@pytest.mark.parametrize(("scale", "feature", "first", "worse", "grade"), WORSE)
def test_an_attributed_sign_that_gets_worse_counts_again(
    scale: str, feature: str, first: Saying, worse: Saying, grade: int
) -> None:
    """It was judged as it stood; that it is worse nobody has judged."""
    assert grades(scale, first, feature, worse) == (EXCUSED[scale], grade)


@pytest.mark.parametrize(("scale", "feature", "first", "worse", "grade"), WORSE)
def test_by_policy_it_stays_excused_and_either_way_the_policy_is_named(
    scale: str, feature: str, first: Saying, worse: Saying, grade: int
) -> None:
    facts = course(ILL, at(31, first, attributed(feature, until=50)), at(34, worse))
    assert grades(scale, first, feature, worse, attribution_worsening="holds") == (EXCUSED[scale], EXCUSED[scale])
    for choice in ("holds", "reopens"):
        assert decided(facts, scale, 33, attribution_worsening=choice) == set()
        assert "attribution_worsening" in decided(facts, scale, 35, attribution_worsening=choice)


@pytest.mark.parametrize(
    ("scale", "feature", "first", "same"),
    [
        (CRS, "fever", temperature(38.1), temperature(40.9)),
        (CRS, "hypotension", pressure(80), pressure(60)),
        (CRS, "hypotension", drip("norepinephrine", 0.1), drip("norepinephrine", 0.9)),
        (CRS, "vasopressor", drip("norepinephrine"), push("norepinephrine")),
        (CRS, "hypoxia", oxygen("simple_mask"), oxygen("high_flow_nasal_cannula")),
        (CRS, "hypoxia", oxygen("simple_mask"), oxygen("blow_by")),
        (CRS, "positive_pressure", CPAP, oxygen("bipap")),
        (CRS, "positive_pressure", oxygen("bag_mask"), TUBE),
        (ICANS, "score", ice(9), ice(7)),
        (ICANS, "score", ice(4), ice(9)),
        (ICANS, "consciousness", conscious("vigorous_stimuli_only"), conscious("unarousable")),
        (ICANS, "seizure", BRIEF, seizure("focal", duration_min=4, returned_to_baseline=True)),
        (
            ICANS,
            "raised_pressure_sign",
            said("raised_pressure_sign", "papilledema"),
            said("raised_pressure_sign", "posturing"),
        ),
    ],
)
def test_a_sign_of_the_same_row_of_the_table_stays_excused(
    scale: str, feature: str, first: Saying, same: Saying
) -> None:
    """A lower pressure is hypotension as before, a higher fever a fever; of raised pressure any sign is grade 4."""
    excused = 0 if feature == "fever" else EXCUSED[scale]
    assert grades(scale, first, feature, same) == (excused, excused)
    facts = course(ILL, at(31, first, attributed(feature, until=50)), at(34, same))
    assert decided(facts, scale, 35) == set()


@pytest.mark.parametrize(("scale", "feature", "first", "worse", "grade"), WORSE)
def test_a_sign_that_was_not_there_is_held_against_the_first_seen(
    scale: str, feature: str, first: Saying, worse: Saying, grade: int
) -> None:
    """An attribution is often charted minutes before the ventilator starts."""
    facts = course(ILL, at(30.9, attributed(feature, until=50)), at(31, first), at(34, worse))
    asks = crs if scale == CRS else icans
    assert [asks(facts, hour) for hour in (31, 33, 35)] == [EXCUSED[scale], EXCUSED[scale], grade]


def test_the_first_seen_may_be_the_worst() -> None:
    facts = course(
        ILL, at(30.9, attributed("hypoxia", until=50)), at(31, TUBE), at(34, oxygen("simple_mask")), at(36, TUBE)
    )
    assert [crs(facts, hour) for hour in (31, 35, 37)] == [1, 1, 1]


def test_a_new_attribution_excuses_the_sign_as_it_is_then() -> None:
    facts = course(
        ILL,
        at(31, oxygen("nasal_cannula"), flow(3), attributed("hypoxia", until=60)),
        at(34, oxygen("simple_mask")),
        at(36, attributed("hypoxia", until=50)),
        at(40, oxygen("bipap")),
    )
    assert [crs(facts, hour) for hour in (33, 35, 37, 41)] == [1, 3, 1, 4]


def test_what_was_reopened_does_not_come_back_when_the_new_attribution_ends() -> None:
    facts = course(
        ILL,
        at(31, oxygen("blow_by"), attributed("hypoxia", until=60)),
        at(34, oxygen("simple_mask")),
        at(36, attributed("hypoxia", until=38)),
    )
    assert [crs(facts, hour) for hour in (35, 37, 39)] == [3, 1, 3]
    assert [crs(facts, hour, attribution_worsening="holds") for hour in (35, 37, 39)] == [1, 1, 1]


def test_the_latest_attribution_is_what_a_sign_is_held_against() -> None:
    """Judged again when it was better: as bad as at first, it is worse than when it was last judged."""
    facts = course(
        ILL,
        at(31, oxygen("simple_mask"), attributed("hypoxia", until=60)),
        at(34, oxygen("blow_by"), attributed("hypoxia", until=60)),
        at(36, oxygen("simple_mask")),
    )
    assert [crs(facts, hour) for hour in (33, 35, 37)] == [1, 1, 3]


def test_a_reopened_attribution_stays_reopened_when_the_sign_gets_better() -> None:
    """It stops excusing until a physician makes a new one; the pressure that stands counts with it."""
    facts = course(
        ILL,
        at(31, pressure(80), attributed("hypotension", until=60)),
        at(34, drip("norepinephrine", until=36)),
    )
    assert [crs(facts, hour) for hour in (33, 35, 37)] == [1, 3, 2]


def test_a_vasopressor_that_was_attributed_too_does_not_reopen_the_hypotension() -> None:
    """The one is excused and so is the other, until one of them is not."""
    facts = course(
        ILL,
        at(31, pressure(80), attributed("hypotension", until=50)),
        at(34, drip("norepinephrine"), attributed("vasopressor", until=40)),
        at(36, pressure(80)),
    )
    assert [crs(facts, hour) for hour in (33, 35, 37)] == [1, 1, 1]
    assert crs(facts, 41) == 3
    second = course(facts, at(38, drip("epinephrine")))
    assert crs(second, 39) == 4


def test_positive_pressure_that_was_attributed_too_does_not_reopen_the_hypoxia() -> None:
    """Oxygen for an overload, then a tube for an endoscopy; back on the cannula nothing has got worse."""
    facts = course(
        ILL,
        at(31, oxygen("nasal_cannula"), flow(3), attributed("hypoxia", until=50)),
        at(34, TUBE, attributed("positive_pressure", until=36)),
        at(35, oxygen("nasal_cannula"), flow(3)),
    )
    assert [crs(facts, hour) for hour in (33, 34, 35, 37)] == [1, 1, 1, 1]


def test_a_hypotension_that_was_attributed_says_nothing_of_the_hypoxia() -> None:
    facts = course(ILL, at(31, pressure(80), attributed("hypotension", until=50)), at(34, oxygen("simple_mask")))
    assert crs(facts, 35) == 3
    assert decided(facts, CRS, 35) == set()


def test_a_score_that_is_not_valid_is_no_worsening() -> None:
    """Under sedation an ICE of 0 says nothing (N3), nor does a RASS that is too deep."""
    for asleep in (drip("propofol"), rass(-5)):
        facts = course(ILL, at(31, ice(9), attributed("score", until=50)), at(34, asleep, ice(0)))
        assert icans(facts, 35) is None
        assert "attribution_worsening" not in decided(facts, ICANS, 35)
    drowsy = course(ILL, at(31, ice(9), attributed("score", until=50)), at(34, push("midazolam"), ice(0)))
    assert icans(drowsy, 35) == 3  # a push voids nothing


def test_a_score_is_held_against_what_it_is_graded_by() -> None:
    """A child's CAPD, and the patient's own baseline."""
    child = course(age(6), infused(), at(30, capd(4), AWAKE))
    facts = course(child, at(31, capd(12), attributed("score", until=50)), at(34, capd("unable_to_perform")))
    assert [icans(facts, hour) for hour in (33, 35)] == [0, 4]
    own = course(at(-24, measured("baseline_ice_score", 6)), ILL)
    facts = course(own, at(31, attributed("score", until=50)), at(32, ice(6)), at(33, ice(5)), at(34, ice(2)))
    assert [icans(facts, hour) for hour in (32, 33, 35)] == [0, 0, 3]


def test_home_positive_pressure_is_no_level() -> None:
    """On the patient's own CPAP, and then a ventilator started for a procedure: that is the first level seen."""
    facts = course(
        at(-24, said("home_positive_pressure", "cpap")),
        ILL,
        at(31, CPAP, attributed("positive_pressure", until=50)),
        at(34, TUBE),
    )
    assert [crs(facts, hour) for hour in (33, 35)] == [1, 1]


def test_what_is_not_read_is_not_worse() -> None:
    """Neither too old nor unreadable is a worsening; nor is a gap between stays."""
    facts = course(
        ILL, at(31, oxygen("blow_by"), attributed("hypoxia", until=90)), at(60, FEVER), at(61, oxygen("blow_by"))
    )
    assert [crs(facts, hour) for hour in (33, 60, 62)] == [1, 1, 1]
    home = course(facts, discharged(64), at(70, FEVER, pressure(120), oxygen("blow_by")))
    assert crs(home, 71) == 1


def test_an_attribution_with_a_later_end_holds_to_that_end() -> None:
    """`attribution_most_hours` is for the forms: what is recorded with an end of nine days is what somebody judged."""
    nine_days = 31 + 9 * 24
    facts = course(ILL, at(31, attributed("motor", until=nine_days)), at(nine_days - 1, ice(10), AWAKE, DEEP))
    assert [icans(facts, hour) for hour in (nine_days - 1, nine_days + 1)] == [0, 0]
    again = course(facts, at(nine_days + 2, DEEP))
    assert icans(again, nine_days + 2) == 4
    assert RULES.number("attribution_most_hours") == 24


# What is told of it

SHOCK: list[Fact] = course(
    ILL, at(31, pressure(80), attributed("hypotension", until=50, cause="dehydration")), at(34, drip("norepinephrine"))
)


def test_a_reopened_attribution_is_named_among_the_reasons() -> None:
    found = asked(SHOCK, CRS, 35)
    assert found is not None
    told = {reason.criterion.slug: reason.fact for reason in found.because}
    assert {"one_vasopressor", "hypotension_worse"} <= told.keys()
    fact = told["hypotension_worse"]
    assert fact is not None
    assert (fact.what, fact.choice, fact.at) == ("attribution", "hypotension", instant(31))
    text = narrate(explain(SHOCK, RULES, instant(35)), RULES)
    assert "hypotension attributed to another cause at 2026-01-11 07:00 UTC (dehydration" in text
    assert "but worse since: counts again" in text
    assert "attribution_worsening = reopens" in text


def test_two_that_are_reopened_are_both_named() -> None:
    both = course(
        ILL,
        at(31, pressure(80), oxygen("blow_by"), attributed("hypotension", until=50), attributed("hypoxia", until=50)),
        at(34, drip("norepinephrine"), oxygen("simple_mask")),
    )
    assert {"hypotension_worse", "hypoxia_worse"} <= because(both, CRS, 35)


@pytest.mark.parametrize(("scale", "feature", "first", "worse", "grade"), WORSE)
def test_each_feature_has_its_own_words(scale: str, feature: str, first: Saying, worse: Saying, grade: int) -> None:
    facts = course(ILL, at(31, first, attributed(feature, until=50)), at(34, worse))
    words = {"motor": "weakness_worse", "cerebral_edema": "edema_worse"}.get(feature, f"{feature}_worse")
    assert words in because(facts, scale, 35)
    assert words not in because(facts, scale, 35, attribution_worsening="holds")


def test_when_it_would_have_ended_the_policy_no_longer_decides() -> None:
    facts = course(ILL, at(31, oxygen("blow_by"), attributed("hypoxia", until=36)), at(34, oxygen("simple_mask")))
    for hour, named in ((35, {"attribution_worsening"}), (36, set())):
        assert crs(facts, hour) == 3
        assert decided(facts, CRS, hour) == named


def test_the_end_of_an_attribution_is_announced_while_it_excuses() -> None:
    ends = "the attribution of hypoxia ends"
    facts = course(ILL, at(31, oxygen("blow_by"), attributed("hypoxia", until=36)), at(34, oxygen("simple_mask")))

    def announced(hour: float, **policies: str) -> str:
        findings = explain(facts, rules(**policies), instant(hour)).findings
        return next(found.next_change for found in findings if found.episode.scale == CRS)

    assert announced(33) == ends
    assert announced(35) != ends
    assert announced(35, attribution_worsening="holds") == ends


# The grade if nothing were attributed


def test_the_grade_if_not_excused_is_that_without_the_attribution() -> None:
    facts = course(ILL, at(31, oxygen("simple_mask"), attributed("hypoxia", until=50)))
    assert crs(facts, 33) == 1
    without = unexcused(facts, RULES, instant(33))
    assert without.keys() == {CRS, ICANS}
    found = without[CRS]
    assert found is not None
    assert (found.grade, found.start, found.end) == (3, instant(31), None)


def test_it_is_none_where_the_scale_does_not_cover() -> None:
    facts = course(ILL, at(31, attributed("fever")), discharged(40))
    assert unexcused(facts, RULES, instant(41)) == {CRS: None, ICANS: None}
    assert unexcused([], RULES, instant(41)) == {CRS: None, ICANS: None}


def test_it_knows_nothing_of_later_facts() -> None:
    facts = course(ILL, at(31, attributed("hypotension", until=50)), at(34, pressure(80)))
    found = unexcused(facts, RULES, instant(33))[CRS]
    assert found is not None
    assert found.grade == 1


def test_the_attributions_in_force_are_listed() -> None:
    facts = course(
        ILL,
        at(31, attributed("hypoxia", until=36, cause="overload"), oxygen("blow_by")),
        at(32, attributed("motor", cause="old stroke")),
        at(33, attributed("hypoxia", until=40, cause="pneumonia")),
    )
    assert excuses(facts, RULES, instant(30)) == ()
    first, second = excuses(facts, RULES, instant(34))
    assert (first.feature, first.cause, first.until, first.fact.at) == (
        "hypoxia",
        "pneumonia",
        instant(40),
        instant(33),
    )
    assert (second.feature, second.cause, second.until) == ("motor", "old stroke", instant(32 + 24))
    assert [(e.worse_since, e.excuses) for e in (first, second)] == [(None, True), (None, True)]
    assert [e.feature for e in excuses(facts, RULES, instant(40))] == ["motor"]
    assert excuses(facts, RULES, instant(60)) == ()


def test_a_reopened_one_is_listed_with_when_until_it_would_have_ended() -> None:
    (found,) = excuses(SHOCK, RULES, instant(35))
    assert (found.feature, found.cause) == ("hypotension", "dehydration")
    assert (found.worse_since, found.excuses, found.until) == (instant(34), False, instant(50))
    (held,) = excuses(SHOCK, rules(attribution_worsening="holds"), instant(35))
    assert (held.worse_since, held.excuses) == (instant(34), True)
    assert excuses(SHOCK, RULES, instant(50)) == ()
