"""ClinicalTrials.gov records: the API version 2, and the "full studies" of before 2024. Both become one shape.

Records are US public domain; whoever shows them names the National Library of Medicine and the day of the copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cartway.pathway.trials import record
from cartway.pathway.trials.freetext import split
from cartway.pathway.trials.trial import Site, Trial
from cartway.problem import Problem

REGISTRY = "ClinicalTrials.gov, U.S. National Library of Medicine"
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+.!|~&^-])")


class _Identification(msgspec.Struct, rename="camel"):
    nct_id: str
    brief_title: str = ""
    official_title: str = ""


class _Status(msgspec.Struct, rename="camel"):
    overall_status: str = ""


class _Conditions(msgspec.Struct):
    conditions: list[str] = []


class _Design(msgspec.Struct, rename="camel"):
    study_type: str = ""
    phases: list[str] = []


class _Intervention(msgspec.Struct):
    name: str = ""


class _Arms(msgspec.Struct):
    interventions: list[_Intervention] = []


class _Eligibility(msgspec.Struct, rename="camel"):
    eligibility_criteria: str = ""
    healthy_volunteers: bool | None = None
    sex: str = ""
    gender_based: bool = False
    minimum_age: str = ""
    maximum_age: str = ""


class _Location(msgspec.Struct):
    facility: str = ""
    city: str = ""
    country: str = ""
    status: str = ""


class _Locations(msgspec.Struct):
    locations: list[_Location] = []


class _Protocol(msgspec.Struct, rename="camel"):
    identification_module: _Identification
    status_module: _Status = msgspec.field(default_factory=_Status)
    conditions_module: _Conditions = msgspec.field(default_factory=_Conditions)
    design_module: _Design = msgspec.field(default_factory=_Design)
    arms_interventions_module: _Arms = msgspec.field(default_factory=_Arms)
    eligibility_module: _Eligibility = msgspec.field(default_factory=_Eligibility)
    contacts_locations_module: _Locations = msgspec.field(default_factory=_Locations)


class _Misc(msgspec.Struct, rename="camel"):
    version_holder: str = ""


class _Derived(msgspec.Struct, rename="camel"):
    misc_info_module: _Misc = msgspec.field(default_factory=_Misc)


class _Study(msgspec.Struct, rename="camel"):
    protocol_section: _Protocol
    derived_section: _Derived = msgspec.field(default_factory=_Derived)


def read_study(study: object, *, taken: str = "", marked_up: bool = True) -> Trial | Problem:
    """A record of the API version 2. `taken` is the day of the copy where the record itself does not say.

    Problems: ``wrong_trial_record``, ``wrong_trial_id``, ``trial_too_long``.
    """
    try:
        read = msgspec.convert(study, _Study)
    except msgspec.ValidationError as failure:
        return record.wrong_record(failure)
    section, criteria = read.protocol_section, read.protocol_section.eligibility_module
    identity = section.identification_module
    title, text = identity.brief_title or identity.official_title, criteria.eligibility_criteria
    number = record.identity(identity.nct_id, title, text, *section.conditions_module.conditions)
    if isinstance(number, Problem):
        return number
    as_of = record.day_of(read.derived_section.misc_info_module.version_holder) or record.day_of(taken)
    sites = tuple(_site(each) for each in section.contacts_locations_module.locations[: record.MOST_ITEMS])
    return Trial(
        id=number,
        title=title or number,
        registry=REGISTRY if number.startswith("NCT") else "a record in the form of ClinicalTrials.gov",
        kind=_shown(section.design_module.study_type),
        phase=_phase(section.design_module.phases),
        conditions=tuple(section.conditions_module.conditions),
        interventions=tuple(each.name for each in section.arms_interventions_module.interventions),
        sites=sites,
        criteria=record.stated(
            record.condition_rule(section.conditions_module.conditions),
            record.age_rule(criteria.minimum_age, criteria.maximum_age),
            record.sex_rule(criteria.sex, by_gender=criteria.gender_based),
            record.healthy_rule(criteria.healthy_volunteers),
            record.status_rule(section.status_module.overall_status, as_of),
            record.place_rule(site.country for site in sites),
        ),
        text=split(_ESCAPED.sub(r"\1", text) if marked_up else text),
        as_of=as_of,
    )


def read_full_study(study: object, *, taken: str = "") -> Trial | Problem:
    """A record of the "full studies" of before 2024: the same content under other names."""
    try:
        return read_study(_as_version_2(study), taken=taken, marked_up=False)
    except (KeyError, TypeError, AttributeError):
        return Problem(
            "wrong_trial_record", "The record is not made like a registry's.", "Take it from the registry anew."
        )


def _as_version_2(study: Any) -> dict[str, Any]:
    """Module for module, with the lists that wrapped lists taken off and yes and no as flags."""
    section = study["ProtocolSection"]
    modules = {_lower(name): _module(content) for name, content in section.items()}
    eligibility = modules.get("eligibilityModule", {})
    if "gender" in eligibility:
        eligibility["sex"] = eligibility.pop("gender")
    for name, yes in (("healthyVolunteers", "Accepts Healthy Volunteers"), ("genderBased", "Yes")):
        if name in eligibility:
            eligibility[name] = eligibility[name] == yes
    identification = modules.get("identificationModule", {})
    identification["nctId"] = identification.pop("nCTId", None)
    arms, places = modules.get("armsInterventionsModule", {}), modules.get("contactsLocationsModule", {})
    arms["interventions"] = [_without(each, "intervention") for each in arms.get("interventions", [])]
    places["locations"] = [_without(each, "location") for each in places.get("locations", [])]
    misc = study.get("DerivedSection", {}).get("MiscInfoModule", {})
    return {"protocolSection": modules, "derivedSection": {"miscInfoModule": _module(misc)}}


def _module(content: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_unwrapped(content))


def _unwrapped(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """``ConditionList: {Condition: [...]}`` is ``conditions: [...]``."""
    for name, value in content.items():
        inner = name.removesuffix("List")
        if inner != name and isinstance(value, dict) and list(value) == [inner]:
            yield f"{_lower(inner)}s", value[inner]
        else:
            yield _lower(name), value


def _without(each: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {_lower(name.removeprefix(prefix.capitalize())): value for name, value in each.items()}


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _site(location: _Location) -> Site:
    return Site(location.facility, location.city, location.country, _shown(location.status))


def _phase(phases: list[str]) -> str:
    named = [re.sub(r"(?i)phase ?(?=\d)", "Phase ", each).replace("EARLY_", "Early ").strip() for each in phases]
    return ", ".join(each for each in named if each.casefold() not in ("na", "n/a", "not applicable"))


def _shown(word: str) -> str:
    return word.strip().replace("_", " ").capitalize()
