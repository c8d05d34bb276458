"""What rings for the whole ward (tocilizumab), and what speaks against a chain of identity."""

from __future__ import annotations

from pathlib import Path

from cartway.intake import read_facts
from cartway.pathway.course import CENTER, Course
from cartway.record.fact import Fact
from cartway.times import text
from cartway.toxicity import by_course
from cartway.watch import Watching, alerts, ward_alerts
from toxicity.drawn import hour_of, infused, instant
from watch.alerting import acknowledged, only, outcome, seen

EXAMPLES = Path(__file__).parents[2] / "examples" / "chain"


def stock(hour: float, doses: float, **detail: str) -> Fact:
    return Fact(CENTER, instant(hour), "stock", doses, "{count}", about="tocilizumab", detail=detail)


def given(course: str, hour: float, product: str = "idecabtagene_vicleucel") -> Fact:
    return Fact(course, instant(hour), "infusion", choice=product)


def ward(hour: float, *facts: Fact, courses: tuple[str, ...] = ("course-1",), left: tuple[Fact, ...] = ()) -> Watching:
    """The ward's alerts; each course was infused at hour 0."""
    return ward_alerts(Course(facts, instant(hour)), [*left, *(given(name, 0) for name in courses)])


def names(found: Watching) -> set[str]:
    return {seen(each) for alert in found.present for each in alert.present}


def test_enough_for_whoever_was_infused() -> None:
    assert ward(1, stock(0, 4)).alerts == ()


def test_without_anybody_infused_nothing_is_asked() -> None:
    assert ward(1, stock(0, 0), courses=()).alerts == ()


def test_too_little_is_one_alert_for_the_ward_and_none_is_worse() -> None:
    found = ward(5, stock(0, 4), stock(2, 1), stock(4, 0), courses=("course-1", "course-2"))
    alert = only(found, "supply")
    assert (alert.course, alert.owner) == (CENTER, "pharmacy")
    assert [(each.level, hour_of(each.since)) for each in alert.findings] == [(1, 2), (2, 4)]
    assert alert.present[0].text == "0 doses counted; 4 needed for 2 patients infused of late"


FIVE = tuple(f"course-{n}" for n in range(1, 6))


def test_two_doses_do_not_suffice_for_five_patients() -> None:
    """The labels ask for them before each infusion: each patient has two of their own."""
    (fires,) = only(ward(1, stock(0, 2), courses=FIVE), "supply").present
    assert fires.text == "2 doses counted; 10 needed for 5 patients infused of late"
    assert names(ward(1, stock(0, 9), courses=FIVE)) == {"tocilizumab_short:1"}
    assert names(ward(1, stock(0, 10), courses=FIVE)) == set()


def test_doses_set_aside_for_one_are_not_also_another_s() -> None:
    """Four of course-1's, so of six only two are left for the two others, who need two each."""
    three = ("course-1", "course-2", "course-3")
    assert names(ward(1, stock(0, 6), stock(0, 4, for_course="course-1"), courses=three)) == {"tocilizumab_short:1"}
    assert names(ward(1, stock(0, 8), stock(0, 4, for_course="course-1"), courses=three)) == set()


def test_the_words_are_those_of_the_last_count_and_what_is_worse_rings_again() -> None:
    counts = (stock(0, 8), stock(2, 6), stock(4, 7))
    alert = only(ward(1, *counts[:1], courses=FIVE), "supply")
    seen_it = acknowledged(1, alert)
    less = only(ward(3, *counts[:2], *seen_it, courses=FIVE), "supply")
    assert [each.text[:15] for each in less.unseen] == ["6 doses counted"]
    seen_again = acknowledged(3, less)
    more = only(ward(5, *counts, *seen_it, *seen_again, courses=FIVE), "supply")
    assert more.present[0].text == "7 doses counted; 10 needed for 5 patients infused of late"
    assert not more.rings


def test_who_died_or_went_home_needs_none_any_more() -> None:
    two = ("course-1", "course-2")
    for what in ("death", "discharge"):
        gone = Fact("course-2", instant(72), what)
        counted = (stock(60, 2), stock(71, 2))
        found = only(ward(73, *counted, courses=two, left=(gone,)), "supply")
        fired = [(each.rule, hour_of(each.since), each.until) for each in found.findings]
        assert fired[-1] == ("tocilizumab_short", 60, instant(72)), "until then it was short, and that does not change"
        assert names(ward(73, *counted, courses=two, left=(gone,))) == set()
        assert names(ward(73, courses=("course-2",), left=(gone,))) == set(), "nobody counts for an empty ward"


def test_a_discharge_before_the_infusion_is_of_another_stay() -> None:
    earlier = Fact("course-1", instant(-48), "discharge")
    assert names(ward(1, stock(0, 1), left=(earlier,))) == {"tocilizumab_short:1"}


def test_the_labels_of_the_place_say_how_many() -> None:
    """By the European text one; by the policy two where the American text names no number."""
    facts, moves = Course((stock(0, 1),), instant(1)), [given("course-1", 0, "axicabtagene_ciloleucel")]
    assert names(ward_alerts(facts, moves, "EU")) == set()
    assert names(ward_alerts(facts, moves, "US")) == {"tocilizumab_short:1"}


def test_what_is_set_aside_for_another_is_not_free() -> None:
    assert names(ward(1, stock(0, 3), stock(0, 2, for_course="course-9"))) == {"tocilizumab_short:1"}
    assert names(ward(1, stock(0, 3), stock(0, 2, for_course="course-1"))) == set()


def test_a_count_of_yesterday_is_no_count() -> None:
    assert names(ward(23.9, stock(0, 4))) == set()
    assert names(ward(24, stock(0, 4))) == {"tocilizumab_uncounted:1"}
    assert names(ward(1)) == {"tocilizumab_uncounted:1"}


def test_two_weeks_after_the_infusion_it_is_over() -> None:
    assert names(ward(14 * 24 - 1)) == {"tocilizumab_uncounted:1"}
    assert names(ward(14 * 24)) == set()


def test_the_ward_answers_in_the_centers_record() -> None:
    short = stock(0, 1)
    alert = only(ward(1, short), "supply")
    answered = ward(2, short, *acknowledged(1, alert), *outcome(1.5, alert, "acted"))
    assert answered.ringing == ()
    told = only(answered, "supply").outcome
    assert told is not None
    assert told.choice == "acted"
    worse = ward(3, short, *acknowledged(1, alert), stock(2.5, 0))
    assert [each.level for each in only(worse, "supply").unseen] == [2]


def test_what_comes_next_is_known() -> None:
    assert ward(1, stock(0, 4)).next_change_at == instant(24)


def chain(name: str) -> Watching:
    (facts,) = by_course(read_facts([EXAMPLES / f"{name}.csv"]).facts).values()
    return alerts(Course(facts, max(fact.at for fact in facts)), (), None)


def test_a_contradicted_chain_is_told_and_each_contradiction_with_it() -> None:
    alert = only(chain("contradicted"), "identity")
    assert {each.rule for each in alert.present} == {"identity_contradicted"}
    assert len(alert.present) == 3
    assert alert.rings
    assert text(alert.onset) < text(alert.findings[-1].since)


def test_what_is_only_missing_is_no_alert() -> None:
    assert {alert.event for alert in chain("incomplete").alerts} <= {"observation"}
    assert {alert.event for alert in chain("sound").alerts} <= {"observation"}


def test_an_infusion_that_nothing_else_tells_of_is_no_contradiction() -> None:
    found = alerts(Course(infused(), instant(0)), (), None)
    assert found.alerts == ()
