# ruff: noqa: E501 - a fact is a line
"""Thirteen invented courses on the road to infusion, and the record of an invented center. Nobody in here exists.

A line is a fact: ``DAY [HH:MM] WHAT[:ABOUT] CHOICE or NUMBER [UNIT] [until DAY] [known DAY] [signed WHO+WHO] [{details}]``,
days of 2026 unless a year is given. `known`: when it was recorded, where that is not when it was true. `signed`: each of
these people signed it. They stand as they do on 16 March 2026; none of the numbers is a recommendation.
"""

from __future__ import annotations

SIGNERS = {
    "tomasz": ("Tomasz Waterwheel", "apheresis"),
    "juno": ("Juno Pebblecreek", "apheresis"),
    "priya": ("Priya Glasshouse", "cell laboratory"),
    "ottilie": ("Ottilie Brasswick", "cell laboratory"),
}
"""Who signs: by account, the name and the role. Nobody in here exists."""

STORIES = {
    "p01": """
        03-13 09:10 referral {"from": "Lakeside Oncology", "reason": "Primary refractory; CAR T as second line?", "urgency": "urgent"}
        03-13 09:10 age 58 a
        03-13 09:10 sex male
        03-13 09:10 diagnosis dlbcl {"text": "Diffuse large B-cell lymphoma, not otherwise specified", "stage": "IV", "histology_confirmed": true}
        2025-10-20 line_of_therapy 1 until 2026-02-18 {"regimen": "R-CHOP, 6 cycles", "classes": ["anti_cd20", "anthracycline", "alkylator", "corticosteroid"], "response": "progression", "systemic": true, "refractory": true}
        03-12 10:00 disease_status primary_refractory
        03-13 09:10 disease_pace fast {"text": "Doubled in three weeks, LDH rising"}
        03-13 09:20 caregiver yes {"text": "His sister"}
        03-13 09:20 travel_time 35 min {"country": "US", "lodging": "home"}
    """,
    "p02": """
        03-03 11:20 referral {"from": "Hill Street Hematology", "reason": "Second relapse", "urgency": "routine", "owner": "coordinator"}
        03-03 11:20 age 66 a
        03-03 11:20 sex female
        03-03 11:20 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgG kappa", "histology_confirmed": true}
        2021-04-12 line_of_therapy 1 until 2023-11-20 {"regimen": "Bortezomib, lenalidomide, dexamethasone; transplant; lenalidomide", "classes": ["pi", "imid", "corticosteroid", "auto_hct"], "response": "very good partial response", "outcome": "progression", "systemic": true}
        2021-09-20 transplant autologous
        2024-01-08 line_of_therapy 2 until 2026-02-20 {"regimen": "Daratumumab, carfilzomib, dexamethasone", "classes": ["anti_cd38", "pi", "corticosteroid"], "response": "partial response", "outcome": "progression", "outcome_date": "2026-02-24", "systemic": true, "refractory": true, "refractory_to": ["daratumumab", "carfilzomib"]}
        03-02 09:00 disease_status second_relapse {"relapse_number": 2}
        03-09 14:00 ecog_score 1
        03-09 14:05 disease_pace slow
        03-09 14:10 antigen_expression:BCMA positive {"antigen": "BCMA", "method": "flow", "sample": "marrow"}
        03-12 15:00 trial_option:NCT00000001 discussed {"trial": "NCT00000001", "text": "Invented number, as an example"}
        03-11 08:30 oxygen_saturation 97 %
        03-11 08:30 lvef 58 % {"method": "Echocardiography"}
        03-11 08:30 creatinine_clearance 84 mL/min {"method": "Cockcroft-Gault"}
        03-11 08:30 bilirubin 0.6 mg/dL
        03-11 08:30 alt_ratio 0.6 1
        03-11 08:30 ast_ratio 0.7 1
        03-11 08:30 neutrophils 3.1 10*9/L
        03-11 08:30 hemoglobin 11.2 g/dL
        03-11 08:30 platelets 168 10*9/L
        03-11 08:30 lymphocytes 1.1 10*9/L
        03-11 08:30 cd3 640 /uL
        03-11 08:30 hbsag negative
        03-11 08:30 anti_hbc negative
        03-11 08:30 hcv_antibody negative
        03-11 08:30 hiv_test negative
        03-11 08:35 screening_test:CMV positive {"test": "CMV"}
        03-11 08:35 screening_test:HSV negative {"test": "HSV"}
        03-11 08:35 screening_test:VZV positive {"test": "VZV"}
        03-11 08:35 screening_test:HTLV negative {"test": "HTLV"}
        03-11 08:35 screening_test:syphilis negative {"test": "syphilis"}
        03-11 08:35 screening_test:toxoplasma negative {"test": "toxoplasma"}
        03-11 08:35 screening_test:TB negative {"test": "TB"}
        03-11 08:35 screening_test:strongyloides negative {"test": "strongyloides"}
        03-11 09:30 life_expectancy 26 wk
        03-11 09:30 infection_status none
        03-11 09:30 cns_involvement none
        03-11 09:30 neurological_disorder none
        03-11 09:30 immunosuppression none
        03-11 09:30 autoimmune_disease none
        03-11 09:30 other_malignancy none
        03-11 09:30 tumor_burden moderate
        03-11 09:30 pregnancy_test not_applicable
        03-11 09:30 breastfeeding no
        03-11 10:00 venous_access peripheral
        03-11 10:10 risk_marker absent {"text": "del(17p), t(4;14), t(14;16) looked for"}
        03-12 09:00 caregiver yes {"text": "Her son"}
        03-12 09:05 travel_time 45 min {"country": "US", "lodging": "home"}
        03-12 09:10 gate:fertility not_needed {"gate": "fertility"}
    """,
    "p03": """
        02-24 10:00 referral {"from": "Riverside Cancer Center", "reason": "Third line", "urgency": "routine", "owner": "coordinator"}
        02-24 10:00 age 61 a
        02-24 10:00 sex female
        02-24 10:00 diagnosis follicular_lymphoma {"text": "Follicular lymphoma, grade 2", "stage": "III", "histology_confirmed": true}
        2019-05-06 line_of_therapy 1 until 2019-10-14 {"regimen": "Bendamustine, rituximab", "classes": ["anti_cd20", "bendamustine"], "response": "complete response", "systemic": true}
        2024-02-05 line_of_therapy 2 until 2025-11-24 {"regimen": "Lenalidomide, rituximab", "classes": ["anti_cd20", "imid"], "response": "progression", "systemic": true}
        02-24 10:00 disease_status relapsed
        03-02 09:30 ecog_score 0
        03-02 09:40 disease_pace slow
        03-11 16:00 tumor_board accepted {"product": "lisocabtagene_maraleucel", "text": "Two systemic lines, fit"}
        03-11 16:10 product_chosen lisocabtagene_maraleucel
        03-12 10:00 gate:payer open {"gate": "payer", "owner": "coordinator", "due": "2026-03-18", "text": "Sent, letter of medical necessity attached"}
        03-12 11:00 consent {"version": "4", "to": "treatment"}
        03-12 11:30 gate:fertility not_needed {"gate": "fertility"}
        03-04 09:00 antigen_expression:CD19 positive {"antigen": "CD19", "percent": 92, "method": "immunohistochemistry", "sample": "lymph node, current relapse"}
        03-09 08:30 oxygen_saturation 97 %
        03-09 08:30 lvef 58 % {"method": "Echocardiography"}
        03-09 08:30 creatinine_clearance 84 mL/min {"method": "Cockcroft-Gault"}
        03-09 08:30 bilirubin 0.6 mg/dL
        03-09 08:30 alt_ratio 0.6 1
        03-09 08:30 ast_ratio 0.7 1
        03-09 08:30 neutrophils 3.1 10*9/L
        03-09 08:30 hemoglobin 11.2 g/dL
        03-09 08:30 platelets 168 10*9/L
        03-09 08:30 lymphocytes 1.1 10*9/L
        03-09 08:30 cd3 640 /uL
        03-09 08:30 hbsag negative
        03-09 08:30 anti_hbc negative
        03-09 08:30 hcv_antibody negative
        03-09 08:30 hiv_test negative
        03-09 08:35 screening_test:CMV negative {"test": "CMV"}
        03-09 08:35 screening_test:HSV negative {"test": "HSV"}
        03-09 08:35 screening_test:VZV negative {"test": "VZV"}
        03-09 08:35 screening_test:HTLV negative {"test": "HTLV"}
        03-09 08:35 screening_test:syphilis negative {"test": "syphilis"}
        03-09 08:35 screening_test:toxoplasma negative {"test": "toxoplasma"}
        03-09 08:35 screening_test:TB negative {"test": "TB"}
        03-09 08:35 screening_test:strongyloides negative {"test": "strongyloides"}
        03-09 09:30 life_expectancy 26 wk
        03-09 09:30 infection_status none
        03-09 09:30 cns_involvement none
        03-09 09:30 neurological_disorder none
        03-09 09:30 immunosuppression none
        03-09 09:30 autoimmune_disease none
        03-09 09:30 other_malignancy none
        03-09 09:30 tumor_burden low
        03-09 09:30 pregnancy_test not_applicable
        03-09 09:30 breastfeeding no
        03-09 10:00 venous_access peripheral
        03-10 10:00 caregiver yes {"text": "Her partner"}
        03-10 10:10 travel_time 50 min {"country": "US", "lodging": "home"}
        03-24 00:00 appointment collection until 03-25 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel", "resource": "Chair-2"}
        03-26 00:00 appointment manufacture until 03-27 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel", "resource": "Liso-cel"}
        04-29 00:00 appointment lymphodepletion until 05-02 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel"}
        05-04 00:00 appointment infusion until 05-05 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel"}
        05-04 00:00 appointment bed until 05-11 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel", "resource": "Bed-2"}
    """,
    "p04": """
        02-26 08:45 referral {"from": "Lakeside Oncology", "reason": "Relapse five months after R-CHOP", "urgency": "urgent", "owner": "coordinator"}
        02-26 08:45 age 49 a
        02-26 08:45 sex male
        02-26 08:45 diagnosis hgbl {"text": "High-grade B-cell lymphoma, MYC and BCL2", "stage": "IV", "histology_confirmed": true}
        2025-04-14 line_of_therapy 1 until 2025-09-15 {"regimen": "R-CHOP, 6 cycles", "classes": ["anti_cd20", "anthracycline", "alkylator", "corticosteroid"], "response": "complete response", "systemic": true}
        02-25 12:00 disease_status first_relapse
        02-27 10:00 ecog_score 1
        02-27 10:10 disease_pace moving
        03-02 16:00 tumor_board accepted {"product": "axicabtagene_ciloleucel", "text": "Relapse within twelve months of the first line"}
        03-02 16:10 product_chosen axicabtagene_ciloleucel
        03-03 09:00 gate:payer met {"gate": "payer", "number": "A-4471"}
        03-03 15:00 consent {"version": "4", "to": "treatment"}
        03-04 09:00 product_order placed {"order": "O-104", "indication": "YES-LBCL2"}
        03-05 10:00 product_order accepted {"order": "O-104"}
        03-05 10:05 manufacturing_slot:S-104 held {"product": "axicabtagene_ciloleucel", "slot": "S-104", "collection_day": "2026-03-19", "start_day": "2026-03-21", "delivery_day": "2026-04-04", "hold_expires": "2026-03-17"}
        03-06 09:00 chain_identity:COI-0104 {"coi": "COI-0104", "issuer": "the center"}
        03-09 08:00 line_of_therapy 2 until 2026-03-09 {"regimen": "Gemcitabine, oxaliplatin, one cycle while waiting", "classes": ["platinum"], "systemic": true}
        03-13 17:00 disease_pace fast {"text": "New pleural effusion, LDH 890"}
    """,
    "p05": """
        02-12 13:00 referral {"from": "Hill Street Hematology", "reason": "Refractory to lenalidomide", "urgency": "soon", "owner": "coordinator"}
        02-12 13:00 age 63 a
        02-12 13:00 sex male
        02-12 13:00 diagnosis multiple_myeloma {"text": "Multiple myeloma, lambda light chain", "histology_confirmed": true}
        2023-06-05 line_of_therapy 1 until 2026-01-30 {"regimen": "VRd, transplant, lenalidomide", "classes": ["pi", "imid", "auto_hct"], "systemic": true, "refractory_to": ["lenalidomide"]}
        02-12 13:00 drug_refractory:lenalidomide yes {"drug": "lenalidomide"}
        02-12 13:00 disease_status relapsed
        02-18 10:00 ecog_score 0
        02-18 10:10 disease_pace slow
        02-25 16:00 tumor_board accepted {"product": "ciltacabtagene_autoleucel", "text": "One line, refractory to lenalidomide"}
        02-25 16:10 product_chosen ciltacabtagene_autoleucel
        02-26 10:00 trial_option:NCT00000002 declined {"trial": "NCT00000002", "text": "Invented number, as an example"}
        02-27 11:00 gate:fertility not_needed {"gate": "fertility"}
        03-02 09:00 gate:payer met {"gate": "payer", "number": "A-4460"}
        03-02 15:00 consent {"version": "4", "to": "treatment"}
        03-03 09:00 product_order placed {"order": "O-103"}
        03-04 10:00 product_order accepted {"order": "O-103"}
        03-04 10:05 manufacturing_slot:S-103 confirmed {"product": "ciltacabtagene_autoleucel", "slot": "S-103", "collection_day": "2026-03-18", "start_day": "2026-03-20", "delivery_day": "2026-04-20"}
        03-05 09:00 chain_identity:COI-0103 {"coi": "COI-0103", "issuer": "the center"}
        03-06 10:00 bridging_therapy none {"text": "Slow, no bridging"}
        03-09 10:00 caregiver yes {"text": "His wife"}
        03-09 10:05 travel_time 25 min {"country": "US", "lodging": "home"}
        03-18 00:00 appointment collection until 03-19 00:00 known 03-05 {"plan": "P-2026-10", "state": "planned", "product": "ciltacabtagene_autoleucel", "resource": "Chair-1"}
        03-20 00:00 appointment manufacture until 03-21 00:00 known 03-05 {"plan": "P-2026-10", "state": "planned", "product": "ciltacabtagene_autoleucel", "resource": "S-103"}
        04-22 00:00 appointment lymphodepletion until 04-25 00:00 known 03-05 {"plan": "P-2026-10", "state": "planned", "product": "ciltacabtagene_autoleucel"}
        04-27 00:00 appointment infusion until 04-28 00:00 known 03-05 {"plan": "P-2026-10", "state": "planned", "product": "ciltacabtagene_autoleucel"}
        04-27 00:00 appointment bed until 05-04 00:00 known 03-05 {"plan": "P-2026-10", "state": "planned", "product": "ciltacabtagene_autoleucel", "resource": "Bed-1"}
    """,
    "p06": """
        01-26 09:00 referral {"from": "Riverside Cancer Center", "reason": "Third line", "urgency": "soon", "owner": "coordinator"}
        01-26 09:00 age 71 a
        01-26 09:00 sex female
        01-26 09:00 diagnosis dlbcl {"text": "Diffuse large B-cell lymphoma, second relapse", "stage": "III", "histology_confirmed": true}
        01-28 10:00 ecog_score 1
        02-04 16:00 tumor_board accepted {"product": "lisocabtagene_maraleucel", "text": "Two lines, age no bar"}
        02-04 16:10 product_chosen lisocabtagene_maraleucel
        02-05 10:00 trial_option:NCT00000003 not_eligible {"trial": "NCT00000003", "text": "Invented number, as an example"}
        02-05 10:30 gate:fertility not_needed {"gate": "fertility"}
        02-09 09:00 gate:payer met {"gate": "payer", "number": "A-4423"}
        02-09 15:00 consent {"version": "3", "to": "treatment"}
        02-10 09:00 product_order accepted {"order": "O-099"}
        02-10 10:05 manufacturing_slot:S-099 confirmed {"product": "lisocabtagene_maraleucel", "slot": "S-099", "collection_day": "2026-02-23"}
        02-16 09:00 chain_identity:COI-0099 {"coi": "COI-0099", "issuer": "the center"}
        02-23 07:35 verification:W000026000099 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000099", "coi": "COI-0099"}
        02-23 08:00 collection started {"coi": "COI-0099", "din": "W000026000099", "donor": "self"}
        02-23 12:40 collection completed {"coi": "COI-0099", "din": "W000026000099", "donor": "self", "day_of_order": 1, "inlet_ml": 12200, "volume_ml": 221, "cd3_million": 3300}
        02-23 12:40 container:APH-099 apheresis_bag {"coi": "COI-0099", "din": "W000026000099", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 221, "patient_matches": "this course"}
        02-23 12:45 label_printed:APH-099 first {"copies": 2}
        02-23 12:55 verification:APH-099 matched signed tomasz {"step": "label", "bag": "APH-099", "din": "W000026000099", "coi": "COI-0099"}
        02-23 14:40 verification:APH-099 matched signed tomasz+juno {"step": "pickup", "bag": "APH-099", "din": "W000026000099", "coi": "COI-0099"}
        02-23 14:50 custody:APH-099 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-099A"}
        02-23 14:55 custody:APH-099 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-099A"}
        02-24 09:30 custody:APH-099 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-099A"}
        02-24 09:45 custody:APH-099 received {"from": "Courier", "to": "Holder", "waybill": "W-099A"}
        02-24 10:00 temperature_log:APH-099 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-099A", "leg": "collection"}
        02-25 09:00 batch:B-099 {"batch": "B-099", "coi": "COI-0099", "dins": ["W000026000099"], "product": "lisocabtagene_maraleucel"}
        02-25 09:00 manufacture_step:B-099 received
        02-26 09:00 manufacture_step:B-099 transduction
        02-27 10:00 bridging_therapy antibody_drug {"regimen": "Polatuzumab, rituximab, one cycle"}
        03-06 09:00 manufacture_step:B-099 expansion
        03-10 10:00 caregiver yes {"text": "Her daughter"}
        03-10 10:10 travel_time 40 min {"country": "US", "lodging": "home"}
        03-10 10:20 disease_pace moving
        03-31 00:00 appointment lymphodepletion until 04-03 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel"}
        04-06 00:00 appointment infusion until 04-07 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel"}
        04-06 00:00 appointment bed until 04-13 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "lisocabtagene_maraleucel", "resource": "Bed-1"}
    """,
    "p07": """
        01-12 09:00 referral {"from": "Hill Street Hematology", "reason": "Third relapse", "urgency": "soon", "owner": "coordinator"}
        01-12 09:00 age 69 a
        01-12 09:00 sex male
        01-12 09:00 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgA lambda", "histology_confirmed": true}
        2019-03-11 line_of_therapy 1 until 2021-08-30 {"regimen": "Bortezomib, lenalidomide, dexamethasone; transplant; lenalidomide", "classes": ["pi", "imid", "corticosteroid", "auto_hct"], "response": "complete response", "outcome": "progression", "outcome_date": "2021-08-23", "systemic": true, "refractory_to": ["lenalidomide"]}
        2019-09-16 transplant autologous
        2021-09-27 line_of_therapy 2 until 2023-06-12 {"regimen": "Daratumumab, pomalidomide, dexamethasone", "classes": ["anti_cd38", "imid", "corticosteroid"], "response": "very good partial response", "outcome": "progression", "outcome_date": "2023-06-05", "systemic": true, "refractory_to": ["daratumumab", "pomalidomide"]}
        2023-07-10 line_of_therapy 3 until 2025-12-15 {"regimen": "Carfilzomib, cyclophosphamide, dexamethasone", "classes": ["pi", "alkylator", "corticosteroid"], "response": "partial response", "outcome": "progression", "outcome_date": "2025-12-22", "systemic": true, "refractory": true, "refractory_to": ["carfilzomib"]}
        2021-08-23 drug_refractory:lenalidomide yes {"drug": "lenalidomide"}
        01-08 09:00 disease_status later_relapse {"relapse_number": 3}
        01-14 09:00 antigen_expression:BCMA positive {"antigen": "BCMA", "percent": 88, "method": "flow", "sample": "marrow, current relapse"}
        01-15 10:00 ecog_score 1
        01-15 10:10 venous_access line_planned
        01-29 08:30 oxygen_saturation 97 %
        01-29 08:30 lvef 58 % {"method": "Echocardiography"}
        01-29 08:30 creatinine_clearance 61 mL/min {"method": "Cockcroft-Gault"}
        01-29 08:30 bilirubin 0.6 mg/dL
        01-29 08:30 alt_ratio 0.6 1
        01-29 08:30 ast_ratio 0.7 1
        01-29 08:30 neutrophils 1.9 10*9/L
        01-29 08:30 hemoglobin 9.4 g/dL
        01-29 08:30 platelets 96 10*9/L
        01-29 08:30 lymphocytes 0.7 10*9/L
        01-29 08:30 cd3 380 /uL
        01-29 08:30 hbsag negative
        01-29 08:30 anti_hbc negative
        01-29 08:30 hcv_antibody negative
        01-29 08:30 hiv_test negative
        01-29 08:35 screening_test:CMV positive {"test": "CMV"}
        01-29 08:35 screening_test:HSV negative {"test": "HSV"}
        01-29 08:35 screening_test:VZV positive {"test": "VZV"}
        01-29 08:35 screening_test:HTLV negative {"test": "HTLV"}
        01-29 08:35 screening_test:syphilis negative {"test": "syphilis"}
        01-29 08:35 screening_test:toxoplasma negative {"test": "toxoplasma"}
        01-29 08:35 screening_test:TB negative {"test": "TB"}
        01-29 08:35 screening_test:strongyloides negative {"test": "strongyloides"}
        01-29 09:30 life_expectancy 20 wk
        01-29 09:30 infection_status none
        01-29 09:30 cns_involvement none
        01-29 09:30 neurological_disorder neuropathy
        01-29 09:30 immunosuppression none
        01-29 09:30 autoimmune_disease none
        01-29 09:30 other_malignancy none
        01-29 09:30 tumor_burden moderate
        01-21 16:00 tumor_board accepted {"product": "ciltacabtagene_autoleucel"}
        01-21 16:10 product_chosen ciltacabtagene_autoleucel
        01-22 10:00 gate:trials met {"gate": "trials", "text": "Talked about; none open here"}
        01-22 10:30 gate:fertility not_needed {"gate": "fertility"}
        01-26 09:00 gate:payer met {"gate": "payer", "number": "A-4402"}
        01-26 15:00 consent {"version": "3", "to": "treatment"}
        01-27 09:00 product_order accepted {"order": "O-092"}
        01-30 09:00 chain_identity:COI-0092 {"coi": "COI-0092", "issuer": "the center"}
        02-04 07:35 verification:W000026000092 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000092", "coi": "COI-0092"}
        02-04 08:00 collection started {"coi": "COI-0092", "din": "W000026000092", "donor": "self"}
        02-04 12:40 collection completed {"coi": "COI-0092", "din": "W000026000092", "donor": "self", "day_of_order": 1, "inlet_ml": 11100, "volume_ml": 205, "cd3_million": 2200}
        02-04 12:40 container:APH-092 apheresis_bag {"coi": "COI-0092", "din": "W000026000092", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 205, "patient_matches": "this course"}
        02-04 12:45 label_printed:APH-092 first {"copies": 2}
        02-04 12:55 verification:APH-092 matched signed tomasz+juno {"step": "label", "bag": "APH-092", "din": "W000026000092", "coi": "COI-0092"}
        02-04 14:40 verification:APH-092 matched signed tomasz+juno {"step": "pickup", "bag": "APH-092", "din": "W000026000092", "coi": "COI-0092"}
        02-04 14:50 custody:APH-092 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-092A"}
        02-04 14:55 custody:APH-092 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-092A"}
        02-05 09:30 custody:APH-092 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-092A"}
        02-05 09:45 custody:APH-092 received {"from": "Courier", "to": "Holder", "waybill": "W-092A"}
        02-05 10:00 temperature_log:APH-092 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-092A", "leg": "collection"}
        02-06 09:00 batch:B-092 {"batch": "B-092", "coi": "COI-0092", "dins": ["W000026000092"], "product": "ciltacabtagene_autoleucel"}
        02-06 09:00 manufacture_step:B-092 received
        02-07 09:00 manufacture_step:B-092 selection
        02-08 09:00 manufacture_step:B-092 activation
        02-09 09:00 manufacture_step:B-092 transduction
        02-12 09:00 manufacture_step:B-092 expansion
        02-21 09:00 manufacture_step:B-092 harvest
        02-22 09:00 manufacture_step:B-092 cryopreserved
        02-23 10:00 container:BAG-092-1 product_bag {"coi": "COI-0092", "batch": "B-092", "product": "ciltacabtagene_autoleucel", "custodian": "Holder", "expires": "2026-11-23", "patient_matches": "this course", "volume_ml": 70}
        02-10 10:00 bridging_therapy targeted until 02-24 {"regimen": "Selinexor, dexamethasone"}
        03-02 10:00 caregiver yes
        03-02 10:10 travel_time 50 min {"country": "US", "lodging": "home"}
        03-09 09:00 release_test:B-092 passed {"test": "identity", "specification": "holder's, version 5"}
        03-09 09:00 release_test:B-092 passed {"test": "mycoplasma", "specification": "holder's, version 5"}
        03-09 09:00 release_test:B-092 passed {"test": "endotoxin", "specification": "holder's, version 5"}
        03-09 09:00 release_test:B-092 passed {"test": "rcl", "specification": "holder's, version 5"}
        03-10 09:00 release_test:B-092 passed {"test": "dose", "specification": "holder's, version 5"}
        03-10 09:00 release_test:B-092 pending {"test": "sterility", "specification": "holder's, version 5"}
        03-11 09:00 release_test:B-092 failed {"test": "viability", "value": 71, "unit": "%", "lowest": 80, "specification": "holder's, version 5"}
        03-12 15:00 disposition:B-092 out_of_specification {"specification": "holder's, version 5", "reasons": ["viability 71%, at least 80% required"], "pathway": "expanded access"}
        03-13 10:00 out_of_specification_consent:B-092 given {"step": "consent", "version": "1"}
        03-13 10:30 disease_pace moving
        03-15 09:00 infection_status none
    """,
    "p08": """
        01-19 09:00 referral {"from": "Riverside Cancer Center", "reason": "Progression on a BTK inhibitor", "urgency": "soon", "owner": "coordinator"}
        01-19 09:00 age 64 a
        01-19 09:00 sex male
        01-19 09:00 diagnosis mantle_cell_lymphoma {"text": "Mantle cell lymphoma", "stage": "IV", "histology_confirmed": true}
        01-22 10:00 ecog_score 1
        01-28 16:00 tumor_board accepted {"product": "brexucabtagene_autoleucel"}
        01-28 16:10 product_chosen brexucabtagene_autoleucel
        01-29 10:00 gate:trials met {"gate": "trials", "text": "Talked about; he prefers the approved product"}
        01-29 10:30 gate:fertility not_needed {"gate": "fertility"}
        02-02 09:00 gate:payer met {"gate": "payer", "number": "A-4411"}
        02-02 15:00 consent {"version": "3", "to": "treatment"}
        02-03 09:00 product_order accepted {"order": "O-095"}
        02-04 10:00 manufacturing_slot:S-095 confirmed {"product": "brexucabtagene_autoleucel", "slot": "S-095", "collection_day": "2026-02-11"}
        02-06 09:00 chain_identity:COI-0095 {"coi": "COI-0095", "issuer": "the center"}
        02-11 07:35 verification:W000026000095 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000095", "coi": "COI-0095"}
        02-11 08:00 collection started {"coi": "COI-0095", "din": "W000026000095", "donor": "self"}
        02-11 12:40 collection completed {"coi": "COI-0095", "din": "W000026000095", "donor": "self", "day_of_order": 1, "inlet_ml": 9900, "volume_ml": 184, "cd3_million": 900}
        02-11 12:40 container:APH-095 apheresis_bag {"coi": "COI-0095", "din": "W000026000095", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 184, "patient_matches": "this course"}
        02-11 12:45 label_printed:APH-095 first {"copies": 2}
        02-11 12:55 verification:APH-095 matched signed tomasz+juno {"step": "label", "bag": "APH-095", "din": "W000026000095", "coi": "COI-0095"}
        02-11 14:40 verification:APH-095 matched signed tomasz+juno {"step": "pickup", "bag": "APH-095", "din": "W000026000095", "coi": "COI-0095"}
        02-11 14:50 custody:APH-095 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-095A"}
        02-11 14:55 custody:APH-095 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-095A"}
        02-12 09:30 custody:APH-095 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-095A"}
        02-12 09:45 custody:APH-095 received {"from": "Courier", "to": "Holder", "waybill": "W-095A"}
        02-12 10:00 temperature_log:APH-095 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-095A", "leg": "collection"}
        02-13 09:00 batch:B-095 {"batch": "B-095", "coi": "COI-0095", "dins": ["W000026000095"], "product": "brexucabtagene_autoleucel"}
        02-14 10:00 bridging_therapy corticosteroid {"regimen": "Dexamethasone, four days"}
        02-20 09:00 manufacture_step:B-095 failed {"text": "The T cells did not grow"}
        02-23 16:00 apheresis_request recollect {"text": "No cells kept back; counts are better now"}
        02-24 10:00 manufacturing_slot:S-101 confirmed {"product": "brexucabtagene_autoleucel", "slot": "S-101", "collection_day": "2026-03-05"}
        03-05 07:35 verification:W000026000101 incomplete signed tomasz+juno {"step": "collection", "band": "not read", "din": "W000026000101", "coi": "COI-0095", "missing": ["band"]}
        03-05 07:45 stand_in:W000026000101 signed tomasz+juno {"gap": "collection_incomplete", "text": "Wristband torn; he said his name and birth date, compared with the chart and the order"}
        03-05 08:00 collection started {"coi": "COI-0095", "din": "W000026000101", "donor": "self"}
        03-05 12:40 collection completed {"coi": "COI-0095", "din": "W000026000101", "donor": "self", "day_of_order": 1, "inlet_ml": 11800, "volume_ml": 212, "cd3_million": 2900}
        03-05 12:40 container:APH-101 apheresis_bag {"coi": "COI-0095", "din": "W000026000101", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 212, "patient_matches": "this course"}
        03-05 12:45 label_printed:APH-101 first {"copies": 2}
        03-05 12:55 verification:APH-101 matched signed tomasz+juno {"step": "label", "bag": "APH-101", "din": "W000026000101", "coi": "COI-0095"}
        03-05 14:40 verification:APH-101 matched signed tomasz+juno {"step": "pickup", "bag": "APH-101", "din": "W000026000101", "coi": "COI-0095"}
        03-05 14:50 custody:APH-101 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-101A"}
        03-05 14:55 custody:APH-101 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-101A"}
        03-06 09:30 custody:APH-101 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-101A"}
        03-06 09:45 custody:APH-101 received {"from": "Courier", "to": "Holder", "waybill": "W-101A"}
        03-06 10:00 temperature_log:APH-101 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-101A", "leg": "collection"}
        03-07 09:00 batch:B-101 {"batch": "B-101", "coi": "COI-0095", "dins": ["W000026000101"], "product": "brexucabtagene_autoleucel"}
        03-13 09:00 manufacture_step:B-101 expansion
        03-13 09:30 disease_pace moving
        04-08 00:00 appointment lymphodepletion until 04-11 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "brexucabtagene_autoleucel"}
        04-13 00:00 appointment infusion until 04-14 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "brexucabtagene_autoleucel"}
        04-13 00:00 appointment bed until 04-20 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "brexucabtagene_autoleucel", "resource": "Bed-1"}
    """,
    "p09": """
        01-14 09:00 referral {"from": "Children's Clinic North", "reason": "Second relapse", "urgency": "urgent", "owner": "coordinator"}
        01-14 09:00 age 19 a
        01-14 09:00 sex female
        01-14 09:00 diagnosis b_all {"text": "B-cell acute lymphoblastic leukemia", "histology_confirmed": true}
        01-16 10:00 ecog_score 1
        01-19 16:00 tumor_board accepted {"product": "tisagenlecleucel"}
        01-19 16:10 product_chosen tisagenlecleucel
        01-20 09:00 gate:trials met {"gate": "trials", "text": "Talked about"}
        01-20 10:00 gate:fertility met {"gate": "fertility", "text": "Counseled; eggs were frozen in 2024"}
        01-21 09:00 gate:payer met {"gate": "payer", "number": "A-4405"}
        01-21 15:00 consent {"version": "3", "to": "treatment"}
        01-22 09:00 product_order accepted {"order": "O-093"}
        01-23 09:00 chain_identity:COI-0093 {"coi": "COI-0093", "issuer": "the center"}
        01-28 07:35 verification:W000026000093 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000093", "coi": "COI-0093"}
        01-28 08:00 collection started {"coi": "COI-0093", "din": "W000026000093", "donor": "self"}
        01-28 12:40 collection completed {"coi": "COI-0093", "din": "W000026000093", "donor": "self", "day_of_order": 1, "inlet_ml": 10100, "volume_ml": 190, "cd3_million": 2600}
        01-28 12:40 container:APH-093 apheresis_bag {"coi": "COI-0093", "din": "W000026000093", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 190, "patient_matches": "this course"}
        01-28 12:45 label_printed:APH-093 first {"copies": 2}
        01-28 12:55 verification:APH-093 matched signed tomasz+juno {"step": "label", "bag": "APH-093", "din": "W000026000093", "coi": "COI-0093"}
        01-28 14:40 verification:APH-093 matched signed tomasz+juno {"step": "pickup", "bag": "APH-093", "din": "W000026000093", "coi": "COI-0093"}
        01-28 14:50 custody:APH-093 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-093A"}
        01-28 14:55 custody:APH-093 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-093A"}
        01-29 09:30 custody:APH-093 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-093A"}
        01-29 09:45 custody:APH-093 received {"from": "Courier", "to": "Holder", "waybill": "W-093A"}
        01-29 10:00 temperature_log:APH-093 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-093A", "leg": "collection"}
        02-02 09:00 batch:B-093 {"batch": "B-093", "coi": "COI-0093", "dins": ["W000026000093"], "product": "tisagenlecleucel"}
        02-03 10:00 bridging_therapy chemotherapy {"regimen": "Vincristine, dexamethasone"}
        02-20 09:00 release_test:B-093 failed {"test": "sterility", "specification": "holder's, version 8"}
        02-20 15:00 disposition:B-093 failed {"specification": "holder's, version 8", "reasons": ["growth in the sterility test"]}
        02-23 16:00 apheresis_request remanufacture {"text": "Enough cells were kept back"}
        02-27 09:00 batch:B-093R {"batch": "B-093R", "coi": "COI-0093", "dins": ["W000026000093"], "product": "tisagenlecleucel", "remanufacture_of": "B-093"}
        03-06 09:00 manufacture_step:B-093R transduction
        03-10 11:00 disease_pace fast {"text": "Blasts in the blood again, 12%"}
        03-12 10:00 caregiver yes {"text": "Her mother"}
        03-12 10:10 travel_time 30 min {"country": "US", "lodging": "family house"}
        04-21 00:00 appointment lymphodepletion until 04-25 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "tisagenlecleucel"}
        04-27 00:00 appointment infusion until 04-28 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "tisagenlecleucel"}
        04-27 00:00 appointment bed until 05-04 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "tisagenlecleucel", "resource": "Bed-2"}
    """,
    "p10": """
        2025-12-29 09:00 referral {"from": "Lakeside Oncology", "reason": "Refractory to second line", "urgency": "soon", "owner": "coordinator"}
        2025-12-29 09:00 age 55 a
        2025-12-29 09:00 sex male
        2025-12-29 09:00 diagnosis pmbcl {"text": "Primary mediastinal large B-cell lymphoma", "stage": "II", "histology_confirmed": true}
        2024-10-14 line_of_therapy 1 until 2025-02-10 {"regimen": "R-CHOP, 6 cycles", "classes": ["anti_cd20", "anthracycline", "alkylator", "corticosteroid"], "response": "partial response", "outcome": "relapse", "outcome_date": "2025-06-02", "systemic": true}
        2025-06-23 line_of_therapy 2 until 2025-09-08 {"regimen": "R-ICE, 3 cycles", "classes": ["anti_cd20", "platinum", "alkylator"], "response": "progression", "outcome": "progression", "outcome_date": "2025-12-15", "systemic": true, "refractory": true}
        2025-12-15 10:00 disease_status refractory
        01-05 09:00 antigen_expression:CD19 positive {"antigen": "CD19", "method": "immunohistochemistry", "sample": "biopsy, current relapse"}
        01-02 10:00 ecog_score 1
        01-07 16:00 tumor_board accepted {"product": "axicabtagene_ciloleucel"}
        01-07 16:10 product_chosen axicabtagene_ciloleucel
        01-08 09:00 gate:trials met {"gate": "trials", "text": "Talked about"}
        01-08 10:00 gate:fertility met {"gate": "fertility", "text": "Counseled"}
        01-14 09:00 gate:payer met {"gate": "payer", "number": "A-4391"}
        01-14 15:00 consent {"version": "3", "to": "treatment"}
        01-15 09:00 product_order accepted {"order": "O-088"}
        01-19 09:00 chain_identity:COI-0088 {"coi": "COI-0088", "issuer": "the center"}
        02-02 09:00 body_height 180 cm
        02-02 09:00 body_weight 80.5 kg
        02-02 09:00 creatinine 0.8 mg/dL
        02-09 07:35 verification:W000026000088 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000088", "coi": "COI-0088"}
        02-09 08:00 collection started {"coi": "COI-0088", "din": "W000026000088", "donor": "self"}
        02-09 12:40 collection completed {"coi": "COI-0088", "din": "W000026000088", "donor": "self", "day_of_order": 1, "inlet_ml": 11800, "volume_ml": 212, "cd3_million": 2900}
        02-09 12:40 container:APH-088 apheresis_bag {"coi": "COI-0088", "din": "W000026000088", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 212, "patient_matches": "this course"}
        02-09 12:45 label_printed:APH-088 first {"copies": 2}
        02-09 12:55 verification:APH-088 matched signed tomasz+juno {"step": "label", "bag": "APH-088", "din": "W000026000088", "coi": "COI-0088"}
        02-09 14:40 verification:APH-088 matched signed tomasz+juno {"step": "pickup", "bag": "APH-088", "din": "W000026000088", "coi": "COI-0088"}
        02-09 14:50 custody:APH-088 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-088A"}
        02-09 14:55 custody:APH-088 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-088A"}
        02-10 09:30 custody:APH-088 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-088A"}
        02-10 09:45 custody:APH-088 received {"from": "Courier", "to": "Holder", "waybill": "W-088A"}
        02-10 10:00 temperature_log:APH-088 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-088A", "leg": "collection"}
        02-11 09:00 batch:B-088 {"batch": "B-088", "coi": "COI-0088", "dins": ["W000026000088"], "product": "axicabtagene_ciloleucel"}
        02-11 09:00 manufacture_step:B-088 received
        02-11 15:00 manufacture_step:B-088 selection
        02-12 09:00 manufacture_step:B-088 activation
        02-13 09:00 manufacture_step:B-088 transduction
        02-16 09:00 manufacture_step:B-088 expansion
        02-23 09:00 manufacture_step:B-088 harvest
        02-24 09:00 manufacture_step:B-088 cryopreserved
        02-24 10:00 container:BAG-088-1 product_bag {"coi": "COI-0088", "batch": "B-088", "product": "axicabtagene_ciloleucel", "custodian": "Holder", "expires": "2027-02-28", "patient_matches": "this course", "dose_million": 158, "volume_ml": 68}
        03-02 15:00 release_test:B-088 passed {"test": "viability", "value": 91, "unit": "%", "lowest": 80, "specification": "holder's, version 12"}
        03-02 15:00 release_test:B-088 passed {"test": "identity", "specification": "holder's, version 12"}
        03-02 15:00 release_test:B-088 passed {"test": "mycoplasma", "specification": "holder's, version 12"}
        03-02 15:00 release_test:B-088 passed {"test": "endotoxin", "specification": "holder's, version 12"}
        03-02 15:00 release_test:B-088 passed {"test": "rcl", "specification": "holder's, version 12"}
        03-02 15:00 release_test:B-088 passed {"test": "dose", "specification": "holder's, version 12"}
        02-12 10:00 bridging_therapy radiotherapy {"regimen": "Mediastinum, 20 Gy", "text": "Until 24 Feb"}
        03-03 15:00 disposition:B-088 released {"specification": "holder's, version 12"}
        03-03 15:10 release_certificate:B-088 {"number": "C-088", "coi": "COI-0088", "batch": "B-088", "bags": ["BAG-088-1"], "dose_million": 158, "volume_ml": 68, "expires": "2027-02-28", "patient_matches": "this course"}
        03-11 10:00 restaging stable {"method": "PET"}
        03-11 11:00 caregiver yes {"text": "His brother"}
        03-11 11:10 travel_time 95 min {"country": "US", "lodging": "home"}
        03-11 11:30 disease_pace moving
        03-12 09:00 release_test:B-088 passed {"test": "sterility", "specification": "holder's, version 12", "after_release": true}
        03-09 08:00 container:SHIP-088 shipper {"custodian": "Holder"}
        03-09 08:30 container:BAG-088-1 product_bag {"batch": "B-088", "parent": "SHIP-088"}
        03-09 08:45 seal:SHIP-088 applied {"number": "77120"}
        03-09 10:00 custody:SHIP-088 handed_over {"from": "Holder", "to": "Courier", "waybill": "W-088", "seal": "77120"}
        03-09 10:05 custody:SHIP-088 received {"from": "Holder", "to": "Courier", "waybill": "W-088", "seal": "77120"}
        03-10 08:50 custody:SHIP-088 handed_over {"from": "Courier", "to": "Cell laboratory", "waybill": "W-088", "seal": "77120"}
        03-10 09:00 custody:SHIP-088 received {"from": "Courier", "to": "Cell laboratory", "waybill": "W-088", "seal": "77120"}
        03-10 09:02 seal:SHIP-088 intact {"number": "77120"}
        03-10 09:10 temperature_log:SHIP-088 -161.4 Cel {"lowest_cel": -189.2, "limit_cel": -150, "limit_confirmed": false, "minutes_above": 0, "gap_min": 10, "readings": 138, "logger": "LOG-088", "leg": "product"}
        03-10 09:15 verification:BAG-088-1 matched signed priya+ottilie {"step": "receipt", "bag": "BAG-088-1", "batch": "B-088", "coi": "COI-0088"}
        03-10 09:20 storage:BAG-088-1 put {"tank": "T2", "position": "B-4"}
        03-16 08:00 body_height 180 cm
        03-16 08:00 body_weight 79 kg
        03-16 08:10 creatinine 0.8 mg/dL
        03-16 09:00 infection_status none
        03-16 09:00 unresolved_toxicity none
        03-18 00:00 appointment lymphodepletion until 03-21 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "axicabtagene_ciloleucel"}
        03-23 00:00 appointment infusion until 03-24 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "axicabtagene_ciloleucel"}
        03-23 00:00 appointment bed until 03-30 00:00 known 03-13 {"plan": "P-2026-11", "state": "planned", "product": "axicabtagene_ciloleucel", "resource": "Bed-2"}
    """,
    "p11": """
        2025-12-15 09:00 referral {"from": "Hill Street Hematology", "reason": "Third relapse", "urgency": "routine", "owner": "coordinator"}
        2025-12-15 09:00 age 60 a
        2025-12-15 09:00 sex female
        2025-12-15 09:00 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgG lambda", "histology_confirmed": true}
        2019-02-04 line_of_therapy 1 until 2021-05-17 {"regimen": "Bortezomib, lenalidomide, dexamethasone; transplant; lenalidomide", "classes": ["pi", "imid", "corticosteroid", "auto_hct"], "outcome": "progression", "outcome_date": "2021-05-10", "systemic": true}
        2021-06-14 line_of_therapy 2 until 2023-09-04 {"regimen": "Daratumumab, pomalidomide, dexamethasone", "classes": ["anti_cd38", "imid", "corticosteroid"], "outcome": "progression", "outcome_date": "2023-08-28", "systemic": true}
        2023-10-02 line_of_therapy 3 until 2025-11-24 {"regimen": "Carfilzomib, dexamethasone", "classes": ["pi", "corticosteroid"], "outcome": "progression", "outcome_date": "2025-12-01", "systemic": true, "refractory": true}
        2025-12-01 10:00 disease_status later_relapse
        2025-12-17 09:00 antigen_expression:BCMA positive {"antigen": "BCMA", "method": "flow", "sample": "marrow, current relapse"}
        2025-12-18 10:00 ecog_score 0
        2025-12-23 16:00 tumor_board accepted {"product": "idecabtagene_vicleucel"}
        2025-12-23 16:10 product_chosen idecabtagene_vicleucel
        2025-12-29 09:00 gate:trials met {"gate": "trials", "text": "Talked about"}
        2025-12-29 10:00 gate:fertility not_needed {"gate": "fertility"}
        01-05 09:00 gate:payer met {"gate": "payer", "number": "A-4380"}
        01-05 15:00 consent {"version": "3", "to": "treatment"}
        01-06 09:00 product_order accepted {"order": "O-081"}
        01-07 09:00 chain_identity:COI-0081 {"coi": "COI-0081", "issuer": "the center"}
        01-19 09:00 body_height 168 cm
        01-19 09:00 body_weight 71 kg
        01-19 09:00 creatinine 0.7 mg/dL
        01-26 07:35 verification:W000026000081 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000081", "coi": "COI-0081"}
        01-26 08:00 collection started {"coi": "COI-0081", "din": "W000026000081", "donor": "self"}
        01-26 12:40 collection completed {"coi": "COI-0081", "din": "W000026000081", "donor": "self", "day_of_order": 1, "inlet_ml": 10400, "volume_ml": 198, "cd3_million": 2300}
        01-26 12:40 container:APH-081 apheresis_bag {"coi": "COI-0081", "din": "W000026000081", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 198, "patient_matches": "this course"}
        01-26 12:45 label_printed:APH-081 first {"copies": 2}
        01-26 12:55 verification:APH-081 matched signed tomasz+juno {"step": "label", "bag": "APH-081", "din": "W000026000081", "coi": "COI-0081"}
        01-26 14:40 verification:APH-081 matched signed tomasz+juno {"step": "pickup", "bag": "APH-081", "din": "W000026000081", "coi": "COI-0081"}
        01-26 14:50 custody:APH-081 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-081A"}
        01-26 14:55 custody:APH-081 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-081A"}
        01-27 09:30 custody:APH-081 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-081A"}
        01-27 09:45 custody:APH-081 received {"from": "Courier", "to": "Holder", "waybill": "W-081A"}
        01-27 10:00 temperature_log:APH-081 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-081A", "leg": "collection"}
        01-28 09:00 batch:B-081 {"batch": "B-081", "coi": "COI-0081", "dins": ["W000026000081"], "product": "idecabtagene_vicleucel"}
        01-28 09:00 manufacture_step:B-081 received
        01-28 15:00 manufacture_step:B-081 selection
        01-29 09:00 manufacture_step:B-081 activation
        01-30 09:00 manufacture_step:B-081 transduction
        02-02 09:00 manufacture_step:B-081 expansion
        02-09 09:00 manufacture_step:B-081 harvest
        02-10 09:00 manufacture_step:B-081 cryopreserved
        02-10 10:00 container:BAG-081-1 product_bag {"coi": "COI-0081", "batch": "B-081", "product": "idecabtagene_vicleucel", "custodian": "Holder", "expires": "2027-02-10", "patient_matches": "this course", "dose_million": 412, "volume_ml": 70}
        02-24 15:00 release_test:B-081 passed {"test": "viability", "value": 91, "unit": "%", "lowest": 80, "specification": "holder's, version 7"}
        02-24 15:00 release_test:B-081 passed {"test": "identity", "specification": "holder's, version 7"}
        02-24 15:00 release_test:B-081 passed {"test": "mycoplasma", "specification": "holder's, version 7"}
        02-24 15:00 release_test:B-081 passed {"test": "endotoxin", "specification": "holder's, version 7"}
        02-24 15:00 release_test:B-081 passed {"test": "rcl", "specification": "holder's, version 7"}
        02-24 15:00 release_test:B-081 passed {"test": "dose", "specification": "holder's, version 7"}
        02-24 15:00 release_test:B-081 passed {"test": "sterility", "specification": "holder's, version 7"}
        01-29 10:00 bridging_therapy none {"text": "Slow"}
        02-26 15:00 disposition:B-081 released {"specification": "holder's, version 7"}
        02-26 15:10 release_certificate:B-081 {"number": "C-081", "coi": "COI-0081", "batch": "B-081", "bags": ["BAG-081-1"], "dose_million": 412, "volume_ml": 70, "expires": "2027-02-10", "patient_matches": "this course"}
        03-05 10:00 restaging stable {"method": "serum"}
        03-06 11:00 caregiver yes {"text": "Her husband"}
        03-06 11:10 travel_time 45 min {"country": "US", "lodging": "hotel by the hospital"}
        03-06 11:30 disease_pace slow
        03-03 08:00 container:SHIP-081 shipper {"custodian": "Holder"}
        03-03 08:30 container:BAG-081-1 product_bag {"batch": "B-081", "parent": "SHIP-081"}
        03-03 08:45 seal:SHIP-081 applied {"number": "77104"}
        03-03 10:00 custody:SHIP-081 handed_over {"from": "Holder", "to": "Courier", "waybill": "W-081", "seal": "77104"}
        03-03 10:05 custody:SHIP-081 received {"from": "Holder", "to": "Courier", "waybill": "W-081", "seal": "77104"}
        03-04 08:50 custody:SHIP-081 handed_over {"from": "Courier", "to": "Cell laboratory", "waybill": "W-081", "seal": "77104"}
        03-04 09:00 custody:SHIP-081 received {"from": "Courier", "to": "Cell laboratory", "waybill": "W-081", "seal": "77104"}
        03-04 09:02 seal:SHIP-081 intact {"number": "77104"}
        03-04 09:10 temperature_log:SHIP-081 -158.9 Cel {"lowest_cel": -189.2, "limit_cel": -130, "limit_confirmed": false, "minutes_above": 0, "gap_min": 10, "readings": 138, "logger": "LOG-081", "leg": "product"}
        03-04 09:15 verification:BAG-081-1 matched signed priya+ottilie {"step": "receipt", "bag": "BAG-081-1", "batch": "B-081", "coi": "COI-0081"}
        03-04 09:20 storage:BAG-081-1 put {"tank": "T2", "position": "A-1"}
        03-12 08:00 body_height 168 cm
        03-12 08:00 body_weight 70 kg
        03-12 08:00 creatinine 0.7 mg/dL
        03-12 08:30 infection_status none
        03-12 08:30 unresolved_toxicity none
        03-12 08:30 pregnancy_test not_applicable
        03-12 10:00 go_no_go:lymphodepletion go {"before": "lymphodepletion", "text": "No infection, product here"}
        03-13 08:50 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        03-13 09:00 drug cyclophosphamide 543 mg {"route": "intravenous", "indication": "lymphodepletion"}
        03-13 11:00 drug fludarabine 54 mg {"route": "intravenous", "indication": "lymphodepletion"}
        03-14 09:00 drug cyclophosphamide 543 mg {"route": "intravenous", "indication": "lymphodepletion"}
        03-14 11:00 drug fludarabine 54 mg {"route": "intravenous", "indication": "lymphodepletion"}
        03-15 09:00 drug cyclophosphamide 543 mg {"route": "intravenous", "indication": "lymphodepletion"}
        03-15 11:00 drug fludarabine 54 mg {"route": "intravenous", "indication": "lymphodepletion"}
        03-15 12:00 lymphodepletion completed {"regimen": "fludarabine, cyclophosphamide"}
        03-16 07:30 body_weight 70.4 kg
        03-16 07:40 creatinine 0.7 mg/dL
        03-16 08:30 infection_status none
        03-16 08:30 unresolved_toxicity none
        03-17 00:00 appointment infusion until 03-18 00:00 known 03-09 {"plan": "P-2026-10", "state": "planned", "product": "idecabtagene_vicleucel"}
        03-17 00:00 appointment bed until 03-24 00:00 known 03-09 {"plan": "P-2026-10", "state": "planned", "product": "idecabtagene_vicleucel", "resource": "Bed-1"}
    """,
    "p12": """
        02-02 09:00 referral {"from": "Riverside Cancer Center", "reason": "Third line", "urgency": "routine", "owner": "coordinator"}
        02-02 09:00 age 82 a
        02-02 09:00 sex male
        02-02 09:00 diagnosis dlbcl {"text": "Diffuse large B-cell lymphoma, second relapse", "stage": "III", "histology_confirmed": true}
        02-05 10:00 ecog_score 1
        02-11 16:00 tumor_board accepted {"product": "lisocabtagene_maraleucel"}
        02-11 16:10 product_chosen lisocabtagene_maraleucel
        02-12 09:00 disease_pace moving
        03-09 11:00 course_closed withdrawn {"text": "He wants to stay at home"}
    """,
    "p13": """
        01-08 09:00 referral {"from": "Lakeside Oncology", "reason": "Relapse after transplant", "urgency": "urgent", "owner": "coordinator"}
        01-08 09:00 age 45 a
        01-08 09:00 sex female
        01-08 09:00 diagnosis b_all {"text": "B-cell acute lymphoblastic leukemia", "histology_confirmed": true}
        01-12 10:00 ecog_score 2
        01-14 16:00 tumor_board accepted {"product": "obecabtagene_autoleucel"}
        01-14 16:10 product_chosen obecabtagene_autoleucel
        01-15 09:00 gate:payer met {"gate": "payer", "number": "A-4398"}
        01-15 15:00 consent {"version": "3", "to": "treatment"}
        01-16 09:00 product_order accepted {"order": "O-090"}
        01-19 09:00 chain_identity:COI-0090 {"coi": "COI-0090", "issuer": "the center"}
        01-27 07:35 verification:W000026000090 matched signed tomasz+juno {"step": "collection", "band": "this course", "din": "W000026000090", "coi": "COI-0090"}
        01-27 08:00 collection started {"coi": "COI-0090", "din": "W000026000090", "donor": "self"}
        01-27 12:40 collection completed {"coi": "COI-0090", "din": "W000026000090", "donor": "self", "day_of_order": 1, "inlet_ml": 9800, "volume_ml": 176, "cd3_million": 1900}
        01-27 12:40 container:APH-090 apheresis_bag {"coi": "COI-0090", "din": "W000026000090", "division": "A0", "custodian": "Apheresis unit", "volume_ml": 176, "patient_matches": "this course"}
        01-27 12:45 label_printed:APH-090 first {"copies": 2}
        01-27 12:55 verification:APH-090 matched signed tomasz+juno {"step": "label", "bag": "APH-090", "din": "W000026000090", "coi": "COI-0090"}
        01-27 14:40 verification:APH-090 matched signed tomasz+juno {"step": "pickup", "bag": "APH-090", "din": "W000026000090", "coi": "COI-0090"}
        01-27 14:50 custody:APH-090 handed_over {"from": "Apheresis unit", "to": "Courier", "waybill": "W-090A"}
        01-27 14:55 custody:APH-090 received {"from": "Apheresis unit", "to": "Courier", "waybill": "W-090A"}
        01-28 09:30 custody:APH-090 handed_over {"from": "Courier", "to": "Holder", "waybill": "W-090A"}
        01-28 09:45 custody:APH-090 received {"from": "Courier", "to": "Holder", "waybill": "W-090A"}
        01-28 10:00 temperature_log:APH-090 5.4 Cel {"lowest_cel": 3.1, "limit_cel": 8, "least_cel": 2, "minutes_above": 0, "minutes_below": 0, "gap_min": 5, "readings": 228, "logger": "LOG-090A", "leg": "collection"}
        02-02 10:00 bridging_therapy chemotherapy {"regimen": "Inotuzumab"}
        02-10 10:00 disease_pace fast
        01-29 09:00 batch:B-090 {"batch": "B-090", "coi": "COI-0090", "dins": ["W000026000090"], "product": "obecabtagene_autoleucel"}
        01-29 09:00 manufacture_step:B-090 received
        01-31 09:00 manufacture_step:B-090 transduction
        02-03 09:00 manufacture_step:B-090 expansion
        02-12 09:00 manufacture_step:B-090 cryopreserved
        02-12 10:00 container:BAG-090-1 product_bag {"coi": "COI-0090", "batch": "B-090", "product": "obecabtagene_autoleucel", "custodian": "Holder", "expires": "2026-11-12", "patient_matches": "this course", "part": 1, "dose_million": 100, "color": "orange"}
        02-12 10:00 container:BAG-090-2 product_bag {"coi": "COI-0090", "batch": "B-090", "product": "obecabtagene_autoleucel", "custodian": "Holder", "expires": "2026-11-12", "patient_matches": "this course", "part": 2, "dose_million": 10, "color": "blue"}
        02-12 10:00 container:BAG-090-3 product_bag {"coi": "COI-0090", "batch": "B-090", "product": "obecabtagene_autoleucel", "custodian": "Holder", "expires": "2026-11-12", "patient_matches": "this course", "part": 2, "dose_million": 300, "color": "red"}
        02-19 15:00 release_test:B-090 passed {"test": "viability", "value": 91, "unit": "%", "lowest": 80, "specification": "holder's, version 3"}
        02-19 15:00 release_test:B-090 passed {"test": "identity", "specification": "holder's, version 3"}
        02-19 15:00 release_test:B-090 passed {"test": "mycoplasma", "specification": "holder's, version 3"}
        02-19 15:00 release_test:B-090 passed {"test": "endotoxin", "specification": "holder's, version 3"}
        02-19 15:00 release_test:B-090 passed {"test": "rcl", "specification": "holder's, version 3"}
        02-19 15:00 release_test:B-090 passed {"test": "dose", "specification": "holder's, version 3"}
        02-20 15:00 disposition:B-090 released_pending {"specification": "holder's, version 3", "pending": ["sterility"]}
        02-20 15:10 release_certificate:B-090 {"number": "C-090", "coi": "COI-0090", "batch": "B-090", "bags": ["BAG-090-1", "BAG-090-2", "BAG-090-3"], "dose_million": 410, "expires": "2026-11-12", "patient_matches": "this course"}
        02-23 08:00 container:SHIP-090 shipper {"custodian": "Holder"}
        02-23 08:30 container:BAG-090-1 product_bag {"batch": "B-090", "parent": "SHIP-090"}
        02-23 08:30 container:BAG-090-2 product_bag {"batch": "B-090", "parent": "SHIP-090"}
        02-23 08:30 container:BAG-090-3 product_bag {"batch": "B-090", "parent": "SHIP-090"}
        02-23 08:45 seal:SHIP-090 applied {"number": "77093"}
        02-23 10:00 custody:SHIP-090 handed_over {"from": "Holder", "to": "Courier", "waybill": "W-090", "seal": "77093"}
        02-23 10:05 custody:SHIP-090 received {"from": "Holder", "to": "Courier", "waybill": "W-090", "seal": "77093"}
        02-24 08:50 custody:SHIP-090 handed_over {"from": "Courier", "to": "Cell laboratory", "waybill": "W-090", "seal": "77093"}
        02-24 09:00 custody:SHIP-090 received {"from": "Courier", "to": "Cell laboratory", "waybill": "W-090", "seal": "77093"}
        02-24 09:02 seal:SHIP-090 intact {"number": "77093"}
        02-24 09:10 temperature_log:SHIP-090 -127.6 Cel {"lowest_cel": -189.2, "limit_cel": -150, "limit_confirmed": false, "minutes_above": 34, "gap_min": 10, "readings": 138, "logger": "LOG-090", "leg": "product"}
        02-24 09:15 verification:BAG-090-1 matched signed priya+ottilie {"step": "receipt", "bag": "BAG-090-1", "batch": "B-090", "coi": "COI-0090"}
        02-24 09:16 verification:BAG-090-2 matched signed priya+ottilie {"step": "receipt", "bag": "BAG-090-2", "batch": "B-090", "coi": "COI-0090"}
        02-24 09:17 verification:BAG-090-3 matched signed priya+ottilie {"step": "receipt", "bag": "BAG-090-3", "batch": "B-090", "coi": "COI-0090"}
        02-24 09:20 storage:BAG-090-1 put {"tank": "T2", "position": "Q-1"}
        02-24 09:21 storage:BAG-090-2 put {"tank": "T2", "position": "Q-2"}
        02-24 09:22 storage:BAG-090-3 put {"tank": "T2", "position": "Q-3"}
        02-24 09:40 quarantine:BAG-090-1 placed signed priya {"text": "Logger above its limit for 34 minutes", "holder_called": true}
        02-24 09:40 quarantine:BAG-090-2 placed signed priya {"text": "Logger above its limit for 34 minutes", "holder_called": true}
        02-24 09:40 quarantine:BAG-090-3 placed signed priya {"text": "Logger above its limit for 34 minutes", "holder_called": true}
        02-24 10:00 deviation:SHIP-090 opened signed priya {"severity": "major", "text": "Temperature excursion on the way to the center; the holder has the file"}
        02-27 04:10 death progression {"text": "Progression, while the holder had not yet answered on the cells in quarantine"}
    """,
    "center": """
        2025-06-02 08:00 gate:consent met {"gate": "consent", "version": "3", "text": "Consent to CAR T-cell therapy"}
        03-01 08:00 gate:consent met {"gate": "consent", "version": "4", "text": "Consent to CAR T-cell therapy, proximity two weeks"}
        02-01 08:00 resource:Chair-1 apheresis_chair {"name": "Chair-1", "weekdays": ["mon", "tue", "wed", "thu", "fri"]}
        02-01 08:00 resource:Chair-2 apheresis_chair {"name": "Chair-2", "weekdays": ["mon", "tue", "wed", "thu"]}
        02-01 08:00 resource:Bed-1 bed {"name": "Bed-1"}
        02-01 08:00 resource:Bed-2 bed {"name": "Bed-2"}
        02-01 08:00 resource:Bed-3 bed {"name": "Bed-3"}
        02-01 08:00 resource:Bed-4 bed {"name": "Bed-4"}
        02-01 08:00 resource:Cell-laboratory laboratory_staff {"name": "Cell-laboratory", "capacity": 5, "weekdays": ["mon", "tue", "wed", "thu", "fri"]}
        02-01 08:00 resource:Axi-cel manufacturing_slot {"name": "Axi-cel", "product": "axicabtagene_ciloleucel", "weekdays": ["mon", "wed"]}
        02-01 08:00 resource:Brexu-cel manufacturing_slot {"name": "Brexu-cel", "product": "brexucabtagene_autoleucel", "weekdays": ["tue"]}
        02-01 08:00 resource:Liso-cel manufacturing_slot {"name": "Liso-cel", "product": "lisocabtagene_maraleucel", "weekdays": ["mon", "thu"]}
        02-01 08:00 resource:Tisa-cel manufacturing_slot {"name": "Tisa-cel", "product": "tisagenlecleucel", "weekdays": ["wed"]}
        02-01 08:00 resource:Ide-cel manufacturing_slot {"name": "Ide-cel", "product": "idecabtagene_vicleucel", "weekdays": ["tue"]}
        02-01 08:00 resource:Cilta-cel manufacturing_slot {"name": "Cilta-cel", "product": "ciltacabtagene_autoleucel", "weekdays": ["wed"], "days": 38}
        02-01 08:00 resource:Obe-cel manufacturing_slot {"name": "Obe-cel", "product": "obecabtagene_autoleucel", "weekdays": ["thu"]}
        2026-04-03 00:00 closure until 2026-04-04 00:00 known 02-01 {"text": "Good Friday"}
        2026-05-25 00:00 closure until 2026-05-26 00:00 known 02-01 {"text": "Memorial Day"}
        2026-03-25 00:00 closure:Chair-2 until 2026-03-26 00:00 known 02-01 {"text": "Device service"}
        02-01 08:00 resource:Bed-5 bed {"name": "Bed-5"}
        02-01 08:00 resource:Bed-6 bed {"name": "Bed-6"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "identity"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "rcl"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "dose"}
        2025-12-01 08:00 release_specification:axicabtagene_ciloleucel {"specification": "holder's, version 12", "test": "sterility", "after_release": true}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "identity"}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "rcl"}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "dose"}
        2025-12-01 08:00 release_specification:brexucabtagene_autoleucel {"specification": "holder's, version 9", "test": "sterility", "after_release": true}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "identity"}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "rcl"}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "dose"}
        2025-12-01 08:00 release_specification:ciltacabtagene_autoleucel {"specification": "holder's, version 5", "test": "sterility", "after_release": true}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "identity"}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "rcl"}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "dose"}
        2025-12-01 08:00 release_specification:idecabtagene_vicleucel {"specification": "holder's, version 7", "test": "sterility", "after_release": true}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "identity"}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "rcl"}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "dose"}
        2025-12-01 08:00 release_specification:lisocabtagene_maraleucel {"specification": "holder's, version 6", "test": "sterility", "after_release": true}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "identity"}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "rcl"}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "dose"}
        2025-12-01 08:00 release_specification:obecabtagene_autoleucel {"specification": "holder's, version 3", "test": "sterility", "after_release": true}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "viability", "lowest": 80, "unit": "%"}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "identity"}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "mycoplasma"}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "endotoxin"}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "rcl"}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "dose"}
        2025-12-01 08:00 release_specification:tisagenlecleucel {"specification": "holder's, version 8", "test": "sterility", "after_release": true}
        03-14 20:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-15 08:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-15 20:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-16 08:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-16 20:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-17 08:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-17 20:00 stock:tocilizumab 40 {"item": "tocilizumab doses"}
        03-13 09:00 stock:tocilizumab 2 {"item": "tocilizumab doses", "for_course": "p11"}
        03-13 09:05 stock:tocilizumab 2 {"item": "tocilizumab doses", "for_course": "p10"}
        03-01 08:00 center_offer:center open {"center": "Invented University Hospital", "city": "Springfield", "country": "US", "products": ["axicabtagene_ciloleucel", "lisocabtagene_maraleucel", "ciltacabtagene_autoleucel", "obecabtagene_autoleucel"], "trials": ["DEMO-LBCL-1", "DEMO-MM-3"], "services": ["outpatient", "lodging", "interpreters"], "contact": "Cell therapy office, extension 4100"}
        03-02 08:00 center_offer:northfield open {"center": "Northfield Cancer Institute", "city": "Northfield", "country": "US", "products": ["axicabtagene_ciloleucel", "tisagenlecleucel", "idecabtagene_vicleucel"], "trials": ["DEMO-NHL-2"], "services": ["lodging"], "contact": "CAR T coordinator, extension 220"}
        03-02 08:10 center_offer:lakeside paused {"center": "Lakeside Children's Hospital", "city": "Lakeside", "country": "US", "products": ["tisagenlecleucel"], "trials": ["DEMO-ALL-4"], "services": ["children", "lodging"], "text": "Takes patients again in May"}
    """,
}
