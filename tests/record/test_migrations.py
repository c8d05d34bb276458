"""A store made by any earlier version is brought up to date; one by a later version is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect

from cartway.record import current, open_log, postgres, sqlite_file
from cartway.record.errors import StoreNewer
from cartway.record.migrate import HEAD, KNOWN, migrate
from cartway.record.schema import metadata
from record.drawing import append, behind_the_back, retraction, temperature


def downgraded(url: str) -> None:
    """Turn a store of today into one of the first version, as its code had written it."""
    with behind_the_back(url) as execute:
        execute("DROP TABLE amendment")
        execute("UPDATE alembic_version SET version_num = '0001'")


def made_at_first(url: str) -> None:
    """An empty store of the first version."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        sqlite_file.create(path, lambda draft: sqlite_file.upgrade(draft, "0001"))
        return
    postgres.PostgreSQL(url).upgrade("0001")


def columns_of(connection: Connection) -> dict[str, dict[str, bool]]:
    found = inspect(connection)
    names = sorted(set(found.get_table_names()) - {"alembic_version"})
    return {name: {column["name"]: bool(column["nullable"]) for column in found.get_columns(name)} for name in names}


def test_the_migrations_build_what_the_code_reads(store_url: str) -> None:
    wanted = {
        table.name: {column.name: bool(column.nullable) for column in table.columns} for table in metadata.sorted_tables
    }
    with open_log(store_url) as log, log.reading() as connection:
        assert columns_of(connection) == dict(sorted(wanted.items()))


def test_a_store_of_the_first_version_is_brought_up_to_date(store_url: str) -> None:
    made_at_first(store_url)
    with behind_the_back(store_url) as execute:
        execute("INSERT INTO store VALUES ('kind', 'demo')")
    with open_log(store_url) as log:
        assert log.kind == "demo"
        assert append(log, temperature(38)).accepted == 1
        assert log.verify().ok
        assert version(store_url) == HEAD


def test_what_supersedes_what_is_found_again(store_url: str) -> None:
    with open_log(store_url) as log:
        append(log, temperature(36, key="1"), temperature(37, key="2"), temperature(38, key="3", source="lab"))
        append(log, temperature(36.5, key="1", corrected=True), temperature(39, key="4", amends="2"), retraction("3"))
        append(log, temperature(40, key="5", amends="2"), temperature(41, key="1", course="c2"))
        before = {course: current(log.facts(course)) for course in log.courses()}
    downgraded(store_url)
    with open_log(store_url) as log:
        assert log.verify().ok
        for course, facts in before.items():
            assert log.columns(course).position.tolist() == [fact.position for fact in facts]


def test_a_store_of_a_later_version_is_left_alone(store_url: str) -> None:
    open_log(store_url).close()
    with behind_the_back(store_url) as execute:
        execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreNewer, match=r"9999.*Upgrade Cartway"):
        open_log(store_url)


def test_an_interrupted_upgrade_leaves_the_old_version(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_log(store_url).close()
    downgraded(store_url)

    def interrupted(*arguments: Any) -> None:
        migrate(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("cartway.record.migrate.migrate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            open_log(store_url)
    assert version(store_url) == "0001"
    open_log(store_url).close()
    assert version(store_url) == HEAD


def test_the_newest_migration_is_the_one_the_code_asks_for() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "cartway.record:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == HEAD == KNOWN[-1]
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(KNOWN)


def version(url: str) -> str:
    with behind_the_back(url) as execute, one_row(execute("SELECT version_num FROM alembic_version")) as row:
        return str(row[0])


@contextmanager
def one_row(cursor: Any) -> Iterator[Any]:
    yield cursor.fetchone()
