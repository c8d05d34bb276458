"""Fields of markers, blasts and cells, as rows of a facts table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from response_scan_fields import ScanFields
from response_tables import SITES, Fields, Row


class MarkerFields(ScanFields):
    """The fields of myeloma, leukemia, CLL and of the CAR T cells."""

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

    def of_new_node_cm(self, size: Any, _: Fields) -> Iterator[Row]:
        """A new node."""
        detail = {"size": size, "site": "node"}
        yield {"what": "new_lesion", "choice": "unequivocal", "about": "new-1", "detail": detail}

    # ---- CAR T cells in the blood

    def of_values(self, values: Any, fields: Fields) -> Iterator[Row]:
        """Samples over time; what is below the limit of quantification is told as that limit."""
        told = self.case["baseline"]
        assay, limit = str(fields.get("assay", told.get("assay", ""))).lower(), fields.get("lloq", told.get("lloq"))
        units = fields.get("units")
        each_unit = [str(unit).lower() for unit in units] if isinstance(units, list) else [assay] * len(values)
        for day, value, counted in zip(fields["days"], values, each_unit, strict=True):
            by_cells = "flow" in counted or "cell" in counted
            what, unit = ("car_t_cells", "/uL") if by_cells else ("car_t_copies", "/ug{DNA}")
            known = {} if limit is None else {"lower_limit": limit}
            if isinstance(value, int | float):
                yield {"what": what, "value": value, "unit": unit, "detail": known, "on": day}
            elif value is not None:
                yield {"what": what, "value": limit or 0, "unit": unit, "detail": {**known, "below": True}, "on": day}
