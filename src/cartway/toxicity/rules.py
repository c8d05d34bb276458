"""The rules in force: named policies with their defaults, a centre's overrides, and the vector that the fold reads.

`Rules` is frozen and passed as an argument; nothing below reads a file or a clock after `load_rules()`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.problem import Problem
from cartway.times import DAY, HOUR
from cartway.toxicity import bedside as b
from cartway.toxicity import crs_older, cytopenias, icaht_days, iec_hs, tumor_lysis
from cartway.toxicity import laboratory as lab
from cartway.toxicity.further import SCALES

FAMILIES = ("older", "icaht", "cytopenias", "iec_hs", "tls")
"""The further scales' families: each has tables of its own beside those of CRS and ICANS."""


OF_CRS = 19  # flags that the older CRS scales share with CRS by ASTCT


class Policy(msgspec.Struct, frozen=True):
    """One open question: what it may be (`choices`, or a number in `unit`), its default, what it means and why it is
    open.
    """

    default: str | float
    meaning: str
    why: str
    scales: tuple[str, ...]
    choices: tuple[str, ...] = ()
    unit: str = ""
    flag: str = ""
    confirmed: bool = True


class Rules(msgspec.Struct, frozen=True):
    """The policies in force, by name. `chosen` holds only what differs from the default."""

    policies: Mapping[str, Policy]
    chosen: Mapping[str, str | float] = {}

    def value(self, name: str) -> str | float:
        """The policy's value in force."""
        return self.chosen.get(name, self.policies[name].default)

    def number(self, name: str) -> float:
        """The policy as the fold reads it: a number, or the place of its choice."""
        value = self.value(name)
        return float(self.policies[name].choices.index(value)) if isinstance(value, str) else float(value)

    def vector(self, scales: Collection[str] = SCALES) -> list[float]:
        """All policies as the fold's vector (see `bedside`). `scales`: those asked for; more than the two ASTCT scales
        of CRS and ICANS set the further ones going.
        """
        vector = _vector(self)
        vector[lab.P_FURTHER] = float(not set(scales) <= set(SCALES))
        return vector

    def with_policy(self, name: str, text: str) -> Rules | Problem:
        """The rules with one policy set from text, or why not."""
        policy = self.policies.get(name)
        if policy is None:
            return Problem(
                "unknown_policy",
                f"There is no policy '{name}'.",
                "`cartway grade --help` names the page that lists them.",
            )
        value = _choice(policy, text) if policy.choices else _number(text)
        if value is None:
            allowed = ", ".join(policy.choices) or f"a number [{policy.unit}], 0 or more"
            return Problem("wrong_policy_value", f"'{text}' is no value of {name}.", f"Give one of: {allowed}.")
        return msgspec.structs.replace(self, chosen={**self.chosen, name: value})


def _choice(policy: Policy, text: str) -> str | None:
    return text if text in policy.choices else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None


@cache
def load_rules() -> Rules:
    """The shipped rules: every policy at its default."""
    import tomllib

    folder = resources.files(__package__)
    names = ("policies.toml", *(f"policies_{family}.toml" for family in FAMILIES))
    raw = [tomllib.loads((folder / name).read_text("utf-8")) for name in names]
    return Rules(msgspec.convert({k: v for table in raw for k, v in table.items()}, dict[str, Policy], strict=False))


_WINDOW_OF = {
    "temperature_valid_hours": (b.TEMPERATURE,),
    "pressure_valid_hours": (b.SYSTOLIC,),
    "oxygen_valid_hours": (b.DEVICE, b.FLOW, b.INSPIRED),
    "neurology_valid_hours": (b.ICE, b.CAPD, b.CONSCIOUSNESS, b.RASS, b.GCS, b.MOTOR, b.NEW_CHANGE, b.USUAL_BEHAVIOR),
    "seizure_valid_hours": (b.SEIZURE,),
    "imaging_valid_hours": (b.EDEMA, b.PRESSURE_SIGN, b.HEMORRHAGE),
    "neutrophils_valid_hours": (b.NEUTROPHILS,),
}

# Where each policy sits in the vector, and what turns its unit into the fold's.
_PLACE: dict[str, tuple[int, float]] = {
    "fever_celsius": (b.P_FEVER, 1.0),
    "temperature_rounding": (b.P_ROUND, 1.0),
    "hypotension_systolic_mmhg": (b.P_ADULT_LIMIT, 1.0),
    "baseline_pressure": (b.P_BASELINE_PRESSURE, 1.0),
    "baseline_pressure_fall_percent": (b.P_BASELINE_FALL, 0.01),
    "terlipressin": (b.P_TERLIPRESSIN, 1.0),
    "inotropes": (b.P_INOTROPES, 1.0),
    "other_pressors": (b.P_OTHER_PRESSORS, 1.0),
    "sequential_vasopressors": (b.P_SEQUENTIAL, 1.0),
    "vasopressor_bolus_hours": (b.P_BOLUS, HOUR),
    "low_flow_limit": (b.P_LOW_FLOW, 1.0),
    "home_positive_pressure": (b.P_HOME_PRESSURE, 1.0),
    "afebrile_signs": (b.P_AFEBRILE, 1.0),
    "symptom_free_hours": (b.P_SYMPTOM_FREE, HOUR),
    "masked_onset": (b.P_MASKED_ONSET, 1.0),
    "undocumented_fever": (b.P_UNDOCUMENTED, 1.0),
    "late_onset": (b.P_LATE_ONSET, 1.0),
    "late_onset_days": (b.P_LATE_AFTER, DAY),
    "neutropenic_fever": (b.P_NEUTROPENIC, 1.0),
    "neutropenia_limit": (b.P_NEUTROPENIA, 1.0),
    "attribution_hours": (b.P_ATTRIBUTION, HOUR),
    "attribution_worsening": (b.P_REOPENS, 1.0),
    "unknown_age": (b.P_UNKNOWN_AGE, 1.0),
    "age_switch_years": (b.P_AGE_SWITCH, 1.0),
    "score_for_age": (b.P_SCORE_FOR_AGE, 1.0),
    "baseline_ice": (b.P_BASELINE_ICE, 1.0),
    "capd_grade_1": (b.P_CAPD_1, 1.0),
    "capd_positive": (b.P_CAPD_POSITIVE, 1.0),
    "sedation": (b.P_SEDATION, 1.0),
    "sedated_rass": (b.P_SEDATED_RASS, 1.0),
    "intubated_score": (b.P_INTUBATED, 1.0),
    "seizure_holds": (b.P_SEIZURE_HOLDS, 1.0),
    "hemorrhage_edema": (b.P_HEMORRHAGE, 1.0),
    "full_ice_implies_awake": (b.P_ICE_AWAKE, 1.0),
    "antipyretic_masks_hours": (b.P_MASK_ANTIPYRETIC, HOUR),
    "anti_cytokine_masks_days": (b.P_MASK_ANTI_CYTOKINE, DAY),
    "steroid_masks_days": (b.P_MASK_STEROID, DAY),
    "masked_recurrence": (b.P_MASKED_RECURRENCE, 1.0),
    "sedative_bolus_hours": (b.P_SEDATIVE_BOLUS, HOUR),
    **crs_older.PLACES,
    **icaht_days.PLACES,
    **cytopenias.PLACES,
    **iec_hs.PLACES,
    **tumor_lysis.PLACES,
}


def _vector(rules: Rules) -> list[float]:
    vector = [0.0] * lab.P_SIZE
    replaced = rules.value("observation_validity") == "until_replaced"
    for name, kinds in _WINDOW_OF.items():
        for kind in kinds:
            vector[b.P_VALID + kind] = b.FOREVER if replaced else rules.number(name) * HOUR
    vector[lab.P_VALID] = b.FOREVER if replaced else rules.number("laboratory_valid_hours") * HOUR
    for name, (place, scale) in _PLACE.items():
        vector[place] = rules.number(name) * scale
    vector[b.P_VASOPRESSIN_ALONE] = 2.0 + rules.number("vasopressin_alone")
    vector[b.P_HIGH_FLOW] = 2.0 + rules.number("high_flow_at_low_flow")
    return vector


@cache
def policy_of_flag(scale: str, bit: int) -> str:
    """The policy whose flag is `bit` of a family. The older CRS scales share the columns of CRS, and their flags."""
    if scale == "older" and bit < OF_CRS:
        scale = "crs"
    for name, policy in load_rules().policies.items():
        if f"{scale}:{bit}" in policy.flag.split():
            return name
    raise KeyError(f"{scale}:{bit}")
