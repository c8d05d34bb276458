"""Distress check-ins through waiting, treatment and remission; the cut-off is the center's policy."""

from __future__ import annotations

import pytest

from aftercare.drawn import asked, infused, keys, policy, said
from cartway.aftercare import Aftercare, CheckIn, Status
from cartway.record import Fact


def distress(day: str, number: int, who: str = "patient") -> Fact:
    return said(day, "distress_score", value=number, about=who)


def check_in(after: Aftercare, who: str, time: str) -> CheckIn:
    return next(each for each in after.check_ins if each.key == f"check_in.{who}.{time}")


def test_somebody_who_waits_is_asked_before_there_is_an_infusion() -> None:
    after = asked(said("2025-12-01", "referral"), on="2025-12-05")
    assert keys(after.check_ins) == ["check_in.patient.waiting", "check_in.caregiver.waiting"]
    assert check_in(after, "patient", "waiting").status is Status.due
    assert after.calendar == ()


def test_of_a_course_of_which_nothing_is_known_nobody_is_asked() -> None:
    assert asked(on="2025-12-05").check_ins == ()


@pytest.mark.parametrize(("number", "owed"), [(3, False), (4, True)])
def test_at_the_cut_off_somebody_speaks_with_them(number: int, owed: bool) -> None:
    after = asked(infused(), distress("2026-02-09", number), on="2026-02-10")
    assert ("check_in.patient.answer" in keys(after.due())) is owed


def test_the_cut_off_is_the_centers() -> None:
    after = asked(infused(), distress("2026-02-09", 3), on="2026-02-10", center=[policy("distress_cut_off", 3)])
    assert check_in(after, "patient", "answer").confirmed
    assert not check_in(asked(infused(), distress("2026-02-09", 4), on="2026-02-10"), "patient", "answer").confirmed


def test_where_published_cut_offs_differ_and_the_center_set_none_it_is_said() -> None:
    after = asked(infused(), distress("2026-02-09", 3), on="2026-02-10")
    assert "Cut-offs differ" in check_in(after, "patient", "day_30").why
    low = asked(infused(), distress("2026-02-09", 2), on="2026-02-10")
    assert "Cut-offs differ" not in check_in(low, "patient", "day_30").why
    own = asked(infused(), distress("2026-02-09", 3), on="2026-02-10", center=[policy("distress_cut_off", 4)])
    assert "Cut-offs differ" not in check_in(own, "patient", "day_30").why


def test_an_answer_is_owed_until_somebody_spoke_with_them_and_then_overdue() -> None:
    told = (infused(), distress("2026-02-09", 7))
    assert check_in(asked(*told, on="2026-02-12"), "patient", "answer").status is Status.overdue
    not_reached = said("2026-02-10", "support_contact", "not_reached", about="patient")
    assert "check_in.patient.answer" in keys(asked(*told, not_reached, on="2026-02-12").check_ins)
    talked = said("2026-02-10", "support_contact", "talked", about="patient")
    after = asked(*told, talked, on="2026-02-12")
    assert "check_in.patient.answer" not in keys(after.check_ins)
    assert check_in(after, "patient", "day_30").answered


def test_an_answer_to_the_patient_is_none_to_the_caregiver() -> None:
    talked = said("2026-02-10", "support_contact", "talked", about="patient")
    after = asked(infused(), distress("2026-02-09", 7, "caregiver"), talked, on="2026-02-12")
    assert check_in(after, "caregiver", "answer").score == 7


def test_a_higher_number_after_the_talk_asks_again() -> None:
    talked = said("2026-02-10", "support_contact", "talked", about="patient")
    after = asked(infused(), distress("2026-02-09", 7), talked, distress("2026-02-20", 8), on="2026-02-20")
    assert check_in(after, "patient", "answer").score == 8


def test_a_check_in_counts_for_the_time_in_which_it_was_made() -> None:
    after = asked(infused(), distress("2026-01-20", 2), on="2026-02-09")
    assert check_in(after, "patient", "day_7").status is Status.done
    assert check_in(after, "patient", "day_14").status is Status.missed
    assert check_in(after, "patient", "day_30").status is Status.due


def test_caregivers_are_asked_at_day_0_90_and_180() -> None:
    found = [each.time_point for each in asked(infused(), on="2026-01-11").check_ins if each.who == "caregiver"]
    assert found == ["day_0", "day_90", "day_180"]
