"""The table twin holds what the chart shows."""

from __future__ import annotations

from cartway.web.course.readings import PAGE, readings
from toxicity.drawn import drip, infused, instant, oxygen, pressure, temperature, unreadable
from web.course.bed import COURSE, Bed, known, unmeasurable
from web.course.why_case import ill


def test_one_row_a_time_newest_first_with_the_grades_of_that_time(bed: Bed) -> None:
    ill(bed)
    table = readings(bed.view())
    names = [column.label for column in table.columns]
    rows = {
        (line.at - instant(0)) / 3_600_000_000: (dict(zip(names, line.cells, strict=True)), line.grades)
        for line in table.lines
    }
    assert list(rows) == [8, 5, 4, 3, 2.2, 0.2]
    assert rows[3][0]["Systolic"] == "84"
    assert rows[4][0]["Drugs"] == "Norepinephrine started 0.1 mcg/kg/min"
    assert rows[4][1] == ("3", "0")
    assert rows[8][0]["ICE"] == "8"
    assert table.scales == ("CRS", "ICANS")


def test_columns_without_a_reading_are_left_out(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37), oxygen("room_air"))
    assert [column.label for column in readings(bed.view()).columns] == ["Temperature", "Oxygen"]


def test_two_readings_at_one_time_and_an_unreadable_one(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37.1), temperature(38.1), unreadable("systolic_pressure"))
    [line] = readings(bed.view()).lines
    assert line.cells == ("37.1, 38.1", "unreadable")


def test_numbers_are_aligned_and_rows_have_headings(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37.1), drip("norepinephrine"))
    table = bed.page("/readings").one(id="readings").one("table")
    row = table.all("tr")[1]
    assert row.all("th")[0].attributes["scope"] == "row"
    assert [cell.attributes["class"] for cell in row.all("td")] == ["num", "num", "num", "text"]
    assert len(table.all("tr")[0].all("th")) == 5


def test_pages(bed: Bed) -> None:
    bed.record(infused(), 0)
    for number in range(2 * PAGE + 10):
        bed.chart(1 + number / 4, temperature(37), pressure(120))
    first = readings(bed.view())
    second = readings(bed.view(), before=first.older or "")
    third = readings(bed.view(), before=second.older or "")
    times = [line.at for table in (first, second, third) for line in table.lines]
    assert len(times) == len(set(times)) == 2 * PAGE + 10
    assert times == sorted(times, reverse=True)
    assert (third.older, first.newer) == (None, None)
    assert readings(bed.view(), before=third.newer or "").lines == second.lines
    assert readings(bed.view(), before=second.newer or "").lines == first.lines
    assert len(bed.page(f"/readings?until={first.older}").one(id="readings").all("tr")) == PAGE + 1


def test_garbage_for_a_page_is_the_newest(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37))
    for asked in ("x", "-1", "9" * 50, "1e9", "²"):
        assert bed.get(f"/readings?until={asked}").status_code == 200


def test_no_readings_at_a_past_time(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(37))
    assert "No readings by then" in bed.page("/readings" + known(0.5)).one(id="readings").text
    assert COURSE in bed.page("/readings").one("h1").text


def test_a_pressure_that_could_not_be_measured_is_no_number(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, unmeasurable(), drip("norepinephrine", 0.0))
    [line] = readings(bed.view()).lines
    assert line.cells == ("not measurable", "Norepinephrine stopped")


def test_temperatures_have_one_decimal(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(39))
    [line] = readings(bed.view()).lines
    assert line.cells == ("39.0",)
