"""The plan and the card on paper: Typst pages of the package, set without a network, as tagged PDF (PDF/UA-1).

Typst refuses to write the file where it would break what the standard asks of tags, titles, languages, pictures and of
signs that no font of the page has. A name in such signs is left out then: the number to call stands whatever else does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import typst

from cartway.aftercare.plan import Card, Plan
from cartway.exchange.plan.qr import qr
from cartway.problem import Problem
from cartway.times import Instant, to_datetime

STANDARD = "ua-1"
PICTURE_PPI = 110
PAPERS = {"US": "us-letter"}
OTHER_PAPER = "a4"
DRAWING = ("<?xml", "<svg")
PRINTED = re.compile("[ -~\u00a0-\u024f\u0370-\u03ff\u2000-\u206f\u20a0-\u20bf\u2100-\u22ff]*")
"""Latin and Greek letters, punctuation, signs of money and of numbers."""
OVERFLOW = "overflow"  # what the template says where the text does not fit on a face of the card


class Named(msgspec.Struct, frozen=True):
    """Whose plan it is: only on paper printed by who may see names. Without it there are lines to write on."""

    name: str
    birth_date: str
    identifier: str = ""


def plan_pdf(plan: Plan, *, now: Instant, country: str = "US", named: Named | None = None) -> bytes | Problem:
    """The plan as a PDF on the country's paper. The same plan at the same time is the same file.

    A patient's name that the page has no signs for is left to be written by hand. Problem: ``not_printable``.
    """
    how = {"format": "pdf", "pdf_standards": [STANDARD], "timestamp": to_datetime(now)}
    made = _set("plan", _plan(plan, country, named), **how)
    return made if isinstance(made, Problem) else bytes(made)


def plan_pictures(plan: Plan, *, country: str = "US") -> tuple[bytes, ...]:
    """The plan's pages as PNG, to look at."""
    made = _compiled("plan", _plan(plan, country, None), format="png", ppi=PICTURE_PPI)
    return tuple(made) if isinstance(made, list) else (made,)


def card_pdf(card: Card, *, now: Instant, country: str = "US") -> bytes | Problem:
    """The wallet card on one page. Problems: ``not_a_code``, ``card_overflows``."""
    return _card(card, country, format="pdf", pdf_standards=[STANDARD], timestamp=to_datetime(now))


def card_picture(card: Card, *, country: str = "US", ppi: int = PICTURE_PPI) -> bytes | Problem:
    """The wallet card as PNG. Problems as of `card_pdf`."""
    return _card(card, country, format="png", ppi=ppi)


def _card(card: Card, country: str, **how: Any) -> bytes | Problem:
    drawn = qr(card.code)
    if isinstance(drawn, Problem):
        return drawn
    said = msgspec.to_builtins(card) | {"paper": PAPERS.get(country, OTHER_PAPER), "qr": drawn}
    try:
        made = _set("card", said, **how)
    except typst.TypstError:
        reason = "What is to stand on the card does not fit on it."
        return Problem("card_overflows", reason, "Shorten the names of the center; nothing is cut off.")
    return made if isinstance(made, Problem) else bytes(made)


def _set(name: str, said: Mapping[str, Any], **how: Any) -> Any:
    """The page; without the texts that it has no signs for where it cannot be set with them. Raises what overflows."""
    for texts in (_without_controls(said), _printable(said)):
        try:
            return _compiled(name, texts, **how)
        except typst.TypstError as failure:
            if OVERFLOW in failure.message:
                raise
    reason = "A name on the page holds signs that cannot be printed."
    return Problem("not_printable", reason, "Write the names of contacts and of the center in Latin letters.")


def _without_controls(said: Any) -> Any:
    return _each_text(said, lambda text: "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text))


def _printable(said: Any) -> Any:
    """The texts that the page's font has every sign of, the others empty. Whose name is among them has none at all."""
    shown = _each_text(_without_controls(said), lambda text: text if PRINTED.fullmatch(text) else "")
    whose = shown.get("named")
    return shown | {"named": whose if whose and whose["name"] else None} if "named" in shown else shown


def _each_text(said: Any, change: Callable[[str], str]) -> Any:
    """The same lists and mappings with every text changed but for drawings."""
    match said:
        case str():
            return said if said.startswith(DRAWING) else change(said)
        case Mapping():
            return {key: _each_text(value, change) for key, value in said.items()}
        case list() | tuple():
            return [_each_text(value, change) for value in said]
    return said


def _plan(plan: Plan, country: str, named: Named | None) -> Mapping[str, Any]:
    return {
        **msgspec.to_builtins(plan),
        "paper": PAPERS.get(country, OTHER_PAPER),
        "edition": plan.edition,
        "named": None if named is None else msgspec.to_builtins(named),
    }


def _compiled(name: str, said: Mapping[str, Any], **how: Any) -> Any:
    inputs = {name: msgspec.json.encode(said).decode().replace(" °", "\N{NO-BREAK SPACE}°")}
    return typst.compile(_template(name), ignore_system_fonts=True, sys_inputs=inputs, **how)


@cache
def _template(name: str) -> bytes:
    return (resources.files(__package__) / f"{name}.typ").read_bytes()
