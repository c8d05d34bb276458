"""The slow twin's chart: what stands at an instant, worked out from all facts each time it is asked.

See `slow_twin`. Nothing is kept from one instant to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
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
INOTROPES = ("dobutamine", "milrinone", "levosimendan", "isoproterenol", "enoximone")
OTHER_PRESSORS = (
    "methylene_blue", "midodrine", "ephedrine", "droxidopa", "hydroxocobalamin", "cafedrine_theodrenaline",
    "etilefrine",
)  # fmt: skip
AS_A_MASK = {"tracheostomy_mask": "face_tent", "oxygen_hood": "face_tent"}
SEDATIVES = ("propofol", "dexmedetomidine", "midazolam", "lorazepam", "ketamine", "pentobarbital")
ITEMS = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}
LOWER_IS_WORSE = {"systolic_pressure", "ice_score", "rass_score", "gcs_score", "neutrophils"}
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
    "gcs_score": "neurology_valid_hours",
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
    """A course's facts and the policies, asked about one instant at a time.

    `levels`: how bad each sign is at an instant, as if nothing excused it; 0 where it is not there. A sign that only is
    or is not has none.
    """

    def __init__(
        self, facts: Iterable[Fact], policy: Callable[[str], str | float], levels: Mapping[str, Level]
    ) -> None:
        self.facts = sorted(facts, key=lambda fact: fact.at)
        self.policy = policy
        self.levels = levels
        self.worse: dict[str, list[int]] = {}
        self.infused_at = min((f.at for f in self.facts if f.what == "infusion"), default=None)
        self.read = {what: self._read(what) for what in WINDOWS}
        self.said = cache(lambda what: [f for f in self.facts if f.what == what])
        given = [f for f in self.facts if f.what == "drug" and not _local(f) and _status(f) not in NOT_GIVEN]
        self.drugs = [f for f in given if not _acts_elsewhere(f)]
        self.givings = {drug: self._givings(drug) for drug in {drug_of(f) for f in self.drugs}}

    def hours(self, name: str) -> int:
        return round(float(self.policy(name)) * HOUR)

    # --- readings

    def _read(self, what: str) -> list[Reading]:
        """All readings of a variable, one an instant, by time."""
        found: dict[int, list[float]] = {}
        for fact in self.facts:
            if fact.what == what and (value := value_of(fact)) is not None:
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
        found = [(f.at, v) for f in self.said(what) if f.at <= now and (v := value_of(f)) is not None]
        if not found:
            return None
        last = max(at for at, _ in found)
        strictest = max if what in ("baseline_systolic_pressure", "baseline_ice_score") else min
        return strictest(value for at, value in found if at == last)

    def age(self, now: int) -> float | None:
        found = [(f.at, f.value) for f in self.said("age") if f.at <= now and f.value is not None]
        found += [(f.at, 0.0) for f in self.said("birth_date") if f.at <= now]
        if not found:
            return None
        last = max(at for at, _ in found)
        return min(years for at, years in found if at == last) + (now - last) / YEAR

    # --- other causes, drugs, milestones

    def attributed(self, feature: str, now: int) -> bool:
        """Whether a clinician's judgement gives this feature another cause now."""
        told = self.attributions(feature, now) if self.policy("attribution_worsening") == "holds" else None
        return bool(self.standing_attributions(feature, now) if told is None else told)

    def attributions(self, feature: str, now: int) -> list[Fact]:
        """The attributions of a feature that have begun and not ended."""
        said = self.said("attribution")
        return [f for f in said if f.choice == feature and f.at <= now < self.attribution_end(f)]

    def standing_attributions(self, feature: str, now: int) -> list[Fact]:
        """Those of them whose sign has not got worse since."""
        worse = self.worsenings(feature)
        return [f for f in self.attributions(feature, now) if not any(f.at < at <= now for at in worse)]

    def worse_than_attributed(self, feature: str, now: int) -> bool:
        """Whether the only attributions there are now are of a sign that has got worse since."""
        return bool(self.attributions(feature, now)) and not self.standing_attributions(feature, now)

    def worsenings(self, feature: str) -> list[int]:
        """When an attributed sign got worse than it was as it was last judged; if it was not there then, than it was
        when first seen. While this is worked out, questions about earlier moments are answered from what is found.
        """
        if feature in self.worse:
            return self.worse[feature]
        found = self.worse[feature] = []
        made = self.attributed_at(feature)
        allowed = 0.0
        for now in self.all_instants if made and feature in self.levels else []:
            level = self.levels[feature](self, now) if self.covered(now) else 0.0
            if now in made:
                allowed = level
            elif self.standing_attributions(feature, now):
                if allowed and level > allowed:
                    found.append(now)
                allowed = allowed or level
        return found

    def attributed_at(self, feature: str) -> set[int]:
        return {f.at for f in self.said("attribution") if f.choice == feature}

    def attribution_end(self, fact: Fact) -> int:
        return fact.until if fact.until and fact.until > fact.at else fact.at + self.hours("attribution_hours")

    def excused(self, feature: str, reading: Reading, now: int) -> bool:
        """Another cause now, or when it was read: a reading does not become CRS because the judgement ran out. It does
        where the judgement was reopened since.
        """
        reopens = self.policy("attribution_worsening") == "reopens"
        reopened = reopens and any(reading.at < at <= now for at in self.worsenings(feature))
        return self.attributed(feature, now) or (self.attributed(feature, reading.at) and not reopened)

    def _givings(self, drug: str) -> list[tuple[int, int, bool]]:
        """Each giving of a drug as (from, to, whether a push dose).

        A rate of 0 stops what began before it, unless the drug is given at that very instant.
        """
        mine = [f for f in self.drugs if drug_of(f) == drug]
        given = [f for f in mine if f.value != 0 and _status(f) not in STOPPED]
        begun = {f.at for f in given}
        home = [f.at for f in self.facts if f.what == "discharge"]  # nobody goes home on a drip
        stops = [at for at in [*(f.at for f in mine if f not in given), *home] if at not in begun]
        ended = [f.at for f in given if f.until and f.until > f.at]
        spans = []
        for f in given:
            is_push = not (f.until and f.until > f.at) and not _open(f)
            if is_push:
                spans.append((f.at, f.at + self.hours("vasopressor_bolus_hours"), True))
                continue
            replaced = min([at for at in ended if at > f.at], default=FOREVER)  # by a later rate charted with its end
            end = f.until if f.until and f.until > f.at else replaced
            spans.append((f.at, min([end, *(s for s in stops if s > f.at)]), False))
        return spans

    def running(self, drug: str, now: int) -> bool:
        return any(start <= now < end for start, end, _ in self.givings.get(drug, ()))

    def infusing(self, drug: str, now: int) -> bool:
        return any(start <= now < end and not push for start, end, push in self.givings.get(drug, ()))

    def only_pushed(self, drug: str, now: int) -> bool:
        """Whether the drug counts now by push doses alone."""
        return all(push for start, end, push in self.givings.get(drug, ()) if start <= now < end)

    def masks(self, now: int) -> list[tuple[int, int]]:
        """From when to when each antipyretic, steroid or anti-cytokine drug may mask a fever."""
        lasts = {
            "antipyretic": self.hours("antipyretic_masks_hours"),
            "steroid": round(float(self.policy("steroid_masks_days")) * DAY),
            "anti_cytokine": round(float(self.policy("anti_cytokine_masks_days")) * DAY),
        }
        given = [f for f in self.drugs if (self.infused_at or 0) <= f.at <= now and not _for_platelets(f)]
        return [(f.at, f.at + lasts[group]) for f in given for group in lasts if group in _classes(f.choice)]

    def masked(self, now: int) -> bool:
        return any(now < end for _, end in self.masks(now))

    def sedated(self, now: int) -> bool:
        """A sedative or muscle relaxant infuses; an opioid is taken for sedation only with a tube in."""
        return self.sedated_by_later(-FOREVER, now)

    def sedated_by_later(self, at: int, now: int) -> bool:
        """Whether an infusion charted after `at` sedates now."""
        drugs = SLEEP if self.intubated(now) else SLEEP - {"opioid"}
        spans = [span for drug in drugs for span in self.givings.get(drug, ())]
        return any(at < start <= now < end and not push for start, end, push in spans)

    def sedated_lately(self, now: int) -> bool:
        """Whether a sedative was pushed, or an infusion of one ended, within the policy's time before."""
        spans = [span for drug in SLEEP - {"opioid"} for span in self.givings.get(drug, ())]
        last = [start if push else end for start, end, push in spans]
        return any(at <= now < at + self.hours("sedative_bolus_hours") for at in last)

    def too_deep(self, now: int, after: int = -FOREVER) -> bool:
        """RASS too deep for a score that is a number. It says how deep the patient is, not why."""
        depth = self.reading("rass_score", now)
        return depth is not None and depth.at > after and (depth.value or 0) <= float(self.policy("sedated_rass"))

    def sedated_within_a_day(self, now: int) -> bool:
        """Whether a sedative was given, or ran, in the day before (since the infusion)."""
        assert self.infused_at is not None
        spans = [span for drug in SLEEP for span in self.givings.get(drug, ()) if span[0] <= now]
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

    @cached_property
    def all_instants(self) -> list[int]:
        return self.instants(2 * FOREVER)

    def instants(self, horizon: int) -> list[int]:
        """Every instant at which an answer may change."""
        found = {f.at for f in self.facts}
        found |= {r.at + self.valid_for(what) for what, readings in self.read.items() for r in readings}
        found |= {self.attribution_end(f) for f in self.said("attribution")}
        found |= {end for spans in self.givings.values() for _, end, _ in spans}
        found |= {end for _, end in self.masks(FOREVER)}
        found |= {at + self.hours("symptom_free_hours") for at in found}
        return sorted(at for at in found if at <= horizon)


Level = Callable[[Chart, int], float]

NEVER_UNREAD = {"intracranial_hemorrhage", "new_neurological_change", "usual_behavior_per_parent"}


def value_of(fact: Fact) -> float | None:
    """A fact's value as a number, worse is higher for choices."""
    if fact.what in GRADED_CHOICES:
        return float(GRADED_CHOICES[fact.what].index(AS_A_MASK.get(fact.choice, fact.choice)))
    if fact.what == "seizure":
        return 0.0 if fact.choice == "none" else _seizure(fact)
    if fact.what == "home_positive_pressure":
        return {"none": 0.0, "cpap": 9.0, "bipap": 10.0, "invasive_ventilation": 12.0}[fact.choice]
    if fact.what == "capd_score" and fact.choice == "unable_to_perform":
        return UNABLE
    if fact.value is not None:
        return fact.value
    return None if not fact.choice else float(fact.choice not in ("none", "no"))


BRIEF, BACK, NO_DURATION, NO_RETURN = 3.0, 2.9, 3.1, 3.2
NOT_TOLD = {NO_DURATION: "seizure.duration_min", NO_RETURN: "seizure.returned_to_baseline"}


def _seizure(fact: Fact) -> float:
    """3 brief, a little more where what could make it worse was not told, a little less where it is told that it did
    not; 4 over 5 minutes, without return to baseline or not resolved.
    """
    duration, back = fact.detail.get("duration_min"), fact.detail.get("returned_to_baseline")
    lasting = back is False or fact.detail.get("resolved_with_treatment") is False
    if lasting or (duration is not None and duration > 5):
        return 4.0
    repeated = fact.detail.get("repetitive") or (fact.detail.get("count") or 0) > 1
    if back is None and (duration is None or repeated):
        return NO_RETURN
    return NO_DURATION if duration is None else BRIEF if back is None else BACK


SLEEP = frozenset({*SEDATIVES, "other sedative", "opioid"})
ALL_PRESSORS = frozenset({*PRESSORS, *INOTROPES, *OTHER_PRESSORS, "vasopressin", "terlipressin"})
NEVER_PUSHED = {"norepinephrine", "dopamine", "angiotensin_ii", "vasopressin", "dobutamine", "milrinone"}


def drug_of(fact: Fact) -> str:
    """The drug as the scales know it: by its name, or as a sedative or opioid by its class or its use."""
    classes = _classes(fact.choice)
    if fact.choice in ALL_PRESSORS or fact.choice in SEDATIVES:
        return fact.choice
    if fact.detail.get("sedation") or (classes & {"sedative", "muscle_relaxant"} and "opioid" not in classes):
        return "other sedative"
    return "opioid" if "opioid" in classes else fact.choice


def _open(fact: Fact) -> bool:
    """Whether a drug without an end is an infusion: charted as continuous or as a rate, never given as a push, or a
    vasopressor of which nobody charted the dose.
    """
    undosed = fact.value is None and fact.choice in ALL_PRESSORS
    rate = fact.unit.endswith(("/min", "/h", "/d"))
    return bool(fact.detail.get("continuous")) or rate or fact.choice in NEVER_PUSHED or undosed


NOT_GIVEN = {"not-done", "not_done", "not given", "not_given", "refused", "held", "entered-in-error"}
STOPPED = {"stopped", "on-hold", "on_hold"}


def _status(fact: Fact) -> str:
    return str(fact.detail.get("status", "")).casefold()


ENTERAL = {"oral", "po", "enteral", "nasogastric", "ng", "sublingual", "rectal", "transdermal"}


def _route(fact: Fact) -> str:
    return str(fact.detail.get("route", "")).casefold()


def _acts_elsewhere(fact: Fact) -> bool:
    """A sedative by mouth is no sedation, a pressor into the muscle or under the skin no vasopressor support."""
    drug, route = drug_of(fact), _route(fact)
    tablet = drug in SLEEP and route in ENTERAL
    return tablet or (drug in ALL_PRESSORS and route in vocabulary().no_pressor_routes)


def _local(fact: Fact) -> bool:
    """Given where it acts (inhaled, in the eye): no pressor, no masking."""
    return _route(fact) in vocabulary().local_routes


def _for_platelets(fact: Fact) -> bool:
    """Aspirin up to 325 mg lowers no fever."""
    return fact.choice == "aspirin" and fact.unit == "mg" and fact.value is not None and fact.value <= 325


@cache
def _classes(drug: str) -> frozenset[str]:
    return frozenset(vocabulary().variables["drug"].choices[drug].classes)


def note_unreadable(c: Chart, what: str, now: int, marks: Marks) -> None:
    """Say that what stood before was ended by a reading that arrived and could not be read."""
    if c.could_not_be_read(what, now):
        marks.policies.add("unreadable_value")


def note_worse(c: Chart, feature: str, now: int, marks: Marks) -> None:
    """Say that whether an attributed sign that is worse since counts is a policy. It is there."""
    if c.worse_than_attributed(feature, now):
        marks.policies.add("attribution_worsening")
