"""The worked response cases as facts: fields by their names and the vocabulary's own spellings, nothing decided here.

A field that is not known here is told by `unknown`, so that a case is never scored on less than it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cartway.vocabulary import read_choice, vocabulary
from response_other_fields import OtherFields
from response_tables import (
    BASELINE,
    CHEMOTHERAPY,
    CHOICES,
    CRITERIA,
    DISEASES,
    NUMBERS,
    PRODUCTS,
    TOLD_ELSEWHERE,
    YES_NO,
    ZERO,
    Case,
    Fields,
    Row,
)


def zero_of(case: Case) -> datetime:
    """The case's day 0: its infusion, or the date from which it says that days are counted."""
    told = case["baseline"].get("first_mrd_negative_date") or case["baseline"].get("infusion_date")
    return datetime.fromisoformat(f"{told}T12:00+00:00") if told else ZERO


def event_of(number: int) -> str:
    """What groups the facts of a case's assessment."""
    return f"visit-{number}"


def rows_of(case: Case) -> list[Row]:
    """The facts of a case, as rows of a facts table."""
    return list(Writer(case).rows())


class Writer(OtherFields):
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
        diagnosis = DISEASES.get(self.disease) or read_choice(vocabulary().variables["diagnosis"], self.disease)
        if isinstance(diagnosis, str):
            yield self.row(offset - 20, "diagnosis", choice=diagnosis)
        yield self.row(offset + CHEMOTHERAPY, "lymphodepletion", choice="started")
        yield self.row(offset, "infusion", choice=PRODUCTS.get(self.disease, "axicabtagene_ciloleucel"))
        criteria = next((name for key, name in CRITERIA.items() if key in self.case["criteria"].lower()), "")
        if criteria:
            yield self.row(offset - 15, "response_criteria", choice=criteria)
        yield from self.fields(offset + BASELINE, baseline, "baseline")
        yield from self.before_the_first(baseline)
        for number, each in enumerate(self.case["assessments"]):
            event = event_of(number)
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
        for key in ("prior_pet_response", "previous_pet_response"):
            for row in self.of_pet_response(baseline[key], baseline) if baseline.get(key) else ():
                yield {**self.row(first - 1, **row), "event": "before"}
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

    def of_lymph_phenotype(self, shares: Any, fields: Fields) -> Iterator[Row]:
        """How the lymphocytes were typed."""
        for name, value in shares.items():
            if name.lower() in NUMBERS:
                yield from self.field(name.lower(), value, fields)
