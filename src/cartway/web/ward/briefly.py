"""Why a grade is what it is, in the few words that a row has room for. The whole reasons are on the course's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from cartway.record import Fact
from cartway.times import HOUR, Instant
from cartway.toxicity import Episode, Rules
from cartway.toxicity.episode import Reason
from cartway.toxicity.wording import said
from cartway.vocabulary import vocabulary
from cartway.web.draw import short_clock
from cartway.web.ward.findings import notable
from cartway.web.ward.standing import Grade, Standing
from cartway.web.ward.vitals import DEVICE, ITEMS, holding

MINUS = "\N{MINUS SIGN}"

TOLD = {
    "not_crs": "no fever: not CRS",
    "not_crs_again": "no new fever: not CRS again",
    "fever_of_other_cause": "the fever has another cause",
    "consciousness_under_sedation": "under sedation",
    "score_under_sedation": "score under sedation",
    "deep_focal_weakness": "deep focal weakness",
    "edema_focal": "focal cerebral edema",
    "edema_diffuse": "diffuse cerebral edema",
    "capd_usual_behavior": "CAPD positive, usual behavior",
}


def signs(grades: Mapping[str, Grade]) -> frozenset[int]:
    """The positions of the facts behind what was found."""
    found = (reason for grade in grades.values() for reason in _found(grade))
    return frozenset(reason.fact.position for reason in found if reason.fact is not None)


def _found(grade: Grade) -> list[Reason]:
    """What was found. A flow that is no more than at home is told beside the home oxygen, and is nothing found."""
    found, slugs = list(notable([grade.episode])), {reason.criterion.slug for reason in grade.episode.because}
    return [each for each in found if "home_oxygen" not in slugs or each.criterion.slug != "low_flow_oxygen"]


def briefly(standing: Standing, rules: Rules, now: Instant, zone: tzinfo) -> str:
    """``38.9 °C, norepinephrine 0.04 mcg/kg/min``: what was found, each once."""
    told = (_words(reason, standing, now, zone) for grade in standing.grades.values() for reason in _told(grade))
    words = list(dict.fromkeys([*told, *_deep(standing, rules, now)]))
    return "".join(_joint(word) + word for word in words).lstrip(", ")


def _told(grade: Grade) -> Iterator[Reason]:
    """What was found; support as at home; and, where signs were found, the sentence that makes them no CRS."""
    found = _found(grade)
    if found:
        yield from (reason for reason in grade.episode.because if reason.criterion.slug == "not_crs")
    yield from (reason for reason in grade.episode.because if reason in found or reason.criterion.slug == "home_oxygen")


def _deep(standing: Standing, rules: Rules, now: Instant) -> Iterator[str]:
    """A RASS too deep for a score, until somebody charts how the patient wakes: it grades nothing by itself."""
    rass, level = standing.observed.get("rass_score"), standing.observed.get("consciousness")
    if rass is None or rass.value is None or rass.value > rules.number("sedated_rass") or not standing.grades:
        return
    holds = holding(rules, "neurology_valid_hours")
    if (holds is not None and now - rass.at >= holds * HOUR) or (level is not None and level.at > rass.at):
        return
    yield f"RASS {rass.value:g}".replace("-", MINUS)
    yield "sedative running" if standing.sedated else "no sedative charted"


def _joint(word: str) -> str:
    """A flow belongs to the device before it."""
    return " " if word.endswith(" L/min") else ", "


def lately(standing: Standing, rules: Rules) -> list[tuple[str, int, Instant]]:
    """The highest grade of each scale in the last hours, and until when it stood, where the grade is lower now.

    The hours are those for which every sign must have been gone before a CRS is over.
    """
    since = standing.at - int(rules.number("symptom_free_hours") * HOUR)
    found = []
    for scale, grade in standing.grades.items():
        worst, until = _worst(standing.history[scale], since)
        if worst > (grade.episode.grade or 0):
            found.append((scale.partition(".")[0].upper(), worst, until))
    return found


def _worst(episodes: Sequence[Episode], since: Instant) -> tuple[int, Instant]:
    """The highest grade of those that ended after `since`, and its last end; 0 where there was none."""
    return max(((each.grade or 0, each.end) for each in episodes if each.end and each.end > since), default=(0, 0))


def missing(grades: Mapping[str, Grade]) -> list[str]:
    """The names of what is missing in any scale, each once."""
    return list(dict.fromkeys(name for grade in grades.values() for name in grade.episode.missing))


def _words(reason: Reason, standing: Standing, now: Instant, zone: tzinfo) -> str:
    slug, fact = reason.criterion.slug, reason.fact
    if slug in TOLD:
        return TOLD[slug]
    if slug.endswith("_excused"):
        return f"{_feature(slug)} attributed to {_cause(fact, now, zone)}"
    if slug.endswith("_worse"):
        return f"{_feature(slug)} worse since attributed to {_cause(fact, now, zone)}: counts again"
    if fact is None:
        return reason.criterion.text.format(said="", when="", last="", cause="", score="").strip()
    if slug == "fever_gone":
        return f"fever gone ({said(fact)} at {short_clock(fact.at, now, zone)})"
    if slug == "home_oxygen":
        return (
            f"{DEVICE.get(fact.choice, fact.choice)} as at home"
            if fact.choice
            else f"home oxygen, {said(fact)} as before"
        )
    if slug == "ice_incomplete":
        return f"ICE at most {reason.score if reason.score is not None else fact.value:g}{_lost(standing)}"
    return _of_fact(reason)


def _lost(standing: Standing) -> str:
    """`` (naming 0 of 3)``: the items asked last in which points were lost."""
    items = [standing.observed[what] for what in ITEMS if what in standing.observed]
    last = max(item.at for item in items)
    lost = [_part(item) for item in items if item.at == last and item.value is not None and item.value < _full(item)]
    return f" ({', '.join(lost)})" if lost else ""


def _part(item: Fact) -> str:
    return f"{item.what.removeprefix('ice_')} {item.value:g} of {_full(item):g}"


def _full(item: Fact) -> float:
    """The points of an item that was done in full."""
    possible = vocabulary().variables[item.what].possible
    assert possible is not None
    return possible[1]


def _feature(slug: str) -> str:
    return slug.rpartition("_")[0].replace("_", " ")


def _cause(fact: Fact | None, now: Instant, zone: tzinfo) -> str:
    """What an attribution says, and until when it holds."""
    if fact is None or fact.what != "attribution":
        return "another cause"
    named = str(fact.detail.get("cause") or "another cause")
    return named if fact.until is None else f"{named} until {short_clock(fact.until, now, zone)}"


def _of_fact(reason: Reason) -> str:
    fact = reason.fact
    assert fact is not None
    if fact.what.startswith("ice_") or fact.what == "capd_score":
        number = fact.value if reason.score is None else reason.score
        name = "CAPD" if fact.what == "capd_score" else "ICE"
        return said(fact) if number is None else f"{name} {number:g}"
    told = said(fact)
    return f"systolic {told}" if fact.what == "systolic_pressure" else told
