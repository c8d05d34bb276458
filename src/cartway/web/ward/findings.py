"""Which reasons of a grade say that something was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cartway.toxicity import Episode
from cartway.toxicity.episode import Reason

# Criteria that say that nothing was found, or that nobody looked: the one is no news, the other stands under "missing".
QUIET = frozenset({
    "no_fever", "pressure_normal", "room_air", "home_oxygen", "not_crs", "ice_full", "ice_as_baseline", "capd_negative",
    "awake", "awake_by_ice", "no_deep_weakness", "no_edema", "no_raised_pressure_sign",
    "fever_unread", "pressure_unread", "oxygen_unread", "score_unread", "consciousness_unread",
})  # fmt: skip


def notable(episodes: Iterable[Episode]) -> Iterator[Reason]:
    """The reasons that say more than that nothing was found, in the order of the guidelines' columns."""
    return (reason for each in episodes for reason in _new(each) if reason.criterion.slug not in QUIET)


def _new(episode: Episode) -> Iterator[Reason]:
    """Its reasons without those of a support that is no more than at home."""
    at_home = {reason.criterion.column for reason in episode.because if reason.criterion.slug == "home_oxygen"}
    return (reason for reason in episode.because if reason.criterion.column not in at_home)


# What a sign would grade by its own row of the table (Lee 2019), were it counted: for the order of the board, where a
# vasopressor weighs as much whether it is graded, excused, or not called CRS for want of a fever.
WEIGHT = {
    "pressure_low": 2, "pressure_excused": 2, "one_vasopressor": 3, "vasopressin_alone": 3, "vasopressor_excused": 3,
    "multiple_vasopressors": 4, "with_vasopressor": 3,
    "low_flow_oxygen": 2, "oxygen_flow_unread": 2, "oxygen_device_unread": 2, "oxygen_above_home": 2,
    "oxygen_excused": 2, "high_flow_oxygen": 3, "oxygen_mask": 3, "positive_pressure": 4,
    "capd_positive": 3, "capd_unable": 4, "seizure_brief": 3, "seizure_excused": 3, "seizure_prolonged": 4,
    "deep_focal_weakness": 4, "weakness_not_charted_since": 4, "weakness_excused": 4,
    "edema_focal": 3, "edema_diffuse": 4, "edema_not_charted_since": 3, "edema_excused": 3,
    "raised_pressure_sign": 4, "raised_pressure_sign_not_charted_since": 4, "raised_pressure_sign_excused": 4,
}  # fmt: skip
CONSCIOUSNESS = {"awakens_to_voice": 2, "awakens_to_touch": 3, "vigorous_stimuli_only": 4, "unarousable": 4}


def weight(episodes: Iterable[Episode]) -> int:
    """The most that any sign of these would grade by its own row; 0 where there is none."""
    return max((_weight(reason) for each in episodes for reason in _new(each)), default=0)


def _weight(reason: Reason) -> int:
    if reason.fact is not None and reason.fact.what == "consciousness":
        return CONSCIOUSNESS.get(reason.fact.choice, 0)
    return WEIGHT.get(reason.criterion.slug, 0)
