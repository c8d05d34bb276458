"""The SQL of the hot paths that both stores share; `{these}` is how each says "among the values given"."""
# ruff: noqa: S608  # put together from constants only

from __future__ import annotations

from cartway.record.rows import ENTRY_COLUMNS, FACT_COLUMNS, READ_ENTRY, READ_FACT

KIND = "SELECT text FROM store WHERE name = 'kind'"
VERSION = "SELECT version_num FROM alembic_version"
LAST_BATCH = "SELECT number, last, head, recorded_at FROM batch ORDER BY number DESC LIMIT 1"
WORDS = "SELECT id, text FROM word WHERE id >= {value} ORDER BY id"
COURSES = "SELECT name, id, head, count FROM course WHERE name {these}"
COURSE_COUNT = "SELECT coalesce(max(id), 0) FROM course"

FACTS = f"""
    SELECT {", ".join(f"e.{name}" for name in READ_ENTRY)}, {", ".join(f"f.{name}" for name in READ_FACT)},
           c.name, d.json, b.recorded_at, b.author
    FROM entry e JOIN course c ON c.id = e.course JOIN batch b ON b.number = e.batch
    JOIN fact f ON f.course = e.course AND f.at = e.at AND f.position = e.position
    LEFT JOIN detail d ON d.course = e.course AND d.position = e.position"""
KEYED = FACTS + " WHERE e.key_hash {these} ORDER BY e.position"
NAMED = FACTS + " WHERE c.name {these} AND e.key {these} ORDER BY e.position"
BETWEEN = FACTS + " WHERE e.position BETWEEN {value} AND {value} ORDER BY e.position"

TIPS = """
    WITH RECURSIVE path(start, course, tip) AS (
        SELECT e.position, e.course, a.amender FROM entry e
        JOIN amendment a ON a.course = e.course AND a.amended = e.position WHERE e.position {these}
        UNION ALL
        SELECT p.start, p.course, a.amender FROM path p
        JOIN amendment a ON a.course = p.course AND a.amended = p.tip)
    SELECT start, max(tip) FROM path GROUP BY start"""

# In the order of writing: what is referred to comes first.
TABLES = {
    "words": ("word", ("id", "text")),
    "courses": ("course", ("id", "name", "head", "count")),
    "batches": ("batch", ("number", "first", "last", "recorded_at", "author", "head")),
    "entries": ("entry", ENTRY_COLUMNS),
    "facts": ("fact", FACT_COLUMNS),
    "details": ("detail", ("course", "position", "json")),
    "amendments": ("amendment", ("course", "amended", "amender")),
}
HEADS = "UPDATE course SET head = {value}, count = {value} WHERE id = {value}"
