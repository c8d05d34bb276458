"""Scores at one moment: published examples by hand, limits, what is missing, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import policies_of
from cartway.record.fact import Fact
from cartway.toxicity.scores import NAMES, Choices, Score, choices_of, score, scores
from toxicity.drawn import Saying, age, at, course, infused, instant, measured, said, temperature, unreadable

FULL = {"ldh": 480.0, "creatinine": 1.5, "platelets": 60.0, "crp": 55.0}


def bloods(hour: float = -120, **values: float) -> list[Fact]:
    """Laboratory values in the record's units; C-reactive protein in mg/L, neutrophils in 10*9/L."""
    return at(hour, *(measured(what, value) for what, value in values.items()))


def asked(name: str, *parts: list[Fact], hour: float = 0, choices: Choices | None = None) -> Score:
    """One score of a drawn course at an hour after the infusion."""
    return score(name, course(infused(), *parts), instant(hour), choices or Choices())


def value(name: str, *parts: list[Fact], hour: float = 0) -> Any:
    return asked(name, *parts, hour=hour).value


def test_easix_and_its_kin_by_hand() -> None:
    assert value("easix", bloods(**FULL)) == pytest.approx(480 * 1.5 / 60)
    assert value("s_easix", bloods(**FULL)) == pytest.approx(8.0)
    assert value("m_easix", bloods(**FULL)) == pytest.approx(480 * 5.5 / 60), "55 mg/L are 5.5 mg/dL"


@pytest.mark.parametrize("name", ["easix", "s_easix", "m_easix"])
def test_platelets_of_zero_have_no_index(name: str) -> None:
    found = asked(name, bloods(**{**FULL, "platelets": 0.0}))
    assert found.value is None
    assert not found.missing
    assert "platelets of 0" in found.notes[0]


@pytest.mark.parametrize("lost", ["ldh", "creatinine", "platelets"])
def test_easix_names_what_is_missing(lost: str) -> None:
    found = asked("easix", bloods(**{what: number for what, number in FULL.items() if what != lost}))
    assert (found.value, found.missing) == (None, (lost,))


def test_a_newest_value_that_could_not_be_read_is_missing() -> None:
    found = asked("easix", bloods(**FULL), at(-100, unreadable("platelets")))
    assert (found.value, found.missing) == (None, ("platelets",))


def test_of_two_values_at_one_instant_the_worse_counts() -> None:
    assert value("s_easix", bloods(**FULL), bloods(platelets=40.0)) == pytest.approx(12.0)


def test_the_newest_value_by_the_moment_asked_about_counts() -> None:
    later = bloods(10, platelets=30.0)
    assert value("s_easix", bloods(**FULL), later, hour=9) == pytest.approx(8.0)
    assert value("s_easix", bloods(**FULL), later, hour=10) == pytest.approx(16.0)


def test_values_taken_days_apart_are_said_to_be() -> None:
    found = asked("s_easix", bloods(-120, ldh=480.0), bloods(-24, platelets=60.0))
    assert found.value == pytest.approx(8.0)
    assert found.policies == ("score_apart_hours",)
    assert found.notes[-1] == "The values lie 96 h apart."
    assert not asked(
        "s_easix", bloods(-120, ldh=480.0), bloods(-24, platelets=60.0), choices=Choices(True, 96)
    ).policies


def test_how_old_the_values_are_is_said() -> None:
    assert asked("s_easix", bloods(-24, **FULL)).notes == ("log2 is 3.000.",)
    assert asked("s_easix", bloods(-36, **FULL)).notes[-1] == "The oldest value is 36 h old."
    assert asked("s_easix", bloods(-120, **FULL)).notes[-1] == "The oldest value is 5 days old."


def test_a_value_of_last_week_is_missing() -> None:
    """m-EASIX of today is not worked out of last month's C-reactive protein."""
    assert value("m_easix", bloods(-168, **FULL)) is not None
    facts = [*bloods(-169, crp=55.0), *bloods(-1, ldh=480.0, platelets=60.0)]
    found = asked("m_easix", facts)
    assert (found.value, found.missing, found.policies) == (None, ("crp",), ("score_max_age_days",))
    assert found.notes == ("Older than 7 days, so missing: C-reactive protein (7.04 days).",)
    assert asked("m_easix", facts, choices=Choices(max_age_days=8)).value == pytest.approx(44.0)


LOW = {"platelets": 200.0, "ferritin": 300.0, "neutrophils": 3.0, "hemoglobin": 12.0, "crp": 10.0}


@pytest.mark.parametrize(
    ("marker", "points"),
    [
        ({}, 0),
        ({"platelets": 176.0}, 0), ({"platelets": 175.0}, 1), ({"platelets": 75.0}, 1), ({"platelets": 74.0}, 2),
        ({"ferritin": 649.0}, 0), ({"ferritin": 650.0}, 1), ({"ferritin": 2000.0}, 1), ({"ferritin": 2001.0}, 2),
        ({"neutrophils": 1.21}, 0), ({"neutrophils": 1.19}, 1),
        ({"hemoglobin": 9.1}, 0), ({"hemoglobin": 8.9}, 1),
        ({"crp": 29.0}, 0), ({"crp": 31.0}, 1),
        ({"platelets": 60.0, "ferritin": 2500.0, "neutrophils": 0.9, "hemoglobin": 8.1, "crp": 55.0}, 7),
    ],
)  # fmt: skip
def test_car_hematotox_by_its_table(marker: dict[str, float], points: int) -> None:
    found = asked("car_hematotox", bloods(**{**LOW, **marker}))
    assert found.value == points
    assert found.risk == ("high" if points >= 2 else "low")
    assert not found.source.confirmed


@pytest.mark.parametrize("marker", [{"neutrophils": 1.2}, {"hemoglobin": 9.0}, {"crp": 30.0}])
def test_a_value_that_is_the_limit_is_the_center_s_policy(marker: dict[str, float]) -> None:
    """The table says below and above."""
    found = asked("car_hematotox", bloods(**{**LOW, **marker}))
    assert (found.value, found.policies) == (1, ("car_hematotox_equal",))
    assert asked("car_hematotox", bloods(**{**LOW, **marker}), choices=Choices(equal_gives_point=False)).value == 0


def test_car_hematotox_takes_the_last_values_before_lymphodepletion() -> None:
    after = bloods(-90, **{**LOW, "platelets": 20.0})
    facts = [*bloods(**LOW), *at(-96, Saying("lymphodepletion")), *after]
    assert value("car_hematotox", facts) == 0
    assert value("car_hematotox", bloods(**LOW), after) == 2, "before the infusion, where no lymphodepletion is charted"
    assert value("car_hematotox", bloods(**LOW), bloods(5, platelets=20.0), hour=10) == 0


def test_car_hematotox_is_not_worked_out_of_values_of_last_year() -> None:
    found = asked("car_hematotox", bloods(-7200, **{**LOW, "platelets": 20.0}))
    assert (found.value, found.risk, found.at_least, found.at_most) == (None, "", 0, 7)
    assert len(found.missing) == 5
    assert "score_max_age_days" in found.policies
    assert "platelets (300 days)" in found.notes[1]


def test_the_age_of_car_hematotox_is_counted_from_lymphodepletion() -> None:
    facts = [*bloods(-260, **LOW), *at(-96, Saying("lymphodepletion"))]
    found = asked("car_hematotox", facts, hour=2000)
    assert (found.value, found.notes) == (0, ("The oldest value is 6.83 days old.",))
    assert asked("car_hematotox", bloods(-265, **LOW), facts[-1:]).value is None


def test_lymphodepletion_that_nobody_charted_is_said() -> None:
    assert asked("car_hematotox", bloods(-20, **LOW)).notes == (
        "No lymphodepletion is charted: these are the last values before the infusion.",
    )


def test_car_hematotox_with_markers_missing_is_a_range_and_its_risk_only_what_is_certain() -> None:
    one = asked("car_hematotox", bloods(**{what: LOW[what] for what in LOW if what != "crp"}))
    assert (one.value, one.at_least, one.at_most, one.missing, one.risk) == (None, 0, 1, ("crp",), "low")
    high = asked("car_hematotox", bloods(platelets=20.0))
    assert (high.value, high.at_least, high.at_most, high.risk) == (None, 2, 7, "high")
    open_ = asked("car_hematotox", bloods(hemoglobin=12.0))
    assert (open_.value, open_.risk) == (None, "")


ILL = {
    "ferritin": 7000.0, "triglycerides": 300.0, "fibrinogen": 120.0, "ast": 200.0, "hemoglobin": 8.0, "leukocytes": 0.6,
    "platelets": 20.0,
}  # fmt: skip


def marked(**detail: Any) -> list[Fact]:
    told = {"organomegaly": "splenomegaly", "immunosuppression": False, "haemophagocytosis": False, **detail}
    return at(90, Saying("hscore_context", detail=told))


def ill(celsius: float = 38.9, told: list[Fact] | None = None, **values: float) -> list[Fact]:
    return course(marked() if told is None else told, at(264, temperature(celsius)), bloods(264, **{**ILL, **values}))


def test_hscore_by_hand() -> None:
    """33 + 23 + 34 + 50 + 44 + 30 + 19."""
    found = asked("hscore", ill(), hour=264)
    assert found.value == 233
    assert found.risk == "probability 98 %"


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({"celsius": 38.39}, -33), ({"celsius": 38.4}, 0), ({"celsius": 39.4}, 0), ({"celsius": 39.41}, 16),
        ({"ferritin": 1999.0}, -50), ({"ferritin": 2000.0}, -15), ({"ferritin": 6000.0}, -15),
        ({"ferritin": 6001.0}, 0),
        ({"triglycerides": 132.0}, -44), ({"triglycerides": 1.5 / 0.01129}, 0), ({"triglycerides": 354.0}, 0),
        ({"triglycerides": 355.0}, 20),
        ({"fibrinogen": 250.0}, 0), ({"fibrinogen": 251.0}, -30),
        ({"ast": 29.9}, -19), ({"ast": 30.0}, 0),
        ({"hemoglobin": 9.2}, 0), ({"hemoglobin": 9.3}, -10), ({"leukocytes": 5.1, "hemoglobin": 9.3}, -34),
        ({"leukocytes": 5.0}, 0), ({"platelets": 110.0}, 0), ({"platelets": 111.0}, -10),
    ],
)  # fmt: skip
def test_hscore_at_its_limits(change: dict[str, float], points: int) -> None:
    assert value("hscore", ill(**change), hour=264) == 233 + points


@pytest.mark.parametrize(
    ("told", "points"),
    [
        ({"organomegaly": "none"}, -23), ({"organomegaly": "hepatomegaly"}, 0), ({"organomegaly": "both"}, 15),
        ({"organomegaly": "hepatosplenomegaly"}, 15),
        ({"organomegaly": "No hepatomegaly, no splenomegaly."}, -23),
        ({"organomegaly": "neither liver nor spleen"}, -23), ({"organomegaly": "no organomegaly"}, -23),
        ({"organomegaly": "no hepatomegaly or splenomegaly"}, -23),
        ({"organomegaly": "Enlarged spleen"}, 0), ({"organomegaly": "hepatomegaly without splenomegaly"}, 0),
        ({"organomegaly": "large liver and spleen"}, 15), ({"organomegaly": "hepatomegaly + splenomegaly"}, 15),
        ({"immunosuppression": True}, 18), ({"haemophagocytosis": True}, 35),
    ],
)  # fmt: skip
def test_hscore_by_what_was_told(told: dict[str, Any], points: int) -> None:
    assert value("hscore", ill(told=marked(**told)), hour=264) == 233 + points


@pytest.mark.parametrize(
    "words",
    [
        "no hepatomegaly", "no hepatomegaly and splenomegaly", "liver 2 cm below the margin", "spleen not palpable",
        "large liver or spleen", "hepatomegaly?", "splenomegaly resolved", "mild", "yes",
    ],
)  # fmt: skip
def test_words_on_the_organs_that_are_not_plain_are_missing(words: str) -> None:
    """Neither 0 nor 38: a range, what was said, and why it does not count."""
    found = asked("hscore", ill(told=marked(organomegaly=words)), hour=264)
    assert (found.value, found.missing) == (None, ("organomegaly",))
    assert (found.at_least, found.at_most) == (233 - 23, 233 - 23 + 38)
    assert [part.said for part in found.parts if part.what == "organomegaly"] == [words]
    assert "none of: none, hepatomegaly, splenomegaly, both" in found.notes[0]


def test_a_fever_that_a_drug_hides_for_an_hour_is_still_the_fever_of_the_episode() -> None:
    """40.0 an hour ago and 37.2 now: 49 points, by the policy that says over how many hours."""
    facts = [*ill(37.2), *at(263, temperature(40.0))]
    found = asked("hscore", facts, hour=264)
    assert (found.value, found.policies) == (233 - 33 + 49, ("hscore_temperature_hours",))
    (warm,) = [part for part in found.parts if part.what == "body_temperature"]
    assert (warm.value, warm.at, warm.words) == (40.0, instant(263), "temperature, the highest of 24 h")


def test_the_fever_of_another_day_does_not_count_unless_the_center_says_so() -> None:
    facts = [*ill(37.2), *at(239, temperature(40.0))]
    assert asked("hscore", facts, hour=264).value == 233 - 33
    assert asked("hscore", facts, hour=264, choices=Choices(temperature_hours=25)).value == 233 - 33 + 49


def test_without_a_temperature_of_the_last_hours_it_is_missing() -> None:
    found = asked("hscore", ill(), hour=289)
    assert (found.missing, found.at_least, found.at_most) == (("body_temperature",), 200, 249)
    assert "hscore_temperature_hours" in found.policies
    assert found.notes[0] == "No temperature within 24 h."


def test_a_temperature_that_could_not_be_read_last_is_missing() -> None:
    assert asked("hscore", ill(), at(264.5, unreadable("body_temperature")), hour=265).missing == ("body_temperature",)


def test_hscore_with_something_missing_is_a_range() -> None:
    facts = [fact for fact in ill() if fact.what not in ("triglycerides", "leukocytes")]
    found = asked("hscore", facts, hour=264)
    assert (found.value, found.missing) == (None, ("triglycerides", "leukocytes"))
    assert (found.at_least, found.at_most) == (233 - 44 - 34, 233 - 44 + 64)


def test_what_the_hscore_is_made_of_ages_too() -> None:
    """Ferritin and a low lineage of last week; a marrow and organs of last year; immunosuppression stays."""
    old = [fact for fact in ill() if fact.what not in ("body_temperature", "platelets")]
    now = [*at(433, temperature(38.9)), *bloods(433, platelets=20.0)]
    assert asked("hscore", old, now, hour=433).missing == (
        "ferritin", "triglycerides", "fibrinogen", "ast", "hemoglobin", "leukocytes",
    )  # fmt: skip
    told = at(-7200, Saying("hscore_context", detail={"organomegaly": "both", "immunosuppression": True}))
    marrow = at(-7200, Saying("iec_hs_context", detail={"haemophagocytosis": True}))
    found = asked("hscore", ill(told=[*told, *marrow]), hour=264)
    assert (found.missing, found.policies) == (("organomegaly", "haemophagocytosis"), ("hscore_told_max_age_days",))
    assert (found.at_least, found.at_most) == (233 - 23 + 18, 233 - 23 + 18 + 38 + 35)
    assert found.notes[0].endswith("large liver or spleen (311 days), hemophagocytosis in the marrow (311 days).")


def test_a_lineage_that_cannot_change_the_points_is_not_missing() -> None:
    """One low lineage and none give the same, so the third does not matter where two are known not to be low."""
    facts = [fact for fact in ill(hemoglobin=12.0, platelets=200.0) if fact.what != "leukocytes"]
    assert asked("hscore", facts, hour=264).missing == ()


def test_hscore_without_a_marrow_is_a_range_and_iec_hs_context_serves_it() -> None:
    told = at(90, Saying("hscore_context", detail={"organomegaly": "none", "immunosuppression": False}))
    assert asked("hscore", ill(told=told), hour=264).missing == ("haemophagocytosis",)
    marrow = at(91, Saying("iec_hs_context", detail={"haemophagocytosis": True}))
    assert value("hscore", ill(told=[*told, *marrow]), hour=264) == 233 - 23 + 35


@pytest.mark.parametrize(
    ("points", "words"), [(89, "below 1 %"), (100, "1 %"), (169, "40 %"), (170, "54 %"), (337, "above 99 %")]
)
def test_the_probability_is_that_of_the_highest_tabled_score_reached(points: float, words: str) -> None:
    from cartway.toxicity.scores.hscore import _probability

    assert _probability(points) == f"probability {words}"


def lysis(**values: float) -> list[Fact]:
    return bloods(
        48, **{"uric_acid": 8.2, "potassium": 6.1, "phosphate": 4.0, "calcium": 8.9, "creatinine": 0.9, **values}
    )


def test_the_verdict_on_tumor_lysis_holds_for_the_whole_window() -> None:
    facts = [*age(58), *lysis(), *bloods(100, uric_acid=5.0, potassium=4.0)]
    assert value("tls_laboratory", facts, hour=2000) is True
    assert value("tls_clinical", facts, hour=2000) is False


@pytest.mark.parametrize(
    "sign",
    [bloods(50, creatinine=2.6), at(50, said("arrhythmia", "urgent")), at(50, Saying("seizure", choice="focal"))],
)
def test_clinical_tumor_lysis_by_any_of_its_signs(sign: list[Fact]) -> None:
    found = asked("tls_clinical", age(58), lysis(), sign, hour=60)
    assert found.value is True
    assert found.risk.startswith("grade ")


def test_no_tumor_lysis_and_none_that_can_be_told() -> None:
    assert value("tls_laboratory", age(58), lysis(potassium=4.0), hour=60) is False
    assert value("tls_clinical", age(58), lysis(potassium=4.0), hour=60) is False
    untold = asked("tls_laboratory", age(58), bloods(48, uric_acid=9.0), hour=60)
    assert (untold.value, untold.missing) == (None, ("potassium", "phosphate", "calcium"))
    early = score("tls_laboratory", bloods(), instant(0), Choices())
    assert (early.value, early.missing) == (None, ("infusion",))


def test_creatinine_that_nobody_read_leaves_the_clinical_verdict_open() -> None:
    facts = [fact for fact in lysis() if fact.what != "creatinine"]
    assert value("tls_laboratory", age(58), facts, hour=60) is True
    open_ = asked("tls_clinical", age(58), facts, hour=60)
    assert (open_.value, open_.missing) == (None, ("creatinine",))


@pytest.mark.parametrize("name", ["eipm", "easix_f", "easix_fc"])
def test_what_was_not_published_is_refused_with_its_reason(name: str) -> None:
    found = asked(name, bloods(**FULL))
    assert found.value is None
    assert found.refused


def test_the_eipm_is_refused_because_its_coefficients_are_not_public() -> None:
    assert "coefficients are not public" in asked("eipm").refused


def test_a_center_that_set_nothing_has_the_defaults_of_the_policies() -> None:
    assert choices_of(policies_of(Course([], instant(0)))) == Choices()


@pytest.mark.parametrize(
    ("name", "number", "choices"),
    [
        ("score_max_age_days", 3.0, Choices(max_age_days=3)),
        ("hscore_temperature_hours", 72.0, Choices(temperature_hours=72)),
        ("hscore_told_max_age_days", 14.0, Choices(told_max_age_days=14)),
    ],
)
def test_what_a_center_sets_counts(name: str, number: float, choices: Choices) -> None:
    setting = Fact(CENTER, instant(-1), "center_policy", number, "1", about=name)
    assert choices_of(policies_of(Course([setting], instant(0)))) == choices


def test_every_score_has_a_source_and_every_name_an_answer() -> None:
    found = scores(course(infused(), bloods(**FULL)), instant(0))
    assert tuple(each.name for each in found) == NAMES
    assert all(each.source.citation and each.source.title for each in found)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*FULL, *LOW, *ILL, "uric_acid", "potassium"]), st.floats(0, 1e5, allow_nan=False), max_size=12
    )
)
def test_a_score_is_never_worked_out_of_something_missing(values: dict[str, float]) -> None:
    for each in scores(course(infused(), bloods(**values)), instant(0)):
        assert not (each.missing and each.value is not None)
        if each.at_least is not None and each.at_most is not None:
            assert each.at_least <= each.at_most
            assert each.value is None or each.at_least == each.value == each.at_most
