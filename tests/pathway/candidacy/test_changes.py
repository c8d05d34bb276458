"""What changed since the last look."""

from __future__ import annotations

from cartway.pathway.candidacy import Candidacy, candidacy
from cartway.pathway.candidacy.changes import as_looked, changes, last_look
from cartway.pathway.course import Course
from cartway.record import Fact
from pathway.candidacy.drawn import center, course, day, facts, noon
from pathway.candidacy.test_candidacy import WELL


def seen(now: Course, on: str) -> Candidacy:
    """The candidacy as of a day."""
    return candidacy(now, center("", on), on=day(on), jurisdiction="US")


def test_nothing_changed_where_only_time_went_by() -> None:
    assert changes(seen(course(WELL, "2026-11-01"), "2026-11-01"), seen(course(WELL, "2026-11-02"), "2026-11-02")) == ()


def test_a_finding_that_has_become_too_old_is_told() -> None:
    told = changes(seen(course(WELL, "2026-11-01"), "2026-11-01"), seen(course(WELL, "2026-11-05"), "2026-11-05"))
    assert [(each.id, each.was, each.now) for each in told] == [("FIT-11", "met", "not known")]


def test_a_new_finding_and_what_it_does_to_status_and_day_are_told() -> None:
    after = f"{WELL}\n2026-11-04 infection_status active\n2026-11-04 drug cytarabine"
    told = changes(seen(course(WELL, "2026-11-01"), "2026-11-01"), seen(course(after, "2026-11-05"), "2026-11-05"))
    assert [(each.id, each.was, each.now) for each in told] == [
        ("STATUS", "To be assessed", "Defer"),
        ("COLLECTION", "Nov 1, 2026", "Nov 18, 2026"),
        ("FIT-11", "met", "not met"),
        ("COL-07", "", "not met"),
    ]


def test_the_label_that_changed_is_told_with_the_product() -> None:
    drawn = WELL.replace("dlbcl", "primary_cns_lymphoma").replace("2026-", "2025-")
    told = changes(seen(course(drawn, "2026-02-05"), "2026-02-05"), seen(course(drawn, "2026-02-06"), "2026-02-06"))
    assert ("does not cover", "covers", "Yescarta") in [(each.was, each.now, each.product) for each in told]


def test_the_last_look_is_the_newest_mark_or_tumor_board() -> None:
    assert last_look(course(WELL)) is None
    drawn = f"{WELL}\n2026-10-21 tumor_board deferred\n2026-10-25 candidacy_look"
    now = course(drawn)
    assert last_look(now) == now.last("candidacy_look").at  # type: ignore[union-attr]


def test_what_came_in_late_was_not_known_at_the_last_look() -> None:
    """A result of Oct 20 that was recorded on Oct 30 had not been seen on Oct 25."""
    late = Fact("p01", noon("2026-10-20"), "lvef", value=60.0, unit="%", recorded_at=noon("2026-10-30"), position=2)
    early = [fact for fact in facts(WELL) if fact.what != "lvef"]
    looked = as_looked([*early, late], noon("2026-10-25"))
    assert looked.last("lvef") is None
    assert Course([*early, late], noon("2026-11-01")).last("lvef") is not None
