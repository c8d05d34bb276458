"""Life after in the browser."""
