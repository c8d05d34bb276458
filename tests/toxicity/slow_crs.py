"""CRS by ASTCT 2019, the slow way: the table's columns at one instant, then the course of it. See `slow_twin`."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.times import DAY
from toxicity.slow_chart import (
    DEVICES,
    FOREVER,
    INOTROPES,
    OTHER_PRESSORS,
    PRESSORS,
    PRESSURE_DEVICES,
    Answer,
    Chart,
    Marks,
    Reading,
    note_unreadable,
    note_worse,
)


def fever(c: Chart, now: int, marks: Marks) -> bool | None:
    """Whether there is a fever that counts; None where no temperature can be relied on."""
    reading = c.reading("body_temperature", now)
    if reading is None:
        note_unreadable(c, "body_temperature", now, marks)
        return None
    celsius, threshold = reading.value or 0.0, float(c.policy("fever_celsius"))
    tenths = int(celsius * 10 + 0.5) / 10
    if celsius < threshold <= tenths:
        marks.policies.add("temperature_rounding")
        celsius = tenths if c.policy("temperature_rounding") == "tenths" else celsius
    return celsius >= threshold and not c.excused("fever", reading, now)


def pressure_limit(c: Chart, now: int) -> float:
    """PALS fifth centile by age, the adult limit from 10 years on (and where the age is not known)."""
    years = c.age(now)
    if years is None or years >= 10:
        return float(c.policy("hypotension_systolic_mmhg"))
    if years * 365.2425 <= 28:
        return 60
    return 70 if years < 1 else 70 + 2 * int(years)


def counted_pressors(c: Chart, now: int, marks: Marks) -> set[str]:
    """The vasopressors that run and count; vasopressin never does."""
    if c.attributed("hypotension", now) or c.attributed("vasopressor", now):
        return set()
    return running_pressors(c, now, marks)


def running_pressors(c: Chart, now: int, marks: Marks) -> set[str]:
    """The vasopressors that run, whatever their cause."""
    counted = {drug for drug in PRESSORS if c.running(drug, now)}
    for drugs, policy in (
        (("terlipressin",), "terlipressin"),
        (INOTROPES, "inotropes"),
        (OTHER_PRESSORS, "other_pressors"),
    ):
        running = {drug for drug in drugs if c.running(drug, now)}
        if running:
            marks.policies.add(policy)
        if c.policy(policy) == "counted":
            counted |= running
    return counted


def hypotension(c: Chart, now: int, marks: Marks, earlier: set[str]) -> float | None:
    """The hypotension column: 4, 3, 2 or 0; None where no pressure can be relied on."""
    if pressure_level(c, now):
        note_worse(c, "hypotension", now, marks)
    if c.attributed("hypotension", now):
        return 0
    if pressor_level(c, now):
        note_worse(c, "vasopressor", now, marks)
    counted = counted_pressors(c, now, marks)
    analogues = {d for d in ("vasopressin", "terlipressin") if c.running(d, now)} - counted
    analogues = set() if c.attributed("vasopressor", now) else analogues
    if any(c.only_pushed(drug, now) for drug in counted):
        marks.policies.add("vasopressor_bolus_hours")
    if len(counted) == 1 and earlier - counted:
        marks.policies.add("sequential_vasopressors")
        if c.policy("sequential_vasopressors") == "cumulative":
            return 4
    if counted:
        return 4 if len(counted) > 1 else 3
    if analogues:
        marks.policies.add("vasopressin_alone")
        if all(c.only_pushed(drug, now) for drug in analogues):
            marks.policies.add("vasopressor_bolus_hours")
        return 3 if c.policy("vasopressin_alone") == "grade_3" else 2
    return low_pressure(c, now, marks)


def low_pressure(c: Chart, now: int, marks: Marks) -> float | None:
    """2 for a pressure that is low for this patient, 0 for one that is not, None for one that cannot be relied on."""
    reading = c.reading("systolic_pressure", now)
    if reading is None or reading.value is None:
        note_unreadable(c, "systolic_pressure", now, marks)
        return None
    limit = pressure_limit(c, now)
    habitual = c.baseline("baseline_systolic_pressure", now)
    if reading.value >= limit:
        return 0
    if c.age(now) is None:
        marks.policies.add("unknown_age")
    if usual_for_this_patient(c, reading.value, habitual, marks):
        return 0
    return None if c.excused("hypotension", reading, now) else 2


def usual_for_this_patient(c: Chart, systolic: float, habitual: float | None, marks: Marks) -> bool:
    """Whether a pressure is no lower than habitual, by so much as a policy says, and another takes that for normal."""
    if habitual is None or systolic < habitual * (1 - float(c.policy("baseline_pressure_fall_percent")) * 0.01):
        return False
    marks.policies.add("baseline_pressure")
    return c.policy("baseline_pressure") == "personal"


def with_device(c: Chart, what: str, now: int) -> float | None:
    """A flow or concentration that holds and belongs to the present device: charted since that was put on.

    With room air it belongs only if charted with or after it: then oxygen is given by something that nobody charted.
    """
    reading, device = c.reading(what, now), c.message("oxygen_device", now)
    if reading is None or device is None:
        return reading and reading.value
    if device.value == 0:
        return reading.value if reading.at >= device.at else None
    put_on = device.at
    for earlier in reversed([r for r in c.read["oxygen_device"] if r.at < device.at]):
        if device.value is None or earlier.value != device.value:
            break
        put_on = earlier.at
    return reading.value if reading.at >= put_on else None


def hypoxia(c: Chart, now: int, marks: Marks) -> float | None:
    """The hypoxia column, by the support given: 4, 3, 2 or 0; None where none can be relied on."""
    if oxygen_level(c, now):
        note_worse(c, "hypoxia", now, marks)
    if c.attributed("hypoxia", now):
        return 0
    if support_level(c, now):
        note_worse(c, "positive_pressure", now, marks)
    return oxygen_column(c, now, marks)


def oxygen_column(c: Chart, now: int, marks: Marks) -> float | None:
    """The column as if no hypoxia were attributed."""
    device = c.reading("oxygen_device", now)
    flow, inspired = with_device(c, "oxygen_flow", now), with_device(c, "inspired_oxygen", now)
    home = c.baseline("home_oxygen", now)
    low_flow = float(c.policy("low_flow_limit"))
    if device is None or not device.value:
        by_unknown = 3 if flow and flow > max(home or 0, low_flow) else 2
        if more_than_at_home(flow, inspired, home):
            marks.missing.add("oxygen_device")
            return by_unknown
        if device is None:
            marks.missing.add("oxygen_device")
            note_unreadable(c, "oxygen_device", now, marks)
        return device and 0
    name = DEVICES[int(device.value)]
    if name == "nasal_cannula":
        if flow is None:
            marks.missing.add("oxygen_flow")
            note_unreadable(c, "oxygen_flow", now, marks)
            return 0 if home else 2
        return 0 if flow <= (home or 0) else 3 if flow > low_flow else 2
    if name == "blow_by":
        return 2
    if name in PRESSURE_DEVICES:
        return positive_pressure(c, device, more_than_at_home(flow, inspired, home), now, marks)
    if name == "high_flow_nasal_cannula" and flow is not None and flow <= low_flow:
        marks.policies.add("high_flow_at_low_flow")
        return 3 if c.policy("high_flow_at_low_flow") == "device" else 2
    return 3


def more_than_at_home(flow: float | None, inspired: float | None, home: float | None) -> bool:
    """Whether more oxygen is given than at home. A concentration says nothing beside liters at home."""
    return bool(flow and flow > (home or 0)) or ((inspired or 0) > 21 and not home)


def positive_pressure(c: Chart, device: Reading, more: bool, now: int, marks: Marks) -> float:
    """4, unless for another reason (airway, procedure), or the patient's own with no more oxygen than at home."""
    return 0 if c.attributed("positive_pressure", now) else own_or_not(c, device, more, now, marks)


def own_or_not(c: Chart, device: Reading, more: bool, now: int, marks: Marks) -> float:
    """4, unless it is the patient's own from home."""
    own = c.baseline("home_positive_pressure", now)
    if own is None or (device.value or 0) > own:
        return 4
    marks.policies.add("home_positive_pressure")
    return 4 if more and c.policy("home_positive_pressure") == "new_oxygen_is_grade_4" else 0


# How bad each sign of CRS is, as if it were not attributed.


def pressor_level(c: Chart, now: int) -> float:
    """Two vasopressors are worse than one. Vasopressin alone is what the policy calls it."""
    count = len(running_pressors(c, now, Marks()))
    alone = any(c.running(drug, now) for drug in ("vasopressin", "terlipressin"))
    if count or not alone:
        return (0, 3, 4)[min(count, 2)]
    return 3 if c.policy("vasopressin_alone") == "grade_3" else 2


def pressure_level(c: Chart, now: int) -> float:
    """A vasopressor is worse than a low pressure, unless it was attributed too."""
    reading = c.reading("systolic_pressure", now)
    pressors = 0 if c.attributed("vasopressor", now) else pressor_level(c, now)
    if pressors or reading is None or reading.value is None:
        return pressors
    habitual = c.baseline("baseline_systolic_pressure", now)
    low = reading.value < pressure_limit(c, now)
    return 2 if low and not usual_for_this_patient(c, reading.value, habitual, Marks()) else 0


def oxygen_level(c: Chart, now: int) -> float:
    """Low flow, then high flow or a mask, then positive pressure, unless that was attributed too."""
    return oxygen_column(c, now, Marks()) or 0


def support_level(c: Chart, now: int) -> float:
    """A mask that presses, then a bag or a tube, then ECMO; the patient's own is none."""
    device = c.reading("oxygen_device", now)
    name = DEVICES[int(device.value or 0)] if device else ""
    flow, inspired = with_device(c, "oxygen_flow", now), with_device(c, "inspired_oxygen", now)
    more = more_than_at_home(flow, inspired, c.baseline("home_oxygen", now))
    if device is None or name not in PRESSURE_DEVICES or not own_or_not(c, device, more, now, Marks()):
        return 0
    return {"cpap": 1, "bipap": 1, "ecmo": 3}.get(name, 2)


LEVELS = {
    "hypotension": pressure_level,
    "vasopressor": pressor_level,
    "hypoxia": oxygen_level,
    "positive_pressure": support_level,
}


class Syndrome:
    """One CRS: when it began, and how. `by_diagnosis`: no fever charted so far, a documented diagnosis stands in."""

    def __init__(self, began: int, by_diagnosis: bool) -> None:
        self.began, self.by_diagnosis = began, by_diagnosis
        self.signs_gone: int | None = None
        self.pressors: set[str] = set()


def crs(c: Chart, instants: Sequence[int]) -> list[tuple[int, Answer | None]]:
    """The CRS grade at every instant.

    It begins with a fever, and is over when every sign has been gone for the symptom-free time.
    """
    answers: list[tuple[int, Answer | None]] = []
    now_ill: Syndrome | None = None
    before = False
    looked = -FOREVER
    for now in instants:
        if c.infused_at is None or now < c.infused_at or not (c.covered(now) or c.death(now)):
            answers.append((now, None))
            continue
        if (cause := c.death(now)) is not None:
            answers.append((now, Marks().answer(5) if cause == "crs" else None))
            continue
        febrile = fever(c, now, Marks())
        worst = max(hypotension(c, now, Marks(), set()) or 0, hypoxia(c, now, Marks()) or 0)
        if now_ill and now_ill.signs_gone is not None and now - now_ill.signs_gone >= c.hours("symptom_free_hours"):
            now_ill = None
        if now_ill is None and (febrile or diagnosed_since(c, looked, now)):
            now_ill, before = Syndrome(now, by_diagnosis=not febrile), True
        if now_ill:
            now_ill.by_diagnosis = now_ill.by_diagnosis and not febrile
            gone = febrile is False and worst == 0
            now_ill.signs_gone = (now if now_ill.signs_gone is None else now_ill.signs_gone) if gone else None
        looked = now
        answers.append((now, crs_at(c, now, now_ill, before)))
        if now_ill:
            now_ill.pressors |= counted_pressors(c, now, Marks())
    return answers


def diagnosed_since(c: Chart, looked: int, now: int) -> bool:
    """Whether CRS was documented since the last look, and policy takes that for an onset fever nobody charted."""
    assert c.infused_at is not None
    found = [f for f in c.said("diagnosed_crs") if max(looked + 1, c.infused_at) <= f.at <= now]
    last = max((f.at for f in found), default=None)
    yes = any(f.at == last and f.choice == "yes" for f in found)
    return yes and c.policy("undocumented_fever") == "accept_diagnosis"


def crs_at(c: Chart, now: int, ill: Syndrome | None, before: bool) -> Answer:
    """The answer at an instant; `before`: there has been a CRS already."""
    marks = Marks()
    febrile = fever(c, now, marks)
    if ill is None:
        return crs_not_on(c, now, febrile, before, marks)
    pressure, oxygen = hypotension(c, now, marks, ill.pressors), hypoxia(c, now, marks)
    worst = max(pressure or 0, oxygen or 0)
    if febrile is None and pressure is None and oxygen is None and not diagnosis_stands(c, now, ill):
        if ill.by_diagnosis:
            marks.policies.add("undocumented_fever")
        marks.missing |= {"body_temperature", "systolic_pressure"}  # with the device: nobody has looked
        return marks.answer(None)
    grade = max(1.0, worst) if febrile else crs_without_fever(c, now, ill, febrile, worst, marks)
    latest = max(f.at for f in c.said("infusion") if f.at <= ill.began)
    if grade > 0 and ill.began - latest > float(c.policy("late_onset_days")) * DAY:
        marks.policies.add("late_onset")
        grade = 0 if c.policy("late_onset") == "not_graded" else grade
    neutrophils = c.reading("neutrophils", now)
    if grade == 1 and febrile and neutrophils and (neutrophils.value or 0) < float(c.policy("neutropenia_limit")):
        marks.policies.add("neutropenic_fever")
        grade = 0 if c.policy("neutropenic_fever") == "not_graded" else grade
    name_missing(grade, pressure, marks)
    return marks.answer(grade)


def name_missing(grade: float, pressure: float | None, marks: Marks) -> None:
    """Only what could raise the grade is missing: a flow to 3, all else to 4."""
    if pressure is None:
        marks.missing.add("systolic_pressure")
    if grade >= 3:
        marks.missing.discard("oxygen_flow")
    if grade >= 4:
        marks.missing.clear()


def diagnosis_stands(c: Chart, now: int, ill: Syndrome) -> bool:
    """Whether a diagnosis still stands for the onset fever: nobody read a temperature since."""
    temperatures = [r.at for r in c.read["body_temperature"] if r.at <= now and r.value is not None]
    return ill.by_diagnosis and max(temperatures, default=-1) < ill.began


def crs_without_fever(c: Chart, now: int, ill: Syndrome, febrile: bool | None, worst: float, marks: Marks) -> float:
    """With CRS but no fever now, hypotension and hypoxia alone grade it after masking therapy."""
    if ill.by_diagnosis:
        marks.policies.add("undocumented_fever")
    if diagnosis_stands(c, now, ill):
        return max(1.0, worst)
    masked = c.masked(now) or any(given >= ill.began for given, _ in c.masks(now))
    if febrile is None and (worst == 0 or not masked):
        marks.missing.add("body_temperature")
    if worst == 0 or masked or febrile is None:
        return worst
    marks.policies.add("afebrile_signs")
    return worst if c.policy("afebrile_signs") == "counted" else 0


def crs_not_on(c: Chart, now: int, febrile: bool | None, before: bool, marks: Marks) -> Answer:
    """Without a fever it is not CRS; without a temperature nobody can tell; while one may be masked it is a policy."""
    if febrile is None:
        marks.missing.add("body_temperature")
        return marks.answer(None)
    columns = Marks()
    pressure, oxygen = hypotension(c, now, columns, set()), hypoxia(c, now, columns)
    worst = max(pressure or 0, oxygen or 0)
    reading = c.reading("body_temperature", now)
    excused = reading is not None and (reading.value or 0) >= float(c.policy("fever_celsius"))
    if worst == 0 or not c.masked(now) or excused:
        return marks.answer(0)
    question = "masked_recurrence" if before else "masked_onset"
    marks.policies.add(question)
    if c.policy(question) == "not_crs":
        return marks.answer(0)
    marks.policies |= columns.policies
    marks.missing |= columns.missing
    name_missing(worst, pressure, marks)
    return marks.answer(worst)
