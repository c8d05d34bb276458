"""The Polars peers: one as its guide teaches it, one as quick as we could make it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks import simple
from cartway.times import HOUR

FAR = 1 << 62
AN_AGE = 1 << 51  # microseconds, until the year 2041


def idiomatic(path: Path) -> pl.DataFrame:
    """Pivot to one row an instant, fill forward within each course, grade with when/then. One row a change."""
    facts = pl.read_parquet(path, columns=list(simple.COLUMNS)).with_columns(
        pl.col("course", "what", "choice").cast(pl.String)
    )
    readings = facts.filter(pl.col("what").is_in(simple.READ)).select(
        "course",
        "at",
        "what",
        number=pl.coalesce(
            pl.col("value"), pl.col("choice").replace_strict({**simple.OXYGEN, **simple.CONSCIOUSNESS}, default=None)
        ),
    )
    drips = _starts_and_stops(facts)
    wide = (
        pl.concat([readings, drips])
        .pivot(on="what", index=["course", "at"], values="number", aggregate_function="last")
        .sort("course", "at")
    )
    wide = _with_columns(wide).with_columns(
        pl.col(*simple.READ).forward_fill().over("course"),
        pl.col(*simple.RUNNING).fill_null(0.0).cum_sum().over("course"),
    )
    return _changes(wide.select("course", "at", crs=_crs(), icans=_icans()))


def _starts_and_stops(facts: pl.DataFrame) -> pl.DataFrame:
    """A pressor's start as +1 and its end as -1, summed where they fall together."""
    rates = facts.filter(pl.col("what") == "drug", pl.col("choice").is_in(simple.RUNNING)).sort("course", "at")
    ends = pl.coalesce("until", pl.col("at").shift(-1).over("course", "choice"))
    rates = rates.with_columns(end=ends).filter(pl.col("value") > 0)
    starts = rates.select("course", "at", pl.col("choice").alias("what"), number=1.0)
    stops = rates.filter(pl.col("end").is_not_null()).select(
        "course", pl.col("end").alias("at"), pl.col("choice").alias("what"), number=-1.0
    )
    return pl.concat([starts, stops]).group_by("course", "at", "what").agg(pl.col("number").sum())


def _with_columns(wide: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in (*simple.READ, *simple.RUNNING) if name not in wide.columns]
    return wide.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing)


def _crs() -> pl.Expr:
    count = pl.sum_horizontal(pl.col(name) > 0 for name in simple.PRESSORS)
    hypotension = (
        pl.when(count >= 2).then(4).when((count == 1) | (pl.col(simple.VASOPRESSIN) > 0)).then(3)
        .when(pl.col("systolic_pressure") < simple.LOW_PRESSURE).then(2).otherwise(0)
    )  # fmt: skip
    device = pl.col("oxygen_device").fill_null(0.0)
    hypoxia = pl.when((device == 2) & (pl.col("oxygen_flow") > simple.LOW_FLOW)).then(3.0).otherwise(device)
    worst = pl.max_horizontal(hypotension, hypoxia)
    fever = (pl.col("body_temperature") >= simple.FEVER).fill_null(False)
    begun = fever.cum_max().over("course")
    return pl.when(fever).then(pl.max_horizontal(worst, 1)).when(begun).then(worst).otherwise(0).cast(pl.Int8)


def _icans() -> pl.Expr:
    ice = pl.col("ice_score")
    band = pl.when(ice >= 10).then(0).when(ice >= 7).then(1).when(ice >= 3).then(2).when(ice >= 0).then(3).otherwise(0)
    return pl.max_horizontal(band, pl.col("consciousness").fill_null(0.0)).cast(pl.Int8)


def _changes(grades: pl.DataFrame) -> pl.DataFrame:
    same = [pl.col(name) == pl.col(name).shift().over("course") for name in ("crs", "icans")]
    return grades.filter(~pl.all_horizontal(same).fill_null(False))


def expert(path: Path, in_order: bool) -> pl.DataFrame:
    """One lazy, streaming pass without pivot, join, group or window; the same answer.

    Only the rows and columns that matter are read; each reading becomes a byte (its part of the grade) and is filled
    forward over the whole table at once, a zero at each course's first row keeping courses apart; a pressor is the end
    that it was last charted with. Rows in another order are sorted first.
    """
    return _changed(_held(_chosen(path, in_order), {}))


def expert_with_reasons(path: Path, in_order: bool) -> pl.DataFrame:
    """The same pass that also keeps, for each part, which row said it, and drops what is older than its window."""
    facts = _chosen(path, in_order).with_row_index("row")
    rows = {f"row_of_{name}": pl.when(part.is_not_null()).then("row") for name, part in PARTS.items()}
    times = {f"at_of_{name}": pl.when(part.is_not_null()).then(_NOW) for name, part in PARTS.items()}
    held = _held(facts, {**rows, **times})
    fresh = [_fresh(name).alias(name) for name in PARTS]
    return _changed(held.with_columns(fresh), [*rows])


def _chosen(path: Path, in_order: bool) -> pl.LazyFrame:
    chosen = pl.col("what").is_in([*simple.READ, "infusion"]) | pl.col("choice").is_in(simple.RUNNING)
    facts = pl.scan_parquet(path).select(simple.COLUMNS).filter(chosen)
    if in_order:
        return facts
    return facts.sort(pl.col("course").to_physical().cast(pl.Int64) * AN_AGE + _NOW)  # one key sorts faster than two


def _held(facts: pl.LazyFrame, more: dict[str, pl.Expr]) -> pl.LazyFrame:
    """The last row of each instant, with what stands at it."""
    parts = {
        name: pl.when(_NEW & part.is_null()).then(pl.lit(0, pl.Int8)).otherwise(part) for name, part in PARTS.items()
    }
    drips = {drug: _end_of(drug) for drug in simple.RUNNING}
    columns = {**parts, **drips, **more}
    last = pl.col("at").ne_missing(pl.col("at").shift(-1)) | pl.col("course").ne_missing(pl.col("course").shift(-1))
    return facts.with_columns(**columns).with_columns(pl.col(*columns).forward_fill()).filter(last)


def _fresh(name: str) -> pl.Expr:
    window = (24 if name in {"ice", "awake"} else 12) * HOUR
    return pl.when(pl.col(f"at_of_{name}") + window > _NOW).then(name).otherwise(pl.lit(0, pl.Int8))


def _changed(held: pl.LazyFrame, more: Sequence[str] = ()) -> pl.DataFrame:
    grades = held.select("course", "at", *more, crs=_expert_crs(), icans=pl.max_horizontal("ice", "awake"))
    changed = [pl.col(name).ne_missing(pl.col(name).shift()) for name in ("course", "crs", "icans")]
    return grades.filter(pl.any_horizontal(changed)).collect(engine="streaming")


def _byte(what: str, part: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("what") == what).then(part.cast(pl.Int8))


def _choice(what: str, codes: dict[str, int]) -> pl.Expr:
    grade = pl.lit(None, pl.Int8)
    for number in sorted(set(codes.values())):
        names = [name for name, code in codes.items() if code == number]
        grade = pl.when(pl.col("choice").is_in(names)).then(pl.lit(number, pl.Int8)).otherwise(grade)
    return pl.when(pl.col("what") == what).then(grade)


_NOW = pl.col("at").to_physical()
_NEW = pl.col("course").ne_missing(pl.col("course").shift())
PARTS = {
    "fever": _byte("body_temperature", pl.col("value") >= simple.FEVER),
    "low": _byte("systolic_pressure", pl.col("value") < simple.LOW_PRESSURE),
    "device": _choice("oxygen_device", simple.OXYGEN),
    "flow": _byte("oxygen_flow", pl.col("value") > simple.LOW_FLOW),
    "ice": _byte("ice_score", pl.sum_horizontal(pl.col("value") < limit for limit in (10, 7, 3))),
    "awake": _choice("consciousness", simple.CONSCIOUSNESS),
}


def _end_of(drug: str) -> pl.Expr:
    end = pl.when(pl.col("value") > 0).then(pl.col("until").to_physical().fill_null(FAR)).otherwise(0)
    return pl.when(pl.col("choice") == drug).then(end).when(_NEW).then(0)


def _expert_crs() -> pl.Expr:
    count = pl.sum_horizontal((pl.col(drug) > _NOW).cast(pl.Int8) for drug in simple.PRESSORS)
    one = (count == 1) | (pl.col(simple.VASOPRESSIN) > _NOW)
    hypotension = (
        pl.when(count >= 2).then(pl.lit(4, pl.Int8)).when(one).then(pl.lit(3, pl.Int8)).otherwise(pl.col("low") * 2)
    )
    high_flow = (pl.col("device") == simple.OXYGEN["nasal_cannula"]) & (pl.col("flow") == 1)
    worst = pl.max_horizontal(hypotension, pl.col("device") + high_flow.cast(pl.Int8))
    # The place of the last fever, against the place of the course's first row: no window over courses.
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    fever = pl.col("fever") == 1
    fever_at = pl.when(fever).then(place).forward_fill().fill_null(-1)
    begun = fever_at >= pl.when(_NEW).then(place).forward_fill()
    graded = pl.when(fever).then(pl.max_horizontal(worst, pl.lit(1, pl.Int8))).when(begun).then(worst)
    return graded.otherwise(pl.lit(0, pl.Int8))
