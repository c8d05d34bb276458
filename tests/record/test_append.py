"""The rules of the key: what is known, what amends, what is refused; on both stores."""

from __future__ import annotations

import math

import pytest

from cartway.record import Accepted, Fact, Known, Refused, current, open_log
from cartway.record.content import key_hash
from cartway.record.errors import UnknownStore, WrongKind
from cartway.times import HOUR, MINUTE
from record.drawing import INFUSION, append, codes, drawn, retraction, temperature, values


def test_a_batch_gets_positions_in_order_without_a_gap(store_url: str) -> None:
    with open_log(store_url) as log:
        assert log.position() == 0
        assert append(log, temperature(38), temperature(39, 1)).outcomes == (Accepted(1), Accepted(2))
        assert append(log, temperature(38, 2), temperature(39, 3, course="c2")).outcomes == (Accepted(3), Accepted(4))
        assert log.position() == 4
        assert log.courses() == ["c1", "c2"]


def test_a_fact_comes_back_as_it_was_given_with_what_the_store_adds(store_url: str) -> None:
    given = Fact(
        course="c1", at=INFUSION, what="drug", value=0.05, unit="ug/kg/min", choice="norepinephrine",
        until=INFUSION + 5, about="line 1", event="e1", detail={"route": "iv", "n": [1, 2.5, None, {"a": "ä€😀"}]},
        source="emr", key="k1", said="3 ug/min", reason="r", corrected=True, source_recorded_at=INFUSION - 1,
    )  # fmt: skip
    with open_log(store_url) as log:
        append(log, given)
    with open_log(store_url, create=False) as log:
        (read,) = log.facts("c1")
    assert (read.recorded_at, read.recorded_by, read.position) == (INFUSION, "nurse", 1)
    assert read == Fact(
        **{name: getattr(given, name) for name in given.__struct_fields__[:-3]},
        recorded_at=INFUSION,
        recorded_by="nurse",
        position=1,
    )


def test_the_same_row_without_a_key_is_known(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38))
        assert append(log, temperature(38), temperature(38.1)).outcomes == (Known(1), Accepted(2))
        assert log.facts("c1")[0].key.startswith("sha256:")


def test_the_same_key_with_the_same_content_is_known_also_within_a_batch(store_url: str) -> None:
    with open_log(store_url) as log:
        fact = temperature(38, source="lab", key="1")
        assert append(log, fact, fact).outcomes == (Accepted(1), Known(1))
        assert append(log, fact).outcomes == (Known(1),)


def test_another_content_under_the_same_key_is_a_conflict(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38, source="lab", key="1"))
        receipt = append(log, temperature(39, source="lab", key="1"), temperature(37, source="lab", key="2"))
        assert codes(receipt) == ["conflict", "accepted"]
        assert values(current(log.facts("c1"))) == [37, 38] or values(current(log.facts("c1"))) == [38, 37]


def test_keys_are_the_source_s_own_and_the_course_s(store_url: str) -> None:
    with open_log(store_url) as log:
        receipt = append(
            log,
            temperature(38, source="lab", key="1"),
            temperature(39, source="ward", key="1"),
            temperature(40, source="lab", key="1", course="c2"),
        )
        assert codes(receipt) == ["accepted"] * 3


def test_a_corrected_or_newer_version_amends(store_url: str) -> None:
    with open_log(store_url) as log:
        append(
            log, temperature(38, source="lab", key="1"), temperature(36, source="lab", key="2", source_recorded_at=1)
        )
        receipt = append(
            log,
            temperature(39, source="lab", key="1", corrected=True),
            temperature(37, source="lab", key="2", source_recorded_at=2),
        )
        assert codes(receipt) == ["accepted", "accepted"]
        assert values(current(log.facts("c1"))) == [37, 39]
        assert len(log.facts("c1")) == 4
        assert sorted(log.columns("c1").value.tolist()) == [37, 39]


def test_a_late_replay_of_an_old_version_does_not_undo_a_newer_one(store_url: str) -> None:
    with open_log(store_url) as log:
        versions = [temperature(38 + n, source="lab", key="1", source_recorded_at=n) for n in range(3)]
        append(log, versions[0], versions[2])
        assert codes(append(log, versions[1])) == ["stale_version"]
        assert codes(append(log, *versions)) == ["known", "stale_version", "known"]
        assert values(current(log.facts("c1"))) == [40]


def test_a_stream_of_corrections_can_be_replayed(store_url: str) -> None:
    """38, no 39, no after all 38: and the same three messages again change nothing."""
    with open_log(store_url) as log:
        stream = [
            temperature(38, source="lab", key="1"),
            temperature(39, source="lab", key="1", corrected=True),
            temperature(38, source="lab", key="1", corrected=True),
        ]
        assert codes(append(log, *stream)) == ["accepted"] * 3
        assert append(log, *stream).outcomes == (Known(1), Known(2), Known(3))
        assert values(current(log.facts("c1"))) == [38]


def test_of_two_amendments_the_later_recorded_wins_and_both_stay_visible(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38, key="1"))
        append(log, temperature(40, key="2", amends="1"), minute=1)
        append(log, temperature(39, key="3", amends="1"), minute=2)
        assert values(log.facts("c1")) == [38, 40, 39]
        assert values(current(log.facts("c1"))) == [39]
        assert log.columns("c1").value.tolist() == [39]
        assert values(current(log.facts("c1"), known_at=INFUSION + 60_000_000)) == [40]
        assert values(current(log.facts("c1"), known_at=INFUSION)) == [38]
        assert values(log.facts("c1", known_at=INFUSION)) == [38]


def test_a_retraction_is_a_fact_and_takes_its_statement_out_of_force(store_url: str) -> None:
    with open_log(store_url) as log:
        receipt = append(log, temperature(38, key="1"), temperature(39, 1, key="2"), retraction("1"))
        assert codes(receipt) == ["accepted"] * 3
        assert len(log.facts("c1")) == 3
        assert values(current(log.facts("c1"))) == [39]
        assert log.columns("c1").position.tolist() == [2]


def test_what_was_retracted_can_be_stated_anew(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38, key="1"), retraction("1"), temperature(37, key="1", corrected=True))
        assert values(current(log.facts("c1"))) == [37]
        assert log.columns("c1").value.tolist() == [37]


def test_amends_means_the_own_source_s_fact_first_and_else_the_only_one(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38, source="lab", key="1"), temperature(39, source="ward", key="1"))
        receipt = append(log, retraction("1", source="lab"), retraction("1", source="desk"), retraction("none"))
        assert codes(receipt) == ["accepted", "ambiguous_amends", "unknown_amends"]
        assert values(current(log.facts("c1"))) == [39]
        append(log, temperature(36, source="lab", key="9"))
        assert codes(append(log, retraction("9", source="desk"))) == ["accepted"]
        assert values(current(log.facts("c1"))) == [39] == log.columns("c1").value.tolist()


def test_a_retraction_of_nothing_is_refused(store_url: str) -> None:
    with open_log(store_url) as log:
        assert codes(append(log, retraction(""))) == ["unknown_amends"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"value": math.nan}, "not_a_number"),
        ({"value": math.inf}, "not_a_number"),
        ({"detail": {"a": [{"b": math.nan}]}}, "not_a_number"),
        ({"value": "38"}, "wrong_type"),
        ({"value": "high"}, "wrong_type"),
        ({"at": 1.5}, "wrong_type"),
        ({"at": 2**63}, "wrong_type"),
        ({"until": INFUSION - 1}, "ends_before_start"),
        ({"course": ""}, "wrong_type"),
        ({"course": None}, "wrong_type"),
        ({"what": ""}, "wrong_type"),
        ({"source": "x" * 501}, "too_long"),
        ({"reason": "x" * 4001}, "too_long"),
        ({"said": "a\0b"}, "forbidden_character"),
        ({"said": "a\\u0000b"}, "accepted"),
        ({"detail": {"a\0": 1}}, "forbidden_character"),
        ({"detail": {"a": "\ud800"}}, "wrong_type"),
        ({"detail": {"a": object()}}, "wrong_type"),
        ({"detail": {"a": "ä" * 8200}}, "too_long"),
        ({"detail": [1]}, "wrong_type"),
    ],
)  # fmt: skip
def test_what_breaks_the_limits_is_refused_and_does_not_hold_up_the_rest(
    store_url: str, wrong: dict[str, object], code: str
) -> None:
    with open_log(store_url) as log:
        receipt = append(log, temperature(37, 1), drawn(**wrong), temperature(39, 2))
        assert codes(receipt) == ["accepted", code, "accepted"]
        assert log.verify().ok


def test_a_deep_detail_is_refused(store_url: str) -> None:
    detail: dict[str, object] = {}
    for _ in range(100_000):
        detail = {"a": detail}
    with open_log(store_url) as log:
        assert codes(append(log, temperature(38, detail=detail))) == ["wrong_type"]


def test_problems_never_quote_the_content(store_url: str) -> None:
    name_of_patient = "Jane-Roe-1970"
    with open_log(store_url) as log:
        append(log, temperature(38, key=name_of_patient, source="lab"))
        receipt = append(
            log,
            temperature(39, key=name_of_patient, source="lab"),
            temperature(39, said=name_of_patient * 1000),
            temperature(39, detail={name_of_patient: math.nan}),
            retraction(name_of_patient + "?"),
        )
        assert receipt.refused == 4
        assert not [problem for problem in receipt.problems if name_of_patient in str(problem)]


def test_a_negative_zero_is_zero(store_url: str) -> None:
    with open_log(store_url) as log:
        assert append(log, temperature(-0.0), temperature(0.0)).outcomes == (Accepted(1), Known(1))


def test_a_batch_has_a_limit(sqlite_store: str) -> None:
    with open_log(sqlite_store) as log:
        receipt = append(log, *[temperature(38)] * 50_001)
        assert set(codes(receipt)) == {"batch_too_large"}
        assert log.position() == 0


def test_an_empty_batch_and_one_with_nothing_new_write_nothing(store_url: str) -> None:
    with open_log(store_url) as log:
        assert append(log).outcomes == ()
        append(log, temperature(38))
        before = log._driver.last_batch()
        append(log, temperature(38))
        assert log._driver.last_batch() == before


def test_a_clinical_record_refuses_simulated_facts(store_url: str) -> None:
    with open_log(store_url) as log:
        assert codes(append(log, temperature(38, simulated=True), temperature(39))) == ["simulated_fact", "accepted"]
    with pytest.raises(WrongKind, match="is a clinical record"):
        open_log(store_url, kind="demo")


def test_a_demo_record_takes_them(store_url: str) -> None:
    with open_log(store_url, kind="demo") as log:
        assert codes(append(log, temperature(38, simulated=True))) == ["accepted"]
    with open_log(store_url) as log:
        assert log.kind == "demo"
        assert log.facts("c1")[0].simulated


def test_a_store_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownStore, match="'mysql'"):
        open_log("mysql://host/db")


def test_an_unknown_course_is_empty(store_url: str) -> None:
    with open_log(store_url) as log:
        assert log.facts("nobody") == []
        assert len(log.columns("nobody")) == 0
        assert log.courses() == []
        assert log.since(0) == []


def test_since_reads_on_in_commit_order_across_courses(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, *(temperature(38, n, course=f"c{n % 3}") for n in range(10)))
        first = log.since(0, limit=4)
        assert [fact.position for fact in first] == [1, 2, 3, 4]
        assert [fact.position for fact in log.since(first[-1].position)] == list(range(5, 11))


def test_more_words_than_one_writer_knows(store_url: str) -> None:
    """Two open logs number new words in turn, and read each other's."""
    with open_log(store_url) as one, open_log(store_url) as other:
        for n in range(5):
            append(one, temperature(38, n, what=f"one_{n}", source="a"), by="one")
            append(other, temperature(38, n, what=f"other_{n}", source="b"), by="other")
        for log in (one, other):
            columns = log.columns("c1")
            assert [columns.words[number] for number in columns.what.tolist()] == [
                fact.what for fact in current(log.facts("c1"))
            ]
        assert one.verify().ok


def test_a_refused_batch_leaves_no_word_behind(sqlite_store: str) -> None:
    with open_log(sqlite_store) as log:
        append(log, temperature(38, what="new_word", simulated=True))
        assert [text for _, text in log._driver.words(0)] == [""]


def test_known_refused_are_told_apart_by_type() -> None:
    assert Known(1) != Accepted(1)
    assert Refused.__struct_fields__ == ("problem",)


def test_many_sources_may_count_their_keys_alike(store_url: str) -> None:
    """Each source's key finds its own fact only; whoever amends without having such a key must mean one source."""
    with open_log(store_url) as log:
        for source in range(20):
            append(log, *(temperature(source, n, source=f"device {source}", key=str(n)) for n in range(20)))
        assert log._driver.keyed([key_hash("c1", "device 3", "7")])[0][0] == 3 * 20 + 8
        assert codes(append(log, retraction("7", source="device 3"), retraction("8", source="desk"))) == [
            "accepted",
            "ambiguous_amends",
        ]


def test_what_was_known_at_a_time_that_is_past_never_changes(store_url: str) -> None:
    """A writer whose clock is behind records no earlier than what is recorded already."""
    with open_log(store_url) as log, open_log(store_url) as behind:
        append(log, temperature(38, key="1"), minute=10)
        known = log.facts("c1", known_at=INFUSION + 9 * MINUTE)
        append(behind, temperature(39, key="2"), minute=5)
        assert [fact.recorded_at for fact in log.facts("c1")] == [INFUSION + 10 * MINUTE] * 2
        assert known == log.facts("c1", known_at=INFUSION + 9 * MINUTE) == []
        assert log.verify().ok


def test_courses_are_summed_up_without_their_facts(store_url: str) -> None:
    with open_log(store_url) as log:
        assert log.summaries() == []
        append(
            log, temperature(38, 5, key="1", course="b"), temperature(38, 2, course="b"), temperature(38, course="a")
        )
        append(log, retraction("1", course="b"))
        assert log.summaries() == [("a", 1, INFUSION), ("b", 3, INFUSION + 5 * HOUR)]


def test_what_was_decided_on_an_older_state_of_a_course_is_not_recorded(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38))
        seen = {"c1": 1, "c2": 0}
        stated = {"recorded_at": INFUSION, "recorded_by": "nurse", "lengths": seen}
        assert log.append([temperature(39, 1)], **stated).accepted == 1
        late = log.append([temperature(40, 2), temperature(40, 2, course="c2")], **stated)
        assert [problem.code for problem in late.problems] == ["course_changed"] * 2
        assert (log.position(), log.courses()) == (2, ["c1"])
        assert log.append([temperature(40, 2)], recorded_at=INFUSION, recorded_by="nurse", lengths={"c2": 0}).accepted
