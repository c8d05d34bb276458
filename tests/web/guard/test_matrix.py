"""The access matrix: every endpoint of the application x everybody who may ask x every course they may ask for.

The endpoints are read from the application, so none can be forgotten; what is expected comes from table.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient

from cartway.times import HOUR, Instant, parse
from cartway.web import office
from cartway.web.access import EVERY, Account, Role, Session, open_access
from cartway.web.config import Oidc
from cartway.web.demo.clock import wind
from cartway.web.demo.examples import trial_folder
from cartway.web.guard import gate
from cartway.web.guard.gate import COOKIE

from ..conftest import PASSWORD, Site, examples
from .table import (
    ALL,
    BROKEN,
    CHOOSE,
    COURSE,
    ELSEWHERE,
    MENDED,
    MINE,
    NEW,
    NO_SUCH,
    NONE_OF_ALL,
    NOT_THEIRS,
    OTHERS,
    REFUSED,
    ROLES,
    SCREEN,
    SIGN_IN,
    SITUATIONS,
    THROUGH,
    WHO,
    WHO_ASKS,
    expected,
)

NOW = parse("2026-03-18T03:00Z")
MINE_NAME, OTHERS_NAME = sorted(examples())[:2]
NO_NAME = "no-such-course"
TRIAL = "DEMO-TREE-6"
NOTHING_THERE = {f"GET {COURSE}/labels/{{position:int}}", "GET /plan/proposal"}
"""No label was printed here within the quarter of an hour in which its paper can be had, and no plan proposed."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PROVIDER = Oidc("http://127.0.0.1:1", "cartway", "secret", "roles", ())  # nobody listens there


def size() -> tuple[int, int, int]:
    """How many endpoints, who asks, and the cells of the matrix."""
    of_course = sum("{course:str}" in endpoint for endpoint in WHO)
    cells = len(WHO_ASKS) * (of_course * len(SITUATIONS) + len(WHO) - of_course)
    return len(WHO), len(WHO_ASKS), cells


class Stage:
    """An application with everything turned on, and sessions of everybody, opened once."""

    def __init__(self, site: Site, client: TestClient[Litestar]) -> None:
        self.site, self.client, self.access = site, client, site.office.access
        self._numbers = itertools.count(1)
        client.get("/sign-in")
        self.csrf_name, self.csrf = next((n, v) for n, v in client.cookies.items() if "csrf" in n)
        client.cookies.clear()
        self.someone = self._account("nurse", [], name="someone")
        self._tokens: dict[tuple[str, str], str] = {}

    def ask(self, method: str, path: str, token: str, *, csrf: bool = True) -> Any:
        """One request of a browser that goes to a page, with the token of its forms."""
        cookies = {COOKIE: token, self.csrf_name: self.csrf} if token else {self.csrf_name: self.csrf}
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        fields = {"reason": "asked by the access matrix", **({"_csrf_token": self.csrf} if csrf else {})}
        return self.client.request(method, path, headers=headers, data=None if method in {"GET", "HEAD"} else fields)

    def token(self, who: str, situation: str) -> str:
        """A session of one who asks, in a situation."""
        if (who, situation) not in self._tokens:
            self._tokens[who, situation] = self.fresh(who, situation)
        return self._tokens[who, situation]

    def fresh(self, who: str, situation: str) -> str:
        """A session of one's own, for a request that changes it."""
        if who in {"signed out", "a made-up token"}:
            return "" if who == "signed out" else "A" * 43
        began = {"expired": NOW - 13 * HOUR}.get(who, NOW - 61 * 60_000_000 if situation == MENDED else NOW)
        courses = {ALL: [EVERY], NONE_OF_ALL: [EVERY]}.get(situation, [MINE_NAME])
        made = self._account(who if who in ROLES else "physician", courses, must_change=who == NEW)
        session = self._session(made, began, screen=who == SCREEN)
        if who == "disabled":
            self.access.disable(made.id, now=NOW, by="test")
        elif situation in {BROKEN, MENDED, ELSEWHERE}:
            broken = "a-third" if situation == ELSEWHERE else OTHERS_NAME
            self.access.break_glass(session.principal, broken, "opened by the access matrix", now=began)
            self.access.principal(session.token, now=began + 29 * 60_000_000)
            self.access.principal(session.token, now=began + 58 * 60_000_000)
        return session.token

    def _session(self, account: Account, at: Instant, *, screen: bool) -> Session:
        if not screen:
            return self.access.open_session(account.id, now=at)
        opened = self.access.sign_in(account.name, PASSWORD, client="here", now=at, screen=True)
        assert isinstance(opened, Session)
        return opened

    def _account(self, role: str, courses: list[str], *, name: str = "", must_change: bool = False) -> Account:
        name = name or f"{role}-{next(self._numbers)}"
        kind = {"password": PASSWORD, "must_change": must_change}
        made = self.access.create_account(name, Role(role), courses=courses, **kind, now=NOW, by="test")
        assert isinstance(made, Account)
        return made

    def path(self, endpoint: str, situation: str) -> str:
        others = dict.fromkeys((OTHERS, BROKEN, MENDED, ELSEWHERE), OTHERS_NAME)
        course = {MINE: MINE_NAME, ALL: MINE_NAME, **others}
        path = endpoint.partition(" ")[2]
        if path.endswith("/trial"):
            path += f"?trial={TRIAL}"
        for part, value in {
            "{course:str}": course.get(situation, NO_NAME),
            "{position:int}": str(self.first[course.get(situation, MINE_NAME)]),
            "{account:str}": self.someone.id,
            "{file_path:path}": "cartway.css",
            "{topic:str}": "crs",
            "{spoken:str}": "es",
            "{paper:str}": "physician",
        }.items():
            path = path.replace(part, value)
        return path

    @property
    def first(self) -> dict[str, int]:
        """The position of a fact of each course."""
        return {name: self.site.office.log.facts(name)[0].position for name in (MINE_NAME, OTHERS_NAME)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(office, "open_access", partial(open_access, hasher=cheap))
        patch.setattr(gate, "PAGES", 10**9)
        patch.setattr(gate, "SIGN_INS", 10**9)
        patch.setattr(gate, "SEARCHES", 10**9)
        folder = tmp_path_factory.mktemp("matrix")
        clock = wind(folder / "clock", NOW, NOW + 9 * HOUR)
        site = Site(folder, demo=str(folder / "clock"), clock=clock, oidc=PROVIDER, trials=trial_folder())
        site.now = NOW
        for name in (MINE_NAME, OTHERS_NAME):
            site.course(name)
        patch.setattr(site.office.hub, "join", lambda listener: listener.queue.put_nowait(None))  # no endless streams
        with TestClient(site.app, base_url="http://testserver.local") as client:
            client.follow_redirects = False
            yield Stage(site, client)


def endpoints(app: Litestar) -> set[str]:
    """Every endpoint that somebody wrote; Litestar's own OPTIONS have a test of their own."""
    found = set()
    for route in app.routes:
        handlers = getattr(route, "route_handlers", None) or [route.route_handler]
        methods = {method for handler in handlers for method in getattr(handler, "http_methods", {"mounted"})}
        found |= {f"{method} {route.path}" for method in methods - {"OPTIONS"}}
    return found


TOLD = {
    "This is not open to you": REFUSED,
    "You do not belong to this course": NOT_THEIRS,
    "This is not your record": NOT_THEIRS,  # as a patient or a caregiver is told
}


def told(answer: Any) -> str:
    """What kind of answer it is."""
    to, status = answer.headers.get("location", ""), answer.status_code
    if status == 401 or (status == 303 and to.startswith(("/sign-in?next=", "/my/sign-in?next="))):
        return SIGN_IN
    if status == 303 and to == "/password":
        return CHOOSE
    if status == 403:
        return TOLD[heading(answer)]
    if status == 404:
        return NO_SUCH
    assert status in {200, 303, 400, 409, 422}, status
    return THROUGH


def heading(answer: Any) -> str:
    return str(answer.text.partition("<h1>")[2].partition("</h1>")[0])


@pytest.mark.parametrize(
    "count", [len(WHO)], ids=["{} endpoints x {} who ask, {} cells with the courses".format(*size())]
)
def test_every_endpoint_has_a_line_in_the_table(stage: Stage, count: int) -> None:
    found = endpoints(stage.site.app)
    assert found == set(WHO)
    assert len(found) == count


def test_outside_the_demo_and_without_a_provider_there_is_less(site: Site) -> None:
    only = {endpoint for endpoint in WHO if "/demo/" in endpoint or "/oidc" in endpoint}
    assert endpoints(site.app) == set(WHO) - only


def test_no_handler_leaves_open_what_it_is(stage: Stage) -> None:
    """Each is open, or says which act it is; none is both, and only breaking glass is for strangers."""
    handlers = [
        handler
        for route in stage.site.app.routes
        for handler in getattr(route, "route_handlers", [])
        if handler.http_methods != {"OPTIONS"}
    ]
    assert [handler.name for handler in handlers if bool(handler.opt.get("open")) == ("act" in handler.opt)] == []
    assert [handler.name for handler in handlers if not handler.name] == []
    assert [handler.name for handler in handlers if handler.opt.get("stranger")] == ["break the glass"]


OPENED = {
    "GET /": {303},
    "GET /sign-in": {200, 303},
    "POST /sign-in": {401, 429},
    "POST /sign-out": {303},
    "GET /sign-in/oidc": {502},
    "GET /sign-in/oidc/back": {400},
    "GET /static/{file_path:path}": {200},
    "HEAD /static/{file_path:path}": {200},
    "GET /demo/sign-in": {200},
    "POST /demo/sign-in": {303},
    "GET /demo/clock": {200},
    "GET /urgent": {200},
    "GET /urgent/{spoken:str}": {200},
    "GET /worker.js": {200},
    "GET /read": {200},
    "GET /read/{topic:str}": {200},
    "POST /language": {303},
    "GET /my/sign-in": {200, 303},
    "POST /my/sign-in": {401, 429},
}


@pytest.mark.parametrize("endpoint", sorted(OPENED))
def test_what_is_open_is_open_to_everybody(stage: Stage, endpoint: str) -> None:
    for who in WHO_ASKS:
        token = stage.fresh(who, OTHERS) if endpoint == "POST /sign-out" else stage.token(who, OTHERS)
        answer = stage.ask(endpoint.partition(" ")[0], stage.path(endpoint, OTHERS), token)
        assert answer.status_code in OPENED[endpoint], who


GUARDED = sorted(set(WHO) - set(OPENED))


def kind_of(endpoint: str) -> tuple[object, ...]:
    """What the one guard goes by: the method, who may, whether it is about a course and whether strangers may."""
    method = endpoint.partition(" ")[0]
    return method, WHO[endpoint], "{course:str}" in endpoint, "{account:str}" in endpoint, endpoint.endswith("glass")


FIRST_OF_KIND = {kind_of(endpoint): endpoint for endpoint in reversed(GUARDED)}


@pytest.mark.parametrize("endpoint", GUARDED, ids=lambda endpoint: endpoint.replace(" ", "_"))
def test_the_matrix(stage: Stage, endpoint: str) -> None:
    """One endpoint: everybody, and every course where it is about one. Of endpoints of one kind, which the same lines
    of the guard judge, the first is asked in every situation, the others by every role for their own course and one
    that is another's.
    """
    whole = FIRST_OF_KIND[kind_of(endpoint)] == endpoint
    ask_all(stage, endpoint, WHO_ASKS if whole else (*ROLES, "signed out"), SITUATIONS if whole else (MINE, OTHERS))


@pytest.mark.soak
@pytest.mark.parametrize("endpoint", GUARDED, ids=lambda endpoint: endpoint.replace(" ", "_"))
def test_the_whole_matrix(stage: Stage, endpoint: str) -> None:
    """Each endpoint in each situation."""
    ask_all(stage, endpoint, WHO_ASKS, SITUATIONS)


def ask_all(stage: Stage, endpoint: str, who_asks: Sequence[str], situations: Sequence[str]) -> None:
    """Ask one endpoint and hold every answer against the table."""
    situations = situations if "{course:str}" in endpoint else (MINE,)
    method = endpoint.partition(" ")[0]
    opened = stage.fresh if endpoint.endswith("/break-glass") else stage.token
    wrong = {}
    for who in who_asks:
        for situation in situations:
            answer = stage.ask(method, stage.path(endpoint, situation), opened(who, situation))
            found, wanted = told(answer), expected(endpoint, who, situation)
            if endpoint in NOTHING_THERE and (found, wanted) == (NO_SUCH, THROUGH):
                continue
            if found != wanted:
                wrong[who, situation] = f"{found}, not {wanted}"
            elif method == "GET" and found == THROUGH:
                assert answer.status_code in {200, 303}, (who, situation)
    assert wrong == {}


@pytest.mark.parametrize("endpoint", sorted(endpoint for endpoint in WHO if "{course:str}" in endpoint))
def test_each_look_at_a_course_and_each_refusal_is_in_the_log(stage: Stage, endpoint: str) -> None:
    method = endpoint.partition(" ")[0]
    breaks = endpoint.endswith("/break-glass")
    opened = stage.fresh if breaks else stage.token
    whole = FIRST_OF_KIND[kind_of(endpoint)] == endpoint
    for who in ROLES if whole else ("nurse", "data_manager", "patient"):
        for situation, right in {MINE: {"assignment", "own"}, OTHERS: {"refused"}, BROKEN: {"break_glass"}}.items():
            token, path = opened(who, situation), stage.path(endpoint, situation)
            before = stage.access.entries(limit=1)[0].number
            answer = stage.ask(method, path, token)
            new = [entry for entry in stage.access.entries(limit=5) if entry.number > before]
            vias = {entry.via for entry in new if entry.course and entry.course in path}
            if told(answer) in {REFUSED, NOT_THEIRS}:
                assert "refused" in vias, (who, situation)
            elif breaks and situation == OTHERS:
                assert vias == {"break_glass"}, who
            else:
                assert vias & right, (who, situation)


@pytest.mark.parametrize("path", sorted({endpoint.partition(" ")[2] for endpoint in WHO}))
def test_another_method_is_no_way_in(stage: Stage, path: str) -> None:
    known = {endpoint.partition(" ")[0] for endpoint in WHO if endpoint.partition(" ")[2] == path}
    for who in ("physician", "administrator", "signed out"):
        for method in set(METHODS) - known:
            answer = stage.ask(method, stage.path(f"x {path}", ALL), stage.token(who, ALL))
            assert answer.status_code == 405, (who, method)


@pytest.mark.parametrize("endpoint", sorted(endpoint for endpoint in WHO if endpoint.startswith("POST")))
def test_no_post_gets_through_without_the_token_of_its_page(stage: Stage, endpoint: str) -> None:
    roles = sorted(WHO[endpoint] & set(ROLES)) or ["physician"]
    facts = stage.site.office.log.position()
    for who in roles:
        token = stage.token(who, MINE)  # the first time, its sign-in is logged
        before = stage.access.entries(limit=1)[0].number
        answer = stage.ask("POST", stage.path(endpoint, MINE), token, csrf=False)
        assert answer.status_code == 403, who
        assert heading(answer) == "This page was too old to send"
        assert "Nothing was recorded." in answer.text
        assert stage.access.entries(limit=1)[0].number == before
    assert stage.site.office.log.position() == facts


def test_options_tell_nobody_anything(stage: Stage) -> None:
    """Litestar answers OPTIONS by itself; the guard stands before it as before everything."""
    for endpoint in WHO:
        if "/static/" in endpoint:
            continue
        path = stage.path(endpoint, OTHERS)
        assert stage.ask("OPTIONS", path, "").status_code in {303, 401}, endpoint
        assert stage.ask("OPTIONS", path, stage.token("nurse", OTHERS)).status_code == 403, endpoint
