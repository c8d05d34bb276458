"""What the handlers of one worker share: the stores, the live ward, the clock, the drawing of pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from jinja2 import Environment

from cartway.people import open_people
from cartway.people.people import People
from cartway.record import Log, open_log
from cartway.times import Instant
from cartway.toxicity import Rules, load_rules
from cartway.web.access import Access, open_access
from cartway.web.config import Config
from cartway.web.draw import environment
from cartway.web.names import Names
from cartway.web.ward.draw import draw_row
from cartway.web.ward.follow import Follower
from cartway.web.ward.hub import Hub, News
from cartway.web.ward.ward import Ward


class Office:
    """One worker's. `log` appends and reads; the follower has a connection of its own."""

    def __init__(self, config: Config, log: Log, people: People, access: Access) -> None:
        self.config, self.log, self.people, self.access = config, log, people, access
        self.zone, self.site = config.zone, config.site
        self.rules: Rules = load_rules()
        self.ward, self.hub = Ward(self.rules, config.zone, config.country), Hub()
        self.names = Names(people)
        self.pages: Environment = environment(config)

    def now(self) -> Instant:
        """The present moment, from the one clock of the web."""
        return self.config.clock()


@contextmanager
def open_office(config: Config) -> Iterator[Office]:
    """Open the stores. The follower starts with `following`."""
    with ExitStack() as stack:
        log = stack.enter_context(open_log(config.database))
        people = stack.enter_context(open_people(config.people))
        access = stack.enter_context(open_access(config.database, limits=config.limits))
        yield Office(config, log, people, access)


@contextmanager
def following(office: Office, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Fill the ward and follow the record while the worker runs; news are told on the event loop."""
    with open_log(office.config.database) as log:
        office.ward.fill(log, office.now())

        def tell(news: News) -> None:
            loop.call_soon_threadsafe(office.hub.tell, news)

        follower = Follower(log, office.ward, office.now, lambda standing: draw_row(office, standing), tell)
        follower.start()
        try:
            yield
        finally:
            follower.stop()


Context = Mapping[str, object]
