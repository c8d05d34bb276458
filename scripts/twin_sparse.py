"""Factors of the sparse matrix that an implicit step solves with, as straight C.

The order of elimination and the fill are worked out here, once, for the model's own pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Place = tuple[int, int]


class Plan(NamedTuple):
    """The pivots in their order (all on the diagonal), and every entry of the factors, fill included, by place."""

    order: Sequence[int]
    slots: dict[Place, int]


def plan(size: int, entries: Iterable[Place]) -> Plan:
    """An order that fills in little: at each step the pivot of fewest products (Markowitz 1957)."""
    filled = {*entries, *((i, i) for i in range(size))}
    left, order = set(range(size)), []
    while left:
        pivot = min(sorted(left), key=lambda p: _cost(p, left, filled))
        rows, columns = _crossing(pivot, left, filled)
        filled |= {(i, j) for i in rows for j in columns}
        left.remove(pivot)
        order.append(pivot)
    return Plan(order, {place: slot for slot, place in enumerate(sorted(filled))})


def _crossing(pivot: int, left: set[int], filled: set[Place]) -> tuple[list[int], list[int]]:
    rows = [i for i in sorted(left) if i != pivot and (i, pivot) in filled]
    columns = [j for j in sorted(left) if j != pivot and (pivot, j) in filled]
    return rows, columns


def _cost(pivot: int, left: set[int], filled: set[Place]) -> int:
    rows, columns = _crossing(pivot, left, filled)
    return len(rows) * len(columns)


def c_functions(size: int, entries: Sequence[Place]) -> str:
    """`factor` takes shift*I - J apart (no row changes place); `substitute` solves with it, in place."""
    made = plan(size, entries)
    bodies = (
        ("factor", "const V *restrict jac, V shift, V *restrict lu", _factor(size, entries, made)),
        ("substitute", "const V *restrict lu, V *restrict b", _substitute(made)),
    )
    return f"enum {{ FACTORS = {len(made.slots)} }};\n" + "\n".join(
        f"static KERNEL void {name}({arguments})\n{{\n" + "\n".join(f"    {line}" for line in lines) + "\n}"
        for name, arguments, lines in bodies
    )


def _factor(size: int, entries: Sequence[Place], made: Plan) -> list[str]:
    source = {place: k for k, place in enumerate(entries)}
    lines = []
    for (i, j), slot in made.slots.items():
        value = f"-jac[{source[i, j]}]" if (i, j) in source else ""
        shift = "shift" if i == j else ""
        lines.append(f"V w{slot} = {f'{shift} {value}'.strip() or 'splat(0.0)'};")
    left = set(range(size))
    for pivot in made.order:
        left.remove(pivot)
        rows, columns = _crossing(pivot, left, set(made.slots))
        diagonal = made.slots[pivot, pivot]
        lines.append(f"w{diagonal} = 1.0 / w{diagonal};")
        for i in rows:
            share = made.slots[i, pivot]
            lines.append(f"w{share} *= w{diagonal};")
            lines += [f"w{made.slots[i, j]} -= w{share} * w{made.slots[pivot, j]};" for j in columns]
    return lines + [f"lu[{slot}] = w{slot};" for slot in made.slots.values()]


def _substitute(made: Plan) -> list[str]:
    done: set[int] = set()
    lines = []
    for pivot in made.order:
        done.add(pivot)
        lines += [
            f"b[{i}] -= lu[{slot}] * b[{pivot}];" for (i, j), slot in made.slots.items() if j == pivot and i not in done
        ]
    for pivot in reversed(made.order):
        done.remove(pivot)
        later = [j for p, j in made.slots if p == pivot and j not in {*done, pivot}]
        above = [f" - lu[{made.slots[pivot, j]}] * b[{j}]" for j in later]
        lines.append(f"b[{pivot}] = (b[{pivot}]{''.join(above)}) * lu[{made.slots[pivot, pivot]}];")
    return lines
