"""No patient in a log, an address or an error: every page driven with a patient whose values occur nowhere else."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from cartway.times import HOUR

from ..conftest import Site, examples
from .table import WHO

COURSE = sorted(examples())[0]
NAME, IDENTIFIER, TEMPERATURE = "Wilhelmina Testperson", "ID-4711-0815", "41.37"
MARKS = (NAME, "Wilhelmina", "Testperson", IDENTIFIER, TEMPERATURE, "41,37")
TOLD_AGAIN = {200, 422}
"""A page that was asked for, and a form that shows what was typed into it: there the values belong."""
DIARY = re.compile(r"/my/[^/]+/today")
"""The diary shows what was typed also where it was not taken because it is another account's page (409): nothing that
somebody ill has typed is thrown away."""


@pytest.fixture
def marked(site: Site, caplog: pytest.LogCaptureFixture) -> Site:
    """A site with the marked patient, whose logs are all caught."""
    caplog.set_level(logging.DEBUG)
    site.course(COURSE)
    site.office.people.enrol([("hospital", IDENTIFIER)], name=NAME, now=site.now, by="test", new_id=lambda: COURSE)
    fever = {"what": "body_temperature", "value": float(TEMPERATURE), "unit": "Cel", "source": "test", "key": "mark"}
    site.record([{"course": COURSE, "at": site.now - HOUR, **fever}])
    return site


def paths(site: Site, method: str) -> Iterator[str]:
    """Every address of the application with something in it; not the stream, which does not end."""
    position, account = site.office.log.position(), site.account("nurse").id
    filled = {"{course:str}": COURSE, "{position:int}": str(position), "{account:str}": account}
    filled |= {"{topic:str}": "crs", "{spoken:str}": "en", "{paper:str}": "patient"}
    for endpoint in WHO:
        verb, _, path = endpoint.partition(" ")
        if verb == method and path != "/live" and not path.startswith(("/static", "/demo", "/sign-in/oidc")):
            for part, value in filled.items():
                path = path.replace(part, value)
            yield path


ENDS_IT = {"/sign-out"}
SAMPLE = 6
"""Whom everything is refused is told so by one gate: each sixth address tells as much as all of them."""


def asked(site: Site, method: str) -> Iterator[tuple[TestClient[Any], str]]:
    """Who asks for which address: who belongs to the course for all of them, strangers for some."""
    belong = [site.client(role, courses=[COURSE]) for role in ("physician", "patient")]
    strangers = [site.client("data_manager", courses=[COURSE]), site.client("administrator")]
    strangers += [site.client("nurse", courses=[]), site.client(None)]
    every = list(paths(site, method))
    yield from ((client, path) for client in belong for path in every)
    yield from ((client, path) for start, client in enumerate(strangers) for path in every[start::SAMPLE])


def held_back(answer: Any) -> str:
    """What of an answer must hold no value: addresses always, and all of it where it is an error."""
    addresses = re.findall(r'(?:href|action|src|hx-[a-z]+|data-[a-z-]*url)="([^"]*)"', answer.text)
    told = [*addresses, answer.headers.get("location", ""), answer.headers.get("hx-redirect", "")]
    is_kept = answer.status_code == 409 and DIARY.fullmatch(answer.request.url.path) is not None
    if answer.status_code not in TOLD_AGAIN and not is_kept:
        told.append(answer.text)
    return html.unescape("\n".join(told))


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Everything that was logged, by anybody but the client of the test."""
    records = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    return "\n".join(f"{record.getMessage()} {record.args} {record.exc_info} {record.exc_text}" for record in records)


def found_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def test_the_marks_are_on_the_pages_where_they_belong(marked: Site) -> None:
    """Else the search below would find nothing because nothing was there."""
    page = marked.client("physician").get(f"/courses/{COURSE}").text
    assert NAME in page
    assert "41.4" in page or TEMPERATURE in page


def test_pages_hold_no_mark_in_an_address_an_error_or_a_log(marked: Site, caplog: pytest.LogCaptureFixture) -> None:
    wrong = {}
    for client, path in asked(marked, "GET"):
        for headers in ({"accept": "text/html"}, {"hx-request": "true"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code < 500, path
            if found := found_in(held_back(answer)):
                wrong[path] = found
    assert wrong == {}
    assert found_in(logged(caplog)) == []


def test_posts_hold_no_mark_in_an_address_an_error_or_a_log(marked: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Each form as its page has it, with a mark in every field: by turns each of them."""
    wrong = {}
    for client, path in asked(marked, "POST"):
        if path in ENDS_IT:
            continue
        names = set(re.findall(r'name="([^"]+)"', client.get(path).text)) or {"name", "reason", "text"}
        for value in (NAME, TEMPERATURE):
            answer = marked.post(client, path, dict.fromkeys(names - {"_csrf_token"}, value))
            assert answer.status_code < 500, path
            if found := found_in(held_back(answer)):
                wrong[path, value] = found
    assert wrong == {}
    assert found_in(logged(caplog)) == []


def test_the_access_log_page_names_no_patient(marked: Site) -> None:
    nurse = marked.client("nurse")
    nurse.get(f"/courses/{COURSE}")
    assert found_in(marked.client("administrator").get("/access-log").text) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_value_typed_into_an_address_comes_back_in_no_error(
    marked: Site, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    """Somebody types a name where a course belongs: the page does not repeat it beyond the form's own address."""
    client = marked.client("data_manager", courses=[])
    for path in (f"/{NAME}", f"/courses/{NAME}/no-such-page", f"/courses/{COURSE}?at={NAME}", f"/teams?course={NAME}"):
        answer = client.request(method, path)
        assert answer.status_code in {403, 404, 405}
        assert found_in(answer.text) == []
    assert found_in(logged(caplog)) == []
