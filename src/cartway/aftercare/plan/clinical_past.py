"""For clinicians: treatment summary, toxicity with its grades and what was given, response by criteria."""

from __future__ import annotations

from datetime import date

from cartway.aftercare.dates import day_of
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.result import Assessed, assessed
from cartway.aftercare.plan.said import brief
from cartway.aftercare.plan.treatment import Toxicity
from cartway.response.words import flag_words
from cartway.toxicity.infections import Infection
from cartway.vocabulary import vocabulary

MISSING = "not recorded"
COLUMNS = ("Item", "Finding", "When")


def summary(about: Known) -> Section:
    """Disease, lines, collection, bridging, lymphodepletion, product, dose, lots, trial."""
    did = about.treatment
    dose = f"{did.dose_million:g} million CAR-positive viable T cells" if did.dose_million else MISSING
    held = did.product
    rows = (
        Row("Disease", _choice("diagnosis", did.diagnosis.choice) if did.diagnosis else MISSING),
        Row("Stage", did.stage or MISSING),
        Row("Lines before", str(did.before) if did.before is not None else MISSING),
        Row("Transplants", "; ".join(f"{_choice('transplant', each.choice)}" for each in did.transplants) or MISSING,
            ", ".join(brief(day_of(each.at, about.place.zone)) for each in did.transplants)),
        Row("Collection", "Leukapheresis" if did.collected else MISSING, _when(did.collected)),
        Row("Bridging", "; ".join(_bridging(about)) or MISSING),
        Row("Lymphodepletion", _regimen(about), ", ".join(brief(each) for each in did.depleted)),
        Row("Product", _choice("infusion", did.choice) if did.choice else MISSING,
            note=f"{did.target}; {held.vector} vector" if held and held.vector else did.target),
        Row("Infusion", dose, ", ".join(brief(each) for each in did.infused)),
        Row("Lot", ", ".join(did.lots) or MISSING),
        Row("Trial", did.trial) if did.trial else None,
    )  # fmt: skip
    shown = tuple(_in_columns(row) for row in rows if row)
    return Section("had", "Treatment summary", shown, columns=COLUMNS)


def _in_columns(row: Row) -> Row:
    text = f"{row.text} ({row.note})" if row.note and row.note != row.text else row.text
    return Row(row.what, text, row.when, confirmed=row.confirmed)


def toxicity(about: Known) -> Section:
    """Worst grades with their days, IEC-HS, drugs given, infections, transfusions."""
    did, zone = about.treatment, about.place.zone
    rows = [
        _graded("CRS, worst grade (ASTCT 2019)", did.crs),
        _graded("ICANS, worst grade (ASTCT 2019)", did.icans),
        _graded("ICAHT, worst grade (EHA/EBMT)", did.icaht),
        Row("IEC-HS", "Spoken of by the team" if did.iec_hs else MISSING),
        *(Row(_choice("drug", one.drug), _times(one.times), _span(one.first, one.last)) for one in did.given),
        *(Row(f"Infection: {one.kind}", _infection(one), brief(day_of(one.start, zone))) for one in did.infections),
        Row("Transfusions charted", str(did.transfusions) if did.transfusions else MISSING),
    ]  # fmt: skip
    intro = "Derived from what was charted; what was not charted says so and is not a none."
    return Section("toxicity", "Toxicity and what was given for it", tuple(rows), intro, COLUMNS)


def _graded(what: str, had: Toxicity) -> Row:
    if had.grade is None:
        return Row(what, "not assessable from the record")
    bound = "at least " if had.at_least else ""
    when = _span(had.first, had.last) if had.first and had.last else ""
    return Row(what, f"{bound}{had.grade}" if had.grade else f"{bound or ''}0, none recorded", when)


def response(about: Known) -> Section:
    """Best and last level with criteria and edition, progression, MRD."""
    found = about.response
    if found is None or not found.levels:
        return Section("result", "Response", empty="No assessment after the infusion is recorded.")
    rows = [Row("Best response, confirmed", found.best_confirmed)]
    rows += [_assessment(about, each) for each in assessed(found)[-3:]]
    if found.progression_at is not None:
        rows.append(
            Row(
                "Progression or relapse",
                found.relapse.replace("_", " "),
                _when(day_of(found.progression_at, about.place.zone)),
            )
        )
    rows += [
        Row(
            "MRD",
            f"{each.category.replace('_', ' ')} ({each.method or 'method not told'})",
            brief(day_of(each.at, about.place.zone)),
        )
        for each in found.mrd[-1:]
    ]
    return Section("result", "Response", tuple(rows), f"By {found.citation}", COLUMNS)


def _assessment(about: Known, each: Assessed) -> Row:
    """The level that stands, what this assessment alone says where that differs, what is to be looked at."""
    level = each.level
    stands = level.level if not level.candidates else f"open: {' or '.join(level.candidates)}"
    alone = f"; by this assessment alone {each.alone.level}" if each.alone.level != level.level else ""
    look = "".join(f" {flag_words(flag)}" for flag in sorted(each.flags))
    on = brief(day_of(level.at, about.place.zone))
    return Row("Assessment", f"{stands}{alone}.{look}" if look else stands + alone, on, confirmed=level.confirmed)


def _choice(what: str, choice: str) -> str:
    known = vocabulary().variables[what].choices.get(choice)
    return known.label if known else choice.replace("_", " ")


def _bridging(about: Known) -> list[str]:
    return [
        f"{_choice('bridging_therapy', fact.choice)}{f', {told}' if (told := fact.detail.get('regimen')) else ''}"
        for fact in about.treatment.bridging
    ]


def _regimen(about: Known) -> str:
    given = about.treatment.depletion
    return (
        MISSING
        if given is None
        else str(given.detail.get("regimen") or given.detail.get("text") or "regimen not recorded")
    )


def _infection(one: Infection) -> str:
    return ", ".join(part.replace("_", "-") for part in (one.site, one.organism, one.severity) if part)


def _times(count: int) -> str:
    return "charted once" if count == 1 else f"charted {count} times"


def _when(moment: date | None) -> str:
    return "" if moment is None else brief(moment)


def _span(first: date, last: date) -> str:
    return brief(first) if first == last else f"{brief(first)} to {brief(last)}"
