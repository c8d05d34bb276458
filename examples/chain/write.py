"""Write the example chains anew: `python examples/chain/write.py [FOLDER]`, by default into this folder.

Nothing in the files is random, so what is written is always the same; a test compares. Signatures carry the digest of
what they sign, so this script asks Cartway for it.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cartway.pathway.chain import digest
from cartway.record import Fact
from cartway.times import MINUTE, parse, text

COLUMNS = ("course", "at", "what", "choice", "value", "unit", "detail", "about", "event", "simulated", "source", "key")
AXI, OBE = "axicabtagene_ciloleucel", "obecabtagene_autoleucel"
UNIT, COURIER, HOLDER, LAB, WARD = "Apheresis unit", "Courier", "Holder", "Cell laboratory", "Ward"
AMIR, LENA = ("a.haddad", "Amir Haddad"), ("l.novak", "Lena Novak")
Signers = tuple[tuple[str, str], ...]
TWO = (AMIR, LENA)


class Story:
    """The facts of one invented course, in the order in which they are told. Times are days and hours of 2026, UTC."""

    def __init__(self, course: str, coi: str, din: str, batch: str, product: str) -> None:
        self.course, self.coi, self.din, self.batch, self.product = course, coi, din, batch, product
        self.apheresis, self.shipper = f"APH-{din[-4:]}", f"SHIPPER-{batch[-4:]}"
        self.facts: list[Fact] = []

    def tell(self, when: str, what: str, about: str = "", choice: str = "", *, event: str = "",
             value: float | None = None, unit: str = "", **detail: Any) -> Fact:  # fmt: skip
        """One fact, at ``03-04 09:30``."""
        at = parse(f"2026-{when.replace(' ', 'T')}Z")
        fact = Fact(self.course, at, what, value, unit, choice, about=about, event=event, detail=detail,
                    source="chart", key=f"{self.course}-{len(self.facts) + 1}", simulated=True)  # fmt: skip
        self.facts.append(fact)
        return fact

    def sign(self, fact: Fact, by: Signers) -> None:
        """The signatures of a fact, two minutes later."""
        for account, name in by:
            detail = {
                "signer": account,
                "printed_name": name,
                "role": "nurse",
                "meaning": "verified",
                "digest": digest([fact]),
            }
            key = f"{self.course}-{len(self.facts) + 1}"
            made = Fact(self.course, fact.at + 2 * MINUTE, "signature", about=fact.event, event=fact.event,
                        detail=detail, source="chart", key=key, simulated=True)  # fmt: skip
            self.facts.append(made)

    def check(self, when: str, step: str, about: str, choice: str = "matched", by: Signers = TWO, **scans: Any) -> None:
        """A check of identity by two people."""
        event = f"{step}-{about}-{when.replace(' ', '-')}"
        self.sign(self.tell(when, "verification", about, choice, event=event, step=step, **scans), by)

    def hand_over(self, when: str, thing: str, giver: str, taker: str, received: str = "") -> None:
        """From one to the other, received at a later time of the same kind; no receipt where none is given."""
        self.tell(when, "custody", thing, "handed_over", **{"from": giver, "to": taker})
        if received:
            self.tell(received, "custody", thing, "received", **{"from": giver, "to": taker})

    def collected(self, label_by: Signers = TWO) -> None:
        """From the order to the collected bag at the holder."""
        self.tell("03-02 10:00", "product_chosen", "", self.product)
        self.tell(
            "03-03 11:00",
            "product_order",
            f"ORD-{self.batch[-4:]}",
            "placed",
            order=f"ORD-{self.batch[-4:]}",
            coi=self.coi,
        )
        self.tell("03-04 09:00", "chain_identity", self.coi, coi=self.coi, issuer="Holder")
        self.check("03-10 08:40", "collection", self.din, band="this course", din=self.din, coi=self.coi)
        self.tell("03-10 09:00", "collection", "", "started", din=self.din, coi=self.coi, donor="self")
        self.tell(
            "03-10 13:30", "collection", "", "completed", din=self.din, coi=self.coi, donor="self", inlet_ml=11800
        )
        self.tell("03-10 13:30", "container", self.apheresis, "apheresis_bag", coi=self.coi, din=self.din,
                  division="A0", custodian=UNIT, patient_matches="this course")  # fmt: skip
        self.check("03-10 13:45", "label", self.apheresis, by=label_by, din=self.din, coi=self.coi)
        self.hand_over("03-10 15:00", self.apheresis, UNIT, COURIER, "03-10 15:05")
        self.hand_over("03-11 09:20", self.apheresis, COURIER, HOLDER, "03-11 09:40")

    def made(self, bags: dict[str, dict[str, Any]], certificate_batch: str = "") -> None:
        """The batch, its bags, its release and its certificate."""
        self.tell("03-11 12:00", "batch", self.batch, coi=self.coi, dins=[self.din], product=self.product)
        for bag, detail in bags.items():
            self.tell("03-20 10:00", "container", bag, "product_bag", coi=self.coi, batch=self.batch,
                      product=self.product, custodian=HOLDER, patient_matches="this course", expires="2027-03-20",
                      **detail)  # fmt: skip
        self.tell("03-24 16:00", "disposition", self.batch, "released", specification="release specification 4")
        self.tell("03-24 17:00", "release_certificate", self.batch, number=f"RFI-{self.batch}", coi=self.coi,
                  batch=certificate_batch or self.batch, bags=list(bags), patient_matches="this course")  # fmt: skip

    def shipped(self, bags: list[str], *, receipt: str = "03-27 10:10", highest: float | None = -162.0,
                limit: float = -150.0) -> None:  # fmt: skip
        """In a shipper to the cell laboratory, looked at there, and put into the tank."""
        self.tell("03-25 08:00", "container", self.shipper, "shipper", custodian=HOLDER)
        for bag in bags:
            self.tell("03-25 09:00", "container", bag, "product_bag", batch=self.batch, parent=self.shipper)
        self.tell("03-25 09:30", "seal", self.shipper, "applied", number="448120")
        self.hand_over("03-25 10:00", self.shipper, HOLDER, COURIER, "03-25 10:05")
        self.hand_over("03-27 10:00", self.shipper, COURIER, LAB, receipt)
        self.tell("03-27 10:12", "seal", self.shipper, "intact", number="448120")
        if highest is not None:
            above = 34 if highest > limit else 0
            self.tell("03-27 10:30", "temperature_log", self.shipper, value=highest, unit="Cel", limit_cel=limit,
                      minutes_above=above, gap_min=10, readings=288, logger="LOG-77", leg="product")  # fmt: skip
        for bag in bags:
            self.check("03-27 10:40", "receipt", bag, bag=bag, batch=self.batch)
            self.tell("03-27 10:50", "storage", bag, "put", tank="T2", position=f"C-{bag[-1]}")

    def thawed(self, hour: str, bag: str) -> None:
        """Taken from the tank, checked, brought to the ward and thawed."""
        self.check(f"{hour}:00", "thaw", bag, bag=bag, batch=self.batch)
        self.hand_over(f"{hour}:10", bag, LAB, WARD, f"{hour}:15")
        self.tell(f"{hour}:20", "thaw", bag, "started", method="water bath, 37 degrees")

    def bedside(self, hour: str, thing: str, choice: str = "matched", **otherwise: str) -> None:
        """The check at the bedside: band, bag and every number on its label, and the certificate."""
        scans = {"band": "this course", "bag": thing, "coi": self.coi, "batch": self.batch,
                 "certificate": f"RFI-{self.batch}", **otherwise}  # fmt: skip
        self.check(f"{hour}:30", "bedside", thing, choice, **scans)

    def given(self, hour: str, bag: str, **detail: Any) -> None:
        """Given, and in."""
        self.tell(f"{hour}:40", "infusion", bag, self.product, bag=bag, batch=self.batch, **detail)
        self.tell(f"{hour}:58", "infusion_end", bag, volume_ml=68)


def sound() -> Story:
    """One bag of axi-cel, nothing missing."""
    story = Story("chain-sound", "COI-7K2M-0419", "W000026123456", "AX-1041", AXI)
    story.collected()
    story.made({"AX-1041-1": {"volume_ml": 68}})
    story.shipped(["AX-1041-1"])
    story.thawed("04-02 10", "AX-1041-1")
    story.bedside("04-02 10", "AX-1041-1")
    story.given("04-02 10", "AX-1041-1")
    return story


def split() -> Story:
    """Obe-cel in two parts from one batch: the orange bag on day 1, the blue and the red bag on day 10."""
    story = Story("chain-split", "COI-9QX4-0077", "V000126000123", "OB-2207", OBE)
    bags: dict[str, dict[str, Any]] = {
        "OB-2207-1": {"part": 1, "dose_million": 100, "color": "orange"},
        "OB-2207-2": {"part": 2, "dose_million": 10, "color": "blue"},
        "OB-2207-3": {"part": 2, "dose_million": 300, "color": "red"},
    }
    story.collected()
    story.made(bags)
    story.shipped(list(bags))
    story.thawed("04-02 10", "OB-2207-1")
    story.bedside("04-02 10", "OB-2207-1")
    story.given("04-02 10", "OB-2207-1", part=1)
    for hour, bag in (("04-11 10", "OB-2207-2"), ("04-11 12", "OB-2207-3")):
        story.thawed(hour, bag)
        story.bedside(hour, bag)
        story.given(hour, bag, part=2)
    return story


def incomplete() -> Story:
    """Given, although the label had one signature, nobody confirmed the receipt and no temperature file was read. The
    wristband could not be read: there two people stood in, with a reason.
    """
    story = Story("chain-incomplete", "COI-3FT8-0233", "A999926000001", "AX-1102", AXI)
    story.collected(label_by=(AMIR,))
    story.made({"AX-1102-1": {"volume_ml": 68}})
    story.shipped(["AX-1102-1"], receipt="", highest=None)
    story.thawed("04-02 10", "AX-1102-1")
    story.bedside("04-02 10", "AX-1102-1", "incomplete", band="not read")
    fact = story.tell("04-02 10:35", "stand_in", "AX-1102-1", event="stand-in-1", gap="bedside_incomplete",
                      text="band torn; the patient said name and birth date, compared with the chart")  # fmt: skip
    story.sign(fact, TWO)
    story.given("04-02 10", "AX-1102-1")
    return story


def contradicted() -> Story:
    """Too warm on the way and set aside; the certificate names another batch; at the bedside it was another bag. Two
    people stood in for that, which counts for nothing. It was not given.
    """
    story = Story("chain-contradicted", "COI-5ZW1-0301", "W000026123465", "AX-1177", AXI)
    story.collected()
    story.made({"AX-1177-1": {"volume_ml": 68}}, certificate_batch="AX-1171")
    story.shipped(["AX-1177-1"], highest=-128.0)
    story.tell("03-27 11:00", "quarantine", "AX-1177-1", "placed", text="warmer than its limit for 34 minutes",
               holder_called=True)  # fmt: skip
    story.thawed("04-02 10", "AX-1177-1")
    story.bedside("04-02 10", "AX-1177-1", "mismatched", bag="AX-1041-1", batch="AX-1041")
    fact = story.tell("04-02 10:36", "stand_in", "AX-1177-1", event="stand-in-1", gap="bedside_mismatched",
                      text="the patient knows the bag")  # fmt: skip
    story.sign(fact, TWO)
    return story


STORIES = {"sound": sound, "split": split, "incomplete": incomplete, "contradicted": contradicted}


def files() -> Iterator[tuple[str, str]]:
    """Every file: its name and its text."""
    for name, story in STORIES.items():
        yield f"{name}.csv", as_table(story().facts)


def as_table(facts: list[Fact]) -> str:
    """A facts table: one row a fact."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    for fact in facts:
        row = {name: getattr(fact, name) for name in COLUMNS if name not in ("at", "detail", "simulated", "value")}
        detail = json.dumps(fact.detail) if fact.detail else ""
        value = "" if fact.value is None else f"{fact.value:g}"
        table.writerow(row | {"at": text(fact.at), "detail": detail, "simulated": "true", "value": value})
    return out.getvalue()


def main(folder: Path) -> None:
    """Write the files."""
    for name, text_ in files():
        (folder / name).write_text(text_, encoding="utf-8", newline="")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
