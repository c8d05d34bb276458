"""ICE, the ten points as they are asked at the bedside. Lee 2019, doi 10.1016/j.bbmt.2018.12.758.

Each of the five items is a fact of its own; the grade adds them up and says which are missing. A point that was not
asked is never a point lost, and one that was lost is never dropped: see `_in_part`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.forms.chart import Chart, chosen, noted, unknown_choice
from cartway.web.forms.draft import Draft, all_of, doubted, flawed, nothing_entered
from cartway.web.forms.entries import Entries
from cartway.web.forms.sedation import unexplained

ITEMS: Mapping[str, tuple[str, ...]] = {
    "ice_orientation": ("year", "month", "city", "hospital"),
    "ice_naming": ("object_1", "object_2", "object_3"),
    "ice_command": ("command",),
    "ice_writing": ("writing",),
    "ice_attention": ("counting",),
}
ASKED: Mapping[str, str] = {
    "year": "What year is it?",
    "month": "What month is it?",
    "city": "Which city are we in?",
    "hospital": "Which hospital is this?",
    "object_1": "Names the first object",
    "object_2": "Names the second object",
    "object_3": "Names the third object",
    "command": "Does what is asked",
    "writing": "Writes it, and it can be read",
    "counting": "Counts 100, 90, 80 ... down to 10",
}
YES, NO = "yes", "no"
CONSCIOUSNESS, NOT_DONE, WROTE = "consciousness", "not_done", "wrote"
WROTE_MARK = "wrote: "
WHY: Mapping[str, str] = {
    "asleep": "Asleep, or cannot be woken",
    "sedated": "Sedated",
    "intubated": "Intubated",
    "language": "No common language",
    "refused": "Does not want to",
    "other": "Something else",
}


def read_ice(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The items asked in full, the level of consciousness, and in its note what the numbers leave out."""
    wrote, too_long = noted(entries, WROTE)
    items = all_of(_item(entries, name, points, at) for name, points in ITEMS.items())
    if not (items.facts or items.doubts or items.flaws or _is_told(entries)):
        return nothing_entered("year")
    note = "; ".join([*_left_out(entries), *([f"{WROTE_MARK}{wrote}"] if wrote else [])])
    asked = _contradiction(entries) + _sedated(entries, chart, at)
    return items + too_long + _why(entries) + _consciousness(entries, at, note) + asked


def _is_told(entries: Entries) -> bool:
    return any(entries[field] for field in (CONSCIOUSNESS, NOT_DONE, WROTE))


def _item(entries: Entries, name: str, points: Sequence[str], at: Instant) -> Draft:
    """One item: its points, if all of them were asked."""
    answers = [entries[point] for point in points]
    strange = [point for point in points if entries[point] not in (YES, NO, "")]
    if strange:
        return flawed(strange[0], unknown_choice("An answer"))
    if all(answers) or (NO in answers and entries[NOT_DONE]):
        return Draft((Fact("", at, name, float(len(points) - answers.count(NO)), "{score}"),))
    return _in_part(entries, name, points) if any(answers) else Draft()


def _in_part(entries: Entries, name: str, points: Sequence[str]) -> Draft:
    """An item of which only a part was asked. Points lost are never dropped: the rest is asked, or the reason told why
    it was broken off; then the item counts as the most that it could still have been.
    """
    label, answers = vocabulary().variables[name].label.removeprefix("ICE: "), [entries[point] for point in points]
    left = next(point for point in points if not entries[point])
    if NO in answers:
        remedy = "Ask the rest; if ICE had to be broken off, say why under 'ICE could not be done'."
        return flawed(
            left, Problem("incomplete_score", f"Not all of it was asked, and points were lost: {label}.", remedy)
        )
    question = f"Not all of it was asked: {label}. Ask the rest, or send again to leave this item out of the score."
    return doubted(left, "".join(answer[:1] or "-" for answer in answers), question)


def _left_out(entries: Entries) -> Iterable[str]:
    """What no number says: why it could not be done, and the answers of an item that was not asked in full."""
    if entries[NOT_DONE]:
        yield f"ICE not done: {WHY.get(entries[NOT_DONE], '').lower()}"
    for points in ITEMS.values():
        told = [f"{point.replace('_', ' ')} {entries[point]}" for point in points if entries[point]]
        if 0 < len(told) < len(points):
            yield f"ICE asked in part: {', '.join(told)}"


def _why(entries: Entries) -> Draft:
    if entries[NOT_DONE] and entries[NOT_DONE] not in WHY:
        return flawed(NOT_DONE, unknown_choice("Why it could not be done"))
    return Draft()


def _consciousness(entries: Entries, at: Instant, note: str) -> Draft:
    """The level of consciousness: it is half of the grade, and all of it where the questions could not be asked."""
    if not entries[CONSCIOUSNESS]:
        remedy = "Choose how the patient wakes: by themselves, to voice, to touch, or not."
        return flawed(CONSCIOUSNESS, Problem("missing_consciousness", "The level of consciousness is missing.", remedy))
    return chosen(entries, at, CONSCIOUSNESS, text=note)


def _contradiction(entries: Entries) -> Draft:
    right = sum(entries[point] == YES for points in ITEMS.values() for point in points)
    if right and entries[CONSCIOUSNESS] == "unarousable":
        question = "Points were given, yet the patient is charted as unarousable. Is that right?"
        return doubted(CONSCIOUSNESS, entries[CONSCIOUSNESS], question)
    return Draft()


def _sedated(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """Somebody who is said to be sedated, under a drug that nobody charted."""
    return unexplained(chart, at, NOT_DONE, entries[CONSCIOUSNESS]) if entries[NOT_DONE] == "sedated" else Draft()


class Score(msgspec.Struct, frozen=True):
    """An ICE as it was charted: `points` of `of` asked, at a time."""

    points: int
    of: int
    at: Instant


def last_score(chart: Chart) -> Score | None:
    """The newest ICE of the course: a total, or the items of one time."""
    last = chart.last("ice_score", *ITEMS)
    if last is None:
        return None
    if last.what == "ice_score":
        return Score(int(last.value or 0), 10, last.at)
    items = {fact.what: fact for fact in chart.stated if fact.what in ITEMS and fact.at == last.at}
    return Score(sum(int(fact.value or 0) for fact in items.values()), sum(len(ITEMS[what]) for what in items), last.at)


def last_wrote(chart: Chart) -> tuple[str, Instant] | None:
    """What the patient last wrote, and when: a hand that changes is seen beside the one before."""
    for fact in reversed(chart.stated):
        _, mark, wrote = str(fact.detail.get("text", "")).partition(WROTE_MARK)
        if fact.what == CONSCIOUSNESS and mark:
            return wrote, fact.at
    return None


def running_total(entries: Entries) -> tuple[int, int]:
    """The points given so far, and how many were asked."""
    answers = [entries[point] for points in ITEMS.values() for point in points]
    return answers.count(YES), sum(answer in (YES, NO) for answer in answers)
