"""Bar codes as SVG: Code 128 for what a lane of old scanners reads, DataMatrix where room is short.

The pictures are vectors, so that a label printer's own dots decide how sharp a bar is.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
import zxingcpp

from cartway.problem import Problem

LONGEST = 48  # characters: longer, and the bars of a Code 128 on a bag are too thin for a hand scanner
QUIET = True  # ISO/IEC 15417 and 16022: nothing may be printed right beside the bars; part of the picture, so kept


class Symbology(StrEnum):
    """The two kinds of code that a label carries."""

    code_128 = "Code 128"
    data_matrix = "DataMatrix"


class Code(msgspec.Struct, frozen=True):
    """One code: the kind, the characters that a scanner types, and what it is called beside the bars."""

    symbology: Symbology
    text: str
    caption: str


_FORMATS = {
    Symbology.code_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.data_matrix: zxingcpp.BarcodeFormat.DataMatrix,
}


def picture(code: Code) -> str | Problem:
    """The code as an SVG with its quiet zone. Problem: ``not_a_code`` where no scanner would type these characters."""
    if not code.text or len(code.text) > LONGEST or not (code.text.isascii() and code.text.isprintable()):
        reason = f"{code.caption} cannot be printed as a code."
        return Problem("not_a_code", reason, f"Use 1 to {LONGEST} letters, digits and signs of plain ASCII.")
    drawn = zxingcpp.create_barcode(code.text, _FORMATS[code.symbology], force_square=True)
    return str(drawn.to_svg(add_quiet_zones=QUIET))
