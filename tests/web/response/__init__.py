"""The response of a course in the browser: the page, its curves, its sheets."""
