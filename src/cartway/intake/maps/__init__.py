"""Maps of local codes: what a center's own codes mean in the vocabulary. Data, one TOML file a source."""
