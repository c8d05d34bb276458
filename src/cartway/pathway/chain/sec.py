"""The Single European Code: 40 characters on tissues and cells that circulate in the European Union.

Source: Directive 2006/86/EC, annex VII (as amended by Directive (EU) 2015/565).
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from cartway.problem import Problem

LENGTH, DONATION_LENGTH = 40, 21
_SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9]{6}[A-Z0-9]{13}[A-Z][A-Z0-9]{7}[A-Z0-9]{3}\d{8}")
SYSTEMS = {"A": "ISBT 128", "B": "Eurocode", "E": "EUTC"}


class Sec(msgspec.Struct, frozen=True):
    """A code, or its donation identification sequence alone (then all after `donation` is empty).

    `system`: A, B or E; `expires`: an ISO day, empty where the code states none (all zeros).
    """

    country: str
    establishment: str
    donation: str
    system: str = ""
    product: str = ""
    split: str = ""
    expires: str = ""

    @property
    def donation_sequence(self) -> str:
        """SEC-DI: country, establishment and unique donation number, 21 characters."""
        return f"{self.country}{self.establishment}{self.donation}"


def read_sec(text: str) -> Sec | Problem:
    """Read a Single European Code of 40 characters, or its first 21. Problems: ``sec_malformed``."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if len(plain) == DONATION_LENGTH and _SHAPE.fullmatch(plain + "A" + "0" * 18):
        return Sec(plain[:2], plain[2:8], plain[8:21])
    if not _SHAPE.fullmatch(plain):
        reason = f"A Single European Code has {LENGTH} characters, or {DONATION_LENGTH} for the donation alone."
        return Problem("sec_malformed", reason, "Scan it again, or type it as it is printed.")
    expires = _day(plain[32:])
    if expires is None:
        return Problem("sec_malformed", "Its expiry is no date.", "Scan it again, or type it as it is printed.")
    return Sec(plain[:2], plain[2:8], plain[8:21], plain[21], plain[22:29], plain[29:32], expires)


def _day(digits: str) -> str | None:
    if digits == "00000000":
        return ""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None
