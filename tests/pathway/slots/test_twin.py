"""The planner against its slow twin on tiny centers: the same least cost, and the same least change after a loss."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.pathway.slots import Closure, Frame, Need, Plan
from cartway.pathway.slots.calendars import BED, CHAIR, SLOT
from pathway.slots import twin
from pathway.slots.drawn import MONDAY, bed, chair, frame, lose, need, planned, slot, staff

WEEKS = 3
SLOWLY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def centers(draw: st.DrawFn) -> Frame:
    """A center with one or two of everything, some of it only on some weekdays, and perhaps a day closed."""
    workdays = st.frozensets(st.integers(0, 4), min_size=2, max_size=5)
    there = [chair(f"Chair {n}", weekdays=draw(workdays)) for n in range(draw(st.integers(1, 2)))]
    there += [slot("Slot", weekdays=draw(st.frozensets(st.integers(0, 4), min_size=1, max_size=3)))]
    there += [bed(f"Bed {n}") for n in range(draw(st.integers(1, 2)))]
    if draw(st.booleans()):
        there.append(staff(draw(st.integers(2, 4))))
    day = MONDAY + draw(st.integers(0, 7 * WEEKS - 1))
    closures = (Closure("", day, day),) if draw(st.booleans()) else ()
    return frame(*there, closures=closures, weeks=WEEKS, unplanned_days=40, lead=draw(st.integers(0, 1)))


@st.composite
def waiting(draw: st.DrawFn) -> list[Need]:
    """Two courses, each before its collection, collected, or with its product here."""
    found = []
    for name in "ab":
        at = draw(st.sampled_from(["before", "before", "collected", "here"]))
        more: dict[str, object] = {
            "weight": draw(st.sampled_from([1, 2, 6])),
            "earliest": MONDAY + draw(st.integers(0, 3)),
            "make_days": draw(st.integers(2, 5)),
            "bed_days": draw(st.integers(2, 6)),
            "depletion_days": draw(st.integers(1, 3)),
            "rest": draw(st.sampled_from([(2, 2), (2, 4), (3, 3)])),
            "second": (3, 5) if draw(st.integers(0, 4)) == 0 else None,
        }
        if at == "collected":
            more |= {"collected": MONDAY - 1, "earliest": 0}
        if at == "here":
            more |= {"collected": MONDAY - 20, "earliest": 0, "on_site": MONDAY - 2}
        found.append(need(name, **more))
    return found


def chosen(plan: Plan) -> twin.Plan:
    """A plan as the twin writes one."""
    return {line.course: line.days.choice() for line in plan.planned}  # type: ignore[misc]


@SLOWLY
@given(centers(), waiting())
def test_no_plan_waits_less(center: Frame, needs: list[Need]) -> None:
    plan = planned(center, *needs)
    assert plan.proof.proven
    assert twin.fits(chosen(plan), needs, center)
    assert plan.proof.stages[-1].value == twin.cost(chosen(plan), needs, center) == twin.least_cost(needs, center)


@SLOWLY
@given(centers(), waiting(), st.data())
def test_no_plan_after_a_loss_changes_less(center: Frame, needs: list[Need], data: st.DataObject) -> None:
    before = planned(center, *needs)
    there = [one for one in center.calendars.resources if one.kind in (CHAIR, SLOT, BED)]
    lost = data.draw(st.sampled_from(there))
    day = MONDAY + data.draw(st.integers(0, 7 * WEEKS - 1))
    smaller = lose(center, Closure(lost.name, day, day, 1))
    if lost.kind == BED:  # the twin knows no single beds: one that is closed on one day is closed for good here
        smaller = lose(center, Closure(lost.name, MONDAY, MONDAY + 200))
    after = planned(smaller, *needs, before=before.planned, keep=True)
    assert after.proof.proven
    assert twin.fits(chosen(after), needs, smaller)
    least = twin.least_change(chosen(before), needs, smaller)
    assert twin.change(chosen(before), chosen(after), needs, smaller)[:2] == least[:2]
    if lost.kind != BED:
        assert twin.change(chosen(before), chosen(after), needs, smaller) == least


@SLOWLY
@given(centers(), waiting())
def test_the_same_question_has_the_same_plan(center: Frame, needs: list[Need]) -> None:
    one, other = planned(center, *needs), planned(center, *reversed(needs))
    assert (one.id, one.planned, one.unplanned) == (other.id, other.planned, other.unplanned)


@SLOWLY
@given(centers(), waiting())
def test_planning_again_without_a_loss_changes_nothing(center: Frame, needs: list[Need]) -> None:
    before = planned(center, *needs)
    after = planned(center, *needs, before=before.planned, keep=True)
    after_by = {line.course: line for line in after.planned}
    assert [(after_by[line.course].days, after_by[line.course].places) for line in before.planned] == [
        (line.days, line.places) for line in before.planned
    ]


@SLOWLY
@given(centers(), waiting())
def test_every_place_is_named_and_no_place_is_given_twice(center: Frame, needs: list[Need]) -> None:
    plan = planned(center, *needs)
    taken = [
        (line.places[step], day)
        for line in plan.planned
        for step, first, last in line.days.spans()
        if step in ("collection", "bed")
        for day in range(first, last + 1)
    ]
    assert len(set(taken)) == len(taken)
    assert all("bed" in line.places for line in plan.planned)


def test_the_twin_knows_more_than_one_plan() -> None:
    """A twin that finds nothing would agree with everything."""
    center = frame(weeks=WEEKS)
    found = list(twin.plans([need("a")], center))
    assert len(found) > 5
    assert len({msgspec.json.encode(plan) for plan in found}) == len(found)
