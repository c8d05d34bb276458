"""The living demo: twelve invented courses played forward on a clock of their own, and a button a role to sign in with.

None of it is reachable outside a record of the kind `demo`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cartway.web.config import Config
    from cartway.web.office import Office


def routes(office: Office) -> tuple[Any, ...]:
    """The handlers of the demo; none where there is none.

    Raises WrongKind where a demo is asked for over a record that is not one: its sign-in asks nobody for a password.
    """
    if not office.config.demo:
        return ()
    if office.log.kind != "demo":
        from cartway.record.errors import WrongKind

        raise WrongKind(office.log.place, office.log.kind, "demo")
    from cartway.web.demo.pages import HANDLERS

    return HANDLERS


def words(config: Config) -> Mapping[str, Any]:
    """Names for the templates of every page; none outside the demo."""
    if not config.demo:
        return {}
    from cartway.web.demo.banner import words as of_the_demo

    return of_the_demo(config)
