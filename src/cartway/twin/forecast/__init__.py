"""Forecasts of one patient: Bayesian, from the facts so far. Research use; simulated, and no promise.

>>> from cartway.pathway.course import Course
>>> from cartway.twin.forecast import forecast
>>> forecast(Course([], 0)).code
'no_infusion'
"""

from cartway.twin.forecast.case import Case, case_of
from cartway.twin.forecast.forecast import forecast, forecast_of
from cartway.twin.forecast.measured import Reading
from cartway.twin.forecast.standing import Standing
from cartway.twin.forecast.told import Chance, Check, Fan, Forecast, Point

__all__ = [
    "Case",
    "Chance",
    "Check",
    "Fan",
    "Forecast",
    "Point",
    "Reading",
    "Standing",
    "case_of",
    "forecast",
    "forecast_of",
]
