"""`python -m benchmarks [PART...] [--rows N] [--repeats N] [--json FILE]`: what is promised, beside its peers."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.line import Part, show
from benchmarks.measure import machine

PARTS = (
    "batch",
    "one_course",
    "fhir",
    "store",
    "cli",
    "board",
    "load",
    "plan",
    "aftercare",
    "twin",
    "charted",
    "forecast",
)
ROWS = 24_000_000
REPEATS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts named, or all, and say how many targets were reached. Returns the exit status."""
    asked = _asked(arguments)
    console = Console(width=None if sys.stdout.isatty() else 190)
    about = machine()
    for name, value in about.items():
        console.print(f"{name:15} {value}", highlight=False)
    console.print()
    parts = [_run(name, asked, console) for name in asked.parts or PARTS]
    if asked.json:
        asked.json.write_bytes(msgspec.json.format(msgspec.json.encode({"machine": about, "parts": parts})))
    lines = [line for part in parts for line in part.lines if line.reached is not None]
    missed = sum(line.reached is False for line in lines)
    console.print(f"{len(lines) - missed} of {len(lines)} targets reached")
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}; none: all")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the cohort (default: 24 million)")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="repeats of each measurement (default: 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results here")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return asked


def _run(name: str, asked: argparse.Namespace, console: Console) -> Part:
    started = time.perf_counter()

    def say(line: str) -> None:
        print(f"[{time.perf_counter() - started:5.0f} s] {name}: {line}", file=sys.stderr, flush=True)

    say("begins")
    part: Part = importlib.import_module(f"benchmarks.{name}").run(asked.rows, asked.repeats, say)
    show(part, console)
    return part


if __name__ == "__main__":
    sys.exit(main())
