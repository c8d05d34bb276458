"""A ward that stands still, for tests that look at its pages: example courses, some with names, and the programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from litestar.routes import HTTPRoute

from cartway.times import HOUR
from cartway.web.access import EVERY, Act, Role
from cartway.web.demo.examples import after_facts, programme_facts, trial_folder
from cartway.web.guard.gate import COOKIE

from ..conftest import Site, examples

COURSE = "05-tocilizumab"  # in the middle of everything: both scales, drugs, oxygen
ON_ROAD = "p10"  # its product is there, lymphodepletion is near
AFTER = "a01"  # months after the infusion, at home: everything of the life after is there
NAMES = (
    "Žofie Weiß",
    "Anna Lindqvist-Bartholomäus",
    "Omar Haddad",
    "Siobhán O’Reilly",
    "Grace Okonkwo",
    "Jean-Luc Moreau",
)
ROAD_ACTS = {
    Act.see_programme,
    Act.coordinate,
    Act.assess,
    Act.decide,
    Act.handle_cells,
    Act.release,
    Act.verify,
    Act.infuse,
}
OWN = (Role.patient, Role.caregiver)


class Still:
    """`site` behind `url`, with `course` in the middle of what happens to it."""

    def __init__(self, site: Site, url: str) -> None:
        self.site, self.url, self.course = site, url, COURSE
        self._accounts = {role: site.account(role, (AFTER,) if role in OWN else (EVERY,)) for role in Role}

    def cookie(self, role: Role) -> tuple[str, str]:
        """A new session of somebody of that role, who belongs to every course; patients and caregivers to AFTER.

        A session may ask for so many pages a minute: tests that shared one would take them from each other.
        """
        return COOKIE, self.site.office.access.open_session(self._accounts[role].id, now=self.site.now).token

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """What stands for each parameter of a path."""
        readings = [fact for fact in self.site.facts(COURSE) if fact.what == "body_temperature"]
        accounts = self.site.office.access.accounts()
        at = {"course": COURSE, "position": str(readings[-1].position), "account": accounts[0].id}
        return {**at, "topic": "crs", "spoken": "es", "paper": "patient"}

    def paths(self) -> list[str]:
        """The path of every page that the application has a route for, static files left out."""
        routes = [route for route in self.site.app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
        return sorted(self._filled(route) for route in routes if not route.path.startswith("/static"))

    def _filled(self, route: HTTPRoute) -> str:
        path = route.path
        parts = dict(self.parts)
        if _is_of_road(route):
            parts |= {"course": ON_ROAD, "position": self._container}
        if _is_of_after(route):
            parts["course"] = AFTER
        for name, parameter in route.path_parameters.items():
            path = path.replace("{" + parameter.full + "}", parts[name])
        return path

    @cached_property
    def _container(self) -> str:
        containers = [fact for fact in self.site.facts(ON_ROAD) if fact.what == "container"]
        return str(containers[0].position) if containers else "1"


def _is_of_road(route: HTTPRoute) -> bool:
    return any(handler.opt.get("act") in ROAD_ACTS for handler in route.route_handlers)


def _is_of_after(route: HTTPRoute) -> bool:
    acts = {handler.opt.get("act") for handler in route.route_handlers}
    pages = ("/response", "/aftercare", "/care-plan")
    return bool(acts & {Act.follow_up, Act.read_own, Act.write_own}) or any(page in route.path for page in pages)


@contextmanager
def still_ward(folder: Path, **settings: Any) -> Iterator[Still]:
    """Every example course as far as it had come on the afternoon of `START`, and those on the road."""
    site = Site(folder, **{"trials": trial_folder(), **settings})
    for number, (course, facts) in enumerate(sorted(examples().items())):
        if number < len(NAMES):
            site.office.people.enrol(
                [("HOSP", str(4711 + number))], name=NAMES[number], birth_date="1961-06-15", sex="female",
                now=site.now - HOUR, by="test", new_id=lambda course=course: course,
            )  # fmt: skip
        site.office.log.append(
            [fact for fact in facts if fact.at <= site.now], recorded_at=site.now - HOUR, recorded_by="import"
        )
    past = [fact for fact in after_facts() if fact.at <= site.now]
    for told in (programme_facts(), past):
        site.office.log.append(told, recorded_at=site.now - HOUR, recorded_by="import")
    with site.serve() as url:
        yield Still(site, url)
