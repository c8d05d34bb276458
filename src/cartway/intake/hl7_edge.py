"""Opens what a listener works with: the record, the people, its memory of control ids and its file of refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cartway.intake.hl7_context import Feed
from cartway.intake.hl7_people import Desk, EnrolPolicy
from cartway.intake.hl7_receive import Policy, Receiver
from cartway.intake.hl7_refusals import KeptRefusals
from cartway.intake.hl7_seen import Seen

REFUSALS = "hl7-refused.jsonl"
SEEN = "hl7-seen.db"


@contextmanager
def open_receiver(
    database: str,
    people: str,
    folder: Path,
    *,
    by: str,
    new_id: Callable[[], str],
    enrol: EnrolPolicy = "known",
    feed: Feed | None = None,
    policy: Policy | None = None,
) -> Iterator[Receiver]:
    """A receiver over the stores at these URLs; `folder` holds its two files. Raises where a store cannot be opened."""
    from cartway.people import open_people
    from cartway.record import open_log

    with open_log(database) as log, open_people(people) as known, Seen(folder / SEEN) as seen:
        desk = Desk(known, by, new_id, enrol)
        yield Receiver(log, desk, seen, KeptRefusals(folder / REFUSALS), feed=feed, policy=policy)
