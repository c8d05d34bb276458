"""Signing in on a phone: a page of its own, which one comes back to; and the pages both kinds of reader share."""

from __future__ import annotations

import pytest

from ..conftest import PASSWORD, Site

SPANISH = {"accept-language": "es", "accept": "text/html"}


def test_a_signed_out_page_of_patients_leads_to_their_sign_in_and_back(place: Site) -> None:
    answer = place.client(None).get("/my/c-1/feel", headers={"accept": "text/html"})
    assert answer.headers["location"] == "/my/sign-in?next=/my/c-1/feel"


def test_signing_in_there_opens_a_session_that_outlives_the_browser(place: Site) -> None:
    place.account("patient", ["c-1"], name="teodor")
    fields = {"name": "teodor", "password": PASSWORD, "next": "/my/c-1/feel"}
    answer = place.post(place.client(None), "/my/sign-in", fields)
    assert answer.headers["location"] == "/my/c-1/feel"
    assert f"Max-Age={180 * 24 * 3600}" in answer.headers["set-cookie"]


@pytest.mark.parametrize("role", ["nurse", "physician"])
def test_a_clinicians_session_ends_with_the_browser(place: Site, role: str) -> None:
    place.account(role, name=f"a-{role}")
    answer = place.post(place.client(None), "/sign-in", {"name": f"a-{role}", "password": PASSWORD, "next": "/"})
    assert "Max-Age" not in answer.headers["set-cookie"]


def test_a_wrong_password_is_said_on_the_same_page_in_the_same_language(place: Site) -> None:
    client = place.client(None)
    token = place.csrf(client)
    fields = {"name": "nobody", "password": "x", "_csrf_token": token}
    answer = client.post("/my/sign-in", data=fields, headers=SPANISH)
    assert answer.status_code == 401
    assert '<html lang="es">' in answer.text
    assert "administra" not in answer.text
    assert 'action="/my/sign-in"' in answer.text


def test_signing_out_leads_back_to_ones_own_sign_in(place: Site) -> None:
    client = place.client("caregiver", courses=["c-1"])
    assert place.post(client, "/sign-out", {}).headers["location"] == "/my/sign-in?bye=1"
    assert place.post(place.client("nurse"), "/sign-out", {}).headers["location"] == "/sign-in?bye=1"


@pytest.mark.parametrize("path", ["/password", "/my/c-9", "/courses/c-1", "/board"])
def test_what_a_patient_is_told_of_a_page_that_is_not_theirs_is_among_their_own(place: Site, path: str) -> None:
    page = place.client("patient", courses=["c-1"]).get(path, headers={"accept": "text/html"}).text
    assert '<body data-now="' in page
    assert 'class="patient"' in page
    assert 'href="tel:+15550100142"' in page


def test_a_form_that_comes_after_the_session_ended_says_so_with_the_number_to_call(place: Site) -> None:
    client = place.client(None)
    page = place.post(client, "/my/c-1/feel", {"score": "3"}, accept="text/html").text
    assert "Nothing was recorded." in page
    assert 'href="tel:+15550100142"' in page
    assert 'href="/my/sign-in"' in page


def test_a_clinician_stays_among_the_pages_of_clinicians(place: Site) -> None:
    page = place.client("nurse").get("/password", headers=SPANISH).text
    assert 'class="patient"' not in page
    assert "The password you have now" in page
