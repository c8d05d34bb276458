"""What time alone will do to a grade: which reading grows too old, which drug or attribution ends, and when."""

from __future__ import annotations

from collections.abc import Iterator

from cartway.toxicity import bedside as b
from cartway.toxicity.coding import FEATURES, NUMBERS, PRESSORS
from cartway.toxicity.fold import CRS, Fold

_NAMES = {
    **{kind: name.replace("_", " ") for name, kind in NUMBERS.items() if kind < b.SIGNALS},
    b.DEVICE: "oxygen device",
    b.CONSCIOUSNESS: "level of consciousness",
    b.SEIZURE: "seizure",
    b.MOTOR: "finding on weakness",
    b.EDEMA: "imaging for edema",
    b.PRESSURE_SIGN: "sign of raised pressure",
    b.HEMORRHAGE: "imaging for hemorrhage",
    b.GCS: "GCS score",
    b.NEW_CHANGE: "word on a new change",
    b.USUAL_BEHAVIOR: "parent's word on usual behavior",
}
_READINGS = frozenset(_NAMES.values())
_OF_CRS = frozenset({b.TEMPERATURE, b.SYSTOLIC, b.DEVICE, b.FLOW, b.INSPIRED, b.NEUTROPHILS})
_FEATURES_OF_CRS = frozenset({b.FEVER, b.HYPOTENSION, b.HYPOXIA, b.POSITIVE_PRESSURE, b.VASOPRESSOR})


def next_change(fold: Fold, scale: int, now: float) -> tuple[float, str]:
    """The first moment after `now` when time alone may change a scale's grade, and what happens then.

    FOREVER and no words where nothing is to come.
    """
    coming = [(moment, what) for moment, what in _ends(fold, scale) if now < moment < b.FOREVER]
    if not coming:
        return b.FOREVER, ""
    first = min(moment for moment, _ in coming)
    named = [what for moment, what in coming if moment == first]
    old = [what for what in named if what in _READINGS]
    told = [f"too old to rely on: {', '.join(old)}"] if old else []
    return first, "; ".join([*told, *(what for what in named if what not in _READINGS)])


def _ends(fold: Fold, scale: int) -> Iterator[tuple[float, str]]:
    s, p = fold.s, fold.p
    yield from _readings(fold, scale)
    yield from _drugs(fold, scale)
    for feature in range(b.FEATURES):
        if (feature in _FEATURES_OF_CRS) == (scale == CRS):
            until = s[b.EXCUSED_UNTIL + feature]
            if p[b.P_REOPENS] == 0.0:
                until = max(until, s[b.WORSE_UNTIL + feature])
            yield until, f"the attribution of {FEATURES[feature].replace('_', ' ')} ends"
    if scale == CRS and s[b.CRS_ACTIVE] > 0.0 and s[b.CRS_SIGN] == 0.0:
        yield s[b.CRS_SIGN_AT] + p[b.P_SYMPTOM_FREE], "every sign has been gone long enough: this CRS is over"


def _readings(fold: Fold, scale: int) -> Iterator[tuple[float, str]]:
    for kind in range(b.SIGNALS):
        at = fold.s[kind * b.WIDTH + b.AT]
        if (kind in _OF_CRS) == (scale == CRS) and at >= 0.0:
            yield at + fold.p[b.P_VALID + kind], _NAMES[kind]


def _drugs(fold: Fold, scale: int) -> Iterator[tuple[float, str]]:
    s, p = fold.s, fold.p
    for drip in range(b.DRIPS):
        if (drip < b.PRESSORS) != (scale == CRS):
            continue
        name = PRESSORS[drip] if drip < b.PRESSORS else "a sedative"
        if b.infusing(s, drip, 0.0):
            yield s[b.RUN_UNTIL + drip], f"{name} ends as charted"
        if s[b.PUSHED_AT + drip] >= 0.0:
            lasts = p[b.P_BOLUS] if drip < b.SEDATIVE else p[b.P_SEDATIVE_BOLUS]
            yield s[b.PUSHED_AT + drip] + lasts, f"the push dose of {name} no longer counts"
