"""Signing in at the hospital's identity provider, against a real one on loopback, and everything that may be forged."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from litestar.testing import TestClient

from cartway.problem import Problem
from cartway.times import MINUTE
from cartway.web.access import Role
from cartway.web.config import Config, Oidc
from cartway.web.guard.configured import oidc_from_environment
from cartway.web.guard.gate import COOKIE
from cartway.web.guard.provider import role_of

from ..conftest import START, Site
from .provider import CLIENT, SECRET, OpenIdProvider, open_id_provider, signed

ROLES = (("physician", "ward-doctor"), ("nurse", "ward-nurse"))


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with open_id_provider(lambda: START) as running:
        running.claims["roles"] = ["ward-doctor"]
        yield running


@pytest.fixture
def site(make_site: Callable[..., Site], provider: OpenIdProvider) -> Site:
    return make_site(oidc=Oidc(provider.issuer, CLIENT, SECRET, "roles", ROLES))


def to_provider(client: TestClient[Any], back: str = "/board") -> str:
    """Begin, be signed in there; the address that the provider sends the browser back to."""
    there = client.get("/sign-in/oidc", params={"next": back})
    assert there.status_code == 303
    answer = httpx.get(there.headers["location"], follow_redirects=False)
    parts = urlsplit(answer.headers["location"])
    assert parts.path == "/sign-in/oidc/back"
    return f"{parts.path}?{parts.query}"


def in_at(site: Site, client: TestClient[Any], address: str) -> Any:
    """The answer to coming back, and that nobody is signed in unless it says so."""
    answer = client.get(address)
    is_in = client.get("/board").status_code == 200
    assert is_in == (answer.status_code == 303)
    return answer


def test_one_button_signs_in_and_goes_on_to_the_page(site: Site) -> None:
    client = site.client(None)
    assert "Sign in with the hospital" in client.get("/sign-in").text
    answer = in_at(site, client, to_provider(client, "/board?x=1"))
    assert answer.headers["location"] == "/board?x=1"
    made = site.office.access.by_name("ward.doctor")
    assert made is not None
    assert (made.role, made.display, made.local, made.courses) == (Role.physician, "Ward Doctor", False, frozenset())
    assert ("sign_in", "provider") in {(each.act, each.via) for each in site.office.access.entries(account=made.id)}


def test_the_same_person_comes_back_to_the_same_account_in_the_role_of_now(site: Site, provider: Any) -> None:
    client = site.client(None)
    in_at(site, client, to_provider(client))
    first = site.office.access.by_name("ward.doctor")
    provider.claims |= {"roles": ["ward-nurse"], "name": "Ward Nurse now"}
    again = site.client(None)
    in_at(site, again, to_provider(again))
    accounts = [account for account in site.office.access.accounts() if not account.local]
    assert first is not None
    assert [(account.id, account.role) for account in accounts] == [(first.id, Role.nurse)]


@pytest.mark.parametrize("roles", [None, [], ["cleaner"], "", 7, {"physician": True}])
def test_who_has_none_of_our_roles_is_refused_with_the_reason(site: Site, provider: Any, roles: Any) -> None:
    provider.claims["roles"] = roles
    client = site.client(None)
    answer = in_at(site, client, to_provider(client))
    assert answer.status_code == 403
    assert "gives you no role on this board" in answer.text
    assert site.office.access.by_name("ward.doctor") is None


def test_a_disabled_account_is_not_opened_by_the_provider(site: Site) -> None:
    client = site.client(None)
    in_at(site, client, to_provider(client))
    made = site.office.access.by_name("ward.doctor")
    assert made is not None
    site.office.access.disable(made.id, now=site.now, by="test")
    other = site.client(None)
    answer = in_at(site, other, to_provider(other))
    assert answer.status_code == 403
    assert "disabled" in answer.text


def test_the_provider_does_not_take_over_an_account_kept_here(site: Site) -> None:
    site.account("administrator", name="ward.doctor")
    client = site.client(None)
    assert in_at(site, client, to_provider(client)).status_code == 400


# What may be forged in the ID token

OTHER = RSAKey.generate_key(2048, {"kid": "one"})


def unsigned(claims: dict[str, Any]) -> str:
    """alg none, with an empty signature."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def by_another_key(claims: dict[str, Any]) -> str:
    return signed(claims, OTHER)


def by_the_client_secret(claims: dict[str, Any]) -> str:
    """HS256: our client secret, or the provider's public key, taken for the key."""
    from joserfc import jwt

    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET * 2))


def altered(claims: dict[str, Any]) -> str:
    """The payload exchanged under a right signature."""
    from .provider import _KEY

    head, _, signature = signed(claims, _KEY).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "another"}).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def without_signature(claims: dict[str, Any]) -> str:
    from .provider import _KEY

    return signed(claims, _KEY).rpartition(".")[0] + "."


def no_token(_: dict[str, Any]) -> str:
    return "not a token"


@pytest.mark.parametrize("sign", [unsigned, by_another_key, by_the_client_secret, altered, without_signature, no_token])
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(site: Site, provider: Any, sign: Any) -> None:
    provider.sign = sign
    refuses(site)


SECONDS = START // 1_000_000
FORGED = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "wrong audience": {"aud": "another-board"},
    "several audiences, none ours": {"aud": ["another-board", "a-third"]},
    "several audiences, made for another": {"aud": [CLIENT, "another-board"], "azp": "another-board"},
    "no audience": {"aud": None},
    "wrong issuer": {"iss": "https://another.example"},
    "no issuer": {"iss": None},
    "expired": {"iat": SECONDS - 900, "exp": SECONDS - 600},
    "no expiry": {"exp": None},
    "from the future": {"iat": SECONDS + 3600, "exp": SECONDS + 7200},
    "not valid yet": {"nbf": SECONDS + 3600},
    "no subject": {"sub": None},
    "for another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_for_this_sign_in_signs_nobody_in(site: Site, provider: Any, claims: Any) -> None:
    provider.claims |= claims
    refuses(site)


def refuses(site: Site) -> None:
    client = site.client(None)
    answer = in_at(site, client, to_provider(client))
    assert answer.status_code == 400
    assert "could not be trusted" in answer.text
    assert [account for account in site.office.access.accounts() if not account.local] == []


# What may be forged on the way back


def test_an_answer_counts_once(site: Site, provider: Any) -> None:
    """Also with the browser's cookie kept, and with a fresh code."""
    client = site.client(None)
    address = to_provider(client)
    cookie = client.cookies["cartway_oidc"]
    in_at(site, client, address)
    assert "cartway_oidc" not in client.cookies
    other = site.client(None)
    other.cookies.set("cartway_oidc", cookie)
    assert in_at(site, other, address).status_code == 400
    fresh = httpx.get(to_authorize(address, provider), follow_redirects=False).headers["location"]
    other.cookies.set("cartway_oidc", cookie)
    assert in_at(site, other, f"/sign-in/oidc/back?{urlsplit(fresh).query}").status_code == 400


def to_authorize(address: str, provider: Any) -> str:
    """The provider's page once more for the state of a sign-in that is over."""
    state = parse_qs(urlsplit(address).query)["state"][0]
    asked = {"client_id": CLIENT, "response_type": "code", "scope": "openid", "code_challenge_method": "S256"}
    asked |= {"state": state, "redirect_uri": "http://testserver.local/sign-in/oidc/back", "code_challenge": "x"}
    return str(httpx.URL(f"{provider.issuer}/authorize", params={**asked, "nonce": "x"}))


def test_a_code_counts_once_at_the_provider(site: Site, provider: Any) -> None:
    client, other = site.client(None), site.client(None)
    code = parse_qs(urlsplit(to_provider(client)).query)["code"][0]
    provider.codes.clear()
    state = parse_qs(urlsplit(to_provider(other)).query)["state"][0]
    answer = in_at(site, other, f"/sign-in/oidc/back?code={code}&state={state}")
    assert answer.status_code == 400
    assert provider.problems == ["refused a code"]


def test_the_code_of_another_browser_does_not_fit_the_verifier(site: Site, provider: Any) -> None:
    """A code that was stolen on the way, brought in with a sign-in of the thief's own: PKCE."""
    victim, thief = site.client(None), site.client(None)
    stolen = parse_qs(urlsplit(to_provider(victim)).query)["code"][0]
    own = parse_qs(urlsplit(to_provider(thief)).query)["state"][0]
    assert in_at(site, thief, f"/sign-in/oidc/back?code={stolen}&state={own}").status_code == 400
    assert provider.problems == ["refused a code"]


def test_the_answer_to_another_browsers_sign_in_is_refused(site: Site) -> None:
    """Otherwise somebody could be signed in as the attacker without noticing (login CSRF)."""
    attacker, victim = site.client(None), site.client(None)
    address = to_provider(attacker)
    assert in_at(site, victim, address).status_code == 400
    to_provider(victim)
    assert in_at(site, victim, address).status_code == 400


@pytest.mark.parametrize("state", ["", "another", "ä"])
def test_another_state_is_refused(site: Site, state: str) -> None:
    client = site.client(None)
    code = parse_qs(urlsplit(to_provider(client)).query)["code"][0]
    assert in_at(site, client, f"/sign-in/oidc/back?code={code}&state={state}").status_code == 400


@pytest.mark.parametrize("change", [lambda cookie: cookie[:-1] + "x", lambda cookie: "e30." + "0" * 64, lambda _: ""])
def test_a_cookie_that_we_did_not_sign_begins_nothing(site: Site, change: Callable[[str], str]) -> None:
    client = site.client(None)
    address = to_provider(client)
    cookie = client.cookies["cartway_oidc"]
    client.cookies.set("cartway_oidc", change(cookie), domain="testserver.local", path="/")
    assert in_at(site, client, address).status_code == 400


def test_an_answer_after_ten_minutes_is_too_late(site: Site) -> None:
    client = site.client(None)
    address = to_provider(client)
    site.now += 10 * MINUTE
    assert in_at(site, client, address).status_code == 400


def test_an_answer_that_names_another_provider_is_refused(site: Site) -> None:
    """RFC 9207: who asks two providers must not mix up their answers."""
    client = site.client(None)
    address = to_provider(client)
    assert in_at(site, client, f"{address}&iss=https://another.example").status_code == 400


def test_who_says_no_at_the_provider_is_told(site: Site) -> None:
    client = site.client(None)
    state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
    answer = in_at(site, client, f"/sign-in/oidc/back?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "did not sign you in" in answer.text


# The provider itself


def test_a_provider_that_does_not_answer_is_told(site: Site, provider: Any) -> None:
    provider.fails = True
    answer = site.client(None).get("/sign-in/oidc")
    assert answer.status_code == 502
    assert "does not answer as it should" in answer.text
    provider.fails = False
    assert site.client(None).get("/sign-in/oidc").status_code == 303


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://another.example/token"},
        {"jwks_uri": "http://another.example/keys"},
        {"authorization_endpoint": "http://another.example/authorize"},
    ],
)
def test_a_discovery_document_of_another_provider_or_off_tls_is_refused(site: Site, provider: Any, said: Any) -> None:
    provider.metadata = said
    assert site.client(None).get("/sign-in/oidc").status_code == 502


def test_a_provider_that_changes_its_key_is_followed(site: Site, provider: Any) -> None:
    client = site.client(None)
    in_at(site, client, to_provider(client))
    provider.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})
    again = site.client(None)
    assert in_at(site, again, to_provider(again)).status_code == 303


def test_the_address_to_come_back_to_is_the_boards_own(site: Site) -> None:
    there = site.client(None).get("/sign-in/oidc").headers["location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["redirect_uri"] == ["http://testserver.local/sign-in/oidc/back"]
    assert set(asked) >= {"state", "nonce", "code_challenge"}
    assert SECRET not in there


def test_without_a_provider_there_is_no_such_page(make_site: Callable[..., Site]) -> None:
    client = make_site().client(None)
    assert client.get("/sign-in/oidc").status_code == 404
    assert "Sign in with" not in client.get("/sign-in").text


def test_no_log_holds_the_secret_a_code_or_a_token(site: Site, provider: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = site.client(None)
    address = to_provider(client)
    in_at(site, client, address)
    provider.sign = no_token
    other = site.client(None)
    in_at(site, other, to_provider(other))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("cartway"))
    for hidden in (SECRET, client.cookies[COOKIE], parse_qs(urlsplit(address).query)["code"][0], "not a token"):
        assert hidden not in ours
    assert "provider_not_trusted" in ours


# From the environment


def environment(folder: Path, **other: str) -> dict[str, str]:
    secret = folder / "secret"
    secret.write_text(f"{SECRET}\n")
    return {
        "CARTWAY_OIDC_ISSUER": "https://id.example",
        "CARTWAY_OIDC_CLIENT_ID": CLIENT,
        "CARTWAY_OIDC_CLIENT_SECRET_FILE": str(secret),
        "CARTWAY_OIDC_ROLES": "physician=ward-doctor, nurse=ward-nurse",
        **other,
    }


def test_the_environment_names_the_provider(tmp_path: Path) -> None:
    assert oidc_from_environment({}) is None
    assert oidc_from_environment(environment(tmp_path)) == Oidc("https://id.example", CLIENT, SECRET, "roles", ROLES)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"CARTWAY_OIDC_ISSUER": ""}, "oidc_incomplete"),
        ({"CARTWAY_OIDC_ROLES": ""}, "oidc_incomplete"),
        ({"CARTWAY_OIDC_ISSUER": "http://id.example"}, "oidc_not_safe"),
        ({"CARTWAY_OIDC_CLIENT_SECRET_FILE": "/nowhere/secret"}, "oidc_secret"),
        ({"CARTWAY_OIDC_ROLES": "doctor=ward-doctor"}, "oidc_roles"),
        ({"CARTWAY_OIDC_ROLES": "physician="}, "oidc_roles"),
        ({"CARTWAY_OIDC_ROLES": ","}, "oidc_roles"),
    ],
)
def test_what_is_wrong_in_the_environment_is_told(tmp_path: Path, wrong: dict[str, str], code: str) -> None:
    found = oidc_from_environment(environment(tmp_path, **wrong))
    assert isinstance(found, Problem)
    assert found.code == code
    assert SECRET not in str(found)


def test_a_printed_configuration_does_not_hold_the_secret(tmp_path: Path) -> None:
    oidc = oidc_from_environment(environment(tmp_path))
    assert isinstance(oidc, Oidc)
    assert SECRET not in repr(oidc)
    assert SECRET not in repr(Config("sqlite:///a.db", "sqlite:///b.db", lambda: 0, oidc=oidc))


@pytest.mark.parametrize(
    ("claim", "claims", "role"),
    [
        ("roles", {"roles": "ward-nurse"}, Role.nurse),
        ("roles", {"roles": ["ward-nurse", "ward-doctor"]}, Role.physician),  # the first of our list, not of theirs
        ("realm_access.roles", {"realm_access": {"roles": ["ward-nurse"]}}, Role.nurse),
        ("https://id.example/roles", {"https://id.example/roles": ["ward-nurse"]}, Role.nurse),
        ("realm_access.roles", {"realm_access": ["ward-nurse"]}, None),
        ("roles", {"roles": ["ward-nurse-manager", "nurse"]}, None),
    ],
)
def test_the_role_is_read_from_the_claim_that_was_named(claim: str, claims: dict[str, Any], role: Role | None) -> None:
    assert role_of(claims, Oidc("https://id.example", CLIENT, SECRET, claim, ROLES)) is role
