"""Write the example courses anew: `python examples/write.py [FOLDER]`, by default into this folder.

Nothing in the files is random, so what is written is always the same; a test compares.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from formats import as_fhir, as_hl7
from stories import CHILD, LOW_FLOW_OXYGEN, READMITTED, STORIES
from ward import Row, chart

FHIR = {LOW_FLOW_OXYGEN: ("1965-02-11", "female"), CHILD: ("2021-09-02", "female")}  # birth date, sex
HL7 = {READMITTED: ("19670719", "M")}
COLUMNS = (
    "course", "at", "until", "what", "choice", "value", "unit", "detail", "simulated", "source", "key", "event",
    "amends", "reason", "recorded_at",
)  # fmt: skip


def files() -> Iterator[tuple[str, str]]:
    """Every example file: its path below `examples/` and its text."""
    for story in STORIES:
        rows = chart(story)
        if story in FHIR:
            yield f"fhir/{story.name}.json", as_fhir(story, rows, *FHIR[story])
        elif story in HL7:
            yield f"hl7/{story.name}.hl7", as_hl7(story, rows, *HL7[story])
        else:
            yield f"{story.name}.csv", as_table(rows)


def as_table(rows: list[Row]) -> str:
    """A facts table: one row a fact."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in rows:
        times = {name: f"{row[name]:%Y-%m-%dT%H:%MZ}" for name in ("at", "until", "recorded_at") if name in row}
        table.writerow(row | times)
    return out.getvalue()


def main(folder: Path) -> None:
    """Write the files."""
    for name, text in files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
