"""What all parts of `Access` stand on: the opened store, the limits, the passwords, and where chance comes from."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import insert, select

from cartway.times import Instant
from cartway.web.access import queries
from cartway.web.access.schema import secret

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cartway.record.beside import Store
    from cartway.web.access.account import Limits
    from cartway.web.access.passwords import Passwords


class Opened:
    """A store of access. Use it as a context manager. Any number of threads may use one."""

    def __init__(self, store: Store, limits: Limits, passwords: Passwords, draw: Callable[[int], bytes]) -> None:
        self._store, self.limits, self._passwords, self._draw = store, limits, passwords, draw
        self.place = store.place
        self._secrets: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def secret(self, name: str) -> bytes:
        """32 random bytes under this name, drawn once and the same in every process on the store."""
        if name not in self._secrets:
            with self._store.transaction() as connection:
                known = connection.scalar(select(secret.c.value).where(secret.c.name == name))
                if known is None:
                    known = self._draw(32)
                    connection.execute(insert(secret).values(name=name, value=known))
                self._secrets[name] = bytes(known)
        return self._secrets[name]

    def _id(self) -> str:
        return self._draw(8).hex()

    def _log(self, connection: Connection, now: Instant, act: str, by: str, **line: Any) -> None:
        """One line of the log for what `by` did: the id of an account, or the name of whoever is none."""
        queries.log(connection, now, act, by=queries.by_id(connection, by), name=by, **line)


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def sign_in_name(typed: str) -> str:
    """The one spelling of a name however it was typed: what is looked up, and what failed attempts are counted by.

    A character that the store drops must not make another name of it.
    """
    return unicodedata.normalize("NFKC", queries.storable(typed)).strip().casefold()
