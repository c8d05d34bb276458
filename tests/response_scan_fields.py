"""Fields of scans and marrows, as rows of a facts table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cartway.problem import Problem
from cartway.vocabulary import read_choice, vocabulary
from response_tables import ANOTHER, MARROW_PET, UNCLEAR, Case, Fields, Row


class ScanFields:
    """The fields of lymphoma; `unknown` gathers what no fact is made of."""

    case: Case
    unknown: list[str]

    def choice(self, what: str, words: Mapping[str, str], value: Any, fields: Fields) -> Iterator[Row]:
        """A choice in the vocabulary's spelling, or in the case's."""
        said = str(value).lower()
        if said in ("not_done", "not_applicable") and what not in ("serum_immunofixation", "urine_immunofixation"):
            return
        if "immunofixation" in what and said == "positive" and self.is_other_clone(fields):
            said = "other_clone"
        said = words.get(said) or next(
            (to for word, to in MARROW_PET.items() if word in said and what == "pet_marrow"), said
        )
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
        by_site = fields.get("deauville_by_site") or fields.get("deauville_sites") or {}
        for place, score in by_site.items():
            yield self.deauville(score, str(place))
        if fields.get("deauville") is not None and not by_site:
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
            choice = self.attributed(str(each.get("attributable", "indeterminate")).lower())
            yield {"what": "new_lesion", "choice": choice, "about": name, "detail": detail}
            if each.get("biopsy"):
                yield self.biopsy(each["biopsy"], name)

    @staticmethod
    def attributed(said: str) -> str:
        """Whether something new is the disease, as a case words it."""
        found = read_choice(vocabulary().variables["new_lesion"], said)
        if isinstance(found, str):
            return found
        if "unequivocal" in said:
            return "unequivocal"
        if any(word in said for word in UNCLEAR):
            return "indeterminate"
        return "not_disease" if any(word in said for word in ANOTHER) else "indeterminate"

    def of_nontarget(self, said: Any, fields: Fields) -> Iterator[Row]:
        """Disease outside the targets: together, or lesion by lesion."""
        if isinstance(said, str):
            yield from self.choice("non_target_disease", {"unequivocal_progression": "progressed"}, said, fields)
            return
        named = (
            said.items() if isinstance(said, Mapping) else [(each.get("id", ""), each.get("status")) for each in said]
        )
        for name, status in named:
            for row in self.choice("non_target_disease", {"unequivocal_progression": "progressed"}, status, fields):
                yield {**row, "about": str(name)}

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
