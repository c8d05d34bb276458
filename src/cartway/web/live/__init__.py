"""Live updates: one stream of server-sent events a browser."""
