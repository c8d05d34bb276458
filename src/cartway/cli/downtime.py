"""`cartway downtime`: the downtime pack, once or again and again; and the process that writes it beside a server."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cartway.cli.edge import say, settings, stop
from cartway.record import open_log

if TYPE_CHECKING:
    from cartway.settings import Settings
    from cartway.web.config import Config
    from cartway.web.downtime.keep import Keeper

EVERY = 2.0  # minutes between two packs beside a server
SHARE = 10  # of the time, at most one part in ten is spent on writing
RETRY_S = 15.0
LOOK_S = 1.0
POLITE = 10  # the pack may wait; the board may not

_log = logging.getLogger("cartway.web")


def downtime(folder: Path, every: float, database: str) -> None:
    """Write the pack, and go on writing it every so many minutes until told to stop."""
    from cartway.web.downtime.folder import prepare, writing
    from cartway.web.serve import config_of

    if problem := prepare(folder):
        stop(problem)
    config = config_of(settings(database), secure=False, demo="")
    with open_log(config.database, create=False):
        pass  # a pack of a record that is not there would say that nobody is on the ward
    with writing(folder) as taken:
        if taken:
            stop(taken)
        if not every:
            say(f"{_written(_once(config, folder))}: open index.html in {folder.name}")
            return
        say(f"writing into {folder.name} every {every:g} minutes; Ctrl-C stops")
        keep(config, folder, every, lambda: True)


def keep(config: Config, folder: Path, every: float, goes_on: Callable[[], bool]) -> None:
    """Write the pack every so many minutes while `goes_on`. What fails is logged and tried again: the pages that are
    there stay, and say how old they are.
    """
    while goes_on():
        try:
            _follow(config, folder, every, goes_on)
        except Exception as failure:  # a defect too: what a writer that ends would leave is a pack that grows old
            _log.error("the downtime pack cannot be written: %s", type(failure).__name__)
            _wait(RETRY_S, goes_on)


@contextmanager
def kept_beside(settings: Settings) -> Iterator[None]:
    """While a server runs, a process of its own keeps the pack: nothing that it does holds up a page.

    One that dies is started again. It ends by itself where the server is no more, however that went.
    """
    if settings.downtime is None:
        yield
        return
    stopping = threading.Event()
    minding = threading.Thread(target=_mind, args=(settings, settings.downtime, stopping), daemon=True)
    minding.start()
    try:
        yield
    finally:
        stopping.set()
        minding.join()


def _mind(settings: Settings, folder: Path, stopping: threading.Event) -> None:
    processes = multiprocessing.get_context("spawn")
    while not stopping.is_set():
        writer = processes.Process(target=_beside, args=(os.getpid(), settings, folder), daemon=True)
        writer.start()
        while writer.is_alive() and not stopping.wait(LOOK_S):
            pass
        writer.terminate()
        writer.join()
        stopping.wait(RETRY_S)


def _beside(server: int, settings: Settings, folder: Path) -> None:
    """The body of that process."""
    from cartway.web.downtime.folder import writing
    from cartway.web.serve import config_of

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    os.nice(POLITE)
    with writing(folder) as taken:
        if taken:
            _log.error("the downtime pack: %s %s", taken.reason, taken.remedy)
            return  # and the server tries again in a while: the other may have ended
        keep(config_of(settings, secure=False, demo=""), folder, EVERY, lambda: os.getppid() == server)


def _follow(config: Config, folder: Path, every: float, goes_on: Callable[[], bool]) -> None:
    from cartway.web.downtime.keep import Keeper
    from cartway.web.office import open_office

    with open_office(config) as office, open_log(config.database) as log:
        keeper = Keeper(office, log, folder)
        while goes_on():
            took = _timed(keeper)
            _wait(max(every * 60 - took, (SHARE - 1) * took), goes_on)


def _once(config: Config, folder: Path) -> int:
    from cartway.web.downtime.keep import Keeper
    from cartway.web.office import open_office

    with open_office(config) as office, open_log(config.database) as log:
        return Keeper(office, log, folder).write()


def _timed(keeper: Keeper) -> float:
    began = time.monotonic()
    keeper.write()
    for defect in keeper.defects.values():
        _log.error("not everything of a course can be written into the downtime pack: %s", type(defect).__name__)
    return time.monotonic() - began


def _wait(seconds: float, goes_on: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while goes_on() and (left := until - time.monotonic()) > 0:
        time.sleep(min(LOOK_S, left))


def _written(courses: int) -> str:
    return f"{courses} {'course' if courses == 1 else 'courses'} and the ward sheet written"
