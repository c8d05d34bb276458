"""Restrictions: FDA safety communication 2025-06-26, and the labels before it. N days cover day 0 to day N-1."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.drawn import AXI, CILTA, OBE, asked, chose, days_of, infused, is_open, limit, policy, said
from cartway.aftercare import Status

CHANGE = date(2025, 6, 26)
SIX = {
    AXI: 7, CILTA: 10, "lisocabtagene_maraleucel": 7, "idecabtagene_vicleucel": 7, "tisagenlecleucel": None,
}  # daily before the change; 7 after  # fmt: skip


def test_the_new_label() -> None:
    after = asked(infused("2026-01-05"), on="2026-01-10")
    assert str(limit(after, "daily_monitoring").earliest) == "2026-01-12"
    assert str(limit(after, "monitoring").earliest) == "2026-01-19"
    assert str(limit(after, "proximity").earliest) == "2026-01-19"
    assert str(limit(after, "driving").earliest) == "2026-01-19"
    assert not is_open(after, "restriction_text")


@pytest.mark.parametrize(("on", "status"), [("2026-01-18", Status.not_yet), ("2026-01-19", Status.allowed)])
def test_the_first_day_without_a_restriction_is_infusion_plus_n_days(on: str, status: Status) -> None:
    assert limit(asked(infused("2026-01-05"), on=on), "driving").status is status


def test_the_old_label() -> None:
    after = asked(infused("2025-01-05"), on="2025-01-10")
    assert str(limit(after, "proximity").earliest) == "2025-02-02"
    assert str(limit(after, "driving").earliest) == "2025-03-02"


def test_carvykti_was_seen_daily_for_ten_days() -> None:
    assert limit(asked(infused("2024-03-01", CILTA), on="2024-03-02"), "daily_monitoring").days == 10


def test_kymriahs_old_text_gives_no_number_of_daily_visits() -> None:
    found = limit(asked(infused("2024-03-01", "tisagenlecleucel"), on="2024-03-02"), "daily_monitoring")
    assert found.status is Status.unknown
    assert "2 to 3 times in the first week" in found.why


def test_a_period_that_ran_past_the_change_is_open_until_somebody_chooses() -> None:
    after = asked(infused("2025-06-01"), on="2025-07-01")
    assert days_of(limit(after, "driving")) == {"2025-06-26", "2025-07-27"}
    assert limit(after, "driving").status is Status.unknown
    assert is_open(after, "restriction_text")
    counted = {str(each.counted) for each in limit(after, "driving").candidates}
    assert counted == {"2025-06-15", "2025-07-27"}


def test_a_period_that_ended_on_the_day_of_the_change_did_not_run_past_it() -> None:
    before = CHANGE - timedelta(days=56)
    assert limit(asked(infused(before), on=CHANGE), "driving").candidates[0].day == CHANGE
    assert len(limit(asked(infused(before), on=CHANGE), "driving").candidates) == 1


def test_the_teams_choice_settles_it_and_goes_before_the_centers() -> None:
    center = [policy("aftercare_restriction_text", "shorter")]
    by_center = asked(infused("2025-06-20"), on="2025-07-01", center=center)
    assert str(limit(by_center, "driving").earliest) == "2025-07-04"
    assert by_center.question("restriction_text").by == "center"  # type: ignore[union-attr]
    team = chose("2025-06-30", "restriction_text", "longer")
    by_team = asked(infused("2025-06-20"), team, on="2025-07-01", center=center)
    assert str(limit(by_team, "driving").earliest) == "2025-08-15"
    assert by_team.question("restriction_text").by == "team"  # type: ignore[union-attr]


def test_obe_cel_counts_from_its_last_infusion_and_is_not_among_the_six() -> None:
    after = asked(infused("2026-02-02", OBE), infused("2026-02-12", OBE), on="2026-02-20")
    found = limit(after, "driving")
    assert found.counts_from == date(2026, 2, 12)
    assert days_of(found) == {"2026-02-26", "2026-04-09"}
    assert not found.confirmed
    assert is_open(after, "restriction_text")
    assert is_open(after, "day_zero")


def test_europe_keeps_its_own_periods_which_were_not_seen() -> None:
    found = limit(asked(infused("2026-01-05"), on="2026-01-10", country="EU"), "driving")
    assert (str(found.earliest), found.confirmed) == ("2026-03-02", False)
    assert limit(asked(infused("2026-01-05"), on="2026-01-10", country="UK"), "driving").earliest == found.earliest


def test_where_no_text_is_held_nothing_is_assumed() -> None:
    found = limit(asked(infused(product="equecabtagene_autoleucel"), on="2026-01-12"), "driving")
    assert (found.status, found.earliest) == (Status.unknown, None)


def test_after_a_seizure_the_labels_date_is_no_longer_enough() -> None:
    fit = said("2026-01-14", "seizure", "generalized")
    after = asked(infused("2026-01-05"), fit, on="2026-01-25")
    found = limit(after, "driving")
    assert (found.status, found.earliest, str(found.label_earliest)) == (Status.unknown, None, "2026-01-19")
    assert fit in found.facts
    assert limit(after, "proximity").status is Status.allowed


def test_no_seizure_is_no_seizure() -> None:
    after = asked(infused("2026-01-05"), said("2026-01-14", "seizure", "none"), on="2026-01-25")
    assert limit(after, "driving").status is Status.allowed


@pytest.mark.parametrize(("score", "status"), [(9, Status.unknown), (10, Status.allowed)])
def test_an_ice_score_that_is_not_full_keeps_from_driving(score: int, status: Status) -> None:
    after = asked(infused("2026-01-05"), said("2026-01-18", "ice_score", value=score), on="2026-01-25")
    assert limit(after, "driving").status is status


def test_the_team_extends_and_lifts() -> None:
    longer = said("2026-01-18", "restriction", "extended", about="driving", until="2026-03-01")
    after = asked(infused("2026-01-05"), longer, on="2026-02-20")
    assert (limit(after, "driving").status, str(limit(after, "driving").earliest)) == (Status.not_yet, "2026-03-01")
    lifted = said("2026-02-10", "restriction", "lifted", about="driving")
    after = asked(infused("2026-01-05"), longer, lifted, on="2026-02-20")
    assert limit(after, "driving").status is Status.allowed


def test_a_seizure_after_it_was_lifted_is_for_a_physician_to_decide() -> None:
    lifted = said("2026-01-20", "restriction", "lifted", about="driving")
    fit = said("2026-01-25", "seizure", "generalized")
    found = limit(asked(infused("2026-01-05"), lifted, fit, on="2026-01-27"), "driving")
    assert (found.status, found.missing) == (Status.unknown, ("a physician's decision on driving",))
    again = said("2026-03-01", "restriction", "lifted", about="driving")
    assert limit(asked(infused("2026-01-05"), lifted, fit, again, on="2026-03-02"), "driving").status is Status.allowed


def test_a_seizure_outlasts_an_extension_that_did_not_know_it() -> None:
    longer = said("2026-01-18", "restriction", "extended", about="driving", until="2026-02-01")
    fit = said("2026-01-25", "seizure", "generalized")
    status = {on: limit(asked(infused("2026-01-05"), longer, fit, on=on), "driving").status
              for on in ("2026-01-31", "2026-02-01")}  # fmt: skip
    assert list(status.values()) == [Status.not_yet, Status.unknown]
    known = said("2026-01-26", "restriction", "extended", about="driving", until="2026-02-01")
    assert limit(asked(infused("2026-01-05"), known, fit, on="2026-02-01"), "driving").status is Status.allowed


@pytest.mark.parametrize(("on", "status"), [
    ("2026-01-11", Status.not_yet), ("2026-01-14", Status.not_yet), ("2026-01-18", Status.not_yet),
    ("2026-01-19", Status.allowed),
])  # fmt: skip
def test_an_extension_never_ends_before_the_label(on: str, status: Status) -> None:
    early = said("2026-01-08", "restriction", "extended", about="driving", until="2026-01-12")
    found = limit(asked(infused("2026-01-05"), early, on=on), "driving")
    assert (found.status, str(found.earliest), str(found.due_until)) == (status, "2026-01-19", "2026-01-18")


def test_an_extension_between_two_texts_leaves_their_question_open() -> None:
    to = said("2025-06-10", "restriction", "extended", about="driving", until="2025-07-01")
    assert limit(asked(infused("2025-06-01"), to, on="2025-06-30"), "driving").status is Status.not_yet
    found = limit(asked(infused("2025-06-01"), to, on="2025-07-10"), "driving")
    assert (found.status, found.question) == (Status.unknown, "restriction_text")
    assert limit(asked(infused("2025-06-01"), to, on="2025-07-27"), "driving").status is Status.allowed


def test_a_further_infusion_begins_the_periods_anew() -> None:
    old = said("2025-08-01", "restriction", "lifted", about="driving")
    after = asked(infused("2025-07-05"), old, infused("2026-03-01", CILTA), on="2026-03-05")
    assert limit(after, "driving").counts_from == date(2026, 3, 1)
    assert limit(after, "driving").status is Status.not_yet


def test_a_restriction_is_found_by_its_short_name() -> None:
    after = asked(infused("2026-01-05"), on="2026-01-10")
    assert after.restriction("driving") == limit(after, "driving")
    assert after.restriction("flying") is None


def test_blood_is_irradiated_for_ninety_days() -> None:
    after = asked(infused("2026-01-10"), on="2026-04-09")
    found = limit(after, "blood_products")
    assert (str(found.earliest), found.status) == ("2026-04-10", Status.due)


def test_irradiated_blood_does_not_end_by_itself() -> None:
    found = limit(asked(infused("2025-01-05"), on="2025-04-20"), "blood_products")
    assert (found.status, found.missing) == (Status.unknown, ("the center's rule on irradiated blood",))
    assert "for life" in found.why
    lifted = said("2025-04-10", "restriction", "lifted", about="blood_products")
    assert limit(asked(infused("2025-01-05"), lifted, on="2025-04-20"), "blood_products").status is Status.done


def test_donation_never_ends() -> None:
    assert limit(asked(infused("2010-01-10"), on="2050-01-01"), "donation").lasts


def test_contraception_has_no_interval_of_its_own() -> None:
    after = asked(infused(), said("2026-01-01", "sex", "female"), on="2026-02-01")
    assert days_of(limit(after, "contraception")) == {"2026-07-10", "2027-01-10"}
    assert not limit(after, "contraception").confirmed
    assert is_open(after, "contraception")
    assert limit(asked(infused(), on="2026-02-01"), "contraception").missing == ("the sex",)


def slow_driving(product: str, infusion: date, on: date) -> Status:
    """The table of the FDA's change, day by day: who is restricted on a day by each text that may count."""
    old = {infusion + timedelta(days=n) for n in range(56)}
    new = {infusion + timedelta(days=n) for n in range(14)} | {day for day in old if day < CHANGE}
    if infusion >= CHANGE:
        texts = [{infusion + timedelta(days=n) for n in range(14)}]
    else:
        texts = [old, new] if any(day >= CHANGE for day in old) else [old]
    restricted = [on in days for days in texts]
    return Status.not_yet if all(restricted) else Status.unknown if any(restricted) else Status.allowed


@settings(deadline=None)
@given(st.sampled_from(sorted(SIX)), st.dates(date(2024, 11, 1), date(2026, 3, 1)), st.integers(0, 80))
def test_driving_is_as_the_table_says_day_by_day(product: str, infusion: date, later: int) -> None:
    on = infusion + timedelta(days=later)
    found = limit(asked(infused(infusion, product), on=on), "driving")
    assert found.status is slow_driving(product, infusion, on)
