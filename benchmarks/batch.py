"""A whole cohort, CRS and ICANS, from Parquet to answers with their reasons' positions; its peers in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from benchmarks import peer_polars, simple
from benchmarks.agree import disagreements, plain
from benchmarks.cohort import Cohort, cohort, sample
from benchmarks.line import Line, Part
from benchmarks.measure import Measured, beside, measured

COLUMNS = ("course", "at", "until", "what", "value", "unit", "choice", "detail")
USED = (*simple.READ, "drug", "attribution", "age", "infusion", "discharge", "death", "home_oxygen", "capd_score")
PANDAS_COURSES = 100
RATE = "rows/CPU-s"
ALL, ALL_TARGET = "all nineteen scales", 8e6

Say = Callable[[str], None]


def run(rows: int, repeats: int, say: Say) -> Part:
    """Measure at about `rows` rows."""
    made = cohort(rows, say)
    lines, remarks = _first_call(made), [f"{made.rows:,} rows, {made.courses:,} courses; median of {repeats} repeats"]
    for order, path, target in (("sorted", made.by_course, 15e6), ("log order", made.by_commit, 12e6)):
        more, said = _order(made, order, path, target, repeats, say)
        lines, remarks = lines + more, remarks + said
    more, said = _pandas(made, lines, say)
    return Part(title="Batch: CRS and ICANS from Parquet", lines=lines + more, remarks=remarks + said)


def _order(made: Cohort, order: str, path: Path, target: float, repeats: int, say: Say) -> tuple[list[Line], list[str]]:
    """Ours and the Polars peers on one file, a repeat of each in turn."""
    in_order = path == made.by_course
    works: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(path),
        ALL: lambda: ours_all(path),
        "Polars, expert": lambda: peer_polars.expert(path, in_order),
        "Polars, expert, with reasons": lambda: peer_polars.expert_with_reasons(path, in_order),
        "read and filter, Polars": lambda: read_polars(path),
        "read and filter, PyArrow": lambda: read_pyarrow(path),
    }
    say(f"{order}: ours, expert Polars, read and filter")
    done = dict(zip(works, beside(list(works.values()), repeats), strict=True))
    say(f"{order}: idiomatic Polars")
    done["Polars, idiomatic"] = measured(lambda: peer_polars.idiomatic(path), max(1, repeats // 2), warm=0)
    rate = {name: made.rows / each.median for name, each in done.items()}
    return _lines(order, rate, target), [
        f"{order}, slowest over quickest repeat: {_spreads(done)}",
        *(_agreement(order, name, path, done) for name in done if name.startswith("Polars")),
    ]


def _lines(order: str, rate: dict[str, float], target: float) -> list[Line]:
    ours_is = rate["ours"]
    floor = max((name for name in rate if name.startswith("read")), key=lambda name: rate[name])
    simplified = f"the simplified rules: {simple.LEAVES_OUT}"
    with_reasons = simplified.replace("reasons, ", "").replace("how long a reading holds, ", "")
    against = (
        ("Polars, idiomatic", 4.0, simplified),
        ("Polars, expert", 2.0, simplified),
        ("Polars, expert, with reasons", 2.0, with_reasons),
        (floor, 0.5, "all grading (the floor: at most twice its CPU)"),
    )
    return [
        Line(what=order, ours=ours_is, unit=RATE, target=target),
        Line(what=f"{order}, {ALL}", ours=rate[ALL], unit=RATE, target=ALL_TARGET),
        *(
            Line(what=order, ours=ours_is, unit=RATE, target=times, peer=name, theirs=rate[name], leaves_out=left_out)
            for name, times, left_out in against
        ),
    ]


def ours(path: Path) -> Any:
    """Grade a facts table with the shipped rules."""
    from cartway.toxicity import load_rules
    from cartway.toxicity.batch import grade_parquet

    return grade_parquet(path, load_rules())


def ours_all(path: Path) -> Any:
    """The same on all scales: the older CRS scales, lasting low counts, cytopenias, IEC-HS and tumor lysis too."""
    from cartway.toxicity import ALL_SCALES, load_rules
    from cartway.toxicity.batch import grade_parquet

    return grade_parquet(path, load_rules(), scales=ALL_SCALES)


def read_polars(path: Path) -> pl.DataFrame:
    """Read the columns that grading reads, and keep the rows it uses."""
    return pl.scan_parquet(path).select(COLUMNS).filter(pl.col("what").is_in(USED)).collect()


def read_pyarrow(path: Path) -> Any:
    """The same with PyArrow."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pq.read_table(path, columns=list(COLUMNS), use_threads=False)
    what = table.column("what").combine_chunks()
    used = pc.is_in(what.dictionary, value_set=pa.array(USED))
    return table.filter(used.take(what.indices))


def _agreement(order: str, name: str, path: Path, done: dict[str, Measured]) -> str:
    compared, differing = disagreements(path, done["ours"].result, plain(done[name].result))
    assert compared, f"{name} graded no simple course"
    return f"{order}, {name}: the same CRS and ICANS grade as ours at {compared - differing:,} of {compared:,} instants"


def _spreads(done: dict[str, Measured]) -> str:
    return ", ".join(f"{name} {each.spread:.2f}" for name, each in done.items())


def _pandas(made: Cohort, lines: list[Line], say: Say) -> tuple[list[Line], list[str]]:
    """The pandas peer on a sample, its rate taken per row: on all of it one run would take minutes."""
    from benchmarks import peer_pandas

    path = sample(made, min(PANDAS_COURSES, made.courses))
    rows = pq.ParquetFile(path).metadata.num_rows
    say(f"pandas on {rows:,} rows")
    done = measured(lambda: peer_pandas.grade_file(path), 3)
    compared, differing = disagreements(path, ours(path), plain(pl.from_pandas(done.result)))
    ours_is = next(line.ours for line in lines if line.what == "sorted")
    line = Line(
        what="sorted", ours=ours_is, unit=RATE, target=60.0, peer="pandas, groupby.apply", theirs=rows / done.median,
        leaves_out=f"the simplified rules: {simple.LEAVES_OUT}",
    )  # fmt: skip
    return [line], [
        f"pandas ran on {rows:,} of the rows; its rate is per row",
        f"pandas: the same CRS and ICANS grade as ours at {compared - differing:,} of {compared:,} instants",
    ]


_ONE_COURSE = """
import sys
from pathlib import Path
from cartway.toxicity import load_rules
from cartway.toxicity.batch import grade_parquet
grade_parquet(Path(sys.argv[1]), load_rules())
"""


def _first_call(made: Cohort) -> list[Line]:
    """What the compiler costs: a fresh process with an empty cache, then one that finds compiled code there."""
    path = sample(made, 1)
    with tempfile.TemporaryDirectory() as empty:
        seconds = [_fresh_process(path, empty) for _ in range(2)]
    return [
        Line(what="one course in a fresh process, nothing compiled yet", ours=seconds[0], unit="s"),
        Line(what="the same, compiled code cached", ours=seconds[1], unit="s"),
    ]


def _fresh_process(path: Path, cache: str) -> float:
    started = time.perf_counter()
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    subprocess.run([sys.executable, "-c", _ONE_COURSE, str(path)], check=True, env=environment)
    return time.perf_counter() - started
