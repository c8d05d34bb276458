"""Episodes going out as JSON, CSV, Parquet or lines on the screen: one row an episode, the same columns in each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from itertools import islice
from pathlib import Path
from typing import IO, Any

import msgspec

from cartway.record.fact import Fact
from cartway.times import text
from cartway.toxicity.episode import Episode, Reason
from cartway.toxicity.rules import Rules
from cartway.toxicity.wording import clock, sentence

COLUMNS = (
    "course",
    "scale",
    "grade",
    "start",
    "end",
    "assessable",
    "because",
    "missing",
    "policies",
    "edition",
    "measures",
)
FORMATS = ("table", "csv", "parquet", "json")
ROW_GROUP = 50_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")  # OWASP, CSV injection


def as_json(episode: Episode, rules: Rules) -> dict[str, Any]:
    """An episode as JSON says it. `because` names each criterion with its sentence and its fact; `policies` gives the
    values.
    """
    return {
        "course": episode.course,
        "scale": episode.scale,
        "grade": episode.grade,
        "start": text(episode.start),
        "end": None if episode.end is None else text(episode.end),
        "assessable": episode.assessable,
        "because": [_reason(reason) for reason in episode.because],
        "missing": list(episode.missing),
        "policies": {name: rules.value(name) for name in episode.policies},
        "edition": episode.edition,
        "measures": dict(episode.measures),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    told: dict[str, Any] = {"criterion": reason.criterion.slug, "text": sentence(reason)}
    if reason.fact is not None:
        told["fact"] = _fact(reason.fact)
    return told


def _fact(fact: Fact) -> dict[str, Any]:
    named = {"what": fact.what, "at": text(fact.at), "value": fact.value, "unit": fact.unit, "choice": fact.choice}
    return {key: value for key, value in named.items() if value not in (None, "")}


def as_row(episode: Episode, rules: Rules) -> dict[str, Any]:
    """An episode as one row of text: several reasons, missing names or policies are joined by semicolons."""
    return {
        "course": episode.course,
        "scale": episode.scale,
        "grade": episode.grade,
        "start": text(episode.start),
        "end": None if episode.end is None else text(episode.end),
        "assessable": episode.assessable,
        "because": "; ".join(sentence(reason) for reason in episode.because),
        "missing": "; ".join(episode.missing),
        "policies": "; ".join(f"{name}={rules.value(name)}" for name in episode.policies),
        "edition": episode.edition,
        "measures": "; ".join(f"{name}={value:g}" for name, value in episode.measures.items()),
    }


def write_json(episodes: Iterable[Episode], rules: Rules, out: IO[str]) -> int:
    """Write a JSON list, an episode a line. Returns how many."""
    count = 0
    out.write("[")
    for episode in episodes:
        out.write(",\n " if count else "\n ")
        out.write(msgspec.json.encode(as_json(episode, rules)).decode())
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count


def write_csv(episodes: Iterable[Episode], rules: Rules, out: IO[str]) -> int:
    """Write CSV with a heading. Returns how many.

    A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line end) gets an apostrophe
    before it, and line ends are written one way; JSON and Parquet keep it as it is.
    """
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for episode in episodes:
        row = {**as_row(episode, rules), "assessable": str(episode.assessable).lower()}
        writer.writerow({name: _no_formula(cell) for name, cell in row.items()})
        count += 1
    return count


def _no_formula(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")  # the csv module leaves a lone CR unquoted
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_parquet(episodes: Iterable[Episode], rules: Rules, path: Path) -> int:
    """Write a Parquet file, row group by row group; times are timestamps in UTC. Returns how many."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(pa)
    count = 0
    rows = (_parquet_row(episode, rules) for episode in episodes)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROW_GROUP)):
            writer.write_table(pa.Table.from_pylist(batch, schema))
            count += len(batch)
    return count


def _parquet_row(episode: Episode, rules: Rules) -> Mapping[str, Any]:
    return {**as_row(episode, rules), "start": episode.start, "end": episode.end}


def _schema(pa: Any) -> Any:
    moment = pa.timestamp("us", "UTC")
    types = {"grade": pa.int8(), "start": moment, "end": moment, "assessable": pa.bool_()}
    return pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])


def lines(episodes: Iterable[Episode], zone: tzinfo = UTC) -> Iterator[str]:
    """Episodes for the screen, course by course: the grade, when, and the reasons below it."""
    course = ""
    for episode in episodes:
        if episode.course != course:
            course = episode.course
            yield ""
            yield course
        until = "" if episode.end is None else clock(episode.end, zone)
        yield f"  {episode.scale:<18} {episode.shown:<15} {clock(episode.start, zone):<23} to {until}".rstrip()
        if episode.measures:
            counted = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in episode.measures.items())
            yield f"  {'':<18} counted: {counted}"
        if episode.because:
            yield f"  {'':<18} {'; '.join(sentence(reason, zone) for reason in episode.because)}"
        if episode.missing:
            yield f"  {'':<18} missing: {', '.join(episode.missing)}"
        if episode.policies:
            yield f"  {'':<18} decided by policy: {', '.join(episode.policies)}"
