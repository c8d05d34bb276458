"""Which language a page is in: the one chosen, else the one the browser asks for; clinicians' pages stay English."""

from __future__ import annotations

from datetime import UTC

import pytest

from cartway.times import MINUTE, parse
from cartway.web.draw import ago, exact_clock
from cartway.web.guard.languages import COOKIE
from cartway.web.speech import LANGUAGE, day_words, gettext, moment_words, preferred, weekday_words

from ..conftest import Site

SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.8"}
MARCH = parse("2026-03-14T14:09Z")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,es;q=0.5,en;q=0.4", "es"),
        ("de", "en"),
        ("en;q=0.1, ES;q=0.3", "es"),
        ("es;q=0", "en"),
        ("*", "en"),
        ("es;q=nonsense,en", "en"),
        (";;;,,=\0", "en"),
    ],
)
def test_the_browser_says_which_language_it_likes_best(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_what_was_chosen_counts_more_than_what_the_browser_asks_for(place: Site) -> None:
    client = place.client(None)
    assert '<html lang="es">' in client.get("/my/sign-in", headers=SPANISH).text
    client.cookies.set(COOKIE, "en", domain="testserver.local", path="/")
    assert '<html lang="en">' in client.get("/my/sign-in", headers=SPANISH).text
    client.cookies.set(COOKIE, "xx", domain="testserver.local", path="/")
    assert '<html lang="es">' in client.get("/my/sign-in", headers=SPANISH).text


def test_choosing_a_language_keeps_it_and_comes_back_to_the_page(place: Site) -> None:
    client = place.client("patient", courses=["c-1"])
    answer = place.post(client, "/language", {"language": "es", "next": "/my/c-1"})
    assert answer.headers["location"] == "/my/c-1"
    assert "Max-Age=31556952" in answer.headers["set-cookie"]
    assert '<html lang="es">' in client.get("/my/c-1").text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", ""])
def test_choosing_a_language_leads_to_no_other_site(place: Site, elsewhere: str) -> None:
    answer = place.post(place.client(None), "/language", {"language": "es", "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_a_language_that_is_not_spoken_changes_nothing(place: Site) -> None:
    answer = place.post(place.client(None), "/language", {"language": "xx", "next": "/sign-in"})
    assert answer.headers["location"] == "/sign-in"
    assert COOKIE not in answer.headers.get("set-cookie", "")


def test_a_clinicians_page_is_english_whatever_the_browser_asks(place: Site) -> None:
    place.record(
        [
            {
                "course": "c-1",
                "at": place.now - 5 * MINUTE,
                "what": "heart_rate",
                "value": 80.0,
                "unit": "/min",
                "source": "t",
                "key": "k",
            }
        ]
    )
    client = place.client("nurse")
    client.cookies.set(COOKIE, "es", domain="testserver.local", path="/")
    page = client.get("/board", headers=SPANISH).text
    assert '<html lang="en">' in page
    assert "hace" not in page


def test_times_and_dates_are_said_in_the_readers_language() -> None:
    now = MARCH + 72 * MINUTE
    assert (ago(MARCH, now), ago(now, MARCH), ago(now, now)) == ("1 h 12 min ago", "in 1 h 12 min", "now")
    token = LANGUAGE.set("es")
    try:
        assert (ago(MARCH, now), ago(now, MARCH), ago(now, now)) == ("hace 1 h 12 min", "dentro de 1 h 12 min", "ahora")
        assert exact_clock(MARCH, now, UTC) == "14 mar 14:09"
        assert day_words(MARCH, UTC, "US") == "14 de marzo de 2026"
        assert weekday_words(MARCH, UTC, "US") == "sábado, 14 de marzo de 2026"
        assert moment_words(MARCH, UTC, "ES") == "14 de marzo de 2026, 14:09"
    finally:
        LANGUAGE.reset(token)
    assert day_words(MARCH, UTC, "US") == "March 14, 2026"
    assert moment_words(MARCH, UTC, "US") == "March 14, 2026, 2:09\u00a0PM"
    assert moment_words(MARCH, UTC, "XX") == "March 14, 2026, 2:09\u00a0PM"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_message_is_no_message_in_every_language(language: str) -> None:
    """gettext keeps a catalog's head under the empty message: it must never stand on a page."""
    token = LANGUAGE.set(language)
    try:
        assert gettext("") == ""
    finally:
        LANGUAGE.reset(token)
