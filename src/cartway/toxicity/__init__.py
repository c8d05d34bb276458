"""Toxicity of immune effector cells: one file a guideline, each a fold over a course's time-ordered facts."""
