"""The store of access: private, apart, of this version, shared by processes, and without a secret in clear."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from cartway.people import open_people
from cartway.record import open_log
from cartway.record.errors import StoreNewer, UnknownStore
from cartway.web.access import Access, NoAccounts, Role, open_access
from cartway.web.access.schema import metadata, secret

from .conftest import CHEAP, NOW, OTHER, RIGHT, Enter, sign_in


def used(access: Access) -> set[str]:
    """Sign in, change the password, mistype it as the name; all that nobody may read in the store."""
    access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
    session = sign_in(access)
    access.sign_in(OTHER, "a wrong password", client="ward", now=NOW)
    access.change_password(session.principal, RIGHT, OTHER, now=NOW)
    return {session.token, RIGHT, OTHER, "a wrong password"}


def test_no_password_or_token_is_in_the_files(sqlite_store: str, tmp_path: Path) -> None:
    with open_access(sqlite_store, hasher=CHEAP) as access:
        hidden = used(access)
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"anna" in written and b"$argon2id$" in written
        assert {text for text in hidden if text.encode() in written} == set()


def test_no_password_or_token_is_in_the_tables(access: Access) -> None:
    hidden = used(access)
    with access._store.reading() as connection:
        rows = [
            row for table in metadata.sorted_tables if table is not secret for row in connection.execute(select(table))
        ]
    assert "anna" in str(rows)
    assert {text for text in hidden if text in str(rows)} == set()


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_files_are_their_owner_s_only(sqlite_store: str, tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with open_access(sqlite_store, hasher=CHEAP) as access:
            used(access)
            modes = {path.name: stat.filemode(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"record.access.db", "record.access.db-wal"} <= set(modes)
    assert set(modes.values()) == {"-rw-------"}


def test_accounts_are_kept_apart_from_facts_and_people(store_url: str, tmp_path: Path) -> None:
    with open_log(store_url), open_people(store_url), open_access(store_url, hasher=CHEAP) as access:
        used(access)
    if store_url.startswith("sqlite"):
        assert {path.name for path in tmp_path.glob("*.db")} == {"record.db", "record.people.db", "record.access.db"}
        own = f"sqlite:///{tmp_path / 'record.access.db'}"
        with open_access(own, create=False, hasher=CHEAP) as access:
            assert [account.name for account in access.accounts()] == ["anna"]


def test_accounts_outlive_the_process(store_url: str) -> None:
    with open_access(store_url, hasher=CHEAP) as access:
        access.create_account("anna", Role.nurse, password=RIGHT, now=NOW, by="desk")
        session = sign_in(access)
    with open_access(store_url, create=False, hasher=CHEAP) as access:
        assert access.principal(session.token, now=NOW) == session.principal


def test_accounts_that_are_not_there_are_named(store_url: str) -> None:
    with pytest.raises(NoAccounts, match="cartway account add"):
        open_access(store_url, create=False)
    with pytest.raises(UnknownStore):
        open_access("mysql://nowhere/x")


def test_accounts_of_a_newer_version_are_left_alone(store_url: str) -> None:
    with open_access(store_url) as access, access._store.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreNewer, match="9999"):
        open_access(store_url)


def test_the_migration_builds_what_the_queries_read(access: Access) -> None:
    with access._store.transaction() as connection:
        found = inspect(connection)
        for table in metadata.sorted_tables:
            built = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert built == {column.name: bool(column.nullable) for column in table.columns}
            assert set(found.get_pk_constraint(table.name)["constrained_columns"]) == {
                column.name for column in table.primary_key
            }
            assert {index["name"] for index in found.get_indexes(table.name) if not index["unique"]} == {
                index.name for index in table.indexes
            }


GUESS = """
import sys
from argon2 import PasswordHasher
from cartway.web.access import open_access
url, token = sys.argv[1:]
with open_access(url, hasher=PasswordHasher(1, 8, 1)) as access:
    answers = [access.sign_in("anna", "a wrong password", client="ward", now=1).code for _ in range(6)]
    print(answers.count("wrong_sign_in"), access.principal(token, now=1).account.name, access.secret("csrf").hex())
"""


def test_several_processes_share_sessions_secrets_and_locks(access: Access, enter: Enter, store_url: str) -> None:
    enter()
    token = sign_in(access, now=1).token
    command = [sys.executable, "-c", GUESS, store_url, token]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=60)[0].split() for process in running]
    assert sum(int(guesses) for guesses, _, _ in told) == 5
    assert {(name, drawn) for _, name, drawn in told} == {("anna", access.secret("csrf").hex())}


def test_two_that_find_no_store_make_one(store_url: str) -> None:
    making = "import sys; from cartway.web.access import open_access; print(open_access(sys.argv[1]).secret('x').hex())"
    command = [sys.executable, "-c", making, store_url]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    drawn = {process.communicate(timeout=60)[0] for process in running}
    assert len(drawn) == 1 and len(drawn.pop().strip()) == 64
