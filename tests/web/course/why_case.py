"""A night in hours: fever, a low pressure, a vasopressor, a correction, a retraction."""

from __future__ import annotations

from toxicity.drawn import age, drip, ice, infused, oxygen, pressure, temperature
from web.course.bed import Bed


def ill(bed: Bed) -> dict[str, int]:
    """The course; the positions of what was corrected and of what was withdrawn."""
    bed.record(infused() + age(58), 0)
    bed.chart(0.2, temperature(36.8), pressure(122), oxygen("room_air"), ice(10))
    bed.chart(2.2, temperature(38.6), pressure(118))
    wrong = bed.chart(3, pressure(48))
    bed.correct(wrong, pressure(84), known=3.5)
    bed.chart(4, drip("norepinephrine", 0.1))
    bed.chart(5, oxygen("nasal_cannula"))
    strange = bed.chart(8, ice(2))
    bed.retract(strange, known=8.5)
    bed.chart(8, ice(8), known=8.6)
    return {"corrected": wrong, "retracted": strange}
