"""Signing in and out with an account kept here: what is told, what is not, and what the session's cookie is."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.times import HOUR, MINUTE
from cartway.web.access import Role
from cartway.web.guard.gate import COOKIE
from cartway.web.guard.paths import local_path

from ..conftest import PASSWORD, Site


def signed_in(site: Site, name: str, password: str = PASSWORD, **fields: str) -> tuple[Any, Any]:
    """A fresh client, and the answer to its sign-in."""
    client = site.client(None)
    return client, site.post(client, "/sign-in", {"name": name, "password": password, **fields})


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("physician", "/board"),
        ("nurse", "/board"),
        ("coordinator", "/board"),
        ("apheresis", "/board"),
        ("cell_laboratory", "/board"),
        ("pharmacy", "/board"),
        ("data_manager", "/board"),
        ("administrator", "/accounts"),
        ("patient", "/my"),
        ("caregiver", "/my"),
    ],
)
def test_each_role_begins_where_its_work_is(site: Site, role: str, page: str) -> None:
    client, answer = signed_in(site, site.account(role).name)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").headers["location"] == page


def test_signed_out_the_start_page_is_the_sign_in_page(site: Site) -> None:
    assert site.client(None).get("/").headers["location"] == "/sign-in"


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_are_told_alike(site: Site) -> None:
    disabled, known = site.account("nurse"), site.account("nurse", name="known")
    site.office.access.disable(disabled.id, now=site.now, by="test")
    answers = [
        signed_in(site, known.name, "not the password")[1],
        signed_in(site, "nobody", "not the password")[1],
        signed_in(site, disabled.name)[1],
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert all(COOKIE not in answer.headers.get("set-cookie", "") for answer in answers)
    said = {without_tokens(answer.text) for answer in answers}
    assert len(said) == 1
    assert "The name or the password is not right." in said.pop()


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "_csrf_token" not in line and "data-now" not in line)


def test_a_locked_name_is_told_with_when_to_come_again(site: Site) -> None:
    nurse = site.account("nurse")
    for _ in range(5):
        signed_in(site, nurse.name, "not the password")
    _, answer = signed_in(site, nurse.name)
    assert answer.status_code == 429
    assert "Try again in 15 min" in answer.text
    site.now += 15 * MINUTE
    assert signed_in(site, nurse.name)[1].status_code == 303


def test_the_form_names_its_fields_for_password_managers(site: Site) -> None:
    page = site.client(None).get("/sign-in").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_the_session_cookie_is_for_the_server_alone(site: Site) -> None:
    _, answer = signed_in(site, site.account("nurse").name)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_tls_the_cookies_are_bound_to_the_host(make_site: Any) -> None:
    site = make_site(secure=True)
    client = site.client(None)
    client.base_url = "https://testserver.local"
    page = client.get("/sign-in")
    token = next(value for name, value in client.cookies.items() if name.startswith("__Host-cartway_csrf"))
    fields = {"name": site.account("nurse").name, "password": PASSWORD, "_csrf_token": token}
    answer = client.post("/sign-in", data=fields)
    for cookie in (page.headers["set-cookie"], answer.headers["set-cookie"]):
        parts = set(cookie.split("; "))
        assert cookie.startswith("__Host-cartway_")
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= parts
        assert not any(part.startswith("Domain") for part in parts)
    assert client.get("/board").status_code == 200
    assert "max-age" in page.headers["strict-transport-security"]


def test_a_session_that_was_there_before_does_not_become_the_new_one(site: Site) -> None:
    """No fixation: whoever planted a cookie knows the token of no session after the sign-in."""
    client, nurse = site.client(None), site.account("nurse")
    planted = site.cookie("caregiver")[1]
    client.cookies.set(COOKIE, planted, domain="testserver.local", path="/")
    site.post(client, "/sign-in", {"name": nurse.name, "password": PASSWORD})
    assert client.cookies[COOKIE] != planted
    assert site.office.access.peek(planted, now=site.now) is None
    assert client.get("/board").status_code == 200


def test_a_token_that_was_made_up_opens_nothing(site: Site) -> None:
    client = site.client(None)
    client.cookies.set(COOKIE, "A" * 43, domain="testserver.local", path="/")
    assert client.get("/board").status_code == 303
    site.post(client, "/sign-in", {"name": site.account("nurse").name, "password": PASSWORD})
    assert client.cookies[COOKIE] != "A" * 43


def test_signing_out_ends_the_session_at_the_server(site: Site) -> None:
    client = site.client("nurse")
    token = client.cookies[COOKIE]
    answer = site.post(client, "/sign-out", {})
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]
    client.cookies.set(COOKIE, token)
    assert client.get("/board").status_code == 303


@pytest.mark.parametrize("passed", [31 * MINUTE, 13 * HOUR])
def test_a_session_ends_by_itself(site: Site, passed: int) -> None:
    client = site.client("nurse")
    site.now += passed
    assert client.get("/board").headers["location"] == "/sign-in?next=/board"


def test_a_screen_on_the_ward_stays_signed_in_and_shows_the_board_only(site: Site) -> None:
    client, answer = signed_in(site, site.account("physician").name, screen="yes")
    assert answer.status_code == 303
    site.now += 13 * HOUR
    assert client.get("/board").status_code == 200
    for path in ("/courses/c-1", "/courses/c-1/chart-vitals", "/my", "/accounts", "/teams"):
        assert client.get(path).status_code == 403
    reason = {"reason": "somebody walked by this screen"}
    assert site.post(client, "/courses/c-1/break-glass", reason).status_code == 403


# Where one goes after signing in


@pytest.mark.parametrize("path", ["/board", "/courses/c-1", "/courses/c-1?at=2026-03-16T02:30", "/my/c-1"])
def test_one_goes_on_to_the_page_that_was_asked_for(site: Site, path: str) -> None:
    _, answer = signed_in(site, site.account("nurse").name, next=path)
    assert answer.headers["location"] == path


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "evil.example",
    " /board",
    "/board\r\nSet-Cookie: a=b",
    "",
    "/sign-out",
    "/sign-in?next=/board",
    "/" + "a" * 600,
    "/%0d\\evil",
]


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_nobody_is_sent_to_another_site(site: Site, asked: str) -> None:
    _, answer = signed_in(site, site.account("nurse").name, next=asked)
    assert answer.headers["location"] == "/"
    assert local_path(asked) == "/"
    client = site.client("nurse")
    assert client.get("/sign-in", params={"next": asked}).headers["location"] == "/"


# One's own password


def test_a_changed_password_ends_the_other_sessions(site: Site) -> None:
    nurse = site.account("nurse")
    here, there = signed_in(site, nurse.name)[0], signed_in(site, nurse.name)[0]
    new = "another fine evening"
    answer = site.post(here, "/password", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 200
    assert "Your password is changed." in answer.text
    assert here.get("/board").status_code == 200
    assert there.get("/board").status_code == 303
    assert signed_in(site, nurse.name, new)[1].status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("not the password", "another fine evening", "another fine evening", "not right"),
        (PASSWORD, "another fine evening", "another fine morning", "not the same both times"),
        (PASSWORD, "short", "short", "fewer than 12"),
        (PASSWORD, "password1234", "password1234", "first that are guessed"),
    ],
)
def test_a_password_that_is_not_changed_says_why(site: Site, old: str, new: str, again: str, told: str) -> None:
    client = site.client("nurse")
    answer = site.post(client, "/password", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert told in answer.text


def test_who_the_provider_signs_in_has_no_password_here(site: Site) -> None:
    said = {"name": "ward.doctor", "display": "Ward Doctor", "role": Role.physician}
    opened = site.office.access.sign_in_external("https://id.example", "s-1", **said, now=site.now)
    client = site.client(None)
    client.cookies.set(COOKIE, opened.token)
    assert "Change your password there." in client.get("/password").text
