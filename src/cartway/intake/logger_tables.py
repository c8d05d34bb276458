"""The table inside a temperature logger's file: its columns found, its times and temperatures read row by row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache

import msgspec

from cartway.problem import Problem
from cartway.times import Instant, from_datetime
from cartway.vocabulary import convert

Row = tuple[Instant, float]  # when, Cel

UNITS: Mapping[str, str] = {"C": "Cel", "F": "[degF]", "K": "K"}
HEAD_ROWS = 200  # lines of words that may stand before the table
YEARS = range(2000, 2250)  # a logger whose clock was lost begins at its own epoch
COLDEST, WARMEST = -273.15, 200.0  # Cel
_TIME = re.compile(r"\b(date|time|timestamp|datetime|zeit|datum|uhrzeit|fecha|hora|heure|logged)\b")
_TEMPERATURE = re.compile(r"temp|°\s?[cfk]\b|celsius|fahrenheit|kelvin|\bdeg\s?[cfk]\b")
_SET_POINT = re.compile(r"alarm|limit|set.?point|status|min\b|max\b|mean|average|mkt")
_UNITS = {
    "C": re.compile(r"°\s?c\b|celsius|[\[(]\s?(deg\s?)?c\s?[\])]|\bdeg\s?c\b|[_ ]c$"),
    "F": re.compile(r"°\s?f\b|fahrenheit|[\[(]\s?(deg\s?)?f\s?[\])]|\bdeg\s?f\b|[_ ]f$"),
    "K": re.compile(r"°\s?k\b|kelvin|[\[(]\s?k\s?[\])]|[_ ]k$"),
}
_VALUE = re.compile(r"([+-]?\d{1,5}(?:[.,]\d{1,6})?)\s*(?:°?\s*([CFK]))?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T,]+(.*))?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_UTC = re.compile(r"\b(utc|gmt)\b")


class Table(msgspec.Struct, frozen=True):
    """The rows that could be read, in the file's order, and a problem for each that could not."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class _Columns(msgspec.Struct, frozen=True):
    """Where times and temperatures stand, in which unit, and whether the times are said to be UTC."""

    times: tuple[int, ...]
    temperature: int
    unit: str
    utc: bool


def read_table(content: bytes, zone: tzinfo, unit: str, column: str, most: int) -> Table | Problem:
    """The table of a logger's file. Problems: see `cartway.intake.loggers.read_logger`."""
    text = _text(content)
    if not text.strip():
        return Problem("empty_file", "The file is empty.", "Export it again from the logger.")
    if text.count("\n") > most + HEAD_ROWS:
        reason = f"The file has more than {most:,} rows."
        return Problem("too_many_rows", reason, "Export only the time of this transport, or a longer interval.")
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=_separator(text)))
    except csv.Error:
        return Problem("malformed_table", "The file is no well-formed CSV.", "Export it again from the logger.")
    for number, names in enumerate(lines[:HEAD_ROWS]):
        columns = _columns(names, unit, column)
        if columns is not None:
            return columns if isinstance(columns, Problem) else _rows(lines, number + 1, columns, zone)
    remedy = "The table needs a row with the names of its columns, a time and a temperature among them."
    return Problem("no_table", "The file has no table of times and temperatures.", remedy)


def _text(content: bytes) -> str:
    """The file as text. Loggers write UTF-8, UTF-16 with its mark, or a Windows page, whose letters do not matter."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _separator(text: str) -> str:
    """The separator that stands most often in the lines of the table; a comma may be a decimal one."""
    sample = text.splitlines()[-50:]
    counts = {each: sum(line.count(each) for line in sample) for each in (";", "\t")}
    most = max(counts, key=lambda each: counts[each])
    return most if counts[most] >= len(sample) // 2 + 1 else ","


def _columns(names: Sequence[str], unit: str, column: str) -> _Columns | Problem | None:
    """The columns by their names; None where this row names none."""
    said = [name.strip().casefold() for name in names]
    times = tuple(n for n, name in enumerate(said) if _TIME.search(name.replace("_", " ")) and "elapsed" not in name)
    found = [n for n, name in enumerate(said) if _TEMPERATURE.search(name) and n not in times]
    plain = [n for n in found if not _SET_POINT.search(said[n])] or found
    if column:
        plain = [n for n, name in enumerate(said) if name == column.strip().casefold()]
    if not times or not plain:
        return None
    if len(plain) > 1:
        listed = ", ".join(f"'{names[n].strip()}'" for n in plain)
        reason = f"The file has several temperatures: {listed}."
        return Problem("several_temperatures", reason, "State the column that is of the product.")
    units = [name for name, pattern in _UNITS.items() if pattern.search(said[plain[0]])]
    known = unit or (units[0] if len(units) == 1 else "")
    return _Columns(times[:2], plain[0], known, any(_UTC.search(said[n]) for n in times))


def _rows(lines: Sequence[Sequence[str]], start: int, columns: _Columns, zone: tzinfo) -> Table | Problem:
    """Read every row, or say what of the whole would have to be guessed."""
    stated = UTC if columns.utc else zone
    cells = [(number, row) for number, row in enumerate(lines[start:], start + 1) if any(cell.strip() for cell in row)]
    times = [(number, _time_cell(row, columns.times)) for number, row in cells]
    order = _order(text for _, text in times)
    if order == "":
        reason = "Its days could be months: 04/05/2026 is read in two ways."
        return Problem("ambiguous_dates", reason, "Export it with dates such as 2026-05-04.")
    if not columns.unit and not any(_unit_of(row, columns) for _, row in cells):
        return Problem("no_unit", "The file does not say the unit of its temperatures.", "State it: C, F or K.")
    read = [
        _row(number, row, text, columns, order, stated) for (number, row), (_, text) in zip(cells, times, strict=True)
    ]
    return Table(
        tuple(each for each in read if not isinstance(each, Problem)),
        tuple(each for each in read if isinstance(each, Problem)),
    )


def _row(number: int, row: Sequence[str], time: str, columns: _Columns, order: str, zone: tzinfo) -> Row | Problem:
    place = f"line {number}"
    at = _instant(time, order, zone)
    if at is None:
        return Problem("malformed_time", "Its time cannot be read.", "It counts as part of a gap.", place)
    value = _celsius(row, columns)
    if value is None:
        return Problem("malformed_temperature", "Its temperature cannot be read.", "It counts as part of a gap.", place)
    if not COLDEST <= value <= WARMEST:
        reason = "Its temperature is impossible."
        return Problem("impossible_temperature", reason, "Is the unit right? It counts as part of a gap.", place)
    return at, value


def _time_cell(row: Sequence[str], places: Sequence[int]) -> str:
    """The time as one text: of two columns, such as a date and a time of day, both where the first has no clock."""
    parts = [row[n].strip() for n in places if n < len(row)]
    return parts[0] if parts and ":" in parts[0] else " ".join(parts).strip()


def _celsius(row: Sequence[str], columns: _Columns) -> float | None:
    cell = row[columns.temperature].strip().replace("\N{MINUS SIGN}", "-") if columns.temperature < len(row) else ""
    found = _VALUE.fullmatch(cell)
    unit = _unit_of(row, columns) or columns.unit
    if found is None or unit not in UNITS:
        return None
    zero, step = _scale(unit)
    return round(zero + step * float(found[1].replace(",", ".")), 3)


@cache
def _scale(unit: str) -> tuple[float, float]:
    """What 0 of a unit is in Cel, and what one degree of it is."""
    zero, one = convert(0.0, UNITS[unit], "Cel"), convert(1.0, UNITS[unit], "Cel")
    assert zero is not None, "the vocabulary knows the three units"
    assert one is not None, "the vocabulary knows the three units"
    return zero, one - zero


def _unit_of(row: Sequence[str], columns: _Columns) -> str:
    """The unit beside the number, empty where there is none."""
    cell = row[columns.temperature].strip().replace("\N{MINUS SIGN}", "-") if columns.temperature < len(row) else ""
    found = _VALUE.fullmatch(cell)
    return (found[2] or "").upper() if found else ""


def _order(texts: Iterable[str]) -> str:
    """``dmy`` or ``mdy`` as the days of the file show, ``iso`` where no day is so written, empty where it is open."""
    found = [each for each in map(_DAY.fullmatch, texts) if each]
    if not found:
        return "iso"
    if any(each[2] == "." or int(each[1]) > 12 for each in found):
        return "dmy"
    return "mdy" if any(int(each[3]) > 12 for each in found) else ""


def _instant(text: str, order: str, zone: tzinfo) -> Instant | None:
    day = _DAY.fullmatch(text)
    if ":" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("/", "-")) if day is None else _of_day(day, order)
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _of_day(day: re.Match[str], order: str) -> datetime:
    """Raises ValueError where it is no date or no time of day."""
    one, other, year = int(day[1]), int(day[3]), int(day[4])
    clock = _CLOCK.fullmatch((day[5] or "").strip())
    if clock is None:
        raise ValueError("no time of day")
    hour, half = int(clock[1]), (clock[4] or "").lower().replace(".", "")
    hour = hour if not half else hour % 12 + (12 if half == "pm" else 0)
    month, number = (other, one) if order == "dmy" else (one, other)
    return datetime(year, month, number, hour, int(clock[2]), int(clock[3] or 0))  # noqa: DTZ001 - its zone comes after
