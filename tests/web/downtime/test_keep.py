"""The pack says what the board says, how old it is, and needs nothing: no script, no other file, no server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cartway.record import open_log
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.watch.judges import JUDGES, Asked, Judged
from cartway.web.downtime import keep
from cartway.web.downtime.folder import COURSES, SHEET, page_of, prepare
from cartway.web.downtime.keep import Keeper
from cartway.web.office import Office
from cartway.web.ward.standing import Standing
from toxicity import drawn as d
from web.board.reading import chart, enrolled, rows_of, well
from web.conftest import START, Site

TAGS_THAT_ASK = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"}


class Pack:
    """A pack of a site's ward, and its keeper."""

    def __init__(self, site: Site, folder: Path) -> None:
        assert prepare(folder) is None
        self.site, self.folder = site, folder
        self.log = open_log(site.database)
        self.keeper = Keeper(site.office, self.log, folder)

    @property
    def sheet(self) -> str:
        return text(self.folder / SHEET)

    def page(self, course: str = "a") -> str:
        return text(self.folder / COURSES / page_of(course))


class Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags, self._style = "", list[tuple[str, dict[str, str | None]]](), False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words += f"{data} "


def text(path: Path) -> str:
    """What somebody reads on a page, its blanks in order."""
    return " ".join(Words(path.read_text()).words.split())


@pytest.fixture
def pack(site: Site, tmp_path: Path) -> Iterator[Pack]:
    made = Pack(site, tmp_path / "pack")
    yield made
    made.log.close()


def test_every_page_says_loudly_when_it_was_written(site: Site, pack: Pack) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    site.now = START
    pack.keeper.write()
    for told in (pack.sheet, pack.page()):
        assert "Downtime copy. Written Monday 16 March 2026, 14:00 (UTC). Nothing that was recorded later is on" in told
        assert "Compare this time with the clock on the wall" in told


def test_no_time_on_it_goes_stale(site: Site, pack: Pack) -> None:
    """A page that stands still must not say "two hours ago"."""
    site.now = START
    for name in ("05-tocilizumab", "08-seizure"):
        site.course(name)
    pack.keeper.write()
    for path in pack.folder.rglob("*.html"):
        assert not re.search(r"\d (min|h|d) ago", text(path)), path.name


def test_nothing_is_asked_of_anybody(site: Site, pack: Pack) -> None:
    """Opened from a stick, on a machine without a network: no script, no file but the pages of the pack."""
    site.now = START
    site.course("05-tocilizumab")
    pack.keeper.write()
    for path in pack.folder.rglob("*.html"):
        tags = Words(path.read_text()).tags
        assert not {tag for tag, _ in tags} & TAGS_THAT_ASK
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
        for link in (str(attributes["href"]) for _, attributes in tags if "href" in attributes):
            assert (path.parent / link).is_file()
        assert "url(" not in path.read_text() and "@import" not in path.read_text()
        assert "default-src 'none'" in path.read_text()


def test_the_sheet_says_what_the_board_says(site: Site, pack: Pack) -> None:
    """Whom to look at first on top, the grade, why, what is missing, what waits."""
    fever = d.at(3, d.temperature(39.1), d.pressure(82))
    chart(site, d.infused(), d.age(60), well(1), fever)
    site.record(rows_of("b", [*d.infused(), *d.age(60), *well(2.9)]))
    enrolled(site, "Ada Example", identifier="A-17")
    pack.keeper.write()
    told = pack.sheet
    assert told.index("Ada Example") < told.index(" b ")
    assert "1961-03-04, A-17" in told and "39.1 °C" in told and "systolic 82 mmHg" in told
    assert "!!! Cytokine release" in told or "!! Cytokine release" in told


def test_the_page_of_a_course_has_what_the_next_hours_need(site: Site, pack: Pack) -> None:
    site.now = START
    site.course("05-tocilizumab")
    pack.keeper.write()
    told = pack.page("05-tocilizumab")
    for words in ("CRS 3", "Norepinephrine 0.04 mcg/kg/min", "was running", "Neutrophils", "Readings, newest first",
                  "Charted by hand since", "Would raise it", "54 years"):  # fmt: skip
        assert words in told, words


def test_what_comes_in_is_on_the_next_pack(site: Site, pack: Pack) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    pack.keeper.write()
    assert "39.4" not in pack.page()
    chart(site, d.at(2, d.temperature(39.4)))
    pack.keeper.write()
    assert "39.4 °C" in pack.page() and "39.4 °C" in pack.sheet


def test_where_nothing_came_in_only_the_time_is_another(site: Site, pack: Pack) -> None:
    """It was looked at again: the page is as true as its new time says."""
    chart(site, d.infused(), d.age(60), well(1))
    pack.keeper.write()
    before = pack.page()
    site.now += 2 * MINUTE
    pack.keeper.write()
    assert pack.page() != before
    assert pack.page().partition("Compare")[2] == before.partition("Compare")[2]


def test_who_left_the_ward_is_on_no_sheet_and_has_no_page(site: Site, pack: Pack) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    assert pack.keeper.write() == 1
    chart(site, d.discharged(30), hour=31)
    assert pack.keeper.write() == 0
    assert "Nobody is on the ward." in pack.sheet
    assert list((pack.folder / COURSES).iterdir()) == []


def test_names_come_from_the_people_and_every_look_is_logged(site: Site, pack: Pack) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    enrolled(site, "Ada Example")
    pack.keeper.write()
    assert [entry.by for entry in site.office.people.accesses() if entry.act == "read"] == ["downtime"]


def test_what_somebody_wrote_is_text_and_nothing_else(site: Site, pack: Pack) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    enrolled(site, "<script>alert(1)</script>")
    pack.keeper.write()
    for path in pack.folder.rglob("*.html"):
        assert "<script" not in path.read_text()


def test_a_course_that_began_before_infusion_is_in_it(site: Site, pack: Pack) -> None:
    site.now = START
    site.record(rows_of("early", well(0.5)), at=START - DAY)
    site.now = d.instant(0.5) + HOUR
    pack.keeper.write()
    assert "before infusion" in pack.sheet and "No infusion is recorded" in pack.page("early")


def test_a_defect_in_one_course_costs_no_other_its_page(
    site: Site, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alert rule raises for who has a potassium: that page and its line say so, with all that is known."""
    judge = JUDGES["beyond"]

    def raising(asked: Asked) -> Judged:
        if asked.view.last.get("potassium") is not None:
            raise ValueError
        return judge(asked)

    monkeypatch.setitem(JUDGES, "beyond", raising)
    site.record(rows_of("b", [*d.infused(), *d.age(60), *well(1), *d.at(2, d.temperature(39.4))]))
    site.now = d.instant(3)
    site.office.log.append(
        [
            msgspec.structs.replace(fact, course="a")
            for fact in [*d.infused(), *d.age(60), *well(1), *d.at(2, d.measured("potassium", 7.9))]
        ],
        recorded_at=site.now,
        recorded_by="test",
    )
    assert pack.keeper.write() == 2 and list(pack.keeper.defects) == ["a"]
    assert "39.4 °C" in pack.page("b") and "cannot be worked out" not in pack.page("b")
    assert "Alerts cannot be worked out. Look at the patient" in pack.page("a") and "7.9" in pack.page("a")
    assert "39.4 °C" in pack.sheet and "Alerts cannot be worked out" in pack.sheet


@pytest.mark.parametrize("part", ["course", "line"])
def test_what_cannot_be_drawn_is_told_with_what_was_drawn_last(
    site: Site, pack: Pack, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    work = getattr(keep, part)

    def raising(office: Office, standing: Standing, now: Instant) -> Any:
        if standing.course == "a":
            raise ValueError
        return work(office, standing, now)

    chart(site, d.infused(), d.age(60), well(1))
    site.record(rows_of("b", [*d.infused(), *d.age(60), *well(1)]))
    pack.keeper.write()
    monkeypatch.setattr(keep, part, raising)
    site.now = d.instant(3)
    for course, degrees in (("a", 39.4), ("b", 38.7)):
        site.record(rows_of(course, d.at(2, d.temperature(degrees))))
    assert pack.keeper.write() == 2 and list(pack.keeper.defects) == ["a"]
    assert "38.7 °C" in pack.page("b") and "38.7 °C" in pack.sheet
    if part == "course":
        assert "could not be worked out anew" in pack.page("a") and "36.6 °C" in pack.page("a")
    else:
        assert "Cannot be worked out" in pack.sheet and " a " in pack.sheet
    monkeypatch.undo()
    pack.keeper.write()
    assert "39.4 °C" in pack.page("a") and "39.4 °C" in pack.sheet and not pack.keeper.defects
