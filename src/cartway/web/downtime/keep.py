"""The pack, written again and again from the record: the sheet each time, a course's page as far as it has changed."""

from __future__ import annotations

from pathlib import Path

from cartway.record import Log
from cartway.record.errors import StoreError
from cartway.times import Instant, to_datetime
from cartway.web.downtime.curve import curve
from cartway.web.downtime.folder import COURSES, SHEET, clear, page_of, put
from cartway.web.downtime.told import Line, bare, course, lab_words, line
from cartway.web.names import Name, Names
from cartway.web.office import Office
from cartway.web.ward.standing import Standing

END = "</body>\n</html>\n"


class Keeper:
    """Writes the pack of one ward into a prepared folder. `log`: a connection of its own to follow the record on."""

    def __init__(self, office: Office, log: Log, folder: Path) -> None:
        self._office, self._log, self._folder = office, log, folder
        self._names = Names(office.people, by="downtime")
        self._bodies: dict[str, tuple[tuple[int, Instant], str]] = {}
        self.defects: dict[str, Exception] = {}  # the courses of which not everything could be worked out, and why
        office.pages.filters["dated"] = lambda at: f"{to_datetime(at).astimezone(office.zone):%A %-d %B %Y, %H:%M}"
        office.ward.fill(log, office.now())

    def write(self) -> int:
        """Bring the pack up to the record and the clock; how many courses are in it. Raises OSError and StoreError:
        then the pages that are there stay, with their time. A defect in one course is its own: `defects` has it, its
        page says what cannot be worked out, and all others are written.
        """
        now = self._office.now()
        self._office.ward.follow(self._log, now)
        self.defects = self._office.ward.defects()
        shown = [each for each in self._office.ward.standings() if each.stage != "over" or each.defects]
        names = self._names.of([each.course for each in shown], now)
        for each in shown:
            put(self._folder / COURSES / page_of(each.course), self._page(each, names[each.course], now))
        put(self._folder / SHEET, self._sheet(shown, names, now))
        clear(self._folder, (each.course for each in shown))
        self._bodies = {each.course: self._bodies[each.course] for each in shown if each.course in self._bodies}
        return len(shown)

    def _sheet(self, shown: list[Standing], names: dict[str, Name], now: Instant) -> str:
        lines = [self._line(each, now) for each in shown]
        return self._render("sheet", lines=lines, names=names, now=now, page_of=page_of)

    def _line(self, standing: Standing, now: Instant) -> Line:
        try:
            return line(self._office, standing, now)
        except Exception as failure:
            self.defects[standing.course] = failure
            return bare(standing)

    def _page(self, standing: Standing, name: Name, now: Instant) -> str:
        """The time of writing over what was drawn when the course last changed: with it, all of it is true again.

        What cannot be drawn now says so, over what was drawn last, with the time of that.
        """
        told = {"name": name, "course": standing.course, "simulated": standing.simulated, "now": now}
        try:
            body = self._drawn(standing, now)
        except (StoreError, OSError):
            raise
        except Exception as failure:
            self.defects[standing.course] = failure
            held = self._bodies.get(standing.course)
            body = self._render("cannot", now=now, is_old=held is not None) + (held[1] if held is not None else END)
        return self._render("head", **told) + body

    def _drawn(self, standing: Standing, now: Instant) -> str:
        held = self._bodies.get(standing.course)
        if held is None or held[0] != standing.version:
            held = self._bodies[standing.course] = standing.version, self._body(standing, now)
        return held[1]

    def _body(self, standing: Standing, now: Instant) -> str:
        told = course(self._office, standing, now)
        drawn = curve(standing.temperatures, now, self._office.rules, self._office.zone)
        return self._render("course", **told, curve=drawn, lab_words=lab_words, now=now)

    def _render(self, template: str, **told: object) -> str:
        return self._office.pages.get_template(f"downtime/{template}.html").render(**told)
