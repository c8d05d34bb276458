"""From a fact's words to the numbers that the fold reads: kind, value and end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from cartway.record.fact import UNREADABLE, Fact
from cartway.toxicity import bedside as b
from cartway.toxicity import icans
from cartway.toxicity import laboratory as lab
from cartway.toxicity.iec_context import DIRECTED, DIRECTED_STRENGTH, context_code

SEIZURE_LIMIT_MIN = 5.0  # Lee 2019, table: longer than 5 minutes is grade 4


class Row(NamedTuple):
    """One fact as the fold reads it; `position` is its place among the facts given."""

    at: float
    kind: int
    value: float
    until: float
    position: int


NUMBERS: Mapping[str, int] = {
    "body_temperature": b.TEMPERATURE,
    "systolic_pressure": b.SYSTOLIC,
    "oxygen_flow": b.FLOW,
    "inspired_oxygen": b.INSPIRED,
    "ice_score": b.ICE,
    "capd_score": b.CAPD,
    "rass_score": b.RASS,
    "gcs_score": b.GCS,
    "neutrophils": b.NEUTROPHILS,
    "ice_orientation": b.ICE_ITEM,
    "ice_naming": b.ICE_ITEM + 1,
    "ice_command": b.ICE_ITEM + 2,
    "ice_writing": b.ICE_ITEM + 3,
    "ice_attention": b.ICE_ITEM + 4,
    "age": b.AGE,
    "home_oxygen": b.HOME_OXYGEN,
    "baseline_systolic_pressure": b.BASE_SYSTOLIC,
    "baseline_ice_score": b.BASE_ICE,
}

LABORATORY: Mapping[str, int] = {
    "platelets": lab.PLATELETS,
    "leukocytes": lab.LEUKOCYTES,
    "lymphocytes": lab.LYMPHOCYTES,
    "hemoglobin": lab.HEMOGLOBIN,
    "fibrinogen": lab.FIBRINOGEN,
    "calcium": lab.CALCIUM,
    "ferritin": lab.FERRITIN,
    "ast": lab.AST,
    "alt": lab.ALT,
    "bilirubin": lab.BILIRUBIN,
    "ldh": lab.LDH,
    "triglycerides": lab.TRIGLYCERIDES,
    "uric_acid": lab.URIC_ACID,
    "potassium": lab.POTASSIUM,
    "phosphate": lab.PHOSPHATE,
    "creatinine": lab.CREATININE,
    "crp": lab.CRP,
    "body_weight": lab.WEIGHT,
}
LOWER_LIMITS = frozenset({"neutrophils", *list(LABORATORY)[: lab.LOWER_IS_WORSE - lab.NEUTROPHILS]})
NOTES: Mapping[tuple[str, str], tuple[int, float]] = {
    **{
        ("arrhythmia", name): (lab.ARRHYTHMIA, float(level))
        for level, name in enumerate(("none", "no_treatment", "not_urgent", "urgent", "life_threatening"))
    },
    ("progression", "yes"): (lab.PROGRESSION, 1.0),
    ("transfusion", "platelets"): (lab.PLATELET_TRANSFUSION, 1.0),
}
TOLD_OF_IEC_HS = frozenset({"iec_hs_context", "infection", "infection_work_up"})
OF_IEC_HS = frozenset(
    {
        *(("transfusion", name) for name in ("plasma", "cryoprecipitate", "fibrinogen")),
        ("attribution", "hyperinflammation"),
    }
)
MARKS: Mapping[str, int] = {
    "next_therapy": lab.NEXT_THERAPY,
    "last_follow_up": lab.LAST_FOLLOW_UP,
    "lymphodepletion": lab.LYMPHODEPLETION,
}
# A dose of a vasopressor in micrograms a minute, and a kilogram where it is told so; see `laboratory.dose_of`.
PER_KG = {"ug/kg/min": 1.0, "ng/kg/min": 0.001, "ug/kg/h": 1.0 / 60.0, "mg/kg/min": 1000.0, "mg/kg/h": 1000.0 / 60.0}
PAST = 1e-9
PER_PERSON = {"ug/min": 1.0, "ng/min": 0.001, "ug/h": 1.0 / 60.0, "mg/min": 1000.0, "mg/h": 1000.0 / 60.0}

DEVICES = (
    "room_air", "blow_by", "nasal_cannula", "face_tent", "simple_mask", "venturi_mask", "partial_rebreather_mask",
    "non_rebreather_mask", "high_flow_nasal_cannula", "cpap", "bipap", "bag_mask", "invasive_ventilation", "ecmo",
)  # fmt: skip
PRESSORS = (
    "norepinephrine", "epinephrine", "phenylephrine", "dopamine", "angiotensin_ii", "metaraminol",
    "vasopressin", "terlipressin",
    "dobutamine", "milrinone", "levosimendan", "isoproterenol", "enoximone",
    "methylene_blue", "midodrine", "ephedrine", "droxidopa", "hydroxocobalamin",
    "cafedrine_theodrenaline", "etilefrine",
)  # fmt: skip
SEDATIVES = ("propofol", "dexmedetomidine", "midazolam", "lorazepam", "ketamine", "pentobarbital")
OTHER_SEDATIVE = b.DRIP + b.SEDATIVE + len(SEDATIVES)
OPIOID = b.DRIP + b.OPIOID
# Never given as a push: without an end of its own such a drug runs until it is stopped, whatever dose is charted.
ONLY_INFUSED = frozenset({"norepinephrine", "dopamine", "angiotensin_ii", "vasopressin", "dobutamine", "milrinone"})
FEATURES = (
    "fever", "hypotension", "hypoxia", "positive_pressure", "vasopressor", "consciousness", "motor", "cerebral_edema",
    "score", "seizure", "raised_pressure_sign",
)  # fmt: skip
MASKING_CLASSES = {"antipyretic": 1.0, "steroid": 2.0, "anti_cytokine": 3.0}  # from hours to days, see `bedside.mask`
ANTIPLATELET_MG = 325.0
ENTERAL_ROUTES = frozenset({"oral", "po", "enteral", "nasogastric", "ng", "sublingual", "rectal", "transdermal"})
SEDATIVE_CLASSES = frozenset({"sedative", "muscle_relaxant"})
NOT_GIVEN = frozenset({"not-done", "not_done", "not given", "not_given", "refused", "held", "entered-in-error"})
STOPPED = frozenset({"stopped", "on-hold", "on_hold"})
OPIOID_CLASSES = frozenset({"opioid"})

CHOICES: Mapping[tuple[str, str], tuple[int, float]] = {
    **{("oxygen_device", name): (b.DEVICE, float(i)) for i, name in enumerate(DEVICES)},
    ("oxygen_device", "tracheostomy_mask"): (b.DEVICE, float(b.FACE_TENT)),
    ("oxygen_device", "oxygen_hood"): (b.DEVICE, float(b.FACE_TENT)),
    **{
        ("consciousness", name): (b.CONSCIOUSNESS, float(i))
        for i, name in enumerate(
            ("awake", "awakens_to_voice", "awakens_to_touch", "vigorous_stimuli_only", "unarousable")
        )
    },
    **{("motor_weakness", name): (b.MOTOR, float(i)) for i, name in enumerate(("none", "mild", "deep_focal"))},
    **{("cerebral_edema", name): (b.EDEMA, float(i)) for i, name in enumerate(("none", "focal", "diffuse"))},
    ("raised_pressure_sign", "none"): (b.PRESSURE_SIGN, 0.0),
    **{
        ("raised_pressure_sign", name): (b.PRESSURE_SIGN, 1.0)
        for name in ("papilledema", "sixth_nerve_palsy", "posturing", "cushing_triad")
    },
    **{("intracranial_hemorrhage", name): (b.HEMORRHAGE, value) for name, value in (("no", 0.0), ("yes", 1.0))},
    **{("new_neurological_change", name): (b.NEW_CHANGE, value) for name, value in (("no", 0.0), ("yes", 1.0))},
    **{("usual_behavior_per_parent", name): (b.USUAL_BEHAVIOR, value) for name, value in (("no", 0.0), ("yes", 1.0))},
    **{("diagnosed_crs", name): (b.DIAGNOSED, value) for name, value in (("no", 0.0), ("yes", 1.0))},
    ("capd_score", "unable_to_perform"): (b.CAPD, icans.CAPD_UNABLE_CODE),
    ("home_positive_pressure", "cpap"): (b.HOME_PRESSURE, float(b.CPAP)),
    ("home_positive_pressure", "bipap"): (b.HOME_PRESSURE, float(b.BIPAP)),
    ("home_positive_pressure", "invasive_ventilation"): (b.HOME_PRESSURE, float(b.INVASIVE)),
    ("home_positive_pressure", "none"): (b.HOME_PRESSURE, 0.0),
    ("death", "crs"): (b.DEATH, 1.0),
    ("death", "icans"): (b.DEATH, 2.0),
    ("death", "iec_hs"): (b.DEATH, 3.0),
    **{("drug", name): (b.DRIP + i, 1.0) for i, name in enumerate(PRESSORS)},
    **{("drug", name): (b.DRIP + b.SEDATIVE + i, 1.0) for i, name in enumerate(SEDATIVES)},
    **{("attribution", name): (b.ATTRIBUTION + i, 1.0) for i, name in enumerate(FEATURES)},
}

MILESTONES: Mapping[str, tuple[int, float]] = {
    "infusion": (b.INFUSION, 1.0),
    "discharge": (b.DISCHARGE, 1.0),
    "death": (b.DEATH, 0.0),
}

# Which signal stands for a variable that could not be read.
_UNREADABLE_SIGNALS: Mapping[str, int] = {
    **{name: kind for name, kind in NUMBERS.items() if kind < b.SIGNALS},
    "oxygen_device": b.DEVICE,
    "consciousness": b.CONSCIOUSNESS,
    "motor_weakness": b.MOTOR,
    "cerebral_edema": b.EDEMA,
    "raised_pressure_sign": b.PRESSURE_SIGN,
    "seizure": b.SEIZURE,
}


class Words(NamedTuple):
    """What the coding asks of the vocabulary.

    Drugs that may mask a fever, by strength; sedatives, and muscle relaxants, under which no
    score is valid either; opioids; routes by which a drug acts only where it is put.
    """

    masking: Mapping[str, float]
    sedatives: frozenset[str]
    opioids: frozenset[str]
    local_routes: frozenset[str]
    no_pressor_routes: frozenset[str]


@cache
def words() -> Words:
    """The vocabulary's drugs of those classes, and its local routes."""
    from cartway.vocabulary import vocabulary

    masking = {name: force for group, force in MASKING_CLASSES.items() for name in _of_classes(frozenset({group}))}
    return Words(
        masking=masking | dict.fromkeys(DIRECTED & masking.keys(), DIRECTED_STRENGTH),
        sedatives=_of_classes(SEDATIVE_CLASSES) - _of_classes(OPIOID_CLASSES),
        opioids=_of_classes(OPIOID_CLASSES),
        local_routes=vocabulary().local_routes,
        no_pressor_routes=vocabulary().no_pressor_routes,
    )


def _of_classes(classes: frozenset[str]) -> frozenset[str]:
    from cartway.vocabulary import vocabulary

    drugs = vocabulary().variables["drug"].choices.items()
    return frozenset(name for name, choice in drugs if classes & set(choice.classes))


def code(fact: Fact, position: int, known: Words) -> Row | None:
    """A fact as the fold reads it, or None where no scale uses it."""
    at = float(fact.at)
    until = at if fact.until is None else float(fact.until)
    what = fact.what
    number = NUMBERS.get(what)
    if number is not None and fact.value is not None:
        if number == b.NEUTROPHILS:
            return Row(at, number, fact.value * beyond(fact), limit_of(fact), position)
        return Row(at, number, fact.value, until, position)
    if (value := LABORATORY.get(what)) is not None and fact.value is not None:
        return Row(at, value, fact.value * beyond(fact), limit_of(fact), position)
    if what == "drug":
        return _drug(fact, at, until, position, known)
    if what == "birth_date":
        return Row(at, b.AGE, 0.0, until, position)
    if what == "seizure":
        return Row(at, b.SEIZURE, seizure_code(fact), until, position)
    pair = CHOICES.get((what, fact.choice)) or MILESTONES.get(what)
    if pair is not None:
        return Row(at, pair[0], pair[1], until, position)
    if what == UNREADABLE:
        return _unreadable(str(fact.detail.get("variable", "")), at, position)
    return _noted(fact, at, until, position)


def _unreadable(what: str, at: float, position: int) -> Row | None:
    if what in LABORATORY:
        return Row(at, LABORATORY[what], float("nan"), b.NEVER, position)
    kind = _UNREADABLE_SIGNALS.get(what)
    return None if kind is None else Row(at, b.UNREADABLE + kind, 0.0, at, position)


def _noted(fact: Fact, at: float, until: float, position: int) -> Row | None:
    """What only the further scales read."""
    if fact.what == "fluid_bolus" and fact.value is not None:
        return Row(at, lab.FLUID_BOLUS, fact.value, b.NEVER, position)
    if fact.what in TOLD_OF_IEC_HS or (fact.what, fact.choice) in OF_IEC_HS:
        return Row(at, lab.IEC_CONTEXT, context_code(fact), until, position)
    pair = NOTES.get((fact.what, fact.choice))
    if pair is not None:
        return Row(at, pair[0], pair[1], b.NEVER, position)
    kind = MARKS.get(fact.what)
    return None if kind is None or fact.choice == "no" else Row(at, kind, 1.0, b.NEVER, position)


def limit_of(fact: Fact) -> float:
    """The limit of normal told with a laboratory value, on the side that is bad; NEVER where none is."""
    told = fact.detail.get("lower_limit" if fact.what in LOWER_LIMITS else "upper_limit")
    return float(told) if isinstance(told, int | float) and told >= 0 else b.NEVER


def beyond(fact: Fact) -> float:
    """What moves a detection limit just past itself: ``<20`` is stored as 20, and is below 20."""
    if not fact.detail:
        return 1.0
    return 1.0 - PAST if fact.detail.get("below") else 1.0 + PAST if fact.detail.get("above") else 1.0


def dose_factor(unit: str) -> float:
    """What makes a vasopressor's rate the coded dose (`laboratory.dose_of`)."""
    if unit in PER_PERSON:
        return -PER_PERSON[unit]
    return PER_KG.get(unit, lab.UNTOLD)


def seizure_code(fact: Fact) -> int:
    """How a seizure went: none, short, long (over 5 minutes, or no return to baseline), or what was not told of it."""
    if fact.choice == "none":
        return icans.SEIZURE_NONE_CODE
    duration, back = fact.detail.get("duration_min"), fact.detail.get("returned_to_baseline")
    unresolved = back is False or fact.detail.get("resolved_with_treatment") is False
    if unresolved or (duration is not None and duration > SEIZURE_LIMIT_MIN):
        return icans.SEIZURE_LONG_CODE
    repeated = fact.detail.get("repetitive") or (fact.detail.get("count") or 0) > 1
    if back is None and (duration is None or repeated):
        return icans.SEIZURE_NO_RETURN_CODE
    if duration is None:
        return icans.SEIZURE_NO_DURATION_CODE
    return icans.SEIZURE_SHORT_CODE if back is None else icans.SEIZURE_BACK_CODE


def is_rate(unit: str) -> bool:
    """Whether a dose unit is per time, so that the dose is an infusion."""
    return unit.endswith(("/min", "/h", "/d"))


def drip_end(fact: Fact, at: float, until: float) -> float:
    """When a drug stops running: its own end, FOREVER while an infusion is open, its own time for a push dose."""
    if fact.until is not None:
        return until
    undosed = fact.value is None and fact.choice in PRESSORS
    open_end = fact.detail.get("continuous") or is_rate(fact.unit) or fact.choice in ONLY_INFUSED or undosed
    return b.FOREVER if open_end else at


def _drug(fact: Fact, at: float, until: float, position: int, known: Words) -> Row | None:
    if fact.detail and str(fact.detail.get("route", "")).casefold() in known.local_routes:
        return None
    status = str(fact.detail.get("status", "")).casefold() if fact.detail else ""
    if status in NOT_GIVEN:
        return None
    pair = CHOICES.get(("drug", fact.choice))
    if pair is None and (fact.detail.get("sedation") or fact.choice in known.sedatives):
        pair = (OTHER_SEDATIVE, 1.0)
    elif pair is None and fact.choice in known.opioids:
        pair = (OPIOID, 1.0)
    route = str(fact.detail.get("route", "")).casefold() if fact.detail else ""
    tablet = route in ENTERAL_ROUTES
    if route in known.no_pressor_routes and pair is not None and pair[0] < b.DRIP + b.SEDATIVE:
        return None
    if pair is not None and pair[0] >= b.DRIP + b.SEDATIVE and tablet:
        return None
    if pair is not None:
        rate = 0.0 if status in STOPPED else lab.UNTOLD if fact.value is None else fact.value
        if pair[0] < b.DRIP + b.PRESSORS and fact.value is not None:
            rate *= dose_factor(fact.unit)
        return Row(at, pair[0], rate, drip_end(fact, at, until), position)
    strength = known.masking.get(fact.choice)
    if strength is None or _is_antiplatelet(fact):
        return None
    return Row(at, b.MASKING, strength, until, position)


def _is_antiplatelet(fact: Fact) -> bool:
    """Aspirin in a dose for platelets, up to 325 mg, lowers no fever."""
    return fact.choice == "aspirin" and fact.unit == "mg" and fact.value is not None and fact.value <= ANTIPLATELET_MG
