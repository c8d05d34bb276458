"""What can go wrong with a store: one exception for each failure, its message built inside.

A fact that cannot be taken in is a `Problem` among the outcomes; these are for a store that cannot do its work.
"""

# ruff: noqa: N818  # each class is named for the failure
from __future__ import annotations


class StoreError(Exception):
    """Any failure of a store."""


class UnknownStore(StoreError):
    def __init__(self, url: str) -> None:
        scheme = url.partition(":")[0]
        super().__init__(f"No store is reached by {scheme!r}. Use sqlite:///PATH or postgresql://HOST/DATABASE.")


class StoreMissing(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(f"There is no record at {place}. Import something into it first, or check CARTWAY_DATABASE.")


class StoreUnreachable(StoreError):
    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"The record at {place} cannot be reached: {why}. Check the address, rights and server.")


class StoreDamaged(StoreError):
    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"The record at {place} is damaged: {why}. Stop writing, keep a copy of the file, restore the last backup "
            "and compare with the last checkpoint; `cartway.record.salvage` reads what is still legible."
        )


class StoreFull(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(
            f"The disk or quota of {place} is full: nothing of this batch was recorded, all before it is safe. "
            "Free some space and record the batch again."
        )


class StoreUnwritable(StoreError):
    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"{place} could not be written to ({why}: a quota, a limit of file size, or the disk): this batch was not "
            "recorded, all before it is safe. Make room, run `cartway verify`, and record the batch again."
        )


class StoreBusy(StoreError):
    def __init__(self, place: str, seconds: float) -> None:
        super().__init__(
            f"Another process kept {place} locked for {seconds:g} s: nothing was recorded. Record the batch again."
        )


class StoreReadOnly(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(f"The record at {place} may not be written to. Give this user the right to write.")


class StoreNewer(StoreError):
    def __init__(self, place: str, found: str) -> None:
        super().__init__(
            f"The record at {place} has schema {found}, which this version of Cartway does not know. Upgrade Cartway."
        )


class StoreUnsafe(StoreError):
    def __init__(self, place: str, setting: str, found: object, needed: object) -> None:
        super().__init__(
            f"{place} would not keep what it acknowledges: {setting} is {found!r} and must be {needed!r}. "
            "Mend the setting of the database."
        )


class WrongKind(StoreError):
    def __init__(self, place: str, found: str, asked: str) -> None:
        super().__init__(
            f"The record at {place} is a {found} record, not a {asked} one. Use another store for {asked} courses."
        )


class KeyUnreadable(StoreError):
    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"The signing key at {place} cannot be used: {why}. Name the right key file.")
