"""The plan and the card on paper: Typst pages of the package, set without a network, as tagged PDF (PDF/UA-1).

Typst refuses to write the file where it would break what the standard asks of tags, titles, languages and pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
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
OVERFLOW = "overflow"  # what the template says where the text does not fit on a face of the card


class Named(msgspec.Struct, frozen=True):
    """Whose plan it is: only on paper printed by who may see names. Without it there are lines to write on."""

    name: str
    birth_date: str
    identifier: str = ""


def plan_pdf(plan: Plan, *, now: Instant, country: str = "US", named: Named | None = None) -> bytes:
    """The plan as a PDF on the country's paper. The same plan at the same time is the same file."""
    how = {"format": "pdf", "pdf_standards": [STANDARD], "timestamp": to_datetime(now)}
    return bytes(_compiled("plan", _plan(plan, country, named), **how))


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
        return bytes(_compiled("card", said, **how))
    except typst.TypstError as failure:
        if OVERFLOW not in failure.message:
            raise
        reason = "What is to stand on the card does not fit on it."
        return Problem("card_overflows", reason, "Shorten the names of the center; nothing is cut off.")


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
