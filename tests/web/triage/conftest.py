"""One site for all tests of a module: each has a course of its own, and the clock only ever goes on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec
import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient

from cartway.record import Fact
from cartway.times import text
from cartway.web.access import open_access
from cartway.web.guard.gate import COOKIE
from cartway.web.triage.entered import entries_of, watching_of

from ..conftest import Site

Client = TestClient[Litestar]
ID = "entry-0001"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("cartway.web.office.open_access", partial(open_access, hasher=cheap))
        made = Site(tmp_path_factory.mktemp("triage"))
    yield made
    made.app.state.stores.close()


class Diary:
    """A course of which things are told, and what the ward has of it."""

    def __init__(self, site: Site, course: str) -> None:
        self.site, self.course, self.path = site, course, f"/my/{course}/today"
        self.patient = site.client("patient", [course])
        self.by_account = self.by(self.patient)

    def renew(self) -> None:
        """The same patient signs in again: a session does not last for days."""
        token = self.site.office.access.open_session(self.by_account, now=self.site.now).token
        self.patient.cookies.set(COOKIE, token, domain="testserver.local", path="/")

    def other(self, role: str = "caregiver") -> Client:
        """Somebody else of the same course."""
        return self.site.client(role, [self.course])

    def by(self, client: Client) -> str:
        """The account that a page is drawn for."""
        return str(re.findall(r'data-by="([^"]*)"', client.get(f"{self.path}/state").text)[0])

    def tell(self, id: str = ID, client: Client | None = None, /, **fields: Any) -> Any:
        """Send an entry as the page's script does."""
        who = client or self.patient
        sent = {"form": f"{self.course}-{id}", "by": self.by(who), **fields}
        return self.site.post(who, self.path, sent, **{"Cartway-Fetch": "1"})

    def post(self, id: str = ID, /, **fields: Any) -> Any:
        """Send it as a browser does without a script."""
        sent = {"form": f"{self.course}-{id}", "by": self.by(self.patient), **fields}
        return self.site.post(self.patient, self.path, sent)

    def facts(self) -> list[Fact]:
        return [fact for fact in self.site.facts(self.course) if fact.source in ("patient", "caregiver")]

    def states(self) -> Mapping[str, str]:
        known = self.site.office.log.facts(self.course)
        found = entries_of(self.site.office, self.course, known, self.site.now)
        return {each.id.removeprefix(f"{self.course}-"): each.state for each in found}

    def watching(self) -> Any:
        return watching_of(self.site.office, self.course, self.site.office.log.facts(self.course), self.site.now)

    def ringing(self) -> set[str]:
        return {f"{each.rule}:{each.level}" for alert in self.watching().ringing for each in alert.unseen}

    def acknowledge(self, entry: str = "") -> None:
        """A nurse sees all that rings, or only what one entry told."""
        nurse = self.site.account("nurse")
        for alert in self.watching().ringing:
            seen = [f"{each.name}:{each.level}" for each in alert.present if each.name.endswith(entry)]
            detail = {"alert": alert.event, "onset": text(alert.onset), "seen": seen}
            fact = Fact(self.course, self.site.now, "alert_acknowledgement", choice="seen", about=alert.event)
            key = f"ack{self.site.now}"
            self.site.office.log.append(
                [msgspec.structs.replace(fact, detail=detail, source="ward", key=key)],
                recorded_at=self.site.now,
                recorded_by=nurse.id,
            )


@pytest.fixture
def diary(site: Site) -> Diary:
    return Diary(site, f"p{next(_numbers)}")
