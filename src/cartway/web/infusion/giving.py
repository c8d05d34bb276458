"""The forms of lymphodepletion and infusion: go or no go, thaw, start, end, reaction. What may not be given is refused
here, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.answer import Answer
from cartway.pathway.chain import Verdict, may_infuse, may_thaw
from cartway.pathway.closing import closed
from cartway.pathway.conditioning import (
    BLOCKING,
    Action,
    Before,
    Case,
    GoNoGo,
    before_giving,
    burden_of,
    fits_row,
    giving_order,
    go_no_go,
    kept_back,
    limits_of,
    split_dose,
    thaw_clocks,
)
from cartway.pathway.manufacture import batches, whereabouts
from cartway.problem import Problem
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, all_of, doubted, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, Options, plain
from cartway.web.forms.sending import Form
from cartway.web.forms.signing import Signs
from cartway.web.infusion.surroundings import Cases, as_it_is, asking

CONDITIONING, DAY = "/courses/{course:str}/conditioning", "/courses/{course:str}/infusion-day"
FILTERS = (
    ("none", "None", ""),
    ("non-leukodepleting", "Not leukodepleting", ""),
    ("leukodepleting", "Leukodepleting", ""),
)


def _of_address(_: Chart, change: str) -> Entries:
    return Entries({"about": (change,)} if change else {})


def _left(cases: Cases, *states: str) -> Options:
    """The containers in one of these states, in the order in which they are given."""

    def options(chart: Chart) -> Sequence[Option]:
        case = cases(chart)
        held = [whereabouts(case.course, name) for name in giving_order(case)]
        return [(each.container, each.container, each.state) for each in held if not states or each.state in states]

    return options


_OF_THE_LABEL = (
    ("batch", "batch"),
    ("component", "component"),
    ("part", "part"),
    ("dose_million", "dose_million_cells"),
)

# Go or no go


def decision(cases: Cases) -> Form:
    """The decision before lymphodepletion, infusion or second dose; what was open then is recorded with it."""

    def asks(fact: Fact, case: Case) -> Draft:
        found = go_no_go(case, Before(fact.about))
        if fact.choice != "go" or not found.open:
            return Draft()
        if found.stops:
            return _stopped("choice", found)
        blocking = [point for point in found.open if point.severity in BLOCKING]
        if blocking and not fact.detail.get("text"):
            wanted = f"{len(blocking)} points are open, and no reason is given."
            return flawed("text", Problem("missing_reason", wanted, "Say why it is a go all the same."))
        named = "; ".join(point.question for point in blocking)
        return (
            doubted("choice", f"go {len(blocking)}", f"Open: {named}. Is it a go all the same?")
            if blocking
            else Draft()
        )

    def writes(fact: Fact, case: Case) -> Sequence[Fact]:
        found = go_no_go(case, Before(fact.about))
        opened = [f"{point.id} {point.answer.value}" for point in found.open]
        return [msgspec.structs.replace(fact, detail={**fact.detail, "before": fact.about, "open": opened})]

    words = {Before.lymphodepletion: "Lymphodepletion", Before.infusion: "Infusion", Before.second_dose: "Second dose"}
    form = plain(
        "decide go or no go", "/courses/{course:str}/go-no-go", Act.decide, "Go or no go", "go_no_go",
        [
            Field("about", "Before what", needed=True, options=lambda _: [(b.value, words[b], "") for b in Before]),
            Field("choice", "Decision", needed=True),
            Field("detail.text", "Reason", kind="note"),
        ],
        back=DAY, fill=_of_address, signs=Signs("decided"),
    )  # fmt: skip
    return asking(form, cases, asks, writes)


def second_part(cases: Cases) -> Form:
    """The decision on the second part of a split dose."""
    against = {"give": (Action.withhold, Action.postpone), "postpone": (Action.withhold,)}

    def asks(fact: Fact, case: Case) -> Draft:
        found = split_dose(case)
        if found is None:
            return flawed("choice", Problem("not_split", "This product is not split.", "There is nothing to decide."))
        if found.second.action not in against.get(fact.choice, ()) or fact.detail.get("text"):
            return Draft()
        remedy = "Give the reason for deciding otherwise, or decide as the label says."
        return flawed("text", Problem("against_the_label", found.second.because, remedy))

    def writes(fact: Fact, _: Case) -> Sequence[Fact]:
        return [msgspec.structs.replace(fact, detail={**fact.detail, "part": 2})]

    form = plain(
        "decide on the second part", "/courses/{course:str}/second-dose", Act.decide, "Second part of the dose",
        "dose_decision",
        [Field("choice", "Decision", needed=True), Field("detail.text", "Reason", kind="note")],
        back=DAY, signs=Signs("decided"),
    )  # fmt: skip
    return asking(form, cases, asks, writes)


def start_of_lymphodepletion(cases: Cases) -> Form:
    """Its start and its end, as charted; a start without a go is asked about, and refused where no go could be."""

    def asks(fact: Fact, case: Case) -> Draft:
        if fact.choice != "started":
            return Draft()
        found = go_no_go(case, Before.lymphodepletion)
        if found.stops:
            return _stopped("choice", found)
        if found.decision is not None and found.decision.choice == "go":
            return Draft()
        return doubted("choice", fact.choice, "There is no go for lymphodepletion. Did it start all the same?")

    form = plain(
        "chart lymphodepletion", "/courses/{course:str}/lymphodepletion", Act.infuse, "Lymphodepletion",
        "lymphodepletion",
        [Field("choice", "What happened", needed=True), Field("detail.regimen"), Field("detail.text", kind="note")],
        back=CONDITIONING,
    )  # fmt: skip
    return asking(form, cases, asks, as_it_is)


def _stopped(field: str, found: GoNoGo) -> Draft:
    reason = f"{found.stops[0].question}: {found.stops[0].because}"
    return flawed(field, Problem("go_is_stopped", reason, "This cannot be decided against: mend it first."))


# Thaw and infusion


def thaw(cases: Cases) -> Form:
    """The start of a thaw: the clock runs from then."""

    def asks(fact: Fact, case: Case) -> Draft:
        verdict = may_thaw(case.course, fact.about, case.index, case.policies)
        if not verdict.allowed:
            return _refused(verdict)
        return all_of(
            (_ended(case), _kept_back(fact, case), _go_there(fact.about, case), _next_in_turn(fact.about, case))
        )

    def writes(fact: Fact, _: Case) -> Sequence[Fact]:
        return [msgspec.structs.replace(fact, choice="started")]

    form = plain(
        "start a thaw", "/courses/{course:str}/thaw", Act.handle_cells, "Thaw", "thaw",
        [
            Field("about", "Container", needed=True, options=_left(cases, "in storage", "received")),
            Field("detail.method", "How"),
        ],
        back=DAY, fill=_of_address,
        intro="The patient is ready and the infusion time is agreed: the label's time runs from the start of the thaw.",
    )  # fmt: skip
    return asking(form, cases, asks, writes)


def infuse(cases: Cases) -> Form:
    """The start of an infusion. What may not be given is refused with the reason; nobody can confirm it away."""

    def asks(fact: Fact, case: Case) -> Draft:
        verdict = may_infuse(case.course, fact.about, case.index, case.policies)
        if not verdict.allowed:
            return _refused(verdict)
        return _ended(case) + all_of(
            ask(fact, case)
            for ask in (
                _product_known,
                _released,
                _filter,
                _in_time,
                _kept_back,
                _decided_to_go,
                _of_the_row,
                _in_order,
            )
        )

    def writes(fact: Fact, case: Case) -> Sequence[Fact]:
        label = {key: case.says(fact.about, name) for name, key in _OF_THE_LABEL}
        stated = {key: said for key, said in label.items() if said is not None}
        detail = {**fact.detail, **stated, "bag": fact.about, "route": "intravenous"}
        return [msgspec.structs.replace(fact, choice=case.product, detail=detail)]

    form = plain(
        "start the infusion", "/courses/{course:str}/infuse", Act.infuse, "Start the infusion", "infusion",
        [
            Field("about", "Container", needed=True, options=_left(cases)),
            Field("detail.filter", "Filter", needed=True, options=lambda _: FILTERS),
            Field("detail.text", kind="note"),
        ],
        back=DAY, fill=_of_address,
    )  # fmt: skip
    return asking(form, cases, asks, writes)


def _refused(verdict: Verdict) -> Draft:
    """Every reason, contradictory ones first. The remedy is the chain's own."""
    problems = [
        Problem("may_not_be_given", f"This container may not be given: {each.words}", each.remedy)
        for each in verdict.because
    ]
    return all_of(flawed("about", problem) for problem in problems)


def _product_known(_: Fact, case: Case) -> Draft:
    if case.product:
        return Draft()
    reason = "No product is chosen, or the record names two."
    return flawed("about", Problem("no_product", reason, "Record which product it is before anything is given."))


def _filter(fact: Fact, case: Case) -> Draft:
    """The labels: no leukodepleting filter."""
    if fact.detail.get("filter") != "leukodepleting":
        return Draft()
    reason = "The label says: no leukodepleting filter. It would hold the cells back."
    return flawed("filter", Problem("leukodepleting_filter", reason, "Take another line."))


def _in_time(fact: Fact, case: Case) -> Draft:
    """What has been thawed for longer than the label lets it be is refused. That nobody has confirmed the number makes
    it no longer: who knows a longer time from the certificate asks the holder.
    """
    clock = next((each for each in thaw_clocks(case) if each.container == fact.about), None)
    if clock is None or not clock.expired(case.now) or clock.source is None:
        return Draft()
    quoted = "" if clock.source.confirmed else f" The number is not confirmed; it is quoted from: {clock.source.text}."
    reason = f"The label's {clock.minutes:g} minutes from the thaw are over.{quoted}"
    return flawed("about", Problem("thaw_expired", reason, "Do not give it. Call the holder."))


def _ended(case: Case) -> Draft:
    """Nothing is thawed or given in a course that has ended: it may be another patient's that is meant."""
    end = closed(case.course)
    if end is None:
        return Draft()
    reason = f"This course has ended: {end.label.lower()}."
    return flawed("about", Problem("course_ended", reason, "Is this the right patient? Else open the course again."))


def _released(fact: Fact, case: Case) -> Draft:
    """Its batch may be given, by its release or by every step of the path of an out-of-specification product."""
    name = case.says(fact.about, "batch")
    found = next((each for each in batches(case.course, case.center, case.jurisdiction) if each.id == name), None)
    if found is not None and found.disposition.may_be_given is Answer.yes:
        return Draft()
    reason = f"Its batch: {found.disposition.because}" if found is not None else "Its batch is not known."
    return flawed("about", Problem("not_released", reason, "See the manufacture page for what is open."))


def _decided_to_go(fact: Fact, case: Case) -> Draft:
    """There is a go for this part, it is the last word, and nothing that came after it speaks against it."""
    found = go_no_go(case, before_giving(case, fact.about))
    if found.decision is None or found.decision.choice != "go":
        reason = "There is no go for it." if found.decision is None else "The last decision on it is no go."
        return flawed("about", Problem("no_go", reason, "A physician decides, on the infusion day's page."))
    if found.stops and not found.outdated:
        return _stopped("about", found)
    against = [point for point in found.open if point.answer is Answer.no and point.severity in BLOCKING]
    if not against or not found.outdated:
        return Draft()
    reason = f"Since the go this came up: {against[0].question}: no. {against[0].because}"
    return flawed("about", Problem("go_is_outdated", reason, "A physician decides anew."))


def _kept_back(fact: Fact, case: Case) -> Draft:
    """Nothing of a second part that is withheld or postponed: a go of before, or of the first part, is none for it."""
    because = kept_back(case) if before_giving(case, fact.about) is Before.second_dose else ""
    if not because:
        return Draft()
    return flawed("about", Problem("second_part_kept_back", because, "Do not give it. A physician decides anew."))


def _of_the_row(fact: Fact, case: Case) -> Draft:
    """Of a split dose: it is a container that the label's row for this marrow draws the part from."""
    part = 2 if before_giving(case, fact.about) is Before.second_dose else 1
    burden, (answer, because) = burden_of(case), fits_row(case, fact.about, part)
    if burden is None or answer is Answer.yes:
        return Draft()
    if answer is Answer.no and burden.row is not None and burden.row.source.confirmed:
        return flawed("about", Problem("not_of_the_row", because, "Take the container that the row names."))
    return doubted("about", f"row {fact.about}", f"{because} Is this the container to give now?")


def _go_there(container: str, case: Case) -> Draft:
    last = case.course.last("go_no_go", about=before_giving(case, container).value)
    if last is not None and last.choice == "go":
        return Draft()
    return doubted("about", "no go", "There is no go for the infusion yet. Is it to be thawed all the same?")


def _next_in_turn(container: str, case: Case) -> Draft:
    """Where the label thaws the next only when the one before is in."""
    limits = limits_of(case)
    if limits is None or not limits.next_after_previous:
        return Draft()
    under_way = [
        name for name in giving_order(case) if whereabouts(case.course, name).state in ("thawed", "being given")
    ]
    if not under_way or container in under_way:
        return Draft()
    question = f"{', '.join(under_way)} is not in yet; the label thaws the next only then. Thaw it all the same?"
    return doubted("about", container, question)


def _in_order(fact: Fact, case: Case) -> Draft:
    """A container before its turn is asked about: another component, or another part."""
    order = giving_order(case)
    before = (
        [n for n in order[: order.index(fact.about)] if whereabouts(case.course, n).infused is None]
        if fact.about in order
        else []
    )
    same = [name for name in before if case.part(name) == case.part(fact.about)]
    limits = limits_of(case)
    if not same or limits is None or not limits.order_of_components:
        return Draft()
    question = f"{' then '.join(limits.order_of_components)} is the label's order, and {', '.join(same)} was not given."
    return doubted("about", fact.about, f"{question} Give this one all the same?")


def finish(cases: Cases) -> Form:
    """The end of a container: what went in and what was left."""

    def asks(fact: Fact, case: Case) -> Draft:
        label = whereabouts(case.course, fact.about).volume_ml
        given, left = (float(fact.detail.get(name) or 0) for name in ("volume_ml", "residual_ml"))
        if label is None or given + left <= label * 1.1:
            return Draft()
        return doubted(
            "volume_ml", f"{given:g}", f"The label says {label:g} mL; this comes to {given + left:g}. Is that right?"
        )

    form = plain(
        "end the infusion", "/courses/{course:str}/infusion-end", Act.infuse, "End of a container", "infusion_end",
        [
            Field("about", "Container", needed=True, options=_left(cases, "being given")),
            Field("detail.volume_ml", "Given, mL", needed=True),
            Field("detail.residual_ml", "Left over and disposed, mL", hint="As waste with genetically modified cells"),
            Field("detail.text", kind="note"),
        ],
        back=DAY, fill=_of_address,
    )  # fmt: skip
    return asking(form, cases, asks, as_it_is)


def reaction(cases: Cases) -> Form:
    """A reaction while the cells went in, or that there was none."""
    return plain(
        "chart a reaction", "/courses/{course:str}/reaction", Act.infuse, "Reaction to the infusion",
        "infusion_reaction",
        [
            Field("about", "Container", needed=True, options=_left(cases, "being given", "given")),
            Field("choice", "Reaction", needed=True),
            Field("detail.text", "What", kind="note"),
        ],
        back=DAY, fill=_of_address,
    )  # fmt: skip


MADE = (decision, second_part, start_of_lymphodepletion, thaw, infuse, finish, reaction)
