"""The forecast of a course in the browser: fans over the patient's own readings, chances, how good they are."""

from __future__ import annotations

from typing import Any

from cartway.web.forecast.pages import calibration_page, forecast_page

ROUTES: list[Any] = [forecast_page, calibration_page]

__all__ = ["ROUTES"]
