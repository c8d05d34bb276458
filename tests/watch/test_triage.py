"""Triage: every symptom to its tier; nothing that is told makes it less urgent."""

from __future__ import annotations

import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.times import MINUTE
from cartway.vocabulary import read_value, vocabulary
from cartway.watch.triage import FLOORS, Answers, Tier, hundredths, is_early, load_table, speaks_of_self_harm, triage
from cartway.watch.triage.table import Says
from toxicity.drawn import Saying, at, course, infused, instant, temperature
from watch.alerting import acknowledged, firing, only, ringing, watched
from watch.test_alert_reviewed import HOME

TABLE = load_table()
SYMPTOMS = sorted(vocabulary().variables["reported_symptom"].choices)
EARLY = st.sampled_from([True, False, None])
TYPED = st.one_of(
    st.just(""),
    st.integers(2000, 12000).map(lambda n: f"{n / 100:.1f}"),
    st.integers(340, 420).map(lambda n: f"{n // 10},{n % 10}"),
    st.text(string.digits + ".,-CF °", max_size=6),
)
ANSWERS = st.builds(
    Answers,
    symptoms=st.frozensets(st.sampled_from([*SYMPTOMS, "no_such_symptom"]), max_size=8),
    temperature=TYPED,
    feeling=st.sampled_from(["", "good", "fair", "bad", "worse"]),
    home_check=st.sampled_from(["", "as_always", "changed"]),
    text=st.sampled_from(["", "  ", "my foot itches", "I want to die"]),
    early=EARLY,
)
NEVER_LESS = {
    "fever": Tier.now,
    "confusion": Tier.emergency,
    "speech": Tier.emergency,
    "sleepiness": Tier.emergency,
    "breathlessness": Tier.emergency,
    "breathless_on_stairs": Tier.now,
    "chest_pain": Tier.emergency,
    "fainting": Tier.emergency,
    "self_harm": Tier.emergency,
}


# ---- Whatever else is answered


@settings(max_examples=1000, deadline=None)
@given(ANSWERS, st.sampled_from(sorted(NEVER_LESS)))
def test_what_may_kill_never_falls_below_its_tier(answers: Answers, symptom: str) -> None:
    told = triage(msgspec.structs.replace(answers, symptoms=answers.symptoms | {symptom}))
    assert told.tier is not None
    assert told.tier >= NEVER_LESS[symptom]


@settings(max_examples=300, deadline=None)
@given(ANSWERS, st.integers(3800, 4500))
def test_a_fever_that_was_measured_is_never_less_than_a_call_now(answers: Answers, celsius: int) -> None:
    told = triage(msgspec.structs.replace(answers, temperature=f"{celsius / 100:.2f}"))
    assert told.tier is not None
    assert told.tier >= Tier.now


@settings(max_examples=300, deadline=None)
@given(ANSWERS, ANSWERS)
def test_telling_more_never_makes_it_less_urgent(one: Answers, other: Answers) -> None:
    both = msgspec.structs.replace(one, symptoms=one.symptoms | other.symptoms)
    assert (triage(both).tier or 0) >= (triage(one).tier or 0)


@settings(max_examples=300, deadline=None)
@given(ANSWERS)
def test_a_day_that_nobody_knows_is_never_less_urgent_than_one_that_is(answers: Answers) -> None:
    unknown, known = (triage(msgspec.structs.replace(answers, early=each)) for each in (None, answers.early))
    assert (unknown.tier or 0) >= (known.tier or 0)


@settings(max_examples=400, deadline=None)
@given(ANSWERS)
def test_it_is_what_the_table_says_read_slowly(answers: Answers) -> None:
    assert triage(answers).tier == slowly(answers)


def slowly(answers: Answers) -> Tier | None:
    """The obvious twin: every item of the table, every source, every window, one after the other."""
    worst = 0
    for name, item in TABLE.items.items():
        if not _is_told(name, answers):
            continue
        for says in item.says.values():
            worst = max(worst, *(Tier[each] for each in _windows(says, answers.early)))
    if answers.symptoms - set(SYMPTOMS):
        worst = max(worst, Tier.now)
    return Tier(worst) if worst else None


def _windows(says: Says, early: bool | None) -> list[str]:
    return [*(says.early if early is not False else ()), *(says.late if early is not True else ())]


def _is_told(name: str, answers: Answers) -> bool:
    kind, _, what = name.partition(":")
    if kind == "symptom":
        own_words = {"other": bool(answers.text.strip()), "self_harm": "want to die" in answers.text}
        return what in answers.symptoms or own_words.get(what, False)
    if kind == "temperature":
        return _mark(answers.temperature) == what
    return what == {"feeling": answers.feeling, "home_check": answers.home_check}[kind]


def _mark(typed: str) -> str:
    if not typed.strip():
        return ""
    whole, _, part = typed.strip().replace(",", ".").partition(".")
    digits = set(whole + part) <= set(string.digits) and (part or "." not in typed.replace(",", "."))
    if not digits or not 2 <= len(whole) <= 3 or len(part) > 2:
        return "unread"
    degrees = float(typed.strip().replace(",", "."))
    if 25 <= degrees <= 45:
        return "fever" if degrees >= 38 else "" if degrees > 35 else "low" if degrees >= 34 else "unread"
    if 77 <= degrees <= 113:
        return "fever" if degrees >= 100.4 else "" if degrees > 95 else "low" if degrees >= 93.2 else "unread"
    return "unread"


# ---- The table


@pytest.mark.parametrize("name", SYMPTOMS)
def test_every_symptom_has_a_place_and_words_in_both_languages(name: str) -> None:
    item = TABLE.items[f"symptom:{name}"]
    assert item.group in TABLE.groups
    assert item.en
    assert item.es
    assert item.en != item.es
    assert set(item.says) <= set(TABLE.sources)
    assert not item.confirmed


@pytest.mark.parametrize(
    ("symptom", "early", "late"),
    [
        ("fever", "now", "now"), ("chills", "now", "now"), ("dizziness", "emergency", "emergency"),
        ("fast_heartbeat", "emergency", "emergency"), ("writing", "emergency", "emergency"),
        ("seizure", "emergency", "emergency"), ("tremor", "now", "today"), ("headache", "emergency", "emergency"),
        ("face_or_vision", "emergency", "emergency"), ("slow_movement", "today", "today"),
        ("bleeding", "emergency", "emergency"), ("tired_pale", "today", "today"), ("cannot_drink", "now", "now"),
        ("breathless_on_stairs", "now", "now"),
        ("diarrhea", "now", "now"), ("less_urine", "today", "today"), ("blisters", "today", "today"),
        ("infection_signs", "now", "today"), ("blow_to_head", "emergency", "emergency"),
        ("blood_in_vomit", "emergency", "emergency"), ("sudden_belly_pain", "emergency", "emergency"),
        ("jaundice", "today", "today"), ("rash", "today", "today"),
        ("face_throat_swelling", "emergency", "emergency"), ("lump", "today", "today"), ("skin_spot", "today", "today"),
        ("low_mood", "today", "today"), ("memory", "now", "visit"), ("always_tired", "today", "visit"),
    ],
)  # fmt: skip
def test_a_symptom_to_its_tier_where_sources_differ_the_higher(symptom: str, early: str, late: str) -> None:
    tiers = [triage(Answers(frozenset({symptom}), early=each)).tier for each in (True, False, None)]
    assert tiers == [Tier[early], Tier[late], Tier[early]]


def test_a_conflict_names_both_sources() -> None:
    (why,) = triage(Answers(frozenset({"writing"}))).because
    assert why.conflict
    assert why.sources == {"list": Tier.now, "calls": Tier.emergency}


def test_no_floor_is_below_what_may_never_be_less() -> None:
    assert all(FLOORS[f"symptom:{name}"] == tier for name, tier in NEVER_LESS.items())


def test_nothing_told_is_no_word_that_all_is_well() -> None:
    assert triage(Answers(temperature="36.8", feeling="good", home_check="as_always")).tier is None


@pytest.mark.parametrize(("words", "language"), [("breath", "en"), ("aire", "es")])
def test_short_breath_hides_under_no_other_name(words: str, language: str) -> None:
    short = [item for item in TABLE.items.values() if words in item.words(language).casefold()]
    assert len(short) == 2
    assert all(TABLE.tier(item.name, early) >= Tier.now for item in short for early in (True, False, None))


# ---- Temperatures


@pytest.mark.parametrize(
    ("typed", "tier"),
    [
        ("38", Tier.now), ("37.9", None), ("37,99", None), ("38,0", Tier.now), (" 38.1 ", Tier.now),
        ("100.4", Tier.now), ("100.3", None), ("100", None), ("101", Tier.now), ("98.6", None), ("42.5", Tier.now),
        ("385", Tier.now), ("60", Tier.now), ("33.9", Tier.now), ("93.1", Tier.now), ("35.0", Tier.now),
        ("35.1", None), ("95", Tier.now), ("95.1", None), ("warm", Tier.now),
        ("-38", Tier.now), ("38.", Tier.now), ("", None), ("\u0663\u0668", Tier.now),
    ],
)  # fmt: skip
def test_a_temperature_in_either_unit_or_none(typed: str, tier: Tier | None) -> None:
    assert triage(Answers(temperature=typed)).tier == tier


def test_what_is_a_fever_on_the_phone_is_one_in_the_record() -> None:
    for tenths in range(932, 1131):
        value = read_value(vocabulary().variables["body_temperature"], tenths / 10, "[degF]")
        assert hundredths(f"{tenths / 10}") == (tenths * 10, False)
        assert isinstance(value, float)
        asks = triage(Answers(temperature=f"{tenths / 10}")).tier is Tier.now
        assert asks == (value >= 38.0 or value <= 35.0)


# ---- Words of self-harm


@pytest.mark.parametrize(
    ("text", "says"),
    [("I want to die", True), ("no quiero  vivir", True), ("I don\u2019t want to live", True),
     ("I wish I was dead", True), ("it is not worth living", True), ("take all my pills", True),
     ("I can't go on", True), ("kill my self", True), ("no vale la pena vivir", True),
     ("ya no quiero estar aqui", True), ("my knee hurts", False), ("", False)],
)  # fmt: skip
def test_words_of_self_harm_are_heard(text: str, says: bool) -> None:
    assert speaks_of_self_harm(text) is says
    assert (triage(Answers(text=text)).tier is Tier.emergency) is says


# ---- The first 30 days


def test_the_thirtieth_day_is_early_and_the_day_after_is_not() -> None:
    assert is_early(instant(0), instant(30 * 24)) is True
    assert is_early(instant(0), instant(31 * 24) - MINUTE) is True
    assert is_early(instant(0), instant(31 * 24)) is False
    assert is_early(None, instant(0)) is None


# ---- At the ward


def told(hour: float, what: str, choice: str, **detail: str) -> list[Fact]:
    facts = at(hour, Saying(what, choice=choice, detail=detail))
    return [msgspec.structs.replace(fact, source="caregiver") for fact in facts]


def measured_at_home(hour: float, value: float, source: str = "patient") -> list[Fact]:
    return [msgspec.structs.replace(fact, source=source) for fact in at(hour, temperature(value))]


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_every_reported_symptom_rings_wherever_the_patient_is(symptom: str) -> None:
    level = int(triage(Answers(frozenset({symptom}))).tier or 0)
    before = watched(told(1, "reported_symptom", symptom), 1)
    assert ringing(before) == {f"reported.{symptom}:{level}"}
    at_home = course(HOME, told(240, "reported_symptom", symptom))
    assert f"reported.{symptom}:{level}" in ringing(watched(at_home, 240))


def test_a_tremor_weeks_later_is_less_urgent_unless_the_page_said_otherwise() -> None:
    ill = course(infused(), told(24 * 40, "reported_symptom", "tremor"))
    assert "reported.tremor:2" in ringing(watched(ill, 24 * 40))
    shown = course(infused(), told(24 * 40, "reported_symptom", "tremor", tier="now"))
    assert "reported.tremor:3" in ringing(watched(shown, 24 * 40))


@pytest.mark.parametrize("tier", ["visit", "today", "", "nonsense"])
def test_no_page_makes_an_emergency_less(tier: str) -> None:
    ill = course(infused(), told(24, "reported_symptom", "confusion", tier=tier, severity="mild"))
    (found,) = [each for each in only(watched(ill, 24), "reported").present if each.rule == "reported.confusion"]
    assert (found.level, found.priority.name) == (4, "high")
    assert found.text == "reported by the caregiver: confusion, mild (emergency)"


def test_what_a_caregiver_tells_of_themselves_is_not_taken_for_the_patient_s() -> None:
    (fact,) = told(24, "reported_symptom", "self_harm", by="caregiver")
    ill = watched(course(infused(), [msgspec.structs.replace(fact, about="caregiver")]), 24)
    (found,) = [each for each in only(ill, "reported").present if each.level == 4]
    assert found.text.startswith("reported by the caregiver of themselves, not of the patient: thoughts of self-harm")


def test_a_fever_at_home_rings_and_a_lower_one_later_takes_nothing_back() -> None:
    ill = course(HOME, measured_at_home(400, 38.0), measured_at_home(404, 36.6, "caregiver"))
    assert "reported.own_temperature:3" in ringing(watched(ill, 405))
    answered = acknowledged(405, only(watched(ill, 405), "reported"))
    assert "reported.own_temperature:3" not in ringing(watched(course(ill, answered), 406))


def test_a_temperature_of_the_ward_is_not_one_of_the_phone() -> None:
    ward = watched(course(infused(), at(2, temperature(39.0))), 2)
    assert not [name for name in firing(ward) if name.startswith("reported")]


@pytest.mark.parametrize("value", [35.1, 36.8, 37.9])
def test_a_usual_temperature_at_home_rings_nowhere(value: float) -> None:
    assert not ringing(watched(measured_at_home(1, value), 1))


@pytest.mark.parametrize("value", [30.9, 35.0])
def test_a_temperature_too_low_to_be_well_or_misread_is_asked_about(value: float) -> None:
    assert ringing(watched(measured_at_home(1, value), 1)) == {"reported.own_temperature:3"}


@pytest.mark.parametrize(
    ("what", "choice", "name"),
    [
        ("feeling", "bad", "feels_bad:2"),
        ("feeling", "worse", "feels_worse:3"),
        ("home_check", "changed", "home_check:4"),
    ],
)
def test_what_else_the_diary_asks_rings_too(what: str, choice: str, name: str) -> None:
    assert ringing(watched(told(1, what, choice), 1)) == {f"reported.{name}"}


@pytest.mark.parametrize(("what", "choice"), [("feeling", "good"), ("feeling", "fair"), ("home_check", "as_always")])
def test_what_is_well_rings_nowhere(what: str, choice: str) -> None:
    assert not ringing(watched(told(1, what, choice), 1))


def test_what_reached_the_record_a_day_and_a_half_late_rings_as_long_as_if_it_had_just_been_said() -> None:
    (fact,) = measured_at_home(1, 39.0)
    late = msgspec.structs.replace(fact, recorded_at=instant(37), position=1)
    assert ringing(watched([late], 38)) == {"reported.own_temperature:3"}
    assert not ringing(watched([late], 62))


def test_what_was_brought_in_months_later_is_history_and_rings_no_more() -> None:
    (fact,) = told(1, "reported_symptom", "chills")
    for days, rings in ((29, {"reported.chills:3"}), (31, set())):
        brought = msgspec.structs.replace(fact, recorded_at=instant(24 * days), position=1)
        assert ringing(watched([brought], 24 * days + 1)) == rings


# ---- The page that clinicians read


def documented(name: str) -> str:
    """A row of the table on the page of triage."""
    item = TABLE.items[name]
    early, late = (TABLE.tier(name, window).name for window in (True, False))
    sources = {source: tier.name for source, tier in item.sources(True).items()}
    differ = "; ".join(f"{source}: {tier}" for source, tier in sources.items())
    return f"| `{name}` {item.en} | {early} | {late} | {differ if len(set(sources.values())) > 1 else ''} |"


def test_the_page_of_triage_says_what_the_table_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "triage.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith(("| `symptom:", "| `temperature:", "| `fe", "| `home"))]
    assert rows == [documented(name) for name in TABLE.items]
    assert all(words in page for words in TABLE.sources.values())
