"""Files that nobody here wrote: all of them are read, and what is refused is judged."""

from __future__ import annotations

from collections import Counter

from cartway.intake import IGNORE_RULES, read_facts
from intake.drawn import DATA


def refusals(name: str) -> Counter[str]:
    return Counter(problem.code for problem in read_facts([DATA / name]).problems)


def test_the_official_examples() -> None:
    """The examples give days without hours: a temperature of a day cannot be graded by the hour."""
    assert refusals("Observation-body-temperature.json") == {"date_without_time": 1}
    assert refusals("Observation-blood-pressure.json") == {"date_without_time": 2}
    reading = read_facts([DATA / "DeviceUseStatement-example.json"])
    assert (reading.facts, reading.problems) == ([], [])


def test_a_synthetic_patient_of_synthea() -> None:
    reading = read_facts([DATA / "synthea-christian-balistreri.json.gz"])
    assert reading.problems == []
    found = {seen.what for seen in reading.facts}
    assert {"systolic_pressure", "diastolic_pressure", "body_weight", "body_height", "age", "sex"} <= found
    assert len({seen.course for seen in reading.facts}) == 1


def test_all_of_them_at_once() -> None:
    reading = read_facts([DATA])
    assert set(reading.ignored) <= set(IGNORE_RULES)
    assert reading.ignored["file_not_data"] == 1  # the notice
    assert len({seen.course for seen in reading.facts}) >= 2
