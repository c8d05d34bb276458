"""Compile the kernels of grading and of the twin into their cache where they are not there yet.

`make check` does, beside the checks: both processes of the tests then load what one has compiled, and do not compile
it each for itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cartway.toxicity import ALL_SCALES, load_rules
from cartway.toxicity.batch import grade_parquet
from cartway.twin.solver import make_ready

MOMENT = pa.timestamp("us", "UTC")
ROWS = (
    (0, None, "infusion", None, None, "axicabtagene_ciloleucel"),
    (3_600_000_000, None, "body_temperature", 38.4, "Cel", None),
    (7_200_000_000, 9_000_000_000, "drug", 0.1, "ug/kg/min", "norepinephrine"),
    (9_000_000_000, None, "neutrophils", 0.3, "10*9/L", None),
)


def table(rows: tuple[tuple[object, ...], ...]) -> pa.Table:
    """The rows as a facts table of one course, each column as the readers find it in any other."""
    at, until, what, value, unit, choice = zip(*rows, strict=True)
    return pa.table(
        {
            "course": ["a"] * len(rows),
            "at": pa.array(at, pa.int64()).cast(MOMENT),
            "until": pa.array(until, pa.int64()).cast(MOMENT),
            "what": list(what),
            "value": pa.array(value, pa.float64()),
            "unit": list(unit),
            "choice": list(choice),
            "detail": pa.array([None] * len(rows), pa.string()),
        }
    )


def main() -> int:
    """Solve one body; grade a small table in order, and one out of order: the two ways through those kernels."""
    make_ready(print, kernel="scalar")
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("ordered", ROWS), ("wild", ROWS[::-1])):
            path = Path(folder) / f"{name}.parquet"
            pq.write_table(table(rows), path)
            list(grade_parquet(path, load_rules(), scales=ALL_SCALES).by_course())
    return 0


if __name__ == "__main__":
    sys.exit(main())
