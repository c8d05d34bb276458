"""Make `.venv` hold what a level needs: `run` (the program), `dev` (also the checks) or `bench` (also the peers).

Every package comes from a lock file with its hash; no package is built from source. A stamp in `.venv` names
what is installed, so that a second call returns at once. The checks drive a browser: where there is none, the levels
above `run` take Chromium from the system's packages, or name it. Uses the standard library only: it runs first.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "cartway-setup.json"
LOCKS = {
    "run": "requirements.lock",
    "dev": "requirements-dev.lock",
    "bench": "requirements-bench.lock",
}  # each holds the one before
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # any of them will do
QUIET_SECONDS = 10  # where nobody watches a terminal, one line of progress in this time


def main(level: str) -> int:
    """Bring `.venv` to `level`. Returns the exit status: 0 when it is there."""
    if level not in LOCKS:
        return refuse(f"there is no level {level!r}; there are {', '.join(LOCKS)}.")
    try:
        packages(level)
        if level != "run":
            browser()
    except SetUpError as failure:
        return refuse(str(failure))
    return 0


def packages(level: str) -> None:
    """What Python needs. Raises SetUpError."""
    wanted = digest()
    if PYTHON.exists() and is_enough(installed(), wanted, level):
        return
    started = time.monotonic()
    steps(level)
    STAMP.write_text(json.dumps({"digest": wanted, "level": level}))
    say(f"set up in {time.monotonic() - started:.0f} s")


def steps(level: str) -> None:
    """The three steps: the virtual environment, the locked packages, the project itself. Raises SetUpError."""
    if not works(PYTHON):
        say(f"1/3 a virtual environment in {VENV.name}, Python {sys.version.split()[0]}")
        create()
    STAMP.unlink(missing_ok=True)  # an interrupted installation must not look finished
    say(f"2/3 packages of {LOCKS[level]}")
    locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(ROOT / LOCKS[level])]
    pip("install", *locked)
    say("3/3 cartway itself, editable")
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))


def digest() -> str:
    """SHA-256 of all that decides what is installed: locks, packaging part of pyproject.toml, place, C sources."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packaging = [project["project"], project["build-system"], project["tool"]["hatch"], str(ROOT)]
    content = [json.dumps(packaging, sort_keys=True)] + [(ROOT / lock).read_text() for lock in LOCKS.values()]
    content += [path.read_text() for path in compiled_from()]
    return hashlib.sha256("\0".join(content).encode()).hexdigest()


def compiled_from() -> list[Path]:
    """The sources of the kernel that the installation compiles, and what compiles them."""
    solver = ROOT / "src" / "cartway" / "twin" / "solver"
    return [ROOT / "hatch_build.py", solver / "build.py", *sorted(solver.rglob("*.[ch]"))]


def installed() -> dict[str, str]:
    """What the stamp says; empty where there is none or it cannot be read."""
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def is_enough(stamp: dict[str, str], wanted: str, level: str) -> bool:
    """True when the stamp is of these very locks and of this level or a fuller one."""
    order = list(LOCKS)
    return stamp.get("digest") == wanted and order.index(stamp.get("level", "run")) >= order.index(level)


def works(python: Path) -> bool:
    """True when the interpreter runs and is new enough; a moved folder or a removed system Python leaves a dead one."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def create() -> None:
    """A fresh virtual environment; without pip inside where this Python brings none (Debian's does not)."""
    venv.create(VENV, clear=True, symlinks=True, with_pip=importlib.util.find_spec("ensurepip") is not None)


def pip_command() -> list[str]:
    """How to call pip for `.venv`: the one inside, else that of the Python which runs this. Raises SetUpError."""
    inside = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    if inside.returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    raise SetUpError(
        f"{sys.executable} has neither ensurepip nor pip. Use a complete Python, for example PYTHON=/path/to/python3."
    )


def pip(*arguments: str) -> None:
    """Run pip, showing what it collects. Raises SetUpError with all that pip said."""
    command = [*pip_command(), *arguments, "--no-input", "--disable-pip-version-check"]
    run("pip", command, PIP_ROOT_USER_ACTION="ignore")


def browser() -> None:
    """A Chromium on the path; taken from the system's packages where we may. Raises SetUpError naming the package."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if not may_install():
        raise SetUpError(
            "the tests drive a browser and found none: install the one package `chromium`, then try again."
        )
    say("Chromium, for the tests in the browser (apt-get install chromium)")
    run("apt-get", ["apt-get", "-q", "update"])
    install = ["apt-get", "-q", "-y", "--no-install-recommends", "install", "chromium"]
    run("apt-get", install, DEBIAN_FRONTEND="noninteractive")


def may_install() -> bool:
    """True where packages come by apt-get and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def run(name: str, command: list[str], **environment: str) -> None:
    """Run a command, showing how far it got. Raises SetUpError with all that it said."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )
    said = list(shown(process.stdout or ()))
    if process.wait() != 0:
        raise SetUpError(f"{name} failed:\n{''.join(said)}")


def shown(lines: Iterable[str]) -> Iterator[str]:
    """Pass lines on while showing how far pip or apt-get is: one line rewritten on a terminal, else one line in
    QUIET_SECONDS.
    """
    count, last = 0, time.monotonic()
    for line in lines:
        yield line
        if line.startswith(("Collecting ", "Unpacking ")):
            count += 1
            last = progress(f"    {count:3d} {line.split()[1].split('==')[0]}", last)
        elif line.startswith("Installing collected"):
            last = progress(f"    installing {line.count(',') + 1} packages", last)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)


def progress(text: str, last: float) -> float:
    """Show `text` if it is time to; returns when something was shown last."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif time.monotonic() - last < QUIET_SECONDS:
        return last
    else:
        print(text, flush=True)
    return time.monotonic()


def say(text: str) -> None:
    print(f"cartway: {text}", flush=True)


def refuse(reason: str) -> int:
    print(f"cartway: {reason}", file=sys.stderr, flush=True)
    return 1


class SetUpError(Exception):
    """Set-up cannot go on; the message says why and what to do."""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["run"]))
