"""Labels of containers: what must stand on them, as a PDF of the label's own size, with codes that a scanner reads."""

from __future__ import annotations

from cartway.exchange.labels.codes import Code, Symbology
from cartway.exchange.labels.label import Label, Named, Size, Statement, codes, sizes, stated_on, statements
from cartway.exchange.labels.of_course import Storage, label_of, own_cells, product_of, storage_of
from cartway.exchange.labels.paper import label_pdf, label_png

__all__ = [
    "Code",
    "Label",
    "Named",
    "Size",
    "Statement",
    "Storage",
    "Symbology",
    "codes",
    "label_of",
    "label_pdf",
    "label_png",
    "own_cells",
    "product_of",
    "sizes",
    "stated_on",
    "statements",
    "storage_of",
]
