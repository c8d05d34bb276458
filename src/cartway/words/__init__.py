"""What patients read: one Markdown page a topic and language, and the catalogs of the interface."""

from cartway.words.pages import Page, Part, Shelf, languages, load_shelf
from cartway.words.parse import PageError

__all__ = ["Page", "PageError", "Part", "Shelf", "languages", "load_shelf"]
