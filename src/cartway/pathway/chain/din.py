"""The donation identification number of ISBT 128: 13 characters, its two flags and its check.

The structure is public; the product description tables of ISBT 128 are licensed, and none is in here.
Sources: ISBT 128 data structure 001; Guidelines for the Blood Transfusion Services in the UK, annex 2.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from cartway.pathway.chain.iso7064 import ALPHABET, check_character, check_value
from cartway.problem import Problem

LENGTH = 13
CHECK_FLAGS = 60  # a type 3 flag is 60 + the check value
_SHAPE = re.compile(r"[A-Z0-9]{5}[0-9]{8}")  # facility, then year and serial number
_REST = {LENGTH: (0, 0), LENGTH + 1: (0, 1), LENGTH + 2: (2, 0), LENGTH + 3: (2, 1)}  # flags, check characters


class Din(msgspec.Struct, frozen=True):
    """A donation number. `number`: its 13 characters; `flags`: two digits or empty; `check`: its check character.

    `checked` says whether what was read carried a check that could be verified.
    """

    number: str
    flags: str
    check: str
    checked: bool

    @property
    def facility(self) -> str:
        """The facility identification number, 5 characters."""
        return self.number[:5]

    @property
    def year(self) -> str:
        """The last two digits of the nominal year."""
        return self.number[5:7]

    @property
    def printed(self) -> str:
        """As it is read by eye: ``G1234 98 654321 H``, the check character last."""
        return f"{self.facility} {self.year} {self.number[7:]} {self.check}"


def read_din(text: str) -> Din | Problem:
    """Read a donation number as scanned (``=`` and flags), typed (with or without check character) or printed.

    Problems: ``din_malformed``, ``din_check_wrong``.
    """
    plain = re.sub(r"[\s-]", "", text).upper().removeprefix("=")
    number, rest = plain[:LENGTH], plain[LENGTH:]
    if len(plain) not in _REST or not _SHAPE.fullmatch(number):
        reason = "This is no donation number: 13 characters, the last eight of them digits."
        return Problem("din_malformed", reason, "Scan it again, or type it with its check character.")
    length = _REST[len(plain)][0]
    flags, typed = rest[:length], rest[length:]
    if not re.fullmatch(r"[A-Z0-9]*", flags) or typed not in ALPHABET:
        return Problem("din_malformed", "What follows the donation number is no flag or check.", "Scan it again.")
    value = check_value(number) or 0
    carries_check = flags.isdecimal() and CHECK_FLAGS <= int(flags) <= CHECK_FLAGS + 36
    if (typed and typed != ALPHABET[value]) or (carries_check and int(flags) != CHECK_FLAGS + value):
        reason = "The check of this donation number is wrong: at least one character is not as printed."
        return Problem("din_check_wrong", reason, "Scan it again; type it only as it is printed, check character last.")
    return Din(number, flags, check_character(number), bool(typed) or carries_check)


@lru_cache(1024)
def same_donation(text: str) -> str:
    """What two writings of one donation number have in common: its 13 characters; the text itself where it is none."""
    din = read_din(text)
    return din.number if isinstance(din, Din) else text.strip()
