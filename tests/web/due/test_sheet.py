"""The hand-over sheet: what it says, and that forty courses of it are one page on either paper."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from pypdf import PdfReader

from cartway.pathway.course import Course
from cartway.times import HOUR
from cartway.watch.handover import hand_over
from cartway.web.due.fitting import COLUMNS, SIZES, Wanted, fit, shortened
from web.browser import chromium
from web.conftest import Site
from web.forms.bedside import COURSE, Page, drawn

CENTIMETER: Any = dict.fromkeys(("top", "right", "bottom", "left"), "38px")
PATIENCE_MS = 90_000  # a page of forty courses on a busy machine
NAMES = ("Anna Lindqvist-Bartholomäus", "Žofie Weiß", "Omar Haddad", "Jean-Luc Moreau")


def words(site: Site, role: str = "nurse") -> str:
    return Page(site.client(role).get("/handover").text).words


def test_the_sheet_says_who_changed_and_why_what_is_due_and_what_to_fear(site: Site) -> None:
    drawn(
        site,
        {"what": "body_temperature", "value": 38.9, "unit": "Cel", "hours": 3},
        {"what": "systolic_pressure", "value": 84, "unit": "mm[Hg]", "hours": 3},
        {"what": "oxygen_device", "choice": "room_air", "hours": 3},
        {"what": "neutrophils", "value": 0.1, "unit": "10*9/L", "hours": 8},
    )
    told = words(site)
    assert "11:00 CRS 2" in told and "systolic 84 mmHg" in told
    assert "overdue" in told and "vital signs" in told
    assert "Sepsis: fever with neutropenia : neutrophils 0.1" in told
    assert "Tocilizumab: not counted." in told


def test_whoever_rings_is_handed_over_wherever_they_are_and_on_top(site: Site) -> None:
    drawn(site, {"what": "body_temperature", "value": 37.0, "unit": "Cel", "hours": 1}, course="bed-8")
    drawn(
        site,
        {"what": "discharge", "hours": 10},
        {"what": "reported_symptom", "choice": "confusion", "detail": {"severity": "severe"}, "hours": 1},
    )
    told = words(site)
    assert "not on the ward" in told and "Not answered: Reported" in told
    assert told.index(COURSE) < told.index("bed-8")


def test_a_course_that_cannot_be_worked_out_says_so_on_top_and_takes_no_other_row_down(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(site)
    drawn(site, course="bed-8")

    def broken(course: Course, *args: Any, **kwargs: Any) -> Any:
        if course.id == "bed-8":
            raise ValueError("39.9 of nobody")
        return hand_over(course, *args, **kwargs)

    monkeypatch.setattr("cartway.web.due.sheet.hand_over", broken)
    told = words(site)
    assert "Cannot be worked out : the hand-over; look at the chart" in told and "39.9" not in told
    assert told.index("bed-8") < told.index("Cannot be worked out") < told.index(COURSE) < told.index("CRS may begin")


def test_a_course_whose_dues_cannot_be_worked_out_says_so_and_the_list_of_the_others_stands(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawn(site, {"what": "body_temperature", "value": 37.0, "unit": "Cel", "hours": 1})
    site.client("nurse").get("/due")
    site.now += 24 * HOUR  # what the ward holds is out of date

    def broken(*_: Any) -> Any:
        raise ValueError("39.9 of nobody")

    monkeypatch.setattr("cartway.web.due.beds.due_of", broken)
    assert "Cannot be worked out : due; look at the chart" in words(site)
    assert "cannot be worked out" in Page(site.client("nurse").get("/due").text).words
    assert "39.9" not in caplog.text and "ValueError at broken" in caplog.text


def test_what_is_not_confirmed_says_so_in_print_too(site: Site) -> None:
    """An interval that is the center's default, a fear on its limit: each with an asterisk, and the legend for it."""
    drawn(site, {"what": "platelets", "value": 9, "unit": "10*9/L", "hours": 8})
    told = words(site)
    assert "Bleeding*" in told and "weight*" in told and "* a number or scale not confirmed" in told


def test_hyperinflammation_that_cannot_be_told_from_crs_is_on_the_sheet(site: Site) -> None:
    drawn(
        site,
        {"what": "ferritin", "value": 200, "unit": "ng/mL", "hours": 49},
        {"what": "body_temperature", "value": 38.9, "unit": "Cel", "hours": 3},
        {"what": "systolic_pressure", "value": 84, "unit": "mm[Hg]", "hours": 3},
        {"what": "oxygen_device", "choice": "room_air", "hours": 3},
        {"what": "ferritin", "value": 60000, "unit": "ng/mL", "hours": 2},
        {"what": "fibrinogen", "value": 100, "unit": "mg/dL", "hours": 2},
        {"what": "alt", "value": 400, "unit": "U/L", "hours": 2, "detail": {"upper_limit": 40}},
        {"what": "platelets", "value": 10, "unit": "10*9/L", "hours": 2},
    )
    told = words(site)
    assert "IEC-HS cannot be told from CRS, 4 features are there" in told
    assert "IEC-HS: ferritin rises fast" in told


def test_who_has_left_is_not_handed_over(site: Site) -> None:
    drawn(site, {"what": "discharge", "hours": 2})
    assert "No patient of yours is on the ward." in words(site)


def test_the_count_of_tocilizumab_stands_on_top_and_what_is_set_aside_is_no_count(site: Site) -> None:
    count = {"course": "center", "source": "pharmacy", "what": "stock", "about": "tocilizumab"}
    site.record([
        {**count, "at": site.now - 3 * HOUR, "value": 6.0, "unit": "1"},
        {**count, "at": site.now - HOUR, "value": 2.0, "unit": "1", "detail": {"for_course": COURSE}},
    ])  # fmt: skip
    drawn(site)
    assert "Tocilizumab counted 11:00: 6 doses." in words(site)


def test_a_grade_without_excuses_is_not_left_out(site: Site) -> None:
    drawn(
        site,
        {"what": "body_temperature", "value": 38.9, "unit": "Cel", "hours": 3},
        {"what": "systolic_pressure", "value": 84, "unit": "mm[Hg]", "hours": 3},
        {"what": "oxygen_device", "choice": "room_air", "hours": 3},
        {"what": "attribution", "choice": "hypotension", "detail": {"cause": "bleeding"}, "hours": 2},
    )
    assert "CRS 1 (2" in words(site)


lines = st.lists(st.text("abcdefgh  ", min_size=1, max_size=90), max_size=6)
ways = lines.map(lambda items: [items, [item[:20] for item in items]])
wanted = st.builds(Wanted, st.text("abcdefg ", min_size=1, max_size=30), st.just("1961-06-15 4711"), st.just("axi-cel"),
                   st.tuples(ways, ways, ways))  # fmt: skip


@given(st.lists(wanted, max_size=40))
def test_the_rows_of_forty_courses_never_need_more_lines_than_the_page_has(rows: Sequence[Wanted]) -> None:
    import textwrap

    found = fit(rows)
    size = next(each for each in SIZES if each.name == found.size)
    heights = []
    for row, fitted in zip(rows, found.rows, strict=True):
        texts = zip((fitted.changed, fitted.due, fitted.fear), COLUMNS, strict=True)
        heights.append(max(row.least(size), *(len(textwrap.wrap(text, size.letters(wide))) for text, wide in texts)))
    assert sum(heights) <= max(size.lines(len(rows)), sum(row.least(size) for row in rows))


def test_what_does_not_fit_is_counted_never_dropped_in_silence() -> None:
    items = ["OVERDUE vitals", "ICE", "cultures", "18:00 counts"]
    assert shortened(items, 40, 2) == "OVERDUE vitals; ICE; cultures; 18:00 counts"
    assert shortened(items, 20, 2) == "OVERDUE vitals; ICE; cultures; +1 more"
    assert shortened(items, 26, 1) == "OVERDUE vitals; +3 more"
    assert shortened(["a very long thing that is too long"], 12, 2) == "a very long thing that\N{HORIZONTAL ELLIPSIS}"


def test_few_courses_are_printed_large_and_say_all() -> None:
    row = Wanted("Anna", "1961-06-15", "axi-cel", ([["all of it"]], [["18:00 vitals"]], [["CRS may begin (day 1)"]]))
    found = fit([row] * 3)
    assert found.size == "s9" and found.rows[0].fear == "CRS may begin (day 1)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.running() as running:
        yield running


def test_forty_courses_are_printed_on_one_page_of_either_paper(tmp_path: Path, browser: Browser) -> None:
    site = Site(tmp_path)
    for number in range(40):
        _admit(site, number)
    with site.serve() as url:
        context = browser.new_context(base_url=url)
        context.set_default_timeout(PATIENCE_MS)
        name, token = site.cookie("nurse")
        context.add_cookies([{"name": name, "value": token, "url": url}])
        page = context.new_page()
        page.goto("/handover")
        printed = [PdfReader(io.BytesIO(page.pdf(format=each, margin=CENTIMETER))) for each in ("A4", "Letter")]
        context.close()
    for document in printed:
        said = "".join(unicodedata.normalize("NFKC", each.extract_text()) for each in document.pages)
        assert len(document.pages) == 1
        assert all(f"47110{number:02d}" in said for number in range(40))
        assert "notamedicaldevice" in "".join(said.split())
    site.app.state.stores.close()


def _admit(site: Site, number: int) -> None:
    """Somebody whose row is full: a grade that rose, drugs, much overdue, much to fear."""
    course = f"c{number:02d}"
    site.office.people.enrol(
        [("HOSP", f"47110{number:02d}")], name=NAMES[number % len(NAMES)], birth_date="1961-06-15", sex="female",
        now=site.now - HOUR, by="test", new_id=lambda: course,
    )  # fmt: skip
    drawn(site, *ILL, course=course)


ILL: Sequence[Mapping[str, Any]] = (
    {"what": "body_temperature", "value": 37.0, "unit": "Cel", "hours": 12},
    {"what": "body_temperature", "value": 39.1, "unit": "Cel", "hours": 6},
    {"what": "systolic_pressure", "value": 82, "unit": "mm[Hg]", "hours": 5},
    {"what": "oxygen_device", "choice": "room_air", "hours": 6},
    {"what": "drug", "choice": "tocilizumab", "value": 560, "unit": "mg", "hours": 5},
    {"what": "drug", "choice": "dexamethasone", "value": 10, "unit": "mg", "hours": 30},
    {"what": "drug", "choice": "norepinephrine", "value": 0.1, "unit": "ug/kg/min", "hours": 4},
    {"what": "neutrophils", "value": 0.1, "unit": "10*9/L", "hours": 9},
    {"what": "platelets", "value": 9, "unit": "10*9/L", "hours": 9},
    {"what": "ferritin", "value": 1200, "unit": "ng/mL", "hours": 33},
    {"what": "ferritin", "value": 5200, "unit": "ng/mL", "hours": 9},
    {"what": "infection_work_up", "choice": "blood_culture", "detail": {"result": "pending"}, "hours": 6},
)
