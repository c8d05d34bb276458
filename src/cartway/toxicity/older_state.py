"""What the older CRS scales share: where their look at a course is kept, their policies, criteria and flags.

The six scales read the same columns as CRS by ASTCT (fever, vasopressors, oxygen: `crs.py`), so attributions, home
oxygen and what is too old mean the same to all of them. The columns are looked at once an instant
(`older_look.py`); each scale is then a small table over what was seen.
"""

from __future__ import annotations

from cartway.times import HOUR
from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab

# Drugs whose dose is kept: the counted pressors, then vasopressin and terlipressin, in the order of `coding.PRESSORS`.
DOSED = 8
NOREPINEPHRINE, EPINEPHRINE, PHENYLEPHRINE, DOPAMINE = range(4)

DOSE = lab.PRIVATE_OLDER  # one a drug: ug/kg/min below 1e6, 1e6 + ug/min, NEVER where it cannot be read
DOSE_AT = DOSE + DOSED
# Since when a vasopressor acts without a pause, for how long others did before in the CRS of RUN_ONSET, and since when
# the dose is, or may be, high, or several act.
RUN_SINCE, RUN_BEFORE, RUN_ONSET, HIGH_SINCE, MAYBE_SINCE, MANY_SINCE = (DOSE_AT + DOSED + i for i in range(6))
BOLUS_AT, BOLUS_BEFORE, BOLUS_POSITION = (MANY_SINCE + i for i in range(1, 4))
# What was seen at LOOKED_AT.
LOOKED_AT, FEVER, LOW, PRESSORS, DOSE_CLASS, DOSE_POSITION, LASTING, BOLUSES, OXYGEN = (
    BOLUS_POSITION + i for i in range(1, 10)
)
CREATININE, TRANSAMINASES, BILIRUBIN = (OXYGEN + i for i in range(1, 4))
CREATININE_POSITION, TRANSAMINASES_POSITION, BILIRUBIN_POSITION = (BILIRUBIN + i for i in range(1, 4))
# Policies that decided: about the fever, the pressure and the vasopressors, their dose, how long they last, the
# oxygen, how much of it, each organ.
ABOUT_FEVER, ABOUT_PRESSURE, ABOUT_DOSE, ABOUT_LASTING, ABOUT_OXYGEN, ABOUT_FRACTION = (
    BILIRUBIN_POSITION + i for i in range(1, 7)
)
ABOUT_CREATININE, ABOUT_TRANSAMINASES, ABOUT_BILIRUBIN = (ABOUT_FRACTION + i for i in range(1, 4))
SAID = ABOUT_BILIRUBIN + 1  # the reasons of the columns, as in an answer
ACTING_UNTIL = SAID + 2 * b.COLUMN_PAIRS  # no vasopressor acts after this
SIGNED = ACTING_UNTIL + 1  # what `older_changed` saw last
SIGNS = 16
assert SIGNED + SIGNS <= lab.PRIVATE_IEC_HS

# What acts on the pressure: nothing, vasopressin alone, one vasopressor, one with vasopressin, two or more.
NONE, ALONE, ONE, ONE_WITH, MANY = (float(i) for i in range(5))
# Its dose: high is high for as long as the policy asks; it may be where a dose or a weight is not told.
DOSE_NONE, DOSE_LOW, DOSE_HIGH, DOSE_UNTOLD, WEIGHT_UNTOLD = (float(i) for i in range(5))
# The oxygen: little is below 40 %, much from 40 % on; then a mask that presses, then ventilation.
AIR, LITTLE, UNTOLD, MUCH, NONINVASIVE, VENTILATED = (float(i) for i in range(6))
UNREAD = -1.0
NO_LIMIT = -2.0  # measured, but with no limit of normal to hold it against

# Criteria, worded in `reasons_older.toml`; the columns say those of `crs.py`.
HIGH_DOSE, LOW_DESPITE, MULTIPLE_BOLUSES, DAY_LONG, DOSE_NOT_TOLD = range(200, 205)
OXYGEN_READ, OXYGEN_BY_FLOW, OXYGEN_BY_DEVICE, OXYGEN_BAND_UNTOLD = range(205, 209)
TREATED, NEUTROPENIC = 209, 210
CREATININE_GRADE, TRANSAMINASES_GRADE, BILIRUBIN_GRADE = 210, 220, 230  # plus the grade, 1 to 4

# What may be missing, by bit; the first four are those of `crs.py`.
M_INSPIRED, M_DOSE, M_WEIGHT, M_CREATININE, M_TRANSAMINASES, M_BILIRUBIN = range(4, 10)
M_CREATININE_LIMIT, M_TRANSAMINASES_LIMIT, M_BILIRUBIN_LIMIT = range(10, 13)

# Policies, by bit; those below 20 are those of `crs.py`.
(
    B_HIGH_DOSE, B_NOREPINEPHRINE, B_UNDEFINED_DOSE, B_VASOPRESSIN, B_PRESSOR_TIME, B_OXYGEN_ESTIMATE,
    B_LEE_VENTILATION, B_VENTILATION, B_PENN_FLUID, B_PENN_NEUTROPENIC, B_CTCAE4_OXYGEN, B_CTCAE4_TREATED,
    B_ORGAN_BASELINE, B_ORGAN_AFTER, B_MSKCC_FLUID, B_CARTOX_THREAT,
) = range(20, 36)  # fmt: skip

(
    P_HIGH_DOSE, P_NOREPINEPHRINE, P_UNDEFINED_DOSE, P_VASOPRESSIN, P_PRESSOR_TIME, P_OXYGEN_ESTIMATE,
    P_LEE_VENTILATION, P_VENTILATION, P_PENN_FLUID, P_PENN_NEUTROPENIC, P_CTCAE4_OXYGEN, P_CTCAE4_TREATED,
    P_ORGAN_BASELINE, P_ORGAN_AFTER, P_MSKCC_FLUID, P_CARTOX_THREAT, P_BOLUS_HOURS,
) = range(lab.P_OLDER, lab.P_OLDER + 17)  # fmt: skip
assert P_BOLUS_HOURS < lab.P_IEC_HS

PLACES: dict[str, tuple[int, float]] = {
    "high_dose_hours": (P_HIGH_DOSE, HOUR),
    "norepinephrine_high_dose": (P_NOREPINEPHRINE, 1.0),
    "vasopressor_without_high_dose": (P_UNDEFINED_DOSE, 1.0),
    "vasopressin_as_second": (P_VASOPRESSIN, 1.0),
    "vasopressor_day": (P_PRESSOR_TIME, 1.0),
    "oxygen_estimate": (P_OXYGEN_ESTIMATE, 1.0),
    "lee2014_noninvasive_ventilation": (P_LEE_VENTILATION, 1.0),
    "noninvasive_ventilation": (P_VENTILATION, 1.0),
    "penn_hypotension_without_boluses": (P_PENN_FLUID, 1.0),
    "penn_neutropenic_fever": (P_PENN_NEUTROPENIC, 1.0),
    "ctcae4_oxygen": (P_CTCAE4_OXYGEN, 1.0),
    "ctcae4_treated_fever": (P_CTCAE4_TREATED, 1.0),
    "organ_baseline": (P_ORGAN_BASELINE, 1.0),
    "organ_toxicity_after_fever": (P_ORGAN_AFTER, 1.0),
    "mskcc_hypotension_without_vasopressor": (P_MSKCC_FLUID, 1.0),
    "cartox_life_threatening_hypotension": (P_CARTOX_THREAT, 1.0),
    "fluid_bolus_hours": (P_BOLUS_HOURS, HOUR),
}
"""Where each policy sits in the fold's vector, and what turns its unit into the fold's."""
