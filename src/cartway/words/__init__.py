"""What patients read: one Markdown page a topic and language, and the catalogs of the interface."""
