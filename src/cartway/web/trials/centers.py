"""The list of centers: what each offers, by product, trial and service."""

from __future__ import annotations

from litestar import get
from litestar.response import Template

from cartway.pathway.course import CENTER
from cartway.pathway.programme.days import day_of
from cartway.pathway.trials import centers, offering
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page
from cartway.web.programme.words import said_day
from cartway.web.road import center_of
from cartway.web.trials.forms import product_options, service_options


@get("/centers", opt=needs(Act.see_programme), name="centers", sync_to_thread=True)
def centers_page(request: WebRequest) -> Template:
    """``?product=`` a product, ``?trial=`` a registry number, ``?service=`` a service: those that offer it."""
    office = office_of(request)
    asked = {name: request.query_params.get(name, "")[:80] for name in ("product", "trial", "service")}
    found = centers(center_of(request))
    today = day_of(office.now(), office.zone)
    return page(
        request,
        "trials/centers.html",
        found=offering(found, product=asked["product"], trial=asked["trial"], service=asked["service"]),
        total=len(found),
        asked=asked,
        own=CENTER,
        products=product_options(),
        services=service_options(),
        said_day=lambda instant: said_day(day_of(instant, office.zone), today),
        entered=bool(request.query_params.get("entered")),
    )
