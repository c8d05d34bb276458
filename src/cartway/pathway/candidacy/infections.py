"""Infections (FIT-11 to FIT-15): active ones wait, viruses with their second test, latent ones to be considered."""

from __future__ import annotations

from cartway.pathway.answer import Criterion, Missing, Severity
from cartway.pathway.candidacy.rule import no, unknown, yes
from cartway.pathway.candidacy.wording import stated
from cartway.pathway.course import Course
from cartway.record import Fact

LATENT = ("CMV", "HSV", "VZV", "HTLV", "syphilis", "toxoplasma", "TB", "strongyloides")


def infections(course: Course, product: str = "") -> list[Criterion]:
    """FIT-11 to FIT-15. HIV asks what the product's holder answered."""
    return [active(course), hepatitis_b(course), hepatitis_c(course), hiv(course, product), latent(course)]


def active(course: Course) -> Criterion:
    """FIT-11. Treated and stable is enough; a positive SARS-CoV-2 test counts as active."""
    status, covid = course.last("infection_status"), course.last("sars_cov_2_test")
    if covid is not None and covid.choice == "positive":
        return no("FIT-11", f"SARS-CoV-2 test {stated(covid)}.", covid, status)
    if status is None:
        return unknown("FIT-11")
    words = f"Infection: {stated(status)}{_of(status)}."
    return no("FIT-11", words, status) if status.choice == "active" else yes("FIT-11", words, status)


def _of(status: Fact) -> str:
    named = [str(status.detail[key]) for key in ("organism", "site") if status.detail.get(key)]
    return f" ({', '.join(named)})" if named else ""


def hepatitis_b(course: Course) -> Criterion:
    """FIT-12. Viremia defers; a latent infection needs prophylaxis; a positive screen needs the DNA."""
    antigen, core, dna = course.last("hbsag"), course.last("anti_hbc"), course.last("hbv_dna")
    if dna is not None and _detected(dna):
        return no("FIT-12", f"Hepatitis B virus DNA {stated(dna)}.", dna, antigen, core)
    positive = [fact for fact in (antigen, core) if fact is not None and fact.choice != "negative"]
    if not positive:
        return _screened(antigen, core)
    if dna is None:
        missing = (Missing("hbv_dna", "hepatitis B virus DNA", "a quantitative PCR"),)
        return unknown("FIT-12", f"{_positive(positive)}; the DNA is not recorded.", *positive, missing=missing)
    return _latent_b(course, [*positive, dna])


def _screened(antigen: Fact | None, core: Fact | None) -> Criterion:
    if antigen is None or core is None:
        named = [("hbsag", "hepatitis B surface antigen", antigen), ("anti_hbc", "antibody to hepatitis B core", core)]
        return unknown("FIT-12", missing=tuple(Missing(what, words, words) for what, words, fact in named if not fact))
    return yes("FIT-12", f"HBsAg and anti-HBc negative, {stated(antigen).partition(' on ')[2]}.", antigen, core)


def _latent_b(course: Course, facts: list[Fact]) -> Criterion:
    antiviral = course.last("antiviral_prophylaxis")
    if antiviral is not None and antiviral.choice == "on":
        return yes("FIT-12", "No hepatitis B virus DNA found, and an antiviral is taken.", *facts, antiviral)
    words = f"{_positive(facts[:-1])}, no DNA found: latent. An antiviral must be taken before and after the cells."
    missing = (
        () if antiviral else (Missing("antiviral_prophylaxis", "whether an antiviral is taken", "the medication list"),)
    )
    return no("FIT-12", words, *facts, antiviral, severity=Severity.relative, missing=missing)


def hepatitis_c(course: Course) -> Criterion:
    """FIT-13. Viremia defers; a positive antibody needs the RNA."""
    antibody, rna = course.last("hcv_antibody"), course.last("hcv_rna")
    if rna is not None and _detected(rna):
        return no("FIT-13", f"Hepatitis C virus RNA {stated(rna)}.", rna, antibody)
    if antibody is None and rna is None:
        return unknown("FIT-13")
    if rna is None and antibody is not None and antibody.choice != "negative":
        missing = (Missing("hcv_rna", "hepatitis C virus RNA", "a quantitative PCR"),)
        return unknown("FIT-13", f"{_positive([antibody])}; the RNA is not recorded.", antibody, missing=missing)
    return yes("FIT-13", "No hepatitis C virus found.", antibody, rna)


def hiv(course: Course, product: str = "") -> Criterion:
    """FIT-14. Positive: what the holder answered decides; until then nobody knows."""
    test = course.last("hiv_test")
    if test is None:
        return unknown("FIT-14")
    if test.choice == "negative":
        return yes("FIT-14", f"HIV test {stated(test)}.", test)
    answers = [fact for fact in course.all("holder_accepts") if product and fact.detail.get("product") == product]
    if not answers:
        missing = (Missing("holder_accepts", "whether the holder makes cells nevertheless", "ask the holder"),)
        return unknown("FIT-14", f"HIV test {stated(test)}; the holder has not answered.", test, missing=missing)
    words = f"HIV test {stated(test)}; the holder: {stated(answers[-1])}."
    if answers[-1].choice == "yes":
        return yes("FIT-14", words, test, answers[-1])
    return no("FIT-14", words, test, answers[-1], severity=Severity.absolute)


def latent(course: Course) -> Criterion:
    """FIT-15. A list to consider; what was not tested is named."""
    tested = {about: course.last("screening_test", about=about) for about in course.abouts("screening_test")}
    known = {name.casefold() for name in tested}
    positive = [name for name, fact in tested.items() if fact and fact.choice == "positive"]
    left = [name for name in LATENT if name.casefold() not in known]
    if positive:
        return no("FIT-15", f"Positive: {', '.join(positive)}.", *tested.values())
    if left:
        return unknown("FIT-15", f"Not tested: {', '.join(left)}.", *tested.values())
    return yes("FIT-15", "All tested, none positive.", *tested.values())


def _detected(load: Fact) -> bool:
    return bool(load.value) and not load.detail.get("below")


def _positive(facts: list[Fact]) -> str:
    names = {"hbsag": "HBsAg", "anti_hbc": "anti-HBc", "hcv_antibody": "Antibody to hepatitis C"}
    return ", ".join(f"{names[fact.what]} {stated(fact)}" for fact in facts if fact.what in names)
