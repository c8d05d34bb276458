"""Every page on every screen: enlarged, printed, in the dark, without motion, on a tablet, on the ward's monitor."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cartway.web import app
from cartway.web.access import Role

from . import screens
from .conftest import Visit, nothing
from .guest import HALF, MONITOR, TABLET, Guest
from .still import Still
from .test_axe import AS_A_BROWSER, NO_PAGES, TOO_MANY, fetched, is_page

READERS = [Role.physician, Role.administrator, Role.patient, None]  # between them they may open every page, each once
PAPERS = ("A4", "Letter")
MARGIN = 38  # in CSS pixels: 1 cm


def pages(still: Still, guest: Guest, role: Role | None) -> Iterator[tuple[str, Page]]:
    """Every page that this reader may open and none of READERS before them, one after the other in one tab."""
    guest.forgive(r"status of 4\d\d")
    page = guest.context.new_page()
    for path in still.paths():
        if not path.endswith(NO_PAGES) and first_reader(still, path) == role and fetched(page, path):
            answer = page.goto(path)
            if answer is not None and answer.ok and is_page(answer, path):
                yield path, page


FIRST: dict[str, Role | None] = {}


def first_reader(still: Still, path: str) -> Role | None:
    """The first of READERS to whom a page opens."""
    if path not in FIRST:
        opens = (each for each in READERS if is_open(still, each, path))
        FIRST[path] = next(opens, None)
    return FIRST[path]


def is_open(still: Still, role: Role | None, path: str) -> bool:
    cookies = dict([still.cookie(role)]) if role else {}
    status = httpx.get(still.url + path, cookies=cookies, headers=AS_A_BROWSER).status_code
    assert status != TOO_MANY, path
    return status == 200


def guest_of(role: Role | None, still: Still, visit: Visit, **screen: Any) -> Guest:
    return visit(still.url, still.cookie(role) if role else None, **screen)


@pytest.mark.parametrize("role", READERS)
def test_at_200_percent_nothing_is_cut_and_no_page_scrolls_sideways(
    role: Role | None, still: Still, visit: Visit
) -> None:
    found = []
    for path, page in pages(still, guest_of(role, still, visit, **HALF), role):
        found += [f"{path}: {screens.sideways(page)} px too wide"] if screens.sideways(page) > 0 else []
        found += [f"{path}: {each}" for each in screens.cut_off(page)]
    nothing(found)


@pytest.mark.parametrize("role", READERS)
def test_printed_on_either_paper_nothing_is_cut(role: Role | None, still: Still, visit: Visit) -> None:
    guest, found = guest_of(role, still, visit), []
    for path, page in pages(still, guest, role):
        page.emulate_media(media="print")
        for paper in PAPERS:
            page.set_viewport_size(sheet(page, paper))
            found += [f"{path} on {paper}: {screens.sideways(page)} px too wide"] if screens.sideways(page) > 0 else []
            found += [f"{path} on {paper}: {each}" for each in screens.cut_off(page)]
        page.emulate_media(media=None)
    nothing(found)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_printed_board_has_every_course(paper: str, still: Still, visit: Visit) -> None:
    page = guest_of(Role.physician, still, visit).open("/board")
    printed = print_of(page, paper)
    words = said(printed)
    assert len(printed.pages) <= 3
    for row in page.locator("[data-course]").all():
        name = row.locator("a[href^='/courses/']").first.inner_text()
        assert "".join(name.split()) in words
    assert "notamedicaldevice" in words


@pytest.mark.parametrize("paper", PAPERS)
def test_the_printed_course_has_its_grades_and_reasons(paper: str, still: Still, visit: Visit) -> None:
    page = guest_of(Role.physician, still, visit).open(f"/courses/{still.course}")
    words = said(print_of(page, paper))
    assert "CRS" in words and "ICANS" in words
    assert "Signout" not in words  # a button does nothing on paper


def sheet(page: Page, paper: str) -> Any:
    """The part of the paper that is printed on, upright or not as the page wants it, in CSS pixels."""
    box = print_of(page, paper).pages[0].mediabox
    return {"width": int(box.width * 96 / 72) - 2 * MARGIN, "height": int(box.height * 96 / 72) - 2 * MARGIN}


def print_of(page: Page, paper: str) -> PdfReader:
    return PdfReader(
        io.BytesIO(page.pdf(format=paper, margin=dict.fromkeys(("top", "right", "bottom", "left"), "38px")))
    )


def said(document: PdfReader) -> str:
    """The letters of a document without ligatures, nor the spaces, which depend on where lines break."""
    words = "".join(page.extract_text() for page in document.pages)
    return "".join(unicodedata.normalize("NFKC", words).split())


def test_themes_differ_in_colors_alone() -> None:
    """What else axe looks at is the same in both."""
    sheets = "".join(path.read_text() for path in sorted(Path(app.__file__).parent.glob("static/**/*.css")))
    blocks = [inside(sheets[at.end() :]) for at in DARK.finditer(sheets)]
    assert len(blocks) >= 2
    told = [name for block in blocks for name in PROPERTY.findall(COMMENT.sub("", block))]
    assert told
    assert [name for name in told if not name.startswith("--")] == []


DARK = re.compile(r"@media[^{]*prefers-color-scheme: *dark[^{]*\{")
COMMENT, PROPERTY = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"[{;]\s*([-a-z0-9]+)\s*:")


def inside(sheet: str) -> str:
    """What stands before the brace that closes an open one."""
    depth = 1
    for end, letter in enumerate(sheet):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0:
            return sheet[:end]
    raise AssertionError("a brace is never closed")


@pytest.mark.parametrize("role", READERS)
def test_dark_pages_are_dark_and_light_pages_light_and_where_motion_is_not_wanted_nothing_moves(
    role: Role | None, still: Still, visit: Visit
) -> None:
    found = []
    for path, page in pages(still, guest_of(role, still, visit, reduced_motion="reduce"), role):
        found += [f"{path}: {each}" for each in screens.moving(page)]
        page.emulate_media(color_scheme="dark")
        assert screens.luminance(page) < 0.2, path
        page.emulate_media(color_scheme="light")
        assert screens.luminance(page) > 0.8, path
    nothing(found)


@pytest.mark.parametrize("role", READERS)
def test_on_a_tablet_what_is_tapped_is_large_enough(role: Role | None, still: Still, visit: Visit) -> None:
    found = []
    for path, page in pages(still, guest_of(role, still, visit, **TABLET), role):
        found += [f"{path}: {screens.sideways(page)} px too wide"] if screens.sideways(page) > 0 else []
        found += [f"{path}: {each}" for each in screens.smaller_targets(page, 44, "main form[method=post]")]
        found += [f"{path}: {each}" for each in screens.smaller_targets(page, 24)]
    nothing(found)


def test_the_wards_monitor_shows_every_course_at_once(still: Still, visit: Visit) -> None:
    page = guest_of(Role.nurse, still, visit, **MONITOR).open("/board")
    rows = page.locator("[data-course]")
    expect(rows).to_have_count(13)  # the ward's twelve, and one in lymphodepletion
    for row in rows.all():
        expect(row).to_be_in_viewport(ratio=1)
    for cell in rows.first.locator("td, th").all():
        assert float(cell.evaluate("at => parseFloat(getComputedStyle(at).fontSize)")) >= 15  # read from two meters
