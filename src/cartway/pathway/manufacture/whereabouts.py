"""Where a container is: who has it, in which tank and position, frozen or thawed, given or set aside."""

from __future__ import annotations

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact


class Whereabouts(msgspec.Struct, frozen=True):
    """One container. Facts are None where nothing was recorded; `dose_million`, `volume_ml` as its label says."""

    container: str
    label: Fact | None
    shipped: Fact | None
    received: Fact | None
    stored: Fact | None
    thawed: Fact | None
    infused: Fact | None
    ended: Fact | None
    quarantined: Fact | None
    custodian: str
    place: str
    dose_million: float | None
    volume_ml: float | None
    component: str
    part: int | None
    color: str
    expires: str

    @property
    def state(self) -> str:
        """In a word or two; what stops it first."""
        if self.quarantined is not None:
            return "in quarantine"
        if self.ended is not None:
            return "given"
        if self.infused is not None:
            return "being given"
        if self.thawed is not None:
            return "thawed"
        if self.stored is not None:
            return "in storage"
        return "received" if self.received is not None else "on its way" if self.shipped is not None else "at the maker"


def whereabouts(course: Course, container: str) -> Whereabouts:
    """Where one container of a course is."""
    label, stored = course.last("container", about=container), course.last("storage", about=container)
    received = course.last("custody", about=container, choice="received")
    custody, set_aside = course.last("custody", about=container), course.last("quarantine", about=container)
    detail = label.detail if label is not None else {}
    in_storage = stored if stored is not None and stored.choice != "taken" else None
    return Whereabouts(
        container,
        label,
        course.first("custody", about=container, choice="handed_over"),
        received,
        in_storage,
        course.last("thaw", about=container),
        course.last("infusion", about=container) or _by_bag(course, container),
        course.last("infusion_end", about=container),
        set_aside if set_aside is not None and set_aside.choice == "placed" else None,
        str((custody.detail.get("to") if custody is not None else "") or detail.get("custodian", "")),
        _place(in_storage),
        _number(detail.get("dose_million")),
        _number(detail.get("volume_ml")),
        str(detail.get("component", "")),
        int(detail["part"]) if isinstance(detail.get("part"), int | float) else None,
        str(detail.get("color", "")),
        str(detail.get("expires", "")),
    )


def _by_bag(course: Course, container: str) -> Fact | None:
    """An infusion that names its bag in its detail only, as older records do."""
    return next((fact for fact in course.all("infusion") if fact.detail.get("bag") == container), None)


def _place(stored: Fact | None) -> str:
    if stored is None:
        return ""
    return ", ".join(str(stored.detail[name]) for name in ("tank", "position") if stored.detail.get(name))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
