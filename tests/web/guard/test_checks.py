"""Password checks: a flood of sign-ins takes none of the threads that the ward needs."""

from __future__ import annotations

import threading
from typing import Any

import anyio
import httpx
import pytest

from cartway.web.guard.checks import AT_ONCE, MOST_WAITING, Checks, Crowded

from ..conftest import PASSWORD, Site

FLOOD = 45  # more than all threads that a worker has for its pages


class Slow:
    """A hasher whose checks last until they are let go."""

    def __init__(self, passwords: Any) -> None:
        self._passwords, self.go, self.begun = passwords, threading.Event(), 0

    def fits(self, stored: str, password: str) -> bool:
        self.begun += 1
        assert self.go.wait(20)
        return bool(self._passwords.fits(stored, password))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._passwords, name)


def test_a_flood_of_sign_ins_holds_up_nobody_who_is_signed_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    nurse, cookie = site.account("nurse", name="late.nurse"), site.cookie("nurse")
    csrf = str(site.app.state.csrf.cookie_name)
    slow = Slow(site.office.access._passwords)
    monkeypatch.setattr(site.office.access, "_passwords", slow)
    statuses: list[int] = []
    app: Any = site.app

    async def flood() -> None:
        through = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=through, base_url="http://testserver.local", timeout=30) as client:
            await client.get("/sign-in")
            token = client.cookies[csrf]

            async def sign_in(name: str) -> None:
                fields = {"name": name, "password": PASSWORD, "_csrf_token": token}
                statuses.append((await client.post("/sign-in", data=fields)).status_code)

            async with anyio.create_task_group() as group:
                for number in range(FLOOD):
                    group.start_soon(sign_in, nurse.name if number == 0 else f"nobody-{number}")
                with anyio.fail_after(20):
                    while len(statuses) < FLOOD - AT_ONCE - MOST_WAITING or slow.begun < AT_ONCE:
                        await anyio.sleep(0.01)
                    board = await client.get("/board", headers={"cookie": "=".join(cookie)})
                assert (board.status_code, slow.begun) == (200, AT_ONCE), "and no check is done yet"
                slow.go.set()

    anyio.run(flood)
    assert statuses.count(429) == FLOOD - AT_ONCE - MOST_WAITING
    assert statuses.count(303) == 1
    assert statuses.count(401) == AT_ONCE + MOST_WAITING - 1


def test_who_finds_the_queue_full_is_told_when_to_come_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise Crowded

    monkeypatch.setattr(Checks, "run", full)
    nurse, admin = site.client("nurse"), site.client("administrator")
    account = site.account("nurse")
    fields = {"name": "x", "password": PASSWORD, "role": "nurse", "old": PASSWORD, "new": "y" * 12, "again": "y" * 12}
    for client, path in (
        (site.client(None), "/sign-in"),
        (nurse, "/password"),
        (admin, "/accounts"),
        (admin, f"/accounts/{account.id}/password"),
    ):
        answer = site.post(client, path, fields)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5"), path
        assert "Too many people are signing in right now" in answer.text
