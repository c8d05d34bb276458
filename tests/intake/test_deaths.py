"""A death is never left out in silence: a fact with its time, a refusal without, the same in FHIR and in HL7 v2."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from cartway import times
from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Refused
from cartway.intake.hl7 import Feed, read_hl7
from cartway.record import validate
from cartway.toxicity import SCALES, grade, load_rules
from cartway.vocabulary import vocabulary
from intake.data_hl7.desk import ward
from intake.data_hl7.draw import OBR, PID, message, obx, result
from intake.drawn import items

EVN = "EVN|A08|20260210060000"
DIED = times.parse("2026-02-01T12:00:00+01:00")
PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p"}


def pid(time: str = "", said: str = "Y") -> str:
    return PID + "|" * 21 + f"{time}|{said}"


def adt(*segments: str, trigger: str = "A08") -> bytes:
    return message(EVN, *segments, kind=f"ADT^{trigger}")


def found(data: bytes, feed: Feed | None = None) -> Item | None:
    """What came of a death in a message: the one item that is no enrolment, discharge or result."""
    rest = [item for item in read_hl7(data, name="a.hl7", feed=feed) if not isinstance(item, Enrolment)]
    rest = [item for item in rest if not (isinstance(item, Draft) and item.fact.what != "death")]
    assert len(rest) <= 1, rest
    return rest[0] if rest else None


def problem(item: Item | None) -> str:
    assert isinstance(item, Refused), item
    return item.problem.code


def test_the_same_fact_from_both() -> None:
    item = found(adt(pid("20260201120000")))
    assert isinstance(item, Draft)
    _, other = items(PATIENT | {"deceasedDateTime": "2026-02-01T12:00:00+01:00"})
    assert isinstance(other, Draft)
    for seen in (item.fact, other.fact):
        assert (seen.what, seen.choice, seen.at, seen.said) == ("death", "", DIED, "")
        assert validate(seen, vocabulary()) is None


def test_a_day_alone_is_its_end() -> None:
    item = found(adt(pid("20260201")))
    assert isinstance(item, Draft)
    assert (item.fact.at, item.fact.said) == (times.parse("2026-02-01T23:59:59+01:00"), "20260201")
    _, other = items(PATIENT | {"deceasedDateTime": "2026-02-01"})
    assert isinstance(other, Draft)
    assert (other.fact.at, other.fact.said) == (times.parse("2026-02-01T23:59:59Z"), "2026-02-01")
    nowhere = found(adt(pid("20260201")).replace(b"+0100", b""))
    assert isinstance(nowhere, Draft) and nowhere.fact.at == other.fact.at


def test_without_a_time_it_is_refused() -> None:
    assert problem(found(adt(pid()))) == "death_without_time"
    _, other = items(PATIENT | {"deceasedBoolean": True})
    assert problem(other) == "death_without_time"
    assert len(items(PATIENT | {"deceasedBoolean": False})) == 1


@pytest.mark.parametrize(("time", "code"), [("202602", "date_without_time"), ("yesterday", "malformed_time")])
def test_with_a_time_that_cannot_be_read_too(time: str, code: str) -> None:
    assert problem(found(adt(pid(time)))) == code


def test_a_time_says_it_without_the_indicator() -> None:
    assert isinstance(found(adt(pid("20260201120000", ""))), Draft)


def test_an_indicator_against_its_time_and_one_that_is_none() -> None:
    assert problem(found(adt(pid("20260201120000", "N")))) == "death_contradicted"
    assert problem(found(adt(pid("20260201120000", "maybe")))) == "not_yes_or_no"


@pytest.mark.parametrize("said", ["N", "", "U"])
def test_the_living(said: str) -> None:
    assert found(adt(pid("", said))) is None


@pytest.mark.parametrize("trigger", ["A01", "A03", "A08", "A02", "A31"])
def test_whatever_event_it_comes_with(trigger: str) -> None:
    assert isinstance(found(adt(pid("20260201120000"), "PV1|1|I", trigger=trigger)), Draft)


def test_a_discharge_of_the_dead_that_says_no_more() -> None:
    visit = "PV1|1|I" + "|" * 34 + "20" + "|" * 9 + "20260201120000"
    assert problem(found(adt(PID, visit, trigger="A03"))) == "death_without_time"
    home = visit.replace("|20||", "|01||")
    assert found(adt(PID, home, trigger="A03")) is None


def test_a_result_that_knows_of_it() -> None:
    assert isinstance(found(message(pid("20260201120000"), OBR, obx("38.5"))), Draft)
    untimed = found(message(pid(), OBR, obx("38.5")))
    assert isinstance(untimed, Ignored) and untimed.rule == "death_without_time"


def test_a_center_may_leave_out_what_a_sender_is_known_to_state_wrongly() -> None:
    item = found(adt(pid("20260201120000")), Feed(death_without_cause=False))
    assert isinstance(item, Ignored) and item.rule == "policy_off"


def test_said_again_it_is_known_and_a_later_word_amends_it(tmp_path: Path) -> None:
    with ward(tmp_path) as here:
        here.enrol()
        first = adt(pid("20260201120000"))
        again = message(EVN.replace("0600", "0700"), pid("20260201120000"), kind="ADT^A08", control="2")
        mended = message(EVN.replace("0600", "0800"), pid("20260201110000"), kind="ADT^A08", control="3")
        assert [here.hear(sent).accepted for sent in (first, again, mended)] == [1, 0, 1]
        assert [seen.at for seen in here.facts() if seen.what == "death"] == [DIED - times.HOUR]


def test_it_ends_the_grades() -> None:
    item = found(adt(pid("20260201120000")))
    assert isinstance(item, Draft)
    start = DIED - times.DAY
    sent = result(obx("38.5", at="20260201090000"))
    seen = next(one.fact for one in read_hl7(sent, name="a") if isinstance(one, Draft))
    from cartway.record import Fact

    infusion = Fact("4711", start, "infusion", choice="axicabtagene_ciloleucel")
    episodes = grade([infusion, seen, item.fact], load_rules(), DIED + times.DAY)
    for scale, lasting in itertools.groupby(episodes, lambda episode: episode.scale):
        assert scale in SCALES
        assert [episode.end for episode in lasting][-1] == DIED
