"""The chart's data are the facts in force, and nothing else."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

from cartway.times import SECOND
from cartway.web.course.chart import LINES, chart
from toxicity.drawn import (
    Saying,
    capd,
    drip,
    flow,
    ice,
    ice_item,
    infused,
    instant,
    oxygen,
    pressure,
    push,
    temperature,
    unreadable,
)
from web.course.bed import COURSE, Bed, unmeasurable
from web.course.why_case import ill


def points(series: dict[str, Any]) -> list[tuple[float, float | None]]:
    """Hours after the infusion and values."""
    zero = instant(0) // SECOND
    return [((at - zero) / 3600, value) for at, value in zip(accumulate(series["t"]), series["v"], strict=True)]


def hours(seconds: float) -> float:
    return (seconds - instant(0) // SECOND) / 3600


def test_each_line_is_the_readings_in_force(bed: Bed) -> None:
    ill(bed)
    drawn = chart(bed.view())["lines"]
    for what in LINES:
        facts = [fact for fact in bed.site.facts(COURSE) if fact.what == what]
        assert points(drawn[what]) == [((fact.at - instant(0)) / 3_600_000_000, fact.value) for fact in facts]


def test_superseded_values_are_apart(bed: Bed) -> None:
    ill(bed)
    drawn = chart(bed.view())
    assert points(drawn["old"]["systolic_pressure"]) == [(3, 48)]
    assert (3, 84) in points(drawn["lines"]["systolic_pressure"])
    assert points(drawn["old"]["ice_score"]) == [(8, 2)]


def test_as_known_before_a_correction_the_wrong_value_is_the_value(bed: Bed) -> None:
    ill(bed)
    drawn = chart(bed.view(3.2, 3.2))
    assert (3, 48) in points(drawn["lines"]["systolic_pressure"])
    assert points(drawn["old"]["systolic_pressure"]) == []


def test_an_unreadable_value_breaks_its_line(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.0))
    bed.chart(2, unreadable("body_temperature"))
    bed.chart(3, temperature(38.2))
    assert points(chart(bed.view())["lines"]["body_temperature"]) == [(1, 38.0), (2, None), (3, 38.2)]


def test_a_line_breaks_by_the_policy_of_its_variable(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.0), ice(9))
    drawn = chart(bed.view())
    assert drawn["lines"]["body_temperature"]["valid"] == 12 * 3600
    assert drawn["lines"]["ice_score"]["valid"] == 24 * 3600
    assert drawn["fever"] == 38.0


def test_an_ice_of_five_items_is_a_point(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(5, ice_item("orientation", 4), ice_item("naming", 3), ice_item("command", 1), ice_item("writing", 0),
              ice_item("attention", 1))  # fmt: skip
    bed.chart(6, ice_item("orientation", 4))
    assert points(chart(bed.view())["lines"]["ice_score"]) == [(5, 9)]


def test_a_score_that_could_not_be_taken_is_no_point(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(5, capd("unable_to_perform"))
    assert points(chart(bed.view())["lines"]["capd_score"]) == []


def test_oxygen_as_bands_that_end_when_another_is_charted_or_when_too_old(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, oxygen("room_air"))
    bed.chart(3, oxygen("nasal_cannula"), flow(2))
    bed.chart(5, flow(4))
    bed.chart(6, oxygen("high_flow_nasal_cannula"), flow(40))
    bed.now(30)
    bands = [(hours(start), hours(end), support, words) for start, end, support, words in chart(bed.view())["oxygen"]]
    assert bands == [
        (1, 3, 0, "room air"),
        (3, 5, 1, "nasal cannula 2 L/min"),
        (5, 6, 1, "nasal cannula 4 L/min"),
        (6, 18, 2, "high flow nasal cannula 40 L/min"),
    ]


def test_drugs_by_class_with_rates_stops_and_doses(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, push("acetaminophen", 1000))
    bed.chart(2, drip("norepinephrine", 0.1))
    bed.chart(4, drip("norepinephrine", 0.2))
    bed.chart(6, drip("norepinephrine", 0.0), push("tocilizumab", 600))
    bed.chart(7, drip("vasopressin", 0.03))
    bed.chart(8, push("ondansetron", 8), push("dexamethasone", 10, status="not-done"))
    bed.now(10)
    lanes = {
        name: (group, [(hours(start), hours(end), dose, runs) for start, end, dose, runs in given])
        for name, group, given in chart(bed.view())["drugs"]
    }
    assert lanes == {
        "Norepinephrine": ("vasopressor", [(2, 4, "0.1 mcg/kg/min", 0), (4, 6, "0.2 mcg/kg/min", 0)]),
        "Vasopressin": ("vasopressor", [(7, 10, "0.03 mcg/kg/min", 1)]),
        "Tocilizumab": ("anti-cytokine", [(6, 6, "600 mg", 0)]),
        "Acetaminophen": ("antipyretic", [(1, 1, "1000 mg", 0)]),
        "Other drugs": ("other", [(8, 8, "Ondansetron 8 mg", 0)]),
    }
    assert list(lanes)[-1] == "Other drugs"


def test_grades_are_the_episodes(bed: Bed) -> None:
    ill(bed)
    bed.now(40)
    view = bed.view()
    drawn = chart(view)["grades"]
    for scale, history in view.history.items():
        bands = drawn[scale.partition(".")[0].upper()]
        assert bands[0][0] == history[0].start // SECOND
        assert bands[-1][1] is None
        assert all(one[1] == other[0] for one, other in pairwise(bands))
        for episode in history:
            [band] = [
                each
                for each in bands
                if each[0] <= episode.start // SECOND and (each[1] is None or episode.start // SECOND < each[1])
            ]
            assert band[2:] == [-1 if episode.grade is None else episode.grade, int(bool(episode.missing))]


def test_days_begin_at_midnight_of_the_zone(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(50, temperature(38))
    assert chart(bed.view())["days"][:3] == [
        [instant(0) // SECOND, 0, "10 Jan"], [instant(24) // SECOND, 1, "11 Jan"], [instant(48) // SECOND, 2, "12 Jan"]
    ]  # fmt: skip


def test_nothing_to_draw(bed: Bed) -> None:
    bed.chart(-10, Saying("diagnosis", choice="dlbcl"))
    assert "from" not in chart(bed.view())
    assert bed.get("/chart").json()["lines"]["body_temperature"]["t"] == []


def test_the_text_says_what_the_picture_shows(bed: Bed) -> None:
    ill(bed)
    text = chart(bed.view())["text"]
    assert "Body temperature 36.8 to 38.6, last 38.6" in text
    assert "CRS highest grade 3" in text
    assert bed.page().one(id="picture").attributes["aria-label"] == text


def test_a_death_ends_what_ran(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, drip("norepinephrine", 0.3))
    bed.chart(5, Saying("death", choice="infection"))
    bed.now(100)
    drawn = chart(bed.view())
    assert hours(drawn["to"]) == 6
    assert [hours(given[1]) for _, _, lane in drawn["drugs"] for given in lane] == [6]
    assert not drawn["is_now"]


def test_a_pressure_that_could_not_be_measured_is_no_number(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, pressure(100))
    bed.correct(bed.chart(2, unmeasurable()), pressure(70), known=2.5)
    bed.chart(3, unmeasurable())
    drawn = chart(bed.view())
    assert points(drawn["lines"]["systolic_pressure"]) == [(1, 100), (2, 70), (3, None)]
    assert drawn["old"]["systolic_pressure"]["t"] == []
    assert [hours(at) for at in drawn["unmeasured"]["systolic_pressure"]] == [3]
    assert "Systolic blood pressure 70 to 100, last not measurable" in drawn["text"]


def test_a_chart_names_its_course_and_version(bed: Bed) -> None:
    bed.record(infused(), 0)
    before = bed.get("/chart").json()
    bed.chart(1, temperature(38))
    after = bed.get("/chart").json()
    assert before["course"] == after["course"] == COURSE
    assert after["version"] > before["version"]
    assert bed.page().one(id="course").attributes["data-version"] == ".".join(map(str, after["version"]))
