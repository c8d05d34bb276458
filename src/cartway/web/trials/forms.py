"""The forms of trials and centers: that a trial was discussed, and what a center offers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cartway.pathway.course import CENTER, Course
from cartway.pathway.products import products
from cartway.pathway.trials import SERVICES, centers
from cartway.pathway.trials.record import sound_id
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, unknown_choice
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries, read_note
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form
from cartway.web.forms.sheet import Sheet

MOST_TRIALS = 60
LONGEST_NAME = 120
LINES = ("center", "city", "country", "contact")


def _numbered(fact: Fact, _: Chart) -> Draft:
    """A registry number, and no more. Problem: ``wrong_trial_id``."""
    number = sound_id(fact.about)
    return flawed("about", number) if isinstance(number, Problem) else Draft()


def _named(_: Chart, number: str) -> Entries:
    return Entries().having(about=number[:40]) if number else Entries()


OPTION = plain(
    "record a trial as an option",
    "/courses/{course:str}/trial-option",
    Act.coordinate,
    "A trial as an option",
    "trial_option",
    [
        Field("about", "Registry number", needed=True, hint="As NCT04780529"),
        Field("choice", "What came of it", needed=True),
        Field("detail.text", "Note", kind="note"),
    ],
    back="/courses/{course:str}/trials",
    intro="It is kept that this trial was talked about, and what came of it. Nobody is enrolled from here.",
    check=_numbered,
    fill=_named,
)


def product_options() -> Sequence[Option]:
    """The products of which a label or a study is held, by name."""
    known = vocabulary().variables["infusion"].choices
    return [(name, known[name].label, each.short) for name, each in sorted(products().items()) if name in known]


def state_options() -> Sequence[Option]:
    """Whether a center takes patients."""
    return [(name, each.label, "") for name, each in vocabulary().variables["center_offer"].choices.items()]


def service_options() -> Sequence[Option]:
    """What a center may offer beside the therapy."""
    return [(name, name.capitalize(), "") for name in SERVICES]


def _read(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """One `center_offer`. Its thing is the one that the form was opened for, or else made of the center's name."""
    flaws = sum((_flaws(entries, chart)), Draft())
    if flaws.flaws:
        return flaws
    detail: dict[str, object] = {name: entries[name] for name in LINES if entries[name]}
    detail |= {"products": list(entries.all("products")), "services": list(entries.all("services"))}
    detail |= {"trials": _trials(entries)}
    if entries["text"]:
        detail["text"] = entries["text"]
    return Draft((Fact("", at, "center_offer", choice=entries["state"], about=_thing(entries), detail=detail),))


def _flaws(entries: Entries, chart: Chart) -> list[Draft]:
    found = [_line(name, entries[name]) for name in LINES]
    if not entries["center"]:
        found.append(flawed("center", Problem("missing_entry", "The center's name is missing.", "Fill it in.")))
    elif not entries["about"] and _thing(entries) in {each.key for each in centers(_record(chart))}:
        problem = Problem(
            "center_twice", "A center of that name is in the list.", "Change that one, or say another name."
        )
        found.append(flawed("center", problem))
    for field, options in (
        ("products", product_options()),
        ("services", service_options()),
        ("state", state_options()),
    ):
        if not set(entries.all(field)) <= {value for value, _, _ in options}:
            found.append(flawed(field, unknown_choice(field.capitalize())))
    if not entries["state"]:
        problem = Problem("missing_entry", "Whether it takes patients is missing.", "Choose one.")
        found.append(flawed("state", problem))
    if len(_trials(entries)) > MOST_TRIALS or any(isinstance(sound_id(each), Problem) for each in _trials(entries)):
        problem = Problem("wrong_trial_id", "One of these is no registry number.", "Write them with commas between.")
        found.append(flawed("trials", problem))
    note = read_note(entries["text"])
    return [*found, *([flawed("text", note)] if isinstance(note, Problem) else [])]


def _line(name: str, text: str) -> Draft:
    if len(text) <= LONGEST_NAME and "\n" not in text:
        return Draft()
    return flawed(name, Problem("too_long", f"This has more than {LONGEST_NAME} characters.", "Keep it to one line."))


def _trials(entries: Entries) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", entries["trials"]) if part.strip()]


def _thing(entries: Entries) -> str:
    if entries["about"]:
        return entries["about"][:60]
    return "-".join(re.findall(r"\w+", entries["center"].casefold()))[:60] or "center-unnamed"


def _record(chart: Chart) -> Course:
    return Course(chart.facts, chart.now)


def _fill(chart: Chart, key: str) -> Entries:
    """What a center was last said to offer; this center's own entry may be opened before anything was said of it."""
    known = next((each for each in centers(_record(chart)) if each.key == key), None)
    if known is None:
        return Entries().having(about=CENTER, state="open") if key == CENTER else Entries().having(state="open")
    typed = {name: str(known.fact.detail.get(name, "")) for name in (*LINES, "text")}
    filled = Entries().having(**typed, about=known.key, state=known.state, trials=", ".join(known.trials))
    return Entries({**filled.typed, "products": known.products, "services": known.services})


def _extras(_: Chart, __: Sheet) -> Mapping[str, object]:
    return {"products": product_options(), "states": state_options(), "services": service_options(), "own": CENTER}


OFFER = Form(
    "say what a center offers",
    "/centers/offer",
    Act.coordinate,
    "What a center offers",
    "trials/offer.html",
    _read,
    _extras,
    fill=_fill,
    back="/centers",
    founds=True,
)
