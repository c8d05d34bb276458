"""A patient ready for lymphodepletion, drawn in a few lines: each test changes what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cartway.pathway.conditioning import Case
from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from pathway.manufacture.drawn import at, course, fact

AXI, TISA, LISO, CILTA, OBE = (
    "axicabtagene_ciloleucel",
    "tisagenlecleucel",
    "lisocabtagene_maraleucel",
    "ciltacabtagene_autoleucel",
    "obecabtagene_autoleucel",
)
NOW = 30.75  # the evening of day 30; the infusion is booked for day 36

BODY = (
    fact(0, "age", 60),
    fact(0, "sex", "male"),
    fact(30, "body_height", 180),
    fact(30, "body_weight", 80),
    fact(30, "creatinine", 0.9),
)
"""A man of 60, 180 cm, 80 kg, creatinine 0.9 mg/dL: 2.00 m2 and 99 mL/min, worked out by hand."""


def planned(day: float = 36, state: str = "planned") -> Fact:
    return fact(day, "appointment", "infusion", state=state)


def drawn(
    *more: Fact, product: str = AXI, diagnosis: str = "dlbcl", now: float = NOW, center: Sequence[Fact] = (),
    body: Iterable[Fact] = BODY, infusion: float | None = 36, jurisdiction: str = "US",
) -> Case:  # fmt: skip
    """The case of this patient with `more` facts."""
    facts = [fact(0, "product_chosen", product), fact(0, "diagnosis", diagnosis), *body, *more]
    if infusion is not None:
        facts.append(planned(infusion))
    hers = [msgspec.structs.replace(each, course=CENTER) for each in center]
    return Case(course(*facts, now=now), Course(hers, at(now)), jurisdiction=jurisdiction)
