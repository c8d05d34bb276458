"""A patient at a bed of the test's ward: what is charted at which hour after the infusion, and known from which."""

from __future__ import annotations

from itertools import count
from typing import Any

import msgspec

from cartway.record import Fact
from cartway.web.course.moment import Moment, present, stamp
from cartway.web.course.view import View, look
from toxicity.drawn import Saying, at, instant
from web.conftest import Site
from web.course.tree import Node, tree

COURSE = "course-1"


class Bed:
    """One course. Hours count from the infusion. Time moves on to what is recorded."""

    def __init__(self, site: Site) -> None:
        self.site, self._numbers = site, count(1)
        self._clients: dict[str, Any] = {}
        site.now = instant(-48)

    def chart(
        self, hour: float, *sayings: Saying, known: float | None = None, by: str = "nurse.a", **fields: Any
    ) -> int:
        """Chart some things as true at `hour`, recorded then or at the hour `known`; the position of the last."""
        facts = [
            msgspec.structs.replace(fact, source="ward", key=f"k{next(self._numbers)}", **fields)
            for fact in at(hour, *sayings)
        ]
        return self.record(facts, hour if known is None else known, by)

    def correct(self, position: int, saying: Saying, *, known: float, reason: str = "typing error") -> int:
        """Correct the fact at a position; the position of the correction."""
        wrong = self.fact(position)
        [right] = at(0, saying)
        return self.record(
            [msgspec.structs.replace(right, at=wrong.at, source="ward", key=f"k{next(self._numbers)}", amends=wrong.key,
                                     reason=reason)], known)  # fmt: skip

    def retract(self, position: int, *, known: float, reason: str = "another patient") -> int:
        wrong = self.fact(position)
        retraction = Fact(COURSE, wrong.at, "retraction", source="ward", key=f"k{next(self._numbers)}",
                          amends=wrong.key, reason=reason)  # fmt: skip
        return self.record([retraction], known)

    def record(self, facts: list[Fact], known: float, by: str = "nurse.a") -> int:
        self.now(known)
        return self.site.record(facts, by=by)

    def now(self, hour: float) -> None:
        self.site.now = max(self.site.now, instant(hour))
        self.site.settle()

    def fact(self, position: int) -> Fact:
        return next(fact for fact in self.site.office.log.facts(COURSE) if fact.position == position)

    def view(self, at: float | None = None, known: float | None = None) -> View:
        """The course as a page sees it: now, or at an hour, or as known at one."""
        now = self.site.now
        moment = present(now) if at is None and known is None else Moment(
            now, now if at is None else instant(at), now if known is None else instant(known), at is None, known is None
        )  # fmt: skip
        found = look(self.site.office, COURSE, moment)
        assert found is not None
        return found

    def get(self, path: str = "", role: str = "nurse", **headers: str) -> Any:
        client = self._clients.setdefault(role, self.site.client(None))
        client.cookies.set(*self.site.cookie(role))  # a session of this hour: time may have moved on
        return client.get(f"/courses/{COURSE}{path}", headers=headers)

    def page(self, path: str = "", role: str = "nurse") -> Node:
        """A page of the course as a tree."""
        answer = self.get(path, role)
        assert answer.status_code == 200, answer.text
        return tree(answer.text)


def unmeasurable() -> Saying:
    """No pressure could be measured, as the form charts it."""
    return Saying("systolic_pressure", 20.0, unit="mm[Hg]", detail={"method": "not measurable"})


def known(hour: float) -> str:
    """The query for the course as it was known at an hour."""
    return f"?at={stamp(instant(hour))}&known_at={stamp(instant(hour))}"
