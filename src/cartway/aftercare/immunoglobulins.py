"""What IgG means for replacement. The decision is a clinician's: sources differ where IgG is low without infections.

- Below 400 mg/dL with recurrent infections of sinuses or lungs: 0.5 g/kg, measured monthly (Blood Advances table).
- Below 400 mg/dL without: the center's choice (question ``igg_replacement``).
- They may be tried off after 6 months without a serious or chronic bacterial infection (ashpublications 9809590). Never
  said while IgG is low or not known, infections recur, or nobody told how severe a bacterial one was.
"""

from __future__ import annotations

import msgspec

from cartway.aftercare.dates import months_after
from cartway.aftercare.immune import above, last_immunoglobulin
from cartway.aftercare.model import Marker, Question, Status
from cartway.aftercare.questions import answer_of, question
from cartway.aftercare.setting import Setting
from cartway.record import Fact

LIMIT_MG_DL = 400
SINOPULMONARY = ("lung", "sinus")
SERIOUS = ("severe", "life_threatening", "fatal")
TRIAL_OFF_MONTHS = 6
RECURRENT = "aftercare_recurrent_infections"
TREAT = (
    "IVIG indicated by the US review: 0.5 g/kg, re-check monthly (IgG below 400 mg/dL with recurrent sinopulmonary "
    "infection); a clinician decides"
)
SERIOUS_TREAT = (
    "EBMT/EHA: replacement with IgG below 4 g/L and serious, persistent or recurrent bacterial infection (not "
    "confirmed); a clinician decides"
)
ENOUGH = (
    "Not below 400 mg/dL: replacement is not indicated by these sources; with infections the subclasses are measured "
    "(PMC8078596); a clinician decides"
)
INFUSED = (
    "Not native IgG: within 30 days of immunoglobulins it holds what was infused and says nothing of the patient's "
    "own; a clinician decides whether replacement goes on"
)
CHOICE = "Low without recurrent infections: the center's choice, not a rule; a clinician decides"
CHOSEN = {
    "with_infections": "By the center's choice no replacement without recurrent infections of sinuses or lungs",
    "below_400": "By the center's choice replacement whenever IgG is below 400 mg/dL; a clinician decides",
    "ebmt": "By the center's choice replacement with serious, persistent or recurrent bacterial infections",
}


def with_decisions(setting: Setting, marker: Marker) -> tuple[Marker, Question]:
    """The IgG marker with what follows from it, and the question on replacement."""
    low = bool(marker.readings) and marker.readings[-1].value < LIMIT_MG_DL
    sinopulmonary, serious = _infections(setting)
    recurrent = len(sinopulmonary) >= setting.number(RECURRENT)
    open_ = low and not recurrent
    told = _decisions(setting, low, recurrent, bool(serious)) if marker.readings else ()
    told = told if low or marker.native else (INFUSED,)
    found = msgspec.structs.replace(
        marker,
        decisions=(*told, *(_off(setting) if _may_be_off(setting, marker, recurrent) else ())),
        status=Status.due if low and recurrent else marker.status,
        question="igg_replacement" if open_ and not answer_of(setting, "igg_replacement").option else marker.question,
        facts=(*marker.facts, *(sinopulmonary if low else ())),
    )
    return found, question(setting, "igg_replacement", matters=open_)


def _decisions(setting: Setting, low: bool, recurrent: bool, serious: bool) -> tuple[str, ...]:
    if not low:
        return (ENOUGH,)
    if recurrent:
        return (TREAT,)
    chosen = answer_of(setting, "igg_replacement").option
    told = CHOSEN.get(chosen, CHOICE)
    return (SERIOUS_TREAT, told) if serious and not chosen else (told,)


def _episodes(setting: Setting) -> list[Fact]:
    """The newest statement of each infection since the infusion, but for those ruled out."""
    newest: dict[str, Fact] = {}
    for fact in setting.all("infection"):
        if setting.day(fact) >= setting.zero:
            newest[fact.about or fact.key or f"{fact.at}"] = fact
    return [fact for fact in newest.values() if fact.choice != "none"]


def _infections(setting: Setting) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The infections since the infusion: of sinuses and lungs, and serious bacterial ones."""
    real = _episodes(setting)
    airways = tuple(fact for fact in real if fact.detail.get("site") in SINOPULMONARY)
    grave = (fact for fact in real if fact.choice == "bacterial" and fact.detail.get("severity") in SERIOUS)
    return airways, tuple(grave)


def _may_be_off(setting: Setting, marker: Marker, recurrent: bool) -> bool:
    """Whether a trial is spoken of: IgG known and above its limit, infections neither recurrent nor untold."""
    if not marker.readings or marker.readings[-1].value <= LIMIT_MG_DL or recurrent:
        return False
    return not _untold(setting)


def _untold(setting: Setting) -> bool:
    """Whether the severity of a bacterial infection of the last months, or of one of unknown cause, is not told."""
    return any(
        not fact.detail.get("severity") and months_after(setting.day(fact), TRIAL_OFF_MONTHS) > setting.on
        for fact in _episodes(setting)
        if fact.choice in ("bacterial", "unknown")
    )


def _off(setting: Setting) -> tuple[str, ...]:
    """Whether a trial without immunoglobulins is possible, for whoever gets them."""
    given = last_immunoglobulin(setting)
    if given is None or setting.day(given) < setting.zero:
        return ()
    _, serious = _infections(setting)
    since = setting.day(serious[-1]) if serious else setting.zero
    day = months_after(since, TRIAL_OFF_MONTHS)
    when = "now" if day <= setting.on else f"from {day}"
    told = f"A trial without immunoglobulins is possible {when}, after 6 months without a serious bacterial infection"
    b_cells = "" if above(setting, "cd19") else ", though B cells are not known to be back"
    return (f"{told}{b_cells}; a clinician decides",)
