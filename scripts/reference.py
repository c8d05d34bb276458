"""Write `docs/reference/` from the code, so that it cannot say anything else: `make docs`.

Each page is a function that yields Markdown. `tests/project/test_docs.py` compares it with what is committed.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
MADE = "<!-- Written by scripts/reference.py (`make docs`). Change the code, not this page. -->"

Page = Callable[[], Iterator[str]]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table."""
    heads = list(heads)
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell_text(cell) for cell in row)} |"
    yield ""


def cell_text(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(text: object) -> str:
    return f"`{text}`"


# The command line


def cli_page() -> Iterator[str]:
    """Every verb with its arguments and options, from the Typer application itself."""
    import typer

    from cartway.cli import app

    root: Any = typer.main.get_command(app)
    yield "# The command line"
    yield ""
    yield "Every verb of `cartway`. `cartway VERB --help` prints the same in the terminal."
    yield ""
    for name, command in verbs("cartway", root):
        yield from verb_section(name, command)


def verbs(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """The commands under `command`, however deep, in the order of their definition, with their full names."""
    for word, below in getattr(command, "commands", {}).items():
        if getattr(below, "commands", None):
            yield from verbs(f"{name} {word}", below)
        elif not below.hidden:
            yield f"{name} {word}", below


def verb_section(name: str, command: Any) -> Iterator[str]:
    """One verb: how to call it, what it does, its parameters."""
    parameters = [parameter for parameter in command.params if not parameter.hidden]
    arguments = [parameter for parameter in parameters if parameter.param_type_name == "argument"]
    yield f"## {name}"
    yield ""
    yield code(" ".join([name, *(argument_name(argument) for argument in arguments), "[OPTIONS]"]))
    yield ""
    yield (command.help or "").strip()
    yield ""
    yield from table(("parameter", "meaning", "default"), (parameter_row(parameter) for parameter in parameters))


def argument_name(argument: Any) -> str:
    name = (argument.metavar or argument.name.upper()) + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def parameter_row(parameter: Any) -> tuple[str, str, str]:
    """Its names, its meaning, and what holds where it is left out."""
    if parameter.param_type_name == "argument":
        spelled = code(argument_name(parameter))
    else:
        spelled = ", ".join(code(name) for name in [*parameter.opts, *parameter.secondary_opts])
    if parameter.required:
        return spelled, parameter.help or "", "(required)"
    default = parameter.default
    plain = default not in (None, False, "", (), []) and not callable(default)
    return spelled, parameter.help or "", code(getattr(default, "value", default)) if plain else ""


# Settings


def settings_page() -> Iterator[str]:
    """Every environment variable, from `cartway.settings`."""
    from cartway.settings import SETTINGS

    yield "# Settings"
    yield ""
    yield "Cartway is set by environment variables; an empty one counts as unset. Command-line options go before them."
    yield ""
    yield from table(
        ("variable", "meaning", "if unset"),
        ((code(setting.name), setting.meaning, setting.default) for setting in SETTINGS),
    )


# The vocabulary


def vocabulary_page() -> Iterator[str]:
    """Every variable of the vocabulary, group by group."""
    from cartway.vocabulary import vocabulary

    variables = list(vocabulary().variables.values())
    yield "# The vocabulary"
    yield ""
    yield f"The {len(variables)} names that `what` of a fact may have. `cartway vocabulary NAME` prints one."
    yield "Codes in brackets were not confirmed against a copy of their code system."
    yield ""
    for group in dict.fromkeys(variable.group for variable in variables):
        yield f"## {group.replace('_', ' ').capitalize()}"
        yield ""
        for variable in variables:
            if variable.group == group:
                yield from variable_section(variable)


def variable_section(variable: Any) -> Iterator[str]:
    """One variable: meaning, measure, choices, details, codes and source."""
    yield f"### {variable.name}"
    yield ""
    yield f"**{variable.label}.** {variable.plain}"
    yield ""
    yield from bullets(variable_facts(variable))
    if variable.choices:
        rows = ((code(c.name), c.label, c.plain, codes(c.codes)) for c in variable.choices.values())
        yield from table(("choice", "label", "in plain words", "codes"), rows)
    if variable.detail:
        details = ((code(name), field.type, field.label) for name, field in variable.detail.items())
        yield from table(("detail", "type", "meaning"), details)


def variable_facts(variable: Any) -> dict[str, str]:
    """What is said of a variable in a line each; an empty one is left out."""
    return {
        "Unit": code(variable.unit) if variable.unit else "",
        "Understood units": ", ".join(code(unit) for unit in variable.units if unit),
        "Plausible": span(variable.plausible),
        "Possible": span(variable.possible),
        "Worse": variable.worse,
        "Codes": codes(variable.codes),
        "Range by": variable.range_source,
        "Source": variable.source + ("" if variable.confirmed else " (not confirmed)"),
    }


def bullets(facts: Mapping[str, str]) -> Iterator[str]:
    yield from (f"- {name}: {value}" for name, value in facts.items() if value)
    yield ""


def span(limits: tuple[float, float] | None) -> str:
    return f"{limits[0]:g} to {limits[1]:g}" if limits else ""


def codes(listed: Iterable[Any]) -> str:
    """Codes with the short name of their system."""
    texts = (f"{short(one.system)} {one.code}" for one in listed if one.system != "urn:cartway")
    confirmed = [one.confirmed for one in listed if one.system != "urn:cartway"]
    return ", ".join(text if sure else f"({text})" for text, sure in zip(texts, confirmed, strict=True))


def short(system: str) -> str:
    names = {"loinc.org": "LOINC", "sct": "SNOMED CT", "rxnorm": "RxNorm", "atc": "ATC"}
    names |= {"icd10": "ICD-10-PCS", "icd-10-cm": "ICD-10-CM"}
    return names.get(system.rsplit("/", 1)[-1].lower(), system)


# Problems


class Stated(msgspec.Struct, frozen=True, order=True):
    """A place in the code where a problem is stated: its code, and its reason and remedy as templates."""

    code: str
    room: str
    reason: str
    remedy: str


def problems_page() -> Iterator[str]:
    """Every problem code and every rule by which intake leaves something out."""
    from cartway.intake.drafts import IGNORE_RULES

    yield "# Problems and ignore rules"
    yield ""
    yield "## Problems"
    yield ""
    yield "What cannot be taken in is refused with a code, a reason and a remedy. `{...}` differs from case to case."
    yield ""
    rows = ((code(one.code), one.room, one.reason, one.remedy) for one in stated_problems())
    yield from table(("code", "room", "reason", "remedy"), rows)
    yield "## Ignore rules"
    yield ""
    yield "What intake reads and leaves out on purpose is counted under the rule that says so."
    yield ""
    yield from table(("rule", "what is left out"), ((code(name), text) for name, text in IGNORE_RULES.items()))


def stated_problems() -> list[Stated]:
    """All `Problem(...)` expressions under `src/`, sorted by code."""
    found: set[Stated] = set()
    for file in sorted((ROOT / "src" / "cartway").rglob("*.py")):
        room = file.relative_to(ROOT / "src" / "cartway").parts[0].removesuffix(".py")
        tree = ast.parse(file.read_text())
        for call in calls_of("Problem", tree):
            found |= stated(call, room, tree)
    return sorted(found)


def calls_of(function: str, tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield node


def stated(call: ast.Call, room: str, tree: ast.AST) -> set[Stated]:
    """Read one `Problem(code, reason, remedy)`, given by position or by name; one entry for each code it may have."""
    given = dict(zip(("code", "reason", "remedy"), call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    scope = scope_of(call, tree)
    reason, remedy = (worded(given[name], scope) if name in given else "" for name in ("reason", "remedy"))
    return {Stated(one, room, reason, remedy) for one in literals(given["code"], tree)}


def scope_of(call: ast.Call, tree: ast.AST) -> ast.AST:
    """The innermost function around a call, else the module."""
    around = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and call in ast.walk(node)]
    return around[-1] if around else tree


def worded(node: ast.expr, scope: ast.AST) -> str:
    """The text of a reason or remedy, also where it was given a name first."""
    values = list(assigned(node.id, scope)) if isinstance(node, ast.Name) else []
    return " / ".join(dict.fromkeys(map(template, values))) or template(node)


def literals(node: ast.expr, tree: ast.AST) -> set[str]:
    """The texts that an expression may be: a literal, each side of a choice, what its name is assigned or passed."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return literals(body, tree) | literals(orelse, tree)
        case ast.Name(id=name) if values := [*assigned(name, tree), *passed(name, tree)]:
            return {text for value in values for text in literals(value, tree)}
        case _:
            return {template(node)}


def assigned(name: str, tree: ast.AST) -> Iterator[ast.expr]:
    """What a module assigns to a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            yield node.value


def passed(name: str, tree: ast.AST) -> Iterator[ast.expr]:
    """What a module passes to those of its functions that state a problem with their parameter of that name."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or not any(calls_of("Problem", function)):
            continue
        places = [place for place, argument in enumerate(function.args.args) if argument.arg == name]
        for call in calls_of(function.name, tree):
            yield from (call.args[place] for place in places if place < len(call.args))


def template(node: ast.expr) -> str:
    """The text of a literal; what is filled in stands as `{...}`."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(template(part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return template(left) + template(right)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{template(body)} / {template(orelse)}"
        case _:
            return "{...}"


# Policies


def policies_page() -> Iterator[str]:
    """Every policy of grading: what it may be, its default, and why it is open."""
    from cartway.toxicity.rules import load_rules

    yield "# Policies"
    yield ""
    yield "What the consensus leaves open, and what a center sets for itself. `--policy NAME=VALUE` sets one; a result"
    yield "names each policy that decided it. See [How CRS and ICANS are graded](../explanation/grading.md)."
    yield ""
    for name, policy in load_rules().policies.items():
        yield f"## {name}"
        yield ""
        yield policy.meaning
        yield ""
        yield from bullets(policy_facts(policy))
    yield from pathway_policies()


def pathway_policies() -> Iterator[str]:
    """The policies of the road to infusion, which a center sets by a fact of its own record."""
    from cartway.pathway.policies import load_policies

    yield "## The road to infusion"
    yield ""
    yield "A center sets one by a `center_policy` fact of its own record (course `center`), `about` being its name."
    yield ""
    for name, policy in load_policies().policies.items():
        unit = f" {policy.unit}" if policy.unit else ""
        default = policy.default if policy.choices else f"{float(policy.default):g}{unit}"
        yield f"### {name}"
        yield ""
        yield policy.meaning
        yield ""
        yield from bullets(
            {
                "Default": code(default),
                "Values": ", ".join(code(choice) for choice in policy.choices),
                "Why it is open": policy.why,
                "Confirmed": "" if policy.confirmed else "no: no published number was seen",
            }
        )


def policy_facts(policy: Any) -> dict[str, str]:
    """What is said of a policy in a line each."""
    unit = f" {policy.unit}" if policy.unit else ""
    return {
        "Default": code(policy.default if policy.choices else f"{policy.default:g}{unit}"),
        "Values": ", ".join(code(choice) for choice in policy.choices) or f"a number{unit and f' [{policy.unit}]'}",
        "Scales": ", ".join(policy.scales),
        "Why it is open": policy.why,
        "Confirmed": "" if policy.confirmed else "no: the wording was not checked against the source itself",
    }


# Criteria


def criteria_page() -> Iterator[str]:
    """Every criterion that `because` may name, family by family, with the guidelines behind it."""
    from cartway.toxicity.episode import editions, family_of

    yield "# Criteria"
    yield ""
    yield "The criteria that an episode's `because` names, and what its `missing` may name. The older CRS scales also"
    yield "name those of CRS."
    yield ""
    for family in dict.fromkeys(map(family_of, editions())):
        scales = [scale for scale in editions() if family_of(scale) == family]
        yield f"## {', '.join(scales)}"
        yield ""
        yield from criteria_of(family)


def criteria_of(family: str) -> Iterator[str]:
    first = family in ("crs", "icans")
    name = "reasons.toml" if first else f"reasons_{family}.toml"
    tables = tomllib.loads((ROOT / "src/cartway/toxicity" / name).read_text())
    rows = ((code(c["slug"]), c["column"], c["text"]) for c in tables[family]["criteria"].values())
    yield from table(("criterion", "column", "in words"), rows)
    yield f"May be missing: {', '.join(code(name) for name in tables[family]['missing'].values())}."
    yield ""


def scales_page() -> Iterator[str]:
    """Every scale of `cartway grade --scale`, with the guideline behind it and whether that was seen."""
    from cartway.toxicity.episode import editions, names_of_measures

    yield "# Scales"
    yield ""
    yield "What `cartway grade --scale` takes, beside `astct` (the first two) and `all`. Where a guideline's wording"
    yield "was not confirmed from the source itself, its row says so."
    yield ""
    rows = (
        (
            code(scale),
            each.name,
            f"{each.edition}. {each.citation}{f', doi:{each.doi}' if each.doi else ''}. {each.note}",
            "yes" if each.confirmed else "no",
            ", ".join(code(name) for name in names_of_measures(scale)),
        )
        for scale, each in editions().items()
    )
    yield from table(("scale", "name", "guideline", "confirmed", "counts"), rows)


# Labels and candidacy


def labels_page() -> Iterator[str]:
    """Every product with its label's rows: from when, from whom, whether the source was seen."""
    from cartway.pathway.products import products

    yield "# Products and labels"
    yield ""
    yield "What is held of each product's label, with its dates and sources. A row that says *not confirmed* rests on"
    yield "a source that nobody has read for it: it is shown with every answer that it decides, and gives no dose."
    yield ""
    for name, product in products().items():
        yield f"## {product.brand or product.short or name}"
        yield ""
        yield from bullets(product_facts(name, product))
        yield from label_table("Indications", product.indications, lambda row: row.words)
        yield from label_table("Limitations of use", product.limitations, lambda row: row.words)
        yield from label_table("Doses", product.doses, dose_words)
        yield from label_table("Lymphodepletion", product.regimens, regimen_words)
        yield from label_table("After the infusion", product.windows, window_words)
        yield from label_table("Boxed warnings", product.warnings, lambda row: row.words)


def product_facts(name: str, product: Any) -> dict[str, str]:
    """What a product is, in a line each."""
    return {
        "In the record": code(name),
        "Short": product.short,
        "Holder": product.holder,
        "Targets": ", ".join(product.targets),
        "Costimulation, vector": ", ".join(part for part in (product.costimulation, product.vector) if part),
        "Made of": product.starting_material,
        "Presentation": product.presentation,
    }


def label_table(title: str, rows: Any, words: Callable[[Any], str]) -> Iterator[str]:
    """The rows of one kind, where there are any."""
    if rows:
        yield f"{title}:"
        yield ""
        heads = ("rule", "where", "from", "to", "what it says", "source")
        yield from table(heads, (dated_row(row, words(row)) for row in rows))


def dated_row(row: Any, words: str) -> tuple[str, ...]:
    """One dated row of a label."""
    mark = "" if row.source.confirmed else " (not confirmed)"
    until = row.effective_to.isoformat() if row.effective_to else ""
    name = code(row.id) if getattr(row, "id", "") else ""
    return (name, row.jurisdiction, row.effective_from.isoformat(), until, words, row.source.text + mark)


def dose_words(row: Any) -> str:
    """A dose range in words."""
    per, cap = " per kg" if row.per_kg else "", f", at most {row.cap_million:g}" if row.cap_million else ""
    low, high = f"{row.lowest_million:g}", f"{row.highest_million:g}"
    weight = (
        f", {row.from_kg:g} kg" + (f" to {row.to_kg:g} kg" if row.to_kg else " and over")
        if row.from_kg or row.to_kg
        else ""
    )
    return f"{low if low == high else f'{low} to {high}'} million{per}{cap}{weight}"


def regimen_words(row: Any) -> str:
    """A lymphodepletion in words."""
    drugs = (f"{drug.drug} {f'{drug.mg_m2:g} mg/m2' if drug.mg_m2 else ''} x {drug.times}" for drug in row.drugs)
    least, most = row.end_to_infusion
    return f"{', '.join(drugs)}; infusion {least} to {most} days after"


def window_words(row: Any) -> str:
    """The windows after an infusion in words."""
    parts = {"daily looks": row.daily_days, "near the center": row.near_days, "no driving": row.driving_days}
    return "; ".join(f"{words} {days} days" for words, days in parts.items() if days) or row.words


def candidacy_page() -> Iterator[str]:
    """Every criterion of candidacy beside the label, and the washout tables."""
    tables = tomllib.loads((ROOT / "src/cartway/pathway/candidacy/criteria.toml").read_text())
    washouts = tomllib.loads((ROOT / "src/cartway/pathway/candidacy/washouts.toml").read_text())
    yield "# Candidacy: criteria and washouts"
    yield ""
    yield "What is asked beside the label, and what it means where it is not met: ABS blocks, DEF defers, REL needs a"
    yield "named clinician's decision, INFO is told. See [Who is a candidate](../explanation/candidacy.md)."
    yield ""
    rows = ((code(name), c["question"], c["severity"], source_of(c)) for name, c in tables.items())
    yield from table(("id", "question", "severity", "source"), rows)
    for group, entries in washouts.items():
        yield f"## Washouts before collection: {group}"
        yield ""
        yield from table(
            ("id", "what", "days, at least", "better", "severity", "source"),
            (
                (
                    code(w["id"]),
                    w["label"],
                    str(w.get("min_days", "")),
                    str(w.get("preferred_days", "")),
                    w["severity"],
                    source_of(w),
                )
                for w in entries
            ),
        )


def source_of(row: dict[str, Any]) -> str:
    """The source of a row of data, marked where it was not seen."""
    return str(row.get("source", "")) + ("" if row.get("confirmed", True) else " (not confirmed)")


# The board


def web_page() -> Iterator[str]:
    """Every page and form post of the board with the act it needs, and every role with its acts."""
    from cartway.web.access import MAY, Act, Role

    yield "# The board: pages, roles and acts"
    yield ""
    yield "Which role may do which act. Whom they may do it to is in the memberships: courses by name, or every course."
    yield ""
    yield from table(
        ("act", *(role.value.replace("_", " ") for role in Role)),
        ((code(act.value), *("yes" if act in MAY[role] else "" for role in Role)) for act in Act),
    )
    yield "Every page and form post. Where an address names a course, the reader must belong to it, and the access log"
    yield "gets a line; *open* needs no sign-in."
    yield ""
    yield from table(("address", "method", "act", "what it is"), web_rows())


def web_rows() -> list[tuple[str, str, str, str]]:
    """The handlers of an application over empty stores, those of the demo left out; sorted by address."""
    rows = []
    for route in web_application().routes:
        for handler in route.route_handlers:
            if route.path.startswith("/static") or handler.http_methods == {"OPTIONS"}:
                continue
            act, function = handler.opt.get("act"), getattr(handler.fn, "func", handler.fn)
            told = " ".join((function.__doc__ or "").split("\n\n")[0].split())
            methods = ", ".join(sorted(handler.http_methods - {"OPTIONS"}))
            rows.append((code(route.path), methods, code(act.value) if act else "*open*", told))
    return sorted(set(rows))


def web_application() -> Any:
    import tempfile

    from cartway.web.app import create_app
    from cartway.web.config import Config

    folder = tempfile.mkdtemp(prefix="cartway-reference-")
    database = f"sqlite:///{folder}/empty.db"
    app = create_app(Config(database, f"sqlite:///{folder}/empty.people.db", lambda: 0))
    app.state.stores.close()
    return app


# ---- the twin ----------------------------------------------------------------------------------------------------


def twin_model_page() -> Iterator[str]:
    """The model of the virtual patient: states with their formulas, shorthand, parameters with what they rest on."""
    from cartway.twin.model import load_model

    model = load_model()
    yield "# The model of the virtual patient"
    yield ""
    yield f"Edition {model.version}. Time in days, 0 at the first infusion; a course starts on day {model.first_day:g}."
    yield "A parameter is *published* (a source gives it), *calibrated* (fitted to published outcomes), *assumed*"
    yield "(a choice of ours) or *drawn* (by chance for each patient). Research use: it promises nobody an outcome."
    yield "See [The twin](../explanation/twin.md)."
    yield ""
    yield "## Shorthand"
    yield ""
    yield from table(("name", "formula", "meaning"), ((code(s.name), code(s.formula), s.means) for s in model.short))
    yield ""
    yield "## States"
    yield ""
    yield from table(
        ("state", "unit", "rate, a day", "start", "meaning"),
        ((code(s.name), s.unit, code(s.rate), code(s.start), s.means) for s in model.state),
    )
    yield ""
    yield "## Clones that may die out"
    yield ""
    yield "Below 100 cells a clone is a birth-death process (Kendall 1948, doi 10.1214/aoms/1177730285)."
    yield ""
    yield from table(
        ("state", "birth, a day", "net growth, a day"),
        ((code(s.name), code(s.clone.birth), code(s.clone.growth)) for s in model.state if s.clone),
    )
    yield ""
    yield "## Parameters"
    yield ""
    yield "Variability is the standard deviation of the logarithm between patients."
    yield ""
    yield from table(
        ("name", "median", "variability", "unit", "standing", "meaning", "source"),
        (
            (code(p.name), f"{p.median:g}", f"{p.omega:g}" if p.omega else "", p.unit, p.standing, p.means, cited(p))
            for p in model.parameter
        ),
    )


def cited(parameter: Any) -> str:
    """Its source, with the mark where nobody confirmed it."""
    if parameter.confirmed or "not confirmed" in parameter.source:
        return str(parameter.source)
    return f"{parameter.source} (not confirmed)".strip()


PAGES: dict[str, Page] = {
    "cli.md": cli_page,
    "board.md": web_page,
    "settings.md": settings_page,
    "vocabulary.md": vocabulary_page,
    "problems.md": problems_page,
    "policies.md": policies_page,
    "criteria.md": criteria_page,
    "scales.md": scales_page,
    "labels.md": labels_page,
    "candidacy.md": candidacy_page,
    "twin-model.md": twin_model_page,
}


def render(name: str) -> str:
    """The whole text of one page."""
    text = "\n".join([MADE, "", *PAGES[name]()])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.rstrip() + "\n"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / name).write_text(render(name))
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
