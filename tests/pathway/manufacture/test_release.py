"""Release: tests against the specification in force, what a disposition is worth, and what calls a batch back."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.manufacture import Batch, Outcome, State, batches
from cartway.record import Fact
from pathway.manufacture.drawn import center, course, fact

BATCH, PRODUCT = "B1", "axicabtagene_ciloleucel"
SPEC = (
    fact(0, "release_specification", None, PRODUCT, specification="S-7 v3", test="viability", lowest=80, unit="%"),
    fact(0, "release_specification", None, PRODUCT, specification="S-7 v3", test="vcn", highest=5, unit="copies"),
    fact(0, "release_specification", None, PRODUCT, specification="S-7 v3", test="sterility", after_release=True),
)
MADE = fact(1, "batch", None, BATCH, product=PRODUCT, coi="COI-1", dins=["W000026123456"])


def result(day: float, test: str, choice: str, **detail: Any) -> Fact:
    return fact(day, "release_test", choice, BATCH, test=test, **detail)


def passed_all(day: float = 20) -> tuple[Fact, ...]:
    return (
        result(day, "viability", "passed", value=91, unit="%"),
        result(day, "vcn", "passed", value=2.5, unit="copies"),
        result(day, "sterility", "passed"),
    )


def only(*facts: Fact, jurisdiction: str = "US", now: float = 60) -> Batch:
    (found,) = batches(course(MADE, *facts, now=now), center(*SPEC, now=now), jurisdiction)
    return found


def released(day: float = 22, **detail: Any) -> Fact:
    return fact(day, "disposition", "released", BATCH, **detail)


def test_a_batch_without_a_disposition_is_not_known_to_be_good() -> None:
    """No disposition is no release, and no refusal either."""
    found = only(*passed_all())
    assert found.disposition.state is State.testing
    assert found.disposition.may_be_given is Answer.unknown


def test_each_result_is_held_against_the_specification_in_force_by_its_name_and_version() -> None:
    found = only(*passed_all(), released())
    assert found.specification.name == "S-7 v3"
    assert [(each.test, each.outcome, each.specification) for each in found.tests] == [
        ("viability", Outcome.passed, "S-7 v3"),
        ("vcn", Outcome.passed, "S-7 v3"),
        ("sterility", Outcome.passed, "S-7 v3"),
    ]
    assert found.disposition.state is State.released
    assert found.disposition.may_be_given is Answer.yes


def test_the_specification_of_the_disposition_day_counts_not_todays() -> None:
    """A batch released under version 3 is not judged by version 4, which came after."""
    later = fact(40, "release_specification", None, PRODUCT, specification="S-7 v4", test="viability", lowest=95)
    (found,) = batches(course(MADE, *passed_all(), released()), center(*SPEC, later), "US")
    assert found.specification.name == "S-7 v3"
    (undecided,) = batches(course(MADE, *passed_all()), center(*SPEC, later), "US")
    assert undecided.specification.name == "S-7 v4"


def test_a_result_that_names_another_version_says_so() -> None:
    found = only(result(20, "viability", "passed", value=91, unit="%", specification="S-7 v2"))
    assert found.tests[0].other_version
    assert "S-7 v2" in found.tests[0].because


@pytest.mark.parametrize(("value", "unit"), [(65, "%"), (79.9, "%"), (85, "1")])
def test_a_pass_whose_number_does_not_pass_is_contradicted(value: float, unit: str) -> None:
    """The word and the number do not agree, or cannot be compared: nobody may choose between them."""
    found = only(result(20, "viability", "passed", value=value, unit=unit), *passed_all()[1:], released())
    assert found.tests[0].outcome is Outcome.contradicted
    assert found.disposition.may_be_given is Answer.unknown
    assert found.disposition.state is State.contradicted


def test_a_missing_result_is_missing_not_passed() -> None:
    assert [each.outcome for each in only().tests] == [Outcome.missing] * 3


def test_testing_into_compliance_is_settled_only_by_a_later_disposition() -> None:
    """Failed, then passed: the disposition that came after it says which stands; one from before does not."""
    twice = (result(19, "vcn", "failed", value=6), result(20, "vcn", "passed", value=4))
    assert only(*twice).tests[1].outcome is Outcome.retested
    assert only(*twice, released(22)).disposition.may_be_given is Answer.yes
    assert only(*twice, released(19.75)).disposition.state is State.contradicted


class TestFinalSterilityPending:
    """Released while the final culture still runs; what happens when it is in."""

    pending = (*passed_all()[:2], fact(22, "disposition", "released_pending", BATCH, pending=["sterility"]))

    def test_it_may_be_given_and_says_what_is_to_come(self) -> None:
        found = only(*self.pending).disposition
        assert (found.state, found.may_be_given, found.pending) == (State.released_pending, Answer.yes, ("sterility",))
        assert "called back" in found.because

    def test_no_growth_makes_it_released(self) -> None:
        found = only(*self.pending, result(34, "sterility", "passed", after_release=True)).disposition
        assert (found.state, found.may_be_given) == (State.released, Answer.yes)

    def test_growth_calls_it_back_whoever_released_it(self) -> None:
        found = only(*self.pending, result(34, "sterility", "failed", after_release=True)).disposition
        assert (found.state, found.may_be_given) == (State.called_back, Answer.no)
        assert "quarantine" in found.actions[0]

    def test_growth_after_the_infusion_names_what_was_given_and_says_whom_to_tell(self) -> None:
        given = (
            fact(25, "container", "product_bag", "bag-1", batch=BATCH, product=PRODUCT),
            fact(30, "infusion", PRODUCT, "bag-1"),
        )
        found = only(*self.pending, *given, result(34, "sterility", "failed")).disposition
        assert "bag-1" in found.actions[0]
        assert "physician" in found.actions[0]

    def test_what_the_specification_lets_come_later_is_pending_though_nobody_said_so(self) -> None:
        found = only(*passed_all()[:2], released()).disposition
        assert found.pending == ("sterility",)


class TestOutOfSpecification:
    """21 CFR 312.310 and EudraLex volume 4 part IV: a path of its own, step by step."""

    called = (
        result(20, "viability", "failed", value=70, unit="%"),
        fact(22, "disposition", "out_of_specification", BATCH),
    )

    def steps(self, *names: str, choice: str = "given", day: float = 25) -> list[Fact]:
        return [fact(day, "out_of_specification_consent", choice, BATCH, step=name) for name in names]

    def test_the_steps_are_those_of_the_jurisdiction(self) -> None:
        of = {
            place: [s.step for s in only(*self.called, jurisdiction=place).disposition.path] for place in ("US", "EU")
        }
        assert of["US"] == ["holder", "authority", "board", "consent"]
        assert of["EU"] == ["request", "risk", "authority", "consent"]

    def test_it_may_be_given_only_once_every_step_is_done(self) -> None:
        three = self.steps("holder", "authority", "board")
        assert only(*self.called, *three).disposition.may_be_given is Answer.unknown
        assert only(*self.called, *three, *self.steps("consent")).disposition.may_be_given is Answer.yes

    def test_one_refusal_ends_it(self) -> None:
        found = only(
            *self.called, *self.steps("holder", "authority", "board"), *self.steps("consent", choice="refused")
        )
        assert found.disposition.may_be_given is Answer.no

    def test_a_consent_from_before_it_was_known_is_about_something_else(self) -> None:
        found = only(*self.called, *self.steps("holder", "authority", "board", "consent", day=21))
        assert {step.answer for step in found.disposition.path} == {Answer.unknown}

    def test_where_no_path_is_known_nothing_says_that_it_may_be_given(self) -> None:
        found = only(*self.called, jurisdiction="CN").disposition
        assert (found.may_be_given, found.path) == (Answer.unknown, ())
        assert "CN" in found.because


def test_a_recall_and_a_failure_say_no() -> None:
    for choice, state in (("recalled", State.recalled), ("failed", State.failed)):
        found = only(released(), fact(30, "disposition", choice, BATCH)).disposition
        assert (found.state, found.may_be_given) == (state, Answer.no)


def test_a_stopped_manufacture_is_failed_without_anybody_calling_it_so() -> None:
    found = only(fact(9, "manufacture_step", "failed", BATCH))
    assert found.disposition.state is State.failed
    assert "collect again" in found.disposition.actions[0]


class TestWhereItStands:
    """The road of a batch, and of each container."""

    def test_the_last_stage_done_is_where_it_stands(self) -> None:
        assert only().stands == "ordered"
        steps = [fact(2, "manufacture_step", "received", BATCH), fact(4, "manufacture_step", "transduction", BATCH)]
        assert only(*steps).stands == "Transduction"
        assert only(*steps, *passed_all(), released()).stands == "Disposition"

    def test_what_stops_it_comes_before_how_far_it_is(self) -> None:
        assert only(released(), fact(30, "disposition", "recalled", BATCH)).stands == State.recalled

    def test_a_container_is_where_it_was_last_put(self) -> None:
        facts = (
            fact(25, "container", "product_bag", "bag-1", batch=BATCH, dose_million=160, volume_ml=68),
            fact(26, "custody", "received", "bag-1", to="cell laboratory"),
            fact(26.75, "storage", "put", "bag-1", tank="T2", position="A4"),
        )
        (bag,) = only(released(), *facts).containers
        assert (bag.place, bag.state, bag.custodian, bag.dose_million) == (
            "T2, A4",
            "in storage",
            "cell laboratory",
            160,
        )
        (bag,) = only(released(), *facts, fact(30, "quarantine", "placed", "bag-1")).containers
        assert bag.state == "in quarantine"

    def test_a_stage_of_some_containers_is_not_done(self) -> None:
        facts = [fact(25, "container", "product_bag", bag, batch=BATCH) for bag in ("bag-1", "bag-2")]
        found = only(*facts, fact(26, "custody", "received", "bag-1"))
        stage = next(each for each in found.stages if each.name == "Received here")
        assert (stage.done, stage.words) == (Answer.unknown, "1 of 2 containers")

    def test_a_remade_batch_names_the_one_it_replaces(self) -> None:
        again = fact(40, "batch", None, "B2", product=PRODUCT, remanufacture_of=BATCH)
        found = batches(course(MADE, again), center(*SPEC), "US")
        assert [(each.id, each.remanufacture_of) for each in found] == [("B1", ""), ("B2", "B1")]
