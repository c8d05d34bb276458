"""Small forms beside the panel: which protocol is followed, the center's own words, a search for infection."""

from __future__ import annotations

import msgspec

from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form
from cartway.web.protocol.answering import PANEL

FOLLOWED = [Field("choice", "Protocol", needed=True), Field("detail.text", "Why", kind="note")]
NEUTROPENIC_FEVER = "neutropenic_fever"


def _results(_: Chart) -> list[Option]:
    return [(name, name.capitalize(), "") for name in ("pending", "negative", "positive")]


CHOICE = plain(
    "choose the protocol", "/courses/{course:str}/protocol-choice", Act.decide, "Protocol that is followed",
    "protocol_chosen", FOLLOWED, back=PANEL,
    intro="For this course only. What each says is shown on the panel, with what is not confirmed of it.",
)  # fmt: skip
CENTER_CHOICE = plain(
    "choose the center's protocol", "/protocol-choice", Act.decide, "Protocol that the center follows",
    "protocol_chosen", FOLLOWED, back="/programme", founds=True,
    intro="For every course that has no choice of its own.",
)  # fmt: skip
WORK_UP = plain(
    "chart a search for infection", "/courses/{course:str}/work-up", Act.chart, "Search for infection",
    "infection_work_up",
    [
        Field("choice", "What was done", needed=True),
        Field("detail.result", "Result", options=_results),
        Field("detail.organism"),
        Field("detail.text", kind="note"),
    ],
    back=PANEL,
)  # fmt: skip


def _stated(form: Form) -> Form:
    """The center's words are stated by being there: nobody chooses that."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        draft = form.read(entries, chart, at)
        facts = tuple(msgspec.structs.replace(fact, choice="stated") for fact in draft.facts)
        return msgspec.structs.replace(draft, facts=facts)

    return msgspec.structs.replace(form, read=read)


LOCAL = _stated(
    plain(
        "state the local policy", "/protocol-local", Act.decide, "Antibiotics in neutropenic fever", "protocol_local",
        [Field("detail.text", "The center's policy, in its own words", kind="note", needed=True)],
        back="/programme", about=NEUTROPENIC_FEVER, founds=True,
        intro="The protocols point to it; the panel quotes it, and works nothing out of it.",
    )
)  # fmt: skip

FORMS, CENTER_FORMS = (CHOICE, WORK_UP), (CENTER_CHOICE, LOCAL)
