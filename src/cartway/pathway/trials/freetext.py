"""Free-text criteria split into items: inclusion, exclusion, and what stands under neither. Split, never read.

Registry records come in three shapes: bullets, one criterion a line, and text wrapped at a fixed width with hanging
indents. No word is lost: what cannot be told apart stays together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from cartway.pathway.trials.trial import FreeText

Part = Literal["inclusion", "exclusion", "other"]

_HEADING = re.compile(
    r"^\W*(?P<heading>(?:[\w/]+\s+){0,3}?(?P<part>inclusion|exclusion)(?:\s+criteri(?:a|on))?\b(?P<of>[^:\n]{0,60}))"
    r"(?P<end>:|$)(?P<rest>.*)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[*•●○▪◦·‣–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])\s+(?=\S)", re.IGNORECASE)
_ENDS = (".", ";", ":", "!", "?")


def split(text: str) -> FreeText:
    """The items of a criteria text. Headings are left out unless they say more than which part it is."""
    found: dict[Part, list[str]] = {"inclusion": [], "exclusion": [], "other": []}
    for part, lines in _sections(text):
        found[part].extend(_items(lines))
    return FreeText(tuple(found["inclusion"]), tuple(found["exclusion"]), tuple(found["other"]))


def _sections(text: str) -> Iterator[tuple[Part, list[str]]]:
    part: Part = "other"
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        heading = _heading(line)
        if heading is None:
            lines.append(line)
            continue
        yield part, lines
        part, lines = heading
    yield part, lines


def _heading(line: str) -> tuple[Part, list[str]] | None:
    """Which part begins here, with what else the line says; None where it is no heading."""
    found = _HEADING.match(line)
    if found is None or (not found["end"] and (_BULLET.match(line) or not _bare(found["heading"]))):
        return None
    part: Part = "inclusion" if found["part"].casefold() == "inclusion" else "exclusion"
    more = [] if _bare(found["heading"]) else [f"{found['heading'].strip()}:"]
    return part, [*more, "", found["rest"]]


def _bare(heading: str) -> bool:
    """Whether a heading says nothing but which part it is."""
    words = set(re.findall(r"\w+", heading.casefold()))
    return words <= {"inclusion", "exclusion", "criteria", "criterion", "key", "main", "major", "general", "the"}


def _items(lines: list[str]) -> Iterator[str]:
    """One item a bullet; a line without one goes on with the item before it, unless a blank line parts them."""
    bulleted = any(_BULLET.match(line) for line in lines)
    item: list[str] = []
    for line in lines:
        if item and _begins(line, item[-1], bulleted):
            yield _joined(item)
            item = []
        if line.strip():
            item.append(_BULLET.sub("", line) if _BULLET.match(line) else line)
    if item:
        yield _joined(item)


def _begins(line: str, before: str, bulleted: bool) -> bool:
    if not line.strip() or _BULLET.match(line):
        return True
    if bulleted:
        return False
    wrapped = line.strip()[0].islower() and not before.rstrip().endswith(_ENDS)
    return not wrapped


def _joined(item: list[str]) -> str:
    return " ".join(" ".join(item).split())
