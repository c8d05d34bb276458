"""`cartway fit`: a population of levels over time, estimated by SAEM, from a facts table or a NONMEM data set."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import typer

from cartway.cli.draft import draft_of
from cartway.cli.edge import on_one_line, safe, say, sound, stop
from cartway.cli.folder import made
from cartway.problem import Problem

if TYPE_CHECKING:
    from cartway.twin.nlme import Check, Model, Result, Settings, Study

RESEARCH = "Research use: a description of these data. It foretells nobody's course and doses nobody."
MOST_BYTES = 500_000_000


class Asked(NamedTuple):
    """The options of the verb."""

    model: str
    what: str
    lloq: float | None
    hours: bool
    logged: bool
    cmt: str
    covariate: Sequence[str]
    omega: str
    error: str
    product: str
    disease: str
    seed: int
    iterations: str
    chains: int
    studies: int


def fit(inputs: Sequence[Path], output: Path | None, asked: Asked, form: str) -> None:
    """Fit, tell, and write the files of a folder.

    Problems: ``no_file``, ``no_folder``, ``unknown_model``, ``wrong_covariate``, ``wrong_iterations`` and those of the
    readers.
    """
    from cartway.twin.nlme import bound, check, result, started, structure_of

    model = _model(asked)
    settings = _settings(asked, model)
    if output is not None:
        made(output)
    structure = sound(structure_of(model))
    study, simulated = _study(inputs, asked)
    shipped = asked.model in _shipped()
    design = sound(bound(started(model, study, structure) if shipped else model, study, structure))
    say(f"{len(study.ids)} subjects, {len(study.value)} observations, {study.below.mean():.0%} below the limit")
    found = result(design, settings, say)
    checked = check(design, found.estimate, asked.studies, asked.seed)
    head = _head(found, model, study, simulated)
    if output is not None:
        _write(output, found, checked, study, head)
    as_json = form == "json"
    told = json.dumps(head | _as_json(found, checked), indent=2) if as_json else "\n".join(_lines(found, checked, head))
    typer.echo(safe(told))


def _shipped() -> Mapping[str, Model]:
    from cartway.twin.nlme import load_models

    return load_models()


# What is asked


def _model(asked: Asked) -> Model:
    from cartway.twin.nlme import checked, read_model

    path = Path(asked.model)
    if asked.model in _shipped():
        model = _shipped()[asked.model]
    elif path.is_file():
        model = sound(read_model(path.read_text("utf-8", "replace")))
    else:
        remedy = f"Use {', '.join(_shipped())}, or the path of a TOML file."
        stop(Problem("unknown_model", f"There is no model '{asked.model}'.", remedy))
    given = {"omega": asked.omega, "error": asked.error, "product": asked.product, "disease": asked.disease}
    changed = msgspec.to_builtins(model) | {name: value for name, value in given.items() if value}
    for name, allowed in (("omega", ("diagonal", "full")), ("error", ("log_normal", "proportional", "additive"))):
        if changed[name] not in allowed:
            stop(Problem("unknown_choice", f"--{name} is not {changed[name]}.", f"Use {' or '.join(allowed)}."))
    changed["covariates"] = [*changed["covariates"], *(_covariate(each) for each in asked.covariate)]
    if changed["output"]:
        changed["output"] = asked.what
    return sound(checked(msgspec.convert(changed, type(model))))


def _covariate(text: str) -> Mapping[str, str]:
    parameter, separator, rest = text.partition("=")
    scale, colon, column = rest.partition(":")
    if not separator or not colon or scale not in ("log", "linear", "yes"):
        remedy = "Write --covariate PARAMETER=SCALE:COLUMN, for example cmax=log:weight; scales: log, linear, yes."
        stop(Problem("wrong_covariate", f"'{text}' is no covariate.", remedy))
    return {"parameter": parameter.strip(), "scale": scale, "column": column.strip()}


def _settings(asked: Asked, model: Model) -> Settings:
    from cartway.twin.nlme import Settings

    counts = [int(each) if each.strip().isdigit() else 0 for each in asked.iterations.split(",")]
    if len(counts) != 2 or min(counts) < 10:
        remedy = "Write --iterations 300,200: exploring, then converging, at least 10 each."
        stop(Problem("wrong_iterations", "So many iterations make no fit.", remedy))
    solved = model.structure == "twin"  # each prediction is a course to solve: fewer of them
    chains, draws = asked.chains or (1 if solved else 4), 1000 if solved else 3000
    return Settings(counts[0], counts[1], chains, asked.seed, draws=draws)


def _study(inputs: Sequence[Path], asked: Asked) -> tuple[Study, bool]:
    """The study of the inputs, and whether any of its facts is simulated."""
    from cartway.twin.nlme import Options, is_nonmem, read_nonmem

    for path in inputs:
        if not path.exists():
            stop(Problem("no_file", f"There is no '{path}'.", "Check the path."))
    if len(inputs) == 1 and inputs[0].is_file() and is_nonmem(_first_line(inputs[0])):
        if inputs[0].stat().st_size > MOST_BYTES:
            stop(Problem("too_large", "The data set is larger than 500 MB.", "Leave out columns that are not used."))
        limit = math.nan if asked.lloq is None else asked.lloq
        text = inputs[0].read_text("utf-8-sig", "replace")
        study = read_nonmem(text, Options(asked.hours, asked.cmt, limit, asked.logged))
        if isinstance(study, list):
            for problem in study[1:]:
                say(f"{inputs[0].name}: {problem}")
            stop(study[0])
        return study._replace(what=asked.what), False
    return _study_of_facts(inputs, asked)


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(10_000).decode("utf-8-sig", "replace")


def _study_of_facts(inputs: Sequence[Path], asked: Asked) -> tuple[Study, bool]:
    from cartway.cli.grading import read
    from cartway.pathway.course import CENTER
    from cartway.toxicity import by_course
    from cartway.twin.nlme import read_courses

    courses = dict(by_course(read(inputs)))
    courses.pop(CENTER, None)
    found = sound(read_courses(courses, asked.what, math.nan if asked.lloq is None else asked.lloq))
    for why, count in found.left_out.items():
        say(f"left out {count} courses: {why}")
    return found.study, any(fact.simulated for facts in courses.values() for fact in facts)


# What is told


def _head(found: Result, model: Model, study: Study, simulated: bool) -> dict[str, Any]:
    return {
        "structure": model.structure,
        "source": model.source,
        "error": model.error,
        "omega": model.omega,
        "what": study.what,
        "unit": study.unit,
        "subjects": len(study.ids),
        "observations": len(study.value),
        "below_limit": int(study.below.sum()),
        "simulated": simulated,
        "standing": RESEARCH,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _as_json(found: Result, checked: Check) -> dict[str, Any]:
    return {
        "estimates": [_without_nan(_row(row)) for row in found.rows],
        "minus_twice_log_likelihood": found.likelihood.minus_twice,
        "monte_carlo_error": found.likelihood.error,
        "aic": found.aic,
        "bic": found.bic,
        "residual_shrinkage": found.residual_shrinkage,
        "standard_errors": "observed information" if found.sound else "scores",
        "settled": found.settled,
        "percentiles_within_their_interval": _number(checked.within),
    }


def _without_nan(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in row.items()}


def _row(row: Any) -> dict[str, Any]:
    fields = ("kind", "name", "value", "se", "low", "high", "shrinkage")
    return {name: getattr(row, name) for name in fields} | {"rse": row.rse}


def _lines(found: Result, checked: Check, head: Mapping[str, Any]) -> Iterator[str]:
    mark = " (SIMULATED data)" if head["simulated"] else ""
    yield f"{head['structure']}: {head['subjects']} subjects, {head['observations']} observations{mark}"
    yield f"  {head['source']}" if head["source"] else "  a model of your own"
    yield ""
    yield f"{'':14}{'number':26}{'estimate':>12}{'SE':>11}{'RSE':>7}{'95% interval':>26}{'shrinkage':>11}"
    yield from (_line(row) for row in found.rows)
    yield ""
    like = found.likelihood
    yield f"-2 log-likelihood {like.minus_twice:.1f} (Monte Carlo error {like.error:.1f})"
    yield f"AIC {found.aic:.1f}, BIC {found.bic:.1f}"
    yield f"residual shrinkage {found.residual_shrinkage:.0%}"
    if math.isfinite(checked.within):
        yield f"{checked.within:.0%} of percentiles lie within their 95% interval ({checked.studies} studies)"
    yield from (f"to look at: {text}" for text in _warnings(found))
    yield RESEARCH


def _line(row: Any) -> str:
    def told(value: float, form: Callable[[float], str] = lambda v: f"{v:.4g}") -> str:
        return form(value) if math.isfinite(value) else "-"

    between = f"{told(row.low)} to {told(row.high)}" if math.isfinite(row.low) else "-"
    share = told(row.shrinkage, lambda v: f"{v:.0%}") if math.isfinite(row.shrinkage) else ""
    percent = told(row.rse, lambda v: f"{v:.0%}")
    name = on_one_line(row.name)
    return f"{row.kind:14}{name:26}{told(row.value):>12}{told(row.se):>11}{percent:>7}{between:>26}{share:>11}"


def _warnings(found: Result) -> Iterator[str]:
    if not found.sound:
        yield "the observed information is not positive: standard errors are of the scores alone, and rough"
    unsettled = [name for name, still in found.settled.items() if not still]
    if unsettled:
        yield f"not settled: {', '.join(map(on_one_line, unsettled))}; give more --iterations"
    shrunk = [row.name for row in found.rows if row.shrinkage > 0.4]
    if shrunk:
        yield f"shrinkage above 40%: {', '.join(shrunk)}; subjects' own values tell little"


# What is written


def _write(folder: Path, found: Result, checked: Check, study: Study, head: Mapping[str, Any]) -> None:
    from cartway.twin.nlme import vpc

    names = [each.name for each in found.design.model.parameters]
    _text(folder / "fit.json", json.dumps(dict(head) | _as_json(found, checked), indent=2) + "\n")
    _table(folder / "estimates.csv", [_row(row) for row in found.rows])
    subjects = zip(study.ids, found.individual.tolist(), strict=True)
    _table(folder / "subjects.csv", [{"id": id, **dict(zip(names, row, strict=True))} for id, row in subjects])
    _table(folder / "vpc.csv", checked.rows())
    _text(folder / "vpc.svg", vpc(checked, study, simulated=head["simulated"]))
    say(f"written to {folder}: fit.json, estimates.csv, subjects.csv, vpc.svg, vpc.csv")


def _text(path: Path, text: str) -> None:
    with draft_of(path) as draft:
        draft.write_text(text, "utf-8")


def _table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with draft_of(path) as draft, draft.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow(_without_nan(row))
