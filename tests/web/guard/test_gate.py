"""What stands before every page: rates, the token of a form, the size of a post, headers; and errors."""

from __future__ import annotations

import logging
from typing import Any, cast

import anyio
import httpx
import pytest
from litestar import Request, get
from litestar.datastructures import Address
from litestar.testing import RequestFactory, TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from cartway.record.errors import StoreBusy
from cartway.times import MINUTE
from cartway.web.app import HEADERS, LARGEST_POST
from cartway.web.board import pages as board_pages
from cartway.web.guard import gate
from cartway.web.guard.rates import MINUTE_S, PAGES, SIGN_INS, Rates, client_of

from ..conftest import PASSWORD, Site, examples

COURSE = sorted(examples())[0]
PAGE = {"accept": "text/html"}


# Signed out: a page, a part of one, a stream, a script


@pytest.mark.parametrize(
    ("path", "back"),
    [("/board", "/board"), ("/courses/c-1?at=2026-03-16T02:30", "/courses/c-1?at%3D2026-03-16T02%3A30")],
)
def test_a_page_leads_to_the_sign_in_page_and_back(site: Site, path: str, back: str) -> None:
    answer = site.client(None).get(path, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={back.replace('?', '%3F')}"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(site: Site) -> None:
    """HTMX follows HX-Redirect whatever the status; the page to come back to is the one that is shown."""
    shown = {"hx-request": "true", "hx-current-url": "http://testserver.local/courses/c-1?x=1"}
    answer = site.client(None).get("/courses/c-1/why", headers=shown)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=/courses/c-1%3Fx%3D1"
    assert answer.content == b""


def test_a_form_sent_by_htmx_says_that_it_was_not_recorded(site: Site) -> None:
    client = site.client(None)
    answer = site.post(client, "/courses/c-1/chart-vitals", {}, **{"hx-request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"].endswith("&lost=1")
    assert "was not recorded" in client.get(answer.headers["hx-redirect"]).text


def test_a_form_sent_after_the_session_ended_can_be_sent_again(site: Site) -> None:
    """Signing in in another tab and reloading sends the same form again: nothing typed is lost."""
    site.course(COURSE)
    nurse, client = site.account("nurse"), site.client(None)
    site.csrf(client)
    reason = {"reason": "typed before the session ended"}
    path = f"/courses/{COURSE}/break-glass"
    answer = site.post(client, path, reason, **PAGE)
    assert answer.status_code == 401
    assert "Nothing was recorded." in answer.text
    assert 'target="_blank"' in answer.text
    site.post(client, "/sign-in", {"name": nurse.name, "password": PASSWORD})
    assert site.post(client, path, reason, **PAGE).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"accept": "text/event-stream"}, {"accept": "application/json"}, {"sec-fetch-mode": "cors", "accept": "*/*"}],
)
def test_a_stream_and_a_script_are_told_by_the_status_alone(site: Site, headers: dict[str, str]) -> None:
    answer = site.client(None).get("/live", headers=headers)
    assert answer.status_code == 401
    assert answer.content == b""


def test_a_page_that_fetches_its_own_news_keeps_no_session_alive(site: Site) -> None:
    """Else a screen that somebody walked away from stays open until the end of the shift."""
    left, used = site.client("nurse"), site.client("nurse")
    for _ in range(3):
        site.now += 14 * MINUTE
        statuses = [left.get("/board", headers={"X-Cartway-Watch": "1"}).status_code, used.get("/board").status_code]
    assert statuses == [303, 200]


def test_the_log_says_which_looks_were_a_page_s_own(site: Site) -> None:
    course = site.course(COURSE)
    client = site.client("nurse")
    client.get(f"/courses/{course}")
    client.get(f"/courses/{course}", headers={"X-Cartway-Watch": "1"})
    own, hers = [each for each in site.office.access.entries(course=course) if each.act == "read_course"]
    assert (own.reason, hers.reason) == ("by the page itself", "")


def test_who_sends_a_form_uses_the_session_whatever_the_headers(site: Site) -> None:
    client = site.client("nurse")
    for _ in range(3):
        site.now += 14 * MINUTE
        site.post(client, "/password", {}, **{"X-Cartway-Watch": "1"})
    assert client.get("/board").status_code == 200


# Rates


def test_a_session_has_its_own_rate_and_the_next_minute_a_new_one() -> None:
    rates = Rates()
    waits = [rates.wait_s("one", 3, at) for at in (60.0, 61.0, 62.0, 63.0, 100.0)]
    assert waits == [0, 0, 0, 57, 20]
    assert rates.wait_s("two", 3, 100.0) == 0
    assert rates.wait_s("one", 3, 60.0 + MINUTE_S) == 0


def test_who_asks_too_often_is_told_when_to_come_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PAGES", 2)
    nurse, other = site.client("nurse"), site.client("nurse")
    answers = [nurse.get("/board") for _ in range(6)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert "Wait a minute" in answers[-1].text
    assert other.get("/board").status_code == 200


def test_signing_in_has_a_stricter_rate_of_its_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By address, over all names: the lock on one name does not stop who tries many."""
    monkeypatch.setattr(gate, "SIGN_INS", 2)
    client = site.client(None)
    statuses = [
        site.post(client, "/sign-in", {"name": f"name-{number}", "password": "x"}).status_code for number in range(6)
    ]
    assert statuses[-1] == 429
    assert set(statuses) == {401, 429}
    assert client.get("/sign-in").status_code == 200


def test_the_rates_let_a_ward_work() -> None:
    """A monitor that asks for its rows every second, and nine tabs beside it; a whole shift behind one address."""
    assert PAGES >= 600
    assert SIGN_INS >= 30


def test_files_of_the_page_do_not_count(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PAGES", 1)
    client = site.client(None)
    assert {client.get("/static/cartway.css").status_code for _ in range(5)} == {200}


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network(host: str, client: str) -> None:
    request = RequestFactory().get("/")
    request.scope["client"] = Address(host, 1)
    assert client_of(request) == client


def test_a_header_that_anybody_can_send_is_no_address(site: Site) -> None:
    """Behind a proxy uvicorn puts the address in place, for the proxies it was told to trust; nothing here reads it."""
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"})
    request.scope["client"] = Address("192.0.2.7", 1)
    assert client_of(request) == "192.0.2.7"


def test_a_proxy_that_nobody_told_us_of_is_warned_of_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Else a whole ward behind it is one address, which others can lock."""
    client = site.client(None)
    client.get("/sign-in")
    assert "X-Forwarded-For" not in caplog.text
    for _ in range(3):
        client.get("/sign-in", headers={"X-Forwarded-For": "203.0.113.9"})
    warnings = [record.getMessage() for record in caplog.records if record.name == "cartway.web"]
    assert len(warnings) == 1
    assert "--behind-proxy" in warnings[0]
    assert "203.0.113.9" not in caplog.text


def test_a_proxy_that_is_believed_is_not_warned_of(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    believed: Any = ProxyHeadersMiddleware(cast("Any", site.app), trusted_hosts="127.0.0.1")
    through = httpx.ASGITransport(believed, client=("127.0.0.1", 5000))

    async def ask() -> int:
        async with httpx.AsyncClient(transport=through, base_url="http://testserver.local") as client:
            return (await client.get("/sign-in", headers={"X-Forwarded-For": "203.0.113.9"})).status_code

    assert anyio.run(ask) == 200
    assert "X-Forwarded-For" not in caplog.text


# Forms


def test_the_cookie_of_another_secret_is_no_end(make_site: Any) -> None:
    """A demo begun anew on the same host: the browser still has the cookie of the old one."""
    before, after = make_site(), make_site()
    client, old = after.client(None), before.client(None)
    old.get("/sign-in")
    for name, value in old.cookies.items():
        client.cookies.set(name, value, domain="testserver.local", path="/")
    page = client.get("/sign-in").text
    token = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
    fields = {"name": after.account("nurse").name, "password": PASSWORD, "_csrf_token": token}
    assert client.post("/sign-in", data=fields).status_code == 303


def test_a_cookie_that_was_meddled_with_is_taken_away(site: Site) -> None:
    client = site.client(None)
    client.get("/sign-in")
    name = next(iter(client.cookies))
    client.cookies.set(name, "a" * 128, domain="testserver.local", path="/")
    client.get("/sign-in")
    fields = {"name": site.account("nurse").name, "password": PASSWORD}
    first = client.post("/sign-in", data={**fields, "_csrf_token": "a" * 128})
    assert first.status_code == 403
    assert "too old to send" in first.text
    assert site.post(client, "/sign-in", fields).status_code == 303


@pytest.mark.parametrize("token", ["", "a", "a" * 128, "ä" * 128, "\u2028" * 65])
def test_a_token_that_is_none_is_refused_and_is_no_failure(site: Site, token: str) -> None:
    client = site.client("nurse")
    site.csrf(client)
    for answer in (
        client.post("/sign-out", data={"_csrf_token": token}),
        client.post("/sign-out", headers={"x-csrftoken": token.encode()}),
    ):
        assert answer.status_code == 403
        assert "too old to send" in answer.text


def test_a_stale_page_of_one_tab_leaves_the_others_alone(site: Site) -> None:
    client = site.client("nurse")
    token = site.csrf(client)
    assert client.post("/sign-out", data={"_csrf_token": "of an old page"}).status_code == 403
    assert site.csrf(client) == token


def test_a_post_that_is_too_large_is_not_read(site: Site) -> None:
    client = site.client("nurse")
    for length in (LARGEST_POST + 1, 8 * LARGEST_POST):
        answer = site.post(client, "/password", {"old": "x" * length})
        assert answer.status_code == 413
        assert "That was too much" in answer.text
        assert "Nothing was recorded." in answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"name": "nurse"}', "application/json", 415),
        (b"name=a&name=b&password=\xff\xfe", "application/x-www-form-urlencoded", 401),
        (b"", "application/x-www-form-urlencoded", 401),
        (b"no boundary", "multipart/form-data", 415),
        (b"x", "text/plain", 415),
        (b"x", "", 415),
    ],
)
def test_a_strange_post_is_refused_and_is_no_failure(site: Site, body: bytes, kind: str, status: int) -> None:
    client = site.client(None)
    headers = {"content-type": kind, "x-csrftoken": site.csrf(client)}
    answer = client.post("/sign-in", content=body, headers=headers)
    assert answer.status_code == status
    assert status == 401 or "Nothing was recorded." in answer.text


@pytest.mark.parametrize("path", ["/sign-in", f"/courses/{COURSE}/chart-vitals", f"/courses/{COURSE}/break-glass"])
def test_a_post_that_is_no_form_is_refused_before_it_is_read(site: Site, path: str) -> None:
    """Of several parts, its token read by one part of us, it left another waiting for a body that had been read."""
    name, token = site.cookie("nurse")
    kind = b"multipart/form-data; boundary=x"
    headers = [(b"host", b"here"), (b"content-type", kind), (b"cookie", f"{name}={token}".encode())]
    sent: list[Any] = []

    async def read() -> Any:
        raise AssertionError("its body was read")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    server = {"headers": headers, "client": ("192.0.2.7", 5), "server": ("here", 80), "scheme": "http", "root_path": ""}
    anyio.run(site.app, {**scope, **server, "http_version": "1.1", "extensions": {}}, read, send)
    assert sent[0]["status"] == 415
    assert b"Nothing was recorded." in b"".join(message.get("body", b"") for message in sent)


def test_what_is_typed_as_an_address_does_not_fill_the_log(site: Site) -> None:
    """A line of the log stays for ever."""
    answer = site.client("nurse", courses=[]).get(f"/courses/{'A' * 30_000}")
    assert answer.status_code == 403
    refused = site.office.access.entries(limit=1)[0]
    assert (refused.via, refused.course) == ("refused", "")


# Answers


def test_an_error_to_htmx_is_a_part_that_takes_the_place_of_the_page(site: Site) -> None:
    answer = site.client("nurse", courses=[]).get("/courses/c-1", headers={"hx-request": "true"})
    assert answer.status_code == 403
    assert answer.headers["hx-retarget"] == "#main"
    assert "<html" not in answer.text
    assert "You do not belong to this course" in answer.text


@pytest.mark.parametrize("path", ["/no-such-page", "/courses", "/courses/c-1/no-such-page", "/static/../app.py"])
def test_a_page_that_is_not_there_says_so(site: Site, path: str) -> None:
    for client in (site.client(None), site.client("nurse")):
        answer = client.get(path, headers=PAGE)
        assert answer.status_code == 404
        assert "There is no such page" in answer.text


def test_a_defect_is_told_by_a_mark_and_logged_without_its_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database's message may quote what it was given: the log has the kind and the lines it passed through."""

    def fails(*_: object) -> None:
        raise RuntimeError("Wilhelmina Testperson 40.7")

    monkeypatch.setattr(board_pages, "view_of", fails)
    caplog.set_level(logging.DEBUG)
    answer = site.client("nurse").get("/board")
    assert answer.status_code == 500
    mark = answer.text.partition("<code>")[2].partition("</code>")[0]
    logged = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    assert len(mark) == 8
    assert f"failure {mark} at board: RuntimeError in fails (test_gate.py:" in logged
    for text in (answer.text, logged):
        assert "Wilhelmina" not in text
        assert "40.7" not in text


@pytest.mark.parametrize("path", ["/board", f"/courses/{COURSE}", "/another-patient"])
def test_a_store_that_cannot_be_reached_is_no_defect(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """Busy, full or gone: the page says to try again, and how not to record twice."""
    site.course(COURSE)

    def fails(*_: object, **__: object) -> None:
        raise StoreBusy("/data/cartway.access.db", 5.0)

    client = site.client("physician")
    monkeypatch.setattr(site.office.access, "note" if path != "/another-patient" else "principal", fails)
    for headers in ({}, {"hx-request": "true"}):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "The record cannot be reached just now" in answer.text
        assert "before you send it again" in answer.text
        mark = answer.text.partition("<code>")[2].partition("</code>")[0]
        assert f"store failure {mark} at " in caplog.text
        for text in (answer.text, caplog.text):
            assert "/data" not in text


def test_a_handler_that_says_nothing_is_closed_to_everybody(site: Site) -> None:
    @get("/forgotten", name="forgotten", sync_to_thread=False)
    def forgotten(request: Request[Any, Any, Any]) -> str:
        return "open after all"

    site.app.register(forgotten)
    assert site.client(None).get("/forgotten").status_code == 303
    for role in ("physician", "administrator", "patient"):
        client = site.client(role)
        assert client.get("/forgotten").status_code == 403
    refused = site.office.access.entries(limit=1)[0]
    assert (refused.act, refused.via, refused.place) == ("none", "refused", "forgotten")


PAGES_OF_ALL_KINDS = {
    "/sign-in": 200,
    "/board": 200,
    "/no-such-page": 404,
    "/accounts": 403,
    f"/courses/{COURSE}": 200,
    "/static/cartway.css": 200,
}


@pytest.mark.parametrize(("path", "status"), PAGES_OF_ALL_KINDS.items())
def test_every_answer_has_the_headers(site: Site, path: str, status: int) -> None:
    site.course(COURSE)
    client: TestClient[Any] = site.client(None if path == "/sign-in" else "nurse")
    answer = client.get(path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_the_policy_lets_in_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    for opening in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert opening not in policy
    for closed in ("base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert closed in policy


def test_a_file_asked_for_by_its_content_may_be_kept_and_no_page_may(site: Site) -> None:
    page = site.client(None).get("/sign-in").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    kept = site.client(None).get(address)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in (address[:-1] + "x", f"{address[:-12]}0123456789ab", f"{address}&v=1", address.partition("?")[0]):
        assert site.client(None).get(other).headers["cache-control"] == "no-store", "of another version, perhaps"
    assert site.client(None).get("/sign-in?v=0123456789ab").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["%00", "a%00.css", "a" * 5000, "..%2fapp.py", "../app.py", "%ff", "vendor", "", "a%0Ab"]
)
def test_what_no_file_is_called_is_not_there(site: Site, name: str) -> None:
    answer = site.client(None).get(f"/static/{name}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
