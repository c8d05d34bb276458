"""What the forms of custody share."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cartway.pathway.chain.things import Things
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Option
from cartway.web.forms.sending import Form
from cartway.web.forms.signing import Signs

BACK = "/courses/{course:str}/chain"
SHORTEST_REASON = 10  # characters: "n/a" is no reason to give somebody cells that nobody checked
PERFORMED = Signs("performed")
STANDING_IN = Signs("stood in", "stood in", frozenset({Act.decide, Act.verify}))
DIGITS = "A scanner may type it. By hand: with its check character."


def course_in(chart: Chart) -> Course:
    """The course as its rules read it, at the time of the form."""
    return Course(chart.facts, chart.now)


def containers(chart: Chart) -> list[Option]:
    """The containers of a course, the newest first."""
    kinds = vocabulary().variables["container"].choices
    things = Things(course_in(chart))
    return [(each.id, each.id, kinds[each.kind].label) for each in reversed(list(things.containers.values()))]


def filled(what: Callable[[Chart, str], dict[str, str]]) -> Callable[[Chart, str], Entries]:
    """A fresh form with some of it filled in: the container of the address, what follows from it."""

    def fill(chart: Chart, change: str) -> Entries:
        typed = {"about": change, **what(chart, change)}
        return Entries({name: (text,) for name, text in typed.items() if text})

    return fill


def nothing(_: Chart, __: str) -> dict[str, str]:
    return {}


def rewritten(form: Form, change: Callable[[Fact, Chart], Fact]) -> Form:
    """A form whose facts are written in one way before they are recorded."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        draft = form.read(entries, chart, at)
        return msgspec.structs.replace(draft, facts=tuple(change(fact, chart) for fact in draft.facts))

    return msgspec.structs.replace(form, read=read)
