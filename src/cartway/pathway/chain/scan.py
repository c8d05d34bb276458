"""What a barcode scanner types: ISBT 128 data structures, the Single European Code, or plain text.

A scanner that acts as a keyboard types the content of the code and Enter. ISBT 128 data begin with a data identifier:
``=`` and a letter or digit for the donation number (001), ``=<`` for the product code (003), ``&>`` for the expiry
with its time (005), ``=>`` for the expiry day (004), ``=+`` for several of them in one symbol (023). All else is
plain text: a batch, a container, an order, a certificate, a chain of identity identifier, as the holder prints it.
Product codes are taken apart by structure only: the licensed tables that give them a name are not in here.
Source: ICCBBA, ISBT 128 data structures; not seen here, so the identifiers of 003 to 005 and 023 are not confirmed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from cartway.pathway.chain.din import read_din
from cartway.pathway.chain.sec import DONATION_LENGTH, LENGTH, read_sec
from cartway.problem import Problem

LONGEST = 200
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9]")  # what some scanners type first: which kind of symbol it was
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PART = re.compile(r"=[A-Z0-9][A-Z0-9]{14}|=<[A-Z0-9]{8}|&>[0-9]{10}|=>[0-9]{6}")
_SEVERAL = re.compile(r"=\+[0-9]{5}")


class Kind(StrEnum):
    """What was scanned, as far as its structure says."""

    donation = "donation number"
    product = "product code"
    expiry = "expiry"
    sec = "Single European Code"
    several = "several in one symbol"
    text = "text"


class Scan(msgspec.Struct, frozen=True):
    """One scan. `text` is what to compare: the 13 characters of a donation number, an ISO 8601 time for an expiry
    (local to who printed the label), the 8 characters of a product code, the code or text itself.

    `division` of a product code; `parts` where one symbol held several.
    """

    kind: Kind
    text: str
    division: str = ""
    parts: tuple[Scan, ...] = ()

    def of(self, kind: Kind) -> str:
        """The text of this kind in it, empty where there is none."""
        return next((scan.text for scan in (self, *self.parts) if scan.kind is kind), "")


def scan(typed: str) -> Scan | Problem:
    """Read what a scanner typed.

    Problems: ``scan_empty``, ``scan_too_long``, ``scan_unknown``, and those of `read_din` and `read_sec`.
    """
    plain = _CONTROL.sub("", _SYMBOLOGY.sub("", typed.strip())).strip()
    if not plain:
        return Problem("scan_empty", "Nothing was scanned.", "Scan again.")
    if len(plain) > LONGEST:
        return Problem("scan_too_long", f"More than {LONGEST} characters were typed.", "Scan one code at a time.")
    if _SEVERAL.match(plain):
        return _several(_SEVERAL.sub("", plain, count=1))
    if plain[0] in "=&":
        return _structured(plain)
    bare = re.sub(r"[\s-]", "", plain)
    if len(bare) in (LENGTH, DONATION_LENGTH):
        sec = read_sec(plain)
        if not isinstance(sec, Problem):
            return Scan(Kind.sec, bare.upper())
    return Scan(Kind.text, plain)


def _structured(plain: str) -> Scan | Problem:
    """One ISBT 128 data structure."""
    if plain.startswith("=<") and re.fullmatch(r"[A-Z0-9]{8}", plain[2:]):
        return Scan(Kind.product, plain[2:], division=plain[8:])
    if plain.startswith(("&>", "=>")):
        return _expiry(plain[2:])
    if re.match(r"=[A-Za-z0-9]", plain):
        din = read_din(plain)
        return din if isinstance(din, Problem) else Scan(Kind.donation, din.number)
    return _unknown()


def _expiry(digits: str) -> Scan | Problem:
    """Century, year, day of the year, and with 005 hour and minute: ``0263321430`` is 2026-11-28 at 14:30."""
    shape = re.fullmatch(r"(\d)(\d\d)(\d{3})(?:(\d\d)(\d\d))?", digits)
    if shape is None:
        return _unknown()
    century, year, day, hour, minute = (int(group or 0) for group in shape.groups())
    first = datetime(2000 + 100 * century + year, 1, 1, tzinfo=UTC)
    moment = first + timedelta(days=day - 1)
    if moment.year != first.year or hour > 23 or minute > 59:
        return Problem("scan_unknown", "The expiry is no date.", "Read it from the label by eye.")
    return Scan(Kind.expiry, f"{moment:%Y-%m-%d}" + (f"T{hour:02}:{minute:02}" if shape[4] else ""))


def _several(plain: str) -> Scan | Problem:
    """The structures of one symbol, one after another."""
    found: list[Scan] = []
    while plain:
        part = _PART.match(plain)
        one = _structured(part.group()) if part else _unknown()
        if isinstance(one, Problem):
            return one
        found.append(one)
        plain = plain[len(part.group()) if part else 0 :]
    return Scan(Kind.several, found[0].text, parts=tuple(found)) if found else _unknown()


def _unknown() -> Problem:
    return Problem("scan_unknown", "This is no structure that can be read here.", "Scan the code beside it.")
