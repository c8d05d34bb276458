"""The network between browsers and a server, which a test can cut, let hang and mend."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

_PIECE = 1 << 16


class Wire:
    """A relay on a port of its own. While it is `cut` nobody gets through; while it `hangs` nothing arrives."""

    def __init__(self, server: int) -> None:
        self._server, self._ends = server, set[socket.socket]()
        self._whole, self._flows = True, threading.Event()
        self._flows.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._flows.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def cut(self) -> None:
        """Break every connection, and take no other."""
        self._whole = False
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        """Let nothing through, and say so to nobody."""
        self._flows.clear()

    def mend(self) -> None:
        """Be a network again."""
        self._whole = True
        self._flows.set()

    def _keep(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        try:
            if not self._whole:
                return
            with socket.create_connection(("127.0.0.1", self._server)) as far:
                self._ends |= {near, far}
                back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
                back.start()
                self._pass(near, far)
                back.join()
                self._ends -= {near, far}
        except OSError:  # no server there: the browser hears of it as of any broken connection
            return
        finally:
            near.close()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._flows.wait()
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
