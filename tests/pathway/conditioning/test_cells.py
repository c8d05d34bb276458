"""The dose of cells against the label: flat, per kg with its cap, bands of weight, components, a target."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.conditioning import CellDose, cell_dose
from cartway.record import Fact
from pathway.conditioning.cases import BODY, CILTA, LISO, OBE, TISA, drawn
from pathway.manufacture.drawn import fact


def weighing(kg: float) -> list[Fact]:
    return [*(each for each in BODY if each.what != "body_weight"), fact(30, "body_weight", kg)]


def certificate(million: float) -> Fact:
    return fact(25, "release_certificate", None, "B1", dose_million=million)


def bag(name: str, million: float | None = None, **detail: Any) -> Fact:
    stated: dict[str, Any] = {} if million is None else {"dose_million": million}
    return fact(25, "container", "product_bag", name, **stated, **detail)


def axi(million: float, kg: float = 80) -> CellDose:
    return cell_dose(drawn(certificate(million), body=weighing(kg)))


def test_a_target_per_kg_is_named_with_its_cap() -> None:
    """Yescarta: 2 million per kg, at most 200 million."""
    assert axi(160).highest == Decimal("160.0")
    assert axi(160).answer is Answer.yes
    assert axi(200, kg=120).highest == Decimal("200.0")


@pytest.mark.parametrize(("million", "answer"), [(162, Answer.yes), (150, Answer.unknown), (201, Answer.no)])
def test_beside_a_target_the_label_names_no_range(million: float, answer: Answer) -> None:
    """162 is 2.0 per kg to a tenth; 150 is for the holder's certificate to say; above 200 the label's cap is passed."""
    assert axi(million).answer is answer


@pytest.mark.parametrize(
    ("million", "answer"), [(40, Answer.yes), (80, Answer.yes), (39.9, Answer.no), (81, Answer.no)]
)
def test_a_range_per_kg(million: float, answer: Answer) -> None:
    """Carvykti at 80 kg: 0.5 to 1.0 million per kg is 40 to 80 million."""
    assert cell_dose(drawn(certificate(million), product=CILTA, diagnosis="multiple_myeloma")).answer is answer


def test_the_cap_holds_at_a_high_weight() -> None:
    found = cell_dose(drawn(certificate(101), product=CILTA, diagnosis="multiple_myeloma", body=weighing(130)))
    assert (found.highest, found.answer) == (Decimal("100.0"), Answer.no)


@pytest.mark.parametrize(("kg", "low", "high"), [(50, "10.0", "250.0"), (50.5, "10.0", "250.0"), (20, "4.0", "100.0")])
def test_bands_of_weight(kg: float, low: str, high: str) -> None:
    """Kymriah in ALL: 0.2 to 5.0 per kg up to and with 50 kg, 10 to 250 flat above."""
    body = [each for each in weighing(kg) if each.what != "body_height"]
    found = cell_dose(drawn(certificate(100), product=TISA, diagnosis="b_all", body=body))
    assert (found.lowest, found.highest) == (Decimal(low), Decimal(high))


def test_a_flat_range_needs_no_weight() -> None:
    assert cell_dose(drawn(certificate(300), product=TISA, body=[])).answer is Answer.yes


@pytest.mark.parametrize("flaw", ["missing", "stale"])
def test_no_weight_no_range_per_kg(flaw: str) -> None:
    body = [] if flaw == "missing" else [fact(3, "body_weight", 80)]
    found = cell_dose(drawn(certificate(160), body=body))
    assert (found.lowest, found.highest, found.answer) == (None, None, Answer.unknown)
    assert found.refusals[0].code == f"body_weight_{flaw}"
    assert found.refusals[0].quotes


class TestComponents:
    """Breyanzi comes as CD8 and CD4 components, and its range depends on earlier lines."""

    both = (bag("v8", 50, component="CD8"), bag("v4", 50, component="CD4"))
    lines = tuple(fact(n, "line_of_therapy", n, systemic=True) for n in (1, 2))

    def test_both_are_counted_together(self) -> None:
        found = cell_dose(drawn(*self.both, *self.lines, product=LISO))
        assert (found.stated, found.answer) == (Decimal(100), Answer.yes)
        assert {(each.component, each.million) for each in found.containers} == {
            ("CD8", Decimal(50)),
            ("CD4", Decimal(50)),
        }

    def test_one_component_is_not_the_dose(self) -> None:
        found = cell_dose(drawn(bag("v8", 100, component="CD8"), *self.lines, product=LISO))
        assert found.answer is Answer.unknown
        assert "CD4" in found.because

    def test_radiotherapy_alone_is_no_line_of_the_range(self) -> None:
        """A second-line patient: 60 million are not told as in the range of two lines or more."""
        lines = [fact(1, "line_of_therapy", 1, systemic=False), fact(2, "line_of_therapy", 2, systemic=True)]
        found = cell_dose(drawn(certificate(60), *lines, product=LISO))
        assert found.answer is Answer.unknown
        assert {row.lines for row in found.rows} == {(1, 1)}

    def test_which_range_is_not_guessed(self) -> None:
        """After one line the range is 90 to 110, after two it is 50 to 110: without the lines there is none."""
        found = cell_dose(drawn(*self.both, product=LISO))
        assert found.refusals[0].code == "which_range"

    def test_a_range_from_knowledge_only_is_quoted(self) -> None:
        found = cell_dose(drawn(*self.both, fact(1, "line_of_therapy", 1), product=LISO))
        assert (found.lowest, found.refusals[0].code) == (None, "not_confirmed")


def test_the_parts_of_a_split_dose_add_up() -> None:
    """Aucatzyl: 410 million in all, in bags of 10, 100 and 300."""
    bags = [bag("b10", 10, part=1), bag("b100", 100, part=2), bag("b300", 300, part=2)]
    found = cell_dose(drawn(*bags, product=OBE, diagnosis="b_all"))
    assert (found.stated, found.answer) == (Decimal(410), Answer.yes)


def test_paper_and_labels_that_differ_state_nothing() -> None:
    found = cell_dose(drawn(certificate(160), bag("bag-1", 140)))
    assert (found.stated, found.answer) == (None, Answer.unknown)
    assert "160" in found.because
    assert "140" in found.because


def test_nothing_stated_is_unknown() -> None:
    found = cell_dose(drawn(bag("bag-1")))
    assert found.answer is Answer.unknown
    assert found.missing
