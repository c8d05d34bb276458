"""The reading room: its pages in the order of the road, once a language."""

from __future__ import annotations

import functools
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

from cartway.words.parse import Block, Front, PageError, blocks, html, parse

CONTENTS = "contents.toml"


class Page(msgspec.Struct, frozen=True):
    """One topic in one language. `topic` is its name in addresses and the same in all languages."""

    topic: str
    language: str
    front: Front
    body: str  # Markdown

    @property
    def title(self) -> str:
        return self.front.title

    @property
    def html(self) -> str:
        """The markup of its words, below the title."""
        return html(self.body)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its words in order without markup, below the title."""
        return tuple(blocks(self.body))


class Part(msgspec.Struct, frozen=True):
    """A stretch of the road, and its pages in the order in which somebody comes to need them."""

    title: str
    pages: tuple[Page, ...]


class Shelf(msgspec.Struct, frozen=True):
    """All that can be read in one language."""

    language: str
    parts: tuple[Part, ...]

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page, in the order of the road."""
        return tuple(page for part in self.parts for page in part.pages)

    def page(self, topic: str) -> Page | None:
        """The page on `topic`, None where there is none."""
        return next((page for page in self.pages if page.topic == topic), None)

    def beside(self, topic: str) -> tuple[Page | None, Page | None]:
        """The page before and the page after the one on `topic`, None at the ends."""
        pages = self.pages
        at = next(index for index, page in enumerate(pages) if page.topic == topic)
        return (pages[at - 1] if at else None), (pages[at + 1] if at + 1 < len(pages) else None)


class _Stretch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    topics: tuple[str, ...]


class _Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    part: tuple[_Stretch, ...]


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages that have a table of contents, English first."""
    found = sorted(each.name for each in _folder().iterdir() if each.is_dir() and (each / CONTENTS).is_file())
    return tuple(sorted(found, key=lambda name: (name != "en", name)))


@functools.cache
def load_shelf(language: str) -> Shelf:
    """The pages in `language`; in English where there are none in it. Raises PageError for a page that is broken."""
    if language not in languages():
        return load_shelf("en")
    folder = _folder() / language
    return Shelf(language, tuple(_part(folder, language, part) for part in _contents(folder).part))


def _folder() -> Traversable:
    return resources.files("cartway.words") / "pages"


def _contents(folder: Traversable) -> _Contents:
    try:
        return msgspec.toml.decode((folder / CONTENTS).read_bytes(), type=_Contents)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise PageError(CONTENTS, str(error)) from error


def _part(folder: Traversable, language: str, part: _Stretch) -> Part:
    return Part(part.title, tuple(_page(folder, language, topic) for topic in part.topics))


def _page(folder: Traversable, language: str, topic: str) -> Page:
    name = f"{language}/{topic}.md"
    front, body = parse(name, (folder / f"{topic}.md").read_text(encoding="utf-8"))
    return Page(topic, language, front, body)
