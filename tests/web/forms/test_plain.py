"""A form declared by data makes one fact; who signs it proves anew who they are, and signs just what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cartway.pathway.chain import digest
from cartway.pathway.course import CENTER
from cartway.problem import Problem
from cartway.record import Fact
from cartway.web import app
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.plain import Field, plain
from cartway.web.forms.serving import center_handlers, handlers
from cartway.web.forms.signing import Signs
from web.conftest import PASSWORD, START, Site
from web.forms.bedside import Bedside, Page, drawn


def odd(fact: Fact, chart: Chart) -> Draft:
    if fact.detail.get("reason") == "wrong":
        return flawed("reason", Problem("refused", "That is wrong.", "Say another."))
    return doubted("number", str(fact.value), "Is it that cold?") if fact.value and fact.value < -190 else Draft()


LOGGER = plain(
    "read a logger", "/courses/{course:str}/logger", Act.verify, "Logger", "temperature_log",
    [
        Field("value", needed=True),
        Field("about", "Container", needed=True, options=lambda chart: [("bag-1", "Bag 1", "")]),
        Field("detail.leg"), Field("detail.readings"),
    ],
    back="/courses/{course:str}/logger", check=odd,
)  # fmt: skip
BAND = plain(
    "check a band", "/courses/{course:str}/band", Act.verify, "Band", "verification",
    [Field("choice", only=("matched", "mismatched"), needed=True), Field("detail.missing"), Field("until", "Until")],
    back="/courses/{course:str}/band", about="bag-1", fixed={"step": "bedside"}, signs=Signs("performed", "verified"),
)  # fmt: skip
GATE = plain(
    "see to a gate", "/courses/{course:str}/see-to-gate", Act.coordinate, "Gate", "gate",
    [Field("choice", needed=True), Field("detail.due", kind="day"), Field("detail.text", kind="note")],
    back="/courses/{course:str}/see-to-gate", about="payer", signs=Signs("approved"),
)  # fmt: skip
CHAIR = plain(
    "name a chair", "/name-a-chair", Act.coordinate, "Chair", "resource",
    [Field("about", "Name", needed=True), Field("choice", needed=True), Field("detail.capacity")],
    back="/name-a-chair", founds=True,
)  # fmt: skip


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    forms = (*handlers(LOGGER), *handlers(BAND), *handlers(GATE), *center_handlers(CHAIR))
    monkeypatch.setattr(app, "PATHWAY", forms)
    made = Site(tmp_path)
    made.now = START
    yield made
    made.app.state.stores.close()


@pytest.fixture
def bed(ward: Site) -> Bedside:
    return Bedside(ward, "nurse", drawn(ward))


def second(site: Site, role: str = "cell_laboratory", courses: tuple[str, ...] = ("*",)) -> str:
    return site.account(role, courses).name


def test_a_fact_is_made_of_its_fields(bed: Bedside) -> None:
    (fact,) = bed.record("logger", value="-160,5", about="bag-1", leg="product", readings="1440")
    assert (fact.what, fact.value, fact.unit, fact.about) == ("temperature_log", -160.5, "Cel", "bag-1")
    assert fact.detail == {"leg": "product", "readings": 1440}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"about": "bag-1"}, "Temperature logger read is missing"),
        ({"value": "cold", "about": "bag-1"}, "not a number"),
        ({"value": "-400", "about": "bag-1"}, "Nothing was recorded"),
        ({"value": "-160", "about": "bag-2"}, "no such choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(bed: Bedside, typed: dict[str, str], said: str) -> None:
    answer = bed.send("logger", **typed)
    assert answer.status_code == 422
    assert said in Page(answer.text).words


def test_what_is_doubtful_is_asked_once(bed: Bedside) -> None:
    asked = Page(bed.send("logger", value="-195", about="bag-1").text)
    assert "Is it that cold?" in asked.words
    assert bed.post("logger", asked.fields).status_code == 303


def test_two_people_sign_what_was_recorded(ward: Site, bed: Bedside) -> None:
    facts = bed.record(
        "band", choice="matched", missing="certificate, order", sign_password=PASSWORD,
        second_name=second(ward), second_password=PASSWORD,
    )  # fmt: skip
    check, *signatures = facts
    assert (check.choice, check.about, check.detail["step"]) == ("matched", "bag-1", "bedside")
    assert check.detail["missing"] == ["certificate", "order"]
    assert [each.detail["meaning"] for each in signatures] == ["performed", "verified"]
    assert len({each.detail["signer"] for each in signatures}) == 2
    assert {each.event for each in facts} == {check.event} == {each.about for each in signatures}
    assert {each.detail["digest"] for each in signatures} == {digest([check])}
    assert digest([msgspec.structs.replace(check, choice="mismatched")]) != digest([check])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Your signature is missing"),
        (
            {"sign_password": "not the password", "second_name": "nobody", "second_password": PASSWORD},
            "password is not right",
        ),
        ({"sign_password": PASSWORD}, "second signature is missing"),
        ({"sign_password": PASSWORD, "second_name": "nobody", "second_password": PASSWORD}, "password is not right"),
    ],
)
def test_who_does_not_prove_it_signs_nothing(ward: Site, bed: Bedside, typed: dict[str, str], said: str) -> None:
    before = ward.office.log.position()
    answer = bed.send("band", choice="matched", **typed)
    assert answer.status_code == 422
    assert said in Page(answer.text).words
    assert PASSWORD not in answer.text and "not the password" not in answer.text
    assert ward.office.log.position() == before


def test_a_password_typed_as_a_name_is_not_shown(bed: Bedside) -> None:
    answer = bed.send("band", choice="matched", sign_password="x", second_name=PASSWORD, second_password="y")  # noqa: S106
    assert answer.status_code == 422 and PASSWORD not in answer.text


def test_nobody_signs_twice(ward: Site, bed: Bedside) -> None:
    mine = next(each.name for each in ward.office.access.accounts() if each.role == "nurse")
    answer = bed.send("band", choice="matched", sign_password=PASSWORD, second_name=mine, second_password=PASSWORD)
    assert "of the same person" in Page(answer.text).words


@pytest.mark.parametrize(("role", "courses"), [("data_manager", ("*",)), ("nurse", ("another",))])
def test_the_second_signer_may_and_belongs(ward: Site, bed: Bedside, role: str, courses: tuple[str, ...]) -> None:
    other = second(ward, role, courses)
    answer = bed.send("band", choice="matched", sign_password=PASSWORD, second_name=other, second_password=PASSWORD)
    assert "does not sign this" in Page(answer.text).words


def test_a_signature_is_in_the_access_log_and_a_failed_one_too(ward: Site, bed: Bedside) -> None:
    bed.send("band", choice="matched", sign_password="wrong", second_name="x", second_password="y")  # noqa: S106
    bed.record("band", choice="matched", sign_password=PASSWORD, second_name=second(ward), second_password=PASSWORD)
    acts = [entry.act for entry in ward.office.access.entries()]
    assert acts.count("sign") == 2
    assert "sign_in_refused" in acts


def test_a_signed_form_sent_twice_is_one(ward: Site, bed: Bedside) -> None:
    fields = bed.open("band").filled(
        choice="matched", sign_password=PASSWORD, second_name=second(ward), second_password=PASSWORD
    )
    assert bed.post("band", fields).status_code == 303
    position = ward.office.log.position()
    assert bed.post("band", fields).status_code == 303
    assert ward.office.log.position() == position


def test_one_signature_is_enough_where_one_is_asked(ward: Site) -> None:
    bed = Bedside(ward, "coordinator", drawn(ward))
    fact, signature = bed.record("see-to-gate", choice="met", due="2026-03-20", text="By phone", sign_password=PASSWORD)
    assert fact.detail == {"due": "2026-03-20", "text": "By phone"}
    assert signature.detail["role"] == "coordinator"
    assert "cannot be read" in Page(bed.send("see-to-gate", choice="met", due="20 March").text).words


def test_the_center_has_a_record_of_its_own(ward: Site) -> None:
    client = ward.client("coordinator")
    page = Page(client.get("/name-a-chair").text)
    typed = dict(page.filled(about="chair 1", choice="apheresis_chair", capacity="1"))
    assert ward.post(client, "/name-a-chair", typed).status_code == 303
    (fact,) = ward.facts(CENTER)
    assert (fact.about, fact.choice, fact.detail) == ("chair 1", "apheresis_chair", {"capacity": 1})
    ward.settle()
    assert ward.office.ward.standing(CENTER) is None, "no bed of the ward"
