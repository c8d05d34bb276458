"""Pictures as SVG, drawn from values: axes, lines, bands, steps, dots, boxes, legends. No script, no inline style.

    panel = Panel("CRP", "CRP of one course with its forecast.", days("Days from infusion", 28), Axis("mg/L", 0, 300),
                  (Band("80% of forecasts", x, low, high), Line("median", x, middle), Dots("measured", at, crp)))
    svg = draw(panel, "crp")          # for a page that has picture.css
    file = alone(svg)                 # for a file

A picture tells what it shows (`title`, `desc`), and its colors are never alone. `grid_of` gives the table
that says the same.
"""

from cartway.twin.picture.draw import draw, together
from cartway.twin.picture.marks import (
    GRADES,
    SERIES,
    SHAPES,
    Axis,
    Band,
    Boxes,
    Dots,
    Kind,
    Line,
    Mark,
    Note,
    Panel,
    Rule,
    Shape,
    Step,
    Values,
)
from cartway.twin.picture.scale import MONTH, days, months, reach
from cartway.twin.picture.sheet import alone, page_sheet, site_sheet
from cartway.twin.picture.tables import Grid, grid_of, html_of

__all__ = [
    "GRADES", "MONTH", "SERIES", "SHAPES", "Axis", "Band", "Boxes", "Dots", "Grid", "Kind", "Line", "Mark", "Note",
    "Panel", "Rule", "Shape", "Step", "Values", "alone", "days", "draw", "grid_of", "html_of", "months", "page_sheet",
    "reach", "site_sheet", "together",
]  # fmt: skip
