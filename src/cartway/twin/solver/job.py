"""What a kernel is asked to do, as plain arrays: the same for all kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Whole = NDArray[np.int64]

EXPLICIT, STIFF = 0, 1


class Job(NamedTuple):
    """n patients with S states, P parameters, memory of M columns; k times, c states to put out.

    Changed in place: `x` [n, S], `memory` [n, M], `out` [n, k, c], `steps` [n], `next` [1], the next patient to
    be taken. Read: `p` [n, P], `time` [k]; `first` [n + 1], `at`, `which`, `factor`, `plus` (see Events); `chosen` [c].
    All are C-contiguous, float64 or int64. The job goes from `day` to `end`; `going_on` (0, 1): what is due at `day`
    has been done, by the part of the course before.
    """

    method: int
    going_on: int
    day: float
    end: float
    rtol: float
    x: Array
    memory: Array
    p: Array
    time: Array
    first: Whole
    at: Array
    which: Whole
    factor: Array
    plus: Array
    chosen: Whole
    out: Array
    steps: Whole
    next: Whole
