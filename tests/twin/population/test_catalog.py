"""Products, diseases and bedside traits as tables: every number names what it changes and what it rests on."""

import itertools

import numpy as np
import pytest

from cartway.problem import Problem
from cartway.twin.model import load_model
from cartway.twin.population import (
    disease_of,
    diseases,
    draw,
    load_bedside,
    mismatch,
    prior_of,
    product_of,
    products,
    regimen_of,
)
from cartway.vocabulary import vocabulary

ALL = (*products().values(), *diseases().values())
NAMES = {p.name for p in load_model().parameter} | {t.name for t in load_bedside().trait}
MEETING = [
    (p.name, d.name) for p, d in itertools.product(products().values(), diseases().values()) if mismatch(p, d) is None
]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_an_effect_changes_something_there_is_and_says_what_it_rests_on(one) -> None:
    for name, effect in one.effects.items():
        assert name in NAMES
        assert effect.standing in {"published", "calibrated", "assumed"}
        assert effect.standing != "published" or effect.source
        assert effect.times > 0


def test_products_and_diseases_go_by_the_vocabularys_names() -> None:
    words = vocabulary().variables
    assert set(products()) <= set(words["infusion"].choices)
    assert {d.diagnosis for d in diseases().values()} <= set(words["diagnosis"].choices)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("axi-cel", "axicabtagene_ciloleucel"),
        ("Yescarta", "axicabtagene_ciloleucel"),
        ("KTE-X19", "brexucabtagene_autoleucel"),
        ("tisagenlecleucel", "tisagenlecleucel"),
        ("Obe-Cel", "obecabtagene_autoleucel"),
    ],
)
def test_a_product_is_known_by_any_of_its_names(said, name) -> None:
    assert product_of(said).name == name


@pytest.mark.parametrize(
    ("said", "age", "name"),
    [
        ("lbcl", None, "lbcl"),
        ("DLBCL", None, "lbcl"),
        ("fl", None, "follicular_lymphoma"),
        ("MCL", None, "mantle_cell_lymphoma"),
        ("CLL/SLL", None, "cll"),
        ("mm", None, "multiple_myeloma"),
        ("b_all", None, "b_all"),
        ("b_all", 40.0, "b_all"),
        ("b_all", 11.0, "pediatric_b_all"),
    ],
)
def test_a_disease_is_known_by_any_of_its_names_and_the_age(said, age, name) -> None:
    assert disease_of(said, age).name == name


def test_what_is_not_known_is_a_problem_that_names_what_is() -> None:
    product, disease = product_of("aspirin"), disease_of("gout")
    assert isinstance(product, Problem) and "axi-cel" in product.remedy
    assert isinstance(disease, Problem) and "lbcl" in disease.remedy


def test_a_product_against_cd19_does_not_meet_myeloma() -> None:
    problem = mismatch(product_of("axi-cel"), disease_of("mm"))
    assert problem is not None and problem.code == "target_not_on_disease"


@pytest.mark.parametrize(("product", "disease"), MEETING)
def test_every_meeting_of_product_and_disease_can_be_drawn(product, disease) -> None:
    people = draw(product, disease, 3, 1)
    assert np.all(np.isfinite(people.parameters)) and np.all(people.parameters >= 0)
    regimen = regimen_of(products()[product], diseases()[disease])
    assert regimen.cells or regimen.cells_per_kg
    assert sum(part.share for part in regimen.infusions) == pytest.approx(1)
    assert sum(share for _, share in regimen.levels) in (0, pytest.approx(1))
    many = [p.share_if_many_blasts for p in regimen.infusions if p.share_if_many_blasts is not None]
    assert not many or sum(many) == pytest.approx(1)


def test_effects_of_product_and_disease_multiply() -> None:
    """So a product meets a disease that it was never fitted with."""
    product, disease = product_of("axi-cel"), disease_of("cll")
    alone = {p.name: p.median for p in load_model().parameter}
    every = prior_of(product, disease).every
    for name, median in alone.items():
        by = [one.effects[name] for one in (disease, product) if name in one.effects]
        if by and all(effect.value is None for effect in by):
            assert every[name].median == pytest.approx(median * np.prod([effect.times for effect in by]))


def test_a_product_like_another_has_its_effects() -> None:
    assert product_of("relma-cel").effects == product_of("liso-cel").effects


def test_a_setting_like_another_multiplies_what_was_fitted_there() -> None:
    late, early = (prior_of(product_of("cilta-cel"), disease_of(name)).every["B0"] for name in ("mm", "mm early"))
    assert early.median == pytest.approx(0.6 * late.median) and early.spread == late.spread


def test_the_target_is_the_labels() -> None:
    for product in products().values():
        disease = next(d for d in diseases().values() if mismatch(product, d) is None)
        assert prior_of(product, disease).every["tg"].median == (1.0 if product.target == "BCMA" else 0.0)


def test_every_trait_says_what_it_is() -> None:
    for trait in load_bedside().trait:
        assert trait.kind in {"lognormal", "normal", "uniform"}
        assert trait.means and trait.standing in {"published", "calibrated", "assumed"}
