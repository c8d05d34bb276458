"""How much of a hand-over fits on one printed page, worked out before it is printed.

A4 and US letter both: the width of the one, the height of the other. What does not fit is counted in words ("+2 more"),
never cut off unseen; the page on the screen has all of it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import msgspec

MORE = "+{count} more"
NARROW = (25.8, 13.8)  # mm for letters: the name, the product; see due.css
COLUMNS = (40.8, 36.8, 50.8)  # changed, due, to fear
HIGH = 232.0  # mm for rows: a letter page with margins of a centimeter, less head and foot
MM = 0.3528  # of a point
LEADING, PADDING, WIDE = 1.14, 1.05, 0.58  # line height and mean width of a letter in ems; mm of a row's padding


class Size(msgspec.Struct, frozen=True):
    """A size of print. `points` is the size of its letters, `name` its class in the stylesheet."""

    name: str
    points: float

    def letters(self, width: float) -> int:
        """How many letters fit into a column of so many mm."""
        return int(width / (self.points * MM * WIDE))

    def lines(self, rows: int) -> int:
        """How many lines all rows together may have."""
        return int((HIGH - rows * PADDING) / (self.points * MM * LEADING))


SIZES = (Size("s9", 9.0), Size("s8", 8.0), Size("s7", 7.0), Size("s6", 6.0), Size("s5", 5.4))
READABLE = SIZES[:3]
ROOMY = 3  # lines that every row has, where not all of it fits


class Wanted(msgspec.Struct, frozen=True):
    """One row as it would be printed were there room: who, by which product, and the three wide columns. Each column is
    a list of ways to say it, the fullest first: each way a list of items.
    """

    name: str
    born: str
    product: str
    columns: tuple[list[list[str]], list[list[str]], list[list[str]]]

    def least(self, size: Size) -> int:
        """The lines that its narrow columns need: they are never cut."""
        name, product = map(size.letters, NARROW)
        who = _lines(self.name, name) + (_lines(self.born, name) if self.born else 0)
        return max(2, who, 1 + _lines(self.product, product))

    def need(self, size: Size) -> int:
        """The lines that all of it needs."""
        columns = zip(self.columns, COLUMNS, strict=True)
        return max(self.least(size), *(_lines(_joined(ways[0]), size.letters(width)) for ways, width in columns))


class Fitted(msgspec.Struct, frozen=True):
    """One row as it is printed: the text of each wide column."""

    changed: str
    due: str
    fear: str


class Printed(msgspec.Struct, frozen=True):
    """All rows, and the size of print."""

    size: str
    rows: Sequence[Fitted]


def fit(rows: Sequence[Wanted]) -> Printed:
    """The rows as they fit on one page, for up to forty; more make more pages of the smallest print."""
    size = _size(rows)
    limits = _shared(rows, size)
    return Printed(size.name, [_cut(row, size, limit) for row, limit in zip(rows, limits, strict=True)])


def _size(rows: Sequence[Wanted]) -> Size:
    """The largest print in which all of it fits; else one that leaves every row a few lines, else the names."""
    whole = (size for size in READABLE if sum(row.need(size) for row in rows) <= size.lines(len(rows)))
    roomy = (size for size in SIZES[2:4] if _roomy(rows, size) <= size.lines(len(rows)))
    named = (size for size in SIZES[3:] if sum(row.least(size) for row in rows) <= size.lines(len(rows)))
    return next((size for found in (whole, roomy, named) for size in found), SIZES[-1])


def _roomy(rows: Sequence[Wanted], size: Size) -> int:
    return sum(max(row.least(size), min(row.need(size), ROOMY)) for row in rows)


def _shared(rows: Sequence[Wanted], size: Size) -> list[int]:
    """How many lines each row gets: all have the least, then one more in turn, the first rows first."""
    limits = [row.least(size) for row in rows]
    needs = [row.need(size) for row in rows]
    left = size.lines(len(rows)) - sum(limits)
    wanting = [n for n, need in enumerate(needs) if need > limits[n]]
    while left > 0 and wanting:
        for n in wanting[:left]:
            limits[n] += 1
        left -= len(wanting[:left])
        wanting = [n for n in wanting if needs[n] > limits[n]]
    return limits


def _cut(row: Wanted, size: Size, limit: int) -> Fitted:
    columns = zip(row.columns, COLUMNS, strict=True)
    return Fitted(*(_said(ways, size.letters(width), limit) for ways, width in columns))


def _said(ways: Sequence[Sequence[str]], width: int, limit: int) -> str:
    """The fullest way that fits whole; where none does, as much of the briefest as fits."""
    whole = (text for items in ways if _lines(text := _joined(items), width) <= limit)
    return next(whole, None) or shortened(ways[-1], width, limit)


def shortened(items: Sequence[str], width: int, limit: int) -> str:
    """As many items as fit into `limit` lines of `width` letters, and how many more there are. One that does not fit
    alone is cut at a word, and says so with an ellipsis.
    """
    for kept in range(len(items), 0, -1):
        rest = len(items) - kept
        text = _joined([*items[:kept], *([MORE.format(count=rest)] if rest else [])])
        if _lines(text, width) <= limit:
            return text
    if not items:
        return ""
    others = f"; {MORE.format(count=len(items) - 1)}" if len(items) > 1 else ""
    return _shorter(items[0], width, limit, others)


def _shorter(text: str, width: int, limit: int, rest: str) -> str:
    words = text.split()
    while words and _lines(f"{' '.join(words)}\N{HORIZONTAL ELLIPSIS}{rest}", width) > limit:
        words.pop()
    return f"{' '.join(words)}\N{HORIZONTAL ELLIPSIS}{rest}"


def _joined(items: Sequence[str]) -> str:
    return "; ".join(items)


def _lines(text: str, width: int) -> int:
    return len(textwrap.wrap(text, width))
