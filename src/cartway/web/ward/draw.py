"""A standing as the row of the board that shows it, once a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartway.web.ward.hub import Row
from cartway.web.ward.standing import Standing

if TYPE_CHECKING:
    from cartway.web.names import Name
    from cartway.web.office import Office

NAMED, CODED = "named", "coded"  # with the patient's name, or by the course only
_MOST = 999


def draw_row(office: Office, standing: Standing) -> Row:
    """The row in both views."""
    name = office.names.of([standing.course], standing.at)[standing.course]
    html = {view: row_html(office, standing, name if view == NAMED else None) for view in (NAMED, CODED)}
    return Row(standing.course, standing.version, order_text(standing), standing.facts, html)


def row_html(office: Office, standing: Standing, name: Name | None) -> str:
    """One row. `name` is None in the coded view. What differs from reader to reader (what is unread) is not in it."""
    template = office.pages.get_template("board/row.html")
    return template.render(standing=standing, name=name, now=standing.at, order=order_text(standing))


def order_text(standing: Standing) -> str:
    """The risk as text that sorts: smallest first."""
    return ".".join(f"{_MOST - min(_MOST, part):03d}" for part in standing.risk)
