"""A row of the board: each column's rule, on small drawn courses."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from cartway.times import HOUR
from cartway.web.access import Role
from cartway.web.config import Config
from cartway.web.draw import environment
from cartway.web.ward.standing import TREND_OVER
from toxicity import drawn as d
from web.board.conftest import Desk
from web.board.reading import Row, board, chart, enrolled, row, well, words
from web.conftest import Site


def scale(found: Row, number: int = 0) -> str:
    return words(found.scales[number].text)


def test_who_is_well(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(49))
    found = desk.row()
    assert words(found["day"].text).startswith("day 2")
    assert scale(found) == "0 0 min → from ?"
    assert [words(found[kind].text) for kind in ("temp", "press", "oxygen", "score")] == [
        "36.6 0 min", "120 0 min", "97 air 0 min", "10 ICE 0 min"]  # fmt: skip
    assert words(found["why"].text).startswith("no sign of CRS or ICANS")
    assert words(found["looked"].text) == "now consciousness"


def test_the_day_is_of_when_the_page_is_drawn(desk: Desk) -> None:
    """A quiet night: nothing came since ten to midnight, and it is another day all the same."""
    desk.chart(d.infused(12), d.age(60), well(95 + 50 / 60))
    assert words(desk.row()["day"].text).startswith("day 3")
    stands = desk.standing()
    desk.now += HOUR
    later = desk.row(standing=stands)["day"]
    assert words(later.text).startswith("day 4")
    assert later.of("b") == [{"data-day-of": "2026-01-10"}], "and an open page counts on by itself"


def test_a_grade_its_since_and_where_it_came_from(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(10, d.temperature(38.6)), hour=11.5)
    found = desk.row()
    assert scale(found) == "1 1 h 30 min ↑ from 0"
    (grade, *_) = found.scales[0].of("span")
    assert grade == {"class": "grade", "data-grade": "1"}
    (since,) = found.scales[0].of("time")
    assert since["datetime"] == "2026-01-10T10:00Z" and since["title"] == "10 Jan 10:00"


def test_a_change_of_long_ago_is_no_trend(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.temperature(38.6)))
    desk.chart(*(d.at(hour, *WELL_BUT_FEVER) for hour in (10, 18)), hour=2 + TREND_OVER / 3.6e9)
    assert "from" not in scale(desk.row())
    desk.now -= 1
    assert "↑ from 0" in scale(desk.row())


WELL_BUT_FEVER = (d.temperature(38.6), d.pressure(120), d.oxygen("room_air"), d.ice(10), d.conscious("awake"))


def test_a_falling_grade(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.temperature(38.6), d.pressure(80)), d.at(3, d.pressure(110)))
    assert scale(desk.row()) == "1 0 min ↓ from 2"


def test_a_lower_bound(desk: Desk) -> None:
    """Fever, and nobody charted the oxygen support: at least 1."""
    desk.chart(d.infused(), d.age(60), d.at(1, d.temperature(39.0), d.pressure(120)))
    found = desk.row()
    assert scale(found).startswith("≥ 1")
    assert "at least 1" in found.scales[0].heard and "≥" not in found.scales[0].heard
    assert "Missing: oxygen support, ICE, consciousness" in words(found["why"].text)


def test_not_assessable(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), d.at(1, d.temperature(36.6)))
    found = desk.row()
    assert scale(found, 1).startswith("?")
    assert "not assessable" in found.scales[1].heard
    assert found.scales[1].of("span")[0]["data-grade"] == "na"


def test_what_the_grade_would_be_if_not_excused(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1), d.at(2, d.temperature(38.6), d.drip("norepinephrine")),
          d.at(3, d.attributed("vasopressor", cause="bleeding")))  # fmt: skip
    found = row(site)
    assert "1 0 min ↓ from 3 (3 if not excused)" in scale(found)
    assert "vasopressor attributed to bleeding" in words(found["why"].text)


def test_before_the_infusion(desk: Desk) -> None:
    desk.chart(d.age(60), d.at(-20, d.temperature(36.6)), hour=-10)
    found = desk.row()
    assert found.attributes["data-stage"] == "before" and not found.scales
    assert words(found["day"].text) == ""
    assert words(found["temp"].text).startswith("36.6")


def test_after_the_discharge(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.discharged(40), hour=41)
    found = desk.row()
    assert found.attributes["data-stage"] == "over" and not found.scales and "temp" not in found
    assert words(found["ended"].text) == "discharged 1 h ago"
    assert not found["looked"].classes() & {"old", "out"}


def test_a_death(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.died(40), hour=41)
    assert words(desk.row()["ended"].text) == "died 1 h ago"


# Vital signs


def test_the_pressure_is_written_with_the_diastolic_of_the_same_reading(desk: Desk) -> None:
    desk.chart(d.infused(), d.at(1, d.pressure(120), d.measured("diastolic_pressure", 71)))
    assert words(desk.row()["press"].text) == "120/71 0 min"
    desk.chart(d.at(2, d.pressure(118)))
    assert words(desk.row()["press"].text) == "118 0 min"


def test_the_saturation_is_written_with_the_oxygen_given(desk: Desk) -> None:
    desk.chart(d.infused(), d.at(1, d.measured("oxygen_saturation", 93), d.oxygen("nasal_cannula"), d.flow(3)))
    assert words(desk.row()["oxygen"].text) == "93 cannula 3 L/min 0 min"
    desk.chart(d.at(2, d.oxygen("invasive_ventilation"), d.inspired(40), d.measured("oxygen_saturation", 96)))
    assert words(desk.row()["oxygen"].text) == "96 ventilator 40 % 0 min", "the flow was the cannula's"


def test_a_saturation_is_never_written_beside_a_device_charted_after_it(desk: Desk) -> None:
    """97 on air at 1, a mask at 8: nobody has read 97 on the mask."""
    desk.chart(d.infused(), well(1), d.at(8, d.oxygen("non_rebreather_mask"), d.flow(15)), hour=8.5)
    found = desk.row()["oxygen"]
    assert words(found.text) == "was 97 7 h then non-rebreather 15 L/min 30 min"
    assert [each["datetime"] for each in found.of("time")] == ["2026-01-10T01:00Z", "2026-01-10T08:00Z"]
    assert "old" in found.classes(), "each ages by its own time"
    desk.chart(d.at(9, d.measured("oxygen_saturation", 91)))
    assert words(desk.row()["oxygen"].text) == "91 0 min non-rebreather 15 L/min 1 h", (
        "read on it, which runs for longer"
    )


def test_a_new_flow_is_a_support_of_its_own_time(desk: Desk) -> None:
    cannula = d.at(1, d.measured("oxygen_saturation", 93), d.oxygen("nasal_cannula"), d.flow(2))
    desk.chart(d.infused(), cannula, d.at(3, d.flow(6)))
    assert words(desk.row()["oxygen"].text) == "was 93 2 h then cannula 6 L/min 0 min"


def test_a_support_without_a_saturation(desk: Desk) -> None:
    desk.chart(d.infused(), d.at(1, d.oxygen("nasal_cannula")))
    assert words(desk.row()["oxygen"].text) == "cannula 0 min"


def test_ice_is_summed_where_its_items_were_asked(desk: Desk) -> None:
    items = [("orientation", 3), ("naming", 3), ("command", 1), ("writing", 0), ("attention", 1)]
    asked = d.at(20, *(d.ice_item(item, points) for item, points in items))
    desk.chart(d.infused(), d.age(60), well(1), asked)
    assert words(desk.row()["score"].text) == "8 ICE 0 min"


def test_a_child_has_capd(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(4), d.at(1, d.capd(13)))
    assert words(desk.row()["score"].text) == "13 CAPD 0 min"
    desk.chart(d.at(2, d.capd("unable_to_perform")))
    assert words(desk.row()["score"].text) == "unable CAPD 0 min"


def test_what_could_not_be_read_is_not_the_reading_before(desk: Desk) -> None:
    desk.chart(d.infused(), well(1), d.at(2, d.unreadable("body_temperature")))
    found = desk.row()
    assert words(found["temp"].text) == "? 0 min"
    assert words(found["looked"].text) == "now temperature"


def test_what_the_grade_rests_on_is_bold(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.temperature(38.6), d.oxygen("nasal_cannula"), d.flow(2)))
    found = desk.row()
    assert found["temp"].of("b") and not found["press"].of("b")
    assert "counts" in found["oxygen"].classes() and not found["oxygen"].of("b"), (
        "the oxygen counts, not the saturation"
    )


# Age


@pytest.mark.parametrize(("hour", "aged"), [(6.9, set()), (7, {"old"}), (12.9, {"old"}), (13, {"out"})])
def test_a_reading_ages_by_the_policy_of_its_validity(desk: Desk, hour: float, aged: set[str]) -> None:
    """A temperature holds for 12 hours: half of it old, all of it out."""
    desk.chart(d.infused(), well(1), hour=hour)
    found = desk.row()
    assert found["temp"].classes() & {"old", "out"} == aged
    assert found["looked"].classes() & {"old", "out"} == aged


def test_a_score_holds_longer(desk: Desk) -> None:
    desk.chart(d.infused(), well(1), hour=12.5)
    assert not desk.row()["score"].classes() & {"old", "out"}
    desk.now = d.instant(13)
    assert "old" in desk.row()["score"].classes()


def test_nobody_ever_looked(desk: Desk) -> None:
    desk.chart(d.infused(), hour=1)
    found = desk.row()
    assert words(found["looked"].text) == "never" and "out" in found["looked"].classes()


def test_the_age_of_a_reading_is_always_there(desk: Desk) -> None:
    """On a vasopressor an hour is long: nobody should take a pressure for that of now."""
    desk.chart(d.infused(), well(1), hour=6.8)
    (age,) = desk.row()["press"].of("time")
    assert words(desk.row()["press"].text) == "120 5 h" and age["datetime"] == "2026-01-10T01:00Z"


def test_a_score_from_before_the_patient_was_less_awake_is_what_was(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.conscious("unarousable")))
    assert words(desk.row()["score"].text) == "was 10 ICE 1 h"
    desk.chart(d.at(3, d.ice(3), d.conscious("awakens_to_voice")))
    assert words(desk.row()["score"].text) == "3 ICE 0 min"


def test_items_asked_in_part_stand_before_an_older_total(desk: Desk) -> None:
    """Naming 0 of 3, nothing else asked: at most 7, and never yesterday's 10."""
    desk.chart(d.infused(), d.age(60), well(1), d.at(5, d.ice_item("naming", 0), d.conscious("awake")))
    found = desk.row()
    assert words(found["score"].text) == "≤ 7 ICE 0 min"
    assert "ICE at most 7 (naming 0 of 3)" in words(found["why"].text) and "Missing: ICE items" in words(
        found["why"].text
    )


def test_a_score_that_counts_no_more_is_what_was(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), hour=25)
    found = desk.row()
    assert words(found["score"].text) == "was 10 ICE 24 h" and "out" in found["score"].classes()


# Why


def why(desk: Desk) -> str:
    return words(desk.row()["why"].text)


def test_where_signs_are_no_crs_the_row_says_the_sentence_that_makes_them_none(desk: Desk) -> None:
    """Lee 2019: no CRS without a fever. A grade of 0 beside a vasopressor needs its reason."""
    desk.chart(d.infused(), d.age(60), well(1))
    assert why(desk).startswith("no sign of CRS or ICANS"), "and who is well needs none"
    desk.chart(d.at(2, d.drip("norepinephrine"), d.drip("epinephrine")))
    assert scale(desk.row()).startswith("0") and why(desk).startswith("no fever: not CRS, ")
    assert "norepinephrine 0.1" in why(desk)


def test_support_as_at_home_is_told(desk: Desk) -> None:
    home = d.at(-2, d.said("home_positive_pressure", "cpap"))
    desk.chart(d.infused(), d.age(60), home, well(1), d.at(2, d.temperature(38.5), d.oxygen("cpap")))
    assert scale(desk.row()).startswith("1") and why(desk).startswith("38.5 °C, CPAP as at home")


def test_oxygen_as_at_home_is_no_finding(desk: Desk) -> None:
    home = d.at(-2, d.measured("home_oxygen", 2))
    desk.chart(d.infused(), d.age(60), home, well(1), d.at(2, d.oxygen("nasal_cannula"), d.flow(2)))
    assert scale(desk.row()).startswith("0") and why(desk).startswith("home oxygen, 2 L/min as before CRS")
    assert "counts" not in desk.row()["oxygen"].classes()
    desk.chart(d.at(3, d.temperature(38.5), d.flow(4)))
    assert "4 L/min" in why(desk) and "counts" in desk.row()["oxygen"].classes()


def test_a_fever_that_went_is_not_told_as_present(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.temperature(38.4)), d.at(3, d.temperature(36.4)),
               d.at(4, d.pressure(82)))  # fmt: skip
    assert "fever gone (38.4 °C at 02:00)" in why(desk) and "systolic 82 mmHg" in why(desk)
    assert not why(desk).startswith("38.4")


def test_a_rass_too_deep_for_a_score_stands_in_the_row(desk: Desk) -> None:
    """Sent by a monitor alone, it makes a score void and says nothing of the cause: the row must not be silent."""
    desk.chart(d.infused(), d.age(4), d.at(1, d.capd(4), d.conscious("awake")), d.at(4, d.rass(-5)))
    assert "RASS \N{MINUS SIGN}5, no sedative charted" in why(desk)
    assert words(desk.row()["looked"].text) == "now RASS"
    assert words(desk.row()["score"].text) == "was 4 CAPD 3 h"
    desk.chart(d.at(5, d.drip("propofol", 2.0)))
    assert "RASS \N{MINUS SIGN}5, sedative running" in why(desk)
    desk.chart(d.at(6, d.conscious("unarousable")))
    assert "RASS" not in why(desk).partition("CRS")[0], "what was found since says more"


# The disclosure


def test_who_came_down_from_a_high_grade_is_told_so(desk: Desk) -> None:
    """No CRS is over until every sign has been gone for the hours of the policy: "no sign" would be wrong."""
    desk.chart(
        d.infused(), d.age(60), well(1), d.at(2, d.temperature(39), d.drip("norepinephrine", until=4)), well(4.5)
    )
    assert words(desk.row()["why"].text).startswith("CRS 3 until 30 min ago")
    desk.now = d.instant(4 + 24)
    assert not words(desk.row()["why"].text).startswith("CRS 3")


def test_the_reasons_as_sentences(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.temperature(38.6)))
    found = desk.row()["why"]
    assert words(found.text).startswith("38.6 °C")
    assert "CRS fever: 38.6 °C at 2026-01-10 02:00 UTC; no hypotension: systolic 120 mmHg" in words(found.text)
    assert found.of("a")[-1]["href"] == "/courses/a#why"


def test_an_attribution_and_until_when_it_holds(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), d.at(2, d.temperature(39), d.pressure(80)),
               d.at(3, d.attributed("hypotension", until=15, cause="bleeding")))  # fmt: skip
    assert "pressure attributed to bleeding until 15:00" in words(desk.row()["why"].text)


def test_an_attribution_that_worsening_reopened(desk: Desk) -> None:
    desk.chart(
        d.infused(),
        d.age(60),
        well(1),
        d.at(2, d.temperature(39), d.drip("norepinephrine")),
        d.at(3, d.attributed("vasopressor", until=15, cause="bleeding")),
        d.at(4, d.drip("epinephrine")),
    )
    told = words(desk.row()["why"].text)
    assert "vasopressor worse since attributed to bleeding until 15:00: counts again" in told


def test_a_flow_is_told_with_its_device(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1),
          d.at(2, d.temperature(38.6), d.oxygen("nasal_cannula"), d.flow(2), d.pressure(84)))  # fmt: skip
    assert words(desk.row()["why"].text).startswith("38.6 °C, systolic 84 mmHg, nasal cannula 2 L/min")


# Who it is


def test_the_patient_is_named(site: Site) -> None:
    chart(site, d.infused(), well(1))
    enrolled(site, "Amara Okafor")
    found = row(site)
    assert words(found["who"].text).startswith("Amara Okafor") and "1961-03-04" in found["who"].text
    assert "Identifier 4711" in words(found["why"].text)


def test_the_coded_view_names_nobody(site: Site) -> None:
    chart(site, d.infused(), well(1))
    enrolled(site, "Amara Okafor")
    shown = board(site.client(Role.data_manager))
    assert words(shown.rows["a"]["who"].text) == "a"
    assert not any(secret in shown.html for secret in ("Okafor", "1961-03-04", "4711"))


def test_a_hostile_name_is_only_words(site: Site) -> None:
    chart(site, d.infused(), well(1))
    enrolled(site, "<script>alert(1)</script>\"'&<!-- data-unread></span>")
    shown = board(site.client(Role.nurse))
    assert "<script>alert" not in shown.html
    assert words(shown.rows["a"]["who"].text).startswith("<script>alert(1)</script>\"'&<!-- data-unread></span>")


# The look at the time of the policies


def test_where_a_reading_holds_until_it_is_replaced_none_grows_old(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), hour=40)
    desk.rules = d.rules(observation_validity="until_replaced")
    found = desk.row()
    assert not any(found[kind].classes() & {"old", "out"} for kind in ("temp", "press", "score", "looked"))


def test_a_centers_own_window(desk: Desk) -> None:
    desk.chart(d.infused(), d.age(60), well(1), hour=4)
    desk.rules = d.rules(temperature_valid_hours=4)
    found = desk.row()
    assert "old" in found["temp"].classes() and not found["press"].classes() & {"old"}
    assert "old" in found["looked"].classes(), "the shortest window says when to look again"


def test_times_are_of_the_zone(desk: Desk) -> None:
    """What a page says on demand is in the center's zone; what a machine reads is UTC."""
    desk.zone = ZoneInfo("America/New_York")
    desk.pages = environment(Config("", "", clock=lambda: 0, zone=desk.zone))
    desk.chart(d.infused(), d.age(60), well(1))
    (since, *_) = desk.row().scales[0].of("time")
    assert (since["title"], since["datetime"]) == ("9 Jan 20:00", "2026-01-10T01:00Z")
