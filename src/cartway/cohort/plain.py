"""Whether a facts table can be graded over its columns, or must be read row by row.

Over the columns nothing is weighed, mended or refused by its place. A table with a row that needs any of that is read
fact by fact, so that a big table and a small one mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from cartway.problem import Problem
from cartway.record.fact import RETRACTION
from cartway.times import parse
from cartway.toxicity.passes import NO_TIME
from cartway.vocabulary import check_detail, read_unit, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.toxicity.batch import Group

EARLIEST, LATEST = parse("1900-01-01T00:00Z"), parse("2250-01-01T00:00Z")  # as intake takes them


def why_by_row(file: Any) -> str:
    """Why a Parquet file cannot be graded over its columns, by what can be seen before; "" where it can.

    Raises pyarrow's errors where a column is not of its kind.
    """
    checks: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("a column that every facts table has is missing", _has_columns),
        ("it holds corrections", _has_no_corrections),
        ("a row has no course or names no variable", _names_all),
        ("a time is missing, has no offset, or lies outside the years 1900 to 2249", _has_sound_times),
        ("a detail cannot be read", _has_sound_details),
        ("a key occurs twice", _has_each_key_once),
    )
    return next((reason for reason, holds in checks if not holds(file)), "")


class Seen:
    """What can be seen only as a table is read, group by group."""

    def __init__(self) -> None:
        self._variables: set[str] = set()
        self._runs_backward = self._has_unread_dose = False

    def look(self, group: Group) -> None:
        """Look at one row group."""
        self._variables.update(group.spelled[0][:-1])
        self._runs_backward = self._runs_backward or _runs_backward(group)
        self._has_unread_dose = self._has_unread_dose or _has_unread_dose(group)

    def why_by_row(self, courses: Sequence[str]) -> str:
        """Why the table cannot be graded over its columns, by what was seen; "" where it can."""
        names = [*courses, *self._variables]
        if any(not name.strip() or name != name.strip() for name in names):
            return "a course or variable is blank, or has blanks around it"
        if RETRACTION in names:
            return "it holds retractions"
        if self._runs_backward:
            return "something ends before it starts"
        return "the dose of a drug cannot be read" if self._has_unread_dose else ""


def _runs_backward(group: Group) -> bool:
    return bool(len(group.until) and np.any((group.until != NO_TIME) & (group.until < group.at)))


def _has_unread_dose(group: Group) -> bool:
    """Whether a drug stands there that is known to be given, though not how much: it counts, without its dose."""
    if "drug" not in group.spelled[0]:
        return False
    drug = vocabulary().variables["drug"]
    low, high = drug.possible or (-np.inf, np.inf)
    known = [not isinstance(read_unit(drug, unit), Problem) for unit in group.spelled[2]]
    dosed = (group.words[0] == group.spelled[0].index("drug")) & _there(group.has_value, len(group.at))
    units = np.where(_there(group.bits[2], len(group.at)), group.words[2], len(known) - 1)[dosed]
    doses = group.value[dosed]
    return not bool(np.all((doses >= low) & (doses <= high) & np.array(known)[units]))


def _there(bits: NDArray[np.uint8], count: int) -> NDArray[np.bool_]:
    """Validity bits, the lowest first, as truth values; no bits where all is there."""
    if not len(bits):
        return np.ones(count, np.bool_)
    return np.unpackbits(bits, count=count, bitorder="little").astype(np.bool_)


def _has_columns(file: Any) -> bool:
    return {"course", "at", "what"} <= set(file.schema_arrow.names)


def _has_no_corrections(file: Any) -> bool:
    return all(_is_empty(stated, values) for stated, values in _stated(file, ("amends", "corrected")))


def _is_empty(stated: Any, values: int) -> bool:
    """Whether a column chunk says of itself that nothing stands in it: nulls, blanks or `false`."""
    if stated is None:
        return False
    return stated.null_count == values or (stated.has_min_max and stated.max in (False, ""))


def _names_all(file: Any) -> bool:
    return all(
        stated is not None and stated.has_null_count and stated.null_count == 0
        for stated, _ in _stated(file, ("course", "what"))
    )


def _stated(file: Any, wanted: Sequence[str]) -> Iterator[tuple[Any, int]]:
    """What the file says of some of its columns, with how many values each has, row group by row group."""
    names = file.schema_arrow.names
    for number in range(file.metadata.num_row_groups):
        for name in wanted:
            if name in names:
                column = file.metadata.row_group(number).column(names.index(name))
                yield column.statistics, column.num_values


def _has_sound_times(file: Any) -> bool:
    """Whether each row has a time, and all times have an offset and lie within what the fold can tell apart."""
    if any(stated is None or stated.null_count for stated, _ in _stated(file, ("at",))):
        return False
    return all(_are_sound_times(file, name) for name in ("at", "until") if name in file.schema_arrow.names)


def _are_sound_times(file: Any, name: str) -> bool:
    import pyarrow as pa

    kind = file.schema_arrow.field(name).type
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return False
    told = [stated for stated, values in _stated(file, (name,)) if stated is None or stated.null_count < values]
    if pa.types.is_timestamp(kind) and kind.unit == "us" and all(stated and stated.has_min_max for stated in told):
        ends = [(stated.min_raw, stated.max_raw) for stated in told]
    else:
        ends = [_ends(file.read_row_group(number, columns=[name])) for number in range(file.num_row_groups)]
    return all(low >= EARLIEST and high < LATEST for low, high in ends)


def _ends(table: Any) -> tuple[int, int]:
    """The first and last time of a column, read. Raises pyarrow's error at text without an offset."""
    import pyarrow as pa
    import pyarrow.compute as pc

    instants = table.column(0).cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    ends = pc.min_max(instants).as_py()
    return (EARLIEST, EARLIEST) if ends["min"] is None else (ends["min"], ends["max"])


def _has_sound_details(file: Any) -> bool:
    """Whether each detail is one that its variable declares, looked at once for each pair that occurs."""
    told = list(_stated(file, ("detail",)))
    if all(stated is not None and stated.null_count == values for stated, values in told):
        return True
    pairs: set[tuple[str, str]] = set()
    for number in range(file.num_row_groups):
        pairs |= _pairs(file.read_row_group(number, columns=["what", "detail"]))
    return all(_is_sound_detail(what, detail) for what, detail in pairs)


def _pairs(table: Any) -> set[tuple[str, str]]:
    """Each variable with each detail that it occurs with."""
    import pyarrow as pa

    named = table.select(["what", "detail"]).cast(pa.schema([("what", pa.string()), ("detail", pa.string())]))
    pairs = named.drop_null().group_by(["what", "detail"]).aggregate([])
    return set(zip(pairs.column("what").to_pylist(), pairs.column("detail").to_pylist(), strict=True))


def _is_sound_detail(what: str, text: str) -> bool:
    variable = vocabulary().variable(what)
    if variable is None or not text:
        return True
    try:
        detail = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return False
    return check_detail(variable, detail) is None


def _has_each_key_once(file: Any) -> bool:
    """Whether no key names two rows. One key in two courses, or of two sources, names two statements."""
    import pyarrow.compute as pc

    if all(stated is not None and _is_empty(stated, values) for stated, values in _stated(file, ("key",))):
        return True
    keys = file.read(columns=[name for name in ("course", "source", "key") if name in file.schema_arrow.names])
    keyed = keys.filter(pc.fill_null(pc.not_equal(keys.column("key"), ""), False))
    if pc.count_distinct(keyed.column("key")).as_py() == keyed.num_rows:
        return True
    return bool(keyed.group_by(keyed.column_names).aggregate([]).num_rows == keyed.num_rows)
