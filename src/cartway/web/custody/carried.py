"""What the scan station's page carries from one scan to the next, under a mark that nobody else can make.

Each scan is a post of its own, and what was read so far travels with the page. The mark binds it to the sheet, the
course and the account: reads that were typed into the page, or come from another sheet, are no reads.
Source: 21 CFR 11.10 (f) and (h), checks of sequence and of the source of input.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec

from cartway.times import HOUR, Instant
from cartway.web.custody.station import PLACES, STEPS, Station
from cartway.web.forms.entries import Entries

READ, MARK = "read_", "mark"
LASTS = HOUR  # a check is made at one time: what was read longer ago is read again
_INSTANT = 20  # digits at most


class Scans(msgspec.Struct, frozen=True):
    """A sheet of scans: its random id, when it was begun, and the station as far as it has come."""

    id: str
    begun: Instant
    station: Station

    def after(self, station: Station) -> Scans:
        """The same sheet with another station."""
        return msgspec.structs.replace(self, station=station)


def fresh(station: Station, now: Instant) -> Scans:
    """A sheet on which nothing was read yet."""
    return Scans(secrets.token_urlsafe(16), now, station)


def fields(scans: Scans, mark: str) -> dict[str, str]:
    """What the page carries along."""
    station = scans.station
    said = {"sheet": scans.id, "begun": str(scans.begun), "step": station.step, "container": station.container}
    said |= {READ + place: text for place, text in station.reads.items()}
    said |= {"stopped": " ".join(station.stopped), MARK: mark}
    return {name: text for name, text in said.items() if text}


def scans_of(entries: Entries) -> Scans:
    """The sheet as its page carries it along; whether it is ours, `fits` says."""
    step = entries["step"] if entries["step"] in STEPS else "bedside"
    reads = {place: entries[READ + place] for place in PLACES if entries[READ + place]}
    begun = entries["begun"]
    at = int(begun) if begun.isascii() and begun.isdecimal() and len(begun) < _INSTANT else 0
    return Scans(entries["sheet"], at, Station(step, entries["container"], reads, tuple(entries["stopped"].split())))


def mark_of(scans: Scans, secret: bytes, course: str, account: str) -> str:
    """The mark of a sheet as it stands, for one account at one course."""
    station = scans.station
    said = (
        scans.id, scans.begun, course, account, station.step, station.container, sorted(station.reads.items()),
        station.stopped,
    )  # fmt: skip
    return hmac.new(secret, msgspec.json.encode(said), hashlib.sha256).hexdigest()


def fits(entries: Entries, secret: bytes, course: str, account: str, now: Instant) -> bool:
    """Whether what came back is what was handed out, to this account and not too long ago."""
    scans = scans_of(entries)
    made = mark_of(scans, secret, course, account)
    return hmac.compare_digest(made.encode(), entries[MARK].encode()) and 0 <= now - scans.begun <= LASTS
