"""The plan's words: each sentence in English and Spanish side by side, and days as a reader writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

from babel.dates import format_date

from cartway.aftercare.plan.model import Language

FILES = ("plan.toml", "terms.toml")
PATTERNS: Mapping[Language, str] = {"en": "MMMM d, y", "es": "d 'de' MMMM 'de' y"}


class UnsaidError(KeyError):
    """The plan has no words for this."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the plan has no words for {key}")


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence and term by its dotted name (``title``, ``vaccine.influenza``): language to text."""
    found: dict[str, Mapping[str, str]] = {}
    for name in FILES:
        _flatten(tomllib.loads((resources.files(__package__) / "words" / name).read_text("utf-8")), "", found)
    return found


def _flatten(table: Mapping[str, object], before: str, found: dict[str, Mapping[str, str]]) -> None:
    for key, value in table.items():
        if isinstance(value, Mapping):
            if "en" in value:
                found[before + key] = {language: str(words) for language, words in value.items()}
            else:
                _flatten(value, f"{before}{key}.", found)


def say(key: str, language: Language, **values: object) -> str:
    """A sentence in a language with its gaps filled. Raises `UnsaidError` where there is none: a broken program."""
    if key not in sentences():
        raise UnsaidError(key)
    return whole(sentences()[key][language].format(**values))


def whole(text: str) -> str:
    """The text with the names of cells and drugs kept on one line."""
    return text.replace("CAR-T", "CAR\N{NON-BREAKING HYPHEN}T").replace("G-CSF", "G\N{NON-BREAKING HYPHEN}CSF")


def known(key: str) -> bool:
    """Whether there are words for this."""
    return key in sentences()


def day(moment: date, language: Language) -> str:
    """``July 10, 2026``; ``10 de julio de 2026``."""
    return format_date(moment, PATTERNS[language], locale=language)


def brief(moment: date) -> str:
    """``Jul 10, 2026``: for tables of clinicians."""
    return format_date(moment, "MMM d, y", locale="en")


def either(parts: tuple[str, ...] | list[str], language: Language) -> str:
    """``a or b``; ``a o b``."""
    return (" or " if language == "en" else " o ").join(parts)


def joined(parts: tuple[str, ...] | list[str], language: Language) -> str:
    """``a, b and c``; ``a, b y c``, with ``e`` before the sound of i."""
    if len(parts) < 2:
        return "".join(parts)
    last = parts[-1].lower()
    spanish = "e" if last.startswith(("i", "hi")) and not last.startswith(("hie", "ia", "io")) else "y"
    return f"{', '.join(parts[:-1])} {'and' if language == 'en' else spanish} {parts[-1]}"
