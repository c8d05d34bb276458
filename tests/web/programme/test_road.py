"""A course's road and its forms: what is entered there is on the road at once."""

from __future__ import annotations

import re

import pytest

from cartway.record import Fact
from cartway.times import MINUTE
from web.conftest import Site
from web.forms.bedside import Bedside, Page


def words(site: Site, course: str, role: str = "coordinator") -> str:
    answer = site.client(role).get(f"/courses/{course}/pathway")
    assert answer.status_code == 200, answer.text
    return Page(answer.text).words


def test_the_road_says_where_the_course_is_and_what_is_next(programme: Site) -> None:
    found = words(programme, "p04")
    for told in (
        "To be collected fast disease urgent referral simulated",
        "High-grade B-cell lymphoma · axi-cel · referred Thu Feb 26 (18 days ago) by Lakeside Oncology",
        "Next: collection",
        "planned for Mar 19, before the washout ends on Mar 23",
        "Being made begins Thu Mar 19 (in 3 days)",
    ):
        assert told in found


def test_a_course_collected_again_visits_its_stages_twice(programme: Site) -> None:
    found = words(programme, "p08")
    assert "To be collected again Mon Feb 23 , 10 d" in found
    assert "Collect again No cells kept back; counts are better now" in found
    assert "Since the first collection 33 d" in found


def test_a_course_that_ended_says_how_and_asks_for_nothing(programme: Site) -> None:
    found = words(programme, "p12")
    assert "Withdrawn by the patient Mon Mar 9 (7 days ago)" in found
    assert "He wants to stay at home. It ended while it was: to be ordered." in found
    assert "Next:" not in found


def test_where_the_usual_comes_from_is_said(programme: Site) -> None:
    assert "Source of the usual:" in words(programme, "p10")
    assert "not confirmed" in words(programme, "p07")


def test_an_unknown_course_and_the_centers_record_are_no_road(programme: Site) -> None:
    client = programme.client("coordinator")
    assert client.get("/courses/nobody/pathway").status_code == 404
    assert client.get("/courses/center/pathway").status_code in {403, 404}


def test_who_does_not_belong_to_it_does_not_see_it(programme: Site) -> None:
    assert programme.client("coordinator", ("p01",)).get("/courses/p04/pathway").status_code == 403


@pytest.mark.parametrize("role", ["nurse", "data_manager", "apheresis"])
def test_who_only_looks_gets_no_forms(programme: Site, role: str) -> None:
    html = programme.client(role).get("/courses/p04/pathway").text
    assert not re.search(r'href="/courses/p04/(slot|order|close|gates/payer|repeat)"', html)
    assert programme.client(role).get("/courses/p04/slot").status_code == 403


def one(facts: list[Fact], what: str) -> Fact:
    return next(fact for fact in facts if fact.what == what)


def test_a_gate_with_owner_and_day(programme: Site) -> None:
    desk = Bedside(programme, "coordinator", "p03")
    (fact,) = desk.record(
        "gates/payer", choice="open", owner="coordinator", due="2026-03-20", number="A-1", text="Asked"
    )
    assert (fact.what, fact.about, fact.choice) == ("gate", "payer", "open")
    assert fact.detail == {
        "gate": "payer",
        "owner": "coordinator",
        "due": "2026-03-20",
        "number": "A-1",
        "text": "Asked",
    }
    assert "Fri Mar 20 (in 4 days)" in words(programme, "p03")
    desk.record("gates/payer", choice="met", number="A-1")
    assert "done on Mar 16: A-1" in words(programme, "p03")


def test_a_consent_is_signed_in_a_version(programme: Site) -> None:
    desk = Bedside(programme, "coordinator", "p01")
    refused = desk.send("gates/consent", choice="met")
    assert refused.status_code == 422
    assert "The version that was signed is missing." in Page(refused.text).words
    facts = desk.record("gates/consent", choice="met", version="4")
    assert one(facts, "consent").detail == {"version": "4", "to": "treatment"}
    assert len({fact.event for fact in facts}) == 1
    assert "signed on Mar 16, version 4" in words(programme, "p01")


def test_a_caregiver_named_is_what_the_candidacy_asks_for(programme: Site) -> None:
    facts = Bedside(programme, "coordinator", "p03").record("gates/caregiver", choice="met", text="A sister")
    assert one(facts, "caregiver").choice == "yes"


def test_lodging_is_a_travel_time(programme: Site) -> None:
    (fact,) = Bedside(programme, "coordinator", "p10").record("lodging", value="40", lodging="hotel")
    assert (fact.what, fact.value) == ("travel_time", 40)
    assert "40 min from hotel; the limit is 60 min" in words(programme, "p10")


@pytest.mark.parametrize(
    ("course", "form", "role", "typed", "what", "told"),
    [
        ("p02", "tumor-board", "physician", {"choice": "deferred", "text": "New scan"}, "tumor_board", "New scan"),
        ("p03", "choose-product", "physician", {"choice": "tisagenlecleucel"}, "product_chosen", "tisa-cel"),
        ("p03", "order", "coordinator", {"choice": "placed", "order": "O-1"}, "product_order", "To be collected"),
        (
            "p04", "slot", "coordinator", {"choice": "confirmed", "about": "S-104", "collection_day": "2026-03-24"},
            "manufacturing_slot", "planned for Mar 24",
        ),
        ("p06", "pace", "physician", {"choice": "fast"}, "disease_pace", "fast disease"),
        ("p03", "bridging", "coordinator", {"choice": "none"}, "bridging_therapy", "None, observation"),
        ("p10", "restaging", "physician", {"choice": "progression", "method": "PET"}, "restaging", "fast disease"),
        ("p01", "record-referral", "coordinator", {"from": "Lakeside", "owner": "jo"}, "referral", "jo"),
    ],
)  # fmt: skip
def test_each_form_makes_its_fact_and_goes_back_to_the_road(
    programme: Site, course: str, form: str, role: str, typed: dict[str, str], what: str, told: str
) -> None:
    desk = Bedside(programme, role, course)
    sent = desk.send(form, **typed)
    assert sent.headers["location"].startswith(f"/courses/{course}/pathway?entered=")
    assert programme.office.log.facts(course)[-1].what == what
    assert told in words(programme, course)


def test_making_again_and_ending_are_a_physicians(programme: Site) -> None:
    desk = Bedside(programme, "physician", "p06")
    (fact,) = desk.record("repeat", choice="recollect", text="The bag broke")
    assert (fact.what, fact.choice) == ("apheresis_request", "recollect")
    assert "To be collected again" in words(programme, "p06")
    assert programme.client("coordinator").get("/courses/p06/repeat").status_code == 403


def test_nothing_is_done_again_that_was_not_done(programme: Site) -> None:
    refused = Bedside(programme, "physician", "p03").send("repeat", choice="recollect", text="Why not")
    assert "No collection is recorded" in Page(refused.text).words
    ended = Bedside(programme, "physician", "p12").send("repeat", choice="switch_product", text="Why not")
    assert "This course has ended." in Page(ended.text).words


def test_what_was_infused_is_not_made_again(programme: Site) -> None:
    programme.record([{"course": "p11", "at": programme.now, "what": "infusion", "choice": "idecabtagene_vicleucel"}])
    refused = Bedside(programme, "physician", "p11").send("repeat", choice="remanufacture", text="Again")
    assert "The cells were given." in Page(refused.text).words


def test_a_course_ends_and_is_opened_again(programme: Site) -> None:
    desk = Bedside(programme, "physician", "p03")
    assert 'value="reopened"' not in programme.client("physician").get("/courses/p03/close").text
    desk.record("close", choice="withdrawn", text="Moves away")
    assert "Withdrawn by the patient" in words(programme, "p03")
    assert 'value="withdrawn"' not in programme.client("physician").get("/courses/p03/close").text
    programme.now += MINUTE
    desk.record("close", choice="reopened", text="Stays after all")
    assert "reopened" in words(programme, "p03")
    assert "Next: order of the product" in words(programme, "p03")


def test_a_death_is_asked_about_once_more(programme: Site) -> None:
    desk = Bedside(programme, "physician", "p03")
    asked = desk.send("record-death", choice="progression")
    assert asked.status_code == 422
    assert "Is it the right patient?" in Page(asked.text).words
    assert desk.post("record-death", Page(asked.text).fields).status_code == 303
    assert words(programme, "p03").count("Died") >= 1


def test_the_version_of_the_consent_is_the_centers(programme: Site) -> None:
    client = programme.client("coordinator")
    page = Page(client.get("/programme/consent-version").text)
    sent = programme.post(
        client, "/programme/consent-version", dict(page.filled(choice="met", version="5")) | {"taken": "", "ago": ""}
    )
    assert sent.status_code == 303, sent.text
    programme.settle()
    assert "signed on Mar 12 in version 4; version 5 is in force" in words(programme, "p03")
