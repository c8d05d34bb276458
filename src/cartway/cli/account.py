"""`cartway account add`, `list`, `password`, `disable`, `enable` and `courses`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer

from cartway.cli.edge import now, on_one_line, say, settings, sound, stop
from cartway.problem import Problem
from cartway.times import Instant
from cartway.web.access import EVERY, Access, Account, Role, open_access


def add(name: str, role: str, display: str, courses: Sequence[str], every: bool, database: str) -> None:
    """Make an account; the store of accounts too, where there is none."""
    known, assigned = sound(_role(role)), _assigned(courses, every)
    chosen, password = settings(database), _password()
    with open_access(chosen.database) as access:
        made = access.create_account(
            name,
            known,
            password=password,
            display=display,
            courses=assigned,
            must_change=True,
            now=now(),
            by=chosen.author,
        )
    say(f"{sound(made).name} may sign in as {known.value}{_reach(assigned)}, and chooses another password first")


def show(database: str) -> None:
    """One line an account."""
    with open_access(settings(database).database, create=False) as access:
        accounts = access.accounts()
    widths = [max((len(column) for column in row), default=0) for row in zip(*map(_cells, accounts), strict=True)]
    for account in accounts:
        cells = zip(_cells(account), widths, strict=True)
        typer.echo("  ".join(on_one_line(cell).ljust(width) for cell, width in cells).rstrip())


def password(name: str, database: str) -> None:
    """Ask for a new password and set it."""
    given: list[str] = []

    def change(access: Access, account: Account, at: Instant, by: str) -> Problem | None:
        given.append(_password())
        return access.set_password(account.id, given[0], must_change=True, now=at, by=by)

    _change(name, database, change)
    say("The password is set until its owner signs in and chooses another; the sessions of the account have ended.")


def disable(name: str, database: str) -> None:
    """Disable an account."""
    _change(name, database, lambda access, account, at, by: access.disable(account.id, now=at, by=by))
    say("The account is disabled, and its sessions have ended.")


def enable(name: str, database: str) -> None:
    """Enable an account."""
    _change(name, database, lambda access, account, at, by: access.enable(account.id, now=at, by=by))
    say("The account is enabled.")


def courses(name: str, courses: Sequence[str], every: bool, none: bool, database: str) -> None:
    """Assign an account, or print what it is assigned to."""
    if none and (courses or every):
        stop(_two_answers())
    if none or courses or every:
        assigned = _assigned(courses, every)
        _change(name, database, lambda access, who, at, by: access.set_courses(who.id, assigned, now=at, by=by))
        return
    with open_access(settings(database).database, create=False) as access:
        account = sound(_named(access, name))
    for course in sorted(account.courses):
        typer.echo("every course" if course == EVERY else on_one_line(course))


def _change(name: str, database: str, change: Callable[[Access, Account, Instant, str], Problem | None]) -> None:
    chosen = settings(database)
    with open_access(chosen.database, create=False) as access:
        sound(change(access, sound(_named(access, name)), now(), chosen.author))


def _named(access: Access, name: str) -> Account | Problem:
    return access.by_name(name) or Problem(
        "unknown_account", "There is no account of this name.", "`cartway account list` lists all."
    )


def _role(name: str) -> Role | Problem:
    if name in set(Role):
        return Role(name)
    return Problem("unknown_role", "There is no such role.", f"The roles are {', '.join(Role)}.")


def _assigned(courses: Sequence[str], every: bool) -> frozenset[str]:
    if every and courses:
        stop(_two_answers())
    if EVERY in courses:
        stop(Problem("unknown_course", f"No course is named {EVERY}.", "Say --all-courses for every course."))
    return frozenset({EVERY} if every else courses)


def _two_answers() -> Problem:
    return Problem("two_answers", "--course, --all-courses and --no-courses exclude each other.", "Give one of them.")


def _password() -> str:
    """From the terminal, twice and unseen, or one line from a pipe."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        stop(Problem("no_password", "Standard input holds no password.", "Give it as its first line."))
    return given


def _cells(account: Account) -> tuple[str, ...]:
    """What is shown of an account, column by column."""
    kind = "disabled" if account.disabled else "" if account.local else "by the identity provider"
    reach = "every course" if EVERY in account.courses else f"{len(account.courses)} courses"
    return account.name, account.role.value, reach, account.display, kind


def _reach(courses: frozenset[str]) -> str:
    return "" if courses else "; it belongs to no course yet: `cartway account courses` assigns it"
