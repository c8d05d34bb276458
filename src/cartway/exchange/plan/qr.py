"""The QR code of the wallet card, as SVG: plain words that any telephone shows without a network."""

from __future__ import annotations

import zxingcpp

from cartway.problem import Problem

LONGEST = 420  # characters: a card printed at home must still be read by a telephone
CORRECTION = "M"  # a fold or a stain of an eighth of the code may be lost


def qr(text: str) -> str | Problem:
    """The code as an SVG with its quiet zone. Problem: ``not_a_code`` where it is empty or too long for a card."""
    if not text or len(text) > LONGEST:
        return Problem("not_a_code", "The card's text cannot be printed as a code.", f"Use 1 to {LONGEST} characters.")
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=CORRECTION)
    return str(drawn.to_svg(add_quiet_zones=True))
