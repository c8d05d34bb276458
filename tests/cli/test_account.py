"""`cartway account`: what it says, with which status it ends, and that a password is never on the command line."""

from __future__ import annotations

import os
import pty
import select
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cartway.cli.app import app
from cartway.web.access import EVERY, Access, Role, Session, open_access

from .conftest import Run

GOOD, OTHER = "seven wet umbrellas", "eleven dry umbrellas"

Account = Callable[..., Result]


@pytest.fixture
def account(run: Run) -> Account:
    """Run `cartway account` with some arguments, in a folder of its own, with a line on standard input."""

    def invoke(*arguments: str, line: str = GOOD) -> Result:
        return CliRunner().invoke(app, ["account", *arguments], input=line + "\n")

    return invoke


@pytest.fixture
def access(tmp_path: Path, account: Account) -> Iterator[Access]:
    """The store in which anna, a nurse, has an account."""
    assert account("add", "Anna", "--role", "nurse", "--course", "c1").exit_code == 0
    with open_access(f"sqlite:///{tmp_path}/facts.db", create=False) as opened:
        yield opened


def signs_in(access: Access, password: str) -> bool:
    return isinstance(access.sign_in("anna", password, client="test", now=1), Session)


def test_an_account_is_added_and_signs_in(account: Account, access: Access) -> None:
    (anna,) = access.accounts()
    assert (anna.name, anna.display, anna.role, anna.courses) == ("anna", "Anna", Role.nurse, {"c1"})
    assert signs_in(access, GOOD)
    made = account("add", "ben", "--role", "physician", "--display", "Dr. Ben", "--all-courses")
    ben = access.by_name("ben")
    assert (made.exit_code, made.stdout, GOOD in made.output) == (0, "", False)
    assert ben is not None and (ben.display, ben.courses) == ("Dr. Ben", {EVERY})


def test_who_made_it_is_in_the_log(account: Account, access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTWAY_AUTHOR", "the keeper")
    account("disable", "anna")
    line = access.entries()[0]
    assert (line.act, line.name, line.about) == ("disable", "the keeper", access.accounts()[0].id)
    assert line.at > 1_700_000_000_000_000, "by the clock"


@pytest.mark.parametrize(
    ("arguments", "line", "says"),
    [
        (("add", "anna", "--role", "nurse"), GOOD, "an account of this name already"),
        (("add", "ben", "--role", "nurs"), GOOD, "The roles are physician, nurse"),
        (("add", "ben", "--role", "nurse"), "short", "fewer than 12"),
        (("add", "ben", "--role", "nurse"), "", "holds no password"),
        (("add", "a b", "--role", "nurse"), GOOD, "no space"),
        (("add", "ben", "--role", "nurse", "--course", "c", "--all-courses"), GOOD, "exclude each other"),
        (("add", "ben", "--role", "nurse", "--course", "*"), GOOD, "--all-courses"),
        (("password", "ben"), GOOD, "no account of this name"),
        (("password", "anna"), "short", "fewer than 12"),
        (("disable", "ben"), "", "no account of this name"),
        (("enable", "ben"), "", "no account of this name"),
        (("courses", "ben"), "", "no account of this name"),
        (("courses", "anna", "--no-courses", "--all-courses"), "", "exclude each other"),
        (("courses", "anna", "--no-courses", "--course", "c"), "", "exclude each other"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    account: Account, access: Access, arguments: tuple[str, ...], line: str, says: str
) -> None:
    before, log = access.accounts(), access.entries()
    said = account(*arguments, line=line)
    assert (said.exit_code, said.stdout) == (2, "")
    assert says in said.stderr and "Traceback" not in said.output
    assert not line or line not in said.output
    assert (access.accounts(), access.entries()) == (before, log)


@pytest.mark.parametrize("verb", ["list", "password anna", "disable anna", "enable anna", "courses anna"])
def test_where_nobody_has_an_account_it_says_how_to_make_one(account: Account, tmp_path: Path, verb: str) -> None:
    said = account(*verb.split())
    assert said.exit_code != 0 and said.stdout == ""
    assert "`cartway account add`" in str(said.exception)
    assert list(tmp_path.glob("*.db")) == []


def test_accounts_are_listed(account: Account, access: Access) -> None:
    account("add", "Zoe", "--role", "cell_laboratory", "--all-courses", "--display", "Zoe Z")
    account("disable", "anna")
    access.sign_in_external("https://id", "1", name="eva", display="Eva", role=Role.pharmacy, now=1)
    rows = [row.split() for row in account("list").stdout.splitlines()]
    assert rows == [
        ["anna", "nurse", "1", "courses", "Anna", "disabled"],
        ["eva", "pharmacy", "0", "courses", "Eva", "by", "the", "identity", "provider"],
        ["zoe", "cell_laboratory", "every", "course", "Zoe", "Z"],
    ]


def test_a_new_password_goes_for_the_old(account: Account, access: Access) -> None:
    said = account("password", "ANNA", line=OTHER)
    assert (said.exit_code, said.stdout) == (0, "")
    assert (signs_in(access, GOOD), signs_in(access, OTHER)) == (False, True)


def test_a_disabled_account_is_enabled_again(account: Account, access: Access) -> None:
    assert account("disable", "anna").exit_code == 0
    assert not signs_in(access, GOOD)
    assert account("enable", "anna").exit_code == 0
    assert signs_in(access, GOOD)


def test_courses_are_assigned_and_told(account: Account, access: Access) -> None:
    told = [account("courses", "anna", *options).stdout for options in ((), ("--course", "c3", "--course", "c2"), ())]
    assert told == ["c1\n", "", "c2\nc3\n"]
    account("courses", "anna", "--all-courses")
    assert account("courses", "anna").stdout == "every course\n"
    account("courses", "anna", "--no-courses")
    assert account("courses", "anna").stdout == ""
    assert access.accounts()[0].courses == frozenset()


def test_no_option_takes_a_password(account: Account) -> None:
    assert account("add", "ben", "--role", "nurse", "--password", GOOD).exit_code == 2
    assert account("password", "ben", GOOD).exit_code == 2


def test_every_role_is_in_the_help() -> None:
    told = " ".join(CliRunner().invoke(app, ["account", "add", "--help"]).stdout.split())
    assert [role for role in Role if role not in told] == []


def test_the_password_goes_by_no_argument_into_no_file(account: Account, access: Access, tmp_path: Path) -> None:
    assert b"umbrellas" not in b"".join(path.read_bytes() for path in tmp_path.glob("facts*"))
    with sqlite3.connect(tmp_path / "facts.access.db") as db:
        assert str(db.execute("SELECT password FROM account").fetchone()[0]).startswith("$argon2id$v=19$m=65536,t=3")
    db.close()


def at_a_terminal(environment: dict[str, str], *answers: str) -> tuple[int, str]:
    """Run `cartway account add ben` at a terminal of its own: its status, and all that was shown there."""
    child, terminal = pty.fork()
    if child == 0:
        words = [sys.executable, "-m", "cartway.cli", "account", "add", "ben", "--role", "nurse"]
        os.execve(sys.executable, words, {**os.environ, **environment})  # noqa: S606
    shown, waiting = b"", list(answers)
    while more := _more(terminal):
        shown += more
        if waiting and shown.endswith((b"Password: ", b"confirmation: ")):
            os.write(terminal, f"{waiting.pop(0)}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def _more(terminal: int) -> bytes:
    """What is shown next; nothing once the program has ended. It is asked for a minute at most."""
    assert select.select([terminal], [], [], 60)[0], "the program waits for something"
    try:
        return os.read(terminal, 1)
    except OSError:  # the other end was closed
        return b""


def test_at_a_terminal_the_password_is_asked_twice_and_not_shown(tmp_path: Path) -> None:
    environment = {"CARTWAY_DATABASE": f"sqlite:///{tmp_path}/facts.db", "HOME": str(tmp_path)}
    status, shown = at_a_terminal(environment, GOOD, "a slip of the hand", GOOD, GOOD)
    assert status == 0, shown
    assert "do not match" in shown and "ben may sign in as nurse" in shown
    assert "umbrellas" not in shown and "slip" not in shown
    with open_access(environment["CARTWAY_DATABASE"], create=False) as access:
        assert isinstance(access.sign_in("ben", GOOD, client="test", now=1), Session)
