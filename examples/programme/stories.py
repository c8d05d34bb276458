# ruff: noqa: E501 - a fact is a line
"""Thirteen invented courses on the road to infusion, and the record of an invented center. Nobody in here exists.

A line is a fact: ``DAY [HH:MM] WHAT[:ABOUT] CHOICE or NUMBER [UNIT] [until DAY] [known DAY] [{details}]``, days of 2026
unless a year is given. `known`: when it was recorded, where that is not when it was true. They stand as they do on
16 March 2026; none of the numbers is a recommendation.
"""

from __future__ import annotations

STORIES = {
    "p01": """
        03-13 09:10 referral {"from": "Lakeside Oncology", "reason": "Primary refractory; CAR T as second line?", "urgency": "urgent"}
        03-13 09:10 age 58 a
        03-13 09:10 sex male
        03-13 09:10 diagnosis dlbcl {"text": "Diffuse large B-cell lymphoma, not otherwise specified", "stage": "IV", "histology_confirmed": true}
        2025-10-20 line_of_therapy 1 until 2026-02-18 {"regimen": "R-CHOP, 6 cycles", "classes": ["anti_cd20", "anthracycline", "alkylator", "corticosteroid"], "response": "progression", "systemic": true, "refractory": true}
        03-12 10:00 disease_status primary_refractory
        03-13 09:10 disease_pace fast {"text": "Doubled in three weeks, LDH rising"}
    """,
    "p02": """
        03-03 11:20 referral {"from": "Hill Street Hematology", "reason": "Second relapse", "urgency": "routine", "owner": "coordinator"}
        03-03 11:20 age 66 a
        03-03 11:20 sex female
        03-03 11:20 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgG kappa", "histology_confirmed": true}
        2021-04-12 line_of_therapy 1 until 2023-11-20 {"regimen": "VRd, transplant, lenalidomide", "classes": ["pi", "imid", "auto_hct"], "systemic": true}
        2024-01-08 line_of_therapy 2 until 2026-02-20 {"regimen": "Daratumumab, carfilzomib, dexamethasone", "classes": ["anti_cd38", "pi", "corticosteroid"], "systemic": true}
        03-02 09:00 disease_status later_relapse
        03-09 14:00 ecog_score 1
        03-09 14:05 disease_pace slow
        03-09 14:10 antigen_expression:BCMA positive {"antigen": "BCMA", "method": "flow", "sample": "marrow"}
        03-11 08:30 hbsag negative
        03-11 08:30 lvef 58 %
        03-12 15:00 trial_option:NCT00000001 discussed {"trial": "NCT00000001", "text": "Invented number, as an example"}
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
        03-18 08:00 appointment collection known 03-05 {"resource": "chair 2", "state": "planned"}
        03-06 10:00 bridging_therapy none {"text": "Slow, no bridging"}
        03-09 10:00 caregiver yes {"text": "His wife"}
        03-09 10:05 travel_time 25 min {"country": "US", "lodging": "home"}
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
        02-23 08:00 collection completed {"coi": "COI-0099", "din": "W000026000099", "day_of_order": 1}
        02-25 09:00 batch:B-099 {"batch": "B-099", "coi": "COI-0099", "dins": ["W000026000099"], "product": "lisocabtagene_maraleucel"}
        02-25 09:00 manufacture_step:B-099 received
        02-26 09:00 manufacture_step:B-099 transduction
        02-27 10:00 bridging_therapy antibody_drug {"regimen": "Polatuzumab, rituximab, one cycle"}
        03-06 09:00 manufacture_step:B-099 expansion
        03-10 10:00 caregiver yes {"text": "Her daughter"}
        03-10 10:10 travel_time 40 min {"country": "US", "lodging": "home"}
        03-10 10:20 disease_pace moving
        04-01 09:00 appointment lymphodepletion known 03-10 {"state": "planned"}
    """,
    "p07": """
        01-12 09:00 referral {"from": "Hill Street Hematology", "reason": "Third relapse", "urgency": "soon", "owner": "coordinator"}
        01-12 09:00 age 69 a
        01-12 09:00 sex male
        01-12 09:00 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgA lambda", "histology_confirmed": true}
        01-15 10:00 ecog_score 1
        01-21 16:00 tumor_board accepted {"product": "ciltacabtagene_autoleucel"}
        01-21 16:10 product_chosen ciltacabtagene_autoleucel
        01-22 10:00 gate:trials met {"gate": "trials", "text": "Talked about; none open here"}
        01-22 10:30 gate:fertility not_needed {"gate": "fertility"}
        01-26 09:00 gate:payer met {"gate": "payer", "number": "A-4402"}
        01-26 15:00 consent {"version": "3", "to": "treatment"}
        01-27 09:00 product_order accepted {"order": "O-092"}
        01-30 09:00 chain_identity:COI-0092 {"coi": "COI-0092", "issuer": "the center"}
        02-04 08:00 collection completed {"coi": "COI-0092", "din": "W000026000092", "day_of_order": 1}
        02-06 09:00 batch:B-092 {"batch": "B-092", "coi": "COI-0092", "dins": ["W000026000092"], "product": "ciltacabtagene_autoleucel"}
        02-10 10:00 bridging_therapy targeted {"regimen": "Selinexor, dexamethasone"}
        03-02 10:00 caregiver yes
        03-02 10:10 travel_time 50 min {"country": "US"}
        03-11 09:00 release_test:B-092 failed {"test": "viability", "value": 71, "unit": "%", "lowest": 80, "specification": "holder's, version 5"}
        03-12 15:00 disposition:B-092 out_of_specification {"specification": "holder's, version 5", "reasons": ["viability 71%, at least 80% required"], "pathway": "expanded access"}
        03-13 10:00 out_of_specification_consent:B-092 given {"step": "consent", "version": "1"}
        03-13 10:30 disease_pace moving
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
        02-11 08:00 collection completed {"coi": "COI-0095", "din": "W000026000095", "day_of_order": 1}
        02-13 09:00 batch:B-095 {"batch": "B-095", "coi": "COI-0095", "dins": ["W000026000095"], "product": "brexucabtagene_autoleucel"}
        02-14 10:00 bridging_therapy corticosteroid {"regimen": "Dexamethasone, four days"}
        02-20 09:00 manufacture_step:B-095 failed {"text": "The T cells did not grow"}
        02-23 16:00 apheresis_request recollect {"text": "No cells kept back; counts are better now"}
        02-24 10:00 manufacturing_slot:S-101 confirmed {"product": "brexucabtagene_autoleucel", "slot": "S-101", "collection_day": "2026-03-05"}
        03-05 08:00 collection completed {"coi": "COI-0095", "din": "W000026000101", "day_of_order": 1}
        03-07 09:00 batch:B-101 {"batch": "B-101", "coi": "COI-0095", "dins": ["W000026000101"], "product": "brexucabtagene_autoleucel"}
        03-13 09:00 manufacture_step:B-101 expansion
        03-13 09:30 disease_pace moving
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
        01-28 08:00 collection completed {"coi": "COI-0093", "din": "W000026000093", "day_of_order": 1}
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
    """,
    "p10": """
        2025-12-29 09:00 referral {"from": "Lakeside Oncology", "reason": "Refractory to second line", "urgency": "soon", "owner": "coordinator"}
        2025-12-29 09:00 age 55 a
        2025-12-29 09:00 sex male
        2025-12-29 09:00 diagnosis pmbcl {"text": "Primary mediastinal large B-cell lymphoma", "stage": "II", "histology_confirmed": true}
        01-02 10:00 ecog_score 1
        01-07 16:00 tumor_board accepted {"product": "axicabtagene_ciloleucel"}
        01-07 16:10 product_chosen axicabtagene_ciloleucel
        01-08 09:00 gate:trials met {"gate": "trials", "text": "Talked about"}
        01-08 10:00 gate:fertility met {"gate": "fertility", "text": "Counseled"}
        01-14 09:00 gate:payer met {"gate": "payer", "number": "A-4391"}
        01-14 15:00 consent {"version": "3", "to": "treatment"}
        01-15 09:00 product_order accepted {"order": "O-088"}
        01-19 09:00 chain_identity:COI-0088 {"coi": "COI-0088", "issuer": "the center"}
        02-09 08:00 collection completed {"coi": "COI-0088", "din": "W000026000088", "day_of_order": 1}
        02-11 09:00 batch:B-088 {"batch": "B-088", "coi": "COI-0088", "dins": ["W000026000088"], "product": "axicabtagene_ciloleucel"}
        02-12 10:00 bridging_therapy radiotherapy {"regimen": "Mediastinum, 20 Gy", "text": "Until 24 Feb"}
        03-03 15:00 disposition:B-088 released {"specification": "holder's, version 12"}
        03-03 15:10 release_certificate:B-088 {"number": "C-088", "coi": "COI-0088", "batch": "B-088", "bags": ["BAG-088-1"], "dose_million": 158, "volume_ml": 68, "expires": "2027-02-28", "patient_matches": "this course"}
        03-09 10:00 custody:BAG-088-1 handed_over {"from": "the holder", "to": "courier", "waybill": "W-088", "seal": "77120"}
        03-10 09:00 custody:BAG-088-1 received {"from": "courier", "to": "cell laboratory", "waybill": "W-088", "seal": "77120"}
        03-10 09:20 storage:BAG-088-1 put {"tank": "T2", "position": "B-4"}
        03-11 10:00 restaging stable {"method": "PET"}
        03-11 11:00 caregiver yes {"text": "His brother"}
        03-11 11:10 travel_time 95 min {"country": "US", "lodging": "home"}
        03-11 11:30 disease_pace moving
        03-18 09:00 appointment lymphodepletion known 03-10 {"state": "planned"}
        03-23 11:00 appointment infusion known 03-10 {"state": "planned"}
    """,
    "p11": """
        2025-12-15 09:00 referral {"from": "Hill Street Hematology", "reason": "Third relapse", "urgency": "routine", "owner": "coordinator"}
        2025-12-15 09:00 age 60 a
        2025-12-15 09:00 sex female
        2025-12-15 09:00 diagnosis multiple_myeloma {"text": "Multiple myeloma, IgG lambda", "histology_confirmed": true}
        2025-12-18 10:00 ecog_score 0
        2025-12-23 16:00 tumor_board accepted {"product": "idecabtagene_vicleucel"}
        2025-12-23 16:10 product_chosen idecabtagene_vicleucel
        2025-12-29 09:00 gate:trials met {"gate": "trials", "text": "Talked about"}
        2025-12-29 10:00 gate:fertility not_needed {"gate": "fertility"}
        01-05 09:00 gate:payer met {"gate": "payer", "number": "A-4380"}
        01-05 15:00 consent {"version": "3", "to": "treatment"}
        01-06 09:00 product_order accepted {"order": "O-081"}
        01-07 09:00 chain_identity:COI-0081 {"coi": "COI-0081", "issuer": "the center"}
        01-26 08:00 collection completed {"coi": "COI-0081", "din": "W000026000081", "day_of_order": 1}
        01-28 09:00 batch:B-081 {"batch": "B-081", "coi": "COI-0081", "dins": ["W000026000081"], "product": "idecabtagene_vicleucel"}
        01-29 10:00 bridging_therapy none {"text": "Slow"}
        02-26 15:00 disposition:B-081 released {"specification": "holder's, version 7"}
        02-26 15:10 release_certificate:B-081 {"number": "C-081", "coi": "COI-0081", "batch": "B-081", "bags": ["BAG-081-1"], "dose_million": 412, "volume_ml": 70, "expires": "2027-02-20", "patient_matches": "this course"}
        03-03 10:00 custody:BAG-081-1 handed_over {"from": "the holder", "to": "courier", "waybill": "W-081", "seal": "77104"}
        03-04 09:00 custody:BAG-081-1 received {"from": "courier", "to": "cell laboratory", "waybill": "W-081", "seal": "77104"}
        03-04 09:20 storage:BAG-081-1 put {"tank": "T2", "position": "A-1"}
        03-05 10:00 restaging stable {"method": "serum"}
        03-06 11:00 caregiver yes {"text": "Her husband"}
        03-06 11:10 travel_time 45 min {"country": "US", "lodging": "hotel by the hospital"}
        03-06 11:30 disease_pace slow
        03-13 10:00 go_no_go:lymphodepletion go {"before": "lymphodepletion", "text": "No infection, product here"}
        03-14 09:00 lymphodepletion started {"regimen": "fludarabine, cyclophosphamide"}
        03-19 11:00 appointment infusion known 03-10 {"state": "planned"}
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
        01-27 08:00 collection completed {"coi": "COI-0090", "din": "W000026000090", "day_of_order": 1}
        02-02 10:00 bridging_therapy chemotherapy {"regimen": "Inotuzumab"}
        02-10 10:00 disease_pace fast
        02-27 04:10 death progression {"text": "Progression while the cells were made"}
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
    """,
}
