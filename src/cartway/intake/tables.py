"""Facts tables: CSV, Parquet, and the same rows as JSON or NDJSON. Written and read back without loss."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import IO, Any

import msgspec

from cartway.intake.drafts import Item, Refused
from cartway.intake.rows import COLUMNS, Row, Rows, unknown_columns
from cartway.intake.sources import LIMITS, Limits, lines, not_utf8, read_all
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant, to_datetime
from cartway.times import text as time_text
from cartway.vocabulary import Vocabulary

CSV_FORMAT = "facts-csv"
JSON_FORMAT = "facts-json"
_SEPARATORS = ",;\t"
_BATCH_ROWS = 10_000


def read_csv(source: Path | bytes, *, name: str, vocabulary: Vocabulary, limits: Limits = LIMITS) -> Iterator[Item]:
    """Every row of a CSV facts table (also compressed), as a draft or a refusal with its line and column."""
    text_lines = _TextLines(source, limits)
    first = next(text_lines, "")
    separator = max(_SEPARATORS, key=first.count)
    table = csv.reader(text_lines, delimiter=separator)
    names = _header(first, separator)
    if unknown := unknown_columns(names, f"{name} line 1"):
        yield unknown
    rows = Rows(vocabulary)
    while True:
        start = text_lines.number + 1
        try:
            cells = next(table, None)
        except csv.Error as failure:
            reason = f"The row is not well-formed CSV: {failure}."
            problem = Problem("malformed_row", reason, "Check its quotes and separators.", f"{name} line {start}")
            yield Refused(problem, CSV_FORMAT, _as_csv(names, [text_lines.last], raw=True))
            continue
        yield from (Refused(problem.at(f"{name} line {number}")) for number, problem in text_lines.take_problems())
        if cells is None:
            return
        if cells:
            yield _row_of(cells, names, rows, f"{name} line {start}")


def _header(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip().casefold() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


class _TextLines:
    """The lines of a file as text, with the number of the last one; what is no text is put aside as a problem."""

    def __init__(self, source: Path | bytes, limits: Limits) -> None:
        self._lines = lines(source, limits)
        self._problems: list[tuple[int, Problem]] = []
        self.number = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for self.number, line in self._lines:  # noqa: B020 (where we are is what is kept)
            text = line if isinstance(line, Problem) else _decoded(line)
            if isinstance(text, str):
                self.last = text
                return text
            self._problems.append((self.number, text))
        raise StopIteration

    def take_problems(self) -> list[tuple[int, Problem]]:
        """The lines put aside since the last call."""
        taken, self._problems = self._problems, []
        return taken


def _decoded(line: bytes) -> str | Problem:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return not_utf8()


def _row_of(cells: list[str], names: list[str], rows: Rows, place: str) -> Item:
    if len(cells) > len(names) or not set(names) >= {"course", "at", "what"}:
        reason = f"The row has {len(cells)} cells and the table {len(names)} columns."
        problem = Problem("malformed_row", reason, "Check its quotes and separators.", place)
        return Refused(problem, CSV_FORMAT, _as_csv(names, cells))
    item = rows.read(dict(zip(names, cells, strict=False)), place)
    return (
        msgspec.structs.replace(item, format=CSV_FORMAT, input=_as_csv(names, cells))
        if isinstance(item, Refused)
        else item
    )


def _as_csv(names: list[str], cells: list[str], *, raw: bool = False) -> str:
    """A row with the table's header: what is kept of a refusal can be read by itself."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    if raw:
        out.write(cells[0])
    else:
        writer.writerow(cells)
    return out.getvalue()


def read_parquet(source: Path | bytes, *, name: str, vocabulary: Vocabulary) -> Iterator[Item]:
    """Every row of a Parquet facts table. Problems: ``broken_file``, and those of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(io.BytesIO(source) if isinstance(source, bytes) else source) as table:
            yield from _batches(table, name, Rows(vocabulary))
    except (pa.ArrowException, OSError, ValueError):
        problem = Problem("broken_file", "The Parquet file is damaged.", "Write it again from its source.", name)
        yield Refused(problem)


def _batches(table: Any, name: str, rows: Rows) -> Iterator[Item]:
    names = [column.casefold() for column in table.schema_arrow.names]
    if unknown := unknown_columns(names, name):
        yield unknown
    number = 0
    for batch in table.iter_batches(
        batch_size=_BATCH_ROWS, columns=[n for n in table.schema_arrow.names if n in COLUMNS]
    ):
        cells = [_cells(column) for column in batch.columns]
        for values in zip(*cells, strict=True):
            number += 1
            yield _object_row(dict(zip(batch.schema.names, values, strict=True)), rows, f"{name} row {number}")


def _cells(column: Any) -> list[Any]:
    """A column's values. Times by way of whole numbers: pyarrow would import pandas for them, a second or two."""
    import pyarrow as pa

    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    zone = UTC if column.type.tz else None
    instants = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64()).to_pylist()
    return [None if instant is None else to_datetime(instant).replace(tzinfo=zone) for instant in instants]


def read_json(source: Path | bytes, *, name: str, vocabulary: Vocabulary, limits: Limits = LIMITS) -> Iterator[Item]:
    """A JSON list of facts (objects with the columns of a facts table), or one fact."""
    content = read_all(source, limits)
    if isinstance(content, Problem):
        yield Refused(content.at(name))
        return
    found = _objects(content)
    if isinstance(found, Problem):
        yield Refused(found.at(name))
        return
    rows = Rows(vocabulary)
    for number, row in enumerate(found, 1):
        yield _object_row(row, rows, f"{name} fact {number}")


def read_ndjson(source: Path | bytes, *, name: str, vocabulary: Vocabulary, limits: Limits = LIMITS) -> Iterator[Item]:
    """One fact a line."""
    rows = Rows(vocabulary)
    for number, line in lines(source, limits):
        place = f"{name} line {number}"
        found = line if isinstance(line, Problem) else _objects(line) if line.strip() else []
        if isinstance(found, Problem):
            text = "" if isinstance(line, Problem) else line.decode("utf-8", "replace")[: limits.kept_input_bytes]
            yield Refused(found.at(place), JSON_FORMAT if text else "", text)
        else:
            yield from (_object_row(row, rows, place) for row in found)


def _objects(content: bytes) -> list[Any] | Problem:
    try:
        found = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Problem("malformed_json", "It is not well-formed JSON.", "Mend it, or write it again from its source.")
    return found if isinstance(found, list) else [found]


def _object_row(row: object, rows: Rows, place: str) -> Item:
    if not isinstance(row, dict):
        return Refused(Problem("malformed_row", "It is not an object.", "Write each fact as an object.", place))
    unknown = unknown_columns((name for name in row if row[name] is not None), place)
    item = unknown or rows.read(row, place)
    if not isinstance(item, Refused):
        return item
    return msgspec.structs.replace(item, format=JSON_FORMAT, input=msgspec.json.encode(row, order=None).decode())


# Writing


def write_table(facts: Iterable[Fact], path: Path) -> int:
    """Write a facts table: Parquet by the name's ending, else CSV. Returns the number of rows.

    What was stored comes out in canonical units; ``recorded_at`` is the store's time, else the source's own.
    """
    return _write_parquet(facts, path) if path.suffix == ".parquet" else _write_csv(facts, path)


def to_row(fact: Fact) -> dict[str, Any]:
    """A fact by the columns of a facts table, empty ones as None."""
    return {
        "course": fact.course,
        "at": time_text(fact.at),
        "until": _when(fact.until),
        "what": fact.what,
        "value": fact.value,
        "unit": fact.unit or None,
        "choice": fact.choice or None,
        "detail": msgspec.json.encode(fact.detail, order="sorted").decode() if fact.detail else None,
        "about": fact.about or None,
        "event": fact.event or None,
        "source": fact.source or None,
        "key": fact.key or None,
        "amends": fact.amends or None,
        "reason": fact.reason or None,
        "corrected": fact.corrected or None,
        "simulated": fact.simulated or None,
        "recorded_at": _when(fact.source_recorded_at if fact.recorded_at is None else fact.recorded_at),
        "recorded_by": fact.recorded_by or None,
        "said": fact.said or None,
    }


def _when(instant: Instant | None) -> str | None:
    return None if instant is None else time_text(instant)


def _write_csv(facts: Iterable[Fact], path: Path) -> int:
    with path.open("w", encoding="utf-8", newline="") as out:
        return _write_rows(map(to_row, facts), out)


def _write_rows(rows: Iterable[Row], out: IO[str]) -> int:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 (the count is what is wanted)
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return number


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else "true" if value is True else str(value)


def _write_parquet(facts: Iterable[Fact], path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"value": pa.float64(), "corrected": pa.bool_(), "simulated": pa.bool_()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    table = pa.Table.from_pylist([to_row(fact) for fact in facts], schema=schema)
    pq.write_table(table, path)
    return int(table.num_rows)
