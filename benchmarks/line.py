"""One line of a result, and how a table of them is printed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table

LONG = 60


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured. `ours` and `theirs` are in `unit`: a rate (more is better) where it has a ``/``.

    With a `peer` the target is about the ratio (how many times as fast we are), else about `ours`. No target: for
    information.
    """

    what: str
    ours: float
    unit: str
    target: float | None = None
    peer: str = ""
    theirs: float | None = None
    leaves_out: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether more is better."""
        return "/" in self.unit

    @property
    def ratio(self) -> float | None:
        """How many times as fast as the peer."""
        if self.theirs is None:
            return None
        return self.ours / self.theirs if self.is_rate else self.theirs / self.ours

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        if self.ratio is not None:
            return self.ratio >= self.target
        return self.ours >= self.target if self.is_rate else self.ours <= self.target


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One row of what is promised: its lines, and remarks that belong beside them."""

    title: str
    lines: Sequence[Line]
    remarks: Sequence[str] = ()


def show(part: Part, console: Console) -> None:
    """Print one part as a table."""
    table = Table(title=part.title, title_justify="left", title_style="bold", show_lines=True)
    for name in ("what", "ours", "target", "peer", "ratio", "verdict", "what the peer leaves out"):
        table.add_column(name, justify="right" if name in {"ours", "target", "ratio"} else "left")
    notes: dict[str, str] = {}
    for line in part.lines:
        table.add_row(*cells(line), _note(line.leaves_out, notes))
    console.print(table)
    for remark in [*(f"{number} {text}" for text, number in notes.items()), *part.remarks]:
        console.print(f"  {remark}", highlight=False)
    console.print()


def cells(line: Line) -> list[str]:
    """A line as text, all but what the peer leaves out."""
    ratio = "" if line.ratio is None else f"{line.ratio:.3g} x"
    peer = f"{line.peer}: {amount(line.theirs, line.unit)}" if line.theirs is not None else ""
    verdict = {True: "reached", False: "[bold]MISSED[/bold]", None: ""}[line.reached]
    return [line.what, amount(line.ours, line.unit), _target(line), peer, ratio, verdict]


def _note(text: str, notes: dict[str, str]) -> str:
    """A short text itself; a long one as a note below the table, once."""
    if len(text) <= LONG:
        return text
    return notes.setdefault(text, f"({len(notes) + 1})")


def _target(line: Line) -> str:
    if line.target is None:
        return ""
    if line.theirs is not None:
        return f">= {line.target:g} x"
    return f"{'>=' if line.is_rate else '<='} {amount(line.target, line.unit)}"


def amount(value: float, unit: str) -> str:
    """A number as people read it: 15.2 M rows/CPU-s, 1.8 ms."""
    if unit == "s":
        for scale, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
            if value >= scale:
                return f"{value / scale:.3g} {name}"
        return f"{value * 1e6:.3g} us"
    if value >= 1e6:
        return f"{value / 1e6:.3g} M {unit}"
    return f"{value:,.0f} {unit}" if value >= 1000 else f"{value:.3g} {unit}"
