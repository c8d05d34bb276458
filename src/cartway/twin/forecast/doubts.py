"""What of the numbers behind a forecast nobody confirmed or fitted: said with each forecast."""

from __future__ import annotations

from collections.abc import Iterator

from cartway.twin.calibration.targets import load_trials
from cartway.twin.model import load_model
from cartway.twin.population import Disease, Product, known, load_bedside, regimen_of


def doubts(product: Product, disease: Disease) -> Iterator[str]:
    """Sentences: of the dose, of what was never fitted or is borrowed from another, of what is assumed for all."""
    if not regimen_of(product, disease).confirmed:
        yield f"The dose of {product.short} was not confirmed from a source."
    if (product.name, disease.name) not in _fitted():
        yield f"The numbers were never fitted to {product.short} in {disease.short}."
    for each in (product, disease):
        if each.like:
            yield f"{each.short} has no numbers of its own: it is taken to be like {each.like.replace('_', ' ')}."
    every = [each.standing for each in load_model().parameter] + [each.standing for each in load_bedside().trait]
    yield f"{every.count('assumed')} of {len(every)} numbers that describe a patient are assumed, others calibrated."


def _fitted() -> frozenset[tuple[str, str]]:
    """Products with the diseases in which published trials were fitted."""
    pairs = (known(trial.product, trial.disease) for trial in load_trials().values())
    return frozenset((product.name, disease.name) for product, disease in pairs)
