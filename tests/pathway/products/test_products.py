"""The products as dated data: what was in force where and when, and whether its source was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
import pytest

from cartway.pathway import products as labels
from cartway.pathway.answer import Source
from cartway.pathway.candidacy.classes import drug_class, drug_classes
from cartway.pathway.products import Product, products
from cartway.pathway.products import rule as r
from cartway.vocabulary import vocabulary

NOW = date(2026, 11, 23)
REMS_ENDS = date(2025, 6, 26)
GROUPS = {group for choice in vocabulary().variables["diagnosis"].choices.values() for group in choice.classes}
SEVEN = ("Kymriah", "Yescarta", "Tecartus", "Breyanzi", "Abecma", "Carvykti", "Aucatzyl")


def inside(value: object) -> Iterator[object]:
    """Everything a product holds."""
    yield value
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from inside(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from inside(each)


def terms(product: Product) -> Iterator[r.Term]:
    return (each for row in product.indications for each in inside(row.when) if isinstance(each, r.Term.__args__))


@pytest.mark.parametrize("name", list(products()))
def test_every_product_is_a_choice_of_the_infusion(name: str) -> None:
    assert name in vocabulary().variables["infusion"].choices


@pytest.mark.parametrize("product", products().values(), ids=lambda product: product.name)
def test_every_row_names_a_source_that_a_reader_can_find(product: Product) -> None:
    sources = [each.text for each in inside(product) if isinstance(each, Source)]
    assert sources
    assert all(len(text) > 5 and "[" not in text for text in sources)


def test_every_row_of_a_label_has_an_id_of_its_own() -> None:
    ids = [
        each.id
        for product in products().values()
        for each in inside(product)
        if isinstance(each, labels.Indication | labels.DoseRange | labels.Regimen | labels.Limitation)
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("product", products().values(), ids=lambda product: product.name)
def test_a_rule_speaks_the_vocabularys_words(product: Product) -> None:
    diagnoses = set(vocabulary().variables["diagnosis"].choices) | GROUPS
    for term in terms(product):
        if isinstance(term, r.Disease):
            assert {*term.of, *term.unclear, *term.but_not} <= diagnoses
            assert bool(term.reading) == bool(term.unclear)
        if isinstance(term, r.Exposed):
            assert {drug_class(each) for each in term.classes} <= set(drug_classes())


@pytest.mark.parametrize("product", products().values(), ids=lambda product: product.name)
def test_no_row_ends_before_it_begins(product: Product) -> None:
    rows = [each for each in inside(product) if hasattr(each, "effective_to")]
    assert all(row.effective_to is None or row.effective_from <= row.effective_to for row in rows)


@pytest.mark.parametrize(
    "text", ["Yescarta", "axi-cel", "axicabtagene_ciloleucel", "YESCARTA", "axicabtagene ciloleucel"]
)
def test_a_product_is_found_by_any_of_its_names(text: str) -> None:
    found = labels.product(text)
    assert found is not None
    assert found.title == "Yescarta (axi-cel)"


def test_a_product_nobody_holds_has_no_rows() -> None:
    assert labels.product("Abecma-2") is None
    assert labels.doses("Abecma-2", "lbcl", NOW, "US") == ()
    assert labels.windows("Abecma-2", NOW, "US") is None


def test_another_places_text_is_never_taken() -> None:
    """Doses are held for the US only: the EU has none, not those of the US."""
    assert labels.doses("Yescarta", "lbcl", NOW, "US")
    assert labels.doses("Yescarta", "lbcl", NOW, "EU") == ()


@pytest.mark.parametrize(
    ("kg", "expected"), [(28.0, (5.6, 140.0)), (50.0, (10.0, 250.0)), (50.1, (10.0, 250.0)), (90.0, (10.0, 250.0))]
)
def test_kymriah_in_leukemia_is_by_weight_up_to_50_kg(kg: float, expected: tuple[float, float]) -> None:
    """0.2 to 5 million a kilogram up to 50 kg; 10 to 250 million above."""
    rows = [row for row in labels.doses("Kymriah", "b_all", NOW, "US") if row.for_weight(kg)]
    assert len(rows) == 1
    assert rows[0].millions(kg) == pytest.approx(expected)


@pytest.mark.parametrize(("name", "group", "kg", "expected"), [
    ("Yescarta", "lbcl", 75.0, (150.0, 150.0)), ("Yescarta", "lbcl", 120.0, (200.0, 200.0)),
    ("Tecartus", "b_all", 120.0, (100.0, 100.0)), ("Carvykti", "multiple_myeloma", 80.0, (40.0, 80.0)),
    ("Carvykti", "multiple_myeloma", 130.0, (65.0, 100.0)), ("Abecma", "multiple_myeloma", 70.0, (300.0, 510.0)),
])  # fmt: skip
def test_a_dose_is_capped(name: str, group: str, kg: float, expected: tuple[float, float]) -> None:
    (row,) = labels.doses(name, group, NOW, "US")
    assert row.millions(kg) == pytest.approx(expected)


def test_breyanzi_in_second_line_starts_higher_and_has_two_components() -> None:
    """50 to 110 million after two lines or more, 90 to 110 after one; CD8 before CD4."""
    by_lines = {row.lines[0]: row for row in labels.doses("Breyanzi", "lbcl", NOW, "US")}
    assert (by_lines[2].lowest_million, by_lines[1].lowest_million) == (50.0, 90.0)
    assert not by_lines[1].source.confirmed
    limits = labels.infusion_limits("Breyanzi", NOW, "US")
    assert limits is not None
    assert limits.order_of_components == by_lines[1].components == ("CD8", "CD4")


@pytest.mark.parametrize("name", ["Kymriah", "Yescarta", "Breyanzi", "Abecma", "Carvykti"])
def test_the_windows_change_on_the_day_the_rems_ends(name: str) -> None:
    """FDA 2025-06-26: near the center 4 weeks before, 2 weeks since; no driving 8 weeks before, 2 since."""
    before, after = (labels.windows(name, day, "US") for day in (REMS_ENDS - timedelta(1), REMS_ENDS))
    assert before is not None and after is not None
    assert (before.near_days, before.driving_days) == (28, 56)
    assert (after.daily_days, after.near_days, after.driving_days) == (7, 14, 14)


def test_windows_differ_by_disease_and_place() -> None:
    """Tecartus was seen daily 14 days in leukemia, 7 in mantle cell lymphoma; the EU keeps its own."""
    days = [labels.windows("Tecartus", date(2024, 1, 1), "US", group) for group in ("b_all", "mantle_cell_lymphoma")]
    assert [each.daily_days for each in days if each] == [14, 7]
    assert labels.windows("Tecartus", date(2024, 1, 1), "US") == labels.windows(
        "Tecartus", date(2024, 1, 1), "US", "b_all"
    )
    after = labels.windows("Tecartus", NOW, "US", "b_all")
    assert after is not None and after.daily_days is None and not after.source.confirmed
    eu = labels.windows("Yescarta", NOW, "EU")
    assert eu is not None and eu.near_days == 28 and not eu.source.confirmed


def test_two_doses_of_tocilizumab_until_the_rems_ends_and_for_carvykti_since() -> None:
    before, after = (labels.tocilizumab("Yescarta", day, "US") for day in (REMS_ENDS - timedelta(1), REMS_ENDS))
    assert before is not None and (before.doses, before.within_hours) == (2, 2.0)
    assert after is not None and after.doses is None and not after.source.confirmed
    carvykti = labels.tocilizumab("Carvykti", NOW, "US")
    assert carvykti is not None and carvykti.doses == 2 and carvykti.source.confirmed


def test_a_boxed_warning_stands_from_its_day() -> None:
    ids = [
        {row.id for row in labels.warnings("Carvykti", day, "US")} for day in (date(2025, 10, 13), date(2025, 10, 14))
    ]
    assert ids[1] - ids[0] == {"CAR-BOX-IEC-EC"}


@pytest.mark.parametrize("name", SEVEN)
def test_the_seven_have_all_that_the_road_to_infusion_asks_for(name: str) -> None:
    groups = {group for row in labels.indications(name, NOW, "US") for group in row.groups}
    assert all(labels.doses(name, group, NOW, "US") for group in groups)
    assert all(labels.regimens(name, group, NOW, "US") for group in groups)
    assert all(labels.windows(name, NOW, "US", group) for group in groups)
    assert labels.infusion_limits(name, NOW, "US") and labels.grading(name, NOW, "US")
    assert labels.warnings(name, NOW, "US") and labels.timing(name) != labels.Timing()
    assert labels.attrition(name)


@pytest.mark.parametrize("name", SEVEN)
def test_a_regimens_days_fit_its_interval_to_the_infusion(name: str) -> None:
    """Where the label fixes days, the last of them lies within the interval it states."""
    product = labels.product(name)
    assert product is not None
    for row in product.regimens:
        assert all(drug.times == len(drug.course_days) for drug in row.drugs)
        fixed = [day for drug in row.drugs for day in drug.days]
        assert not fixed or row.end_to_infusion[0] <= -max(fixed) <= row.end_to_infusion[1]


def test_the_split_dose_adds_up_and_takes_every_blast_percentage() -> None:
    """Obe-cel: 410 million in two parts; a marrow that cannot be evaluated counts as high."""
    rows = labels.split("Aucatzyl", NOW)
    (whole,) = labels.doses("Aucatzyl", "b_all", NOW, "US")
    assert rows is not None and whole.parts == 2
    assert {sum(row.parts) for row in rows} == {whole.highest_million}
    assert all(sum(bags) == part for row in rows for part, bags in zip(row.parts, row.from_bags, strict=True))
    for blasts in (0.0, 20.0, 20.1, 100.0):
        assert len([row for row in rows if row.blasts_above < blasts <= row.blasts_up_to]) == 1
    assert [row.id for row in rows if row.if_not_evaluable] == ["AUC-SPLIT-HIGH"]
    assert labels.split("Yescarta", NOW) is None


@pytest.mark.parametrize(("grade", "action"), [(1, []), (2, ["postpone"]), (3, ["do_not_give"]), (5, ["do_not_give"])])
def test_crs_after_the_first_part_holds_or_stops_the_second(grade: int, action: list[str]) -> None:
    rows = labels.split_toxicity("Aucatzyl", NOW)
    assert [row.action for row in rows if row.toxicity == "crs" and row.from_grade <= grade <= row.to_grade] == action


def test_a_donors_cells_are_representable() -> None:
    """The donor is not the recipient; one lot, many doses; nothing is collected from the patient."""
    donors = [product for product in products().values() if not product.donor_is_recipient]
    assert {product.short for product in donors} == {"cema-cel", "azer-cel", "vispa-cel", "lasme-cel"}
    assert all(product.starting_material == "a donor's cells" and not product.is_collected for product in donors)
    assert all("donor eligibility" in product.needs for product in donors)


def test_other_targets_routes_and_materials_are_representable() -> None:
    """A solid tumor's antigen, several infusions, no collection, tumor tissue, no lymphodepletion, no cancer."""
    held = products()
    satri = held["satricabtagene_autoleucel"]
    assert (satri.targets, satri.repeat_dosing) == (("CLDN18.2",), True)
    assert held["in_vivo_car"].starting_material == "none"
    assert held["lifileucel"].starting_material == "tumor tissue"
    assert held["descartes_08"].lymphodepletion == "none" and not held["descartes_08"].integrating
    assert held["arlocabtagene_autoleucel"].targets == ("GPRC5D",)
    assert "HLA typing" in held["afamitresgene_autoleucel"].needs
    assert "locoregional" in held["solid_tumor_car_t"].route


def test_an_investigational_product_has_no_label() -> None:
    study = [product for product in products().values() if product.status == "investigational"]
    assert len(study) > 10
    assert not any(product.indications or product.doses or product.approvals for product in study)


def test_the_timeline_is_in_order_and_names_products() -> None:
    events = labels.timeline()
    assert [event.on for event in events] == sorted(event.on for event in events)
    assert {name for event in events for name in event.products} <= set(products())


def test_what_all_labels_say_alike_is_held_once() -> None:
    assert {"filter", "infection", "irradiation", "renal"} <= set(labels.common())
