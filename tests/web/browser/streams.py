"""Open boards on other machines: connections that hear what a board hears, without a browser that draws it here."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Sequence
from typing import Self

_POSITION = re.compile(rb"\nid: (\d+)\n")
_PIECE = 1 << 18
_AGAIN_S = 0.5


class Stream:
    """One connection to ``/live``. `heard`: positions of the record and when each was told, in ms since 1970.

    A stream that breaks is opened anew, as a page does; it hears at once where the record is.
    """

    def __init__(self, port: int, cookie: tuple[str, str]) -> None:
        self.heard: list[tuple[int, float]] = []
        self._port, self._cookie = port, cookie
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def told(self, position: int) -> float | None:
        """When it was told of this position or a later one."""
        return next((at for found, at in self.heard if found >= position), None)

    def _keep(self) -> None:
        while not self._over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=10) as connection:
                    self._listen(connection)
            except OSError:  # the worker was killed
                self._over.wait(_AGAIN_S)

    def _listen(self, connection: socket.socket) -> None:
        name, token = self._cookie
        connection.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {name}={token}\r\n\r\n".encode())
        held = b""
        while not self._over.is_set() and (piece := connection.recv(_PIECE)):
            at = time.time_ns() / 1e6
            held += piece
            self.heard += [(int(position), at) for position in _POSITION.findall(held)]
            held = held[-40:] if b"\nid: " not in held[-40:] else held[held.rindex(b"\nid: ") + 1 :]


def delays(streams: Sequence[Stream], taken: Sequence[tuple[int, float]]) -> tuple[list[float], int]:
    """For each stream and each fact (its position, and when it was taken in): ms until it was told, sorted; how many
    never were.
    """
    told = [(stream.told(position), at) for stream in streams for position, at in taken]
    return sorted(heard - at for heard, at in told if heard is not None), sum(heard is None for heard, _ in told)
