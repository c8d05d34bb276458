"""The steps by grade, by what was already given, and by what the record knows: ASCO 2021 unless another is chosen."""

from __future__ import annotations

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.course import CENTER
from cartway.record import Fact
from toxicity.drawn import (
    WELL,
    Saying,
    age,
    at,
    capd,
    conscious,
    course,
    ice,
    infused,
    oxygen,
    pressure,
    push,
    rass,
    temperature,
)
from toxicity.further import laboratory
from watch.protocol.asking import SIGNS, center, count, ill, mg, named, says, step_of, toci, weighs

CARE = ["crs-care", "crs-laboratory"]


@pytest.mark.parametrize(
    ("grade", "steps"),
    [
        (1, [*CARE, "crs-early-steroid"]),  # axicabtagene: an earlier steroid is recommended
        (2, ["crs-tocilizumab", "crs-monitor", *CARE]),  # dexamethasone only after tocilizumab
        (3, ["crs-icu", "crs-tocilizumab", "crs-3-dexamethasone", "crs-monitor", *CARE]),
        (4, ["crs-icu", "crs-tocilizumab", "crs-4-methylprednisolone", "crs-monitor", *CARE]),
    ],
)
def test_crs(grade: int, steps: list[str]) -> None:
    """ASCO 2021, table 1."""
    assert named(says(ill(grade), 31), "crs") == steps


@pytest.mark.parametrize(
    ("grade", "steps"),
    [
        (1, []),
        (2, ["icans-2-dexamethasone"]),
        (3, ["icans-icu", "icans-3-dexamethasone"]),
    ],
)
def test_icans_without_crs(grade: int, steps: list[str]) -> None:
    """ASCO 2021, table 2: grade 1 is supportive."""
    assert named(says(ill(0, grade), 31), "icans") == [*steps, "icans-levetiracetam", "icans-neurology"]


def test_icans_with_crs_is_tocilizumab_first_and_a_steroid_when_refractory() -> None:
    first = says(ill(2, 2), 31)
    assert "icans-dexamethasone-after-tocilizumab" not in named(first)
    tocilizumab = step_of(first, "crs-tocilizumab")
    assert tocilizumab.because == ("CRS grade 2.", "ICANS grade 2.", "CRS grade 2 at the same time.")
    assert "Caution with repeated doses in ICANS" in tocilizumab.says
    assert "icans-2-icu" in named(first)
    later = course(ill(2, 2), toci(31), at(40, pressure(84), *SIGNS[2][:1]))
    assert "icans-dexamethasone-after-tocilizumab" not in named(says(later, 38.9))
    assert mg(says(later, 40), "icans-dexamethasone-after-tocilizumab") == "10"


def test_a_dose_that_two_rows_name_stands_once() -> None:
    told = says(ill(3, 1), 31)
    assert [step.id for step in told.steps if step.dose is not None and step.dose.rule.drug == "tocilizumab"] == [
        "asco_2021:crs-tocilizumab"
    ]


def test_crs_and_icans_at_once_say_so() -> None:
    assert "both-at-once" in named(says(ill(1, 1), 31))
    assert "both-at-once" not in named(says(ill(1, 0), 31))
    assert "both-at-once" not in named(says(ill(0, 1), 31))


class TestEscalation:
    """No improvement 24 hours after the first anti-IL-6 is managed as the next grade."""

    STILL = course(ill(2), toci(31), at(54, *SIGNS[2]))

    def test_before_a_day_has_passed(self) -> None:
        told = says(self.STILL, 54.5)
        assert "no-better" not in named(told)
        assert "crs-3-dexamethasone" not in named(told)
        assert any("24 hours after the first anti-IL-6" in each.words for each in told.changes)

    def test_after_a_day(self) -> None:
        told = says(self.STILL, 55)
        assert "no-better" in named(told)
        assert step_of(told, "crs-3-dexamethasone").because == ("CRS grade 2, managed as grade 3.",)
        assert "crs-2-dexamethasone" not in named(told)

    def test_a_lower_grade_is_an_improvement(self) -> None:
        better = course(ill(3), toci(31), at(54, drip_stopped(), *SIGNS[2]))
        assert "no-better" not in named(says(better, 56))

    AGAIN = course(ill(2), toci(31), at(41, *SIGNS[1]), at(50, *SIGNS[1]), at(56, *SIGNS[2]))

    def test_what_fell_and_came_again_is_no_failure_of_the_dose(self) -> None:
        """CRS 2, tocilizumab, CRS 1 from hour 41 to 56, CRS 2 anew: the dose of hour 31 had helped."""
        told = says(self.AGAIN, 58)
        assert "no-better" not in named(told)
        assert step_of(told, "crs-tocilizumab").because == ("CRS grade 2.",)
        assert not [each for each in told.changes if "after the first anti-IL-6" in each.words]

    def test_a_dose_after_it_came_again_is_waited_for_anew(self) -> None:
        treated = course(self.AGAIN, toci(57), at(66, *SIGNS[2]), at(76, *SIGNS[2]), at(81, *SIGNS[2]))
        assert "no-better" not in named(says(treated, 80.5))
        assert "no-better" in named(says(treated, 81.5))

    def test_fever_for_more_than_three_days_is_considered_as_grade_two(self) -> None:
        """ASCO 2021, CRS grade 1: persistent (more than 3 days) fever."""
        days = course(ill(1), *(at(hour, *SIGNS[1]) for hour in range(36, 104, 6)))
        assert "crs-tocilizumab" not in named(says(days, 101))
        told = says(days, 102.5)
        assert "persistent-fever" in named(told)
        assert "crs-tocilizumab" in named(told)
        assert "crs-early-steroid" in named(told)

    def test_longer_than_a_week_brings_hlh_to_mind(self) -> None:
        week = course(ill(1), *(at(hour, *SIGNS[1]) for hour in range(36, 204, 6)))
        assert "think-of-hlh" not in named(says(week, 197))
        assert "think-of-hlh" in named(says(week, 199))

    def test_second_line_after_both(self) -> None:
        told = says(course(ill(3), toci(31), at(32, push("dexamethasone", 10.0)), at(55, *SIGNS[3])), 56)
        assert "second-line-crs" in named(told)
        assert mg(told, "second-line-crs") == "none"
        assert mg(told, "crs-4-methylprednisolone") == "500"


def drip_stopped() -> Saying:
    return Saying("drug", 0.0, "norepinephrine", "ug/kg/min")


def test_a_steroid_is_tapered_when_the_grade_falls_to_one() -> None:
    better = course(ill(3), at(31, push("dexamethasone", 10.0)), at(40, drip_stopped(), *SIGNS[1]))
    assert "crs-1-taper" in named(says(better, 41))
    assert "crs-1-taper" not in named(says(ill(1), 31))


def test_it_is_not_tapered_while_the_other_syndrome_asks_for_it() -> None:
    """ICANS that has just begun at grade 1 beside CRS of grade 3 is no improvement; nor is one that fell to 1."""
    begins = course(ill(3), at(31, push("dexamethasone", 10.0)), at(34, *SIGNS[3][:3], ice(8), conscious("awake")))
    assert "icans-1-taper" not in named(says(begins, 35))
    falls = course(ill(3, 2), at(31, push("dexamethasone", 10.0)), at(34, *SIGNS[3][:3], ice(8), conscious("awake")))
    assert "icans-1-taper" not in named(says(falls, 35))
    alone = course(ill(0, 2), at(31, push("dexamethasone", 10.0)), at(34, *WELL, ice(8), conscious("awake")))
    assert "icans-1-taper" in named(says(alone, 35))


class TestFever:
    """Fever always asks for a search for infection, whatever the grade or protocol."""

    HOT = course(infused(), age(58), at(30, temperature(38.0), *WELL[1:]))

    @pytest.mark.parametrize("chosen", ["asco_2021", "ebmt_2022", "label"])
    def test_under_every_protocol(self, chosen: str) -> None:
        assert "work-up" in named(says(self.HOT, 31, protocol=chosen), "fever")

    def test_below_the_limit_there_is_none(self) -> None:
        cool = course(infused(), age(58), at(30, temperature(37.9), *WELL[1:]))
        assert named(says(cool, 31), "fever") == []

    def test_neutropenia_asks_for_the_local_policy_which_is_quoted(self) -> None:
        words = "Cefepime within the hour."
        stated = Fact(CENTER, 0, "protocol_local", choice="stated", about="neutropenic_fever", detail={"text": words})
        told = step_of(says(course(self.HOT, count(0.3)), 31, of=center(stated)), "antibiotics")
        assert told.applies is Answer.yes
        assert told.local is not None
        assert told.local.detail["text"] == words

    def test_enough_neutrophils_ask_for_none(self) -> None:
        assert "antibiotics" not in named(says(course(self.HOT, count(1.0)), 31))

    @pytest.mark.parametrize("neutrophils", [0.5, 0.9])
    def test_a_count_that_may_fall_is_for_the_team_to_say(self, neutrophils: float) -> None:
        """IDSA: below 1000 per microliter and expected to fall below 500 within 48 hours."""
        told = step_of(says(course(self.HOT, count(neutrophils)), 31), "antibiotics")
        assert (told.applies, told.missing) == (Answer.unknown, ())
        assert "expected to fall below 0.5" in told.because[-1]

    @pytest.mark.parametrize("counts", [[], count(0.3, -4)])
    def test_a_count_that_is_missing_or_old_is_not_normal(self, counts: list[Fact]) -> None:
        told = step_of(says(course(self.HOT, counts), 31), "antibiotics")
        assert told.applies is Answer.unknown
        assert [each.what for each in told.missing] == ["neutrophils"]

    def test_what_was_charted_answers_it_for_a_day(self) -> None:
        cultures = [Saying("infection_work_up", choice=name) for name in ("blood_culture", "urine_culture")]
        ill_again = course(self.HOT, at(31, *cultures), at(60, temperature(38.6)))
        told = step_of(says(ill_again, 32), "work-up")
        assert (len(told.done), told.open, told.settled) == (2, ("Imaging of the chest",), False)
        image = at(32, Saying("infection_work_up", choice="chest_imaging"))
        assert step_of(says(course(ill_again, image), 33), "work-up").settled
        assert len(step_of(says(ill_again, 60), "work-up").open) == 3

    def test_of_a_temperature_that_nobody_took_it_is_not_known(self) -> None:
        silent = course(infused(), age(58), at(5, *WELL))
        assert step_of(says(silent, 31), "work-up").applies is Answer.unknown


class TestBetweenLymphodepletionAndInfusion:
    """Neutropenic fever does not wait for the cells."""

    EMPTY = course(age(58), at(-96, Saying("lymphodepletion")), count(0.1, -21), at(-20, temperature(39.5)))

    def test_a_fever_asks_for_the_search_and_the_antibiotics(self) -> None:
        told = says(self.EMPTY, -19)
        assert named(told) == ["antibiotics", "work-up"]
        assert step_of(told, "antibiotics").applies is Answer.yes
        assert told.why_none == ""
        assert "all else begins with the infusion" in told.notes[0]

    def test_before_the_label_s_product_is_known_too(self) -> None:
        assert named(says(self.EMPTY, -19, protocol="label")) == ["antibiotics", "work-up"]

    def test_before_lymphodepletion_it_says_nothing(self) -> None:
        assert says(self.EMPTY, -100).steps == ()
        assert "begins with it" in says(self.EMPTY, -100).why_none


class TestIecHs:
    """It stands in the panel from the first ferritin on; an infection that may explain it is said with its steps."""

    HIGH = (
        laboratory("ferritin", 20000, upper_limit=300), laboratory("fibrinogen", 100), laboratory("platelets", 10),
        laboratory("ast", 400, upper_limit=40),
    )  # fmt: skip
    CALLED = course(infused(), age(58), at(200, *HIGH, *WELL))

    def test_without_a_ferritin_it_is_no_question(self) -> None:
        assert [stand.syndrome for stand in says(ill(1), 31).stands] == ["crs", "icans"]
        asked = says(course(ill(1), at(30, laboratory("ferritin", 900, upper_limit=300))), 31)
        assert [stand.syndrome for stand in asked.stands] == ["crs", "icans", "iec_hs"]

    def test_an_infection_that_nobody_ruled_out_is_said_with_its_steps(self) -> None:
        told = says(self.CALLED, 201)
        assert named(told, "iec_hs")[:2] == ["rule-out-infection", "anakinra"]
        assert "Infection not ruled out: nobody has said so." in step_of(told, "anakinra").because

    def test_with_a_proven_infection_no_step_follows_and_it_says_why(self) -> None:
        coli = Saying("infection", choice="bacterial", detail={"proven": True, "organism": "E. coli", "site": "blood"})
        told = says(course(self.CALLED, at(198, coli)), 201)
        assert named(told, "iec_hs") == []
        assert "an infection is charted and may explain it" in told.stands[-1].words

    def test_an_infection_that_is_charted_later_is_named_beside_the_steps(self) -> None:
        coli = Saying("infection", choice="bacterial", detail={"proven": True, "organism": "E. coli", "site": "blood"})
        told = says(course(self.CALLED, at(203, coli)), 204)
        assert step_of(told, "anakinra").because[-1].endswith("(E. coli, blood).")


class TestNotAssessed:
    """Missing is never normal: no step follows from a grade that nobody can tell."""

    def test_no_observation(self) -> None:
        told = says(course(infused(), age(58)), 31)
        assert named(told, "crs", "icans") == []
        assert [stand.words.partition(" (")[0] for stand in told.stands[:2]] == ["Cannot be assessed"] * 2

    def test_a_lower_bound_is_told_as_one(self) -> None:
        told = says(course(infused(), age(58), at(30, temperature(38.5), pressure(84))), 31)
        (crs, *_) = told.stands
        assert crs.episode is not None
        assert crs.episode.shown == ">= 2"
        assert "At least 2" in crs.words
        assert step_of(told, "crs-tocilizumab").grade == ">= 2"


class TestALowerBound:
    """What is missing takes no step away: the steps are those of the last grade until it is surely lower."""

    TUBE = course(ill(1, 3), at(32, *SIGNS[1][:2], oxygen("invasive_ventilation")))
    UNTOLD = course(TUBE, *(at(hour, temperature(38.2), pressure(110), rass(-5)) for hour in (36, 44, 52)))

    def test_a_tube_that_was_not_charted_again_is_no_improvement(self) -> None:
        told = says(self.UNTOLD, 53)
        (crs, *_) = told.stands
        assert crs.episode is not None
        assert (crs.episode.shown, "4 was known before" in crs.words) == (">= 1", True)
        assert [name for name in ("crs-icu", "crs-tocilizumab", "crs-4-methylprednisolone") if name in named(told)] == [
            "crs-icu", "crs-tocilizumab", "crs-4-methylprednisolone",
        ]  # fmt: skip
        assert step_of(told, "crs-tocilizumab").because[0] == "Last known: CRS grade 4."

    def test_nor_is_a_day_on_which_nobody_charted(self) -> None:
        told = says(self.UNTOLD, 100)
        (crs, icans, *_) = told.stands
        assert crs.episode is not None
        assert crs.episode.grade is None
        assert "Cannot be assessed now" in crs.words
        assert "crs-icu" in named(told)
        assert "icans-icu" in named(told)
        assert "the steps are those of 3" in icans.words

    def test_what_is_surely_lower_takes_them_down(self) -> None:
        told = says(course(self.UNTOLD, at(60, *SIGNS[1])), 61)
        assert "crs-icu" not in named(told)
        assert told.stands[0].words == ""

    def test_a_grade_of_none_that_grew_old_is_not_none(self) -> None:
        told = says(ill(0), 100)
        assert told.stands[0].words.startswith("Cannot be assessed (")
        assert named(told, "crs") == []

    def test_the_steroid_is_not_tapered_by_a_lower_bound(self) -> None:
        told = says(course(self.UNTOLD, at(33, push("dexamethasone", 10.0))), 53)
        assert "crs-1-taper" not in named(told)


class TestChildren:
    """Below 12 years ICANS goes by the CAPD."""

    CHILD = course(infused(), age(9), weighs(28), at(30, *WELL, capd(14), conscious("awake")))

    def test_the_panel_says_so(self) -> None:
        told = says(self.CHILD, 31)
        assert told.capd
        assert "icans-children" in named(told)
        assert step_of(told, "icans-icu").grade == "3"

    def test_an_adult_is_told_nothing_of_it(self) -> None:
        assert "icans-children" not in named(says(ill(0, 3), 31))
