"""A desk: one course drawn, and its row, without a server or a store."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache

import msgspec
import pytest
from jinja2 import Environment

from cartway.record import Fact
from cartway.toxicity import load_rules
from cartway.web.config import Config
from cartway.web.draw import environment
from cartway.web.names import Name
from cartway.web.ward.draw import row_html
from cartway.web.ward.standing import Standing, standing
from cartway.web.ward.watched import Watched
from toxicity import drawn as d
from web.board.reading import Board, Row


@cache
def pages() -> Environment:
    return environment(Config("", "", clock=lambda: 0))


class Desk:
    """What the drawing of a row needs of an office. `now` is the time that the row is drawn for."""

    def __init__(self) -> None:
        self.rules, self.pages = load_rules(), pages()
        self.zone: tzinfo = UTC
        self.now = 0
        self._facts: list[Fact] = []

    def chart(self, *parts: list[Fact], hour: float | None = None) -> None:
        """Facts come in; it is then `hour`, or the hour of the last of them."""
        new = [fact for part in parts for fact in part]
        first = len(self._facts) + 1
        self._facts += [
            msgspec.structs.replace(fact, course="a", key=str(number), position=number)
            for number, fact in enumerate(new, first)
        ]
        self.now = max(fact.at for fact in new) if hour is None else d.instant(hour)

    def standing(self) -> Standing:
        """Where the course stands now."""
        course = Watched("a", self.rules)
        course.take(self._facts)
        return standing(course, self.now, self.zone, load_rules())

    def row(self, name: Name | None = None, standing: Standing | None = None) -> Row:
        """The row as it is read now; of an earlier standing if one is given."""
        html = row_html(self, standing or self.standing(), name, self.now)  # type: ignore[arg-type]
        return Board(f'<table><tbody data-stage="">{html}</tbody></table>').rows["a"]


@pytest.fixture
def desk() -> Desk:
    return Desk()
