"""The words for flags: what a person should look at."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def load_flag_words() -> Mapping[str, str]:
    """A sentence for each flag."""
    text = (resources.files(__package__) / "words.toml").read_text("utf-8")
    words: dict[str, str] = tomllib.loads(text)["flags"]
    return words


def flag_words(code: str) -> str:
    """What a flag asks a person to look at; the code itself where no sentence is kept for it."""
    return load_flag_words().get(code, code.replace("_", " "))
