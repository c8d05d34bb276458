"""A virtual trial as one page that needs nothing else: pictures with their tables, light and dark, on paper too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources

from cartway import __version__
from cartway.twin.picture import Grid, draw, html_of, page_sheet
from cartway.twin.trial.pictures import Picture

WARNING = (
    "Simulated: no patient was treated. The twin was fitted to a few published trials; what it says of anything else "
    "follows from its assumptions alone. Research use: for planning and teaching, not for decisions on patients."
)


@cache
def load_style() -> str:
    """The page's own rules."""
    return resources.files("cartway.twin.trial").joinpath("page.css").read_text("utf-8")


class Section:
    """One part of the page: a heading, an introduction, a picture, tables; those in `folded` are opened by a tap."""

    def __init__(
        self,
        title: str,
        says: str = "",
        picture: Picture | None = None,
        tables: Sequence[Grid] = (),
        folded: Sequence[Grid] = (),
    ) -> None:
        self.title, self.says, self.picture, self.tables, self.folded = title, says, picture, tables, folded


def page(title: str, facts: Sequence[tuple[str, str]], sections: Sequence[Section]) -> str:
    """The whole page; `facts` are short pairs about the plan."""
    pairs = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    parts = "".join(_section(each, number) for number, each in enumerate(sections))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{page_sheet()}{load_style()}</style></head><body><main>"
        f'<h1>{escape(title)}</h1><p class="note">{escape(WARNING)}</p><dl>{pairs}</dl>{parts}'
        f"<p>Cartway {escape(__version__)}, virtual trial.</p></main></body></html>\n"
    )


def _section(section: Section, number: int) -> str:
    shown = "" if section.picture is None else _pictures(section.picture)
    tables = "".join(_table(table, table.caption != section.title) for table in section.tables)
    folded = "".join(_folded(table) for table in section.folded)
    says = f"<p>{escape(section.says)}</p>" if section.says else ""
    pictured = ' class="pictured"' if shown else ""
    head = f'<section aria-labelledby="part-{number}"{pictured}><h2 id="part-{number}">{escape(section.title)}</h2>'
    return f"{head}{says}{shown}{tables}{folded}</section>"


def _pictures(picture: Picture) -> str:
    headed = len(picture.panels) > 1  # else the section's own heading says it
    drawn = (draw(panel._replace(headed=headed), f"{picture.name}-{i}") for i, panel in enumerate(picture.panels))
    parts = "".join(
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(picture.title)}">{each}</div>'
        for each in drawn
    )
    return f'<div class="side">{parts}</div>'


def _table(table: Grid, captioned: bool) -> str:
    drawn = html_of(table, captioned=captioned)  # a caption that the heading says already is told, not shown
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(table.caption)}">{drawn}</div>'


def _folded(table: Grid) -> str:
    return f"<details><summary>{escape(table.caption)}: as a table</summary>{_table(table, False)}</details>"
