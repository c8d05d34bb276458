"""Where passwords are checked: on threads of their own, so that whoever floods the sign-in takes none of the ward's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from litestar.exceptions import TooManyRequestsException

from cartway.web.page import WebRequest

AT_ONCE = 2  # each takes 64 MiB and some tenths of a second of several cores
MOST_WAITING = 8  # about what is done within two seconds
COME_AGAIN_S = 5

T = TypeVar("T")


class Crowded(TooManyRequestsException):
    """Too many passwords wait to be checked."""

    def __init__(self) -> None:
        super().__init__(detail="Too many sign-ins wait.", headers={"Retry-After": str(COME_AGAIN_S)})


class Checks:
    """The password checks of one worker. Used on its event loop only."""

    def __init__(self) -> None:
        self._limiter, self._here = CapacityLimiter(AT_ONCE), 0

    async def run(self, check: Callable[[], T]) -> T:
        """What `check` returns, run on a thread when its turn comes. Raises Crowded where too many wait before it."""
        if self._here >= AT_ONCE + MOST_WAITING:  # not by the limiter: those that came at once do not queue there yet
            raise Crowded
        self._here += 1
        try:
            return await to_thread.run_sync(check, limiter=self._limiter)
        finally:
            self._here -= 1


def checks_of(request: WebRequest) -> Checks:
    checks: Checks = request.app.state.checks
    return checks
