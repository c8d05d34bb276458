"""The model's formulas as C over vectors of lanes, arranged so that little is worked out and little is divided.

What parameters alone decide is worked out once a patient (`prepare`). Denominators that do not need one another are
inverted together: 1/a and 1/b are b/(ab) and a/(ab), one division instead of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy
from sympy.printing.c import C99CodePrinter

TOGETHER = 5
"""Denominators inverted with one division: their product must stay far from the ends of double precision."""


class Printer(C99CodePrinter):  # type: ignore[misc]
    """C over `V`: `exponential` and `logarithm` are the kernel's own."""

    def _print_Pow(self, expr: Any) -> str:  # noqa: N802 - SymPy calls it so
        base, exponent = expr.as_base_exp()
        text = self.parenthesize(base, 1000)
        if exponent.is_Integer and 0 < abs(int(exponent)) <= 4:
            product = "*".join([text] * abs(int(exponent)))
            return f"({product})" if exponent > 0 else f"(1.0/({product}))"
        return f"exponential({self._print(exponent)}*logarithm({self._print(base)}))"

    def _print_log(self, expr: Any) -> str:
        return f"logarithm({self._print(expr.args[0])})"

    def _print_exp(self, expr: Any) -> str:
        return f"exponential({self._print(expr.args[0])})"

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))

    def _print_Integer(self, expr: Any) -> str:  # noqa: N802
        return f"{int(expr)}.0"


class Constants:
    """What parameters alone decide: each such expression gets a place in the vector `q` of a patient."""

    def __init__(self, parameters: Sequence[Any]) -> None:
        self.parameters = set(parameters)
        self.places: dict[Any, Any] = {}

    def constant(self, expression: Any) -> bool:
        """Whether parameters alone decide it (a bare number is none)."""
        free = expression.free_symbols
        return bool(free) and free <= self.parameters

    def place(self, expression: Any) -> Any:
        """The symbol that stands for it in `q`."""
        return self.places.setdefault(expression, sympy.Symbol(f"q{len(self.places)}", real=True))

    def out(self, expression: Any) -> Any:
        """The expression with all that parameters alone decide taken out of it."""
        if self.constant(expression):
            return self.place(expression)
        if expression.func in (sympy.Add, sympy.Mul):
            return self._gathered(expression)
        if not expression.args:
            return expression
        return expression.func(*(self.out(part) for part in expression.args))

    def _gathered(self, expression: Any) -> Any:
        fixed = [part for part in expression.args if self.constant(part)]
        rest = [self.out(part) for part in expression.args if not self.constant(part)]
        if not fixed:
            return expression.func(*rest)
        return expression.func(self.place(expression.func(*fixed)), *rest)


def split_logarithms(expression: Any, parameters: set[Any]) -> Any:
    """log(a/b), with a of parameters alone, as log(a) - log(b); powers as exp(y*log(x)): both save divisions."""
    if not expression.args:
        return expression
    parts = [split_logarithms(part, parameters) for part in expression.args]
    if expression.func is sympy.log:
        return _difference(parts[0], parameters)
    if expression.func is sympy.Pow and not parts[1].is_Integer and not expression.free_symbols <= parameters:
        return sympy.exp(parts[1] * _difference(parts[0], parameters))
    return expression.func(*parts)


def _difference(argument: Any, parameters: set[Any]) -> Any:
    above, below = argument.as_numer_denom() if argument.func is sympy.Mul else (argument, sympy.S.One)
    if below != 1 and above.free_symbols <= parameters:
        return sympy.log(above) - sympy.log(below)
    return sympy.log(argument)


class Inverses:
    """Each denominator as a symbol, in the order in which they can be worked out."""

    def __init__(self) -> None:
        self.of: dict[Any, Any] = {}

    def out(self, expression: Any) -> Any:
        """The expression with products of inverses in place of divisions."""
        if not expression.args:
            return expression
        parts = [self.out(part) for part in expression.args]
        if expression.func is sympy.Pow and parts[1].is_Integer and parts[1] < 0:
            inverse = self.of.setdefault(parts[0], sympy.Symbol(f"r{len(self.of)}", real=True))
            return inverse ** (-parts[1])
        return expression.func(*parts)


def arrange(formulas: Sequence[Any], constants: Constants) -> Iterator[tuple[str, Any]]:
    """Assignments (name, expression) that work out out[0], out[1], ..., each after what it needs."""
    inverses = Inverses()
    plain = [inverses.out(constants.out(split_logarithms(f, constants.parameters))) for f in formulas]
    below, inverted = list(inverses.of), list(inverses.of.values())
    shared, left = sympy.cse([*below, *plain], symbols=sympy.numbered_symbols("c", real=True), order="none")
    steps: dict[Any, Any] = dict(shared)
    denominators = {sympy.Symbol(f"d{i}", real=True): left[i] for i in range(len(below))}
    for group in _groups(left[: len(below)], inverted, steps):
        steps |= _inverted(group, inverted, list(denominators))
    outputs = {sympy.Symbol(f"out[{i}]"): part for i, part in enumerate(left[len(below) :])}
    yield from ((str(symbol), part) for symbol, part in _ordered(outputs, steps | denominators))


def _groups(below: Sequence[Any], inverted: Sequence[Any], shared: dict[Any, Any]) -> Iterator[list[int]]:
    """Denominators that need none of each other, a few at a time."""
    levels: dict[int, list[int]] = {}

    def level(expression: Any) -> int:
        needed = [0]
        for symbol in expression.free_symbols:
            if symbol in shared:
                needed.append(level(shared[symbol]))
            elif symbol in inverted:
                needed.append(1 + level(below[inverted.index(symbol)]))
        return max(needed)

    for i, expression in enumerate(below):
        levels.setdefault(level(expression), []).append(i)
    for _, members in sorted(levels.items()):
        count = -(-len(members) // TOGETHER)
        size = -(-len(members) // count)
        yield from (members[at : at + size] for at in range(0, len(members), size))


def _inverted(group: Sequence[int], inverted: Sequence[Any], denominators: Sequence[Any]) -> dict[Any, Any]:
    """The inverses of a group by one division: products from the left, then back from the right."""
    if len(group) == 1:
        return {inverted[group[0]]: 1 / denominators[group[0]]}
    name, steps, product = f"{group[0]}_", {}, denominators[group[0]]
    products = [product]
    for k, i in enumerate(group[1:], 1):
        symbol = sympy.Symbol(f"m{name}{k}", real=True)
        steps[symbol] = sympy.Mul(product, denominators[i], evaluate=False)
        product = symbol
        products.append(product)
    left = sympy.Symbol(f"v{name}{len(group) - 1}", real=True)
    steps[left] = 1 / product
    for k in range(len(group) - 1, 0, -1):
        steps[inverted[group[k]]] = left * products[k - 1]
        following = inverted[group[0]] if k == 1 else sympy.Symbol(f"v{name}{k - 1}", real=True)
        steps[following] = left * denominators[group[k]]
        left = following
    return steps


def _ordered(outputs: dict[Any, Any], steps: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    done: set[Any] = set()

    def need(symbol: Any) -> Iterator[tuple[Any, Any]]:
        if symbol in steps and symbol not in done:
            done.add(symbol)
            for other in sorted(steps[symbol].free_symbols, key=str):
                yield from need(other)
            yield symbol, steps[symbol]

    for target, part in outputs.items():
        for other in sorted(part.free_symbols, key=str):
            yield from need(other)
        yield target, part
