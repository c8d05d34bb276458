"""The canonical bytes and the chain over them are frozen: a store made today must verify in ten years."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from cartway.record import Fact, chain, open_log
from cartway.record.content import Prepared, derived_key, key_hash, prepare
from record.drawing import INFUSION, append, drawn, retraction, temperature

GOLDEN_FACT = Fact(
    course="c-1", at=INFUSION, what="drug", value=0.1 + 0.2, unit="ug/kg/min", choice="norepinephrine",
    until=INFUSION + 3_600_000_000, about="line 1", event="e-1",
    detail={"z": [1, 2.0, None], "a": {"ü": True, "b": "\n"}},
    source="emr", key="k-1", said='"3" µg', amends="k-0", reason="wrong rate", corrected=True,
    source_recorded_at=INFUSION + 1,
)  # fmt: skip
GOLDEN_BYTES = (
    b'[1,"c-1",1767607200000000,1767610800000000,"drug",0.30000000000000004,"ug/kg/min","norepinephrine","line 1",'
    b'"e-1",{"a":{"b":"\\n","\xc3\xbc":true},"z":[1,2.0,null]},"emr","\\"3\\" \xc2\xb5g","k-0","wrong rate",false,true,'
    b'1767607200000001,"k-1"]'
)


def prepared(fact: Fact) -> Prepared:
    found = prepare(fact)
    assert isinstance(found, Prepared)
    return found


def test_the_canonical_bytes_are_frozen() -> None:
    assert prepared(GOLDEN_FACT).canonical == GOLDEN_BYTES


@pytest.mark.parametrize(
    ("value", "text"),
    [(38, b"38.0"), (-0.0, b"0.0"), (1e16, b"1e16"), (1e-7, b"1e-7"), (5e-324, b"5e-324"), (1.7e308, b"1.7e308")],
)
def test_numbers_have_one_spelling(value: float, text: bytes) -> None:
    assert prepared(drawn(value=value)).canonical.split(b",")[5] == text


def test_a_fact_without_anything_is_frozen() -> None:
    bare = prepared(Fact(course="c", at=-1, what="death"))
    key = "sha256:" + hashlib.sha256(b'[1,"c",-1,null,"death",null,"","","","",{},"","","","",false]').hexdigest()
    assert bare.content.key == key
    assert bare.canonical == (
        b'[1,"c",-1,null,"death",null,"","","","",{},"","","","",false,false,null,"' + key.encode() + b'"]'
    )


def test_the_link_is_frozen() -> None:
    said = GOLDEN_BYTES[:-1] + b',7,42,1767607200000002,"nurse"]'
    link = chain.link(chain.START, GOLDEN_BYTES, 7, 42, INFUSION + 2, "nurse")
    assert link == hashlib.sha256(bytes(32) + said).digest()
    assert link.hex() == "0c515005cc6d387d9644d712ca6b4b71b6ccaa88bbe43c53636718cb15892292"


def test_the_link_of_a_batch_is_frozen() -> None:
    links = [b"b" * 32, b"a" * 32]
    said = bytes(32) + b'[1,2,1767607200000000,"nurse"]' + b"a" * 32 + b"b" * 32
    assert chain.link_batch(chain.START, 1, 2, INFUSION, "nurse", links) == hashlib.sha256(said).digest()


def test_the_hash_of_a_key_is_frozen() -> None:
    assert key_hash("c-1", "emr", "k-1") == -8273777860558426877
    assert -(2**63) <= key_hash("ä", "ö", "ü") < 2**63


def test_the_marks_of_a_version_do_not_change_a_derived_key() -> None:
    assert derived_key(drawn()) == derived_key(drawn(corrected=True, source_recorded_at=5, key="x"))
    assert derived_key(drawn()) != derived_key(drawn(simulated=True))


def test_both_stores_hold_the_same_chain(sqlite_store: str, postgres_store: str) -> None:
    heads: list[Any] = []
    for url in (sqlite_store, postgres_store):
        with open_log(url) as log:
            append(
                log, temperature(38, key="1"), temperature(0.1 + 0.2, 1, course="ü", detail={"b": 1, "a": [1.5, None]})
            )
            append(log, temperature(39, key="1", corrected=True), retraction("1"), Fact("c1", -5, "death"), minute=1)
            with log.reading() as connection:
                from cartway.record import cold

                heads.append((cold.read_courses(connection), cold.last_batch(connection)))
    assert heads[0] == heads[1]
