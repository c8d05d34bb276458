"""A label on paper: the Typst page of the package, filled in and set without a network, with the fonts of the wheel."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import msgspec
import typst

from cartway.exchange.labels.codes import picture
from cartway.exchange.labels.label import Label, Size, codes, sizes, stated_on
from cartway.problem import Problem
from cartway.times import Instant, to_datetime

PICTURE_PPI = 300  # dots per inch of the picture: what a label printer prints
OVERFLOW = "overflow"  # what the template says where the text does not fit on one label


def label_pdf(label: Label, size: str, *, now: Instant) -> bytes | Problem:
    """The label as a PDF of one page of its stock's size. The same label at the same time is the same file.

    Problems: ``unknown_label_size``, ``not_a_code``, ``label_overflows``.
    """
    return _set(label, size, format="pdf", timestamp=to_datetime(now))


def label_png(label: Label, size: str) -> bytes | Problem:
    """The label as a picture with the dots of a label printer. Problems as of `label_pdf`."""
    return _set(label, size, format="png", ppi=PICTURE_PPI)


def _set(label: Label, size: str, **how: Any) -> bytes | Problem:
    stock = sizes().get(size)
    if stock is None:
        return Problem("unknown_label_size", f"There is no label size '{size}'.", f"Known are {', '.join(sizes())}.")
    drawn = {name: picture(code) for name, code in codes(label).items()}
    amiss = next((each for each in drawn.values() if isinstance(each, Problem)), None)
    return amiss or _compiled(_inputs(label, stock, drawn), how)


def _compiled(inputs: str, how: dict[str, Any]) -> bytes | Problem:
    try:
        made = typst.compile(_template(), ignore_system_fonts=True, sys_inputs={"label": inputs}, **how)
    except typst.TypstError as failure:
        if OVERFLOW not in failure.message:
            raise
        reason = "What is to stand on the label does not fit on this size."
        return Problem("label_overflows", reason, "Choose a larger label; nothing is cut off.")
    return bytes(made)


def _inputs(label: Label, stock: Size, drawn: dict[str, Any]) -> str:
    said = msgspec.to_builtins(label) | {
        "width": stock.width_mm,
        "height": stock.height_mm,
        "layout": stock.layout,
        "codes": drawn,
        "statements": [each.text for each in stated_on(label)],
    }
    return msgspec.json.encode(said).decode()


@cache
def _template() -> bytes:
    return (resources.files(__package__) / "label.typ").read_bytes()
