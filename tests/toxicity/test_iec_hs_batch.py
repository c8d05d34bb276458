"""Infections beside IEC-HS, an end of their own among them, by the compiled pass and by the plain fold."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pyarrow.parquet as pq
import pytest

from cartway.record.fact import Fact
from cartway.toxicity import grade, load_rules
from cartway.toxicity.batch import grade_parquet
from cartway.toxicity.episode import episodes_of
from toxicity import drawn as d
from toxicity.drawn import Saying
from toxicity.further import IEC_HS, context, laboratory
from toxicity.tables import table

HIGH = (laboratory("ferritin", 9000, upper_limit=400), laboratory("fibrinogen", 90), laboratory("platelets", 10))


def germs(random: Random, hour: float) -> Saying:
    """Something about infections: proven with an end or without, searched for, ruled out."""
    searched = random.choice(["blood_culture", "urine_culture", "cerebrospinal_fluid"])
    return random.choice(
        [
            Saying("infection", choice="bacterial", until=hour + 40, detail={"proven": True, "organism": "E. coli"}),
            Saying("infection", choice="fungal", detail={"proven": True, "text": "a word"}),
            Saying("infection", choice=random.choice(["viral", "unknown", "none"]), detail={"proven": False}),
            Saying("infection_work_up", choice=searched, detail={"result": random.choice(["pending", "positive"])}),
            Saying("infection_work_up", choice=searched, detail={"result": "negative"}),
            context(infection_excluded=random.random() < 0.5),
        ]
    )


def infected(random: Random, name: str) -> list[Fact]:
    hours = [random.randrange(-48, 240, 6) for _ in range(6)]
    facts = d.course(
        d.infused(),
        *(d.at(hour, *HIGH) for hour in range(6, 240, 36)),
        *(d.at(hour, germs(random, hour)) for hour in hours),
    )
    return [msgspec.structs.replace(fact, course=name) for fact in facts]


@pytest.mark.parametrize("seed", range(2))
def test_a_table_says_of_infections_what_its_courses_say(tmp_path: Path, seed: int) -> None:
    random, rules = Random(seed), load_rules()
    cohort = {f"c{n:03}": infected(random, f"c{n:03}") for n in range(60)}
    rows = sorted((fact for facts in cohort.values() for fact in facts), key=lambda fact: (fact.course, fact.at))
    pq.write_table(table(rows), tmp_path / "infected.parquet")
    for course, parts in grade_parquet(tmp_path / "infected.parquet", rules, scales=(IEC_HS,)).by_course():
        (told,) = [episodes_of(course, scale, answers, rows) for scale, answers in parts if scale == IEC_HS]
        plain = [each for each in grade(cohort[course], rules, None, (IEC_HS,)) if each.scale == IEC_HS]
        assert [(e.start, e.end, e.shown, e.missing, e.policies) for e in told] == [
            (e.start, e.end, e.shown, e.missing, e.policies) for e in plain
        ], course
