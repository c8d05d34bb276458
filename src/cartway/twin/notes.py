"""What whoever reads a simulation must know of its numbers: not confirmed, assumed, or never fitted."""

from __future__ import annotations

from functools import cache

from cartway.problem import Problem
from cartway.twin.population import Disease, Product, disease_of, load_bedside, product_of, regimen_of


@cache
def fitted_pairs() -> frozenset[tuple[str, str]]:
    """Products and diseases, by name, of the trials whose published figures the twin was fitted to."""
    from cartway.twin.calibration.targets import load_targets, load_trials

    trials = load_trials()
    found = [trials[name] for name in {each.trial for each in load_targets() if each.use == "fit"}]
    return frozenset(
        (product.name, disease.name)
        for product, disease in ((product_of(each.product), disease_of(each.disease)) for each in found)
        if not isinstance(product, Problem) and not isinstance(disease, Problem)
    )


def notes_of(product: Product, disease: Disease, *, own_dose: bool = False) -> tuple[str, ...]:
    """Short sentences for a product in a disease. `own_dose`: the dose is the user's, not the regimen's."""
    found = []
    if not own_dose and not regimen_of(product, disease).confirmed:
        found.append(f"The dose of {product.short} is not confirmed.")
    if (product.name, disease.name) not in fitted_pairs():
        found.append(f"The twin was never calibrated for {product.short} in {disease.short}.")
    if load_bedside().fate.standing == "assumed":
        found.append("Hazards of death are assumed, not fitted.")
    return tuple(found)
