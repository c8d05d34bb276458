"""Lugano by CT against a slow twin: the table read again, line by line, in fractions, on drawn courses."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from response.drawn import BASELINE_DAY, answer, ct

SIZES = st.sampled_from([0.4, 0.8, 1.0, 1.4, 1.5, 1.6, 1.9, 2.0, 2.1, 2.5, 3.0, 3.1, 4.0, 5.0])
NAMES = ("N1", "N2", "E1")
Sizes = dict[str, tuple[Fraction, Fraction]]


@st.composite
def sized(draw: st.DrawFn) -> dict[str, tuple[float, float]]:
    """Two diameters for each target; now and then one is gone."""
    found = {}
    for name in NAMES:
        one, other = draw(SIZES), draw(SIZES)
        gone = draw(st.integers(0, 6)) == 0
        found[name] = (0.0, 0.0) if gone else (max(one, other), min(one, other))
    return found


@st.composite
def scans(draw: st.DrawFn) -> list[tuple[dict[str, tuple[float, float]], str, float]]:
    """A baseline and up to three scans: sizes, disease outside the targets, spleen."""
    first = {name: (draw(SIZES) + 1.5, 1.0) for name in NAMES}
    later = draw(st.lists(sized(), min_size=1, max_size=3))
    others = st.sampled_from(["absent", "absent", "regressed", "progressed"])
    spleens = st.sampled_from([10.0, 12.0, 13.0, 14.0, 15.0, 16.0])
    return [(first, "regressed", draw(spleens)), *((each, draw(others), draw(spleens)) for each in later)]


def exact(sizes: dict[str, tuple[float, float]]) -> Sizes:
    """The sizes as fractions of what is written."""
    return {name: (Fraction(str(one)), Fraction(str(other))) for name, (one, other) in sizes.items()}


def product(size: tuple[Fraction, Fraction]) -> Fraction:
    """The product of two diameters."""
    return size[0] * size[1]


def progressed(now: Sizes, before: list[Sizes]) -> str:
    """``yes``, ``no``, or ``open`` where a lesion that had gone is back below an abnormal size."""
    answers = ["no"]
    for name in NAMES:
        lowest = min((sizes[name] for sizes in before), key=product)
        longest, across = now[name]
        if product(lowest) == 0:
            limit = Fraction(1) if name.startswith("E") else Fraction(3, 2)
            answers.append("no" if longest == 0 else "yes" if longest > limit else "open")
            continue
        step = Fraction(1, 2) if lowest[0] <= 2 else Fraction(1)
        rose = longest - lowest[0] >= step or across - lowest[1] >= step
        if longest > Fraction(3, 2) and product(now[name]) >= Fraction(3, 2) * product(lowest) and rose:
            answers.append("yes")
    return "yes" if "yes" in answers else "open" if "open" in answers else "no"


def spleen_progressed(now: Fraction, before: list[Fraction]) -> str:
    """``yes``, ``no``, or where the text can be read two ways ``open`` or ``open and progression``."""
    least = min(before)
    if least > 13:
        return "yes" if now - least > (least - 13) / 2 else "no"
    if now > 13:
        return "yes" if now - least >= 2 else "open and progression"
    return "open" if now - least >= 2 else "no"


def slow(drawn: list[tuple[dict[str, tuple[float, float]], str, float]]) -> list[str]:
    """The level of each scan after the baseline."""
    sizes, spleens = [exact(each[0]) for each in drawn], [Fraction(str(each[2])) for each in drawn]
    found = []
    for index in range(1, len(drawn)):
        now, others, spleen = sizes[index], drawn[index][1], spleens[index]
        grown, spleen_said = progressed(now, sizes[:index]), spleen_progressed(spleen, spleens[:index])
        literal = grown == "open" or spleen_said == "open and progression"  # as the text says it, and flagged
        if "yes" in (grown, spleen_said) or others == "progressed" or literal:
            found.append("PD")
        elif spleen_said == "open":
            found.append("NE")
        else:
            found.append(response(now, sizes[0], others, spleen, spleens[0]))
    return found


def response(now: Sizes, first: Sizes, others: str, spleen: Fraction, first_spleen: Fraction) -> str:
    """Complete, partial or stable."""
    nodes_normal = all(now[name][0] <= Fraction(3, 2) for name in NAMES if name.startswith("N"))
    if nodes_normal and now["E1"][0] == 0 and others == "absent" and spleen <= 13:
        return "CR"
    total, before = sum(map(product, now.values())), sum(map(product, first.values()))
    spleen_fell = first_spleen <= 13 or first_spleen - spleen > (first_spleen - 13) / 2
    return "PR" if total <= before / 2 and spleen_fell else "SD"


@settings(deadline=None)
@given(scans())
def test_the_levels_are_those_of_the_slow_twin(drawn: list[tuple[dict[str, tuple[float, float]], str, float]]) -> None:
    parts = []
    for index, (sizes, others, spleen) in enumerate(drawn):
        number = 30 * index or BASELINE_DAY
        targets = [(name, one, other) for name, (one, other) in sizes.items()]
        parts.append(ct(number, *targets, non_target_disease=others, spleen_length=spleen))
    assert [level.level for level in answer(*parts).levels] == slow(drawn)
