"""Write what follows from the page of the model: the right-hand side in C and in Python, the sparse Jacobian in C.

`python scripts/twin_model.py` writes the files of `twin/solver/generated` anew; with `--check` it tells whether they
are as the page says. SymPy does the algebra; common parts are worked out once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sympy
from sympy.printing.c import C99CodePrinter
from sympy.printing.pycode import PythonCodePrinter

from cartway.twin.model import Model, load_model

OUT = Path(__file__).resolve().parent.parent / "src" / "cartway" / "twin" / "solver" / "generated"
NOTE = "Written by scripts/twin_model.py from twin/model/body.toml and parameters.toml: do not edit."


class _C(C99CodePrinter):  # type: ignore[misc]
    """C over vectors of lanes: `power`, `logarithm` and literal constants are the kernel's own."""

    def _print_Pow(self, expr: Any) -> str:  # noqa: N802 - SymPy calls it so
        return _pow(self, expr, "power({0}, {1})", lambda text: f"(1.0/{text})")

    def _print_log(self, expr: Any) -> str:
        return f"logarithm({self._print(expr.args[0])})"

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))

    def _print_Integer(self, expr: Any) -> str:  # noqa: N802
        return f"{int(expr)}.0"


class _Python(PythonCodePrinter):  # type: ignore[misc]
    """Python that Numba compiles."""

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: N802
        return _pow(self, expr, "exp({1}*log({0}))", lambda text: f"(1.0/{text})")

    def _print_log(self, expr: Any) -> str:
        return f"log({self._print(expr.args[0])})"

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))


def _pow(printer: Any, expr: Any, general: str, inverse: Callable[[str], str]) -> str:
    base, exponent = expr.as_base_exp()
    text = printer.parenthesize(base, 1000)
    if exponent.is_Integer and 0 < abs(int(exponent)) <= 4:
        product = "*".join([text] * abs(int(exponent)))
        return f"({product})" if exponent > 0 else inverse(f"({product})")
    return general.format(printer._print(base), printer._print(exponent))


class Algebra:
    """The page's formulas as SymPy expressions of states and parameters alone."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.x = [sympy.Symbol(state.name, real=True) for state in model.state]
        self.p = [sympy.Symbol(parameter.name, real=True) for parameter in model.parameter]
        self._names: dict[str, Any] = {symbol.name: symbol for symbol in [*self.x, *self.p]}
        for short in model.short:
            self._names[short.name] = self.read(short.formula)
        self.rates = [self.read(state.rate) for state in model.state]
        self.starts = [self.read(state.start) for state in model.state]

    def read(self, formula: str) -> Any:
        """A formula with its shorthand put in."""
        return sympy.sympify(formula, locals={**self._names, "log": sympy.log}, evaluate=True)

    def clones(self) -> list[Any]:
        """Birth and net growth of each clone, one after the other."""
        found = [(clone.birth, clone.growth) for _, clone in self.model.clones]
        return [self.read(formula) for pair in found for formula in pair]

    def jacobian(self) -> list[tuple[int, int, Any]]:
        """The entries of the Jacobian that are not zero: row, column, formula."""
        return [
            (i, j, entry)
            for i, rate in enumerate(self.rates)
            for j, state in enumerate(self.x)
            if (entry := sympy.diff(rate, state)) != 0
        ]


def statements(algebra: Algebra, formulas: Sequence[Any], printer: Any, ending: str, declared: str) -> list[str]:
    """Assignments that work out `formulas` into out[0], out[1], ...: first the parts that they share."""
    shared, left = sympy.cse(formulas, symbols=sympy.numbered_symbols("c"), order="none")
    used = set().union(*(f.free_symbols for f in [*left, *(part for _, part in shared)])) if left else set()
    lines = [
        f"{declared}{symbol.name}_ = {vector}[{i}]{ending}"
        for vector, symbols in (("x", algebra.x), ("p", algebra.p))
        for i, symbol in enumerate(symbols)
        if symbol in used
    ]
    rename = {symbol: sympy.Symbol(f"{symbol.name}_") for symbol in [*algebra.x, *algebra.p]}
    lines += [f"{declared}{name} = {printer.doprint(part.xreplace(rename))}{ending}" for name, part in shared]
    return lines + [f"out[{i}] = {printer.doprint(part.xreplace(rename))}{ending}" for i, part in enumerate(left)]


def python_module(algebra: Algebra) -> str:
    """The right-hand side, the start and the clones as functions of lists or arrays, for Numba and for reading."""
    printer = _Python({"fully_qualified_modules": False})
    parts = [
        f'"""The model\'s right-hand side. {NOTE}"""',
        "# fmt: off",
        "# ruff: noqa: E501, N806, N816",
        "# mypy: ignore-errors",
        "from math import exp, log",
    ]
    for name, says, formulas in (
        ("derivative", "The rates of all states, a day.", algebra.rates),
        ("begin", "All states at the start.", algebra.starts),
        ("clones", "Birth and net growth of each clone, a day.", algebra.clones()),
    ):
        body = "\n".join(f"    {line}" for line in statements(algebra, formulas, printer, "", ""))
        parts.append(f'\n\ndef {name}(x, p, out):\n    """{says} x: states, p: parameters, out: where to."""\n{body}')
    return "\n".join(parts) + "\n"


def c_header(algebra: Algebra) -> str:
    """The same as C over `V`, a vector of lanes, and the sparse Jacobian over plain numbers."""
    printer = _C()
    model, entries = algebra.model, algebra.jacobian()
    parts = [
        f"/* {NOTE} */",
        f"enum {{ STATES = {len(model.state)}, PARAMETERS = {len(model.parameter)}, CLONES = {len(model.clones)}, "
        f"ENTRIES = {len(entries)} }};",
        "static const double FLOOR[STATES] = {" + ", ".join(repr(state.floor) for state in model.state) + "};",
        "static const int CLONE_STATE[CLONES] = {" + ", ".join(str(i) for i, _ in model.clones) + "};",
        "static const int CLONE_DRAW[CLONES] = {"
        + ", ".join(str(model.parameters[clone.draw]) for _, clone in model.clones)
        + "};",
        "static const int ENTRY_ROW[ENTRIES] = {" + ", ".join(str(i) for i, _, _ in entries) + "};",
        "static const int ENTRY_COLUMN[ENTRIES] = {" + ", ".join(str(j) for _, j, _ in entries) + "};",
    ]
    for name, formulas in (
        ("derivative", algebra.rates),
        ("clones", algebra.clones()),
        ("jacobian", [entry for _, _, entry in entries]),
    ):
        body = "\n".join(f"    {line}" for line in statements(algebra, formulas, printer, ";", "const V "))
        parts.append(
            f"static inline void {name}(const V *restrict x, const V *restrict p, V *restrict out)\n{{\n{body}\n}}"
        )
    return "\n".join(parts) + "\n"


def files() -> dict[str, str]:
    """What the generated files say, by name."""
    algebra = Algebra(load_model())
    return {"model.py": python_module(algebra), "model.h": c_header(algebra)}


def main() -> int:
    """Write the files; with --check, return 1 where one is not as the page says."""
    wanted = files()
    if "--check" in sys.argv[1:]:
        return int(any((OUT / name).read_text() != text for name, text in wanted.items()))
    OUT.mkdir(exist_ok=True)
    (OUT / "__init__.py").write_text(f'"""What the page of the model becomes. {NOTE}"""\n')
    for name, text in wanted.items():
        (OUT / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
