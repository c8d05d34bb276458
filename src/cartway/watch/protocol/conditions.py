"""The conditions that a protocol's rows name, each answered by yes, no or not known out of the record.

What only the bedside knows (a fluid bolus that did not help, a status epilepticus) is no condition here: the row says
so in words, and the team decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from cartway.pathway.answer import Answer, Missing, is_so
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity import Episode
from cartway.watch.protocol.situation import CAPD_BELOW, CRS, ICANS, Situation, drugs_of


class Told(msgspec.Struct, frozen=True):
    """An answer, in words where it is worth saying, with the facts it rests on and what would settle it.

    `policy`: the policy that decided, empty where none did.
    """

    answer: Answer
    words: str = ""
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    policy: str = ""


Asks = Callable[[Situation], Told]


def with_crs(s: Situation) -> Told:
    """Whether there is CRS now."""
    episode = s.held(CRS)
    grade = None if episode is None or (episode.missing and not episode.grade) else episode.grade
    if grade is None:
        return _unknown("crs_grade", "CRS cannot be assessed now.", "what the CRS grade lacks")
    return Told(is_so(grade > 0), f"CRS grade {grade} at the same time." if grade else "There is no CRS now.")


def without_crs(s: Situation) -> Told:
    """Whether there is none."""
    told = with_crs(s)
    opposite = {Answer.yes: Answer.no, Answer.no: Answer.yes, Answer.unknown: Answer.unknown}[told.answer]
    return msgspec.structs.replace(told, answer=opposite)


def crs_two_or_more(s: Situation) -> Told:
    """Whether CRS is at grade 2 or more now. A lower bound below 2, or one of before, leaves it open."""
    episode = s.held(CRS)
    if episode is None or episode.grade is None or (not s.sure(CRS) and episode.grade < 2):
        return _unknown("crs_grade", "The CRS grade is not known for sure.", "what the CRS grade lacks")
    return Told(is_so(episode.grade >= 2), f"CRS grade {episode.shown} at the same time.")


def tocilizumab_given(s: Situation) -> Told:
    """Whether tocilizumab was given in this episode."""
    return _given(s, ("tocilizumab",), "Tocilizumab was given in this episode.")


def steroid_given(s: Situation) -> Told:
    """Whether a steroid was given in this episode."""
    return _given(s, drugs_of("steroid"), "A steroid was given in this episode.")


def methylprednisolone_given(s: Situation) -> Told:
    """Whether methylprednisolone was given in this episode."""
    return _given(s, ("methylprednisolone",), "Methylprednisolone was given in this episode.")


def _given(s: Situation, drugs: tuple[str, ...], words: str) -> Told:
    found = s.given(*drugs, since=s.began) if s.began is not None else []
    return Told(is_so(bool(found)), words if found else "", tuple(found[-1:]))


def no_better_on_anti_il6(s: Situation) -> Told:
    """Whether the grade is no lower a day after the first anti-IL-6 of the episode that did not help."""
    doses = unanswered_anti_il6(s)
    wait = "protocol_no_better_hours"
    if not doses or s.now - doses[0].at < s.hours(wait):
        return Told(Answer.no)
    return _no_better(s, s.crs_scale, doses[0], wait)


def unanswered_anti_il6(s: Situation) -> list[Fact]:
    """The anti-IL-6 of this episode after which the grade was never surely lower than at the dose."""
    doses = s.given(*drugs_of("il6_blocker"), since=s.crs_onset) if s.crs_onset is not None else []
    return [dose for dose in doses if not _helped(s, s.crs_scale, dose)]


def _helped(s: Situation, scale: str, dose: Fact) -> bool:
    """Whether the grade was surely lower at some time after a dose than at it: what comes again is no failure of it."""
    then = s.at(scale, dose.at)
    if then is None or then.grade is None:
        return False
    after = (each for each in s.episodes.get(scale, ()) if each.start > dose.at and not each.missing)
    return any(each.grade is not None and each.grade < then.grade for each in after)


def refractory_to_tocilizumab(s: Situation) -> Told:
    """Whether ICANS is no better some hours after a dose of tocilizumab that was given for it or for its CRS."""
    onset = s.onset(ICANS)
    started = min((each for each in (onset, s.onset(CRS)) if each is not None), default=None)
    given = s.given("tocilizumab", since=started) if started is not None else []
    doses = [dose for dose in given if not _helped(s, ICANS, dose)]
    wait = "protocol_refractory_hours"
    old = [dose for dose in doses if s.now - dose.at >= s.hours(wait)]
    if not old or onset is None:
        return Told(Answer.no)
    if old[-1].at < onset:
        words = "ICANS began after tocilizumab was given: whether it is refractory is for the team to say."
        return Told(Answer.unknown, words, (old[-1],), policy=wait)
    return _no_better(s, ICANS, old[-1], wait)


def _no_better(s: Situation, scale: str, dose: Fact, policy: str) -> Told:
    then, now = s.at(scale, dose.at), s.held(scale)
    if then is None or now is None or then.grade is None or now.grade is None:
        return _unknown("grade", "The grade then or now is not known: no response can be told.", "an assessable grade")
    if _unsure(then, now, s.sure(scale)):
        return _unknown("grade", "The grades are lower bounds: no response can be told.", "what the grade lacks")
    hours = round((s.now - dose.at) / HOUR)
    words = f"Grade {then.shown} at the dose, {now.shown} now, {hours} hours later."
    return Told(is_so(now.grade >= then.grade), words, (dose,), policy=policy)


def _unsure(then: Episode, now: Episode, sure: bool) -> bool:
    """Whether the lower bounds leave open which of two grades is higher. `sure`: the one now is."""
    assert then.grade is not None and now.grade is not None, "asked of assessable grades"
    lower = now.grade < then.grade
    return not sure if lower else bool(then.missing)


def fever_for_days(s: Situation) -> Told:
    """Whether the CRS is older than 3 days, with a fever in each day of the last three."""
    policy = "protocol_persistent_fever_hours"
    wait = s.hours(policy)
    if s.crs_onset is None or s.now - s.crs_onset <= wait:
        return Told(Answer.no)
    days = [(s.now - n * DAY, s.now - (n - 1) * DAY) for n in range(1, max(int(wait // DAY), 1) + 1)]
    if all(_within(s.fevers, *day) for day in days):
        words = f"Fever in each of the last {len(days)} days."
        return Told(Answer.yes, words, tuple(s.fevers[-1:]), policy=policy)
    read = s.case.course.all("body_temperature")
    if all(_within(read, *day) for day in days):
        return Told(Answer.no)
    return _unknown("body_temperature", "No temperature on one of the last days.", "the temperatures of those days")


def _within(facts: list[Fact], start: Instant, end: Instant) -> bool:
    return any(start < fact.at <= end for fact in facts)


def crs_fell(s: Situation) -> Told:
    """Whether CRS is lower than it was in this episode, and ICANS asks for no steroid."""
    return _fell(s, s.crs_scale, ICANS)


def icans_fell(s: Situation) -> Told:
    """Whether ICANS is lower than it was in this episode, and CRS asks for no steroid."""
    return _fell(s, ICANS, s.crs_scale)


def _fell(s: Situation, scale: str, other: str) -> Told:
    now, beside = s.grade(scale), s.grade(other)
    highest = max((episode.grade or 0 for episode in s.run(scale)), default=0)
    if now is None or highest <= now:
        return Told(Answer.no)
    if not s.sure(scale):
        words = "The grade is not sure now: whether it is lower cannot be told."
        return _unknown("grade", words, "what the grade lacks")
    if beside is None:
        words = "The other of CRS and ICANS cannot be assessed: it may ask for a steroid."
        return _unknown("grade", words, "an assessable grade of both")
    return Told(is_so(beside < 2), f"Grade {highest} before, {now} now.")


def crs_for_a_day(s: Situation) -> Told:
    """Whether the present CRS is older than a day."""
    return _older(s, DAY, "CRS has lasted for more than a day.")


def crs_for_a_week(s: Situation) -> Told:
    """Whether it is older than a week."""
    days = s.policies.number("protocol_hlh_days")
    told = _older(s, round(days * DAY), f"CRS has lasted for more than {days:g} days.")
    return msgspec.structs.replace(told, policy="protocol_hlh_days")


def _older(s: Situation, wait: Instant, words: str) -> Told:
    lasts = s.crs_onset is not None and s.now - s.crs_onset > wait
    return Told(is_so(lasts), words if lasts else "")


def began_within_72_hours(s: Situation) -> Told:
    """Whether the present CRS began within 72 hours of the infusion."""
    if s.crs_onset is None or not s.case.infusions:
        return Told(Answer.no)
    last = max(fact.at for fact in s.case.infusions if fact.at <= s.now)
    hours = (s.crs_onset - last) / HOUR
    return Told(is_so(hours < 72), f"CRS began {hours:.0f} hours after the infusion.")


def began_after_72_hours(s: Situation) -> Told:
    """Whether it began later than that."""
    told = began_within_72_hours(s)
    return Told(is_so(told.answer is Answer.no and bool(told.words)), told.words)


def fever(s: Situation) -> Told:
    """Whether there was a fever of late. CRS is one: antipyretics and anti-cytokines mask it."""
    policy = "protocol_fever_hours"
    late = [fact for fact in s.fevers if s.now - fact.at <= s.hours(policy)]
    if late:
        return Told(Answer.yes, f"{late[-1].value:g} °C.", (late[-1],), policy=policy)
    if s.grade(CRS):
        return Told(Answer.yes, "CRS counts as a fever, masked or not.")
    read = [f for f in s.case.course.all("body_temperature") if s.now - f.at <= s.hours(policy)]
    if not read:
        return _unknown("body_temperature", "There is no temperature of the last day.", "a temperature")
    return Told(Answer.no)


def neutropenic(s: Situation) -> Told:
    """Whether the newest neutrophil count, if it is recent, is a neutropenia."""
    count = s.case.course.last("neutrophils")
    limit, policy = s.policies.number("protocol_neutropenia"), "protocol_neutropenia"
    settles = "a neutrophil count of today"
    if count is None or count.value is None:
        return _unknown("neutrophils", "There is no neutrophil count.", settles)
    if s.now - count.at > s.hours("protocol_neutrophils_max_age_hours"):
        told = _unknown("neutrophils", f"The newest neutrophil count ({count.value:g}) is too old.", settles)
        return msgspec.structs.replace(told, facts=(count,), policy="protocol_neutrophils_max_age_hours")
    words = f"Neutrophils {count.value:g} x10\u2079/L."
    if limit <= count.value < s.policies.number("protocol_neutropenia_falling"):
        words = f"{words} Whether they are expected to fall below {limit:g} within 48 hours is for the team to say."
        return Told(Answer.unknown, words, (count,), policy="protocol_neutropenia_falling")
    return Told(is_so(count.value < limit), words, (count,), policy=policy)


def under_12(s: Situation) -> Told:
    """Whether the patient is younger than 12 years."""
    age = s.age_years
    if age is None:
        return _unknown("birth_date", "The age is not known.", "a birth date or an age")
    return Told(is_so(age < CAPD_BELOW), f"{int(age)} years old.")


def _unknown(what: str, words: str, settles: str) -> Told:
    return Told(Answer.unknown, words, missing=(Missing(what, words, settles),))


CONDITIONS: Mapping[str, Asks] = {
    each.__name__: each
    for each in (
        with_crs, without_crs, crs_two_or_more, tocilizumab_given, steroid_given, methylprednisolone_given,
        no_better_on_anti_il6, refractory_to_tocilizumab, crs_fell, icans_fell, fever_for_days, crs_for_a_day,
        crs_for_a_week, began_within_72_hours, began_after_72_hours, fever, neutropenic, under_12,
    )
}  # fmt: skip
"""The conditions by the name that a row gives them."""
