"""Slips of whoever enters values, and how they are put right: amended, issued anew, withdrawn.

What is wrong is charted under a key, and a later row names it; "as known at" a moment between the two it still stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.problem import Problem
from cartway.record.fact import RETRACTION
from cartway.times import MINUTE
from cartway.twin.chart.habits import Sign
from cartway.twin.chart.scene import Scene
from cartway.twin.chart.sheet import NO_TIME, Marks, Pick, Sheet
from cartway.vocabulary import read_unit, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

TYPED = "body_temperature"
LEAST_MINUTES, WITHIN_THE_HOUR, WITHIN_HOURS = 5, 55, 240
"""Minutes after which at least, and within which, somebody amends what they typed; the laboratory issues anew."""
TWICE_MINUTES = 5
NO_DETAIL = ""


class Entry(NamedTuple):
    """Values of one sign to be entered: the rows and columns of the scene, the numbers as written, unit and detail."""

    sign: Sign
    which: tuple[Ints, Ints]
    number: Numbers
    unit: Pick
    detail: Pick

    def of(self, mask: Mask) -> Entry:
        """Some of them."""
        unit, detail = (Pick(pick.names, pick.which[mask]) for pick in (self.unit, self.detail))
        return Entry(self.sign, (self.which[0][mask], self.which[1][mask]), self.number[mask], unit, detail)


def enter(sheet: Sheet, scene: Scene, entry: Entry) -> None:
    """Chart values, some of them wrongly first where the site makes slips."""
    habits, slips = scene.habits.slips, scene.slips
    if habits is None or slips is None:
        _add(sheet, scene, entry)
        return
    chance = slips.of(entry.sign.what)[entry.which]
    typed = entry.sign.what == TYPED
    wrong = exchanged(entry.number) if typed else _under_the_wrong_unit(scene, entry)
    share = habits.typed if typed else habits.in_another_unit
    slipped = (chance < share) & _is_taken(entry, wrong) & (np.abs(wrong - entry.number) > 1e-9)
    _add(sheet, scene, entry.of(~slipped))
    amend = _amended if typed else _issued_anew
    amend(sheet, scene, entry.of(slipped), wrong[slipped])
    _entered_twice(sheet, scene, entry.of(chance >= 1.0 - habits.twice))


def exchanged(number: Numbers) -> Numbers:
    """Numbers with the digits before and after the point exchanged: 38.4 becomes 34.8."""
    tenths = np.rint(number * 10.0)
    before, after = np.floor(tenths / 10.0) % 10.0, tenths % 10.0
    return np.round((tenths + 9.0 * (after - before)) / 10.0, 1)


def _under_the_wrong_unit(scene: Scene, entry: Entry) -> Numbers:
    """The numbers as they are in the other unit of the two that the site uses, which is not the one written beside."""
    other = scene.habits.units.get(entry.sign.what)
    if other is None:
        return entry.number
    here, there = _scale(entry.sign.what, entry.sign.unit), _scale(entry.sign.what, other.unit)
    is_other = np.array([name == other.unit for name in entry.unit.names])[entry.unit.which]
    ratio = here / there
    return np.asarray(np.where(is_other, np.round(entry.number / ratio, 3), np.round(entry.number * ratio, 3)))


def _scale(what: str, unit: str) -> float:
    found = read_unit(vocabulary().variables[what], unit)
    if isinstance(found, Problem):
        raise ValueError(f"{what} is not measured in {unit}")
    return found.scale


def _is_taken(entry: Entry, wrong: Numbers) -> Mask:
    """Which wrong numbers nobody would stop: those that are possible, and are values rather than limits."""
    variable = vocabulary().variables[entry.sign.what]
    low, high = variable.possible or (-np.inf, np.inf)
    canonical = np.empty(len(wrong))
    for place, name in enumerate(entry.unit.names):
        unit, mine = read_unit(variable, name), entry.unit.which == place
        if isinstance(unit, Problem):
            raise ValueError(f"{entry.sign.what} is not measured in {name}")
        canonical[mine] = wrong[mine] * unit.scale + unit.offset
    is_value = np.array([name == NO_DETAIL for name in entry.detail.names])[entry.detail.which]
    return np.asarray((canonical >= low) & (canonical <= high) & is_value)


def _add(
    sheet: Sheet, scene: Scene, entry: Entry, *, number: Numbers | None = None, marks: Marks | None = None,
    after: Ints | None = None, later: int = 0,
) -> None:  # fmt: skip
    """Chart rows: `after` what is written down is known, `later` than its round it was read."""
    who, late = entry.which[0], scene.late[entry.which]
    sheet.add(
        who, scene.at[entry.which] + later, entry.sign.what, entry.number if number is None else number, entry.unit,
        detail=entry.detail, late=late if after is None else _known(late, after), marks=marks,
    )  # fmt: skip


def _known(late: Ints, after: Ints) -> Ints:
    return np.where(late == NO_TIME, NO_TIME, late + after)


def _after(scene: Scene, entry: Entry, minutes: int) -> Ints:
    """How long after the slip it is put right, microseconds."""
    assert scene.slips is not None
    whole = np.rint(scene.slips.of("minutes")[entry.which] * (minutes - LEAST_MINUTES)).astype(np.int64)
    return np.asarray((whole + LEAST_MINUTES) * MINUTE, np.int64)


def _keys(scene: Scene, entry: Entry, ending: str) -> Pick:
    """A key for each row, unique in its course."""
    return Pick([f"{entry.sign.what}/{i}{ending}" for i in range(len(scene.days))], entry.which[1])


def _amended(sheet: Sheet, scene: Scene, entry: Entry, wrong: Numbers) -> None:
    """Typed wrongly, and amended by a further row that names the first."""
    key = _keys(scene, entry, "")
    _add(sheet, scene, entry, number=wrong, marks=Marks(key))
    marks = Marks(_keys(scene, entry, "/amended"), key, "typing error")
    _add(sheet, scene, entry, marks=marks, after=_after(scene, entry, WITHIN_THE_HOUR))


def _issued_anew(sheet: Sheet, scene: Scene, entry: Entry, wrong: Numbers) -> None:
    """Issued under the wrong unit, and issued anew under the same key, marked as corrected."""
    key = _keys(scene, entry, "")
    _add(sheet, scene, entry, number=wrong, marks=Marks(key))
    _add(sheet, scene, entry, marks=Marks(key, corrected=True), after=_after(scene, entry, WITHIN_HOURS))


def _entered_twice(sheet: Sheet, scene: Scene, entry: Entry) -> None:
    """A copy some minutes later, and its withdrawal."""
    key, later = _keys(scene, entry, "/again"), TWICE_MINUTES * MINUTE
    _add(sheet, scene, entry, marks=Marks(key), later=later)
    known = _known(scene.late[entry.which], _after(scene, entry, WITHIN_THE_HOUR))
    marks = Marks("", key, "entered twice")
    sheet.add(entry.which[0], scene.at[entry.which] + later, RETRACTION, late=known, marks=marks)
