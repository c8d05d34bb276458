"""The road as it was gone: a stage visited twice stands there twice."""

from __future__ import annotations

from cartway.pathway.course import Course
from cartway.pathway.programme.look import Look
from cartway.pathway.programme.road import ahead, skipped, visits
from cartway.pathway.programme.stand import look_at
from pathway.programme.drawn import NOW, facts, instant

AGAIN = """10-01 referral {"from": "Lakeside", "urgency": "soon"}
10-05 ecog_score 1
10-08 tumor_board accepted
10-10 product_order accepted
10-20 collection completed {"din": "W000026000095"}
10-25 manufacture_step:B1 failed {"text": "No growth"}
10-27 apheresis_request recollect {"text": "Counts are better"}
11-03 collection completed
11-10 bridging_therapy radiotherapy {"regimen": "20 Gy"}
12-01 appointment lymphodepletion"""


def look(lines: str, now: str = NOW) -> Look:
    present = instant(now)
    return look_at(Course(facts("p", lines), present), Course((), present))


def test_the_stages_in_the_order_in_which_the_course_was_in_them() -> None:
    found = visits(look(AGAIN))
    assert [(each.stage.name, each.again) for each in found] == [
        ("referral", False), ("assessment", False), ("preparation", False), ("collection", False),
        ("manufacture", False), ("collection", True), ("manufacture", True),
    ]  # fmt: skip
    assert [each.days for each in found] == [4, 3, 2, 10, 7, 7, 20]
    assert found[-1].ended is None


def test_what_happened_is_told_where_the_course_was_then() -> None:
    found = visits(look(AGAIN))
    assert [(each.words, each.more) for each in found[4].events] == [
        ("Cell collection: Completed", "W000026000095"),
        ("Step of manufacture: Stopped: failed", "B1, No growth"),
    ]
    assert (found[5].events[0].words, found[5].events[0].more) == ("Collect again", "Counts are better")
    assert (found[0].events[0].words, found[0].events[0].more) == ("Referral", "Lakeside, soon")


def test_an_assessment_is_told_without_its_values() -> None:
    (event,) = visits(look(AGAIN))[1].events
    assert (event.words, event.more) == ("First look", "ECOG performance status")


def test_the_stages_to_come_have_the_days_planned() -> None:
    assert [(each.stage.name, str(each.planned)) for each in ahead(look(AGAIN))] == [
        ("ready", "None"),
        ("lymphodepletion", "2026-12-01"),
        ("infused", "None"),
    ]


def test_stages_of_which_nothing_is_recorded_are_named() -> None:
    found = look('10-01 referral {"from": "L"}\n10-20 collection completed')
    assert [stage.name for stage in skipped(found)] == ["assessment", "preparation", "collection"]
    assert skipped(look(AGAIN)) == ()


def test_the_road_begins_with_the_referral_not_with_the_first_line_of_therapy() -> None:
    """Years of history are not a wait of this center's."""
    history = '2023-04-14 line_of_therapy 1 {"regimen": "R-CHOP"}\n2024-02-01 lvef 60\n2026-09-01 consent'
    found = visits(look(f"{history}\n{AGAIN}"))
    assert (found[0].stage.name, str(found[0].began), found[0].days) == ("referral", "2026-10-01", 4)
    assert [each.words for each in found[0].events] == ["Consent", "Referral"]
