"""Compile the kernel of lanes where there is a C compiler: once for each instruction set, chosen when it is loaded.

`python src/cartway/twin/solver/build.py` does it for this source tree; so does an installation (hatch_build.py).
Nothing is compiled for the machine at hand alone: what is built runs on every machine of its kind. The standard
library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
SOURCES = ("lanes.c", "lanes.h", "vector.h", "explicit.h", "stiff.h", "generated/model.h", "build.py")
FLAGS = ("-O3", "-std=gnu11", "-fno-math-errno", "-fno-trapping-math", "-fPIC", "-shared")


class Variant(NamedTuple):
    """One instruction set: how many doubles its vectors hold, and what the compiler must be told."""

    lanes: int
    flags: tuple[str, ...] = ()


VARIANTS = {
    "x86_64": (
        Variant(8, ("-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mavx2", "-mfma", "-mbmi", "-mbmi2")),
        Variant(4, ("-mavx2", "-mfma", "-mbmi", "-mbmi2")),
        Variant(2),
    )
}
"""Widest first; the last one runs on every machine of its kind."""


def variants() -> tuple[Variant, ...]:
    """The instruction sets that are worth compiling for on this kind of machine."""
    machine = platform.machine().lower()
    return VARIANTS.get({"amd64": "x86_64"}.get(machine, machine), (Variant(2),))


def library(lanes: int) -> Path:
    """Where the kernel of so many lanes is kept."""
    return HERE / "built" / f"lanes_{lanes}.so"


def digest() -> str:
    """SHA-256 of all that the compiled kernel is made of: one that carries another digest is not of these sources."""
    found = hashlib.sha256()
    for name in SOURCES:
        found.update((HERE / name).read_bytes())
    return found.hexdigest()


def compiler() -> str | None:
    """A C compiler with the vector extensions of GCC and Clang, or None."""
    wanted = os.environ.get("CC", "").split()[:1] or ["cc", "gcc", "clang"]
    return next((path for name in wanted if (path := shutil.which(name))), None)


def build() -> list[Path]:
    """Compile all variants. Returns the libraries built: none where there is no compiler or it refuses the sources."""
    with_what = compiler()
    if with_what is None:
        return []
    library(0).parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as pool:
        built = list(pool.map(lambda variant: _compile(with_what, variant), variants()))
    return [path for path in built if path is not None]


def _compile(with_what: str, variant: Variant) -> Path | None:
    path = library(variant.lanes)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")  # whole or not at all: another process may be loading it
    said = [f"-DLANES={variant.lanes}", f'-DDIGEST="{digest()}"', "-o", str(fresh), str(HERE / "lanes.c"), "-lm"]
    done = subprocess.run(  # noqa: S603 - the compiler of this machine on our own source
        [with_what, *FLAGS, *variant.flags, *said], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        fresh.unlink(missing_ok=True)
        sys.stderr.write(done.stderr)
        return None
    fresh.replace(path)
    return path


if __name__ == "__main__":
    sys.exit(0 if build() else 1)
