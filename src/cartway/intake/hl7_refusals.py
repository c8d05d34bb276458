"""The file in which a listener keeps what it refused: durable before the sender hears AE, mended like any other.

A sender that hears AE may send the same again every few seconds: what was kept once is not kept again.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cartway.intake.drafts import Refused
from cartway.intake.refusals import Kept

_REMEMBERED = 10_000


class KeptRefusals:
    """Appends to a file that only its owner can read: it holds patients' data."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._recent: OrderedDict[bytes, None] = OrderedDict()

    def __call__(self, refused: Sequence[Refused]) -> None:
        """Writes these refusals; they are on disk when this returns."""
        lines = [line for one in refused if self._is_new(line := _line(one))]
        if not lines:
            return
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())

    def _is_new(self, line: bytes) -> bool:
        digest = hashlib.sha256(line).digest()
        known = digest in self._recent
        self._recent[digest] = None
        self._recent.move_to_end(digest)
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        return not known


def _line(refused: Refused) -> bytes:
    problem = refused.problem
    kept = Kept(problem.code, problem.place, problem.reason, problem.remedy, refused.format, refused.input)
    return msgspec.json.encode(kept) + b"\n"
