"""Registry contacts: CIBMTR data management manual, determining contact dates (days 85-115, 150-210, 366-425)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.drawn import OBE, asked, chose, infused, policy, report, said, seen
from cartway.aftercare import Status

ZERO = date(2026, 3, 1)


def test_the_visit_of_day_100_on_day_120() -> None:
    found = report(asked(infused(ZERO), seen("2026-05-10", "2026-06-29"), on="2026-06-29"), "day_100")
    assert (str(found.contact), found.day, found.in_window) == ("2026-06-29", 120, False)
    assert "report nearest contact with flag" in found.why


@pytest.mark.parametrize(("key", "day", "inside"), [
    ("day_100", 84, False), ("day_100", 85, True), ("day_100", 115, True), ("day_100", 116, False),
    ("month_6", 149, False), ("month_6", 150, True), ("month_6", 210, True), ("month_6", 211, False),
    ("year_1", 365, False), ("year_1", 366, True), ("year_1", 425, True), ("year_1", 426, False),
])  # fmt: skip
def test_both_ends_of_a_window_are_inside(key: str, day: int, inside: bool) -> None:
    contact = ZERO + timedelta(days=day)
    assert report(asked(infused(ZERO), seen(str(contact)), on=contact), key).in_window is inside


def test_the_contact_nearest_to_the_time_point_is_taken() -> None:
    days = (90, 99, 112)
    after = asked(infused(ZERO), seen(*(str(ZERO + timedelta(days=day)) for day in days)), on="2026-07-01")
    assert report(after, "day_100").day == 99


def test_a_visit_that_was_missed_is_no_contact() -> None:
    missed = said("2026-06-09", "follow_up_visit", "missed")
    assert report(asked(infused(ZERO), missed, on="2026-06-25"), "day_100").status is Status.overdue


def test_the_date_of_death_is_the_last_contact() -> None:
    after = asked(infused(ZERO), said("2026-06-09", "death"), on="2027-06-09")
    assert str(report(after, "day_100").contact) == "2026-06-09"
    assert report(after, "year_1").status is Status.not_yet


def test_yearly_windows_are_about_the_anniversary_and_not_confirmed() -> None:
    found = report(asked(infused(ZERO), on="2026-03-02"), "year_2")
    assert (str(found.due_from), str(found.due_until), found.confirmed) == ("2028-01-01", "2028-04-30", False)


def test_a_later_transplant_ends_the_report_on_the_day_before_its_systemic_therapy() -> None:
    conditioning = said("2026-08-04", "next_therapy", "yes")
    transplant = said("2026-08-10", "transplant", "allogeneic")
    after = asked(infused(ZERO), conditioning, transplant, on="2026-09-01")
    assert str(report(after, "before_later_therapy").contact) == "2026-08-03"
    assert report(after, "day_100.after_transplant").counts_from == date(2026, 8, 10)
    assert "registry.year_1" not in [each.key for each in after.registry]


def test_without_systemic_therapy_it_is_the_day_before_the_transplant_itself() -> None:
    after = asked(infused(ZERO), said("2026-08-10", "transplant", "allogeneic"), on="2026-09-01")
    assert str(report(after, "before_later_therapy").contact) == "2026-08-09"


def test_treatment_long_before_a_transplant_is_not_its_preparation() -> None:
    early = said("2026-06-01", "next_therapy", "yes")
    after = asked(infused(ZERO), early, said("2026-08-10", "transplant", "allogeneic"), on="2026-09-01")
    assert str(report(after, "before_later_therapy").contact) == "2026-08-09"
    wide = [policy("aftercare_conditioning_days", 90)]
    after = asked(infused(ZERO), early, said("2026-08-10", "transplant", "allogeneic"), on="2026-09-01", center=wide)
    assert str(report(after, "before_later_therapy").contact) == "2026-05-31"


def test_a_transplant_before_the_infusion_changes_nothing() -> None:
    after = asked(said("2024-08-10", "transplant", "autologous"), infused(ZERO), on="2026-09-01")
    assert "registry.before_later_therapy" not in [each.key for each in after.registry]


@pytest.mark.parametrize(("on", "status"), [
    ("2026-03-31", Status.due), ("2026-04-01", Status.overdue), ("2026-05-25", Status.missed),
])  # fmt: skip
def test_an_infusion_is_registered_within_thirty_days(on: str, status: Status) -> None:
    assert report(asked(infused(ZERO), on=on), "registration").status is status
    done = said("2026-03-20", "follow_up_done", "done", about="registration")
    assert report(asked(infused(ZERO), done, on=on), "registration").status is Status.done


def test_elsewhere_the_times_are_the_ebmts_and_no_window_is_confirmed() -> None:
    found = asked(infused(ZERO), on="2026-03-20", country="EU").registry
    assert "registration" not in {each.time_point for each in found}
    assert not any(each.confirmed for each in found)


def test_a_form_4006_for_each_infusion_date() -> None:
    split = asked(infused("2026-02-02", OBE), infused("2026-02-12", OBE), on="2026-02-20")
    assert dict(split.registry_forms) == {"4006": 2}
    two_bags = [infused(ZERO), said(ZERO, "infusion", "axicabtagene_ciloleucel", detail={"bag": "2"})]
    assert dict(asked(two_bags, on="2026-03-20").registry_forms) == {"4006": 1}


def test_day_zero_of_a_split_dose_is_a_question() -> None:
    split = (infused("2026-02-02", OBE), infused("2026-02-12", OBE))
    assert asked(*split, on="2026-02-20").infused == (date(2026, 2, 2), date(2026, 2, 12))
    assert report(asked(*split, on="2026-02-20"), "day_100").counts_from == date(2026, 2, 2)
    last = asked(*split, chose("2026-02-20", "day_zero", "last"), on="2026-02-20")
    assert report(last, "day_100").counts_from == date(2026, 2, 12)


def test_after_fifteen_years_the_registry_is_complete_and_the_watch_for_cancer_is_not() -> None:
    notes = {note.key: note.words for note in asked(infused("2019-02-11"), on="2035-03-01").notes}
    assert "completed at 15 years" in notes["registry_complete"]
    assert "lifelong" in notes["lifelong"]
    assert not {"registry_complete", "lifelong"} & {
        note.key for note in asked(infused("2019-02-11"), on="2034-02-10").notes
    }


def slow_reports(contacts: set[int]) -> dict[str, int | None]:
    """Each contact to the window that it is in or nearest to, the earlier of two; of each window the best, in order."""
    windows = {"day_100": (85, 115, 100), "month_6": (150, 210, 180), "year_1": (366, 425, 366)}

    def outside(day: int, key: str) -> int:
        first, last, _ = windows[key]
        return max(first - day, day - last, 0)

    taken: dict[str, int | None] = {}
    used = 0
    for key, (_, _, target) in windows.items():
        own = [
            day for day in contacts if day > used and outside(day, key) == min(outside(day, each) for each in windows)
        ]
        best = min(sorted(own), key=lambda day: (outside(day, key), abs(day - target)), default=None)
        taken[key], used = best, best or used
    return taken


@settings(deadline=None)
@given(st.sets(st.integers(1, 480), max_size=6))
def test_every_report_takes_the_nearest_contact_and_no_contact_serves_twice(contacts: set[int]) -> None:
    visits = [str(ZERO + timedelta(days=day)) for day in sorted(contacts)]
    after = asked(infused(ZERO), seen(*visits), on=ZERO + timedelta(days=500))
    found = {key: report(after, key).day for key in ("day_100", "month_6", "year_1")}
    assert found == slow_reports(contacts)
