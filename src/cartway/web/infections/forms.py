"""Small forms: an infection, prophylaxis, a transfusion, an arrhythmia, fatigue, and what the team says of IEC-HS."""

from __future__ import annotations

from collections.abc import Mapping

from cartway.problem import Problem
from cartway.record import Fact
from cartway.toxicity.infections import SEVERITIES, infections
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form

BACK, SCORES = "/courses/{course:str}/infections", "/courses/{course:str}/scores"
LONGEST_NAME = 40
SITES = ("blood", "lung", "urine", "gut", "skin", "sinus", "brain", "line", "other")
BLEEDING: Mapping[str, str] = {
    "none": "None",
    "mild": "Mild, no transfusion",
    "needs transfusion": "Needs transfusion",
    "life-threatening": "Life-threatening",
}
FAILURE: Mapping[str, str] = {
    "none": "None",
    "new organ failure": "New: kidney, hypotension or breathing",
    "life-threatening, ventilated or on dialysis": "Ventilated, on dialysis, or life-threatening",
}
ORGANS: Mapping[str, str] = {
    "none": "Neither", "hepatomegaly": "Large liver", "splenomegaly": "Large spleen", "both": "Both",
}  # fmt: skip


def _severities(_: Chart) -> list[Option]:
    return [(name, name.replace("_", " ").capitalize(), "") for name in SEVERITIES]


def _sites(_: Chart) -> list[Option]:
    return [(name, name.capitalize(), "") for name in SITES]


def _options(words: Mapping[str, str]) -> list[Option]:
    return [(value, label, "") for value, label in words.items()]


def _named(fact: Fact, _: Chart) -> Draft:
    """A name is a few words, as it joins what is said of one infection. Problem: ``long_name``."""
    if len(fact.about) <= LONGEST_NAME:
        return Draft()
    return flawed("about", Problem("long_name", "This name is too long.", f"Use at most {LONGEST_NAME} characters."))


def _same(chart: Chart, name: str) -> Entries:
    """The form for one more word on an infection that is known: its name, site and organism are there."""
    known = infections(chart.stated, chart.now)
    found = next((each for each in known if name and each.name == name), None)
    return Entries().having(about=found.name, site=found.site, organism=found.organism) if found else Entries()


INFECTION = plain(
    "chart an infection", "/courses/{course:str}/infection-episode", Act.chart, "Infection", "infection",
    [
        Field("about", "Its name", hint="A few words, to say more of the same one later: line sepsis"),
        Field("choice", "Infection", needed=True),
        Field("detail.site", "Where", options=_sites),
        Field("detail.organism", "Organism"),
        Field("detail.proven", "The organism was found"),
        Field("detail.severity", "Severity", options=_severities),
        Field("until", "It ended", kind="moment"),
        Field("detail.text", "Note", kind="note"),
    ],
    back=BACK, check=_named, fill=_same,
    intro="What is said again of one name belongs to one infection. Ruled out ends it.",
)  # fmt: skip
PROPHYLAXIS = plain(
    "chart prophylaxis", "/courses/{course:str}/prophylaxis", Act.chart, "Prophylaxis", "prophylaxis",
    [
        Field("choice", "Against", needed=True),
        Field("detail.drug", "Drug"),
        Field("until", "It ended", kind="moment", hint="Empty while it goes on"),
        Field("detail.text", "Note", kind="note"),
    ],
    back=BACK,
)  # fmt: skip
TRANSFUSION = plain(
    "chart a transfusion", "/courses/{course:str}/transfusion", Act.chart, "Transfusion", "transfusion",
    [Field("choice", "What was given", needed=True), Field("detail.units", "Units"),
     Field("detail.text", "Note", kind="note")],
    back=BACK,
)  # fmt: skip
ARRHYTHMIA = plain(
    "chart an arrhythmia", "/courses/{course:str}/arrhythmia", Act.chart, "Arrhythmia", "arrhythmia",
    [Field("choice", "Arrhythmia", needed=True), Field("detail.text", "Which", kind="note")],
    back=BACK, intro="Within the window of tumor lysis it counts for its clinical grade.",
)  # fmt: skip
FATIGUE = plain(
    "chart fatigue", "/courses/{course:str}/fatigue", Act.chart, "Fatigue", "fatigue",
    [Field("choice", "Fatigue", needed=True), Field("detail.text", "Note", kind="note")],
    back=BACK,
)  # fmt: skip
IEC_HS = plain(
    "say what matters for IEC-HS", "/courses/{course:str}/iec-hs-context", Act.attribute, "IEC-HS: what the team says",
    "iec_hs_context",
    [
        Field("detail.infection_excluded", "Infection is ruled out"),
        Field("detail.progression_excluded", "Progression is ruled out"),
        Field("detail.haemophagocytosis", "Hemophagocytosis in marrow or other tissue"),
        Field("detail.bleeding", "Bleeding", options=lambda _: _options(BLEEDING)),
        Field("detail.new_organ_failure", "New organ failure", options=lambda _: _options(FAILURE)),
        Field("detail.interventions", "Given for it", hint="Separated by commas, or none"),
        Field("detail.text", "Note", kind="note"),
    ],
    back=SCORES,
    intro="What is left empty stays as it was told before. The criteria are listed; the diagnosis is yours.",
)  # fmt: skip
HSCORE = plain(
    "say what matters for the HScore", "/courses/{course:str}/hscore-context", Act.attribute,
    "HScore: what the team says", "hscore_context",
    [
        Field("detail.immunosuppression", "Known immunosuppression", hint="HIV, or long-term immunosuppressive drugs"),
        Field("detail.organomegaly", "Large liver or spleen", options=lambda _: _options(ORGANS)),
        Field("detail.haemophagocytosis", "Hemophagocytosis in the marrow"),
        Field("detail.text", "Note", kind="note"),
    ],
    back=SCORES,
)  # fmt: skip

FORMS: tuple[Form, ...] = (INFECTION, PROPHYLAXIS, TRANSFUSION, ARRHYTHMIA, FATIGUE, IEC_HS, HSCORE)
