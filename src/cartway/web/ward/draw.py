"""A standing as the row of the board that shows it, once a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartway.record import UNREADABLE
from cartway.times import Instant
from cartway.toxicity.wording import day_since
from cartway.web.ward.bands import HEIGHT, WIDTH, band
from cartway.web.ward.briefly import briefly, lately, missing, signs
from cartway.web.ward.hub import Row
from cartway.web.ward.spark import HEIGHT as SPARK_HEIGHT
from cartway.web.ward.spark import WIDTH as SPARK_WIDTH
from cartway.web.ward.spark import spark
from cartway.web.ward.standing import TREND_OVER, Grade, Standing
from cartway.web.ward.vitals import age, looked, vitals
from cartway.web.ward.waits import also, cannot, waits

if TYPE_CHECKING:
    from cartway.web.names import Name
    from cartway.web.office import Office

NAMED, CODED = "named", "coded"  # with the patient's name, or by the course only
_MOST = 999


def draw_row(office: Office, standing: Standing) -> Row:
    """The row in both views, as of the time of the standing."""
    name = office.names.of([standing.course], standing.at)[standing.course]
    html = {view: row_html(office, standing, name if view == NAMED else None, standing.at) for view in (NAMED, CODED)}
    return Row(standing.course, standing.version, order_text(standing), standing.facts, html)


def row_html(office: Office, standing: Standing, name: Name | None, now: Instant) -> str:
    """One row at `now`. `name` is None in the coded view. What differs from reader to reader (what is unread) has its
    place in it, empty.
    """
    rules, zone = office.rules, office.zone
    return office.pages.get_template("board/row.html").render(
        standing=standing,
        name=name,
        now=now,
        day=None if standing.infused_at is None else day_since(now, standing.infused_at, zone),
        order=order_text(standing),
        marks=" ".join(mark(grade) for grade in standing.grades.values()),
        rising={scale: now - grade.since < TREND_OVER for scale, grade in standing.grades.items()},
        band=band(standing.history, now, zone) if standing.stage == "watch" else None,
        band_size=(WIDTH, HEIGHT),
        vitals=vitals(standing, rules, signs(standing.grades)),
        looked=looked(rules),
        age=age,
        last_what=_what(standing),
        briefly=briefly(standing, rules, now, zone),
        lately=lately(standing, rules),
        missing=missing(standing.grades),
        spark=spark(standing.temperatures, now, rules, zone) if standing.stage != "over" else None,
        spark_size=(SPARK_WIDTH, SPARK_HEIGHT),
        waits=waits(standing),
        cannot=cannot(standing),
        also=also(standing),
    )


def _what(standing: Standing) -> str:
    """What was observed last; of a reading that could not be read what it was of."""
    last = standing.last
    return (
        "" if last is None else str(last.detail.get("variable") or last.what) if last.what == UNREADABLE else last.what
    )


def mark(grade: Grade) -> str:
    """A grade as scripts compare it, to tell a reader of a change: ``2``, ``>=2``, ``na``."""
    return grade.episode.shown.replace("not assessable", "na").replace(" ", "")


def order_text(standing: Standing) -> str:
    """The risk as text that sorts: smallest first."""
    return ".".join(f"{_MOST - min(_MOST, part):03d}" for part in standing.risk)
