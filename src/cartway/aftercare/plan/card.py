"""The wallet card. Its code says what an emergency team must know, and nothing of who carries it: no name, no number of
a record, no day of birth or of treatment, not even the center's name.

Fields: product patient information (wallet cards of the former REMS programs) and center cards; what it asks of others
is a center's custom, not confirmed from a label.
"""

from __future__ import annotations

from cartway.aftercare.model import Restriction
from cartway.aftercare.plan.ahead import limit, short_key
from cartway.aftercare.plan.known import Known
from cartway.aftercare.plan.model import Card, Row
from cartway.aftercare.plan.past import product_named
from cartway.aftercare.plan.patient import words
from cartway.aftercare.plan.said import day, joined, say, sentences, whole
from cartway.watch.triage import Tier

ON_CARD = ("driving", "proximity")
STAFF = (
    "May have CRS or neurotoxicity (ICANS): fever, low pressure, low oxygen, confusion, trouble speaking, seizure.",
    "CALL THE 24-HOUR LINE FIRST before corticosteroids, G-CSF, GM-CSF or chemotherapy, unless life-threatening.",
    "Fever is infection or CRS until shown otherwise.",
    "Irradiated blood products only. No live vaccines unless cleared.",
    "Late: low counts, low IgG, infection, delayed neurotoxicity, enterocolitis, second cancers (also of T cells).",
    "New cancer: keep tissue and blood, call the center; it calls the manufacturer.",
)
"""For any emergency team, in English. Doses stand on no card."""

SIGNS: dict[Tier, tuple[str, ...]] = {
    Tier.emergency: (
        "breathlessness", "chest_pain", "fainting", "seizure", "sleepiness", "confusion", "speech", "writing",
        "bleeding", "face_or_vision", "self_harm",
    ),
    Tier.now: ("fever", "chills", "vomiting", "cannot_drink"),
}  # fmt: skip
"""The symptoms that ``card.signs`` names; each is of that tier in the triage table, in the first month or later."""


def wallet_card(about: Known) -> Card:
    """The four faces of the card."""
    infused = joined([day(each, "en") for each in about.treatment.infused], "en")
    return Card(
        language=about.language,
        site=about.place.site,
        line=about.line,
        emergency=about.emergency,
        product=_product(about),
        infused=infused,
        staff=tuple(map(whole, STAFF)),
        urgent=tuple(Row(_heading(about, tier), about.say(f"card.signs.{tier.name}")) for tier in SIGNS),
        limits=_limits(about),
        lines=tuple(about.say(f"card.{key}") for key in ("name", "caregiver", "doctor", "allergies", "implants")),
        code=code(about),
        words=words(about) | {key[5:]: say(key, about.language) for key in sentences() if key.startswith("card.")},
        simulated=about.treatment.simulated,
    )


def code(about: Known) -> str:
    """What the QR code says: plain English words, the 24-hour line, the target. Never who, never when, never where."""
    target = about.treatment.target
    kind = f"CAR T-CELL PATIENT ({target})" if target else "CAR T-CELL PATIENT"
    return (
        f"{kind}. Risk of CRS and ICANS (neurotoxicity). Fever, low pressure, low oxygen, confusion, seizure: call "
        f"the 24-hour CAR T line {about.line.telephone} before steroids, G-CSF or chemo, unless life-threatening. "
        "Irradiated blood only. No live vaccines unless cleared. New cancer: keep tissue, call the line."
    )


def _limits(about: Known) -> tuple[Row, ...]:
    """Driving and staying near while they last, live vaccines, donation."""
    kept = tuple(limit(about, each) for key in ON_CARD if (each := _restriction(about, key)) is not None)
    live = Row(about.say("limits.live"), about.say("limits.live_text"))
    return (*(row for row in kept if row.tone), live)


def _restriction(about: Known, key: str) -> Restriction | None:
    return next((each for each in about.after.restrictions if short_key(each) == key), None)


def _heading(about: Known, tier: Tier) -> str:
    return about.say(f"urgent.{tier.name}", number=about.emergency)


def _product(about: Known) -> str:
    target = about.treatment.target
    name = product_named(about)
    return f"{name}, {target}" if target else name
