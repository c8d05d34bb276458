"""The codes of the response room in clinical words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from cartway.response.model import Level

WHOLE = 100
MINUS = "\N{MINUS SIGN}"

LEVELS: Mapping[str, str] = {
    "CR": "complete response",
    "sCR": "stringent complete response",
    "CRi": "complete, counts not recovered",
    "CRh": "complete, counts partly recovered",
    "MLFS": "free of leukemia by morphology",
    "VGPR": "very good partial response",
    "PR": "partial response",
    "nPR": "complete but for nodules in the marrow",
    "MR": "minimal response",
    "SD": "stable disease",
    "NR": "no remission",
    "REF": "refractory",
    "PD": "progressive disease",
    "RD": "relapse",
    "RELAPSE": "relapse",
    "IR1": "indeterminate: larger in the first 12 weeks",
    "IR2a": "indeterminate: new lesion",
    "IR2b": "indeterminate: single lesions larger",
    "IR3": "indeterminate: brighter, not larger",
    "NE": "not evaluable",
}
READ: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"CR", "sCR", "CRi", "CRh"}),
    "very_good_partial": frozenset({"VGPR"}),
    "partial": frozenset({"PR", "nPR"}),
    "minimal": frozenset({"MR"}),
    "stable": frozenset({"SD", "NR", "REF"}),
    "progressive": frozenset({"PD", "RD", "RELAPSE"}),
    "not_evaluable": frozenset({"NE", "IR1", "IR2a", "IR2b", "IR3"}),
}
"""Which derived levels say the same as a reader's choice."""


def level_words(code: str) -> str:
    """A level's code in words; the code itself where it is none of ours."""
    return LEVELS.get(code, code)


def agrees(read: str, code: str) -> bool:
    """Whether a reader's conclusion and a derived level say the same."""
    return code in READ.get(read, frozenset())


RELAPSES: Mapping[str, str] = {
    "antigen_negative": "target lost",
    "antigen_positive": "target still there",
    "lineage_switch": "another lineage",
    "isolated_extramedullary": "outside the marrow alone",
    "not_tested": "target not tested",
}
"""Kinds of relapse."""


def relapse_words(code: str) -> str:
    """A kind of relapse in words."""
    return RELAPSES.get(code, code.replace("_", " "))


class Number(msgspec.Struct, frozen=True):
    """A number of a level that a clinician looks at: its key, its unit, and the key of its change from baseline."""

    words: str
    key: str
    unit: str = ""
    change: str = ""


NUMBERS: tuple[Number, ...] = (
    Number("sum of products", "spd_cm2", "cm²", "spd_change_pct"),
    Number("Deauville score", "deauville"),
    Number("serum M-protein", "serum_g_dl", "g/dL", "serum_change_pct"),
    Number("urine M-protein", "urine_mg_24h", "mg in 24 h", "urine_change_pct"),
    Number("involved less uninvolved light chains", "dflc_mg_dl", "mg/dL", "dflc_change_pct"),
    Number("light chain ratio", "flc_ratio"),
    Number("plasma cells in the marrow", "bm_pc_pct", "%", "bm_change_pct"),
    Number("plasmacytoma", "plasmacytoma_spd_cm2", "cm²", "plasmacytoma_change_pct"),
    Number("blasts in the marrow", "bm_blasts_pct", "%"),
    Number("blasts in the blood", "pb_blasts_pct", "%"),
    Number("neutrophils", "anc_10e9_l", "×10⁹/L"),
    Number("platelets", "plt_10e9_l", "×10⁹/L", "plt_change_pct"),
    Number("B cells", "b_cells_per_ul", "per µL"),
    Number("lymphocytes", "lymphocytes_10e9_l", "×10⁹/L", "lymph_change_pct"),
    Number("spleen", "spleen_cm", "cm"),
)
"""Others stay in `cartway respond`."""

BESIDE: Mapping[str, Mapping[str, str]] = {
    "after_cr": {"RD": "relapse after a complete response"},
    "mrd": {
        "negative": "MRD-negative",
        "positive": "MRD-positive",
        "positive_not_quantifiable": "MRD-positive, too little to count",
        "not_evaluable": "MRD not evaluable",
    },
    "sustained_mrd_negative": {"yes": "MRD-negative in marrow and imaging, a year apart", "no": ""},
    "b_cell_aplasia": {"yes": "B-cell aplasia", "no": "B cells are back"},
    "mrd_category": {
        "imaging_mrd_negative": "also negative in imaging",
        "mrd_negative_without_cr": "MRD-negative ahead of a complete response",
    },
    "next_criteria": {"lugano_2014": "from here on by Lugano 2014: transformed"},
}
"""Words that criteria set beside a level, by name and what they say; an empty one is not shown."""

SIDES: Mapping[str, str] = {"pet": "PET", "ct": "CT", "lugano_2014": "Lugano 2014 alone"}


def measured(level: Level) -> list[str]:
    """What was measured, in words: ``sum of products 10.5 cm², −74.9 % from baseline``. Rounded here to be read."""
    return [_number(each, level.numbers) for each in NUMBERS if {each.key, each.change} & set(level.numbers)]


def _number(each: Number, numbers: Mapping[str, Decimal]) -> str:
    value, change = numbers.get(each.key), numbers.get(each.change)
    parts = [] if value is None else [f"{shown(value)} {each.unit}".strip()]
    parts += [] if change is None else [f"{shown(change, signed=True)} % from baseline"]
    return f"{each.words} {', '.join(parts)}"


def shown(value: Decimal, *, signed: bool = False) -> str:
    """A number to be read: whole from a hundred on, else to a tenth, below one to two digits; a true minus sign."""
    plus = "+" if signed and value > 0 else ""
    if abs(value) >= WHOLE or value == value.to_integral_value():
        text = f"{value:.0f}"
    else:
        text = f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"
    return plus + text.replace("-", MINUS)


def beside(level: Level) -> list[str]:
    """The words that the criteria set beside a level."""
    sides = {name: said for name in SIDES if (said := level.labels.get(name))}
    parts = [f"{SIDES[name]}: {said}" for name, said in sides.items() if set(sides.values()) != {level.level}]
    told = [words.get(level.labels[name], "") for name, words in BESIDE.items() if name in level.labels]
    again = [f"the scan of {level.labels['read_again']}, read again"] if "read_again" in level.labels else []
    return [*again, *parts, *(each for each in told if each)]
