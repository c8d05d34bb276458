"""Twelve invented courses. Times, doses and signs follow the published shape of each product's CRS and ICANS.

Onset and length: the products' US prescribing information, section 5 (CRS from day 1 to 3 after most products, day 7
after ciltacabtagene; ICANS some days later). Grades: Lee 2019. Tocilizumab 8 mg/kg (12 mg/kg below 30 kg), at most
800 mg. Nobody in here exists; see ward.py for how the times are written.
"""

from __future__ import annotations

from datetime import datetime

from ward import Story

UNEVENTFUL = Story(
    name="01-uneventful",
    shows="no fever, no neurological change; one temperature mistyped at night and corrected within the hour",
    infused="2026-03-06",
    age=67,
    usual=(36.5, 128, 71, 97),
    watch="-5 08:00 24 | 0 08:00 8 | 11 10:00 0",
    notes="""
        -5 07:40 age 67 a
        -5 07:40 sex female
        -5 07:40 body_weight 71.4 kg
        -5 07:40 body_height 164 cm
        -5 07:40 diagnosis lbcl {"text": "Diffuse large B-cell lymphoma, second relapse", "stage": "III"}
        -5 07:40 line_of_therapy 3 {"text": "R-CHOP; R-GDP; liso-cel"}
        -5 09:30 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -5 10:00 drug fludarabine 53 mg until -5 10:30
        -5 11:00 drug cyclophosphamide 530 mg until -5 12:00
        -4 10:00 drug fludarabine 53 mg until -4 10:30
        -4 11:00 drug cyclophosphamide 530 mg until -4 12:00
        -3 10:00 drug fludarabine 53 mg until -3 10:30
        -3 11:00 drug cyclophosphamide 530 mg until -3 12:00
        -3 12:10 lymphodepletion completed
        0 10:20 drug acetaminophen 650 mg {"prophylaxis": true}
        0 11:00 infusion lisocabtagene_maraleucel {"dose_million_cells": 100}
        11 10:00 discharge {"to": "home"}
    """,
    neutrophils="-6 05:30 3.4 | 0 05:30 1.9 | 5 05:30 0.7 | 9 05:30 0.62 | 12 05:30 1.1",
    platelets="-6 05:30 198 | 0 05:30 160 | 8 05:30 104 | 12 05:30 118",
    crp="-6 05:30 6 | 5 05:30 11 | 12 05:30 4",
    extra=(
        {
            "at": datetime.fromisoformat("2026-03-15T00:20:00Z"),
            "what": "body_temperature",
            "value": "38.6",
            "unit": "Cel",
            "key": "typed-1",
            "recorded_at": datetime.fromisoformat("2026-03-15T00:22:00Z"),
        },
        {
            "at": datetime.fromisoformat("2026-03-15T00:20:00Z"),
            "what": "body_temperature",
            "value": "36.6",
            "unit": "Cel",
            "key": "typed-2",
            "amends": "typed-1",
            "reason": "mistyped: read again, 36.6",
            "recorded_at": datetime.fromisoformat("2026-03-15T01:05:00Z"),
        },
    ),
)

READMITTED = Story(
    name="02-readmitted",
    shows="home on day 4, back with fever on day 7; CRS 1, and what a feed of vital signs cannot tell",
    infused="2026-03-08",
    age=58,
    usual=(36.6, 131, 76, 97),
    watch="-1 16:00 8 | 4 10:00 0 | 7 19:30 4 | 9 08:00 6 | 11 10:00 0",
    notes="""
        -1 15:00 body_weight 84.2 kg
        0 11:10 infusion ciltacabtagene_autoleucel
        4 10:00 discharge
        11 10:00 discharge
    """,
    temperature="7 15:00 38.2 | 7 20:00 38.7 | 8 04:00 38.2 | 8 11:00 38.6 | 8 16:00 38.4 | 9 00:00 37.9"
    " | 9 10:00 37.0",
    crp="-6 05:30 5 | 4 05:30 7 | 7 05:30 38 | 8 05:30 71 | 11 05:30 17",
    ferritin="-6 05:30 280 | 4 05:30 330 | 8 05:30 910 | 11 05:30 760",
)

BIPHASIC = Story(
    name="03-biphasic",
    shows="two doses, two fevers: CRS 1, gone, then CRS 2 answered by fluids",
    infused="2026-03-04",
    age=41,
    usual=(36.6, 118, 78, 98),
    watch="-6 08:00 24 | 0 08:00 8 | 3 00:00 4 | 5 08:00 8 | 10 20:00 4 | 11 16:00 2 | 12 20:00 4"
    " | 13 12:00 8 | 15 12:00 0",
    notes="""
        -6 07:50 age 41 a
        -6 07:50 sex female
        -6 07:50 body_weight 61.0 kg
        -6 07:50 diagnosis b_all {"text": "B-ALL, first relapse, marrow blasts 45 %"}
        -6 09:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -6 10:00 drug fludarabine 49 mg until -6 10:30
        -6 11:00 drug cyclophosphamide 820 mg until -6 12:00
        -5 10:00 drug fludarabine 49 mg until -5 10:30
        -5 11:00 drug cyclophosphamide 820 mg until -5 12:00
        -4 10:00 drug fludarabine 49 mg until -4 10:30
        -3 10:00 drug fludarabine 49 mg until -3 10:30
        -3 10:40 lymphodepletion completed
        0 11:30 infusion obecabtagene_autoleucel {"dose_million_cells": 10, "text": "first of two doses"}
        3 10:15 drug acetaminophen 650 mg
        3 20:30 drug acetaminophen 650 mg
        9 11:20 infusion obecabtagene_autoleucel {"dose_million_cells": 400, "text": "second of two doses"}
        10 23:20 drug acetaminophen 650 mg
        11 00:10 drug cefepime 2000 mg until 11 00:40
        11 18:20 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        11 22:20 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        11 23:10 drug tocilizumab 488 mg until 12 00:10
        12 12:20 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
    """,
    temperature="3 06:00 37.4 | 3 10:00 38.4 | 3 22:00 38.7 | 4 12:00 38.1 | 5 00:00 37.3 | 5 14:00 36.8"
    " | 10 18:00 36.8 | 10 22:00 38.5 | 11 12:00 39.3 | 11 20:00 39.5 | 12 06:00 38.0 | 12 14:00 37.3 | 13 12:00 36.8",
    systolic="11 12:00 112 | 11 16:00 104 | 11 18:00 84 | 11 18:30 86 | 11 20:00 97"
    " | 11 22:00 84 | 11 22:30 86 | 12 00:00 99 | 12 09:00 100 | 12 11:40 84"
    " | 12 12:40 86 | 12 14:10 87 | 12 17:00 99 | 13 06:00 108 | 13 18:00 114",
    crp="-6 05:30 22 | 2 05:30 18 | 4 05:30 47 | 9 05:30 21 | 11 05:30 96 | 12 05:30 148 | 15 05:30 40",
    ferritin="-6 05:30 1900 | 4 05:30 2600 | 9 05:30 2100 | 12 05:30 5400 | 15 05:30 4100",
    platelets="-6 05:30 64 | 4 05:30 38 | 12 05:30 29 | 16 05:30 33",
    neutrophils="-6 05:30 1.1 | 0 05:30 0.5 | 4 05:30 0.15 | 12 05:30 0.08 | 16 05:30 0.2",
)

LOW_FLOW_OXYGEN = Story(
    name="04-low-flow-oxygen",
    shows="CRS 2: two liters by nasal cannula, after tocilizumab without fever",
    infused="2026-03-13",
    age=61,
    usual=(36.6, 134, 77, 96),
    watch="-1 16:00 8 | 1 00:00 6 | 2 20:00 4 | 4 00:00 8 | 6 06:00 0",
    notes="""
        -1 15:10 body_weight 68.5 kg
        -1 15:20 diagnosis multiple_myeloma
        0 10:40 infusion idecabtagene_vicleucel
        1 08:20 drug acetaminophen 1000 mg
        1 20:10 drug acetaminophen 1000 mg
        2 09:00 drug cefepime 2000 mg
        3 01:40 drug tocilizumab 548 mg until 3 02:40
    """,
    temperature="1 04:00 37.2 | 1 07:30 38.3 | 2 08:00 38.8 | 2 20:00 39.1 | 3 04:00 38.4 | 3 12:00 37.2"
    " | 4 00:00 36.7",
    saturation="2 16:00 95 | 2 20:10 89 | 2 21:00 94 | 3 12:00 94 | 4 12:00 95 | 5 08:00 97",
    oxygen="-9 00:00 room_air | 2 20:15 nasal_cannula 2 | 4 15:00 nasal_cannula 1 | 5 06:00 room_air",
    crp="-6 05:30 12 | 1 05:30 41 | 3 05:30 132 | 6 05:30 28",
    ferritin="-6 05:30 640 | 3 05:30 1850 | 6 05:30 1500",
)

TOCILIZUMAB = Story(
    name="05-tocilizumab",
    shows="CRS 3: one vasopressor; tocilizumab takes the fever and the grade stands without it",
    infused="2026-03-12",
    age=54,
    usual=(36.6, 126, 74, 97),
    watch="-5 08:00 24 | 0 08:00 8 | 2 00:00 4 | 2 20:00 2 | 3 02:00 1 | 3 18:00 2 | 4 10:00 4 | 5 18:00 8 | 8 10:00 0",
    notes="""
        -5 07:45 age 54 a
        -5 07:45 sex male
        -5 07:45 body_weight 82.0 kg
        -5 07:45 body_height 178 cm
        -5 07:45 diagnosis lbcl {"text": "Diffuse large B-cell lymphoma, primary refractory", "stage": "IV"}
        -5 09:30 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -5 10:00 drug cyclophosphamide 1000 mg until -5 11:00
        -5 11:30 drug fludarabine 60 mg until -5 12:00
        -4 10:00 drug cyclophosphamide 1000 mg until -4 11:00
        -4 11:30 drug fludarabine 60 mg until -4 12:00
        -3 10:00 drug cyclophosphamide 1000 mg until -3 11:00
        -3 11:30 drug fludarabine 60 mg until -3 12:00
        -3 12:10 lymphodepletion completed
        0 09:00 drug levetiracetam 750 mg {"prophylaxis": true}
        0 11:20 infusion axicabtagene_ciloleucel {"dose_million_cells": 164}
        2 04:30 drug acetaminophen 1000 mg
        2 05:00 drug cefepime 2000 mg until 2 05:30
        2 12:10 drug acetaminophen 1000 mg
        2 22:20 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        2 23:30 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        3 01:10 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        3 03:00 drug norepinephrine 0.05 ug/kg/min
        3 03:20 drug dexamethasone 10 mg
        3 03:40 drug tocilizumab 656 mg until 3 04:40
        3 08:00 drug norepinephrine 0.12 ug/kg/min
        3 13:00 drug norepinephrine 0.1 ug/kg/min
        3 16:00 drug tocilizumab 656 mg until 3 17:00
        3 17:30 drug dexamethasone 10 mg
        4 02:00 drug norepinephrine 0.08 ug/kg/min
        4 10:00 drug norepinephrine 0.04 ug/kg/min
        4 22:00 drug norepinephrine 0 ug/kg/min
        8 10:00 discharge {"to": "home"}
    """,
    temperature="2 00:00 37.1 | 2 04:00 38.4 | 2 16:00 39.3 | 3 00:00 39.7 | 3 04:00 39.4 | 3 09:00 37.9 | 3 13:00 36.9"
    " | 4 12:00 36.6 | 6 00:00 36.6",
    systolic="2 12:00 114 | 2 20:00 97 | 2 22:00 85 | 3 00:00 88 | 3 01:00 84 | 3 03:00 79 | 3 05:00 92 | 3 07:30 87"
    " | 3 12:00 101 | 4 10:00 108 | 5 00:00 112 | 6 00:00 120",
    saturation="2 20:00 95 | 3 04:00 90 | 3 05:00 94 | 4 12:00 94 | 5 00:00 96",
    oxygen="-9 00:00 room_air | 3 04:10 nasal_cannula 2 | 4 20:00 room_air",
    ice="-9 00:00 10 | 4 08:00 9 | 4 20:00 8 | 5 08:00 9 | 5 20:00 10",
    crp="-6 05:30 14 | 1 05:30 22 | 2 05:30 88 | 3 05:30 196 | 5 05:30 61 | 8 05:30 9",
    ferritin="-6 05:30 780 | 2 05:30 1400 | 3 05:30 4900 | 4 05:30 6100 | 8 05:30 2900",
)

TWO_VASOPRESSORS = Story(
    name="06-two-vasopressors",
    shows="CRS 4: two vasopressors and BiPAP; recovers, then dies of an infection",
    infused="2026-02-24",
    age=38,
    usual=(36.7, 119, 84, 97),
    watch="-4 08:00 24 | 0 08:00 8 | 2 12:00 4 | 4 00:00 2 | 4 20:00 1 | 5 02:00 2 | 5 08:00 4 | 7 08:00 8"
    " | 16 04:00 4 | 18 04:00 0",
    notes="""
        -4 07:55 age 38 a
        -4 07:55 sex male
        -4 07:55 body_weight 76.5 kg
        -4 07:55 diagnosis b_all {"text": "B-ALL, second relapse after transplant, marrow blasts 70 %"}
        -4 09:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -4 10:00 drug fludarabine 48 mg until -4 10:30
        -3 10:00 drug fludarabine 48 mg until -3 10:30
        -2 10:00 drug fludarabine 48 mg until -2 10:30
        -2 11:00 drug cyclophosphamide 1730 mg until -2 12:00
        -2 12:10 lymphodepletion completed
        0 09:00 drug levetiracetam 750 mg {"prophylaxis": true}
        0 10:50 infusion brexucabtagene_autoleucel {"dose_million_cells": 76}
        2 14:30 drug acetaminophen 1000 mg
        2 15:00 drug cefepime 2000 mg until 2 15:30
        3 22:10 fluid_bolus 1000 mL {"fluid": "Ringer's lactate"}
        4 01:20 drug norepinephrine 0.08 ug/kg/min
        4 02:30 drug tocilizumab 612 mg until 4 03:30
        4 06:00 drug dexamethasone 10 mg
        4 09:00 drug norepinephrine 0.2 ug/kg/min
        4 14:00 drug tocilizumab 612 mg until 4 15:00
        4 18:20 drug vasopressin 0.03 [IU]/min
        4 21:40 drug epinephrine 0.05 ug/kg/min
        4 22:00 drug norepinephrine 0.35 ug/kg/min
        4 22:30 drug methylprednisolone 1000 mg until 4 23:30
        4 23:40 drug anakinra 100 mg
        5 08:00 drug anakinra 100 mg
        5 14:00 drug epinephrine 0 ug/kg/min
        5 18:00 drug norepinephrine 0.15 ug/kg/min
        5 20:00 drug vasopressin 0 [IU]/min
        5 22:00 drug methylprednisolone 1000 mg until 5 23:00
        6 10:00 drug norepinephrine 0.06 ug/kg/min
        6 20:30 drug norepinephrine 0 ug/kg/min
        9 09:00 drug filgrastim 480 ug
        12 09:00 drug filgrastim 480 ug
        16 05:20 drug meropenem 2000 mg until 16 05:50
        16 10:00 attribution fever until 18 04:20 {"cause": "Klebsiella pneumoniae in two blood cultures"}
        16 10:00 attribution hypotension until 18 04:20 {"cause": "septic shock"}
        16 10:00 attribution vasopressor until 18 04:20 {"cause": "septic shock"}
        16 10:00 attribution hypoxia until 18 04:20 {"cause": "septic shock"}
        16 11:00 drug norepinephrine 0.1 ug/kg/min
        17 06:00 drug norepinephrine 0.4 ug/kg/min
        17 08:00 drug vasopressin 0.04 [IU]/min
        17 07:30 attribution consciousness until 18 04:20 {"cause": "septic encephalopathy"}
        18 04:20 death infection {"cause": "Klebsiella pneumoniae sepsis with neutropenia"}
    """,
    temperature="2 08:00 37.3 | 2 13:00 38.7 | 3 12:00 39.6 | 4 02:00 40.1 | 4 08:00 38.9 | 4 16:00 37.6 | 5 12:00 36.8"
    " | 15 22:00 36.9 | 16 04:00 39.4 | 16 20:00 39.8 | 17 12:00 39.3 | 18 06:00 38.6",
    systolic="3 12:00 104 | 3 22:00 84 | 4 01:00 78 | 4 03:00 90 | 4 12:00 95 | 4 18:00 84 | 4 21:30 76 | 5 00:00 92"
    " | 5 12:00 102 | 6 12:00 106 | 8 00:00 115 | 15 22:00 112 | 16 04:00 94 | 16 10:00 82 | 17 06:00 80 | 18 06:00 62",
    saturation="3 18:00 95 | 4 06:00 89 | 4 12:00 93 | 4 20:00 90 | 4 23:20 85 | 5 01:00 95 | 6 12:00 95 | 7 12:00 96"
    " | 16 04:00 93 | 17 00:00 90 | 18 06:00 84",
    oxygen="-9 00:00 room_air | 4 04:00 nasal_cannula 4 | 4 14:00 high_flow_nasal_cannula 40 | 4 23:30 bipap"
    " | 5 16:00 high_flow_nasal_cannula 40 | 6 08:00 nasal_cannula 4 | 7 06:00 nasal_cannula 1 | 7 14:00 room_air"
    " | 16 12:00 nasal_cannula 4 | 17 08:00 non_rebreather_mask 15",
    ice="-9 00:00 10 | 4 20:00 8 | 5 08:00 5 | 5 20:00 4 | 6 08:00 7 | 6 20:00 9 | 7 20:00 10 | 17 08:00 -",
    consciousness="-9 00:00 awake | 5 08:00 awakens_to_voice | 6 08:00 awake | 17 08:00 awakens_to_voice",
    neutrophils="-6 05:30 0.9 | 0 05:30 0.3 | 4 05:30 0.06 | 18 05:30 0.03",
    platelets="-6 05:30 41 | 4 05:30 16 | 10 05:30 11 | 18 05:30 9",
    crp="-6 05:30 31 | 2 05:30 94 | 4 05:30 288 | 5 05:30 241 | 9 05:30 24 | 15 05:30 12 | 16 05:30 180 | 18 05:30 390",
    chemistry=(
        (
            "creatinine",
            "0 05:30 0.9 | 3 05:30 1.1 | 4 05:30 1.9 | 6 05:30 1.6 | 9 05:30 1.0 | 16 05:30 1.1 | 18 05:30 2.2",
        ),
        ("ast", "0 05:30 26 | 3 05:30 48 | 4 05:30 130 | 6 05:30 170 | 10 05:30 44"),
        ("alt", "0 05:30 28 | 3 05:30 40 | 4 05:30 96 | 6 05:30 150 | 10 05:30 52"),
        ("ldh", "0 05:30 260 | 4 05:30 620 | 6 05:30 540 | 10 05:30 300"),
        ("fibrinogen", "0 05:30 410 | 4 05:30 220 | 5 05:30 165 | 7 05:30 190 | 10 05:30 310"),
    ),
    ferritin="-6 05:30 3200 | 2 05:30 6800 | 4 05:30 24000 | 5 05:30 31000 | 9 05:30 9800 | 15 05:30 5200"
    " | 18 05:30 9000",
)

WORD_FINDING = Story(
    name="07-word-finding",
    shows="ICANS 1, then 2: words, then writing and dates are lost for a day and a half",
    infused="2026-03-09",
    age=71,
    usual=(36.5, 133, 72, 96),
    watch="-5 08:00 24 | 0 08:00 8 | 1 12:00 4 | 4 08:00 8 | 9 10:00 0",
    notes="""
        -5 07:35 age 71 a
        -5 07:35 sex female
        -5 07:35 body_weight 63.8 kg
        -5 07:35 diagnosis lbcl {"text": "Transformed follicular lymphoma", "stage": "IV"}
        -5 09:30 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -5 10:00 drug cyclophosphamide 850 mg until -5 11:00
        -5 11:30 drug fludarabine 51 mg until -5 12:00
        -4 10:00 drug cyclophosphamide 850 mg until -4 11:00
        -4 11:30 drug fludarabine 51 mg until -4 12:00
        -3 10:00 drug cyclophosphamide 850 mg until -3 11:00
        -3 11:30 drug fludarabine 51 mg until -3 12:00
        -3 12:10 lymphodepletion completed
        0 09:00 drug levetiracetam 500 mg {"prophylaxis": true}
        0 12:10 infusion axicabtagene_ciloleucel {"dose_million_cells": 128}
        1 19:00 drug acetaminophen 650 mg
        2 20:40 drug tocilizumab 510 mg until 2 21:40
        6 20:50 drug dexamethasone 10 mg
        7 02:50 drug dexamethasone 10 mg
        7 08:50 drug dexamethasone 10 mg
        7 20:50 drug dexamethasone 10 mg
        8 08:50 drug dexamethasone 10 mg
    """,
    temperature="1 12:00 37.1 | 1 18:00 38.4 | 2 18:00 39.2 | 3 02:00 38.0 | 3 08:00 37.1 | 4 00:00 36.6",
    ice="-9 00:00 10 | 5 20:00 9 | 6 08:00 8 | 6 20:00 5 | 7 08:00 6 | 7 20:00 7 | 8 08:00 9 | 8 20:00 10",
    crp="-6 05:30 8 | 1 05:30 15 | 2 05:30 84 | 3 05:30 102 | 6 05:30 19 | 10 05:30 5",
    ferritin="-6 05:30 510 | 3 05:30 2100 | 6 05:30 1700 | 10 05:30 1200",
)

SEIZURE = Story(
    name="08-seizure",
    shows="ICANS 3: a focal seizure of two minutes, then ICE 2; dexamethasone",
    infused="2026-03-08",
    age=29,
    usual=(36.6, 117, 76, 98),
    watch="-5 08:00 24 | 0 08:00 8 | 2 12:00 4 | 5 08:00 8 | 7 21:00 4 | 9 09:00 8 | 11 12:00 0",
    notes="""
        -5 07:50 age 29 a
        -5 07:50 sex female
        -5 07:50 body_weight 58.2 kg
        -5 07:50 diagnosis pmbcl {"text": "Primary mediastinal B-cell lymphoma, bulky"}
        -5 09:30 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -5 10:00 drug cyclophosphamide 820 mg until -5 11:00
        -5 11:30 drug fludarabine 49 mg until -5 12:00
        -4 10:00 drug cyclophosphamide 820 mg until -4 11:00
        -4 11:30 drug fludarabine 49 mg until -4 12:00
        -3 10:00 drug cyclophosphamide 820 mg until -3 11:00
        -3 11:30 drug fludarabine 49 mg until -3 12:00
        -3 12:10 lymphodepletion completed
        0 09:00 drug levetiracetam 500 mg {"prophylaxis": true}
        0 11:40 infusion axicabtagene_ciloleucel {"dose_million_cells": 116}
        2 16:40 drug acetaminophen 650 mg
        3 21:30 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        3 22:40 drug tocilizumab 466 mg until 3 23:40
        7 08:40 drug dexamethasone 10 mg
        7 21:14 seizure focal {"duration_min": 2, "returned_to_baseline": true, "text": "right arm and face"}
        7 21:16 drug lorazepam 2 mg {"indication": "seizure"}
        7 21:30 drug levetiracetam 1500 mg until 7 21:45
        7 21:40 drug dexamethasone 10 mg
        7 23:30 ice_score 2
        7 23:30 consciousness awakens_to_voice
        8 03:40 drug dexamethasone 10 mg
        8 09:40 drug dexamethasone 10 mg
        8 15:40 drug dexamethasone 10 mg
        8 21:40 drug dexamethasone 10 mg
        9 09:40 drug dexamethasone 10 mg
    """,
    temperature="2 10:00 37.2 | 2 16:00 38.6 | 3 20:00 39.4 | 4 02:00 38.2 | 4 10:00 37.0 | 5 00:00 36.7",
    systolic="3 12:00 108 | 3 20:30 86 | 3 23:00 98 | 4 12:00 108 | 5 00:00 114",
    ice="-9 00:00 10 | 6 08:00 9 | 6 20:00 8 | 7 08:00 6 | 8 08:00 2 | 8 20:00 4 | 9 08:00 7 | 9 20:00 9 | 10 08:00 10",
    consciousness="-9 00:00 awake | 8 08:00 awakens_to_voice | 8 20:00 awake",
    crp="-6 05:30 18 | 2 05:30 52 | 4 05:30 141 | 7 05:30 22 | 11 05:30 6",
    ferritin="-6 05:30 690 | 4 05:30 3300 | 7 05:30 3900 | 11 05:30 1900",
)

AIRWAY = Story(
    name="09-airway",
    shows="ICANS 4: unarousable; a ventilator for the airway alone does not make CRS 4",
    infused="2026-03-08",
    age=66,
    usual=(36.6, 129, 73, 96),
    watch="-5 08:00 24 | 0 08:00 8 | 3 08:00 4 | 7 04:00 2 | 7 16:00 4 | 9 16:00 8 | 11 12:00 0",
    notes="""
        -5 07:40 age 66 a
        -5 07:40 sex male
        -5 07:40 body_weight 88.9 kg
        -5 07:40 diagnosis mantle_cell_lymphoma {"text": "Mantle cell lymphoma, blastoid, after a BTK inhibitor"}
        -5 09:30 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -5 10:00 drug cyclophosphamide 1040 mg until -5 11:00
        -5 11:30 drug fludarabine 62 mg until -5 12:00
        -4 10:00 drug cyclophosphamide 1040 mg until -4 11:00
        -4 11:30 drug fludarabine 62 mg until -4 12:00
        -3 10:00 drug cyclophosphamide 1040 mg until -3 11:00
        -3 11:30 drug fludarabine 62 mg until -3 12:00
        -3 12:10 lymphodepletion completed
        0 09:00 drug levetiracetam 750 mg {"prophylaxis": true}
        0 11:50 infusion brexucabtagene_autoleucel {"dose_million_cells": 178}
        3 17:00 drug acetaminophen 1000 mg
        4 20:20 fluid_bolus 500 mL {"fluid": "Ringer's lactate"}
        4 21:00 drug tocilizumab 711 mg until 4 22:00
        6 08:40 drug dexamethasone 10 mg
        6 14:40 drug dexamethasone 10 mg
        6 20:40 drug dexamethasone 20 mg
        7 04:10 consciousness unarousable
        7 04:20 drug methylprednisolone 1000 mg until 7 05:20
        7 05:05 attribution positive_pressure until 8 05:05 {"cause": "airway protection in coma; 96 % on air before"}
        7 05:10 drug propofol 25 ug/kg/min
        7 05:10 rass_score -4
        7 06:30 cerebral_edema none {"modality": "CT"}
        7 08:00 rass_score -4
        7 20:00 rass_score -4
        8 04:20 drug methylprednisolone 1000 mg until 8 05:20
        8 05:00 attribution positive_pressure until 9 05:00 {"cause": "airway protection in coma; inspired oxygen 30 %"}
        8 08:00 rass_score -4
        8 20:00 rass_score -3
        9 04:20 drug methylprednisolone 1000 mg until 9 05:20
        9 05:00 attribution positive_pressure until 9 12:30 {"cause": "airway protection, extubation planned"}
        9 08:30 drug propofol 0 ug/kg/min
        9 10:00 rass_score -1
    """,
    temperature="3 10:00 37.2 | 3 16:00 38.5 | 4 18:00 39.1 | 5 02:00 37.9 | 5 12:00 37.0 | 6 10:00 37.5"
    " | 6 15:00 38.3 | 7 00:00 37.6 | 7 04:00 37.1"
    " | 9 00:00 36.6",
    systolic="4 12:00 110 | 4 19:00 88 | 4 20:30 84 | 4 22:00 99 | 5 12:00 116 | 7 05:30 112 | 9 10:00 124",
    oxygen="-9 00:00 room_air | 7 05:10 invasive_ventilation | 9 12:00 nasal_cannula 2 | 10 08:00 room_air",
    ice="-9 00:00 10 | 5 08:00 9 | 5 20:00 7 | 6 08:00 4 | 6 20:00 3 | 7 04:00 - | 9 20:00 4 | 10 08:00 7 | 10 20:00 9"
    " | 11 08:00 10",
    consciousness="-9 00:00 awake | 6 20:00 awakens_to_voice | 7 04:00 unarousable | 9 12:00 awakens_to_voice"
    " | 10 08:00 awake",
    crp="-6 05:30 24 | 3 05:30 66 | 5 05:30 158 | 7 05:30 41 | 11 05:30 8",
    ferritin="-6 05:30 900 | 5 05:30 5200 | 7 05:30 6400 | 11 05:30 2600",
)

CHILD = Story(
    name="10-child",
    shows="a girl of four: CRS 2 by the pressure of her age, ICANS 3 by CAPD",
    infused="2026-03-10",
    age=4,
    usual=(36.7, 99, 104, 98),
    watch="-1 16:00 8 | 2 08:00 4 | 4 00:00 8 | 9 08:00 0",
    notes="""
        -1 15:30 body_weight 16.2 kg
        -1 15:40 diagnosis b_all
        0 10:30 infusion tisagenlecleucel
        2 12:30 drug acetaminophen 240 mg
        3 12:20 fluid_bolus 320 mL
        3 15:00 drug tocilizumab 194 mg until 3 16:00
        5 08:30 new_neurological_change yes
        5 20:40 drug dexamethasone 8 mg
        6 08:40 drug dexamethasone 8 mg
        6 20:40 drug dexamethasone 8 mg
    """,
    temperature="2 08:00 37.4 | 2 12:00 38.8 | 3 12:00 39.9 | 3 18:00 38.4 | 4 04:00 37.2 | 4 18:00 36.7",
    systolic="3 04:00 92 | 3 12:00 73 | 3 16:00 84 | 4 08:00 94",
    capd="-9 00:00 4 | 5 08:00 7 | 5 20:00 11 | 6 08:00 13 | 6 20:00 10 | 7 08:00 7 | 7 20:00 4",
    crp="-6 05:30 11 | 2 05:30 39 | 4 05:30 112 | 9 05:30 8",
    ferritin="-6 05:30 1500 | 4 05:30 5900 | 9 05:30 2400",
)

HOME_OXYGEN = Story(
    name="11-home-oxygen",
    shows="oxygen and nightly CPAP as at home are no CRS; two liters more are CRS 2",
    infused="2026-03-11",
    age=72,
    usual=(36.5, 137, 80, 94),
    watch="-4 08:00 24 | 0 08:00 8 | 3 12:00 4 | 6 12:00 8 | 8 12:00 0",
    notes="""
        -4 07:30 age 72 a
        -4 07:30 sex male
        -4 07:30 body_weight 96.3 kg
        -4 07:30 diagnosis lbcl {"text": "Diffuse large B-cell lymphoma; emphysema, sleep apnea"}
        -4 07:30 home_oxygen 2 L/min {"schedule": "day and night"}
        -4 07:30 home_positive_pressure cpap {"schedule": "nocturnal"}
        -4 09:30 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -4 10:00 drug fludarabine 53 mg until -4 10:30
        -4 11:00 drug cyclophosphamide 530 mg until -4 12:00
        -3 10:00 drug fludarabine 53 mg until -3 10:30
        -3 11:00 drug cyclophosphamide 530 mg until -3 12:00
        -2 10:00 drug fludarabine 53 mg until -2 10:30
        -2 11:00 drug cyclophosphamide 530 mg until -2 12:00
        -2 12:10 lymphodepletion completed
        0 11:15 infusion tisagenlecleucel {"dose_million_cells": 320}
        3 16:30 drug acetaminophen 650 mg
        4 18:40 drug tocilizumab 770 mg until 4 19:40
    """,
    temperature="3 10:00 37.1 | 3 16:00 38.3 | 4 16:00 38.9 | 5 04:00 38.1 | 5 14:00 37.4 | 6 06:00 36.7",
    saturation="4 12:00 93 | 4 16:00 88 | 4 17:00 92 | 6 06:00 93",
    oxygen="-9 00:00 nasal_cannula 2 | 0 22:00 cpap | 1 06:00 nasal_cannula 2 | 1 22:00 cpap | 2 06:00 nasal_cannula 2"
    " | 2 22:00 cpap | 3 06:00 nasal_cannula 2 | 3 22:00 cpap | 4 06:00 nasal_cannula 2 | 4 16:10 nasal_cannula 4"
    " | 5 16:00 nasal_cannula 3 | 6 06:00 nasal_cannula 2 | 6 22:00 cpap | 7 06:00 nasal_cannula 2",
    crp="-6 05:30 16 | 3 05:30 44 | 5 05:30 121 | 8 05:30 30",
    ferritin="-6 05:30 560 | 5 05:30 1900 | 8 05:30 1300",
)

CHARTING = Story(
    name="12-charting",
    shows="a boy of eleven: a mistyped temperature amended, a late entry, and Fahrenheit sent as Celsius",
    infused="2026-03-12",
    age=11,
    usual=(36.7, 108, 88, 98),
    watch="-4 08:00 24 | 0 08:00 8 | 2 14:00 6 | 3 16:00 0 | 3 19:40 7 | 4 14:00 0 | 4 15:00 4 | 6 06:00 8 | 8 10:00 0",
    notes="""
        -4 07:40 age 11.4 a
        -4 07:40 sex male
        -4 07:40 body_weight 38.4 kg
        -4 07:40 diagnosis b_all {"text": "B-ALL, second relapse, minimal residual disease 0.3 %"}
        -4 09:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        -4 10:00 drug fludarabine 37 mg until -4 10:30
        -4 11:00 drug cyclophosphamide 620 mg until -4 12:00
        -3 10:00 drug fludarabine 37 mg until -3 10:30
        -3 11:00 drug cyclophosphamide 620 mg until -3 12:00
        -2 10:00 drug fludarabine 37 mg until -2 10:30
        -2 10:40 lymphodepletion completed
        0 10:45 infusion tisagenlecleucel {"dose_million_cells": 96}
        3 18:20 drug acetaminophen 500 mg
        4 15:30 drug acetaminophen 500 mg
        8 10:00 discharge {"to": "home"}
    """,
    temperature="3 14:00 36.9 | 3 18:00 38.3 | 3 18:40 38.2 | 3 19:40 37.6 | 4 02:00 37.5 | 4 08:00 37.7 | 4 13:30 38.8"
    " | 4 16:00 38.7 | 5 16:00 38.5 | 6 04:00 37.4 | 6 18:00 36.7",
    capd="-9 00:00 2",
    extra=(
        {
            "at": datetime.fromisoformat("2026-03-14T10:04:00Z"),
            "what": "body_temperature",
            "value": "38.9",
            "unit": "Cel",
            "key": "typed-1",
            "recorded_at": datetime.fromisoformat("2026-03-14T10:05:00Z"),
        },
        {
            "at": datetime.fromisoformat("2026-03-14T10:04:00Z"),
            "what": "body_temperature",
            "value": "36.9",
            "unit": "Cel",
            "key": "typed-2",
            "amends": "typed-1",
            "reason": "mistyped: the thermometer's memory shows 36.9",
            "recorded_at": datetime.fromisoformat("2026-03-14T16:40:00Z"),
        },
        {
            "at": datetime.fromisoformat("2026-03-15T18:12:00Z"),
            "what": "body_temperature",
            "value": "38.3",
            "unit": "Cel",
            "key": "paper-1",
            "reason": "entered late: charted on paper while the system was down",
            "recorded_at": datetime.fromisoformat("2026-03-16T07:30:00Z"),
        },
        {
            "at": datetime.fromisoformat("2026-03-16T13:36:00Z"),
            "what": "body_temperature",
            "value": "101.8",
            "unit": "Cel",
            "key": "spot-monitor-1",
            "recorded_at": datetime.fromisoformat("2026-03-16T13:36:00Z"),
        },
    ),
)

STORIES = (
    UNEVENTFUL, READMITTED, BIPHASIC, LOW_FLOW_OXYGEN, TOCILIZUMAB, TWO_VASOPRESSORS,
    WORD_FINDING, SEIZURE, AIRWAY, CHILD, HOME_OXYGEN, CHARTING,
)  # fmt: skip
