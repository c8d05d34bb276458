"""What an acknowledgement and an outcome are of: what was there, and was known, when they were said."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cartway.intake import read_facts
from cartway.pathway.course import Course
from cartway.record.fact import Fact
from cartway.times import text
from cartway.toxicity import by_course
from cartway.watch import Priority
from cartway.watch.answers import Answers
from cartway.watch.calls import watching_of
from cartway.watch.identity import identity_findings
from cartway.watch.model import Finding
from cartway.watch.rulebook import load_rulebook
from toxicity.drawn import Saying, age, at, course, infused, instant, oxygen, pressure, temperature
from watch.alerting import acknowledged, firing, only, outcome, ringing, rounds, watched
from watch.test_ward_alerts import EXAMPLES

WELL = (temperature(36.8), pressure(120), oxygen("room_air"))
BASE = course(infused(), age(58), rounds(0, 48, *WELL))


def potassium(value: float) -> Saying:
    return Saying("potassium", value, unit="mmol/L")


def in_the_record(facts: Iterable[Fact]) -> list[Fact]:
    """The facts as the store numbers them, in the order in which they are given."""
    return [msgspec.structs.replace(fact, position=n) for n, fact in enumerate(facts, 1)]


def test_what_is_recorded_after_an_acknowledgement_rings_whatever_its_time() -> None:
    """Potassium 6.6 at 20 h is seen at 30 h. Then the laboratory's 4.0 of 24 h and 6.6 of 29.5 h come in: this second
    rise nobody has seen, though it lies before the acknowledgement.
    """
    before = course(BASE, at(20, potassium(6.6)))
    alert = only(watched(before, 30), "organ")
    answered = course(before, acknowledged(30, alert))
    assert ringing(watched(in_the_record(answered), 31)) == set()
    late = course(answered, at(24, potassium(4.0)), at(29.5, potassium(6.6)))
    found = watched(in_the_record(late), 31)
    assert "potassium_high:1" in firing(found)
    assert "potassium_high:1" in ringing(found)


def test_an_outcome_is_of_what_had_fired_by_then() -> None:
    """A low pressure was an artefact at 21.4 h; the CRS of 40 h in the same episode has no outcome yet, and the record
    of the first stays.
    """
    before = course(BASE, at(21, temperature(36.8), pressure(84)), at(21.2, pressure(120)))
    alert = only(watched(before, 21.1), "cytokine_release")
    answered = course(before, acknowledged(21.3, alert), outcome(21.4, alert, "artefact"))
    told = only(watched(answered, 22), "cytokine_release").outcome
    assert told is not None
    assert told.choice == "artefact"
    ill = course(answered, at(40, temperature(39.6), pressure(76), Saying("drug", 0.1, "norepinephrine", "ug/kg/min")))
    again = only(watched(ill, 41), "cytokine_release")
    assert again.rings
    assert again.outcome is None
    assert [each.choice for each in again.outcomes] == ["artefact"]


def test_each_break_of_identity_is_seen_for_itself() -> None:
    """Several breaks fire one rule at one level: who saw one has not seen the others."""
    (facts,) = by_course(read_facts([EXAMPLES / "contradicted.csv"]).facts).values()
    now = max(fact.at for fact in facts)
    found = identity_findings(Course(facts, now).facts, load_rulebook(), now)
    assert len({each.name for each in found}) == len(found) > 1
    first = found[0]
    detail = {"alert": "identity", "onset": "", "seen": [f"{first.name}:1"]}
    earliest = min(each.since for each in found)
    detail["onset"] = text(earliest)
    said = Fact("a", now + 1, "alert_acknowledgement", choice="seen", about="identity", detail=detail)
    answers = Answers().taking([said])
    (alert,) = watching_of("a", found, answers, load_rulebook(), now + 2, 2**62).alerts
    assert {each.name for each in alert.unseen} == {each.name for each in found} - {first.name}


def test_a_finding_without_places_in_the_record_is_seen_by_its_time() -> None:
    """A table has no positions: then the times of truth decide, as they are all there is."""
    fact = Fact("a", instant(1), "potassium", 6.6, "mmol/L")
    finding = Finding("potassium_high", 1, Priority.high, instant(1), None, "K 6.6", (fact,), risen=instant(1))
    detail = {"alert": "organ", "onset": "2026-01-10T01:00:00Z", "seen": ["potassium_high:1"]}
    said = Fact("a", instant(2), "alert_acknowledgement", choice="seen", about="organ", detail=detail)
    (alert,) = watching_of("a", [finding], Answers().taking([said]), load_rulebook(), instant(3), 2**62).alerts
    assert not alert.rings
