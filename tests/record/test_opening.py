"""Opening is cheap, and safe when several do it at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cartway.record import open_log
from record.drawing import append, temperature

HEAVY = ("sqlalchemy", "alembic", "psycopg", "numpy", "sqlite3", "cryptography", "polars")


def loaded_after(code: str) -> set[str]:
    ask = f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    return set(subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_record_loads_no_database() -> None:
    assert loaded_after("import cartway.record, cartway.people") == set()


def test_opening_and_reading_an_up_to_date_store_loads_the_driver_only(sqlite_store: str) -> None:
    with open_log(sqlite_store) as log:
        append(log, temperature(38))
    opened = f"from cartway.record import open_log\nlog = open_log({sqlite_store!r}, create=False)"
    assert loaded_after(opened) == {"sqlite3"}
    assert loaded_after(f"{opened}\nassert len(log.columns('c1')) == 1") == {"sqlite3", "numpy"}


def test_several_processes_may_create_the_same_store(store_url: str, tmp_path: Path) -> None:
    code = (
        "import sys; from cartway.record import Fact, open_log\n"
        "with open_log(sys.argv[1]) as log:\n"
        "    log.append([Fact('c1', 0, 'heart_rate', 1.0, source=sys.argv[2])], recorded_at=0, recorded_by='x')"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, store_url, str(n)]) for n in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    with open_log(store_url) as log:
        assert log.position() == 4
        assert log.verify().ok
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in tmp_path.iterdir()} <= {"record.db"}


def test_a_store_in_a_new_folder(tmp_path: Path) -> None:
    with open_log(f"sqlite:///{tmp_path}/a/b/ä record.db") as log:
        assert append(log, temperature(38)).accepted == 1


def test_a_relative_path(tmp_path: Path, monkeypatch: object) -> None:
    code = "from cartway.record import open_log; open_log('sqlite:///here.db').close()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "here.db").exists()
