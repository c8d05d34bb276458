"""What the page of the model becomes. Written by scripts/twin_model.py from the page of the model: do not edit."""
