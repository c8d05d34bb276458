"""From bytes to resources: Bundles, single resources, lists, NDJSON. One broken entry loses itself, not the rest."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import get_args

import msgspec

from cartway.intake.fhir.marks import TEST_CODE, TEST_META, is_test_bundle
from cartway.intake.fhir.shapes import (
    AnyResource,
    Device,
    Entry,
    Head,
    Medication,
    OpenedBundle,
    Outer,
    Patient,
)
from cartway.problem import Problem

UNREADABLE_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_BYTES_OF = re.compile(r" \(byte \d+\)")

_NOTHING = msgspec.Raw(b"{}")
_outer = msgspec.json.Decoder(Outer)
_head = msgspec.json.Decoder(Head)
_opened = msgspec.json.Decoder(OpenedBundle)
_list = msgspec.json.Decoder(list[msgspec.Raw])
FIRST = frozenset({Patient, Medication, Device})  # what other resources point at
USED = frozenset(kind.__name__ for kind in get_args(AnyResource))
resources = msgspec.json.Decoder(AnyResource)


class Cut(msgspec.Struct, frozen=True, gc=False):
    """One resource as text, with the address that its entry gave; or why it could not be cut out."""

    raw: msgspec.Raw | bytes
    full_url: str = ""
    problem: Problem | None = None
    is_request: bool = False
    simulated: bool = False  # the Bundle around it says so


def opened(content: bytes) -> OpenedBundle | None:
    """A Bundle in one pass; None where any of its entries needs a closer look."""
    try:
        return _opened.decode(content)
    except UNREADABLE_JSON:
        return None


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles while values are made that cannot have any: it took more time than the decoding.

    What is decoded and let go within costs nothing afterwards either.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Cuts:
    """The resources of a document as text, cut only when one is asked for: most are never refused."""

    def __init__(self, content: bytes = b"", cuts: Sequence[Cut] | None = None) -> None:
        self._content, self._cuts = content, cuts

    def __getitem__(self, index: int) -> Cut:
        if self._cuts is None:
            found = cut(self._content)
            self._cuts = [] if isinstance(found, Problem) else list(found)
        # A document that two decoders read differently (a name twice) is kept whole.
        return self._cuts[index] if index < len(self._cuts) else Cut(self._content)


def cut(content: bytes) -> Iterable[Cut] | Problem:
    """The resources of a document, each still as text. A document broken half-way gives what else it holds."""
    try:
        if content.lstrip()[:1] == b"[":
            return [Cut(raw) for raw in _list.decode(content)]
        outer = _outer.decode(content)
    except msgspec.ValidationError:
        return [Cut(content)]
    except UNREADABLE_JSON as failure:
        return _salvage(content, failure)
    if outer.resource_type != "Bundle":
        return [Cut(content)]
    return of_entries(outer.entry, is_test_bundle(outer.meta))


def of_entries(entries: Iterable[Entry], simulated: bool = False) -> list[Cut]:
    """The resource of each entry; without one, what the entry asks for (a deletion)."""
    return [
        Cut(entry.resource, entry.full_url, simulated=simulated)
        if entry.resource
        else Cut(entry.request or _NOTHING, is_request=True)
        for entry in entries
    ]


def head(raw: msgspec.Raw | bytes) -> Head | Problem:
    """The type and id of a resource that could not be read. Problem: ``malformed_json``."""
    try:
        return _head.decode(raw)
    except UNREADABLE_JSON as failure:
        return malformed(failure)


def malformed(failure: Exception) -> Problem:
    """What is wrong with the JSON, without repeating any of its values."""
    if isinstance(failure, RecursionError):
        return Problem(
            "too_deep", "It is nested too deeply.", "No FHIR resource needs that: fetch it again from its source."
        )
    if isinstance(failure, UnicodeDecodeError):
        return Problem("not_utf8", "It is not UTF-8 text.", "Save it as UTF-8: FHIR knows no other encoding.")
    if isinstance(failure, msgspec.ValidationError):
        return Problem("malformed_resource", f"It does not fit FHIR R4: {failure}.", "Mend the part that is named.")
    reason = f"It is not well-formed: {_BYTES_OF.sub('', str(failure))}."
    return Problem("malformed_json", reason, "Mend the JSON, or fetch it again from its source.")


def without_type(one: Cut) -> Problem | None:
    """What an entry without a resource, or a resource without a type, is; None where it asks for nothing of ours."""
    if one.is_request and b'"DELETE"' not in bytes(one.raw):
        return None
    if one.is_request:
        reason, remedy = "A deletion names no patient.", "Send the resource with the status entered-in-error."
        return Problem("deletion_without_resource", reason, remedy)
    return Problem("no_resource_type", "It does not say which kind of resource it is.", "Add its resourceType.")


def names_once(content: bytes, values: int, times: int) -> bool:
    """Whether value and time stand in the text as often as they were read.

    If not, some name may stand twice, and every resource is looked through; counting costs a hundredth of that.
    """
    return content.count(b'"valueQuantity"') == values and content.count(b'"effectiveDateTime"') == times


class _RepeatedNameError(ValueError):
    """A name stands twice in one object."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def repeated_name(raw: msgspec.Raw | bytes) -> Problem | None:
    """JSON readers take the last of two equal names, and each may be the wrong one. Problem: ``repeated_name``."""
    try:
        json.loads(bytes(raw), object_pairs_hook=_once)
    except _RepeatedNameError as found:
        reason = f"The name '{found.name[:40]}' stands twice in one object."
        return Problem("repeated_name", reason, "Keep the one that is right.")
    except (ValueError, RecursionError):
        return None  # what is not JSON was told before; what is too deep for this reader was not for the first
    return None


def lost_entries(content: bytes, entries: int) -> Problem | None:
    """A Bundle's ``entry``, or an entry's ``resource``, that stands twice: all but the last would be lost unseen."""
    if content.count(b'"entry"') <= 1 and content.count(b'"resource"') <= entries:
        return None
    try:
        json.loads(content, object_pairs_hook=_entries_once)
    except _RepeatedNameError as found:
        reason = f"The name '{found.name}' stands twice in one object."
        return Problem("repeated_name", reason, "Put all entries into one list.")
    except (ValueError, RecursionError):
        return None
    return None


def _entries_once(pairs: list[tuple[str, object]]) -> None:
    names = [name for name, _ in pairs if name in ("entry", "resource")]
    if len(set(names)) < len(names):
        raise _RepeatedNameError(names[0])


def _once(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _RepeatedNameError(name)
        seen.add(name)


def wrapped(text: str, full_url: str, simulated: bool = False) -> str:
    """A resource's text, within a Bundle where its entry's address or the Bundle's mark of a test belongs to it."""
    if not (full_url or simulated) or "resourceType" not in text:
        return text
    address = f'"fullUrl":{msgspec.json.encode(full_url).decode()},' if full_url else ""
    mark = f'"meta":{msgspec.json.encode(TEST_META).decode()},' if simulated else ""
    return f'{{"resourceType":"Bundle","type":"collection",{mark}"entry":[{{{address}"resource":{text}}}]}}'


# Salvage: rare and slow, so plain Python.

_ENTRIES = re.compile(r'"entry"\s*:\s*\[')
_TEST_MARK = re.compile(rf'"code"\s*:\s*"{TEST_CODE}"')
_NEXT_ENTRY = re.compile(r'\{\s*"(?:fullUrl|resource)"\s*:')
_one = json.JSONDecoder()
SALVAGED_AT_MOST = 100_000


def _salvage(content: bytes, failure: Exception) -> Iterable[Cut] | Problem:
    """Entries of a broken Bundle, each cut where it starts; those that cannot be read are refused one by one."""
    if isinstance(failure, RecursionError) and b'"entry"' not in content[:4096]:
        return malformed(failure)
    text = content.decode("utf-8", "surrogateescape")
    start = _ENTRIES.search(text)
    if start is None:
        return malformed(failure)
    simulated = _TEST_MARK.search(text, 0, start.start()) is not None
    return (msgspec.structs.replace(one, simulated=simulated) for one in _walk(text, start.end()))


def _walk(text: str, position: int) -> Iterator[Cut]:
    for _ in range(SALVAGED_AT_MOST):
        opening = text.find("{", position)
        if opening < 0:
            return
        try:
            _, end = _one.raw_decode(text, opening)
        except (ValueError, RecursionError):
            following = _NEXT_ENTRY.search(text, opening + 1)
            end = following.start() if following else len(text)
            yield _broken(text[opening:end])
        else:
            yield _whole(text[opening:end])
        position = end


def _whole(text: str) -> Cut:
    content = text.encode("utf-8", "surrogateescape")
    try:
        return of_entries([msgspec.json.decode(content, type=Entry)])[0]
    except UNREADABLE_JSON as failure:
        return Cut(content, problem=malformed(failure))


def _broken(text: str) -> Cut:
    reason = "This entry of the Bundle is not well-formed."
    problem = Problem("malformed_json", reason, "Mend the JSON, or fetch it again from its source.")
    return Cut(text.encode("utf-8", "surrogateescape"), problem=problem)
