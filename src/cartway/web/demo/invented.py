"""Names for any number of people who do not exist: made up so that they sound like nobody's."""

from __future__ import annotations

from cartway.times import DAY, Instant, to_datetime
from cartway.web.demo.arrivals import drawn
from cartway.web.demo.cast import Patient

GIVEN = {
    "female": (
        "Ada", "Beatriz", "Cleo", "Dara", "Elspeth", "Fenna", "Giulia", "Hedy", "Ines", "Junia", "Kaja", "Leocadia",
        "Mina", "Nadifa", "Ottilie", "Perpetua", "Rosalba", "Sunita", "Tindra", "Umeko", "Verity", "Wanda", "Xiadani",
        "Yara",
    ),
    "male": (
        "Anton", "Bo", "Cosmo", "Dov", "Eskil", "Florian", "Goran", "Hamza", "Ivo", "Jun", "Kofi", "Lev", "Matteo",
        "Nils", "Octavio", "Piet", "Quentin", "Raj", "Severin", "Tomos", "Ulrik", "Valentin", "Wendel", "Zoltan",
    ),
}  # fmt: skip
FAMILY = (
    "Ashgrove", "Birchwater", "Cloudberry", "Dunmarsh", "Elderfield", "Foxglove", "Gorseholm", "Hazelmere", "Ironbark",
    "Juniperhill", "Kelpstrand", "Lindenhall", "Marshlight", "Nettlecombe", "Oakenshaw", "Pebblewick", "Quincehurst",
    "Ravenscar", "Sedgemoor", "Thistledown", "Umberfield", "Vetchling", "Willowbank", "Yarrowdale", "Amberly",
    "Brackenridge", "Cresswater", "Dovecote", "Emberstone", "Fallowfield", "Greenhithe",
    "Harrowgate", "Inkberry", "Kestrelwood", "Larchmont", "Mossbridge", "Northwick", "Otterbourne", "Pinemartin",
    "Rushwick", "Stormgrove",
)  # fmt: skip


def invented(number: int, seed: int, *, age_years: float, sex: str, at: Instant) -> Patient:
    """The person of a number, as old as the chart says `at` a time. No two of 984 in a row are called the same."""
    given = GIVEN[sex]
    first = given[(number * 5 + seed) % len(given)]
    name = f"{first} {FAMILY[(number * 7 + seed) % len(FAMILY)]}"
    days = int(int(age_years) * 365.25) + 1 + drawn(seed, number, "birthday") % 364
    return Patient(name, to_datetime(at - days * DAY).date().isoformat(), sex, f"DEMO-7{number + 1:04d}")
