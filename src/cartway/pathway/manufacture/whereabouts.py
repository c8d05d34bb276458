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
    """Where one container of a course is. What happens to the box it lies in happens to it."""
    label, stored = course.last("container", about=container), course.last("storage", about=container)
    custody, set_aside = _custody(course, container), course.last("quarantine", about=container)
    detail = label.detail if label is not None else {}
    in_storage = stored if stored is not None and stored.choice != "taken" else None
    thawed = course.first("thaw", about=container)
    shipped = next((fact for fact in custody if fact.choice == "handed_over"), None)
    return Whereabouts(
        container,
        label,
        shipped,
        _received(course, container, custody),
        in_storage,
        thawed,
        course.last("infusion", about=container) or _by_bag(course, container),
        course.last("infusion_end", about=container),
        set_aside if set_aside is not None and set_aside.choice == "placed" else None,
        str((custody[-1].detail.get("to") if custody else "") or detail.get("custodian", "")),
        "" if thawed is not None else _place(in_storage),
        _number(label_says(course, container, "dose_million")),
        _number(label_says(course, container, "volume_ml")),
        str(label_says(course, container, "component") or ""),
        int(part) if isinstance(part := label_says(course, container, "part"), int | float) else None,
        str(label_says(course, container, "color") or ""),
        str(label_says(course, container, "expires") or ""),
    )


def label_says(course: Course, container: str, name: str) -> object:
    """What a container's label said last in one place, None where it never did: a reading may state only a part."""
    readings = (fact.detail.get(name) for fact in reversed(course.all("container", about=container)))
    return next((said for said in readings if said not in (None, "")), None)


def _custody(course: Course, container: str) -> list[Fact]:
    """Its hand-overs and receipts, and from when it was put into a box those of the box."""
    found = course.all("custody", about=container)
    for packed in course.all("container", about=container):
        if packed.detail.get("parent"):
            found += [
                fact for fact in course.all("custody", about=str(packed.detail["parent"])) if fact.at >= packed.at
            ]
    return sorted(found, key=lambda fact: fact.at)


def _received(course: Course, container: str, custody: list[Fact]) -> Fact | None:
    """Its receipt here: checked, stored, or taken by somebody who is no courier."""
    checks = [fact for fact in course.all("verification", about=container) if fact.detail.get("step") == "receipt"]
    stored = course.all("storage", about=container)[:1]
    taken = [fact for fact in custody if fact.choice == "received" and not _courier(str(fact.detail.get("to", "")))]
    return min([*checks, *stored, *taken], key=lambda fact: fact.at, default=None)


def _courier(who: str) -> bool:
    return "courier" in who.casefold()


def _by_bag(course: Course, container: str) -> Fact | None:
    """An infusion that names its bag in its detail only, as older records do."""
    return next((fact for fact in course.all("infusion") if fact.detail.get("bag") == container), None)


def _place(stored: Fact | None) -> str:
    if stored is None:
        return ""
    return ", ".join(str(stored.detail[name]) for name in ("tank", "position") if stored.detail.get(name))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
