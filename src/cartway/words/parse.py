"""A page as it is written: facts about it in TOML between two lines of ``+++``, then its words in Markdown.

Only what a page needs is understood: headings, paragraphs, lists, tables, links. HTML in a page is shown as text, never
as markup.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterable, Iterator

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

FENCE = "+++\n"
ROLES = {  # said aloud: a table that is styled as a list on a phone is still one
    "table_open": "table",
    "thead_open": "rowgroup",
    "tbody_open": "rowgroup",
    "tr_open": "row",
    "th_open": "columnheader",
    "td_open": "cell",
}


class PageError(ValueError):
    """A page that we ship and cannot read."""

    def __init__(self, page: str, why: str) -> None:
        super().__init__(f"{page}: {why}")


class Front(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page says of itself.

    `about` is one line for the table of contents. `sources` are cited as a reader outside can find them. `reviewed`:
    when its facts were last held against them. `must_stay`: hard words that readers meet anyway, and so must learn.
    """

    title: str
    about: str
    reviewed: datetime.date
    sources: tuple[str, ...]
    must_stay: tuple[str, ...] = ()


class Block(msgspec.Struct, frozen=True):
    """A heading, a paragraph, an item of a list or a cell of a table, as plain text."""

    kind: str
    text: str


def parse(page: str, written: str) -> tuple[Front, str]:
    """What a page says of itself, and its Markdown. `page` names it where it cannot be read (PageError)."""
    before, opened, rest = written.partition(FENCE)
    front, closed, body = rest.partition(f"\n{FENCE}")
    if before or not opened or not closed:
        raise PageError(page, "it does not begin with its facts between two lines of +++")
    try:
        return msgspec.toml.decode(front.encode(), type=Front), body
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise PageError(page, str(error)) from error


def html(body: str) -> str:
    """The markup of a page's Markdown. A link to ``crs.md`` leads to ``crs``. A cell names its column, for narrow
    screens, where a row is a small list.
    """
    written = _markdown(typeset=True)
    tokens = written.parse(body)
    for link in _links(tokens):
        link.attrSet("href", str(link.attrGet("href")).removesuffix(".md"))
    heading = ""
    columns: list[str] = []
    for token, inside in itertools.pairwise(tokens):
        if token.type in ROLES:
            token.attrSet("role", ROLES[token.type])
        match token.type:
            case "heading_open":
                heading = _plain(inside)
            case "table_open":
                token.attrSet("class", "data")
                token.attrSet("aria-label", heading)  # what it is under is what it is about
            case "tr_open":
                columns = columns if inside.type == "td_open" else []
                cells = iter(columns)
            case "th_open":
                token.attrSet("scope", "col")
                columns.append(_plain(inside))
            case "td_open":
                token.attrSet("data-column", next(cells))
    return str(written.renderer.render(tokens, written.options, {}))


def blocks(body: str) -> Iterator[Block]:
    """The words of a page in order, block by block, without markup."""
    kind = ""
    for token in _markdown().parse(body):
        if token.type in {"heading_open", "paragraph_open", "th_open", "td_open"}:
            kind = "item" if kind == "item" and token.type == "paragraph_open" else token.type.removesuffix("_open")
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type == "inline":
            yield Block(kind, _plain(token))
        elif token.type.endswith("_close"):
            kind = ""


def links(body: str) -> list[str]:
    """Where a page links to, in order, as written."""
    return [str(link.attrGet("href")) for link in _links(_markdown().parse(body))]


def _links(tokens: Iterable[Token]) -> Iterator[Token]:
    inside = (child for token in tokens for child in token.children or ())
    return (child for child in inside if child.type == "link_open")


def _plain(inline: Token) -> str:
    words = ("\n" if each.type in {"softbreak", "hardbreak"} else each.content for each in inline.children or ())
    return " ".join("".join(words).split())


@functools.cache
def _markdown(*, typeset: bool = False) -> MarkdownIt:
    """`typeset`: with the apostrophes of print."""
    made = MarkdownIt("commonmark", {"html": False, "typographer": typeset}).enable("table")
    return made.enable("smartquotes") if typeset else made
