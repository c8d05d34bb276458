"""Facts of the rows in force (`in_force`) of a charted table, read fast: what the words of a row mean is worked out
once for all rows that share them.

`facts_in` is the slow twin: intake's own reading of each row. A test holds the two to the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cartway.intake.drafts import plain
from cartway.intake.plans import number_plan
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.vocabulary import Conversion, Variable, check_detail, convert_detail, read_choice, read_unit, vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

WORDS = ("what", "unit", "choice", "detail")
REST = ("course", "at", "value", "until", "about", "event", "source", "simulated", "recorded_at")


class _Meant(NamedTuple):
    """What a row's words mean: a fact but for its numbers, and how its number becomes canonical."""

    what: str
    unit: str
    choice: str
    detail: Mapping[str, Any]
    said: str
    conversion: Conversion | None
    variable: Variable
    always_said: bool


def swift_facts(table: pa.Table) -> tuple[list[Fact], int]:
    """The facts of a table in its order, and how many rows could not be read. The table has every column of a chart."""
    known: dict[tuple[str | None, ...], _Meant | None] = {}
    facts, refused = list[Fact](), 0
    words = zip(*(table.column(name).to_pylist() for name in WORDS), strict=True)
    rest = zip(*(_plain(table.column(name)) for name in REST), strict=True)
    for row, others in zip(words, rest, strict=True):
        if row not in known:
            known[row] = _meant(*row)
        meant = known[row]
        fact = None if meant is None else _fact(meant, row[1] or "", *others)
        refused += fact is None
        if fact is not None:
            facts.append(fact)
    return facts, refused


def _plain(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow as pa

    return list((column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column).to_pylist())


def _meant(what: str | None, unit: str | None, choice: str | None, detail: str | None) -> _Meant | None:
    variable = vocabulary().variables.get(what or "")
    if variable is None:
        return None
    chosen = read_choice(variable, choice) if choice else ""
    extras = msgspec.json.decode(detail, type=dict[str, Any]) if detail else {}
    conversion = read_unit(variable, unit or "") if variable.units and (unit or not choice) else None
    if isinstance(chosen, Problem) or isinstance(conversion, Problem) or check_detail(variable, extras) is not None:
        return None
    if conversion is not None:
        extras = convert_detail(variable, extras, conversion)
    said = choice if choice and choice != chosen else ""
    plan = number_plan(variable, unit or "") if not choice and not detail else None  # intake's own short way
    always = plan is not None and not plan.same
    canonical = conversion.unit if conversion else ""
    return _Meant(variable.name, canonical, chosen, extras, said, conversion, variable, always)


def _fact(
    meant: _Meant, unit: str, course: str, at: int, value: float | None, until: int | None, about: str | None,
    event: str | None, source: str | None, simulated: bool | None, recorded: int | None,
) -> Fact | None:  # fmt: skip
    number, said = value, meant.said
    if value is not None:
        if meant.conversion is None:
            return None
        number = meant.conversion.to_canonical(value)
        low, high = meant.variable.possible or (float("-inf"), float("inf"))
        if not low <= number <= high or (meant.variable.whole and not number.is_integer()):
            return None
        said = f"{plain(value)} {unit}".strip() if number != value or meant.always_said else meant.said
    return Fact(
        course, at, meant.what, number, meant.unit if value is not None else "", meant.choice, until, about or "",
        event or "", meant.detail, source or "", said=said, simulated=bool(simulated), source_recorded_at=recorded,
    )  # fmt: skip
