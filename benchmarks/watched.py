"""A made-up cohort for the alert rules: `python -m benchmarks.watched FILE [COURSES]` writes a facts table.

Each course is a story as the examples tell theirs (examples/ward.py charts it): a fever or none, how far it goes, what
is given, neurotoxicity or none, counts, ferritin, creatinine; from a seed, so that the same file comes out. Onsets,
lengths and shares follow the products' US labels, section 5, roughly; nothing is drawn from patients. On top of the
story: rounds that were skipped or late, and now and then a reading that a loose probe makes.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))

from ward import Story, chart
from write import COLUMNS

SEED, COURSES = 20261123, 500
SKIPPED, LATE, ARTEFACT = 0.05, 0.10, 0.004
VITAL = frozenset({
    "body_temperature", "systolic_pressure", "diastolic_pressure", "heart_rate", "respiratory_rate",
    "oxygen_saturation",
})  # fmt: skip
LOOSE = {"oxygen_saturation": "78", "systolic_pressure": "71", "heart_rate": "168", "respiratory_rate": "34"}
PRODUCTS = (
    "axicabtagene_ciloleucel", "lisocabtagene_maraleucel", "tisagenlecleucel", "brexucabtagene_autoleucel",
    "idecabtagene_vicleucel", "ciltacabtagene_autoleucel", "obecabtagene_autoleucel",
)  # fmt: skip
Row = dict[str, Any]


def story(number: int, chance: Random) -> Story:
    """One course: how ill it gets is drawn first, then when, then what is charted of it."""
    product = chance.choice(PRODUCTS)
    worst = chance.choices((0, 1, 2, 3), (25, 40, 27, 8))[0]
    onset = chance.choice((6, 7, 8)) if product.startswith("cilta") else chance.choice((1, 2, 2, 3, 4))
    length = chance.choice((2, 3, 4, 5)) if worst else 0
    length = 2 if worst >= 2 and chance.random() < 0.7 else length  # tocilizumab answered it within a day
    mind = chance.choices((0, 1, 2, 3), (62, 18, 12, 8))[0] if worst else 0
    out = max(onset + length, onset + 6 if mind else 0) + chance.choice((3, 4, 6))
    notes = [f"0 11:00 infusion {product}", f"-1 16:00 age {chance.randint(22, 82)} a", f"{out} 10:00 discharge"]
    curves = {**_fever(worst, onset, length, chance), **_blood(worst, onset, length, chance)}
    notes += _given(worst, mind, onset, chance)
    often, then = chance.choice((2, 4, 4)), chance.choice((4, 6, 8))
    watch = f"-1 16:00 8 | 0 08:00 4 | {onset} 00:00 {often} | {onset + length + 1} 08:00 {then} | {out} 09:00 0"
    return Story(
        name=f"w{number:03}", shows="", infused=f"2026-{1 + number % 9:02}-{1 + number % 27:02}", watch=watch,
        notes="\n".join(notes), ice=_ice(mind, onset, chance), **curves,
        usual=(36.6, chance.uniform(104, 140), chance.uniform(66, 88), chance.uniform(95.2, 98.5)),
    )  # fmt: skip


def _fever(worst: int, onset: int, length: int, chance: Random) -> dict[str, str]:
    """Temperature, pressure, saturation and oxygen of a reaction of this grade."""
    if not worst:
        return {}
    peak, end = chance.uniform(38.4, 40.1), onset + length
    mid = onset + max(1, length // 2)
    found = {
        "temperature": f"{onset} 02:00 37.2 | {onset} 07:00 38.2 | {mid} 00:00 {peak:.1f}"
        f" | {end} 06:00 {chance.uniform(37.6, 38.4):.1f} | {end + 1} 06:00 36.8"
    }
    if worst == 3 or (worst == 2 and chance.random() < 0.7):
        low = chance.uniform(74, 88)
        found["systolic"] = (
            f"{mid} 04:00 108 | {mid} 08:00 {low:.0f} | {mid} 14:00 {low + 6:.0f} | {mid} 22:00 94 | {end} 12:00 104"
        )
    if worst >= 2:
        low = chance.uniform(86, 92)
        device = "high_flow_nasal_cannula 40" if worst == 3 and chance.random() < 0.5 else "nasal_cannula 2"
        found["saturation"] = (
            f"{mid} 04:00 95 | {mid} 09:00 {low:.0f} | {mid} 11:00 93 | {end} 08:00 94 | {end + 1} 08:00 96"
        )
        found["oxygen"] = f"-9 00:00 room_air | {mid} 10:00 {device} | {end} 18:00 room_air"
    return found


def _blood(worst: int, onset: int, length: int, chance: Random) -> dict[str, str]:
    """Counts and ferritin."""
    base, nadir = chance.uniform(200, 1600), chance.uniform(0.05, 0.6)
    peak = base * (1.3, 2.2, 4.0, 9.0)[worst] * chance.uniform(0.7, 1.6)
    top = onset + max(1, length // 2) + 1
    low = chance.uniform(14, 90)
    return {
        "ferritin": f"-6 05:30 {base:.0f} | {max(onset, 1)} 05:30 {base * 1.1:.0f} | {top} 05:30 {peak:.0f}"
        f" | {top + 8} 05:30 {base * 1.4:.0f}",
        "neutrophils": f"-6 05:30 2.6 | 0 05:30 1.1 | 4 05:30 {nadir:.2f} | 9 05:30 {nadir * 1.3:.2f} | 14 05:30 1.1",
        "platelets": f"-6 05:30 170 | 0 05:30 120 | 8 05:30 {low:.0f} | 15 05:30 {low * 1.4:.0f}",
        "hemoglobin": f"-6 05:30 10.4 | 0 05:30 9.4 | 8 05:30 {chance.uniform(7.0, 8.8):.1f} | 15 05:30 8.8",
    }


def _ice(mind: int, onset: int, chance: Random) -> str:
    if not mind:
        return "-9 00:00 10"
    begun, low, slow = onset + chance.choice((2, 3)), (10, 8, 5, 2)[mind], chance.random() < 0.4
    first = low + 2 if low > 5 else low + 3
    better = f"{begun + 3} 20:00" if slow else f"{begun + 1} 20:00"
    return (
        f"-9 00:00 10 | {begun} 08:00 {first} | {begun} 20:00 {low} | {better} {min(9, low + 3)} | {begun + 4} 20:00 10"
    )


def _given(worst: int, mind: int, onset: int, chance: Random) -> Iterator[str]:
    """What was given, some hours after it was called for."""
    mid, wait = onset + 1, chance.choice((9, 10, 12, 15))
    if worst:
        yield f"{onset} {chance.choice((8, 9, 12)):02}:20 drug cefepime 2000 mg"
        yield f"{onset} 08:10 drug acetaminophen 1000 mg"
        yield f"{onset} 08:30 infection_work_up blood_culture"
    if worst >= 2:
        yield f"{mid} {wait:02}:40 drug tocilizumab 560 mg"
        yield f"{mid} 09:15 fluid_bolus 500 mL"
    if worst == 3:
        yield f"{mid} 10:10 drug norepinephrine 0.08 ug/kg/min until {mid + 1} 16:00"
        yield f"{mid} 11:00 drug dexamethasone 10 mg"
    if mind >= 2:
        yield f"{onset + 3} {wait:02}:30 drug dexamethasone 10 mg"
    if mind == 3 and chance.random() < 0.3:
        yield f'{onset + 3} 21:10 seizure focal {{"duration_min": 1, "returned_to_baseline": true}}'


def charted(one: Story, chance: Random) -> Iterator[Row]:
    """The rows of a story as a busy ward leaves them."""
    skipped: dict[datetime, bool] = {}
    late: dict[datetime, timedelta] = {}
    for row in chart(one):
        at = row["at"]
        if row["what"] in VITAL:
            if skipped.setdefault(at, chance.random() < SKIPPED):
                continue
            minutes = chance.randint(20, 110) if chance.random() < LATE else 0
            row["at"] = at + late.setdefault(at, timedelta(minutes=minutes))
            if row["what"] in LOOSE and chance.random() < ARTEFACT:
                row["value"] = LOOSE[row["what"]]
        yield row
    yield from _creatinine(one, chance)


def _creatinine(one: Story, chance: Random) -> Iterator[Row]:
    """Each morning; one in eight has a kidney that suffers with the pressure."""
    base, hit = chance.uniform(0.6, 1.1), chance.random() < 0.125
    last = int(one.watch.split(" | ")[-1].split()[0])
    for day in range(-1, last):
        worse = 1 + 0.35 * max(0.0, 3 - abs(day - last + 7)) if hit else 1.0
        value = base * worse * chance.uniform(0.94, 1.06)
        at = one.time(day, "05:30")
        yield {"course": one.name, "at": at, "what": "creatinine", "value": f"{value:.2f}", "unit": "mg/dL",
               "source": "lab", "key": f"c{day}", "simulated": "true"}  # fmt: skip


def write(place: Path, courses: int = COURSES, seed: int = SEED) -> int:
    """Write the table; how many facts it holds."""
    chance, rows = Random(seed), 0
    with place.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        table.writeheader()
        for number in range(courses):
            for row in sorted(charted(story(number, chance), chance), key=lambda each: each["at"]):
                times = {name: f"{row[name]:%Y-%m-%dT%H:%MZ}" for name in ("at", "until") if name in row}
                table.writerow(row | times)
                rows += 1
    return rows


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COURSES
    print(write(Path(sys.argv[1]), count), "facts")
