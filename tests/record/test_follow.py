"""Readers in other processes follow the commits: nothing is missed, nothing comes twice, all see the same order."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from cartway.record import open_log
from cartway.record.rows import Rows
from record.drawing import append, temperature

WRITER = """
import sys
from cartway.record import Fact, open_log
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open_log(url) as log:
    for n in range(count):
        course = f"course-{n % 3}"
        facts = [Fact(course, 60_000_000 * n, "heart_rate", float(m), source=name, key=f"{n}-{m}") for m in range(3)]
        assert log.append(facts, recorded_at=n, recorded_by=name).accepted == 3
"""
READER = """
import sys
from cartway.record import open_log
from cartway.record.rows import Rows
url, expected = sys.argv[1], int(sys.argv[2])
seen = 0
with open_log(url) as log:
    while seen < expected:
        last = log.wait(seen, 30)
        assert last > seen, "nothing came"
        while seen < last:
            for fact in log.since(seen, limit=7):
                assert fact.position == seen + 1, (fact.position, seen)
                seen = fact.position
                print(fact.position, fact.course, fact.recorded_by, fact.key, flush=True)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)


def finish(processes: Sequence[subprocess.Popen[str]]) -> list[list[str]]:
    outputs = [process.communicate(timeout=120)[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return outputs


def test_two_writers_and_two_readers(store_url: str) -> None:
    batches = 40
    readers = [start(READER, store_url, str(2 * 3 * batches)) for _ in range(2)]
    writers = [start(WRITER, store_url, name, str(batches)) for name in ("one", "other")]
    finish(writers)
    first, second = finish(readers)
    assert first == second
    with open_log(store_url) as log:
        stored = [f"{fact.position} {fact.course} {fact.recorded_by} {fact.key}" for fact in log.since(0)]
        assert stored == first
        assert len(set(stored)) == 2 * 3 * batches
        assert log.verify().ok


def test_waiting_ends_with_its_time(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38))
        begun = time.monotonic()
        assert log.wait(1, 0.2) == 1
        assert 0.15 < time.monotonic() - begun < 5
        assert log.wait(0, 10) == 1


def test_waiting_ends_soon_after_a_commit(store_url: str) -> None:
    with open_log(store_url) as reader, open_log(store_url) as writer:
        reader.wait(0, 0)
        timer = threading.Timer(0.2, lambda: append(writer, temperature(38)))
        timer.start()
        begun = time.monotonic()
        assert reader.wait(0, 20) == 1
        assert time.monotonic() - begun < 5
        timer.join()


def test_threads_may_share_a_log(store_url: str) -> None:
    with open_log(store_url) as log:
        threads = [
            threading.Thread(target=lambda n=n: [append(log, temperature(38, m, source=str(n))) for m in range(10)])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log.position() == 40
        assert log.verify().ok


def test_waiting_never_sees_what_is_not_yet_durable(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(38))
        rows = log._driver
        with rows.writing():
            batch = rows.last_batch()
            rows.write(Rows(batches=[(batch.number + 1, 2, 2, 0, 0, b"")]))
            seen: list[int] = []
            waiter = threading.Thread(target=lambda: seen.append(log.wait(1, 0.3)))
            waiter.start()
            waiter.join()
        assert seen == [1]


ONE_MORE = """
import sys
from cartway.record import Fact, open_log
with open_log(sys.argv[1]) as log:
    fact = Fact("c", 60_000_000, "heart_rate", 80.0, source="other", key="o1")
    receipt = log.append([fact], recorded_at=1, recorded_by="other")
    print(receipt.outcomes[0].position)
"""


def test_a_process_that_opens_a_record_twice_loses_nothing_to_one_that_comes_and_goes(store_url: str) -> None:
    """As every worker of the board does, beside an import. Closing any descriptor of a SQLite file that the process has
    opened by itself would drop its locks on it, and whoever goes last would take the journal with it.
    """
    with open_log(store_url) as first, open_log(store_url) as second:
        assert append(first, temperature(38)).accepted == 1
        ((position,),) = finish([start(ONE_MORE, store_url)])
        assert position == "2"
        assert append(second, temperature(39)).accepted == 1
        assert [fact.position for fact in first.since(0)] == [1, 2, 3]
    with open_log(store_url) as again:
        assert [fact.position for fact in again.since(0)] == [1, 2, 3]
        assert again.verify().ok
