"""The demo's pages: one click signs in, the buttons turn the clock, and a clinical ward has none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from cartway.record import open_log
from cartway.record.errors import WrongKind
from cartway.times import HOUR
from cartway.web.access import Role
from cartway.web.app import create_app
from cartway.web.config import Config
from cartway.web.demo.cast import CAST
from cartway.web.demo.clock import RATES, USUAL, DemoClock
from cartway.web.demo.stage import LIMITS, START, Stage

Client = TestClient[object]
PAGES = ("/demo/sign-in", "/demo/clock")


@pytest.fixture
def client(stage: Stage, clock: DemoClock) -> Iterator[Client]:
    app = create_app(stage.config(clock))
    found = TestClient(app, base_url="http://testserver.local")
    found.follow_redirects = False
    yield found
    app.state.stores.close()


def post(client: Client, path: str, **fields: str) -> object:
    client.get("/demo/sign-in")
    token = next(value for name, value in client.cookies.items() if "csrf" in name)
    return client.post(path, data={**fields, "_csrf_token": token})


def sign_in(client: Client, who: str) -> None:
    assert post(client, "/demo/sign-in", who=who).status_code == 303


def test_the_sign_in_page_has_a_button_for_everybody(client: Client) -> None:
    for path in ("/sign-in", "/demo/sign-in"):
        page = client.get(path).text
        assert [player.account for player in CAST if f'name="who" value="{player.account}"' not in page] == []


def test_one_click_signs_in_by_role(client: Client) -> None:
    for player in CAST:
        sign_in(client, player.account)
        principal = client.app.state.office.access.principal(client.cookies["cartway_session"], now=START)
        assert (principal.account.display, principal.account.role) == (player.display, player.role)
        is_own = player.role in (Role.patient, Role.caregiver)  # their pages keep the name to the last of them
        shown = client.get(f"/my/{player.courses[0]}/more" if is_own else "/", follow_redirects=True)
        assert shown.status_code == 200
        assert player.display in shown.text


def test_another_click_ends_the_session_before(client: Client) -> None:
    sign_in(client, "mei")
    before = client.cookies["cartway_session"]
    sign_in(client, "amara")
    assert client.app.state.office.access.principal(before, now=START) is None


def test_who_is_not_of_the_cast_is_not_signed_in(client: Client) -> None:
    access = client.app.state.office.access
    access.create_account("mallory", Role.administrator, now=START, by="test")
    for who in ("mallory", "nobody", ""):
        assert post(client, "/demo/sign-in", who=who).headers["location"] == "/demo/sign-in"
        assert "cartway_session" not in client.cookies


def test_a_click_from_another_site_signs_nobody_in(client: Client) -> None:
    assert client.post("/demo/sign-in", data={"who": "mei"}).status_code == 403


def test_the_first_sign_in_starts_the_clock(client: Client, clock: DemoClock) -> None:
    assert client.get("/demo/clock").json()["pace"] == "begins when you sign in"
    assert clock.shown().waiting
    sign_in(client, "mei")
    assert clock.shown().rate == USUAL


def test_the_banner_is_on_every_page_and_says_that_all_is_simulated(client: Client, clock: DemoClock) -> None:
    clock.set(START + 5 * HOUR)
    for path in ("/sign-in", "/demo/sign-in", "/no-such-page"):
        page = client.get(path).text
        assert "Every fact is </span>simulated" in page
        assert "Sun 15 Mar 04:00" in page
        assert 'action="/demo/clock"' not in page
    sign_in(client, "mei")
    for path in ("/board", "/courses/05-tocilizumab"):
        page = client.get(path).text
        assert "Every fact is </span>simulated" in page
        assert 'action="/demo/clock"' in page


def test_the_buttons_go_from_rate_to_rate(client: Client, clock: DemoClock) -> None:
    sign_in(client, "teodor")  # anybody may
    rates = []
    for button in ("slower", "slower", "slower", "faster", "pause", "faster", "run", "faster", "faster", "faster"):
        assert post(client, "/demo/clock", do=button, back="/my").headers["location"] == "/my"
        rates.append(clock.shown().rate)
    assert rates == [60, 1, 1, 60, 0, 300, 300, 1200, 1200, 1200]
    assert set(rates) <= {0, *RATES}


def test_a_script_is_told_what_the_clock_shows(client: Client, clock: DemoClock) -> None:
    sign_in(client, "mei")
    client.headers["accept"] = "application/json"
    told = post(client, "/demo/clock", do="pause").json()
    assert told == {"now": clock() // 1000, "rate": 0, "pace": "paused", "ended": False, "again": False}
    assert client.get("/demo/clock").json() == told


def test_signed_out_one_may_look_at_the_clock_and_not_turn_it(client: Client, clock: DemoClock) -> None:
    assert client.get("/demo/clock").status_code == 200
    post(client, "/demo/clock", do="run")
    assert clock.shown().rate == 0


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
def test_the_way_back_leads_nowhere_else(client: Client, back: str) -> None:
    sign_in(client, "mei")
    assert post(client, "/demo/clock", do="pause", back=back).headers["location"] == "/"


def test_an_unknown_button_does_nothing(client: Client, clock: DemoClock) -> None:
    sign_in(client, "mei")
    clock.pause()
    assert post(client, "/demo/clock", do="explode").status_code == 400
    assert not clock.shown().again


def test_at_the_end_one_can_start_over(client: Client, clock: DemoClock) -> None:
    sign_in(client, "mei")
    assert 'data-demo-button="again" hidden' in client.get("/board").text
    clock.set(clock.shown().now + 365 * 24 * HOUR)
    page = client.get("/board").text
    assert "the stories end here" in page
    assert 'data-demo-button="again" hidden' not in page
    assert "Starting over" in post(client, "/demo/clock", do="again").text
    assert clock.shown().again


# The clinical ward


def test_a_clinical_ward_has_none_of_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    app = create_app(Config(url, f"sqlite:///{tmp_path / 'ward.people.db'}", lambda: START, secure=False))
    paths = {route.path for route in app.routes}
    assert not [path for path in paths if path.startswith("/demo")]
    client = TestClient(app, base_url="http://testserver.local")
    for path in PAGES:
        assert client.get(path).status_code == 404
    client.get("/sign-in")
    token = next(value for name, value in client.cookies.items() if "csrf" in name)
    for path, fields in (("/demo/sign-in", {"who": "mei"}), ("/demo/clock", {"do": "run"})):
        assert client.post(path, data={**fields, "_csrf_token": token}).status_code == 404
    assert "demo" not in client.get("/sign-in").text.lower()
    app.state.stores.close()


def test_a_demo_over_a_clinical_record_does_not_start(tmp_path: Path, built: Stage) -> None:
    url = f"sqlite:///{tmp_path / 'ward.db'}"
    open_log(url).close()
    clock = DemoClock(built.clock)
    with pytest.raises(WrongKind):
        create_app(Config(url, f"sqlite:///{tmp_path / 'p.db'}", clock, secure=False, limits=LIMITS, demo="clock"))


def test_sessions_last_for_the_whole_story(client: Client, clock: DemoClock) -> None:
    """By the story's clock a shift is over in two and a half minutes."""
    sign_in(client, "mei")
    clock.set(clock.shown().now + 5 * 24 * HOUR)
    assert client.get("/board").status_code == 200


def test_what_one_charts_is_simulated_and_known_at_the_storys_time(client: Client, clock: DemoClock) -> None:
    clock.set(START + HOUR)
    sign_in(client, "mei")
    path = "/courses/05-tocilizumab/chart-vitals"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.get(path).text))
    answer = client.post(path, data={**hidden, "body_temperature": "38.4", "body_temperature_unit": "Cel"})
    assert answer.status_code == 303
    charted = client.app.state.office.log.facts("05-tocilizumab")[-1]
    assert (charted.value, charted.simulated, charted.at, charted.recorded_at) == (
        38.4, True, START + HOUR, START + HOUR,
    )  # fmt: skip
