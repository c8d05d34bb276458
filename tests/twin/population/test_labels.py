"""Doses of the twin beside the labels that Cartway keeps: what is infused lies where the US label says."""

from datetime import date

import numpy as np
import pytest
from msgspec.structs import replace

from cartway.pathway.products import doses
from cartway.twin.course.plan import cells_planned
from cartway.twin.population import diseases, draw, mismatch, products, regimen_of

ON = date(2026, 1, 1)
EARLIER_LINES = {"lbcl_second_line": 1}


def _rows(product, disease):
    lines = EARLIER_LINES.get(disease.name, 3)
    rows = doses(product.name, disease.diagnosis, ON, "US")
    return [row for row in rows if row.lines[0] <= lines <= row.lines[1]]


LABELED = [(p, d) for p in products().values() for d in diseases().values() if not mismatch(p, d) and _rows(p, d)]


@pytest.mark.parametrize(("product", "disease"), LABELED, ids=lambda one: one.short)
def test_the_usual_dose_is_the_labels(product, disease) -> None:
    """The dose of the regimen for each weight; levels that a trial tried beside it may lie outside."""
    people = draw(product.name, disease.name, 300, 1)
    people.traits["dose_of_planned"][:] = 1.0
    cells = cells_planned(people, replace(regimen_of(product, disease), levels=())) / 1e6
    rows = _rows(product, disease)
    for kg, given in zip(people.traits["weight_kg"], cells, strict=True):
        low, high = next(row for row in rows if row.for_weight(kg)).millions(kg)
        assert low * 0.999 <= given <= high * 1.001


def test_the_products_that_were_fitted_have_labels() -> None:
    assert {p.short for p, _ in LABELED} == {
        "axi-cel", "tisa-cel", "liso-cel", "brexu-cel", "obe-cel", "ide-cel", "cilta-cel",
    }  # fmt: skip


def test_most_patients_of_a_flat_dose_get_near_it() -> None:
    people = draw("cilta-cel", "mm", 500, 1)
    regimen = regimen_of(products()[people.product], diseases()[people.disease])
    per_kg = cells_planned(people, regimen) / people.traits["weight_kg"]
    assert np.quantile(per_kg, [0.1, 0.9]) == pytest.approx([0.58e6, 0.86e6], rel=0.1)
