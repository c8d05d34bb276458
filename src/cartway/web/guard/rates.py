"""How many requests a minute somebody may send. Each worker counts its own, so several let through so many times more.

The lockout after failed sign-ins is another thing, kept in the store of access and shared by all workers.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Any

from litestar.connection import ASGIConnection

MINUTE_S = 60.0
PAGES = 600  # a minute and session: a ward monitor and ten tabs, and far below what a script takes
SEARCHES = 10  # a minute and account, for a patient by identifier
SIGN_INS = 60  # a minute and address: a whole shift behind one address signs in within a few


class Rates:
    """The requests of the present minute. Used on the event loop only."""

    def __init__(self) -> None:
        self._minute = 0
        self._sent: Counter[str] = Counter()

    def wait_s(self, who: str, most: int, now_s: float) -> int:
        """Count one more request of `who`; 0, or in how many seconds to come again where it is more than `most`."""
        minute = int(now_s // MINUTE_S)
        if minute != self._minute:
            self._minute, self._sent = minute, Counter()
        self._sent[who] += 1
        return 0 if self._sent[who] <= most else max(1, round(MINUTE_S - now_s % MINUTE_S))


def client_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The address of who asks; of IPv6 the network, since one client has all of it.

    Behind a proxy this is the address that the proxy names: uvicorn puts it in place of the proxy's own, for proxies
    that `cartway serve --behind-proxy` trusts and no others.
    """
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
