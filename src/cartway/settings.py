"""What a site may set, from environment variables. Only the outermost layer (the command line, the web) reads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from cartway.problem import Problem
from cartway.words.telephone import dialed

PREFIX = "CARTWAY_"
COUNTRIES = ("US", "EU", "UK", "CN", "IN", "ES")


class Setting(msgspec.Struct, frozen=True):
    """One environment variable: its name, what holds where it is unset (in words), and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "CARTWAY_DATABASE",
        "`sqlite:///` and `cartway.db` in your data folder",
        "Names the store of facts: `sqlite:///PATH` (a relative path), `sqlite:////PATH` (an absolute one) or "
        "`postgresql://USER@HOST/NAME`.",
    ),
    Setting(
        "CARTWAY_PEOPLE",
        "beside `CARTWAY_DATABASE`: `NAME.people.db`; for PostgreSQL the same database",
        "Names the store of people: names, identifiers, birth dates and contacts, apart from the facts. Give it a "
        "backup of its own that can be thrown away: an erased person lives on in every backup that holds them.",
    ),
    Setting(
        "CARTWAY_SIGNING_KEY",
        "`signing.key` in your configuration folder",
        "The file with the private Ed25519 key that signs checkpoints. Keep it where those who can write the database "
        "cannot.",
    ),
    Setting(
        "CARTWAY_TIMEZONE",
        "none: such times are refused",
        "The time zone of times that arrive without an offset, as HL7 v2 times often do: an IANA name such as "
        "`Europe/Vienna`. It is never guessed. Times are also shown in it; without it in UTC, or in the offset "
        "asked with.",
    ),
    Setting(
        "CARTWAY_AUTHOR",
        "your login name",
        "Who is recorded as the author of what is entered and imported.",
    ),
    Setting(
        "CARTWAY_PHONE",
        "none: the pages of patients refuse to open",
        "The number that patients and caregivers call at any hour, as their page shows it.",
    ),
    Setting(
        "CARTWAY_COUNTRY",
        "`US`",
        "Whose product labels count on the board: `US`, `EU`, `UK`, `CN`, `IN` or `ES`.",
    ),
    Setting(
        "CARTWAY_TRIALS",
        "none: no trial records are kept",
        "The folder with the records of clinical trials that the board matches patients against: ClinicalTrials.gov "
        "JSON, FHIR ResearchStudy; .gz of them.",
    ),
    Setting(
        "CARTWAY_DOWNTIME",
        "none: no downtime pack is kept",
        "The folder in which `cartway serve` keeps the downtime pack: a ward sheet and a page for each course, with "
        "patients' names, readable without the server. Give it a folder of its own that only this user may read.",
    ),
    Setting("CARTWAY_SITE", "`Cartway`", "The name of the center, on top of every page of the board."),
    Setting(
        "CARTWAY_OIDC_ISSUER",
        "none: only accounts kept here sign in",
        "The address of the hospital's identity provider (OpenID Connect), exactly as its discovery document names "
        "itself. With it the board offers sign-in there, and the next three are needed too. Register "
        "`https://YOUR-BOARD/sign-in/oidc/back` with it as the redirect address.",
    ),
    Setting("CARTWAY_OIDC_CLIENT_ID", "none", "What the board is called at the identity provider."),
    Setting(
        "CARTWAY_OIDC_CLIENT_SECRET_FILE",
        "none",
        "The file with the secret that the identity provider gave the board. The secret itself never stands in the "
        "environment.",
    ),
    Setting(
        "CARTWAY_OIDC_ROLES",
        "none",
        "Which value of the role claim makes which role here: `physician=ward-doctor,nurse=ward-nurse`. The first that "
        "fits counts; who has none of them is refused.",
    ),
    Setting(
        "CARTWAY_OIDC_ROLE_CLAIM",
        "`roles`",
        "The claim of the ID token that says what somebody is: a text or a list; dots lead into it, as in "
        "`realm_access.roles`.",
    ),
)


NOT_DIALABLE = Problem(
    "phone_not_dialable",
    "CARTWAY_PHONE is no number that a telephone can dial.",
    "Set the number alone, in digits, with its area code: +1 555 010 0142. Patients tap it to call.",
)


class Settings(msgspec.Struct, frozen=True):
    """The settings in force. `signing_key` is a path that need not exist yet; the stores are URLs; `timezone` is ""
    for none.
    """

    database: str
    people: str
    signing_key: Path
    timezone: str
    author: str
    site: str = "Cartway"
    phone: str = ""
    country: str = "US"
    trials: Path | None = None
    downtime: Path | None = None


def from_environment(environ: Mapping[str, str], data: Path, configuration: Path, login: str) -> Settings | Problem:
    """Read the settings. `data` and `configuration` are this user's folders, `login` this user's name: the defaults.

    An empty variable counts as unset. Problem `unknown_timezone` where the time zone is none of the
    IANA data base, `unknown_country`, `phone_not_dialable`.
    """
    said = {setting.name: environ.get(setting.name, "").strip() for setting in SETTINGS}
    database = said["CARTWAY_DATABASE"] or f"sqlite:///{data / 'cartway.db'}"
    timezone = said["CARTWAY_TIMEZONE"]
    if timezone and not is_timezone(timezone):
        return _unknown_timezone(timezone)
    country = said["CARTWAY_COUNTRY"].upper() or "US"
    if country not in COUNTRIES:
        reason, remedy = (
            "CARTWAY_COUNTRY names no country whose labels are known.",
            f"Set one of {', '.join(COUNTRIES)}.",
        )
        return Problem("unknown_country", reason, remedy)
    if said["CARTWAY_PHONE"] and not dialed(said["CARTWAY_PHONE"]):
        return NOT_DIALABLE
    return Settings(
        database=database,
        people=said["CARTWAY_PEOPLE"] or people_beside(database),
        signing_key=Path(said["CARTWAY_SIGNING_KEY"] or configuration / "signing.key"),
        timezone=timezone,
        author=said["CARTWAY_AUTHOR"] or login,
        site=said["CARTWAY_SITE"] or "Cartway",
        phone=said["CARTWAY_PHONE"],
        country=country,
        trials=Path(said["CARTWAY_TRIALS"]) if said["CARTWAY_TRIALS"] else None,
        downtime=Path(said["CARTWAY_DOWNTIME"]) if said["CARTWAY_DOWNTIME"] else None,
    )


def people_beside(database: str) -> str:
    """The store of people that belongs to a store of facts: for SQLite a file beside it, else the same URL."""
    if not database.startswith("sqlite:"):
        return database
    return f"{database.removesuffix('.db')}.people.db"


def is_timezone(name: str) -> bool:
    """Whether `name` is a time zone of the IANA data base."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name at all; a folder of the data base
        return False
    return True


def _unknown_timezone(name: str) -> Problem:
    return Problem(
        "unknown_timezone",
        f"CARTWAY_TIMEZONE is {name!r}, which is no time zone of the IANA data base.",
        "Use a name such as Europe/Vienna, or leave it out: times without an offset are then refused.",
    )
