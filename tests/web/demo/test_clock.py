"""The demo's clock: it runs, stands still, changes pace, never goes back, and is the same in every process."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.times import DAY, HOUR, MINUTE, SECOND, Instant, parse
from cartway.web.demo.clock import RATES, USUAL, DemoClock, Dial, wind, write

START, END = parse("2026-03-14T23:00Z"), parse("2026-03-20T10:00Z")
REAL = parse("2026-11-23T08:00Z")


class World:
    """The world's clock, in our hands."""

    def __init__(self) -> None:
        self.now: Instant = REAL

    def __call__(self) -> Instant:
        return self.now


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def clock(tmp_path: Path, world: World) -> DemoClock:
    return wind(tmp_path / "demo.clock", START, END, world)


def test_it_waits_until_somebody_looks(clock: DemoClock, world: World) -> None:
    world.now += HOUR
    assert (clock(), clock.shown().waiting) == (START, True)
    clock.begin()
    world.now += 2 * SECOND
    assert (clock(), clock.shown().waiting) == (START + 2 * USUAL * SECOND, False)


def test_beginning_again_changes_nothing(clock: DemoClock) -> None:
    clock.begin()
    clock.pause()
    clock.begin()
    assert clock.shown().rate == 0


def test_it_stands_still_and_runs_on_at_the_rate_it_had(clock: DemoClock, world: World) -> None:
    clock.run(60)
    world.now += MINUTE
    clock.pause()
    world.now += DAY
    assert clock() == START + HOUR
    assert (clock.shown().rate, clock.shown().resume) == (0, 60)
    clock.run()
    world.now += MINUTE
    assert clock() == START + 2 * HOUR


def test_it_stops_at_the_end_of_the_stories(clock: DemoClock, world: World) -> None:
    clock.run(1200)
    world.now += DAY
    assert clock() == END
    assert (clock.shown().ended, clock.shown().rate) == (True, 0)


def test_the_worlds_clock_put_back_does_not_put_it_back(clock: DemoClock, world: World) -> None:
    clock.run(60)
    world.now += MINUTE
    before = clock()
    world.now -= 30 * SECOND
    assert clock() == before
    assert DemoClock(clock.path, world)() <= before


def test_a_demo_that_nobody_wound_has_no_clock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        DemoClock(tmp_path / "demo.clock")


Move = tuple[str, int]
moves = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 10 * MINUTE)),
        st.tuples(st.just("back"), st.integers(0, HOUR)),  # the world's clock is put back
        st.tuples(st.just("run"), st.sampled_from(RATES)),
        st.tuples(st.just("pause"), st.just(0)),
        st.tuples(st.just("begin"), st.just(0)),
    ),
    max_size=30,
)


@given(moves)
def test_it_never_goes_back_and_never_jumps(tmp_path_factory: pytest.TempPathFactory, moves: list[Move]) -> None:
    """Two processes, one of which is told what to do: both always show the same, or later than before."""
    world = World()
    clock = wind(tmp_path_factory.mktemp("clock") / "demo.clock", START, END, world)
    other = DemoClock(clock.path, world)
    before = clock()
    for what, how_much in moves:
        rate = clock.shown().rate
        if what in {"wait", "back"}:
            world.now += how_much if what == "wait" else -how_much
        elif what == "run":
            clock.run(how_much)
        elif what == "pause":
            clock.pause()
        else:
            clock.begin()
        now = clock()
        assert before <= now <= END
        assert now - before <= (rate * how_much if what == "wait" else 0)
        assert other() == now
        before = now


@given(st.integers(0, DAY), st.sampled_from((0, *RATES)), st.integers(0, DAY), st.sampled_from((0, *RATES)))
def test_turning_a_dial_leaves_what_it_shows(waited: int, rate: int, later: int, other: int) -> None:
    dial = Dial(START, REAL, END, rate)
    turned = dial.turned(REAL + waited, other)
    assert turned.shows(REAL + waited) == dial.shows(REAL + waited)
    assert turned.shows(REAL + waited + later) == min(END, dial.shows(REAL + waited) + other * later)


def test_another_process_shows_the_same(clock: DemoClock) -> None:
    clock.set(START + HOUR)
    code = "import sys, pathlib; from cartway.web.demo.clock import DemoClock"
    code += "; print(DemoClock(pathlib.Path(sys.argv[1]))())"
    shown = subprocess.run([sys.executable, "-c", code, clock.path], capture_output=True, text=True, check=True).stdout
    assert int(shown) == START + HOUR


def test_a_reader_never_finds_half_a_dial(clock: DemoClock, world: World) -> None:
    """One thread turns it as fast as it can, another reads it all the while."""
    reader, done, failed = DemoClock(clock.path, world), threading.Event(), []

    def read() -> None:
        while not done.is_set():
            try:
                reader()
            except Exception as failure:
                failed.append(failure)

    thread = threading.Thread(target=read)
    thread.start()
    for turn in range(300):
        write(clock.path, Dial(START + turn, world.now, END))
    done.set()
    thread.join()
    assert failed == []
    assert reader() == START + 299
