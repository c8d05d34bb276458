"""Liver and spleen as somebody wrote them down: the four words, clear spellings of them and denials; nothing else."""

from __future__ import annotations

import re

_LIVER = r"(?:hepatomegaly|(?:large|enlarged) liver|liver (?:large|enlarged))"
_SPLEEN = r"(?:splenomegaly|(?:large|enlarged) spleen|spleen (?:large|enlarged))"
_TWO = r"hepato ?splenomegaly|splenohepatomegaly"
_NO = r"(?:no|without)"
_SPACE = re.compile(r"[\s_,;:.()-]+")

# How many organs are large. "No hepatomegaly" alone says nothing of the spleen, and "no hepatomegaly and splenomegaly"
# may mean either: neither of them is here.
_SPELLINGS = (
    (0, r"none|no|nil|absent|false|neither|not (?:present|enlarged)"),
    (0, rf"{_NO} (?:organomegaly|{_TWO})"),
    (0, rf"{_NO} {_LIVER} (?:(?:n?or|and) )?(?:{_NO} |n?or ){_SPLEEN}"),
    (0, rf"{_NO} {_SPLEEN} (?:(?:n?or|and) )?(?:{_NO} |n?or ){_LIVER}"),
    (0, rf"neither (?:liver|{_LIVER}) n?or (?:spleen|{_SPLEEN})"),
    (0, rf"neither (?:spleen|{_SPLEEN}) n?or (?:liver|{_LIVER})"),
    (1, rf"liver(?: only)?|{_LIVER}(?: only| (?:(?:and|but) )?{_NO} {_SPLEEN})?"),
    (1, rf"spleen(?: only)?|{_SPLEEN}(?: only| (?:(?:and|but) )?{_NO} {_LIVER})?"),
    (2, rf"both(?: organs)?|{_TWO}"),
    (2, rf"(?:liver|{_LIVER}) (?:and )?(?:spleen|{_SPLEEN})"),
    (2, rf"(?:spleen|{_SPLEEN}) (?:and )?(?:liver|{_LIVER})"),
)


def organs(said: object) -> int | None:
    """How many of liver and spleen are large, 0 to 2; None where the words do not say so plainly.

    >>> organs("No hepatomegaly, no splenomegaly"), organs("hepatomegaly"), organs("spleen 2 cm below the margin")
    (0, 1, None)
    """
    if isinstance(said, bool):
        return None if said else 0
    words = _SPACE.sub(" ", re.sub(r"[+&]", " and ", str(said).casefold())).strip()
    return next((count for count, spelling in _SPELLINGS if re.fullmatch(spelling, words)), None)
