"""Runs as facts: what a site charts of virtual patients, and what Cartway's own derivations make of it."""

from cartway.twin.chart.chart import SOURCE, chart, course_ids, facts_in, facts_of, infused_at
from cartway.twin.chart.habits import Habits, habits_of, load_habits
from cartway.twin.chart.outcomes import outcomes

__all__ = [
    "SOURCE",
    "Habits",
    "chart",
    "course_ids",
    "facts_in",
    "facts_of",
    "habits_of",
    "infused_at",
    "load_habits",
    "outcomes",
]
