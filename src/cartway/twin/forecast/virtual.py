"""Virtual patients as cases: what a ward would have charted of them by a day, and what came after. For calibration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.course import Run
from cartway.twin.course.acts import Act, jumps_of
from cartway.twin.course.look import FLUIDS_MMHG, SATURATION_FOR_OXYGEN, pressure_limit
from cartway.twin.forecast.case import Case
from cartway.twin.forecast.measured import ICE_FROM, OPEN, Reading
from cartway.twin.forecast.past import noise_of
from cartway.twin.forecast.standing import Standing
from cartway.twin.model import load_model
from cartway.twin.population import known
from cartway.twin.solver import Event

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DAILY = ("crp", "ferritin", "anc", "platelets")
CELL_DAYS = (3.0, 7.0, 10.0, 14.0, 21.0, 28.0)
IL6_DAYS = (-1.0, 1.0, 3.0, 5.0, 7.0, 10.0, 14.0)


def case_of_run(run: Run, patient: int, day: float) -> Case:
    """The case of one patient of a run at a day: signs every six hours, counts daily, cells and IL-6 now and then."""
    product, disease = known(run.patients.product, run.patients.disease)
    readings = sorted(_readings(run, patient, day), key=lambda each: each.day)
    name = f"simulated-{run.patients.seed}-{int(run.patients.number[patient])}"
    events = tuple(sorted(_events(run, patient, day), key=lambda event: event.at))
    return Case(
        name,
        product,
        disease,
        0,
        day,
        events,
        tuple(readings),
        _standing(run, patient, day),
        parts=_parts(run, patient, day),
    )


def _parts(run: Run, patient: int, day: float) -> int:
    acts = run.acts.of(patient)
    return int(((acts.drug == "infusion") & (acts.day <= day)).sum())


def charted(name: str, day: float) -> bool:
    """Whether a ward charts a sign at this look."""
    if name in DAILY:
        return day.is_integer()
    if name in ("cart_cells", "il6"):
        return day in (CELL_DAYS if name == "cart_cells" else IL6_DAYS)
    return True


def _readings(run: Run, patient: int, day: float) -> Iterator[Reading]:
    looks = np.flatnonzero(run.days <= day + 1e-9)
    for k in looks.tolist():
        at = float(run.days[k])
        for name in ("temperature", *DAILY, "cart_cells", "il6"):
            if charted(name, at):
                yield _number(name, at, float(run.seen[name][patient, k]))
        yield from _circulation(run, patient, k)
        if at >= 0 and at.is_integer():
            yield _score(at, float(run.seen["ice"][patient, k]))


def _number(name: str, at: float, value: float) -> Reading:
    """A value, or a limit of the assay where it lies beyond it."""
    noise = noise_of(name)
    if value < noise.low:
        return Reading(name, at, -OPEN, noise.low)
    return Reading(name, at, noise.high, OPEN) if value >= noise.high else Reading(name, at, value, value)


def _circulation(run: Run, patient: int, k: int) -> Iterator[Reading]:
    """Pressure and saturation where nothing held them, and that they had fallen where support begins."""
    at, before = float(run.days[k]), max(k - 1, 0)
    pressors, oxygen = run.seen["vasopressors"][patient], run.seen["oxygen"][patient]
    pressure, saturation = (float(run.seen[name][patient, k]) for name in ("mean_arterial_pressure", "saturation"))
    if not pressors[before]:
        yield Reading("pressure_untreated", at, pressure, pressure)
    if not oxygen[before] and saturation < 100.0:
        yield Reading("saturation_room_air", at, saturation, saturation)
    elif oxygen[k] > oxygen[before]:
        yield Reading("saturation_room_air", at, -OPEN, SATURATION_FOR_OXYGEN[int(oxygen[k]) - 1])
    if pressors[k] > pressors[before] > 0:
        limit = float(pressure_limit(run.patients.traits["age_years"][[patient]])[0])
        yield Reading("pressure_untreated", at, -OPEN, limit - FLUIDS_MMHG)


def _score(at: float, ice: float) -> Reading:
    """An ICE score as a grade of neurotoxicity; of a patient who cannot be woken the highest."""
    if np.isnan(ice):
        return Reading("neurotoxicity", at, 4.0, OPEN)
    low, high = next((low, high) for least, low, high in ICE_FROM if ice >= least)
    return Reading("neurotoxicity", at, low, high)


def _events(run: Run, patient: int, day: float) -> Iterator[Event]:
    """What was given and charted by then; bridging's effect is not known to anybody."""
    names, acts = [state.name for state in load_model().state], run.acts.of(patient)
    for at, drug, dose in zip(acts.day, acts.drug, acts.dose, strict=True):
        if at <= day and drug != "bridging":
            jumps = jumps_of(Act(np.zeros(1, np.int64), float(at), str(drug), np.array([dose]), "", ""))
            for state, factor, plus in zip(jumps.state, jumps.factor, jumps.plus, strict=True):
                yield Event(float(at), names[state], float(plus), float(factor))


def _standing(run: Run, patient: int, day: float) -> Standing:
    upto = run.days <= day + 1e-9
    crs, icans = (run.judged[name][patient, upto].astype(int) for name in ("crs", "icans"))
    days = run.days[upto]
    return Standing(int(crs[-1]), int(icans[-1]), _lasting(crs, days, day), _lasting(icans, days, day))


def _lasting(grades: NDArray[np.int_], days: NDArray[np.floating[Any]], day: float) -> tuple[float, ...]:
    """For how many days grade 1, 2, 3, 4 or more has lasted without a break."""
    return tuple(day - _since(grades >= least, days, day) for least in range(1, 5))


def _since(flags: NDArray[np.bool_], days: NDArray[np.floating[Any]], day: float) -> float:
    down = np.flatnonzero(~flags)
    first = down[-1] + 1 if len(down) else 0
    return float(days[first]) if first < len(days) else day
