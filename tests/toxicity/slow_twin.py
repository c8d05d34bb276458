"""CRS and ICANS the slow, obvious way: at every instant at which anything may change, read the whole chart again.

Written from the ASTCT 2019 tables (Lee DW, Santomasso BD, Locke FL, et al. Biol Blood Marrow Transplant 2019;25(4):625-638) and from the
meaning that each policy states. It shares nothing with the fold but the vocabulary's words and the policies' names; where the two
disagree, one of them is wrong.

    twin = Twin(facts, rules.value)
    twin.crs    # [(instant, Answer or None where the course is not covered), ...]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from cartway.record.fact import Fact
from cartway.times import DAY, HOUR, YEAR
from cartway.vocabulary import vocabulary

FOREVER = 10**18
UNABLE = 99.0  # CAPD: unable to perform, worse than any score

LEVELS = ("awake", "awakens_to_voice", "awakens_to_touch", "vigorous_stimuli_only", "unarousable")
DEVICES = (
    "room_air", "blow_by", "nasal_cannula", "face_tent", "simple_mask", "venturi_mask", "partial_rebreather_mask",
    "non_rebreather_mask", "high_flow_nasal_cannula", "cpap", "bipap", "bag_mask", "invasive_ventilation", "ecmo",
)  # fmt: skip
PRESSURE_DEVICES = DEVICES[9:]
PRESSORS = ("norepinephrine", "epinephrine", "phenylephrine", "dopamine", "angiotensin_ii", "metaraminol")
INOTROPES = ("dobutamine", "milrinone", "levosimendan", "isoproterenol")
OTHER_PRESSORS = ("methylene_blue", "midodrine", "ephedrine", "droxidopa", "hydroxocobalamin")
SEDATIVES = ("propofol", "dexmedetomidine", "midazolam", "lorazepam", "ketamine", "pentobarbital")
ITEMS = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}
LOWER_IS_WORSE = {"systolic_pressure", "ice_score", "rass_score", "neutrophils"}
GRADED_CHOICES = {
    "oxygen_device": DEVICES,
    "consciousness": LEVELS,
    "motor_weakness": ("none", "mild", "deep_focal"),
    "cerebral_edema": ("none", "focal", "diffuse"),
}
WINDOWS = {
    "body_temperature": "temperature_valid_hours",
    "systolic_pressure": "pressure_valid_hours",
    "oxygen_device": "oxygen_valid_hours",
    "oxygen_flow": "oxygen_valid_hours",
    "inspired_oxygen": "oxygen_valid_hours",
    "ice_score": "neurology_valid_hours",
    "capd_score": "neurology_valid_hours",
    "consciousness": "neurology_valid_hours",
    "rass_score": "neurology_valid_hours",
    "motor_weakness": "neurology_valid_hours",
    "new_neurological_change": "neurology_valid_hours",
    "usual_behavior_per_parent": "neurology_valid_hours",
    "seizure": "seizure_valid_hours",
    "cerebral_edema": "imaging_valid_hours",
    "raised_pressure_sign": "imaging_valid_hours",
    "intracranial_hemorrhage": "imaging_valid_hours",
    "neutrophils": "neutrophils_valid_hours",
}
ONLY_COUNTED = {"neutrophils"}  # a laboratory value alone does not resume the watch after discharge


class Answer(NamedTuple):
    """What a scale says: `grade` is None where it cannot be assessed."""

    grade: int | None
    missing: frozenset[str]
    policies: frozenset[str]


class Reading(NamedTuple):
    """The worst of what was read of one variable at one instant. `value` is None where nothing of it could be read."""

    at: int
    value: float | None
    incomplete: bool = False


class Marks:
    """What one answer names as missing, and which policies decided it."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.policies: set[str] = set()

    def answer(self, grade: float | None) -> Answer:
        return Answer(None if grade is None else int(grade), frozenset(self.missing), frozenset(self.policies))


class Chart:
    """A course's facts and the policies, asked about one instant at a time."""

    def __init__(self, facts: Iterable[Fact], policy: Callable[[str], str | float]) -> None:
        self.facts = sorted(facts, key=lambda fact: fact.at)
        self.policy = policy
        self.infused_at = min((f.at for f in self.facts if f.what == "infusion"), default=None)
        self.read = {what: self._read(what) for what in WINDOWS}
        self.said = cache(lambda what: [f for f in self.facts if f.what == what])
        self.drugs = [f for f in self.facts if f.what == "drug" and not _local(f)]
        self.givings = {drug: self._givings(drug) for drug in {_drug(f) for f in self.drugs}}

    def hours(self, name: str) -> int:
        return round(float(self.policy(name)) * HOUR)

    # --- readings

    def _read(self, what: str) -> list[Reading]:
        """All readings of a variable, one an instant, by time."""
        found: dict[int, list[float]] = {}
        for fact in self.facts:
            if fact.what == what and (value := _value(fact)) is not None:
                found.setdefault(fact.at, []).append(value)
            elif fact.what == "unreadable" and fact.detail.get("variable") == what and what not in NEVER_UNREAD:
                found.setdefault(fact.at, [])
        if what == "ice_score":
            return self._ice(found)
        worst = min if what in LOWER_IS_WORSE else max
        return [Reading(at, worst(found[at]) if found[at] else None) for at in sorted(found)]

    def _ice(self, totals: dict[int, list[float]]) -> list[Reading]:
        """ICE by totals and by items: items of one instant make a score; what was not asked is given its most."""
        items: dict[int, dict[str, float]] = {}
        for fact in self.facts:
            item = fact.what.removeprefix("ice_")
            if fact.what == f"ice_{item}" and item in ITEMS and fact.value is not None:
                asked = items.setdefault(fact.at, {})
                asked[item] = min(fact.value, asked.get(item, fact.value))
        readings = []
        for at in sorted(totals.keys() | items.keys()):
            total = min(totals.get(at) or [11])
            best = sum(items[at].get(i, most) for i, most in ITEMS.items()) if at in items else 11
            incomplete = best < total and len(items[at]) < len(ITEMS)
            score = min(total, best)
            readings.append(Reading(at, None if score == 11 else score, incomplete))
        return readings

    def valid_for(self, what: str) -> int:
        """How long a reading of a variable holds."""
        return FOREVER if self.policy("observation_validity") == "until_replaced" else self.hours(WINDOWS[what])

    def since(self, now: int) -> int:
        """From when on readings count: the infusion, or just after the last discharge."""
        assert self.infused_at is not None
        return max([self.infused_at, *(f.at + 1 for f in self.said("discharge") if f.at <= now)])

    def word(self, what: str, now: int) -> Reading | None:
        """The latest word on a variable since the infusion or the discharge, readable or not, however old."""
        found = [r for r in self.read[what] if self.since(now) <= r.at <= now]
        return found[-1] if found else None

    def reading(self, what: str, now: int) -> Reading | None:
        """The reading of a variable that holds now, if any."""
        message = self.message(what, now)
        return message if message and message.value is not None else None

    def message(self, what: str, now: int) -> Reading | None:
        """The latest word on a variable that is not too old, readable or not."""
        word = self.word(what, now)
        return word if word and now < word.at + self.valid_for(what) else None

    def could_not_be_read(self, what: str, now: int) -> bool:
        message = self.message(what, now)
        return message is not None and message.value is None

    def baseline(self, what: str, now: int) -> float | None:
        """The latest statement of something that was so before; of two at one instant the one that excuses less."""
        found = [(f.at, v) for f in self.said(what) if f.at <= now and (v := _value(f)) is not None]
        if not found:
            return None
        last = max(at for at, _ in found)
        strictest = max if what in ("baseline_systolic_pressure", "baseline_ice_score") else min
        return strictest(value for at, value in found if at == last)

    def age(self, now: int) -> float | None:
        found = [(f.at, f.value) for f in self.said("age") if f.at <= now and f.value is not None]
        if not found:
            return None
        last = max(at for at, _ in found)
        return min(years for at, years in found if at == last) + (now - last) / YEAR

    # --- other causes, drugs, milestones

    def attributed(self, feature: str, now: int) -> bool:
        """Whether a clinician's judgement gives this feature another cause now."""
        return any(f.choice == feature and f.at <= now < self.attribution_end(f) for f in self.said("attribution"))

    def attribution_end(self, fact: Fact) -> int:
        return fact.until if fact.until and fact.until > fact.at else fact.at + self.hours("attribution_hours")

    def excused(self, feature: str, reading: Reading, now: int) -> bool:
        """Another cause now, or when it was read: a reading does not become CRS because the judgement ran out."""
        return self.attributed(feature, now) or self.attributed(feature, reading.at)

    def _givings(self, drug: str) -> list[tuple[int, int, bool]]:
        """Each giving of a drug as (from, to, whether a push dose). A rate of 0 stops what began before it, unless it runs on at that instant."""
        given = [f for f in self.drugs if _drug(f) == drug and f.value != 0]
        begun = {f.at for f in given}
        stops = [f.at for f in self.drugs if _drug(f) == drug and f.value == 0 and f.at not in begun]
        ended = [f.at for f in given if f.until and f.until > f.at]
        spans = []
        for f in given:
            is_push = not (f.until and f.until > f.at) and not _open(f)
            if is_push:
                end = f.at + self.hours("vasopressor_bolus_hours")
            elif f.until and f.until > f.at:
                end = f.until
            else:  # left open: runs until a later rate is charted with its end
                end = min([at for at in ended if at > f.at], default=FOREVER)
            spans.append((f.at, min([end, *(s for s in stops if s > f.at)]), is_push))
        return spans

    def running(self, drug: str, now: int) -> bool:
        return any(start <= now < end for start, end, _ in self.givings.get(drug, ()))

    def infusing(self, drug: str, now: int) -> bool:
        return any(start <= now < end and not push for start, end, push in self.givings.get(drug, ()))

    def only_pushed(self, drug: str, now: int) -> bool:
        """Whether the drug counts now by push doses alone."""
        return all(push for start, end, push in self.givings.get(drug, ()) if start <= now < end)

    def masked_at(self, now: int) -> int:
        """When an antipyretic, a steroid or an anti-cytokine drug was last given."""
        return max((f.at for f in self.drugs if f.at <= now and _masks(f.choice)), default=-1)

    def sedated(self, now: int) -> bool:
        """Deep by RASS, or a sedative (or muscle relaxant) infusing. A push is not sedation."""
        depth = self.reading("rass_score", now)
        deep = depth is not None and depth.value is not None and depth.value <= float(self.policy("sedated_rass"))
        return deep or any(self.infusing(drug, now) for drug in (*SEDATIVES, "other sedative"))

    def sedated_within_a_day(self, now: int) -> bool:
        """Whether a sedative was given, or ran, in the day before (since the infusion)."""
        assert self.infused_at is not None
        spans = [
            span for drug in (*SEDATIVES, "other sedative") for span in self.givings.get(drug, ()) if span[0] <= now
        ]
        lasted = [start if push else min(end, now) for start, end, push in spans]
        return any(now - DAY < last and self.infused_at <= last for last in lasted)

    def intubated(self, now: int) -> bool:
        device = self.reading("oxygen_device", now)
        return device is not None and device.value == DEVICES.index("invasive_ventilation")

    def death(self, now: int) -> str | None:
        """What the patient died of, if dead by now."""
        first = min((f.at for f in self.said("death") if f.at <= now), default=None)
        causes = {f.choice for f in self.said("death") if f.at == first}
        if first is None:
            return None
        return "icans" if "icans" in causes else "crs" if "crs" in causes else "other"

    def covered(self, now: int) -> bool:
        """Under close watch: from the infusion to discharge, and again from the next reading."""
        if self.infused_at is None or now < self.infused_at:
            return False
        gone = max((f.at for f in self.said("discharge") if f.at <= now), default=None)
        watched = [r.at for what, found in self.read.items() if what not in ONLY_COUNTED for r in found]
        return gone is None or any(gone < at <= now for at in watched)

    def instants(self, horizon: int) -> list[int]:
        """Every instant at which an answer may change."""
        found = {f.at for f in self.facts}
        found |= {r.at + self.valid_for(what) for what, readings in self.read.items() for r in readings}
        found |= {self.attribution_end(f) for f in self.said("attribution")}
        found |= {end for spans in self.givings.values() for _, end, _ in spans}
        found |= {at + self.hours("symptom_free_hours") for at in found}
        return sorted(at for at in found if at <= horizon)


NEVER_UNREAD = {"intracranial_hemorrhage", "new_neurological_change", "usual_behavior_per_parent"}


def _value(fact: Fact) -> float | None:
    """A fact's value as a number, worse is higher for choices."""
    if fact.what in GRADED_CHOICES:
        return float(GRADED_CHOICES[fact.what].index(fact.choice))
    if fact.what == "seizure":
        return 0.0 if fact.choice == "none" else _seizure(fact)
    if fact.what == "home_positive_pressure":
        return {"none": 0.0, "cpap": 9.0, "bipap": 10.0, "invasive_ventilation": 12.0}[fact.choice]
    if fact.what == "capd_score" and fact.choice == "unable_to_perform":
        return UNABLE
    if fact.value is not None:
        return fact.value
    return None if not fact.choice else float(fact.choice not in ("none", "no"))


NO_DURATION, NO_RETURN = 3.1, 3.2
NOT_TOLD = {NO_DURATION: "seizure.duration_min", NO_RETURN: "seizure.returned_to_baseline"}


def _seizure(fact: Fact) -> float:
    """3 brief, a little more where what could make it worse was not told, 4 over 5 minutes or no return to baseline."""
    duration, back = fact.detail.get("duration_min"), fact.detail.get("returned_to_baseline")
    if back is False or (duration is not None and duration > 5):
        return 4.0
    if back is None and (duration is None or fact.detail.get("repetitive")):
        return NO_RETURN
    return NO_DURATION if duration is None else 3.0


def _drug(fact: Fact) -> str:
    known = (*PRESSORS, *INOTROPES, *OTHER_PRESSORS, *SEDATIVES, "vasopressin", "terlipressin")
    stilled = fact.detail.get("sedation") or "muscle_relaxant" in _classes(fact.choice)
    return "other sedative" if fact.choice not in known and stilled else fact.choice


def _open(fact: Fact) -> bool:
    """Whether a drug without an end is an infusion: charted as continuous, or as a rate."""
    return bool(fact.detail.get("continuous")) or fact.unit.rpartition("/")[2] in ("min", "h", "d") and "/" in fact.unit


def _local(fact: Fact) -> bool:
    """Given where it acts (inhaled, in the eye): no pressor, no masking."""
    return str(fact.detail.get("route", "")).casefold() in vocabulary().local_routes


@cache
def _classes(drug: str) -> frozenset[str]:
    return frozenset(vocabulary().variables["drug"].choices[drug].classes)


def _masks(drug: str) -> bool:
    return bool(_classes(drug) & {"antipyretic", "steroid", "anti_cytokine"})


class Twin:
    """Both scales of one course, by looking again at every instant."""

    def __init__(self, facts: Sequence[Fact], policy: Callable[[str], str | float], at: int | None = None) -> None:
        self.crs: list[tuple[int, Answer | None]]
        self.icans: list[tuple[int, Answer | None]]
        kept = [f for f in facts if at is None or f.at <= at]
        self.chart = Chart(kept, policy)
        ends = [f.until for f in self.chart.drugs if f.until and _drug(f) in PRESSORS_AND_SEDATIVES]
        horizon = at if at is not None else max([f.at for f in kept] + ends)
        if self.chart.infused_at is None:  # nothing to grade yet, and the answer says so
            first = min(f.at for f in kept)
            self.crs = self.icans = [(first, Answer(None, frozenset({"infusion"}), frozenset()))]
            return
        self.instants = self.chart.instants(horizon)
        self.crs = crs(self.chart, self.instants)
        self.icans = [(now, icans_at(self.chart, now)) for now in self.instants]


PRESSORS_AND_SEDATIVES = {
    *PRESSORS,
    *INOTROPES,
    *OTHER_PRESSORS,
    *SEDATIVES,
    "vasopressin",
    "terlipressin",
    "other sedative",
}


# --- CRS


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
    if c.attributed("hypotension", now):
        return 0
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
    if habitual is not None and reading.value >= habitual * (
        1 - float(c.policy("baseline_pressure_fall_percent")) * 0.01
    ):
        marks.policies.add("baseline_pressure")
        if c.policy("baseline_pressure") == "personal":
            return 0
    return None if c.excused("hypotension", reading, now) else 2


def with_device(c: Chart, what: str, now: int) -> float | None:
    """A flow or concentration that holds and belongs to the present device: charted since that was put on.

    With room air it belongs only if charted after it: then oxygen is given by something that nobody charted.
    """
    reading, device = c.reading(what, now), c.message("oxygen_device", now)
    if reading is None or device is None:
        return reading and reading.value
    if device.value == 0:
        return reading.value if reading.at > device.at else None
    put_on = device.at
    for earlier in reversed([r for r in c.read["oxygen_device"] if r.at < device.at]):
        if device.value is None or earlier.value != device.value:
            break
        put_on = earlier.at
    return reading.value if reading.at >= put_on else None


def hypoxia(c: Chart, now: int, marks: Marks) -> float | None:
    """The hypoxia column, by the support given: 4, 3, 2 or 0; None where none can be relied on."""
    if c.attributed("hypoxia", now):
        return 0
    device = c.reading("oxygen_device", now)
    flow, inspired = with_device(c, "oxygen_flow", now), with_device(c, "inspired_oxygen", now)
    home = c.baseline("home_oxygen", now)
    low_flow = float(c.policy("low_flow_limit"))
    if device is None or not device.value:
        by_unknown = 3 if flow and flow > max(home or 0, low_flow) else 2
        if (flow and flow > (home or 0)) or ((inspired or 0) > 21 and not home):
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
        return positive_pressure(c, device, inspired, now, marks)
    if name == "high_flow_nasal_cannula" and flow is not None and flow <= low_flow:
        marks.policies.add("high_flow_at_low_flow")
        return 3 if c.policy("high_flow_at_low_flow") == "device" else 2
    return 3


def positive_pressure(c: Chart, device: Reading, inspired: float | None, now: int, marks: Marks) -> float:
    """4, unless for another reason (airway, procedure) or the patient's own device from home, on no more than room air."""
    if c.attributed("positive_pressure", now):
        return 0
    own = c.baseline("home_positive_pressure", now)
    if own is None or (device.value or 0) > own:
        return 4
    if (inspired or 0) <= 21:
        return 0
    marks.policies.add("home_positive_pressure")
    return 4 if c.policy("home_positive_pressure") == "new_oxygen_is_grade_4" else 0


class Syndrome:
    """One CRS: when it began, and how. `by_diagnosis`: no fever charted so far, a documented diagnosis stands in."""

    def __init__(self, began: int, by_diagnosis: bool) -> None:
        self.began, self.by_diagnosis = began, by_diagnosis
        self.signs_gone: int | None = None
        self.pressors: set[str] = set()


def crs(c: Chart, instants: Sequence[int]) -> list[tuple[int, Answer | None]]:
    """The CRS grade at every instant. It begins with a fever, and is over when every sign has been gone for the symptom-free time."""
    answers: list[tuple[int, Answer | None]] = []
    now_ill: Syndrome | None = None
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
            now_ill = Syndrome(now, by_diagnosis=not febrile)
        if now_ill:
            now_ill.by_diagnosis = now_ill.by_diagnosis and not febrile
            gone = febrile is False and worst == 0
            now_ill.signs_gone = (now if now_ill.signs_gone is None else now_ill.signs_gone) if gone else None
        looked = now
        answers.append((now, crs_at(c, now, now_ill)))
        if now_ill:
            now_ill.pressors |= counted_pressors(c, now, Marks())
    return answers


def diagnosed_since(c: Chart, looked: int, now: int) -> bool:
    """Whether CRS was documented since the last look (and policy takes a diagnosis for an onset fever nobody charted)."""
    assert c.infused_at is not None
    found = [f for f in c.said("diagnosed_crs") if max(looked + 1, c.infused_at) <= f.at <= now]
    last = max((f.at for f in found), default=None)
    yes = any(f.at == last and f.choice == "yes" for f in found)
    return yes and c.policy("undocumented_fever") == "accept_diagnosis"


def crs_at(c: Chart, now: int, ill: Syndrome | None) -> Answer:
    marks = Marks()
    febrile = fever(c, now, marks)
    if ill is None:
        return crs_before_onset(c, now, febrile, marks)
    pressure, oxygen = hypotension(c, now, marks, ill.pressors), hypoxia(c, now, marks)
    worst = max(pressure or 0, oxygen or 0)
    grade = max(1.0, worst) if febrile else crs_without_fever(c, now, ill, febrile, worst, marks)
    if grade > 0 and ill.began - (c.infused_at or 0) > float(c.policy("late_onset_days")) * DAY:
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


def note_unreadable(c: Chart, what: str, now: int, marks: Marks) -> None:
    if c.could_not_be_read(what, now):
        marks.policies.add("unreadable_value")


def crs_without_fever(c: Chart, now: int, ill: Syndrome, febrile: bool | None, worst: float, marks: Marks) -> float:
    """With CRS but no fever now, hypotension and hypoxia alone grade it after masking therapy."""
    if ill.by_diagnosis:
        marks.policies.add("undocumented_fever")
        temperatures = [r.at for r in c.read["body_temperature"] if r.at <= now and r.value is not None]
        if max(temperatures, default=-1) < ill.began:
            return max(1.0, worst)  # nobody read a temperature since: the diagnosis still stands for the fever
    masked = c.masked_at(now) >= ill.began
    if febrile is None and (worst == 0 or not masked):
        marks.missing.add("body_temperature")
    if worst == 0 or masked or febrile is None:
        return worst
    marks.policies.add("afebrile_signs")
    return worst if c.policy("afebrile_signs") == "counted" else 0


def crs_before_onset(c: Chart, now: int, febrile: bool | None, marks: Marks) -> Answer:
    """Without a fever so far it is not CRS; without a temperature nobody can tell; a masked onset is a policy."""
    if febrile is None:
        marks.missing.add("body_temperature")
        return marks.answer(None)
    columns = Marks()
    pressure, oxygen = hypotension(c, now, columns, set()), hypoxia(c, now, columns)
    worst = max(pressure or 0, oxygen or 0)
    reading = c.reading("body_temperature", now)
    excused = reading is not None and (reading.value or 0) >= float(c.policy("fever_celsius"))
    masked = (c.infused_at or 0) <= c.masked_at(now) and now - c.masked_at(now) < c.hours("symptom_free_hours")
    if worst == 0 or not masked or excused:
        return marks.answer(0)
    marks.policies.add("masked_onset")
    if c.policy("masked_onset") == "not_crs":
        return marks.answer(0)
    marks.policies |= columns.policies
    marks.missing |= columns.missing
    name_missing(worst, pressure, marks)
    return marks.answer(worst)


# --- ICANS


def icans_at(c: Chart, now: int) -> Answer | None:
    """The worst domain, each only where no other cause explains it."""
    if (cause := c.death(now)) is not None and c.infused_at is not None and now >= c.infused_at:
        return Marks().answer(5) if cause == "icans" else None
    if not c.covered(now):
        return None
    marks = Marks()
    score, awake = score_row(c, now, marks), consciousness_row(c, now, marks)
    events = max(row(c, now, marks) for row in (seizure_row, motor_row, edema_row, sign_row))
    if score is None and awake is None and events == 0:
        return marks.answer(None)
    grade = max(score or 0, awake or 0, events)
    if grade >= 4:
        marks.missing.clear()
    return marks.answer(grade)


def how_taken(c: Chart, what: str, reading: Reading) -> tuple[str, str]:
    """How a reading stands from the instant it was made ("counts", "excused", "invalid"), and the policy that says so, if any."""
    asleep = c.sedated(reading.at)
    if c.attributed(_feature(what), reading.at):
        return "excused", "sedation" if asleep or c.sedated_within_a_day(reading.at) else ""
    if asleep and c.policy("sedation") == "not_assessable":
        return "invalid", "sedation"
    tube = what == "ice_score" and c.intubated(reading.at)
    if tube and c.policy("intubated_score") == "not_assessable":
        return "invalid", "intubated_score"
    return "counts", "sedation" if asleep else "intubated_score" if tube else ""


def _feature(what: str) -> str:
    return "consciousness" if what == "consciousness" else "score"


def stands(c: Chart, what: str, reading: Reading, now: int, marks: Marks) -> str:
    """How a reading stands now: an attribution made later excuses it while it lasts."""
    how, policy = how_taken(c, what, reading)
    marks.policies |= {policy} - {""}
    return "excused" if c.attributed(_feature(what), now) else how


def score_row(c: Chart, now: int, marks: Marks) -> float | None:
    """CAPD below 12 years, ICE from 12 on; the other's score where only that was taken (a policy)."""
    years = c.age(now)
    child = years is not None and years < float(c.policy("age_switch_years"))
    own, other = ("capd_score", "ice_score") if child else ("ice_score", "capd_score")
    reading, spare = c.reading(own, now), c.reading(other, now)
    if reading is not None:
        if stands(c, own, reading, now, marks) != "counts":
            marks.missing.add(own)
            return None
        if years is None:
            marks.policies.add("unknown_age")
        return score_grade(c, own, reading, now, marks)
    note_unreadable(c, own, now, marks)
    if spare is not None:
        marks.policies.add("score_for_age")
        if c.policy("score_for_age") == "other_if_alone" and stands(c, other, spare, now, marks) == "counts":
            return score_grade(c, other, spare, now, marks)
    marks.missing.add(own)
    return None


def score_grade(c: Chart, what: str, reading: Reading, now: int, marks: Marks) -> float:
    return ice_grade(c, reading, now, marks) if what == "ice_score" else capd_grade(c, reading, now, marks)


def ice_grade(c: Chart, reading: Reading, now: int, marks: Marks) -> float:
    """10 is 0, 7 to 9 is 1, 3 to 6 is 2, 0 to 2 is 3."""
    score, usual = reading.value or 0, c.baseline("baseline_ice_score", now)
    if reading.incomplete:
        marks.missing.add("ice_items")
    if usual is not None and usual <= score < 10:
        marks.policies.add("baseline_ice")
        if c.policy("baseline_ice") == "unchanged_is_zero":
            return 0
    return next(grade for least, grade in ((10, 0), (7, 1), (3, 2), (0, 3)) if score >= least)


def capd_grade(c: Chart, reading: Reading, now: int, marks: Marks) -> float:
    """Unable is 4, positive 3 (unless usual behavior), else 1 with a new change or a rise from before the infusion."""
    score = reading.value or 0
    if score == UNABLE:
        return 4
    if score >= float(c.policy("capd_positive")):
        if said_yes(c, "usual_behavior_per_parent", now):
            marks.policies.add("parent_usual_behavior")
            return 0
        return 3
    before = [r for r in c.read["capd_score"] if r.at < (c.infused_at or 0) and r.value is not None]
    lowest = min(_capds_at(c, before[-1].at)) if before else None
    marks.policies.add("capd_grade_1")
    changed = said_yes(c, "new_neurological_change", now) or (lowest is not None and score > lowest)
    return 1 if changed or c.policy("capd_grade_1") == "literal" else 0


def _capds_at(c: Chart, at: int) -> list[float]:
    return [v for f in c.said("capd_score") if f.at == at and (v := _value(f)) is not None]


def said_yes(c: Chart, what: str, now: int) -> bool:
    reading = c.reading(what, now)
    return reading is not None and reading.value == 1


def consciousness_row(c: Chart, now: int, marks: Marks) -> float | None:
    """Awake 0, to voice 2, to touch 3, vigorous stimuli or unarousable 4. A full ICE was given awake (a policy)."""
    reading, ice, message = (
        c.reading("consciousness", now),
        c.reading("ice_score", now),
        c.message("consciousness", now),
    )
    full = (
        ice is not None
        and ice.value == 10
        and not ice.incomplete
        and stands(c, "ice_score", ice, now, Marks()) == "counts"
    )
    if full and ice and c.policy("full_ice_implies_awake") == "yes" and (message is None or ice.at > message.at):
        return 0
    note_unreadable(c, "consciousness", now, marks)
    trial = Marks()
    how = stands(c, "consciousness", reading, now, trial) if reading else "unread"
    if reading is None or how == "invalid" or reading.value:
        marks.policies |= trial.policies
    if how in ("unread", "invalid"):
        marks.missing.add("consciousness")
        return None
    return (0, 2, 3, 4, 4)[int((reading and reading.value) or 0)] if how == "counts" else 0


def assessed_at(c: Chart, after: int, now: int) -> bool:
    """Whether the patient was assessed, by a reading that counts, after a seizure."""
    found = [
        (what, r) for what in ("ice_score", "capd_score", "consciousness") for r in c.read[what] if after < r.at <= now
    ]
    quiet = any(r.value == 0 and after < r.at <= now for r in c.read["seizure"])
    return quiet or any(r.value is not None and how_taken(c, what, r)[0] == "counts" for what, r in found)


def seizure_row(c: Chart, now: int, marks: Marks) -> float:
    """Brief is 3, over 5 minutes or without return to baseline 4.

    Seizures with no assessment between them are one event: the worst of them counts, from the latest on.
    """
    message = c.message("seizure", now)
    if message and message.value is None and not assessed_at(c, message.at, now):
        marks.missing.add("seizure")
        marks.policies.add("unreadable_value")
    fits = [
        r for r in c.read["seizure"] if c.since(now) <= r.at <= now and r.value and not c.attributed("seizure", r.at)
    ]
    if not fits or now >= fits[-1].at + c.valid_for("seizure") or c.attributed("seizure", now):
        return 0
    event = [fits[-1]]
    for before in reversed(fits[:-1]):
        if event[0].at >= before.at + c.valid_for("seizure") or assessed_at(c, before.at, event[0].at):
            break
        event.insert(0, before)
    if assessed_at(c, fits[-1].at, now):
        marks.policies.add("seizure_holds")
        if c.policy("seizure_holds") == "until_assessed":
            return 0
    worst = max(r.value or 0 for r in event)
    marks.missing |= {NOT_TOLD[worst]} if worst in NOT_TOLD else set()
    return int(worst)


def finding(c: Chart, what: str, now: int) -> Reading | None:
    """A finding above none that holds and has no other cause (the feature is named as the variable, but for weakness)."""
    reading = c.reading(what, now)
    feature = {"motor_weakness": "motor"}.get(what, what)
    return reading if reading and reading.value and not c.excused(feature, reading, now) else None


def motor_row(c: Chart, now: int, marks: Marks) -> float:
    """Deep focal weakness is 4."""
    unread(c, "motor_weakness", now, marks)
    found = finding(c, "motor_weakness", now)
    return 4 if found and found.value == 2 else 0


def edema_row(c: Chart, now: int, marks: Marks) -> float:
    """Focal is 3, diffuse 4; with an intracranial hemorrhage it is graded by CTCAE (a policy)."""
    unread(c, "cerebral_edema", now, marks)
    found = finding(c, "cerebral_edema", now)
    if not found:
        return 0
    if said_yes(c, "intracranial_hemorrhage", now):
        marks.policies.add("hemorrhage_edema")
        if c.policy("hemorrhage_edema") == "excluded":
            return 0
    return 2 + (found.value or 0)


def sign_row(c: Chart, now: int, marks: Marks) -> float:
    """Any sign of raised intracranial pressure is 4."""
    unread(c, "raised_pressure_sign", now, marks)
    return 4 if finding(c, "raised_pressure_sign", now) else 0


def unread(c: Chart, what: str, now: int, marks: Marks) -> None:
    """A finding that was sent and could not be read is missing, never absent."""
    if c.could_not_be_read(what, now):
        marks.missing.add(what)
        marks.policies.add("unreadable_value")
