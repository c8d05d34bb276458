"""The paper: tagged for a screen reader (PDF/UA-1), the number on every page, a code that a telephone reads."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from aftercare.plan.drawn import LINE, NOW, PLACE, center, contact, course, fact, plan
from cartway.aftercare.plan import Card, Plan, card, care_plan
from cartway.exchange.plan import Named, card_pdf, card_picture, plan_pdf, plan_pictures, qr
from cartway.exchange.plan.paper import PRINTED
from cartway.exchange.plan.qr import LONGEST
from cartway.problem import Problem
from exchange.labels.dots import codes_read

ILL = fact("2025-10-01T00:00Z", "diagnosis", choice="dlbcl")
NAMES = ("patient", "patient, Spanish", "physician", "card, en", "card, es")


@cache
def plans() -> Mapping[str, Plan]:
    one = course(ILL)
    return {
        "patient": plan(one), "patient, Spanish": plan(one, language="es"), "physician": plan(one, "physician"),
    }  # fmt: skip


def the_card(language: str = "en", site: str = "Lakeside") -> Card:
    made = card(course(ILL), center(), msgspec.structs.replace(PLACE, site=site), language)  # type: ignore[arg-type]
    assert isinstance(made, Card)
    return made


@cache
def papers() -> Mapping[str, bytes]:
    made = {name: paper(each) for name, each in plans().items()}
    for language in ("en", "es"):
        carried = card_pdf(the_card(language), now=NOW)
        assert isinstance(carried, bytes)
        made[f"card, {language}"] = carried
    return made


def paper(one: Plan, **how: Any) -> bytes:
    made = plan_pdf(one, now=NOW, **how)
    assert isinstance(made, bytes)
    return made


def tags(pdf: bytes) -> Iterator[Any]:
    """Every element of the structure tree."""

    def below(element: Any) -> Iterator[Any]:
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for each in element:
                yield from below(each)
        elif isinstance(element, dict) and "/S" in element:
            yield element
            yield from below(element.get("/K", []))

    yield from below(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"])


def scope(head: Any) -> str:
    """Of which cells a heading of a table is: a column's or a row's."""
    told = head["/A"].get_object()
    several = told if isinstance(told, list) else [told]
    return next((str(each.get_object()["/Scope"]) for each in several if "/Scope" in each.get_object()), "")


@pytest.mark.parametrize("name", NAMES)
class TestAccessible:
    def test_it_says_that_it_is_tagged_in_which_language_and_under_which_title(self, name: str) -> None:
        root = PdfReader(io.BytesIO(papers()[name])).trailer["/Root"]
        assert bool(root["/MarkInfo"]["/Marked"])
        assert root["/Lang"] == ("es" if name.endswith(("Spanish", "es")) else "en")
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert PdfReader(io.BytesIO(papers()[name])).metadata.title  # type: ignore[union-attr]

    def test_it_claims_pdf_ua_1(self, name: str) -> None:
        told = PdfReader(io.BytesIO(papers()[name])).trailer["/Root"]["/Metadata"].get_object().get_data()
        assert b"<pdfuaid:part>1</pdfuaid:part>" in told

    def test_headings_begin_at_one_and_skip_no_level(self, name: str) -> None:
        levels = [int(each["/S"][2:]) for each in tags(papers()[name]) if each["/S"] in ("/H1", "/H2", "/H3")]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_a_picture_has_words(self, name: str) -> None:
        figures = [each for each in tags(papers()[name]) if each["/S"] == "/Figure"]
        assert all(each.get("/Alt") for each in figures)
        assert bool(figures) == name.startswith("card")

    def test_every_table_has_headings_over_its_columns(self, name: str) -> None:
        tables = [each for each in tags(papers()[name]) if each["/S"] == "/Table"]
        heads = [each for each in tags(papers()[name]) if each["/S"] == "/TH"]
        assert len(heads) >= 3 * len(tables)
        assert all(scope(each) == "/Column" for each in heads)

    def test_the_number_to_call_stands_on_every_page(self, name: str) -> None:
        for page in PdfReader(io.BytesIO(papers()[name])).pages:
            assert LINE in page.extract_text()


def test_the_same_plan_at_the_same_time_is_the_same_file() -> None:
    assert plan_pdf(plans()["patient"], now=NOW) == papers()["patient"]


def test_a_name_stands_on_it_only_where_somebody_hands_it_in() -> None:
    named = paper(plans()["patient"], named=Named("Ines Calder", "1967-02-03", "MRN 4471"))
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(named)).pages)
    assert "Ines Calder" in told and "1967-02-03" in told and "MRN 4471" in told
    bare = "".join(page.extract_text() for page in PdfReader(io.BytesIO(papers()["patient"])).pages)
    assert "Name:" in bare and "c-7" not in bare


def test_paper_is_the_country_s() -> None:
    width = float(PdfReader(io.BytesIO(papers()["patient"])).pages[0].mediabox.width)
    european = PdfReader(io.BytesIO(paper(plans()["patient"], country="ES"))).pages[0].mediabox.width
    assert (round(width), round(float(european))) == (612, 595)


def test_a_plan_for_a_doctor_is_short_enough_to_be_read() -> None:
    assert len(plan_pictures(plans()["physician"])) <= 5


def test_a_telephone_reads_from_the_card_what_an_emergency_team_must_know() -> None:
    made = the_card("es")
    picture = card_picture(made)
    assert isinstance(picture, bytes)
    assert codes_read(picture) == {made.code: "QRCode"}


def test_what_does_not_fit_on_a_card_is_told_and_not_cut_off() -> None:
    found = card_pdf(the_card(site="Center for Cellular Therapies " * 12), now=NOW)
    assert isinstance(found, Problem)
    assert found.code == "card_overflows"


@pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1)])
def test_no_code_of_nothing_nor_of_too_much(text: str) -> None:
    found = qr(text)
    assert isinstance(found, Problem)
    assert found.code == "not_a_code"


class TestSigns:
    """A name that the font has no signs for takes nobody's number away."""

    @pytest.mark.parametrize("name", ["\u738b\u5c0f\u660e", "\u0141 \u738b \u0627", "\U0001f600", "Bay\x07"])
    def test_a_contact_s_name_in_other_signs(self, name: str) -> None:
        known = center(contact("coordinator", "555-0143", name=name))
        found = care_plan(course(ILL), known, PLACE)
        assert isinstance(found, Plan)
        text = words_of(paper(found))
        assert "555-0143" in text
        assert LINE in text
        assert ("Bay" in text) is name.startswith("Bay")

    def test_a_patient_s_own_name_is_left_to_be_written(self) -> None:
        named = Named("\u738b\u5c0f\u660e", "1980-02-03", "M-1")
        text = words_of(paper(plans()["patient"], named=named))
        assert "1980-02-03" not in text
        assert LINE in text

    def test_a_card_of_a_center_with_such_a_name(self) -> None:
        made = card_pdf(the_card(site="\u738b Clinic"), now=NOW)
        assert isinstance(made, bytes)
        assert LINE in words_of(made)

    def test_nothing_that_a_plan_or_card_says_of_its_own_is_ever_left_out(self) -> None:
        own = [*plans().values(), *(the_card(language) for language in ("en", "es"))]
        for text in texts([msgspec.to_builtins(each) for each in own]):
            assert PRINTED.fullmatch(text), text


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def texts(said: Any) -> Iterator[str]:
    """Every text in lists and mappings."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for each in said.values():
            yield from texts(each)
    elif isinstance(said, list | tuple):
        for each in said:
            yield from texts(each)
