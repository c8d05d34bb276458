"""A label says whose cells are in the bag, and every code on it reads back as what is printed beside it."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from cartway.exchange.labels import Label, Named, label_pdf, label_png, sizes, stated_on, statements
from cartway.problem import Problem
from cartway.times import parse
from exchange.labels.dots import codes_read

NOW = parse("2026-04-02T11:52Z")
APHERESIS = Label(
    container="APH-2031-1", title="Apheresis bag: cells for manufacture", kind="apheresis_bag", own_cells=True,
    coi="NL-W0000-26-7QK4M2", din="W000026123456", din_check="*", din_flags="96", division="1 of 2", volume="212 mL",
    collected="2026-04-02 11:40 UTC", expires="2026-04-05T11:40", storage="2 to 8 °C (not confirmed)",
    facility="Cell laboratory", printed="2026-04-02 11:52 UTC",
)  # fmt: skip
PRODUCT = Label(
    container="BAG-77120-A", title="Lisocabtagene maraleucel (Breyanzi)", kind="product_bag", own_cells=True,
    coi="NL-W0000-26-7QK4M2", din="W000026123456", din_check="*", din_flags="96", batch="BR2604-0113", component="CD8",
    division="A0", part="1", volume="4.6 mL", dose="50 million CAR+ viable T cells", expires="2027-04-02",
    storage="at or below -130 °C", facility="Cell laboratory", printed="2026-04-02 11:52 UTC",
)  # fmt: skip
NAMED = Named("Magdalena Ostrowska-Vandenberghe", "1961-02-03", "00041235")


def changed(label: Label, **fields: Any) -> Label:
    return msgspec.structs.replace(label, **fields)


def words(label: Label, size: str = "full") -> str:
    """All text of the label's PDF, on one line."""
    made = label_pdf(label, size, now=NOW)
    assert isinstance(made, bytes), made
    (page,) = PdfReader(io.BytesIO(made)).pages
    return " ".join(page.extract_text().split())


def printed(label: Label, size: str = "full") -> dict[str, str]:
    made = label_png(label, size)
    assert isinstance(made, bytes), made
    return codes_read(made)


@pytest.mark.parametrize("size", list(sizes()))
@pytest.mark.parametrize("label", [APHERESIS, PRODUCT], ids=["apheresis", "product"])
def test_every_code_reads_back(label: Label, size: str) -> None:
    read = printed(label, size)
    assert read[label.container] == "DataMatrix"
    if size != "vial":
        assert read[label.coi] == "DataMatrix"
        assert read[f"={label.din}{label.din_flags}"] == "Code128", "ISBT 128 data structure 001 with its type 3 flag"
        assert (read.get(label.batch) == "Code128") is bool(label.batch)


def test_the_check_character_stands_beside_the_donation_number() -> None:
    """ISO/IEC 7064 mod 37-2 of W0000 26 123456 is ``*``; it is read by eye, and is no part of the number."""
    assert "W0000 26 123456 *" in words(APHERESIS)


def test_what_a_bag_of_product_says() -> None:
    said = words(PRODUCT)
    for each in (
        "Lisocabtagene maraleucel (Breyanzi)", "NL-W0000-26-7QK4M2", "BR2604-0113", "CD8", "A0", "4.6 mL",
        "50 million CAR+ viable T cells", "2027-04-02", "at or below -130 °C", "BAG-77120-A",
    ):  # fmt: skip
        assert each in said, each


def test_the_patients_own_cells_are_for_nobody_else_and_not_evaluated_unless_they_were() -> None:
    """21 CFR 1271.90(c): both sentences, to the letter; the second falls where the donor was evaluated."""
    said = words(APHERESIS)
    assert "FOR AUTOLOGOUS USE ONLY" in said
    assert "NOT EVALUATED FOR INFECTIOUS SUBSTANCES" in said
    assert "NOT EVALUATED" not in words(changed(APHERESIS, evaluated=True))


def test_a_donors_cells_name_the_recipient_apart_from_the_donor() -> None:
    said = words(changed(PRODUCT, own_cells=False, donor="DONOR-0042", patient=NAMED))
    assert "AUTOLOGOUS" not in said
    assert "FOR USE BY INTENDED RECIPIENT ONLY" in said
    assert "Recipient" in said
    assert "Donor (not the recipient) DONOR-0042" in said


def test_a_patient_is_named_by_two_identifiers_or_not_at_all() -> None:
    named = words(changed(APHERESIS, patient=NAMED))
    assert "1961-02-03" in named
    assert "00041235" in named
    assert "identified by the chain of identity" in words(APHERESIS)


def test_a_demonstration_and_a_reprint_say_so() -> None:
    assert "SIMULATION: NOT FOR A PATIENT" in words(changed(APHERESIS, simulated=True))
    assert "PRINTED AGAIN" in words(changed(APHERESIS, reprint=True))
    assert "PRINTED AGAIN" not in words(APHERESIS)


def test_a_label_is_one_page_of_its_stock() -> None:
    for name, size in sizes().items():
        made = label_pdf(APHERESIS, name, now=NOW)
        assert isinstance(made, bytes)
        (page,) = PdfReader(io.BytesIO(made)).pages
        millimeters = [float(side) / 72 * 25.4 for side in (page.mediabox.width, page.mediabox.height)]
        assert millimeters == pytest.approx([size.width_mm, size.height_mm], abs=0.1)


def test_nothing_is_cut_off_to_make_it_fit() -> None:
    long = changed(PRODUCT, title="A very long name of a product " * 9)
    made = label_pdf(long, "tag", now=NOW)
    assert isinstance(made, Problem)
    assert made.code == "label_overflows"


@pytest.mark.parametrize("text", ["BÄG-1", "two\nlines", "x" * 49], ids=["no ASCII", "a line end", "too long"])
def test_what_no_scanner_types_is_not_printed_as_a_code(text: str) -> None:
    made = label_pdf(changed(APHERESIS, container=text), "full", now=NOW)
    assert isinstance(made, Problem)
    assert made.code == "not_a_code"


def test_an_unknown_size_is_named() -> None:
    made = label_pdf(APHERESIS, "poster", now=NOW)
    assert isinstance(made, Problem)
    assert made.code == "unknown_label_size"


def test_the_same_label_at_the_same_time_is_the_same_file() -> None:
    assert label_pdf(APHERESIS, "full", now=NOW) == label_pdf(APHERESIS, "full", now=NOW)


def test_what_others_wrote_stays_text() -> None:
    """A container's name is data: Typst's own signs in it set nothing."""
    assert '#panic("x") $a$ *b*' in words(changed(APHERESIS, title='#panic("x") $a$ *b*'))


def test_each_statement_has_a_source_and_says_whether_it_was_seen() -> None:
    assert all(each.source for each in statements().values())
    assert [each.text for each in stated_on(changed(PRODUCT, kind="shipper", evaluated=True))] == [
        "FOR AUTOLOGOUS USE ONLY"
    ]
