"""The survivorship care plan and the wallet card as accessible PDF, with a QR code that carries no identity."""

from __future__ import annotations

from cartway.exchange.plan.paper import Named, card_pdf, card_picture, plan_pdf, plan_pictures
from cartway.exchange.plan.qr import qr

__all__ = ["Named", "card_pdf", "card_picture", "plan_pdf", "plan_pictures", "qr"]
