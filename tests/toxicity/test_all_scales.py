"""All scales over random courses: order of arrival, the moment asked, a resumed fold and the compiled pass change
nothing; and the two ASTCT scales are the same whether the others are asked for or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from cartway.record.fact import UNREADABLE, Fact
from cartway.toxicity import ALL_SCALES, SCALES, Episode, Rules, grade, load_rules
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import grade_parquet
from cartway.toxicity.coding import code, words
from cartway.toxicity.episode import episodes_of
from cartway.toxicity.fold import Fold, fold
from cartway.toxicity.grade import end_of_record, in_time_order
from toxicity import drawn as d
from toxicity.tables import table

LABORATORY: dict[str, tuple[str, tuple[float, ...]]] = {
    "neutrophils": ("10*9/L", (0.0, 0.05, 0.1, 0.3, 0.5, 0.501, 0.9, 1.4, 3.0)),
    "platelets": ("10*9/L", (5, 19, 20, 45, 50, 90, 150)),
    "hemoglobin": ("g/dL", (6.5, 7.9, 9.0, 12.0)),
    "leukocytes": ("10*9/L", (0.5, 1.5, 5.0)),
    "lymphocytes": ("10*9/L", (0.1, 0.4, 1.2)),
    "ferritin": ("ng/mL", (200, 900, 12000)),
    "ast": ("U/L", (25, 130, 700)),
    "alt": ("U/L", (25, 210)),
    "bilirubin": ("mg/dL", (0.8, 2.5, 11.0)),
    "fibrinogen": ("mg/dL", (80, 149, 150, 320)),
    "triglycerides": ("mg/dL", (90, 300)),
    "ldh": ("U/L", (180, 900)),
    "uric_acid": ("mg/dL", (4.0, 8.0, 9.5)),
    "potassium": ("mmol/L", (4.0, 6.0, 6.4)),
    "phosphate": ("mg/dL", (3.0, 4.6)),
    "calcium": ("mg/dL", (6.9, 9.0)),
    "creatinine": ("mg/dL", (0.8, 1.6, 4.2)),
    "body_weight": ("kg", (22.0, 70.0)),
}
LIMITS = {"ast": 40.0, "alt": 45.0, "bilirubin": 1.2, "ferritin": 400.0, "creatinine": 1.1, "ldh": 240.0}


def laboratory(random: Random, hour: float) -> Iterator[Fact]:
    what = random.choice(list(LABORATORY))
    unit, values = LABORATORY[what]
    if random.random() < 0.05:
        yield from d.at(hour, d.Saying(UNREADABLE, detail={"variable": what}))
        return
    detail: dict[str, Any] = {"upper_limit": LIMITS[what]} if what in LIMITS and random.random() < 0.7 else {}
    if what == "neutrophils" and random.random() < 0.3:
        detail = {"lower_limit": 1.8}
    if random.random() < 0.1:
        detail = {**detail, random.choice(["below", "above"]): True}
    yield from d.at(hour, d.Saying(what, float(random.choice(values)), unit=unit, detail=detail))


def bedside(random: Random, hour: float) -> Iterator[Fact]:
    rate, unit = random.choice(
        [(0.05, "ug/kg/min"), (0.4, "ug/kg/min"), (25.0, "ug/min"), (3.0, "mL/h"), (0.0, "ug/min")]
    )
    saying = random.choice(
        [
            d.temperature(random.choice([36.8, 38.0, 39.4])),
            d.pressure(random.choice([78.0, 118.0])),
            d.oxygen(random.choice(["room_air", "nasal_cannula", "simple_mask", "bipap", "invasive_ventilation"])),
            d.flow(random.choice([2.0, 8.0])),
            d.inspired(random.choice([30.0, 60.0])),
            d.Saying(
                "drug", rate, random.choice(["norepinephrine", "dopamine"]), unit, random.choice([None, hour + 5])
            ),
            d.push(random.choice(["tocilizumab", "dexamethasone", "anakinra"]), 10.0),
            d.Saying("fluid_bolus", 500.0, unit="mL"),
            d.attributed(random.choice(["fever", "hypotension", "hypoxia", "hyperinflammation"]), until=hour + 12),
            d.Saying("ice_score", float(random.choice([10, 6, 2])), unit="{score}"),
            d.Saying("seizure", choice="generalized", detail={"duration_min": 2, "returned_to_baseline": True}),
            d.Saying("arrhythmia", choice=random.choice(["none", "urgent"])),
            d.Saying("transfusion", choice=random.choice(["platelets", "cryoprecipitate"])),
            d.Saying(
                "iec_hs_context",
                detail=random.choice([{"infection_excluded": True}, {"haemophagocytosis": True, "bleeding": "none"}]),
            ),
        ]
    )
    yield from d.at(hour, saying)


def a_course(random: Random) -> list[Fact]:
    """Some weeks of a course: counts by day, chemistry now and then, a stormy first week; it may end in many ways."""
    facts = d.course(d.infused(), d.age(random.choice([7.0, 58.0])) if random.random() < 0.9 else [])
    days = random.choice([3, 12, 34, 45, 110])
    for day in range(-4, days):
        for _ in range(random.choice([0, 1, 1, 3])):
            hour = 24 * day + random.choice([0, 6, 6, 13.5])
            facts += laboratory(random, hour)
        if day < 8:
            facts += (
                fact for _ in range(random.randrange(4)) for fact in bedside(random, 24 * day + random.randrange(24))
            )
    for what, share in (("progression", 0.1), ("next_therapy", 0.1), ("last_follow_up", 0.2), ("discharge", 0.3)):
        if random.random() < share:
            facts += d.at(
                24 * random.randrange(1, days + 1), d.Saying(what, choice="yes" if what == "progression" else "")
            )
    if random.random() < 0.15:
        facts += d.died(24 * days, random.choice(["crs", "iec_hs", "other"]))
    random.shuffle(facts)
    return facts


Told = dict[str, list[tuple[Any, ...]]]


def told(episodes: Sequence[Episode]) -> Told:
    """Everything that an episode says but for which of several equal facts a reason names."""
    found: Told = {}
    for e in episodes:
        criteria = tuple(reason.criterion.slug for reason in e.because)
        row = (e.start, e.end, e.grade, e.missing, e.policies, tuple(e.measures.items()), criteria)
        found.setdefault(e.scale, []).append(row)
    return found


def test_a_count_told_as_below_its_detection_limit_is_below_it() -> None:
    """``<20`` is stored as 20 with `below`: by the table of T-ICAHT, which says below 20, it counts; 20 itself does
    not.
    """
    shown = {}
    for below in (True, False):
        days = (
            d.at(24 * day + 6, d.Saying("platelets", 20.0, unit="10*9/L", detail={"below": True} if below else {}))
            for day in range(8)
        )
        facts = d.course(d.infused(), d.age(58), *days)
        found = [e for e in grade(facts, load_rules(), d.instant(24 * 9), ALL_SCALES) if e.scale == "t_icaht.early"]
        shown[below] = found[-1].measures["days_lt20"]
    assert shown[True] > 0
    assert shown[False] == 0


def rules_of(random: Random) -> Rules:
    """The shipped rules, or the sparse chart's, or a few further policies turned round."""
    rules = load_rules()
    chosen: dict[str, str | float] = {}
    if random.random() < 0.3:
        chosen["observation_validity"] = "until_replaced"
    open_ = [
        name for name, policy in rules.policies.items() if policy.choices and not {"crs", "icans"} & set(policy.scales)
    ]
    for name in random.sample(open_, random.choice([0, 0, 2, 4])):
        chosen[name] = random.choice(rules.policies[name].choices)
    return Rules(rules.policies, chosen)


def check_one(random: Random) -> None:
    facts, rules = a_course(random), rules_of(random)
    whole = told(grade(facts, rules, None, ALL_SCALES))
    assert told(grade(random.sample(facts, len(facts)), rules, None, ALL_SCALES)) == whole, "order of arrival"
    assert {s: whole.get(s) for s in SCALES} == {s: told(grade(facts, rules)).get(s) for s in SCALES}, "asked alone"
    check_as_of(facts, rules, whole, random)
    check_resumed(facts, rules, random)


def check_as_of(facts: Sequence[Fact], rules: Rules, whole: Told, random: Random) -> None:
    """What is said of an instant does not depend on what comes later, and what comes later adds nothing before it."""
    moment = random.choice(facts).at
    earlier = [fact for fact in facts if fact.at <= moment]
    if all(fact.what != "infusion" for fact in earlier):
        return
    then = told(grade(facts, rules, moment, ALL_SCALES))
    assert then == told(grade(earlier, rules, moment, ALL_SCALES))
    for scale in ALL_SCALES:
        now, later = (
            [row[2:] for row in each.get(scale, ()) if row[0] <= moment and (row[1] is None or moment < row[1])]
            for each in (then, whole)
        )
        assert [row[:3] for row in now] == [row[:3] for row in later], scale


def check_resumed(facts: Sequence[Fact], rules: Rules, random: Random) -> None:
    """Pushed in chunks, some of them late, a fold stands where a fresh one does."""
    ordered = in_time_order(facts, None)
    rows = [row for place, fact in enumerate(ordered) if (row := code(fact, place, words())) is not None]
    horizon, policies = end_of_record(ordered, rows), rules.vector(ALL_SCALES)
    resumed, left = Fold(policies), list(rows)
    while left:
        cut = random.randrange(1, len(left) + 1)
        chunk = sorted(random.sample(left[: cut + 3], min(cut, len(left[: cut + 3]))), key=lambda row: row.at)
        left = [row for row in left if row not in chunk]
        resumed.push(chunk)
    resumed.close(horizon)
    fresh = fold(rows, policies, horizon)
    for scale, one, other in zip(ALL_SCALES, resumed.answers, fresh.answers, strict=True):
        assert [(a.start, a.out[: b.REASONS]) for a in one] == [(a.start, a.out[: b.REASONS]) for a in other], scale


@pytest.mark.parametrize("seed", range(40))
def test_order_moment_and_resumption_change_nothing(seed: int) -> None:
    check_one(Random(seed))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 2000))
def test_order_moment_and_resumption_change_nothing_at_length(seed: int) -> None:
    check_one(Random(seed))


def check_table(folder: Path, random: Random, many: int) -> None:
    """The compiled pass over a table, sorted or not, in one row group or many, answers as the plain fold does."""
    rules = rules_of(random)
    cohort = [[_renamed(fact, f"c{n:03}") for fact in a_course(random)] for n in range(many)]
    plain = {facts[0].course: told(grade(facts, rules, None, ALL_SCALES)) for facts in cohort}
    rows = sorted((fact for facts in cohort for fact in facts), key=lambda fact: (fact.course, fact.at))
    for name, ordered, size in (
        ("sorted", rows, len(rows)),
        ("groups", rows, 1 + len(rows) // 5),
        ("shuffled", random.sample(rows, len(rows)), 1 + len(rows) // 4),
    ):
        path = folder / f"{name}.parquet"
        pq.write_table(table(ordered), path, row_group_size=size)
        for course, parts in grade_parquet(path, rules, scales=ALL_SCALES).by_course():
            found = {scale: episodes_of(course, scale, answers, ordered) for scale, answers in parts}
            assert told([e for each in found.values() for e in each]) == plain[course], (name, course)


def _renamed(fact: Fact, name: str) -> Fact:
    return Fact(name, fact.at, fact.what, fact.value, fact.unit, fact.choice, fact.until, detail=fact.detail)


@pytest.mark.parametrize("seed", range(3))
def test_the_compiled_pass_answers_as_the_plain_fold(tmp_path: Path, seed: int) -> None:
    check_table(tmp_path, Random(seed), 25)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_the_compiled_pass_answers_as_the_plain_fold_at_length(tmp_path: Path, seed: int) -> None:
    check_table(tmp_path, Random(seed), 60)
