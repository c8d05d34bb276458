"""The vocabulary on paper: a page for one variable, a table of all, and JSON. The command line prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from cartway.vocabulary.load import vocabulary
from cartway.vocabulary.read import accepted_units
from cartway.vocabulary.variable import Choice, Code, Conversion, Variable

HEADINGS = ("name", "group", "unit", "possible", "choices", "codes", "label")
MANY = 6  # choices that a table row names before it counts the rest


def as_table(names: Iterable[str] | None = None) -> list[tuple[str, ...]]:
    """One row of text a variable, under `HEADINGS`, in the vocabulary's order. An unknown name raises KeyError."""
    variables = vocabulary().variables
    return [_row(variables[name]) for name in (variables if names is None else names)]


def as_page(name: str) -> str:
    """All that is known of one variable, as plain text. An unknown name raises KeyError."""
    variable = vocabulary().variables[name]
    return "\n".join([f"{variable.name}: {variable.label}", f"  {variable.plain}", "", *_sections(variable)]) + "\n"


def as_json(name: str | None = None) -> str:
    """One variable, or a list of all, as indented JSON. An unknown name raises KeyError."""
    variables = vocabulary().variables
    shown = [_plain_data(one) for one in variables.values()] if name is None else _plain_data(variables[name])
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()


def _row(variable: Variable) -> tuple[str, ...]:
    names = list(variable.choices)
    more = f", and {len(names) - MANY} more" if len(names) > MANY else ""
    return (
        variable.name,
        variable.group,
        variable.unit,
        _range(variable.possible),
        ", ".join(names[:MANY]) + more,
        ", ".join(code.code for code in variable.codes),
        variable.label,
    )


def _sections(variable: Variable) -> Iterator[str]:
    yield from _line("group", variable.group)
    yield from _line("kind", variable.kind + (", whole numbers" if variable.whole else ""))
    yield from _line("unit", variable.unit)
    yield from _block("accepted units", (_unit_line(variable, unit) for unit in accepted_units(variable)))
    yield from _line("plausible", _range(variable.plausible))
    yield from _line("possible", _with_source(_range(variable.possible), variable.range_source))
    yield from _line("hint", variable.hint)
    yield from _line("worse", variable.worse)
    yield from _block("choices", (_choice_line(choice) for choice in variable.choices.values()))
    yield from _block("details", (f"{key} ({field.type}): {field.label}" for key, field in variable.detail.items()))
    yield from _block("codes", (_code_line(code) for code in variable.codes))
    yield from _line("source", variable.source + _mark(variable.confirmed))


def _line(title: str, text: str) -> Iterator[str]:
    if text:
        yield f"{title:<15} {text}"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{'' if number else title:<15} {line}"


def _unit_line(variable: Variable, unit: str) -> str:
    return f"{unit:<12} {_formula(variable.units[unit])}".rstrip()


def _formula(conversion: Conversion) -> str:
    if conversion.scale == 1.0 and conversion.offset == 0.0:
        return ""
    offset = f" {'-' if conversion.offset < 0 else '+'} {abs(conversion.offset):.12g}" if conversion.offset else ""
    return f"x {conversion.scale:.12g}{offset} = {conversion.unit}"


def _choice_line(choice: Choice) -> str:
    classes = f" [{', '.join(choice.classes)}]" if choice.classes else ""
    codes = "".join(f"; {_code_line(code, display=False)}" for code in choice.codes)
    return f"{choice.name}: {choice.label}{classes}{codes}"


def _code_line(code: Code, *, display: bool = True) -> str:
    name = f"  {code.display}" if display else ""
    return f"{code.system} {code.code}{name}{_mark(code.confirmed)}"


def _mark(confirmed: bool) -> str:
    return "" if confirmed else " (unconfirmed)"


def _range(ends: tuple[float, float] | None) -> str:
    return f"{ends[0]:g} to {ends[1]:g}" if ends else ""


def _with_source(text: str, source: str) -> str:
    return f"{text} ({source})" if text and source else text


def _plain_data(variable: Variable) -> dict[str, object]:
    """The variable without the two look-up tables that only reading needs."""
    shown = msgspec.to_builtins(variable)
    return {key: value for key, value in shown.items() if key not in {"unit_spellings", "choice_spellings"}}
