"""Countries as registries write them and as the record's labels name them."""

from __future__ import annotations

from collections.abc import Mapping

_EU = (
    "austria", "belgium", "bulgaria", "croatia", "cyprus", "czechia", "denmark", "estonia", "finland", "france",
    "germany", "greece", "hungary", "ireland", "italy", "latvia", "lithuania", "luxembourg", "malta", "netherlands",
    "poland", "portugal", "romania", "slovakia", "slovenia", "spain", "sweden", "czech republic",
)  # fmt: skip
NAMES: Mapping[str, tuple[str, ...]] = {
    "us": ("united states", "united states of america", "usa"),
    "uk": ("united kingdom", "gb", "great britain"),
    "cn": ("china",),
    "in": ("india",),
    "es": ("spain",),
    "eu": _EU,
}
"""What the codes that the record uses for a country stand for, in lower case (ISO 3166 English short names)."""


def same_country(code: str, name: str) -> bool:
    """Whether a country of the record (a code such as ``US``, or its name) is, or takes in, one that a site names."""
    said, site = code.strip().casefold(), name.strip().casefold()
    return said == site or site in NAMES.get(said, ()) or (said in NAMES.get(site, ()) and site != "eu")
