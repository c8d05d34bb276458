"""The simplified grading that the peers compute: what an analyst writes in an afternoon, in three ways.

CRS: fever, systolic pressure below 90, running pressors, oxygen device and flow; ICANS: the ICE band and consciousness;
the last reading holds for ever. All three answer with the rows at which either grade changes. On simple courses (adults
with nothing attributed, no home oxygen, no low habitual pressure) the grades are the same as ours; every run checks it.
"""

from __future__ import annotations

LEAVES_OUT = (
    "reasons, what is missing, not assessable, how long a reading holds, attribution, masked fever, end of CRS, "
    "children, CAPD, baselines, sedation, seizure, edema, weakness, death, discharge, unit and range checks, policies"
)

FEVER, LOW_PRESSURE, LOW_FLOW = 38.0, 90.0, 6.0
OXYGEN = {
    "room_air": 0, "blow_by": 2, "nasal_cannula": 2, "simple_mask": 3, "venturi_mask": 3, "non_rebreather_mask": 3,
    "high_flow_nasal_cannula": 3, "cpap": 4, "bipap": 4, "invasive_ventilation": 4,
}  # fmt: skip
CONSCIOUSNESS = {
    "awake": 0, "awakens_to_voice": 2, "awakens_to_touch": 3, "vigorous_stimuli_only": 4, "unarousable": 4,
}  # fmt: skip
PRESSORS = ("norepinephrine", "epinephrine", "phenylephrine", "dopamine")
VASOPRESSIN = "vasopressin"
RUNNING = (*PRESSORS, VASOPRESSIN)
READ = ("body_temperature", "systolic_pressure", "oxygen_device", "oxygen_flow", "ice_score", "consciousness")
COLUMNS = ("course", "at", "until", "what", "value", "choice")
