"""Forms of who has a container and where it lies."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.chain import chain
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.custody.shared import (
    BACK,
    PERFORMED,
    containers,
    course_in,
    filled,
    nothing,
    rewritten,
)
from cartway.web.forms.chart import Chart
from cartway.web.forms.plain import Field, plain


def _custodian(chart: Chart, container: str) -> dict[str, str]:
    held = chain(course_in(chart)).custodians.get(container)
    return {"from": held.who} if held else {}


def _apply_seal(fact: Fact, _: Chart) -> Sequence[Fact]:
    number = str(fact.detail.get("seal", ""))
    return [Fact("", fact.at, "seal", choice="applied", about=fact.about, detail={"number": number})] if number else []


def _handed_over(fact: Fact, _: Chart) -> Fact:
    return msgspec.structs.replace(fact, choice="handed_over") if fact.what == "custody" else fact


HAND_OVER = rewritten(
    plain(
        "hand over a container", "/courses/{course:str}/hand-over", Act.handle_cells, "Hand over", "custody",
        [
            Field("about", "Container", needed=True, options=containers),
            Field("detail.from", "Who gives", needed=True, hint="A department, a courier, a maker"),
            Field("detail.person_from", "The person who gives"),
            Field("detail.to", "Who takes", needed=True),
            Field("detail.person_to", "The person who takes"),
            Field("detail.waybill"),
            Field("detail.seal", "Seal put on"),
            Field("detail.logger", "Temperature logger started"),
            Field("detail.text", kind="note"),
        ],
        back=BACK, also=_apply_seal, fill=filled(_custodian), signs=PERFORMED,
    ),
    _handed_over,
)  # fmt: skip

STORE = plain(
    "store a container", "/courses/{course:str}/store", Act.handle_cells, "Storage", "storage",
    [
        Field("about", "Container", needed=True, options=containers),
        Field("choice", "What was done", needed=True),
        Field("detail.tank"),
        Field("detail.position"),
        Field("detail.text", kind="note"),
    ],
    back=BACK, fill=filled(nothing),
)  # fmt: skip
