"""What patients bring to the bedside, and how noisily the bedside reads: `bedside.toml`, frozen."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec


class Trait(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One trait and how it varies: `lognormal`, `normal` or `uniform`; held within `low` and `high`."""

    name: str
    kind: str
    unit: str
    means: str
    standing: str
    median: float = 0.5
    spread: float = 0.0
    low: float = float("-inf")
    high: float = float("inf")
    source: str = ""


class Correlation(msgspec.Struct, frozen=True, rename={"value": "is"}):
    """Correlation between the normals beneath two parameters or traits."""

    of: tuple[str, str]
    value: float
    source: str


class Noise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an assay strays: `sd` of the logarithm (lognormal) or in the unit (normal), anew each time; `steady`: a part
    that stays for about `steady_days`. Below `low` and above `high` it is not quantified.
    """

    kind: str
    sd: float
    unit: str
    steady: float = 0.0
    steady_days: float = 1.0
    low: float = 0.0
    high: float = float("inf")


class FateRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hazards of death, a day. CRS and ICANS: at grades 3 and 4; `steroid_times`: infection under steroids."""

    crs_a_day: tuple[float, float]
    icans_a_day: tuple[float, float]
    infection_a_day: float
    infection_anc_below_500_a_day: float
    infection_anc_below_100_a_day: float
    steroid_times: float
    standing: str


class Bedside(msgspec.Struct, frozen=True):
    """Traits, correlations, assay noise and hazards."""

    trait: tuple[Trait, ...]
    correlation: tuple[Correlation, ...]
    noise: dict[str, Noise]
    fate: FateRates


@cache
def load_bedside() -> Bedside:
    """The tables as this package carries them."""
    text = resources.files("cartway.twin.population").joinpath("bedside.toml").read_text()
    return msgspec.toml.decode(text, type=Bedside)
