"""The stylesheet of pictures: for the site, for a page that stands alone, and inside a file that stands alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

_TOKEN = re.compile(r"var\(--([a-z0-9]+)\)")
_SERIES = ("n1", "n2", "n3", "n4", "n5", "n6")


class Tokens(msgspec.Struct, frozen=True):
    """Colors by their names, on a light ground and on a dark one."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


@cache
def load_tokens() -> Tokens:
    """The colors as this package carries them."""
    return msgspec.toml.decode(_read("tokens.toml"), type=Tokens)


@cache
def load_rules() -> str:
    """The rules of `picture.css`, in terms of tokens."""
    return _read("picture.css")


def site_sheet() -> str:
    """The stylesheet for pages that have the site's tokens: those of the series, then the rules."""
    return _declared(_SERIES) + load_rules()


def page_sheet() -> str:
    """The stylesheet for a page that stands alone: every token, then the rules; dark where the system is."""
    return _declared(tuple(load_tokens().light)) + load_rules()


def alone(svg: str) -> str:
    """A picture as the text of a file: its colors inside it as plain values (not every program that opens SVG reads
    tokens), on a ground of its own; dark where the viewer's screen is.
    """
    tokens = load_tokens()
    light, dark = _plain(load_rules(), tokens.light), _plain(load_rules(), tokens.dark)
    style = f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"
    ground = '<rect class="ground" width="100%" height="100%"/>'
    head, _, rest = svg.partition(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><style>{style}</style>{ground}{rest}\n'


def _plain(rules: str, values: Mapping[str, str]) -> str:
    said = _TOKEN.sub(lambda found: values[found[1]], rules)
    return re.sub(r"/\*.*?\*/\n?", "", said, flags=re.DOTALL) + f".picture .ground {{ fill: {values['sheet']}; }}\n"


def _declared(names: tuple[str, ...]) -> str:
    light, dark = (_list(names, values) for values in (load_tokens().light, load_tokens().dark))
    return (
        f":root {{ {light} }}\n"
        f'@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f'@media screen {{ :root[data-theme="dark"] {{ {dark} }} }}\n'
    )


def _list(names: tuple[str, ...], values: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {values[name]};" for name in names)


def _read(name: str) -> str:
    return resources.files("cartway.twin.picture").joinpath(name).read_text("utf-8")
