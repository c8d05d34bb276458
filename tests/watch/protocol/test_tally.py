"""The count of tocilizumab against a slow, obvious twin that tries every minute."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.times import DAY, HOUR, MINUTE
from toxicity.drawn import at, course, instant, push
from watch.protocol.asking import ill, says

MINUTES = st.lists(st.integers(-600, 3000), max_size=6)


def slow(minutes: list[int], now: int) -> tuple[int, int | None]:
    """Doses left, and the first minute from the start of the record on at which one more breaks no limit."""
    doses: list[int] = []
    for minute in sorted(each for each in minutes if each * MINUTE <= now):
        if not doses or minute - doses[-1] > 60:
            doses.append(minute)
    left = max(4 - len(doses), 0)
    if not left:
        return 0, None
    for minute in range(doses[-1] if doses else 0, 10_000):
        apart = all((minute - dose) * MINUTE >= 8 * HOUR for dose in doses)
        day = sum((minute - dose) * MINUTE < DAY for dose in doses) < 3
        if apart and day:
            return left, minute
    raise AssertionError("a fourth dose is possible at some time")


@settings(max_examples=60, deadline=None)
@given(MINUTES, st.integers(0, 3100))
def test_the_count_and_its_slow_twin(minutes: list[int], now: int) -> None:
    drawn = course(ill(2), *(at(minute / 60, push("tocilizumab", 656.0)) for minute in minutes))
    told = says(drawn, now / 60).tally
    assert told is not None
    left, first = slow(minutes, now * MINUTE)
    assert told.left == left
    if first is None:
        assert told.next_at is None
    else:
        assert told.next_at is not None
        given_before = bool(told.doses)
        assert told.next_at == (instant(0) + first * MINUTE if given_before else 0)
