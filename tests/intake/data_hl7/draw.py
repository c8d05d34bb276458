"""Draws HL7 v2 messages for tests: a few segments, one a line, in the sender's own notation."""

from __future__ import annotations

from pathlib import Path

from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Merge, Refused
from cartway.intake.hl7 import Feed, read_hl7
from cartway.record.fact import Fact

HERE = Path(__file__).parent
SAMPLES = sorted(path for path in HERE.rglob("*") if path.suffix in (".hl7", ".txt"))

PID = "PID|1||4711^^^HOSP^MR~888^^^STATE&2.16.1&ISO^SS||Weiß^Žofie^A||19610615|F"
OBR = "OBR|1|P77|F1^LAB|VITALS^Vital signs^L|||20260110060000"


def header(
    kind: str = "ORU^R01^ORU_R01",
    *,
    control: str = "C1",
    at: str = "20260110061500+0100",
    charset: str = "UNICODE UTF-8",
) -> str:
    """MSH, a production message of version 2.5.1."""
    return f"MSH|^~\\&|LAB|HOSP|CARTWAY|CENTER|{at}||{kind}|{control}|P|2.5.1||||||{charset}"


def message(*segments: str, kind: str = "ORU^R01^ORU_R01", end: str = "\r", **msh: str) -> bytes:
    """A whole message as bytes in UTF-8."""
    return (end.join([header(kind, **msh), *segments]) + end).encode()


def obx(value: str, *, code: str = "8310-5^Temp^LN", kind: str = "NM", unit: str = "Cel", **more: str) -> str:
    """One OBX; `status`, `sub`, `at` and `limits` where they matter."""
    status, sub, at, limits = (more.get(name, "") for name in ("status", "sub", "at", "limits"))
    return f"OBX|1|{kind}|{code}|{sub}|{value}|{unit}|{limits}||||{status or 'F'}|||{at or '20260110060000'}"


def result(*observations: str, **msh: str) -> bytes:
    """An ORU with one patient, one order and these OBX."""
    return message(PID, OBR, *observations, **msh)


def read(data: bytes, feed: Feed | None = None) -> list[Item]:
    """All items of some bytes, but for who the patient of a result is: nearly every result says that."""
    found = list(read_hl7(data, name="a.hl7", feed=feed))
    return [item for item in found if b"||ADT" in data or not isinstance(item, Enrolment)]


def fact(data: bytes, feed: Feed | None = None) -> Fact:
    """The only fact of some bytes."""
    (item,) = read(data, feed)
    assert isinstance(item, Draft), item
    return item.fact


def facts(data: bytes) -> list[Fact]:
    """The facts of some bytes, none of them refused."""
    found = read(data)
    assert not [item for item in found if isinstance(item, Refused)], found
    return [item.fact for item in found if isinstance(item, Draft)]


def refusal(data: bytes, feed: Feed | None = None) -> Refused:
    """The only item of some bytes, a refusal."""
    (item,) = read(data, feed)
    assert isinstance(item, Refused), item
    return item


def rule(data: bytes) -> str:
    """The rule by which the only item of some bytes is left out."""
    (item,) = read(data)
    assert isinstance(item, Ignored), item
    return item.rule


def merges(data: bytes) -> list[Merge]:
    """The merges of some bytes."""
    return [item for item in read(data) if isinstance(item, Merge)]
