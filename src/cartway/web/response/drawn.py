"""Which curves a course has: the tumor and its markers, the marrow, and what became of the CAR T cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response.b_cells import b_cell_aplasia
from cartway.response.lesions import lesion_of, sum_of_products, targets_of
from cartway.response.measured import Assessment, days_between, detail_number, exact
from cartway.response.model import Choices
from cartway.times import Instant
from cartway.web.response.curve import Curve, Span, curve, span_of
from cartway.web.response.series import BEFORE, WORDS, Reading, Series, plainly, series, shares

MRD_LINE = Decimal("0.0001")
PER_UG = "copies per mcg DNA"


class Plot(msgspec.Struct, frozen=True):
    """One picture before it has a place: its series, and how they are drawn."""

    key: str
    title: str
    unit: str
    series: tuple[Series, ...]
    logarithmic: bool = False
    guides: Mapping[str, Decimal] = {}
    note: str = ""


def curves(course: Course, day_zero: Instant, choices: Choices, marks: Mapping[str, Instant]) -> list[Curve]:
    """Every picture for which something was measured, all on the same days."""
    plots = list(_plots(course, day_zero, choices))
    span = span_of([each for plot in plots for each in plot.series])
    days = {words: days_between(day_zero, at, choices.zone) for words, at in marks.items()}
    drawn = [_drawn(plot, span, days) for plot in plots]
    return [each for each in drawn if each is not None]


def _drawn(plot: Plot, span: Span, marks: Mapping[str, int]) -> Curve | None:
    shown = {words: day for words, day in marks.items() if span.first <= day <= span.last}
    return curve(
        plot.key, plot.title, plot.unit, plot.series, span,
        logarithmic=plot.logarithmic, guides=plot.guides, marks=shown, note=plot.note,
    )  # fmt: skip


def _plots(course: Course, day_zero: Instant, choices: Choices) -> Iterable[Plot]:
    def read(what: str, unit: str, name: str = "") -> Series:
        return series(course, day_zero, choices.zone, unit, what, name=name)

    yield Plot("tumor", "Target lesions, sum of the products of diameters", "cm²", (tumor(course, day_zero, choices),))
    yield _one("m-protein", "M-protein in serum", "g/dL", read("serum_m_protein", "g/dL"))
    yield _one("urine-m-protein", "M-protein in urine", "mg in 24 h", read("urine_m_protein", "mg in 24 h"))
    chains = tuple(read(f"{name.lower()}_light_chains", "mg/L", name) for name in ("Kappa", "Lambda"))
    yield Plot("light-chains", "Free light chains", "mg/L", chains, logarithmic=True)
    yield _one("plasma-cells", "Plasma cells in the marrow", "%", read("marrow_plasma_cells", "%"))
    blasts = (read("marrow_blasts", "%", "Marrow"), read("blood_blasts", "%", "Blood"))
    yield Plot("blasts", "Blasts", "%", blasts, guides=_blast_line(blasts[0]))
    yield Plot(
        "mrd", "Measurable residual disease", "share of cells", (shares(read("mrd", "")),), logarithmic=True,
        guides={"1 in 10,000 cells": MRD_LINE}, note="An open circle: none found; the true share lies below it.",
    )  # fmt: skip
    yield _one("lymph-nodes", "Lymph nodes, sum of the products", "cm²", read("node_products", "cm²"))
    yield _one("car-t-copies", "CAR T cells, transgene", PER_UG, read("car_t_copies", PER_UG), logarithmic=True)
    yield _one("car-t-cells", "CAR T cells", "per µL", read("car_t_cells", "per µL"), logarithmic=True)
    yield Plot("b-cells", "B cells (CD19)", "per µL", (read("cd19", "per µL"),), guides=_aplasia_line(course, choices))


def _one(key: str, title: str, unit: str, found: Series, *, logarithmic: bool = False) -> Plot:
    return Plot(key, title, unit, (found,), logarithmic)


def _aplasia_line(course: Course, choices: Choices) -> Mapping[str, Decimal]:
    """The center's limit of B-cell aplasia, for products against CD19."""
    found, limit = b_cell_aplasia(course, choices), choices.b_cell_aplasia_per_ul
    expected = not isinstance(found, Problem) and found.applies
    return {f"aplasia below {plainly(limit)} per µL, the center's limit": limit} if expected else {}


def _blast_line(marrow: Series) -> Mapping[str, Decimal]:
    """Five per cent: a complete remission lies below it, by all bodies."""
    return {"5 %, below which a complete remission lies": Decimal(5)} if marrow.readings else {}


class Scan(msgspec.Struct, frozen=True):
    """One scan: its time, its day, and its target lesions by name."""

    at: Instant
    day: int
    lesions: Mapping[str, Fact]


def scans(course: Course, day_zero: Instant, zone: tzinfo) -> list[Scan]:
    """The scans with target lesions since shortly before the infusion, in time order."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in course.all("lesion"):
        if fact.at >= day_zero - BEFORE:
            found.setdefault(fact.event or str(fact.at), {})[fact.about] = fact
    first = [next(iter(lesions.values())).at for lesions in found.values()]
    pairs = zip(first, found.values(), strict=True)
    return [Scan(at, days_between(day_zero, at, zone), lesions) for at, lesions in pairs]


def tumor(course: Course, day_zero: Instant, choices: Choices) -> Series:
    """The sum of the products of the targets at baseline; nothing is drawn of a scan that lacks one of them."""
    found = scans(course, day_zero, choices.zone)
    before = [scan for scan in found if scan.at <= day_zero][-1:] or found[:1]
    return Series(tuple(_sum(scan, baseline) for baseline in before for scan in found))


def _sum(scan: Scan, baseline: Scan) -> Reading:
    targets, _ = targets_of(Assessment("", baseline.at, tuple(baseline.lesions.values())))
    total = sum_of_products(targets, {name: lesion_of(fact) for name, fact in scan.lesions.items()})
    if total is None:
        return Reading(scan.at, scan.day, "not every target was measured")
    return Reading(scan.at, scan.day, f"{plainly(total)} cm² of {len(targets)} lesions", total)


class Target(msgspec.Struct, frozen=True):
    """A target lesion over its scans, as the table tells it: a name, where it is, and its size at each scan."""

    name: str
    place: str
    sizes: tuple[str, ...]


def targets(found: Sequence[Scan]) -> list[Target]:
    """Every target lesion, with what it measured at each of these scans; ``not told`` where a scan lacks it."""
    names = sorted({name for scan in found for name in scan.lesions})
    return [Target(name, _place(name, found), tuple(size(scan.lesions.get(name)) for scan in found)) for name in names]


def _place(name: str, found: Sequence[Scan]) -> str:
    told = (scan.lesions[name].detail.get("place") for scan in found if name in scan.lesions)
    return str(next((place for place in told if place), ""))


def size(lesion: Fact | None) -> str:
    """The two diameters, cm, or the word in their place."""
    if lesion is None:
        return "not told"
    if lesion.choice:
        return WORDS.get(lesion.choice, lesion.choice)
    longest, short = exact(lesion), detail_number(lesion, "short_axis")
    return " × ".join(plainly(each) for each in (longest, short) if each is not None)
