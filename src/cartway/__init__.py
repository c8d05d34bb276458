"""Cartway: one append-only record of facts per course of CAR T-cell therapy; all else is derived from it."""

__version__ = "0.1.0"
