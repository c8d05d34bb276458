"""One source, two speeds: functions marked `@kernel` run as plain Python and, for whole cohorts, compiled by Numba.

A marked function uses only numbers, indexing and other marked functions, so that a list and a NumPy array serve it alike.
Nothing here imports Numba until `compiled()` is called: a bedside answer for one course never pays for the compiler.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_MARKED: dict[str, FunctionType] = {}


def kernel(function: F) -> F:
    """Mark `function` as part of the compiled fold. It stays the plain function it is."""
    assert isinstance(function, FunctionType)
    assert function.__name__ not in _MARKED, f"two kernels are called {function.__name__}"
    _MARKED[function.__name__] = function
    return function


def fingerprint() -> str:
    """A digest of every marked function's module and of the interpreter: compiled code is kept under it, so a changed rule
    can never be served from an old cache."""
    files = sorted({inspect.getsourcefile(f) or "" for f in _MARKED.values()})
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


@cache
def compiled() -> Mapping[str, Callable[..., Any]]:
    """The marked functions, compiled, by name. The first call on a machine compiles (some seconds); later ones load the cache."""
    import numba
    import platformdirs

    numba.config.CACHE_DIR = str(Path(platformdirs.user_cache_dir("cartway")) / fingerprint())
    scope: dict[str, Any] = {}
    for name, function in _MARKED.items():
        scope[name] = _compile(numba, function, scope)
    return scope


def _compile(numba: Any, function: FunctionType, scope: Mapping[str, Any]) -> Callable[..., Any]:
    """Compile one function with its calls bound to the compiled ones (definition order: a callee comes first)."""
    bound = FunctionType(function.__code__, {**function.__globals__, **scope}, function.__name__)
    bound.__module__, bound.__qualname__ = function.__module__, function.__qualname__
    jitted: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")(bound)
    return jitted
