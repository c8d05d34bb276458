"""The forms of the response page: a scan, myeloma markers, the marrow, a biopsy, CLL; what was concluded of them."""

from __future__ import annotations

from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form
from cartway.web.response.asked import BACK, Ask, Part, asked
from cartway.web.response.lesions import filled, read_lesions, targets

ONE_DAY = "Findings of one day; give that day first. What is left empty records nothing, and is not taken for normal."

SCAN = asked(
    "enter a scan", "scan", Act.assess, "Scan",
    [
        Part("The scan", (Ask("imaging", ("not_evaluable",), only=("pet_ct", "ct", "mri")), Ask("fdg_avid"))),
        Part("Elsewhere", (
            Ask("non_target_disease"), Ask("spleen_length", hint="Head to foot"), Ask("liver_size"),
            Ask("residual_mass", hint="Longest diameter of what is left"),
        )),
        Part("PET", (
            Ask("deauville_score", ("site",), hint="1 to 5, the worst site of lymphoma"), Ask("uptake_change"),
            Ask("pet_marrow"), Ask("suv_max"),
            Ask("physiologic_uptake", hint="Waldeyer ring, gut, spleen or marrow after growth factor"),
        )),
        Part("The patient", (Ask("clinical_deterioration"),)),
        Part("What the reader concluded", (Ask("response_read", ("text",)),),
             "Kept beside what the criteria derive. It changes nothing in them."),
    ],
    ONE_DAY, template="response/scan.html", more=read_lesions, fill=filled, rows=targets,
)  # fmt: skip

MYELOMA = asked(
    "enter myeloma markers", "myeloma", Act.assess, "Myeloma markers",
    [
        Part("Blood", (
            Ask("serum_m_protein", ("other_clone",)), Ask("serum_immunofixation"),
            Ask("kappa_light_chains", ("below",)), Ask("lambda_light_chains", ("below",)), Ask("blood_plasma_cells"),
            Ask("light_chain_ratio", hint="Only where kappa and lambda were not told apart"),
        )),
        Part("Urine", (Ask("urine_m_protein"), Ask("urine_immunofixation"))),
        Part("Lumps and bones", (
            Ask("plasmacytoma", ("lesions",)), Ask("bone_lesions", ("longest", "text")), Ask("imaging_residual"),
        )),
        Part("Signs put down to the myeloma", (
            Ask("disease_sign", ("text",), only=("hypercalcemia", "anemia", "renal", "hyperviscosity")),
        )),
        Part("What the reader concluded", (Ask("response_read", ("text",)),),
             "Kept beside what the criteria derive. It changes nothing in them."),
    ],
    ONE_DAY,
)  # fmt: skip

MARROW = asked(
    "enter a marrow", "marrow", Act.assess, "Marrow, residual disease, CAR T cells",
    [
        Part("Leukemia", (
            Ask("marrow_blasts"), Ask("blood_blasts"), Ask("marrow_regeneration"), Ask("extramedullary_disease"),
            Ask("transfusion_free"),
        ), disease="leukemia"),
        Part("Myeloma", (
            Ask("marrow_plasma_cells", ("method",)), Ask("marrow_clonality", ("ratio", "counted")),
        ), disease="myeloma"),
        Part("Lymphoma and CLL", (Ask("marrow_finding", ("percent", "cellularity")),), disease="lymphoma cll"),
        Part("Measurable residual disease", (
            Ask("mrd", ("method", "limit", "specimen", "evaluated", "below"), percent=True,
                hint="Share of cells in per cent: 0.01 is 1 in 10,000"),
        )),
        Part("CAR T cells and B cells in the blood", (
            Ask("car_t_copies", ("below",)), Ask("car_t_cells", ("below",)), Ask("cd19"),
        )),
        Part("What was concluded", (Ask("response_read", ("text",)),),
             "Kept beside what the criteria derive. It changes nothing in them."),
    ],
    ONE_DAY,
)  # fmt: skip

BIOPSY = asked(
    "enter a biopsy", "biopsy", Act.assess, "Biopsy",
    [
        Part("The tissue", (Ask("biopsy", ("histology", "text")),)),
        Part("The target of the CAR T cells", (
            Ask("antigen_expression", ("antigen", "percent", "method", "sample"), about="antigen"),
        )),
        Part("Lineage", (Ask("immunophenotype", ("same_lesion", "text")),)),
    ],
    ONE_DAY,
)  # fmt: skip

NODES = asked(
    "enter nodes and blood", "nodes", Act.assess, "Nodes and blood (CLL)",
    [
        Part("Nodes and organs", (
            Ask("largest_node"), Ask("node_products"), Ask("spleen_length"), Ask("liver_size"),
            Ask("constitutional_symptoms"),
        )),
        Part("Blood", (
            Ask("lymphocytes"), Ask("cll_share"), Ask("car_t_share"), Ask("platelets"), Ask("hemoglobin"),
            Ask("transfusion_free"),
        )),
        Part("Low counts", (
            Ask("disease_sign", ("text",), label="Low counts, put down to",
                only=("anemia", "thrombocytopenia", "neutropenia", "treatment")),
        )),
        Part("What was concluded", (Ask("response_read", ("text",)),),
             "Kept beside what the criteria derive. It changes nothing in them."),
    ],
    ONE_DAY,
)  # fmt: skip

OUTCOME = asked(
    "enter the outcome", "outcome", Act.assess, "Progression, next therapy, last news",
    [
        Part("Progression", (Ask("progression", ("text",)),), "As the team concluded it."),
        Part("Next therapy against the cancer", (Ask("next_therapy", ("regimen", "text")),)),
        Part("Last news", (Ask("last_follow_up", ("text",)),)),
    ],
    "Give its day first, one day a sheet.",
)  # fmt: skip


def _criteria(_: Chart) -> list[Option]:
    return [
        ("lugano_2014", "Lugano 2014", "lymphoma"),
        ("lyric_2016", "Lugano 2014 with LYRIC 2016", "lymphoma; part of PD stays open until biopsy or the next scan"),
        ("imwg_2016", "IMWG 2016", "myeloma"),
        ("all", "Acute lymphoblastic leukemia", "by the body that the center's policy names"),
        ("iwcll_2018", "iwCLL 2018", "CLL and SLL"),
    ]


CRITERIA = plain(
    "choose the criteria", f"{BACK}/criteria", Act.decide, "By which criteria", "response_criteria",
    [Field("choice", "Criteria", needed=True, options=_criteria), Field("detail.text", "Why", kind="note")],
    back=BACK,
    intro="Without a choice they follow from the disease. With one, every earlier level is read anew.",
)  # fmt: skip

FORMS: tuple[Form, ...] = (SCAN, MYELOMA, MARROW, BIOPSY, NODES, OUTCOME, CRITERIA)
ENTER: tuple[tuple[Form, str, str], ...] = (
    (SCAN, "Scan", "lymphoma cll"),
    (MYELOMA, "Myeloma markers", "myeloma"),
    (NODES, "Nodes and blood", "cll"),
    (MARROW, "Marrow, MRD, CAR T cells", "leukemia myeloma lymphoma cll"),
    (BIOPSY, "Biopsy", "leukemia myeloma lymphoma cll"),
    (OUTCOME, "Progression, next therapy", "leukemia myeloma lymphoma cll"),
)
"""The forms that the page links to, their words, and the families of diseases that they are for."""


def offered(family: str) -> list[tuple[Form, str]]:
    """The forms for a disease; all of them where it is not known."""
    return [(form, words) for form, words, families in ENTER if not family or family in families.split()]
