"""Where somebody is: five steps, the wait like a parcel, what is planned; from drawn courses."""

from __future__ import annotations

from datetime import UTC, date

import pytest

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import DAY, parse
from cartway.web.patient.journey import STEPS, Journey, journey
from cartway.web.patient.parcel import STOPS

START = parse("2026-02-02T09:00Z")
CENTER = Course([], START)


def fact(what: str, day: int, choice: str = "", about: str = "", **detail: object) -> Fact:
    at = START + day * DAY
    return Fact(
        "c-1", at, what, choice=choice, about=about, detail=detail, source="t", key=f"{what}-{day}-{choice}-{about}"
    )


def at(day: int, *facts: Fact) -> Journey:
    return journey(Course(facts, START + day * DAY), CENTER, zone=UTC, country="US")


REFERRED = fact("referral", 0)
ORDERED = fact("product_order", 5, "placed")
COLLECTED = fact("collection", 10, "completed", "APH-1")
MADE = fact("batch", 11, about="B-1", product="axicabtagene_ciloleucel")
BAG = fact("container", 25, "product_bag", "BAG-1", batch="B-1")


def making(*steps: tuple[int, str]) -> list[Fact]:
    return [fact("manufacture_step", day, step, "B-1") for day, step in steps]


@pytest.mark.parametrize(
    ("facts", "here"),
    [
        ([], "decide"),
        ([REFERRED], "decide"),
        ([REFERRED, fact("tumor_board", 3, "accepted")], "decide"),
        ([REFERRED, ORDERED], "collect"),
        ([REFERRED, ORDERED, COLLECTED], "wait"),
        ([COLLECTED, fact("lymphodepletion", 30, "started")], "infuse"),
        ([COLLECTED, fact("infusion", 35, "axicabtagene_ciloleucel")], "after"),
        ([fact("infusion", 35, "axicabtagene_ciloleucel")], "after"),
    ],
)
def test_the_step_is_that_of_the_newest_stage_that_has_begun(facts: list[Fact], here: str) -> None:
    road = at(40, *facts)
    assert road.here.kind.key == here
    states = [step.state for step in road.steps]
    assert states == ["passed"] * states.index("here") + ["here"] + ["ahead"] * (4 - states.index("here"))


def test_there_are_five_steps_and_every_stage_of_the_pathway_is_in_one() -> None:
    from cartway.pathway.stages import STAGES

    assert len(STEPS) == 5
    assert [stage for kind in STEPS for stage in kind.stages] == [stage.name for stage in STAGES]


def test_cells_that_are_collected_again_take_one_back_a_step() -> None:
    again = fact("apheresis_request", 20, "recollect")
    road = at(21, REFERRED, ORDERED, COLLECTED, *making((12, "received"), (18, "failed")), again)
    assert road.here.kind.key == "collect"
    assert road.parcel is None


def test_the_wait_tells_what_is_known_and_nothing_else() -> None:
    sent = fact("custody", 10, "handed_over", "APH-1", **{"from": "Apheresis", "to": "Courier"})
    road = at(20, REFERRED, ORDERED, COLLECTED, MADE, sent, *making((12, "received"), (16, "expansion")))
    assert road.parcel is not None
    told = {stop.words: (stop.at, stop.passed) for stop in road.parcel.stops}
    assert told[STOPS["at_lab"]] == (START + 12 * DAY, True)
    assert told[STOPS["changed"]] == (None, True), "it must lie behind, and nobody said when it was"
    assert told[STOPS["growing"]] == (START + 16 * DAY, True)
    assert told[STOPS["frozen"]] == (None, False)
    assert road.parcel.last_news == START + 16 * DAY
    assert road.headline == "wait"


@pytest.mark.parametrize(
    "trouble",
    [
        fact("disposition", 22, "failed", "B-1"),
        fact("disposition", 22, "out_of_specification", "B-1"),
        fact("disposition", 22, "recalled", "B-1"),
        fact("manufacture_step", 22, "failed", "B-1"),
    ],
    ids=["failed", "out of specification", "recalled", "step failed"],
)
def test_bad_news_is_told_by_a_person_and_not_by_a_page(trouble: Fact) -> None:
    road = at(23, REFERRED, ORDERED, COLLECTED, MADE, *making((12, "received"), (16, "expansion")), trouble)
    assert road.parcel is not None
    assert road.parcel.talk
    assert not road.parcel.free


def test_a_collection_that_failed_is_talked_about_until_something_was_decided() -> None:
    failed = fact("collection", 12, "failed", "APH-2")
    road = at(13, REFERRED, ORDERED, COLLECTED, failed)
    assert road.parcel is not None
    assert road.parcel.talk


def test_released_shipped_and_here() -> None:
    facts = [
        REFERRED, ORDERED, COLLECTED, MADE, *making((12, "received"), (20, "harvest")),
        fact("disposition", 25, "released", "B-1"), BAG,
        fact("custody", 26, "handed_over", "BAG-1", to="Courier"),
        fact("storage", 27, "put", "BAG-1"),
    ]  # fmt: skip
    assert [at(day, *facts).parcel.stands for day in (24, 25, 26, 27)] == [  # type: ignore[union-attr]
        list(STOPS).index(name) for name in ("frozen", "released", "shipped", "here")
    ]
    assert at(27, *facts).headline == "ready"


def test_a_release_with_a_test_still_running_says_so() -> None:
    facts = [REFERRED, ORDERED, COLLECTED, MADE, fact("disposition", 25, "released_pending", "B-1")]
    road = at(26, *facts)
    assert road.parcel is not None
    assert road.parcel.pending


@pytest.mark.parametrize(
    ("slot", "said", "expected"),
    [("confirmed", "2026-03-01", date(2026, 3, 1)), ("lost", "2026-03-01", None), ("held", "soon", None)],
)
def test_the_makers_earliest_day_is_told_where_it_is_one(slot: str, said: str, expected: date | None) -> None:
    road = at(20, REFERRED, ORDERED, fact("manufacturing_slot", 6, slot, "S-1", delivery_day=said), COLLECTED)
    assert road.parcel is not None
    assert road.parcel.expected == expected


def appointment(step: str, first: int, last: int, **detail: object) -> Fact:
    made = fact("appointment", first, step, **detail)
    return Fact(
        made.course, made.at, made.what, choice=step, until=START + last * DAY, detail=detail, source="t", key=made.key
    )


def test_what_is_planned_is_told_in_its_order_until_it_is_over() -> None:
    facts = [
        REFERRED, ORDERED, COLLECTED,
        appointment("collection", 10, 11), appointment("manufacture", 11, 12),
        appointment("infusion", 40, 41), appointment("lymphodepletion", 35, 38), appointment("bed", 40, 47),
    ]  # fmt: skip
    told = [(each.words, each.first.isoformat()) for each in at(20, *facts).coming]
    assert told == [
        ("Your chemo before the cells", "2026-03-09"),
        ("Your stay in the hospital", "2026-03-14"),
        ("The day you get your cells", "2026-03-14"),
    ]
    assert at(20, *facts).steps[3].planned == date(2026, 3, 9)


def test_a_cancelled_appointment_is_not_told() -> None:
    assert at(20, REFERRED, appointment("infusion", 40, 41, state="cancelled")).coming == ()


@pytest.mark.parametrize(("end", "said"), [("withdrawn", "withdrawn"), ("reopened", "")])
def test_a_road_that_has_ended_goes_nowhere(end: str, said: str) -> None:
    road = at(20, REFERRED, appointment("infusion", 40, 41), fact("course_closed", 15, end))
    assert road.ended == said
    assert bool(road.coming) is (said == "")
