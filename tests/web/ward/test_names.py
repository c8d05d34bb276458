"""Names on the board: asked for once a minute, and never in the way of a grade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cartway.people import open_people
from cartway.people.people import People
from cartway.record.errors import StoreBusy
from cartway.web.names import KEPT, RETRY, Name, Names
from web.conftest import START, Site


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with open_people(f"sqlite:///{tmp_path / 'record.db'}") as opened:
        opened.enrol(
            [("ward", "4711")],
            name="Ada Testcase",
            birth_date="1970-01-02",
            now=START,
            by="test",
            new_id=lambda: "c1",
        )
        yield opened


def busy(*_: object, **__: object) -> dict[str, object]:
    raise StoreBusy("here", 5)


def test_a_name_is_asked_for_once_a_minute(people: People) -> None:
    names, looks = Names(people), len(people.accesses())
    for at in (START, START + 1, START + KEPT - 1, START + KEPT):
        assert names.of(["c1"], at) == {"c1": Name("Ada Testcase", "1970-01-02", "4711")}
    assert len(people.accesses()) == looks + 2


def test_who_is_not_known_is_called_by_the_course(people: People) -> None:
    assert Names(people).of(["c9"], START) == {"c9": Name("c9", known=False)}


def test_a_people_store_that_fails_leaves_the_names_known_so_far(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(people)
    names.of(["c1"], START)
    with monkeypatch.context() as failing:
        failing.setattr(people, "people", busy)
        later = names.of(["c1", "c2"], START + KEPT)
    assert later["c1"].name == "Ada Testcase" and later["c2"] == Name("c2", known=False)
    people.enrol([("ward", "4712")], name="Ben Testcase", now=START, by="test", new_id=lambda: "c2")
    assert names.of(["c2"], START + KEPT + RETRY)["c2"].name == "Ben Testcase"


def test_grades_reach_the_board_without_names(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.course("05-tocilizumab")
    client = site.client("nurse")
    monkeypatch.setattr(site.office.people, "people", busy)
    page = client.get("/board")
    assert page.status_code == 200 and "05-tocilizumab" in page.text
