"""Drawing made-up courses, a few hundred at a time, column by column. `cohort.py` writes them to files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from cartway.times import DAY, HOUR, MINUTE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int16]
Mask = NDArray[np.bool_]

COURSES_A_CHUNK = 350  # about a million rows
ROWS_A_COURSE = 3_000
DAYS = 30
SETS_AT_MOST = 480  # of vital signs in those days
YEARS = 2  # in which the courses are given; so about 330 of 8,000 run at any time
LATE = 0.02  # of all facts are recorded hours or days after they were true
FIRST_DAY = 1_699_920_000_000_000  # microseconds, in November 2023

_VITALS = {
    "body_temperature": "Cel", "systolic_pressure": "mm[Hg]", "diastolic_pressure": "mm[Hg]", "heart_rate": "/min",
    "respiratory_rate": "/min", "oxygen_saturation": "%",
}  # fmt: skip
# Median and spread (of the logarithm).
_LABS = {
    "neutrophils": ("10*9/L", 1.1, 0.9), "platelets": ("10*9/L", 70.0, 0.7), "leukocytes": ("10*9/L", 2.1, 0.8),
    "lymphocytes": ("10*9/L", 0.4, 0.8), "hemoglobin": ("g/dL", 8.9, 0.15), "crp": ("mg/L", 30.0, 1.1),
    "ferritin": ("ng/mL", 900.0, 1.0), "ldh": ("U/L", 260.0, 0.4), "creatinine": ("mg/dL", 0.8, 0.3),
    "fibrinogen": ("mg/dL", 330.0, 0.4), "ast": ("U/L", 32.0, 0.6), "alt": ("U/L", 30.0, 0.6),
    "bilirubin": ("mg/dL", 0.6, 0.4), "potassium": ("mmol/L", 3.9, 0.1), "il6": ("pg/mL", 45.0, 1.5),
}  # fmt: skip
_DEVICES = [
    "room_air",
    "nasal_cannula",
    "high_flow_nasal_cannula",
    "non_rebreather_mask",
    "bipap",
    "invasive_ventilation",
]
_AWAKE = ["awake", "awakens_to_voice", "awakens_to_touch", "vigorous_stimuli_only", "unarousable"]
_DRUGS = ["norepinephrine", "vasopressin", "epinephrine", "acetaminophen", "tocilizumab", "dexamethasone", "propofol"]
_FEATURES = ["fever", "hypotension", "hypoxia", "consciousness"]
_OTHERS = [
    "oxygen_device", "oxygen_flow", "ice_score", "capd_score", "consciousness", "drug", "attribution", "age", "death",
    "infusion", "discharge", "home_oxygen", "baseline_systolic_pressure", "other", "tisagenlecleucel",
    "axicabtagene_ciloleucel", "L/min", "{score}", "a", "ug/kg/min", "mg", "mg/kg/h",
]  # fmt: skip
_MEASURED = [*_VITALS, *_VITALS.values(), *_LABS, *(lab[0] for lab in _LABS.values())]
WORDS = list(dict.fromkeys([*_MEASURED, *_DEVICES, *_AWAKE, *_DRUGS, *_FEATURES, *_OTHERS]))
DETAILS = ['{"continuous":true}', '{"cause":"infection"}', '{"cause":"sedation"}', '{"route":"iv"}']
CONTINUOUS, INFECTION, SEDATION, IV = range(4)
NO_WORD = -1
NO_TIME = np.iinfo(np.int64).min
_NUMBER = {word: number for number, word in enumerate(WORDS)}


class Rows(NamedTuple):
    """Facts as columns; words by their numbers, NO_WORD where there is none."""

    course: NDArray[np.int16]
    at: Ints
    until: Ints
    what: Numbers
    value: Floats
    unit: Numbers
    choice: Numbers
    detail: Numbers
    recorded_at: Ints


class Courses(NamedTuple):
    """What is drawn once a course: hours are since the infusion."""

    number: Ints
    infused_at: Ints
    age: Floats
    systolic: Floats
    crs: Ints  # the worst grade, 0 to 4
    crs_start: Floats
    crs_end: Floats
    by_pressure: Mask
    by_oxygen: Mask
    open_ended: Mask  # a pressor charted without its ends
    icans: Ints
    icans_start: Floats
    icans_end: Floats


class Moments(NamedTuple):
    """Places on the courses' time lines: the course by its place in the chunk, and hours since the infusion."""

    course: Ints
    hour: Floats


def draw(rng: Generator, first: int, count: int, pace: float = 1.0) -> Rows:
    """All facts of `count` courses, numbered from `first` on, in no order. `pace`: how many times as often as usual."""
    courses = _courses(rng, first, count)
    parts = [
        *_vital_signs(rng, courses, pace),
        *_laboratory(rng, courses),
        *_neurology(rng, courses),
        *_pressors(rng, courses),
        *_other_drugs(rng, courses),
        *_judgements(rng, courses),
        *_milestones(rng, courses),
    ]
    return _recorded(rng, joined(parts))


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows one after the other."""
    return Rows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def _courses(rng: Generator, first: int, count: int) -> Courses:
    crs = rng.choice(5, count, p=[0.30, 0.36, 0.22, 0.08, 0.04])
    icans = rng.choice(5, count, p=[0.66, 0.14, 0.10, 0.07, 0.03])
    child = rng.random(count) < 0.10
    crs_start = rng.lognormal(np.log(50.0), 0.5, count).clip(6.0, 300.0)
    icans_start = crs_start + rng.uniform(12.0, 96.0, count)
    by_oxygen = rng.random(count) < 0.5
    return Courses(
        number=np.arange(first, first + count),
        infused_at=FIRST_DAY + rng.integers(0, YEARS * 365 * DAY // MINUTE, count) * MINUTE,
        age=np.where(child, rng.uniform(2.0, 18.0, count), rng.uniform(19.0, 80.0, count)).round(1),
        systolic=np.where(child, rng.normal(108.0, 6.0, count), rng.normal(122.0, 9.0, count)),
        crs=crs,
        crs_start=crs_start,
        crs_end=crs_start + rng.uniform(48.0, 190.0, count),
        by_pressure=~by_oxygen | (rng.random(count) < 0.5),
        by_oxygen=by_oxygen,
        open_ended=rng.random(count) < 0.3,
        icans=icans,
        icans_start=icans_start,
        icans_end=icans_start + rng.uniform(36.0, 160.0, count),
    )


def _level(worst: Ints, start: Floats, end: Floats, hour: Floats) -> Ints:
    """How bad it is at an hour: it begins with grade 1, is worst in the middle, and ends with grade 1."""
    phase = (hour - start) / (end - start)
    ceiling = np.select([(phase >= 0.0) & (phase < 0.15), (phase >= 0.75) & (phase < 1.0)], [1, 1], 0)
    ceiling = np.where((phase >= 0.15) & (phase < 0.30) | (phase >= 0.60) & (phase < 0.75), 2, ceiling)
    ceiling = np.where((phase >= 0.30) & (phase < 0.60), 4, ceiling)
    level: Ints = np.minimum(worst, ceiling)
    return level


def _rows(
    courses: Courses, moments: Moments, what: str, value: Floats | float = np.nan, unit: str = "",
    choice: Ints | str = "", detail: Ints | int = NO_WORD, until_hour: Floats | float = np.nan,
) -> Rows:  # fmt: skip
    """Facts of one variable, one a moment."""
    count = len(moments.hour)
    infused = courses.infused_at[moments.course]
    until = np.broadcast_to(until_hour, count)
    ends = np.where(np.isnan(until), NO_TIME, infused + (np.nan_to_num(until) * 60.0).astype(np.int64) * MINUTE)
    return Rows(
        course=courses.number[moments.course].astype(np.int16),
        at=infused + (moments.hour * 60.0).astype(np.int64) * MINUTE,
        until=ends,
        what=np.full(count, _NUMBER[what], np.int16),
        value=np.broadcast_to(np.asarray(value, np.float64), count),
        unit=np.full(count, _word(unit), np.int16),
        choice=np.broadcast_to(_word(choice) if isinstance(choice, str) else choice, count).astype(np.int16),
        detail=np.broadcast_to(detail, count).astype(np.int16),
        recorded_at=np.zeros(count, np.int64),
    )


def _word(word: str) -> int:
    return _NUMBER[word] if word else NO_WORD


def _numbers(words: list[str]) -> Ints:
    return np.array([_NUMBER[word] for word in words])


def _own(courses: Courses, moments: Moments) -> Courses:
    """The courses once for every moment."""
    return Courses._make(column[moments.course] for column in courses)


def _chosen(moments: Moments, mask: Mask) -> Moments:
    return Moments(moments.course[mask], moments.hour[mask])


def _sets_of_vital_signs(rng: Generator, count: int, pace: float) -> Moments:
    """Every 1, 2, 3 or 4 hours at a pace of 1, some minutes to either side."""
    steps = rng.choice([1.0, 2.0, 3.0, 4.0], (count, round(SETS_AT_MOST * pace)), p=[0.34, 0.37, 0.16, 0.13])
    hours = np.cumsum(steps / pace, axis=1) + rng.uniform(-0.2, 0.2, steps.shape)
    course, place = np.nonzero(hours < DAYS * 24.0)
    return Moments(course, hours[course, place])


def _vital_signs(rng: Generator, courses: Courses, pace: float) -> Iterable[Rows]:
    at = _sets_of_vital_signs(rng, len(courses.number), pace)
    own = _own(courses, at)
    level = _level(own.crs, own.crs_start, own.crs_end, at.hour)
    count = len(at.hour)
    febrile = (level >= 1) & (rng.random(count) < 0.8)
    low = (level >= 2) & own.by_pressure & (rng.random(count) < 0.7)
    systolic = np.where(low, rng.normal(83.0, 5.0, count).clip(55.0, 89.0), rng.normal(own.systolic, 9.0).clip(92.0))
    normal = rng.normal(36.8, 0.35, count).clip(35.0, 37.8)
    values = {
        "body_temperature": np.where(febrile, rng.normal(38.9, 0.5, count), normal),
        "systolic_pressure": systolic.round(),
        "diastolic_pressure": (systolic * rng.normal(0.62, 0.05, count)).round(),
        "heart_rate": rng.normal(84.0 + 12.0 * level, 11.0).round(),
        "respiratory_rate": rng.normal(17.0 + 2.0 * level, 2.5).round(),
        "oxygen_saturation": rng.normal(97.0 - level, 1.2).clip(70.0, 100.0).round(),
    }
    for what, value in values.items():
        yield _rows(courses, at, what, value.round(1), _VITALS[what])
    yield from _oxygen(rng, courses, at, np.where(own.by_oxygen, level, 0))


def _oxygen(rng: Generator, courses: Courses, at: Moments, level: Ints) -> Iterable[Rows]:
    """The device with every set of vital signs, the flow where there is one. One course keeps to one device a level."""
    mask_rather_than_cannula = (courses.number[at.course] % 3 == 0).astype(np.int64)
    ventilated = (courses.number[at.course] % 2 == 0).astype(np.int64)
    device = np.select([level <= 1, level == 2, level == 3], [0, 1, 2 + mask_rather_than_cannula], 4 + ventilated)
    yield _rows(courses, at, "oxygen_device", choice=_numbers(_DEVICES)[device])
    low, high = rng.integers(1, 7, len(device)), rng.integers(30, 61, len(device))
    flow = np.select([device == 1, device == 2], [low, high], 12)
    flowing = (device >= 1) & (device <= 3)
    yield _rows(courses, _chosen(at, flowing), "oxygen_flow", flow[flowing].astype(np.float64), "L/min")


def _laboratory(rng: Generator, courses: Courses) -> Iterable[Rows]:
    at = _regular(courses, 24.0, rng.uniform(4.0, 8.0, len(courses.number)))
    for what, (unit, median, spread) in _LABS.items():
        value = rng.lognormal(np.log(median), spread, len(at.hour))
        yield _rows(courses, at, what, np.where(value < 10.0, value.round(2), value.round()), unit)


def _regular(courses: Courses, every: float, first: Floats, until: Floats | float = DAYS * 24.0) -> Moments:
    """Moments `every` so many hours from `first` until `until`."""
    hours = first[:, None] + np.arange(int(DAYS * 24.0 / every))[None, :] * every
    ends = np.broadcast_to(until, len(first))
    course, place = np.nonzero(hours < ends[:, None])
    return Moments(course, hours[course, place])


def _neurology(rng: Generator, courses: Courses) -> Iterable[Rows]:
    at = _regular(courses, 12.0, rng.uniform(0.0, 4.0, len(courses.number)))
    own = _own(courses, at)
    level = _level(own.icans, own.icans_start, own.icans_end, at.hour)
    draws = rng.random(len(level))
    ice = np.select([level == 1, level == 2, level >= 3], [7 + draws * 3, 3 + draws * 4, draws * 3], 10.0)
    child = own.age < 12.0
    spoken = ~child & (level < 4)
    yield _rows(courses, _chosen(at, spoken), "ice_score", np.floor(ice[spoken]), "{score}")
    capd = np.select([level == 0, level <= 2], [draws * 5, 4 + draws * 5], 9 + draws * 15)
    yield _rows(courses, _chosen(at, child), "capd_score", np.floor(capd[child]), "{score}")
    deep = (draws < 0.5).astype(np.int64)
    depth = np.select([level == 2, level == 3, level == 4], [deep, 2 * deep, 3 + deep], 0)
    yield _rows(courses, at, "consciousness", choice=_numbers(_AWAKE)[depth])


def _pressors(rng: Generator, courses: Courses) -> Iterable[Rows]:
    """One pressor at grade 3, two at grade 4, vasopressin beside them in a third; a rate charted every four hours."""
    start = courses.crs_start + 0.30 * (courses.crs_end - courses.crs_start)
    end = courses.crs_start + 0.60 * (courses.crs_end - courses.crs_start)
    severe = (courses.crs >= 3) & courses.by_pressure
    given = {
        "norepinephrine": severe,
        "vasopressin": severe & (courses.number % 3 == 0),
        "epinephrine": severe & (courses.crs == 4),
    }
    for drug, to in given.items():
        rates = _regular(courses, 4.0, start, np.where(to, end - 0.5, -1.0))  # the last one well before the stop
        value = rng.uniform(0.02, 0.4, len(rates.hour)).round(2)
        ends = np.minimum(rates.hour + 4.0, end[rates.course])
        open_ended = courses.open_ended[rates.course]
        detail = np.where(open_ended, CONTINUOUS, NO_WORD)
        yield _rows(courses, rates, "drug", value, "ug/kg/min", drug, detail, np.where(open_ended, np.nan, ends))
        stops = Moments(np.flatnonzero(to & courses.open_ended), end[to & courses.open_ended])
        yield _rows(courses, stops, "drug", 0.0, "ug/kg/min", drug, CONTINUOUS)


def _other_drugs(rng: Generator, courses: Courses) -> Iterable[Rows]:
    feverish = np.where((courses.crs >= 1) & (rng.random(len(courses.crs)) < 0.6), courses.crs_end, -1.0)
    doses = _regular(courses, 6.0, courses.crs_start + 1.0, feverish)
    yield _rows(courses, doses, "drug", 650.0, "mg", "acetaminophen")
    middle = courses.crs_start + 0.35 * (courses.crs_end - courses.crs_start)
    treated = np.flatnonzero(courses.crs >= 2)
    yield _rows(courses, Moments(treated, middle[treated]), "drug", 560.0, "mg", "tocilizumab", IV)
    steroids = np.where(courses.icans >= 2, courses.icans_end, -1.0)
    doses = _regular(courses, 6.0, courses.icans_start + 2.0, steroids)
    yield _rows(courses, doses, "drug", 10.0, "mg", "dexamethasone")
    ventilated = courses.by_oxygen & (courses.crs == 4) & (courses.number % 2 == 0)
    asleep = np.flatnonzero(ventilated)
    end = courses.crs_start + 0.60 * (courses.crs_end - courses.crs_start)
    yield _rows(courses, Moments(asleep, middle[asleep]), "drug", 1.5, "mg/kg/h", "propofol", IV, end[asleep])


def _judgements(rng: Generator, courses: Courses) -> Iterable[Rows]:
    """What clinicians attribute to another cause, half of them with an end."""
    for feature, share in zip(_FEATURES, (0.02, 0.02, 0.02, 0.01), strict=True):
        judged = np.flatnonzero((rng.random(len(courses.crs)) < share) & (courses.crs > 0))
        at = Moments(judged, courses.crs_start[judged] + rng.uniform(0.0, 60.0, len(judged)))
        ends = np.where(rng.random(len(judged)) < 0.5, at.hour + 36.0, np.nan)
        cause = SEDATION if feature == "consciousness" else INFECTION
        yield _rows(courses, at, "attribution", choice=feature, detail=cause, until_hour=ends)


def _milestones(rng: Generator, courses: Courses) -> Iterable[Rows]:
    everyone = np.arange(len(courses.number))
    zero = np.zeros(len(everyone))
    products = _numbers(["tisagenlecleucel", "axicabtagene_ciloleucel"])
    yield _rows(courses, Moments(everyone, zero), "infusion", choice=products[everyone % 2])
    yield _rows(courses, Moments(everyone, zero - 20.0), "age", courses.age, "a")
    baselines = (("home_oxygen", 2.0, "L/min", 0.01), ("baseline_systolic_pressure", 96.0, "mm[Hg]", 0.03))
    for what, value, unit, share in baselines:
        some = everyone[rng.random(len(everyone)) < share]
        yield _rows(courses, Moments(some, zero[some] - 12.0), what, value, unit)
    home = everyone[rng.random(len(everyone)) < 0.4]
    yield _rows(courses, Moments(home, zero[home] + DAYS * 24.0), "discharge")
    dead = everyone[rng.random(len(everyone)) < 0.005]
    yield _rows(courses, Moments(dead, zero[dead] + DAYS * 24.0 - 1.0), "death", choice="other")


def _recorded(rng: Generator, rows: Rows) -> Rows:
    """Most facts are recorded within minutes, some hours or days late."""
    count = len(rows.at)
    delay = rng.exponential(5.0 * MINUTE, count)
    late = rng.random(count) < LATE
    delay = np.where(late, rng.uniform(6.0 * HOUR, 3.0 * DAY, count), delay)
    return rows._replace(recorded_at=rows.at + delay.astype(np.int64))
