"""The chain once more, slowly: what docs/explanation/chain.md says must hold, sharing no code with the chain itself.

Every question is asked of the plain list of facts in force, by searching it from end to end. No two facts have the same
time here, so that nothing depends on how ties are broken. A break is a tuple (code, thing, since).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from typing import Any

import msgspec

from cartway.record import Fact
from cartway.record.content import statement

Found = tuple[str, str, int]

DONORS = {"cemacabtagene_ansegedleucel"}
CONTRADICT = {
    "batch_failed", "before_its_cause", "certificate_of_another", "coi_of_another", "din_check_wrong",
    "din_of_another", "din_used_again", "donor_is_recipient", "donor_of_own_cells", "expired",
    "failed_after_release", "given_before", "given_twice", "infusion_differs", "label_differs",
    "label_of_another", "lifted_without_holder", "not_this_courses", "order_of_another", "part_differs",
    "product_differs", "quarantined", "refused_at_receipt", "release_refused", "seal_broken",
    "second_chain_identity", "temperature_excursion", "quarantine_of_unknown", "quarantined_elsewhere",
    "thawed_before", "withdrawn",
}  # fmt: skip
NOBODY_ELSE = {"not_released", "out_of_specification", "infusion_without_bag"}
HOUR = 3_600_000_000
MEANINGS = {"performed", "verified", "approved", "stood in"}
STAFF = {"physician", "nurse", "coordinator", "apheresis", "cell_laboratory", "pharmacy"}
NAMED = {
    "container", "custody", "seal", "temperature_log", "verification", "quarantine", "storage", "thaw", "infusion",
    "infusion_end", "batch", "manufacture_step", "release_test", "disposition", "out_of_specification_consent",
    "release_certificate",
}  # fmt: skip


def one_spelling(fact: Fact) -> Fact:
    """A fact with the names of things in capitals and without blanks, as the machine's own are."""
    if fact.what not in NAMED:
        return fact
    detail = {
        key: re.sub(r"\s", "", text).upper() if key in ("bag", "batch", "parent") else text
        for key, text in fact.detail.items()
    }
    about = re.sub(r"\s", "", fact.about).upper()
    return msgspec.structs.replace(fact, about=about, detail=detail)


def contradicts(code: str) -> bool:
    return code in CONTRADICT or code.endswith("_mismatched")


def vouchable(code: str) -> bool:
    return not contradicts(code) and code not in NOBODY_ELSE


def once(method: Callable[..., Any]) -> Callable[..., Any]:
    """A question that is asked again gets the answer it got."""

    @wraps(method)
    def asked(self: Slow, *about: str) -> Any:
        key = (method.__name__, *about)
        if key not in self.answers:
            self.answers[key] = method(self, *about)
        return self.answers[key]

    return asked


class Slow:
    """All questions at one moment. `stated` are the facts in force, those of later times among them; `gone` those
    that were amended or retracted.
    """

    def __init__(self, stated: list[Fact], now: int, gone: list[Fact]) -> None:
        self.stated, self.now = stated, now
        self.gone = [one_spelling(fact) for fact in gone if fact.at <= now]
        self.answers: dict[tuple[str, ...], Any] = {}
        by_now = [one_spelling(fact) for fact in stated if fact.at <= now]
        self.facts = sorted(by_now, key=lambda fact: fact.at)
        self.by_what: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self.by_what.setdefault(fact.what, []).append(fact)
        self.kinds = {name: self.find("container", name)[-1].choice for name in self._named()}

    def _named(self) -> list[str]:
        return list(dict.fromkeys(fact.about for fact in self.find("container")))

    # Searching

    def find(self, what: str, about: str | None = None, choice: str | None = None) -> list[Fact]:
        return [
            fact
            for fact in self.by_what.get(what, ())
            if (about is None or fact.about == about) and (choice is None or fact.choice == choice)
        ]

    def labels(self, thing: str, key: str) -> list[str]:
        """What was read in one place of a label, in time order, with repeats."""
        read = [str(fact.detail.get(key) or "") for fact in self.find("container", thing)]
        return [bare(text) if key == "din" else text for text in read if text]

    def label(self, thing: str, key: str) -> str:
        return (self.labels(thing, key) or [""])[-1]

    def kind(self, thing: str) -> str:
        return self.kinds[thing]

    def born(self, thing: str) -> int:
        return self.find("container", thing)[0].at

    def things(self, *kinds: str) -> list[str]:
        return [name for name, kind in self.kinds.items() if not kinds or kind in kinds]

    def is_box(self, thing: str) -> bool:
        return self.kinds.get(thing) in ("shipper", "cassette")

    @property
    def cois(self) -> list[str]:
        return list(dict.fromkeys(fact.about for fact in self.find("chain_identity")))

    @cached_property
    def dins(self) -> dict[str, list[Fact]]:
        """The collections by donation number: every fact of each."""
        found: dict[str, list[Fact]] = {}
        for fact in self.find("collection"):
            found.setdefault(bare(str(fact.detail["din"])), []).append(fact)
        return found

    def batch_dins(self, batch: str) -> list[str]:
        facts = [fact for fact in self.find("batch", batch) if fact.detail.get("dins")]
        return [bare(din) for din in facts[-1].detail["dins"]] if facts else []

    def product(self, bag: str) -> str:
        of_batch = [fact.detail.get("product") for fact in self.find("batch", self.label(bag, "batch"))]
        chosen = [fact.choice for fact in self.find("product_chosen")]
        known = [each for each in [*chosen[-1:], *of_batch[-1:], self.label(bag, "product")] if each]
        return str(known[-1]) if known else ""

    def donor_of(self, din: str) -> str:
        return next((str(fact.detail["donor"]) for fact in reversed(self.dins[din]) if fact.detail.get("donor")), "")

    def own(self, din: str) -> bool:
        return self.donor_of(din) in ("", "self", "c1")

    # Signatures and stand-ins

    def people(self, fact: Fact, until: int | None = None) -> int:
        """How many different people of the staff signed what the fact's event says, by a moment."""
        by = self.now if until is None else min(until, self.now)
        event = [each for each in self.stated if each.event == fact.event]
        said = b"\0".join(sorted(statement(each) for each in event if each.what != "signature"))
        content = hashlib.sha256(said).hexdigest()
        signed = [
            (str(each.detail["signer"]).lower(), re.sub(r"\s+", " ", str(each.detail["printed_name"])).lower())
            for each in event
            if each.what == "signature"
            and fact.at <= each.at <= by
            and each.detail.get("digest") == content
            and each.detail.get("meaning") in MEANINGS
            and each.detail.get("role") in STAFF
        ]
        signed = [each for each in signed if each[1].strip()]
        pairs = [(one, other) for one in signed for other in signed if one[0] != other[0] and one[1] != other[1]]
        return 2 if pairs else min(len(signed), 1)

    def stood_in(self, found: Found) -> bool:
        code, thing, since = found
        return vouchable(code) and any(
            fact.detail.get("gap") == code
            and fact.at >= since
            and str(fact.detail.get("text") or "").strip()
            and self.people(fact) == 2
            for fact in self.find("stand_in", thing)
        )

    # Boxes and custody

    def box_at(self, thing: str, when: int) -> str:
        """The box a thing lies in at a moment, empty where it lies in none."""
        packed = [fact for fact in self.find("container", thing) if fact.detail.get("parent") and fact.at <= when]
        if not packed or not self.is_box(packed[-1].detail["parent"]) or packed[-1].detail["parent"] == thing:
            return ""
        taken_out = [fact.at for fact in self.find("storage", thing) if fact.choice in ("put", "moved")]
        taken_out += [fact.at for fact in self.find("thaw", thing)]
        taken_out += [fact.at for fact in self.find("custody", thing, "handed_over")]
        return "" if any(packed[-1].at <= out < when for out in taken_out) else str(packed[-1].detail["parent"])

    @once
    def boxes(self, thing: str) -> list[str]:
        """Every box it ever lay in, also by way of another."""
        names = [box for fact in self.find("container", thing) if (box := self.box_at(thing, fact.at))]
        inner = [outer for box in names for outer in self.boxes(box)]
        return list(dict.fromkeys([*names, *inner]))

    def put_into(self, thing: str, box: str) -> int:
        """When it was first put into a box itself; its beginning where it came there within another."""
        packed = [fact.at for fact in self.find("container", thing) if self.box_at(thing, fact.at) == box]
        return packed[0] if packed else self.born(thing)

    def goes_with(self, thing: str, fact: Fact) -> bool:
        """Whether a hand-over is of a thing, or of a box it lies in at that time."""
        if fact.about == thing:
            return True
        box = self.box_at(thing, fact.at)
        return bool(box) and self.goes_with(box, fact)

    @once
    def custody(self, thing: str) -> tuple[list[str], list[Found], bool, Fact | None]:
        """Who had it in order; what was wrong; whether the last receipt is open; the refusal that stands."""
        first = str(self.find("container", thing)[0].detail.get("custodian") or "")
        who, gave, wrong = [first], set[str](), list[Found]()
        waiting: Fact | None = None
        refused: Fact | None = None
        for fact in [each for each in self.find("custody") if self.goes_with(thing, each)]:
            giver, taker = str(fact.detail.get("from") or who[-1]), str(fact.detail.get("to") or who[-1])
            if fact.choice == "refused":
                refused = fact
                if waiting is not None and taker == who[-1]:
                    gave = (gave | {who[-1]}) - {who[-2]}
                    who.append(who[-2])
                    waiting = None
                continue
            if fact.choice == "received" and taker == who[-1]:
                waiting = refused = None
                continue
            if giver != who[-1] and giver in gave:
                wrong.append(("given_twice", thing, fact.at))
                continue
            if giver != who[-1] or fact.choice == "received":
                wrong.append(("hand_over_not_recorded", thing, fact.at))
            elif waiting is not None:
                wrong.append(("no_receipt", thing, waiting.at))
            gave = (gave | {giver, who[-1]}) - {taker}
            who.append(taker)
            waiting = fact if fact.choice == "handed_over" else None
            refused = refused if fact.choice == "handed_over" else None
        return who, wrong, waiting is not None, refused

    def custody_breaks(self, thing: str) -> Iterator[Found]:
        """What is wrong with its custody, but not what is told of a box it lay in."""
        _, wrong, _, refused = self.custody(thing)
        elsewhere = {(code, at) for box in self.boxes(thing) for code, _, at in self.custody(box)[1]}
        yield from (each for each in wrong if (each[0], each[2]) not in elsewhere)
        if refused is not None:
            yield ("refused_at_receipt", thing, refused.at)

    # What shows by now

    def cleared(self, thing: str, since: int) -> bool:
        lifted = self.find("quarantine", thing, "lifted")
        return any(fact.at > since and fact.detail.get("holder_reference") for fact in lifted)

    def differs(self, check: Fact) -> bool:
        """Whether a check saw something else than the record has of the thing it is about."""
        known = self.known(check.about)
        read = {key: str(check.detail.get(key) or "") for key in known}
        wrong = [key for key, values in known.items() if read[key] and values and bare(read[key]) not in values]
        band = check.detail.get("band") in (None, "", "this course", "not read")
        return bool(wrong) or check.choice == "mismatched" or not band

    def known(self, thing: str) -> dict[str, set[str]]:
        if thing in self.things():
            batch = self.label(thing, "batch")
            numbers = (
                {str(fact.detail.get("number")) for fact in self.find("release_certificate", batch)} if batch else set()
            )
            dins = {self.label(thing, "din")} - {""} or set(self.batch_dins(batch))
            coi = {self.label(thing, "coi")} - {""} or set(self.cois)
            return {"bag": {thing}, "coi": coi, "din": dins, "batch": {batch} - {""}, "certificate": numbers}
        if thing in self.dins:
            return {"coi": set(self.cois), "din": {thing}}
        return {"coi": set(self.cois), "batch" if self.find("batch", thing) else "bag": {thing} - {""}}

    def unread(self, check: Fact) -> bool:
        step, thing = check.detail["step"], check.about
        asked = {
            "collection": {"band", "din"}, "label": {"din"}, "receipt": {"bag", "batch"}, "thaw": {"bag", "batch"},
            "bedside": {"band", "bag", "coi", "din", "batch", "certificate"},
        }[step]  # fmt: skip
        if thing in self.things():
            borne = {key for key in ("coi", "din", "batch") if self.label(thing, key)} | {"band", "bag"}
            borne |= {"certificate"} if self.known(thing)["certificate"] else set()
        else:
            borne = {"band", "din"}
        read = {key for key in asked if check.detail.get(key) not in (None, "", "not read")}
        return bool((asked & borne) - read) or check.choice == "incomplete"

    def checks(self, thing: str, step: str) -> list[Fact]:
        return [fact for fact in self.find("verification", thing) if fact.detail.get("step") == step]

    def next_step(self, check: Fact) -> int | None:
        """When that began which the check should have come before."""
        following = {"receipt": ["storage", "thaw"], "thaw": ["thaw"], "bedside": ["infusion"]}
        whats = following.get(check.detail["step"], [])
        return min(
            (fact.at for what in whats for fact in self.find(what, check.about) if fact.at > check.at), default=None
        )

    def knows(self, name: str) -> bool:
        """Whether a name is of a container, a batch or a donation of the course."""
        on_labels = {self.label(bag, "batch") for bag in self.things()} | {
            self.label(bag, "din") for bag in self.things()
        }
        of_batches = {din for fact in self.find("batch") for din in self.batch_dins(fact.about)}
        known = {*self.things(), *self.dins, *(fact.about for fact in self.find("batch")), *on_labels, *of_batches}
        return bool(name) and name in known

    def filed_elsewhere(self) -> Iterator[Found]:
        """Checks that did not match and are under no step of what they name."""
        for fact in self.find("verification"):
            step, thing = fact.detail.get("step"), fact.about
            if step in ("collection", "label", "pickup", "receipt", "thaw", "bedside") and thing in self.things():
                continue
            if step in ("collection", "label") and thing in self.dins:
                continue
            if self.differs(fact) and not self.cleared(thing, fact.at):
                yield ("check_mismatched", thing if self.knows(thing) else "", fact.at)

    def withdrawn_breaks(self) -> Iterator[Found]:
        """What spoke against something, and is not in force any more: it is not unseen by that."""
        for fact in self.gone:
            high = (fact.value or -999) > fact.detail.get("limit_cel", 999) or bool(fact.detail.get("minutes_above"))
            contradicted = {
                "quarantine": fact.choice == "placed",
                "disposition": fact.choice in ("failed", "recalled"),
                "release_test": fact.choice == "failed",
                "custody": fact.choice == "refused",
                "seal": fact.choice in ("broken", "mismatched"),
                "temperature_log": high,
                "container": fact.detail.get("patient_matches") == "another",
                "release_certificate": fact.detail.get("patient_matches") == "another",
            }
            against = self.differs(fact) if fact.what == "verification" else contradicted.get(fact.what, False)
            if against and not self.cleared(fact.about, fact.at):
                yield ("withdrawn", fact.about if self.knows(fact.about) else "", fact.at)

    def check_breaks(self) -> Iterator[Found]:
        for thing in {fact.about for fact in self.find("verification")}:
            if thing not in self.things() and thing not in self.dins and not self.find("batch", thing):
                yield from (("not_this_courses", thing, fact.at) for fact in self.find("verification", thing))
                continue
            for step in ("collection", "label", "receipt", "thaw", "bedside"):
                if thing not in self.things() and step not in ("collection", "label"):
                    continue
                found = self.checks(thing, step)
                for fact in found:
                    if self.differs(fact) and not self.cleared(thing, fact.at):
                        yield (f"{step}_mismatched", thing, fact.at)
                if found and not self.differs(found[-1]):
                    if self.unread(found[-1]):
                        yield (f"{step}_incomplete", thing, found[-1].at)
                    if self.people(found[-1], self.next_step(found[-1])) < 2:
                        yield (f"{step}_one_signature", thing, found[-1].at)

    def references(self, thing: str) -> list[int]:
        lifted = self.find("quarantine", thing, "lifted")
        return [fact.at for fact in lifted if fact.detail.get("holder_reference")]

    def unchecked(
        self, thing: str, step: str, since: int, until: int | None = None, place: int | None = None
    ) -> Iterator[Found]:
        """A check in its place in time, and after what was cleared: that it should be there, and is not."""
        by = self.now if until is None else until
        found = [fact for fact in self.checks(thing, step) if fact.at <= by]
        wrong = [fact for fact in found if self.differs(fact)]
        if all(self.cleared(thing, fact.at) for fact in wrong):
            cleared = [at for at in self.references(thing) if at <= by and any(fact.at < at for fact in wrong)]
            last = max(cleared, default=-(10**18))
            if not any(
                not self.differs(fact) and fact.at > last and (place is None or fact.at >= place) for fact in found
            ):
                yield (f"{step}_not_checked", thing, max(since, last))

    def therapy_breaks(self) -> Iterator[Found]:
        first = {coi: self.find("chain_identity", coi)[0].at for coi in self.cois}
        for one, other in zip(self.cois, self.cois[1:], strict=False):
            switches = self.find("apheresis_request", choice="switch_product")
            if not any(first[one] <= fact.at <= first[other] for fact in switches):
                yield ("second_chain_identity", "", first[other])
        for fact in self.find("product_order"):
            coi = fact.detail.get("coi")
            if coi and self.cois and coi not in self.cois:
                yield ("order_of_another", "", fact.at)

    def collection_breaks(self) -> Iterator[Found]:
        for din, facts in self.dins.items():
            begun, coi = facts[0].at, [fact.detail.get("coi") for fact in facts if fact.detail.get("coi")]
            if coi and self.cois and coi[-1] not in self.cois:
                yield ("coi_of_another", din, begun)
            if badly_checked(din):
                yield ("din_check_wrong", din, begun)
            if not self.own(din):
                continue
            if not any(fact.at <= begun for fact in self.find("chain_identity")):
                yield ("no_chain_identity", din, begun)
            ended = [fact.at for fact in facts if fact.choice != "started"]
            again = [fact.at for fact in facts if fact.choice == "started" and ended and fact.at > ended[0]]
            if again:
                yield ("din_used_again", din, again[0])
            if facts[-1].choice == "failed":
                continue
            until = facts[-1].at if facts[-1].choice == "completed" else self.now
            yield from self.unchecked(din, "collection", begun, until)

    def batch_breaks(self) -> Iterator[Found]:
        for batch in {fact.about for fact in self.find("batch")}:
            facts = self.find("batch", batch)
            since = facts[0].at
            coi = [fact.detail["coi"] for fact in facts if fact.detail.get("coi")]
            if coi and self.cois and coi[-1] not in self.cois:
                yield ("coi_of_another", batch, since)
            for din in self.batch_dins(batch):
                if badly_checked(din):
                    yield ("din_check_wrong", batch, since)
                yield from self.collected(din, batch, since)
                if din in self.dins and since < self.dins[din][0].at:
                    yield ("before_its_cause", batch, since)
            decided = self.find("disposition", batch)
            if decided and decided[0].at < since:
                yield ("before_its_cause", batch, decided[0].at)
        for batch in {fact.about for fact in [*self.find("batch"), *self.find("release_certificate")]}:
            yield from self.certificate_breaks(batch)

    def certificate_breaks(self, batch: str) -> Iterator[Found]:
        issued, decided = self.find("release_certificate", batch), self.find("disposition", batch)[:1]
        if issued and decided and issued[-1].at < decided[0].at:
            yield ("before_its_cause", batch, issued[-1].at)
        for fact in issued:
            if self.cleared(batch, fact.at):
                continue
            other_coi = self.cois and fact.detail.get("coi") and fact.detail["coi"] not in self.cois
            if other_coi or fact.detail.get("batch") not in (None, "", batch):
                yield ("certificate_of_another", batch, fact.at)

    def collected(self, din: str, thing: str, since: int) -> Iterator[Found]:
        if self.dins and din not in self.dins:
            yield ("din_of_another", thing, since)
        elif not self.dins:
            bags = [bag for bag in self.things() if thing in (bag, self.label(bag, "batch"))]
            products = {self.product(bag) for bag in bags} - {""}
            if not products or not products <= DONORS:
                yield ("no_collection", thing, since)

    def label_breaks(self) -> Iterator[Found]:
        for thing in self.things():
            facts = self.find("container", thing)
            keys = ("coi", "din", "batch", "product", "part")
            if any(len(set(self.labels(thing, key))) > 1 for key in keys):
                yield ("label_differs", thing, facts[-1].at)
            if any(self.cois and coi not in self.cois for coi in self.labels(thing, "coi")):
                yield ("coi_of_another", thing, self.born(thing))
            if self.is_box(thing):
                continue
            if not self.labels(thing, "coi"):
                yield ("coi_not_on_label", thing, self.born(thing))
            read = [fact for fact in facts if fact.detail.get("patient_matches")]
            for fact in read:
                if fact.detail["patient_matches"] == "another" and not self.cleared(thing, fact.at):
                    yield ("label_of_another", thing, fact.at)
            if read and read[-1].detail["patient_matches"] == "not read":
                yield ("label_not_read", thing, read[-1].at)
            if self.label(thing, "din") and badly_checked(self.label(thing, "din")):
                yield ("din_check_wrong", thing, self.born(thing))
            parent = self.label(thing, "parent")
            if parent and parent not in self.things():
                yield ("parent_not_recorded", thing, self.born(thing))
            yield from self.apheresis(thing) if self.kind(thing) == "apheresis_bag" else self.filled(thing)

    def apheresis(self, bag: str) -> Iterator[Found]:
        din = self.label(bag, "din")
        if not din:
            yield ("din_not_on_label", bag, self.born(bag))
            return
        yield from self.collected(din, bag, self.born(bag))
        if din not in self.dins:
            return
        if self.born(bag) < self.dins[din][0].at:
            yield ("before_its_cause", bag, self.born(bag))
        left = [fact.at for fact in self.find("custody", bag, "handed_over")]
        left += [fact.at for fact in self.find("container", bag) if self.box_at(bag, fact.at)]
        if left and self.own(din):
            verified = [*self.checks(bag, "label"), *self.checks(din, "label")]
            if not any(fact.at <= min(left) for fact in verified):
                yield ("label_not_checked", bag, min(left))

    def filled(self, bag: str) -> Iterator[Found]:
        batch, born = self.label(bag, "batch"), self.born(bag)
        facts = self.find("batch", batch)
        if not batch or not facts:
            yield ("batch_not_recorded" if batch else "batch_not_on_label", bag, born)
            return
        if born < facts[0].at:
            yield ("before_its_cause", bag, born)
        if not self.batch_dins(batch):
            yield ("batch_without_donation", batch, facts[0].at)
        made = [fact.detail["product"] for fact in facts if fact.detail.get("product")]
        if made and self.label(bag, "product") not in ("", made[-1]):
            yield ("product_differs", bag, born)
        for din in set(self.batch_dins(batch)) & set(self.dins):
            from_donor = self.product(bag) in DONORS
            if from_donor and not self.donor_of(din):
                yield ("donor_not_stated", bag, born)
            elif from_donor and self.own(din):
                yield ("donor_is_recipient", bag, born)
            elif self.product(bag) and not from_donor and not self.own(din):
                yield ("donor_of_own_cells", bag, born)

    def files(self, thing: str) -> list[Fact]:
        found = self.find("temperature_log", thing)
        for box in self.boxes(thing):
            found += [fact for fact in self.find("temperature_log", box) if fact.at >= self.put_into(thing, box)]
        return found

    def accepted(self, thing: str, about: str, since: int) -> bool:
        if self.cleared(thing, since) or self.cleared(about, since):
            return True
        batches = {fact.about for fact in self.find("batch") if self.label(thing, "din") in self.batch_dins(fact.about)}
        released = [fact for fact in self.find("disposition") if fact.choice.startswith("released")]
        return self.kind(thing) == "apheresis_bag" and any(
            fact.about in batches and fact.at >= since for fact in released
        )

    def condition_breaks(self) -> Iterator[Found]:
        for thing in self.things("apheresis_bag", "product_bag"):
            files = self.files(thing)
            for fact in files:
                if self.accepted(thing, fact.about, fact.at):
                    continue
                if fact.detail.get("minutes_above") or (fact.value or -999) > fact.detail.get("limit_cel", 999):
                    yield ("temperature_excursion", thing, fact.at)
                again = [each for each in files if each.about == fact.about and each.at > fact.at]
                if not again and fact.detail.get("gap_min", 0) > 60:
                    yield ("temperature_gap", thing, fact.at)
            for box in self.boxes(thing):
                put = self.put_into(thing, box)
                applied = self.find("seal", box, "applied")
                numbers = [fact.detail["number"] for fact in applied if fact.at >= put]
                numbers += [fact.detail["number"] for fact in applied if fact.at < put][-1:]
                for fact in self.find("seal", box):
                    other = numbers and fact.detail.get("number") not in (None, *numbers)
                    bad = fact.choice == "broken" or (fact.choice == "intact" and other)
                    if fact.at >= put and bad and not self.accepted(thing, box, fact.at):
                        yield ("seal_broken", thing, fact.at)

    def order_breaks(self) -> Iterator[Found]:
        for thing in self.things():
            for what in ("custody", "storage", "thaw", "infusion_end"):
                early = [fact for fact in self.find(what, thing) if fact.at < self.born(thing)]
                yield from (("before_its_cause", thing, fact.at) for fact in early)
            infused = self.find("infusion", thing)[:1]
            for fact in infused:
                ends, thaws = self.find("infusion_end", thing)[:1], self.find("thaw", thing)[:1]
                if fact.at < self.born(thing) or (thaws and fact.at < thaws[0].at):
                    yield ("before_its_cause", thing, fact.at)
                if ends and ends[0].at < fact.at:
                    yield ("before_its_cause", thing, ends[0].at)

    def infusion_breaks(self) -> Iterator[Found]:
        bags: list[str] = []
        for fact in self.find("infusion"):
            if not fact.about:
                yield ("infusion_without_bag", "", fact.at)
                continue
            if fact.about in bags:
                yield ("given_before", fact.about, fact.at)
            bags.append(fact.about)
            if fact.about not in self.things():
                yield ("not_this_courses", fact.about, fact.at)
                continue
            labeled = self.label(fact.about, "batch")
            if fact.detail.get("batch") and labeled and fact.detail["batch"] != labeled:
                yield ("infusion_differs", fact.about, fact.at)
            part = self.label(fact.about, "part")
            if part and fact.detail.get("part") and str(fact.detail["part"]) != part:
                yield ("part_differs", fact.about, fact.at)

    @once
    def standing(self) -> set[Found]:
        """Everything that shows by now, whatever is to be given."""
        asked: list[Callable[[], Iterator[Found]]] = [
            self.therapy_breaks, self.collection_breaks, self.batch_breaks, self.label_breaks, self.check_breaks,
            self.condition_breaks, self.order_breaks, self.infusion_breaks, self.filed_elsewhere,
            self.withdrawn_breaks, self.unknown_aside, self.frozen_again,
        ]  # fmt: skip
        found = {each for ask in asked for each in ask()}
        return found | {each for thing in self.things() for each in self.custody_breaks(thing)}

    # Before giving

    def path(self, bag: str) -> set[str]:
        batch = self.label(bag, "batch")
        dins = set(self.batch_dins(batch)) | {self.label(bag, "din")}
        bags = {one for one in self.things("apheresis_bag") if self.label(one, "din") in dins - {""}}
        bags |= {one for one in self.things("apheresis_bag") if self.label(one, "din") not in self.dins}
        boxes = {box for one in {bag, *bags} for box in self.boxes(one)}
        return {"", bag, *boxes, *bags, *dins} | ({batch} if batch else set())

    def released(self, batch: str, since: int, bag: str) -> Iterator[Found]:
        for fact in self.find("disposition", batch):
            if fact.choice in ("failed", "recalled") and not self.cleared(batch, fact.at):
                yield ("batch_failed", batch, fact.at)
        said = self.find("disposition", batch)[-1:]
        if not said:
            yield ("not_released", batch, since)
        for fact in said:
            if fact.choice in ("failed", "recalled"):
                if self.cleared(batch, fact.at):
                    yield ("not_released", batch, fact.at)
                continue
            if fact.choice == "out_of_specification":
                steps = self.find("out_of_specification_consent", batch)
                by_step = {
                    step: [each for each in steps if each.detail["step"] == step][-1]
                    for step in {s.detail["step"] for s in steps}
                }
                if any(each.choice == "refused" for each in by_step.values()):
                    yield ("release_refused", batch, fact.at)
                if "consent" not in by_step or by_step["consent"].at < fact.at:
                    yield ("out_of_specification", batch, fact.at)
            failed = [
                each.at for each in self.find("release_test", batch, "failed") if not self.cleared(batch, each.at)
            ]
            if fact.choice == "out_of_specification":
                failed = [at for at in failed if at > fact.at]
            if failed:
                yield ("failed_after_release", batch, min(failed))
        issued = self.find("release_certificate", batch)
        if not issued:
            yield ("no_certificate", batch, said[0].at if said else since)
        elif issued[-1].detail.get("bags") and bag not in issued[-1].detail["bags"]:
            yield ("certificate_of_another", bag, issued[-1].at)

    def before_giving(self, bag: str, *, again: bool = True) -> set[Found]:
        """Everything that stands against giving a bag now. `again`: that it was given before is among it."""
        if bag not in self.things():
            return {("not_this_courses", bag, self.now)}
        return {each for each in self.standing() if each[1] in self.path(bag)} | set(self._due(bag, again))

    def _due(self, bag: str, again: bool) -> Iterator[Found]:
        born, batch = self.born(bag), self.label(bag, "batch")
        if again:
            yield from (("given_before", bag, fact.at) for fact in self.find("infusion", bag))
        if self.kind(bag) != "product_bag":
            yield ("not_this_courses", bag, born)
            return
        if not self.cois and not self.dins:
            yield ("no_chain_identity", bag, born)
        for fact in self.find("product_chosen")[-1:]:
            if self.product(bag) and self.product(bag) != fact.choice:
                yield ("product_differs", bag, fact.at)
        if batch:
            made = self.find("batch", batch)
            yield from self.released(batch, made[0].at if made else born, bag)
        else:
            yield ("not_released", bag, born)
        who, _, waiting, _ = self.custody(bag)
        moves = [fact for fact in self.find("custody") if self.goes_with(bag, fact)]
        if not who[-1]:
            yield ("custodian_unknown", bag, born)
        elif len(who) == 1 or waiting:
            handed = [fact.at for fact in moves if fact.choice == "handed_over" and fact.detail.get("to") == who[-1]]
            yield ("no_receipt", bag, handed[-1] if waiting else born)
        shippers = [box for box in self.boxes(bag) if self.kind(box) == "shipper"]
        alone = self.find("custody", bag, "handed_over")
        if (shippers or len(alone) > 1) and not self.files(bag):
            yield ("no_temperature_file", bag, self.came(bag))
        for box in shippers:
            put = self.put_into(bag, box)
            read = [fact for fact in self.find("seal", box) if fact.choice != "applied" and fact.at >= put]
            if not read:
                yield ("seal_not_read", bag, self.came(bag))
        yield from self.unchecked(bag, "receipt", self.came(bag), None, self.came(bag))
        yield from self.held(bag)
        bedside = [self.came(bag), *(fact.at for fact in moves if fact.choice == "handed_over")]
        bedside += [
            at
            for name in {fact.about for fact in self.find("quarantine")}
            if name in self.path(bag) or not self.knows(name)
            for at in self.references(name)
        ]
        thaws = [fact.at for fact in self.find("thaw", bag)]
        if thaws:
            put = [fact.at for fact in self.find("storage", bag) if fact.at <= thaws[-1]]
            yield from self.unchecked(bag, "thaw", thaws[-1], None, max([self.came(bag), *put]))
        else:
            yield ("thaw_not_recorded", bag, self.came(bag))
        due = max([*bedside, *thaws])
        yield from self.unchecked(bag, "bedside", due, None, due)

    def came(self, bag: str) -> int:
        """When it came to who looks at it: the last time its box was handed over, else the first time it was."""
        over = [fact for fact in self.find("custody", None, "handed_over") if self.goes_with(bag, fact)]
        boxed, alone = [fact.at for fact in over if fact.about != bag], [fact.at for fact in over]
        return max([self.born(bag), *(boxed[-1:] or alone[:1])])

    def open_quarantine(self, name: str) -> list[Fact]:
        return [fact for fact in self.find("quarantine", name)
                if fact.at not in self.references(name) and not self.cleared(name, fact.at)]  # fmt: skip

    def held(self, bag: str) -> Iterator[Found]:
        """Set aside is what it is, what it came of, and what it lay in, from when it was put there."""
        of_it = [one for one in self.path(bag) if one in self.things()]
        for name in self.path(bag) - {""}:
            left = [fact for fact in self.open_quarantine(name) if not self.cleared(bag, fact.at)]
            if self.is_box(name):
                put = min(self.put_into(one, name) for one in of_it if name in self.boxes(one))
                left = [fact for fact in left if fact.at >= put]
            if left:
                yield ("quarantined" if left[-1].choice == "placed" else "lifted_without_holder", bag, left[-1].at)

    def unknown_aside(self) -> Iterator[Found]:
        for name in {fact.about for fact in self.find("quarantine")}:
            placed = [fact.at for fact in self.open_quarantine(name) if fact.choice == "placed"]
            yield from (("quarantine_of_unknown", "", at) for at in placed if not self.knows(name))

    def frozen_again(self) -> Iterator[Found]:
        """Thawed once, and never put away after that."""
        for thing in self.things():
            thaws = [fact.at for fact in self.find("thaw", thing)]
            again = [*thaws[1:], *(fact.at for fact in self.find("storage", thing) if thaws and fact.at > thaws[0])]
            yield from (("thawed_before", thing, at) for at in again if not self.cleared(thing, at))


def chain_breaks(stated: list[Fact], now: int, gone: list[Fact]) -> dict[Found, bool]:
    """Every break of the chain at a moment, and whether two people stand in for it: what shows now, what showed when
    each bag was given, and what the holder said against its batch since.
    """
    at_last = Slow(stated, now, gone)
    found = {each: at_last.stood_in(each) for each in at_last.standing()}
    for fact in at_last.find("infusion"):
        if fact.about not in at_last.things():
            continue
        labeled = at_last.label(fact.about, "batch")
        released = set(at_last.released(labeled, 0, fact.about)) if labeled else set()
        found |= {each: False for each in released if contradicts(each[0])}
        then = Slow(stated, fact.at, gone)
        if fact.about in then.things():
            for each in then.before_giving(fact.about, again=False):
                found[each] = found.get(each, True) and then.stood_in(each)
    return found


def bare(text: str) -> str:
    """A donation number without what surrounds its 13 characters; other text as it is."""
    plain = re.sub(r"[\s=-]", "", text)
    return plain[:13] if re.fullmatch(r"[A-Z0-9]{5}[0-9]{8}", plain[:13]) and not badly_checked(text) else text


def badly_checked(text: str) -> bool:
    """Whether a number is written with a check character that is not its own."""
    plain: Any = re.fullmatch(r"([A-Z0-9]{5}[0-9]{8})([0-9A-Z*])", text)
    if plain is None:
        return False
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
    weighted = sum(order.index(each) * 2 ** (13 - n) for n, each in enumerate(plain[1]))
    return (weighted + order.index(plain[2])) % 37 != 1
