"""The forms at their addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from cartway.record import Fact, current
from cartway.times import Instant
from cartway.toxicity import excuses
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms import attribution, capd, correction, drug, ice, oxygen, vitals
from cartway.web.forms.chart import Chart, unit_shown
from cartway.web.forms.draft import Draft
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.moment import local_text
from cartway.web.forms.running import running
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.forms.serving import handlers
from cartway.web.forms.sheet import Sheet, new_sheet
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, person


def _oxygen_extras(chart: Chart, _: Sheet) -> Mapping[str, object]:
    devices = vocabulary().variables[oxygen.DEVICE].choices
    last = chart.last(oxygen.DEVICE)
    first = list(dict.fromkeys([*([last.choice] if last else []), *oxygen.COMMON]))
    return {
        "common": [devices[name] for name in first],
        "others": [choice for name, choice in devices.items() if name not in first],
        "last_device": last,
        "last_flow": chart.last(oxygen.FLOW),
        "set_by": oxygen.SET_BY,
    }


def _vitals_extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    names = (vitals.TEMPERATURE, vitals.SYSTOLIC, vitals.DIASTOLIC, vitals.MEAN, *vitals.RATES)
    return {
        **_oxygen_extras(chart, sheet),
        "last": {name: chart.last(name) for name in names},
        "possible": {name: _most(name) for name in names},
        "unit": sheet.typed(vitals.UNIT) or vitals.usual_unit(chart),
    }


def _most(name: str) -> str:
    """The largest value that a variable may have."""
    possible = vocabulary().variables[name].possible
    return f"{possible[1]:g}" if possible else ""


def _ice_extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    return {
        "asked": ice.ASKED,
        "why": ice.WHY,
        "levels": vocabulary().variables[ice.CONSCIOUSNESS].choices.values(),
        "last_score": ice.last_score(chart),
        "last_wrote": ice.last_wrote(chart),
        "baseline": chart.last("baseline_ice_score"),
        "total": ice.running_total(sheet.entries),
    }


def _capd_extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    return {
        "items": capd.ITEMS,
        "anchors": capd.anchors,
        "rass": capd.RASS,
        "levels": vocabulary().variables[ice.CONSCIOUSNESS].choices.values(),
        "last_score": chart.last(capd.SCORE),
        "total": capd.running_total(sheet.entries),
    }


def _drug_extras(chart: Chart, _: Sheet) -> Mapping[str, object]:
    drugs, runs = vocabulary().variables[drug.DRUG].choices, running(chart.stated, chart.now)
    return {
        "running": runs,
        "common": [drugs[name] for name in drug.COMMON],
        "grouped": drug.grouped(),
        "how": drug.HOW,
        "doses": drug.DOSES,
        "rates": drug.RATES,
        "routes": drug.ROUTES,
        "drugs": drugs,
        "unit_words": unit_shown,
        "fresh": _fresh(runs, chart),
    }


def _fresh(listed: Sequence[object], chart: Chart) -> list[Sheet]:
    """A sheet for each small form beside what is listed."""
    return [new_sheet(chart.now) for _ in listed]


def _new_rate(chart: Chart, change: str) -> Entries:
    """A drug that runs, with its unit and no rate yet."""
    fact = next((each.fact for each in running(chart.stated, chart.now) if str(each.fact.position) == change), None)
    if fact is None:
        return Entries()
    route = str(fact.detail.get("route", ""))
    filled = {drug.DRUG: fact.choice, "how": drug.CHANGED, drug.UNIT: fact.unit, drug.ROUTE: route}
    return Entries({name: (text,) for name, text in filled.items()})


def _attribution_extras(chart: Chart, sheet: Sheet) -> Mapping[str, object]:
    stand = excuses(current(chart.facts), chart.rules, chart.now)
    made, ending = attribution.made(chart, stand, chart.now), attribution.ending(sheet.entries, chart)
    labels = {name: each.label for name, each in vocabulary().variables[attribution.WHAT].choices.items()}
    return {
        "offers": attribution.offers(chart, stand, chart.now),
        "causes": attribution.USUAL,
        "hours": attribution.offered_hours(chart),
        "most": attribution.most_hours(chart),
        "made": made,
        "fresh": _fresh(made, chart),
        "ending": labels[ending.choice] if ending is not None else "",
        "labels": labels,
    }


VITALS = Form("chart vitals", "/courses/{course:str}/chart-vitals", Act.chart, "Vital signs",
              "forms/vitals.html", vitals.read_vitals, _vitals_extras)  # fmt: skip
ICE = Form("chart ICE", "/courses/{course:str}/chart-ice", Act.chart, "ICE",
           "forms/ice.html", ice.read_ice, _ice_extras)  # fmt: skip
CAPD = Form("chart CAPD", "/courses/{course:str}/chart-capd", Act.chart, "CAPD",
            "forms/capd.html", capd.read_capd, _capd_extras)  # fmt: skip
OXYGEN = Form("chart oxygen", "/courses/{course:str}/chart-oxygen", Act.chart, "Oxygen",
              "forms/oxygen.html", oxygen.read_oxygen, _oxygen_extras)  # fmt: skip
DRUG = Form("give drug", "/courses/{course:str}/give-drug", Act.give_drug, "Drug",
            "forms/drug.html", drug.read_drug, _drug_extras, fill=_new_rate)  # fmt: skip
ATTRIBUTION = Form("attribute", "/courses/{course:str}/attribute", Act.attribute, "Another cause",
                   "forms/attribution.html", attribution.read_attribution, _attribution_extras,
                   previews=True)  # fmt: skip


CORRECT, RETRACT = "correct", "retract"
_TITLES = {CORRECT: "Correct an entry", RETRACT: "Withdraw an entry"}
_ACTS = {"attribution": Act.attribute, "drug": Act.give_drug}  # who may not make it may not change it
_ACTS_OF_GROUP = {"candidacy": Act.assess, "programme": Act.coordinate, "calendar": Act.coordinate}
_DECIDED = {"tumor_board", "product_chosen", "course_closed", "apheresis_request"}


def amendments(kind: str) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The page that corrects or withdraws one fact, and where it is sent."""
    path, act = f"/courses/{{course:str}}/facts/{{position:int}}/{kind}", Act.correct

    @get(path, opt=needs(act), name=f"{kind} a fact")
    async def shown(request: WebRequest, course: FromPath[str], position: FromPath[int]) -> Response[Any]:
        return await to_thread.run_sync(lambda: _amend(kind, request, course, position, None))

    @post(path, opt=needs(act), name=f"{kind} a fact, sent", status_code=200)
    async def sent(request: WebRequest, course: FromPath[str], position: FromPath[int]) -> Response[Any]:
        entries = read_body(await request.body())
        return answered(request, await to_thread.run_sync(lambda: _amend(kind, request, course, position, entries)))

    return shown, sent


def _amend(kind: str, request: WebRequest, course: str, position: int, entries: Entries | None) -> Response[Any]:
    """Draw or take in the correction of the fact at a position of the record."""
    office = office_of(request)
    old = next((fact for fact in office.log.facts(course) if fact.position == position), None)
    if old is None:
        raise NotFoundException
    if not person(request).may(_act_of(old)):
        raise PermissionDeniedException
    form = _amendment(kind, old, office)
    if entries is not None:
        return send(form, request, course, entries)
    return show(form, request, course)


def _act_of(old: Fact) -> Act:
    """What somebody must be allowed to do in order to change a fact."""
    if old.what in _DECIDED:
        return Act.decide
    variable = vocabulary().variable(old.what)
    return _ACTS.get(old.what) or _ACTS_OF_GROUP.get(variable.group if variable else "", Act.correct)


def _amendment(kind: str, old: Fact, office: Office) -> Form:
    path = f"/courses/{{course:str}}/facts/{old.position}/{kind}"
    reads = {CORRECT: correction.read_correction, RETRACT: correction.read_retraction}

    def read(entries: Entries, chart: Chart, _: Instant) -> Draft:
        return correction.refusal(chart.facts, old) or reads[kind](entries, chart, old)

    def fill(chart: Chart, _: str) -> Entries:
        until = "" if old.until is None else local_text(old.until, chart.zone)
        filled = correction.filled_in(old, local_text(old.at, chart.zone), until)
        return Entries({name: (text,) for name, text in filled.items()})

    account = office.access.account(old.recorded_by)
    extras = partial(_amendment_extras, kind=kind, old=old, author=account.display if account else "")
    return Form(f"{kind} a fact", path, Act.correct, _TITLES[kind], f"forms/{kind}.html", read, extras,
                previews=True, fill=fill)  # fmt: skip


def _amendment_extras(chart: Chart, _: Sheet, *, kind: str, old: Fact, author: str) -> Mapping[str, object]:
    variable = correction.variable_of(old)
    units = correction.units_of(variable) if variable is not None and variable.units else ()
    stands, refused = correction.in_force(chart.facts, old.position), correction.refusal(chart.facts, old).flaws
    return {
        "kind": kind,
        "old": old,
        "author": author,
        "variable_old": variable,
        "units": tuple(dict.fromkeys([*([old.unit] if old.unit in units or variable is None else []), *units])),
        "at_before": local_text(old.at, chart.zone),
        "until_before": "" if old.until is None else local_text(old.until, chart.zone),
        "unit_words": unit_shown,
        "usual": correction.USUAL if kind == CORRECT else correction.WITHDRAWN,
        "together": correction.entered_with(chart.facts, old),
        "in_force": stands,
        "withdrawn": stands is None,
        "refused": refused,
    }


ROUTES: tuple[HTTPRouteHandler, ...] = (
    *(handler for form in (VITALS, ICE, CAPD, OXYGEN, DRUG, ATTRIBUTION) for handler in handlers(form)),
    *amendments(CORRECT),
    *amendments(RETRACT),
)
