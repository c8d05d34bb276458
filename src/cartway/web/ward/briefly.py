"""Why a grade is what it is, in the few words that a row has room for. The whole reasons are on the course's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from cartway.record import Fact
from cartway.times import HOUR, Instant
from cartway.toxicity import Episode, Rules
from cartway.toxicity.episode import Reason
from cartway.toxicity.wording import said
from cartway.web.draw import short_clock
from cartway.web.ward.findings import notable
from cartway.web.ward.standing import Grade, Standing

TOLD = {
    "not_crs_again": "no new fever: not CRS again",
    "fever_of_other_cause": "the fever has another cause",
    "consciousness_under_sedation": "under sedation",
    "score_under_sedation": "score under sedation",
    "deep_focal_weakness": "deep focal weakness",
    "edema_focal": "focal cerebral edema",
    "edema_diffuse": "diffuse cerebral edema",
    "capd_usual_behavior": "CAPD positive, usual behavior",
}


def _notable(grades: Mapping[str, Grade]) -> Iterator[Reason]:
    return notable(grade.episode for grade in grades.values())


def signs(grades: Mapping[str, Grade]) -> frozenset[int]:
    """The positions of the facts behind them."""
    return frozenset(reason.fact.position for reason in _notable(grades) if reason.fact is not None)


def briefly(grades: Mapping[str, Grade], now: Instant, zone: tzinfo) -> str:
    """``38.9 °C, norepinephrine 0.04 µg/kg/min``: what was found, each once."""
    words = list(dict.fromkeys(_words(reason, now, zone) for reason in _notable(grades)))
    return "".join(_joint(word) + word for word in words).lstrip(", ")


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


def _words(reason: Reason, now: Instant, zone: tzinfo) -> str:
    slug, fact = reason.criterion.slug, reason.fact
    if slug in TOLD:
        return TOLD[slug]
    if slug.endswith("_excused"):
        return f"{_feature(slug)} attributed to {_cause(fact, now, zone)}"
    if slug.endswith("_worse"):
        return f"{_feature(slug)} worse since attributed to {_cause(fact, now, zone)}: counts again"
    if fact is None:
        return reason.criterion.text.format(said="", when="", last="", cause="", score="").strip()
    return _of_fact(reason)


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
        bound = "at most " if reason.criterion.slug == "ice_incomplete" else ""
        return said(fact) if number is None else f"{name} {bound}{number:g}"
    told = said(fact).replace("ug/", "\N{MICRO SIGN}g/")
    return f"systolic {told}" if fact.what == "systolic_pressure" else told
