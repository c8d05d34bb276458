"""Kill a process that appends, at a random moment, again and again, and see whether it kept its word."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter

from cartway.record import open_log

CHILD = """
import sys
from cartway.record import Accepted, Fact, open_log
url, run = sys.argv[1], sys.argv[2]
with open_log(url) as log:
    print("ready", flush=True)
    batch = 0
    while True:
        batch += 1
        size = 1 + batch * 37 % 200
        facts = [
            Fact(f"course-{n % 5}", batch * 1000 + n, "heart_rate", float(n), source=run, key=f"{batch}-{n}",
                 detail={"n": n} if n % 9 == 0 else {})
            for n in range(size)
        ]
        facts += [Fact("course-0", batch * 1000, "heart_rate", 1.0, source=run, key=f"{batch}-0", corrected=True)]
        receipt = log.append(facts, recorded_at=batch, recorded_by=run)
        assert all(isinstance(outcome, Accepted) for outcome in receipt.outcomes)
        print(receipt.outcomes[0].position, receipt.outcomes[-1].position, flush=True)
"""


def kill_again_and_again(url: str, kills: int, seed: int) -> int:
    """Kill a child `kills` times; assert that all it acknowledged is there, once, and the chain whole; how much."""
    chance = random.Random(seed)
    with open_log(url):
        pass
    acknowledged: list[tuple[str, int, int]] = []
    child = _start(url, "run-0")
    for kill in range(kills):
        following = _start(url, f"run-{kill + 1}") if kill + 1 < kills else None  # it starts while the other one writes
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        seen = "".join(child.stdout.readline() for _ in range(chance.randrange(6)))
        time.sleep(chance.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        out = seen + child.communicate()[0]
        lines = [line.split() for line in out.splitlines(keepends=True) if line.endswith("\n")]
        acknowledged += [(f"run-{kill}", int(first), int(last)) for first, last in lines]
        if following is None:
            break
        child = following
    _assert_kept(url, acknowledged)
    return len(acknowledged)


def _start(url: str, run: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", CHILD, url, run], stdout=subprocess.PIPE, text=True)


def _assert_kept(url: str, acknowledged: list[tuple[str, int, int]]) -> None:
    with open_log(url) as log:
        authors, statements, position = {}, Counter[tuple[str, str, str, bool]](), 0
        while facts := log.since(position):
            for fact in facts:
                assert fact.position == position + 1
                position = fact.position
                authors[position] = fact.recorded_by
                statements[fact.course, fact.source, fact.key, fact.corrected] += 1
        assert position == log.position()
        assert max(statements.values(), default=0) <= 1, "a fact was doubled"
        for run, first, last in acknowledged:
            assert {authors.get(each) for each in range(first, last + 1)} == {run}, "an acknowledged fact is missing"
        found = log.verify()
        assert found.ok, found.flaws
