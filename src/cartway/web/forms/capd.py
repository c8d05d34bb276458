"""Cornell Assessment of Pediatric Delirium: eight items of 0 to 4, for children in whom ICE cannot be asked.

Traube C, et al. Crit Care Med 2014;42:656-663, doi 10.1097/CCM.0b013e3182a66b76. The first four items are what a well
child always does (never 4, always 0); the last four what an ill one does (never 0, always 4). Not valid in deep
sedation (RASS -4 or deeper). The words of the items are ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.web.forms.chart import Chart, chosen, noted
from cartway.web.forms.draft import Draft, all_of, doubted, flawed, nothing_entered
from cartway.web.forms.entries import Entries
from cartway.web.forms.sedation import unexplained

ITEMS: Mapping[str, str] = {
    "eye_contact": "Looks the caregiver in the eye",
    "purposeful": "Acts with a purpose",
    "aware": "Notices what is around",
    "communicates": "Shows what is needed or wanted",
    "restless": "Restless",
    "inconsolable": "Cannot be consoled",
    "underactive": "Hardly moves while awake",
    "slow": "Takes long to respond",
}
REVERSED = tuple(ITEMS)[:4]
ANCHORS = ("never", "rarely", "sometimes", "often", "always")
RASS: Mapping[str, str] = {
    "4": "Combative",
    "3": "Pulls at tubes, aggressive",
    "2": "Agitated, fights the ventilator",
    "1": "Restless",
    "0": "Alert and calm",
    "-1": "Drowsy, holds eye contact for over 10 s at a voice",
    "-2": "Wakes briefly to a voice",
    "-3": "Moves or opens the eyes at a voice, no contact",
    "-4": "Responds to touch only",
    "-5": "No response",
}
SCORE, UNABLE, NOTE, WAKES = "capd_score", "unable_to_perform", "note", "consciousness"
ANSWERS = ("new_neurological_change", "usual_behavior_per_parent", WAKES)
AWAKE_ENOUGH = ("awake", "awakens_to_voice")


def anchors(item: str) -> list[tuple[str, int]]:
    """The five answers to an item with their points, from never to always."""
    points = range(4, -1, -1) if item in REVERSED else range(5)
    return list(zip(ANCHORS, points, strict=True))


def read_capd(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """RASS, the total if all eight items were judged, what the parent says, and how the child wakes."""
    rass, answers = _rass(entries, at), all_of(chosen(entries, at, name) for name in ANSWERS)
    note, too_long = noted(entries, NOTE)
    deep = any((fact.value or 0.0) <= chart.rules.number("sedated_rass") for fact in rass.facts)
    read = (
        rass + _score(entries, at, note, deep) + answers + too_long + (_deep(entries, chart, at) if deep else Draft())
    )
    return read if read.facts or read.flaws else nothing_entered("rass")


def _rass(entries: Entries, at: Instant) -> Draft:
    typed = entries["rass"]
    if not typed:
        return Draft()
    if typed not in RASS:
        return flawed("rass", Problem("unknown_choice", "RASS has no such step.", "Choose one of those shown."))
    return Draft((Fact("", at, "rass_score", float(typed), "{score}"),))


def _deep(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """RASS this deep voids a score and grades nothing: how the child wakes does, and whether a sedative explains it."""
    level, rass = entries[WAKES], f"RASS {entries['rass']}".replace("-", "\N{MINUS SIGN}")
    if not level:
        reason, remedy = f"{rass} alone grades nothing.", "Choose how the child wakes: to voice, to touch, or not."
        return flawed(WAKES, Problem("missing_consciousness", reason, remedy))
    if level in AWAKE_ENOUGH:
        return doubted(WAKES, f"{entries['rass']} {level}", f"{rass} is no response to a voice. Is this level right?")
    return unexplained(chart, at, WAKES, level)


def _score(entries: Entries, at: Instant, note: str, deep: bool) -> Draft:
    judged = {item: entries[item] for item in ITEMS if entries[item]}
    if entries[UNABLE]:
        return _unable(judged, at, note)
    if not judged:
        return Draft()
    if deep:
        reason = "CAPD is not valid in sedation this deep."
        return flawed("rass", Problem("too_deeply_sedated", reason, "Clear the items, or correct RASS."))
    return _total(judged, at, note)


def _unable(judged: Mapping[str, str], at: Instant, note: str) -> Draft:
    if judged:
        reason = "Items were judged, and also CAPD is said to be impossible."
        return flawed(UNABLE, Problem("contradiction", reason, "Clear one of the two."))
    return Draft((Fact("", at, SCORE, choice=UNABLE, detail={"text": note} if note else {}),))


def _total(judged: Mapping[str, str], at: Instant, note: str) -> Draft:
    """Only the total is a fact of the vocabulary; the items are kept in its note."""
    points = {item: dict(anchors(item)).get(judged.get(item, "")) for item in ITEMS}
    left = [item for item in ITEMS if points[item] is None]
    if left:
        reason, remedy = f"{len(left)} of the eight items are not judged.", "Judge all: there is no total without them."
        return flawed(left[0], Problem("incomplete_score", reason, remedy))
    text = ", ".join(f"{item.replace('_', ' ')} {points[item]}" for item in ITEMS)
    total = float(sum(each or 0 for each in points.values()))
    detail = {"text": f"{text}. {note}".strip(" .") if note else text}
    return Draft((Fact("", at, SCORE, total, "{score}", detail=detail),))


def running_total(entries: Entries) -> tuple[int, int]:
    """The points so far, and how many items were judged."""
    given = [dict(anchors(item)).get(entries[item]) for item in ITEMS]
    points = [each for each in given if each is not None]
    return sum(points), len(points)
