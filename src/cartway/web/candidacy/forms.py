"""The forms of candidacy: what decides it, gathered by who knows it; lines of therapy; a holder's washout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

import msgspec

from cartway.pathway.candidacy.washouts import washout_tables
from cartway.pathway.products import products
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant, from_datetime
from cartway.web.access import Act
from cartway.web.candidacy.gathered import BACK, Ask, gathered
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form

ONE_DAY = "What was found on one day; give that day below. What is left empty records nothing."
ANTIGENS = ("CD19", "BCMA", "CD22", "CD20", "CLDN18.2", "HER2")


def _antigens(_: Chart) -> Sequence[Option]:
    return [(name, name, "") for name in ANTIGENS]


def _rows(_: Chart) -> Sequence[Option]:
    """Every row of the washout tables, once."""
    rows = {row.id: row.label for table in washout_tables().values() for row in table}
    return [(id_, label, "") for id_, label in rows.items()]


def _products(_: Chart) -> Sequence[Option]:
    return [(name, each.brand or each.short, each.short) for name, each in sorted(products().items())]


DISEASE = gathered(
    "candidacy disease", "disease", Act.assess, "Disease",
    [
        Ask("diagnosis", ("text", "histology_confirmed", "stage")),
        Ask("disease_status", ("text",)),
        Ask("tumor_burden", ("text",)),
        Ask("marrow_involvement"),
        Ask("marrow_blasts"),
        Ask("transplant_eligibility", ("text",)),
        Ask("transplant", hint="Give its day as the time below"),
    ],
    ONE_DAY,
)  # fmt: skip

FITNESS = gathered(
    "candidacy fitness", "fitness", Act.assess, "Fitness",
    [
        Ask("ecog_score", ("cause", "from_disease", "reversible"), hint="0 to 4"),
        Ask("karnofsky_score"),
        Ask("lansky_score"),
        Ask("life_expectancy"),
        Ask("lvef", ("method",)),
        Ask("oxygen_saturation", hint="At rest, on room air"),
        Ask("creatinine_clearance", ("method",)),
        Ask("bilirubin"),
        Ask("alt_ratio"),
        Ask("ast_ratio"),
        Ask("liver_involvement"),
        Ask("neutrophils"),
        Ask("hemoglobin"),
        Ask("platelets"),
    ],
    ONE_DAY,
)  # fmt: skip

INFECTIONS = gathered(
    "candidacy infections", "infections", Act.assess, "Infections",
    [
        Ask("infection_status", ("site", "organism")),
        Ask("sars_cov_2_test"),
        Ask("hbsag"),
        Ask("anti_hbc"),
        Ask("hbv_dna", ("below",)),
        Ask("antiviral_prophylaxis"),
        Ask("hcv_antibody"),
        Ask("hcv_rna", ("below",)),
        Ask("hiv_test"),
    ],
    ONE_DAY,
)  # fmt: skip

HISTORY = gathered(
    "candidacy history", "history", Act.assess, "History",
    [
        Ask("cns_involvement", ("text",)),
        Ask("neurological_disorder", ("text",)),
        Ask("pregnancy_test"),
        Ask("breastfeeding"),
        Ask("graft_versus_host_disease"),
        Ask("immunosuppression", ("text", "prednisone_mg")),
        Ask("autoimmune_disease", ("text",)),
        Ask("other_malignancy", ("text", "disease_free_years")),
    ],
    ONE_DAY,
)  # fmt: skip

COLLECTION = gathered(
    "candidacy collection", "collection", Act.assess, "Before the collection",
    [Ask("lymphocytes"), Ask("cd3"), Ask("leukocytes"), Ask("blood_blasts"), Ask("venous_access")],
    ONE_DAY,
)  # fmt: skip

ANTIGEN = plain(
    "candidacy target", f"{BACK}/target", Act.assess, "Target on the cancer cells", "antigen_expression",
    [
        Field("about", "Target", needed=True, options=_antigens),
        Field("choice", "Result", needed=True),
        Field("detail.percent"),
        Field("detail.method"),
        Field("detail.sample", hint="Current relapse, marrow, archived"),
    ],
    back=BACK,
    intro="A sample from before the current relapse says nothing of it. Give the day of the sample below.",
)  # fmt: skip

REFRACTORY = plain(
    "candidacy refractory", f"{BACK}/refractory", Act.assess, "Refractory to a drug", "drug_refractory",
    [
        Field("about", "The drug", needed=True, hint="lenalidomide, daratumumab"),
        Field("choice", "How it stands", needed=True),
    ],
    back=BACK,
    intro="No better than a minor response, or progression on the drug or within 60 days of its last dose.",
)  # fmt: skip

HOLDER = plain(
    "candidacy holder", f"{BACK}/holder", Act.coordinate, "The holder's answer", "holder_accepts",
    [
        Field("detail.product", "Product", needed=True, options=_products),
        Field("choice", "Answer", needed=True),
        Field("detail.question", "What was asked", needed=True),
    ],
    back=BACK,
)  # fmt: skip

LOOK = plain(
    "candidacy look", f"{BACK}/look", Act.see_programme, "Mark as looked at", "candidacy_look",
    [Field("detail.text", "Note", kind="note")],
    back=BACK,
    intro="From now on the page tells what has changed since this look.",
)  # fmt: skip

WASHOUT_RULE = plain(
    "washout rule", "/programme/washout-rule", Act.coordinate, "A holder's or the center's washout", "washout_rule",
    [
        Field("about", "Earlier therapy", needed=True, options=_rows),
        Field("value", "At least", needed=True),
        Field("detail.preferred_days", "Preferably, days"),
        Field("detail.product", "Product", options=_products, hint="Without one it is the center's own rule"),
        Field("detail.document", "Document and version", needed=True),
    ],
    back="/programme", founds=True,
    intro="It comes before the shipped table from now on: a holder's for its product, the center's for all.",
)  # fmt: skip

_LINE = plain(
    "candidacy line", f"{BACK}/line", Act.assess, "Line of therapy", "line_of_therapy",
    [
        Field("value", "Which line", needed=True, hint="0, with the regimen \"none\", where there was none"),
        Field("detail.regimen", needed=True),
        Field("detail.classes", hint="Several with commas between: anti-CD20, chemotherapy, PI, IMiD, BTKi"),
        Field("detail.systemic", "Systemic therapy"),
        Field("first", "First day", kind="day"),
        Field("last", "Last dose", kind="day", hint="A day: 2026-11-30. Leave empty where it is not known"),
        Field("detail.response"),
        Field("detail.outcome", hint="relapse, progression, refractory, intolerance, transformation"),
        Field("detail.outcome_date", "The day of that", kind="day"),
        Field("detail.refractory_to"),
    ],
    back=BACK,
)  # fmt: skip


def _read_line(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """A line begins and ends on days of its own; what is left empty is not known, and said so.

    Problems: those of the fields, ``ends_before_it_begins``.
    """
    draft = _LINE.read(entries, chart, at)
    if draft.flaws or not draft.facts:
        return draft
    first, last = (_instant(entries[name]) for name in ("first", "last"))
    if first is not None and last is not None and last < first:
        return flawed("last", Problem("ends_before_it_begins", "It ends before it begins.", "Look at both days."))
    return msgspec.structs.replace(draft, facts=(_dated(draft.facts[0], first, last, at), *draft.facts[1:]))


def _dated(fact: Fact, first: Instant | None, last: Instant | None, at: Instant) -> Fact:
    unknown = {"start_unknown": first is None, "end_unknown": last is None}
    detail = {**fact.detail, **{name: True for name, is_so in unknown.items() if is_so}}
    began = first if first is not None else min(at, last if last is not None else at)
    return msgspec.structs.replace(fact, at=began, until=last, detail=detail)


def _instant(day: str) -> Instant | None:
    if not day:
        return None
    return from_datetime(datetime.combine(datetime.fromisoformat(day), time.min, UTC))


LINE = msgspec.structs.replace(_LINE, read=_read_line)

FORMS: tuple[Form, ...] = (
    DISEASE, LINE, REFRACTORY, ANTIGEN, FITNESS, INFECTIONS, HISTORY, COLLECTION, HOLDER, LOOK,
)  # fmt: skip
ENTER = (
    (DISEASE, "Disease"),
    (LINE, "Line of therapy"),
    (REFRACTORY, "Refractory to a drug"),
    (ANTIGEN, "Target"),
    (FITNESS, "Fitness"),
    (INFECTIONS, "Infections"),
    (HISTORY, "History"),
    (COLLECTION, "Before the collection"),
    (HOLDER, "Holder's answer"),
)
