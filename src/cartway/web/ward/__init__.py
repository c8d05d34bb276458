"""The courses as a worker holds them: facts as they come, grades as they stand, rows for the board, news for pages."""
