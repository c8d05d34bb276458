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
from cartway.twin.solver import build
from twin_kernel import Constants, Printer, arrange
from twin_sparse import c_functions

OUT = Path(__file__).resolve().parent.parent / "src" / "cartway" / "twin" / "solver" / "generated"
NOTE = "Written by scripts/twin_model.py from the page of the model: do not edit."


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
        f'"""The model\'s right-hand side. {NOTE}"""\n',
        "# fmt: off",
        "# ruff: noqa",
        "from math import exp, log",
        "from typing import Any",
    ]
    for name, says, formulas in (
        ("derivative", "The rates of all states, a day.", algebra.rates),
        ("begin", "All states at the start.", algebra.starts),
        ("clones", "Birth and net growth of each clone, a day.", algebra.clones()),
    ):
        body = "\n".join(f"    {line}" for line in statements(algebra, formulas, printer, "", ""))
        head = f"def {name}(x: Any, p: Any, out: Any) -> None:"
        parts.append(f'\n\n{head}\n    """{says} x: states, p: parameters, out: where to."""\n{body}')
    return "\n".join(parts) + "\n"


def c_header(algebra: Algebra) -> str:
    """The same as C over `V`, a vector of lanes, and the sparse Jacobian; `q` holds what parameters alone decide."""
    model, entries, constants = algebra.model, algebra.jacobian(), Constants(algebra.p)
    functions = [
        c_function(algebra, name, formulas, constants)
        for name, formulas in (
            ("derivative", algebra.rates),
            ("clones", algebra.clones()),
            ("jacobian", [entry for _, _, entry in entries]),
        )
    ]
    read = sorted({algebra.x.index(x) for formula in algebra.clones() for x in formula.free_symbols & set(algebra.x)})
    sizes = {
        "STATES": len(model.state),
        "PARAMETERS": len(model.parameter),
        "CONSTANTS": len(constants.places),
        "CLONES": len(model.clones),
        "CLONE_READS": len(read),
        "ENTRIES": len(entries),
    }
    return "\n".join(
        [
            f"/* {NOTE} */",
            f"enum {{ {', '.join(f'{name} = {size}' for name, size in sizes.items())} }};",
            c_array("double", "FLOOR", [state.floor for state in model.state]),
            c_array("int", "CLONE_STATE", [i for i, _ in model.clones]),
            c_array("int", "CLONE_READ", read),
            prepared(algebra, constants),
            *functions,
            c_functions(len(model.state), [(i, j) for i, j, _ in entries]),
            "",
        ]
    )


def c_array(kind: str, name: str, values: Sequence[float]) -> str:
    """A constant array in C."""
    return f"static const {kind} {name}[{len(values)}] = {{{', '.join(map(repr, values))}}};"


def c_function(algebra: Algebra, name: str, formulas: Sequence[Any], constants: Constants) -> str:
    """A function of states x and constants q that fills out[]."""
    steps = list(arrange(formulas, constants))
    used = set().union(*(part.free_symbols for _, part in steps))
    states = {x: sympy.Symbol(f"{x}_") for x in algebra.x}
    lines = [f"const V {name} = x[{i}];" for i, (x, name) in enumerate(states.items()) if x in used]
    lines += [f"const V {q} = q[{i}];" for i, q in enumerate(constants.places.values()) if q in used]
    printer = Printer()
    for target, part in steps:
        declared = "" if target.startswith("out") else "const V "
        value = printer.doprint(part.xreplace(states))
        lines.append(f"{declared}{target} = {value if part.free_symbols else f'splat({value})'};")
    body = "\n".join(f"    {line}" for line in lines)
    return f"static KERNEL void {name}(const V *restrict x, const V *restrict q, V *restrict out)\n{{\n{body}\n}}"


def prepared(algebra: Algebra, constants: Constants) -> str:
    """The function that works out q of a patient's parameters p."""
    used = set().union(*(expression.free_symbols for expression in constants.places))
    lines = [f"const double {p} = p[{i}];" for i, p in enumerate(algebra.p) if p in used]
    printer = C99CodePrinter()
    lines += [f"q[{i}] = {printer.doprint(expression)};" for i, expression in enumerate(constants.places)]
    body = "\n".join(f"    {line}" for line in lines)
    return f"static void prepare(const double *restrict p, double *restrict q)\n{{\n{body}\n}}"


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
    build.build()
    return 0


if __name__ == "__main__":
    sys.exit(main())
