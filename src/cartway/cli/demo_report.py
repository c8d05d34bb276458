"""`cartway demo --report`: the examples through the real importer into a demo record, graded, and one explained."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cartway.cli.edge import now
from cartway.times import DAY, HOUR, MINUTE, Instant, parse
from cartway.toxicity import SCALES, Episode, Rules, grade, load_rules
from cartway.toxicity.wording import clock
from cartway.web.demo.examples import checkout, example_files

if TYPE_CHECKING:
    from cartway.intake.balance import Balance
    from cartway.record import Log
    from cartway.record.fact import Fact

SHOWN_AT = parse("2026-03-16T14:00Z")  # the twelve courses are then on days from 3 to 12
EXPLAINED, EXPLAINED_AT = "05-tocilizumab", parse("2026-03-15T15:00Z")  # a vasopressor runs, the fever is gone
REFUSED = "refused.ndjson"
HEADINGS = ("course", "product", "day", "CRS", "for", "highest", "ICANS", "for", "highest", "")
WIDTH = 120


def run(folder: Path | None = None) -> None:
    """Show what Cartway does with the example courses. The demo record is made anew in `folder`."""
    from cartway.record import open_log

    place = _emptied(folder or _folder())
    database = f"sqlite:///{_shown(place)}/demo.db"
    typer.echo("Cartway demo: twelve invented courses of CAR T-cell therapy. Nobody in here exists.\n")
    with open_log(database, kind="demo") as log:
        _tell_import(import_examples(log, place), place)
        rules = load_rules()
        courses = {name: _known(log, name) for name in log.courses()}
        _tell_ward(courses, rules)
        _tell_one(courses[EXPLAINED], rules)
        found = log.verify()
    assert found.ok, found.reason
    _heading("The record")
    typer.echo(f"{found.facts:,} facts of {found.courses} courses read back; every chain holds.")
    typer.echo("All are marked simulated: a clinical record refuses them.")
    _tell_next(database)


def import_examples(log: Log, place: Path) -> Balance:
    """Take all examples into a demo record. For the demo only, a patient's course is named after the file."""
    from cartway.intake.importer import import_paths
    from cartway.people import open_people

    reading: list[str] = []

    def note(name: str, number: int, of: int, read: int) -> None:
        reading.append(Path(name).stem)

    with open_people(f"sqlite:///{place / 'demo.people.db'}") as people:
        return import_paths(
            example_files(),
            log,
            people,
            now=now(),
            by="demo",
            enrol=True,
            new_id=lambda: reading[-1],
            progress=note,
            refusals=place / REFUSED,
        )


def _folder() -> Path:
    """In a checkout its build folder, elsewhere a temporary one."""
    if (checkout() / "pyproject.toml").is_file():
        return checkout() / "build" / "demo"
    return Path(tempfile.mkdtemp(prefix="cartway-demo-"))


def _emptied(place: Path) -> Path:
    """The folder without an earlier demo's files."""
    place.mkdir(parents=True, exist_ok=True)
    for path in [*place.glob("demo.*"), place / REFUSED]:
        path.unlink(missing_ok=True)
    return place


def _shown(path: Path) -> str:
    """A path as one would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _known(log: Log, course: str) -> list[Fact]:
    from cartway.record import current

    return current(log.facts(course))


def _heading(text: str) -> None:
    typer.echo(f"\n{text}\n{'-' * len(text)}")


def _tell_import(balance: Balance, place: Path) -> None:
    from cartway.intake import IGNORE_RULES
    from cartway.intake.refusals import kept_lines

    typer.echo(f"Taken in from {balance.files} files: facts tables (CSV), FHIR R4 and HL7 v2.")
    typer.echo(f"  {balance.line()}")
    for rule, count in balance.ignored.items():
        typer.echo(f"  ignored {count} by {rule}: {IGNORE_RULES[rule]}")
    kept = [line for _, line in kept_lines(place / REFUSED, REFUSED)] if balance.refusals else []
    for line in kept:
        typer.echo(f"  refused: {line.place}: {line.reason}")
        typer.echo(f"  kept in {_shown(place / REFUSED)}, to be mended there and imported again")


# The ward


def _tell_ward(courses: Mapping[str, Sequence[Fact]], rules: Rules) -> None:
    _heading(f"The ward at {clock(SHOWN_AT)}")
    ward = [_Patient(name, facts, rules) for name, facts in courses.items()]
    _table([HEADINGS, *(patient.row() for patient in ward)])
    typer.echo("\n>= 1 is at least 1; ? is not assessable: what nobody read is never taken as normal. What is open:\n")
    _table([line for patient in ward for line in patient.open(rules)])


def _table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(map(str.ljust, row, widths)).rstrip())


class _Patient:
    """One course as the ward's table shows it. Days are calendar days in UTC, the infusion's is day 0."""

    def __init__(self, course: str, facts: Sequence[Fact], rules: Rules) -> None:
        self.course, self._facts = course, facts
        self._infusion = min((fact for fact in facts if fact.what == "infusion"), key=lambda fact: fact.at)
        episodes = grade(facts, rules, SHOWN_AT)
        self._scales = [[episode for episode in episodes if episode.scale == scale] for scale in SCALES]

    def row(self) -> tuple[str, ...]:
        """Its line in the table of grades."""
        grades = [cell for found in self._scales for cell in (*_now(found), self._peak(found))]
        return self.course, _product(self._infusion.choice), f"{self._day(SHOWN_AT):>3}", *grades, self._ended()

    def open(self, rules: Rules) -> Iterator[tuple[str, str, str]]:
        """What is missing now, and which open questions of the guideline a policy decided: a line a scale."""
        for found in self._scales:
            episode = _lasting(found)
            if episode is not None and (episode.missing or episode.policies):
                missing = [f"missing {name.replace('_', ' ')}" for name in episode.missing]
                decided = [f"policy {name} = {rules.value(name)}" for name in episode.policies]
                yield self.course, episode.scale.partition(".")[0].upper(), "; ".join(missing + decided)

    def _day(self, at: Instant) -> int:
        return at // DAY - self._infusion.at // DAY

    def _peak(self, found: Sequence[Episode]) -> str:
        """The highest grade so far and the day on which it was first reached."""
        graded = [episode for episode in found if episode.grade is not None]
        peak = max(graded, key=lambda episode: (episode.grade or 0, -episode.start), default=None)
        if peak is None:
            return ""
        return f"{peak.shown}, day {self._day(peak.start)}" if peak.grade else "0"

    def _ended(self) -> str:
        death = next((fact for fact in self._facts if fact.what == "death" and fact.at <= SHOWN_AT), None)
        return f"died on day {self._day(death.at)} of {death.choice}" if death else ""


def _product(choice: str) -> str:
    """``axi-cel`` of "axi-cel (Yescarta)"."""
    from cartway.vocabulary import vocabulary

    return vocabulary().variables["infusion"].choices[choice].plain.partition(" (")[0]


def _lasting(found: Sequence[Episode]) -> Episode | None:
    """The episode that holds at the time shown."""
    return found[-1] if found and found[-1].end is None else None


def _now(found: Sequence[Episode]) -> tuple[str, str]:
    """The grade that holds, and for how long it has."""
    last = _lasting(found)
    if last is None:
        return "-", ""
    start = last.start
    for episode in reversed(found[:-1]):
        if episode.grade != last.grade or episode.end != start:
            break
        start = episode.start
    return last.shown if last.assessable else "?", _roughly(SHOWN_AT - start)


def _roughly(length: int) -> str:
    """A length of time in its largest unit: ``24 min``, ``6 h``, ``10 d``."""
    for unit, name, enough in ((DAY, "d", 2), (HOUR, "h", 2)):
        if length >= enough * unit:
            return f"{length // unit} {name}"
    return f"{length // MINUTE} min"


# One course, and what to try next


def _tell_one(facts: Sequence[Fact], rules: Rules) -> None:
    from cartway.toxicity.explain import explain, narrate

    _heading("One of them explained: why grade 3, although the fever is gone?")
    width = min(WIDTH, max(60, shutil.get_terminal_size((WIDTH, 24)).columns))
    for line in narrate(explain(facts, rules, EXPLAINED_AT), rules).splitlines():
        indent = " " * 20 if line.startswith("  ") else ""
        typer.echo(textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False) if line else "")


def _tell_next(database: str) -> None:
    command = _command()
    tables = example_files()[0].parent
    _heading("Try next")
    typer.echo("Why a ventilator is no CRS here:")
    typer.echo(f"  {command} explain 09-airway --at 2026-03-15T12:00Z --database {database}")
    typer.echo("A mistyped temperature, as it was known before it was amended (then without --known-at):")
    typer.echo(
        f"  {command} explain {_shown(tables / '12-charting.csv')} --at 2026-03-14T11:00Z --known-at 2026-03-14T12:00Z"
    )
    typer.echo("A whole course with all its grades and reasons; your own files go in the same way:")
    typer.echo(f"  {command} grade {_shown(tables / '06-two-vasopressors.csv')}")


def _command() -> str:
    """How this command was called."""
    called = Path(sys.argv[0])
    by_path = called.name == "cartway" and called.is_file() and shutil.which("cartway") is None
    return _shown(called) if by_path else "cartway"
