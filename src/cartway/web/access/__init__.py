"""Who may use the board: accounts, roles, sessions, and a log of every look at a course. It knows no web framework."""

from typing import TYPE_CHECKING, Any

from cartway.web.access.account import BY_ITSELF, EVERY, OWN, AccessEntry, Account, Limits, Principal, Session
from cartway.web.access.edge import open_access
from cartway.web.access.errors import NoAccounts, UnknownAccount
from cartway.web.access.roles import MAY, Act, Role, may

if TYPE_CHECKING:
    from cartway.web.access.access import Access

__all__ = [
    "BY_ITSELF",
    "EVERY",
    "MAY",
    "OWN",
    "Access",
    "AccessEntry",
    "Account",
    "Act",
    "Limits",
    "NoAccounts",
    "Principal",
    "Role",
    "Session",
    "UnknownAccount",
    "may",
    "open_access",
]


def __getattr__(name: str) -> Any:
    """`Access` brings the database toolkit with it: it is imported when it is asked for."""
    if name != "Access":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cartway.web.access.access import Access

    return Access
