"""A cohort's table, graded by the compiled pass, against the plain fold course by course."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import load_rules
from cartway.toxicity.batch import grade_parquet
from cartway.vocabulary import vocabulary
from toxicity import drawn as d
from toxicity.courses import Course, attributed_courses, courses, policies
from toxicity.drawn import CRS, ICANS, at, course, rules
from toxicity.tables import cohorts_agree, named, table, told_by_table, told_one_by_one

FEBRILE = (d.temperature(38.9), d.pressure(80), d.oxygen("nasal_cannula"), d.flow(3))
ILL = course(d.age(58), d.infused(), at(30, *FEBRILE), at(31, d.ice(5), d.conscious("awake")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def grade_at(folder: Path, facts: list[Fact], scale: str, hour: float) -> int | str | None:
    """The grade in force at an hour, from a table with one course."""
    path = folder / "one.parquet"
    pq.write_table(table(facts), path)
    spans = told_by_table(path, load_rules())["course-1"][scale]
    return [span.grade for span in spans if span.hour <= hour][-1]


def test_a_cohort_from_a_table_is_graded_as_its_courses_one_by_one(folder: Path) -> None:
    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.one_of(courses(shortest=4), attributed_courses()), min_size=2, max_size=12),
        policies(),
        st.integers(0, 2**32).map(Random),
    )
    def agree(cohort: list[Course], chosen: dict[str, str], random: Random) -> None:
        cohorts_agree(folder, cohort, rules(**chosen), random)

    agree()


@pytest.mark.parametrize(
    ("facts", "scale", "hour", "grade"),
    [
        (course(ILL, at(32, d.drip("norepinephrine"))), CRS, 33, 3),
        (course(ILL, at(32, d.drip("norepinephrine", until=34))), CRS, 35, 2),
        (course(ILL, at(32, d.push("phenylephrine", None))), CRS, 32.5, 3),
        (course(ILL, at(32, d.drip("norepinephrine", 0.5)), at(33, d.drip("norepinephrine", 0.0))), CRS, 34, 2),
        (course(d.age(6), d.infused(), at(31, d.capd("unable_to_perform"))), ICANS, 31, 4),
        (course(d.age(6), d.infused(), at(31, d.capd(9))), ICANS, 31, 3),
        (course(ILL, at(31, d.seizure(duration_min=7, text="grand mal"))), ICANS, 31, 4),
        (course(ILL, at(31, d.seizure("none"))), ICANS, 31, 2),
        (course(ILL, at(31, d.push("epinephrine", 1.0, route="inhaled"))), CRS, 31, 2),
        (course(ILL, d.died(40, "crs")), CRS, 41, 5),
    ],
)
def test_what_single_words_mean_in_a_table(
    folder: Path, facts: list[Fact], scale: str, hour: float, grade: int
) -> None:
    assert grade_at(folder, facts, scale, hour) == grade


def test_a_value_of_one_half_is_a_value(folder: Path) -> None:
    """Whatever number stands for "the row's own value" inside."""
    for half in (0.5, 0.25, 1.0):
        assert grade_at(folder, course(ILL, at(32, d.drip("norepinephrine", half))), CRS, 33) == 3
        assert (
            grade_at(
                folder,
                course(d.infused(), at(30, d.temperature(38.5), d.oxygen("nasal_cannula"), d.flow(half))),
                CRS,
                30,
            )
            == 2
        )


def test_an_infusion_that_outlasts_the_asked_instant_does_not_move_it(folder: Path) -> None:
    """As of an instant, time runs to it and not on to the end of a drip."""
    facts = course(ILL, at(32, d.drip("norepinephrine", until=60)))
    path = folder / "asked.parquet"
    pq.write_table(table(facts), path)
    assert (
        told_by_table(path, load_rules(), d.instant(33))["course-1"]
        == told_one_by_one([facts], load_rules(), d.instant(33))["course-1"]
    )


def test_units_do_not_matter(folder: Path) -> None:
    """Fahrenheit and kilopascals, fractions and cells per microliter: the same answers."""

    spoken = {
        "body_temperature": "[degF]",
        "systolic_pressure": "kPa",
        "inspired_oxygen": "fraction",
        "neutrophils": "/uL",
    }

    def converted(fact: Fact) -> Fact:
        variable = vocabulary().variable(fact.what)
        if variable is None or fact.what not in spoken or fact.value is None:
            return fact
        unit = variable.units[spoken[fact.what]]
        return msgspec.structs.replace(fact, value=(fact.value - unit.offset) / unit.scale, unit=spoken[fact.what])

    @settings(max_examples=15, deadline=None)
    @given(st.lists(courses(shortest=4), min_size=5, max_size=10))
    def agree(cohort: list[Course]) -> None:
        mine = named(cohort)
        path = folder / "units.parquet"
        pq.write_table(table([converted(f) for facts in mine for f in facts]), path)
        assert told_by_table(path, load_rules()) == told_one_by_one(mine, load_rules())

    agree()


def test_time_zones_do_not_matter(folder: Path) -> None:
    """The same instants written with another offset."""
    told = []
    for zone in ("UTC", "+05:30", "America/New_York"):
        path = folder / "zones.parquet"
        pq.write_table(table(ILL, zone), path)
        told.append(told_by_table(path, load_rules()))
    assert told[0] == told[1] == told[2] == told_one_by_one([ILL], load_rules())


def test_columns_without_a_word_may_be_left_out(folder: Path) -> None:
    """A table needs no column for details where it has none."""
    facts = course(d.infused(), at(30, d.temperature(39.0)), at(31, d.pressure(80)))
    path = folder / "narrow.parquet"
    pq.write_table(table(facts).drop_columns(["detail", "until"]), path)
    assert told_by_table(path, load_rules())["course-1"] == told_one_by_one([facts], load_rules())["course-1"]


def test_dealt_rows_that_nearly_all_end_find_room(folder: Path) -> None:
    """An end takes an entry of its own; in small row groups the room is made as they come."""
    drips = [at(hour, d.drip("norepinephrine", 0.1, until=hour + 2)) for hour in range(90, 30, -3)]
    facts = [f for part in (*drips, course(ILL)) for f in part]
    path = folder / "ends.parquet"
    pq.write_table(table([msgspec.structs.replace(f, course="course-1") for f in facts]), path, row_group_size=5)
    assert told_by_table(path, load_rules())["course-1"] == told_one_by_one([facts], load_rules())["course-1"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"what": "body_temperature", "value": 101.8, "unit": "Cel"}, ("body_temperature", "unreadable_value")),
        ({"what": "body_temperature", "value": 38.0, "unit": "furlong"}, ("body_temperature", "unreadable_value")),
        ({"what": "systolic_pressure", "value": 7.0, "unit": "mm[Hg]"}, ("systolic_pressure", "unreadable_value")),
    ],
)
def test_an_impossible_value_in_a_table_is_unreadable_and_not_the_last_good_one(
    folder: Path, row: dict[str, object], says: tuple[str, str]
) -> None:
    """A Celsius of 101.8 is never corrected silently and never read as no message."""
    bad = msgspec.structs.replace(at(33, d.temperature(1.0))[0], **row)
    path = folder / "bad.parquet"
    pq.write_table(table([*ILL, bad]), path)
    last = told_by_table(path, load_rules())["course-1"][CRS][-1]
    assert says[0] in last.missing
    assert says[1] in last.policies


# ---- Names without a row


@pytest.mark.parametrize("size", [4, 1000])
def test_a_name_without_a_row_is_no_course(folder: Path, size: int) -> None:
    """A table that was cut out of a larger one still has the others' names in its dictionary."""
    cohort = named([course(ILL), course(d.age(6), d.infused())])
    whole = table([f for facts in cohort for f in facts])
    whole = whole.set_column(0, "course", whole.column("course").dictionary_encode())
    path = folder / "cut_out.parquet"
    pq.write_table(whole.filter(pc.equal(whole.column("course"), "c001")), path, row_group_size=size)
    graded = grade_parquet(path, load_rules())
    assert list(graded.courses) == list(graded.first) == ["c001"]
    assert told_by_table(path, load_rules()) == told_one_by_one(cohort[1:], load_rules())


def test_a_dictionary_of_any_order_and_any_names_changes_nothing(folder: Path) -> None:
    """However the names are numbered and whosever are among them: the courses are those of the rows."""

    @settings(max_examples=30, deadline=None)
    @given(st.lists(courses(shortest=4), min_size=1, max_size=6), st.data())
    def agree(cohort: list[Course], data: st.DataObject) -> None:
        mine = [facts for facts in named(cohort) if any(f.what == "infusion" for f in facts)]
        rows = data.draw(st.permutations([f for facts in mine for f in facts]))
        others = data.draw(st.lists(st.sampled_from(["", "a0", "c000x", "c003x", "zz"]), unique=True))
        names = data.draw(st.permutations([*(facts[0].course for facts in mine), *others]))
        numbers = pa.array([names.index(f.course) for f in rows], pa.int32())
        held = table(rows).set_column(
            0, "course", pa.DictionaryArray.from_arrays(numbers, pa.array(names, pa.string()))
        )
        path = folder / "numbered.parquet"
        pq.write_table(held, path, row_group_size=data.draw(st.integers(1, 50)))
        assert told_by_table(path, load_rules()) == told_one_by_one(mine, load_rules())

    agree()
