"""The chain's page: where it breaks is loud; and the forms record what the chain reads."""

from __future__ import annotations

import pytest

from cartway.pathway.chain import chain, signers
from cartway.pathway.course import Course
from cartway.times import MINUTE
from pathway.chain.drawn import APHERESIS, AXI, BAG, BOX, COI, DIN, drawn, fact, moved, own_cells, stand_in, until
from web.conftest import PASSWORD, Site
from web.custody.conftest import COURSE, OTHER_BAG, recorded
from web.forms.bedside import Bedside, Page


def page(site: Site, role: str = "cell_laboratory") -> Page:
    answer = site.client(role).get(f"/courses/{COURSE}/chain")
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def course(site: Site) -> Course:
    return Course(site.office.log.facts(COURSE), site.now)


@pytest.fixture
def physician(ward: Site) -> Bedside:
    return Bedside(ward, "physician", COURSE)


def second(site: Site, role: str = "nurse") -> dict[str, str]:
    return {"sign_password": PASSWORD, "second_name": site.account(role).name, "second_password": PASSWORD}


def test_a_sound_chain_is_calm(site: Site) -> None:
    recorded(site, own_cells(), hour=700)
    said = page(site).words
    assert "unbroken so far" in said
    assert "STOP" not in said
    assert f"Given: {BAG}" in said
    assert drawn(own_cells(), hour=700).id == COURSE


def test_a_contradiction_is_loud_and_nobody_may_stand_in(ward: Site) -> None:
    ward.record([fact(599.5, "seal", BOX, "broken", number="S7")])
    said = page(ward, "physician").words
    assert "STOP: the chain is contradicted" in said
    assert "The seal of SHIP-9 was broken or another one." in said
    assert "QUARANTINE" in said


def test_a_gap_says_what_to_do_and_leads_to_a_stand_in_for_who_may_decide(ward: Site) -> None:
    ward.record(moved(599.7, BAG, "Nobody", "Elsewhere")[:1])
    (link,) = [each for each in page(ward, "physician").links if "stand-in?change=hand_over" in each]
    assert BAG in link
    assert not [each for each in page(ward, "nurse").links if "stand-in" in each]


def test_a_stand_in_is_shouted(ward: Site) -> None:
    ward.record(moved(599.7, BAG, "Nobody", "Ward 2")[:1])
    ward.record(stand_in(599.8, "hand_over_not_recorded", BAG, text="seen by both"))
    said = page(ward).words
    assert (
        f"NOT CHECKED, STOOD IN FOR: hand over not recorded of {BAG}, by Ngozi Okafor and Tom Lind: seen by both"
        in said
    )


def test_who_may_not_see_names_sees_none(ward: Site) -> None:
    said = page(ward, "data_manager").words
    assert "Magdalena" not in said
    assert COI in said


def test_an_unknown_course_is_no_page(ward: Site) -> None:
    assert ward.client("nurse").get("/courses/none-such/chain").status_code in (403, 404)
    assert ward.client("nurse").get("/courses/center/chain").status_code in (403, 404)


def test_a_container_is_entered_as_its_label_says(ward: Site, lab: Bedside) -> None:
    (made,) = lab.record(
        "add-container", choice="apheresis_bag", about="APH-2", din=f"={DIN}96", coi=COI, volume_ml="212",
        custodian="Unit",
    )  # fmt: skip
    assert (made.what, made.choice, made.about) == ("container", "apheresis_bag", "APH-2")
    assert made.detail == {"din": DIN, "coi": COI, "volume_ml": 212, "custodian": "Unit"}


def test_a_donation_number_with_a_wrong_check_is_asked_about(lab: Bedside) -> None:
    answer = lab.send("add-container", choice="apheresis_bag", about="APH-2", din="W000026123465*")
    assert answer.status_code == 422
    assert "The check of this donation number is wrong" in Page(answer.text).words


def test_a_container_twice_is_asked_about(lab: Bedside) -> None:
    answer = lab.send("add-container", choice="apheresis_bag", about=APHERESIS)
    assert "recorded already" in Page(answer.text).words


def test_a_second_chain_of_identity_is_asked_about(lab: Bedside) -> None:
    assert "repeated collection keeps it" in Page(lab.send("assign-identity", about="COI-NEW").text).words


def test_a_hand_over_moves_custody_and_seals(ward: Site, lab: Bedside) -> None:
    opened = Page(lab.client.get(lab.path(f"hand-over?change={APHERESIS}")).text)
    assert opened.value("from") == "Holder", "who has it gives it"
    facts = lab.record(
        "hand-over", about=APHERESIS, to="Laboratory", seal="S9", sign_password=PASSWORD, **{"from": "Holder"}
    )  # fmt: skip
    assert [each.what for each in facts] == ["custody", "seal", "signature"]
    assert (facts[0].choice, facts[1].choice, facts[1].detail) == ("handed_over", "applied", {"number": "S9"})
    assert chain(course(ward)).custodians[APHERESIS].who == "Laboratory"


def test_a_collection_is_begun_and_goes_on_with_what_was_said(site: Site) -> None:
    recorded(site, {"identity": own_cells()["identity"]}, hour=24)
    unit = Bedside(site, "apheresis", COURSE)
    assert (unit.open("collect").value("coi"), unit.open("collect").value("donor")) == (COI, "self")
    (begun,) = unit.record("collect", choice="started", din=f"={DIN}96")
    assert (begun.choice, begun.detail["din"], begun.detail["coi"]) == ("started", DIN, COI)
    site.now += 60 * MINUTE
    again = Bedside(site, "cell_laboratory", COURSE).open("collect")
    assert (again.value("choice"), again.value("din")) == ("completed", DIN)


def test_a_collection_without_an_identifier_is_asked_about(site: Site) -> None:
    site.record([{"course": COURSE, "at": site.now, "what": "age", "value": 50, "unit": "a", "source": "test"}])
    answer = Bedside(site, "apheresis", COURSE).send("collect", choice="started", din=DIN, donor="self")
    assert "No chain of identity identifier was assigned yet" in Page(answer.text).words


def test_what_is_to_come_before_a_bag_may_be_given_is_told_and_can_be_stood_in_for(
    ward: Site, physician: Bedside
) -> None:
    said = page(ward).words
    assert f"Before {BAG} may be given" in said
    assert "No check of identity at the bedside." in said
    reason = "Read aloud by both, the scanner is broken"
    physician.record("stand-in", gap=f"bedside_not_checked {BAG}", text=reason, **second(ward))
    assert "STOOD IN FOR: bedside not checked" in page(ward).words


def test_storage_says_where(ward: Site, lab: Bedside) -> None:
    lab.record("store", about=APHERESIS, choice="put", tank="T7", position="B2")
    assert "T7, B2" in page(ward).words


def test_a_quarantine_and_its_lifting_by_two_with_the_holders_reference(
    ward: Site, nurse: Bedside, physician: Bedside
) -> None:
    nurse.record("quarantine", about=BAG, text="Frost on the cassette", sign_password=PASSWORD)
    assert BAG in chain(course(ward)).quarantined
    refused = physician.send("lift-quarantine", about=BAG, text="They said yes", **second(ward))
    assert "reference is missing" in Page(refused.text).words
    ward.now += 5 * MINUTE
    facts = physician.record(
        "lift-quarantine", about=BAG, text="Checked by quality", holder_reference="Q-17", **second(ward)
    )  # fmt: skip
    assert (facts[0].choice, facts[0].detail["holder_reference"]) == ("lifted", "Q-17")
    assert BAG not in chain(course(ward)).quarantined


def test_two_people_stand_in_for_a_gap_with_a_reason(ward: Site, physician: Bedside) -> None:
    ward.record(moved(599.7, BAG, "Nobody", "Ward 2")[:1])
    gap = f"hand_over_not_recorded {BAG}"
    assert "too short" in Page(physician.send("stand-in", gap=gap, text="n/a", **second(ward)).text).words
    facts = physician.record("stand-in", gap=gap, text="Both of us carried it by hand", **second(ward))
    assert (facts[0].about, facts[0].detail["gap"]) == (BAG, "hand_over_not_recorded")
    assert len(signers(course(ward), facts[0])) == 2
    assert [each.gap for each in chain(course(ward)).stand_ins] == ["hand_over_not_recorded"]


def test_nobody_stands_in_for_what_has_not_happened_yet(site: Site) -> None:
    """The bag is still at the holder: no gap of the receipt, the thaw or the bedside is there to vouch for."""
    recorded(site, until(own_cells(), f"shipper {BOX}"), hour=420)
    physician = Bedside(site, "physician", COURSE)
    offered = physician.client.get(physician.path("stand-in")).text
    for gap in ("bedside_not_checked", "thaw_not_recorded", "receipt_not_checked", "no_receipt"):
        assert f"{gap} {BAG}" not in offered
        reason = "We will be short of staff that day"
        answer = physician.send("stand-in", gap=f"{gap} {BAG}", text=reason, **second(site))
        assert answer.status_code == 422, gap
    assert course(site).all("stand_in") == []


def test_a_gap_at_the_bedside_is_offered_once_it_is_thawed(site: Site) -> None:
    recorded(site, until(own_cells(), f"thaw check {BAG}"), hour=590)
    physician = Bedside(site, "physician", COURSE)
    before = physician.client.get(physician.path("stand-in")).text
    assert f"bedside_not_checked {BAG}" not in before
    assert f"thaw_not_recorded {BAG}" in before
    site.now += 6 * MINUTE
    site.record([fact(590.05, "thaw", BAG, "started")])
    assert f"bedside_not_checked {BAG}" in physician.client.get(physician.path("stand-in")).text


@pytest.mark.parametrize(("typed", "about"), [("ax-1041-1", BAG), ("AX-1041", "AX-1041"), (f"={DIN}96", DIN)])
def test_what_is_set_aside_is_named_as_it_is_known(ward: Site, nurse: Bedside, typed: str, about: str) -> None:
    nurse.record("quarantine", about=typed, text="Leaking", sign_password=PASSWORD)
    assert [fact.about for fact in course(ward).all("quarantine")] == [about]


def test_another_patients_bag_can_be_set_aside_by_its_number(ward: Site, nurse: Bedside) -> None:
    nurse.record("quarantine", about=OTHER_BAG.lower(), text="Lay beside ours", sign_password=PASSWORD)
    assert [fact.about for fact in course(ward).all("quarantine")] == [OTHER_BAG]


def test_what_is_set_aside_and_not_known_is_asked_about_and_recorded_without_its_text(
    ward: Site, nurse: Bedside
) -> None:
    answer = nurse.send("quarantine", about="77778888", text="Lay on the floor", sign_password=PASSWORD)
    assert answer.status_code == 422
    assert "This number is not known here" in Page(answer.text).words
    assert nurse.post("quarantine", Page(answer.text).filled(sign_password=PASSWORD)).status_code == 303
    assert [fact.about for fact in course(ward).all("quarantine")] == ["not known here"]
    assert "77778888" not in " ".join(str(each) for each in ward.office.log.facts(COURSE))


def test_nobody_stands_in_for_a_contradiction(ward: Site, physician: Bedside) -> None:
    """It is not offered, and cannot be sent either."""
    ward.record([fact(599.5, "seal", BOX, "broken", number="S7")])
    answer = physician.send("stand-in", gap=f"seal_broken {BAG}", text="It looks fine to us", **second(ward))
    assert answer.status_code == 422
    assert course(ward).all("stand_in") == []


def test_a_deviation_is_signed(ward: Site, lab: Bedside) -> None:
    deviation, _ = lab.record(
        "deviation", choice="opened", about=BAG, severity="major", text="Tank alarm for 4 min", sign_password=PASSWORD
    )  # fmt: skip
    assert deviation.detail == {"severity": "major", "text": "Tank alarm for 4 min"}
    assert "Tank alarm for 4 min" in page(ward).words


def test_what_was_done_is_told_newest_first_with_who_signed(ward: Site) -> None:
    assert "All of it, " in page(ward).words
    said = Page(ward.client("nurse").get(f"/courses/{COURSE}/chain?all=1").text).words
    assert said.index("Thaw: Started") < said.index("Cell collection: Completed")
    assert "Ngozi Okafor, nurse: verified" in said


def test_a_second_infusion_of_the_same_course_is_drawn(site: Site) -> None:
    recorded(site, own_cells(), hour=800)
    site.record([fact(700, "infusion", BAG, AXI, bag=BAG)])
    assert "It was given before" in page(site).words


def test_a_container_that_was_handled_and_never_entered_is_told(ward: Site) -> None:
    ward.record([fact(599, "storage", "BAG-X", "put", tank="T1")])
    assert "BAG-X was handled, and never entered." in page(ward).words
