"""Where access is opened: the outermost layer, which alone draws at random."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from cartway.web.access.account import Limits

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from cartway.web.access.access import Access


def open_access(
    url: str,
    *,
    create: bool = True,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    hasher: PasswordHasher | None = None,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> Access:
    """Open the access that belongs to the record at `url`, or the SQLite file `NAME.access.db` itself.

    For PostgreSQL it has a schema beside the record's, with `_access` after its name. `hasher` says what a password
    costs: Argon2id as the library advises, unless told. Raises NoAccounts where there is none and `create` is false,
    StoreNewer, and whatever the database cannot do.
    """
    from argon2 import PasswordHasher

    from cartway.record import beside
    from cartway.web.access.access import Access
    from cartway.web.access.passwords import Passwords
    from cartway.web.access.store import KIND

    return Access(beside.open_store(url, KIND, create=create), limits, Passwords(hasher or PasswordHasher()), draw)
