"""Body surface area by Mosteller: the square root of height (cm) times weight (kg) over 3600.

Mosteller 1987, N Engl J Med 317:1098, doi 10.1056/NEJM198710223171717.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.conditioning.measured import Measured

MOSTELLER = Source("Mosteller 1987, N Engl J Med 317:1098, doi 10.1056/NEJM198710223171717")
FORMULA = "square root of (height in cm x weight in kg / 3600), rounded to 0.01 m2, halves up"
HUNDREDTH = Decimal("0.01")


class Surface(msgspec.Struct, frozen=True):
    """A body surface area in m2, None where the weight or the height may not be used; the two that it was made of."""

    m2: Decimal | None
    height: Measured
    weight: Measured
    source: Source = MOSTELLER
    formula: str = FORMULA

    @property
    def unfit(self) -> tuple[Measured, ...]:
        """The numbers that may not be used."""
        return tuple(each for each in (self.weight, self.height) if each.value is None)


def surface_area(height: Measured, weight: Measured) -> Surface:
    """The surface area of a height and a weight; with actual body weight, since no label names another."""
    if height.value is None or weight.value is None:
        return Surface(None, height, weight)
    with localcontext() as context:
        context.prec = 28
        area = (height.value * weight.value / 3600).sqrt().quantize(HUNDREDTH, ROUND_HALF_UP)
    return Surface(area, height, weight)
