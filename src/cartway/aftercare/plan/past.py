"""For the patient: what was had, and what the tests showed. No grades: they are the team's tool."""

from __future__ import annotations

from datetime import date

from cartway.aftercare.dates import day_of
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Row, Section
from cartway.aftercare.plan.said import day, joined
from cartway.aftercare.plan.said import known as has_words
from cartway.aftercare.plan.treatment import Toxicity
from cartway.response.model import Level

HARD = ("PD", "RD", "RELAPSE")


def had(about: Known) -> Section:
    """Illness, the way to the cells, the cells, the two great toxicities of the first weeks, infections since."""
    did, say, on = about.treatment, about.say, about.language
    rows = [
        Row(say("had.illness"), _illness(about)),
        Row(say("had.collected"), _on(about, did.collected)),
        Row(say("had.bridging"), joined(list(dict.fromkeys(_bridging(about))), on)) if did.bridging else None,
        Row(say("had.depletion"), _on(about, did.depleted[0] if did.depleted else None)),
        Row(say("had.cells"), cells(about)),
        Row(say("had.infused"), joined([day(each, on) for each in did.infused], on)),
        Row(say("had.crs"), _toxicity(about, did.crs)),
        Row(say("had.icans"), _toxicity(about, did.icans)),
        Row(say("had.infections"), say("had.infections_count", count=len(did.infections))) if did.infections else None,
    ]
    return Section("had", say("had.title"), tuple(row for row in rows if row), empty=say("had.empty"))


def cells(about: Known) -> str:
    """``axi-cel (Yescarta). They look for CD19, a tag on the cancer cells.``"""
    did = about.treatment
    name = product_named(about)
    return about.say("had.cells_text", product=name, target=did.target) if did.target else name


def product_named(about: Known) -> str:
    """``axi-cel (Yescarta)``, the same in every language."""
    held = about.treatment.product
    if held is None:
        return about.say("had.product_unnamed")
    return f"{held.short} ({held.brand})" if held.brand and held.brand != held.short else held.short


def _illness(about: Known) -> str:
    told = about.treatment.diagnosis
    if told is None or not has_words(f"diagnosis.{told.choice}"):
        return about.say("had.not_recorded")
    return about.say(f"diagnosis.{told.choice}")


def _bridging(about: Known) -> list[str]:
    return [
        about.say(f"bridging.{fact.choice if has_words(f'bridging.{fact.choice}') else 'other'}")
        for fact in about.treatment.bridging
    ]


def _on(about: Known, moment: date | None) -> str:
    return about.say("had.not_recorded") if moment is None else day(moment, about.language)


def _toxicity(about: Known, had: Toxicity) -> str:
    if had.grade is None:
        return about.say("had.not_recorded")
    if not had.grade or had.first is None or had.last is None:
        return about.say("had.had_not")
    first, last = day(had.first, about.language), day(had.last, about.language)
    return about.say("had.had_it_on", first=first) if first == last else about.say("had.had_it", first=first, last=last)


def result(about: Known) -> Section:
    """The best and the last level of response in words, each with its day.

    Bad or unclear news waits until somebody of the team concluded it: nobody learns of it from a page.
    """
    say, found = about.say, about.response
    known = [level for level in found.confirmed if level.level != "NE"] if found else []
    shown = [level for level in known if not _is_hard(level) or _concluded(about, level)]
    rows = []
    if found and shown:
        best = next((level for level in shown if level.level == found.best_confirmed), None)
        rows += [_level(about, "result.best", best)] if best and best is not shown[-1] else []
        rows += [_level(about, "result.last", shown[-1])]
    if known and (not shown or known[-1] is not shown[-1]):
        rows += [Row(say("result.waits"), say("result.waits_text"))]
    return Section("result", say("result.title"), tuple(rows), say("result.intro"), empty=say("result.empty"))


def _is_hard(level: Level) -> bool:
    return level.level in HARD or level.level.startswith("IR") or bool(level.candidates)


def _concluded(about: Known, level: Level) -> bool:
    """Whether a reader concluded this assessment or a later one, or the team stated the progression."""
    told = [*about.course.all("response_read"), *about.course.all("progression")]
    return any(fact.at >= level.at or (fact.event and fact.event == level.assessment) for fact in told)


def _level(about: Known, heading: str, level: Level) -> Row:
    key = level.level if has_words(f"response.{level.level}") else "IR" if level.level.startswith("IR") else ""
    text = about.say(f"response.{key or 'NE'}") if not level.candidates else about.say("response.NE")
    on = day(day_of(level.at, about.place.zone), about.language)
    return Row(f"{about.say(heading)}, {on}", text, confirmed=level.confirmed)
