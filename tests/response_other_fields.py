"""Fields that a neighboring case may have, known by the kind of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from response_marker_fields import MarkerFields
from response_tables import ATTRIBUTED, Fields, Row


class OtherFields(MarkerFields):
    """Antigens, attributions, lesions of bone, clonality, residual disease, therapy."""

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
            places = {"blood": "blood", "pb": "blood", "marrow": "marrow", "bm": "marrow"}
            specimen = next((place for word, place in places.items() if word in name), "")
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
        elif ("richter" in name or "transform" in name) and value:
            yield self.biopsy("transformed")
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
