"""Pictures: where marks lie, that they are told to who cannot see them, and that no color is alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.twin.picture import (
    Axis,
    Band,
    Boxes,
    Dots,
    Line,
    Note,
    Panel,
    Rule,
    Step,
    alone,
    days,
    draw,
    grid_of,
    html_of,
    months,
    page_sheet,
    reach,
    site_sheet,
    together,
)
from cartway.twin.picture.scale import Scale, ticks
from cartway.twin.picture.sheet import load_rules, load_tokens
from cartway.twin.picture.words import apart

SVG = "{http://www.w3.org/2000/svg}"
STATIC = Path(__file__).parents[3] / "src/cartway/web/static"
X = Axis("Days", 0, 10)
Y = Axis("mg/L", 0, 100)


def panel(*marks: object, x: Axis = X, y: Axis = Y) -> Panel:
    return Panel("CRP", "CRP of <one> course.", x, y, marks)  # type: ignore[arg-type]


def drawn(one: Panel) -> ET.Element:
    return ET.fromstring(draw(one, "crp"))  # noqa: S314 - our own markup


def path_of(root: ET.Element, kind: str) -> str:
    found = [each.attrib["d"] for each in root.iter(f"{SVG}path") if kind in each.attrib.get("class", "")]
    return found[-1]  # the legend's stand first


def test_a_picture_says_what_it_shows() -> None:
    root = drawn(panel(Line("crp", [0, 10], [0, 100])))
    assert root.attrib["role"] == "img"
    named = root.attrib["aria-labelledby"].split()
    assert [root.find(f"*[@id='{name}']").text for name in named] == ["CRP", "CRP of <one> course."]  # type: ignore[union-attr]


def test_it_carries_no_style_and_no_script_of_its_own() -> None:
    """The site's pages allow none (its Content-Security-Policy)."""
    svg = draw(
        panel(Line("crp", [0, 10], [0, 100]), Boxes("b", [1], [2], [0], [9], hatched=True), Rule("x", 5, "now")), "crp"
    )
    assert not re.search(r"<style|style=|<script|onload", svg)


def test_a_line_reaches_from_corner_to_corner_of_its_axes() -> None:
    root = drawn(panel(Line("crp", [0, 10], [0, 100])))
    clip = root.find(f".//{SVG}clipPath/{SVG}rect")
    assert clip is not None
    left, top, wide, high = (float(clip.attrib[name]) for name in ("x", "y", "width", "height"))
    (x0, y0), (x1, y1) = ((float(a), float(b)) for a, b in re.findall(r"([\d.]+) ([\d.]+)", path_of(root, "line n1")))
    assert (x0, y0, x1, y1) == pytest.approx((left + 6, top + high - 6, left + wide - 6, top + 6), abs=0.11)


def test_a_line_breaks_where_there_is_no_number() -> None:
    path = path_of(drawn(panel(Line("crp", [0, 1, 2, 3, 4], [1, 2, np.nan, 4, 5]))), "line")
    assert path.count("M") == 2
    assert "nan" not in path


def test_a_step_line_keeps_its_value_until_the_next_point() -> None:
    root = drawn(panel(Step("km", [0, 4, 10], [100, 50, 50], censored=[7])))
    corners = re.findall(r"([\d.]+) ([\d.]+)", path_of(root, "line n1"))
    assert [corners[0][1], corners[1][0], corners[1][1]] == [corners[0][1], corners[2][0], corners[0][1]]
    middle = float(corners[2][1])
    assert f" {middle - 4:.1f}".rstrip("0").rstrip(".") in path_of(root, "censor")


def test_series_differ_without_color() -> None:
    """WCAG 2.2, 1.4.1: color is not the only means. Each line after the first has a dash, each dot its shape."""
    rules = load_rules()
    for kind in ("n2", "n3", "n4", "n5", "n6"):
        assert re.search(rf"\.line\.{kind} {{ stroke-dasharray", rules)
    dashes = re.findall(r"\.line\.n\d { stroke-dasharray: ([^;]+);", rules)
    assert len(set(dashes)) == len(dashes) == 5


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_series_and_words_stand_out_from_the_sheet(ground: str) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11: words of a series' color 4.5:1, its lines 3:1."""
    tokens = getattr(load_tokens(), ground)
    sheet = luminance(tokens["sheet"])
    for name in ("n1", "n2", "n3", "n4", "n5", "n6", "ink", "soft", "bad"):
        light, dark = sorted((sheet, luminance(tokens[name])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name


def test_tokens_shared_with_the_site_are_the_site_s() -> None:
    css = (STATIC / "cartway.css").read_text()
    for name in ("ink", "soft", "line", "edge", "g1", "g2", "g3", "g4", "e0", "e1", "gna", "t3"):
        for ground in (load_tokens().light, load_tokens().dark):
            color = ground[name]
            short = "#" + color[1::2] if color[1::2] == color[2::2] else color
            assert re.search(rf"--{name}: ({color}|{short})\b", css), name


def test_the_site_serves_the_stylesheet_of_pictures() -> None:
    """Written by `site_sheet()`; after a change write it anew."""
    assert (STATIC / "picture.css").read_text() == site_sheet()


def test_a_file_needs_no_tokens() -> None:
    """Not every program that opens SVG knows custom properties."""
    file = alone(draw(panel(Line("crp", [0, 10], [0, 100])), "crp"))
    ET.fromstring(file.encode())  # noqa: S314 - our own markup
    assert "var(" not in file
    assert "prefers-color-scheme: dark" in file
    assert "var(--n1)" in page_sheet()


def test_every_token_that_rules_use_is_given() -> None:
    used = set(re.findall(r"var\(--([a-z0-9]+)\)", load_rules()))
    assert used <= set(load_tokens().light)
    assert set(load_tokens().light) == set(load_tokens().dark)


def test_every_class_that_is_drawn_has_a_rule() -> None:
    marks = (
        Line("a", [0, 1], [1, 2], dotted=True),
        Step("b", [0, 1], [1, 2], "n2", [1], ends="b"),
        Band("c", [0, 1], [0, 1], [2, 3]),
        Dots("d", [1], [1], hollow=True, y_low=[0], y_high=[2]),
        Boxes("e", [1], [3], [0], [90], "g2", ["2"], hatched=True),
        Rule("y", 3, "limit"),
        Note(1, 1, "words"),
    )
    classes = {name for each in drawn(panel(*marks)).iter() for name in each.attrib.get("class", "").split()}
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", load_rules()))
    assert classes - known <= {"b"}


def test_words_at_the_ends_of_lines_do_not_lie_on_each_other() -> None:
    root = drawn(panel(Line("", [0, 10], [50, 50], ends="one"), Line("", [0, 10], [50, 51], "n2", ends="two")))
    one, two = (float(each.attrib["y"]) for each in root.iter(f"{SVG}text") if "ends" in each.attrib.get("class", ""))
    assert abs(one - two) >= 15


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_moved_apart_they_keep_their_order_and_their_distance(places: list[float]) -> None:
    moved = apart(places, 10, 0, 100)
    order = sorted(range(len(places)), key=lambda i: places[i])
    gaps = np.diff([moved[i] for i in order])
    assert (gaps >= 10 - 1e-9).all()
    assert min(moved) >= 0


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_lie_on_the_axis(low: float, span: float) -> None:
    axis = Axis("x", low, low + span)
    places = [place for place, _ in ticks(axis)]
    assert 2 <= len(places) <= 8
    assert all(Scale(axis, 0, 1).shows(place) for place in places)


def test_a_logarithmic_axis_has_powers_of_ten() -> None:
    assert [words for _, words in ticks(Axis("copies", 10, 1e6, log=True))] == [
        "10",
        "100",
        "1,000",
        "10,000",
        "100,000",
        "1,000,000",
    ]


def test_months_are_told_of_days() -> None:
    assert [words for _, words in ticks(months("Months", 730.5))] == ["0", "3", "6", "9", "12", "15", "18", "21", "24"]
    assert [place for place, _ in ticks(days("Days", 28))] == [0, 7, 14, 21, 28]


def test_an_axis_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="axis"):
        draw(panel(x=Axis("x", 1, 1)), "crp")
    with pytest.raises(ValueError, match="axis"):
        draw(panel(y=Axis("y", 0, 10, log=True)), "crp")


def test_a_name_that_could_break_markup_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        draw(panel(), 'a"b')


def test_words_are_escaped() -> None:
    assert "<script>" not in draw(panel(Line("<script>", [0, 1], [1, 2]), Note(1, 1, "<script>")), "crp")


def test_the_table_says_what_the_picture_shows() -> None:
    grid = grid_of(panel(Band("80%", [0, 1], [1.0, 2.0], [3.0, 4.26]), Dots("measured", [1], [3.0])))
    assert grid.heads == ("Days", "80%", "measured")
    assert grid.rows == (("0", "1 to 3", ""), ("1", "2 to 4.26", "3"))
    assert "<caption>CRP</caption>" in html_of(grid)


def test_panels_together_have_ids_of_their_own() -> None:
    root = ET.fromstring(together("Two", "Two panels.", [panel(), panel()], 2, "two"))  # noqa: S314 - our own markup
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    assert root.attrib["width"] == "1440"


def test_reach_leaves_out_what_is_no_number() -> None:
    assert reach([np.nan, 0, 10], room=0.1) == (-1, 11)
    assert reach([5.0, 10.0], room=0.0, zero=True) == (0, 10)
    assert reach([np.nan]) == (0, 1)
