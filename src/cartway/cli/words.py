"""`cartway vocabulary`."""

from __future__ import annotations

import typer

from cartway.cli.edge import stop
from cartway.problem import Problem


def vocabulary(name: str, as_json: bool) -> None:
    """Print one variable, or all of them as a list."""
    from cartway.vocabulary import show
    from cartway.vocabulary import vocabulary as load

    if name and load().variable(name) is None:
        near = _near(name, list(load().variables))
        stop(
            Problem(
                "unknown_variable",
                f"There is no variable '{name}'.",
                f"Did you mean {near}?" if near else "`cartway vocabulary` lists all.",
            )
        )
    if as_json:
        typer.echo(show.as_json(name or None))
    elif name:
        typer.echo(show.as_page(name))
    else:
        _table([show.HEADINGS, *show.as_table()])


def _near(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    return " or ".join(get_close_matches(name, names, 3))


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
