"""The people of the demo. Nobody in here exists: the names were made up so that they sound like nobody's."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.web.access import EVERY, Role

AUTHORITY = "demo"
"""Who gave the patients their identifiers."""


class Patient(msgspec.Struct, frozen=True):
    """The person behind a course. Birth date and sex are those of the story."""

    name: str
    birth_date: str
    sex: str
    identifier: str


class Player(msgspec.Struct, frozen=True):
    """Somebody to sign in as with one click. `account` is the sign-in name, `tries` what there is to try."""

    account: str
    display: str
    role: Role
    tries: str
    courses: tuple[str, ...] = (EVERY,)


PATIENTS: Mapping[str, Patient] = {
    "01-uneventful": Patient("Wilhelmina Larkspur", "1958-09-21", "female", "DEMO-0101"),
    "02-readmitted": Patient("Teodor Fernhollow", "1967-07-19", "male", "DEMO-0202"),
    "03-biphasic": Patient("Nkechi Moonriver", "1984-11-02", "female", "DEMO-0303"),
    "04-low-flow-oxygen": Patient("Soledad Papermill", "1965-02-11", "female", "DEMO-0404"),
    "05-tocilizumab": Patient("Anselm Quillfeather", "1971-06-30", "male", "DEMO-0505"),
    "06-two-vasopressors": Patient("Idris Thornapple", "1987-08-15", "male", "DEMO-0606"),
    "07-word-finding": Patient("Philippa Winterquill", "1954-12-05", "female", "DEMO-0707"),
    "08-seizure": Patient("Yuki Lanternwood", "1996-05-17", "female", "DEMO-0808"),
    "09-airway": Patient("Casimir Oxbowstone", "1959-10-08", "male", "DEMO-0909"),
    "10-child": Patient("Zadie Thimblewick", "2021-09-02", "female", "DEMO-1010"),
    "11-home-oxygen": Patient("Bartholomew Saltmarsh", "1953-04-26", "male", "DEMO-1111"),
    "12-charting": Patient("Rafi Kiteweather", "2014-10-10", "male", "DEMO-1212"),
    "a01": Patient("Graciela Ventisca", "1966-03-08", "female", "DEMO-3101"),
    "a02": Patient("Bertrand Saddleworth", "1958-05-17", "male", "DEMO-3102"),
    "a03": Patient("Maeve Dandelion", "2015-04-26", "female", "DEMO-3103"),
    "a04": Patient("Ephraim Cobblestone", "1953-10-30", "male", "DEMO-3104"),
    "a05": Patient("Sunniva Greywater", "1955-02-12", "female", "DEMO-3105"),
    "p01": Patient("Lorcan Tidewater", "1967-11-04", "male", "DEMO-2101"),
    "p02": Patient("Halina Brightmeadow", "1959-07-30", "female", "DEMO-2102"),
    "p03": Patient("Marisol Cloverdale", "1964-05-12", "female", "DEMO-2103"),
    "p04": Patient("Emeka Stonebridge", "1976-09-19", "male", "DEMO-2104"),
    "p05": Patient("Viggo Applegarth", "1962-06-08", "male", "DEMO-2105"),
    "p06": Patient("Constance Hollowell", "1954-08-27", "female", "DEMO-2106"),
    "p07": Patient("Baptiste Rivermoss", "1956-10-14", "male", "DEMO-2107"),
    "p08": Patient("Tariq Larkendale", "1961-12-03", "male", "DEMO-2108"),
    "p09": Patient("Isolde Marchbanks", "2006-04-22", "female", "DEMO-2109"),
    "p10": Patient("Ruben Ashcombe", "1970-07-11", "male", "DEMO-2110"),
    "p11": Patient("Freya Underhill", "1965-03-29", "female", "DEMO-2111"),
    "p12": Patient("Desmond Fairweather", "1943-09-06", "male", "DEMO-2112"),
    "p13": Patient("Aiko Wintersea", "1980-05-25", "female", "DEMO-2113"),
}

SIGNATURE = "demo signature"
"""Everybody's password in the demo, for what is signed. The demo is served to this machine alone."""

CAST: tuple[Player, ...] = (
    Player("mei", "Mei Copperleaf", Role.nurse, "The night's nurse: open a course, chart vital signs or an ICE."),
    Player("amara", "Dr. Amara Bellweather", Role.physician, "Give a fever another cause, and see both grades."),
    Player(
        "jonas", "Dr. Jonas Inkwell", Role.physician,
        "On call from another ward: three courses are yours, for any other you break the glass.",
        ("01-uneventful", "03-biphasic", "05-tocilizumab"),
    ),
    Player("rosario", "Rosario Dovetail", Role.coordinator, "Who waits for what, slots, and who belongs where."),
    Player("tomasz", "Tomasz Waterwheel", Role.apheresis, "Collections, their labels, and who has which bag."),
    Player("priya", "Priya Glasshouse", Role.cell_laboratory, "Batches, release, the chain of identity; scan a bag."),
    Player("youssef", "Youssef Silverthread", Role.pharmacy, "Read which drugs were given, and chart nothing."),
    Player("ingrid", "Ingrid Abacus", Role.data_manager, "Every course with its grades, and nobody's name."),
    Player("kwame", "Kwame Keystone", Role.administrator, "Accounts, and who looked at what."),
    Player(
        "teodor", "Teodor Fernhollow", Role.patient, "At home since day 4; a fever comes on day 7.",
        ("02-readmitted",),
    ),
    Player(
        "graciela", "Graciela Ventisca", Role.patient, "A year after her cells, in remission; Spanish or English.",
        ("a01",),
    ),
    Player(
        "silvan", "Silvan Ashcombe", Role.caregiver, "Looks after Ruben, whose cells are on their way.", ("p10",),
    ),
    Player("odessa", "Odessa Thimblewick", Role.caregiver, "Mother of Zadie, who is four.", ("10-child",)),
)  # fmt: skip
