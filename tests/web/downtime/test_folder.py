"""The folder of a pack: for its owner alone, whole at any moment, and nobody else's files in it touched."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.problem import Problem
from cartway.web.downtime.folder import COURSES, clear, page_of, prepare, put, writing


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    assert prepare(folder) is None
    put(folder / COURSES / "a.html", "x")
    assert mode(folder) == mode(folder / COURSES) == 0o700
    assert {mode(path) for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_a_folder_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Names of patients are in it."""
    (folder := tmp_path / "pack").mkdir(mode=0o750)
    problem = prepare(folder)
    assert isinstance(problem, Problem) and problem.code == "downtime_folder_open"
    assert list(folder.iterdir()) == []


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    """Pages that nothing links to any more are thrown away: not in a folder of somebody else's."""
    (folder := tmp_path / "home").mkdir(mode=0o700)
    (folder / "courses").mkdir()
    (folder / "courses" / "anatomy.html").write_text("mine")
    problem = prepare(folder)
    assert isinstance(problem, Problem) and problem.code == "downtime_folder_used"


def test_a_pack_is_gone_on_with(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    prepare(folder)
    put(folder / COURSES / page_of("a"), "old")
    assert prepare(folder) is None


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "pack").write_text("")
    problem = prepare(tmp_path / "pack")
    assert isinstance(problem, Problem) and problem.code == "downtime_folder_unwritable"


def test_a_page_is_the_old_one_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails while the new one is written."""
    page = tmp_path / "index.html"
    put(page, "old")

    def fail(_: int) -> None:
        raise OSError

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError):
        put(page, "new and longer")
    assert page.read_text() == "old"
    monkeypatch.undo()
    put(page, "newest")
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"] and page.read_text() == "newest"


def test_pages_that_nothing_links_to_go_and_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    prepare(folder)
    for name in (page_of("stays"), page_of("goes"), "notes.txt"):
        put(folder / COURSES / name, "x")
    clear(folder, ["stays"])
    assert sorted(path.name for path in (folder / COURSES).iterdir()) == ["notes.txt", "stays.html"]


@pytest.mark.parametrize("name", ["nul", "con", "aux", "com1"])
def test_no_page_has_a_name_that_a_system_keeps_for_itself(name: str) -> None:
    """Copied to the ward's own machine, every page must open there."""
    assert page_of(name) != f"{name}.html"


def test_a_course_named_like_the_digest_of_another_has_its_own_page() -> None:
    other = page_of("Ward A").removesuffix(".html")
    assert page_of(other) != page_of("Ward A")


@given(st.lists(st.text(min_size=1, max_size=80), min_size=2, max_size=8, unique=True))
def test_every_course_has_a_page_of_its_own(courses: list[str]) -> None:
    """Whatever its id, also where a file system knows no capitals; and none leads out of the folder."""
    pages = [page_of(course) for course in courses]
    assert len({page.casefold() for page in pages}) == len(courses)
    assert all("/" not in page and not page.startswith(".") and len(page) < 70 for page in pages)


def test_two_writers_are_never_in_each_others_way(tmp_path: Path) -> None:
    """A server's pack and one begun by hand: every write succeeds, and a reader never has half a page."""
    page, content = tmp_path / "index.html", "A" * 300_000 + "END"
    put(page, content)
    failures: list[OSError] = []

    def write() -> None:
        for _ in range(25):
            try:
                put(page, content)
            except OSError as failure:
                failures.append(failure)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert page.read_text() == content
    assert failures == [] and [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_the_second_writer_is_told_that_there_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    assert prepare(folder) is None
    with writing(folder) as first:
        assert first is None
        assert prepare(folder) is None, "looking whether it may be written takes nothing from the writer"
        with writing(folder) as second:
            assert second is not None and second.code == "downtime_folder_busy"
    with writing(folder) as after:
        assert after is None


def test_what_a_killed_writer_left_goes(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    prepare(folder)
    left = [folder / ".index.html.4242-1.new", folder / COURSES / ".a.html.4242-1.new"]
    for path in left:
        path.write_text("half")
    clear(folder, [])
    assert not any(path.exists() for path in left)
