"""Measuring: CPU seconds of this process (all its threads), medians of repeats, and on what machine."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

PACKAGES = (
    "numba", "numpy", "polars", "pyarrow", "msgspec", "sqlalchemy", "psycopg", "pandas", "fhir.resources",
)  # fmt: skip

Clock = Callable[[], float]


class Measured(NamedTuple):
    """The seconds of each repeat, and what the last one returned."""

    seconds: Sequence[float]
    result: Any

    @property
    def median(self) -> float:
        """The middle of the repeats, in seconds."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Slowest over quickest: well above 1 on a busy machine."""
        return max(self.seconds) / max(min(self.seconds), 1e-9)


def measured(work: Callable[[], Any], repeats: int, clock: Clock = time.process_time, warm: int = 1) -> Measured:
    """Run `work` `warm` times unmeasured, then `repeats` times; rubbish is collected between, not during."""
    result: Any = None
    for _ in range(warm):
        result = work()
    seconds = []
    for _ in range(repeats):
        del result
        gc.collect()
        started = clock()
        result = work()
        seconds.append(clock() - started)
    return Measured(seconds, result)


def beside(works: Sequence[Callable[[], Any]], repeats: int, clock: Clock = time.process_time) -> list[Measured]:
    """Measure several in turn, one repeat of each at a time, so that a busy minute hits all of them alike."""
    seconds: list[list[float]] = [[] for _ in works]
    results: list[Any] = [work() for work in works]
    for _ in range(repeats):
        for place, work in enumerate(works):
            results[place] = None
            gc.collect()
            started = clock()
            results[place] = work()
            seconds[place].append(clock() - started)
    return [Measured(each, result) for each, result in zip(seconds, results, strict=True)]


def machine() -> dict[str, str]:
    """Processor, system, interpreter, and the versions of what is measured."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f} at the start",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def _processor() -> str:
    """The model's name where the system tells it."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
