"""Ten thousand virtual patients as facts: simulated and charted into a file, then graded and their responses read.

Wall time on two processes, as somebody waits for it; beside it the same courses read fact by fact, a sample of them.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.line import Line, Part
from cartway.times import DAY
from cartway.toxicity import SCALES, by_course, grade, load_rules
from cartway.twin.chart import facts_in, outcomes
from cartway.twin.chart.answered import answered
from cartway.twin.chart.outcomes import TOXICITY_DAYS
from cartway.twin.chart.simulate import AT_ONCE, Plan, plan_of, simulate

Say = Callable[[str], None]
PATIENTS, PROCESSES, SAMPLE = 10_000, 2, 40
ALL_SECONDS = 60.0


def run(_rows: int, _repeats: int, say: Say) -> Part:
    """One run: it takes longer than a repeat would tell."""
    plan = plan_of(Plan(PATIENTS, "axi-cel", "lbcl"))
    assert isinstance(plan, Plan)
    _warm(plan)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.parquet"
        before = _processor()
        say(f"simulating and charting {PATIENTS:,} patients")
        written, rows = _timed(lambda: simulate(plan, path, threads=PROCESSES, say=lambda _done, _of: None))
        say(f"grading {rows:,} facts")
        read, found = _timed(lambda: outcomes(path, threads=PROCESSES))
        worked = _processor() - before
        say(f"{SAMPLE} of them fact by fact")
        slow, same = _timed(lambda: _by_fact(path, found))
        size = path.stat().st_size
    return _part(written, read, slow, rows, size, same, worked)


def _processor() -> float:
    """CPU seconds of this process and of those that it began and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _warm(plan: Plan) -> None:
    """What compiles is compiled."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.parquet"
        simulate(_few(plan), path, say=lambda _done, _of: None)
        outcomes(path)


def _few(plan: Plan) -> Plan:
    return Plan(4, plan.product, plan.disease)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _by_fact(path: Path, found: pa.Table) -> int:
    """How many courses of a sample have the same highest CRS and best response, read one by one."""
    with pq.ParquetFile(path) as file:
        table = file.read_row_group(0)
    ids = found.column("course").to_pylist()[:SAMPLE]
    same = 0
    for course, facts in by_course(facts_in(table.filter(pc.is_in(table.column("course"), pa.array(ids))))).items():
        row = found.filter(pc.equal(found.column("course"), course)).to_pylist()[0]
        until = next(fact.at for fact in facts if fact.what == "infusion") + TOXICITY_DAYS * DAY
        told = [e for e in grade(facts, load_rules(), None, SCALES) if e.scale == SCALES[0] and e.start <= until]
        grades = [e.grade for e in told]
        crs = max((one for one in grades if one is not None), default=None)
        same += (crs, answered(facts).response_best) == (row["crs_max"], row["response_best"])
    return same


def _part(written: float, read: float, slow: float, rows: int, size: int, same: int, worked: float) -> Part:
    return Part(
        title=f"{PATIENTS:,} virtual patients over 90 days, {PROCESSES} processes, wall time",
        lines=[
            Line(what="simulated, charted, written", ours=written, unit="s"),
            Line(what="graded on all scales, responses read", ours=read, unit="s"),
            Line(what="all of it", ours=written + read, unit="s", target=ALL_SECONDS),
            Line(
                what="courses graded and answered",
                ours=PATIENTS / read,
                unit="courses/s",
                peer="fact by fact",
                theirs=SAMPLE / slow,
                leaves_out="all scales but the two ASTCT ones",
            ),
        ],
        remarks=[
            f"{rows:,} facts, {size / rows:.1f} bytes a fact, row groups of {AT_ONCE} courses",
            f"{worked:.0f} CPU seconds of all processes: half of that is the wall time of two free cores",
            f"{same} of {SAMPLE} courses have the same CRS and response when read fact by fact",
        ],
    )
