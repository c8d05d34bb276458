"""What the page of the model becomes. Written by scripts/twin_model.py from twin/model/*.toml: do not edit."""
