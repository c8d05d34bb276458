"""The pictures of a forecast with the tables that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from cartway.twin.picture import Panel, draw, grid_of, html_of

if TYPE_CHECKING:
    from cartway.twin.forecast import Forecast
    from cartway.twin.forecast.scores import Scores


class Drawn(msgspec.Struct, frozen=True):
    """A picture, and its table."""

    title: str
    svg: Markup
    table: Markup


def fans(forecast: Forecast) -> list[Drawn]:
    """A picture for each sign."""
    from cartway.twin.forecast.pictures import fan_panel

    return [drawn(fan_panel(fan, forecast.day), fan.name.replace("_", "-")) for fan in forecast.fans]


def calibration(scores: Scores) -> Iterator[Drawn]:
    """Coverage of the intervals, and chances told against what came."""
    from cartway.twin.forecast.pictures import chances_panel, coverage_panel

    yield drawn(coverage_panel(scores), "coverage")
    yield drawn(chances_panel(scores), "chances")


def drawn(panel: Panel, name: str) -> Drawn:
    """A panel as markup; the twin's pictures escape what they tell."""
    return Drawn(panel.title, Markup(draw(panel, name)), Markup(html_of(grid_of(panel), captioned=False)))  # noqa: S704
