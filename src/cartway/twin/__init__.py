"""The twin: a virtual patient. A mechanistic model of the therapy, its solver, populations, fits, forecasts, trials.

Its facts are those of any course, marked simulated. Research use: it promises nobody an outcome.
"""
