"""What a visit tells of chronic lymphocytic leukemia: nodes, spleen, liver, blood, marrow."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response.measured import Assessment, detail_number, exact
from cartway.response.nearby import Window, choice_at, fact_at, number_at
from cartway.times import Instant

NODE = Decimal("1.5")
"""From this longest diameter on (cm) a node is enlarged."""
SPLEEN = Decimal(13)
"""From this length on (cm) the spleen is enlarged."""
HALF = Decimal("0.5")


class Visit(msgspec.Struct, frozen=True):
    """One visit's values; None or empty where nothing is charted.

    `largest` node cm, `products` of up to six nodes cm2, `spleen` cm, counts in 10*9/L, `hemoglobin` g/dL. `cll` is the
    share of CLL cells among the lymphocytes, `car_t` that of CAR T cells, both in %; `marrow_share` CLL cells in the
    marrow, %.
    """

    at: Instant
    assessment: str = ""
    largest: Decimal | None = None
    products: Decimal | None = None
    new_node: str = ""
    new_node_size: Decimal | None = None
    spleen: Decimal | None = None
    liver: str = ""
    symptoms: bool | None = None
    lymphocytes: Decimal | None = None
    cll: Decimal | None = None
    car_t: Decimal | None = None
    platelets: Decimal | None = None
    hemoglobin: Decimal | None = None
    unsupported: bool | None = None
    marrow: str = ""
    marrow_share: Decimal | None = None
    cellularity: str = ""
    transformed: bool = False
    signs: frozenset[str] = frozenset()
    facts: tuple[int, ...] = ()

    @property
    def excess(self) -> Decimal | None:
        """How far the spleen is longer than 13 cm; nothing where it is not."""
        return None if self.spleen is None else max(self.spleen - SPLEEN, Decimal(0))

    @property
    def cll_lymphocytes(self) -> Decimal | None:
        """The CLL cells in the blood; None where the lymphocytes were not typed."""
        if self.lymphocytes is None or self.cll is None:
            return None
        return self.lymphocytes * self.cll / 100


def visit_of(found: Assessment, course: Course, window: Window) -> Visit:
    """Read one visit; counts may lie some days from it."""
    marrow, new = found.fact("marrow_finding"), found.fact("new_lesion")
    held = choice_at(found, course, "transfusion_free", window)
    sizes = list(_nodes(found))
    return Visit(
        at=found.at,
        assessment=found.id,
        largest=_first(found.number("largest_node"), max((long for long, _ in sizes), default=None)),
        products=_first(
            found.number("node_products"), sum((long * short for long, short in sizes), Decimal(0)) if sizes else None
        ),
        new_node="" if new is None else new.choice,
        new_node_size=None if new is None else detail_number(new, "size"),
        spleen=found.number("spleen_length"),
        liver=found.choice("liver_size"),
        symptoms=_yes(found.choice("constitutional_symptoms")),
        lymphocytes=number_at(found, course, "lymphocytes", window),
        cll=number_at(found, course, "cll_share", window),
        car_t=number_at(found, course, "car_t_share", window),
        platelets=number_at(found, course, "platelets", window),
        hemoglobin=number_at(found, course, "hemoglobin", window),
        unsupported=_yes(held),
        marrow="" if marrow is None or marrow.choice == "not_done" else marrow.choice,
        marrow_share=None if marrow is None else detail_number(marrow, "percent"),
        cellularity="" if marrow is None else str(marrow.detail.get("cellularity", "")),
        transformed=_transformed(found.all("biopsy")),
        signs=_signs(found, course, window),
        facts=found.positions,
    )


def _nodes(found: Assessment) -> list[tuple[Decimal, Decimal]]:
    """Nodes measured one by one, in two diameters; small and vanished ones count as such."""
    sizes = []
    for fact in found.by_thing("lesion").values():
        long, short = exact(fact), detail_number(fact, "short_axis")
        if fact.choice in ("too_small", "not_visible"):
            long = short = HALF if fact.choice == "too_small" else Decimal(0)
        if long is not None and short is not None:
            sizes.append((long, short))
    return sizes


def _signs(found: Assessment, course: Course, window: Window) -> frozenset[str]:
    near = fact_at(found, course, "disease_sign", window)
    return frozenset(fact.choice for fact in (*found.all("disease_sign"), *([near] if near else [])))


def _transformed(biopsies: list[Fact]) -> bool:
    return any(fact.choice == "transformed" for fact in biopsies)


def _first(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one if one is not None else other


def _yes(choice: str) -> bool | None:
    return choice == "yes" if choice else None
