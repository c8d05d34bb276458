"""Open the record that a URL names, create it where there is none, bring it up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cartway.record.driver import Driver
from cartway.record.errors import StoreMissing, StoreNewer, UnknownStore, WrongKind
from cartway.record.log import Log
from cartway.record.migrate import HEAD, KNOWN
from cartway.record.plan import CLINICAL

Kind = Literal["clinical", "demo"]


def open_log(url: str, *, create: bool = True, kind: Kind | None = None) -> Log:
    """Open the record at `sqlite:///PATH` or `postgresql://...`.

    Where there is none it is created as `kind` (clinical, if not said), or StoreMissing is raised if `create` is false.
    An existing record is brought up to date; it raises WrongKind if it is not of the kind asked for.
    """
    log = Log(_open(url, create, kind))
    if kind is not None and log.kind != kind:
        log.close()
        raise WrongKind(log.place, log.kind, kind)
    return log


def _open(url: str, create: bool, kind: Kind | None) -> Driver:
    match url.partition(":")[0]:
        case "sqlite" if url.startswith("sqlite:///"):
            return _sqlite(Path(url.removeprefix("sqlite:///")), create, kind)
        case "postgresql" | "postgres":
            return _postgres(url, create, kind)
    raise UnknownStore(url)


def _sqlite(path: Path, create: bool, kind: Kind | None) -> Driver:
    from cartway.record import sqlite_file
    from cartway.record.sqlite import SQLite

    if create and not path.exists():
        sqlite_file.create(path, sqlite_file.build_record(kind or CLINICAL))
    driver = SQLite(path)
    if _is_outdated(driver.version(), driver.place):
        sqlite_file.upgrade(path)
    return driver


def _postgres(url: str, create: bool, kind: Kind | None) -> Driver:
    from cartway.record.postgres import PostgreSQL

    driver = PostgreSQL(url)
    version = driver.version()
    if (version is None and create) or _is_outdated(version, driver.place):
        driver.upgrade(kind=kind or CLINICAL)
    return driver


def _is_outdated(found: str | None, place: str) -> bool:
    if found is None:
        raise StoreMissing(place)
    if found not in KNOWN:
        raise StoreNewer(place, found)
    return found != HEAD
