"""The label of a container, out of the facts stated of it. What nobody stated is left off, or keeps it from being made.

Storage: what the product's label says of product; fresh starting material 2 to 8 degrees Celsius, which is marked as
not confirmed wherever it is shown.
"""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from cartway.exchange.labels.label import Label, Named
from cartway.pathway.answer import Source
from cartway.pathway.chain import BreakKind, chain
from cartway.pathway.chain.din import Din, read_din
from cartway.pathway.course import Course
from cartway.pathway.products import infusion_limits, product
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import to_datetime
from cartway.vocabulary import vocabulary

FRESH = "2 to 8 °C"
FRESH_SOURCE = Source("Usual practice for fresh starting material; the holder's instructions go first", confirmed=False)
SELF = ("", "self", "own", "own cells")


class Storage(msgspec.Struct, frozen=True):
    """How warm a container may be kept: in words, the warmest (Cel; None where no source says), and who says so."""

    words: str
    limit_cel: float | None
    source: Source
    leg: str  # collection or product

    @property
    def printed(self) -> str:
        """As it stands on paper, with the mark of a source that nobody has seen."""
        return self.words if self.source.confirmed else f"{self.words} (not confirmed)"


def label_of(
    course: Course, container: str, *, jurisdiction: str, zone: tzinfo, site: str,
    patient: Named | None = None, evaluated: bool = False, reprint: bool = False,
) -> Label | Problem:  # fmt: skip
    """The label of a container of a course at `course.now`. Names only where the caller hands them in.

    Problems: ``unknown_container``, ``donor_not_stated``, ``no_identifier``, those of a donation number, and
    ``label_contradicted``: no paper with a patient's name for what may be another's.
    """
    fact = entered(course, container)
    if fact is None:
        return Problem("unknown_container", "There is no such container.", "Enter it first.")
    own = own_cells(course, fact)
    if own is None:
        reason = "Nobody stated whose cells these are."
        return Problem("donor_not_stated", reason, "State the donor with the collection, or choose the product.")
    coi, din = _coi(course, fact), read_din(_text(fact, "din")) if _text(fact, "din") else None
    if isinstance(din, Problem):
        return din
    if not coi and din is None:
        reason = "It has neither a chain of identity identifier nor a donation number."
        return Problem("no_identifier", reason, "Assign one: a label without either identifies nothing.")
    if contradicted(course, container):
        reason = "What is recorded of this container contradicts whose it is, or it is set aside."
        return Problem("label_contradicted", reason, "Print nothing for it: keep it in quarantine and call the holder.")
    return _label(course, fact, own, coi, din, jurisdiction, zone, site, patient, evaluated, reprint)


def entered(course: Course, container: str) -> Fact | None:
    """All that was entered of a container as one fact: a later entry, such as that it was packed, adds to it."""
    facts = course.all("container", about=container)
    if not facts:
        return None
    detail = {key: value for fact in facts for key, value in fact.detail.items() if value not in ("", None)}
    choice = next((fact.choice for fact in reversed(facts) if fact.choice), "")
    return msgspec.structs.replace(facts[-1], choice=choice, detail=detail)


def contradicted(course: Course, container: str) -> bool:
    """Whether the chain of identity contradicts itself at a container, or it is in quarantine."""
    found = chain(course)
    breaks = (each for each in found.breaks if each.container == container)
    return container in found.quarantined or any(each.kind is BreakKind.contradictory for each in breaks)


def _label(
    course: Course, fact: Fact, own: bool, coi: str, din: Din | None, jurisdiction: str, zone: tzinfo, site: str,
    patient: Named | None, evaluated: bool, reprint: bool,
) -> Label:  # fmt: skip
    place = storage_of(course, fact, jurisdiction, zone)
    return Label(
        container=fact.about,
        title=_title(course, fact),
        kind=fact.choice,
        own_cells=own,
        coi=coi,
        din=din.number if din else "",
        din_check=din.check if din else "",
        din_flags=f"{60 + _value(din)}" if din else "",
        batch=_text(fact, "batch"),
        component=_text(fact, "component"),
        division=_text(fact, "division"),
        part=_number(fact, "part", ""),
        volume=_number(fact, "volume_ml", " mL"),
        dose=_number(fact, "dose_million", " million CAR+ viable T cells"),
        collected=_collected(course, fact, zone),
        expires=_text(fact, "expires"),
        storage=place.printed if place else "",
        sec=_text(fact, "sec"),
        facility=site,
        printed=_clock(course.now, zone),
        patient=patient,
        donor=_donor(course, fact),
        evaluated=evaluated,
        simulated=fact.simulated,
        reprint=reprint,
    )


def own_cells(course: Course, fact: Fact) -> bool | None:
    """Whether the patient is the donor: as stated with the collection, else by the product; None where neither says."""
    collected = _collection(course, fact)
    if collected is not None and "donor" in collected.detail:
        return str(collected.detail["donor"]) in SELF
    named = product(product_of(course, fact))
    return None if named is None else named.donor_is_recipient


def product_of(course: Course, fact: Fact) -> str:
    """The product of a container: on its label, of its batch, else the one chosen for the course; empty for none."""
    batch = course.last("batch", about=_text(fact, "batch")) if _text(fact, "batch") else None
    chosen = course.last("product_chosen")
    stated = (_text(fact, "product"), _text(batch, "product") if batch else "", chosen.choice if chosen else "")
    return next((name for name in stated if name), "")


def storage_of(course: Course, fact: Fact, jurisdiction: str, zone: tzinfo) -> Storage | None:
    """How it must be kept: fresh starting material by usual practice, product by its label; None where nobody says."""
    if fact.choice == "apheresis_bag":
        return Storage(FRESH, 8.0, FRESH_SOURCE, "collection")
    day = to_datetime(course.now).astimezone(zone).date()
    limits = infusion_limits(product_of(course, fact), day, jurisdiction)
    if limits is None or limits.storage_cel is None:
        return None
    warmest = limits.storage_cel
    return Storage(f"at or below {warmest.value:g} °C", warmest.value, warmest.source, "product")


def _title(course: Course, fact: Fact) -> str:
    kind = vocabulary().variables["container"].choices[fact.choice].label
    if fact.choice == "apheresis_bag":
        return f"{kind}: cells for manufacture"
    named = product(product_of(course, fact))
    if named is None:
        return kind
    return f"{named.name} ({named.brand})" if named.brand else named.name


def _coi(course: Course, fact: Fact) -> str:
    """On its label as stated; else the one assigned to the course."""
    assigned = course.last("chain_identity")
    return _text(fact, "coi") or (_text(assigned, "coi") or assigned.about if assigned else "")


def _collection(course: Course, fact: Fact) -> Fact | None:
    """The collection that its donation number names; the last one where it names none."""
    din = _text(fact, "din")
    of_it = [each for each in course.all("collection") if din and _text(each, "din") == din]
    return of_it[-1] if of_it else course.last("collection")


def _collected(course: Course, fact: Fact, zone: tzinfo) -> str:
    done = _collection(course, fact)
    shown = fact.choice == "apheresis_bag" and done is not None and done.choice in ("completed", "")
    return _clock(done.at, zone) if shown and done else ""


def _donor(course: Course, fact: Fact) -> str:
    done = _collection(course, fact)
    donor = _text(done, "donor") if done else ""
    return "" if donor in SELF else donor


def _value(din: Din) -> int:
    from cartway.pathway.chain.iso7064 import check_value

    return check_value(din.number) or 0


def _text(fact: Fact | None, key: str) -> str:
    return str(fact.detail.get(key, "")) if fact else ""


def _number(fact: Fact, key: str, unit: str) -> str:
    value = fact.detail.get(key)
    return f"{value:g}{unit}" if isinstance(value, int | float) else ""


def _clock(at: int, zone: tzinfo) -> str:
    return to_datetime(at).astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
