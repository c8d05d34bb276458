"""What became of an alert: recorded once, of one episode; it does not say that it was seen."""

from __future__ import annotations

import pytest

from cartway.times import HOUR, text
from web.alerts.conftest import CRS
from web.conftest import START
from web.forms.bedside import Bedside, Page

ONSET = START - HOUR
FORM = f"alert-outcome?change={CRS}~{ONSET}"


@pytest.mark.parametrize("choice", ["acted", "watched", "artefact", "known"])
def test_an_outcome_names_its_episode(nurse: Bedside, choice: str) -> None:
    (fact,) = nurse.record(FORM, choice=choice, text="paracetamol")
    assert (fact.what, fact.choice, fact.about) == ("alert_outcome", choice, CRS)
    assert fact.detail == {"alert": CRS, "onset": text(ONSET), "text": "paracetamol"}


def test_an_outcome_alone_does_not_silence_and_the_page_says_so(nurse: Bedside) -> None:
    assert "goes on ringing" in nurse.open(FORM).words
    answer = nurse.send(FORM, choice="acted")
    words = Page(nurse.client.get(answer.headers["location"]).text).words
    assert "still rings: nobody has said that it was seen" in words


def test_a_repeated_post_is_recorded_once(nurse: Bedside) -> None:
    fields = nurse.open(FORM).filled(choice="acted")
    assert [nurse.post(FORM, fields).status_code for _ in range(2)] == [303, 303]
    assert len([fact for fact in nurse.site.facts(nurse.course) if fact.what == "alert_outcome"]) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"choice": "ignored"},
        {"choice": "acted", "onset": "7"},
        {"choice": "acted", "alert": "organ"},
        {"text": "x"},
    ],
)
def test_an_outcome_of_nothing_is_not_recorded(nurse: Bedside, typed: dict[str, str]) -> None:
    answer = nurse.send(FORM, **typed)
    assert answer.status_code == 422
    assert not [fact for fact in nurse.site.facts(nurse.course) if fact.what == "alert_outcome"]


@pytest.mark.parametrize("change", ["", "?change=", "?change=cytokine_release", "?change=~", "?change=a~b~c"])
def test_an_address_that_names_no_episode_offers_no_form(nurse: Bedside, change: str) -> None:
    page = nurse.open(f"alert-outcome{change}")
    assert "This alert is not there as it was" in page.words
    assert "What became of it?" not in page.words
