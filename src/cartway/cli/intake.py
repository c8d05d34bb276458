"""`cartway import` and `cartway listen`: the stores, the screen and the clock around the intake room."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cartway.cli.edge import now, say, settings, stop
from cartway.problem import Problem
from cartway.settings import Settings

if TYPE_CHECKING:
    from cartway.intake import Sources
    from cartway.intake.balance import Balance
    from cartway.intake.hl7_context import Feed

SHOWN_CODES = 10


def new_course_id() -> str:
    """A course's name: opaque, so that it says nothing about the person."""
    return f"course-{secrets.token_hex(6)}"


def import_paths(paths: Sequence[Path], enrol: bool, refused: Path | None, source: str, database: str) -> None:
    """Take files into the record and tell the balance."""
    from cartway.intake.importer import import_paths as take
    from cartway.people import open_people
    from cartway.record import open_log

    for path in paths:
        if not path.exists():
            stop(Problem("no_file", f"There is no '{path}'.", "Check the path."))
    if refused is not None and refused.is_file():
        stop(Problem("file_exists", f"There is a file '{refused.name}' already.", "Give refusals another name."))
    chosen = settings(database)
    with open_log(chosen.database) as log, open_people(chosen.people) as people:
        balance = take(
            paths,
            log,
            people,
            now=now(),
            clock=now,
            by=chosen.author,
            enrol=enrol,
            new_id=new_course_id,
            progress=_Progress().show,
            refusals=refused or _refusals_beside(paths[0]),
            sources=_sources(chosen, source),
        )
    tell(balance)


def _refusals_beside(path: Path) -> Path:
    """Where refusals are kept if nobody says: beside what is imported, under a name that is not taken."""
    stem = path.name.removesuffix(".refused.ndjson")
    candidates = (path.parent / f"{stem}{suffix}.refused.ndjson" for suffix in ("", *(f".{n}" for n in range(2, 1000))))
    return next(candidate for candidate in candidates if not candidate.exists())


def _sources(chosen: Settings, source: str) -> Sources:
    from cartway.intake import Sources
    from cartway.intake.fhir.context import Options

    return Sources(fhir=Options(source=source or "local"), feed=_feed(chosen))


def _feed(chosen: Settings) -> Feed:
    from zoneinfo import ZoneInfo

    from cartway.intake.hl7_context import Feed

    return Feed(zone=ZoneInfo(chosen.timezone) if chosen.timezone else None)


class _Progress:
    """Tells each file on a terminal in one line that is written over, and long ones elsewhere now and then."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()

    def show(self, name: str, number: int, of: int, read: int) -> None:
        line = f"file {number} of {of}, {read:,} statements read: {name}"
        if self.live:
            sys.stderr.write(f"\r\x1b[K{line[:100]}")
            sys.stderr.flush()
        elif number == of or number % 100 == 0:
            say(line)


def tell(balance: Balance) -> None:
    """Tell the balance, and below it what was ignored and refused, most frequent first."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    typer.echo(balance.line())
    for title, counts in (("ignored", balance.ignored), ("refused", balance.refused)):
        for code, count in sorted(counts.items(), key=lambda pair: -pair[1])[:SHOWN_CODES]:
            typer.echo(f"  {title} {count:>8,}  {code}")
    if balance.enrolled:
        typer.echo(f"  {balance.enrolled:,} courses opened")
    if balance.derived:
        typer.echo(f"  {balance.derived:,} facts derived from patients' records (age, sex)")
    if balance.refusals:
        typer.echo(f"  refusals are kept in {balance.refusals}: mend the inputs there and import the file again")


def listen(
    host: str,
    port: int,
    enrol: bool,
    folder: Path | None,
    tls_certificate: Path | None,
    tls_key: Path | None,
    database: str,
) -> None:
    """Listen for HL7 v2 until told to stop."""
    import platformdirs

    from cartway.intake.hl7_edge import open_receiver
    from cartway.intake.mllp import Address
    from cartway.intake.mllp import listen as serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    chosen = settings(database)
    place = folder or Path(platformdirs.user_data_dir("cartway"))
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    receivers = open_receiver(
        chosen.database,
        chosen.people,
        place,
        by=chosen.author,
        new_id=new_course_id,
        enrol="all" if enrol else "known",
        feed=_feed(chosen),
    )
    address = Address(host, port, tls_certificate, tls_key)
    serve(receivers, address, clock=now, ready=lambda taken: say(f"listening on {host} port {taken}"))
