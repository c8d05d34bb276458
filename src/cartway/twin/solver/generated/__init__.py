"""What the page of the model becomes. Written by scripts/twin_model.py from twin/model/body.toml and parameters.toml: do not edit."""
