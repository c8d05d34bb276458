"""Plans being worked out: in a thread each, one at a time in a worker, so that pages go on being served.

A job is known by its question. Who asks the same gets the same job; who asks another one waits in line; a worker that
does not know a job makes it anew and gets the same plan, since a plan is a function of its question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from cartway.pathway.slots import Plan, Progress, Request, make_plan
from cartway.problem import Problem
from cartway.web.office import Office

KEPT = 12
IN_LINE = 4

Make = Callable[[Request, Callable[[Progress], None]], Plan]


class Job:
    """One plan in the making. `plan` when it is done, `problem` when it could not be made."""

    def __init__(self, question: Request) -> None:
        self.question = question
        self.asked_at = time.monotonic()
        self.began = False
        self.progress: Progress | None = None
        self.plan: Plan | None = None
        self.problem: Problem | None = None

    @property
    def done(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.plan is not None or self.problem is not None

    @property
    def seconds(self) -> int:
        """How long somebody has waited for it."""
        return int(time.monotonic() - self.asked_at)


class Jobs:
    """The jobs of one worker. Thread-safe."""

    def __init__(self, make: Make = lambda question, watch: make_plan(question, watch=watch)) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock, self._turn, self._make = threading.Lock(), threading.Lock(), make

    def get(self, name: str) -> Job | None:
        """A job that is known here."""
        with self._lock:
            return self._jobs.get(name)

    def start(self, name: str, question: Request) -> Job | Problem:
        """The job of a question: the one that is there, or a new one. Problem: ``too_many_plans``."""
        with self._lock:
            known = self._jobs.get(name)
            if known is not None and known.problem is None:
                return known
            if sum(not job.done for job in self._jobs.values()) > IN_LINE:
                told = "Several plans are being worked out already."
                return Problem("too_many_plans", told, "Look again in a minute.")
            self._forget()
            job = self._jobs[name] = Job(question)
        threading.Thread(target=self._run, args=(job,), name="plan", daemon=True).start()
        return job

    def _forget(self) -> None:
        """Let the oldest go that are done."""
        done = [name for name, job in self._jobs.items() if job.done]
        for name in done[: max(0, len(self._jobs) - KEPT + 1)]:
            del self._jobs[name]

    def _run(self, job: Job) -> None:
        with self._turn:
            job.began = True
            try:
                job.plan = self._make(job.question, lambda progress: setattr(job, "progress", progress))
            except Exception as failure:  # whoever waits must be told, whatever it was
                kind = type(failure).__name__
                job.problem = Problem("plan_failed", f"The plan could not be worked out ({kind}).", "Ask again.")


_JOBS: WeakKeyDictionary[Office, Jobs] = WeakKeyDictionary()
_LOCK = threading.Lock()


def jobs(office: Office) -> Jobs:
    """The worker's own."""
    with _LOCK:
        return _JOBS.setdefault(office, Jobs())
