"""One row of a facts table to a fact: the columns are the fields of a fact, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from cartway.intake.drafts import Draft, Item, Refused, observe, plain
from cartway.intake.instants import of_moment, read_time
from cartway.intake.plans import Plan, number_plan
from cartway.problem import Problem
from cartway.record.fact import RETRACTION, Fact
from cartway.times import Instant
from cartway.vocabulary import Variable, Vocabulary, check_detail

COLUMNS = (
    "course", "at", "until", "what", "value", "unit", "choice", "detail", "about", "event", "source", "key",
    "amends", "reason", "corrected", "simulated", "recorded_at", "recorded_by", "said",
)  # fmt: skip
_YES = frozenset({"true", "1", "yes", "y", "t"})
_NO = frozenset({"false", "0", "no", "n", "f", ""})
CACHE_LIMIT = 100_000

Row = Mapping[str, Any]


class _CellError(Exception):
    """A cell that cannot be read; carries the problem to the row's refusal."""

    def __init__(self, column: str, problem: Problem) -> None:
        super().__init__(problem.code)
        self.column = column
        self.problem = problem


class Rows:
    """Reads rows of one table; conversions and times are worked out once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._plans: dict[tuple[str, str], Plan | None] = {}
        self._times: dict[str, Instant] = {}

    def read(self, row: Row, place: str) -> Draft | Refused:
        """The draft of a row, or its refusal with the column in its place. Course and time come from the row itself."""
        try:
            return self._read(row, place)
        except _CellError as bad:
            return Refused(bad.problem.at(f"{place}, column {bad.column}"))

    def _read(self, row: Row, place: str) -> Draft | Refused:
        what = _text(row, "what")
        variable = self._vocabulary.variables.get(what)
        if variable is None:
            raise _CellError("what", _unknown_variable(what))
        course = _required(row, "course")
        at, until = self._time(row, "at"), self._optional_time(row, "until")
        if until is not None and until < at:
            raise _CellError(
                "until", Problem("ends_before_start", "It ends before it starts.", "Mend `until` or `at`.")
            )
        value, unit, detail = _number(row), _text(row, "unit"), _detail(row, variable)
        plan = self._plan(variable, unit) if value is not None else None
        if plan is not None and not row.get("choice") and not detail:
            number = value if plan.same else float(f"{value * plan.scale + plan.offset:.12g}")  # type: ignore[operator]
            if plan.low <= number <= plan.high:  # type: ignore[operator]
                said = _text(row, "said") or ("" if plan.same else f"{plain(value)} {unit}")  # type: ignore[arg-type]
                fact = Fact(course, at, what, number, plan.unit, until=until, said=said)
                return Draft(self._completed(fact, row, what), None, place)
        item = observe(
            variable,
            None,
            at,
            course=course,
            value=value,
            unit=unit,
            choice=_chosen(row, variable, value),
            place=place,
            until=until,
            detail=detail,
        )
        return self._finished(item, row, what)

    def _finished(self, item: Draft | Refused, row: Row, what: str) -> Draft | Refused:
        if isinstance(item, Draft):
            fact = self._completed(item.fact, row, what)
            said = _text(row, "said")
            return Draft(msgspec.structs.replace(fact, said=said) if said else fact, None, item.place)
        if item.stand_in is None:
            return item
        stand_in = Draft(self._completed(item.stand_in.fact, row, what), None, item.problem.place)
        return msgspec.structs.replace(item, stand_in=stand_in)

    def _completed(self, fact: Fact, row: Row, what: str) -> Fact:
        """The fact with the columns that most rows leave empty."""
        amends = _text(row, "amends")
        if what == RETRACTION and not amends:
            raise _CellError(
                "amends", Problem("no_amends", "A retraction names nothing.", "Give the key of what it withdraws.")
            )
        found = {
            "about": _text(row, "about"),
            "event": _text(row, "event"),
            "source": _text(row, "source"),
            "key": _text(row, "key"),
            "amends": amends,
            "reason": _text(row, "reason"),
            "corrected": _flag(row, "corrected"),
            "simulated": _flag(row, "simulated"),
            "source_recorded_at": self._optional_time(row, "recorded_at"),
        }
        given = {name: cell for name, cell in found.items() if cell}
        return msgspec.structs.replace(fact, **given) if given else fact

    def _plan(self, variable: Variable, unit: str) -> Plan | None:
        key = (variable.name, unit)
        if key not in self._plans:
            if len(self._plans) >= CACHE_LIMIT:
                self._plans.clear()
            self._plans[key] = number_plan(variable, unit)
        return self._plans[key]

    def _optional_time(self, row: Row, column: str) -> Instant | None:
        return None if row.get(column) in (None, "") else self._time(row, column)

    def _time(self, row: Row, column: str) -> Instant:
        cell = row.get(column)
        if isinstance(cell, datetime):
            return _good(of_moment(cell), column)
        text = "" if cell is None else str(cell).strip()
        known = self._times.get(text)
        if known is None:
            known = _good(read_time(text), column)
            if len(self._times) < CACHE_LIMIT:
                self._times[text] = known
        return known


def unknown_columns(names: Iterable[str], place: str) -> Item | None:
    """One refusal that names the columns nobody knows, or None. Their cells are not read."""
    unknown = sorted({name for name in names if name and name not in COLUMNS})
    if not unknown:
        return None
    reason = f"Columns that a facts table does not have: {', '.join(name[:40] for name in unknown[:20])}."
    remedy = f"Rename or remove them; the columns are {', '.join(COLUMNS)}."
    return Refused(Problem("unknown_column", reason, remedy, place))


def _good(moment: Instant | Problem, column: str) -> Instant:
    if isinstance(moment, Problem):
        raise _CellError(column, moment)
    return moment


def _text(row: Row, column: str) -> str:
    cell = row.get(column)
    return "" if cell is None else str(cell).strip()


def _required(row: Row, column: str) -> str:
    text = _text(row, column)
    if not text:
        raise _CellError(
            column, Problem("no_course", "It names no course.", "Give the course that the fact belongs to.")
        )
    return text


def _number(row: Row) -> float | None:
    cell = row.get("value")
    if cell is None or cell == "":
        return None
    try:
        return float(cell)
    except (TypeError, ValueError) as failure:
        problem = Problem("not_a_number", "The value is not a number.", "Give a plain number such as 38.4.")
        raise _CellError("value", problem) from failure


def _chosen(row: Row, variable: Variable, value: float | None) -> str:
    """The choice as written. Problem: ``missing_value`` where the variable needs one, or a value, and has neither."""
    choice = _text(row, "choice")
    if choice or value is not None or variable.kind == "mark":
        return choice
    wanted = "value" if variable.kind == "number" else "choice"
    raise _CellError(wanted, Problem("missing_value", f"{variable.label} needs a {wanted}.", f"Give the {wanted}."))


def _detail(row: Row, variable: Variable) -> Mapping[str, Any]:
    cell = row.get("detail")
    if not cell:
        return {}
    detail = cell if isinstance(cell, Mapping) else _decoded(cell)
    problem = check_detail(variable, detail) if isinstance(detail, Mapping) else _no_object()
    if problem is not None:
        raise _CellError("detail", problem)
    return detail


def _decoded(cell: object) -> Any:
    try:
        return msgspec.json.decode(str(cell))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as failure:
        problem = Problem("malformed_detail", "The detail is not JSON.", 'Write it as {"cause": "sepsis"}.')
        raise _CellError("detail", problem) from failure


def _no_object() -> Problem:
    return Problem("malformed_detail", "The detail is not a JSON object.", 'Write it as {"cause": "sepsis"}.')


def _flag(row: Row, column: str) -> bool:
    text = _text(row, column).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise _CellError(
        column, Problem("not_a_flag", f"The {column} mark is neither true nor false.", "Write true or false.")
    )


def _unknown_variable(what: str) -> Problem:
    reason = f"There is no variable '{what[:40]}'." if what else "It names no variable."
    return Problem("unknown_variable", reason, "See `cartway vocabulary` for the names.")
