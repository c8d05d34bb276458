"""The words of the worked response cases, and the vocabulary's: which field is which variable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Case = Mapping[str, Any]
Fields = Mapping[str, Any]
Row = dict[str, Any]

ZERO = datetime(2026, 1, 5, 12, tzinfo=UTC)
BASELINE, CHEMOTHERAPY = -10, -5  # days
DISEASES = {"MM": "multiple_myeloma", "DLBCL": "dlbcl", "FL": "fl", "B-ALL": "b_all", "ALL": "b_all", "CLL": "cll"}
PRODUCTS = {
    "MM": "ciltacabtagene_autoleucel",
    "B-ALL": "tisagenlecleucel",
    "ALL": "tisagenlecleucel",
    "CLL": "lisocabtagene_maraleucel",
}
CRITERIA = {"lugano": "lugano_2014", "lyric": "lyric_2016", "imwg": "imwg_2016", "iwcll": "iwcll_2018"}

# Field: variable, unit.
NUMBERS = {
    "spleen_cm": ("spleen_length", "cm"),
    "suvmax": ("suv_max", "1"),
    "residual_mass_cm": ("residual_mass", "cm"),
    "serum_m_g_dl": ("serum_m_protein", "g/dL"),
    "urine_m_mg_24h": ("urine_m_protein", "mg/d"),
    "dflc_mg_dl": ("light_chain_difference", "mg/dL"),
    "dflc_mg_l": ("light_chain_difference", "mg/L"),
    "flc_ratio": ("light_chain_ratio", "1"),
    "kappa_mg_dl": ("kappa_light_chains", "mg/dL"),
    "kappa_mg_l": ("kappa_light_chains", "mg/L"),
    "lambda_mg_dl": ("lambda_light_chains", "mg/dL"),
    "lambda_mg_l": ("lambda_light_chains", "mg/L"),
    "involved_flc_mg_dl": ("kappa_light_chains", "mg/dL"),
    "uninvolved_flc_mg_dl": ("lambda_light_chains", "mg/dL"),
    "iflc_mg_dl": ("kappa_light_chains", "mg/dL"),
    "uflc_mg_dl": ("lambda_light_chains", "mg/dL"),
    "flc_kappa_mg_dl": ("kappa_light_chains", "mg/dL"),
    "flc_lambda_mg_dl": ("lambda_light_chains", "mg/dL"),
    "flc_kappa_mg_l": ("kappa_light_chains", "mg/L"),
    "flc_lambda_mg_l": ("lambda_light_chains", "mg/L"),
    "bm_pc_pct": ("marrow_plasma_cells", "%"),
    "circulating_pc_per_ul": ("blood_plasma_cells", "/uL"),
    "pb_pc_per_ul": ("blood_plasma_cells", "/uL"),
    "calcium_mg_dl": ("calcium", "mg/dL"),
    "creatinine_mg_dl": ("creatinine", "mg/dL"),
    "hb_g_dl": ("hemoglobin", "g/dL"),
    "bm_blasts_pct": ("marrow_blasts", "%"),
    "pb_blasts_pct": ("blood_blasts", "%"),
    "circulating_blasts_pct": ("blood_blasts", "%"),
    "anc_10e9_l": ("neutrophils", "10*9/L"),
    "plt_10e9_l": ("platelets", "10*9/L"),
    "lymphocytes_10e9_l": ("lymphocytes", "10*9/L"),
    "b_cells_per_ul": ("cd19", "/uL"),
    "largest_node_cm": ("largest_node", "cm"),
    "nodes_spd_cm2": ("node_products", "cm2"),
    "cll_pct": ("cll_share", "%"),
    "car_t_pct": ("car_t_share", "%"),
}
# Field: variable, and the words of the cases that are no spelling of the vocabulary's.
CHOICES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "liver": ("liver_size", {}),
    "uptake_vs_baseline": ("uptake_change", {}),
    "marrow_pet": ("pet_marrow", {"focal": "unchanged", "persistent": "unchanged"}),
    "serum_ife": ("serum_immunofixation", {"positive_other_clone": "other_clone"}),
    "urine_ife": ("urine_immunofixation", {"positive_other_clone": "other_clone"}),
    "pet": ("imaging_residual", {"neg": "negative", "pos": "positive"}),
    "immunophenotype": ("immunophenotype", {"lymphoid": "b_lymphoid", "b": "b_lymphoid", "aml": "myeloid"}),
}
YES_NO = {
    "fdg_avid": "fdg_avid",
    "trilineage": "marrow_regeneration",
    "transfusion_independent": "transfusion_free",
    "constitutional_symptoms": "constitutional_symptoms",
    "clinical_deterioration": "clinical_deterioration",
}
ATTRIBUTED = {"calcium": "hypercalcemia", "hb": "anemia", "hemoglobin": "anemia", "creatinine": "renal"}
TOLD_ELSEWHERE = frozenset(
    {
        "modality",
        "label",
        "date",
        "comment",
        "note",
        "targets",
        "first_mrd_negative_date",
        "day_field_means",
        "imaging_negative_dates",
        "infusion_date",
        "kmt2a_rearranged",
        "isotype",
        "assay",
        "lloq",
        "days",
        "site",
        "uptake_vs_surrounding_normal",
        "deauville",
        "deauville_by_site",
        "deauville_sites",
        "prior_pet_response",
        "previous_pet_response",
        "pet_evaluable",
        "evaluable",
        "plasmacytoma_count",
        "n_plasmacytomas",
        "new_clone",
        "other_clone",
        "new_band",
        "oligoclonal_bands",
        "original_clone",
        "units",
        "new_isotype",
        "ife_isotype",
    }
)
NO_DISEASE = ("no_", "not_", "negative", "inflam", "benign", "infect", "necro", "reactive", "granulom")
OF_DISEASE = ("progression", "disease", "myeloma", "lymphoma", "leukemia")
MARROW_PET = {
    "new": "new_focal",
    "persist": "persistent_focal",
    "diffuse": "diffuse",
    "reactive": "diffuse",
    "reduc": "reduced",
}
UNCLEAR = ("not clear", "unclear", "unknown", "indeterm", "equivocal", "possib")
ANOTHER = ("infect", "inflam", "sarcoid", "brown", "thym", "not_", "benign", "reactive", "unlikely")
SITES = {"testis": "testes", "testicular": "testes", "testes": "testes"}
