"""Revaccination: PMC10909447, tables 3 and 4; ashpublications view-large 9809590, 12523012, 12523856."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.drawn import ZERO, asked, chose, days_of, infused, is_open, ivig, noon, policy, said, vaccine
from aftercare.test_dates import slow_months_after
from cartway.aftercare import Status, aftercare
from cartway.pathway.course import Course
from cartway.pathway.policies import load_policies
from cartway.record import Fact
from cartway.response import Response, choices_of, respond

LATE = "2027-02-10"


def well(day: str = LATE, values: Mapping[str, float] = MappingProxyType({})) -> list[Fact]:
    """Somebody whose immune system is back: no immunosuppression, CD4, B cells, a killed vaccine that took."""
    counts = {"cd4": 350.0, "cd19": 40.0, **values}
    return [
        said("2024-01-01", "sex", "male"), said(day, "immunosuppression", "none"),
        said(day, "vaccine_titer", "response", about="pneumococcal"),
        *(said(day, what, value=value) for what, value in counts.items()),
    ]  # fmt: skip


def test_at_day_100() -> None:
    after = asked(infused(), well("2026-04-20"), on="2026-04-20")
    assert vaccine(after, "influenza").status is Status.allowed
    assert vaccine(after, "covid_19").status is Status.allowed
    assert str(vaccine(after, "pneumococcal").earliest) == "2026-07-10"
    assert str(vaccine(after, "mmr").earliest) == "2027-01-10"
    assert vaccine(after, "mmr").status is Status.not_yet


def test_live_vaccines_when_all_is_well() -> None:
    assert vaccine(asked(infused(), well(), on=LATE), "mmr").status is Status.allowed


@pytest.mark.parametrize(("what", "value", "reason"), [
    ("cd4", 200, "CD4 <=200 is a contraindication"), ("cd19", 20, "CD19 <=20 is a contraindication"),
])  # fmt: skip
def test_at_the_limit_is_a_contraindication(what: str, value: float, reason: str) -> None:
    found = vaccine(asked(infused(), well(LATE, {what: value}), on=LATE), "mmr")
    assert found.status is Status.not_allowed
    assert any(reason in each for each in found.reasons)


def test_what_is_not_known_is_not_taken_for_normal() -> None:
    found = vaccine(asked(infused(), on=LATE), "mmr")
    assert found.status is Status.unknown
    assert set(found.missing) == {
        "whether immunosuppression is given", "CD4 since the infusion", "CD19 since the infusion",
        "the response to a killed vaccine", "a pregnancy test, or the sex",
    }  # fmt: skip
    assert vaccine(asked(infused(), on=LATE), "hepatitis_b").status is Status.unknown


@pytest.mark.parametrize("counted", ["2026-01-10", "2026-01-15", "2026-11-01"])
def test_early_or_old_counts_open_no_live_vaccine(counted: str) -> None:
    facts = [fact for fact in well() if fact.what not in ("cd4", "cd19")]
    counts = [said(counted, "cd4", value=300), said(counted, "cd19", value=60)]
    found = vaccine(asked(infused(), facts, counts, on=LATE), "mmr")
    assert found.status is Status.unknown
    assert [each[:8] for each in found.missing] == ["CD4 now ", "CD19 now"]


def test_how_old_a_count_may_be_is_the_centers_to_say() -> None:
    facts = [fact for fact in well() if fact.what not in ("cd4", "cd19")]
    counts = [said("2026-11-01", "cd4", value=300), said("2026-11-01", "cd19", value=60)]
    center = [policy("aftercare_live_counts_days", 180)]
    found = vaccine(asked(infused(), facts, counts, on=LATE, center=center), "mmr")
    assert (found.status, found.confirmed) == (Status.allowed, True)
    assert not vaccine(asked(infused(), well(), on=LATE), "mmr").confirmed


def test_counts_before_the_last_infusion_open_no_live_vaccine() -> None:
    counts = well("2025-07-10")
    found = vaccine(asked(infused("2025-01-05"), counts, infused("2025-08-01"), on="2026-09-01"), "mmr")
    assert (found.status, len(found.missing)) == (Status.unknown, 4)


def test_no_live_vaccine_in_a_disease_that_came_back() -> None:
    back = said("2027-02-01", "progression", "yes")
    found = vaccine(asked(infused(), well(), back, on=LATE), "mmr")
    assert found.status is Status.not_allowed
    assert any("came back" in each for each in found.reasons)
    taken_back = said("2027-02-05", "progression", "no")
    found = vaccine(asked(infused(), well(), back, taken_back, on=LATE), "mmr")
    assert (found.status, found.reasons) == (Status.unknown, ())
    before = said("2026-01-01", "progression", "yes")
    assert vaccine(asked(infused(), before, well(), on=LATE), "mmr").status is Status.allowed


def test_progression_by_the_derived_response_forbids_a_live_vaccine() -> None:
    course = Course([infused(), *well()], noon(LATE))
    response = respond(course, choices_of(load_policies()), "lugano_2014")
    assert isinstance(response, Response)
    grown = msgspec.structs.replace(response, progression_at=noon("2027-01-20"))
    for told, status in ((response, Status.allowed), (grown, Status.not_allowed)):
        assert vaccine(aftercare(course, Course([], noon(LATE)), told, country="US"), "mmr").status is status


def woman(*, born: str = "") -> list[Fact]:
    facts = [fact for fact in well() if fact.what != "sex"]
    return [*facts, said("2024-01-01", "sex", "female"), *([said(born, "birth_date")] if born else [])]


@pytest.mark.parametrize(("test", "on", "status"), [
    ("positive", "2026-12-20", Status.not_allowed), ("negative", "2027-02-01", Status.allowed),
    ("negative", "2026-12-20", Status.unknown), ("not_applicable", "2024-12-20", Status.allowed),
    ("", "", Status.unknown),
])  # fmt: skip
def test_pregnancy_is_excluded_before_a_live_vaccine(test: str, on: str, status: Status) -> None:
    tested = [said(on, "pregnancy_test", test)] if test else []
    assert vaccine(asked(infused(), woman(), tested, on=LATE), "mmr").status is status
    assert vaccine(asked(infused(), woman(), tested, on=LATE), "hepatitis_b").status is Status.allowed


@pytest.mark.parametrize(("born", "status"), [
    ("1972-02-10", Status.allowed), ("1972-02-11", Status.unknown), ("2015-02-10", Status.unknown),
    ("2017-06-01", Status.allowed),
])  # fmt: skip
def test_pregnancy_is_asked_about_by_age(born: str, status: Status) -> None:
    assert vaccine(asked(infused(), woman(born=born), on=LATE), "mmr").status is status


def test_no_immunosuppression_before_the_infusion_says_nothing_of_now() -> None:
    facts = [fact for fact in well() if fact.what != "immunosuppression"]
    before = said("2025-12-01", "immunosuppression", "none")
    assert vaccine(asked(before, infused(), facts, on=LATE), "mmr").status is Status.unknown


def test_immunoglobulins_put_off_killed_and_live_vaccines_but_not_influenza() -> None:
    after = asked(infused(), well("2026-08-01"), ivig("2026-07-01"), on="2026-08-01")
    assert str(vaccine(after, "hepatitis_b").earliest) == "2026-09-01"
    assert str(vaccine(after, "mmr").earliest) == "2027-03-01"
    assert vaccine(after, "influenza").status is Status.allowed


def test_immunosuppression_now_and_until_lately() -> None:
    on_it = asked(infused(), well(), said(LATE, "immunosuppression", "systemic"), on="2027-02-11")
    assert vaccine(on_it, "hepatitis_b").status is Status.not_allowed
    off = [said("2026-03-01", "immunosuppression", "systemic"), said("2026-06-01", "immunosuppression", "none")]
    after = asked(infused(), off, well(), on=LATE)
    assert str(vaccine(after, "mmr").earliest) == "2027-06-01"
    assert vaccine(after, "hepatitis_b").status is Status.allowed


def test_steroids_after_the_infusion_count_as_immunosuppression_but_not_eye_drops() -> None:
    given_ = said("2026-02-20", "drug", "dexamethasone")
    assert str(vaccine(asked(infused(), given_, well(), on=LATE), "mmr").earliest) == "2027-02-20"
    drops = said("2026-02-20", "drug", "dexamethasone", detail={"route": "ophthalmic"})
    assert str(vaccine(asked(infused(), drops, well(), on=LATE), "mmr").earliest) == "2027-01-10"


def test_a_transplant_puts_off_live_vaccines_by_two_years() -> None:
    auto = said("2025-06-01", "transplant", "autologous")
    after = asked(auto, infused(), well(), on=LATE)
    assert str(vaccine(after, "mmr").earliest) == "2027-06-01"
    assert is_open(after, "live_after_transplant")
    by_kind = asked(auto, infused(), well(), chose(LATE, "live_after_transplant", "by_kind"), on=LATE)
    assert vaccine(by_kind, "mmr").status is Status.allowed
    allo = said("2025-06-01", "transplant", "allogeneic")
    assert str(vaccine(asked(allo, infused(), well(), on=LATE), "mmr").earliest) == "2027-06-01"


def test_a_drug_against_b_cells_puts_off_killed_vaccines_by_six_months() -> None:
    after = asked(infused(), well(), said("2026-12-01", "drug", "rituximab"), on=LATE)
    assert str(vaccine(after, "hepatitis_b").earliest) == "2027-06-01"


def test_not_during_a_further_therapy() -> None:
    after = asked(infused(), well(), said("2026-09-01", "next_therapy", "yes"), on=LATE)
    assert vaccine(after, "hepatitis_b").status is Status.not_allowed


def test_a_killed_vaccine_that_did_not_take_is_no_ground_for_a_live_one() -> None:
    titer = said(LATE, "vaccine_titer", "no_response", about="pneumococcal")
    facts = [fact for fact in well() if fact.what != "vaccine_titer"]
    assert vaccine(asked(infused(), facts, titer, on=LATE), "mmr").status is Status.not_allowed


def test_the_zoster_vaccine_has_two_earliest_days() -> None:
    after = asked(infused(), well("2026-08-10"), on="2026-08-10")
    assert days_of(vaccine(after, "zoster")) == {"2026-07-10", "2027-01-10"}
    assert (vaccine(after, "zoster").status, is_open(after, "zoster")) == (Status.unknown, True)
    chosen = asked(infused(), well("2026-08-10"), chose("2026-08-10", "zoster", "six_months"), on="2026-08-10")
    assert vaccine(chosen, "zoster").status is Status.allowed


def test_killed_vaccines_from_three_months_where_the_immune_system_is_back() -> None:
    early = well("2026-05-01", {"iga": 30})
    assert is_open(asked(infused(), early, on="2026-05-01"), "killed_vaccines")
    chosen = asked(infused(), early, chose("2026-05-01", "killed_vaccines", "three_months"), on="2026-05-01")
    assert vaccine(chosen, "hepatitis_b").status is Status.allowed
    low = asked(
        infused(),
        well("2026-05-01", {"iga": 6}),
        chose("2026-05-01", "killed_vaccines", "three_months"),
        on="2026-05-01",
    )
    assert vaccine(low, "hepatitis_b").status is Status.not_yet


def test_a_series_is_done_when_its_doses_are_given() -> None:
    doses = [said(day, "vaccination", "mmr") for day in ("2027-02-01", "2027-03-01")]
    assert vaccine(asked(infused(), well(), doses, on="2027-03-02"), "mmr").status is Status.done


@pytest.mark.parametrize(("given_on", "on", "status"), [
    ("2026-10-01", "2027-07-31", Status.done), ("2026-10-01", "2027-08-01", Status.allowed),
    ("2027-02-10", "2027-07-31", Status.done), ("2027-02-10", "2027-11-01", Status.allowed),
    ("2027-08-01", "2027-11-01", Status.done),
])  # fmt: skip
def test_influenza_comes_every_season(given_on: str, on: str, status: Status) -> None:
    found = vaccine(asked(infused(), said(given_on, "vaccination", "influenza"), on=on), "influenza")
    assert (found.status, found.confirmed) == (status, False)
    assert (f"Last given on {given_on}" in found.why) is (status is Status.allowed)


def test_covid_is_a_series_and_then_a_dose_of_every_season() -> None:
    series = [said(day, "vaccination", "covid_19") for day in ("2026-05-01", "2026-06-01", "2026-07-01")]
    assert vaccine(asked(infused(), series[:2], on="2026-07-02"), "covid_19").status is Status.allowed
    assert vaccine(asked(infused(), series, on="2026-07-02"), "covid_19").status is Status.done
    later = vaccine(asked(infused(), series, on="2029-11-01"), "covid_19")
    assert later.status is Status.allowed
    assert "2029-08-01 is to be asked for" in later.why
    again = said("2029-10-01", "vaccination", "covid_19")
    assert vaccine(asked(infused(), series, again, on="2029-11-01"), "covid_19").status is Status.done


def test_a_center_below_the_equator_has_its_own_season() -> None:
    flu, center = said("2027-02-10", "vaccination", "influenza"), [policy("aftercare_season_month", 2)]
    found = vaccine(asked(infused(), flu, on="2027-11-01", center=center), "influenza")
    assert (found.status, found.confirmed) == (Status.done, True)


def test_doses_before_the_infusion_do_not_count() -> None:
    before = [said("2025-10-01", "vaccination", "mmr"), said("2025-11-01", "vaccination", "mmr")]
    assert vaccine(asked(before, infused(), well(), on=LATE), "mmr").given == ()


def slow_live_days(ivig_at: int | None, hct_before: int | None) -> set[date]:
    """The days of two years on which nothing of the table forbids a live vaccine, one by one."""
    zero = date.fromisoformat(ZERO)
    after = [(zero, 12)]
    after += [(zero + timedelta(days=ivig_at), 8)] if ivig_at is not None else []
    after += [(zero - timedelta(days=hct_before), 24)] if hct_before is not None else []
    span = (zero + timedelta(days=n) for n in range(0, 1100, 13))
    return {day for day in span if all(day >= slow_months_after(start, months) for start, months in after)}


@settings(deadline=None)
@given(st.none() | st.integers(1, 600), st.none() | st.integers(1, 900), st.integers(0, 84))
def test_live_vaccines_day_by_day(ivig_at: int | None, hct_before: int | None, step: int) -> None:
    zero = date.fromisoformat(ZERO)
    on = zero + timedelta(days=13 * step)
    given_ = [ivig(str(zero + timedelta(days=ivig_at)))] if ivig_at is not None and 13 * step >= ivig_at else []
    hct = [said(zero - timedelta(days=hct_before), "transplant", "allogeneic")] if hct_before is not None else []
    found = vaccine(asked(infused(), hct, given_, well(str(on)), on=on), "mmr")
    known = ivig_at if given_ else None
    assert (found.status is Status.allowed) == (on in slow_live_days(known, hct_before))
