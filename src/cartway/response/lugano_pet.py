"""Lugano 2014 by PET-CT: the lines of the table, each a function.

Cheson 2014, J Clin Oncol 32:3059, doi 10.1200/JCO.2013.54.8800; scores as in Barrington 2014, doi
10.1200/JCO.2013.53.5229. Whether uptake fell or rose is a reader's judgment: Lugano sets no percentage of SUV.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from cartway.record import Fact
from cartway.response.items import Item, Rung, level_of, shown
from cartway.response.measured import exact
from cartway.response.model import NOT_EVALUABLE, Level
from cartway.response.scan import Scan

COMPLETE_AT_MOST = 3
NO_SCORE = "Deauville score"
PHYSIOLOGIC_SITES = ("waldeyer_ring", "gut", "bowel", "intestine", "spleen", "marrow", "bone_marrow", "tonsil")
METABOLIC = {"CR": "CMR", "PR": "PMR", "SD": "NMR", "PD": "PMD", NOT_EVALUABLE: NOT_EVALUABLE}
UPTAKE = {
    "reduced": "lower than at",
    "no_significant_change": "not significantly changed from",
    "increased": "higher than at",
}
PET_FACTS = ("deauville_score", "uptake_change", "pet_marrow", "physiologic_uptake")


def read_pet(scan: Scan) -> Level | None:
    """The level by PET-CT, None where no PET was done. `labels["metabolic"]` is its own word: CMR, PMR, NMR, PMD."""
    imaging = scan.visit.fact("imaging")
    if not_evaluable(scan):
        return _labelled(Level(0, "", NOT_EVALUABLE, because=("The PET part could not be evaluated.",)))
    done = scan.visit.has(*PET_FACTS) or any(lesion.fdg for lesion in scan.new)
    if not done and (imaging is None or imaging.choice != "pet_ct" or scan.visit.has("lesion")):
        return None
    score = worst_score(scan)
    found = level_of([*new_foci(scan), marrow_foci(scan), hotter(scan)], _ladder(scan, score))
    found = _undecided(found, scan)
    numbers = {} if score is None else {"deauville": score}
    return _labelled(msgspec.structs.replace(found, numbers=numbers))


def not_evaluable(scan: Scan) -> bool:
    """Whether somebody said that the PET part could not be evaluated."""
    imaging = scan.visit.fact("imaging")
    said = imaging is not None and bool(imaging.detail.get("not_evaluable"))
    scores = scan.visit.all("deauville_score")
    return said or (bool(scores) and all(fact.choice == "not_evaluable" for fact in scores))


def _labelled(level: Level) -> Level:
    return msgspec.structs.replace(level, labels={"metabolic": METABOLIC[level.level]})


def _ladder(scan: Scan, score: Decimal | None) -> Iterator[Rung]:
    """The levels below progression that a score allows, best first, each with its lines."""
    if score is None:
        return
    if _is_complete(scan, score):
        yield "CR", "L-PET-CMR", [_score_item("L-PET-CMR", scan, score), marrow_clear(scan)]
        yield "PR", "L-PET-PMR", [_score_item("L-PET-PMR", scan, score)]
        return
    partial = _score_item("L-PET-PMR", scan, score)
    yield "PR", "L-PET-PMR", [partial, cooler(scan, "reduced"), marrow_cooler(scan)]
    yield "SD", "L-PET-NMR", [partial, cooler(scan, "reduced", "no_significant_change")]


def _score_item(rule: str, scan: Scan, score: Decimal) -> Item:
    physiologic = _excused(scan)
    flags = ("physiologic_site_rule",) if physiologic else ()
    said = f"Deauville score {shown(score)}" + (", residual mass of any size allowed" if _mass(scan, score) else "")
    more = f"; {' and '.join(physiologic)} no hotter than the normal tissue around it" if physiologic else ""
    return Item(rule, "yes", f"{said}{more}.", flags=flags)


def _mass(scan: Scan, score: Decimal) -> bool:
    return score <= COMPLETE_AT_MOST and bool(scan.visit.number("residual_mass"))


# The score


def worst_score(scan: Scan) -> Decimal | None:
    """The worst score at a site of lymphoma; None where none was given. An X never counts."""
    scores = [exact(fact) for fact in _newest_scores(scan)]
    return max((score for score in scores if score is not None), default=None)


def _newest_scores(scan: Scan) -> list[Fact]:
    """The newest score of each site."""
    return list({_site(fact): fact for fact in scan.visit.all("deauville_score")}.values())


def _site(fact: Fact) -> str:
    return str(fact.detail.get("site") or fact.about).strip().lower().replace(" ", "_").replace("-", "_")


def _is_complete(scan: Scan, score: Decimal) -> bool:
    """Score 3 or less everywhere, but for sites that are bright in health and no brighter than what is around them."""
    if score <= COMPLETE_AT_MOST:
        return True
    excused = set(_excused(scan))
    hot = [fact for fact in _newest_scores(scan) if (exact(fact) or 0) > COMPLETE_AT_MOST]
    return bool(hot) and all(_site_words(fact) in excused for fact in hot)


def _excused(scan: Scan) -> list[str]:
    """Sites above the liver that are bright in health, and of which a reader said: not greater than around them."""
    return [_site_words(fact) for fact in _physiologic(scan) if _surrounding(scan, fact) == "not_greater"]


def _physiologic(scan: Scan) -> list[Fact]:
    hot = [fact for fact in _newest_scores(scan) if (exact(fact) or 0) > COMPLETE_AT_MOST]
    return [fact for fact in hot if _site(fact) in PHYSIOLOGIC_SITES]


def _surrounding(scan: Scan, score: Fact) -> str:
    """What a reader said of the tissue around a site; said of no site, it is of the only one there is."""
    told = {_site(fact): fact.choice for fact in scan.visit.all("physiologic_uptake")}
    alone = len(_physiologic(scan)) == 1
    return told.get(_site(score)) or (told.get("", "") if alone else "")


def _site_words(fact: Fact) -> str:
    return _site(fact).replace("_", " ")


# Progression


def new_foci(scan: Scan) -> Iterator[Item]:
    """New foci consistent with lymphoma; where the cause is unclear a biopsy or another scan decides."""
    for lesion in scan.new:
        said = f"There is a {lesion.title}"
        if lesion.is_disease:
            more = "; its biopsy is lymphoma." if lesion.biopsied else ", consistent with lymphoma."
            yield Item("L-PET-PMD", "yes", said + more)
        elif lesion.is_disease is None and (lesion.fdg or lesion.size is None):
            unclear = f"{said} of unclear cause: a biopsy or another scan decides."
            yield Item("L-PET-PMD", "open", unclear, flags=("review_new_lesion",), convention="none")


def marrow_foci(scan: Scan) -> Item:
    """New or recurrent foci in the marrow."""
    new = scan.visit.choice("pet_marrow") == "new_focal"
    return Item("L-PET-PMD", "yes" if new else "no", "There are new or recurrent foci in the marrow." * new)


def hotter(scan: Scan) -> Item:
    """Score 4 or 5 with more uptake than at baseline."""
    score, change = worst_score(scan), scan.visit.choice("uptake_change")
    met = score is not None and not _is_complete(scan, score) and change == "increased"
    said = f"Deauville score {shown(score)}, uptake increased from baseline." if met and score is not None else ""
    return Item("L-PET-PMD", "yes" if met else "no", said)


# Response


def cooler(scan: Scan, *accepted: str) -> Item:
    """Uptake against baseline, as the reader judged it."""
    change = scan.visit.choice("uptake_change")
    if not change:
        return Item("L-PET-PMR", "unknown", missing="uptake compared with baseline")
    return Item("L-PET-PMR", "yes" if change in accepted else "no", f"Uptake is {UPTAKE[change]} baseline.")


def marrow_clear(scan: Scan) -> Item:
    """No FDG-avid disease in the marrow; not told of, it is asked for only where the marrow was involved."""
    now, before = scan.visit.choice("pet_marrow"), scan.baseline.facts.choice("pet_marrow")
    if now in ("negative", "diffuse"):
        return Item("L-PET-CMR", "yes")
    if now:
        said = f"The marrow on PET: {now.replace('_', ' ')}; MRI, biopsy or another scan is advised."
        return Item("L-PET-CMR", "no", said, flags=("review_marrow",))
    involved = before not in ("", "negative", "diffuse") or (not before and scan.baseline.marrow_involved)
    if involved:
        return Item("L-PET-CMR", "unknown", missing="the marrow on PET", flags=("review_marrow",))
    return Item("L-PET-CMR", "yes")


def marrow_cooler(scan: Scan) -> Item:
    """Marrow uptake lower than at baseline, or no more than reactive."""
    now = scan.visit.choice("pet_marrow")
    if now == "unchanged":
        said = "The marrow on PET is as at baseline."
        return Item("L-PET-PMR", "no", said, flags=("review_marrow",))
    return Item("L-PET-PMR", "yes", flags=("review_marrow",) if now == "persistent_focal" else ())


def _undecided(found: Level, scan: Scan) -> Level:
    """Candidates where one thing that is not told, or that the table has no line for, would make another level."""
    score = worst_score(scan)
    if found.level == "PD":
        return found
    if score is None:
        flags = (*found.flags, "only_score_x") if scan.visit.choice("deauville_score") == "x" else found.flags
        return msgspec.structs.replace(found, missing=(*found.missing, NO_SCORE), flags=flags)
    if "uptake compared with baseline" in found.missing:
        return msgspec.structs.replace(found, candidates=("PD", "PR", "SD"))
    unasked = [_site_words(fact) for fact in _physiologic(scan) if not _surrounding(scan, fact)]
    if unasked:
        missing = (*found.missing, f"uptake of the normal tissue around {' and '.join(unasked)}")
        return msgspec.structs.replace(found, missing=missing, candidates=("CR", found.level))
    if "review_marrow" in found.flags and "CR" not in found.candidates and found.level in ("PR", "SD"):
        other = "CR" if _is_complete(scan, score) else "PR" if found.level == "SD" else ""
        return msgspec.structs.replace(found, candidates=(found.level, other) if other else found.candidates)
    return found
