# ruff: noqa: E501 - a fact is a line
"""Five invented courses from the infusion to a year after it and more, and whom to call. Nobody in here exists.

A line is a fact: ``DAY [HH:MM] WHAT[:ABOUT] CHOICE or NUMBER [UNIT] [until DAY] [of ASSESSMENT] [by SOURCE] [{details}]``,
the day counted from the infusion, the time in UTC. A line with a bar is a series of a laboratory's values:
``WHAT UNIT | DAY VALUE, DAY VALUE``. ``DAY TIME round TEMPERATURE SYSTOLIC SATURATION ice SCORE`` is a round of vital signs on room
air with a score (``ice`` or ``capd``); ``rounds DAY DAY ...`` is three of them on each of these days. None of the numbers is a recommendation.
"""

from __future__ import annotations

LYMPHOMA = """
    -63 referral {"from": "Lakeside Oncology", "reason": "Relapse ten months after R-CHOP", "urgency": "urgent"}
    -63 age 58 a
    -63 sex female
    -63 diagnosis dlbcl {"text": "Diffuse large B-cell lymphoma, not otherwise specified", "stage": "III", "histology_confirmed": true}
    -620 line_of_therapy 1 until -480 {"regimen": "R-CHOP, 6 cycles", "classes": ["anti_cd20", "anthracycline", "alkylator", "corticosteroid"], "response": "complete response", "systemic": true}
    -70 disease_status first_relapse
    -56 ecog_score 1
    -52 antigen_expression:CD19 positive {"antigen": "CD19", "percent": 95, "method": "immunohistochemistry", "sample": "lymph node, current relapse"}
    -49 product_chosen axicabtagene_ciloleucel
    -48 caregiver yes {"text": "Her husband"}
    -48 travel_time 40 min {"country": "US", "lodging": "home"}
    -44 hbsag negative
    -44 anti_hbc negative
    -28 15:00 collection completed
    -20 bridging_therapy corticosteroid {"regimen": "Dexamethasone, four days"}
    -6 13:00 imaging pet_ct of scan-1
    -6 13:00 fdg_avid yes of scan-1
    -6 13:00 lesion:T1 6.2 cm of scan-1 {"short_axis": 4.1, "site": "node", "place": "left iliac"}
    -6 13:00 lesion:T2 3.8 cm of scan-1 {"short_axis": 2.9, "site": "node", "place": "retroperitoneal"}
    -6 13:00 lesion:T3 2.6 cm of scan-1 {"short_axis": 2.0, "site": "node", "place": "mediastinal"}
    -6 13:00 non_target_disease stable of scan-1
    -6 13:00 spleen_length 11.8 cm of scan-1
    -6 13:00 liver_size normal of scan-1
    -6 13:00 deauville_score 5 of scan-1
    -6 13:00 suv_max 22.4 1 of scan-1
    -6 13:00 marrow_finding negative of scan-1
    -5 14:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
    -3 16:00 lymphodepletion completed
    0 16:00 infusion axicabtagene_ciloleucel {"lot": "AX-5510", "dose_million_cells": 142, "route": "intravenous"}
    0 17:00 round 36.6 124 97 ice 10
    rounds 1 1 36.6 122 97 ice 10
    2 05:00 round 36.9 122 97 ice 10
    2 13:00 round 37.4 120 96 ice 10
    2 20:10 round 38.7 118 96 ice 10
    3 02:00 round 39.0 104 95 ice 10
    3 06:00 round 39.3 86 95 ice 10
    3 09:00 round 38.4 98 96 ice 10
    3 13:00 round 37.9 108 96 ice 10
    3 19:00 round 37.4 112 96 ice 10
    rounds 4 4 36.8 116 97 ice 10
    5 05:00 round 36.8 116 97 ice 10
    5 13:00 round 36.9 118 97 ice 8
    5 21:00 round 36.8 118 97 ice 8
    rounds 6 6 36.7 119 97 ice 8
    rounds 7 11 36.5 121 98 ice 10
    12 05:00 round 36.5 122 98 ice 10
    12 13:00 round 36.6 122 98 ice 10
    2 21:00 infection_work_up blood_culture {"result": "negative"}
    3 08:00 infection_work_up blood_culture {"result": "negative"}
    3 07:00 drug tocilizumab 560 mg
    6 13:05 drug dexamethasone 10 mg
    12 15:00 discharge {"to": "home"}
    -5 prophylaxis antiviral {"drug": "Acyclovir"}
    30 15:00 prophylaxis pneumocystis {"drug": "Trimethoprim and sulfamethoxazole"}
    neutrophils 10*9/L | -6 3.1, 0 1.2, 4 0.1, 7 0.1, 10 0.3, 12 0.8, 20 1.1, 30 1.4, 45 0.9, 60 1.6, 90 2.1, 180 2.9, 270 3.0, 365 3.2
    platelets 10*9/L | -6 186, 0 142, 7 48, 12 61, 30 88, 60 122, 90 148, 180 190, 365 204
    hemoglobin g/dL | -6 11.4, 7 8.9, 30 9.8, 60 10.9, 90 11.6, 180 12.4, 365 12.9
    lymphocytes 10*9/L | -6 0.9, 30 0.5, 90 0.8, 180 1.1, 365 1.4
    crp mg/L | -6 22, 2 88, 3 141, 5 42, 8 11, 30 4
    ferritin ng/mL | -6 610, 3 2140, 5 1830, 8 1120, 30 480
    ldh U/L | -6 412, 7 296, 30 214, 90 188, 180 181, 365 176
    creatinine mg/dL | -6 0.8, 3 1.1, 30 0.8, 180 0.8, 365 0.8
    igg mg/dL | -6 690, 30 420, 60 352, 90 318, 112 298, 120 690, 180 455, 240 430, 300 470, 365 520
    iga mg/dL | 30 22, 180 14, 365 31
    cd4 /uL | 30 96, 90 148, 180 187, 270 226, 365 284
    cd19 /uL | 0 0, 30 0, 90 0, 180 4, 270 26, 365 71
    car_t_copies /ug{DNA} | 2 180, 7 41200, 10 36800, 14 21500, 21 6900, 28 2450, 60 610, 90 240, 180 85, 365 40
    7 15:00 drug filgrastim 300 ug
    9 15:00 drug filgrastim 300 ug
    48 15:00 drug filgrastim 300 ug
    17 09:00 body_temperature 36.7 Cel by patient
    17 09:05 feeling fair by patient {"by": "patient"}
    17 20:00 home_check as_always by caregiver {"by": "caregiver"}
    21 09:00 body_temperature 36.6 Cel by patient
    21 09:05 feeling good by patient {"by": "patient"}
    28 09:00 body_temperature 36.8 Cel by patient
    28 20:00 home_check as_always by caregiver {"by": "caregiver"}
    30 13:00 imaging pet_ct of scan-2
    30 13:00 lesion:T1 3.0 cm of scan-2 {"short_axis": 2.2, "site": "node"}
    30 13:00 lesion:T2 1.9 cm of scan-2 {"short_axis": 1.3, "site": "node"}
    30 13:00 lesion:T3 1.4 cm of scan-2 {"short_axis": 1.0, "site": "node"}
    30 13:00 non_target_disease regressed of scan-2
    30 13:00 new_lesion not_disease of scan-2 {"place": "lung, ground glass of 0.6 cm"}
    30 13:00 spleen_length 11.6 cm of scan-2
    30 13:00 liver_size normal of scan-2
    30 13:00 deauville_score 4 of scan-2
    30 13:00 suv_max 6.1 1 of scan-2
    30 13:00 uptake_change reduced of scan-2
    30 17:00 response_read partial of scan-2 {"text": "Much smaller everywhere, still brighter than the liver in the left iliac node"}
    30 15:00 follow_up_visit seen {"time_point": "day_30"}
    30 15:10 distress_score:patient 5 {score} {"problems": ["worry", "sleep", "work"], "by": "patient", "text": "I wait for the next scan all day long."}
    30 15:12 distress_score:caregiver 6 {score} {"problems": ["worry", "tired", "money"], "by": "caregiver"}
    32 16:00 support_contact:patient talked {"text": "Talked about the scan; a call every two weeks until month 3"}
    32 16:20 support_contact:caregiver referred {"text": "Social worker, about his leave from work"}
    41 10:20 reported_symptom infection_signs by patient {"severity": "mild", "by": "patient", "tier": "today", "text": "Stuffed nose and pressure over the eyes"}
    41 10:26 alert_acknowledgement:reported taken by mei {"alert": "reported", "onset": "2025-12-16T10:20:00+00:00", "seen": ["reported.infection_signs:2"], "owner": "nurse"}
    41 18:00 infection bacterial {"episode": "sinusitis 1", "site": "sinus", "severity": "mild"}
    16 15:00 restriction:driving lifted {"text": "Two weeks over, no sign of the nerves since day 7"}
    96 10:05 reported_symptom infection_signs by patient {"severity": "moderate", "by": "patient", "tier": "today"}
    96 10:11 alert_acknowledgement:reported taken by mei {"alert": "reported", "onset": "2025-12-16T10:20:00+00:00", "seen": ["reported.infection_signs:2"], "owner": "nurse"}
    96 17:00 infection bacterial {"episode": "sinusitis 2", "site": "sinus", "severity": "moderate"}
    113 15:00 drug immunoglobulin 30 g {"route": "intravenous", "indication": "IgG below 400 mg/dL with two infections of the sinuses"}
    90 13:00 imaging pet_ct of scan-3
    90 13:00 lesion:T1 2.1 cm of scan-3 {"short_axis": 1.4, "site": "node"}
    90 13:00 lesion:T2 1.2 cm of scan-3 {"short_axis": 0.8, "site": "node"}
    90 13:00 lesion:T3 0.9 cm of scan-3 {"short_axis": 0.6, "site": "node"}
    90 13:00 non_target_disease normal of scan-3
    90 13:00 spleen_length 11.4 cm of scan-3
    90 13:00 liver_size normal of scan-3
    90 13:00 deauville_score 3 of scan-3
    90 13:00 suv_max 2.6 1 of scan-3
    90 13:00 uptake_change reduced of scan-3
    90 17:00 response_read complete of scan-3
    90 15:00 follow_up_visit seen {"time_point": "month_3"}
    90 15:10 distress_score:patient 2 {score} {"problems": ["sleep"], "by": "patient"}
    90 15:12 distress_score:caregiver 3 {score} {"problems": ["money"], "by": "caregiver"}
    100 15:00 follow_up_visit seen {"time_point": "day_100"}
    104 15:00 vaccination covid_19 {"dose": 1}
    127 16:00 distress_score:patient 4 {score} {"problems": ["tired", "waiting"], "by": "patient"}
    128 03:10 distress_score:caregiver 6 {score} {"problems": ["worry", "sleep"], "by": "caregiver", "text": "Every cold scares me."}
    129 14:20 body_temperature 36.7 Cel by patient
    129 14:22 feeling fair by patient {"by": "patient"}
    130 15:00 support_contact:caregiver talked {"text": "Called him back; what to do with a cold, and whom to call"}
    130 15:20 support_contact:patient talked {"text": "The scan of month 6 is in May; a call in between"}
    132 15:00 vaccination covid_19 {"dose": 2}
    160 15:00 vaccination covid_19 {"dose": 3}
    180 13:00 imaging pet_ct of scan-4
    180 13:00 lesion:T1 1.7 cm of scan-4 {"short_axis": 1.1, "site": "node"}
    180 13:00 lesion:T2 1.0 cm of scan-4 {"short_axis": 0.7, "site": "node"}
    180 13:00 lesion:T3 0.8 cm of scan-4 {"short_axis": 0.5, "site": "node"}
    180 13:00 non_target_disease normal of scan-4
    180 13:00 spleen_length 11.5 cm of scan-4
    180 13:00 deauville_score 2 of scan-4
    180 13:00 suv_max 1.8 1 of scan-4
    180 13:00 uptake_change reduced of scan-4
    180 15:00 follow_up_visit seen {"time_point": "month_6"}
    180 15:05 immunosuppression none
    180 15:10 distress_score:patient 3 {score} {"problems": ["tired"], "by": "patient"}
    200 15:00 vaccination pneumococcal {"dose": 1, "brand": "PCV20"}
    200 15:05 vaccination tetanus_diphtheria_pertussis {"dose": 1}
    200 15:10 vaccination hepatitis_b {"dose": 1}
    228 15:00 vaccination pneumococcal {"dose": 2, "brand": "PCV20"}
    240 15:00 prophylaxis pneumocystis until 241 {"drug": "Trimethoprim and sulfamethoxazole", "text": "CD4 above 200"}
    330 15:10 vaccination influenza {"dose": 1}
    262 15:00 vaccine_titer:pneumococcal no_response {"vaccine": "pneumococcal"}
    270 15:00 follow_up_visit telephone {"time_point": "month_9"}
    283 11:00 reported_symptom always_tired by patient {"severity": "mild", "by": "patient", "tier": "visit"}
    290 15:00 late_effect:fatigue fatigue {"effect": "fatigue", "grade": 1, "text": "Hemoglobin and thyroid normal; walking group"}
    300 15:00 vaccination zoster {"dose": 1}
    365 13:00 imaging pet_ct of scan-5
    365 13:00 lesion:T1 1.5 cm of scan-5 {"short_axis": 1.0, "site": "node"}
    365 13:00 lesion:T2 1.0 cm of scan-5 {"short_axis": 0.7, "site": "node"}
    365 13:00 lesion:T3 0.8 cm of scan-5 {"short_axis": 0.5, "site": "node"}
    365 13:00 non_target_disease normal of scan-5
    365 13:00 spleen_length 11.4 cm of scan-5
    365 13:00 deauville_score 2 of scan-5
    365 13:00 uptake_change reduced of scan-5
    365 17:00 response_read complete of scan-5
    365 15:00 follow_up_visit seen {"time_point": "year_1"}
    365 15:05 immunosuppression none
    365 15:10 distress_score:patient 1 {score} {"by": "patient", "text": "I drive to work again."}
    365 15:12 distress_score:caregiver 2 {score} {"by": "caregiver"}
    366 15:00 care_plan_given patient {"language": "en"}
    366 15:05 care_plan_given physician {"language": "en"}
    360 15:00 vaccination zoster {"dose": 2}
    -40 care_contact oncologist {"name": "Lakeside Oncology", "telephone": "555-0121", "hours": "weekdays 8 to 5"}
    -40 care_contact family_doctor {"name": "Lakeside Family Practice", "telephone": "555-0122", "hours": "weekdays 8 to 6"}
"""

MYELOMA = """
    -70 referral {"from": "Hill Street Hematology", "reason": "Second relapse, refractory to lenalidomide", "urgency": "soon"}
    -70 age 66 a
    -70 sex male
    -70 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgG kappa", "histology_confirmed": true}
    -1900 line_of_therapy 1 until -900 {"regimen": "Bortezomib, lenalidomide, dexamethasone; transplant; lenalidomide", "classes": ["pi", "imid", "corticosteroid", "auto_hct"], "response": "very good partial response", "outcome": "progression", "systemic": true, "refractory_to": ["lenalidomide"]}
    -880 line_of_therapy 2 until -85 {"regimen": "Daratumumab, carfilzomib, dexamethasone", "classes": ["anti_cd38", "pi", "corticosteroid"], "response": "partial response", "outcome": "progression", "systemic": true}
    -1700 transplant autologous
    -80 disease_status second_relapse {"relapse_number": 2}
    -60 ecog_score 1
    -56 product_chosen ciltacabtagene_autoleucel
    -55 caregiver yes {"text": "His wife"}
    -55 travel_time 95 min {"country": "US", "lodging": "hotel"}
    -50 hbsag negative
    -50 anti_hbc positive
    -50 hbv_dna 0 [IU]/mL
    -45 15:00 collection completed
    -35 bridging_therapy targeted {"regimen": "Carfilzomib, one cycle"}
    -5 14:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
    -3 16:00 lymphodepletion completed
    0 16:00 infusion ciltacabtagene_autoleucel {"lot": "CC-2207", "dose_million_cells": 61, "route": "intravenous"}
    0 17:00 round 36.6 131 97 ice 10
    rounds 1 6 36.6 130 97 ice 10
    7 05:00 round 36.7 129 97 ice 10
    7 13:00 round 37.0 127 97 ice 10
    7 21:40 round 38.4 122 96 ice 10
    8 05:00 round 38.8 118 96 ice 10
    8 13:00 round 38.6 117 96 ice 10
    8 21:00 round 38.3 118 96 ice 10
    9 05:00 round 37.3 122 97 ice 10
    9 13:00 round 37.1 124 97 ice 10
    9 21:00 round 36.9 125 97 ice 10
    rounds 10 14 36.5 128 98 ice 10
    15 05:00 round 36.5 128 98 ice 10
    15 13:00 round 36.6 129 98 ice 10
    7 22:30 infection_work_up blood_culture {"result": "negative"}
    8 22:30 infection_work_up blood_culture {"result": "negative"}
    8 22:00 drug tocilizumab 640 mg
    15 15:00 discharge {"to": "hotel near the center"}
    -5 prophylaxis antiviral {"drug": "Acyclovir"}
    -5 antiviral_prophylaxis on
    30 15:00 prophylaxis pneumocystis {"drug": "Atovaquone"}
    neutrophils 10*9/L | -5 2.4, 0 1.1, 7 0.3, 10 0.2, 14 0.4, 21 0.9, 28 0.8, 42 1.2, 56 1.5, 84 1.8, 168 2.2, 365 2.6
    platelets 10*9/L | -5 148, 7 62, 14 38, 28 55, 56 92, 84 120, 168 151, 365 168
    hemoglobin g/dL | -5 10.6, 14 8.4, 28 9.2, 84 11.0, 168 12.1, 365 12.8
    lymphocytes 10*9/L | -5 0.8, 14 1.9, 28 0.6, 84 0.9, 168 1.1, 365 1.3
    crp mg/L | -5 6, 8 62, 14 5
    ferritin ng/mL | -5 390, 8 980, 14 620
    creatinine mg/dL | -5 1.0, 28 1.0, 84 0.9, 365 0.9
    calcium mg/dL | -5 9.4, 28 9.2, 84 9.3, 365 9.4
    igg mg/dL | -5 3920, 28 1510, 56 620, 84 310, 112 190, 140 560, 168 610, 224 540, 280 380, 365 410
    iga mg/dL | 28 8, 168 5, 365 9
    cd4 /uL | 28 74, 84 121, 168 168, 280 214, 365 251
    cd19 /uL | 28 11, 84 38, 168 64, 365 102
    car_t_copies /ug{DNA} | 3 95, 7 18600, 12 68400, 14 60100, 21 22800, 28 9100, 56 1850, 84 620, 168 210, 365 60
    -5 12:00 serum_m_protein 3.4 g/dL of visit-0
    -5 12:00 urine_m_protein 240 mg/d of visit-0
    -5 12:00 kappa_light_chains 418 mg/L of visit-0
    -5 12:00 lambda_light_chains 6.1 mg/L of visit-0
    -5 12:00 serum_immunofixation positive of visit-0
    -5 12:00 urine_immunofixation positive of visit-0
    -5 12:00 marrow_plasma_cells 42 % of visit-0
    -5 12:00 plasmacytoma none of visit-0
    -5 12:00 bone_lesions stable of visit-0
    28 12:00 serum_m_protein 1.4 g/dL of visit-1
    28 12:00 urine_m_protein 18 mg/d of visit-1
    28 12:00 kappa_light_chains 9.4 mg/L of visit-1
    28 12:00 lambda_light_chains 3.2 mg/L of visit-1
    28 12:00 serum_immunofixation positive of visit-1
    28 12:00 urine_immunofixation positive of visit-1
    28 12:00 marrow_plasma_cells 2 % of visit-1
    28 12:00 plasmacytoma none of visit-1
    28 12:00 imaging_residual negative of visit-1
    28 12:00 bone_lesions stable of visit-1
    28 12:00 mrd not_detected of visit-1 {"method": "ngf", "limit": 0.00001, "specimen": "marrow", "evaluated": 5200000}
    56 12:00 serum_m_protein 0.5 g/dL of visit-2
    56 12:00 urine_m_protein 0 mg/d of visit-2
    56 12:00 kappa_light_chains 7.9 mg/L of visit-2
    56 12:00 lambda_light_chains 5.0 mg/L of visit-2
    56 12:00 serum_immunofixation positive of visit-2
    56 12:00 urine_immunofixation negative of visit-2
    84 12:00 serum_m_protein 0.2 g/dL of visit-3
    84 12:00 urine_m_protein 0 mg/d of visit-3
    84 12:00 kappa_light_chains 8.2 mg/L of visit-3
    84 12:00 lambda_light_chains 6.4 mg/L of visit-3
    84 12:00 serum_immunofixation positive of visit-3
    84 12:00 urine_immunofixation negative of visit-3
    84 12:00 plasmacytoma none of visit-3
    84 12:00 imaging_residual negative of visit-3
    84 12:00 bone_lesions stable of visit-3
    112 12:00 serum_m_protein 0.1 g/dL of visit-4
    112 12:00 urine_m_protein 0 mg/d of visit-4
    112 12:00 kappa_light_chains 8.8 mg/L of visit-4
    112 12:00 lambda_light_chains 7.0 mg/L of visit-4
    112 12:00 serum_immunofixation positive of visit-4
    112 12:00 urine_immunofixation negative of visit-4
    140 12:00 serum_m_protein 0 g/dL of visit-5
    140 12:00 urine_m_protein 0 mg/d of visit-5
    140 12:00 kappa_light_chains 9.1 mg/L of visit-5
    140 12:00 lambda_light_chains 7.4 mg/L of visit-5
    140 12:00 serum_immunofixation negative of visit-5
    140 12:00 urine_immunofixation negative of visit-5
    168 12:00 serum_m_protein 0 g/dL of visit-6
    168 12:00 urine_m_protein 0 mg/d of visit-6
    168 12:00 kappa_light_chains 9.6 mg/L of visit-6
    168 12:00 lambda_light_chains 8.0 mg/L of visit-6
    168 12:00 serum_immunofixation negative of visit-6
    168 12:00 urine_immunofixation negative of visit-6
    168 12:00 marrow_plasma_cells 1 % of visit-6
    168 12:00 marrow_clonality absent of visit-6 {"ratio": 1.6, "counted": 140}
    168 12:00 plasmacytoma none of visit-6
    168 12:00 imaging_residual negative of visit-6
    168 12:00 bone_lesions stable of visit-6
    168 17:00 response_read complete of visit-6
    168 12:00 mrd not_detected of visit-6 {"method": "ngf", "limit": 0.00001, "specimen": "marrow", "evaluated": 6100000}
    196 12:00 serum_m_protein 0 g/dL of visit-7
    196 12:00 urine_m_protein 0 mg/d of visit-7
    196 12:00 kappa_light_chains 10.2 mg/L of visit-7
    196 12:00 lambda_light_chains 8.8 mg/L of visit-7
    196 12:00 serum_immunofixation negative of visit-7
    196 12:00 urine_immunofixation negative of visit-7
    280 12:00 serum_m_protein 0 g/dL of visit-8
    280 12:00 urine_m_protein 0 mg/d of visit-8
    280 12:00 kappa_light_chains 11.4 mg/L of visit-8
    280 12:00 lambda_light_chains 9.9 mg/L of visit-8
    280 12:00 serum_immunofixation negative of visit-8
    280 12:00 urine_immunofixation negative of visit-8
    365 12:00 serum_m_protein 0 g/dL of visit-9
    365 12:00 urine_m_protein 0 mg/d of visit-9
    365 12:00 kappa_light_chains 12.0 mg/L of visit-9
    365 12:00 lambda_light_chains 10.8 mg/L of visit-9
    365 12:00 serum_immunofixation negative of visit-9
    365 12:00 urine_immunofixation negative of visit-9
    396 12:00 serum_m_protein 0 g/dL of visit-10
    396 12:00 urine_m_protein 0 mg/d of visit-10
    396 12:00 kappa_light_chains 11.8 mg/L of visit-10
    396 12:00 lambda_light_chains 10.9 mg/L of visit-10
    396 12:00 serum_immunofixation negative of visit-10
    396 12:00 urine_immunofixation negative of visit-10
    396 12:00 marrow_plasma_cells 1 % of visit-10
    396 12:00 marrow_clonality absent of visit-10 {"ratio": 1.4, "counted": 160}
    396 12:00 plasmacytoma none of visit-10
    396 12:00 imaging_residual negative of visit-10
    396 12:00 bone_lesions stable of visit-10
    396 12:00 mrd not_detected of visit-10 {"method": "ngf", "limit": 0.000001, "specimen": "marrow", "evaluated": 11200000}
    18 09:10 body_temperature 36.7 Cel by patient
    18 09:12 feeling fair by patient {"by": "patient"}
    18 20:10 home_check as_always by caregiver {"by": "caregiver"}
    26 09:10 body_temperature 36.5 Cel by patient
    26 09:12 feeling good by patient {"by": "patient"}
    28 15:00 follow_up_visit seen {"time_point": "day_30"}
    28 15:10 distress_score:patient 3 {score} {"problems": ["tired", "home"], "by": "patient"}
    28 15:12 distress_score:caregiver 4 {score} {"problems": ["sleep", "worry"], "by": "caregiver"}
    30 16:00 support_contact:caregiver talked {"text": "A second caregiver for two nights a week"}
    56 16:00 restriction:driving lifted {"text": "Eight weeks over"}
    84 15:00 follow_up_visit seen {"time_point": "month_3"}
    84 15:10 distress_score:patient 2 {score} {"by": "patient"}
    108 19:30 reported_symptom slow_movement by caregiver {"severity": "moderate", "by": "caregiver", "tier": "today", "noticed": "2025-05-24", "text": "His steps are small and he hardly smiles; his writing has become tiny"}
    108 19:35 home_check changed by caregiver {"by": "caregiver"}
    108 19:41 alert_acknowledgement:reported taken by amara {"alert": "reported", "onset": "2025-05-30T19:30:00+00:00", "seen": ["reported.slow_movement:2", "reported.home_check:4"], "owner": "physician"}
    109 15:00 follow_up_visit seen {"time_point": "extra", "text": "Small steps, small handwriting, no tremor; neurologist today"}
    110 16:00 late_effect:movement movement {"effect": "movement", "grade": 2, "reported": ["manufacturer", "registry"], "text": "Parkinsonism without tremor after BCMA CAR T cells; MRI without finding"}
    110 16:10 restriction:driving extended {"text": "Slow movements; until the neurologist has seen him again"}
    111 15:00 distress_score:patient 6 {score} {"problems": ["worry", "looks", "work"], "by": "patient", "text": "I was told this would be over by now."}
    111 15:05 distress_score:caregiver 7 {score} {"problems": ["worry", "sleep", "sadness"], "by": "caregiver"}
    112 16:00 support_contact:patient referred {"text": "Psychologist and physical therapy"}
    112 16:10 support_contact:caregiver talked {"text": "Call twice a week"}
    119 15:00 drug immunoglobulin 35 g {"route": "intravenous"}
    149 15:00 drug immunoglobulin 35 g {"route": "intravenous"}
    180 15:00 drug immunoglobulin 35 g {"route": "intravenous"}
    168 15:00 follow_up_visit seen {"time_point": "month_6"}
    168 15:05 immunosuppression none
    168 15:10 distress_score:patient 4 {score} {"problems": ["tired"], "by": "patient"}
    170 16:00 support_contact:patient talked {"text": "Slower, and steady; goes on with physical therapy"}
    168 15:20 late_effect:movement movement {"effect": "movement", "grade": 1, "reported": ["manufacturer", "registry"], "text": "Better with physical therapy"}
    190 16:00 restriction:driving lifted {"text": "Neurologist agrees"}
    246 15:00 vaccination influenza {"dose": 1}
    250 15:00 vaccination covid_19 {"dose": 1}
    270 15:00 vaccination pneumococcal {"dose": 1, "brand": "PCV20"}
    280 15:00 follow_up_visit telephone {"time_point": "month_9"}
    365 15:00 follow_up_visit seen {"time_point": "year_1"}
    365 15:05 immunosuppression none
    365 15:10 distress_score:patient 2 {score} {"by": "patient"}
    365 15:12 distress_score:caregiver 3 {score} {"by": "caregiver"}
    367 15:00 care_plan_given patient {"language": "en"}
    -50 care_contact oncologist {"name": "Hill Street Hematology", "telephone": "555-0123", "hours": "weekdays 8 to 5"}
    -50 care_contact family_doctor {"name": "Dr. Ambrose Millpond", "telephone": "555-0124", "hours": "weekdays 9 to 5"}
"""

LEUKEMIA = """
    -60 referral {"from": "Bayside Children's Hospital", "reason": "Second relapse", "urgency": "urgent"}
    -60 age 9 a
    -60 sex female
    -60 body_weight 29.4 kg
    -60 diagnosis b_all {"text": "B-cell precursor acute lymphoblastic leukemia", "histology_confirmed": true}
    -1500 line_of_therapy 1 until -700 {"regimen": "Four-drug induction, consolidation, maintenance", "response": "complete response", "outcome": "relapse", "systemic": true}
    -640 line_of_therapy 2 until -120 {"regimen": "Reinduction; blinatumomab", "classes": ["bispecific"], "response": "complete response", "outcome": "relapse", "systemic": true}
    -65 disease_status second_relapse {"relapse_number": 2}
    -58 lansky_score 90 %
    -55 antigen_expression:CD19 positive {"antigen": "CD19", "percent": 99, "method": "flow", "sample": "marrow"}
    -52 product_chosen tisagenlecleucel
    -52 caregiver yes {"text": "Her mother; her grandmother at night"}
    -52 travel_time 70 min {"country": "US", "lodging": "family house"}
    -45 15:00 collection completed
    -40 bridging_therapy chemotherapy {"regimen": "Vincristine, mercaptopurine"}
    -6 12:00 marrow_blasts 61 % of marrow-0
    -6 12:00 blood_blasts 8 % of marrow-0
    -6 12:00 extramedullary_disease none of marrow-0
    -6 12:00 mrd 0.52 1 of marrow-0 {"method": "flow", "limit": 0.0001, "specimen": "marrow"}
    -5 14:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
    -2 16:00 lymphodepletion completed
    0 16:00 infusion tisagenlecleucel {"lot": "TK-8813", "dose_million_cells": 82, "route": "intravenous"}
    0 17:00 round 36.9 104 98 capd 2
    rounds 1 2 36.8 104 98 capd 2
    3 05:00 round 37.0 103 98 capd 2
    3 13:00 round 37.4 102 98 capd 2
    3 18:00 round 39.4 98 97 capd 4
    4 02:00 round 39.1 97 97 capd 4
    4 10:00 round 38.9 98 97 capd 4
    4 18:00 round 39.2 97 97 capd 4
    5 02:00 round 38.8 97 97 capd 4
    5 13:00 round 39.0 96 97 capd 4
    5 21:00 round 38.4 98 97 capd 3
    6 05:00 round 37.7 100 98 capd 3
    6 13:00 round 37.2 101 98 capd 2
    6 21:00 round 36.9 102 98 capd 2
    rounds 7 12 36.6 103 98 capd 2
    13 05:00 round 36.6 104 98 capd 2
    13 13:00 round 36.7 104 98 capd 2
    3 18:40 infection_work_up blood_culture {"result": "negative"}
    4 18:40 infection_work_up blood_culture {"result": "negative"}
    13 15:00 discharge {"to": "family house near the center"}
    -5 prophylaxis antiviral {"drug": "Acyclovir"}
    28 15:00 prophylaxis pneumocystis {"drug": "Trimethoprim and sulfamethoxazole"}
    neutrophils 10*9/L | -6 0.7, 0 0.3, 7 0.1, 14 0.3, 21 0.8, 28 1.3, 60 1.7, 90 2.0, 180 2.4, 270 2.1, 294 0.9, 365 0.6
    platelets 10*9/L | -6 44, 7 31, 14 52, 28 118, 60 164, 90 201, 180 230, 270 188, 294 71, 365 38
    hemoglobin g/dL | -6 8.8, 14 8.6, 28 9.9, 90 11.8, 180 12.4, 270 12.0, 294 10.1
    lymphocytes 10*9/L | -6 1.2, 28 0.6, 90 0.9, 180 1.2, 270 1.3, 294 1.8
    igg mg/dL | -6 480, 28 310, 60 620, 90 640, 120 610, 180 655, 240 630, 294 580
    cd4 /uL | 28 88, 90 190, 180 310, 270 402
    cd19 /uL | -6 940, 28 0, 60 0, 90 0, 120 0, 180 0, 240 0, 270 0, 294 0
    car_t_copies /ug{DNA} | 3 260, 7 12400, 10 51200, 14 44800, 21 15300, 28 7900, 60 3100, 90 1900, 180 840, 270 610, 294 590
    28 12:00 marrow_blasts 1 % of marrow-1
    28 12:00 blood_blasts 0 % of marrow-1
    28 12:00 marrow_regeneration yes of marrow-1
    28 12:00 extramedullary_disease none of marrow-1
    28 12:00 transfusion_free yes of marrow-1
    28 12:00 mrd not_detected of marrow-1 {"method": "flow", "limit": 0.00001, "specimen": "marrow", "evaluated": 1800000}
    90 12:00 marrow_blasts 1 % of marrow-2
    90 12:00 blood_blasts 0 % of marrow-2
    90 12:00 marrow_regeneration yes of marrow-2
    90 12:00 extramedullary_disease none of marrow-2
    90 12:00 transfusion_free yes of marrow-2
    90 12:00 mrd not_detected of marrow-2 {"method": "ngs", "limit": 0.000001, "specimen": "marrow", "evaluated": 2400000}
    180 12:00 marrow_blasts 1 % of marrow-3
    180 12:00 blood_blasts 0 % of marrow-3
    180 12:00 marrow_regeneration yes of marrow-3
    180 12:00 extramedullary_disease none of marrow-3
    180 12:00 transfusion_free yes of marrow-3
    180 12:00 mrd not_detected of marrow-3 {"method": "ngs", "limit": 0.000001, "specimen": "marrow", "evaluated": 2100000}
    270 12:00 marrow_blasts 2 % of marrow-4
    270 12:00 blood_blasts 0 % of marrow-4
    270 12:00 marrow_regeneration yes of marrow-4
    270 12:00 extramedullary_disease none of marrow-4
    270 12:00 transfusion_free yes of marrow-4
    270 17:00 response_read complete of marrow-4 {"text": "Blasts as before, but residual disease is back: again in three weeks"}
    270 12:00 mrd 0.0031 1 of marrow-4 {"method": "ngs", "limit": 0.000001, "specimen": "marrow", "evaluated": 2000000}
    294 12:00 marrow_blasts 38 % of marrow-5
    294 12:00 blood_blasts 3 % of marrow-5
    294 12:00 extramedullary_disease none of marrow-5
    294 12:00 mrd 0.36 1 of marrow-5 {"method": "flow", "limit": 0.0001, "specimen": "marrow"}
    294 12:00 antigen_expression:CD19 negative of marrow-5 {"antigen": "CD19", "percent": 1, "method": "flow", "sample": "marrow"}
    294 12:00 antigen_expression:CD22 positive of marrow-5 {"antigen": "CD22", "percent": 96, "method": "flow", "sample": "marrow"}
    294 12:00 immunophenotype b_lymphoid of marrow-5
    295 16:00 progression yes {"text": "Relapse in the marrow, CD19 not found on the blasts"}
    303 14:00 next_therapy yes {"regimen": "Inotuzumab ozogamicin"}
    352 12:00 marrow_blasts 2 % of marrow-6
    352 12:00 blood_blasts 0 % of marrow-6
    352 12:00 extramedullary_disease none of marrow-6
    352 12:00 mrd not_detected of marrow-6 {"method": "flow", "limit": 0.00001, "specimen": "marrow"}
    384 15:00 transplant allogeneic
    42 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    70 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    100 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    130 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    160 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    190 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    220 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    250 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    280 15:00 drug immunoglobulin 15 g {"route": "intravenous", "indication": "B-cell aplasia"}
    16 09:00 body_temperature 36.7 Cel by caregiver
    16 09:05 feeling good by caregiver {"by": "caregiver", "text": "She drew all morning"}
    22 09:00 body_temperature 38.1 Cel by caregiver
    22 09:02 reported_symptom fever by caregiver {"severity": "moderate", "by": "caregiver", "tier": "now"}
    22 09:06 alert_acknowledgement:reported taken by mei {"alert": "reported", "onset": "2025-08-05T09:00:00+00:00", "seen": ["reported.own_temperature:3", "reported.fever:3"], "owner": "nurse"}
    22 09:06 alert_acknowledgement:cytokine_release taken by mei {"alert": "cytokine_release", "onset": "2025-08-05T09:00:00+00:00", "seen": ["crs_grade:1"], "owner": "nurse"}
    22 10:30 infection_work_up blood_culture {"result": "negative"}
    22 11:00 body_temperature 37.6 Cel
    22 11:00 systolic_pressure 102 mm[Hg]
    22 11:00 oxygen_saturation 98 %
    22 11:00 oxygen_device room_air
    22 11:00 capd_score 2 {score}
    22 13:00 attribution fever {"cause": "Rhinovirus, found in the swab"}
    23 09:00 body_temperature 36.8 Cel by caregiver
    22 11:00 infection viral {"episode": "cold", "site": "other", "organism": "Rhinovirus", "severity": "mild", "proven": true}
    14 15:00 alert_acknowledgement:counts seen by amara {"alert": "counts", "onset": "2025-07-28T13:30:00+00:00", "seen": ["icaht_early:3"]}
    28 15:00 follow_up_visit seen {"time_point": "day_30"}
    28 15:10 distress_score:caregiver 8 {score} {"problems": ["worry", "sleep", "children", "work"], "by": "caregiver", "text": "I am afraid of every phone call."}
    29 16:00 support_contact:caregiver talked {"text": "Psychologist of the ward, weekly; the school calls the brother"}
    90 15:00 follow_up_visit seen {"time_point": "month_3"}
    90 15:10 distress_score:caregiver 5 {score} {"problems": ["worry"], "by": "caregiver"}
    92 16:00 support_contact:caregiver talked {"text": "Goes on, every two weeks"}
    100 15:00 follow_up_visit seen {"time_point": "day_100"}
    180 15:00 follow_up_visit seen {"time_point": "month_6"}
    180 15:10 distress_score:patient 2 {score} {"problems": ["work"], "by": "patient"}
    180 15:12 distress_score:caregiver 3 {score} {"problems": ["worry"], "by": "caregiver"}
    100 15:10 vaccination influenza {"dose": 1}
    270 15:00 follow_up_visit seen {"time_point": "month_9"}
    296 15:00 distress_score:caregiver 9 {score} {"problems": ["worry", "sadness", "sleep"], "by": "caregiver"}
    296 17:00 support_contact:caregiver talked {"text": "Physician and psychologist, one hour; tomorrow again"}
    365 15:00 follow_up_visit seen {"time_point": "year_1"}
    412 15:00 last_follow_up yes
    -50 care_contact oncologist {"name": "Bayside Children's Hospital, oncology", "telephone": "555-0125", "hours": "day and night"}
    -50 care_contact family_doctor {"name": "Bayside Pediatrics", "telephone": "555-0126", "hours": "weekdays 8 to 6"}
"""

PSEUDO = """
    -58 referral {"from": "Lakeside Oncology", "reason": "Third line", "urgency": "soon"}
    -58 age 71 a
    -58 sex male
    -58 diagnosis dlbcl {"text": "Diffuse large B-cell lymphoma, second relapse", "stage": "IV", "histology_confirmed": true}
    -1300 line_of_therapy 1 until -1160 {"regimen": "R-CHOP, 6 cycles", "classes": ["anti_cd20", "anthracycline", "alkylator", "corticosteroid"], "response": "complete response", "systemic": true}
    -300 line_of_therapy 2 until -180 {"regimen": "Tafasitamab, lenalidomide", "classes": ["anti_cd19", "imid"], "response": "partial response", "outcome": "progression", "systemic": true}
    -60 disease_status second_relapse {"relapse_number": 2}
    -50 ecog_score 1
    -48 antigen_expression:CD19 positive {"antigen": "CD19", "percent": 88, "method": "immunohistochemistry", "sample": "lymph node, current relapse"}
    -47 product_chosen lisocabtagene_maraleucel
    -47 response_criteria lyric_2016 {"text": "Decided before the infusion: an early rise may be inflammation"}
    -46 caregiver yes {"text": "His daughter"}
    -46 travel_time 30 min {"country": "US", "lodging": "home"}
    -44 hbsag negative
    -44 anti_hbc negative
    -40 15:00 collection completed
    -30 bridging_therapy none {"text": "No symptoms"}
    -6 13:00 imaging pet_ct of scan-1
    -6 13:00 fdg_avid yes of scan-1
    -6 13:00 lesion:T1 4.0 cm of scan-1 {"short_axis": 3.0, "site": "node", "place": "right axillary"}
    -6 13:00 lesion:T2 3.0 cm of scan-1 {"short_axis": 2.4, "site": "node", "place": "mesenteric"}
    -6 13:00 lesion:T3 2.2 cm of scan-1 {"short_axis": 1.8, "site": "node", "place": "para-aortic"}
    -6 13:00 non_target_disease absent of scan-1
    -6 13:00 spleen_length 12.2 cm of scan-1
    -6 13:00 liver_size normal of scan-1
    -6 13:00 deauville_score 5 of scan-1
    -6 13:00 suv_max 14.8 1 of scan-1
    -6 13:00 marrow_finding negative of scan-1
    -5 14:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
    -3 16:00 lymphodepletion completed
    0 16:00 infusion lisocabtagene_maraleucel {"lot": "LC-3318", "component": "CD8", "dose_million_cells": 50, "route": "intravenous"}
    0 16:40 infusion lisocabtagene_maraleucel {"lot": "LC-3318", "component": "CD4", "dose_million_cells": 50, "route": "intravenous"}
    0 17:00 round 36.5 134 97 ice 10
    rounds 1 4 36.5 132 97 ice 10
    5 05:00 round 36.8 130 97 ice 10
    5 13:00 round 37.2 129 97 ice 10
    5 19:00 round 38.2 126 96 ice 10
    6 03:00 round 38.4 124 96 ice 10
    6 11:00 round 38.1 125 96 ice 10
    6 19:00 round 37.6 127 97 ice 10
    rounds 7 9 36.6 130 97 ice 10
    10 05:00 round 36.5 131 98 ice 10
    10 13:00 round 36.6 132 98 ice 10
    5 19:30 infection_work_up blood_culture {"result": "negative"}
    10 15:00 discharge {"to": "home"}
    -5 prophylaxis antiviral {"drug": "Valacyclovir"}
    30 15:00 prophylaxis pneumocystis {"drug": "Trimethoprim and sulfamethoxazole"}
    neutrophils 10*9/L | -6 2.9, 0 1.4, 7 0.6, 14 0.9, 28 1.8, 90 2.4, 180 2.8, 365 3.0
    platelets 10*9/L | -6 172, 7 98, 28 134, 90 162, 180 181, 365 188
    hemoglobin g/dL | -6 12.0, 7 10.8, 28 11.2, 90 12.3, 180 12.9, 365 13.3
    lymphocytes 10*9/L | -6 0.8, 14 1.6, 28 1.2, 90 1.0, 180 1.2, 365 1.4
    crp mg/L | -6 8, 5 48, 7 21, 28 12, 60 3
    ldh U/L | -6 248, 28 236, 60 190, 180 178, 365 181
    igg mg/dL | -6 610, 28 520, 90 460, 180 505, 365 590
    cd4 /uL | 28 160, 90 205, 180 262, 365 310
    cd19 /uL | 28 0, 90 0, 180 18, 365 64
    car_t_copies /ug{DNA} | 3 140, 7 9800, 10 31500, 14 44100, 21 38200, 28 29700, 60 4100, 90 1500, 180 420, 365 110
    17 15:00 restriction:driving lifted {"text": "Fourteen days over, no sign of the nerves"}
    20 09:00 body_temperature 36.6 Cel by patient
    20 09:02 feeling good by patient {"by": "patient"}
    26 08:40 reported_symptom lump by patient {"severity": "mild", "by": "patient", "tier": "today", "text": "The lump under the arm is larger and sore"}
    26 08:49 alert_acknowledgement:reported taken by mei {"alert": "reported", "onset": "2025-12-16T08:40:00+00:00", "seen": ["reported.lump:2"], "owner": "physician"}
    28 13:00 imaging pet_ct of scan-2
    28 13:00 lesion:T1 5.2 cm of scan-2 {"short_axis": 4.2, "site": "node"}
    28 13:00 lesion:T2 3.4 cm of scan-2 {"short_axis": 2.9, "site": "node"}
    28 13:00 lesion:T3 2.3 cm of scan-2 {"short_axis": 1.9, "site": "node"}
    28 13:00 non_target_disease absent of scan-2
    28 13:00 spleen_length 12.4 cm of scan-2
    28 13:00 liver_size normal of scan-2
    28 13:00 deauville_score 5 of scan-2
    28 13:00 uptake_change increased of scan-2
    28 13:00 clinical_deterioration no of scan-2
    28 17:00 response_read not_evaluable of scan-2 {"text": "Larger and brighter, but well, LDH falling: inflammation is possible. Biopsy asked for"}
    28 15:00 follow_up_visit seen {"time_point": "day_30"}
    28 15:10 distress_score:patient 6 {score} {"problems": ["worry"], "by": "patient", "text": "The picture looks worse and nobody can tell me why."}
    28 15:12 distress_score:caregiver 6 {score} {"problems": ["worry", "work"], "by": "caregiver"}
    29 16:00 support_contact:patient talked {"text": "Physician explained the biopsy and what it can tell"}
    29 16:10 support_contact:caregiver talked {"text": "Joined the talk"}
    35 13:00 biopsy:T1 no_disease of biopsy-1 {"histology": "Necrosis, T cells, no B cells", "text": "CAR T cells found in the tissue"}
    60 13:00 imaging pet_ct of scan-3
    60 13:00 lesion:T1 3.1 cm of scan-3 {"short_axis": 2.2, "site": "node"}
    60 13:00 lesion:T2 2.0 cm of scan-3 {"short_axis": 1.5, "site": "node"}
    60 13:00 lesion:T3 1.4 cm of scan-3 {"short_axis": 1.1, "site": "node"}
    60 13:00 non_target_disease absent of scan-3
    60 13:00 spleen_length 12.1 cm of scan-3
    60 13:00 liver_size normal of scan-3
    60 13:00 deauville_score 4 of scan-3
    60 13:00 uptake_change reduced of scan-3
    60 13:00 clinical_deterioration no of scan-3
    60 17:00 response_read partial of scan-3
    90 15:00 follow_up_visit seen {"time_point": "month_3"}
    90 15:10 distress_score:patient 2 {score} {"by": "patient"}
    92 13:00 imaging pet_ct of scan-4
    92 13:00 lesion:T1 1.9 cm of scan-4 {"short_axis": 1.4, "site": "node"}
    92 13:00 lesion:T2 1.3 cm of scan-4 {"short_axis": 0.9, "site": "node"}
    92 13:00 lesion:T3 1.0 cm of scan-4 {"short_axis": 0.8, "site": "node"}
    92 13:00 non_target_disease absent of scan-4
    92 13:00 deauville_score 2 of scan-4
    92 13:00 uptake_change reduced of scan-4
    92 17:00 response_read complete of scan-4
    100 15:00 follow_up_visit seen {"time_point": "day_100"}
    110 15:00 vaccination influenza {"dose": 1}
    118 15:00 vaccination covid_19 {"dose": 1}
    146 15:00 vaccination covid_19 {"dose": 2}
    180 13:00 imaging pet_ct of scan-5
    180 13:00 lesion:T1 1.5 cm of scan-5 {"short_axis": 1.1, "site": "node"}
    180 13:00 lesion:T2 1.1 cm of scan-5 {"short_axis": 0.8, "site": "node"}
    180 13:00 lesion:T3 0.9 cm of scan-5 {"short_axis": 0.7, "site": "node"}
    180 13:00 non_target_disease absent of scan-5
    180 13:00 spleen_length 12.0 cm of scan-5
    180 13:00 liver_size normal of scan-5
    180 13:00 deauville_score 2 of scan-5
    180 13:00 uptake_change reduced of scan-5
    180 15:00 follow_up_visit seen {"time_point": "month_6"}
    180 15:05 immunosuppression none
    180 15:10 distress_score:patient 1 {score} {"by": "patient"}
    196 15:00 vaccination pneumococcal {"dose": 1, "brand": "PCV20"}
    271 15:00 follow_up_visit telephone {"time_point": "month_9"}
    366 13:00 imaging ct of scan-6
    366 13:00 lesion:T1 1.4 cm of scan-6 {"short_axis": 1.0, "site": "node"}
    366 13:00 lesion:T2 1.0 cm of scan-6 {"short_axis": 0.8, "site": "node"}
    366 13:00 lesion:T3 0.9 cm of scan-6 {"short_axis": 0.7, "site": "node"}
    366 13:00 non_target_disease absent of scan-6
    366 13:00 spleen_length 11.9 cm of scan-6
    366 13:00 liver_size normal of scan-6
    366 15:00 follow_up_visit seen {"time_point": "year_1"}
    366 15:10 distress_score:patient 1 {score} {"by": "patient"}
    -40 care_contact oncologist {"name": "Lakeside Oncology", "telephone": "555-0121", "hours": "weekdays 8 to 5"}
    -40 care_contact family_doctor {"name": "Dr. Linnea Wheatfield", "telephone": "555-0127", "hours": "weekdays 8 to 5"}
"""

PROGRESSION = """
    -66 referral {"from": "Riverside Cancer Center", "reason": "Refractory to a BTK inhibitor", "urgency": "urgent"}
    -66 age 69 a
    -66 sex female
    -66 diagnosis mantle_cell_lymphoma {"text": "Mantle cell lymphoma, blastoid", "stage": "IV", "histology_confirmed": true}
    -1150 line_of_therapy 1 until -990 {"regimen": "Bendamustine, rituximab", "classes": ["anti_cd20", "bendamustine"], "response": "partial response", "systemic": true}
    -420 line_of_therapy 2 until -80 {"regimen": "Ibrutinib", "classes": ["btk_inhibitor"], "response": "progression", "systemic": true, "refractory": true}
    -80 disease_status refractory
    -60 ecog_score 1
    -55 antigen_expression:CD19 positive {"antigen": "CD19", "percent": 97, "method": "flow", "sample": "blood"}
    -52 product_chosen brexucabtagene_autoleucel
    -52 caregiver yes {"text": "Her wife"}
    -52 travel_time 55 min {"country": "US", "lodging": "home"}
    -50 hbsag negative
    -50 anti_hbc negative
    -40 15:00 collection completed
    -32 bridging_therapy targeted {"regimen": "Venetoclax"}
    -6 13:00 imaging pet_ct of scan-1
    -6 13:00 fdg_avid yes of scan-1
    -6 13:00 lesion:T1 7.4 cm of scan-1 {"short_axis": 5.1, "site": "node", "place": "mesenteric"}
    -6 13:00 lesion:T2 4.6 cm of scan-1 {"short_axis": 3.8, "site": "node", "place": "left axillary"}
    -6 13:00 non_target_disease stable of scan-1
    -6 13:00 spleen_length 16.0 cm of scan-1
    -6 13:00 liver_size normal of scan-1
    -6 13:00 deauville_score 5 of scan-1
    -6 13:00 marrow_finding involved of scan-1 {"percent": 30}
    -5 14:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
    -3 16:00 lymphodepletion completed
    0 16:00 infusion brexucabtagene_autoleucel {"lot": "BX-1190", "dose_million_cells": 138, "route": "intravenous"}
    0 17:00 round 36.8 120 97 ice 10
    rounds 1 2 36.8 119 97 ice 10
    3 05:00 round 37.0 118 97 ice 10
    3 13:00 round 37.3 117 97 ice 10
    3 21:00 round 37.8 114 96 ice 10
    4 02:00 round 39.1 88 95 ice 9
    4 06:00 round 38.6 96 95 ice 9
    4 13:00 round 37.9 104 96 ice 9
    4 21:00 round 37.3 110 96 ice 9
    rounds 5 6 36.7 112 97 ice 10
    7 05:00 round 36.8 114 97 ice 9
    7 13:00 round 36.9 115 97 ice 6
    7 21:00 round 36.8 115 97 ice 6
    rounds 8 8 36.7 116 97 ice 8
    rounds 9 9 36.6 116 97 ice 9
    rounds 10 15 36.5 117 98 ice 10
    16 05:00 round 36.5 118 98 ice 10
    16 13:00 round 36.6 118 98 ice 10
    4 02:30 infection_work_up blood_culture {"result": "negative"}
    4 03:00 drug tocilizumab 520 mg
    7 14:00 drug dexamethasone 10 mg
    8 14:00 drug dexamethasone 10 mg
    16 15:00 discharge {"to": "home"}
    -5 prophylaxis antiviral {"drug": "Acyclovir"}
    30 15:00 prophylaxis pneumocystis {"drug": "Trimethoprim and sulfamethoxazole"}
    neutrophils 10*9/L | -6 1.9, 0 0.9, 7 0.1, 14 0.3, 30 0.7, 62 1.1, 120 1.4, 240 1.2, 340 0.8
    platelets 10*9/L | -6 94, 7 31, 14 24, 30 48, 62 70, 120 96, 240 88, 340 41
    hemoglobin g/dL | -6 9.6, 14 8.1, 30 8.8, 62 9.4, 120 10.2, 340 8.4
    ldh U/L | -6 510, 30 402, 62 688, 120 310, 240 420, 340 905
    igg mg/dL | -6 540, 30 390, 62 310, 120 280, 240 260
    cd4 /uL | 30 52, 62 81, 120 140, 240 160
    cd19 /uL | 30 14, 62 120
    car_t_copies /ug{DNA} | 4 60, 7 2100, 10 3900, 14 2600, 21 700, 30 180, 62 25
    30 13:00 imaging pet_ct of scan-2
    30 13:00 lesion:T1 6.6 cm of scan-2 {"short_axis": 4.4, "site": "node"}
    30 13:00 lesion:T2 4.2 cm of scan-2 {"short_axis": 3.3, "site": "node"}
    30 13:00 non_target_disease stable of scan-2
    30 13:00 spleen_length 15.4 cm of scan-2
    30 13:00 liver_size normal of scan-2
    30 13:00 deauville_score 5 of scan-2
    30 13:00 uptake_change no_significant_change of scan-2
    30 17:00 response_read stable of scan-2
    30 15:00 follow_up_visit seen {"time_point": "day_30"}
    30 15:10 distress_score:patient 7 {score} {"problems": ["worry", "sadness", "tired"], "by": "patient"}
    30 15:12 distress_score:caregiver 7 {score} {"problems": ["worry"], "by": "caregiver"}
    31 16:00 support_contact:patient referred {"text": "Psychologist; palliative care for symptoms, beside the treatment"}
    31 16:10 support_contact:caregiver talked {"text": "Wants to be there when scans are told"}
    62 13:00 imaging pet_ct of scan-3
    62 13:00 lesion:T1 8.1 cm of scan-3 {"short_axis": 6.0, "site": "node"}
    62 13:00 lesion:T2 5.8 cm of scan-3 {"short_axis": 4.9, "site": "node"}
    62 13:00 new_lesion:N1 unequivocal of scan-3 {"size": 2.8, "short_axis": 2.1, "site": "node", "place": "right inguinal", "fdg": true}
    62 13:00 non_target_disease progressed of scan-3
    62 13:00 spleen_length 17.8 cm of scan-3
    62 13:00 liver_size normal of scan-3
    62 13:00 deauville_score 5 of scan-3
    62 13:00 uptake_change increased of scan-3
    62 17:00 response_read progressive of scan-3
    66 13:00 biopsy:N1 disease of biopsy-1 {"histology": "Mantle cell lymphoma, blastoid"}
    66 13:00 antigen_expression:CD19 positive of biopsy-1 {"antigen": "CD19", "percent": 94, "method": "flow", "sample": "lymph node"}
    67 16:00 progression yes {"text": "Mantle cell lymphoma, CD19 still there"}
    74 14:00 next_therapy yes {"regimen": "Pirtobrutinib"}
    90 15:00 follow_up_visit seen {"time_point": "month_3"}
    90 15:10 distress_score:patient 6 {score} {"problems": ["worry", "money"], "by": "patient"}
    93 16:00 support_contact:patient talked {"text": "Financial counselor; next visit together with her wife"}
    120 13:00 imaging ct of scan-4
    120 13:00 lesion:T1 5.0 cm of scan-4 {"short_axis": 3.6, "site": "node"}
    120 13:00 lesion:T2 3.6 cm of scan-4 {"short_axis": 2.8, "site": "node"}
    120 13:00 spleen_length 14.6 cm of scan-4
    120 17:00 response_read partial of scan-4 {"text": "Smaller under the new therapy"}
    125 09:00 reported_symptom tired_pale by patient {"severity": "moderate", "by": "patient", "tier": "today"}
    125 09:08 alert_acknowledgement:reported taken by mei {"alert": "reported", "onset": "2025-04-07T09:00:00+00:00", "seen": ["reported.tired_pale:2"], "owner": "nurse"}
    180 15:00 follow_up_visit seen {"time_point": "month_6"}
    180 15:10 distress_score:patient 4 {score} {"problems": ["tired"], "by": "patient"}
    184 16:00 support_contact:patient talked {"text": "Good weeks; a trip to the sea is planned"}
    270 15:00 follow_up_visit seen {"time_point": "month_9"}
    340 15:00 follow_up_visit seen {"time_point": "extra", "text": "Lymphoma grows again; wishes to be at home, hospice"}
    341 16:00 support_contact:caregiver talked {"text": "Hospice comes tomorrow; night number given"}
    377 05:30 death progression {"cause": "Mantle cell lymphoma"}
    -50 care_contact oncologist {"name": "Riverside Cancer Center", "telephone": "555-0128", "hours": "weekdays 8 to 5"}
    -50 care_contact family_doctor {"name": "Riverside Family Medicine", "telephone": "555-0129", "hours": "weekdays 8 to 5"}
"""

CENTER = """
    0 care_contact line_24_hours {"name": "CAR T line of the center", "telephone": "555-0142", "hours": "day and night"}
    0 care_contact coordinator {"name": "Rosario Dovetail", "telephone": "555-0143", "hours": "weekdays 8 to 5"}
    0 care_contact physician {"name": "Dr. Amara Bellweather", "telephone": "555-0144", "hours": "weekdays 8 to 6"}
    0 care_contact late_effects_clinic {"name": "Late-effects clinic", "telephone": "555-0145", "hours": "Tuesdays and Thursdays 9 to 3"}
    0 care_contact social_worker {"name": "Social work", "telephone": "555-0146", "hours": "weekdays 9 to 4"}
    0 care_contact psychologist {"name": "Psychology of the cancer center", "telephone": "555-0147", "hours": "weekdays 9 to 4"}
    0 care_contact pharmacy {"name": "Pharmacy of the center", "telephone": "555-0148", "hours": "every day 8 to 8"}
"""

STORIES: dict[str, tuple[str, str]] = {
    "a01": ("2025-11-05", LYMPHOMA),
    "a02": ("2025-02-11", MYELOMA),
    "a03": ("2025-07-14", LEUKEMIA),
    "a04": ("2025-11-20", PSEUDO),
    "a05": ("2024-12-03", PROGRESSION),
    "center": ("2024-11-01", CENTER),
}
"""By course: the day of the infusion (of the center: the day from which its lines are), and the story."""
