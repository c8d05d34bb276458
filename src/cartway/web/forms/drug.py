"""A drug given, started, changed or stopped.

How each is charted, so that the grade comes out right (`toxicity.coding`): given once has its own time as its end, else
a drug that is only ever infused would be taken for running; started and changed are open (`continuous`); stopped is
the rate 0 with the status `stopped`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import DAY, MINUTE, Instant
from cartway.toxicity.coding import is_rate
from cartway.vocabulary import read_choice, read_unit, read_value, vocabulary
from cartway.web.forms.chart import Chart, noted, unit_shown, unknown_choice
from cartway.web.forms.doses import above_usual
from cartway.web.forms.draft import Draft, doubted, flawed, flaws_of
from cartway.web.forms.entries import Entries, read_number
from cartway.web.forms.moment import read_time
from cartway.web.forms.running import Running, running

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Vasopressors and inotropes": (
        "vasopressor", "vasopressin_analogue", "inotrope", "sympathomimetic", "oral_vasopressor", "other_vasoactive",
    ),
    "Anti-cytokine": ("anti_cytokine",),
    "Steroids": ("steroid",),
    "Fever and pain": ("antipyretic",),
    "Sedatives and opioids": ("sedative", "opioid", "muscle_relaxant"),
    "Seizures": ("anti_seizure",),
    "Infection": ("antibacterial", "antifungal", "antiviral", "antiprotozoal"),
}  # fmt: skip
OTHERS = "Others"
COMMON = (
    "norepinephrine", "vasopressin", "tocilizumab", "anakinra", "dexamethasone", "methylprednisolone",
    "acetaminophen", "levetiracetam", "lorazepam", "propofol", "fentanyl", "cefepime",
)  # fmt: skip
ONCE, STARTED, CHANGED, RAN, STOP = "once", "started", "changed", "ran", "stopped"
HOW: Mapping[str, str] = {
    ONCE: "Given once",
    STARTED: "Started, runs",
    CHANGED: "New rate",
    RAN: "Ran from, until",
    STOP: "Stopped",
}
DOSES = ("mg", "g", "ug", "mg/kg", "ug/kg", "mg/m2", "U", "U/kg", "mL", "mmol", "meq", "{tbl}", "{dose}")
RATES = (
    "ug/kg/min",
    "ng/kg/min",
    "ug/min",
    "mg/h",
    "mg/kg/h",
    "ug/h",
    "ug/kg/h",
    "U/min",
    "U/h",
    "mL/h",
    "mg/min",
    "mg/d",
)
ROUTES: Mapping[str, str] = {
    "intravenous": "Into a vein",
    "oral": "By mouth",
    "enteral": "By feeding tube",
    "subcutaneous": "Under the skin",
    "intramuscular": "Into a muscle",
    "inhaled": "Inhaled",
    "intrathecal": "Into the spinal fluid",
    "rectal": "Rectal",
    "topical": "On the skin",
    "ophthalmic": "Into the eye",
    "nasal": "Into the nose",
}
DRUG, NAMED, DOSE, UNIT, ROUTE, ENDED, NOTE = "drug", "drug_named", "dose", "unit", "route", "ended", "note"
AGAIN = 30 * MINUTE  # the same drug charted twice within this is asked about: two people, or two doses


def grouped() -> Mapping[str, list[tuple[str, str]]]:
    """Every drug of the vocabulary with its label, under the first group that one of its classes is of."""
    found: dict[str, list[tuple[str, str]]] = {title: [] for title in (*GROUPS, OTHERS)}
    for drug in vocabulary().variables[DRUG].choices.values():
        title = next((t for t, classes in GROUPS.items() if set(classes) & set(drug.classes)), OTHERS)
        found[title].append((drug.name, drug.label))
    return {title: sorted(drugs, key=lambda drug: drug[1]) for title, drugs in found.items()}


def read_drug(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """One drug and what was done with it."""
    drug, how = _drug(entries), entries["how"]
    if isinstance(drug, Draft):
        return drug
    if how not in HOW:
        missing = Problem("missing_choice", "It is not said what was done.", "Choose: given once, started, stopped.")
        return flawed("how", unknown_choice("What was done") if how else missing)
    runs = {each.drug: each for each in running(_by(chart, at), at)}.get(drug)
    note, too_long = noted(entries, NOTE)
    detail = {"text": note} if note else {}
    if how == STOP:
        return too_long + _stopped(drug, runs, at, detail)
    return too_long + _given(entries, chart, drug, how, at, detail, runs)


def _by(chart: Chart, at: Instant) -> list[Fact]:
    return [fact for fact in chart.stated if fact.at <= at]


def _drug(entries: Entries) -> str | Draft:
    """The drug of the tile or of the search box; both may only name the same."""
    variable, tile, typed = vocabulary().variables[DRUG], entries[DRUG], entries[NAMED]
    named = read_choice(variable, typed) if typed else ""
    if isinstance(named, Problem):
        remedy = "Type the name of its ingredient, or choose it from the list."
        return flawed(NAMED, Problem("unknown_drug", "This drug is not in the vocabulary.", remedy))
    if tile and tile not in variable.choices:
        return flawed(DRUG, unknown_choice("The drug"))
    if tile and named and tile != named:
        return flawed(NAMED, Problem("contradiction", "Two drugs are named.", "Clear the box, or choose no tile."))
    nothing = Problem("missing_choice", "No drug is named.", "Choose one, or type its name.")
    return tile or named or flawed(DRUG, nothing)


def _stopped(drug: str, runs: Running | None, at: Instant, detail: Mapping[str, Any]) -> Draft:
    unit = runs.fact.unit if runs is not None and is_rate(runs.fact.unit) else ""
    marks = {"continuous": True, "status": STOP, **detail}
    fact = Fact("", at, DRUG, 0.0 if unit else None, unit, drug, detail=marks)
    if runs is None:
        question = "This drug is not charted as running then. Send again to chart the stop all the same."
        return Draft((fact,)) + doubted("how", f"{STOP} {drug}", question)
    return Draft((fact,))


def _given(
    entries: Entries, chart: Chart, drug: str, how: str, at: Instant, detail: Mapping[str, Any], runs: Running | None
) -> Draft:
    amount, route = _amount(entries, how), _route(entries)
    until = _end(entries, chart, how, at)
    flaws = flaws_of(amount, route, until)
    if isinstance(amount, Draft) or isinstance(route, Draft) or isinstance(until, Draft):
        return flaws
    value, unit = amount
    marks = {**({"route": route} if route else {}), **({"continuous": True} if how != ONCE else {}), **detail}
    if entries["sedation"]:
        marks["sedation"] = True
    fact = Fact("", at, DRUG, value, unit, drug, until, detail=marks)
    return Draft((fact,)) + _odd(chart, fact, how, runs) + _unusual(fact)


def _odd(chart: Chart, fact: Fact, how: str, runs: Running | None) -> Draft:
    """What does not fit what is charted of this drug."""
    if how == ONCE:
        return _again(chart, fact)
    if how == CHANGED and runs is None:
        question = (
            "This drug is not charted as running then. Was it started? Send again to chart it as running from then."
        )
        return doubted("how", f"{CHANGED} {fact.choice}", question)
    return _other_unit(runs, fact) if how in (STARTED, CHANGED) else Draft()


def _amount(entries: Entries, how: str) -> tuple[float | None, str] | Draft:
    """The dose or rate with its unit; none where none was typed."""
    variable, typed, unit = vocabulary().variables[DRUG], entries[DOSE], entries[UNIT]
    if not typed:
        wanted = Problem("missing_value", "A new rate needs the rate.", "Type it with its unit.")
        return flawed(DOSE, wanted) if how == CHANGED else (None, "")
    number = read_number(typed)
    if isinstance(number, Problem):
        return flawed(DOSE, number)
    conversion, value = read_unit(variable, unit), read_value(variable, number, unit)
    if isinstance(conversion, Problem):
        return flawed(UNIT, Problem("unknown_unit", "The unit of the dose is missing or unknown.", "Choose the unit."))
    if isinstance(value, Problem):
        return flawed(DOSE, value)
    return _fitting(value, conversion.unit, how)


def _fitting(value: float, unit: str, how: str) -> tuple[float, str] | Draft:
    """A dose is given once, a rate runs; nothing is given or run at 0."""
    if value == 0.0:
        remedy = "If it was stopped, choose that."
        return flawed(DOSE, Problem("nothing_given", "A dose or rate of 0 is nothing given.", remedy))
    if how == ONCE and is_rate(unit):
        return flawed(UNIT, Problem("not_a_dose", "This unit is a rate.", "Choose the unit of a dose, or 'started'."))
    if how in (STARTED, CHANGED) and not is_rate(unit):
        remedy = "Choose the unit of a rate, or 'given once'."
        return flawed(UNIT, Problem("not_a_rate", "This unit is not a rate.", remedy))
    return value, unit


def _route(entries: Entries) -> str | Draft:
    route = entries[ROUTE]
    return route if not route or route in ROUTES else flawed(ROUTE, unknown_choice("The route"))


def _end(entries: Entries, chart: Chart, how: str, at: Instant) -> Instant | Draft | None:
    """When it ended: at once, some time, or not yet."""
    if how == ONCE:
        return at
    if how != RAN:
        return None
    if not entries[ENDED]:
        remedy = "Give it, or choose 'started' while it still runs."
        return flawed(ENDED, Problem("no_time", "The end is missing.", remedy))
    end = read_time(entries[ENDED], chart.zone, after=at)
    if isinstance(end, Problem):
        return flawed(ENDED, end)
    if not at < end <= chart.now + DAY:
        reason = "The end must lie after the start, and at most 24 hours ahead."
        return flawed(ENDED, Problem("ends_before_start", reason, "Correct one of the two times."))
    return end


def _unusual(fact: Fact) -> Draft:
    """A dose or rate above what is usual is asked about, never refused."""
    most = None if fact.value is None else above_usual(fact.choice, fact.value, fact.unit)
    if most is None:
        return Draft()
    unit, label = unit_shown(fact.unit), vocabulary().variables[DRUG].choices[fact.choice].label
    basis = most.source if most.confirmed else "not confirmed: your pharmacy's limit decides"
    question = f"{label} {fact.value:g} {unit}: is that right? Usual is at most {most.value:g} {unit} ({basis})."
    return doubted(DOSE, f"{fact.choice} {fact.value:g} {fact.unit}", question)


def _other_unit(runs: Running | None, fact: Fact) -> Draft:
    """A rate in another unit than the drug runs in is as often a slip as it is meant."""
    if runs is None or not fact.unit or not runs.fact.unit or runs.fact.unit == fact.unit:
        return Draft()
    question = f"It runs in {unit_shown(runs.fact.unit)}. Is {unit_shown(fact.unit)} right?"
    return doubted(UNIT, fact.unit, question)


def _again(chart: Chart, fact: Fact) -> Draft:
    """The same drug given shortly before or after: charted by two people, or given twice?"""
    near: Iterable[Fact] = (
        each
        for each in chart.stated
        if each.what == DRUG and each.choice == fact.choice and abs(each.at - fact.at) <= AGAIN
    )
    if not any(each.value != 0.0 for each in near):
        return Draft()
    question = "This drug is already charted within half an hour of this. Is this another dose?"
    return doubted(DRUG, fact.choice, question)
