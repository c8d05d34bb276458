"""Virtual patients: products, diseases, how people vary, and drawing them from a seed.

>>> from cartway.twin.population import draw
>>> draw("axi-cel", "lbcl", 3, seed=1).traits["age_years"].shape
(3,)
"""

from cartway.twin.population.bedside import Bedside, Noise, Trait, load_bedside
from cartway.twin.population.catalog import (
    Disease,
    Effect,
    Lymphodepletion,
    Negative,
    Part,
    Product,
    Regimen,
    disease_of,
    diseases,
    mismatch,
    product_of,
    products,
    regimen_of,
)
from cartway.twin.population.draw import Patients, draw, known, normals_of, patients_of
from cartway.twin.population.prior import Prior, Vary, prior_of

__all__ = [
    "Bedside",
    "Disease",
    "Effect",
    "Lymphodepletion",
    "Negative",
    "Noise",
    "Part",
    "Patients",
    "Prior",
    "Product",
    "Regimen",
    "Trait",
    "Vary",
    "disease_of",
    "diseases",
    "draw",
    "known",
    "load_bedside",
    "mismatch",
    "normals_of",
    "patients_of",
    "prior_of",
    "product_of",
    "products",
    "regimen_of",
]
