"""One source, two speeds: functions marked `@kernel` run as plain Python and, for whole cohorts, compiled by Numba.

A marked function uses only numbers, indexing and other marked functions, so that a list and a NumPy array serve it
alike. Nothing here imports Numba until `compiled()` is called: a bedside answer for one course never pays for the
compiler.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
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
    """A digest of every marked function's module and of the interpreter: compiled code is kept under it, so a changed
    rule can never be served from an old cache.
    """
    files = sorted({__file__, *(inspect.getsourcefile(f) or "" for f in _MARKED.values())})
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


@cache
def compiled() -> Mapping[str, Callable[..., Any]]:
    """The marked functions, compiled, by name. The first call on a machine compiles for some seconds; later ones load
    the cache.
    """
    import numba
    import platformdirs

    importlib.import_module("cartway.toxicity.passes")  # the last room of kernels; it brings in all others
    numba.config.CACHE_DIR = str(Path(platformdirs.user_cache_dir("cartway")) / fingerprint())  # type: ignore[attr-defined]
    done: dict[str, Callable[..., Any]] = {}
    pointer = _pointer()
    twins = {name: _twin(sys.modules[name]) for name in dict.fromkeys(f.__module__ for f in _MARKED.values())}
    for twin in twins.values():
        twin.__dict__.update(pointer=pointer)
    for name in _callees_first():
        done[name] = _compile(numba, _MARKED[name], twins)
        for twin in twins.values():
            if name in twin.__dict__:
                twin.__dict__[name] = done[name]
    return done


def _callees_first() -> list[str]:
    """The marked functions in an order in which each comes after those that it calls."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for called in _MARKED[name].__code__.co_names:
                if called in _MARKED and called != name:
                    visit(called)
            order.append(name)

    for name in _MARKED:
        visit(name)
    return order


def _twin(module: ModuleType) -> ModuleType:
    """A copy of a module whose marked functions will be replaced, one by one, by compiled ones."""
    twin = ModuleType(module.__name__)
    twin.__dict__.update(module.__dict__)
    return twin


def _compile(numba: Any, function: FunctionType, twins: Mapping[str, ModuleType]) -> Callable[..., Any]:
    """Compile one function with its names bound to the compiled twins."""
    scope = dict(twins[function.__module__].__dict__)
    for name, value in scope.items():
        if isinstance(value, ModuleType) and value.__name__ in twins:
            scope[name] = twins[value.__name__]
    bound = FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    bound.__module__, bound.__qualname__ = function.__module__, function.__qualname__
    jitted: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")(bound)
    return jitted


def _pointer() -> Any:
    """What turns an array into a bare pointer to its numbers, inside compiled code.

    A kernel calls dozens of small kernels with the same three vectors. Passed as arrays, seven words each, the calls
    cost more than the work: bare pointers made the whole pass several times faster.
    """
    from typing import cast

    from numba import types
    from numba.extending import intrinsic
    from numba.np.arrayobj import make_array

    def pointer(_context: Any, array: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return cast(Any, make_array)(signature.args[0])(context, builder, arguments[0]).data

        return cast(Any, types.CPointer)(array.dtype)(array), codegen

    return intrinsic(pointer)
