"""The rows of a facts table that are in force: what was amended, issued anew or withdrawn is left out.

`record.current` decides; it is asked about the few rows that have to do with a correction, not about all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cartway.intake.drafts import Draft
from cartway.intake.rows import Rows
from cartway.record.current import current
from cartway.record.fact import RETRACTION, Fact
from cartway.twin.chart.chart import rows_in
from cartway.vocabulary import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

OF_CORRECTIONS = ("key", "amends", "corrected", "reason")
"""Columns that only corrections need."""


def in_force(table: pa.Table) -> pa.Table:
    """The rows in force, in their order, without the columns of corrections; all where nothing was corrected. Rows that
    intake would refuse stay: whoever reads on counts them.
    """
    rows, plain = _concerned(table), [name for name in table.column_names if name not in OF_CORRECTIONS]
    if not len(rows):
        return table.select(plain)
    reader = Rows(vocabulary())
    read = [reader.read(row, "") for row in rows_in(table.take(rows))]
    facts = [item.fact if isinstance(item, Draft) else None for item in read]
    kept = {id(fact) for fact in current([fact for fact in facts if fact is not None])}
    out = [place for place, fact in zip(rows.tolist(), facts, strict=True) if _is_out(fact, kept)]
    stays = np.ones(table.num_rows, bool)
    stays[out] = False
    return table.select(plain).filter(pa.array(stays))


def _is_out(fact: Fact | None, kept: set[int]) -> bool:
    return fact is not None and id(fact) not in kept


def _concerned(table: pa.Table) -> NDArray[np.int64]:
    """The rows that amend, are named by such, or share their key with another."""
    amends = _filled(table, "amends")
    retracts = pc.equal(table.column("what").cast(pa.string()), RETRACTION)
    concerned = pc.or_(pc.is_valid(amends), pc.fill_null(retracts, False))
    if "key" in table.column_names:
        key = _filled(table, "key")
        named = amends.unique().drop_null().cast(pa.string())
        concerned = pc.or_(concerned, pc.is_in(key, named if len(named) else pa.array([""])))
        concerned = pc.or_(concerned, _repeated(table, key))
    return np.flatnonzero(np.asarray(pc.fill_null(concerned, False)))


def _filled(table: pa.Table, name: str) -> pa.ChunkedArray:
    """A column of words, null where it says nothing or is not there."""
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    words = table.column(name).cast(pa.string())
    return pc.if_else(pc.equal(words, ""), None, words)


def _repeated(table: pa.Table, key: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which rows share course, source and key with another."""
    places = np.flatnonzero(np.asarray(pc.is_valid(key)))
    found = np.zeros(table.num_rows, bool)
    if len(places):
        columns = {"course": table.column("course"), "source": _filled(table, "source"), "key": key}
        codes = np.stack([_codes(column.take(places)) for column in columns.values()], axis=1)
        _, which, count = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
        found[places] = count[which.reshape(-1)] > 1
    return pa.chunked_array([pa.array(found)])


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Words as numbers; none is -1."""
    coded = pc.fill_null(column.cast(pa.string()).combine_chunks().dictionary_encode().indices, -1)
    return np.asarray(coded, np.int64)
