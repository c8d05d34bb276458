"""Candidacy: label, antigen, fitness, collection, logistics. Four questions kept apart, each with its reasons."""

from __future__ import annotations
