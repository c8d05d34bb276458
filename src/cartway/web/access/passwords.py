"""Passwords: which are taken, how they are kept (Argon2id), and how each check costs the same work."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from cartway.problem import Problem
from cartway.web.access.problems import weak_password

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 1024
AT_ONCE = 4
"""So many are hashed at a time in one process: each takes 64 MiB, and anybody may ask for one."""

# The most frequent of the leaked ones that are long enough, and what a hospital would think of.
_COMMON = """
123456789012 1234567890123 12345678901234 123456789123 1q2w3e4r5t6y 1qaz2wsx3edc abcdefghijkl abcdefghijklm
administrator administrator1 adminadminadmin changemechangeme correcthorsebatterystaple hospital1234
hospital12345 iloveyou1234 letmeinletmein passw0rd1234 password1234 password12345 password123456
passwordpassword qazwsxedcrfv qwerty123456 qwertyuiop12 qwertyuiop123 qwertyuiopasdf welcome12345 welcomewelcome
zaq12wsxcde3
"""


def weakness(password: str, name: str) -> Problem | None:
    """Why a password is not taken for an account of this name: too short or long, common, or mostly the name."""
    plain = _normal(password).casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        return weak_password(f"has fewer than {SHORTEST} or more than {LONGEST} characters")
    if plain in _COMMON.split() or len(set(plain)) < 5:
        return weak_password("is among the first that are guessed")
    if len(plain.replace(name, "")) < SHORTEST // 2:
        return weak_password("is little more than the name")
    return None


class Passwords:
    """Hashes and checks. A check without a stored hash does the same work and fails."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher, self._room = hasher, BoundedSemaphore(AT_ONCE)
        self._nobody = _of_nobody(hasher)

    def hash(self, password: str) -> str:
        with self._room:
            return self._hasher.hash(_bytes(password))

    def fits(self, stored: str, password: str) -> bool:
        """Whether the password is the one that was stored; `stored` is empty where there is none."""
        from argon2.exceptions import VerificationError

        try:
            with self._room:
                return self._hasher.verify(stored or self._nobody, _bytes(password))
        except VerificationError:
            return False

    def is_dated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than those in force."""
        return self._hasher.check_needs_rehash(stored)


def _of_nobody(hasher: PasswordHasher) -> str:
    """A hash of no password, with the parameters in force: checking against it takes as long as against a real one."""
    salt, drawn = (
        base64.b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()
        for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2{hasher.type.name.lower()}$v=19${costs}${salt}${drawn}"


def _bytes(password: str) -> bytes:
    """What is hashed. What is longer than any password taken here is cut where it can no longer be right."""
    return _normal(password[: 4 * LONGEST])[: LONGEST + 1].encode("utf-8", "surrogatepass")


def _normal(password: str) -> str:
    """One spelling for what different keyboards send for the same letters (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
