"""Which protocol is followed and by which scale it is read; when it says nothing; what would change what it says."""

from __future__ import annotations

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from cartway.toxicity import grade, load_rules
from cartway.watch.protocol import protocol
from toxicity.drawn import WELL, Saying, age, at, course, died, hour_of, instant
from watch.protocol.asking import center, ill, mg, named, refused, says, step_of, toci


class TestWhichProtocol:
    """The course's own choice, else the center's, else the policy."""

    def test_by_policy(self) -> None:
        told = says(ill(2), 31)
        assert told.protocol is not None
        assert (told.protocol.name, told.chosen) == ("asco_2021", None)

    def test_the_center_chooses_and_the_course_overrules(self) -> None:
        own = center(Fact(CENTER, 0, "protocol_chosen", choice="ebmt_2022"))
        told = says(ill(2), 31, of=own)
        assert told.protocol is not None
        assert told.protocol.name == "ebmt_2022"
        other = course(ill(2), at(30.5, Saying("protocol_chosen", choice="label")))
        overruled = says(other, 31, of=own).protocol
        assert overruled is not None
        assert overruled.key == "label_axicabtagene_ciloleucel"

    def test_a_label_means_its_own_scale(self) -> None:
        """Axicabtagene grades by Lee 2014: one low-dose vasopressor is ASTCT 3 and Lee 2."""
        told = says(ill(3), 31, protocol="label")
        crs = told.stands[0].episode
        assert crs is not None
        assert (crs.scale, crs.grade) == ("crs.lee2014", 2)
        assert named(told, "crs") == ["crs-tocilizumab", "crs-2-dexamethasone"]
        assert mg(told, "crs-tocilizumab") == "656"
        assert refused(told, "crs-2-dexamethasone") == ["not_confirmed"]

    def test_without_that_scale_no_step_follows(self) -> None:
        one = Course(ill(3), instant(31))
        told = protocol(one, grade(one.facts, load_rules(), one.now), center(protocol="label"))
        assert named(told, "crs") == []
        assert "no grade by the scale of this label" in told.stands[0].words

    def test_tisagenlecleucel_has_three_steps_and_the_team_says_which(self) -> None:
        child = [
            msgspec.structs.replace(fact, choice="tisagenlecleucel") if fact.what == "infusion" else fact
            for fact in ill(3, years=9, kg=28)
        ]
        told = says(child, 31, protocol="label")
        assert mg(told, "crs-aggressive-tocilizumab") == "336"
        assert step_of(told, "crs-aggressive-tocilizumab").if_team
        assert "crs-mild" in named(told)

    def test_a_product_without_a_label_has_no_step(self) -> None:
        other = [
            msgspec.structs.replace(fact, choice="relmacabtagene_autoleucel") if fact.what == "infusion" else fact
            for fact in ill(2)
        ]
        told = says(other, 31, protocol="label")
        assert (told.steps, told.protocol) == ((), None)
        assert told.why_none

    def test_before_it_was_published_none_is_in_force(self) -> None:
        old = [msgspec.structs.replace(fact, at=fact.at - instant(0) + 1_500_000_000_000_000) for fact in ill(2)]
        told = protocol(Course(old, old[-1].at), [], center())
        assert told.why_none == "No edition of ASCO 2021 was in force on this day."


class TestNothingToSay:
    def test_before_the_infusion(self) -> None:
        told = says(course(age(58), at(-5, *WELL)), -1)
        assert "begins with it" in told.why_none

    def test_after_death(self) -> None:
        assert says(course(ill(3), died(40)), 41).why_none == "The course has ended: died."


class TestWhatWouldChangeIt:
    def test_times_that_come(self) -> None:
        told = says(course(ill(2), toci(31)), 34)
        timed = [hour_of(each.at) for each in told.changes if each.at is not None]
        assert told.next_change_at == instant(39)
        assert timed == [39, 55, 29 + 72, 30 + 168]  # the next dose, 24 h of anti-IL-6, the weight's age, a week

    def test_the_next_grade_and_the_one_before(self) -> None:
        words = [each.words for each in says(ill(2), 31).changes]
        assert any(each.startswith("CRS grade 3 would add: Intensive care; Dexamethasone (10 mg") for each in words)
        assert any(each.startswith("CRS grade 1 would drop: Tocilizumab") for each in words)
        assert any(each.startswith("ICANS grade 1 would add: ") for each in words)

    def test_what_is_missing(self) -> None:
        assert any("a neutrophil count of today" in each.words for each in says(ill(2), 31).changes)
