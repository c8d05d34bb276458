"""Which part of a split dose a container is of: by what was given before, and by the label's row for this marrow."""

from __future__ import annotations

from math import isclose

from cartway.pathway.answer import Answer
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.split import Action, Burden, burden_of, split_dose
from cartway.pathway.products import Split


def of_second_part(case: Case, container: str) -> bool:
    """Whether giving this container now is giving of the second part.

    Of a split product everything is, once the first infusion is in, but what is labeled for part 1 and given that day.
    """
    part = case.part(container)
    if part == 2 or not case.infusions or burden_of(case) is None:
        return part == 2
    return part != 1 or case.day_of(case.infusions[0].at) < case.today


def kept_back(case: Case) -> str:
    """Why nothing of the second part is given now, whatever a go says: the label's table, or the last decision on it.
    Empty where neither withholds nor postpones it.
    """
    found = split_dose(case)
    if found is None:
        return ""
    if found.second.action in (Action.withhold, Action.postpone):
        return found.second.because
    return decided_against(case)


def decided_against(case: Case) -> str:
    """The last decision on the second part where it withholds or postpones it, in words; else empty."""
    decision = case.course.last("dose_decision")
    words = {"withhold": "not to be given", "postpone": "postponed"}.get(decision.choice if decision else "")
    if decision is None or words is None:
        return ""
    reason = decision.detail.get("text")
    return f"The second part is {words} by the decision of {case.hour_of(decision.at)}" + (
        f": {reason}." if reason else "."
    )


def fits_row(case: Case, container: str, part: int) -> tuple[Answer, str]:
    """Whether a container is one of those that the label's row for this marrow draws a part (1 or 2) from.

    Unknown where the row is not known or the container's label states no dose. No amount of the row is told where its
    amounts are not confirmed; then the source is quoted. A product that is not split: yes.
    """
    burden = burden_of(case)
    if burden is None:
        return Answer.yes, ""
    if burden.row is None:
        return Answer.unknown, f"Which row of the label's table applies is not known. {burden.because}"
    million = _dose(case, container)
    if million is None:
        return Answer.unknown, f"{container}: its label states no dose. {burden.because}{_quoted(burden)}"
    if _place(burden.row, million, part) is not None:
        return Answer.yes, f"{container} ({million:g} million) is a container of part {part}. {burden.because}"
    because = f"{container} ({million:g} million) is no container of part {part}. {burden.because}{_quoted(burden)}"
    return Answer.no, because


def row_place(case: Case, container: str) -> tuple[int, int] | None:
    """The part, and the place in it, that the row for this marrow gives a container; None where nothing tells."""
    burden, million = burden_of(case), _dose(case, container)
    if burden is None or burden.row is None or million is None:
        return None
    for part in range(1, len(burden.row.from_bags) + 1):
        place = _place(burden.row, million, part)
        if place is not None:
            return part, place
    return None


def _place(row: Split, million: float, part: int) -> int | None:
    bags = row.from_bags[part - 1] if part <= len(row.from_bags) else ()
    return next((n for n, nominal in enumerate(bags) if isclose(nominal, million)), None)


def _dose(case: Case, container: str) -> float | None:
    said = case.says(container, "dose_million")
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else None


def _quoted(burden: Burden) -> str:
    return f" Quoted from: {'; '.join(each.text for each in burden.quotes)}." if burden.quotes else ""
