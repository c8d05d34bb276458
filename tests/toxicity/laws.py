"""The laws that every course must obey, as functions of a drawn course. Tests call them some times, the soak many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import SCALES, Episode, Rules, grade
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import Row, code, words
from cartway.toxicity.fold import Fold, fold
from cartway.toxicity.grade import end_of_record, in_time_order
from toxicity import drawn as d
from toxicity.compare import Told, episodes_told, told_by_twin
from toxicity.courses import Course
from toxicity.slow_chart import DEVICES, LEVELS

UNRELATED = (
    d.measured("heart_rate", 150),
    d.measured("crp", 300),
    d.measured("oxygen_saturation", 70),
    d.measured("diastolic_pressure", 30),
    d.measured("platelets", 5),
    d.measured("fluid_bolus", 1000),
    d.push("cefepime", 2000),
    d.push("levetiracetam", 1000),
    d.push("epinephrine", 1, route="inhaled"),
    d.attributed("hyperinflammation"),
    d.unreadable("heart_rate"),
)
OF_CRS = (
    d.attributed("fever"),
    d.attributed("vasopressor"),
    d.drip("norepinephrine"),
    d.push("tocilizumab"),
    d.measured("neutrophils", 0.1),
)
OF_ICANS = (d.attributed("motor"), d.attributed("score"), d.drip("propofol"), d.drip("cisatracurium"))


def told(facts: Sequence[Fact], rules: Rules, at: Instant | None = None) -> Mapping[str, list[Told]]:
    return episodes_told(grade(facts, rules, at))


def agrees_with_its_twin(facts: Sequence[Fact], rules: Rules) -> None:
    assert told(facts, rules) == told_by_twin(facts, rules)


def answer_at(spans: Sequence[Told], moment: Instant) -> Told | None:
    """The answer in force at an instant, without its start; None before the first and where it is not covered."""
    found = [span for span in spans if span.hour <= d.hour_of(moment)]
    return None if not found or found[-1].grade == "-" else found[-1]._replace(hour=0.0)


def arrival_does_not_matter(facts: Sequence[Fact], shuffled: Sequence[Fact], rules: Rules) -> None:
    """The same facts in another order: the same episodes, for the same criteria."""
    one, other = grade(facts, rules), grade(shuffled, rules)
    assert episodes_told(one) == episodes_told(other)
    assert [_criteria(e) for e in one] == [_criteria(e) for e in other]


def _criteria(episode: Episode) -> list[str]:
    return [reason.criterion.slug for reason in episode.because]


def nothing_is_known_before_its_time(facts: Sequence[Fact], rules: Rules, random: Random) -> None:
    """As of any instant, the answer is the one that the whole record gives for it, and later facts change nothing."""
    whole = told(facts, rules)
    for fact in random.sample(list(facts), min(4, len(facts))):
        for moment in (fact.at, fact.at + 1, fact.at - 1):
            earlier = [f for f in facts if f.at <= moment]
            as_of = told(facts, rules, moment)
            assert as_of == told(earlier, rules, moment)
            if moment <= max(f.at for f in facts) and any(f.what == "infusion" for f in earlier):
                for scale in SCALES:
                    assert answer_at(as_of[scale], moment) == answer_at(whole[scale], moment), (
                        scale,
                        d.hour_of(moment),
                    )


def an_unrelated_fact_changes_nothing(facts: Sequence[Fact], rules: Rules, random: Random) -> None:
    """A fact that no scale reads leaves every episode as it was; one of the other scale leaves this one.

    It lies within the record: a later fact would let time run on.
    """
    before = told(facts, rules)
    first, last = min(f.at for f in facts), max(f.at for f in facts)
    for _ in range(3):
        added = d.at(d.hour_of(random.randint(first, last)), random.choice(UNRELATED))
        at = random.randrange(len(facts) + 1)
        assert told([*facts[:at], *added, *facts[at:]], rules) == before, Course(added)
    for scale, others in zip(SCALES, (OF_ICANS, OF_CRS), strict=True):
        added = d.at(d.hour_of(random.randint(first, last)), random.choice(others))
        assert told([*facts, *added], rules)[scale] == before[scale], (scale, Course(added))


def rows_of(facts: Sequence[Fact]) -> tuple[list[Row], float]:
    """A course's coded facts by time, and its horizon."""
    ordered = in_time_order(facts, None)
    rows = [row for place, fact in enumerate(ordered) if (row := code(fact, place, words())) is not None]
    return rows, end_of_record(ordered, rows)


def a_resumed_fold_equals_a_fresh_one(facts: Sequence[Fact], rules: Rules, random: Random) -> None:
    """Pushed in chunks, some of them late, a fold stands where a fresh one does, on the way and at the end."""
    rows, horizon = rows_of(facts)
    policies = rules.vector()
    shuffled = list(rows)
    if random.random() < 0.5:
        random.shuffle(shuffled)
    else:  # in order but for a few that come late
        for _ in range(random.randint(0, 3)):
            if shuffled:
                shuffled.insert(random.randrange(len(shuffled)), shuffled.pop(random.randrange(len(shuffled))))
    course = Fold(policies)
    done = 0
    while done < len(shuffled):
        size = random.randint(1, 8)
        course.push(shuffled[done : done + size])
        done += size
        if random.random() < 0.3:
            known = sorted(shuffled[:done], key=lambda row: row.at)
            course.close(known[-1].at + random.choice([0, 10**10, 10**11]))
            now = course.now
            assert outcomes(course) == outcomes(fold(known, policies, now)), Course(facts)
    course.close(horizon)
    assert outcomes(course) == outcomes(fold(rows, policies, max(horizon, course.now)))


def outcomes(course: Fold) -> list[list[tuple[float, ...]]]:
    """What a fold answered: start, grade, missing, policies."""
    return [[(a.start, *a.out[: b.REASONS]) for a in answers] for answers in course.answers]


def time_alone_acts_only_when_announced(facts: Sequence[Fact], rules: Rules) -> None:
    """Nothing changes before `next_change_at`, and a fold never announces the past."""
    rows, _ = rows_of(facts)
    course = Fold(rules.vector())
    for row in rows:
        course.push([row])
        announced, before = course.next_change_at(), outcomes(course)
        assert announced > row.at
        if announced < b.FOREVER:
            waited = fold(
                [r for r in rows if r.at <= row.at and rows.index(r) <= rows.index(row)], rules.vector(), announced - 1
            )
            assert outcomes(waited) == before


def episodes_are_whole(facts: Sequence[Fact], rules: Rules) -> None:
    """Half-open, in order, contiguous but for discharge and death, from the infusion on, no two neighbors the same."""
    infused = min((f.at for f in facts if f.what == "infusion"), default=None)
    ends = {f.at for f in facts if f.what in ("discharge", "death")}
    for scale in SCALES:
        found = [e for e in grade(facts, rules) if e.scale == scale]
        if infused is None:
            assert [(e.grade, e.missing, e.end) for e in found] == [(None, ("infusion",), None)]
            continue
        assert not found or found[0].start == infused or infused in ends, "covered from the infusion on"
        assert found or infused in ends
        for e, following in zip(found, [*found[1:], None][: len(found)], strict=True):
            assert e.end is None or e.start < e.end
            assert e.grade in (None, 0, 1, 2, 3, 4, 5)
            assert e.assessable == (e.grade is not None)
            assert e.grade is not None or e.missing, "not assessable says why"
            assert not (e.grade is not None and e.grade >= 4 and e.missing), "nothing could raise it"
            if following is None:
                assert e.end is None or e.end in ends
            elif e.end != following.start:
                assert e.end is not None and e.end < following.start and e.end in ends
            else:
                assert (e.grade, e.missing, e.policies) != (following.grade, following.missing, following.policies)


# --- a worse value

STEPS = {
    "body_temperature": (36.5, 37.9, 38.0, 39.0, 41.0),
    "systolic_pressure": (130.0, 95.0, 89.0, 79.0, 69.0, 50.0),
    "oxygen_flow": (0.0, 1.0, 6.0, 6.1, 40.0),
    "inspired_oxygen": (21.0, 30.0, 100.0),
    "ice_score": (10.0, 9.0, 6.0, 2.0, 0.0),
    "capd_score": (0.0, 8.0, 9.0, 30.0),
    "ice_orientation": (4.0, 2.0, 0.0),
    "ice_naming": (3.0, 0.0),
}
LADDERS = {
    "oxygen_device": DEVICES,
    "consciousness": LEVELS,
    "motor_weakness": ("none", "mild", "deep_focal"),
    "cerebral_edema": ("none", "focal", "diffuse"),
    "raised_pressure_sign": ("none", "papilledema"),
}


def worse_facts(fact: Fact) -> list[Fact]:
    """The same reading with a worse value, for each step that is worse."""
    if fact.what in STEPS and fact.value is not None:
        steps = STEPS[fact.what]
        sign = 1 if steps[0] < steps[-1] else -1
        return [msgspec.structs.replace(fact, value=v) for v in steps if sign * v > sign * fact.value]
    if fact.what in LADDERS:
        ladder = LADDERS[fact.what]
        place = ladder.index(fact.choice) if fact.choice in ladder else len(ladder)
        return [msgspec.structs.replace(fact, choice=c) for c in ladder[place + 1 :]]
    return []


ATTRIBUTED_AS = {
    **dict.fromkeys(("oxygen_device", "oxygen_flow", "inspired_oxygen"), "hypoxia"),
    **dict.fromkeys(("ice_score", "capd_score", "ice_orientation", "ice_naming"), "score"),
    "consciousness": "consciousness",
    "motor_weakness": "motor",
    "cerebral_edema": "cerebral_edema",
}


def may_lower(scale: str, facts: Sequence[Fact], new: Fact, rules: Rules) -> bool:
    """Where a worse value rightly lowers a grade.

    - A heavier device may be one that another cause explains: the patient's own from home, home oxygen by cannula
      (R11), or intubation for the airway or a procedure under a `positive_pressure` attribution (R10).
    - A CPAP or BiPAP at home is excused by how much oxygen it carries, so room air on it is no grade (R11).
    - An ICE from an intubated patient is not valid: the device is worse, the score is no longer assessable (N3).
    - A positive CAPD with the parent's word for usual behavior is not delirium; below 9 that word is not asked
      (Traube 2014).
    - A sign that was attributed when it was worse may get that bad again before its attribution is reopened.
    """
    said = {f.what for f in facts} | {f.choice for f in facts if f.what == "attribution"}
    if ATTRIBUTED_AS.get(new.what) in said and rules.value("attribution_worsening") == "reopens":
        return True
    if new.what == "oxygen_device":
        return scale == d.ICANS or bool(said & {"home_oxygen", "home_positive_pressure", "positive_pressure"})
    return new.what == "capd_score" and "usual_behavior_per_parent" in said


def a_worse_value_never_lowers_a_grade(facts: Sequence[Fact], rules: Rules, random: Random) -> None:
    """Other facts fixed, at every instant: not lower, unless more is missing than before (a lower bound, and said)."""
    places = [i for i, f in enumerate(facts) if f.at >= d.INFUSION and worse_facts(f)]
    if not places:
        return
    place = random.choice(places)
    new = random.choice(worse_facts(facts[place]))
    before, after = told(facts, rules), told([*facts[:place], new, *facts[place + 1 :]], rules)
    for scale in SCALES:
        if may_lower(scale, facts, new, rules):
            continue
        for hour in sorted({span.hour for span in (*before[scale], *after[scale])}):
            was, now = (answer_at(spans[scale], d.instant(hour)) for spans in (before, after))
            if was is None or now is None or set(now.missing) - set(was.missing):
                continue
            if new.what == "oxygen_device" and "oxygen_device" in was.missing and "oxygen_device" not in now.missing:
                continue  # room air with a flow of 8 L/min was by something unknown (3); told to be blow-by, it is 2
            if set(was.policies) - set(now.policies) == {"undocumented_fever"}:
                continue  # a diagnosis stands in only for a fever that nobody charted
            assert rank(now) >= rank(was), (scale, hour, was, now, Course([facts[place], new]))


def rank(answer: Told) -> int:
    return answer.grade if isinstance(answer.grade, int) else -1
