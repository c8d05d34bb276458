"""The page of a forecast: it says what it is, shows fans with their tables, and warns where the readings contradict."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from litestar.testing import TestClient

from cartway.web.forecast.kept import forecasts
from web.conftest import Site

RESEARCH = "Research use."


@cache
def client_of(ward: Site) -> TestClient[Any]:
    return ward.client("physician")


def words(ward: Site, path: str) -> str:
    """A page's text, without markup."""
    answer = client_of(ward).get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL).split())


def markup(ward: Site, path: str) -> str:
    return str(client_of(ward).get(path).text)


def test_the_page_comes_at_once_and_asks_for_the_forecast_by_itself(ward: Site) -> None:
    page = markup(ward, "/courses/agrees/forecast?policy=older")
    assert 'hx-trigger="load"' in page
    assert "<svg" not in page
    assert 'href="/courses/agrees/forecast?work=1&amp;policy=older"' in page, "and so for who has no script"


def test_fans_over_the_patients_own_points(ward: Site) -> None:
    page = markup(ward, "/courses/agrees/forecast?work=1")
    assert page.count('<svg class="picture"') == 4
    assert "style=" not in page, "nothing runs or paints inline"
    for sign in ("Temperature", "CRP", "Ferritin", "CAR T cells"):
        assert f">{sign}</text>" in page


def test_each_picture_has_its_table(ward: Site) -> None:
    page = markup(ward, "/courses/agrees/forecast?work=1")
    assert page.count("<summary>As a table</summary>") == 4
    assert "80 %" in page


def test_it_says_research_use_before_anything_else(ward: Site) -> None:
    for path in ("/courses/agrees/forecast", "/courses/agrees/forecast?work=1"):
        page = words(ward, path)
        assert RESEARCH in page
        assert "no medical device" in page
        assert "Chances" not in page or page.index(RESEARCH) < page.index("Chances")


def test_chances_beside_those_of_such_patients(ward: Site) -> None:
    page = words(ward, "/courses/agrees/forecast?work=1")
    for asked in ("CRS of grade 2 or more", "CRS of grade 3 or more", "ICANS of grade 2", "at day 30", "by day 365"):
        assert asked in page
    assert "effective sample size" in page


def test_how_good_it_is_stands_one_click_away(ward: Site) -> None:
    assert 'href="/courses/agrees/forecast/calibration"' in markup(ward, "/courses/agrees/forecast?work=1")
    page = words(ward, "/courses/agrees/forecast/calibration")
    assert "Brier score" in page
    assert "it does not show that the model is right of people" in page
    assert markup(ward, "/courses/agrees/forecast/calibration").count('<svg class="picture"') == 2


def test_readings_that_contradict_the_model_are_told_first(ward: Site) -> None:
    page = words(ward, "/courses/strays/forecast?work=1")
    assert "The readings contradict the model: do not rely on this forecast." in page
    assert "ferritin" in page[page.index("contradict") : page.index("How the readings stray")]
    assert "Chances" not in page, "nobody should have them"


def test_readings_that_agree_raise_no_alarm(ward: Site) -> None:
    assert "contradict" not in words(ward, "/courses/agrees/forecast?work=1")


def test_without_a_diagnosis_the_page_says_why_there_is_none(ward: Site) -> None:
    page = words(ward, "/courses/untold/forecast?work=1")
    assert "No forecast. No diagnosis is charted." in page
    assert "<svg" not in markup(ward, "/courses/untold/forecast?work=1")


def test_a_forecast_is_worked_out_once(ward: Site) -> None:
    markup(ward, "/courses/agrees/forecast?work=1")
    kept = dict(forecasts(ward.office)._kept)
    assert "<svg" in markup(ward, "/courses/agrees/forecast"), "what is known is shown at once"
    assert forecasts(ward.office)._kept == kept


def test_a_policy_that_there_is_not_is_the_usual_one(ward: Site) -> None:
    assert 'work=1&amp;policy=label"' in markup(
        ward, "/courses/untold/forecast?policy=homeopathy"
    ) or "No forecast" in words(ward, "/courses/untold/forecast?policy=homeopathy")
