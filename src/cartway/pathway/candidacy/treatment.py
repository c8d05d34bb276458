"""The conditions of a label that are about earlier treatment: lines, classes, the first line, refractoriness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cartway.pathway.answer import Answer, Missing, Source, all_of, any_of
from cartway.pathway.candidacy.classes import drug_class, drug_classes, unknown_classes
from cartway.pathway.candidacy.disease import no_response
from cartway.pathway.candidacy.found import Found, counted, joined, not_known, not_so, so
from cartway.pathway.candidacy.lines import Line, Lines, holds, lines_of, months_after
from cartway.pathway.candidacy.wording import on_day
from cartway.pathway.course import Course
from cartway.pathway.products.rule import Exposed, RefractoryTo, RelapseAfterFirstLine
from cartway.pathway.products.rule import Lines as AtLeast

_HISTORY = "the oncologist's letters: every line with regimen, dates, response and what ended it"
COUNTING = Source(
    "What counts as a line of systemic therapy: a rule of counting, from knowledge; no label says it", False
)
END_OF_LINE = Source(
    "Months counted from the end of the first line: from knowledge; the label does not say from when", False
)
IMWG = Source("Refractory: no response, or progression within 60 days of the last dose (IMWG), from knowledge", False)
_LINES = Missing("line_of_therapy", "the lines of therapy", _HISTORY)


def enough_lines(course: Course, term: AtLeast) -> Found:
    """Whether there were so many systemic lines."""
    lines = lines_of(course)
    if not lines.lines:
        return _no_lines(course)
    least, most = lines.systemic()
    words = f"{least} systemic {'line' if least == 1 else 'lines'} of therapy; the label says {term.at_least} or more."
    if _counted_by_class(lines):
        return counted(_enough(lines, term, words, least, most), COUNTING)
    return _enough(lines, term, words, least, most)


def _counted_by_class(lines: Lines) -> bool:
    """Whether a line was counted, or not, by its classes: the record itself does not say that it was systemic."""
    return any(line.systemic is not None and line.fact.detail.get("systemic") is None for line in lines.lines)


def _enough(lines: Lines, term: AtLeast, words: str, least: int, most: int) -> Found:
    if least >= term.at_least:
        return so(words, *lines.facts, reading=_before_transformation(lines, term.at_least))
    if most >= term.at_least:
        missing = Missing("line_of_therapy", "whether each line was systemic, and the lines left out", _HISTORY)
        return not_known(f"{words} Up to {most} are possible.", missing, *lines.facts)
    return not_so(words, *lines.facts)


def _no_lines(course: Course) -> Found:
    told = course.last("disease_status")
    if told is not None and told.choice == "newly_diagnosed":
        return not_so("Newly diagnosed: no line of therapy.", told)
    none = next((fact for fact in course.all("line_of_therapy") if fact.value == 0), None)
    if none is not None:
        return not_so("Recorded: no line of therapy.", none)
    return not_known("No line of therapy is recorded.", _LINES)


def _before_transformation(lines: Lines, at_least: int) -> str:
    after = lines.after_transformation().systemic()[0]
    return "Lines given before the disease transformed are counted." if after < at_least else ""


def exposed_to(course: Course, term: Exposed) -> Found:
    """Whether every class was given, in one line or several."""
    lines = lines_of(course)
    return joined((_had(lines, name) for name in term.classes), all_of)


def _had(lines: Lines, name: str) -> Found:
    label, answer = drug_classes()[drug_class(name)].label, lines.had(name)
    if answer is Answer.yes:
        return so(f"Has had {label}", *(line.fact for line in lines.lines if holds(line, name) is Answer.yes))
    if answer is Answer.no:
        return not_so(f"Has not had {label}{_not_understood(lines)}", *lines.facts)
    missing = Missing("line_of_therapy", f"whether {label} was given", _HISTORY)
    return not_known(f"Whether {label} was given is not recorded", missing, *lines.facts)


def _not_understood(lines: Lines) -> str:
    """Classes in the record that the table does not know, told where they might be the one asked for."""
    stated = (each for line in lines.lines for each in line.fact.detail.get("classes") or ())
    unknown = unknown_classes(dict.fromkeys(str(each) for each in stated))
    return f" (not understood: {', '.join(unknown)})" if unknown else ""


def first_line_refractory(course: Course) -> Found:
    """Whether the disease did not answer to its first-line chemoimmunotherapy."""
    first = lines_of(course).first_systemic()
    told = course.last("disease_status")
    if first is None:
        return _no_first_line(course)
    chemo = _chemoimmunotherapy(first)
    if chemo.answer is not Answer.yes:
        return chemo
    if first.refractory or no_response(first) or (told is not None and told.choice == "primary_refractory"):
        return so(f"Refractory to the first line, {_named(first)}.", first.fact, told)
    if first.refractory is None and not first.response and not first.outcome.startswith("relapse"):
        return not_known("How the first line ended is not recorded.", _ended(first), first.fact)
    return not_so(f"Not refractory to the first line, {_named(first)}.", first.fact, reading=_partial(first))


def _no_first_line(course: Course) -> Found:
    return not_known("The first line is not recorded in full.", _LINES) if lines_of(course).lines else _no_lines(course)


def _partial(first: Line) -> str:
    partial = (
        first.response.startswith(("pr", "partial"))
        and first.outcome.startswith("progress")
        and first.refractory is None
    )
    return "Progression after a partial response is read as relapse, not as refractory." if partial else ""


def relapse_after_first_line(course: Course, term: RelapseAfterFirstLine, on: date) -> Found:
    """Whether it came back after first-line chemoimmunotherapy, counted from the end of that line."""
    first = lines_of(course).first_systemic()
    if first is None:
        return _no_first_line(course)
    chemo = _chemoimmunotherapy(first)
    if chemo.answer is not Answer.yes:
        return chemo
    if first.progressed is Answer.no:
        return not_so(f"The first line ended in {first.outcome.replace('_', ' ')}.", first.fact)
    if first.progressed is Answer.unknown:
        return not_known("What ended the first line is not recorded.", _ended(first), first.fact)
    if term.within_months is None:
        return so(f"Relapse after the first line, {_named(first)}.", first.fact)
    found = _within(lines_of(course), first, term.within_months, on)
    return found if found.answer is Answer.unknown or first.end is None else counted(found, END_OF_LINE)


def _within(lines: Lines, first: Line, months: int, on: date) -> Found:
    """Relapse within so many months of the end of the line; where a day is missing, only what its bounds settle."""
    sure = None if first.start is None else months_after(first.start, months)
    if first.end is None and first.outcome_day is not None and sure is not None and first.outcome_day <= sure:
        return so(f"Relapse on {on_day(first.outcome_day)}, within {months} months of the line's start.", first.fact)
    if first.end is None:
        return not_known("The end of the first line is not recorded.", _ended(first), first.fact)
    limit = months_after(first.end, months)
    words = f"First line ended on {on_day(first.end)}; {months} months are over on {on_day(limit)}"
    if first.outcome_day is None:
        if _latest_relapse(lines, first, on) <= limit:
            return so(f"{words}; the relapse came before that.", first.fact)
        return not_known(f"{words}; the day of the relapse is not recorded.", _ended(first), first.fact)
    words = f"{words}; relapse on {on_day(first.outcome_day)}."
    if first.outcome_day > limit:
        return not_so(words, first.fact)
    same = first.outcome_day == limit
    return so(
        words, first.fact, reading="A relapse on the last day of the 12 months is read as within them." if same else ""
    )


def _latest_relapse(lines: Lines, first: Line, on: date) -> date:
    following = [line.start for line in lines.lines if line.number > first.number and line.start is not None]
    return min([on, *following])


def _chemoimmunotherapy(first: Line) -> Found:
    """Whether a line was chemotherapy with an antibody, as the text asks."""
    chemo, antibody = holds(first, "chemotherapy"), holds(first, "antibody")
    if chemo is Answer.yes and antibody is Answer.yes:
        return so("The first line was chemoimmunotherapy.", first.fact)
    if chemo is Answer.no:
        return not_so(f"The first line, {_named(first)}, was no chemoimmunotherapy.", first.fact)
    missing = Missing("line_of_therapy", "whether the first line was chemotherapy with an antibody", _HISTORY)
    return not_known("Whether the first line was chemoimmunotherapy is not recorded.", missing, first.fact)


def _ended(line: Line) -> Missing:
    return Missing("line_of_therapy", f"when line {line.number} ended, what ended it and when", _HISTORY)


def _named(line: Line) -> str:
    return line.regimen or "regimen not stated"


def refractory_to(course: Course, term: RefractoryTo) -> Found:
    """Whether the disease is refractory to a drug: as recorded, else progression on it or within days of its end."""
    stated = course.last("drug_refractory", about=term.drug)
    if stated is not None and stated.choice in ("yes", "no"):
        return (so if stated.choice == "yes" else not_so)(
            f"Recorded: refractory to {term.drug}: {stated.choice}.", stated
        )
    lines = lines_of(course)
    if not lines.lines:
        return not_known(f"Whether {term.drug} was given is not recorded.", _LINES)
    parts = [*_each_line(lines, term)]
    if not lines.whole and any_of(part.answer for part in parts) is Answer.no:
        return not_known("A line of therapy is left out of the record.", _LINES, *lines.facts)
    return joined(parts, any_of)


def _each_line(lines: Lines, term: RefractoryTo) -> Iterator[Found]:
    given = [line for line in lines.lines if holds(line, term.drug) is not Answer.no]
    for line in given:
        yield _in_line(line, term)
    if not given:
        yield not_so(f"Has not had {term.drug}.", *lines.facts)


def _in_line(line: Line, term: RefractoryTo) -> Found:
    """As recorded for the line; else worked out. A record that speaks of other drugs only says no of this one."""
    recorded, held = line.refractory_to or (), holds(line, term.drug)
    whole_class = drug_classes()[term.drug].within in recorded
    if term.drug in recorded or (whole_class and held is Answer.yes):
        return so(f"Recorded as refractory to {term.drug} in line {line.number}.", line.fact)
    computed = counted(_by_days(line, term), IMWG)
    if held is Answer.unknown and (whole_class or computed.answer is Answer.yes):
        missing = Missing("line_of_therapy", f"whether line {line.number} held {term.drug}", _HISTORY)
        return not_known(f"Whether line {line.number} held {term.drug} is not recorded.", missing, line.fact)
    if not recorded or computed.answer is Answer.no:
        return computed
    if computed.answer is Answer.yes:
        because = f"Recorded as refractory to other drugs than {term.drug}, but: {computed.because}"
        return not_known(because, _last_dose(line, term), line.fact)
    return not_so(f"Line {line.number} is recorded as refractory to other drugs, not to {term.drug}.", line.fact)


def _by_days(line: Line, term: RefractoryTo) -> Found:
    """IMWG: no response, or progression on the drug or within 60 days of its last dose."""
    if line.refractory or no_response(line):
        return so(f"No response to line {line.number}.", line.fact)
    if line.progressed is Answer.no:
        return not_so(f"Line {line.number} did not end in progression.", line.fact)
    if line.progressed is Answer.unknown or line.outcome_day is None or line.end is None:
        because = f"The last dose of {term.drug} or the day of progression is not recorded."
        return not_known(because, _last_dose(line, term), line.fact)
    days = (line.outcome_day - line.end).days
    words = f"Progression {days} days after the end of line {line.number}; {term.days} days count."
    if days <= term.days:
        return so(words, line.fact)
    if not line.response and line.refractory is None and not line.outcome.startswith("relapse"):
        missing = Missing("line_of_therapy", f"the best response to line {line.number}", _HISTORY)
        return not_known(f"{words} Whether it had answered is not recorded.", missing, line.fact)
    return not_so(words, line.fact)


def _last_dose(line: Line, term: RefractoryTo) -> Missing:
    return Missing(
        "drug_refractory", f"the last dose of {term.drug} and the day of progression in line {line.number}", _HISTORY
    )


def progressed_on_last(course: Course) -> Found:
    """Whether the last line ended in progression."""
    last = lines_of(course).last
    if last is None or last.progressed is Answer.unknown:
        return not_known("What ended the last line is not recorded.", _LINES)
    words = f"Line {last.number} ended in {last.outcome.replace('_', ' ') or 'no response'}."
    return so(words, last.fact) if last.progressed is Answer.yes else not_so(words, last.fact)
