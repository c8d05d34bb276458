"""The laws of locks and sessions, on random days: what the store answers is what a plain account of the day says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule, run_state_machine_as_test

from cartway.times import HOUR, MINUTE, SECOND
from cartway.web.access import Access, Limits, Role, Session, open_access

from .conftest import CHEAP, NOW, RIGHT, code, the

LIMITS = Limits(attempts=3, attempts_per_name=5, attempts_per_client=8)
STEPS = st.sampled_from([0, SECOND, MINUTE, 5 * MINUTE, 14 * MINUTE, LIMITS.locked - 1, LIMITS.locked, HOUR])
FRESH = itertools.count(1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    folder: Path = tmp_path_factory.mktemp("laws")
    with open_access(f"sqlite:///{folder}/record.db", hasher=CHEAP, limits=LIMITS) as opened:
        yield opened


class Day:
    """The slow twin of the locks: every failure since the beginning, counted anew at each attempt."""

    def __init__(self) -> None:
        self.failures: list[tuple[int, str, str]] = []  # when, which name, from where
        self.locks: dict[tuple[str, str], int] = {}  # of a name: from where, "" for everywhere

    def answer(self, now: int, name: str, client: str, right: bool) -> str:
        recent = [at for at, _, place in self.failures if place == client and now - at < LIMITS.locked]
        lock = max(self.locks.get((name, place), 0) for place in (client, ""))
        if now < lock or len(recent) >= LIMITS.attempts_per_client:
            return "locked_out"
        if right:
            self.failures = [failure for failure in self.failures if failure[1] != name]
            return ""
        self.failures.append((now, name, client))
        places = [place for at, who, place in self.failures if who == name and now - at < LIMITS.locked]
        for where, counted, limit in (
            (client, places.count(client), LIMITS.attempts),
            ("", len(places), LIMITS.attempts_per_name),
        ):
            if counted >= limit:
                self.locks[name, where] = now + LIMITS.locked
        return "wrong_sign_in"


TRIES = st.lists(st.tuples(STEPS, st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), max_size=25)


@given(tries=TRIES, sweeping=st.booleans())
@settings(max_examples=60, deadline=None)
def test_locks_are_those_of_the_slow_twin(
    store: Access, tries: list[tuple[int, str, str, bool]], sweeping: bool
) -> None:
    day, run, now = Day(), next(FRESH), NOW
    for name in "ab":
        store.create_account(f"{name}{run}", Role.nurse, password=RIGHT, now=NOW, by="desk")
    for step, name, client, right in tries:
        now += step
        if sweeping:
            store.sweep(now=now)
        typed = RIGHT if right else "a wrong password"
        answer = code(store.sign_in(f"{name}{run}", typed, client=f"{client}{run}", now=now))
        assert answer == day.answer(now, name, client, right)


class Shift(RuleBasedStateMachine):
    """Sessions of one account through a shift, and what is open in them."""

    store: Access
    sessions = Bundle("sessions")

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        name = f"nurse{next(FRESH)}"
        made = self.store.create_account(name, Role.nurse, password=RIGHT, courses={"c1"}, now=NOW, by="desk")
        self.id = made.id  # type: ignore[union-attr]
        self.opened: dict[str, int] = {}  # token -> when it was opened
        self.used: dict[str, int] = {}  # token -> when it was last used
        self.glass: dict[str, dict[str, int]] = {}
        self.ended: set[str] = set()

    @rule(step=st.sampled_from([0, SECOND, MINUTE - 1, MINUTE, 10 * MINUTE, 29 * MINUTE, 30 * MINUTE, 3 * HOUR]))
    def wait(self, step: int) -> None:
        self.now += step

    @rule(target=sessions)
    def sign_in(self) -> Session:
        session = self.store.open_session(self.id, now=self.now)
        self.opened[session.token] = self.used[session.token] = self.now
        self.glass[session.token] = {}
        return session

    def is_over(self, token: str) -> bool | None:
        """Whether a session must have ended; None where use was noted up to a minute late, so that both are right."""
        if token in self.ended or self.now - self.opened[token] >= LIMITS.session:
            return True
        unused = self.now - self.used[token]
        if unused >= LIMITS.idle:
            return True
        return False if unused < LIMITS.idle - MINUTE else None

    @rule(session=sessions, looks=st.booleans())
    def request(self, session: Session, looks: bool) -> None:
        ask = self.store.peek if looks else self.store.principal
        found, over = ask(session.token, now=self.now), self.is_over(session.token)
        assert over is None or (found is None) == over
        if found is None:
            self.ended.add(session.token)
            return
        if not looks:
            self.used[session.token] = self.now
        assert found.session == session.principal.session
        glass = {course: until for course, until in self.glass[session.token].items() if until > self.now}
        assert found.opened == glass
        rights = {course: found.via(course, self.now) for course in ("c1", "c2", "c3")}
        assert rights == {"c1": "assignment"} | {c: "break_glass" if c in glass else "" for c in ("c2", "c3")}

    @rule(session=sessions, course=st.sampled_from(["c2", "c3"]))
    def break_glass(self, session: Session, course: str) -> None:
        if self.store.peek(session.token, now=self.now) is None:
            return
        until = self.store.break_glass(session.principal, course, "a reason that is long", now=self.now)
        assert until == self.now + LIMITS.break_glass
        self.glass[session.token][course] = the(int, until)

    @rule(session=consumes(sessions))
    def sign_out(self, session: Session) -> None:
        self.store.close_session(session.token, now=self.now)
        self.ended.add(session.token)
        assert self.store.principal(session.token, now=self.now) is None

    @rule()
    def sweep(self) -> None:
        self.store.sweep(now=self.now)

    @rule()
    def end_all(self) -> None:
        self.store.disable(self.id, now=self.now, by="desk")
        self.store.enable(self.id, now=self.now, by="desk")
        self.ended.update(self.opened)


def test_a_shift_of_sessions(store: Access) -> None:
    Shift.store = store
    run_state_machine_as_test(Shift, settings=settings(max_examples=40, stateful_step_count=25, deadline=None))


POSTS = st.lists(st.tuples(STEPS, st.sampled_from(["one", "two"]), st.sampled_from("ab")), max_size=12)


@given(posts=POSTS)
@settings(max_examples=40, deadline=None)
def test_a_form_is_never_received_at_two_times(store: Access, posts: list[tuple[int, str, str]]) -> None:
    run, now, first = next(FRESH), NOW, dict[str, tuple[str, int]]()
    for step, form, account in posts:
        now += step
        owner, came = first.setdefault(form, (account, now))
        answer = store.received(f"form{run:08}{form}", account, now=now)
        if owner != account:
            assert code(answer) == "wrong_form"
        elif now - came > LIMITS.form:
            assert code(answer) == "form_expired"
        else:
            assert answer == came
