"""Telephone numbers as people write them, and as a telephone dials them."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"\s*(\+?[\d(][\d ().\-]*)(.*)", re.ASCII | re.DOTALL)
_EXTENSION = re.compile(r"\s*[,;(]?\s*(?:extension|ext|x|#|anexo|int|dw)\.?\s*\d", re.ASCII | re.IGNORECASE)
LEAST, MOST = 3, 15  # digits: 911, and the longest of ITU-T E.164
LEAST_BEFORE_WORDS = 6
"""Digits of a number that other words follow: fewer are "24 hours" or "365 days"."""


def dialed(phone: str) -> str:
    """A telephone number as a ``tel:`` link has it, digits with a + before them; an extension is left to be dialed by
    hand. Empty for what is no number, or may be another than it looks: one that letters or a slash go on with.
    """
    found = _WRITTEN.match(phone)
    if found is None:
        return ""
    number, rest = found[1].replace("(0)", ""), found[2]
    count = sum(sign.isdigit() for sign in number)
    return re.sub(r"[^+\d]", "", number) if _least(number, rest) <= count <= MOST else ""


def _least(number: str, rest: str) -> int:
    """How many digits it must have to be one, by what follows."""
    if not rest.strip() or _EXTENSION.match(rest):
        return LEAST
    goes_on = rest[0] == "/" or (rest[0].isalnum() and not number.endswith((" ", ")", "(")))
    return MOST + 1 if goes_on else LEAST_BEFORE_WORDS
