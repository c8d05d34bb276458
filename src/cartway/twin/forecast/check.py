"""Whether the readings agree with the model before anything is made of them (Box 1980,
doi 10.2307/2982063).

The squared distance of the best explanation from the readings and from the middle of the population together is, where
the model is right and nearly linear in between, chi-squared with as many degrees of freedom as there are numbers.
"""

from __future__ import annotations

import numpy as np

from cartway.twin.forecast.past import Past
from cartway.twin.forecast.sampler import Weighted
from cartway.twin.forecast.told import Check

SURPRISING, CONTRADICTS = 0.01, 0.0001
FAR = 3.5  # standard deviations from the middle of the population
WORDS = {
    "temperature": "temperature", "crp": "CRP", "ferritin": "ferritin", "il6": "IL-6", "anc": "neutrophils",
    "platelets": "platelets", "lymphocytes": "lymphocytes", "cart_cells": "CAR T cells",
    "cart_copies": "CAR transgene copies", "cd19": "B cells", "igg": "IgG", "ldh": "LDH", "m_protein": "M-protein",
    "pressure_untreated": "blood pressure", "saturation_room_air": "oxygen saturation", "neurotoxicity": "ICE scores",
}  # fmt: skip


def check(past: Past, found: Weighted) -> Check:
    """The check of a forecast's readings."""
    from scipy.stats import chi2

    likely = float(chi2.sf(found.surprise, found.numbers)) if found.numbers else 1.0
    level = "contradicts" if likely < CONTRADICTS else "surprising" if likely < SURPRISING else "agrees"
    return Check(level, likely, tuple(_strays(past, found)) if level != "agrees" else ())


def _strays(past: Past, found: Weighted) -> list[str]:
    """The signs whose numbers the best explanation misses most, then that the patient is an unusual one."""
    from scipy.stats import chi2

    exact = past.readings.exact
    misses = ((past.readings.low - past.expect(found.peak[None])[0]) / past.readings.sd)[exact] ** 2
    names = np.array([each.name for each in past.kept])[exact]
    likely = {name: float(chi2.sf(misses[names == name].sum(), (names == name).sum())) for name in set(names.tolist())}
    strays = [
        WORDS[name] for name in sorted(likely, key=lambda each: (likely[each], each)) if likely[name] < SURPRISING
    ]
    far = [f"the whole patient, who lies far from the population ({np.abs(found.peak).max():.1f} standard deviations)"]
    return strays + (far if np.abs(found.peak).max() > FAR else [])
