"""`cartway simulate`: virtual patients as a file of facts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from cartway.cli.draft import draft_of
from cartway.cli.edge import say, sound, stop
from cartway.problem import Problem

SHOWN_EVERY = 10
"""Where nobody sits at a terminal, progress is told this many times."""


def simulate(
    patients: int,
    product: str,
    disease: str,
    seed: int,
    policy: str,
    days: float,
    site: str,
    threads: int,
    output: Path,
) -> None:
    """Simulate, and write the facts.

    Problems: those of `plan_of`, ``unknown_format``, ``no_file``.
    """
    if output.suffix.lower() != ".parquet":
        stop(Problem("unknown_format", "Simulated facts are written as Parquet.", "Name a file that ends in .parquet."))
    if output.is_dir():
        stop(Problem("no_file", f"'{output}' is a folder.", "Name a file with -o."))
    from cartway.twin.chart.simulate import NOTICE, Plan, notes, plan_of
    from cartway.twin.chart.simulate import simulate as write

    plan = sound(plan_of(Plan(patients, product, disease, seed, policy, days, site)))
    progress = _Progress()
    with draft_of(output) as path:
        rows = write(plan, path, threads=threads or os.cpu_count() or 1, say=progress.show)
    progress.end()
    typer.echo(f"{patients:,} courses, {rows:,} facts: {output}")
    typer.echo(NOTICE)
    for note in notes(plan):
        typer.echo(note)


class _Progress:
    """Progress in one line that is written over at a terminal, and now and then elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._told = 0

    def show(self, done: int, of: int) -> None:
        line = f"simulated and charted {done:,} of {of:,} patients"
        if self._live:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
        elif done * SHOWN_EVERY // of > self._told:
            self._told = done * SHOWN_EVERY // of
            say(line)

    def end(self) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")
