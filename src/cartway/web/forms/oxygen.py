"""Oxygen support: the device, and the flow or the concentration that it runs at."""

from __future__ import annotations

from collections.abc import Mapping

from cartway.problem import Problem
from cartway.times import Instant
from cartway.web.forms.chart import Chart, chosen, measured
from cartway.web.forms.draft import Draft, doubted, flawed, nothing_entered
from cartway.web.forms.entries import Entries, read_number

DEVICE, FLOW, INSPIRED = "oxygen_device", "oxygen_flow", "inspired_oxygen"
COMMON = (
    "room_air", "nasal_cannula", "high_flow_nasal_cannula", "simple_mask", "venturi_mask", "non_rebreather_mask",
    "cpap", "bipap", "invasive_ventilation",
)  # fmt: skip
# What each device is set by: the other field is not asked for. Where nothing is said, both may be given.
SET_BY: Mapping[str, str] = {
    "room_air": "",
    "nasal_cannula": FLOW,
    "blow_by": FLOW,
    "simple_mask": FLOW,
    "face_tent": FLOW,
    "partial_rebreather_mask": FLOW,
    "non_rebreather_mask": FLOW,
    "bag_mask": FLOW,
    "venturi_mask": INSPIRED,
    "cpap": INSPIRED,
    "bipap": INSPIRED,
    "invasive_ventilation": INSPIRED,
    "ecmo": INSPIRED,
}


def read_oxygen(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The form of its own."""
    return oxygen(entries, at) if _is_given(entries) else nothing_entered(DEVICE)


def oxygen(entries: Entries, at: Instant) -> Draft:
    """The oxygen part of a form; nothing where it was left empty."""
    device = chosen(entries, at, DEVICE)
    flow, inspired = measured(entries, at, FLOW), measured(entries, at, INSPIRED, _inspired_unit(entries))
    return device + flow + inspired + _fits(entries, flow, inspired)


def _is_given(entries: Entries) -> bool:
    return any(entries[field] for field in (DEVICE, FLOW, INSPIRED))


def _inspired_unit(entries: Entries) -> str:
    """0.21 to 1 is a fraction: as a percentage it would be less than air holds. The fact keeps what was said."""
    number = read_number(entries[INSPIRED])
    return "1" if isinstance(number, float) and number <= 1.0 else "%"


def _fits(entries: Entries, flow: Draft, inspired: Draft) -> Draft:
    """Whether device, flow and concentration belong together."""
    device = entries[DEVICE]
    runs = any(fact.value for fact in flow.facts)
    if device == "room_air" and runs:
        return flawed(FLOW, _on_air("flow"))
    if device == "room_air" and any((fact.value or 0) > 21.0 for fact in inspired.facts):
        return flawed(INSPIRED, _on_air("oxygen concentration"))
    if device == "nasal_cannula" and not entries[FLOW]:
        question = "At what flow? Up to 6 L/min and above are different grades. Send again to chart it without."
        return doubted(FLOW, "", question)
    if not device and (runs or inspired.facts):
        question = "By which device? Without one the grade can only be a lower bound. Send again to chart it without."
        return doubted(DEVICE, "", question)
    return Draft()


def _on_air(what: str) -> Problem:
    reason = f"Room air has no {what} above that of air."
    return Problem("not_on_room_air", reason, "Choose the device, or clear this field.")
