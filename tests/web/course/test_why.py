"""The why panel says what the rule says: nothing added, nothing left out."""

from __future__ import annotations

from cartway.record import current
from cartway.toxicity.explain import Change, explain
from cartway.web.course.why import all_spells, reasons
from toxicity.drawn import (
    Saying,
    age,
    attributed,
    drip,
    flow,
    ice,
    infused,
    instant,
    oxygen,
    pressure,
    push,
    temperature,
)
from web.course.bed import COURSE, Bed, known
from web.course.why_case import ill


def test_every_criterion_with_its_fact_and_its_age(bed: Bed) -> None:
    ill(bed)
    explained = explain(bed.site.facts(COURSE), bed.site.office.rules, bed.site.now)
    panel = bed.page().one("section", id="why")
    for finding in explained.findings:
        card = panel.one("article", aria_labelledby=f"why-{finding.episode.scale.partition('.')[0].upper()}")
        links = [link.attributes["data-fact"] for link in card.all("a") if "data-fact" in link.attributes]
        assert links == [str(reason.fact.position) for reason in finding.episode.because if reason.fact is not None]
        for reason in finding.episode.because:
            assert reason.criterion.column in card.text


def test_what_would_change_it_is_what_the_rule_answers(bed: Bed) -> None:
    ill(bed)
    panel = bed.page().one("section", id="why")
    explained = explain(bed.site.facts(COURSE), bed.site.office.rules, bed.site.now)
    for finding in explained.findings:
        name = finding.episode.scale.partition(".")[0].upper()
        listed = [item.text for item in panel.one("article", aria_labelledby=f"why-{name}").all("li")]
        wanted = {f"{change.text} → {_grade(change)}" for change in finding.changes}
        assert set(listed) == wanted
        assert len(listed) == len(wanted)


def test_policies_edition_and_what_time_alone_does(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), oxygen("room_air"), drip("vasopressin"))
    bed.now(2)
    card = bed.page().one("article", aria_labelledby="why-CRS")
    rules = bed.site.office.rules
    assert "vasopressin alone: grade 3" in card.text
    assert rules.policies["vasopressin_alone"].why in card.text
    assert "doi 10.1016/j.bbmt.2018.12.758" in card.text
    assert "too old to rely on: body temperature, oxygen device" in card.text


def test_missing_makes_a_lower_bound_and_is_named(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), oxygen("room_air"))
    bed.now(2)
    page = bed.page()
    assert "blood pressure: the grade is at least this" in page.one("article", aria_labelledby="why-CRS").text
    assert "Missing: blood pressure" in page.one(id="head").text
    assert "at least 1" in page.one("section", aria_label="CRS").text


def test_what_would_settle_what_is_not_assessable(bed: Bed) -> None:
    bed.record(infused() + age(40), 0)
    bed.now(1)
    card = bed.page().one("article", aria_labelledby="why-ICANS")
    assert "Would settle it" in card.text
    assert "not assessable" in bed.page().one("section", aria_label="ICANS").text


def test_a_policy_that_was_not_confirmed_is_marked(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(120), oxygen("room_air"), push("acetaminophen", 1000))
    bed.chart(3, temperature(37.0), pressure(84))
    bed.now(4)
    view = bed.view()
    decided = [one for why in reasons(view) for one in why.decided]
    assert [one.policy.confirmed for one in decided] == [
        view.office.rules.policies[one.name].confirmed for one in decided
    ]
    marks = bed.page().one("section", id="why").text.count("not confirmed from the source")
    assert marks == sum(not one.policy.confirmed for one in decided)


def test_as_it_was_known_then_is_the_explanation_of_what_was_known_then(bed: Bed) -> None:
    ill(bed)
    bed.now(40)
    facts = bed.site.office.log.facts(COURSE)
    for hour in (0.5, 2.5, 3.2, 6, 9):
        then = explain(current(facts, instant(hour)), bed.site.office.rules, instant(hour))
        view = bed.view(hour, hour)
        assert view.explanation == then
        shown = [(why.episode, why.next_change_at) for why in reasons(view)]
        assert shown == [(finding.episode, finding.next_change_at) for finding in then.findings]


def test_the_same_hour_by_all_that_is_known_now_is_another_answer(bed: Bed) -> None:
    """docs/explanation/two-clocks: 48 for 84 at 06:00, corrected at 06:40; people acted on 48."""
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(120), oxygen("room_air"))
    wrong = bed.chart(6, pressure(48))
    bed.correct(wrong, pressure(124), known=6.7)
    bed.now(10)
    assert "CRS 2" in bed.page(known(6.5)).one("article", aria_labelledby="why-CRS").text
    assert "CRS 1" in bed.page("?at=2026-01-10T06:30Z").one("article", aria_labelledby="why-CRS").text


def test_an_attribution_shows_its_cause_and_what_the_grade_were_without_it(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(84), oxygen("room_air"), attributed("hypotension", 12, "bleeding"))
    bed.now(2)
    page = bed.page()
    assert "hypotension attributed to another cause: bleeding, until 12:00" in page.one("section", id="why").text
    assert "(2 if not excused)" in page.one(id="head").text


def test_every_episode_leads_to_its_reasons(bed: Bed) -> None:
    ill(bed)
    bed.now(30)
    page = bed.page()
    rows = page.one("table", name="episodes").all("tr")[1:]
    assert len(rows) == len(all_spells(bed.view()))
    for row in rows:
        why, then = (link.attributes["href"].partition("?")[2] for link in row.all("a"))
        scale, grade = row.one("th").text, row.all("td")[0].text
        assert f"{scale} {grade}" in bed.page(f"?{why}").one("section", id="why").text
        assert bed.get(f"?{then}").status_code == 200


def test_before_the_infusion_and_after_the_watch(bed: Bed) -> None:
    bed.chart(-10, temperature(36.5))
    assert "graded from the infusion on" in bed.page().one("section", id="why").text
    bed.record(infused(), 0)
    bed.chart(5, Saying("death", choice="other"))
    bed.now(6)
    page = bed.page()
    assert "The close watch is not on at this time" in page.one("section", id="why").text
    assert "Died 05:00" in page.one(id="head").text


def test_a_death_of_the_toxicity_is_grade_5(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(5, Saying("death", choice="crs"))
    bed.now(6)
    assert "death due to CRS at 05:00" in bed.page().one("article", aria_labelledby="why-CRS").text


def test_two_infusions(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.record(infused(200), 200)
    bed.chart(201, temperature(38.6), pressure(120), oxygen("room_air"), ice(9))
    bed.now(202)
    assert "CRS 1" in bed.page().one("section", id="why").text


def _grade(change: Change) -> str:
    return "not assessable" if change.grade is None else f"{'≥ ' if change.missing else ''}{change.grade}"


def test_an_attribution_of_a_sign_that_got_worse_is_shown_as_reopened(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(120), oxygen("nasal_cannula"), flow(2), attributed("hypoxia", 20, "edema"))
    bed.chart(2, oxygen("non_rebreather_mask"))
    bed.now(3)
    text = bed.page().one("article", id="excuses").text
    assert "hypoxia edema reopened worse since 02:00: counts again" in text
    why = bed.page().one("article", aria_labelledby="why-CRS")
    [told] = [found.text for found in why.all("dd") if "counts again" in found.text]
    assert (
        told
        == "oxygen support attributed to another cause at 01:00 (edema, until 20:00), worse since 02:00: counts again"
    )


def test_an_attribution_that_is_over_is_not_listed(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), pressure(84), oxygen("room_air"), attributed("hypotension", 4, "bleeding"))
    bed.now(5)
    assert not bed.page().all("article", id="excuses")
    assert bed.page(known(2)).one("article", id="excuses")


def test_a_vasopressor_says_what_was_done(bed: Bed) -> None:
    bed.record(infused(), 0)
    bed.chart(1, temperature(38.6), oxygen("room_air"), pressure(100), drip("norepinephrine", 0.1))
    assert "norepinephrine 0.1 mcg/kg/min, started 01:00" in bed.page().one("section", id="why").text
    bed.chart(2, drip("norepinephrine", 0.05))
    assert "norepinephrine 0.05 mcg/kg/min, new rate 02:00" in bed.page().one("section", id="why").text


def test_what_was_noted_with_a_fact_stands_with_the_reason(bed: Bed) -> None:
    bed.record(infused() + age(58), 0)
    note = "ICE not done: sedated"
    bed.chart(1, Saying("consciousness", choice="unarousable", detail={"text": note}))
    assert bed.page().one("article", aria_labelledby="why-ICANS").one("span", name="note").text == note
