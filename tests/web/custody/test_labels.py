"""A label is on record before it is on paper; again only with a reason; and names are only for who may see them."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from cartway.times import MINUTE
from pathway.chain.drawn import APHERESIS, COI, DIN
from web.conftest import Site
from web.custody.conftest import COURSE
from web.forms.bedside import Bedside, Page


def paper(who: Bedside) -> str:
    """The text of the label that was printed last."""
    page = Page(who.client.get(who.path("labels")).text)
    address = next(link for link in page.links if link.startswith(f"/courses/{COURSE}/labels/"))
    answer = who.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    (sheet,) = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(sheet.extract_text().split())


def test_the_paper_of_a_recorded_print(lab: Bedside) -> None:
    (printed,) = lab.record("print-label", about=APHERESIS, size="full")
    assert (printed.choice, printed.detail) == ("first", {"size": "full"})
    said = paper(lab)
    for each in (COI, f"{DIN[:5]} {DIN[5:7]} {DIN[7:]} *", "Magdalena Ostrowska", "FOR AUTOLOGOUS USE ONLY"):
        assert each in said, each
    assert "NOT EVALUATED FOR INFECTIOUS SUBSTANCES" in said


def test_a_donor_who_was_evaluated(lab: Bedside) -> None:
    lab.record("print-label", about=APHERESIS, size="full", evaluated="yes")
    assert "NOT EVALUATED" not in paper(lab)


def test_again_needs_a_reason_and_says_so_on_the_paper(lab: Bedside) -> None:
    lab.record("print-label", about=APHERESIS, size="half")
    refused = lab.send("print-label", about=APHERESIS, size="half")
    assert "printed before" in Page(refused.text).words
    (again,) = lab.record("print-label", about=APHERESIS, size="half", reason="Smudged")
    assert again.choice == "reprint"
    assert "PRINTED AGAIN" in paper(lab)


def test_the_paper_is_not_to_be_had_for_ever_nor_without_a_record(ward: Site, lab: Bedside) -> None:
    (printed,) = lab.record("print-label", about=APHERESIS, size="full")
    address = lab.path(f"labels/{printed.position}")
    assert lab.client.get(address).status_code == 200
    ward.now += 16 * MINUTE
    assert lab.client.get(address).status_code == 404
    assert lab.client.get(lab.path("labels/1")).status_code == 404
    assert "time is over" in Page(lab.client.get(lab.path("labels")).text).words


def test_sentences_that_nobody_confirmed_say_so(lab: Bedside) -> None:
    lab.record("print-label", about=APHERESIS, size="full")
    said = Page(lab.client.get(lab.path("labels")).text).words
    assert "21 CFR 1271.90" in said
    assert "not confirmed" in said


def test_what_does_not_fit_is_told_with_what_to_do(ward: Site, lab: Bedside) -> None:
    long = {"sec": "S" * 40, "division": "D" * 60, "component": "C" * 60, "din": DIN, "expires": "E" * 90}
    bag = {"what": "container", "choice": "apheresis_bag", "about": "APH-9", "detail": long}
    ward.record([{"course": COURSE, "at": ward.now, "source": "test", **bag}])
    lab.record("print-label", about="APH-9", size="tag")
    assert "Choose a larger label" in Page(lab.client.get(lab.path("labels")).text).words


@pytest.mark.parametrize("role", ["nurse", "physician", "data_manager", "patient"])
def test_labels_are_the_laboratorys(ward: Site, role: str) -> None:
    assert ward.client(role).get(f"/courses/{COURSE}/labels").status_code == 403
