"""What every word of the vocabulary owes: a label, plain words, a source, and codes with one meaning each."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import msgspec
import pytest

from cartway.vocabulary import Meaning, Variable, Vocabulary, vocabulary
from cartway.vocabulary.load import GROUPS, spoken
from cartway.vocabulary.show import HEADINGS, as_json, as_page, as_table
from cartway.vocabulary.toml import DATA

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
NAMES = list(vocabulary().variables)

CORE = """
referral consent collection lymphodepletion infusion discharge death
birth_date age sex body_weight body_height diagnosis line_of_therapy
body_temperature systolic_pressure diastolic_pressure mean_arterial_pressure heart_rate respiratory_rate
oxygen_saturation oxygen_device oxygen_flow inspired_oxygen fluid_bolus drug
ice_score ice_orientation ice_naming ice_command ice_writing ice_attention capd_score consciousness seizure
motor_weakness cerebral_edema raised_pressure_sign intracranial_hemorrhage rass_score gcs_score
neutrophils platelets leukocytes lymphocytes hemoglobin crp ferritin il6 ldh ast alt bilirubin creatinine fibrinogen
triglycerides uric_acid calcium phosphate potassium igg cd4 cd19 cd3 car_t_copies car_t_cells
attribution diagnosed_crs new_neurological_change usual_behavior_per_parent progression next_therapy last_follow_up
iec_hs_context hscore_context home_oxygen home_positive_pressure baseline_systolic_pressure baseline_ice_score
retraction unreadable
"""


def variable(name: str) -> Variable:
    return vocabulary().variables[name]


def test_the_core_names_are_all_there() -> None:
    assert set(CORE.split()) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_says_what_it_is_and_who_says_so(name: str) -> None:
    one = variable(name)
    assert one.label and one.plain and one.source
    assert one.name == name
    assert len(one.plain) < 60
    assert one.plain[0].islower()


@pytest.mark.parametrize("name", [name for name in NAMES if variable(name).kind == "number"])
def test_a_number_has_a_unit_and_ranges_that_nest(name: str) -> None:
    one = variable(name)
    assert one.unit in one.units
    assert one.units[one.unit].to_canonical(1.0) == 1.0
    assert all(conversion.unit == one.unit for conversion in one.units.values())
    assert one.possible and one.plausible and one.range_source
    assert one.possible[0] <= one.plausible[0] < one.plausible[1] <= one.possible[1]


@pytest.mark.parametrize("name", [name for name in NAMES if variable(name).kind == "choice"])
def test_a_choice_has_choices_in_plain_words(name: str) -> None:
    choices = variable(name).choices
    assert choices
    assert all(choice.plain and choice.label and choice.name == key for key, choice in choices.items())


@pytest.mark.parametrize("name", NAMES)
def test_no_two_choices_answer_to_the_same_words(name: str) -> None:
    said = [
        (spoken(text), choice.name)
        for choice in variable(name).choices.values()
        for text in {spoken(word) for word in (choice.name, choice.label, *choice.aliases)}
    ]
    assert [word for word, count in Counter(word for word, _ in said).items() if count > 1] == []


def every_code(words: Vocabulary) -> list[tuple[str, str, Meaning]]:
    return [
        (code.system, code.code, Meaning(one.name, choice))
        for one in words.variables.values()
        for choice, codes in [("", one.codes), *((c.name, c.codes) for c in one.choices.values())]
        for code in codes
    ]


def test_a_code_has_one_meaning() -> None:
    codes = every_code(vocabulary())
    assert len({(system, code) for system, code, _ in codes}) == len(codes)
    assert all(vocabulary().by_code(system, code) == meaning for system, code, meaning in codes)


def luhn(digits: str) -> int:
    """The check digit of a LOINC code (LOINC Users' Guide, appendix C): modulus 10 over the other digits."""
    doubled = [int(digit) * 2 if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(digits))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


@pytest.mark.parametrize("code", sorted(code for system, code, _ in every_code(vocabulary()) if system == LOINC))
def test_a_loinc_code_passes_its_check_digit(code: str) -> None:
    digits, check = code.split("-")
    assert luhn(digits) == int(check)


def test_the_wrong_fio2_code_fails_it() -> None:
    """3150-6 circulates for inspired oxygen."""
    assert luhn("3150") == 0


CODES = [
    (LOINC, "8310-5", Meaning("body_temperature")),
    (LOINC, "8333-7", Meaning("body_temperature")),
    (LOINC, "59408-5", Meaning("oxygen_saturation")),
    (LOINC, "2708-6", Meaning("oxygen_saturation")),
    (LOINC, "76534-7", Meaning("systolic_pressure")),
    (LOINC, "3150-0", Meaning("inspired_oxygen")),
    (LOINC, "3151-8", Meaning("oxygen_flow")),
    (LOINC, "751-8", Meaning("neutrophils")),
    (RXNORM, "7512", Meaning("drug", "norepinephrine")),
    (RXNORM, "11149", Meaning("drug", "vasopressin")),
    (ATC, "L04AC07", Meaning("drug", "tocilizumab")),
    (ATC, "L01XL03", Meaning("infusion", "axicabtagene_ciloleucel")),
    (ATC, "L01XL12", Meaning("infusion", "obecabtagene_autoleucel")),
    (SNOMED, "371907003", Meaning("oxygen_device", "nasal_cannula")),
    (SNOMED, "426854004", Meaning("oxygen_device", "high_flow_nasal_cannula")),
    (SNOMED, "426990007", Meaning("home_oxygen")),
    ("http://www.cms.gov/Medicare/Coding/ICD10", "XW033H7", Meaning("infusion", "axicabtagene_ciloleucel")),
    ("urn:cartway", "ice_score", Meaning("ice_score")),
    ("urn:cartway", "drug/anakinra", Meaning("drug", "anakinra")),
]


@pytest.mark.parametrize(("system", "code", "meaning"), CODES)
def test_a_code_is_found_in_one_step(system: str, code: str, meaning: Meaning) -> None:
    assert vocabulary().by_code(system, code) == meaning


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (ATC, "S01FB01"),  # phenylephrine eye drops
        (ATC, "R01AA04"),  # phenylephrine nose spray
        (ATC, "R03AA01"),  # inhaled epinephrine
        (SNOMED, "129121000"),  # a tracheostomy tube says nothing of pressure
        (LOINC, "54632-5"),  # circulates for the RASS, is an item of the Confusion Assessment Method
        (LOINC, "3150-6"),
        (LOINC, ""),
    ],
)
def test_a_code_that_would_mislead_means_nothing_here(system: str, code: str) -> None:
    assert vocabulary().by_code(system, code) is None


def drugs_of(group: str) -> set[str]:
    return {name for name, choice in variable("drug").choices.items() if group in choice.classes}


def test_who_counts_as_a_vasopressor() -> None:
    """Lee 2019: vasopressin is never counted toward multiple; inotropes and oral agents are left open."""
    counted = {"norepinephrine", "epinephrine", "phenylephrine", "dopamine", "angiotensin_ii"}
    assert counted <= drugs_of("vasopressor")
    assert drugs_of("vasopressin_analogue") == {"vasopressin", "terlipressin"}
    assert {"dobutamine", "milrinone"} <= drugs_of("inotrope")
    assert not drugs_of("vasopressor") & (drugs_of("vasopressin_analogue") | {"midodrine", "dobutamine", "milrinone"})


def test_what_may_mask_fever() -> None:
    assert {"acetaminophen", "metamizole", "ibuprofen", "diclofenac", "celecoxib"} <= drugs_of("antipyretic")
    blockers = {"tocilizumab", "siltuximab", "anakinra", "ruxolitinib", "emapalumab", "baricitinib", "tofacitinib"}
    assert blockers <= drugs_of("anti_cytokine")
    assert {"dexamethasone", "methylprednisolone", "prednisone", "hydrocortisone", "betamethasone"} <= drugs_of(
        "steroid"
    )


def test_what_makes_sleep() -> None:
    assert {"propofol", "thiopental", "remimazolam", "sevoflurane", "isoflurane"} <= drugs_of("sedative")


@pytest.mark.parametrize(
    ("route", "is_local", "no_pressor"),
    [
        ("Intrathecal", True, True),
        ("eye drops", True, True),
        ("subcutaneous", False, True),
        ("S.C.", False, True),
        ("intradermal", False, True),
        ("intravenous", False, False),
        ("intramuscular", False, False),
    ],
)
def test_routes_that_act_in_place_and_routes_that_support_no_circulation(
    route: str, is_local: bool, no_pressor: bool
) -> None:
    words = vocabulary()
    assert (words.is_local_route(route), words.is_no_pressor_route(route)) == (is_local, no_pressor)


def test_choices_that_worsen_run_from_good_to_bad() -> None:
    assert list(variable("consciousness").choices) == [
        "awake",
        "awakens_to_voice",
        "awakens_to_touch",
        "vigorous_stimuli_only",
        "unarousable",
    ]
    devices = list(variable("oxygen_device").choices)
    assert devices[0] == "room_air"
    assert devices.index("nasal_cannula") < devices.index("simple_mask") < devices.index("cpap") < devices.index("ecmo")
    assert all(variable(name).worse == "higher" for name in ("consciousness", "oxygen_device", "motor_weakness"))


def test_the_table_has_a_row_for_each_and_the_page_everything() -> None:
    assert [row[0] for row in as_table()] == NAMES
    assert all(len(row) == len(HEADINGS) for row in as_table(["drug", "crp"]))
    page = as_page("creatinine")
    assert all(text in page for text in ("mg/dL", "umol/L", "2160-0", "upper_limit", "0 to 80", "centre policy"))
    assert "(unconfirmed)" in as_page("neutrophils")


@pytest.mark.parametrize("name", NAMES)
def test_every_word_has_a_page(name: str) -> None:
    assert variable(name).plain in as_page(name)


def test_json_reads_back_as_the_variable() -> None:
    everything = msgspec.json.decode(as_json(), type=list[Variable])
    assert [one.name for one in everything] == NAMES
    alone = msgspec.json.decode(as_json("drug"), type=Variable)
    spelled = msgspec.structs.replace(variable("drug"), unit_spellings={}, choice_spellings={})
    assert alone == spelled


def test_an_unknown_name_is_none_and_has_no_page() -> None:
    assert vocabulary().variable("blood_pressure") is None
    with pytest.raises(KeyError):
        as_page("blood_pressure")


def test_groups_come_in_reading_order() -> None:
    groups = list(dict.fromkeys(one.group for one in vocabulary().variables.values()))
    assert tuple(groups) == GROUPS


def test_it_loads_fast_and_lightly() -> None:
    """Nothing heavy comes with it, nothing is read at import, and all of it is read in a blink."""
    code = (
        "import sys, time, tomllib, msgspec, fractions\n"
        "import cartway.vocabulary as v\n"
        "assert v.vocabulary.cache_info().currsize == 0\n"
        "t = time.process_time(); v.vocabulary(); print(time.process_time() - t)\n"
        "heavy = {'polars', 'numba', 'numpy', 'sqlalchemy', 'pyarrow', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    ]
    assert min(runs) < 0.06


def test_the_notices_ship_with_the_codes() -> None:
    assert "Regenstrief" in (DATA / "LOINC-NOTICE.txt").read_text()
    assert "SNOMED International" in (DATA / "TERMINOLOGY-NOTICE.txt").read_text()
