"""What forbids a live vaccine whatever the counts are: a disease that came back, and pregnancy.

Pregnancy: CDC, guidelines for vaccinating pregnant persons (cdc.gov/vaccines-pregnancy): MMR and varicella are
contraindicated. The ages from and to which it is asked for are the center's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cartway.aftercare.setting import Setting
from cartway.aftercare.vaccine_rules import Condition
from cartway.pathway.candidacy.disease import age_on

TEST_DAYS = "candidacy_pregnancy_max_age_days"
FROM_YEARS, TO_YEARS = "aftercare_pregnancy_from_years", "aftercare_pregnancy_to_years"


def bars(setting: Setting, progressed: date | None) -> tuple[Condition, ...]:
    """The conditions of disease and pregnancy. `progressed`: when the derived response says that it progressed."""
    return (*_disease(setting, progressed), *_pregnancy(setting))


def _disease(setting: Setting, progressed: date | None) -> Iterator[Condition]:
    """Not in a disease that came back since the last infusion; "no" after a "yes" leaves it to be said."""
    said = [fact for fact in setting.all("progression") if setting.day(fact) > setting.last]
    days = [setting.day(fact) for fact in said if fact.choice != "no"]
    if progressed is not None and progressed > setting.last:
        days.append(progressed)
    if not days:
        return
    words = f"The disease came back or grew ({min(days)}): not until it is treated and the immune system is back"
    if said and said[-1].choice == "no" and setting.day(said[-1]) >= max(days):
        yield Condition("", None, missing=f"whether the disease that came back on {min(days)} is controlled")
    else:
        yield Condition(words, False, facts=tuple(said))


def _pregnancy(setting: Setting) -> Iterator[Condition]:
    """Excluded by a test that is young enough, in whoever may be pregnant. A sex that nobody stated is not known."""
    sex, test = setting.latest("sex"), setting.latest("pregnancy_test")
    told = sex.choice if sex is not None else ""
    if told == "male":
        return
    if test is not None and test.choice == "positive":
        words = f"Pregnancy (test of {setting.day(test)}) is a contraindication of live vaccines"
        yield Condition(words, False, facts=(test,))
    elif not _is_of_age(setting) or (test is not None and test.choice == "not_applicable"):
        return
    elif test is None or (setting.on - setting.day(test)).days > setting.number(TEST_DAYS):
        yield Condition("", None, missing="a pregnancy test" if told == "female" else "a pregnancy test, or the sex")
    else:
        yield Condition(f"Pregnancy excluded on {setting.day(test)}", True, facts=(test,))


def _is_of_age(setting: Setting) -> bool:
    """Whether somebody may be pregnant by age; an age that is not known is no answer."""
    bounds, _ = age_on(setting.course, setting.on)
    if bounds is None:
        return True
    youngest, oldest = bounds
    return oldest >= setting.number(FROM_YEARS) and youngest < setting.number(TO_YEARS)
