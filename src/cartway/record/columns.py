"""What derivations read of a course: its facts in force, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from cartway.record.driver import RawColumns
from cartway.record.fact import RETRACTION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Columns(msgspec.Struct, frozen=True):
    """The facts in force of one course, n of them, ordered by time and at equal times by content.

    `at`, `until`: int64[n], microseconds UTC, `until` = `NEVER` (2**63 - 1) where there is none. `what`, `choice`,
    `unit`: int32[n], numbers of `words`, 0 where empty. `value`: float64[n], NaN where there is none. `position`:
    int64[n]. `detail`: by position, of the few that have one.
    """

    at: NDArray[np.int64]
    until: NDArray[np.int64]
    what: NDArray[np.int32]
    value: NDArray[np.float64]
    choice: NDArray[np.int32]
    unit: NDArray[np.int32]
    position: NDArray[np.int64]
    words: Mapping[int, str]
    detail: Mapping[int, Mapping[str, Any]]

    def __len__(self) -> int:
        return len(self.at)


def in_force(raw: RawColumns | None, words: Mapping[int, str]) -> Columns:
    """Leave out what is superseded, and the retractions themselves, and bring equal times into the order of content."""
    import numpy as np

    raw = raw or _nothing()
    keep = ~np.isin(raw.position, raw.superseded) if raw.superseded else np.ones(len(raw.at), bool)
    retraction = next((number for number, text in words.items() if text == RETRACTION), -1)
    chosen = np.flatnonzero(keep & (raw.what != retraction))
    details = dict(raw.details)
    chosen = chosen[_by_content(raw, chosen, words, details)]
    position = raw.position[chosen]
    return Columns(
        at=raw.at[chosen],
        until=raw.until[chosen],
        what=raw.what[chosen],
        value=raw.value[chosen],
        choice=raw.choice[chosen],
        unit=raw.unit[chosen],
        position=position,
        words=MappingProxyType(dict(words)),
        detail={n: msgspec.json.decode(details[n]) for n in position.tolist() if n in details} if details else {},
    )


def _by_content(
    raw: RawColumns, chosen: NDArray[np.intp], words: Mapping[int, str], details: Mapping[int, str]
) -> NDArray[np.intp]:
    """The order of `current`: time, variable, choice, value, end, detail, unit; texts by their text, none last.

    Those that agree in all of it are told apart by nothing that a derivation reads; their position makes it definite.
    """
    import numpy as np

    rank = _alphabetical(words).astype(np.int64)
    named = (
        rank[raw.what[chosen]] * len(words) + rank[raw.choice[chosen]]
    )  # two words, one key: sorting is the cost here
    keys: list[NDArray[Any]] = [rank[raw.unit[chosen]], raw.value[chosen], named, raw.at[chosen]]
    until = raw.until[chosen]
    if len(until) and (until != until[0]).any():
        keys.insert(1, until)
    if details:
        place = {text: n for n, text in enumerate(sorted({"", *details.values()}))}
        keys.insert(1, np.array([place[details.get(n, "")] for n in raw.position[chosen].tolist()]))
    return np.lexsort(keys)  # stable: rows come by position, which so decides last


def _alphabetical(words: Mapping[int, str]) -> NDArray[np.int32]:
    """The place of each numbered word among all, by its text."""
    import numpy as np

    rank = np.empty(len(words), np.int32)
    rank[sorted(words, key=lambda number: words[number])] = np.arange(len(words), dtype=np.int32)
    return rank


def _nothing() -> RawColumns:
    import numpy as np

    long, short = np.empty(0, np.int64), np.empty(0, np.int32)
    return RawColumns(long, long, long, short, np.empty(0), short, short, (), ())
