"""Somebody at a bedside: opens a form, fills it in as a browser would, and sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from cartway.record import Fact, current
from cartway.times import HOUR, Instant
from cartway.toxicity import grade
from web.conftest import START, Site

COURSE = "bed-7"
INFUSED = START - 48 * HOUR


def drawn(site: Site, *rows: Mapping[str, Any], course: str = COURSE, years: float = 58) -> str:
    """A course that was infused two days ago, with more rows; `hours` before now in place of `at`."""
    start: list[dict[str, Any]] = [
        {"at": INFUSED - 24 * HOUR, "what": "age", "value": years, "unit": "a"},
        {"at": INFUSED, "what": "infusion", "choice": "axicabtagene_ciloleucel"},
    ]
    for row in rows:
        hours = row.get("hours", 1.0)
        start.append({**{k: v for k, v in row.items() if k != "hours"}, "at": site.now - round(hours * HOUR)})
    site.record([{"course": course, "simulated": True, "source": "monitor", **row} for row in start])
    return course


class Page(HTMLParser):
    """What a page holds: the fields of its entry form as it would be sent, links, headings, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.forms: list[list[tuple[str, str]]] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []
        self._select = ""
        self._option = False
        self._textarea = ""
        self._form = -1
        self._entry = -1
        self.feed(html)
        self.fields = self.forms[self._entry] if self._entry >= 0 else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if "id" in a:
            assert a["id"] not in self.ids, f"two elements have the id {a['id']}"
            self.ids.add(a["id"])
        if tag == "form":
            self.forms.append([])
            self._form = len(self.forms) - 1
            if a.get("id") == "entry":
                self._entry = self._form
        if tag == "a":
            self.links.append(a.get("href", ""))
        if self._form < 0:
            return
        here = self.forms[self._form]
        if tag == "input" and "name" in a:
            if a.get("type") in ("radio", "checkbox") and "checked" not in a:
                return
            here.append((a["name"], a.get("value", "")))
        elif tag == "select":
            self._select = a["name"]
            here.append((self._select, ""))
        elif tag == "option" and self._select and "selected" in a:
            here[-1] = (self._select, a.get("value", ""))
            self._option = "value" not in a
        elif tag == "textarea":
            self._textarea = a["name"]
            here.append((self._textarea, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = -1
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._option:
            self.forms[self._form][-1] = (self._select, data)
            self._option = False
        if self._textarea and self._form >= 0:
            self.forms[self._form][-1] = (self._textarea, data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def value(self, field: str) -> str:
        """What stands in a field."""
        return next((value for name, value in reversed(self.fields) if name == field), "")

    def filled(self, **typed: str) -> list[tuple[str, str]]:
        """The entry form as sent with some fields typed over."""
        return [(name, value) for name, value in self.fields if name not in typed] + list(typed.items())


def _client(site: Site, role: str) -> Any:
    """One account a role and site: making one costs a password."""
    clients = site.__dict__.setdefault("clients", {})
    if role not in clients:
        clients[role] = site.client(role)
    return clients[role]


class Bedside:
    """One person at the bed of one course."""

    def __init__(self, site: Site, role: str = "nurse", course: str = COURSE) -> None:
        self.site, self.course = site, course
        self.client = _client(site, role)

    def path(self, form: str) -> str:
        return f"/courses/{self.course}/{form}"

    def open(self, form: str) -> Page:
        answer = self.client.get(self.path(form))
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, form: str, fields: Sequence[tuple[str, str]]) -> Any:
        """Send exactly these fields; what was recorded reaches the live ward."""
        from urllib.parse import urlencode

        token = self.site.csrf(self.client)
        sent = [(name, value) for name, value in fields if name != "_csrf_token"]
        answer = self.client.post(
            self.path(form),
            content=urlencode([*sent, ("_csrf_token", token)], errors="surrogatepass"),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        if answer.status_code == 303:
            self.site.settle()
        return answer

    def send(self, form: str, **typed: str) -> Any:
        """Open a form, fill it in, send it."""
        return self.post(form, self.open(form).filled(**typed))

    def record(self, form: str, **typed: str) -> list[Fact]:
        """Send a form and confirm whatever it asks; the facts that it recorded."""
        before = self.site.office.log.position()
        answer = self.send(form, **typed)
        for _ in range(3):
            if answer.status_code == 303:
                break
            page = Page(answer.text)
            assert "Nothing was recorded" not in page.words, page.words
            answer = self.post(form, page.fields)
        assert answer.status_code == 303, answer.text
        return self.site.office.log.since(before)

    def grades(self, at: Instant | None = None) -> dict[str, str]:
        """How the course is graded now, from all facts, as every page prints it."""
        facts = current(self.site.office.log.facts(self.course))
        episodes = grade(facts, self.site.office.rules, self.site.now if at is None else at)
        return {each.scale.partition(".")[0]: each.shown for each in episodes if each.end is None}
