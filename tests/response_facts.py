"""The worked response cases as facts: fields by their names and the vocabulary's own spellings, nothing decided here.

A field that is not known here is told by `unknown`, so that a case is never scored on less than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cartway.problem import Problem
from cartway.vocabulary import read_choice, vocabulary

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
    "nontarget": ("non_target_disease", {"unequivocal_progression": "progressed"}),
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
        "new_isotype",
        "ife_isotype",
    }
)
NO_DISEASE = ("no_", "not_", "negative", "inflam", "benign", "infect", "necro", "reactive", "granulom")
OF_DISEASE = ("progression", "disease", "myeloma", "lymphoma", "leukemia")
SITES = {"testis": "testes", "testicular": "testes", "testes": "testes"}


def zero_of(case: Case) -> datetime:
    """The case's day 0: its infusion, or the date from which it says that days are counted."""
    told = case["baseline"].get("first_mrd_negative_date") or case["baseline"].get("infusion_date")
    return datetime.fromisoformat(f"{told}T12:00+00:00") if told else ZERO


def rows_of(case: Case) -> list[Row]:
    """The facts of a case, as rows of a facts table."""
    return list(Writer(case).rows())


class Writer:
    """Writes one case's facts."""

    def __init__(self, case: Case) -> None:
        self.case, self.zero, self.disease = case, zero_of(case), str(case["disease"])
        self.unknown: list[str] = []
        self.seen = 0

    def row(self, day: float, what: str, **given: Any) -> Row:
        """One row; hours keep facts of a day in order."""
        hour = self.zero + timedelta(days=day)
        return {"course": self.case["id"], "at": hour.isoformat(), "what": what, **given}

    def rows(self) -> Iterator[Row]:
        """Everything: what the course is, the baseline, the assessments."""
        baseline = self.case["baseline"]
        offset = -60 if baseline.get("first_mrd_negative_date") else 0
        if self.disease in DISEASES:
            yield self.row(offset - 20, "diagnosis", choice=DISEASES[self.disease])
        yield self.row(offset + CHEMOTHERAPY, "lymphodepletion", choice="started")
        yield self.row(offset, "infusion", choice=PRODUCTS.get(self.disease, "axicabtagene_ciloleucel"))
        criteria = next((name for key, name in CRITERIA.items() if key in self.case["criteria"].lower()), "")
        if criteria:
            yield self.row(offset - 15, "response_criteria", choice=criteria)
        yield from self.fields(offset + BASELINE, baseline, "baseline")
        yield from self.before_the_first(baseline)
        for each in self.case["assessments"]:
            event = f"visit-{each['label']}"
            told = list(self.fields(each["day"], each["measurements"], event))
            empty = not told or each["measurements"].get("evaluable") is False
            yield from told
            if empty:
                yield {**self.row(each["day"], "response_read", choice="not_evaluable"), "event": event}

    def before_the_first(self, baseline: Fields) -> Iterator[Row]:
        """The lowest confirmed values, as two visits that reached them; a first day without residual disease."""
        lowest = {key.removeprefix("lowest_confirmed_"): value for key, value in baseline.items() if "lowest_" in key}
        first = min(each["day"] for each in self.case["assessments"])
        for name, value in lowest.items():
            field = {"serum": "serum_m_g_dl", "urine": "urine_m_mg_24h", "dflc": "dflc_mg_dl", "bm": "bm_pc_pct"}
            for before in (2, 1):
                yield from self.fields(first - before, {field.get(name, name): value}, f"lowest-{before}")
        if baseline.get("first_mrd_negative_date"):
            yield self.row(0, "mrd", choice="not_detected", event="first", detail={"method": "ngf", "limit": 1e-5})
        for told in baseline.get("imaging_negative_dates", ()):
            day = (datetime.fromisoformat(f"{told}T12:00+00:00") - self.zero).days
            yield self.row(day, "imaging_residual", choice="negative", event="first" if day == 0 else f"imaging-{told}")

    def fields(self, day: float, fields: Fields, event: str) -> Iterator[Row]:
        """The facts of one baseline or assessment."""
        for name, value in fields.items():
            if value is None or name.startswith("lowest_"):
                continue
            for row in self.field(name, value, fields):
                on = row.pop("on", None)
                yield self.row(on, **row) if on is not None else {**self.row(day, **row), "event": event}
        yield from ({**self.row(day, **row), "event": event} for row in self.together(fields))

    def field(self, name: str, value: Any, fields: Fields) -> Iterator[Row]:
        """The facts that one field tells."""
        if name in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
            what, unit = NUMBERS[name]
            detail = {"other_clone": True} if what == "serum_m_protein" and self.is_other_clone(fields) else {}
            yield {"what": what, "value": value, "unit": unit, "detail": detail}
        elif name in CHOICES:
            yield from self.choice(*CHOICES[name], value, fields)
        elif name in YES_NO:
            yield {"what": YES_NO[name], "choice": "yes" if value is True else "no" if value is False else value}
        elif (reader := getattr(self, f"of_{name}", None)) is not None:
            yield from reader(value, fields)
        elif name not in TOLD_ELSEWHERE:
            yield from self.by_pattern(name, value, fields)

    def choice(self, what: str, words: Mapping[str, str], value: Any, fields: Fields) -> Iterator[Row]:
        """A choice in the vocabulary's spelling, or in the case's."""
        said = str(value).lower()
        if said in ("not_done", "not_applicable") and what not in ("serum_immunofixation", "urine_immunofixation"):
            return
        if "immunofixation" in what and said == "positive" and self.is_other_clone(fields):
            said = "other_clone"
        said = words.get(said, said)
        found = read_choice(vocabulary().variables[what], said)
        if isinstance(found, Problem):
            self.unknown.append(f"{what} {value}")
        else:
            yield {"what": what, "choice": found}

    def is_other_clone(self, fields: Fields) -> bool:
        """Whether a case says that a band is of another kind than the myeloma's."""
        if any(fields.get(key) in (True, "other", "other_isotype") for key in ("new_clone", "other_clone", "new_band")):
            return True
        if fields.get("oligoclonal_bands") or fields.get("original_clone") in ("absent", "negative", "gone", False):
            return True
        kind = fields.get("new_isotype") or fields.get("ife_isotype")
        return bool(kind) and kind != self.case["baseline"].get("isotype")

    def together(self, fields: Fields) -> Iterator[Row]:
        """Facts that several fields tell between them."""
        if fields.get("modality"):
            modality = read_choice(vocabulary().variables["imaging"], str(fields["modality"]))
            detail = {"not_evaluable": True} if fields.get("pet_evaluable") is False else {}
            yield {"what": "imaging", "choice": modality, "detail": detail}
        site = str(fields.get("site", ""))
        if fields.get("deauville") is not None:
            yield self.deauville(fields["deauville"], site)
        if fields.get("uptake_vs_surrounding_normal"):
            said = fields["uptake_vs_surrounding_normal"]
            yield {"what": "physiologic_uptake", "choice": said, "about": site}

    @staticmethod
    def deauville(score: Any, site: str) -> Row:
        """A Deauville score; X and not evaluable are choices."""
        row: Row = {"what": "deauville_score", "about": site, "detail": {"site": site} if site else {}}
        if isinstance(score, int | float):
            return {**row, "value": score, "unit": "{score}"}
        return {**row, "choice": "x" if str(score).lower() == "x" else "not_evaluable"}

    # ---- lymphoma

    def of_targets(self, targets: Any, _: Fields) -> Iterator[Row]:
        """Target lesions in two diameters."""
        for each in targets:
            detail = {"site": each.get("kind", "node")}
            row: Row = {"what": "lesion", "about": each["id"], "detail": detail}
            status = str(each.get("status", ""))
            if "small" in status:
                yield {**row, "choice": "too_small"}
            elif status in ("not_visible", "resolved", "absent", "gone"):
                yield {**row, "choice": "not_visible"}
            elif each.get("ldi_cm") is None:
                yield {**row, "choice": "not_evaluable"}
            else:
                axis = {"short_axis": each["sdi_cm"]} if each.get("sdi_cm") is not None else {}
                yield {**row, "value": each["ldi_cm"], "unit": "cm", "detail": {**detail, **axis}}

    def of_new_lesions(self, lesions: Any, _: Fields, fdg: bool = False) -> Iterator[Row]:
        """New lesions, named by their order where they have no name."""
        for number, each in enumerate(lesions, 1):
            name = str(each.get("id", f"{'focus' if fdg else 'new'}-{number}"))
            size = {"size": each["size_cm"]} if each.get("size_cm") is not None else {}
            size |= {"short_axis": each["sdi_cm"]} if each.get("sdi_cm") is not None else {}
            size |= {"size": each["ldi_cm"]} if each.get("ldi_cm") is not None else {}
            detail = {**size, "site": each.get("site", "")} | ({"fdg": True} if fdg else {})
            said = read_choice(vocabulary().variables["new_lesion"], str(each.get("attributable", "indeterminate")))
            choice = "indeterminate" if isinstance(said, Problem) else said
            yield {"what": "new_lesion", "choice": choice, "about": name, "detail": detail}
            if each.get("biopsy"):
                yield self.biopsy(each["biopsy"], name)

    def of_new_fdg_foci(self, foci: Any, fields: Fields) -> Iterator[Row]:
        """New foci of uptake."""
        yield from self.of_new_lesions(foci, fields, fdg=True)

    @staticmethod
    def biopsy(said: Any, about: str = "") -> Row:
        """A biopsy's finding: transformed, the disease, or not."""
        words = str(said).lower()
        if "richter" in words or "transform" in words:
            choice = "transformed"
        elif any(
            word in words for word in ("no_", "not_", "negative", "inflam", "benign", "infect", "necro", "reactive")
        ):
            choice = "not_diagnostic" if "diagnostic" in words else "no_disease"
        else:
            choice = "disease"
        return {"what": "biopsy", "choice": choice, "about": about, "detail": {"histology": str(said)}}

    def of_biopsy(self, said: Any, _: Fields) -> Iterator[Row]:
        """A biopsy of the visit."""
        yield self.biopsy(said)

    of_biopsy_new_lesion = of_biopsy

    def of_pet_response(self, said: Any, _: Fields, about: str = "pet") -> Iterator[Row]:
        """What a reader concluded from PET."""
        if str(said).lower() in ("not_done", "nd", "none"):
            return
        choice = read_choice(vocabulary().variables["response_read"], str(said))
        yield {"what": "response_read", "choice": choice, "about": about}

    def of_ct_response(self, said: Any, fields: Fields) -> Iterator[Row]:
        """What a reader concluded from CT."""
        yield from self.of_pet_response(said, fields, "ct")

    # ---- marrow

    def of_marrow(self, said: Any, fields: Fields) -> Iterator[Row]:
        """The marrow by microscope, for lymphoma and CLL."""
        words = str(said).lower()
        if words in ("not_applicable", "not_done", "not_retested", "not_re_tested"):
            return
        detail: Row = {}
        share = re.search(r"(\d+(?:\.\d+)?)\s*_?pct", words) or re.search(r"(\d+(?:\.\d+)?)\s*%", words)
        if share:
            detail["percent"] = float(share.group(1))
        if (cells := re.search(r"(hypo|normo|hyper)cellular", words)) is not None:
            detail["cellularity"] = cells.group(0)
        yield {"what": "marrow_finding", "choice": self.marrow(words), "detail": detail}

    @staticmethod
    def marrow(words: str) -> str:
        """Which finding a case's words are."""
        if "nodul" in words and "no_nodul" not in words:
            return "nodules"
        if "indeterminate" in words:
            return "indeterminate_negative" if "neg" in words else "indeterminate"
        clear = ("no_cll", "uninvolved", "negative", "normal", "clear")
        if any(word in words for word in clear) or re.fullmatch(r"(hypo|normo|hyper)cellular", words):
            return "negative"
        return "involved"

    # ---- myeloma

    def of_plasmacytoma(self, said: Any, _: Fields) -> Iterator[Row]:
        """A plasmacytoma in words."""
        words = {"none": "none", "absent": "none", "false": "none", "new": "new", "not_done": ""}
        choice = words.get(str(said).lower(), "present")
        if choice:
            yield {"what": "plasmacytoma", "choice": choice}

    def of_plasmacytoma_spd_cm2(self, size: Any, fields: Fields) -> Iterator[Row]:
        """A plasmacytoma's size."""
        count = next((fields[key] for key in ("plasmacytoma_count", "n_plasmacytomas") if key in fields), None)
        detail = {} if count is None else {"lesions": count}
        yield {"what": "plasmacytoma", "value": size, "unit": "cm2", "detail": detail}

    def of_mrd(self, told: Any, fields: Fields) -> Iterator[Row]:
        """One test for residual disease, or several."""
        for test in told if isinstance(told, list) else [told]:
            yield self.mrd(test if isinstance(test, Mapping) else {"result": test})

    @staticmethod
    def mrd(test: Fields) -> Row:
        """A test's value where it has one, else what it says."""
        limit = next((test[key] for key in ("sensitivity", "lod", "limit") if test.get(key) is not None), None)
        keys = ("method", "specimen", "gating", "compartment", "sample")
        names = {"compartment": "specimen", "sample": "specimen"}
        detail: Row = {names.get(key, key): str(test[key]) for key in keys if test.get(key) is not None}
        detail |= {} if limit is None else {"limit": limit}
        said = " ".join(str(test.get(key, "")) for key in ("result", "status", "value", "call")).lower()
        value, row = test.get("value"), {"what": "mrd", "detail": detail}
        if test.get("quantifiable") is False or "quantif" in said:
            return {**row, "choice": "not_quantifiable"}
        if isinstance(value, int | float) and value > 0 and test.get("detected") is not False:
            return {**row, "value": value, "unit": "1"}
        seen = test.get("detected")
        if seen is None:
            seen = "pos" in said or ("detect" in said and "not" not in said and "undetect" not in said)
        return {**row, "choice": "detected" if seen else "not_detected"}

    # ---- leukemia and CLL

    def of_circulating_blasts(self, seen: Any, _: Fields) -> Iterator[Row]:
        """Blasts in the blood, seen or not; a share is told by another field."""
        if not seen:
            yield {"what": "blood_blasts", "value": 0, "unit": "%"}
        elif isinstance(seen, bool):
            yield {"what": "blood_blasts", "choice": "present"}
        else:
            yield {"what": "blood_blasts", "value": seen, "unit": "%"}

    def of_extramedullary(self, said: Any, _: Fields) -> Iterator[Row]:
        """Disease outside the marrow."""
        words = str(said).lower()
        none = words in ("none", "absent", "no", "false", "cns1")
        choice = "none" if none else "cns" if "cns" in words or "csf" in words else SITES.get(words, "other")
        yield {"what": "extramedullary_disease", "choice": choice, "detail": {} if none else {"text": str(said)}}

    def of_csf_blasts(self, seen: Any, _: Fields) -> Iterator[Row]:
        """Blasts in the cerebrospinal fluid."""
        if seen:
            yield {"what": "extramedullary_disease", "choice": "cns"}

    def of_cns(self, said: Any, fields: Fields) -> Iterator[Row]:
        """The state of the central nervous system; CNS1 is none."""
        if str(said).lower() not in ("cns1", "negative", "none", "false"):
            yield {"what": "extramedullary_disease", "choice": "cns"}

    def of_transfusion_or_epo(self, needed: Any, _: Fields) -> Iterator[Row]:
        """Support of the counts."""
        yield {"what": "transfusion_free", "choice": "no" if needed else "yes"}

    def of_cytopenia_due_to(self, cause: Any, _: Fields) -> Iterator[Row]:
        """What the team puts low counts down to."""
        of_disease = str(cause).lower() in ("cll", "disease", "leukemia", "marrow_infiltration")
        for sign in ("anemia", "thrombocytopenia") if of_disease else ("treatment",):
            yield {"what": "disease_sign", "choice": sign}

    def of_lymph_phenotype(self, shares: Any, fields: Fields) -> Iterator[Row]:
        """How the lymphocytes were typed."""
        for name, value in shares.items():
            if name.lower() in NUMBERS:
                yield from self.field(name.lower(), value, fields)

    def of_new_node_cm(self, size: Any, _: Fields) -> Iterator[Row]:
        """A new node."""
        detail = {"size": size, "site": "node"}
        yield {"what": "new_lesion", "choice": "unequivocal", "about": "new-1", "detail": detail}

    # ---- CAR T cells in the blood

    def of_values(self, values: Any, fields: Fields) -> Iterator[Row]:
        """Samples over time; what is below the limit of quantification is told as that limit."""
        told = self.case["baseline"]
        assay, limit = str(fields.get("assay", told.get("assay", ""))).lower(), fields.get("lloq", told.get("lloq"))
        by_cells = "flow" in assay or "cell" in assay
        what, unit = ("car_t_cells", "/uL") if by_cells else ("car_t_copies", "/ug{DNA}")
        for day, value in zip(fields["days"], values, strict=True):
            known = {} if limit is None else {"lower_limit": limit}
            if isinstance(value, int | float):
                yield {"what": what, "value": value, "unit": unit, "detail": known, "on": day}
            elif value is not None:
                yield {"what": what, "value": limit or 0, "unit": unit, "detail": {**known, "below": True}, "on": day}

    # ---- whatever else a neighboring case may say

    def by_pattern(self, name: str, value: Any, fields: Fields) -> Iterator[Row]:
        """A field known by its kind of name; else it is noted as unknown."""
        found = list(self.patterns(name, value))
        if not found and value not in (False, "none", "absent", [], {}):
            self.unknown.append(name)
        yield from found

    def patterns(self, name: str, value: Any) -> Iterator[Row]:
        """The kinds of names: antigens, attributions, lesions of bone, clonality, residual disease, therapy."""
        antigen = re.fullmatch(r"(?:relapse_)?(cd\d+|bcma|gprc5d)(_pct|_percent)?", name)
        cause = re.fullmatch(r"(\w+?)_due_to_(?:myeloma|disease|mm)", name)
        if antigen:
            yield self.antigen(antigen.group(1).upper(), value)
        elif cause and cause.group(1) in ATTRIBUTED:
            yield self.cause(cause.group(1), value)
        elif "bone" in name or "fracture" in name:
            yield from self.bone(name, value)
        elif "clonal" in name or "ihc" in name:
            yield self.clonality(name, value)
        elif name.startswith("mrd"):
            specimen = next((each for each in ("blood", "marrow") if each in name), "")
            test = dict(value) if isinstance(value, Mapping) else {"result": value}
            yield self.mrd({"specimen": specimen, **test} if specimen else test)
        elif name in ("new_therapy", "new_anticancer_therapy", "next_therapy") and value:
            yield {"what": "next_therapy", "choice": "yes"}
        elif name in ("death", "died") and value:
            yield {
                "what": "death",
                "choice": "progression" if value in ("progression", "disease", "myeloma") else "other",
            }
        elif name in ("new_therapy_day", "next_therapy_day", "new_anticancer_therapy_day"):
            yield {"what": "next_therapy", "choice": "yes", "on": value}
        elif name == "death_day":
            yield {"what": "death", "choice": "other", "on": value}
        elif name in ("last_contact_day", "last_follow_up_day", "last_known_alive_day"):
            yield {"what": "last_follow_up", "choice": "yes", "on": value}
        elif name == "new_plasmacytoma" and value:
            yield {"what": "plasmacytoma", "choice": "new"}
        elif name == "hyperviscosity" and value:
            yield {"what": "disease_sign", "choice": "hyperviscosity"}

    @staticmethod
    def antigen(name: str, value: Any) -> Row:
        """The target on the cells, in words or as a share of them."""
        row: Row = {"what": "antigen_expression", "about": name}
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {**row, "choice": "not_known", "detail": {"antigen": name, "percent": value}}
        return {**row, "choice": str(value).lower(), "detail": {"antigen": name}}

    @staticmethod
    def cause(name: str, value: Any) -> Row:
        """What the team puts a sign down to."""
        if value:
            return {"what": "disease_sign", "choice": ATTRIBUTED[name]}
        return {"what": "disease_sign", "choice": "other_cause", "about": name}

    @staticmethod
    def bone(name: str, value: Any) -> Iterator[Row]:
        """Lesions of bone, and fractures of thin bone."""
        words = f"{name} {value}".lower()
        if value is False or str(value).lower() in ("none", "stable", "unchanged", "not_done"):
            choice = {"stable": "stable", "unchanged": "stable", "not_done": ""}.get(str(value).lower(), "none")
        elif "fracture" in words or "osteopor" in words:
            choice = "fracture"
        else:
            choice = "new" if "new" in words else "grown" if "grow" in words or "incre" in words else "stable"
        if choice:
            yield {"what": "bone_lesions", "choice": choice}

    @staticmethod
    def clonality(name: str, value: Any) -> Row:
        """Clonal plasma cells by immunohistochemistry."""
        if isinstance(value, Mapping):
            ratio = next((value[key] for key in value if "ratio" in key), None)
            counted = next((value[key] for key in value if "count" in key), None)
            detail = {key: each for key, each in (("ratio", ratio), ("counted", counted)) if each is not None}
            seen = any(value.get(key) in (True, "present", "positive") for key in ("clonal", "result"))
            return {"what": "marrow_clonality", "choice": "present" if seen else "absent", "detail": detail}
        absent = value is False or str(value).lower() in (
            "absent",
            "negative",
            "none",
            "no",
            "not_clonal",
            "polyclonal",
        )
        if str(value).lower() == "not_done":
            return {"what": "marrow_clonality", "choice": "not_done"}
        return {"what": "marrow_clonality", "choice": "absent" if absent else "present"}
