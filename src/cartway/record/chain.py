"""The hash chain: each fact of a course is bound to all that came before it.

    h_0 = 32 zero bytes
    h_n = SHA-256(h_{n-1} || canonical bytes of fact n)

where the canonical bytes are the JSON array of its content, continued by its sequence in the course, its position in
commit order, and when and by whom it was recorded. A second chain binds the batches of the whole store to each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

START = bytes(32)
CLINICAL = "clinical"

_encode = msgspec.json.encode


def link(head: bytes, canonical: bytes, sequence: int, position: int, recorded_at: int, recorded_by: str) -> bytes:
    """The head of a course after one more fact, whose content is the JSON array `canonical`."""
    recorded = _encode((sequence, position, recorded_at, recorded_by))
    return hashlib.sha256(b"%b%b,%b" % (head, canonical[:-1], recorded[1:])).digest()


def start(kind: str) -> bytes:
    """What the chain of a store's batches begins with: the kind is bound into it, so no demo passes for clinical."""
    return START if kind == CLINICAL else hashlib.sha256(kind.encode()).digest()


def link_batch(head: bytes, first: int, last: int, recorded_at: int, recorded_by: str, links: Iterable[bytes]) -> bytes:
    """The head of the store after one more batch, whose facts have these links.

    The links carry their positions, so here they are sorted: what changed its place is then named by its own link.
    """
    stated = _encode((first, last, recorded_at, recorded_by))
    return hashlib.sha256(b"".join((head, stated, *sorted(links)))).digest()
