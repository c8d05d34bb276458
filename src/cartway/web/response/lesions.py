"""The target lesions and new lesions of a scan, a row each: what was typed, as facts."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.forms.chart import Chart, unknown_choice, valued
from cartway.web.forms.draft import Draft, all_of, doubted, flawed, flaws_of
from cartway.web.forms.entries import Entries, read_note, read_number

LONGEST_NAME, LONGEST_PLACE = 40, 200
TARGETS, NEW = 6, 2  # up to six targets: Cheson 2014, doi 10.1200/JCO.2013.54.8800
STATES: Mapping[str, str] = {
    "too_small": "Too small to measure",
    "not_visible": "No longer visible",
    "not_evaluable": "Not evaluable",
}
SITES: Mapping[str, str] = {"node": "Node", "extranodal": "Extranodal"}


class Target(msgspec.Struct, frozen=True):
    """A row of the sheet: its number, the lesion that stood in it at the last scan, and where it was told to be."""

    number: int
    known: Fact | None = None
    place: str = ""

    @property
    def field(self) -> str:
        """The beginning of the names of its fields."""
        return f"t{self.number}"

    @property
    def before(self) -> str:
        """What it measured at the last scan, in words."""
        if self.known is None:
            return ""
        if self.known.choice:
            return STATES.get(self.known.choice, self.known.choice)
        short = self.known.detail.get("short_axis")
        return f"{self.known.value:g}" + (f" x {short:g}" if isinstance(short, int | float) else "")


def targets(chart: Chart) -> list[Target]:
    """Six rows; those of the last scan's targets stand in the first of them."""
    last = chart.last("lesion")
    known = [] if last is None else [fact for fact in chart.stated if fact.what == "lesion" and _same_scan(fact, last)]
    known = sorted(known, key=lambda fact: fact.about)[:TARGETS]
    rest = range(len(known) + 1, TARGETS + 1)
    told = [Target(n, fact, place_of(fact.about, chart)) for n, fact in enumerate(known, 1)]
    return [*told, *(Target(n) for n in rest)]


def place_of(about: str, chart: Chart) -> str:
    """Where a lesion is, as it was told at the newest scan that says so."""
    same = (fact for fact in reversed(chart.stated) if fact.what == "lesion" and fact.about == about)
    return str(next((place for fact in same if (place := fact.detail.get("place"))), ""))


def _same_scan(fact: Fact, last: Fact) -> bool:
    return fact.event == last.event if last.event else fact.at == last.at


def filled(chart: Chart, _: str) -> Entries:
    """A fresh sheet: the names and sites of the targets that are known."""
    typed: dict[str, str] = {}
    for row in targets(chart):
        if row.known is not None:
            site = str(row.known.detail.get("site", ""))
            typed |= {f"{row.field}_about": row.known.about, f"{row.field}_site": site}
    return Entries().having(**typed)


def read_lesions(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """The lesions that were told, targets first."""
    rows = [_target(row, entries, at) for row in targets(chart)]
    return all_of(rows) + all_of(_new(f"n{number}", entries, at) for number in range(1, NEW + 1))


def _target(row: Target, entries: Entries, at: Instant) -> Draft:
    """One target: two diameters, or a word in their place. Problems: ``missing_entry``, ``number_and_word``,
    ``short_axis_longer``; asked back where a target that was known is left out.
    """
    name, state = row.field, entries[f"{row.field}_state"]
    longest, short = entries[f"{name}_longest"], entries[f"{name}_short"]
    if not (longest or short or state):
        return _left_out(row, entries)
    if state and (longest or short):
        return flawed(name, Problem("number_and_word", "A lesion has a size and a word.", "Leave one of them empty."))
    about = entries[f"{name}_about"]
    if not about:
        return flawed(f"{name}_about", Problem("missing_entry", "This lesion has no name.", "Name it: T1, axilla."))
    base = _sized(name, longest, short, at) if longest or short else _in_a_word(name, state, at)
    return _placed(base, name, about, entries, row.place)


def _left_out(row: Target, entries: Entries) -> Draft:
    if row.known is None:
        return Draft()
    question = f"Target {row.known.about} is not told. Without it the sum is not known. Leave it out?"
    return doubted(f"{row.field}_longest", entries[f"{row.field}_about"], question)


def _sized(name: str, longest: str, short: str, at: Instant) -> Draft:
    if not (longest and short):
        missing = Problem("missing_entry", "Both diameters are needed.", "Give the longest one and the one across it.")
        return flawed(f"{name}_{'short' if longest else 'longest'}", missing)
    first, across = read_number(longest), read_number(short)
    if isinstance(first, Problem):
        return flawed(f"{name}_longest", first)
    if isinstance(across, Problem):
        return flawed(f"{name}_short", across)
    if across > first:
        wrong = Problem("short_axis_longer", "The diameter across is the longer one.", "Look at both.")
        return flawed(f"{name}_short", wrong)
    draft = valued(vocabulary().variables["lesion"], first, "cm", at, f"{name}_longest", longest)
    return msgspec.structs.replace(draft, facts=tuple(_with(fact, short_axis=across) for fact in draft.facts))


def _in_a_word(name: str, state: str, at: Instant) -> Draft:
    if state not in STATES:
        return flawed(f"{name}_state", unknown_choice("Target lesion"))
    return Draft((Fact("", at, "lesion", choice=state),))


def _placed(draft: Draft, name: str, about: str, entries: Entries, known_place: str = "") -> Draft:
    site, place = entries[f"{name}_site"], read_note(entries[f"{name}_place"] or known_place, LONGEST_PLACE)
    if site and site not in SITES:
        return draft + flawed(f"{name}_site", unknown_choice("Site"))
    if isinstance(place, Problem):
        return draft + flawed(f"{name}_place", place)
    told = {key: words for key, words in (("site", site), ("place", place)) if words}
    facts = (msgspec.structs.replace(_with(fact, **told), about=about[:LONGEST_NAME]) for fact in draft.facts)
    return msgspec.structs.replace(draft, facts=tuple(facts))


def _new(name: str, entries: Entries, at: Instant) -> Draft:
    """A new lesion: what it is taken for, its size, site and place; nothing where none is told."""
    choice = entries[f"{name}_choice"]
    sizes = {key: read_number(text) for key in ("size", "short_axis") if (text := entries[f"{name}_{key}"])}
    wrong = [flawed(f"{name}_{key}", found) for key, found in sizes.items() if isinstance(found, Problem)]
    about = entries[f"{name}_about"]
    if wrong or not choice:
        told = wrong or not (sizes or about)
        return flaws_of(*wrong) if told else flawed(f"{name}_choice", _no_verdict())
    if choice not in vocabulary().variables["new_lesion"].choices:
        return flawed(f"{name}_choice", unknown_choice("New lesion"))
    fdg = {"fdg": entries[f"{name}_fdg"] == "yes"} if entries[f"{name}_fdg"] else {}
    fact = Fact("", at, "new_lesion", choice=choice, detail={**sizes, **fdg})
    return _placed(Draft((fact,)), name, about or name.upper(), entries)


def _no_verdict() -> Problem:
    return Problem("missing_entry", "What the new lesion is taken for is missing.", "Choose one of the words.")


def _with(fact: Fact, **detail: object) -> Fact:
    return msgspec.structs.replace(fact, detail={**fact.detail, **detail})
