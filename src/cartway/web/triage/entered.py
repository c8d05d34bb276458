"""What was told from the phones of a course, and whether anybody at the ward saw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cartway.record import Fact, current
from cartway.times import DAY, MINUTE, Instant
from cartway.vocabulary import vocabulary
from cartway.watch.calls import was_seen
from cartway.watch.model import Acknowledgement, Watching
from cartway.watch.reported import OWN
from cartway.watch.triage import load_table, triage
from cartway.web.access import Role
from cartway.web.office import Office
from cartway.web.speech import gettext as _
from cartway.web.speech import language
from cartway.web.triage.diary import retold
from cartway.web.ward.watched import Watched

SHOWN_FOR = DAY
WHATS = ("body_temperature", "reported_symptom", "feeling", "home_check")
PATIENCE = "patient_unanswered_minutes"


class Entry(msgspec.Struct, frozen=True):
    """One page that was sent. `state`: ``kept`` (nothing in it asks for anybody), ``waiting``, ``unanswered`` (nobody
    acknowledged it in time) or ``seen``. `age_ms`: since it came in.
    """

    id: str
    facts: tuple[Fact, ...]
    by: str
    received_at: Instant
    state: str
    age_ms: int
    words: tuple[str, ...]
    seen_at: Instant = 0
    seen_by: str = ""


def patience(office: Office) -> Instant:
    """How long an entry may wait for somebody before its page says to call."""
    return round(office.ward.center.book.number(PATIENCE) * MINUTE)


def entries_of(office: Office, course: str, facts: Sequence[Fact], now: Instant) -> list[Entry]:
    """What was told in the last day, the newest first. `facts`: all of the course in commit order."""
    pages: dict[str, list[Fact]] = {}
    for fact in current(facts):
        if fact.source in OWN and fact.what in WHATS and fact.event:
            pages.setdefault(fact.event, []).append(fact)
    recent = {id: each for id, each in pages.items() if now - _received(each) < SHOWN_FOR}
    if not recent:
        return []
    watching = watching_of(office, course, facts, now)
    found = [_entry(office, id, each, watching, now) for id, each in recent.items()]
    return sorted(found, key=lambda each: -each.received_at)


def watching_of(office: Office, course: str, facts: Sequence[Fact], now: Instant) -> Watching:
    """The alerts of a course with all of `facts`: as the live ward has them, if it has come as far, else anew."""
    standing = office.ward.standing(course)
    if standing is not None and standing.position >= facts[-1].position:
        return standing.watching
    watched = Watched(course, office.rules, office.ward.center)
    watched.take(facts)
    watched.advance(now)
    return watched.closely()[0]


def _received(facts: Sequence[Fact]) -> Instant:
    return max(fact.recorded_at or fact.at for fact in facts)


def _entry(office: Office, id: str, facts: Sequence[Fact], watching: Watching, now: Instant) -> Entry:
    received, by = _received(facts), facts[0].source
    state, seen = _state(facts, watching)
    if state == "waiting" and now - received >= patience(office):
        state = "unanswered"
    age = max(0, now - received) // 1000
    entry = Entry(id, tuple(facts), by, received, state, age, tuple(words_of(facts)))
    return entry if seen is None else msgspec.structs.replace(entry, seen_at=seen.at, seen_by=_who(office, seen))


def _state(facts: Sequence[Fact], watching: Watching) -> tuple[str, Acknowledgement | None]:
    """Seen only where everything in it that asks for somebody was acknowledged; then by whoever came last."""
    found = [_answer(fact, watching) for fact in facts if _asks([fact])]
    seen = [each for each in found if each is not None]
    if not found:
        return "kept", None
    return ("seen", max(seen, key=lambda each: each.at)) if len(seen) == len(found) else ("waiting", None)


def _answer(fact: Fact, watching: Watching) -> Acknowledgement | None:
    """Who saw what was told; nobody where the alerts do not know of it."""
    return next(
        (
            each
            for alert in watching.alerts
            for finding in alert.findings
            if any((one.source, one.key) == (fact.source, fact.key) for one in finding.facts if one.source in OWN)
            and finding.rule.startswith("reported.")
            for each in alert.acknowledgements
            if was_seen(finding, (each,))
        ),
        None,
    )


def _asks(facts: Sequence[Fact]) -> bool:
    """Whether it should ring: where the alerts do not know of it, nobody has seen it."""
    return triage(retold(facts).answers(None)).tier is not None


def _who(office: Office, seen: Acknowledgement) -> str:
    """Who acknowledged it, by their role: a patient need not know every name of a night."""
    account = office.access.account(seen.by)
    words: Mapping[Role, str] = {Role.nurse: _("a nurse"), Role.physician: _("a doctor")}
    return words.get(account.role, _("your team")) if account is not None else _("your team")


def words_of(facts: Sequence[Fact]) -> Iterator[str]:
    """What was told, in lay words in the reader's language."""
    choices, items = vocabulary().variables, load_table().items
    for fact in facts:
        if fact.what == "body_temperature" and fact.value is not None:
            yield f"{fact.value * 9 / 5 + 32:.1f} °F ({fact.value:.1f} °C)"
        elif fact.what == "reported_symptom" and f"symptom:{fact.choice}" in items:
            yield items[f"symptom:{fact.choice}"].words(language())
        elif fact.what == "feeling":
            yield _("feeling: %(how)s") % {"how": _(choices["feeling"].choices[fact.choice].plain)}
        elif fact.what == "home_check":
            yield _("the sentence of the day: %(how)s") % {"how": _(choices["home_check"].choices[fact.choice].plain)}
