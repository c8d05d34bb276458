"""What can go wrong with the accounts beyond what a store cannot do."""
# ruff: noqa: N818  # each class is named for the failure

from __future__ import annotations

from cartway.record.errors import StoreError


class NoAccounts(StoreError):
    def __init__(self, place: str) -> None:
        super().__init__(f"There are no accounts at {place} yet. `cartway account add` makes the first.")


class UnknownAccount(StoreError):
    def __init__(self) -> None:
        super().__init__("No session can be opened for an account that does not exist or is disabled.")
