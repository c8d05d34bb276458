"""Checkpoints: the heads of all courses at a position, signed, to be kept apart from the store.

A hash chain shows that a fact was changed. That the end of a chain, or a whole course, is gone shows only against a
checkpoint from before. It is signed with Ed25519, so that whoever can write to the store cannot forge one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from cartway.problem import Problem
from cartway.record.errors import KeyUnreadable
from cartway.record.rows import BatchRow, CourseRow
from cartway.times import Instant

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "cartway-checkpoint-1"


class Head(msgspec.Struct, frozen=True, array_like=True):
    """How many facts a course has, and the hash of its last one, in hexadecimal."""

    count: int
    head: str


class Checkpoint(msgspec.Struct, frozen=True):
    """What the record held at `position`. `at` is the time of the last batch. Keys, hashes, signature: hexadecimal."""

    position: int
    at: Instant
    batch: int
    head: str
    heads: Mapping[str, Head]
    format: str = FORMAT
    public_key: str = ""
    signature: str = ""

    def signed(self, key: Ed25519PrivateKey) -> Self:
        named = msgspec.structs.replace(self, public_key=public_text(key))
        return msgspec.structs.replace(named, signature=key.sign(_signed_bytes(named)).hex())

    def problem(self, public_key: str = "") -> Problem | None:
        """What is wrong with the signature. `public_key` is the signer to trust; without one, any signer will do."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if public_key and public_key != self.public_key:
            return _wrong_key()
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), _signed_bytes(self))
        except (InvalidSignature, ValueError):
            return _forged()
        return None

    def text(self) -> str:
        """The checkpoint as JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1).decode()

    def write(self, path: Path) -> None:
        """Write the checkpoint as JSON, all or nothing."""
        draft = path.with_name(f".{path.name}.new")
        with draft.open("wb") as file:
            file.write(self.text().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def checkpoint_of(courses: Iterable[CourseRow], last: BatchRow) -> Checkpoint:
    """The state of a record, not yet signed."""
    heads = {course.name: Head(course.length, course.head.hex()) for course in courses}
    return Checkpoint(last.last, last.recorded_at, last.number, last.head.hex(), heads)


def read_checkpoint(path: Path) -> Checkpoint | Problem:
    """Read a checkpoint, or say why it is none."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except OSError as error:
        return _unreadable(path, error.strerror or "it cannot be opened")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _unreadable(path, str(error))
    return found if found.format == FORMAT else _unreadable(path, f"its format is not {FORMAT}")


def load_or_create_key(path: Path) -> Ed25519PrivateKey:
    """The signing key in a PEM file; a new one, that only this user may read, where there is no file yet."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        return _create_key(path)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnreadable(str(path), str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(str(path), "it is not an Ed25519 key")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key in hexadecimal, as checkpoints name it."""
    return key.public_key().public_bytes_raw().hex()


def _create_key(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return key


def _signed_bytes(checkpoint: Checkpoint) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(checkpoint, signature=""), order="deterministic")


def _wrong_key() -> Problem:
    return Problem(
        "wrong_key",
        "The checkpoint is signed with another key than the one to trust.",
        "Use the checkpoint that this center's key signed, or name the key that signed it.",
    )


def _forged() -> Problem:
    return Problem(
        "forged_checkpoint",
        "The checkpoint's signature does not fit its content.",
        "Use an unaltered copy of the checkpoint, and find out who altered this one.",
    )


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(
        "unreadable_checkpoint", f"This is not a checkpoint: {why}.", "Use an unaltered copy of the file.", str(path)
    )
