"""The command line in fresh processes: help, one course, and a cohort until its first row."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.cohort import cohort, sample
from benchmarks.line import Line, Part
from benchmarks.measure import measured

COMMAND = (sys.executable, "-m", "cartway.cli")
ROWS_AT_MOST = 2_400_000  # of the cohort: what counts is the time before the first row

Say = Callable[[str], None]


def run(rows: int, repeats: int, say: Say) -> Part:
    """Wall time, as a user sees it."""
    made = cohort(min(rows, ROWS_AT_MOST), say)
    one = sample(made, 1)
    say("--help")
    lines = [_line("cartway --help", ["--help"], 0.3, 2 * repeats)]
    say("one course")
    lines.append(_line("cartway grade, one course", ["grade", str(one)], 1.0, repeats))
    say("a cohort, until its first row")
    first = measured(partial(first_row, ["grade", str(made.by_course), "--format", "csv"]), repeats, time.perf_counter)
    lines.append(Line(what=f"cartway grade, {made.rows:,} rows: first row", ours=first.median, unit="s", target=3.0))
    with tempfile.TemporaryDirectory() as folder:
        say("a cohort, to the end")
        output = Path(folder) / "episodes.parquet"
        lines.append(
            _line(f"the same, all {made.rows:,} rows", ["grade", str(made.by_course), "-o", str(output)], None, 1)
        )
    return Part(title="Command line", lines=lines, remarks=["wall time of a fresh process; compiled code cached"])


def _line(what: str, arguments: Sequence[str], target: float | None, repeats: int) -> Line:
    done = measured(partial(whole, arguments), repeats, time.perf_counter)
    return Line(what=what, ours=done.median, unit="s", target=target)


def whole(arguments: Sequence[str]) -> None:
    """Run the command to its end."""
    subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def first_row(arguments: Sequence[str]) -> None:
    """Run the command until it has written its header and first row, then end it."""
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        process.kill()
    assert lines[1], f"no row came; the command said {lines[0]!r}"
