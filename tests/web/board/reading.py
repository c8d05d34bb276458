"""Reading a board as somebody in front of it does: rows, cells, words."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

import msgspec
from litestar import Litestar
from litestar.testing import TestClient

from cartway.record import Fact
from toxicity import drawn as d
from web.conftest import Site

VOID = frozenset({"meta", "link", "input", "br", "path", "rect"})


class Cell:
    """What stands in a cell: `text` as it is seen, `heard` as a screen reader says it, `tags` with their attributes."""

    def __init__(self) -> None:
        self.text, self.heard = "", ""
        self.tags: list[tuple[str, dict[str, str]]] = []

    def of(self, name: str) -> list[dict[str, str]]:
        """The attributes of the tags of a name."""
        return [attributes for tag, attributes in self.tags if tag == name]

    def classes(self) -> set[str]:
        return {name for _, attributes in self.tags for name in attributes.get("class", "").split()}


class Row:
    def __init__(self, attributes: dict[str, str], stage: str) -> None:
        self.attributes, self.section = attributes, stage
        self.cells: list[tuple[str, Cell]] = []

    def __getitem__(self, kind: str) -> Cell:
        return next(cell for classes, cell in self.cells if kind in classes.split())

    def __contains__(self, kind: str) -> bool:
        return any(kind in classes.split() for classes, _ in self.cells)

    @property
    def scales(self) -> list[Cell]:
        """CRS, ICANS."""
        return [cell for classes, cell in self.cells if "scale" in classes.split()]


class Board(HTMLParser):
    """The rows of a board's table, by course, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.rows: dict[str, Row] = {}
        self.table: dict[str, str] = {}
        self._section = ""
        self._row: Row | None = None
        self._cell: Cell | None = None
        self._open: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(attributes)
        if tag == "table":
            self.table = attributes
        if tag == "tbody":
            self._section = attributes["data-stage"]
        if tag == "tr" and "data-course" in attributes:
            self._row = self.rows[attributes["data-course"]] = Row(attributes, self._section)
        elif tag in {"td", "th"} and self._row is not None:
            self._cell = Cell()
            self._row.cells.append((attributes.get("class", ""), self._cell))
        elif self._cell is not None:
            self._cell.tags.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()
        if tag in {"td", "th"}:
            self._cell = None
        if tag == "tr":
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._cell is None:
            return
        if not any("visually-hidden" in each.get("class", "") for each in self._open):
            self._cell.text += data
        if not any(each.get("aria-hidden") == "true" for each in self._open):
            self._cell.heard += data


def board(client: TestClient[Litestar]) -> Board:
    """The board that a client sees."""
    answer = client.get("/board")
    assert answer.status_code == 200, answer.text
    return Board(answer.text)


def row(site: Site, course: str = "a", role: str = "nurse") -> Row:
    """One row as somebody of a role sees it now."""
    return board(site.client(role)).rows[course]


def chart(site: Site, *parts: list[Fact], course: str = "a", hour: float | None = None) -> None:
    """Record drawn facts of a course; the clock then says `hour`, or the hour of the last of them."""
    facts = [fact for part in parts for fact in part]
    site.now = max(fact.at for fact in facts) if hour is None else d.instant(hour)
    site.record(rows_of(course, facts))


def rows_of(course: str, facts: Iterable[Fact]) -> list[Fact]:
    """Drawn facts as those of a course."""
    return [msgspec.structs.replace(fact, course=course, source="test") for fact in facts]


def enrolled(site: Site, name: str, course: str = "a", identifier: str = "4711") -> None:
    """Say who the patient of a course is."""
    site.office.people.enrol(
        [("hospital", identifier)], name=name, birth_date="1961-03-04", now=site.now, by="test", new_id=lambda: course
    )


def well(hour: float) -> list[Fact]:
    """A full round of a patient who is well."""
    return d.at(hour, d.temperature(36.6), d.pressure(120), d.oxygen("room_air"), d.measured("oxygen_saturation", 97),
                d.ice(10), d.conscious("awake"))  # fmt: skip


def words(text: str) -> str:
    """Text with its blanks in order."""
    return " ".join(text.split())
