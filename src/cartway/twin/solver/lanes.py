"""The kernel in C, loaded: the widest one that this machine runs and that is made of these very sources."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.solver import build

if TYPE_CHECKING:
    from cartway.twin.solver.job import Job

INTEGERS = ("patients", "times", "outputs", "method", "going_on")
NUMBERS = ("day", "end", "rtol")
ARRAYS = ("x", "memory", "p", "time", "first", "at", "which", "factor", "plus", "chosen", "out", "steps", "next")


class _Asked(ctypes.Structure):
    """`struct job` of lanes.h."""

    _fields_ = [
        *((name, ctypes.c_longlong) for name in INTEGERS),
        *((name, ctypes.c_double) for name in NUMBERS),
        *((name, ctypes.c_void_p) for name in ARRAYS),
    ]


@cache
def loaded(lanes: int = 0) -> Any:
    """The kernel of so many lanes (0: the widest that runs here), or None where none of these sources was built."""
    narrowest = _library(build.variants()[-1].lanes)
    if narrowest is None:
        return None
    runs = [variant.lanes for variant in build.variants() if variant.lanes <= narrowest.widest()]
    wanted = [lanes] if lanes else runs
    return next((found for each in wanted if each in runs and (found := _library(each)) is not None), None)


def _library(lanes: int) -> Any:
    try:
        found = ctypes.CDLL(str(build.library(lanes)))
    except OSError:  # not built, or built for another kind of machine
        return None
    found.digest.restype = ctypes.c_char_p
    return found if found.digest().decode() == build.digest() else None


def advance(library: Any, job: Job) -> None:
    """Let the kernel work on the job until its counter is used up; threads may call this with one and the same job."""
    n, times, outputs = job.out.shape
    arrays = {name: getattr(job, name) for name in ARRAYS}
    assert all(array.flags.c_contiguous and array.dtype in (np.float64, np.int64) for array in arrays.values())
    numbers = (n, times, outputs, job.method, job.going_on, job.day, job.end, job.rtol)
    asked = _Asked(*numbers, *(array.ctypes.data for array in arrays.values()))
    library.advance(ctypes.byref(asked))
