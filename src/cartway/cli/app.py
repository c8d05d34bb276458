"""The verbs of `cartway`, with their arguments and options. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="cartway",
    help="Cartway: one record of facts for each course of CAR T-cell therapy, and grades that explain themselves.\n\n"
    "Decision support for trained teams, not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How episodes are written."""

    table = "table"
    csv = "csv"
    parquet = "parquet"
    json = "json"


Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT", help="Files or folders: facts tables (CSV, Parquet, JSON), FHIR R4, HL7 v2; .gz of them."
    ),
]
At = Annotated[str, typer.Option("--at", metavar="TIME", help="The moment asked about, ISO 8601 with offset.")]
KnownAt = Annotated[
    str,
    typer.Option(
        "--known-at", metavar="TIME", help="As it was known at this time: later entries and corrections are left out."
    ),
]
Policies = Annotated[
    list[str],
    typer.Option(
        "--policy", metavar="NAME=VALUE", help="Set a policy for this run; docs/reference/policies.md lists them."
    ),
]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        help="The store of facts; without it CARTWAY_DATABASE, else the file in your data folder.",
    ),
]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from cartway import __version__

        typer.echo(f"cartway {__version__}")
        raise typer.Exit


@app.command()
def grade(
    inputs: Inputs,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write; without it, the screen.")
    ] = None,
    scale: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="astct (CRS and ICANS by ASTCT), one scale, or all; docs/reference/scales.md lists them.",
        ),
    ] = "astct",
    at: At = "",
    policy: Policies = [],  # noqa: B006 - typer copies it
    format: Annotated[
        Format | None, typer.Option(help="How to write; without it by the ending of OUT, else a table.")
    ] = None,
) -> None:
    """Grade courses from files, without a database: one row an episode, with its reasons.

    Without --at each course runs to the end of its own record. What could not be read is told on standard error; where
    nothing could be read the exit status is 2. OUT is written whole or not at all, readable by you alone.
    """
    from cartway.cli import grading

    grading.grade(inputs, output, scale, at, policy, format.value if format else "")


@app.command()
def explain(
    course: Annotated[str, typer.Argument(metavar="COURSE", help="A course in the store, or a file with its facts.")],
    at: At = "",
    known_at: KnownAt = "",
    policy: Policies = [],  # noqa: B006
    database: Database = "",
) -> None:
    """Tell the reasoning behind a course's grades at one moment, and what would change them.

    Without --at: now for a course in the store, the end of its record for a file.
    """
    from cartway.cli import grading

    grading.explain(course, at, known_at, policy, database)


class Shape(StrEnum):
    """How an answer is written."""

    text = "text"
    json = "json"


OneCourse = Annotated[
    str, typer.Argument(metavar="COURSE", help="A course in the store, or a facts table with one or more courses.")
]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="The day asked about, ISO 8601; without it, today.")]
AsText = Annotated[Shape, typer.Option("--format", help="text or json.")]


@app.command()
def eligible(
    course: OneCourse,
    on: On = "",
    country: Annotated[str, typer.Option(metavar="CODE", help="Whose label: US, EU, UK, CN, IN, ES.")] = "",
    product: Annotated[
        list[str],
        typer.Option("--product", metavar="NAME", help="Only this product; may be given more than once."),
    ] = [],  # noqa: B006 - typer copies it
    format: AsText = Shape.text,
    database: Database = "",
) -> None:
    """Tell what each product's label says of a course on a day, and what stands in the way: yes, no or unknown.

    Label, fitness, collection and logistics are kept apart; what is missing is named, with what would settle it.
    """
    from cartway.cli import eligible as verb

    verb.eligible(course, on, country, product, format, database)


@app.command()
def trials(
    course: OneCourse,
    trials: Annotated[
        list[Path],
        typer.Argument(
            metavar="TRIALS",
            help="Trial records or folders: ClinicalTrials.gov JSON, FHIR ResearchStudy, MatchMiner CTML; .gz of them.",
        ),
    ],
    on: On = "",
    format: AsText = Shape.text,
    database: Database = "",
) -> None:
    """Match a course against trial records: met, not met or unknown; free text is shown unread, never guessed."""
    from cartway.cli import trials as verb

    verb.trials(course, trials, on, format, database)


@app.command()
def plan(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="[INPUT]", help="Facts tables with the center's calendars and the courses; without any, the store."
        ),
    ] = [],  # noqa: B006 - typer copies it
    start: Annotated[str, typer.Option(metavar="DAY", help="First day of the plan; without it, today.")] = "",
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many weeks it looks ahead.")] = 12,
    lost: Annotated[
        list[str],
        typer.Option("--lost", metavar="RESOURCE@DAY", help="A slot that is lost: plan again, changing little."),
    ] = [],  # noqa: B006 - typer copies it
    seconds: Annotated[float, typer.Option(min=0.1, help="The longest that the solver may take.")] = 20.0,
    format: AsText = Shape.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write; without it, the screen.")
    ] = None,
    database: Database = "",
) -> None:
    """Propose days of collection, manufacture, lymphodepletion and infusion for all who wait, and say why."""
    from cartway.cli import plan as verb

    verb.plan(inputs, start, weeks, lost, seconds, format, output, database)


@app.command()
def chain(
    course: OneCourse,
    at: At = "",
    known_at: KnownAt = "",
    format: AsText = Shape.text,
    database: Database = "",
) -> None:
    """Show the chain of identity from patient to collection, batch, bag and patient, and where it breaks.

    Ends with 1 where evidence is missing or contradictory.
    """
    from cartway.cli import chain as verb

    verb.chain(course, at, known_at, format, database)


@app.command()
def score(
    course: OneCourse,
    name: Annotated[
        str, typer.Option("--score", metavar="NAME", help="One score, or all; docs/explanation/scores.md lists them.")
    ] = "all",
    at: At = "",
    known_at: KnownAt = "",
    format: AsText = Shape.text,
    database: Database = "",
) -> None:
    """Work out scores at one moment: EASIX and its kin, CAR-HEMATOTOX, HScore, tumor lysis. Names what is missing."""
    from cartway.cli import score as verb

    verb.score(course, name, at, known_at, format, database)


@app.command()
def respond(
    inputs: Inputs,
    criteria: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="lugano_2014, lyric_2016, imwg_2016, all, iwcll_2018 or every; without it by the course's disease.",
        ),
    ] = "",
    at: At = "",
    policy: Policies = [],  # noqa: B006 - typer copies it
    format: AsText = Shape.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write; without it, the screen.")
    ] = None,
) -> None:
    """Tell how the disease answers, from raw measurements: each visit's level, confirmed and best, and the endpoints.

    Lymphoma by Lugano 2014 (LYRIC as an option), myeloma by IMWG 2016, leukemia by the body of a named policy, CLL by
    iwCLL 2018; the kinetics of the CAR T cells. What is missing is named. Without --at each course to its end.
    """
    from cartway.cli import respond as verb

    verb.respond(inputs, criteria, at, policy, format, output)


@app.command()
def aftercare(
    course: OneCourse,
    at: At = "",
    known_at: KnownAt = "",
    policy: Policies = [],  # noqa: B006
    format: AsText = Shape.text,
    database: Database = "",
    country: Annotated[
        str, typer.Option(metavar="CODE", help="Whose labels count: US, EU, ...; without it the site's.")
    ] = "",
) -> None:
    """Tell what follows the infusion: calendar, restrictions, immune recovery, prevention, vaccines, late effects."""
    from cartway.cli import aftercare as verb

    verb.aftercare(course, at, known_at, policy, format, database, country)


@app.command("care-plan")
def care_plan(
    course: OneCourse,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The PDF to write.")],
    reader: Annotated[str, typer.Option("--for", metavar="READER", help="patient, physician or card.")] = "patient",
    language: Annotated[str, typer.Option(metavar="CODE", help="en or es; the physician's is English.")] = "en",
    at: At = "",
    policy: Policies = [],  # noqa: B006
    database: Database = "",
) -> None:
    """Write the survivorship care plan of a course, or its wallet card, as an accessible PDF without identity."""
    from cartway.cli import care_plan as verb

    verb.care_plan(course, output, reader, language, at, policy, database)


@app.command()
def watch(
    inputs: Inputs,
    replay: Annotated[
        bool, typer.Option("--replay", help="Run the alert rules over whole past courses and count what they cost.")
    ] = False,
    at: At = "",
    policy: Policies = [],  # noqa: B006 - typer copies it
    format: AsText = Shape.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write; without it, the screen.")
    ] = None,
) -> None:
    """Tell the alerts of courses in files; with --replay each rule's burden: episodes a patient-day, share acted on."""
    from cartway.cli import watch as verb

    verb.watch(inputs, replay, at, policy, format, output)


@app.command()
def replay(
    inputs: Inputs,
    policy: Annotated[
        list[str],
        typer.Option(
            "--policy",
            metavar="NAME=VALUE",
            help="Given twice: the first is before, the second after; once: against the default.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    scale: Annotated[str, typer.Option(metavar="NAME", help="One scale, or all.")] = "all",
    at: At = "",
    format: AsText = Shape.text,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write; without it, the screen.")
    ] = None,
) -> None:
    """Compare two settings of a rule over past courses: whose grades and alerts change, by how much, and why."""
    from cartway.cli import replay as verb

    verb.replay(inputs, policy, scale, at, format, output)


@app.command()
def downtime(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the pack is written.")],
    every: Annotated[
        float, typer.Option(metavar="MINUTES", min=0, help="Write it again and again; 0 writes it once.")
    ] = 0,
    database: Database = "",
) -> None:
    """Write the downtime pack: a page for each course and a ward sheet that open in any browser without the server."""
    from cartway.cli import downtime as verb

    verb.downtime(folder, every, database)


@app.command()
def backup(
    output: Annotated[Path, typer.Argument(metavar="FILE", help="Where the backup is written; it must not exist.")],
    database: Database = "",
) -> None:
    """Back up the record, the people and the access store while they are in use, and verify the copy."""
    from cartway.cli import backup as verb

    verb.backup(output, database)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `cartway backup` wrote.")],
    trust: Annotated[
        str,
        typer.Option(
            metavar="KEY", help="The public key that must have signed it; without one it is the key of this machine."
        ),
    ] = "",
    database: Database = "",
) -> None:
    """Restore a backup into stores that are empty, and verify the chain."""
    from cartway.cli import backup as verb

    verb.restore(source, database, trust)


@app.command("import")
def import_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Files or folders to take in; a mended refusals file too.")
    ],
    enrol: Annotated[
        bool,
        typer.Option("--enrol", help="Open a course for a patient who has none. Without it such facts are refused."),
    ] = False,
    refused: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where refusals are kept; without it beside the first PATH.")
    ] = None,
    source: Annotated[
        str, typer.Option(metavar="NAME", help="Who says so, where the input does not: the name of its system.")
    ] = "",
    database: Database = "",
) -> None:
    """Take facts into the record. Ends with a balance: everything read was accepted, already known, ignored by a
    named rule, or refused.

    Every refusal is kept with its place, reason and remedy in a file that can be mended and imported again.
    """
    from cartway.cli import intake

    intake.import_paths(paths, enrol, refused, source, database)


@app.command()
def listen(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")] = 2575,
    enrol: Annotated[
        bool, typer.Option("--enrol", help="Open a course for a patient who is admitted and has none.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where refusals and the memory of messages are kept; without it your data folder."
        ),
    ] = None,
    tls_certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate for TLS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Key for TLS.")] = None,
    database: Database = "",
) -> None:
    """Take HL7 v2 messages over MLLP. A message is acknowledged only after its facts are durable."""
    from cartway.cli import intake

    intake.listen(host, port, enrol, folder, tls_certificate, tls_key, database)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8765,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes serve; they share the store.")] = 1,
    tls_certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate for TLS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Key for TLS.")] = None,
    behind_proxy: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="A proxy on this address ends TLS before us; its headers are believed."),
    ] = "",
    database: Database = "",
) -> None:
    """Serve the board in the browser. Accounts are made with `cartway account add`."""
    from cartway.cli import web

    web.serve(host, port, workers, tls_certificate, tls_key, behind_proxy, database)


@app.command()
def verify(
    against: Annotated[
        Path | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint: shows a lost tail or a lost course.")
    ] = None,
    public_key: Annotated[
        str, typer.Option(metavar="HEX", help="The signer to trust; without it whoever signed the checkpoint.")
    ] = "",
    database: Database = "",
) -> None:
    """Read the whole record back and check its chains; name the first bad position."""
    from cartway.cli import store

    store.verify(against, public_key, database)


@app.command()
def checkpoint(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where to write; without it, the screen.")
    ] = None,
    database: Database = "",
) -> None:
    """Sign the present heads of all courses. Keep the checkpoint apart from the store."""
    from cartway.cli import store

    store.checkpoint(output, database)


@app.command()
def export(
    courses: Annotated[
        list[str] | None, typer.Argument(metavar="COURSE", help="Courses to write; without any, all.")
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT", help="A facts table to write: .csv or .parquet.")
    ] = Path("facts.csv"),
    known_at: KnownAt = "",
    database: Database = "",
) -> None:
    """Write the facts of the record, superseded ones included, as a facts table that can be imported elsewhere."""
    from cartway.cli import store

    store.export(courses or [], output, known_at, database)


@app.command()
def courses(database: Database = "") -> None:
    """List the courses in the record with their number of facts and their last time."""
    from cartway.cli import store

    store.courses(database)


@app.command()
def erase(
    course: Annotated[str, typer.Argument(metavar="COURSE", help="A course of the person to erase.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept in the audit trail.")],
    database: Database = "",
) -> None:
    """Erase a person: names, identifiers, birth date and contacts are gone; the facts stay, pseudonymous, and the
    chain whole.
    """
    from cartway.cli import store

    store.erase(course, reason, database)


@app.command()
def vocabulary(
    name: Annotated[str, typer.Argument(metavar="NAME", help="One variable; without it, all.")] = "",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print the words of the record: variables, units, choices, codes and where they come from."""
    from cartway.cli import words

    words.vocabulary(name, json)


@app.command()
def demo(
    serve: Annotated[
        bool | None,
        typer.Option(
            "--serve/--report",
            show_default=False,
            help="Play the ward in the browser, or print it with one grade explained. Without either: play it where "
            "somebody sits at a terminal.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="The port to listen on; without it 8765, or a free one where that is in use."
        ),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    courses: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=400,
            help="Play a ward of so many virtual patients, simulated by the twin, instead of the told stories.",
        ),
    ] = None,
    speed: Annotated[
        int,
        typer.Option(min=1, max=86_400, help="With --courses: seconds of the ward a second, when the clock starts."),
    ] = 300,
    seed: Annotated[int, typer.Option(min=0, help="With --courses: another seed, other patients.")] = 1,
) -> None:
    """Play a living ward of invented patients on this machine: sign in by role, chart, correct, and watch the grades.

    It is made anew each time. Without --courses twelve told stories; with it as many virtual patients as asked.
    """
    from cartway.cli import demo as demonstration

    demonstration.run(serve, port, open_browser, demonstration.Ward(courses, speed, seed) if courses else None)


account = typer.Typer(
    help="The accounts that sign in to the board: made, listed, disabled, assigned to courses.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(account, name="account")

AccountName = Annotated[str, typer.Argument(metavar="NAME", help="The name that is typed to sign in.")]
AssignedCourses = Annotated[
    list[str] | None, typer.Option("--course", metavar="COURSE", help="A course the account belongs to; repeat it.")
]
AllCourses = Annotated[bool, typer.Option("--all-courses", help="It belongs to every course, also those to come.")]


@account.command("add")
def account_add(
    name: AccountName,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help="physician, nurse, coordinator, apheresis, cell_laboratory, pharmacy, data_manager, administrator, "
            "patient or caregiver.",
        ),
    ],
    display: Annotated[str, typer.Option(metavar="TEXT", help="The name that others see; without it NAME.")] = "",
    course: AssignedCourses = None,
    all_courses: AllCourses = False,
    database: Database = "",
) -> None:
    """Make an account. Its password is asked twice at a terminal, or read as one line from standard input."""
    from cartway.cli import account

    account.add(name, role, display, course or [], all_courses, database)


@account.command("list")
def account_list(database: Database = "") -> None:
    """List the accounts: name, role, courses, and which are disabled."""
    from cartway.cli import account

    account.show(database)


@account.command("password")
def account_password(name: AccountName, database: Database = "") -> None:
    """Give an account a new password: its sessions end, and a lock on its name.

    The password is asked twice at a terminal, or read as one line from standard input.
    """
    from cartway.cli import account

    account.password(name, database)


@account.command("disable")
def account_disable(name: AccountName, database: Database = "") -> None:
    """Let nobody sign in with an account any more, and end its sessions."""
    from cartway.cli import account

    account.disable(name, database)


@account.command("enable")
def account_enable(name: AccountName, database: Database = "") -> None:
    """Let a disabled account sign in again."""
    from cartway.cli import account

    account.enable(name, database)


@account.command("courses")
def account_courses(
    name: AccountName,
    course: AssignedCourses = None,
    all_courses: AllCourses = False,
    no_courses: Annotated[bool, typer.Option("--no-courses", help="It belongs to no course any more.")] = False,
    database: Database = "",
) -> None:
    """Assign an account to these courses and no others; without an option print its courses."""
    from cartway.cli import account

    account.courses(name, course or [], all_courses, no_courses, database)


@app.command()
def fit(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT", help="Facts tables, or one data set with the columns ID, TIME, DV (NONMEM style)."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Where the estimates, the subjects and the VPC plot go."),
    ] = None,
    model: Annotated[
        str, typer.Option(metavar="NAME", help="stein, ogasawara, twin, or the path of a model's TOML file.")
    ] = "stein",
    what: Annotated[
        str, typer.Option(metavar="VARIABLE", help="Which variable of the facts (of a data set: what DV is).")
    ] = "car_t_copies",
    lloq: Annotated[
        float | None, typer.Option(metavar="LEVEL", help="The limit of quantification, where the data do not give it.")
    ] = None,
    hours: Annotated[bool, typer.Option("--hours", help="TIME of a data set is in hours, not days.")] = False,
    logged: Annotated[bool, typer.Option("--log-dv", help="DV of a data set is the level's logarithm.")] = False,
    cmt: Annotated[str, typer.Option(metavar="NUMBER", help="Which compartment (CMT, DVID) was measured.")] = "",
    covariate: Annotated[
        list[str],
        typer.Option(metavar="PARAMETER=SCALE:COLUMN", help="An effect, as cmax=log:weight; scales: log, linear, yes."),
    ] = [],  # noqa: B006 - typer copies it
    omega: Annotated[str, typer.Option(metavar="SHAPE", help="diagonal or full; without it as the model has it.")] = "",
    error: Annotated[
        str, typer.Option(metavar="KIND", help="log_normal, proportional or additive; without it as the model has it.")
    ] = "",
    product: Annotated[str, typer.Option(metavar="NAME", help="The product, for the twin.")] = "",
    disease: Annotated[str, typer.Option(metavar="NAME", help="The disease, for the twin.")] = "",
    seed: Annotated[int, typer.Option(min=0, metavar="NUMBER", help="The same seed, the same numbers.")] = 1,
    iterations: Annotated[
        str, typer.Option(metavar="EXPLORE,CONVERGE", help="How many iterations explore, and how many converge.")
    ] = "300,200",
    chains: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="Chains of a subject; 0: 4, with the twin 1.")
    ] = 0,
    studies: Annotated[int, typer.Option(min=20, metavar="NUMBER", help="Simulated studies of the VPC.")] = 500,
    format: AsText = Shape.text,
) -> None:
    """Fit a population of levels over time by SAEM: typical values, variability, errors, shrinkage, a VPC plot.

    Values below the limit of quantification count as such. Research use: it foretells nobody's course.
    """
    from cartway.cli import fit as verb

    data = (what, lloq, hours, logged, cmt)
    asked = verb.Asked(model, *data, covariate, omega, error, product, disease, seed, iterations, chains, studies)
    verb.fit(inputs, output, asked, format)


@app.command()
def simulate(
    patients: Annotated[int, typer.Option("-n", "--patients", metavar="N", min=1, help="How many virtual patients.")],
    product: Annotated[str, typer.Option(metavar="NAME", help="The product: axi-cel, tisa-cel, liso-cel and others.")],
    disease: Annotated[str, typer.Option(metavar="NAME", help="The disease: lbcl, fl, mcl, b_all, cll, mm, others.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The Parquet file to write.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same patients, and the same file.")] = 1,
    policy: Annotated[
        str,
        typer.Option(metavar="NAME", help="How toxicity is treated: label, early, prophylaxis, anakinra, older, none."),
    ] = "label",
    days: Annotated[float, typer.Option(metavar="D", help="How long courses are followed, up to 730 days.")] = 90.0,
    site: Annotated[
        str, typer.Option(metavar="NAME", help="How facts are charted: messy, as in life, or tidy.")
    ] = "messy",
    threads: Annotated[int, typer.Option(min=0, help="How many processes work; 0: one for each core.")] = 0,
) -> None:
    """Simulate a population of virtual patients and write its facts, each marked simulated. Research use."""
    from cartway.cli import simulate as twin

    twin.simulate(patients, product, disease, seed, policy, days, site, threads, output)


@app.command()
def forecast(
    course: OneCourse,
    at: At = "",
    known_at: KnownAt = "",
    policy: Annotated[
        str,
        typer.Option(metavar="NAME", help="How treatment goes on: label, early, prophylaxis, older, anakinra or none."),
    ] = "label",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same forecast.")] = 1,
    format: AsText = Shape.text,
    database: Database = "",
) -> None:
    """Forecast a course from its facts so far: two weeks of signs, chances of toxicity, response. Research use.

    Bayesian, on virtual patients of its product and disease. Facts that contradict the model are told. Without --at:
    now for a course in the store, the end of its record for a file.
    """
    from cartway.cli import forecast as verb

    verb.forecast(course, at, known_at, policy, seed, format, database)


@app.command()
def trial(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="The trial's plan, TOML; examples/virtual-trials has some.")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="Where to write; without it PLAN-trial.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="How many processes work.")] = 2,
) -> None:
    """Run a virtual trial: arms of virtual patients, compared by Cartway's own grades, again and again. Research use.

    Writes a page with its pictures and tables, each also as a file of its own (SVG, CSV), and every patient's outcomes.
    """
    from cartway.cli import trial as verb

    verb.trial(plan, output, threads)


def main() -> None:
    """Run the command line. A problem is told on standard error, without a traceback and without a patient's value."""
    import os

    from cartway.cli.edge import guarded

    # Threads of linear algebra that wait for each other on small matrices cost four times what they save; the library
    # reads this when it is first loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    guarded(app)
