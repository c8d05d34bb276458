"""An answer keeps what was said; it stands while the protocol says the same, and a correction works all out anew."""

from __future__ import annotations

import msgspec

from cartway.record import Fact, current
from cartway.watch.protocol import Advice
from toxicity.drawn import WELL, age, at, course, infused, instant, push, temperature
from watch.protocol.asking import SIGNS, ill, mg, says, step_of, toci, weighs

TOCI = "crs-tocilizumab"


def answer(advice: Advice, name: str, hour: float, choice: str = "accepted", why: str = "") -> Fact:
    """The team's answer to a step, as the form records it."""
    step = step_of(advice, name)
    detail = {"step": step.id, "grade": step.grade, "said": step.said, **({"text": why} if why else {})}
    return Fact("course-1", instant(hour), "protocol_answer", choice=choice, about=step.id, detail=detail)


def test_an_answer_stands_while_the_protocol_says_the_same() -> None:
    asked = says(ill(2), 31)
    told = says([*ill(2), answer(asked, TOCI, 31)], 32)
    found = told.answer_to(step_of(told, TOCI))
    assert found is not None
    assert (found.accepted, found.grade, found.stands) == (True, "2", True)
    assert "656 mg" in found.said


def test_a_worse_grade_asks_anew_and_keeps_what_was_said() -> None:
    asked = says(ill(2), 31)
    worse = course(ill(2), at(33, *SIGNS[3]))
    told = says([*worse, answer(asked, TOCI, 31, "declined", "stable after one bolus")], 34)
    assert told.answer_to(step_of(told, TOCI)) is None
    (kept,) = told.answered
    assert (kept.accepted, kept.grade, kept.why, kept.stands) == (False, "2", "stable after one bolus", False)


def test_the_newest_answer_counts() -> None:
    asked = says(ill(2), 31)
    two = [answer(asked, TOCI, 31, "declined", "no"), answer(asked, TOCI, 31.5)]
    told = says([*ill(2), *two], 32)
    found = told.answer_to(step_of(told, TOCI))
    assert found is not None
    assert found.accepted
    assert [each.accepted for each in told.answered] == [True, False]


def keyed(facts: list[Fact]) -> list[Fact]:
    """The facts as a source states them, so that one can be corrected."""
    return [
        msgspec.structs.replace(fact, key=f"k{n}", source="ward", position=n, recorded_at=fact.at)
        for n, fact in enumerate(facts, 1)
    ]


def amended(facts: list[Fact], old: Fact, **change: object) -> list[Fact]:
    """The facts in force after a correction of one."""
    new = msgspec.structs.replace(
        old, **change, key="fix", amends=old.key, reason="mistyped", position=len(facts) + 1, recorded_at=instant(32)
    )
    return current([*facts, new])


def test_a_corrected_weight_works_the_dose_out_anew_and_the_answer_stands_no_more() -> None:
    stated = keyed(ill(2))
    (weight,) = [fact for fact in stated if fact.what == "body_weight"]
    asked = says(current(stated), 31)
    assert mg(asked, TOCI) == "656"
    told = says([*amended(stated, weight, value=62.0), answer(asked, TOCI, 31)], 32)
    assert mg(told, TOCI) == "496"
    assert told.answer_to(step_of(told, TOCI)) is None


def test_a_dose_that_was_charted_on_the_wrong_patient_gives_it_back() -> None:
    stated = keyed(course(ill(2), toci(31)))
    (dose,) = [fact for fact in stated if fact.what == "drug"]
    before = says(current(stated), 32).tally
    assert before is not None
    assert before.left == 3
    after = says(amended(stated, dose, detail={"status": "entered-in-error"}), 33).tally
    assert after is not None
    assert after.left == 4


def test_an_acceptance_gives_nothing() -> None:
    """Only a charted dose counts as given: accepting a step is no order and no dose."""
    asked = says(ill(2), 31)
    told = says([*ill(2), answer(asked, TOCI, 31)], 32).tally
    assert told is not None
    assert told.left == 4
    charted = says([*ill(2), *at(31, push("tocilizumab", 656.0))], 32).tally
    assert charted is not None
    assert charted.left == 3


class TestAnAnswerIsOfItsEpisodeAndDose:
    """It holds for the episode that was seen, and until a dose is charted: the next dose is answered for itself."""

    def test_a_dose_that_was_given_ends_the_acceptance_of_it(self) -> None:
        asked = says(ill(2), 30.5)
        lasts = course(ill(2), toci(31), at(36, *SIGNS[2]), at(40, *SIGNS[2]), [answer(asked, TOCI, 30.5)])
        told = says(lasts, 41)
        assert mg(told, TOCI) == "656", "the second dose is due"
        assert told.answer_to(step_of(told, TOCI)) is None
        assert [each.stands for each in told.answered] == [False]

    def test_a_dose_that_was_written_down_later_ends_it_too(self) -> None:
        asked = says(ill(2), 30.5)
        before = msgspec.structs.replace(answer(asked, TOCI, 30.5), recorded_at=instant(30.5))
        late = [msgspec.structs.replace(fact, recorded_at=instant(31)) for fact in toci(30.4)]
        told = says([*ill(2), *late, before], 32)
        assert told.answer_to(step_of(told, TOCI)) is None

    def test_the_same_grade_of_another_episode_asks_anew(self) -> None:
        first = ill(2)
        no = answer(says(first, 30.5), TOCI, 30.5, "declined", "not now")
        again = course(first, [no], at(34, *WELL), weighs(82, 139), at(140, *SIGNS[2]))
        told = says(again, 141)
        assert step_of(told, TOCI).grade == "2"
        assert told.answer_to(step_of(told, TOCI)) is None

    def test_a_new_fever_asks_anew(self) -> None:
        hot = course(infused(), age(58), at(30, *WELL[1:], temperature(38.0)))
        yes = answer(says(hot, 31), "work-up", 31)
        later = course(hot, [yes], at(40, *WELL), at(100, *WELL[1:], temperature(38.0)))
        told = says(later, 100)
        assert told.answer_to(step_of(told, "work-up")) is None
        same = says([*hot, yes, *at(50, *WELL[1:], temperature(38.0))], 51)
        assert same.answer_to(step_of(same, "work-up")) is not None
