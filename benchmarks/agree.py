"""Whether the peers answer as we do where the simplified rules must: racing against wrong answers is worth nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from cartway.toxicity.batch import Graded
from cartway.toxicity.passes import A_COURSE, A_OUT, A_SCALE, A_START

_NOT_SIMPLE = ("attribution", "home_oxygen", "baseline_systolic_pressure", "death", "capd_score")
_SEDATED = ("propofol", "invasive_ventilation")


def simple_courses(path: Path) -> pl.DataFrame:
    """The courses for which the simplified rules are the whole rules: column `course`."""
    facts = pl.scan_parquet(path).select(pl.col("course", "what", "choice").cast(pl.String), "value")
    child = (pl.col("what") == "age") & (pl.col("value") < 12.0)
    odd = pl.col("what").is_in(_NOT_SIMPLE) | pl.col("choice").is_in(_SEDATED) | child
    return facts.group_by("course").agg(odd.fill_null(False).any()).filter(~pl.col("what")).select("course").collect()


def ours_as_table(graded: Graded) -> pl.DataFrame:
    """Our answers with columns `course`, `at`, `scale` (0 CRS, 1 ICANS), `grade`."""
    rows = graded.rows
    return pl.DataFrame(
        {
            "course": pl.Series(list(graded.courses)).gather(rows[:, A_COURSE].astype(np.int64)),
            "at": rows[:, A_START].astype(np.int64),
            "scale": rows[:, A_SCALE].astype(np.int8),
            "grade": rows[:, A_OUT].astype(np.int8),
        }
    ).with_columns(pl.from_epoch("at", "us").dt.replace_time_zone("UTC"))


def disagreements(path: Path, ours: Graded, theirs: pl.DataFrame) -> tuple[int, int]:
    """How many instants of vital signs and of ICE in simple courses were compared, and at how many a grade differs."""
    compared = differing = 0
    for scale, grade, what in ((0, "crs", "body_temperature"), (1, "icans", "ice_score")):
        instants = _instants(path, what, theirs)
        mine = ours_as_table(ours).filter(pl.col("scale") == scale).sort("at")
        yours = theirs.select("course", "at", pl.col(grade).alias("theirs")).sort("at")
        both = instants.join_asof(mine, on="at", by="course", check_sortedness=False)
        both = both.join_asof(yours, on="at", by="course", check_sortedness=False)
        compared += both.height
        differing += both.filter(pl.col("grade").ne_missing(pl.col("theirs"))).height
    return compared, differing


def _instants(path: Path, what: str, theirs: pl.DataFrame) -> pl.DataFrame:
    """When `what` was read in the simple courses that the peer graded."""
    graded = theirs.select("course").unique()
    return (
        pl.scan_parquet(path)
        .filter(pl.col("what") == what)
        .select(pl.col("course").cast(pl.String), "at")
        .join(simple_courses(path).lazy(), on="course", how="semi")
        .join(graded.lazy(), on="course", how="semi")
        .sort("at")
        .collect()
    )


def plain(table: pl.DataFrame) -> pl.DataFrame:
    """A peer's answer in the types that are compared."""
    return table.with_columns(
        pl.col("course").cast(pl.String),
        pl.col("at").cast(pl.Datetime("us", "UTC")),
        pl.col("crs", "icans").cast(pl.Int8),
    )
