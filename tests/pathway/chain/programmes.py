"""A machine that plays random programmes: sound steps, steps skipped and done wrong, late and corrected facts.

After every step the chain, the verdicts and the custodians are compared with `slow_chain`, which shares no code with
them, and the invariants are checked. `REACHED` counts what was played, `BROKE` which rules broke, `VERDICTS` what was
said of the bags.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cartway.pathway.chain import BreakKind, Chain, Verdict, chain, digest, may_infuse, rules
from cartway.pathway.course import Course
from cartway.record import Fact, validate
from cartway.times import HOUR, parse
from cartway.vocabulary import vocabulary

from .slow_chain import Slow, bare, chain_breaks, contradicts, vouchable

REACHED: Counter[str] = Counter()
BROKE: Counter[str] = Counter()
VERDICTS: Counter[str] = Counter()

START = parse("2026-03-02T08:00Z")
COI, OTHER_COI = "COI-7K2M", "COI-9999"
DINS = ("W000026123456", "W000026123457", "W000026123458", "W000026123459")
OTHER_DIN, BAD_DIN = "A999926000001", "W000026123465*"
PRODUCTS = {
    "own": "axicabtagene_ciloleucel",
    "split": "obecabtagene_autoleucel",
    "donor": "cemacabtagene_ansegedleucel",
}
HANDS = ("Apheresis unit", "Courier", "Holder", "Cell laboratory", "Ward")
UNIT, COURIER, HOLDER, LAB, WARD = HANDS
SIGNERS = {
    "two": (("n.okafor", "Ngozi Okafor"), ("t.lind", "Tom Lind")),
    "one": (("n.okafor", "Ngozi Okafor"),),
    "nobody": (),
    "one twice": (("n.okafor", "Ngozi Okafor"), ("n.okafor", "Ngozi Okafor")),
    "one with two accounts": (("n.okafor", "Ngozi Okafor"), ("nokafor", "ngozi  okafor")),
}
Step = tuple[str, str]
MANNERS = ("careful", "lax", "lax", "wild")
"""Careful: all is done, and things still go their ways (slots, second collections). Lax: evidence is left out, half
signed, stood in for. Wild: anything."""
signers = st.sampled_from(["two", "two", "two", *SIGNERS])


def wild(play: Programmes) -> bool:
    return play.manner == "wild"


class Programmes(RuleBasedStateMachine):
    """One course, played."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded: list[Fact] = []
        self.in_force: dict[str, Fact] = {}
        self.gone: list[Fact] = []
        self.pasts: list[tuple[int, dict[str, Fact], list[Fact], int]] = []
        self.hour = 0.0
        self.todo: list[Step] = []
        self.kind, self.manner = "own", "wild"
        self.collections = 0
        self.batches: list[str] = []

    # Recording

    def put(self, what: str, about: str = "", choice: str = "", *, event: str = "", value: float | None = None,
            back: float = 0, amends: str = "", **detail: Any) -> Fact:  # fmt: skip
        """Record a fact, true `back` hours ago. No two have the same time."""
        number = len(self.recorded) + 1
        at = START + round((self.hour - back) * HOUR) + number
        stated = {key: each for key, each in detail.items() if each not in ("", None)}
        unit, reason = "Cel" if value is not None else "", "x" if amends else ""
        made = Fact("c1", at, what, value, unit, choice, about=about, event=event, detail=stated, source="test",
                    key=f"k{number}", amends=amends, reason=reason)  # fmt: skip
        return self.record(made)

    def record(self, fact: Fact) -> Fact:
        number = len(self.recorded) + 1
        now = START + round(self.hour * HOUR) + number
        fact = msgspec.structs.replace(fact, position=number, recorded_at=now, recorded_by="x")
        if fact.what != "retraction":
            assert validate(fact, vocabulary()) is None, validate(fact, vocabulary())
        self.recorded.append(fact)
        if fact.amends in self.in_force:
            self.gone.append(self.in_force.pop(fact.amends))
        if fact.what != "retraction":
            self.in_force[fact.key] = fact
        return fact

    def sign(self, fact: Fact, who: str) -> None:
        """The signatures of what a fact's event says."""
        content = digest(
            each for each in self.in_force.values() if each.event == fact.event and each.what != "signature"
        )
        for signer, name in SIGNERS[who]:
            number = len(self.recorded) + 1
            detail = {"signer": signer, "printed_name": name, "role": "nurse", "meaning": "verified", "digest": content}
            made = Fact("c1", fact.at + number, "signature", about=fact.event, event=fact.event, detail=detail,
                        source="test", key=f"k{number}")  # fmt: skip
            self.record(made)

    def check(self, step: str, about: str, by: str, choice: str = "matched", back: float = 0, **scans: Any) -> None:
        event = f"e{len(self.recorded)}"
        self.sign(self.put("verification", about, choice, event=event, back=back, step=step, **scans), by)

    @property
    def now(self) -> int:
        return START + round(self.hour * HOUR) + len(self.recorded) + 1000

    def course(self) -> Course:
        return Course(self.recorded, self.now)

    # The programme

    @initialize(kind=st.sampled_from(["own", "own", "split", "donor"]), manner=st.sampled_from(MANNERS))
    def begins(self, kind: str, manner: str) -> None:
        self.kind, self.manner = kind, manner
        self.todo = [("identity", ""), ("order", ""), ("chosen", "")]
        self.collects()
        self.makes(1)

    def collects(self) -> None:
        din = DINS[self.collections]
        self.collections += 1
        names = ["collection_start", "collection_end"]
        if self.kind != "donor":
            names = ["collection_check", *names, "apheresis_bag", "label_check", "to_holder"]
        self.todo += [(name, din) for name in names]

    def makes(self, number: int) -> None:
        batch = f"B{number}"
        self.batches.append(batch)
        names = ("batch", "bags", "disposition", "certificate", "shipper", "pack", "seal", "pickup", "arrival",
                 "receipt", "seal_read", "temperature", "receipt_check", "store")  # fmt: skip
        self.todo += [(name, batch) for name in names]
        for bag in self.bags(batch):
            self.todo += [(name, bag) for name in ("thaw_check", "thaw", "to_ward", "bedside", "infuse", "end")]

    def bags(self, batch: str) -> tuple[str, ...]:
        return (f"{batch}-1", f"{batch}-2") if self.kind == "split" else (f"{batch}-1",)

    def do(self, step: Step, how: str = "sound", by: str = "two", back: float = 0) -> None:
        name, thing = step
        REACHED[f"{name}: {how}"] += 1
        DOES[name](self, thing, how, by, back)
        self.hour += 1.5

    # Sound steps, and none

    @rule(many=st.integers(1, 6))
    def goes_on(self, many: int) -> None:
        for _ in range(many):
            if self.todo:
                self.do(self.todo.pop(0))

    @rule(many=st.integers(8, 30))
    def goes_on_for_long(self, many: int) -> None:
        self.goes_on(many)

    @rule()
    def goes_on_to_the_infusion(self) -> None:
        """Until the next bag could be given."""
        while self.todo and self.todo[0][0] != "infuse":
            self.do(self.todo.pop(0))

    @precondition(lambda self: self.todo and self.manner != "careful")
    @rule(data=st.data(), by=signers)
    def goes_wrong(self, data: st.DataObject, by: str) -> None:
        step = self.todo.pop(0)
        ways = [how for how in WRONG.get(step[0], ()) if self.manner == "wild" or how in LAX]
        self.do(step, data.draw(st.sampled_from(["sound", *ways])), by)

    @precondition(lambda self: self.todo and self.manner != "careful")
    @rule()
    def is_skipped(self) -> None:
        REACHED[f"{self.todo[0][0]}: skipped"] += 1
        self.todo.pop(0)

    @precondition(wild)
    @rule(back=st.floats(1, 200))
    def is_recorded_for_the_past(self, back: float) -> None:
        """A late entry: it is true for a time long ago, recorded now."""
        if self.todo:
            self.do(self.todo.pop(0), back=round(back, 2))

    @precondition(lambda self: len(self.todo) > 2 and self.manner == "wild")
    @rule(data=st.data())
    def comes_before_its_turn(self, data: st.DataObject) -> None:
        self.do(self.todo.pop(data.draw(st.integers(1, min(len(self.todo) - 1, 8)))))

    @rule(hours=st.sampled_from([1, 24, 240]))
    def time_passes(self, hours: int) -> None:
        self.hour += hours

    # What else happens

    @precondition(lambda self: self.collections < len(DINS))
    @rule(why=st.sampled_from(["recollect", "remanufacture", "switch_product"]))
    def is_collected_or_made_again(self, why: str) -> None:
        """The identifier is kept; a switch brings the new holder's."""
        REACHED[why] += 1
        self.put("apheresis_request", choice=why)
        if why != "remanufacture":
            self.collects()
        if why == "switch_product" and COI in {each.about for each in self.in_force.values()}:
            self.put("chain_identity", OTHER_COI, coi=OTHER_COI)
        self.makes(len(self.batches) + 1)

    @rule(what=st.sampled_from(["manufacturing_slot", "appointment"]))
    def a_slot_is_lost(self, what: str) -> None:
        """What is planned is no evidence: nothing about the chain changes."""
        before = broken(chain(self.course()))
        choice = "lost" if what == "manufacturing_slot" else "collection"
        self.put(what, "slot-1", choice)
        REACHED[f"lost: {what}"] += 1
        assert broken(chain(Course(self.recorded, self.now - 1))) == before

    @precondition(wild)
    @rule(
        thing=st.sampled_from(["batch", "bag", "box", "collected", "donation", "unknown"]),
        written=st.sampled_from(["{}", "{}", " {} "]),
        back=st.sampled_from([0, 0, 300]),
        data=st.data(),
    )
    def is_set_aside(self, thing: str, written: str, back: float, data: st.DataObject) -> None:
        """By whatever name, in whatever spelling."""
        name = self.some(thing, data)
        self.put("quarantine", written.format(name if written == "{}" else name.lower()), "placed", back=back)
        REACHED["quarantine: placed"] += 1

    @rule(
        thing=st.sampled_from(["bag", "bag", "batch", "box", "collected", "donation", "unknown"]),
        reference=st.sampled_from(["H-1", "H-1", ""]),
        data=st.data(),
    )
    def is_cleared(self, thing: str, reference: str, data: st.DataObject) -> None:
        self.put("quarantine", self.some(thing, data), "lifted", holder_reference=reference)
        REACHED[f"quarantine: lifted {'by the holder' if reference else 'by the site'}"] += 1

    def some(self, kind: str, data: st.DataObject) -> str:
        batch = data.draw(st.sampled_from(self.batches))
        bag = data.draw(st.sampled_from(self.bags(batch)))
        return {
            "batch": batch,
            "bag": bag,
            "box": f"S-{batch}",
            "collected": f"A-{DINS[0]}",
            "donation": DINS[0],
            "unknown": "X-9",
        }[kind]

    @precondition(wild)
    @rule(
        thing=st.sampled_from(["batch", "bag", "box", "donation", "unknown"]),
        step=st.sampled_from(["receipt", "bedside", "transfer", ""]),
        band=st.sampled_from(["this course", "another", "Other"]),
        choice=st.sampled_from(["matched", "mismatched"]),
        data=st.data(),
    )
    def a_check_is_filed_elsewhere(self, thing: str, step: str, band: str, choice: str, data: st.DataObject) -> None:
        """Under a name or a step where nobody would look for it."""
        number = len(self.recorded)
        self.put("verification", self.some(thing, data), choice, event=f"e{number}", step=step, band=band)
        REACHED[f"a check filed elsewhere: {choice}, band {band}"] += 1

    @precondition(wild)
    @rule(data=st.data(), what=st.sampled_from(["thaw", "storage"]))
    def is_thawed_or_put_away(self, data: st.DataObject, what: str) -> None:
        self.put(what, self.some("bag", data), "started" if what == "thaw" else "put")
        REACHED[f"by chance: {what}"] += 1

    @precondition(wild)
    @rule(
        data=st.data(),
        choice=st.sampled_from(["failed", "recalled", "released", "released_pending", "out_of_specification"]),
    )
    def is_disposed_of_anew(self, data: st.DataObject, choice: str) -> None:
        self.put("disposition", data.draw(st.sampled_from(self.batches)), choice)
        REACHED[f"disposition anew: {choice}"] += 1

    @precondition(wild)
    @rule(
        data=st.data(),
        choice=st.sampled_from(["passed", "failed"]),
        test=st.sampled_from(["sterility", "vcn"]),
        back=st.sampled_from([0, 0, 300]),
    )
    def a_late_result_comes(self, data: st.DataObject, choice: str, test: str, back: float) -> None:
        batch = data.draw(st.sampled_from(self.batches))
        self.put("release_test", batch, choice, back=back, test=test, after_release=True)
        REACHED[f"result: {choice}"] += 1

    @rule(
        data=st.data(),
        step=st.sampled_from(["consent", "consent", "board"]),
        choice=st.sampled_from(["given", "given", "refused"]),
    )
    def consent_to_what_is_out_of_specification(self, data: st.DataObject, step: str, choice: str) -> None:
        self.put("out_of_specification_consent", data.draw(st.sampled_from(self.batches)), choice, step=step)
        REACHED[f"out of specification, {step}: {choice}"] += 1

    @precondition(wild)
    @rule(
        data=st.data(),
        giver=st.sampled_from(HANDS),
        taker=st.sampled_from(HANDS),
        choice=st.sampled_from(["handed_over", "handed_over", "received", "refused"]),
    )
    def goes_from_hand_to_hand(self, data: st.DataObject, giver: str, taker: str, choice: str) -> None:
        thing = data.draw(st.sampled_from(["bag", "box", "collected"]))
        self.put("custody", self.some(thing, data), choice, **{"from": giver, "to": taker})
        REACHED[f"by chance {choice}"] += 1

    @rule(data=st.data(), by=signers)
    def two_people_stand_in(self, data: st.DataObject, by: str) -> None:
        """For what stands against the next bag, or for anything."""
        bag = data.draw(st.sampled_from([bag for batch in self.batches for bag in self.bags(batch)]))
        gaps = [(each.code, each.container) for each in may_infuse(self.course(), bag).because]
        code, thing = data.draw(st.sampled_from(gaps or [("bedside_not_checked", bag)]))
        text = data.draw(st.sampled_from(["read aloud", "read aloud", ""]))
        event = f"e{len(self.recorded)}"
        self.sign(self.put("stand_in", thing, event=event, gap=code, text=text), by)
        REACHED[f"stand-in for {'what contradicts' if contradicts(code) else 'what is missing'}, signed by {by}"] += 1

    @precondition(lambda self: bool(self.todo) and self.todo[0][0] == "infuse" and self.manner != "careful")
    @rule()
    def everything_missing_is_stood_in_for(self) -> None:
        for bag in [bag for batch in self.batches for bag in self.bags(batch)]:
            for each in may_infuse(self.course(), bag).because:
                if each.may_stand_in:
                    event = f"e{len(self.recorded)}"
                    self.sign(
                        self.put("stand_in", each.container, event=event, gap=each.code, text="by telephone"), "two"
                    )
        REACHED["stand-ins for everything"] += 1

    # Corrections

    @precondition(lambda self: self.in_force and self.manner != "careful")
    @rule(data=st.data())
    def is_retracted(self, data: st.DataObject) -> None:
        fact = self.in_force[data.draw(st.sampled_from(sorted(self.in_force)))]
        self.put("retraction", amends=fact.key)
        REACHED["retracted"] += 1

    @precondition(lambda self: self.in_force and self.manner == "wild")
    @rule(data=st.data(), hours=st.sampled_from([-300, -30, 30, 300]))
    def its_time_is_amended(self, data: st.DataObject, hours: int) -> None:
        fact = self.in_force[data.draw(st.sampled_from(sorted(self.in_force)))]
        number = len(self.recorded) + 1
        self.record(
            msgspec.structs.replace(
                fact, at=fact.at + hours * HOUR + number, key=f"k{number}", amends=fact.key, reason="x"
            )
        )
        REACHED["time amended"] += 1

    @precondition(lambda self: self.in_force and self.manner == "wild")
    @rule(data=st.data())
    def its_words_are_amended(self, data: st.DataObject) -> None:
        """To what is right, or to what is wrong."""
        keys = {"coi": (COI, OTHER_COI), "din": (DINS[0], DINS[1], OTHER_DIN, BAD_DIN), "text": ("again",),
                "band": ("this course", "another"), "batch": ("B1", "B2"), "bag": ("B1-1", "B9-9")}  # fmt: skip
        able = sorted(name for name, fact in self.in_force.items() if set(fact.detail) & set(keys))
        if not able:
            return
        fact = self.in_force[data.draw(st.sampled_from(able))]
        key = data.draw(st.sampled_from(sorted(set(fact.detail) & set(keys))))
        if fact.what in ("chain_identity", "batch", "infusion"):
            return  # what a thing is called is its `about`
        number = len(self.recorded) + 1
        detail = {**fact.detail, key: data.draw(st.sampled_from(keys[key]))}
        self.record(
            msgspec.structs.replace(
                fact, detail=detail, key=f"k{number}", at=fact.at + number, amends=fact.key, reason="x"
            )
        )
        REACHED["words amended"] += 1

    @precondition(lambda self: self.pasts)
    @rule(data=st.data())
    def one_looks_back(self, data: st.DataObject) -> None:
        """As it was known at an earlier moment: what was recorded since is not there."""
        known, in_force, gone, now = data.draw(st.sampled_from(self.pasts))
        told = chain(Course(self.recorded, now, known_at=known))
        agree(broken(told), chain_breaks(list(in_force.values()), now, gone))
        REACHED["looked back"] += 1

    @rule(turn=st.randoms(use_true_random=False))
    def it_arrives_in_another_order(self, turn: Any) -> None:
        other = list(self.recorded)
        turn.shuffle(other)
        assert broken(chain(Course(other, self.now))) == broken(chain(self.course()))
        REACHED["in another order"] += 1

    @rule()
    def one_asks_of_a_bag_that_nobody_entered(self) -> None:
        verdict = may_infuse(self.course(), "B9-9")
        assert [each.code for each in verdict.because] == ["not_this_courses"]
        REACHED["asked of an unknown bag"] += 1

    # What must hold after every step

    @invariant()
    def the_slow_model_agrees(self) -> None:
        course, stated = self.course(), list(self.in_force.values())
        told, slow = chain(course), Slow(stated, self.now, self.gone)
        agree(broken(told), chain_breaks(stated, self.now, self.gone))
        for thing in slow.things():
            assert [each.who for each in told.hands[thing]] == slow.custody(thing)[0], thing
        for bag in slow.things("product_bag"):
            verdict = may_infuse(course, bag)
            found = {each: slow.stood_in(each) for each in slow.before_giving(bag)}
            agree(dict.fromkeys(against(verdict), False), {each: stood for each, stood in found.items() if not stood})
            self.holds_of(verdict, told, slow, bag)
        self.each_container_has_exactly_one_custodian(told)
        self.what_contradicts_is_never_stood_in_for(told)
        BROKE.update(each.code for each in told.breaks)
        self.pasts.append(
            (self.recorded[-1].recorded_at or 0 if self.recorded else 0, dict(self.in_force), list(self.gone), self.now)
        )

    def holds_of(self, verdict: Verdict, told: Chain, slow: Slow, bag: str) -> None:
        """The invariants, said straight."""
        VERDICTS[
            "allowed, stood in"
            if verdict.stand_ins and verdict.allowed
            else "allowed"
            if verdict.allowed
            else "contradicted"
            if verdict.contradicted
            else "incomplete"
        ] += 1
        BROKE.update(f"against giving: {each.code}" for each in verdict.because)
        if not verdict.allowed:
            assert verdict.because
            return
        assert not slow.find("infusion", bag), "given twice"
        if slow.cois:  # else two people stand in for the identifier, or it would not be allowed
            assert set(slow.labels(bag, "coi")) <= set(slow.cois)
        for check in slow.checks(bag, "bedside"):
            assert check.detail.get("band") != "another" or slow.cleared(bag, check.at)
        for fact in [*self.in_force.values(), *self.gone]:
            if fact.what == "quarantine" and fact.choice == "placed" and fact.at <= self.now:
                name = fact.about.replace(" ", "").upper()
                assert name not in (bag, bag[:2]) or slow.cleared(bag, fact.at) or slow.cleared(name, fact.at)
            if fact.what == "disposition" and fact.choice == "recalled" and fact.at <= self.now:
                assert fact.about != slow.label(bag, "batch") or slow.cleared(fact.about, fact.at)
        assert all(len(each.signers) >= 2 and each.reason for each in verdict.stand_ins)
        assert bool(verdict.shout) == bool(verdict.stand_ins)
        last = slow.find("disposition", slow.label(bag, "batch"))[-1]
        assert last.choice in ("released", "released_pending", "out_of_specification")
        assert told.custodians[bag].who

    def each_container_has_exactly_one_custodian(self, told: Chain) -> None:
        assert set(told.hands) == set(told.custodians)
        for hands in told.hands.values():
            assert [each.until for each in hands[:-1]] == [each.since for each in hands[1:]]
            assert hands[-1].until is None

    def what_contradicts_is_never_stood_in_for(self, told: Chain) -> None:
        for each in told.breaks:
            assert (each.kind is BreakKind.contradictory) == contradicts(each.code)
            assert each.may_stand_in == vouchable(each.code) == rules()[each.code].stand_in
            assert each.stood_in_by is None or each.may_stand_in


def broken(told: Chain) -> dict[tuple[str, str, int], bool]:
    """The breaks of a chain, and which are stood in for."""
    return {(each.code, each.container, each.at): each.stood_in_by is not None for each in told.breaks}


def agree(told: dict[tuple[str, str, int], bool], slow: dict[tuple[str, str, int], bool]) -> None:
    """Both say the same; where they do not, what each says (None: nothing)."""
    differ = {each: (told.get(each), slow.get(each)) for each in {*told, *slow} if told.get(each) != slow.get(each)}
    assert not differ, differ


def against(verdict: Verdict) -> Iterable[tuple[str, str, int]]:
    return ((each.code, each.container, each.at) for each in verdict.because)


# How each step is done: soundly, or wrong in one of these ways

Does = Callable[[Programmes, str, str, str, float], None]


def _identity(play: Programmes, thing: str, how: str, by: str, back: float) -> None:
    play.put("chain_identity", COI, coi=COI, back=back)
    if how == "twice":
        play.put("chain_identity", OTHER_COI, coi=OTHER_COI, back=back)


def _order(play: Programmes, thing: str, how: str, by: str, back: float) -> None:
    play.put("product_order", "O-1", "placed", order="O-1", coi=OTHER_COI if how == "another's" else COI, back=back)


def _chosen(play: Programmes, thing: str, how: str, by: str, back: float) -> None:
    play.put("product_chosen", choice=PRODUCTS["donor" if how == "another" else play.kind], back=back)


def _collection_check(play: Programmes, din: str, how: str, by: str, back: float) -> None:
    band = {"another's band": "another", "band not read": "not read"}.get(how, "this course")
    play.check("collection", din, by, back=back, band=band, din=OTHER_DIN if how == "another number" else din)


def _collection(choice: str) -> Does:
    def does(play: Programmes, din: str, how: str, by: str, back: float) -> None:
        donor = {"donor": "D-5"}.get(play.kind, "self")
        donor = {"no donor": "", "the patient": "self", "another donor": "D-9"}.get(how, donor)
        coi = OTHER_COI if how == "another's" else COI
        play.put("collection", "", "failed" if how == "fails" else choice, din=din, coi=coi, donor=donor, back=back)

    return does


def _apheresis_bag(play: Programmes, din: str, how: str, by: str, back: float) -> None:
    number = {"another number": OTHER_DIN, "wrong check": BAD_DIN, "no number": ""}.get(how, din)
    coi = {"another identifier": OTHER_COI, "no identifier": ""}.get(how, COI)
    name = {"another's name": "another", "name not read": "not read"}.get(how, "this course")
    play.put(
        "container", f"A-{din}", "apheresis_bag", coi=coi, din=number, custodian=UNIT, patient_matches=name, back=back
    )


def _label_check(play: Programmes, din: str, how: str, by: str, back: float) -> None:
    number = {"another number": OTHER_DIN, "number not read": ""}.get(how, din)
    play.check("label", f"A-{din}", by, back=back, din=number)


def _moved(play: Programmes, thing: str, how: str, back: float, *hands: str) -> None:
    """From hand to hand, each receipt after its hand-over."""
    for giver, taker in pairwise(hands):
        first = {"from a stranger": "Depot", "from who gave it away": UNIT}.get(how, giver)
        play.put("custody", thing, "handed_over", back=back, **{"from": first, "to": taker})
        if how != "no receipt":
            play.put("custody", thing, "refused" if how == "refused" else "received", back=back, to=taker)


def _to_holder(play: Programmes, din: str, how: str, by: str, back: float) -> None:
    _moved(play, f"A-{din}", how, back, UNIT, COURIER, HOLDER)


def _batch(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    dins = {"another donation": [OTHER_DIN], "wrong check": [BAD_DIN], "no donation": []}.get(
        how, list(DINS[: play.collections])
    )
    coi = OTHER_COI if how == "another identifier" else COI
    play.put("batch", batch, coi=coi, dins=dins or None, product=PRODUCTS[play.kind], back=back)


def _bags(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    for number, bag in enumerate(play.bags(batch), start=1):
        coi = {"another identifier": OTHER_COI, "no identifier": ""}.get(how, COI)
        name = {"another's name": "another", "name not read": "not read"}.get(how, "this course")
        product = PRODUCTS["donor" if how == "another product" else play.kind]
        part = number if play.kind == "split" else None
        label = "" if how == "no batch" else batch
        play.put("container", bag, "product_bag", coi=coi, batch=label, product=product, custodian=HOLDER, part=part,
                 patient_matches=name, din=OTHER_DIN if how == "another number" else "", back=back)  # fmt: skip


def _disposition(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    play.put("disposition", batch, "released" if how == "sound" else how, back=back)


def _certificate(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    named = "B9" if how == "another batch" else batch
    bags = ["B9-9"] if how == "another bag" else list(play.bags(batch))
    coi = OTHER_COI if how == "another identifier" else COI
    play.put("release_certificate", batch, number=f"C-{batch}", coi=coi, batch=named, bags=bags, back=back)


def _shipper(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    play.put(
        "container", f"S-{batch}", "shipper", custodian=COURIER if how == "with the courier" else HOLDER, back=back
    )


def _pack(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    for bag in play.bags(batch):
        label = "B9" if how == "another batch" else batch
        play.put("container", bag, "product_bag", batch=label, parent=f"S-{batch}", custodian=HOLDER, back=back)


def _seal(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    play.put("seal", f"S-{batch}", "applied", number="S1", back=back)


def _pickup(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    _moved(play, f"S-{batch}", how, back, HOLDER, COURIER)


def _arrival(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    play.put("custody", f"S-{batch}", "handed_over", back=back, **{"from": COURIER, "to": LAB})


def _receipt(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    play.put("custody", f"S-{batch}", "refused" if how == "refused" else "received", back=back, to=LAB)


def _seal_read(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    choice, number = ("broken", "") if how == "broken" else ("intact", "S2" if how == "another" else "S1")
    play.put("seal", f"S-{batch}", choice, number=number, back=back)


def _temperature(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    play.put("temperature_log", f"S-{batch}", value=-120 if how == "too warm" else -158, limit_cel=-150, back=back,
             minutes_above=0, gap_min=400 if how == "a gap" else 10, logger="L1", leg="product")  # fmt: skip


def _receipt_check(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    for bag in play.bags(batch):
        read = {"another bag": "B9-9", "not read": ""}.get(how, bag)
        play.check("receipt", bag, by, back=back, bag=read, batch=batch)


def _store(play: Programmes, batch: str, how: str, by: str, back: float) -> None:
    for bag in play.bags(batch):
        play.put("storage", bag, "put", tank="T1", position=bag, back=back)


def _thaw_check(play: Programmes, bag: str, how: str, by: str, back: float) -> None:
    play.check("thaw", bag, by, back=back, bag="B9-9" if how == "another bag" else bag, batch=bag[:2])


def _thaw(play: Programmes, bag: str, how: str, by: str, back: float) -> None:
    play.put("thaw", bag, "started", back=back)


def _to_ward(play: Programmes, bag: str, how: str, by: str, back: float) -> None:
    _moved(play, bag, how, back, LAB, WARD)


def _bedside(play: Programmes, bag: str, how: str, by: str, back: float) -> None:
    scans = {"band": "this course", "bag": bag, "coi": COI, "batch": bag[:2], "certificate": f"C-{bag[:2]}"}
    scans |= {
        "another's band": {"band": "another"}, "band not read": {"band": "not read"}, "another bag": {"bag": "B9-9"},
        "another batch": {"batch": "B9"}, "another certificate": {"certificate": "C-9"},
        "no certificate": {"certificate": ""},
    }.get(how, {})  # fmt: skip
    play.check(
        "bedside", bag, by, {"says so": "mismatched", "not all": "incomplete"}.get(how, "matched"), back, **scans
    )


def _infuse(play: Programmes, bag: str, how: str, by: str, back: float) -> None:
    """Given, whatever the verdict: the record says what happened."""
    about = {"without the bag": "", "another bag": "B9-9"}.get(how, bag)
    batch = "B9" if how == "another batch" else bag[:2]
    part = {"1": 2, "2": 1}[bag[-1]] if how == "another part" else int(bag[-1])
    play.put(
        "infusion", about, PRODUCTS[play.kind], batch=batch, part=part if play.kind == "split" else None, back=back
    )
    if how == "again":
        play.put("infusion", about, PRODUCTS[play.kind], back=back)


def _end(play: Programmes, bag: str, how: str, by: str, back: float) -> None:
    play.put("infusion_end", bag, back=back)


DOES: dict[str, Does] = {
    "identity": _identity, "order": _order, "chosen": _chosen, "collection_check": _collection_check,
    "collection_start": _collection("started"), "collection_end": _collection("completed"),
    "apheresis_bag": _apheresis_bag, "label_check": _label_check, "to_holder": _to_holder, "batch": _batch,
    "bags": _bags, "disposition": _disposition, "certificate": _certificate, "shipper": _shipper, "pack": _pack,
    "seal": _seal, "pickup": _pickup, "arrival": _arrival, "receipt": _receipt, "seal_read": _seal_read,
    "temperature": _temperature, "receipt_check": _receipt_check, "store": _store, "thaw_check": _thaw_check,
    "thaw": _thaw, "to_ward": _to_ward, "bedside": _bedside, "infuse": _infuse, "end": _end,
}  # fmt: skip
WRONG: dict[str, tuple[str, ...]] = {
    "identity": ("twice",),
    "order": ("another's",),
    "chosen": ("another",),
    "collection_check": ("another's band", "band not read", "another number"),
    "collection_start": ("another's",),
    "collection_end": ("fails", "no donor", "the patient", "another donor"),
    "apheresis_bag": (
        "another number", "wrong check", "no number", "another identifier", "no identifier", "another's name",
        "name not read",
    ),
    "label_check": ("another number", "number not read"),
    "to_holder": ("from a stranger", "from who gave it away", "no receipt", "refused"),
    "batch": ("another donation", "wrong check", "no donation", "another identifier"),
    "bags": (
        "another identifier", "no identifier", "another's name", "name not read", "another product", "no batch",
        "another number",
    ),
    "disposition": ("failed", "out_of_specification", "released_pending"),
    "certificate": ("another batch", "another bag", "another identifier"),
    "shipper": ("with the courier",),
    "pack": ("another batch",),
    "pickup": ("from a stranger", "no receipt"),
    "receipt": ("refused",),
    "seal_read": ("broken", "another"),
    "temperature": ("too warm", "a gap"),
    "receipt_check": ("another bag", "not read"),
    "thaw_check": ("another bag",),
    "to_ward": ("from a stranger", "from who gave it away", "no receipt"),
    "bedside": (
        "another's band", "band not read", "another bag", "another batch", "another certificate", "no certificate",
        "says so", "not all",
    ),
    "infuse": ("without the bag", "another bag", "another batch", "another part", "again"),
}  # fmt: skip


LAX = frozenset({
    "band not read", "no number", "no identifier", "name not read", "number not read", "from a stranger", "no receipt",
    "no donation", "no batch", "out_of_specification", "released_pending", "a gap", "not read", "no certificate",
    "not all", "without the bag",
})  # fmt: skip
"""The ways that leave something out and contradict nothing."""


def counts() -> str:
    """What was played, what broke and what was said of the bags, each with how often."""
    lines = ["Played:"]
    for title, counter in (("", REACHED), ("Broke:", BROKE), ("Said of bags:", VERDICTS)):
        lines += [title] if title else []
        lines += [f"  {count:8,}  {name}" for name, count in sorted(counter.items())]
    return "\n".join(lines)


assert bare("W0000 26 123456") == DINS[0]
