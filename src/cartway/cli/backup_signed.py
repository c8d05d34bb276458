"""The manifest of a backup, signed: it binds the people and the accounts to the record, and all three to one key.

The record has chains and a checkpoint of its own. The other stores have none: without the signature, whoever can write
to the file of a backup could swap two names, or make a nurse a physician, and write the digest anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

import msgspec

from cartway.problem import Problem
from cartway.record.checkpoint import public_text
from cartway.times import Instant

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "cartway-backup-1"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `digests`: the SHA-256 of each other file in it, the checkpoint's too. Digests, key,
    signature: hexadecimal.
    """

    made_at: Instant
    position: int
    facts: int
    courses: int
    digests: Mapping[str, str]
    format: str = FORMAT
    public_key: str = ""
    signature: str = ""

    def signed(self, key: Ed25519PrivateKey) -> Self:
        named = msgspec.structs.replace(self, public_key=public_text(key))
        return msgspec.structs.replace(named, signature=key.sign(_signed_bytes(named)).hex())

    def problem(self, trusted: str) -> Problem | None:
        """Why it is not to be believed. `trusted`: the public key to believe; "" where nobody named one."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), _signed_bytes(self))
        except (InvalidSignature, ValueError):
            return _forged()
        return None if self.public_key == trusted else _of_another(self.public_key, trusted)


def _signed_bytes(manifest: Manifest) -> bytes:
    """The format comes first, so that no other thing that this key signs reads as a manifest."""
    bare = msgspec.structs.replace(manifest, signature="")
    return f"{FORMAT}\n".encode() + msgspec.json.encode(bare, order="deterministic")


def _forged() -> Problem:
    return Problem(
        "backup_forged",
        "The signature of the backup does not fit its manifest: what is in it is not what was backed up.",
        "Nothing was restored. Take another copy or backup, and find out who altered this one.",
    )


def _of_another(key: str, trusted: str) -> Problem:
    whose = "not the key of this machine, or not the one that was named" if trusted else "and no key is here to compare"
    return Problem(
        "backup_of_another_key",
        f"The backup is signed by {key}, {whose}.",
        "Nothing was restored. If that is the key you noted when the backup was made, say so: --trust KEY.",
    )
