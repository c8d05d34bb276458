"""Expiry: until when a container may be given, by its label and by the certificates of its batch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import Container, Things, said
from cartway.times import Instant, from_datetime

_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|$)")


def expiry(container: Container, things: Things) -> Iterator[Break]:
    """By every reading of its label and of the certificates: the earliest counts. What cannot be read is missing."""
    issued = things.course.all("release_certificate", about=things.batch_of(container))
    facts = [fact for fact in (*container.facts, *issued) if said(fact, "expires")]
    unread = [fact for fact in facts if ends(said(fact, "expires")) is None]
    if unread:
        yield broken("expiry_not_read", container.id, unread[0].at, unread)
    first = min((end for fact in facts if (end := ends(said(fact, "expires"))) is not None), default=None)
    if first is not None and first < things.course.now:
        yield broken("expired", container.id, first, facts)


def ends(written: str) -> Instant | None:
    """The moment an expiry names, a day to its end; without an offset in UTC. None where it cannot be read: only
    ``2026-03-31`` and ``2026-03-31T12:00`` are, since of other forms two readers make two days.
    """
    if not _WRITTEN.match(written):
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return from_datetime(moment + timedelta(days=1) if len(written) == len("2026-01-31") else moment)
