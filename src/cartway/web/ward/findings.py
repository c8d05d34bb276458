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
    return (reason for each in episodes for reason in each.because if reason.criterion.slug not in QUIET)
