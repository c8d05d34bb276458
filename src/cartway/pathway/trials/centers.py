"""The list of centers, from the `center_offer` facts of the center's own record: what each was last said to offer."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact

SERVICES = ("children", "outpatient", "lodging", "interpreters")


class Center(msgspec.Struct, frozen=True):
    """One center and what it offers. `state`: open, paused or closed."""

    key: str
    name: str
    state: str
    city: str
    country: str
    products: tuple[str, ...]
    trials: tuple[str, ...]
    services: tuple[str, ...]
    contact: str
    note: str
    fact: Fact


def centers(center: Course) -> tuple[Center, ...]:
    """Those that are open first, then by name."""
    facts = [center.last("center_offer", about=about) for about in center.abouts("center_offer")]
    found = [_center(fact) for fact in facts if fact is not None]
    return tuple(sorted(found, key=lambda each: (_STATES.index(each.state), each.name.casefold(), each.key)))


_STATES = ("open", "paused", "closed", "")


def _center(fact: Fact) -> Center:
    return Center(
        fact.about,
        _text(fact, "center") or fact.about,
        fact.choice if fact.choice in _STATES else "",
        _text(fact, "city"),
        _text(fact, "country"),
        _listed(fact, "products"),
        _listed(fact, "trials"),
        _listed(fact, "services"),
        _text(fact, "contact"),
        _text(fact, "text"),
        fact,
    )


def _text(fact: Fact, name: str) -> str:
    value = fact.detail.get(name, "")
    return value if isinstance(value, str) else ""


def _listed(fact: Fact, name: str) -> tuple[str, ...]:
    value = fact.detail.get(name, ())
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()


def offering(found: Iterable[Center], *, product: str = "", trial: str = "", service: str = "") -> tuple[Center, ...]:
    """Those that offer what is asked for; what is empty is not asked."""
    return tuple(
        each
        for each in found
        if (not product or product in each.products)
        and (not trial or trial.strip().casefold() in {one.casefold() for one in each.trials})
        and (not service or service in each.services)
    )
